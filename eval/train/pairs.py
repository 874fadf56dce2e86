"""Training pairs: a question, the passage that answers it, and the passages that must not count as wrong."""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.folding import fold
from eval.questions import Question, load_questions
from eval.train.corpus import SHARED, TRAINING_CASES, Cases, Place
from index.passages import embedded
from rag.types import Language

PUBLIC = ("squad2_part", "DRCD_dev", "DRCD_test", "cmrc2018_dev", "cmrc2018_trial", "policyqa_dev")
"""Of ../shared/bench/rc; the licences are in its README."""

LONGEST = {"zh": 330, "en": 760}
"""Characters of a passage that are trained on: what is longer is cut to the evidence's neighbourhood, for
a step costs as much as its longest text."""

_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-Z(\"“])")


@dataclass(frozen=True, slots=True)
class Pair:
    question: str
    text: str
    """The passage, as it is embedded."""
    group: str
    """Pairs of one group meet in a batch: a case, or an article of a public set."""
    key: object
    """Which passage ``text`` is (or is cut from)."""
    accepted: frozenset[object]
    """Keys of passages that hold the answer as well: no negatives of this question."""
    crossing: str
    """Language of the question and of the passage, or "public"."""


def collides(pair: Pair, other: Pair) -> bool:
    """Whether the passage of ``other`` must not be a negative of ``pair``'s question."""
    return other.key == pair.key or other.key in pair.accepted


def training_questions() -> list[Question]:
    """The answerable ones of the training cases."""
    folder = SHARED / "questions"
    files = [*folder.glob("q_*.jsonl"), *(folder / "pairs").glob("*.jsonl"), *(folder / "en").glob("*.jsonl")]
    questions = [q for file in sorted(files) for q in load_questions(file)]
    return [q for q in questions if q.case in TRAINING_CASES and q.answerable]


def case_pairs(cases: Cases, questions: Iterable[Question]) -> Iterator[Pair]:
    """A pair for every question, and a second with the passage of the other edition where there is one."""
    for question in questions:
        case = question.case
        assert case is not None
        places = [
            place for piece in question.evidence for place in cases.places(case, question.edition, piece)
        ]
        if not places:
            continue
        rows = {row for place in places for row in place.rows}
        also = rows | _holding_all(cases, case, question)
        for piece in question.evidence:
            also |= cases.holding(piece, question.edition)
        best = max(sorted(rows), key=lambda row: _held(cases, row, question))
        across = [found for place in places if (found := cases.parallel(case, place))]
        also |= {row for _, found in across for row in found}
        yield _pair(cases, question.question, question.lang, best, also, places)
        if across:
            main = next(
                (f for place, f in zip(places, across, strict=False) if best in place.rows), across[0]
            )
            yield _pair(cases, question.question, question.lang, main[0], also, ())


def translated_pairs(cases: Cases, seed: int) -> Iterator[Pair]:
    """One sentence of every English passage, as if it were asked, with the Chinese passage that it
    translates: no question is needed to learn that the two mean the same."""
    chosen = random.Random(seed)
    for row, passage in enumerate(cases.passages):
        if passage.language != "en" or passage.section in ("keywords", "regulations"):
            continue
        sentences = [s for s in _SENTENCE.split(passage.text) if 40 <= len(s) <= 330]
        if not sentences or passage.case_number is None:
            continue
        sentence = chosen.choice(sentences)
        start = passage.start + passage.text.index(sentence)
        found = cases.parallel(passage.case_number, Place("en", start, start + len(sentence), (row,)))
        if found:
            yield _pair(cases, sentence, "en", found[0], {row, *found[1]}, ())


def public_pairs(folder: Path, names: Sequence[str] = PUBLIC) -> Iterator[Pair]:
    """Every answerable question of the public reading sets, with its answer's neighbourhood."""
    for name in names:
        language: Language = "en" if name.startswith(("squad", "policy")) else "zh"
        articles = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["data"]
        for number, article in enumerate(articles):
            for place, paragraph in enumerate(article["paragraphs"]):
                for asked in paragraph["qas"]:
                    if asked.get("is_impossible") or not asked["answers"]:
                        continue
                    at = asked["answers"][0]["answer_start"]
                    text = neighbourhood(paragraph["context"], at, at, LONGEST[language] // 2)
                    title = str(article.get("title", "")).replace("_", " ")
                    yield Pair(
                        asked["question"],
                        embedded(title, text) if title else text,
                        f"{name}/{number}",
                        (name, number, place),
                        frozenset(),
                        "public",
                    )


def neighbourhood(text: str, start: int, end: int, limit: int) -> str:
    """At most ``limit`` characters of ``text`` around start..end, whole words."""
    if len(text) <= limit:
        return text
    first = min(max(0, (start + end - limit) // 2), len(text) - limit)
    first = min(first, start)
    last = first + limit
    while 0 < first < start and text[first - 1].isascii() and text[first - 1].isalnum():
        first += 1
    while end < last < len(text) and text[last].isascii() and text[last].isalnum():
        last -= 1
    return text[first:last].strip()


def counts(pairs: Iterable[Pair]) -> dict[str, int]:
    return dict(sorted(Counter(pair.crossing for pair in pairs).items()))


def by_group(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.group].append(pair)
    return dict(groups)


def _pair(
    cases: Cases, question: str, lang: Language, row: int, also: Iterable[int], places: Sequence[Place]
) -> Pair:
    passage = cases.passages[row]
    spans = [(p.start, p.end) for p in places if row in p.rows] or [(passage.start, passage.start)]
    start = max(0, spans[0][0] - passage.start)
    end = min(len(passage.text), max(start, spans[0][1] - passage.start))
    text = neighbourhood(passage.text, start, end, LONGEST[passage.language])
    return Pair(
        question,
        embedded(passage.context, text),
        f"case {passage.case_number}",
        row,
        frozenset(also),
        f"{lang}-{passage.language}",
    )


def _held(cases: Cases, row: int, question: Question) -> int:
    """How many of the facts wanted and of the pieces of evidence the passage holds."""
    text = cases.folded(row)
    facts = sum(any(fold(one) in text for one in group) for group in question.must)
    return facts + sum(fold(piece) in text for piece in question.evidence)


def _holding_all(cases: Cases, case: int, question: Question) -> set[int]:
    """Passages of the same case that hold every fact wanted."""
    wanted = [[fold(one) for one in group] for group in question.must]
    return {
        row
        for row in cases.rows(case, question.edition)
        if all(any(one in cases.folded(row) for one in group) for group in wanted)
    }
