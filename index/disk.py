"""Files written so that a crash or a full disk leaves either the old state or the new one."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

_BLOCK = 1 << 20


def sync(path: Path) -> None:
    """Asks the disk to hold a file, or a folder's list of names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Syncs every file and folder below ``folder``, and it, children first."""
    for where, _, names in os.walk(folder, topdown=False):
        for name in names:
            sync(Path(where, name))
        sync(Path(where))


def replace_text(path: Path, text: str) -> None:
    """Puts a small file in place in one step: readers see the old text or the new one."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}.tmp")
    try:
        temporary.write_bytes(text.encode())
        sync(temporary)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


def digest_of(path: Path) -> str:
    """sha256 of a file, in hexadecimal."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
