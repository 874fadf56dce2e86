"""What questions are answered from."""

from __future__ import annotations

from dataclasses import dataclass

from rag.protocols import Collection, Embedder, Reader


@dataclass(frozen=True, slots=True)
class Loaded:
    """One collection, with the embedder that it is asked through and the reader, where there is one."""

    collection: Collection
    embedder: Embedder
    reader: Reader | None = None
    notes: tuple[str, ...] = ()
    """For the operator."""
