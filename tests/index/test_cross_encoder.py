"""The reader as it is served: a small untrained one through export, and the shipped one."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

from eval.train.cross_encoder import ReaderModel
from eval.train.reader_export import export
from index.cross_encoder import CONFIG, MODEL, NOT_READ, TOKENIZER, load_reader
from index.embedding import BUNDLED as RETRIEVER
from rag.errors import ModelUnavailable
from rag.protocols import Reading, Window

QUESTION = "罚款是多少？"
WINDOWS = [
    Window("检例第1号", "公司被罚款五千万元。判决已生效。", ((0, 10), (10, 16))),
    Window("Guiding Case No. 2", "He was fined 300 yuan.", ((0, 22),)),
    Window("检例第3号", "天气好。鸟儿在唱歌。孩子在玩耍。", ((0, 4), (4, 10), (10, 16))),
]


@pytest.fixture(scope="module")
def trained() -> ReaderModel:
    """Two layers, with weights that are no zeros, so that every part of the head counts."""
    reader = ReaderModel(RETRIEVER, 2, seed=3)
    with torch.no_grad():
        for part in (reader.model.sentence, reader.model.passage):
            part.last.weight.normal_(std=0.2)
    reader.model.eval()
    return reader


@pytest.fixture(scope="module")
def folder(trained: ReaderModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("reader")
    export(trained.model, RETRIEVER, made)
    return made


def flat(readings: list[Reading]) -> list[float]:
    return [score for reading in readings for score in (*reading.sentences, reading.answered)]


def test_it_reads_as_it_was_trained(trained: ReaderModel, folder: Path) -> None:
    found = load_reader(folder).read(QUESTION, WINDOWS)
    assert [len(reading.sentences) for reading in found] == [2, 1, 3]
    with torch.no_grad():
        sentences, windows = trained.scores([(QUESTION, window) for window in WINDOWS])
    wanted = [float(x) for s, w in zip(sentences, windows, strict=True) for x in (*s, w)]
    assert np.corrcoef(flat(found), wanted)[0, 1] > 0.98  # 8 bits a weight
    assert np.allclose(flat(found), wanted, atol=0.6)


def test_the_company_in_a_batch_changes_little(folder: Path) -> None:
    """A batch shares the scale of its 8-bit activations."""
    reader = load_reader(folder)
    together = reader.read(QUESTION, WINDOWS * 3)
    alone = [reader.read(QUESTION, [window])[0] for window in WINDOWS] * 3
    assert np.allclose(flat(together), flat(alone), atol=0.5)
    assert reader.read(QUESTION, []) == []


def test_a_sentence_that_was_cut_off_was_not_read(folder: Path) -> None:
    sentence = "这一句话说的是同一件事情而且很长。"
    spans = tuple((n * len(sentence), (n + 1) * len(sentence)) for n in range(90))
    (found,) = load_reader(folder).read(QUESTION, [Window("", sentence * 90, spans)])
    assert len(found.sentences) == 90
    assert found.sentences[0] > NOT_READ
    assert found.sentences[-1] == NOT_READ


def test_odd_texts_are_read(folder: Path) -> None:
    reader = load_reader(folder)
    for question in ("\ud800?", "a" * 4000, "？" * 4000, "\u200b", "[MASK] <s> </s>"):
        assert np.isfinite(flat(reader.read(question, WINDOWS))).all()


def test_many_threads_read_the_same(folder: Path) -> None:
    reader = load_reader(folder)
    wanted = reader.read(QUESTION, WINDOWS)
    with ThreadPoolExecutor(4) as pool:
        assert all(found == wanted for found in pool.map(lambda _: reader.read(QUESTION, WINDOWS), range(12)))


def test_its_name_changes_with_its_weights(folder: Path, tmp_path: Path) -> None:
    name = load_reader(folder).name
    moved = shutil.copytree(folder, tmp_path / folder.name)
    assert load_reader(moved).name == name
    other = ReaderModel(RETRIEVER, 2, seed=4)
    export(other.model, RETRIEVER, moved)
    assert load_reader(moved).name != name


@pytest.mark.parametrize("broken", [MODEL, TOKENIZER, CONFIG])
def test_a_broken_folder_says_what_to_do(folder: Path, tmp_path: Path, broken: str) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / broken).write_bytes((copy / broken).read_bytes()[:100])
    if broken == CONFIG:
        (copy / broken).write_text(json.dumps({}), encoding="utf-8")
    with pytest.raises(ModelUnavailable, match="JIANLI_READER=off"):
        load_reader(copy)
    (copy / broken).unlink()
    with pytest.raises(ModelUnavailable, match="JIANLI_READER=off"):
        load_reader(copy)


def test_the_shipped_reader_knows_what_answers() -> None:
    found = load_reader().read(QUESTION, WINDOWS)
    fine, other = found[0].sentences
    assert fine > other
    assert max(found[2].sentences) < fine
    assert found[0].answered > found[2].answered
