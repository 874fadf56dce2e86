"""Questions which cases concern a topic, made from the cases' own key words: what asks over all cases is
answered by a case's key words and the sentences of its gist that name the topic."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator

from eval.questions import Question
from eval.train.corpus import Cases
from rag.types import Language

PER_CASE = 2
COMMON = 5
"""A topic of more cases than this is too common to tell them apart."""
_ASKED: dict[Language, tuple[str, ...]] = {
    "zh": ("哪些案例涉及{}？", "有哪些关于{}的案例？", "有没有{}方面的案例", "这些案例中哪几个与{}有关？"),
    "en": (
        "Which cases concern {}?",
        "Which of these cases involve {}?",
        "cases about {}",
        "Are there any cases that deal with {}?",
    ),
}
_BETWEEN = re.compile(r"[\s\u3000、，,；;。.]+")
_BETWEEN_ENGLISH = re.compile(r"\s*[;,、，；.]\s*|\s{2,}|\n")
_HEADING = re.compile(r"^(?:关键词|Key\s?words?)\s*[:：]?\s*", re.IGNORECASE)


def topic_questions(cases: Cases, seed: int) -> Iterator[Question]:
    """One edition at a time; of a keyword that is a word of the language and names few cases."""
    chosen = random.Random(seed)
    words = {row: _words(cases, row) for row, p in enumerate(cases.passages) if p.section == "keywords"}
    common = Counter(word for found in words.values() for word in set(found))
    for row, found in words.items():
        passage = cases.passages[row]
        rare = [word for word in dict.fromkeys(found) if common[word] <= COMMON]
        if passage.case_number is None:
            continue
        for number, word in enumerate(chosen.sample(rare, min(PER_CASE, len(rare)))):
            gist = [
                cases.passages[other].text[s.start - cases.passages[other].start :][: s.end - s.start]
                for other in cases.rows(passage.case_number, passage.language)
                if cases.passages[other].section == "gist"
                for s in cases.sentences[other]
            ]
            yield Question(
                id=f"topic-{passage.case_number}-{passage.language}-{number}",
                case=passage.case_number,
                lang=passage.language,
                edition=passage.language,
                kind="several",
                question=chosen.choice(_ASKED[passage.language]).format(word),
                answerable=True,
                answer=word,
                evidence=(passage.text, *(sentence for sentence in gist if word in sentence)),
                must=((word,),),
                section=None,
                why=None,
                cases=(passage.case_number,),
            )


def _words(cases: Cases, row: int) -> list[str]:
    passage = cases.passages[row]
    text = _HEADING.sub("", passage.text.strip())
    if passage.language == "zh":
        return [word for word in _BETWEEN.split(text) if 2 <= len(word) <= 14]
    return [word for word in _BETWEEN_ENGLISH.split(text) if 4 <= len(word) <= 60]
