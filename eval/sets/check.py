"""Checks batch_23.jsonl against the seed text: python eval/sets/check.py

Reads the seed by itself, with no code of the project, so that a fault of the project's parser cannot
hide a fault of the questions. Exit status 1 with a line for every fault.
"""

import json
import re
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).resolve().parent
QUESTIONS = HERE / "batch_23.jsonl"
SEED = HERE.parents[1] / "seeds" / "spp_batch_23_en.txt"

CASES = (85, 86, 87, 88, 89)
KINDS = ("fact", "explain", "list", "yesno", "structure", "several")
HEADINGS = {
    "key words": "keywords",
    "gist": "gist",
    "basic case": "basic_case",
    "procuratorate’s performance process": "procuratorial_process",
    "guiding significance": "guiding_significance",
    "regulations": "regulations",
}
SECTIONS = {*HEADINGS.values(), "outcome", "announcement"}
FIELDS: dict[str, type] = {
    "id": str,
    "case": int,
    "lang": str,
    "edition": str,
    "kind": str,
    "question": str,
    "answerable": bool,
    "answer": str,
    "evidence": list,
    "must": list,
    "section": str,
}
OPTIONAL: dict[str, type] = {"why": str, "cases": list, "pair": str}
AT_LEAST = {True: 152, False: 68}
TOTAL = 220
FIRST = 126
FIRST_SHA256 = "3080b5efb6f9866e0a153d95262d36d54df1e84b6b28734872f52ca8b166b34b"
"""Version 1 of the set is its first lines: results on them stay comparable only while no byte changes."""

Row = dict[str, object]
Spans = dict[tuple[int, str], str]


def spans(seed: str) -> Spans:
    """The text of every section, by case number (0: the announcement) and section."""
    lines = seed.splitlines()
    numbers: dict[int, int] = {}
    titles: set[int] = set()
    for at, line in enumerate(lines):
        found = re.fullmatch(r"\(Experiment No\. (\d+)\)", line.strip())
        if found:
            numbers[at] = int(found[1])
            titles.add(max(before for before in range(at) if lines[before].strip()))
    out: dict[tuple[int, str], list[str]] = {}
    case, section = 0, "announcement"
    for at, line in enumerate(lines):
        heading = re.fullmatch(r"[【\[](.+)[】\]]", line.strip())
        if at in titles:
            case, section = -1, "title"
        elif at in numbers:
            case, section = numbers[at], "title"
        elif heading:
            section = HEADINGS[heading[1].casefold()]
        else:
            out.setdefault((case, section), []).append(line)
    return {key: "\n".join(value) for key, value in out.items() if key[1] != "title"}


def strings(value: object) -> list[str] | None:
    """The value if it is a list of strings without an empty one."""
    if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
        return [str(item) for item in value]
    return None


def shape_faults(row: Row) -> list[str]:
    """Fields that are missing, unknown, of the wrong type or with a value that is not allowed."""
    out = [f"field {name} is missing" for name in FIELDS if name not in row]
    out += [f"field {name} is unknown" for name in row if name not in FIELDS and name not in OPTIONAL]
    known = {**FIELDS, **OPTIONAL}
    out += [
        f"field {name} is not {known[name].__name__}"
        for name in row
        if name in known and type(row[name]) is not known[name]
    ]
    if out:
        return out
    question = str(row["question"])
    if row["lang"] not in ("en", "zh"):
        out.append(f"lang {row['lang']}")
    elif (row["lang"] == "zh") != bool(re.search(r"[一-鿿]", question)):
        out.append("the question is not in its language")
    elif row["answerable"] and (row["lang"] == "zh") != bool(re.search(r"[一-鿿]", str(row["answer"]))):
        out.append("the answer is not in the question's language")
    if row["edition"] != "en":
        out.append(f"edition {row['edition']}")
    if row["kind"] not in KINDS:
        out.append(f"kind {row['kind']}")
    if not question.strip():
        out.append("question is empty")
    if row["case"] not in (0, *CASES):
        out.append(f"case {row['case']}")
    if ("cases" in row) != (row["kind"] == "several"):
        out.append("cases belongs to kind several, and only there")
    if "pair" in row and row["answerable"]:
        out.append("pair belongs to a near-miss")
    return out


def unanswerable_faults(row: Row) -> list[str]:
    """What an unanswerable question holds that it must not, or lacks."""
    out = [
        f"unanswerable with {name}"
        for name in ("answer", "evidence", "must", "section", "cases")
        if row.get(name)
    ]
    if not str(row.get("why", "")).strip():
        out.append("unanswerable without why")
    return out


