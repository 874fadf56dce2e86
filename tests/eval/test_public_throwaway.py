from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from eval.public.one_text import OneText
from eval.public.public_set import PublicText
from eval.public.throwaway import throwaway_collection
from index.passages import embedded
from rag.ask import ask, search
from rag.protocols import Collection
from rag.types import Filters, Request
from tests.eval.public_sets import APPLES, TEA, small_set
from tests.fakes import FakeEmbedder

EMBEDDER = FakeEmbedder()
SET = small_set()


@pytest.fixture(scope="module")
def collection() -> Iterator[Collection]:
    with throwaway_collection(SET.texts, EMBEDDER) as made:
        yield made


def test_a_text_is_one_edition_without_a_number(collection: Collection) -> None:
    assert {(e.case_number, e.batch, e.title, e.source) for e in collection.editions} == {
        (None, None, "Fruit trees", "apples"),
        (None, None, "茶", "tea"),
        (None, None, "", "pears"),
    }
    assert {section.id for edition in collection.editions for section in edition.sections} == {"other"}
    assert [collection.source(text.sha256).text for text in SET.texts] == [text.text for text in SET.texts]


def test_passages_and_sentences_are_the_index_s(collection: Collection) -> None:
    contexts = {p.source: p.context for p in collection.passages}
    assert contexts == {
        "apples": "Guiding cases Fruit trees",
        "tea": "最高人民检察院指导性案例 茶",
        "pears": "Guiding cases",
    }
    for source, text in (("apples", APPLES), ("tea", TEA)):
        rows = [row for row, p in enumerate(collection.passages) if p.source == source]
        words = [
            text[s.start : s.end]
            for row in rows
            for s in (collection.sentences[i] for i in collection.sentence_rows(row))
        ]
        assert "".join("".join(words).split()) == "".join(text.split())
        assert len(words) == {"apples": 3, "tea": 2}[source]
    vectors = EMBEDDER.embed_passages([embedded(p.context, p.text) for p in collection.passages])
    found, _ = collection.dense.search(vectors[0], 1)
    assert found.tolist() == [0]


def test_equal_texts_are_one_source() -> None:
    texts = [PublicText("a", "One", TEA, "zh"), PublicText("b", "Two", TEA, "zh")]
    with throwaway_collection(texts, EMBEDDER) as made:
        assert [(e.source, e.title) for e in made.editions] == [("a", "One")]
        assert made.source(texts[1].sha256).name == "a"


def test_the_service_answers_from_it(collection: Collection) -> None:
    hits = search(Request("茶叶何时采摘？"), collection, EMBEDDER).hits
    assert hits[0].passage.source == "tea"
    answer = ask(Request("茶叶何时采摘？"), collection, EMBEDDER)
    assert all(TEA[c.start : c.end] == c.quote for c in answer.citations)


def test_one_text_lets_only_its_passages_through(collection: Collection) -> None:
    view = OneText.of(collection, SET.texts[1].sha256)
    own = [row for row, p in enumerate(collection.passages) if p.source == "tea"]
    assert own
    for filters in (Filters(), Filters(sections=("other",)), Filters(languages=("zh",))):
        rows = view.rows(filters)
        assert rows is not None
        assert rows.tolist() == own
        assert rows.dtype == np.int64
    for filters in (Filters(languages=("en",)), Filters(sections=("gist",))):
        rows = view.rows(filters)
        assert rows is not None
        assert rows.tolist() == []
    for question in ("Where do apples grow?", "茶叶何时采摘？"):
        hits = search(Request(question, top_k=50), view, EMBEDDER).hits
        assert {hit.passage.source for hit in hits} == {"tea"}
        answer = ask(Request(question), view, EMBEDDER)
        assert {c.source for c in answer.citations} <= {"tea"}


def test_one_text_is_otherwise_the_whole(collection: Collection) -> None:
    view = OneText.of(collection, SET.texts[0].sha256)
    for name in ("snapshot_id", "model", "aliases", "editions", "passages", "sentences", "dense", "lexical"):
        assert getattr(view, name) is getattr(collection, name) or getattr(view, name) == getattr(
            collection, name
        )
    assert view.sentence_vectors is collection.sentence_vectors
    assert view.sentence_rows(0) == collection.sentence_rows(0)
    assert view.source(SET.texts[0].sha256) == collection.source(SET.texts[0].sha256)


def test_progress_counts_the_texts_embedded() -> None:
    seen: list[tuple[int, int]] = []
    with throwaway_collection(SET.texts, EMBEDDER, lambda done, total: seen.append((done, total))) as made:
        assert seen[-1][0] == seen[-1][1] >= len(made.passages)
