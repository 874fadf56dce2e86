"""The domain: what a case text is made of, and what an answer is made of.

Every ``start`` and ``end`` is a code-point offset into the stored source text of the edition that
``source_sha256`` names, half open: ``text[start:end]``. Nothing here imports an index, a model or
a web framework.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Language = Literal["zh", "en"]
Mode = Literal["auto", "extractive", "generative"]

SECTION_IDS = (
    "keywords",
    "gist",
    "basic_case",
    "procuratorial_process",
    "outcome",
    "guiding_significance",
    "regulations",
    "announcement",
    "other",
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One non-blank line of a section, without the white space around it."""

    start: int
    end: int
    number: int
    """Counted from 1 within its section."""
    subsection: str | None = None
    """The numbered sub-heading that it stands under, as printed, its own number included; when a
    paragraph opens a subsection itself ("(1) It is necessary to …") that paragraph's first
    sentence."""


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a case. ``start`` and ``end`` enclose its paragraphs, not its heading."""

    id: str
    """One of SECTION_IDS."""
    heading: str
    """As printed, brackets included; empty where the source prints none (announcement)."""
    heading_start: int
    heading_end: int
    start: int
    end: int
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """One text of one case, or (``case_number`` None) a batch's announcement."""

    case_number: int | None
    batch: int | None
    language: Language
    title: str
    source: str
    source_sha256: str
    start: int
    end: int
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A stored source text. ``sha256`` is that of ``text`` encoded as UTF-8."""

    name: str
    sha256: str
    text: str
    language: Language
    batch: int | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk of one section: the unit that is embedded and retrieved."""

    id: str
    case_number: int | None
    case_title: str
    batch: int | None
    language: Language
    section: str
    section_heading: str
    subsection: str | None
    paragraph: int
    """Number of the paragraph in which the passage begins."""
    start: int
    end: int
    text: str
    context: str
    """What is put before ``text`` when it is embedded: case number, title, heading, subsection."""
    source: str
    source_sha256: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage: the unit that an answer quotes."""

    passage: int
    """Row of its passage in ``Collection.passages``."""
    start: int
    end: int
    paragraph: int
    subsection: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a caller restricts an answer to; an empty tuple restricts nothing."""

    case_numbers: tuple[int, ...] = ()
    batches: tuple[int, ...] = ()
    sections: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """One question. ``history`` holds the messages before it, oldest first."""

    question: str
    history: tuple[Message, ...] = ()
    filters: Filters = Filters()
    top_k: int = 8
    mode: Mode = "auto"


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its fused score and the score of every signal."""

    row: int
    passage: Passage
    score: float
    signals: dict[str, float]


@dataclass(frozen=True, slots=True)
class Citation:
    """The proof of one sentence of an answer."""

    marker: int
    case_number: int | None
    case_title: str
    batch: int | None
    language: Language
    section: str
    section_heading: str
    subsection: str | None
    paragraph: int
    quote: str
    start: int
    end: int
    source: str
    source_sha256: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Timings:
    """Wall-clock milliseconds of each stage."""

    embed: float = 0.0
    retrieve: float = 0.0
    read: float = 0.0
    """Weighing the passages' sentences."""
    answer: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    answer: str
    abstained: bool
    abstention_reason: str | None
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    language: Language
    mode: Literal["extractive", "generative"]
    model: str
    snapshot: str
    confidence: float
    """Estimated probability, in 0..1, that the collection answers the question."""
    interpreted_as: str
    """The question as it was understood (a follow-up made complete)."""
    warnings: tuple[str, ...] = ()
    timings: Timings = field(default_factory=Timings)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Retrieval alone. ``interpreted_as`` as in Answer."""

    hits: tuple[Hit, ...]
    language: Language
    snapshot: str
    interpreted_as: str
    warnings: tuple[str, ...] = ()
    timings: Timings = field(default_factory=Timings)
