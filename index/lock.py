"""One writer at a time for a data folder, across processes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import WriterBusy


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Holds ``path`` locked, and makes it where it is missing. The system drops the lock when its
    holder dies. Raises WriterBusy at once where another holds it, be it a thread of this process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            raise WriterBusy(
                f"process {holder} is writing to {path.parent}: wait until it is done, or end it"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
