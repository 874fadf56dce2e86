"""A file like the package's, small and random, and what it should be read as."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0)]
PIECES += [
    ("▁ab", -4.0),
    *((letter, -5.0) for letter in "abcdefghijklmnopqrstuvwxyz:罪刑法"),
    ("<mask>", 0.0),
]
REPLACEMENTS: dict[int, tuple[int, ...]] = {ord("\n"): (32,), ord("\x01"): (), ord("ａ"): (ord("a"),)}
REPLACEMENTS |= {ord("ﬁ"): (ord("f"), ord("i")), ord("é"): (ord("e"),), 0x1F130: (ord("a"),)}
WIDTH, INNER, LAYERS = 32, 64, 2
_MATRICES = {
    "q": (WIDTH, WIDTH),
    "k": (WIDTH, WIDTH),
    "v": (WIDTH, WIDTH),
    "ao": (WIDTH, WIDTH),
    "fi": (INNER, WIDTH),
    "fo": (WIDTH, INNER),
}


@dataclass(frozen=True)
class PackedFile:
    data: bytes
    word: NDArray[np.float32]
    last_out: NDArray[np.float32]
    """Of the second half of the last layer, shape (WIDTH, INNER)."""


def _four_bits(random: np.random.Generator, shape: tuple[int, int]) -> tuple[bytes, NDArray[np.float32]]:
    """Written weight by weight, as the engine reads."""
    data = b""
    weights: list[float] = []
    for _ in range(shape[0] * shape[1] // 32):
        scale = np.float16(random.uniform(-0.1, 0.1))
        whole = random.integers(0, 16, 32).tolist()
        data += scale.tobytes() + bytes(
            low | high << 4 for low, high in zip(whole[:16], whole[16:], strict=True)
        )
        weights += [(number - 8) * float(scale) for number in whole]
    return data, np.array(weights, np.float32).reshape(shape)


def packed_file(seed: int = 0) -> PackedFile:
    random = np.random.default_rng(seed)
    tensors: list[tuple[str, int, int, bytes]] = []

    def plain(name: str, size: int, around: float = 0) -> None:
        values = random.normal(around, 0.1, size).astype("<f4")
        tensors.append((name, 0, size, values.tobytes()))

    def matrix(name: str, shape: tuple[int, int]) -> NDArray[np.float32]:
        data, weights = _four_bits(random, shape)
        tensors.append((name, 1, weights.size, data))
        return weights

    word = matrix("emb.word", (len(PIECES) + 1, WIDTH))
    plain("emb.pos", 40 * WIDTH)
    plain("emb.type", 2 * WIDTH)
    plain("emb.ln.w", WIDTH, 1)
    plain("emb.ln.b", WIDTH)
    for layer in range(LAYERS):
        for part, shape in _MATRICES.items():
            last = matrix(f"l{layer}.{part}.w", shape)
            plain(f"l{layer}.{part}.b", shape[0])
        for part in ("aln", "oln"):
            plain(f"l{layer}.{part}.w", WIDTH, 1)
            plain(f"l{layer}.{part}.b", WIDTH)
    data = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, LAYERS, 2, INNER, len(PIECES) + 1, 40, 2, 1e-12, 32)
    texts = [text.encode() for text, _ in PIECES]
    bounds = np.cumsum([0, *map(len, texts)]).astype("<u4")
    data += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, bounds[-1])
    data += bounds.tobytes() + np.array([score for _, score in PIECES], "<f4").tobytes() + b"".join(texts)
    entries = [
        struct.pack(f"<IB{len(instead)}I", code, len(instead), *instead)
        for code, instead in sorted(REPLACEMENTS.items())
    ]
    data += struct.pack("<iI", len(entries), sum(map(len, entries))) + b"".join(entries)
    at = len(data) + 4 + sum(2 + len(name) + 21 for name, *_ in tensors)
    directory = struct.pack("<i", len(tensors))
    for name, kind, size, content in tensors:
        directory += (
            struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, size, at, len(content))
        )
        at += len(content)
    return PackedFile(data + directory + b"".join(content for *_, content in tensors), word, last)
