from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np
import pytest

from index.lexical import BM25Index
from rag.terms import terms

TEXTS = ["污染长江 river", "river water 85", "", "公益诉讼", "污染环境"]


def test_what_is_saved_is_what_is_loaded(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    built = BM25Index.build(TEXTS)
    built.save(tmp_path / "lexical")
    loaded = BM25Index.load(tmp_path / "lexical")
    assert len(loaded) == 5
    for query in ("污染 river", "诉讼", "85"):
        rows, scores = built.search(query, 5)
        rows_again, scores_again = loaded.search(query, 5)
        assert rows_again.tolist() == rows.tolist() != []
        assert scores_again.tolist() == scores.tolist()
    assert not list((tmp_path / "lexical").glob("*corpus*"))
    assert capfd.readouterr() == ("", "")


def test_the_same_texts_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        BM25Index.build(TEXTS).save(tmp_path / name)
    names = [path.name for path in (tmp_path / "a").iterdir()]
    assert len(names) == 5
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_an_index_without_terms_is_saved_and_loaded(tmp_path: Path) -> None:
    for texts in ([], ["", "。"]):
        BM25Index.build(texts).save(tmp_path / "e")
        loaded = BM25Index.load(tmp_path / "e")
        assert len(loaded) == len(texts)
        assert loaded.search("river", 3)[0].tolist() == []


def test_another_splitting_can_be_tried() -> None:
    with_single = BM25Index.build(TEXTS, lambda text: terms(text, unigrams=True))
    assert with_single.search("污", 5)[0].tolist() == [4, 0]
    assert BM25Index.build(TEXTS).search("污", 5)[0].tolist() == []


@pytest.mark.parametrize(("field", "value"), [("k1", 9.0), ("b", 0.1), ("method", "robertson")])
def test_other_parameters_are_refused(tmp_path: Path, field: str, value: object) -> None:
    BM25Index.build(TEXTS).save(tmp_path)
    path = tmp_path / "params.index.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    with pytest.raises(ValueError, match="k1, b or method"):
        BM25Index.load(tmp_path)


def test_rows_that_are_not_held_are_refused(tmp_path: Path) -> None:
    BM25Index.build(TEXTS).save(tmp_path)
    path = tmp_path / "indices.csc.index.npy"
    indices = np.load(path)
    indices[0] = 5
    np.save(path, indices)
    with pytest.raises(ValueError, match="the lexical index is not whole"):
        BM25Index.load(tmp_path)


def test_building_logs_nothing_below_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        BM25Index.build(TEXTS)
    assert caplog.records == []
