"""Builds a snapshot: documents → passages and sentences → vectors and terms → files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import numpy as np

from index import snapshot as layout
from index.dense import FlatIndex
from index.document import Document, Problem
from index.lexical import BM25Index
from index.manifest import Counts, Manifest, files_below, write_manifest
from index.passages import MAX_TOKENS, edition_passages, embedded, embedded_sentence
from index.plan import Dropped, Plan, plan_snapshot
from index.records import lines_of, passage_record, sentence_record, source_record
from index.snapshot import Snapshot
from index.store import SnapshotStore
from index.vectors import KnownVectors, vectors_of
from rag.protocols import Embedder, Progress
from rag.types import Passage, Sentence


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock seconds of each stage; ``reading`` is the caller's to fill in."""

    passages: float = 0.0
    embedding: float = 0.0
    lexical: float = 0.0
    writing: float = 0.0
    reading: float = 0.0


@dataclass(frozen=True, slots=True)
class BuildReport:
    snapshot_id: str
    counts: Counts
    seconds: Seconds
    embedded: int
    """Texts embedded anew; the others' vectors were known. 0 with ``reused``."""
    reused: bool
    """Whether the store held this very snapshot already, and nothing was built."""
    dropped: tuple[Dropped, ...]
    problems: tuple[tuple[str, Problem], ...]
    """Lines that a source's reader could not place, with the source's name."""
    refused: tuple[tuple[Path, str], ...] = ()
    """Files that are no sources, and why; the caller's to fill in."""


def publish_documents(
    store: SnapshotStore,
    documents: Sequence[Document],
    aliases: Iterable[Sequence[str]],
    embedder: Embedder,
    *,
    max_tokens: int = MAX_TOKENS,
    progress: Progress | None = None,
    previous: Snapshot | None = None,
) -> tuple[Snapshot, BuildReport]:
    """Builds the snapshot of these documents in the store, and makes it the current one.

    ``previous``: a snapshot whose vectors are taken over where text and embedder are the same.
    Raises as ``SnapshotStore.publish`` and ``plan_snapshot``.
    """
    plan = plan_snapshot(documents, aliases, embedder, max_tokens=max_tokens)
    reports: list[BuildReport] = []

    def build(folder: Path) -> None:
        reports.append(_build(plan, embedder, folder, progress, previous))

    snapshot = store.publish(build, plan.snapshot_id)
    if reports:
        return snapshot, reports[0]
    return snapshot, _report(plan, snapshot.manifest.counts, Seconds(), embedded_anew=0, reused=True)


def build_snapshot(
    documents: Sequence[Document],
    aliases: Iterable[Sequence[str]],
    embedder: Embedder,
    folder: Path,
    *,
    max_tokens: int = MAX_TOKENS,
    progress: Progress | None = None,
    previous: Snapshot | None = None,
) -> BuildReport:
    """Writes a snapshot into ``folder``, which exists and is empty; ``SnapshotStore.publish`` gives one.

    ``progress`` counts the texts embedded. Raises OSError, and ValueError for a document or a vector
    that cannot be right; the folder is then of no use.
    """
    plan = plan_snapshot(documents, aliases, embedder, max_tokens=max_tokens)
    return _build(plan, embedder, folder, progress, previous)


def _build(
    plan: Plan, embedder: Embedder, folder: Path, progress: Progress | None, previous: Snapshot | None
) -> BuildReport:
    started = perf_counter()
    passages, sentences, records = _cut(plan)
    cut = perf_counter()
    texts = [embedded(passage.context, passage.text) for passage in passages]
    wholes = len(texts)
    texts += [embedded_sentence(passages[sentence.passage], sentence) for sentence in sentences]
    vectors, anew = vectors_of(texts, embedder, KnownVectors(previous, embedder), progress)
    ready = perf_counter()
    lexical = BM25Index.build(texts[:wholes])
    ranked = perf_counter()

    (folder / layout.TEXTS).mkdir()
    for source in plan.sources:
        (folder / layout.TEXTS / f"{source.sha256}.txt").write_bytes(source.text.encode())
    (folder / layout.SOURCES).write_bytes(lines_of(source_record(source) for source in plan.sources))
    (folder / layout.EDITIONS).write_bytes(plan.records)
    (folder / layout.PASSAGES).write_bytes(lines_of(records))
    (folder / layout.SENTENCES).write_bytes(lines_of(map(sentence_record, sentences)))
    FlatIndex.build(vectors[:wholes]).save(folder / layout.VECTORS)
    np.save(folder / layout.SENTENCE_VECTORS, vectors[wholes:], allow_pickle=False)
    lexical.save(folder / layout.LEXICAL)
    counts = layout.counts_of(plan.sources, plan.editions, passages, sentences)
    manifest = Manifest(
        snapshot_id=plan.snapshot_id,
        created_at=datetime.now(UTC).isoformat(timespec="microseconds"),
        makers=plan.makers,
        counts=counts,
        batches=layout.batches_of(plan.editions),
        aliases=plan.aliases,
        files=files_below(folder),
    )
    write_manifest(folder, manifest)
    seconds = Seconds(cut - started, ready - cut, ranked - ready, perf_counter() - ranked)
    return _report(plan, counts, seconds, embedded_anew=anew, reused=False)


def _cut(plan: Plan) -> tuple[list[Passage], list[Sentence], list[list[object]]]:
    """Passages, sentences, and the passages' records."""
    sources = {source.sha256: source for source in plan.sources}
    passages: list[Passage] = []
    sentences: list[Sentence] = []
    records: list[list[object]] = []
    for row, edition in enumerate(plan.editions):
        more, of_them = edition_passages(
            sources[edition.source_sha256], edition, plan.makers.max_tokens, len(passages)
        )
        passages += more
        sentences += of_them
        for passage in more:
            within = (
                i for i, s in enumerate(edition.sections) if s.start <= passage.start and passage.end <= s.end
            )
            records.append(passage_record(passage, row, next(within)))
    return passages, sentences, records


def _report(plan: Plan, counts: Counts, seconds: Seconds, *, embedded_anew: int, reused: bool) -> BuildReport:
    return BuildReport(plan.snapshot_id, counts, seconds, embedded_anew, reused, plan.dropped, plan.problems)
