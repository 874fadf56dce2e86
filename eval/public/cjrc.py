"""CJRC, the judicial reading comprehension of CAIL 2019 (Duan et al. 2019, arXiv 1912.09156).

SQuAD's shape with differences: a text for every case, whose ``casename`` is the cause of action; in the
development set three annotators' answers a question; "YES" and "NO" for questions of that kind, "" for no
answer, both without a place.

Whether a question has an answer is the annotators' majority. ``is_impossible`` (a text, "true" or "false") is
not read: in the development set it is "true" for 198 questions that at least two of the three answered, and
the official evaluation goes by the answers alone.
"""

from __future__ import annotations

from pathlib import Path

from eval.public.node import Node, read_json
from eval.public.placing import Placing
from eval.public.public_set import PublicQuestion, PublicSet, PublicText
from rag.question import language_of

YES_NO = ("YES", "NO")


def load_cjrc(file: Path) -> PublicSet:
    """Raises PublicSetRefused, which names the file and the place of the fault."""
    texts: list[PublicText] = []
    questions: list[PublicQuestion] = []
    placing = Placing()
    for case in read_json(file).field("data").items():
        case_id = case.field("caseid").name()
        for number, node in enumerate(case.field("paragraphs").items(), 1):
            context = node.field("context").filled()
            text = PublicText(
                f"{case_id}.{number}", node.field("casename").text().strip(), context, language_of(context)
            )
            texts.append(text)
            questions += [_question(asked, text, placing) for asked in node.field("qas").items()]
    return PublicSet(str(file), tuple(texts), tuple(questions), placing.notes())


def _question(node: Node, text: PublicText, placing: Placing) -> PublicQuestion:
    answers = node.field("answers").items()
    given = [answer for answer in answers if answer.field("text").text()]
    answerable = 2 * len(given) > len(answers)
    if not answerable:
        given = []
    quoted = [answer for answer in given if answer.field("text").text() not in YES_NO]
    places = [placing.place(answer, text.id, text.text) for answer in quoted]
    return PublicQuestion(
        id=node.field("id").name(),
        text=node.field("question").filled(),
        home=text.id,
        answerable=answerable,
        answers=tuple(dict.fromkeys(answer.field("text").text() for answer in given)),
        spans=tuple(dict.fromkeys(place for place in places if place)),
    )
