"""What is loaded, and the bounded pool in which questions are worked on."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Literal, TypeVar

from anyio import CapacityLimiter, to_thread

from api.loaded import Loaded
from api.logs import event, unexpected
from rag.errors import JianliError
from rag.protocols import Collection, Embedder, Reader
from rag.types import Answer, Request, SearchResult

log = logging.getLogger(__name__)

State = Literal["loading", "ready", "failed"]
Load = Callable[[], Loaded]
"""Builds or opens the index; blocks."""
Ask = Callable[[Request, Collection, Embedder, Reader | None], Answer]
Search = Callable[[Request, Collection, Embedder], SearchResult]
T = TypeVar("T")

QUEUE = 64
"""How many requests may wait for a worker."""


class EngineUnavailable(Exception):
    """A request cannot be worked on now."""


class NotReady(EngineUnavailable):
    """The index is still being loaded."""


class LoadFailed(EngineUnavailable):
    """The index could not be loaded; the message says why and what to do."""


class Busy(EngineUnavailable):
    """Every worker is busy and the queue is full."""


class Engine:
    """Holds the current collection and runs questions against it, off the event loop.

    A request keeps the collection that it started with, whatever is published meanwhile.
    """

    def __init__(
        self, load: Load, *, ask: Ask, search: Search, workers: int | None = None, queue: int = QUEUE
    ) -> None:
        self._load = load
        self._ask = ask
        self._search = search
        self._workers = workers or os.cpu_count() or 1
        self._limiter = CapacityLimiter(self._workers)
        self._queue = queue
        self._admitted = 0
        self._loaded: Loaded | None = None
        self._reason: str | None = None
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> State:
        if self._loaded is not None:
            return "ready"
        return "loading" if self._reason is None else "failed"

    @property
    def reason(self) -> str | None:
        """Why loading failed, and what to do."""
        return self._reason

    @property
    def mode(self) -> Literal["extractive", "generative"]:
        """What ``auto`` means here. This version has no language model."""
        return "extractive"

    @property
    def waiting(self) -> int:
        """Questions that wait for a worker."""
        return max(0, self._admitted - self._workers)

    @property
    def working(self) -> int:
        """Questions that are being worked on."""
        return min(self._admitted, self._workers)

    def start(self) -> None:
        """Load in the background; a second call does nothing."""
        if self._thread is None:
            # Daemon: a load that takes minutes must not hold up the end of the process.
            self._thread = threading.Thread(target=self._run_load, name="jianli-load", daemon=True)
            self._thread.start()

    def publish(self, loaded: Loaded) -> None:
        """Answer from ``loaded`` from now on."""
        self._loaded = loaded
        event(log, logging.INFO, "published", snapshot=loaded.collection.snapshot_id)

    def loaded(self) -> Loaded:
        """What to answer from. Raises NotReady, LoadFailed."""
        loaded = self._loaded
        if loaded is not None:
            return loaded
        if self._reason is not None:
            raise LoadFailed(self._reason)
        raise NotReady("The index is being loaded. Try again in a few seconds; /readyz says when.")

    async def ask(self, request: Request) -> Answer:
        """Raises BadQuestion, NotReady, LoadFailed, Busy."""
        return await self._run(lambda held: self._ask(request, held.collection, held.embedder, held.reader))

    async def search(self, request: Request) -> SearchResult:
        """Raises BadQuestion, NotReady, LoadFailed, Busy."""
        return await self._run(lambda held: self._search(request, held.collection, held.embedder))

    async def _run(self, work: Callable[[Loaded], T]) -> T:
        loaded = self.loaded()
        if self._admitted >= self._workers + self._queue:
            raise Busy("Too many questions are waiting. Try again after the time in Retry-After.")
        self._admitted += 1
        try:
            return await to_thread.run_sync(work, loaded, limiter=self._limiter)
        finally:
            self._admitted -= 1

    def _run_load(self) -> None:
        event(log, logging.INFO, "load_started")
        began = time.monotonic()
        try:
            loaded = self._load()
        except JianliError as error:
            self._reason = f"{error} Then restart the service."
            event(log, logging.ERROR, "load_failed", code=error.code, reason=str(error))
        except Exception as error:
            self._reason = (
                f"The index could not be loaded: an unexpected error ({type(error).__name__}). "
                "The service's log says more; restart the service once it is mended."
            )
            unexpected(log, "load_failed", error)
        else:
            seconds = time.monotonic() - began
            event(log, logging.INFO, "loaded", seconds=seconds, passages=len(loaded.collection.passages))
            self.publish(loaded)
