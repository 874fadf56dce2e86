"""A small collection whose offsets are true, a fake embedder, and a service to put them in."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import numpy as np
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.loaded import Loaded
from api.settings import Settings
from rag.errors import NotHeld
from rag.protocols import Collection, Embedder, Progress, Reader, Vectors
from rag.types import (
    Answer,
    Citation,
    Edition,
    Hit,
    Language,
    Paragraph,
    Passage,
    Request,
    SearchResult,
    Section,
    Source,
)

ENGLISH = """News of the 23rd batch. 𠀀 (beyond the basic plane)
Case of Liu (No. 85)
[Key words]
counterfeit goods
[gist]
Innovation is protected. <b>Really</b> & truly.
Case of Blooming Water Company (No. 86)
[gist]
The river must be restored.
"""
CHINESE = """最高人民检察院第二十三批指导性案例
刘远鹏涉嫌生产、销售“伪劣产品”（不起诉）案
【要旨】
检察机关办理涉企案件,应当保护创新。
"""
OTHER = """Case of the Third Batch (No. 9)
[gist]
A gist of its own.
"""


def _source(name: str, text: str, language: Language, batch: int) -> Source:
    return Source(name, hashlib.sha256(text.encode()).hexdigest(), text, language, batch)


SOURCES = {
    s.name: s
    for s in (
        _source("batch_23_en.txt", ENGLISH, "en", 23),
        _source("batch_23_zh.txt", CHINESE, "zh", 23),
        _source("batch_3_en.txt", OTHER, "en", 3),
    )
}


def _edition(name: str, number: int | None, title: str, parts: Sequence[tuple[str, str, str]]) -> Edition:
    source = SOURCES[name]
    sections = []
    for section_id, heading, words in parts:
        at = source.text.index(words)
        head = source.text.rindex(heading, 0, at) if heading else at
        paragraph = Paragraph(at, at + len(words), 1)
        sections.append(
            Section(section_id, heading, head, head + len(heading), at, at + len(words), (paragraph,))
        )
    start = source.text.index(title) if title else 0
    return Edition(
        number,
        source.batch,
        source.language,
        title,
        name,
        source.sha256,
        start,
        sections[-1].end,
        tuple(sections),
    )


EDITIONS = (
    _edition("batch_23_en.txt", None, "", [("announcement", "", "News of the 23rd batch.")]),
    _edition(
        "batch_23_en.txt",
        85,
        "Case of Liu",
        [
            ("keywords", "[Key words]", "counterfeit goods"),
            ("gist", "[gist]", "Innovation is protected. <b>Really</b> & truly."),
        ],
    ),
    _edition(
        "batch_23_en.txt",
        86,
        "Case of Blooming Water Company",
        [("gist", "[gist]", "The river must be restored.")],
    ),
    _edition(
        "batch_23_zh.txt",
        85,
        "刘远鹏涉嫌生产、销售“伪劣产品”（不起诉）案",
        [("gist", "【要旨】", "检察机关办理涉企案件,应当保护创新。")],
    ),
    _edition("batch_3_en.txt", 9, "Case of the Third Batch", [("gist", "[gist]", "A gist of its own.")]),
)


def _passages() -> tuple[Passage, ...]:
    found: list[Passage] = []
    for e in EDITIONS:
        text = SOURCES[e.source].text
        for s in e.sections:
            found.append(
                Passage(
                    f"p{len(found)}",
                    e.case_number,
                    e.title,
                    e.batch,
                    e.language,
                    s.id,
                    s.heading,
                    None,
                    1,
                    s.start,
                    s.end,
                    text[s.start : s.end],
                    e.title,
                    e.source,
                    e.source_sha256,
                )
            )
    return tuple(found)


@dataclass(frozen=True)
class FakeCollection:
    """Holds what routes read. It has no vectors: the ask functions of these tests need none."""

    snapshot_id: str = "snap-1"
    model: str = "fake-model"
    editions: tuple[Edition, ...] = EDITIONS
    passages: tuple[Passage, ...] = field(default_factory=_passages)

    def source(self, sha256: str) -> Source:
        for source in SOURCES.values():
            if source.sha256 == sha256:
                return source
        raise NotHeld(f"No source {sha256} is held.")


class FakeEmbedder:
    name = "fake-model"
    dimensions = 4

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return np.full((len(texts), 4), 0.5, np.float32)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self.embed_queries(texts)


def collection(snapshot_id: str = "snap-1") -> Collection:
    return cast(Collection, FakeCollection(snapshot_id))


def load() -> Loaded:
    return Loaded(collection(), FakeEmbedder(), notes=("opened an index of 6 passages",))


def _hits(held: Collection, request: Request) -> tuple[Hit, ...]:
    f = request.filters
    rows = [
        Hit(row, p, 1.0 / (row + 1), {"dense": 0.5, "bm25": 2.0})
        for row, p in enumerate(held.passages)
        if (not f.case_numbers or p.case_number in f.case_numbers)
        and (not f.batches or p.batch in f.batches)
        and (not f.sections or p.section in f.sections)
        and (not f.languages or p.language in f.languages)
    ]
    return tuple(rows[: request.top_k])


def fake_ask(request: Request, held: Collection, embedder: Embedder, reader: Reader | None = None) -> Answer:
    """Quotes the best passage; declines where none passes the filters."""
    hits = _hits(held, request)
    citations = []
    for marker, hit in enumerate(hits[:1], 1):
        p = hit.passage
        citations.append(
            Citation(
                marker,
                p.case_number,
                p.case_title,
                p.batch,
                p.language,
                p.section,
                p.section_heading,
                None,
                1,
                p.text,
                p.start,
                p.end,
                p.source,
                p.source_sha256,
                f"Guiding Case No. {p.case_number} · {p.section}",
                f"/v1/cases/{p.case_number}?language={p.language}",
            )
        )
    words = " ".join(f"{c.quote} [{c.marker}]" for c in citations) or "The collection does not hold this."
    return Answer(
        answer=words,
        abstained=not citations,
        abstention_reason=None if citations else "nothing_found",
        citations=tuple(citations),
        passages=hits,
        language="en",
        mode="extractive",
        model=held.model,
        snapshot=held.snapshot_id,
        confidence=0.9,
        interpreted_as=request.question,
    )


def fake_search(request: Request, held: Collection, embedder: Embedder) -> SearchResult:
    return SearchResult(_hits(held, request), "en", held.snapshot_id, request.question)


@contextmanager
def serving(app: FastAPI) -> Iterator[httpx.Client]:
    """A real server on a free loopback port, and a client of it."""
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(20)
    assert not thread.is_alive()


@contextmanager
def service(load: Callable[[], Loaded] = load, **options: Any) -> Iterator[httpx.Client]:
    """A running service with the fakes of this file, ready unless ``load`` is another."""
    options = {"ask": fake_ask, "search": fake_search} | options
    app = create_app(Settings(), load, **options)
    with serving(app) as client:
        if load is globals()["load"]:
            until(lambda: client.get("/readyz").status_code == 200)
        yield client


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something that happens on another thread."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
