"""Puts the parts together: settings in, a collection and its embedder out.

The one place that knows both the index and what answers from it; everything else is handed its parts.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from api.loaded import Loaded
from api.settings import Settings
from index.build import BuildReport, publish_documents
from index.cross_encoder import load_reader
from index.document import Document
from index.embedding import load_embedder
from index.seeds import Refused, read_paths, read_seeds
from index.snapshot import Snapshot
from index.store import SnapshotStore
from rag.errors import SnapshotError, SnapshotMissing, SourceRefused
from rag.protocols import Embedder, Progress, Reader, Window

log = logging.getLogger(__name__)


def store_of(settings: Settings) -> SnapshotStore:
    return SnapshotStore(settings.data)


def embedder_of(settings: Settings) -> Embedder:
    """Raises ModelUnavailable."""
    return load_embedder(settings.embedding_model, settings.data / "models")


def build_index(
    settings: Settings, embedder: Embedder, paths: Sequence[Path] = (), progress: Progress | None = None
) -> tuple[Snapshot, BuildReport]:
    """Builds an index of files and folders (none given: of the seeds) and makes it the current one.

    Vectors of texts that the index before held are taken over. Raises SourceRefused where there is
    nothing to index, and what ``publish_documents`` raises.
    """
    started = perf_counter()
    documents, aliases, refused = _read(settings, paths)
    if not documents:
        reasons = "; ".join(f"{path}: {reason}" for path, reason in refused)
        where = ", ".join(map(str, paths)) or str(settings.seeds)
        raise SourceRefused(
            f"No text of guiding cases was found in {where}. "
            + (reasons or "Put .txt or .md files there, or name others.")
        )
    reading = perf_counter() - started
    store = store_of(settings)
    snapshot, report = publish_documents(
        store, documents, aliases, embedder, progress=progress, previous=_previous(store)
    )
    seconds = replace(report.seconds, reading=reading)
    return snapshot, replace(report, seconds=seconds, refused=tuple(refused))


def open_index(
    settings: Settings, embedder: Embedder, progress: Progress | None = None
) -> tuple[Snapshot, tuple[str, ...]]:
    """The current snapshot, built from the seeds where there is none yet, and notes for the operator.

    Raises SnapshotError, SourceRefused.
    """
    try:
        opened = store_of(settings).open_current()
    except SnapshotMissing:
        snapshot, report = build_index(settings, embedder, progress=progress)
        return snapshot, (f"Built an index of {report.counts.cases} cases from {settings.seeds}.",)
    opened.snapshot.check_embedder(embedder)
    return opened.snapshot, (opened.note,) if opened.note else ()


def reader_of(settings: Settings) -> Reader | None:
    """None where it is switched off. Raises ModelUnavailable."""
    return load_reader() if settings.reader == "on" else None


def load(settings: Settings, progress: Progress | None = None) -> Loaded:
    """What answering needs. The models are warmed: the first question is no slower than the rest.

    Raises ModelUnavailable, SnapshotError, SourceRefused.
    """
    embedder = embedder_of(settings)
    reader = reader_of(settings)
    snapshot, notes = open_index(settings, embedder, progress)
    embedder.embed_queries(["检例第1号 warm-up"])
    if reader is None:
        notes += ("The reader is off (JIANLI_READER): sentences are chosen by similarity alone.",)
    else:
        reader.read("warm-up", [Window("检例第1号", "warm-up", ((0, 7),))])
    return Loaded(snapshot, embedder, reader, notes)


def _read(
    settings: Settings, paths: Sequence[Path]
) -> tuple[Sequence[Document], tuple[tuple[str, ...], ...], Sequence[Refused]]:
    seeds_file = settings.seeds.resolve()
    others = [path for path in paths if path.resolve() != seeds_file]
    if paths and len(others) == len(paths):
        documents, refused = read_paths(paths)
        return documents, (), refused
    seeds = read_seeds(settings.seeds)
    documents, refused = read_paths(others)
    unlisted = [
        (path, "manifest.json does not name it: add it there, or name the file itself")
        for path in seeds.unlisted
    ]
    return [*seeds.documents, *documents], seeds.aliases, [*seeds.refused, *unlisted, *refused]


def _previous(store: SnapshotStore) -> Snapshot | None:
    try:
        return store.open_current().snapshot
    except SnapshotError:
        return None
