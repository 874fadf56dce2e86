"""What came of one question of a reading set, asked once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eval.public.gold import gold_spans, rank_of_first
from eval.public.one_text import OneText
from eval.public.public_set import PublicQuestion, PublicSet
from rag.errors import JianliError
from rag.protocols import Collection, Progress
from rag.types import Answer, Request, SearchResult

SEARCHED = 10
"""The deepest rank that a figure looks at."""

Ask = Callable[[Request, Collection], Answer]
Search = Callable[[Request, Collection], SearchResult]


@dataclass(frozen=True, slots=True)
class Outcome:
    question: str
    """Its id."""
    answerable: bool
    placed: bool
    """An answer stands in a text word for word, so it can be found."""
    passage: int | None
    """Rank of the first passage that holds an answer; None for none, and where none was sought."""
    sentence: int | None
    """The same of the sentences cited."""
    abstained: bool
    reason: str | None
    """Why it was declined."""
    confidence: float | None
    """None: asking failed."""
    ms: float
    """From the question to the answer; the search for ``passage`` is another one and not counted."""
    error: str | None = None

    @property
    def answered(self) -> bool:
        return self.confidence is not None and not self.abstained


def open_outcomes(
    public: PublicSet, collection: Collection, ask: Ask, search: Search, progress: Progress | None = None
) -> list[Outcome]:
    """Every question asked of all the texts. One that its own text does not answer may be answered by
    another, so the figures of the unanswerable are too hard on the service here."""
    sha256 = {text.id: text.sha256 for text in public.texts}
    outcomes = []
    for done, question in enumerate(public.questions, 1):
        outcomes.append(_outcome(question, sha256, collection, ask, search))
        if progress:
            progress(done, len(public.questions))
    return outcomes


def given_outcomes(
    public: PublicSet, collection: Collection, ask: Ask, progress: Progress | None = None
) -> list[Outcome]:
    """Every question asked of its own text alone, as such sets mean it."""
    sha256 = {text.id: text.sha256 for text in public.texts}
    views = {id_: OneText.of(collection, digest) for id_, digest in sha256.items()}
    outcomes = []
    for done, question in enumerate(public.questions, 1):
        outcomes.append(_outcome(question, sha256, views[question.home], ask, None))
        if progress:
            progress(done, len(public.questions))
    return outcomes


def _outcome(
    question: PublicQuestion,
    sha256: Mapping[str, str],
    collection: Collection,
    ask: Ask,
    search: Search | None,
) -> Outcome:
    spans = gold_spans(question, sha256)
    passage = None
    errors = []
    if search is not None and spans:
        try:
            hits = search(Request(question.text, top_k=SEARCHED), collection).hits
            passage = rank_of_first([hit.passage for hit in hits], spans)
        except JianliError as error:
            errors.append(f"search: {error}")
    answer = None
    try:
        answer = ask(Request(question.text), collection)
    except JianliError as error:
        errors.append(f"ask: {error}")
    return Outcome(
        question=question.id,
        answerable=question.answerable,
        placed=bool(spans),
        passage=passage,
        sentence=rank_of_first(answer.citations, spans) if answer else None,
        abstained=answer is not None and answer.abstained,
        reason=answer.abstention_reason if answer else None,
        confidence=answer.confidence if answer else None,
        ms=answer.timings.total if answer else 0.0,
        error="; ".join(errors) or None,
    )
