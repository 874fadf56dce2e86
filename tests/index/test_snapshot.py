from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest

from index.build import build_snapshot
from index.dense import FlatIndex
from index.manifest import files_below, read_manifest, write_manifest
from index.snapshot import Snapshot, load_snapshot
from rag.errors import NotHeld, SnapshotCorrupt, SnapshotMismatch
from rag.protocols import Collection
from rag.types import Filters
from tests.index.handmade import HashEmbedder, chinese, english

FILES = [
    "editions.jsonl",
    "lexical/data.csc.index.npy",
    "lexical/indices.csc.index.npy",
    "lexical/indptr.csc.index.npy",
    "lexical/params.index.json",
    "lexical/vocab.index.json",
    "manifest.json",
    "manifest.sha256",
    "passages.jsonl",
    "sentence_vectors.npy",
    "sentences.jsonl",
    "sources.jsonl",
    f"sources/{chinese().source.sha256}.txt",
    f"sources/{english().source.sha256}.txt",
    "vectors.faiss",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshot")
    build_snapshot([english(), chinese()], [["Blooming", "盛开"]], HashEmbedder(), folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return copytree(made, tmp_path / "copy")


def reseal(folder: Path, **changes: Any) -> None:
    """Makes the checksums agree with files that a test has changed."""
    manifest = read_manifest(folder)
    write_manifest(folder, replace(manifest, files=files_below(folder), **changes))


def listing(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_files_are_those_that_the_docstring_names(made: Path) -> None:
    assert sorted(listing(made)) == sorted(FILES)


def test_a_snapshot_is_a_collection_and_holds_what_was_given(made: Path) -> None:
    snapshot: Snapshot = load_snapshot(made)
    collection: Collection = snapshot
    assert collection.model == "hash"
    assert collection.aliases == (("Blooming", "盛开"),)
    assert collection.snapshot_id == snapshot.manifest.snapshot_id
    assert len(collection.snapshot_id) == 18
    assert list(collection.editions) == [*chinese().editions, *english().editions]
    assert {source.sha256: source for source in snapshot.sources} == {
        d.source.sha256: d.source for d in (english(), chinese())
    }
    assert collection.source(english().source.sha256).text == english().source.text
    with pytest.raises(NotHeld, match="no source with sha256 abc"):
        collection.source("abc")
    for passage in collection.passages:
        text = collection.source(passage.source_sha256).text
        assert passage.text == text[passage.start : passage.end] != ""
    assert len(collection.dense) == len(collection.lexical) == len(collection.passages) == 7
    assert collection.sentence_vectors.shape == (len(collection.sentences), 8)


def test_vectors_are_those_of_context_and_text(made: Path) -> None:
    snapshot, embedder = load_snapshot(made), HashEmbedder()
    for row, passage in enumerate(snapshot.passages):
        query = embedder.embed_queries([f"{passage.context}\n{passage.text}"])[0]
        rows, scores = snapshot.dense.search(query, 1)
        assert rows.tolist() == [row]
        assert scores[0] == pytest.approx(1, abs=1e-6)
    for row, sentence in enumerate(snapshot.sentences):
        passage = snapshot.passages[sentence.passage]
        words = snapshot.source(passage.source_sha256).text[sentence.start : sentence.end]
        expected = embedder.embed_queries([f"{passage.context}\n{words}"])[0]
        np.testing.assert_array_equal(snapshot.sentence_vectors[row], expected)


def test_the_lexical_index_knows_context_and_text(made: Path) -> None:
    snapshot = load_snapshot(made)
    (row,), _ = snapshot.lexical.search("tons", 5)
    assert snapshot.passages[row].case_number == 86
    rows, _ = snapshot.lexical.search("counterfeit", 9)
    assert {snapshot.passages[row].case_number for row in rows} == {85}


def test_sentence_rows_are_a_partition(made: Path) -> None:
    snapshot = load_snapshot(made)
    rows = [row for passage in range(7) for row in snapshot.sentence_rows(passage)]
    assert rows == list(range(len(snapshot.sentences)))
    for passage in range(7):
        assert {snapshot.sentences[row].passage for row in snapshot.sentence_rows(passage)} == {passage}
    for wrong in (-1, 7):
        with pytest.raises(IndexError, match="7 are held"):
            snapshot.sentence_rows(wrong)


def test_the_manifest_says_what_made_it(made: Path) -> None:
    told = json.loads((made / "manifest.json").read_bytes())
    assert told["makers"] == {
        "embedder": "hash",
        "dimensions": 8,
        "max_tokens": 256,
        "chunker_version": "1",
        "terms_version": "1",
        "format_version": 1,
    }
    assert told["counts"] == {"sources": 2, "cases": 2, "editions": 4, "passages": 7, "sentences": 12}
    assert told["batches"] == [23]
    assert told["created_at"].endswith("+00:00")
    for file in told["files"]:
        data = (made / file["path"]).read_bytes()
        assert (len(data), sha256(data).hexdigest()) == (file["size"], file["sha256"])
    seal = (made / "manifest.sha256").read_text()
    assert seal == f"{sha256((made / 'manifest.json').read_bytes()).hexdigest()}  manifest.json\n"


def test_source_texts_are_kept_to_the_byte_and_passages_are_not_written_twice(made: Path) -> None:
    source = english().source
    assert (made / "sources" / f"{source.sha256}.txt").read_bytes() == source.text.encode()
    assert "\r\n" in source.text
    for name in ("passages.jsonl", "sentences.jsonl", "editions.jsonl"):
        assert b"50,000 tons" not in (made / name).read_bytes()


def test_filters_leave_rows(made: Path) -> None:
    snapshot = load_snapshot(made)
    rows = snapshot.rows(Filters(case_numbers=(86,), languages=("en",)))
    assert rows is not None
    assert [snapshot.passages[row].text[:9] for row in rows] == ["The river"]
    assert snapshot.rows(Filters()) is None


def test_opening_writes_nothing(made: Path) -> None:
    def state() -> list[tuple[str, int, int]]:
        return [(str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(made.rglob("*"))]

    before = state()
    load_snapshot(made)
    assert state() == before


@pytest.mark.parametrize("name", FILES)
def test_an_altered_byte_is_found_wherever_it_is(folder: Path, name: str) -> None:
    path = folder / name
    whole = path.read_bytes()
    for place in sorted({0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 1}):
        for bit in (1, 32):
            spoiled = bytearray(whole)
            spoiled[place] ^= bit
            path.write_bytes(spoiled)
            with pytest.raises(SnapshotCorrupt, match="jianli index build"):
                load_snapshot(folder)
    path.write_bytes(whole)
    assert load_snapshot(folder).passages


@pytest.mark.parametrize("name", FILES)
def test_a_missing_or_cut_file_is_found_without_checksums_too(folder: Path, name: str) -> None:
    path = folder / name
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(SnapshotCorrupt, match=Path(name).name.replace(".", r"\.")):
        load_snapshot(folder, verify=False)
    path.unlink()
    with pytest.raises(SnapshotCorrupt, match=Path(name).name.replace(".", r"\.")):
        load_snapshot(folder, verify=False)


def test_other_files_in_the_folder_are_let_be(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"x")
    assert load_snapshot(folder).passages


@pytest.mark.parametrize("field", ["format_version", "chunker_version", "terms_version"])
def test_another_maker_is_a_mismatch_with_its_cure(folder: Path, field: str) -> None:
    other: Any = 99 if field == "format_version" else "99"
    reseal(folder, makers=replace(read_manifest(folder).makers, **{field: other}))
    with pytest.raises(SnapshotMismatch, match=rf"{field} is .*99.*jianli index build"):
        load_snapshot(folder)


def test_another_model_is_a_mismatch(made: Path) -> None:
    snapshot = load_snapshot(made)
    snapshot.check_embedder(HashEmbedder())
    for other in (HashEmbedder(name="e5"), HashEmbedder(dimensions=4)):
        with pytest.raises(SnapshotMismatch, match="JIANLI_EMBEDDING_MODEL"):
            snapshot.check_embedder(other)


def edit_lines(path: Path, row: int, column: int, value: object) -> None:
    records = [json.loads(line) for line in path.read_text().splitlines()]
    records[row][column] = value
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


@pytest.mark.parametrize(
    ("name", "row", "column", "value", "message"),
    [
        ("passages.jsonl", 1, 5, 10**6, "is not within its section"),
        ("passages.jsonl", 1, 4, -3, "is not within its section"),
        ("passages.jsonl", 1, 1, 44, "index out of range"),
        ("passages.jsonl", 1, 3, 99, "has no paragraph 99"),
        ("passages.jsonl", 2, 5, None, "passages.jsonl"),
        ("sentences.jsonl", 2, 2, 10**6, "sentence 2 is not in its passage"),
        ("sentences.jsonl", 2, 1, 0, "sentence 2 is not in its passage"),
        ("sentences.jsonl", 0, 0, 3, "sentences.jsonl"),
        ("sentences.jsonl", 0, 0, 99, "index out of range"),
    ],
)
def test_places_that_cannot_be_right_are_found_even_where_checksums_agree(
    folder: Path, name: str, row: int, column: int, value: object, message: str
) -> None:
    edit_lines(folder / name, row, column, value)
    reseal(folder)
    with pytest.raises(SnapshotCorrupt, match=message):
        load_snapshot(folder)


def test_a_passage_without_a_sentence_and_two_of_one_id_are_found(folder: Path) -> None:
    path = folder / "sentences.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-2]))
    reseal(folder)
    with pytest.raises(SnapshotCorrupt, match="a passage has no sentence"):
        load_snapshot(folder)
    path = folder / "passages.jsonl"
    edit_lines(path, 1, 0, json.loads(path.read_text().splitlines()[0])[0])
    reseal(folder)
    with pytest.raises(SnapshotCorrupt, match="two passages have one id"):
        load_snapshot(folder)


def test_vectors_of_another_size_are_found(folder: Path) -> None:
    whole = (folder / "vectors.faiss").read_bytes()
    FlatIndex.build(np.zeros((6, 8), np.float32)).save(folder / "vectors.faiss")
    reseal(folder)
    with pytest.raises(SnapshotCorrupt, match="holds 6 vectors for 7 passages"):
        load_snapshot(folder)
    FlatIndex.build(np.zeros((7, 9), np.float32)).save(folder / "vectors.faiss")
    reseal(folder)
    with pytest.raises(SnapshotCorrupt, match="has 9 dimensions, not 8"):
        load_snapshot(folder)
    (folder / "vectors.faiss").write_bytes(whole)
    for wrong, message in ((np.zeros((12, 8)), "float64"), (np.zeros((11, 8), np.float32), "shape")):
        np.save(folder / "sentence_vectors.npy", wrong)
        reseal(folder)
        with pytest.raises(SnapshotCorrupt, match=message):
            load_snapshot(folder)


def test_a_manifest_of_other_contents_is_found(folder: Path) -> None:
    manifest = read_manifest(folder)
    for changes, message in (
        ({"counts": replace(manifest.counts, cases=5)}, "counts"),
        ({"batches": (24,)}, "other batches"),
        ({"aliases": ()}, "its files make"),
        ({"snapshot_id": "s-0123456789abcdef"}, "its files make"),
    ):
        write_manifest(folder, replace(manifest, **changes))
        with pytest.raises(SnapshotCorrupt, match=message):
            load_snapshot(folder)


def test_no_folder_is_corrupt(tmp_path: Path) -> None:
    with pytest.raises(SnapshotCorrupt, match=r"manifest\.json cannot be read"):
        load_snapshot(tmp_path / "none")
