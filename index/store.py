"""The snapshots of a data folder, and the one step that publishes.

snapshots/<id>/    whole, checked, never changed
snapshots/.building-<pid>-<random>/    being made; nobody reads it
current    the id that is served
lock    held by the one writer
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.disk import replace_text, sync, sync_tree
from index.lock import writer_lock
from index.manifest import Manifest, read_manifest
from index.snapshot import Snapshot, load_snapshot
from rag.errors import NotHeld, SnapshotCorrupt, SnapshotError, SnapshotMissing

log = logging.getLogger(__name__)
_ID = re.compile(r"s-[0-9a-f]{16}")
_BUILDING = ".building-"
_SPOILED = ".spoiled-"


@dataclass(frozen=True, slots=True)
class Opened:
    snapshot: Snapshot
    note: str | None
    """What went wrong with the current snapshot where another one is open in its stead."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A snapshot in the store. ``manifest`` is None where it cannot be read, and ``problem`` says why."""

    snapshot_id: str
    current: bool
    manifest: Manifest | None
    problem: str | None


def _age(entry: Listed) -> tuple[str, str]:
    return (entry.manifest.created_at if entry.manifest else "", entry.snapshot_id)


def _no_step(name: str) -> None: ...


class SnapshotStore:
    """Reading methods write nothing and need no lock.

    ``step`` is called with the name of every step of publishing before it is taken; a test that
    ends the process there shows that the snapshot before it still opens.
    """

    def __init__(self, root: Path, step: Callable[[str], None] = _no_step) -> None:
        self.root = root
        self._snapshots = root / "snapshots"
        self._current = root / "current"
        self._step = step

    def current_id(self) -> str:
        """Raises SnapshotMissing where none was published, SnapshotCorrupt where ``current`` is spoiled."""
        try:
            text = self._current.read_bytes().decode(errors="replace").strip()
        except FileNotFoundError:
            raise SnapshotMissing(
                f"{self.root} holds no index yet: make one with `jianli index build`"
            ) from None
        if not _ID.fullmatch(text):
            raise SnapshotCorrupt(
                f"{self._current} names no snapshot: choose one with `jianli index rollback`"
            )
        return text

    def list(self) -> tuple[Listed, ...]:
        """Newest first; those that cannot be read last."""
        current = None
        with suppress(SnapshotError):
            current = self.current_id()
        folders = self._snapshots.iterdir() if self._snapshots.is_dir() else ()
        listed = []
        for snapshot_id in sorted(path.name for path in folders if _ID.fullmatch(path.name)):
            try:
                manifest, problem = read_manifest(self._snapshots / snapshot_id), None
            except SnapshotError as error:
                manifest, problem = None, str(error)
            listed.append(Listed(snapshot_id, snapshot_id == current, manifest, problem))
        return tuple(sorted(listed, key=_age, reverse=True))

    def load(self, snapshot_id: str, *, verify: bool = True) -> Snapshot:
        """Raises NotHeld, SnapshotCorrupt or SnapshotMismatch."""
        folder = self._snapshots / snapshot_id
        if not _ID.fullmatch(snapshot_id) or not folder.is_dir():
            raise NotHeld(f"no snapshot {snapshot_id} is held: `jianli index list` shows those that are")
        snapshot = load_snapshot(folder, verify=verify)
        if snapshot.snapshot_id != snapshot_id:
            raise SnapshotCorrupt(f"{folder} holds {snapshot.snapshot_id}: it was renamed; name it back")
        return snapshot

    def open_current(self, *, verify: bool = True) -> Opened:
        """The current snapshot; where it is corrupt, the newest other one that is whole, with a note.

        Raises SnapshotMissing, SnapshotMismatch, or SnapshotCorrupt where no whole one is left.
        """
        try:
            current = self.current_id()
            return Opened(self.load(current, verify=verify), None)
        except SnapshotCorrupt as error:
            cause = error
        except NotHeld as error:  # the store's fault here, not the caller's
            cause = SnapshotCorrupt(f"{self._current}: {error}")
        for entry in self.list():
            if entry.manifest is None or entry.current:
                continue
            try:
                snapshot = self.load(entry.snapshot_id)
            except SnapshotError:
                continue
            log.warning("snapshot_fallback", extra={"snapshot": entry.snapshot_id, "cause": str(cause)})
            return Opened(snapshot, f"{cause}. Serving {entry.snapshot_id} in its stead")
        raise cause

    def publish(self, build: Callable[[Path], object], snapshot_id: str | None = None) -> Snapshot:
        """Has ``build`` fill an empty folder, checks it, and makes it the current snapshot.

        ``snapshot_id``: the id that the result will have, where it is known; a whole snapshot of that
        id is then made current without building. Whatever fails before the last step leaves the
        current snapshot as it was. Raises WriterBusy, SnapshotCorrupt where the result is not whole,
        OSError where the disk is full, and what ``build`` raises.
        """
        with writer_lock(self.root / "lock"):
            self._snapshots.mkdir(exist_ok=True)
            self._sweep()
            held = self._whole(snapshot_id) if snapshot_id else None
            if held is None:
                held = self._build(build)
            self._point_at(held.snapshot_id)
            return held

    def activate(self, snapshot_id: str) -> Snapshot:
        """Makes a snapshot that is held, and whole, the current one. Raises as ``load``, or WriterBusy."""
        snapshot = self.load(snapshot_id)
        with writer_lock(self.root / "lock"):
            self._point_at(snapshot_id)
        return snapshot

    def _build(self, build: Callable[[Path], object]) -> Snapshot:
        building = self._snapshots / f"{_BUILDING}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            self._step("create")
            building.mkdir()
            self._step("build")
            build(building)
            self._step("sync")
            sync_tree(building)
            self._step("verify")
            snapshot = load_snapshot(building)
            whole = self._whole(snapshot.snapshot_id)
            if whole is not None:
                return whole
            self._step("place")
            self._place(building, self._snapshots / snapshot.snapshot_id)
            return snapshot
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def _place(self, building: Path, folder: Path) -> None:
        if folder.exists():  # and is corrupt: a folder that is not empty cannot be replaced in one step
            folder.rename(self._snapshots / f"{_SPOILED}{secrets.token_hex(4)}")
            self._step("place_again")
        building.rename(folder)
        self._step("sync_names")
        sync(self._snapshots)
        self._sweep()

    def _point_at(self, snapshot_id: str) -> None:
        self._step("point")
        replace_text(self._current, f"{snapshot_id}\n")
        self._step("done")

    def _whole(self, snapshot_id: str) -> Snapshot | None:
        try:
            return self.load(snapshot_id)
        except (NotHeld, SnapshotError):
            return None

    def _sweep(self) -> None:
        """Removes what dead writers left; the lock is held, so no living one is at work."""
        for path in self._snapshots.iterdir():
            if path.name.startswith((_BUILDING, _SPOILED)):
                shutil.rmtree(path, ignore_errors=True)
