from __future__ import annotations

import hashlib

import pytest

from index import source
from index.source import decode, detect_language, make_source
from rag.errors import SourceRefused

CHINESE = (
    "张某盗窃案\r\n（检例第９０１号）\n\n【要旨】\r　检察机关应当依法履行法律监督职责，保护公民的合法权益。\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_supported_encoding_gives_the_same_text_carriage_returns_included(encoding: str) -> None:
    assert decode(CHINESE.encode(encoding), "a.txt") == CHINESE


def test_utf_16_is_read_in_both_byte_orders() -> None:
    assert decode(b"\xfe\xff" + CHINESE.encode("utf-16-be"), "a.txt") == CHINESE
    assert decode(b"\xff\xfe" + CHINESE.encode("utf-16-le"), "a.txt") == CHINESE


def test_only_a_leading_byte_order_mark_is_dropped() -> None:
    assert decode("\ufeff甲\ufeff乙".encode(), "a.txt") == "甲\ufeff乙"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        ("\u3000\n".encode(), "empty"),
        (b"%PDF-1.7 rest", "PDF"),
        (b"PK\x03\x04rest", "zip"),
        (b"\xd0\xcf\x11\xe0rest", "Office"),
        (b"{\\rtf1 rest}", "rich text"),
        (b"\x89PNG\r\n", "picture"),
        (b"<!DOCTYPE html><p>x</p>", "HTML"),
        (b"text\x00text", "NUL"),
        (CHINESE.encode("utf-16-le"), "UTF-8"),
        (b"caf\xe9 d\xe9j\xe0 vu, na\xefve fa\xe7ade", "GB18030"),
        (b"\xff\xfe\x00\xd8", "UTF-16"),
        (b"\x81\x20\xff", "byte 0"),
    ],
)
def test_what_is_no_text_is_refused_with_cause_and_cure(data: bytes, word: str) -> None:
    with pytest.raises(SourceRefused) as refusal:
        decode(data, "upload.bin")
    message = str(refusal.value)
    assert "upload.bin" in message
    assert word in message
    assert ";" in message or ":" in message


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_SOURCE_BYTES", 10)
    with pytest.raises(SourceRefused, match="11 bytes, more than the 10"):
        decode(b"x" * 11, "a.txt")
    with pytest.raises(SourceRefused, match="12 bytes as UTF-8"):
        source.require_text("汉字汉字", "a.txt")


def test_half_a_surrogate_pair_cannot_be_stored() -> None:
    with pytest.raises(SourceRefused, match="surrogate pair at character 1"):
        make_source("a.txt", "甲\ud800", "zh", None)


def test_the_digest_is_that_of_the_text_in_utf_8() -> None:
    made = make_source("a.txt", CHINESE, "zh", 57)
    assert made.sha256 == hashlib.sha256(CHINESE.encode()).hexdigest()
    assert (made.name, made.text, made.language, made.batch) == ("a.txt", CHINESE, "zh", 57)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("检察机关依法提起公诉。", "zh"),
        ("The procuratorate filed a public prosecution.", "en"),
        ("The company (甲公司) sold fake goods; it was fined.", "en"),
        ("被告单位A公司使用App销售KTV设备，检察机关提起公诉。", "zh"),
    ],
)
def test_language_is_told_by_han_characters_against_latin_words(text: str, language: str) -> None:
    assert detect_language(text) == language
