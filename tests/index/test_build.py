from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from index.build import BuildReport, Seconds, build_snapshot, publish_documents
from index.document import Document, Problem
from index.manifest import Counts
from index.plan import Dropped, plan_snapshot
from index.snapshot import load_snapshot
from index.store import SnapshotStore
from rag.protocols import Progress, Vectors
from tests.index.handmade import HashEmbedder, chinese, document, english

GIST = ("gist", "【要旨】", ["依法追究。"])


def one(name: str, text: str, number: int = 191, batch: int | None = None) -> Document:
    return document(name, [(number, "某某案", [("gist", "【要旨】", [text])])], language="zh", batch=batch)


def built(folder: Path, documents: Sequence[Document], **options: object) -> BuildReport:
    folder.mkdir()
    return build_snapshot(documents, [], HashEmbedder(), folder, **options)  # type: ignore[arg-type]


def test_the_report_counts_and_times(tmp_path: Path) -> None:
    progress: list[tuple[int, int]] = []
    problem = Problem(3, "?", "no heading")
    documents = [replace(english(), problems=(problem,)), chinese()]
    report = built(tmp_path / "a", documents, progress=lambda *step: progress.append(step))
    assert report.counts == Counts(sources=2, cases=2, editions=4, passages=7, sentences=12)
    assert report.problems == (("batch_23.txt", problem),)
    assert (report.dropped, report.refused, report.reused) == ((), (), False)
    assert all(seconds > 0 for seconds in (report.seconds.embedding, report.seconds.writing))
    assert report.embedded == 17  # of 19 texts: a passage of one sentence is embedded once
    assert progress == [(done, 17) for done in range(18)]


def test_the_same_inputs_give_the_same_snapshot_in_any_order(tmp_path: Path) -> None:
    documents = [english(), chinese(), one("191.md", "其一。"), one("192.md", "其二。", 192, batch=9)]
    whole: dict[str, bytes] = {}
    for n, order in enumerate(permutations(documents)):
        aliases = [["b", "a"], ["x", "y"]] if n % 2 else [["y", "x", "x"], ["a", "b"]]
        folder = tmp_path / str(n)
        folder.mkdir()
        build_snapshot(order, aliases, HashEmbedder(), folder)
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and not path.name.startswith("manifest")
        }
        assert files == (whole or files)
        whole = files
    assert len({load_snapshot(tmp_path / str(n)).snapshot_id for n in range(24)}) == 1
    held = load_snapshot(tmp_path / "0")
    assert [edition.case_number for edition in held.editions] == [86, 191, 192, None, 85, 86]
    assert held.aliases == (("a", "b"), ("x", "y"))


def test_every_input_is_in_the_id() -> None:
    def made(documents: Sequence[Document], aliases: Sequence[Sequence[str]] = (), **options: object) -> str:
        embedder = HashEmbedder(
            name=str(options.get("model", "hash")), dimensions=int(str(options.get("d", 8)))
        )
        return plan_snapshot(
            documents, aliases, embedder, max_tokens=int(str(options.get("max_tokens", 256)))
        ).snapshot_id

    base = chinese()
    edition = base.editions[0]
    section = replace(edition.sections[0], id="outcome")
    others = [
        made([base]),
        made([base, english()]),
        made([base], [["a", "b"]]),
        made([base], max_tokens=128),
        made([base], model="other"),
        made([base], d=16),
        made([replace(base, source=replace(base.source, name="n"))]),
        made([replace(base, source=replace(base.source, batch=3))]),
        made([replace(base, editions=(replace(edition, sections=(section,)),))]),
        made([]),
    ]
    assert len(set(others)) == len(others)


@pytest.mark.parametrize("page_first", [True, False])
def test_an_edition_of_a_source_with_a_batch_wins(page_first: bool) -> None:
    file, page = one("191.md", "单行本。"), one("page.txt", "官方网页。", batch=48)
    plan = plan_snapshot([page, file] if page_first else [file, page], [], HashEmbedder())
    assert [source.name for source in plan.sources] == ["page.txt"]
    assert plan.editions == page.editions
    assert plan.dropped == (Dropped(191, None, "zh", "191.md", "page.txt", "replaced"),)


def test_otherwise_the_later_edition_wins() -> None:
    first, second = one("a.md", "其一。"), one("b.md", "其二。")
    for given in ([first, second], [second, first]):
        plan = plan_snapshot(given, [], HashEmbedder())
        assert plan.editions == given[1].editions
        assert plan.dropped[0].kept == given[1].source.name
    old, new = one("a.md", "其一。", batch=48), one("b.md", "其二。", batch=48)
    assert plan_snapshot([old, new], [], HashEmbedder()).editions == new.editions


def test_a_source_stays_while_another_of_its_editions_is_kept() -> None:
    both = document("two.md", [(207, "甲案", [GIST]), (208, "乙案", [GIST])], language="zh")
    page = one("page.txt", "官方。", 208, batch=53)
    plan = plan_snapshot([both, page], [], HashEmbedder())
    assert [(e.case_number, e.source) for e in plan.editions] == [(207, "two.md"), (208, "page.txt")]
    assert [source.name for source in plan.sources] == ["two.md", "page.txt"]


