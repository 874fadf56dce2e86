"""Question sets: JSON lines, one question a line, checked before they are used.

A fault names the file and the line. The format is that of ../shared/questions/README.md, with two
fields more: ``section`` (where the answer stands) and ``cases`` (a question about several cases).
Case 0 in a file is no case: a question about a batch's announcement, or about several cases.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from eval.folding import fold
from rag.errors import JianliError
from rag.types import SECTION_IDS, Language

KINDS = ("fact", "explain", "list", "yesno", "structure", "several")
LANGUAGES = ("zh", "en")

_OWN = Path(__file__).resolve().parent / "sets"
_SHARED = Path(__file__).resolve().parents[2] / "shared" / "questions"
SETS: dict[str, tuple[Path, ...]] = {
    "batch_23": (_OWN / "batch_23.jsonl",),
    "zh_dev": (_SHARED / "q_174_201.jsonl",),
    "zh_test": (_SHARED / "q_202_227.jsonl",),
    "en_dev": tuple(_SHARED / "en" / f"q_{case}.jsonl" for case in (183, 186, 192, 198)),
    "en_test": tuple(_SHARED / "en" / f"q_{case}.jsonl" for case in (204, 209, 213)),
}
"""The splits by case are fixed in ../shared/questions/README.md: never train on a test set."""


class QuestionsRefused(JianliError):
    """A question set is absent, or a line of it has a fault."""

    code = "questions_refused"


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    case: int | None
    """None: a question about a batch's announcement, or about several cases."""
    lang: Language
    edition: Language
    """Language of the text that ``evidence`` quotes."""
    kind: str
    question: str
    answerable: bool
    answer: str
    evidence: tuple[str, ...]
    """Verbatim pieces that together answer it; empty where unanswerable."""
    must: tuple[tuple[str, ...], ...]
    """Groups of alternatives; a right answer holds one of each group."""
    section: str | None
    why: str | None
    """Unanswerable: what is missing or false."""
    cases: tuple[int | None, ...]
    """The cases that an answer may cite (None: the announcement); ``(case,)`` unless the question
    asks about several."""
    pair: str | None = None
    """The answerable question that this near-miss differs from in one detail."""


def load_questions(path: Path) -> tuple[Question, ...]:
    """Raises QuestionsRefused when the file is absent, empty or has a fault."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise QuestionsRefused(f"{path}: no such question file") from None
    except UnicodeDecodeError as error:
        raise QuestionsRefused(f"{path}: not UTF-8 ({error})") from None
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(parse_question(json.loads(line)))
        except ValueError as error:
            raise QuestionsRefused(f"{path}:{number}: {error}") from None
    if not found:
        raise QuestionsRefused(f"{path}: holds no question")
    return tuple(found)


def load_set(name_or_path: str) -> tuple[Question, ...]:
    """A named set (see SETS), or any file of questions. Raises QuestionsRefused."""
    paths = SETS.get(name_or_path) or (Path(name_or_path),)
    if name_or_path not in SETS and not paths[0].is_file():
        raise QuestionsRefused(f"no question set {name_or_path!r}: name a file, or one of {', '.join(SETS)}")
    absent = [path for path in paths if not path.is_file()]
    if absent:
        raise QuestionsRefused(
            f"set {name_or_path}: {absent[0]} is absent; the shared sets are read where they lie, "
            "in a folder shared/ beside the project"
        )
    questions = tuple(question for path in paths for question in load_questions(path))
    _refuse_repeats(questions, name_or_path)
    return questions


def digest(questions: Sequence[Question]) -> str:
    """SHA-256 over the questions in order: two runs with the same digest were asked the same."""
    lines = [json.dumps(asdict(q), ensure_ascii=False, sort_keys=True) for q in questions]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _refuse_repeats(questions: Sequence[Question], name: str) -> None:
    ids: set[str] = set()
    asked: set[tuple[int | None, str, str]] = set()
    for q in questions:
        key = (q.case, q.edition, q.question)
        if q.id in ids:
            raise QuestionsRefused(f"{name}: the id {q.id} stands twice")
        if key in asked:
            raise QuestionsRefused(f"{name}: {q.id} asks what another question of case {q.case} asks")
        ids.add(q.id)
        asked.add(key)


def parse_question(row: Any) -> Question:
    """Raises ValueError."""
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    if "turns" in row:
        raise ValueError("a conversation, not a question")
    if unknown := sorted(set(row) - {f.name for f in fields(Question)}):
        raise ValueError(f"unknown field {', '.join(unknown)}")
    for name in ("id", "question"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise ValueError(f"{name} must be a text that is not blank")
    for name, allowed in (("lang", LANGUAGES), ("kind", KINDS)):
        if row.get(name) not in allowed:
            raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {row.get(name)!r}")
    if row.setdefault("edition", "zh") not in LANGUAGES:
        raise ValueError(f"edition must be one of {', '.join(LANGUAGES)}, not {row['edition']!r}")
    if not isinstance(row.get("answerable"), bool):
        raise ValueError("answerable must be true or false")
    if not _is_case(row.get("case")):
        raise ValueError("case must be a number, 0 for none")
    case = row["case"] or None
    cases = row.get("cases") or [row["case"]]
    if not isinstance(cases, list) or not all(map(_is_case, cases)) or case not in (None, *cases):
        raise ValueError("cases must be a list of case numbers that holds case")
    section = row.get("section") or None
    if section not in (None, *SECTION_IDS):
        raise ValueError(f"section must be a canonical section id, not {section!r}")
    for name in ("answer", "why", "pair"):
        if not isinstance(row.get(name), str | None):
            raise ValueError(f"{name} must be a text")
    if not _texts(row.get("evidence")):
        raise ValueError("evidence must be a list of texts that are not blank")
    must = row.get("must")
    if not isinstance(must, list) or not all(group and _texts(group) for group in must):
        raise ValueError("must must be a list of groups, each a list of texts that are not blank")
    _check_sense(row)
    return Question(
        id=row["id"],
        case=case,
        lang=row["lang"],
        edition=row["edition"],
        kind=row["kind"],
        question=row["question"],
        answerable=row["answerable"],
        answer=row.get("answer") or "",
        evidence=tuple(row["evidence"]),
        must=tuple(map(tuple, must)),
        section=section,
        why=row.get("why"),
        cases=tuple(number or None for number in cases),
        pair=row.get("pair"),
    )


def _check_sense(row: dict[str, Any]) -> None:
    if not row["answerable"]:
        if row["evidence"] or row["must"]:
            raise ValueError("unanswerable, yet with evidence or must")
        if not row.get("why"):
            raise ValueError("unanswerable without why")
        return
    if not (row["evidence"] and row["must"] and row.get("answer")):
        raise ValueError("answerable without answer, evidence or must")
    evidence = fold("\n".join(row["evidence"]))
    for group in row["must"]:
        if not any(fold(alternative) in evidence for alternative in group):
            raise ValueError(f"no alternative of must {group} stands in the evidence")


def _is_case(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) and fold(text) for text in value)
