"""The reader's promise, checked without the reader's own code: every line is accounted for, once."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

from index.document import Document

MARKS = r"[\s#*>\ufeff\u200b]"
"""What stands around or inside of a printed heading without being a part of it."""


def non_blank_lines(text: str) -> list[tuple[int, int]]:
    """Spans of the lines that hold anything but white space, without the white space around them."""
    spans = []
    for match in re.finditer(r"[^\r\n]+", text):
        content = match[0].strip()
        if content:
            start = match.start() + match[0].index(content)
            spans.append((start, start + len(content)))
    return spans


def pieces(document: Document) -> list[tuple[int, int, str]]:
    """Every span that the document gives an account of, in source order, with what it is."""
    found: list[tuple[int, int, str]] = [(f.start, f.end, f.kind) for f in document.furniture]
    for edition in document.editions:
        for section in edition.sections:
            if section.heading:
                found.append((section.heading_start, section.heading_end, "heading"))
            found += [(p.start, p.end, "paragraph") for p in section.paragraphs]
    return sorted(found)


def assert_accounted(document: Document, text: str) -> None:
    source = document.source
    assert source.text == text
    assert source.sha256 == hashlib.sha256(text.encode("utf-8")).hexdigest()
    account = pieces(document)
    for (_, end, kind), (start, _, other) in pairwise(account):
        assert end <= start, f"{kind} and {other} overlap at {start}"
    covered = bytearray(len(text))
    for start, end, kind in account:
        assert 0 <= start < end <= len(text), kind
        assert text[start:end] == text[start:end].strip(), (kind, text[start:end])
        covered[start:end] = b"\x01" * (end - start)
    for start, end in non_blank_lines(text):
        for at in range(start, end):
            assert covered[at] or text[at].isspace(), f"not accounted for: {text[start:end]!r}"
    assert_nested(document, text)


def assert_nested(document: Document, text: str) -> None:
    """Paragraphs lie in sections, sections in editions, editions in the source, each in order."""
    ended = 0
    for edition in document.editions:
        assert edition.source_sha256 == document.source.sha256
        assert edition.source == document.source.name
        assert edition.batch == document.source.batch
        assert ended <= edition.start <= edition.end <= len(text)
        ended = edition.end
        at = edition.start
        for section in edition.sections:
            assert at <= section.heading_start <= section.heading_end <= section.start <= section.end
            assert section.end <= edition.end
            at = section.end
            printed = text[section.heading_start : section.heading_end]
            assert re.sub(MARKS, "", section.heading) == re.sub(MARKS, "", printed)
            assert [p.number for p in section.paragraphs] == list(range(1, len(section.paragraphs) + 1))
            for paragraph in section.paragraphs:
                assert section.start <= paragraph.start < paragraph.end <= section.end
                assert "\n" not in text[paragraph.start : paragraph.end]
                assert "\r" not in text[paragraph.start : paragraph.end]
            if section.paragraphs:
                assert (section.start, section.end) == (
                    section.paragraphs[0].start,
                    section.paragraphs[-1].end,
                )
    lines = len(re.split(r"\r\n|\n|\r", text))
    for problem in document.problems:
        assert 1 <= problem.line <= lines
        assert re.split(r"\r\n|\n|\r", text)[problem.line - 1].strip() == problem.text
        assert problem.reason
