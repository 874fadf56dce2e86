from __future__ import annotations

import socket

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from index import tokens
from index.tokens import count, prefix_within


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("hello world", 2),
        ("tiktoken is great!", 6),  # OpenAI's cookbook, "How to count tokens with tiktoken"
        ("お誕生日おめでとう", 9),  # same, cl100k_base
        ("antidisestablishmentarianism", 6),  # same
        ("2 + 2 = 4", 7),  # same
        ("<|endoftext|>", 7),  # plain text, not one special token
    ],
)
def test_counts_are_those_of_cl100k_base(text: str, expected: int) -> None:
    assert count(text) == expected


def test_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(tiktoken.registry, "ENCODINGS", {})
    tokens._encoding.cache_clear()
    assert count("检例第85号") == 5


@given(st.text(max_size=80), st.integers(1, 12))
def test_prefix_is_within_the_limit_or_one_character(text: str, limit: int) -> None:
    length = prefix_within(text, limit)
    assert min(len(text), 1) <= length <= len(text)
    assert length == 1 or count(text[:length]) <= limit
    if count(text) <= limit:
        assert length == len(text)


def test_prefix_is_cut_at_a_character_and_as_long_as_may_be() -> None:
    assert prefix_within("one two three four", 2) == len("one two")
    assert count("👨👩") == 6
    assert prefix_within("👨👩", 5) == 1
