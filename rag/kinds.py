"""What kind of answer a question asks for, and whether a sentence holds one.

The cues are words of the language, not of any case: they serve to prefer, among sentences that are
about the same thing, the one that can be an answer at all.
"""

from __future__ import annotations

import re

_NUM = r"(?:\d[\d,.]*|[零〇一二两三四五六七八九十百千万亿]+)"
_EN_NUM = (
    r"(?:\d[\d,.]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozens?)\b)"
)

_CUES: dict[str, str] = {
    "amount": r"多少(?:钱|元|万|人民币|资金|款|罚金|赔偿|费用)|金额|数额|款项|罚金|罚了|赔(?:偿|了)多少|价格|价款|总额|"
    r"\bhow much\b|\bwhat (?:amount|sum|price|fine|total)\b|\bhow large (?:a|was the|were the) (?:fine|sum|claim|loss)|\bwhat did .{0,40} cost\b|\bfined?\b",
    "date": r"何时|什么时候|什么时间|哪一?[年月天日]|几[月日号]|时间是|日期|\bwhen\b|\bwhat (?:date|day|year|month)\b|\bwhich (?:date|day|year|month)\b|\bon what date\b|\bsince when\b",
    "term": r"刑期|判(?:了|处)?(?:几|多少)年|多少年|几年|有期徒刑|判多久|考验期|期限|多长时间|多久|\bhow long\b|\bhow many (?:years|months|days)\b|\bprison (?:term|sentence)\b|\bsentenced?\b|\bjail\b|\bprison\b|\bimprisonment\b",
    "number": r"多少|几(?:个|名|人|件|次|项|家|户|类|点|条|起|份|辆|台|种|吨|处)|数量|人数|\bhow many\b|\bwhat number\b|\bhow often\b|\bwhat (?:percentage|share|proportion)\b|\bhow (?:fast|far|big|large|old|heavy)\b",
    "person": r"谁|何人|哪(?:位|个)人|什么人|姓名|叫什么|\bwho\b|\bwhose\b|\bwhom\b",
    "organ": r"哪(?:个|家|些|一|级)?.{0,4}(?:法院|检察院|机关|部门|单位|机构|公司|企业|政府|局)|(?:由|向|被)谁|"
    r"\bwhich .{0,30}(?:court|procuratorate|agency|agencies|authority|authorities|department|bureau|body|bodies|organs?|office|company|institute|institution)s?\b|\bwhat (?:court|agency|body|authority|institution)\b",
    "place": r"哪里|何地|什么地方|何处|在哪|哪(?:个|些)?(?:省|市|县|区|地)|\bwhere\b|\bwhich (?:city|province|district|county|village|place)\b",
    "article": r"第几条|哪[几些]?(?:条|部法律|部法|项规定)|什么法律|法条|依据|根据什么|\bwhich (?:articles?|law|statute|provisions?)\b|\bwhat (?:articles?|law|statute|provisions?)\b|\blegal basis\b|\bunder what (?:law|provision)\b",
    "charge": r"罪名|什么罪|何罪|涉嫌什么|\bwhat (?:crime|charge|offen[cs]e)s?\b|\bwhich (?:crime|charge|offen[cs]e)s?\b|\bcharged with\b|\bconvicted of\b",
    "reason": r"为什么|为何|为啥|理由|原因|凭什么|怎么|如何|怎样|什么条件|什么情况|何种情形|为什么会|\bwhy\b|\bhow (?:did|do|does|should|can|could|may|must|was|were|is|are|come)\b|\breasons?\b|\bon what (?:grounds|basis|condition)|\bunder (?:what|which) (?:conditions?|circumstances)\b|\bwhat (?:should|must|explains)\b",
    "list": r"哪些|哪几|哪三|哪两|哪四|分别|列举|列出|几(?:个方面|项措施|点)|\blist\b|\bname the\b|\bwhat (?:measures|steps|recommendations|suggestions|items|three|two|four|five|kinds|types|problems|requirements|tasks|facts|factors|things|signs)\b|\bwhich (?:measures|steps|recommendations|three|two|four|problems|products|items|bodies|agencies|departments)\b",
    "yesno": r"是否|有没有|能不能|能否|可否|是不是|可不可以|应否|吗[？?]?\s*$|^\s*(?:did|does|do|is|are|was|were|can|could|may|must|should|has|have|had|will|would)\b",
    "definition": r"什么是|是指什么|定义|何谓|\bwhat is meant by\b|\bdefin(?:e|ed|ition)\b|\bwhat does .{1,60} mean\b",
}
_ASKS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _CUES.items()}

_HOLDS: dict[str, re.Pattern[str]] = {
    "amount": re.compile(
        rf"{_NUM}\s*(?:余|多)?\s*(?:万|亿|千)?(?:余|多)?元|\b(?:yuan|RMB|CNY)\b|(?:元|美元|港币)",
        re.IGNORECASE,
    ),
    "date": re.compile(
        r"\d{2,4}\s*年|\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|同年|次年|次日|"
        r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b|\b(?:19|20)\d{2}\b"
    ),
    "term": re.compile(
        rf"{_NUM}\s*(?:年|个月)|有期徒刑|无期徒刑|死刑|拘役|管制|缓刑|{_EN_NUM}[\s-]*(?:and [a-z]+ )?(?:years?|months?|days?)\b|life imprisonment|imprisonment",
        re.IGNORECASE,
    ),
    "number": re.compile(rf"{_NUM}|{_EN_NUM}", re.IGNORECASE),
    "organ": re.compile(
        r"法院|检察院|公安|局|委员会|政府|部门|机关|公司|中心|研究所|"
        r"\b(?:Court|Procuratorate|Bureau|Commission|Committee|Government|Department|Ministry|Administration|Association|Institute|Center|Centre|agency|Company)\b",
        re.IGNORECASE,
    ),
    "place": re.compile(r"省|市|县|区|镇|乡|村|路|\b(?:City|Province|District|County|Town|Village|Road)\b"),
    "article": re.compile(
        r"第[零〇一二三四五六七八九十百千\d]+条|《[^》]+》|\bArticles?\s+\d+|\bLaw\b|\bRegulations?\b"
    ),
    "charge": re.compile(r"罪|\bcrimes?\b|\bguilty\b|\bfor [a-z]+(?:ing|ion|y)\b", re.IGNORECASE),
    "reason": re.compile(
        r"因为|由于|因此|故|为了|为|鉴于|考虑|认为|应当|可以|通过|根据|"
        r"\b(?:because|since|as|therefore|in order to|considering|believ|should|shall|must|may|can|by|through|based on)\w*\b",
        re.IGNORECASE,
    ),
    "list": re.compile(
        r"、.*、|[；;]|一是|第一|首先|,.*,.* and |\bFirst\b|\bThe (?:second|third|first) is\b"
    ),
    "yesno": re.compile(r"."),
}
KINDS = tuple(_CUES)


def asked_kinds(question: str) -> frozenset[str]:
    """The kinds of answer that ``question`` asks for; empty where no cue is found."""
    return frozenset(kind for kind, pattern in _ASKS.items() if pattern.search(question))


def kinds_held(kinds: frozenset[str], sentence: str) -> float:
    """Share, in 0..1, of the checkable ``kinds`` of which ``sentence`` holds an instance (1 where
    none can be checked)."""
    checkable = [kind for kind in kinds if kind in _HOLDS]
    if not checkable:
        return 1.0
    return sum(_HOLDS[kind].search(sentence) is not None for kind in checkable) / len(checkable)
