"""Where the answers stand in a collection, and whether a passage or a sentence holds one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eval.evidence import Span
from eval.public.public_set import PublicQuestion
from rag.types import Citation, Passage

ENOUGH = 0.5
"""An answer that runs over the end of a sentence is held by the one that has most of it."""


def gold_spans(question: PublicQuestion, sha256: Mapping[str, str]) -> tuple[Span, ...]:
    """``sha256``: of every text, by its id."""
    return tuple(Span(sha256[span.text], span.start, span.end) for span in question.spans)


def common(span: Span, piece: Passage | Citation | Span) -> int:
    """Characters that both have."""
    if span.source_sha256 != piece.source_sha256:
        return 0
    return max(0, min(span.end, piece.end) - max(span.start, piece.start))


def holds(piece: Passage | Citation, spans: Sequence[Span]) -> bool:
    """Whether the overlap coefficient |a ∩ b| / min(|a|, |b|) (Szymkiewicz 1934, Simpson 1960), in
    characters, of ``piece`` and one of ``spans`` is at least ENOUGH: a short answer stands in the piece, a
    sentence in a long answer. The same words elsewhere do not count."""
    return any(
        common(span, piece) >= ENOUGH * min(span.end - span.start, piece.end - piece.start) for span in spans
    )


def rank_of_first(pieces: Iterable[Passage | Citation], spans: Sequence[Span]) -> int | None:
    """Rank, from 1, of the first piece that holds an answer."""
    return next((rank for rank, piece in enumerate(pieces, 1) if holds(piece, spans)), None)