def test_one_text_in_two_files_is_a_duplicate() -> None:
    text = one("a.md", "同文。")
    named = replace(text.source, name="b.md", batch=48)
    again = replace(text, source=named, editions=(replace(text.editions[0], source="b.md", batch=48),))
    for given in ([text, again], [again, text]):
        plan = plan_snapshot(given, [], HashEmbedder())
        assert plan.sources == (named,)
        assert plan.editions == again.editions
        assert plan.dropped == (Dropped(191, None, "zh", "a.md", "b.md", "duplicate"),)


def test_the_same_words_within_two_sources_are_a_duplicate() -> None:
    alone = one("a.md", "同文。")
    with_more = document(
        "b.md",
        [(191, "某某案", [("gist", "【要旨】", ["同文。"])]), (192, "乙案", [GIST])],
        language="zh",
    )
    plan = plan_snapshot([with_more, alone], [], HashEmbedder())
    assert [(d.case_number, d.source, d.reason) for d in plan.dropped] == [(191, "b.md", "duplicate")]


def test_languages_and_announcements_of_batches_are_kept_apart() -> None:
    plan = plan_snapshot([english(), chinese()], [], HashEmbedder())
    assert [(e.case_number, e.language) for e in plan.editions] == [
        (86, "zh"),
        (None, "en"),
        (85, "en"),
        (86, "en"),
    ]

    def announced(name: str, text: str, batch: int | None) -> Document:
        return document(name, [(None, "", [("announcement", "", [text])])], batch=batch)

    given = [announced("a", "One.", 1), announced("b", "Two.", 2), announced("c", "Page.", None)]
    again = announced("d", "One, mended.", 1)
    kept = plan_snapshot([*given, again], [], HashEmbedder()).editions
    assert [edition.source for edition in kept] == ["c", "d", "b"]


def test_a_wrong_checksum_is_refused() -> None:
    wrong = replace(chinese(), source=replace(chinese().source, sha256="0" * 64))
    with pytest.raises(ValueError, match=r"86\.md: sha256 is not that of its text"):
        plan_snapshot([wrong], [], HashEmbedder())


def test_an_empty_collection_is_a_snapshot(tmp_path: Path) -> None:
    report = built(tmp_path / "a", [])
    snapshot = load_snapshot(tmp_path / "a")
    assert (
        report.counts.passages == len(snapshot.passages) == len(snapshot.dense) == len(snapshot.lexical) == 0
    )
    assert snapshot.sentence_vectors.shape == (0, 8)
    assert snapshot.dense.search(np.ones(8, np.float32), 5)[0].tolist() == []
    assert snapshot.lexical.search("river", 5)[0].tolist() == []


def test_known_vectors_are_taken_over(tmp_path: Path) -> None:
    built(tmp_path / "old", [english()])
    previous = load_snapshot(tmp_path / "old")
    steps: list[tuple[int, int]] = []
    for model, anew in (("hash", 3), ("other", 17)):
        embedder, folder = HashEmbedder(name=model), tmp_path / model
        folder.mkdir()
        report = build_snapshot(
            [english(), chinese()],
            [],
            embedder,
            folder,
            previous=previous,
            progress=lambda *s: steps.append(s),
        )
        fresh = tmp_path / f"fresh-{model}"
        fresh.mkdir()
        build_snapshot([english(), chinese()], [], HashEmbedder(name=model), fresh)
        assert (len(embedder.seen), report.embedded) == (anew, anew)
        for name in ("vectors.faiss", "sentence_vectors.npy"):
            assert (folder / name).read_bytes() == (fresh / name).read_bytes()
    assert steps[:4] == [(14, 17), (15, 17), (16, 17), (17, 17)]


class Wrong(HashEmbedder):
    def __init__(self, change: str) -> None:
        super().__init__()
        self.change = change

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        vectors = super().embed_passages(texts, progress)
        if self.change == "nan":
            vectors[0, 0] = np.nan
        elif self.change == "long":
            vectors *= 2
        else:
            vectors = vectors[:-1]
        return vectors


@pytest.mark.parametrize(
    ("change", "message"),
    [("nan", "not of length 1"), ("long", "not of length 1"), ("few", r"shape \(16, 8\), \(17, 8\)")],
)
def test_vectors_that_cannot_be_right_stop_the_build(tmp_path: Path, change: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build_snapshot([english(), chinese()], [], Wrong(change), tmp_path)


def test_publishing_the_same_documents_again_builds_nothing(tmp_path: Path) -> None:
    store, embedder = SnapshotStore(tmp_path), HashEmbedder()
    first, report = publish_documents(store, [english()], [["a", "b"]], embedder)
    assert not report.reused
    embedded = len(embedder.seen)
    again, second = publish_documents(store, [english()], [["b", "a"]], embedder)
    assert again.snapshot_id == first.snapshot_id == store.current_id() == second.snapshot_id
    assert len(embedder.seen) == embedded
    assert (second.reused, second.embedded, second.seconds, second.counts) == (
        True,
        0,
        Seconds(),
        report.counts,
    )
