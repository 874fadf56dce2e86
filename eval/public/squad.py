"""Files in SQuAD's format: ``data[].paragraphs[].qas[]``.

Rajpurkar et al. 2016 (1.1), Rajpurkar, Jia and Liang 2018 (2.0: ``is_impossible``); CMRC 2018, DRCD, XQuAD
and PolicyQA were published in it. A text is one paragraph, its title the article's.
"""

from __future__ import annotations

from pathlib import Path

from eval.public.node import Node, is_blank, read_json
from eval.public.placing import Placing
from eval.public.public_set import PublicQuestion, PublicSet, PublicText
from rag.question import language_of


def load_squad(file: Path) -> PublicSet:
    """Raises PublicSetRefused, which names the file and the place of the fault."""
    texts: list[PublicText] = []
    questions: list[PublicQuestion] = []
    placing = Placing()
    blank = 0
    for number, article in enumerate(read_json(file).field("data").items(), 1):
        title = article.optional("title")
        # Wikipedia's form of a title, which SQuAD keeps.
        named = title.text().replace("_", " ").strip() if title else ""
        for paragraph, node in enumerate(article.field("paragraphs").items(), 1):
            context = node.field("context").filled()
            text = PublicText(f"{number}.{paragraph}", named, context, language_of(context))
            texts.append(text)
            for asked in node.field("qas").items():
                # The trial set of CMRC 2018 has two: there is nothing to ask.
                if is_blank(asked.field("question").text()):
                    blank += 1
                else:
                    questions.append(_question(asked, text, placing))
    notes = placing.notes() + ((f"questions left out because they are empty: {blank}",) if blank else ())
    return PublicSet(str(file), tuple(texts), tuple(questions), notes)


def _question(node: Node, text: PublicText, placing: Placing) -> PublicQuestion:
    flag = node.optional("is_impossible")
    impossible = flag is not None and flag.boolean()
    answers = node.optional("answers")
    given = answers.items() if answers else []
    if impossible and given:
        raise node.refusal("is impossible, yet has answers")
    if not impossible and not given:
        raise node.refusal("has no answers and is not marked is_impossible; a test file without its answers?")
    places = [placing.place(answer, text.id, text.text) for answer in given]
    return PublicQuestion(
        id=node.field("id").name(),
        text=node.field("question").filled(),
        home=text.id,
        answerable=not impossible,
        answers=tuple(dict.fromkeys(answer.field("text").text() for answer in given)),
        spans=tuple(dict.fromkeys(place for place in places if place)),
    )
