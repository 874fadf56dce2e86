"""What a snapshot says of itself: what made it, how much it holds, and the checksum of every file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from index.disk import digest_of
from index.passages import CHUNKER_VERSION
from rag.errors import SnapshotCorrupt, SnapshotMismatch
from rag.terms import TERMS_VERSION
from rag.types import Source

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
SEAL = "manifest.sha256"
"""Checksum of the manifest, as ``sha256sum`` writes it."""

CURE = "make it anew with `jianli index build`, or go back with `jianli index rollback`"


@dataclass(frozen=True, slots=True)
class Counts:
    sources: int
    cases: int
    editions: int
    passages: int
    sentences: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    path: str
    """Below the snapshot's folder, with "/"."""
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Makers:
    """What made the vectors, passages and terms: another of these makes another index."""

    embedder: str
    dimensions: int
    max_tokens: int
    chunker_version: str = CHUNKER_VERSION
    terms_version: str = TERMS_VERSION
    format_version: int = FORMAT_VERSION


@dataclass(frozen=True, slots=True)
class Manifest:
    snapshot_id: str
    created_at: str
    """UTC, ISO 8601 with microseconds: the order of snapshots."""
    makers: Makers
    counts: Counts
    batches: tuple[int, ...]
    aliases: tuple[tuple[str, ...], ...]
    files: tuple[StoredFile, ...]


def snapshot_id_of(
    makers: Makers, sources: Iterable[Source], editions: bytes, aliases: Sequence[tuple[str, ...]]
) -> str:
    """Name of what these inputs make: the same inputs, in any order, give the same name.

    ``editions`` are the records of the editions kept; a reader that reads a source otherwise changes them.
    """
    told = {
        "makers": asdict(makers),
        "sources": sorted([s.sha256, s.name, s.language, s.batch or 0] for s in sources),
        "editions": sha256(editions).hexdigest(),
        "aliases": normal_aliases(aliases),
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return "s-" + sha256(text.encode()).hexdigest()[:16]


def normal_aliases(aliases: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Each group once, in an order that does not depend on the order given."""
    return tuple(sorted({tuple(sorted(set(group))) for group in aliases if group}))


def files_below(folder: Path) -> tuple[StoredFile, ...]:
    """Every file but the manifest and its seal, sorted by path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in (MANIFEST, SEAL))
    return tuple(
        StoredFile(path.relative_to(folder).as_posix(), path.stat().st_size, digest_of(path))
        for path in paths
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    data = (json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n").encode()
    (folder / MANIFEST).write_bytes(data)
    (folder / SEAL).write_bytes(_seal(data))


def read_manifest(folder: Path) -> Manifest:
    """Raises SnapshotCorrupt where it or its seal is missing or altered, and SnapshotMismatch where
    another format, chunker or splitting into terms made the snapshot."""
    try:
        data = (folder / MANIFEST).read_bytes()
        seal = (folder / SEAL).read_bytes()
    except OSError as error:
        raise SnapshotCorrupt(f"{error.filename} cannot be read ({error.strerror}): {CURE}") from error
    if seal != _seal(data):
        raise SnapshotCorrupt(f"{folder / MANIFEST} and {SEAL} do not agree: one was altered; {CURE}")
    try:
        told = json.loads(data)
        _check_makers(folder, told["makers"])
        return _manifest(told)
    except (KeyError, TypeError, ValueError) as error:
        raise SnapshotCorrupt(f"{folder / MANIFEST} is not a manifest ({error!r}): {CURE}") from error


def _seal(data: bytes) -> bytes:
    return f"{sha256(data).hexdigest()}  {MANIFEST}\n".encode()


def _check_makers(folder: Path, makers: dict[str, Any]) -> None:
    ours = {
        "format_version": FORMAT_VERSION,
        "chunker_version": CHUNKER_VERSION,
        "terms_version": TERMS_VERSION,
    }
    for name, version in ours.items():
        if makers[name] != version:
            raise SnapshotMismatch(
                f"{folder / MANIFEST}: {name} is {makers[name]!r}, this program's is {version!r}: {CURE}"
            )


def _manifest(told: dict[str, Any]) -> Manifest:
    return Manifest(
        snapshot_id=told["snapshot_id"],
        created_at=told["created_at"],
        makers=Makers(**told["makers"]),
        counts=Counts(**told["counts"]),
        batches=tuple(told["batches"]),
        aliases=tuple(tuple(group) for group in told["aliases"]),
        files=tuple(StoredFile(**file) for file in told["files"]),
    )
