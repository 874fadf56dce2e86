"""A collection small enough to check by eye: two Chinese cases in one source, an English edition of
the first in another, an announcement, one passage a paragraph. ``ask`` and ``search`` are scripted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from eval.questions import Question
from rag.errors import NotHeld
from rag.protocols import DenseIndex, LexicalIndex, Rows, Vectors
from rag.types import (
    Answer,
    Citation,
    Edition,
    Filters,
    Hit,
    Language,
    Paragraph,
    Passage,
    Section,
    Sentence,
    Source,
    Timings,
)

ZH = """最高人民检察院发布第一批指导性案例。

甲某盗窃案
（检例第1号）
【要旨】
盗窃数额在二千元以上的，应当追诉。
【基本案情】
2020年3月，甲某盗窃“蓝天”牌手机一部，
价值2500元。
甲某被判处拘役三个月。
【指导意义】
盗窃数额在二千元以上的，应当追诉。

乙某诈骗案
（检例第2号）
【基本案情】
乙某骗取5000万元。
"""
EN = """Theft by Jia
(Guiding Case No. 1)
[Basic case]
In March 2020 Jia stole a phone worth RMB 2,500.
"""


def _edition(
    source: Source, case: int | None, title: str, first: str, last: str, parts: Sequence[tuple[str, str]]
) -> Edition:
    text = source.text
    start = text.index(first)
    end = text.index(last, start) + len(last)
    sections = []
    at = start
    for number, (section, heading) in enumerate(parts):
        heading_start = text.index(heading, at) if heading else at
        body = heading_start + len(heading)
        following = parts[number + 1][1] if number + 1 < len(parts) else None
        stop = text.index(following, body) if following else end
        paragraphs: list[Paragraph] = []
        at = body
        for line in text[body:stop].splitlines(keepends=True):
            if line.strip():
                left = at + len(line) - len(line.lstrip())
                paragraphs.append(Paragraph(left, left + len(line.strip()), len(paragraphs) + 1))
            at += len(line)
        sections.append(
            Section(
                section,
                heading,
                heading_start,
                body,
                paragraphs[0].start,
                paragraphs[-1].end,
                tuple(paragraphs),
            )
        )
    return Edition(case, 1, source.language, title, source.name, source.sha256, start, end, tuple(sections))


def _source(name: str, text: str, language: Language) -> Source:
    return Source(name, hashlib.sha256(text.encode()).hexdigest(), text, language, 1)


@dataclass
class SmallCollection:
    sources: tuple[Source, ...]
    editions: tuple[Edition, ...]
    passages: tuple[Passage, ...] = ()
    snapshot_id: str = "small"
    model: str = "none"
    aliases: tuple[tuple[str, ...], ...] = ()
    sentences: tuple[Sentence, ...] = ()
    sentence_vectors: Vectors = field(default_factory=lambda: np.zeros((0, 1), np.float32))

    def __post_init__(self) -> None:
        self.passages = tuple(
            Passage(
                id=f"{e.case_number}-{e.language}-{s.id}-{p.number}",
                case_number=e.case_number,
                case_title=e.title,
                batch=e.batch,
                language=e.language,
                section=s.id,
                section_heading=s.heading,
                subsection=None,
                paragraph=p.number,
                start=p.start,
                end=p.end,
                text=self.source(e.source_sha256).text[p.start : p.end],
                context="",
                source=e.source,
                source_sha256=e.source_sha256,
            )
            for e in self.editions
            for s in e.sections
            for p in s.paragraphs
        )

    @property
    def dense(self) -> DenseIndex:
        raise NotImplementedError

    @property
    def lexical(self) -> LexicalIndex:
        raise NotImplementedError

    def rows(self, filters: Filters) -> Rows | None:
        raise NotImplementedError

    def sentence_rows(self, passage_row: int) -> range:
        raise NotImplementedError

    def source(self, sha256: str) -> Source:
        for source in self.sources:
            if source.sha256 == sha256:
                return source
        raise NotHeld(sha256)


def small_collection() -> SmallCollection:
    zh, en = _source("zh.txt", ZH, "zh"), _source("en.txt", EN, "en")
    case_1 = [("gist", "【要旨】"), ("basic_case", "【基本案情】"), ("guiding_significance", "【指导意义】")]
    return SmallCollection(
        (zh, en),
        (
            _edition(zh, None, "", "最高", "案例。", [("announcement", "")]),
            _edition(zh, 1, "甲某盗窃案", "甲某盗窃案", "追诉。\n\n", case_1),
            _edition(zh, 2, "乙某诈骗案", "乙某诈骗案", "5000万元。\n", [("basic_case", "【基本案情】")]),
            _edition(en, 1, "Theft by Jia", "Theft", "2,500.\n", [("basic_case", "[Basic case]")]),
        ),
    )


def question(**changes: object) -> Question:
    """Case 1's value of the phone, in Chinese, unless changed."""
    base = Question(
        id="q1",
        case=1,
        lang="zh",
        edition="zh",
        kind="fact",
        question="手机值多少钱？",
        answerable=True,
        answer="2500元",
        evidence=("甲某盗窃“蓝天”牌手机一部，价值2500元。",),
        must=(("2500元",),),
        section=None,
        why=None,
        cases=(1,),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def near_miss(**changes: object) -> Question:
    empty = {"answerable": False, "answer": "", "evidence": (), "must": (), "why": "没有写"}
    return question(**{"id": "q2", "question": "手机是什么颜色？", **empty, **changes})


def hit(collection: SmallCollection, passage_id: str) -> Hit:
    row = next(row for row, p in enumerate(collection.passages) if p.id == passage_id)
    return Hit(row, collection.passages[row], 1.0, {})


def citation(collection: SmallCollection, passage_id: str, marker: int = 1, quote: str = "") -> Citation:
    """Of a whole passage, or of ``quote`` in it."""
    p = hit(collection, passage_id).passage
    start = p.start + p.text.index(quote)
    return Citation(
        marker=marker,
        case_number=p.case_number,
        case_title=p.case_title,
        batch=p.batch,
        language=p.language,
        section=p.section,
        section_heading=p.section_heading,
        subsection=None,
        paragraph=p.paragraph,
        quote=quote or p.text,
        start=start,
        end=start + len(quote or p.text),
        source=p.source,
        source_sha256=p.source_sha256,
        label="",
        url="",
    )


def answer(text: str, *citations: Citation, confidence: float = 0.9, abstained: bool = False) -> Answer:
    return Answer(
        answer=text,
        abstained=abstained,
        abstention_reason="not_found" if abstained else None,
        citations=citations,
        passages=(),
        language="zh",
        mode="extractive",
        model="none",
        snapshot="small",
        confidence=confidence,
        interpreted_as="",
        timings=Timings(embed=1, retrieve=2, read=4, answer=3, total=10),
    )
