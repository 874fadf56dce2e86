"""What the service says in its own words: only that it does not answer, and why."""

from __future__ import annotations

import re

from rag.question import Query
from rag.sections import NAMES
from rag.types import Language

MAX_ECHO = 200
"""Characters of the question that an abstention repeats."""


MAX_LISTED = 8


def _listed(values: tuple[int, ...], language: Language) -> str:
    more = len(values) - MAX_LISTED
    values = values[:MAX_LISTED]
    tail = "" if more <= 0 else f"等{more + len(values)}件" if language == "zh" else f" and {more} more"
    if language == "zh":
        return "、".join(f"检例第{v}号" for v in values) + tail
    return ", ".join(f"Guiding Case No. {v}" for v in values) + tail


def _looked_for(query: Query) -> str:
    # A bracketed number would read as a marker.
    text = re.sub(r"\[(\d+)\]", r"［\1］", " ".join(query.question.split()))
    return text if len(text) <= MAX_ECHO else text[: MAX_ECHO - 1] + "…"


def cases_not_held(query: Query) -> str:
    if query.language == "zh":
        return f"本库未收录{_listed(query.missing_cases, 'zh')}，无法回答：“{_looked_for(query)}”。"
    verb = "is" if len(query.missing_cases) == 1 else "are"
    return f"{_listed(query.missing_cases, 'en')} {verb} not held in this collection, so this cannot be answered: “{_looked_for(query)}”"


def batches_not_held(query: Query) -> str:
    if query.language == "zh":
        names = "、".join(f"第{b}批" for b in query.missing_batches)
        return f"本库未收录{names}指导性案例，无法回答：“{_looked_for(query)}”。"
    names = ", ".join(f"Batch {b}" for b in query.missing_batches)
    verb = "is" if len(query.missing_batches) == 1 else "are"
    return f"{names} {verb} not held in this collection, so this cannot be answered: “{_looked_for(query)}”"


def section_not_held(query: Query) -> str:
    index = 0 if query.language == "zh" else 1
    names = [NAMES[section][index] for section in query.sections]
    if query.language == "zh":
        return f"{_listed(query.case_numbers, 'zh')}已收录，但其文本没有“{'、'.join(names)}”部分。"
    return f"{_listed(query.case_numbers, 'en')} is held, but its text has no section “{', '.join(names)}”."


def filters_exclude(query: Query) -> str:
    if query.language == "zh":
        return f"所设筛选条件排除了问题所指的内容，未检索：“{_looked_for(query)}”。请放宽筛选条件。"
    return f"The filters leave out what the question names, so nothing was searched for: “{_looked_for(query)}”. Widen the filters."


def no_evidence(query: Query) -> str:
    if query.language == "zh":
        where = _listed(query.case_numbers, "zh") + "的文本" if query.case_numbers else "所收录的案例"
        return f"{where}中没有找到足以回答这一问题的内容。所查找的是：“{_looked_for(query)}”。"
    where = f"the text of {_listed(query.case_numbers, 'en')}" if query.case_numbers else "the cases held"
    return f"Nothing in {where} was found that answers this. Looked for: “{_looked_for(query)}”"


def case_not_named(query: Query) -> str:
    if query.language == "zh":
        return f"请指明案例，例如“检例第85号的要旨”：“{_looked_for(query)}”没有说明是哪一个案例。"
    return f"Which case? Name one, as in “the gist of case 85”: “{_looked_for(query)}” names none that could be told."


def some_missing(query: Query) -> str:
    """A warning beside an answer from what is held, or beside search results."""
    if query.language == "zh":
        names = [_listed(query.missing_cases, "zh")] if query.missing_cases else []
        names += [f"第{b}批" for b in query.missing_batches]
        return f"本库未收录{'、'.join(names)}。"
    names = [_listed(query.missing_cases, "en")] if query.missing_cases else []
    names += [f"Batch {b}" for b in query.missing_batches]
    return f"Not held in this collection: {', '.join(names)}."
