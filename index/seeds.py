"""Reads files into documents: the seeds with their manifest, or any files and folders."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from index.document import Document
from index.reader import read_document
from index.source import decode
from rag.errors import SourceRefused

MANIFEST = "manifest.json"
SUFFIXES = (".txt", ".md")
Refused = tuple[Path, str]


@dataclass(frozen=True, slots=True)
class Seeds:
    documents: tuple[Document, ...]
    aliases: tuple[tuple[str, ...], ...]
    refused: tuple[Refused, ...]
    """Files of a folder without a manifest that are no sources, and why."""
    unlisted: tuple[Path, ...]
    """Text files beside a manifest that does not name them: they were not read."""


def read_seeds(folder: Path) -> Seeds:
    """The seeds' documents, checked against ``manifest.json`` where the folder has one.

    Raises SourceRefused, naming the file and the cure, where the folder is missing, the manifest
    cannot be used, or a file that it names is missing, altered, or of another language.
    """
    if not folder.is_dir():
        raise SourceRefused(f"{folder} is no folder: set JIANLI_SEEDS to the folder of the source texts")
    path = folder / MANIFEST
    if not path.exists():
        documents, refused = read_paths([folder])
        return Seeds(tuple(documents), (), tuple(refused), ())
    entries = _entries(path)
    documents = [_seed(path, entry) for entry in entries]
    aliases = tuple(tuple(group) for entry in entries for group in entry.get("aliases", []))
    named = {entry["file"] for entry in entries} | {"README.md"}
    unlisted = tuple(file for file in _files(folder) if file.relative_to(folder).as_posix() not in named)
    return Seeds(tuple(documents), aliases, (), unlisted)


def read_paths(paths: Iterable[Path]) -> tuple[list[Document], list[Refused]]:
    """Documents of files, and of the .txt and .md files of folders and all below them in name order;
    and those that are no sources, each with the reason."""
    documents: list[Document] = []
    refused: list[Refused] = []
    for path in paths:
        for file in _files(path) if path.is_dir() else [path]:
            try:
                documents.append(_read(file))
            except SourceRefused as error:
                refused.append((file, str(error)))
    return documents, refused


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in SUFFIXES and path.is_file() and not hidden:
            yield path


def _read(path: Path, batch: int | None = None) -> Document:
    if path.suffix.lower() not in SUFFIXES:
        raise SourceRefused(
            f"{path.name}: only {' and '.join(SUFFIXES)} files are read; save it as plain text"
        )
    return read_document(_name(path), decode(_bytes(path), path.name), batch)


def _name(path: Path) -> str:
    """A file name that is not UTF-8 reaches Python with half surrogate pairs, which no JSON can hold."""
    return path.name.encode("utf-8", "replace").decode()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceRefused(
            f"{path} cannot be read: {error.strerror}; check the name and its rights"
        ) from error


def _entries(path: Path) -> list[dict[str, Any]]:
    """The manifest's sources, each with the fields that are needed and of the right types."""
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SourceRefused(f"{path} cannot be read as JSON ({error}): mend it") from error
    sources = told.get("sources") if isinstance(told, dict) else None
    if not isinstance(sources, list):
        raise SourceRefused(
            f'{path} has no list "sources": give one, with "file", "sha256" and "language" each'
        )
    for number, entry in enumerate(sources, 1):
        where = f"{path}, source {number}"
        if not isinstance(entry, dict):
            raise SourceRefused(f"{where}: an object is needed")
        for field in ("file", "sha256", "language"):
            if not isinstance(entry.get(field), str):
                raise SourceRefused(f'{where}: "{field}" is missing or no text')
        name, batch, aliases = entry["file"], entry.get("batch"), entry.get("aliases", [])
        if name.startswith("/") or ".." in name.split("/"):
            raise SourceRefused(f'{where}: "file" must lie below the folder, not {name!r}')
        if batch is not None and (isinstance(batch, bool) or not isinstance(batch, int) or batch < 1):
            raise SourceRefused(f'{where}: "batch" must be a whole number from 1, or be left out')
        groups = isinstance(aliases, list) and all(isinstance(group, list) for group in aliases)
        if not groups or not all(isinstance(name, str) for group in aliases for name in group):
            raise SourceRefused(f'{where}: "aliases" must be a list of lists of names')
    return sources


def _seed(manifest: Path, entry: dict[str, Any]) -> Document:
    path = manifest.parent / entry["file"]
    digest = sha256(_bytes(path)).hexdigest()
    if digest != entry["sha256"]:
        raise SourceRefused(
            f"{path} was altered: its sha256 is {digest}, {MANIFEST} has {entry['sha256']}; restore the "
            f"file, or put the new sha256 into {MANIFEST}"
        )
    document = _read(path, entry.get("batch"))
    if document.source.language != entry["language"]:
        raise SourceRefused(
            f'{path} reads as "{document.source.language}", {MANIFEST} has "{entry["language"]}": correct one'
        )
    return document
