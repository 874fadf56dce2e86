"""A value of a JSON file that knows where it stands, so that a fault names the file and the place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from eval.public.public_set import PublicSetRefused


@dataclass(frozen=True, slots=True)
class Node:
    """Every method that reads raises PublicSetRefused where the value is of another kind."""

    file: Path
    where: str
    """"data[0].paragraphs[2]"; "" for the whole."""
    value: object

    def refusal(self, what: str) -> PublicSetRefused:
        return PublicSetRefused(f"{self.file}: {self.where or 'the whole'} {what}")

    def optional(self, name: str) -> Node | None:
        """A field, None where it is absent or null."""
        if not isinstance(self.value, dict):
            raise self.refusal("must be an object")
        value = self.value.get(name)
        return None if value is None else Node(self.file, f"{self.where}.{name}".lstrip("."), value)

    def field(self, name: str) -> Node:
        found = self.optional(name)
        if found is None:
            raise self.refusal(f"lacks {name}")
        return found

    def items(self) -> list[Node]:
        if not isinstance(self.value, list):
            raise self.refusal("must be a list")
        return [Node(self.file, f"{self.where}[{at}]", value) for at, value in enumerate(self.value)]

    def text(self) -> str:
        """One that may be blank."""
        if not isinstance(self.value, str):
            raise self.refusal("must be a text")
        fault = text_fault(self.value)
        if fault:
            raise self.refusal(fault)
        return self.value

    def filled(self) -> str:
        """A text that is not blank."""
        text = self.text()
        if is_blank(text):
            raise self.refusal("is empty")
        return text

    def name(self) -> str:
        """An id: a text that is not blank, or a whole number."""
        return str(self.value) if _is_integer(self.value) else self.filled()

    def integer(self) -> int:
        if not isinstance(self.value, int) or not _is_integer(self.value):
            raise self.refusal("must be a whole number")
        return self.value

    def boolean(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.refusal(f"must be true or false, not {self.value!r}")
        return self.value


def read_json(file: Path) -> Node:
    """Raises PublicSetRefused where the file is absent, not UTF-8 or not JSON."""
    try:
        return Node(file, "", json.loads(read_bytes(file).decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise PublicSetRefused(f"{file}: not UTF-8 (byte {error.start} does not decode)") from None
    except json.JSONDecodeError as error:
        raise PublicSetRefused(f"{file}: not JSON ({error})") from None
    except RecursionError:
        raise PublicSetRefused(f"{file}: nested too deeply to be such a set") from None


def read_bytes(file: Path) -> bytes:
    """Raises PublicSetRefused where the file cannot be read or is empty."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise PublicSetRefused(f"{file}: cannot be read ({error.strerror})") from None
    if not data.strip():
        raise PublicSetRefused(f"{file}: is empty")
    return data


def text_fault(text: str) -> str | None:
    """Why ``text`` cannot be stored as a source; None where it can."""
    if "\x00" in text:
        return "holds a NUL character"
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"holds half a surrogate pair at character {error.start}"
    return None


def is_blank(text: str) -> bool:
    """Whether nothing of ``text`` can be seen: a zero-width character is no content."""
    return not any(c.isprintable() and not c.isspace() for c in text)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
