"""Questions of the project's own on the training cases, whose evidence is kept as offsets: the texts are not
part of the project, so that their words are not copied into it.

python -m eval.train.own_questions pack QUESTIONS.jsonl… > OWN.jsonl
python -m eval.train.own_questions unpack OWN.jsonl > QUESTIONS.jsonl    # to be run with `jianli eval run`

``evidence_at`` holds [case, start, end] in the Chinese edition's stored source text in place of ``evidence``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.questions import Question, QuestionsRefused, parse_question
from eval.train.corpus import DEVELOPMENT_CASES, TRAINING_CASES, Cases

FOLDER = Path(__file__).resolve().parent / "questions"
TRAINING, DEVELOPMENT = FOLDER / "train.jsonl", FOLDER / "several_dev.jsonl"


def packed(rows: Iterable[dict[str, Any]], cases: Cases) -> Iterator[dict[str, Any]]:
    """Raises QuestionsRefused where evidence does not stand in the case."""
    for row in rows:
        found = []
        for piece in row["evidence"]:
            places = [
                [case, place.start, place.end]
                for case in row.get("cases") or [row["case"]]
                for place in cases.places(case, "zh", piece)
            ]
            if not places:
                raise QuestionsRefused(f"{row['id']}: no such evidence in the case: {piece}")
            found += places
        yield {**{k: v for k, v in row.items() if k != "evidence"}, "evidence_at": found}


def own_questions(path: Path, cases: Cases) -> list[Question]:
    """Raises QuestionsRefused where the texts are not those that the offsets were taken from."""
    questions = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        at = row.pop("evidence_at")
        row["evidence"] = [cases.text(case, "zh")[start:end] for case, start, end in at]
        try:
            questions.append(parse_question(row))
        except ValueError as error:
            raise QuestionsRefused(f"{path}:{number}: {error}: are these the same case texts?") from None
    return questions


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.train.own_questions", description=__doc__)
    parser.add_argument("work", choices=("pack", "unpack"))
    parser.add_argument("files", nargs="+", type=Path)
    arguments = parser.parse_args()
    cases = Cases.read(TRAINING_CASES | DEVELOPMENT_CASES)
    for file in arguments.files:
        if arguments.work == "pack":
            rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
            lines = list(packed(rows, cases))
        else:
            lines = [
                {**asdict(q), "case": q.case or 0, "cases": [case or 0 for case in q.cases]}
                for q in own_questions(file, cases)
            ]
        for line in lines:
            print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
