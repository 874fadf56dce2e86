"""Documents built without the reader, and an embedder that derives a vector from the text alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np

from index.document import Document
from rag.protocols import Progress, Vectors
from rag.types import Edition, Language, Paragraph, Section, Source

Lines = Sequence[str | tuple[str, str | None]]
"""Paragraphs of a section; a pair is a paragraph and its subsection."""


@dataclass
class HashEmbedder:
    """Unit vectors seeded by the text's digest; ``seen`` keeps what was embedded."""

    dimensions: int = 8
    name: str = "hash"
    seen: list[str] = field(default_factory=list)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts]).astype(np.float32)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.seen += texts
        for done in range(1, len(texts) + 1):
            if progress is not None:
                progress(done, len(texts))
        return self.embed_queries(texts)

    def _vector(self, text: str) -> Vectors:
        seed = int.from_bytes(sha256(text.encode()).digest()[:8], "big")
        vector = np.random.default_rng(seed).normal(size=self.dimensions)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


def document(
    name: str,
    cases: Sequence[tuple[int | None, str, Sequence[tuple[str, str, Lines]]]],
    *,
    language: Language = "en",
    batch: int | None = None,
) -> Document:
    """``cases``: (number, title, sections), a section being (id, heading, paragraphs)."""
    text = ""
    editions: list[tuple[int | None, str, int, int, tuple[Section, ...]]] = []
    for number, title, sections in cases:
        start = len(text)
        if title:
            text += f"{title}\n"
        made: list[Section] = []
        for section_id, heading, lines in sections:
            heading_start = len(text)
            text += heading
            heading_end = len(text)
            if heading:
                text += "\r\n"
            paragraphs: list[Paragraph] = []
            for line in lines:
                words, subsection = (line, None) if isinstance(line, str) else line
                text += "  "
                paragraphs.append(
                    Paragraph(len(text), len(text) + len(words), len(paragraphs) + 1, subsection)
                )
                text += f"{words}\n\n"
            bounds = (paragraphs[0].start, paragraphs[-1].end)
            made.append(Section(section_id, heading, heading_start, heading_end, *bounds, tuple(paragraphs)))
        editions.append((number, title, start, len(text), tuple(made)))
    digest = sha256(text.encode()).hexdigest()
    return Document(
        source=Source(name, digest, text, language, batch),
        editions=tuple(
            Edition(number, batch, language, title, name, digest, start, end, sections)
            for number, title, start, end, sections in editions
        ),
        furniture=(),
        problems=(),
    )


def english() -> Document:
    return document(
        "batch_23.txt",
        [
            (
                None,
                "",
                [("announcement", "", ["Five cases were issued.", "They concern social governance."])],
            ),
            (
                85,
                "Liu's case of counterfeit products",
                [
                    ("keywords", "[Key words]", ["Non-prosecution; scientific innovation"]),
                    ("gist", "[gist]", ["Experts shall be heard. Products of 7,014 kilograms were sold."]),
                    (
                        "guiding_significance",
                        "[Guiding significance]",
                        [
                            ("(1) It is necessary to hear experts.", "(1) It is necessary to hear experts."),
                            (
                                "(2) Innovation shall be protected. It matters.",
                                "(2) Innovation shall be protected.",
                            ),
                        ],
                    ),
                ],
            ),
            (
                86,
                "Blooming water case",
                [("gist", "[gist]", ["The river was polluted. 50,000 tons flowed."])],
            ),
        ],
        batch=23,
    )


def chinese() -> Document:
    return document(
        "86.md",
        [
            (
                86,
                "盛开水务公司污染环境案",
                [("gist", "【要旨】", ["排放污水应当追究刑事责任。", "环境损害应当赔偿。"])],
            )
        ],
        language="zh",
    )
