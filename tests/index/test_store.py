from __future__ import annotations

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.build import build_snapshot
from index.store import SnapshotStore
from rag.errors import NotHeld, SnapshotCorrupt, SnapshotMissing, WriterBusy
from tests.index.handmade import HashEmbedder, chinese, english

STEPS = ["create", "build", "sync", "verify", "place", "sync_names", "point", "done"]


def build_old(folder: Path) -> None:
    build_snapshot([english()], [], HashEmbedder(), folder)


def build_new(folder: Path) -> None:
    build_snapshot([english(), chinese()], [], HashEmbedder(), folder)


def no_build(folder: Path) -> None:
    raise AssertionError("built anew")


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    """A store that holds one snapshot."""
    store = SnapshotStore(tmp_path / "data")
    store.publish(build_old)
    return store


def folder_of(store: SnapshotStore, snapshot_id: str) -> Path:
    return store.root / "snapshots" / snapshot_id


def spoil(store: SnapshotStore, snapshot_id: str) -> None:
    path = folder_of(store, snapshot_id) / "vectors.faiss"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def left_over(store: SnapshotStore) -> list[str]:
    return sorted(p.name for p in (store.root / "snapshots").iterdir() if p.name.startswith("."))


def test_publishing_makes_current(store: SnapshotStore) -> None:
    old = store.current_id()
    assert (store.root / "current").read_text() == f"{old}\n"
    new = store.publish(build_new).snapshot_id
    assert old != new == store.current_id()
    opened = store.open_current()
    assert (opened.snapshot.snapshot_id, opened.note) == (new, None)
    assert left_over(store) == []
    assert sorted(p.name for p in store.root.iterdir()) == ["current", "lock", "snapshots"]


def test_the_list_is_newest_first(store: SnapshotStore) -> None:
    old, new = store.current_id(), store.publish(build_new).snapshot_id
    assert [(entry.snapshot_id, entry.current) for entry in store.list()] == [(new, True), (old, False)]
    assert [entry.manifest.counts.editions for entry in store.list() if entry.manifest] == [4, 3]
    (folder_of(store, new) / "manifest.json").write_text("{}")
    entries = store.list()
    assert [(entry.snapshot_id, entry.manifest is None) for entry in entries] == [(old, False), (new, True)]
    assert "manifest.json" in (entries[1].problem or "")


def test_an_empty_store_is_missing_and_reading_makes_nothing(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / "none")
    for read in (store.current_id, store.open_current):
        with pytest.raises(SnapshotMissing, match="jianli index build"):
            read()
    assert store.list() == ()
    assert not store.root.exists()


def test_activating_rolls_back_and_forward(store: SnapshotStore) -> None:
    old, new = store.current_id(), store.publish(build_new).snapshot_id
    assert store.activate(old).snapshot_id == old == store.current_id()
    assert store.activate(new).snapshot_id == new == store.current_id()
    for unknown in ("s-0123456789abcdef", "../../etc", ""):
        with pytest.raises(NotHeld, match="jianli index list"):
            store.activate(unknown)
    spoil(store, old)
    with pytest.raises(SnapshotCorrupt, match=r"vectors\.faiss"):
        store.activate(old)
    assert store.current_id() == new


def test_a_whole_snapshot_of_the_id_is_not_built_again(store: SnapshotStore) -> None:
    old = store.current_id()
    created = store.open_current().snapshot.manifest.created_at
    store.publish(build_new)
    assert store.publish(no_build, old).snapshot_id == old == store.current_id()
    assert store.publish(build_old).manifest.created_at == created  # the id known only afterwards
    assert left_over(store) == []


def test_a_corrupt_snapshot_of_the_id_is_replaced(store: SnapshotStore) -> None:
    old = store.current_id()
    spoil(store, old)
    with pytest.raises(SnapshotCorrupt):
        store.open_current()
    assert store.publish(build_old, old).snapshot_id == old
    assert store.open_current().note is None
    assert left_over(store) == []


