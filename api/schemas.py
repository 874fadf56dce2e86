"""What a caller sends."""

from __future__ import annotations

import dataclasses
import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from rag.types import SECTION_IDS, Filters, Language, Message, Mode, Request

MAX_QUESTION = 4_000
MAX_MESSAGE = 32_000
MAX_MESSAGES = 200
MAX_FILTER = 1_000
MAX_NUMBER = 1_000_000


def _section(value: str) -> str:
    if value not in SECTION_IDS:
        allowed = ", ".join(SECTION_IDS)
        raise PydanticCustomError(
            "unknown_section", "Unknown section; give one of {allowed}", {"allowed": allowed}
        )
    return value


def _clean(value: str) -> str:
    """Without control characters, which a pasted PDF may bring, and without lone surrogates, which an
    emoji cut in two leaves behind: no UTF-8 can carry them."""
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" else c for c in value)


def _is_blank(text: str) -> bool:
    """Whether only white space and invisible characters are in it."""
    return all(unicodedata.category(c)[0] in "ZC" for c in text)


SectionId = Annotated[
    str, AfterValidator(_section), WithJsonSchema({"type": "string", "enum": list(SECTION_IDS)})
]
Number = Annotated[int, Field(ge=1, le=MAX_NUMBER)]
Text = Annotated[str, AfterValidator(_clean)]


class _Sent(BaseModel):
    """Strict, and without unknown fields; a field that is null is a field that was not sent."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {
                key: value for key, value in data.items() if value is not None or key not in cls.model_fields
            }
        return data


class FiltersBody(_Sent):
    """What the answer is restricted to; an empty list restricts nothing."""

    case_numbers: list[Number] = Field(default=[], max_length=MAX_FILTER, examples=[[86]])
    batches: list[Number] = Field(default=[], max_length=MAX_FILTER, examples=[[23]])
    sections: list[SectionId] = Field(default=[], max_length=MAX_FILTER, examples=[["gist"]])
    languages: list[Language] = Field(default=[], max_length=MAX_FILTER, examples=[["en"]])


class MessageBody(_Sent):
    role: Literal["system", "user", "assistant"]
    content: Text = Field(max_length=MAX_MESSAGE)


class _Question(_Sent):
    question: Text | None = Field(
        default=None,
        description=f"At most {MAX_QUESTION} characters.",
        examples=["What is the gist of Case 86?"],
    )
    messages: list[MessageBody] = Field(default=[], max_length=MAX_MESSAGES)
    filters: FiltersBody = FiltersBody()
    top_k: int = Field(default=8, ge=1, le=50, description="How many passages to return.")

    @model_validator(mode="after")
    def _one_usable_question(self) -> Self:
        given = self._given()
        if len(given) != 1:
            raise PydanticCustomError(
                "one_question", "Give 'question' or 'messages', one of them", {"field": "question"}
            )
        if self.messages and self.messages[-1].role != "user":
            raise PydanticCustomError(
                "last_message", "The last of 'messages' must have the role 'user'", {"field": "messages"}
            )
        if _is_blank(given[0]):
            raise PydanticCustomError(
                "question_blank", "The question is blank; write one", {"field": "question"}
            )
        if len(given[0]) > MAX_QUESTION:
            raise PydanticCustomError(
                "question_too_long",
                "The question has {length} characters and may have {limit}; shorten it",
                {"length": len(given[0]), "limit": MAX_QUESTION, "field": "question"},
            )
        return self

    def _given(self) -> list[str]:
        """The questions that were sent; exactly one is right."""
        last = [self.messages[-1].content] if self.messages else []
        return last if self.question is None else [*last, self.question]

    def request(self) -> Request:
        f = self.filters
        return Request(
            question=self._given()[0].strip(),
            history=tuple(Message(m.role, m.content) for m in self.messages[:-1]),
            filters=Filters(tuple(f.case_numbers), tuple(f.batches), tuple(f.sections), tuple(f.languages)),
            top_k=self.top_k,
        )


class SearchBody(_Question):
    """What to find: `question` (or `query`, which is the same), or `messages` whose last one is the
    user's question."""

    query: Text | None = Field(default=None, description="Another name for `question`.")

    def _given(self) -> list[str]:
        return super()._given() if self.query is None else [*super()._given(), self.query]


class AskBody(_Question):
    """One question: `question`, or `messages` whose last one is the user's question."""

    mode: Mode = Field(
        default="auto", description="`auto` is extractive where no language model is configured."
    )
    stream: bool = Field(default=False, description="Answer with server-sent events.")

    def request(self) -> Request:
        return dataclasses.replace(super().request(), mode=self.mode)
