from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.evidence import Span
from eval.public.characters import DEPTHS, MEAN, precision_recall, retrieval_figures
from eval.public.legalbench_rag import load_legalbench_rag
from eval.public.public_set import PublicSet
from eval.public.throwaway import throwaway_collection
from rag.ask import search
from rag.errors import BadQuestion
from rag.protocols import Collection
from rag.types import Hit, Request, SearchResult, Timings
from tests.eval.public_sets import write_legalbench
from tests.fakes import FakeEmbedder

TEXTS = {
    "lease/a.txt": "Rent is 900.",
    "lease/b.txt": "The lease of the flat ends in May.",
    "nda/c.txt": "Hush.",
}
BENCHMARKS = {
    "lease": [
        {"query": "Rent?", "snippets": [{"file_path": "lease/a.txt", "span": [0, 12]}]},
        {
            "query": "End?",
            "snippets": [{"file_path": "lease/b.txt", "span": [22, 34], "answer": "ends in May."}],
        },
    ],
    "nda": [{"query": "Secret?", "snippets": [{"file_path": "nda/c.txt", "span": [0, 5]}]}],
}


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> PublicSet:
    return load_legalbench_rag(write_legalbench(tmp_path_factory.mktemp("lbr"), TEXTS, BENCHMARKS))


@pytest.fixture(scope="module")
def collection(public: PublicSet) -> Iterator[Collection]:
    with throwaway_collection(public.texts, FakeEmbedder()) as made:
        yield made


def hits(collection: Collection, *sources: str) -> tuple[Hit, ...]:
    return tuple(
        Hit(row, p, 1.0, {})
        for source in sources
        for row, p in enumerate(collection.passages)
        if p.source == source
    )


def test_by_hand() -> None:
    gold = [Span("a", 10, 20), Span("b", 0, 30)]
    assert precision_recall([Span("a", 0, 15)], gold) == (5 / 15, 5 / 40)
    assert precision_recall([Span("a", 0, 15), Span("b", 20, 40)], gold) == (15 / 35, 15 / 40)
    assert precision_recall([Span("c", 10, 20)], gold) == (0, 0)
    assert precision_recall([], gold) == (0, 0)
    assert precision_recall([Span("a", 5, 25), Span("b", 0, 30)], gold) == (40 / 50, 1)


pieces = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), unique=True, max_size=8)


@given(retrieved=pieces, gold=pieces.filter(bool))
def test_against_sets_of_characters(retrieved: list[tuple[str, int]], gold: list[tuple[str, int]]) -> None:
    """Retrieved pieces of ten characters, gold ones of six across their bounds."""
    found = [Span(text, 10 * n, 10 * n + 10) for text, n in retrieved]
    wanted = [Span(text, 10 * n + 7, 10 * n + 13) for text, n in gold]
    a, b = (
        {(s.source_sha256, at) for s in spans for at in range(s.start, s.end)} for spans in (found, wanted)
    )
    precision, recall = precision_recall(found, wanted)
    assert precision == (pytest.approx(len(a & b) / len(a)) if a else 0)
    assert recall == pytest.approx(len(a & b) / len(b))


def test_figures_by_benchmark(public: PublicSet, collection: Collection) -> None:
    def scripted(request: Request, of: Collection) -> SearchResult:
        assert of is collection
        assert request.top_k == 64
        if request.question == "Secret?":
            raise BadQuestion("no")
        sources = {"Rent?": ("lease/a.txt", "nda/c.txt"), "End?": ("lease/a.txt", "lease/b.txt")}[
            request.question
        ]
        return SearchResult(hits(collection, *sources), "en", "", "", timings=Timings(total=8.0))

    figures = retrieval_figures(public, collection, scripted)
    assert list(figures) == ["lease", "nda", MEAN]
    lease, nda, mean = figures.values()
    assert (lease["n"], nda["n"], mean["n"]) == (2, 1, 3)
    assert (lease["errors"], nda["errors"], mean["errors"]) == (0, 1, 1)
    assert (lease["precision@1"], lease["recall@1"]) == ((1 + 0) / 2, (1 + 0) / 2)
    for k in DEPTHS[1:]:
        assert lease[f"precision@{k}"] == pytest.approx((12 / 17 + 12 / 46) / 2)
        assert lease[f"recall@{k}"] == 1
        assert nda[f"recall@{k}"] == 0
        assert mean[f"recall@{k}"] == 1 / 2
    assert (lease["latency_p50_ms"], nda["latency_p50_ms"]) == (8, None)


def test_the_service_s_own_search(public: PublicSet, collection: Collection) -> None:
    embedder = FakeEmbedder()
    figures = retrieval_figures(public, collection, lambda r, of: search(r, of, embedder))
    for name in ("lease", "nda"):
        recalls = [figures[name][f"recall@{k}"] or 0 for k in DEPTHS]
        assert recalls == sorted(recalls)
        assert recalls[-1] == 1  # three passages: all are found
        assert figures[name]["errors"] == 0


def test_one_benchmark_has_no_mean(tmp_path: Path) -> None:
    public = load_legalbench_rag(write_legalbench(tmp_path, TEXTS, {"nda": BENCHMARKS["nda"]}))
    with throwaway_collection(public.texts, FakeEmbedder()) as made:
        found = SearchResult((), "en", "", "")
        figures = retrieval_figures(public, made, lambda _, __: found)
    assert list(figures) == ["nda"]
    assert figures["nda"]["precision@1"] == 0
