"""Which editions of the documents given a snapshot holds, and the snapshot's id, known before it is built."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from index.document import Document, Problem
from index.manifest import Makers, normal_aliases, snapshot_id_of
from index.passages import MAX_TOKENS
from index.records import edition_record, lines_of
from rag.protocols import Embedder
from rag.types import Edition, Language, Source

Reason = Literal["duplicate", "replaced"]


@dataclass(frozen=True, slots=True)
class Dropped:
    """An edition that gave way to another of the same case and language."""

    case_number: int | None
    batch: int | None
    language: Language
    source: str
    kept: str
    """Name of the source of the edition that stays."""
    reason: Reason
    """``duplicate``: both texts are the same to the character."""


@dataclass(frozen=True, slots=True)
class Plan:
    snapshot_id: str
    makers: Makers
    sources: tuple[Source, ...]
    editions: tuple[Edition, ...]
    """In the order of the snapshot's rows; their sources are in ``sources``."""
    records: bytes
    """``editions`` as they are written."""
    aliases: tuple[tuple[str, ...], ...]
    dropped: tuple[Dropped, ...]
    problems: tuple[tuple[str, Problem], ...]
    """With the name of the source, of every document given."""


def plan_snapshot(
    documents: Sequence[Document],
    aliases: Iterable[Sequence[str]],
    embedder: Embedder,
    *,
    max_tokens: int = MAX_TOKENS,
) -> Plan:
    """Keeps one edition for each case and language: that of a source with a batch number before one
    without, else the later given. A source that no kept edition uses is left out.

    Raises ValueError for a document whose checksum is not that of its text.
    """
    for document in documents:
        if sha256(document.source.text.encode()).hexdigest() != document.source.sha256:
            raise ValueError(f"{document.source.name}: sha256 is not that of its text")
    dropped: list[Dropped] = []
    distinct = _distinct(documents, dropped)
    kept = _kept(distinct, dropped)
    ordered = [(d.source, [e for e in d.editions if id(e) in kept]) for d in sorted(distinct, key=_place)]
    sources = tuple(source for source, editions in ordered if editions)
    editions = tuple(edition for _, held in ordered for edition in held)
    makers = Makers(embedder.name, embedder.dimensions, max_tokens)
    groups = normal_aliases(aliases)
    records = lines_of(edition_record(edition) for edition in editions)
    return Plan(
        snapshot_id=snapshot_id_of(makers, sources, records, groups),
        makers=makers,
        sources=sources,
        editions=editions,
        records=records,
        aliases=groups,
        dropped=tuple(dropped),
        problems=tuple((d.source.name, problem) for d in documents for problem in d.problems),
    )


def _distinct(documents: Sequence[Document], dropped: list[Dropped]) -> list[Document]:
    """One document for each source text, in the order given; adds the editions of the others."""
    held: dict[str, Document] = {}
    for document in documents:
        loser = held.get(document.source.sha256)
        if loser is not None and not _wins(document.source, loser.source):
            document, loser = loser, document
        if loser is not None:
            names = (loser.source.name, document.source.name)
            dropped += [_dropped(edition, *names, "duplicate") for edition in loser.editions]
            del held[document.source.sha256]
        held[document.source.sha256] = document
    return list(held.values())


def _kept(documents: Sequence[Document], dropped: list[Dropped]) -> set[int]:
    """Identities of the editions that stay; adds the others."""
    best: dict[tuple[object, ...], tuple[Source, Edition]] = {}
    for document in documents:
        for edition in document.editions:
            winner, loser = (document.source, edition), best.get(_key(edition))
            if loser is not None:
                if not _wins(winner[0], loser[0]):
                    winner, loser = loser, winner
                same = _text(*winner) == _text(*loser)
                reason: Reason = "duplicate" if same else "replaced"
                dropped.append(_dropped(loser[1], loser[0].name, winner[0].name, reason))
            best[_key(edition)] = winner
    return {id(edition) for _, edition in best.values()}


def _wins(later: Source, earlier: Source) -> bool:
    return later.batch is not None or earlier.batch is None


def _key(edition: Edition) -> tuple[object, ...]:
    """Editions of one key are texts of one thing: a case, a batch's announcement, a page's."""
    if edition.case_number is not None:
        return ("case", edition.case_number, edition.language)
    if edition.batch is not None:
        return ("batch", edition.batch, edition.language)
    return ("page", edition.source_sha256)


def _place(document: Document) -> tuple[int, int, str, str]:
    numbers = [edition.case_number for edition in document.editions if edition.case_number is not None]
    source = document.source
    return (source.batch or 0, numbers[0] if numbers else 0, source.name, source.sha256)


def _text(source: Source, edition: Edition) -> str:
    return source.text[edition.start : edition.end]


def _dropped(edition: Edition, source: str, kept: str, reason: Reason) -> Dropped:
    return Dropped(edition.case_number, edition.batch, edition.language, source, kept, reason)
