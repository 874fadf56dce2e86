"""From bytes to a stored source text: decoding without altering a character, or a refusal."""

from __future__ import annotations

import hashlib
import re

from rag.errors import SourceRefused
from rag.types import Language, Source

MAX_SOURCE_BYTES = 20 * 1024 * 1024

_BINARY = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an Office document (docx, xlsx, …)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (doc, xls, …)"),
    (b"{\\rtf", "a rich text document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|\?xml)", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’][A-Za-z]+)*")
_CHINESE_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】〔〕「」『』—…·　￥％＋－．")


def decode(data: bytes, name: str) -> str:
    """The text of a file: UTF-8, UTF-16 with a byte order mark, or GB18030.

    A byte order mark at the very beginning is dropped; every other character stays, carriage
    returns too. Raises SourceRefused where the file is empty, too large, binary or in another
    encoding.
    """
    if len(data) > MAX_SOURCE_BYTES:
        raise SourceRefused(
            f"{name} has {len(data)} bytes, more than the {MAX_SOURCE_BYTES} allowed; "
            "split it into one file a batch"
        )
    for magic, kind in _BINARY:
        if data.startswith(magic):
            raise SourceRefused(f"{name} is {kind}, not a text; export it as plain text in UTF-8")
    if _HTML.match(data):
        raise SourceRefused(f"{name} is an HTML page, not a text; copy its text into a UTF-8 file")
    text = _decoded(data, name)
    require_text(text, name)
    return text


def require_text(text: str, name: str) -> None:
    """Raises SourceRefused where ``text`` is blank, holds NUL characters or cannot be stored as UTF-8."""
    if not text.strip("\ufeff\u200b \t\r\n\f\v\u3000\xa0") or not text.strip():
        raise SourceRefused(f"{name} is empty; send the text of a batch of guiding cases")
    if "\x00" in text:
        raise SourceRefused(
            f"{name} holds NUL characters: it is binary, or UTF-16 without a byte order mark; "
            "save it as UTF-8"
        )
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise SourceRefused(
            f"{name} holds half a surrogate pair at character {error.start}; save it again as UTF-8"
        ) from error
    if size > MAX_SOURCE_BYTES:
        raise SourceRefused(
            f"{name} has {size} bytes as UTF-8, more than the {MAX_SOURCE_BYTES} allowed; "
            "split it into one file a batch"
        )


def detect_language(text: str) -> Language:
    """``zh`` where the text has more Han characters than Latin words, else ``en``."""
    return "zh" if len(_HAN.findall(text)) > len(_LATIN_WORD.findall(text)) else "en"


def make_source(name: str, text: str, language: Language, batch: int | None) -> Source:
    """The source as it is stored; ``sha256`` is that of ``text`` in UTF-8. Raises SourceRefused where
    ``text`` is blank or cannot be encoded."""
    require_text(text, name)
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Source(name=name, sha256=digest, text=text, language=language, batch=batch)


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise SourceRefused(
                f"{name} begins as UTF-16 but byte {error.start} does not decode; save it again as UTF-8"
            ) from error
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        at = error.start
    if b"\x00" not in data:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            pass
        else:
            if _plausible_chinese(text):
                return text
    raise SourceRefused(
        f"{name} is neither UTF-8 (byte {at} does not decode), UTF-16 with a byte order mark, nor Chinese "
        "in GB18030; save it as UTF-8"
    )


def _plausible_chinese(text: str) -> bool:
    """GB18030 decodes nearly anything; a real text consists of common characters (GB 2312 level 1)."""
    foreign = [c for c in text if ord(c) > 0x7F]
    if not foreign:
        return True
    return sum(c in _CHINESE_PUNCTUATION or _is_common_han(c) for c in foreign) >= 0.8 * len(foreign)


def _is_common_han(character: str) -> bool:
    try:
        encoded = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(encoded) == 2 and 0xB0 <= encoded[0] <= 0xD7
