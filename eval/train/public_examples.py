"""Questions of public reading sets with one window each, answerable and not: how to read, in general."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.train.examples import Labelled
from eval.train.pairs import PUBLIC
from index.sentences import sentence_spans
from rag.protocols import Window
from rag.types import Language

LONGEST = {"zh": 320, "en": 900}
"""Characters of a window, about as many as in the cases' passages."""


def public_examples(folder: Path, names: Sequence[str] = PUBLIC) -> Iterator[tuple[str, Labelled]]:
    """Question and window."""
    for name in names:
        language: Language = "en" if name.startswith(("squad", "policy")) else "zh"
        for article in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["data"]:
            title = str(article.get("title", "")).replace("_", " ")
            for paragraph in article["paragraphs"]:
                text = paragraph["context"]
                spans = sentence_spans(text, 0, len(text), language)
                for asked in paragraph["qas"]:
                    answers = [] if asked.get("is_impossible") else asked["answers"]
                    if not spans or (not answers and not asked.get("is_impossible")):
                        continue
                    at = answers[0]["answer_start"] if answers else (len(asked["question"]) * 37) % len(text)
                    end = at + len(answers[0]["text"]) if answers else at
                    limit = LONGEST[language]
                    yield asked["question"], _around(title, text, spans, at, end, limit, bool(answers))


def _around(
    title: str, text: str, spans: list[tuple[int, int]], start: int, end: int, limit: int, answered: bool
) -> Labelled:
    """Whole sentences about start..end, at most ``limit`` characters unless one alone is longer."""
    middle = min(range(len(spans)), key=lambda i: max(spans[i][0] - start, start - spans[i][1], 0))
    first = last = middle
    while True:
        wider = [(first - 1, last), (first, last + 1)]
        fitting = [
            (a, b) for a, b in wider if a >= 0 and b < len(spans) and spans[b][1] - spans[a][0] <= limit
        ]
        if not fitting:
            break
        # The answer shall not always stand in the middle: the shorter side does not come first.
        first, last = fitting[(first + last + start) % len(fitting)]
    begin = spans[first][0]
    kept = spans[first : last + 1]
    labels = tuple(int(answered and a < end and start < b) for a, b in kept)
    moved = tuple((a - begin, b - begin) for a, b in kept)
    return Labelled(Window(title, text[begin : kept[-1][1]], moved), labels)
