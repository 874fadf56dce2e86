from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.public.legalbench_rag import load_legalbench_rag
from eval.public.public_set import PublicSetRefused, TextSpan
from tests.eval.public_sets import write_json, write_legalbench

LEASE = "Lease of the house.\r\nRent is 900 a month.\r\nThe lease ends in May.\n"
TEXTS = {
    "cuad/Lease A.txt": LEASE,
    "cuad/other.txt": "Nothing is asked of this one.",
    "nda/secret.txt": "Hush.",
}
READ = LEASE.replace("\r\n", "\n")


def snippet(words: str, path: str = "cuad/Lease A.txt", **more: object) -> dict[str, Any]:
    start = READ.index(words)
    return {"file_path": path, "span": [start, start + len(words)], "answer": words} | more


def test_texts_and_questions(tmp_path: Path) -> None:
    tests = [
        {
            "query": "Consider the lease; what is the rent?",
            "snippets": [snippet("900 a month")],
            "tags": ["x"],
        },
        {"query": "When?", "snippets": [snippet("ends in May"), snippet("lease ends"), snippet("Lease")]},
    ]
    hush = [{"query": "What?", "snippets": [{"file_path": "nda/secret.txt", "span": [0, 5]}]}]
    public = load_legalbench_rag(write_legalbench(tmp_path, TEXTS, {"cuad": tests, "nda": hush}))
    assert [(t.id, t.title, t.language) for t in public.texts] == [
        ("cuad/Lease A.txt", "Lease A", "en"),
        ("cuad/other.txt", "other", "en"),
        ("nda/secret.txt", "secret", "en"),
    ]
    assert public.texts[0].text == READ
    rent, when, what = public.questions
    start = READ.index("900")
    assert (rent.id, rent.group, rent.home) == ("cuad:1", "cuad", "cuad/Lease A.txt")
    assert (rent.answerable, rent.answers) == (True, ("900 a month",))
    assert rent.spans == (TextSpan("cuad/Lease A.txt", start, start + 11),)
    merged = READ.index("lease ends")
    assert when.spans == (
        TextSpan("cuad/Lease A.txt", 0, 5),
        TextSpan("cuad/Lease A.txt", merged, merged + len("lease ends in May")),
    )
    assert (what.id, what.group, what.spans) == ("nda:1", "nda", (TextSpan("nda/secret.txt", 0, 5),))


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ({"query": "Q"}, r"tests\[0\] lacks snippets"),
        ({"query": "Q", "snippets": []}, r"tests\[0\] has no snippets"),
        ({"query": " ", "snippets": [snippet("Rent")]}, r"tests\[0\]\.query is empty"),
        (
            {"query": "Q", "snippets": [snippet("Rent", span=[0, 900])]},
            r"span is \[0, 900\], no place in cuad/Lease",
        ),
        ({"query": "Q", "snippets": [snippet("Rent", span=[-1, 4])]}, r"span is \[-1, 4\], no place"),
        ({"query": "Q", "snippets": [snippet("Rent", span=[4, 4])]}, r"span is \[4, 4\], no place"),
        ({"query": "Q", "snippets": [snippet("Rent", span=[4])]}, r"span is \[4\], no place"),
        ({"query": "Q", "snippets": [snippet("Rent", span=[1.5, 4])]}, r"span\[0\] must be a whole number"),
        (
            {"query": "Q", "snippets": [snippet("Rent", answer="Rant")]},
            r"snippets\[0\]\.answer is not what stands",
        ),
        (
            {"query": "Q", "snippets": [snippet("Rent", path="../corpus/cuad/Lease A.txt")]},
            r"file_path is '\.\./corpus/cuad/Lease A\.txt', and corpus/ holds no such text",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, test: object, message: str) -> None:
    folder = write_legalbench(tmp_path, TEXTS, {"cuad": [test]})
    with pytest.raises(PublicSetRefused, match=rf"cuad\.json: .*{message}"):
        load_legalbench_rag(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xa4\xa4", "not UTF-8"), (b"", "is empty"), (b"\xef\xbb\xbf ", "is blank"), (b"a\x00", "NUL")],
)
def test_a_text_that_is_none(tmp_path: Path, content: bytes, message: str) -> None:
    folder = write_legalbench(tmp_path, TEXTS, {"cuad": [{"query": "Q", "snippets": [snippet("Rent")]}]})
    (folder / "corpus" / "cuad" / "other.txt").write_bytes(content)
    with pytest.raises(PublicSetRefused, match=rf"other\.txt: .*{message}"):
        load_legalbench_rag(folder)


def test_a_byte_order_mark_is_counted_as_python_counts_it(tmp_path: Path) -> None:
    tests = [{"query": "Q", "snippets": [{"file_path": "a.txt", "span": [1, 5], "answer": "Rent"}]}]
    folder = write_legalbench(tmp_path, {"a.txt": "\ufeffRent"}, {"a": tests})
    assert (folder / "corpus" / "a.txt").read_text(encoding="utf-8")[1:5] == "Rent"
    assert load_legalbench_rag(folder).questions[0].answers == ("Rent",)


def test_folders_that_are_missing_or_empty(tmp_path: Path) -> None:
    with pytest.raises(PublicSetRefused, match="has no folder corpus"):
        load_legalbench_rag(tmp_path)
    (tmp_path / "corpus").mkdir()
    with pytest.raises(PublicSetRefused, match="has no folder benchmarks"):
        load_legalbench_rag(tmp_path)
    (tmp_path / "benchmarks").mkdir()
    with pytest.raises(PublicSetRefused, match="holds no text"):
        load_legalbench_rag(tmp_path)
    write_legalbench(tmp_path, TEXTS, {"cuad": []})
    with pytest.raises(PublicSetRefused, match="holds no question"):
        load_legalbench_rag(tmp_path)
    write_json(tmp_path / "benchmarks" / "cuad.json", [])
    with pytest.raises(PublicSetRefused, match=r"cuad\.json: the whole must be an object"):
        load_legalbench_rag(tmp_path)
