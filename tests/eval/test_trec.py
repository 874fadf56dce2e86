"""The retrieval figures against another implementation of them, read from the exported files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG

from eval.run import Run, run_evaluation
from eval.trec import write_trec
from rag.types import Hit, Request
from tests.eval.small import hit, question, small_collection
from tests.eval.test_run import RIGHT, ask, run

C = small_collection()
# ir_measures says that it is typed, but these two functions are not.
read_qrels: Any = ir_measures.read_trec_qrels
read_run: Any = ir_measures.read_trec_run
PASSAGES = [passage.id for passage in C.passages]
THEIRS = {
    **{f"hit@{k}": Success @ k for k in (1, 5, 10)},
    **{f"recall@{k}": R @ k for k in (1, 5, 10)},
    "mrr@10": RR @ 10,
    "ndcg@10": nDCG @ 10,
}


def check(got: Run, folder: Path) -> None:
    write_trec(got, folder)
    for name, what in (("evidence", "evidence"), ("sections", "section")):
        qrels = list(read_qrels(str(folder / f"{name}.qrels")))
        found = list(read_run(str(folder / f"{name}.run")))
        theirs = ir_measures.calc_aggregate(THEIRS.values(), qrels, found)
        ours = {measure: got.overall[f"{what}_{figure}"] for figure, measure in THEIRS.items()}
        assert theirs == pytest.approx(ours)


def test_files(tmp_path: Path) -> None:
    paths = write_trec(run(), tmp_path / "trec")
    assert [path.name for path in paths] == [
        *("evidence.run", "evidence.qrels", "sections.run", "sections.qrels"),
    ]
    assert paths[0].read_text(encoding="utf-8").splitlines()[:2] == [
        "q1 Q0 1-zh-gist-1 1 1.000000 jianli",
        "q1 Q0 1-en-basic_case-1 2 0.500000 jianli",
    ]
    assert "q1 0 1/basic_case 1\n" in paths[3].read_text(encoding="utf-8")
    check(run(), tmp_path)


def test_ids_keep_to_their_column(tmp_path: Path) -> None:
    got = run([question(id="a b%")])
    assert write_trec(got, tmp_path)[1].read_text(encoding="utf-8").startswith("a%20b%25 0 1-zh")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.permutations(PASSAGES), min_size=1, max_size=4), st.data())
def test_any_ranking(
    tmp_path_factory: pytest.TempPathFactory, rankings: list[list[str]], data: st.DataObject
) -> None:
    pieces = [passage.text for passage in C.passages if passage.case_number == 1 and passage.language == "zh"]
    questions = []
    found: dict[str, list[str]] = {}
    for number, ranking in enumerate(rankings):
        evidence = data.draw(st.lists(st.sampled_from(pieces), min_size=1, unique=True))
        questions.append(question(id=str(number), question=str(number), evidence=tuple(evidence)))
        found[str(number)] = ranking[: data.draw(st.integers(0, len(ranking)))]

    def search(request: Request) -> Sequence[Hit]:
        return [hit(C, passage) for passage in found[request.question]]

    got = run_evaluation(questions, lambda _: ask(Request(RIGHT.question)), search, C, settings={}, commit="")
    if any(found.values()):
        check(got, tmp_path_factory.mktemp("trec"))
