"""Ranking passages: dense and lexical search, fused."""

from __future__ import annotations

import numpy as np

from rag.protocols import Collection, Rows, Vectors
from rag.question import Query
from rag.types import Hit

DEPTH = 50
"""How many passages each signal contributes."""
RRF_K = 60
"""Constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""
LEXICAL_WEIGHT = 0.5
SECTION_BONUS = 0.5 / (RRF_K + 1)
"""Added to passages of a section that the question names."""


def retrieve(query: Query, vector: Vectors, collection: Collection, k: int) -> tuple[Hit, ...]:
    """The ``k`` best passages for ``query``, whose embedding is ``vector`` (shape (d,)).

    Weighted reciprocal rank fusion of the dense and the lexical ranking: score(p) = Σ w / (60 +
    rank). Ties go to the lower row.
    """
    allowed = collection.rows(query.filters)
    if allowed is not None and len(allowed) == 0:
        return ()
    dense_rows, dense_scores = collection.dense.search(vector, DEPTH, allowed)
    lexical_rows, lexical_scores = collection.lexical.search(
        with_aliases(query.text, collection), DEPTH, allowed
    )
    fused: dict[int, float] = {}
    signals: dict[int, dict[str, float]] = {}
    for name, weight, rows, scores in (
        ("dense", 1.0, dense_rows, dense_scores),
        ("bm25", LEXICAL_WEIGHT, lexical_rows, lexical_scores),
    ):
        for rank, (row, score) in enumerate(zip(rows.tolist(), scores.tolist(), strict=True), 1):
            fused[row] = fused.get(row, 0.0) + weight / (RRF_K + rank)
            signals.setdefault(row, {})[name] = score
    for row in fused:
        if collection.passages[row].section in query.sections:
            fused[row] += SECTION_BONUS
    ranked = sorted(fused, key=lambda row: (-fused[row], row))[:k]
    return tuple(Hit(row, collection.passages[row], fused[row], signals[row]) for row in ranked)


def with_aliases(text: str, collection: Collection) -> str:
    """``text`` with the other names of the parties that it names (seeds' manifest) appended."""
    folded = text.casefold()
    more = [
        name
        for group in collection.aliases
        if any(name.casefold() in folded for name in group)
        for name in group
        if name.casefold() not in folded
    ]
    return " ".join([text, *more])


def section_rows(query: Query, collection: Collection) -> Rows:
    """Rows of the passages of the sections that ``query`` asks for, in source order, one edition a
    case: the question's language where there is one."""
    allowed = collection.rows(query.filters)
    rows = range(len(collection.passages)) if allowed is None else allowed.tolist()
    wanted = [row for row in rows if collection.passages[row].section in query.sections]
    kept: list[int] = []
    for number in query.case_numbers:
        of_case = [row for row in wanted if collection.passages[row].case_number == number]
        languages = {collection.passages[row].language for row in of_case}
        language = query.language if query.language in languages else next(iter(sorted(languages)), None)
        kept += [row for row in of_case if collection.passages[row].language == language]
    return np.asarray(kept, dtype=np.int64)