def test_a_corrupt_current_falls_back_with_a_note(
    store: SnapshotStore, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = store.current_id(), store.publish(build_new).snapshot_id
    spoil(store, new)
    opened = store.open_current()
    assert opened.snapshot.snapshot_id == old
    assert opened.note is not None
    assert "vectors.faiss" in opened.note
    assert old in opened.note
    assert [record.getMessage() for record in caplog.records] == ["snapshot_fallback"]
    assert store.current_id() == new  # opening writes nothing
    spoil(store, old)
    with pytest.raises(SnapshotCorrupt, match=new):
        store.open_current()


@pytest.mark.parametrize("text", ["", "../../etc/passwd", "s-0123456789abcdef\n", "\xff"])
def test_a_spoiled_pointer_falls_back(store: SnapshotStore, text: str) -> None:
    old = store.current_id()
    (store.root / "current").write_text(text)
    opened = store.open_current()
    assert (opened.snapshot.snapshot_id, opened.note is None) == (old, False)
    shutil.rmtree(folder_of(store, old))
    with pytest.raises(SnapshotCorrupt, match="current"):
        store.open_current()


def test_a_folder_of_another_name_is_not_served(store: SnapshotStore) -> None:
    old = store.current_id()
    folder_of(store, old).rename(folder_of(store, "s-0123456789abcdef"))
    with pytest.raises(SnapshotCorrupt, match="renamed"):
        store.load("s-0123456789abcdef")


def test_there_is_one_writer(store: SnapshotStore) -> None:
    def build(folder: Path) -> None:
        with pytest.raises(WriterBusy, match=f"process {os.getpid()} is writing"):
            SnapshotStore(store.root).publish(no_build)
        with pytest.raises(WriterBusy):
            store.activate(store.current_id())
        build_new(folder)

    store.publish(build)
    with (store.root / "lock").open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        with pytest.raises(WriterBusy, match="process unknown"):
            store.publish(no_build)
    store.publish(build_old)


def test_what_dead_writers_left_is_removed(store: SnapshotStore) -> None:
    for name in (".building-1-abc", ".spoiled-abc"):
        (store.root / "snapshots" / name).mkdir()
        (store.root / "snapshots" / name / "file").write_text("x")
    store.publish(no_build, store.current_id())
    assert left_over(store) == []


class Boom(BaseException):
    """As KeyboardInterrupt would end the work."""


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), Boom()])
@pytest.mark.parametrize("at", STEPS[:-1])
def test_a_failure_at_any_step_leaves_current(store: SnapshotStore, at: str, error: BaseException) -> None:
    old = store.current_id()

    def step(name: str) -> None:
        if name == at:
            raise error

    with pytest.raises(type(error)):
        SnapshotStore(store.root, step).publish(build_new)
    assert store.current_id() == old
    assert store.open_current().snapshot.snapshot_id == old
    assert left_over(store) == []
    assert store.publish(build_new).snapshot_id == store.current_id() != old


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("target", ["write_bytes", "fsync", "replace", "open", "mkdir", "rename", "save"])
def test_a_full_disk_leaves_current(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    old = store.current_id()
    with monkeypatch.context() as patch:
        if target in ("fsync", "replace"):
            patch.setattr(os, target, full)
        elif target == "save":
            patch.setattr("numpy.save", full)
        else:
            patch.setattr(Path, target, full)
        with pytest.raises(OSError, match="No space left"):
            store.publish(build_new)
    assert store.current_id() == old
    assert store.open_current().note is None
    assert left_over(store) == []
    assert sorted(p.name for p in store.root.iterdir()) == ["current", "lock", "snapshots"]


def test_a_result_that_is_not_whole_is_not_published(store: SnapshotStore) -> None:
    old = store.current_id()

    def build(folder: Path) -> None:
        build_new(folder)
        (folder / "sentences.jsonl").unlink()

    with pytest.raises(SnapshotCorrupt, match=r"sentences\.jsonl"):
        store.publish(build)
    assert store.current_id() == old
    assert left_over(store) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from index.store import SnapshotStore
from tests.index.test_store import build_new

def step(name):
    if name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

def build(folder):
    if sys.argv[2] == "half":
        (folder / "sources.jsonl").write_text("[")
        os.kill(os.getpid(), signal.SIGKILL)
    build_new(folder)

SnapshotStore(Path(sys.argv[1]), step).publish(build)
"""


@pytest.mark.parametrize("at", [*STEPS, "half"])
def test_a_kill_at_any_step_leaves_the_old_or_the_new_snapshot(store: SnapshotStore, at: str) -> None:
    old = store.current_id()
    ended = subprocess.run([sys.executable, "-c", KILLED, str(store.root), at], check=False)
    assert ended.returncode == -signal.SIGKILL
    opened = store.open_current()
    assert opened.note is None
    assert (opened.snapshot.snapshot_id == old) == (at != "done")
    new = store.publish(build_new).snapshot_id
    assert store.open_current().snapshot.snapshot_id == new
    assert left_over(store) == []
    assert sorted(p.name for p in store.root.iterdir()) == ["current", "lock", "snapshots"]


@pytest.mark.parametrize("at", ["place", "place_again"])
def test_a_kill_while_a_corrupt_snapshot_is_replaced(store: SnapshotStore, at: str) -> None:
    old, new = store.current_id(), store.publish(build_new).snapshot_id
    spoil(store, new)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(store.root), at], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert store.open_current().snapshot.snapshot_id == old
    assert store.publish(build_new).snapshot_id == new
    assert store.open_current().note is None


def test_readers_go_on_while_snapshots_are_published(store: SnapshotStore) -> None:
    ids, stop, failures = {store.current_id()}, threading.Event(), list[BaseException]()

    def read() -> None:
        while not stop.is_set():
            try:
                seen.add(SnapshotStore(store.root).open_current().snapshot.snapshot_id)
            except BaseException as error:
                failures.append(error)
                return

    seen: set[str] = set()
    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(3):
        ids |= {store.publish(build_new).snapshot_id, store.publish(build_old).snapshot_id}
    stop.set()
    reader.join()
    assert failures == []
    assert seen <= ids
