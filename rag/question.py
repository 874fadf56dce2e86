"""Understanding a question: which cases, batches and sections it names, what it asks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass, replace

from rag.errors import BadQuestion
from rag.kinds import asked_kinds
from rag.protocols import Collection
from rag.references import as_words, batch_numbers, case_numbers, without_references
from rag.sections import asks_for_overview, described_case, named_sections, remainder
from rag.types import Filters, Language, Message, Request

MAX_QUESTION = 4000
"""Characters; longer is refused: nobody's question is, and a pasted document is not one."""

_HAN = re.compile(r"[㐀-鿿]")
_LATIN = re.compile(r"[A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LEANS = re.compile(
    r"^\s*(?:(?:and|but|so|also|then|what about|how about|what of|ok(?:ay)?)\b|那|还有|另外|其中)|"
    r"\b(?:he|she|they|him|her|them|his|hers|their|it|its|(?:this|that|the same) (?:case|company|court|man|woman|person))\b|"
    r"呢[？?]?\s*$|他|她|它|该案|此案|本案|这个案|这起|上述|前者|后者|该公司",
    re.IGNORECASE,
)
HISTORY_MESSAGES = 10
HISTORY_CHARACTERS = 2000
"""How much of a conversation is read: its last messages, and the end of each."""


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
    nothing_held: bool
    """None of the cases or batches that the question or the filters name is held."""
    overview: bool
    """The question asks what a named case is about, or names it and nothing more."""
    described: str
    """The case that a request for a section describes instead of numbering it; "" for none."""
    carried: bool
    """The case comes from the conversation, not from the question."""


def language_of(text: str) -> Language:
    """The language of a question: Chinese where Han characters outnumber Latin words."""
    return "zh" if len(_HAN.findall(text)) > len(_LATIN.findall(text)) else "en"


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", unicodedata.normalize("NFC", text)).strip()


@dataclass(frozen=True, slots=True)
class _Leaning:
    """What a follow-up takes over from the conversation."""

    earlier: str = ""
    cases: tuple[int, ...] = ()


def _leaning(question: str, history: tuple[Message, ...]) -> _Leaning:
    read = [(m.role, m.content[-HISTORY_CHARACTERS:]) for m in history[-HISTORY_MESSAGES:]]
    content = len(_HAN.findall(question)) + 2 * len(_LATIN.findall(question))
    if not read or not (_LEANS.search(question) or content < 10):
        return _Leaning()
    earlier = next((_clean(text) for role, text in reversed(read) if role == "user"), "")
    cases = next((found for _, text in reversed(read) if (found := case_numbers(text))), ())
    return _Leaning(earlier, cases)


@dataclass(frozen=True, slots=True)
class _Named:
    """Case or batch numbers that the question and the filters name, against what is held."""

    held: tuple[int, ...]
    """Named in the question, held."""
    missing: tuple[int, ...]
    """Named in either, not held."""
    allowed: tuple[int, ...]
    """What to search in; empty for everything."""
    contradiction: bool
    nothing_held: bool

    @classmethod
    def of(cls, named: tuple[int, ...], wanted: tuple[int, ...], collection: Set[int | None]) -> _Named:
        held = tuple(n for n in named if n in collection)
        filtered = tuple(n for n in wanted if n in collection)
        both = tuple(n for n in held if n in filtered)
        return cls(
            held=held,
            missing=tuple(dict.fromkeys(n for n in (*named, *wanted) if n not in collection)),
            allowed=both or filtered or wanted or held,
            contradiction=bool(held and filtered and not both),
            nothing_held=bool(named and not held) or bool(wanted and not filtered),
        )


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
    in_conversation = bool(request.history)
    leaning = _leaning(question, request.history)
    named = case_numbers(question, bare=in_conversation)
    carried = not named and bool(leaning.cases)
    named = named or leaning.cases
    batches = batch_numbers(question)
    held_cases = {edition.case_number for edition in collection.editions}
    held_batches = {edition.batch for edition in collection.editions}
    cases = _Named.of(named, request.filters.case_numbers, held_cases)
    of_batches = _Named.of(batches, request.filters.batches, held_batches)
    rest = " ".join(without_references(question, bare=in_conversation, instead=as_words).split())
    sections = named_sections(rest)
    if not sections and leaning.earlier and not remainder(rest):
        # "And of case 86?" after "the gist of case 85": the same section is meant.
        sections = named_sections(" ".join(without_references(leaning.earlier, instead=as_words).split()))
    return Query(
        text=f"{leaning.earlier}\n{question}" if leaning.earlier else question,
        question=question,
        language=language_of(question),
        case_numbers=cases.held,
        missing_cases=cases.missing,
        batches=of_batches.held,
        missing_batches=of_batches.missing,
        sections=sections,
        wants_sections=bool(sections) and not remainder(rest),
        kinds=asked_kinds(question),
        filters=replace(request.filters, case_numbers=cases.allowed, batches=of_batches.allowed),
        contradiction=cases.contradiction or of_batches.contradiction,
        nothing_held=cases.nothing_held or of_batches.nothing_held,
        overview=bool(named) and not sections and asks_for_overview(rest),
        described="" if named or not sections else described_case(rest),
        carried=carried,
    )
