"""Understanding a question: which cases, batches and sections it names, what it asks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rag.errors import BadQuestion
from rag.kinds import asked_kinds
from rag.protocols import Collection
from rag.references import batch_numbers, case_numbers, without_references
from rag.sections import named_sections, remainder
from rag.types import Filters, Language, Message, Request

MAX_QUESTION = 4000
"""Characters; longer is refused: nobody's question is, and a pasted document is not one."""

_HAN = re.compile(r"[㐀-鿿]")
_LATIN = re.compile(r"[A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LEANS = re.compile(
    r"^\s*(?:(?:and|but|so|also|then|what about|how about|what of|ok(?:ay)?)\b|那|还有|另外|其中)|"
    r"\b(?:he|she|they|him|her|them|his|hers|their|it|its|this|that|those|these|there)\b|"
    r"呢[？?]?\s*$|他们?|她们?|它们?|该案|此案|本案|这个案|这起|上述|前者|后者",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as understood."""

    text: str
    """What is searched for: the question, made complete where it leans on an earlier one."""
    question: str
    """As asked, without control characters."""
    language: Language
    case_numbers: tuple[int, ...]
    """Named cases that the collection holds."""
    missing_cases: tuple[int, ...]
    batches: tuple[int, ...]
    missing_batches: tuple[int, ...]
    sections: tuple[str, ...]
    wants_sections: bool
    """The question asks for whole sections themselves, and for nothing else."""
    kinds: frozenset[str]
    filters: Filters
    """The caller's filters, narrowed to the cases and batches that the question names."""
    contradiction: bool
    """The caller's filters leave none of what the question names."""


def language_of(text: str) -> Language:
    """The language of a question: Chinese where Han characters outnumber Latin words."""
    return "zh" if len(_HAN.findall(text)) > len(_LATIN.findall(text)) else "en"


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", unicodedata.normalize("NFC", text)).strip()


def _carried(question: str, history: tuple[Message, ...]) -> tuple[str, tuple[int, ...]]:
    """What a follow-up leans on: the earlier question to read before it ("" for none) and the cases
    that the conversation was about."""
    for message in reversed(history):
        found = case_numbers(message.content)
        if found:
            cases = found
            break
    else:
        cases = ()
    earlier = [m.content for m in history if m.role == "user"]
    content = len(_HAN.findall(question)) + 2 * len(_LATIN.findall(question))
    leans = bool(_LEANS.search(question)) or content < 12
    return (_clean(earlier[-1]) if earlier and leans else "", cases if leans else ())


def _narrow(wanted: Iterable[int], named: tuple[int, ...]) -> tuple[tuple[int, ...], bool]:
    """A caller's filter and what the question names, both kept: (values, whether nothing is left)."""
    wanted = tuple(wanted)
    if not named:
        return wanted, False
    if not wanted:
        return named, False
    both = tuple(value for value in named if value in wanted)
    return (both, False) if both else (wanted, True)


def understand(request: Request, collection: Collection) -> Query:
    """Read a question. Raises BadQuestion where there is none, or one that is too long."""
    question = _clean(request.question)
    if not question or not any(c.isalnum() for c in question):
        raise BadQuestion("The question is empty: ask something in Chinese or English.")
    if len(question) > MAX_QUESTION:
        raise BadQuestion(
            f"The question has {len(question):,} characters; at most {MAX_QUESTION:,} are read. "
            "Shorten it to what you want to know."
        )
    named = case_numbers(question)
    earlier, carried = _carried(question, request.history) if request.history else ("", ())
    if not named:
        named = carried
    batches = batch_numbers(question)
    held_cases = {edition.case_number for edition in collection.editions}
    held_batches = {edition.batch for edition in collection.editions}
    held = tuple(n for n in named if n in held_cases)
    case_filter, no_case = _narrow(request.filters.case_numbers, held)
    batch_filter, no_batch = _narrow(request.filters.batches, tuple(b for b in batches if b in held_batches))
    missing = [n for n in (*named, *request.filters.case_numbers) if n not in held_cases]
    rest = without_references(question)
    sections = named_sections(rest)
    return Query(
        text=f"{earlier}\n{question}" if earlier else question,
        question=question,
        language=language_of(question),
        case_numbers=held,
        missing_cases=tuple(dict.fromkeys(missing)),
        batches=tuple(b for b in batches if b in held_batches),
        missing_batches=tuple(b for b in (*batches, *request.filters.batches) if b not in held_batches),
        sections=sections,
        wants_sections=bool(sections) and not remainder(rest),
        kinds=asked_kinds(question),
        filters=replace(request.filters, case_numbers=case_filter, batches=batch_filter),
        contradiction=no_case or no_batch,
    )