def answerable_faults(row: Row, text: Spans) -> list[str]:
    """Evidence that is not where the row says it is, and facts that are not in the evidence."""
    evidence, must = strings(row["evidence"]), row["must"]
    section, cases = str(row["section"]), row.get("cases", [row["case"]])
    if not evidence or not isinstance(must, list) or not must or not str(row["answer"]).strip():
        return ["answerable without answer, evidence or must"]
    if section not in SECTIONS:
        return [f"section {section}"]
    if (row["case"] == 0) != (section == "announcement" or row["kind"] == "several"):
        return ["case 0 is for the announcement and for several cases"]
    several = row["kind"] == "several"
    if not isinstance(cases, list) or (several and len(cases) < 2):
        return [f"cases {cases}"]
    if several and any(case not in CASES or cases.count(case) != 1 for case in cases):
        return [f"cases {cases}"]
    out = ["answerable with why"] if row.get("why") else []
    held = {case: text.get((case, section), "") for case in cases}
    out += [f"no such section: case {case}, {section}" for case in cases if not held[case]]
    out += [
        f"evidence not in case {cases}, {section}: {item[:70]}"
        for item in evidence
        if not any(item in part for part in held.values())
    ]
    out += [
        f"no evidence from case {case}" for case in cases if not any(item in held[case] for item in evidence)
    ]
    whole = "\n".join(part for (case, _), part in text.items() if case in cases)
    for group in must:
        alternatives = strings(group)
        if not alternatives:
            out.append(f"must group {group}")
        elif not any(alternative in item for alternative in alternatives for item in evidence):
            out.append(f"must not in evidence: {alternatives}")
        else:
            out += [f"must alternative not in the case: {a}" for a in alternatives if a not in whole]
    return out


def faults(row: object, text: Spans) -> list[str]:
    """Everything that is wrong with one line."""
    if not isinstance(row, dict):
        return ["not an object"]
    found = shape_faults(row)
    if found:
        return found
    return answerable_faults(row, text) if row["answerable"] else unanswerable_faults(row)


def main() -> int:
    """Check the file, print its faults and its counts."""
    text = spans(SEED.read_text(encoding="utf-8"))
    bad = [
        f"seed: case {case} has no {section}"
        for case in CASES
        for section in HEADINGS.values()
        if not text.get((case, section), "").strip()
    ]
    rows: list[Row] = []
    ids: set[object] = set()
    asked: set[object] = set()
    first = b"".join(QUESTIONS.read_bytes().splitlines(keepends=True)[:FIRST])
    if sha256(first).hexdigest() != FIRST_SHA256:
        bad.append(f"the first {FIRST} lines are not those of version 1")
    for number, line in enumerate(QUESTIONS.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
        except ValueError as error:
            bad.append(f"{number}: not JSON: {error}")
            continue
        bad += [f"{number}: {fault}" for fault in faults(row, text)]
        if not isinstance(row, dict):
            continue
        rows.append(row)
        if row.get("id") != f"b23-{number:03d}" or row["id"] in ids:
            bad.append(f"{number}: id {row.get('id')}")
        if row.get("question") in asked:
            bad.append(f"{number}: asked twice")
        ids.add(row.get("id"))
        asked.add(row.get("question"))
    answered = {row.get("id") for row in rows if row.get("answerable") is True}
    bad += [
        f"{row.get('id')}: pair {row['pair']} is no answerable question"
        for row in rows
        if "pair" in row and row["pair"] not in answered
    ]
    if len(rows) != TOTAL:
        bad.append(f"{len(rows)} questions, not {TOTAL}")
    for answerable, least in AT_LEAST.items():
        count = sum(row.get("answerable") is answerable for row in rows)
        if count < least:
            bad.append(f"answerable {answerable}: {count}, fewer than {least}")
    for name in ("answerable", "lang", "kind", "case", "section"):
        counts = Counter(str(row.get(name)) for row in rows)
        print(f"{name}: " + ", ".join(f"{value or '-'} {count}" for value, count in sorted(counts.items())))
    pairs = Counter(
        (str(row.get("kind")), str(row.get("lang")), row.get("answerable") is True) for row in rows
    )
    for kind in KINDS:
        cells = (f"{lang} {pairs[kind, lang, True]}+{pairs[kind, lang, False]}" for lang in ("en", "zh"))
        print(f"  {kind} (answerable + unanswerable): {', '.join(cells)}")
    for fault in bad:
        print(f"{QUESTIONS.name}:{fault}")
    print(f"{len(rows)} questions, {len(bad)} faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
