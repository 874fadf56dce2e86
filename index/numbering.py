"""List numbers and sub-headings: ``（一）``, ``1.``, ``一是``, ``The second is``, 审查起诉."""

from __future__ import annotations

import re

_HAN_NUMBER = "一二三四五六七八九十百"
_MARKER = re.compile(
    rf"(?:[（(]\s*[{_HAN_NUMBER}]{{1,3}}\s*[)）]"
    r"|[（(]\s*[0-9０-９]{1,2}\s*[)）]"
    r"|[（(]\s*[IVXivx]{1,5}\s*[)）]"
    rf"|[{_HAN_NUMBER}]{{1,3}}、"
    r"|[0-9０-９]{1,2}\s?[.．、](?=[0-9]{4}年|(?![0-9]))"
    r"|[0-9]{1,2}[)）]"
    r"|[IVX]{1,5}[.．](?=\s|$)"
    r"|[①-⑳㈠-㈩⑴-⒇])"
)
_ORDINAL_EN = r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
_ITEM_WORDS = (
    rf"[{_HAN_NUMBER}]{{1,2}}(?:是|则)|第[{_HAN_NUMBER}]{{1,3}}(?=[，,、：:])[，,、：:]|其[{_HAN_NUMBER}][，,、：:]"
    r"|(?:首先|其次|再次|再者|最后|另一方面|一方面)[，,、：:]?"
)
_ITEM_WORDS_EN = (
    rf"the\s+{_ORDINAL_EN}\s+(?:is|was|are)\b(?:\s+(?:to|that)\b)?|one\s+is\b(?:\s+(?:to|that)\b)?"
    rf"|(?:{_ORDINAL_EN}|firstly|secondly|thirdly|fourthly|fifthly|finally|lastly|last(?:\s+of\s+all)?)\s?[,:]"
)
_ITEM = re.compile(rf"\s*({_MARKER.pattern}|{_ITEM_WORDS}|{_ITEM_WORDS_EN})", re.IGNORECASE)
_ITEM_INSIDE = re.compile(
    rf"(?<=[：:；;。，,\s])(?:[（(][{_HAN_NUMBER}0-9]{{1,2}}[)）]|[①-⑳]|[0-9]{{1,2}}[.．、](?![0-9])"
    rf"|[{_HAN_NUMBER}]{{1,2}}是|第[{_HAN_NUMBER}]{{1,3}}[，,、：:]|其[{_HAN_NUMBER}][，,]|(?:首先|其次|再次|最后)[，,])"
    rf"|(?<=[:;,.]\s)(?:and\s+)?(?:{_ITEM_WORDS_EN}|\([0-9ivx]{{1,4}}\)\s)",
    re.IGNORECASE,
)

_PLAIN_ZH = re.compile(r"[\u4e00-\u9fff]{2,}(?:[、和与及（(][\u4e00-\u9fff]+[)）]?)*")
_PLAIN_EN = re.compile(r"[A-Z][A-Za-z'’,()-]*(?:\s+[A-Za-z'’,()-]+){0,10}")
_SUBJECT_ZH = re.compile(
    "受理|审查|监督|调查|核实|线索|来源|起诉|逮捕|指控|证明|结果|处理|意见|情况|办理|侦查|取证|听证|建议|整改|效果|成效"
    "|过程|程序|诉讼|抗诉|复议|复核|立案|公诉|庭审|审理|出庭|追诉|化解|治理|跟进|移送|履职|落实|机制|评估|研判|救助|帮教"
)
_SUBJECT_EN = re.compile(
    r"(?:Discovery|Discovering|Source|Acceptance|Accepting|Review|Examination|Examining|Investigation|Investigating"
    r"|Supervision|Supervisory|Result|Results|Outcome|Handling|Filing|Case|Hearing|Litigation|Protest|Accusing"
    r"|Accusation|Charging|Prosecution|Arrest|Guiding|Procuratorial|Opinion|Clues?|Leads?|Follow-up|Verification)\b"
)
_VERB_EN = re.compile(
    r"\b(?:is|are|was|were|has|have|had|shall|should|must|can|may|will|found|held|made|did)\b"
)


def marker(text: str) -> str | None:
    """The list number that ``text`` begins with (``（一）``, ``(1)``, ``2.``, ``III.``), or None."""
    match = _MARKER.match(text)
    return match[0] if match else None


def is_lone_marker(text: str) -> bool:
    """Whether ``text`` is a list number and nothing else, cut off from its paragraph."""
    return _MARKER.fullmatch(text.strip()) is not None


def item_opener(text: str) -> str | None:
    """The words that make ``text`` an item of a list, as printed (``一是``, ``第二，``, ``（三）``, ``1.``,
    ``The second is``, ``First,``), or None."""
    match = _ITEM.match(text)
    return match[1] if match else None


def item_starts(text: str, start: int, end: int) -> list[int]:
    """Offsets after ``start`` at which an item of a list opens inside ``text[start:end]``."""
    return [m.start() for m in _ITEM_INSIDE.finditer(text, start, end) if m.start() > start]


def is_plain_subheading(line: str, following: str) -> bool:
    """Whether ``line`` is a sub-heading without a number (审查起诉, ``Discovery of clues``) over
    ``following``: a phrase, no sentence, much shorter than the line after it."""
    if len(following) <= len(line):
        return False
    if _PLAIN_ZH.fullmatch(line):
        return 4 <= len(line) <= 20
    return len(line) <= 80 and _PLAIN_EN.fullmatch(line) is not None and not _VERB_EN.search(line)


def is_run_in_subheading(sentence: str) -> bool:
    """Whether the first sentence of a paragraph is a sub-heading (线索发现。, ``Supervision opinion.``)."""
    body = sentence.rstrip("。.")
    if body == sentence:
        return False
    if _PLAIN_ZH.fullmatch(body):
        return 4 <= len(body) <= 16 and _SUBJECT_ZH.search(body) is not None
    return (
        len(body) <= 70
        and _SUBJECT_EN.match(body) is not None
        and not re.search(r"[0-9,;]", body)
        and not _VERB_EN.search(body)
    )
