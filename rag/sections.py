"""The canonical sections: how questions and labels name them."""

from __future__ import annotations

import re

NAMES: dict[str, tuple[str, str]] = {
    "keywords": ("关键词", "Key words"),
    "gist": ("要旨", "Gist"),
    "basic_case": ("基本案情", "Basic case"),
    "procuratorial_process": ("检察机关履职过程", "Procuratorate's performance process"),
    "outcome": ("处理结果", "Result of the case"),
    "guiding_significance": ("指导意义", "Guiding significance"),
    "regulations": ("相关规定", "Regulations"),
    "announcement": ("发布通知", "Announcement"),
    "other": ("其他", "Other"),
}
"""Section id: its Chinese and English name."""

_ASKED = {
    "keywords": r"关\s?键\s?[词字]|主题词|\bkey\s?-?words?\b|\bkey terms\b",
    "gist": r"(?:裁判)?要\s?旨|案例主旨|\bgists?\b|\bholdings?\b(?= of)|\bmain points?\b|\bkey points?\b",
    "basic_case": r"基本案情|案情(?:简介|概要)?(?=[的是？?。]?\s*$)|案情简介|案情概要|基本事实|\bbasic (?:case|facts)\b|\bfacts of (?:the )?cases?\b|\bcase facts\b",
    "procuratorial_process": r"(?:检察(?:机关)?)?履职(?:过程|情况)|诉讼过程|检察机关监督情况|指控与证明犯罪"
    r"|\bprocuratorate(?:['’]?s)? (?:performance )?process\b|\bperformance process\b|\bprocuratorial process\b|\blitigation process\b",
    "outcome": r"处理结果|裁判结果|案件结果|诉讼结果|\b(?:results?|outcomes?) of (?:the )?cases?\b|\bcase results?\b|\boutcome section\b",
    "guiding_significance": r"指导意义|指导价值|典型意义|\bguiding (?:significance|meaning)\b|\bguidance section\b",
    "regulations": r"相关(?:法律)?规定|法律规定(?=[的是有？?。]|\s*$)|相关法条|相关立法|法律依据|引用了?(?:的|哪些)?(?:法律|法条|条文)|\bregulations?\b(?! (?:on|for|of)\s{1,3}(?!(?:the )?cases?\b))|\blaws? (?=(?:in|of) (?:the )?cases?\b)|\b(?:laws?|statutes?|articles?) (?=(?:are|is|were) cited\b)|\brelevant (?:law|legislation|legal provisions|provisions|articles)\b"
    r"|\blegal basis\b|\bstatutes? cited\b|\blaws? cited\b",
    "announcement": r"发布通知|印发通知|\bannouncement\b",
}
_PATTERNS = {section: re.compile(pattern, re.IGNORECASE) for section, pattern in _ASKED.items()}

# Words that may surround the name of a section in a request for that section itself.
_FILLER_EN = re.compile(
    r"\b(?:please|kindly|briefly|brief|short|compare|both|in english|in chinese|can|could|would|you|give|show|tell|list|state|quote|print|read|provide|display|get|fetch|find|see|"
    r"cite[ds]?|i|we|me|us|want|need|like|to|know|what|whats|what's|which|is|are|was|were|does|do|did|the|a|an|all|full|"
    r"complete|entire|whole|exact|verbatim|of|in|for|under|from|on|about|by|say|says|said|contain|contains|section|text|part|"
    r"listed|stated|given|and|its|it|this|that|case|cases|guiding|spp|article|articles|provision|provisions|law|laws|"
    r"printed|word|content|contents|have|has|there|summari[sz]e|main|key|relevant|related|applicable)\b",
    re.IGNORECASE,
)
_FILLER_ZH = re.compile(
    r"那么?|是怎样的|怎样|请问|可以|能否|能|请|比较|简要|简述|帮我|麻烦|给出|给我|给|列出|列举|列|写出|写|展示|显示|告诉我|告诉|说明|说|查一下|查|看一下|看看|看|我想|我要|想|要|知道|"
    r"了解|一下|是什么|是啥|什么|有哪些|哪些|有|是|的|全文|原文|内容|部分|完整|全部|这个|这一|该|本|案例|案件|案|中|里|里面|关于|指导性|"
    r"检例|号|第|呢|吗|啊|了|和|与|及|以及|都|具体|分别|怎么|如何|写的|一段|规定|条文|法条|引用|援引|列明"
)
_PUNCTUATION = re.compile(r"[\s\W_]+", re.UNICODE)


def named_sections(text: str) -> tuple[str, ...]:
    """Ids of the sections that ``text`` names, in the canonical order."""
    return tuple(section for section, pattern in _PATTERNS.items() if pattern.search(text))


_OVERVIEW = re.compile(
    r"\babout\b(?=\W*$)|\bsummar(?:y|ise|ize)\b|\boverview\b|\bin a nutshell\b|讲了?(?:的是)?什么|主要内容|概述|介绍|摘要",
    re.IGNORECASE,
)


def asks_for_overview(text: str) -> bool:
    """Whether ``text``, its case references taken out, asks what a case is about or names it alone."""
    return not remainder(_OVERVIEW.sub(" ", text))


_DESCRIBED = (
    re.compile(
        r"\b(?:of|for|in|from)\s{1,3}(?:the\s{1,3})?(?P<rest>\S.{0,80}?)\s{1,3}case\W*$", re.IGNORECASE
    ),
    re.compile(r"^(?P<rest>.{2,60}?案)(?:件|例)?中?的?\s?$"),
)


def described_case(text: str) -> str:
    """The description in a request such as "the gist of the treadmill case" or 刘远鹏案的要旨; "" for none."""
    for number, pattern in enumerate(_DESCRIBED):
        rest = text
        if number == 1:
            for section in _PATTERNS.values():
                rest = section.sub(" ", rest)
            rest = re.sub(r"是什么|有哪些|[？?。！!]|^\s*(?:请问|请|给出|列出)", "", rest).strip()
        match = pattern.search(rest)
        if match and (number == 1 or not remainder(text[: match.start()])):
            return match["rest"].strip()
    return ""


def remainder(text: str) -> str:
    """What ``text`` says besides naming sections and asking for them: empty for a bare request such
    as "give me the gist". Case references must have been taken out before."""
    text = re.sub(r"['’]s\b", " ", text)
    for pattern in _PATTERNS.values():
        text = pattern.sub(" ", text)
    text = _FILLER_ZH.sub(" ", _FILLER_EN.sub(" ", text))
    return _PUNCTUATION.sub(" ", text).strip()


def bare_heading(heading: str) -> str:
    """A printed heading without its brackets and surrounding space."""
    return heading.strip().strip("【】[]〔〕［］").strip()
