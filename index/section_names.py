"""The names of sections: tables of the headings met, and rules for those that were not."""

from __future__ import annotations

import re

_PROCESS = "procuratorial_process"
_EXACT_ZH = {
    "keywords": "关键词 关键字 主题词",
    "gist": "要旨 案例要旨 裁判要旨",
    "basic_case": "基本案情 案情简介",
    _PROCESS: (
        "检察机关履职过程 检察机关履职情况 检察履职情况 检察机关监督情况 检察工作情况 "
        "诉讼过程 诉讼过程和结果 诉前程序 指控与证明犯罪 抗诉理由 核准追诉案件办理过程 "
        "调查核实和督促履职 发现线索和调查核实 检察听证过程 检察听证情况 建议再审理由 "
        "不批准逮捕理由 不批准逮捕的理由 不起诉的理由 支持提起变更抚养权诉讼 提出检察建议 "
        "检察机关二审审查和出庭意见 检察机关的意见和理由"
    ),
    "outcome": "处理结果 裁判结果 诉讼结果 案件结果 终审判决 终审结果",
    "guiding_significance": "指导意义",
    "regulations": "相关规定 相关法律规定 相关立法 相关法条 相关法律",
}
_EXACT_EN = {
    "keywords": "key words;keywords;key word;keyword",
    "gist": "gist",
    "basic_case": "basic case;basic facts;basic case facts;basic facts of the case",
    _PROCESS: (
        "procuratorate's performance process;procuratorate's performance of duties;litigation process;"
        "performance of duties by the procuratorate;performance of duties by the procuratorial organ"
    ),
    "outcome": "result of the case;outcome;outcome of the case;case result;final judgment",
    "guiding_significance": "guiding significance",
    "regulations": "regulations;relevant regulations;relevant provisions;relevant legislation;"
    "relevant legal provisions;related regulations",
}
_EXACT = {name: id_ for id_, names in _EXACT_ZH.items() for name in names.split()} | {
    name: id_ for id_, names in _EXACT_EN.items() for name in names.split(";")
}

# Read from the top: the first pattern found in the name decides. A batch to come may print a
# heading that no batch has printed yet; its words still say what it holds.
_RULES_ZH = (
    ("keywords", r"关键[词字]|主题词"),
    ("gist", r"要旨|要点"),
    ("guiding_significance", r"意义|启示"),
    (
        "regulations",
        r"(?:相关|关联|适用|引用|涉及|参考).*(?:规定|立法|法律|法规|法条|条文|依据)|法律(?:依据|链接|规定)|法条",
    ),
    ("basic_case", r"案情|(?:案件|基本|主要|违法|犯罪)事实|案件(?:背景|概况|简介|情况|由来)|当事人"),
    ("outcome", r"^(?!.*(?:过程|情况|经过|理由|意见)).*(?:结果|判决|裁判|裁定|成效|效果|结论)$"),
    (
        _PROCESS,
        r"检察|履职|诉讼|诉前|监督|抗诉|指控|追诉|审查|调查|听证|起诉|公诉|逮捕|办理|办案|侦查|建议|督促|线索|举措|做法"
        r"|工作|出庭|庭审|理由|过程|经过",
    ),
    ("outcome", r"结果|判决|裁判|裁定|成效|效果"),
    ("regulations", r"规定|立法|法规"),
)
_RULES_EN = (
    ("keywords", r"\bkey ?words?\b|subject terms"),
    (
        "gist",
        r"\bgist\b|main points?|key points?|essential points?|\bessence\b|\bholding|purport|case summary",
    ),
    ("guiding_significance", r"significance|guiding (?:meaning|value|effect)|implications?"),
    (
        "regulations",
        r"regulations?\b|provisions?\b|legislation|legal basis|(?:relevant|related|applicable) laws?\b",
    ),
    (
        "basic_case",
        r"\bfacts?\b|basic (?:case|information|situation|circumstances)|case (?:background|brief|overview)",
    ),
    (
        "outcome",
        r"^(?!.*\b(?:process|course|procedure|proceedings|circumstances|reasons?|grounds|opinions?)\b)"
        r".*\b(?:results?|outcomes?|judge?ments?|rulings?|disposition|verdict|effects?)\b",
    ),
    (
        _PROCESS,
        r"procurat|prosecut|litigation|perform|supervis|protest|arrest|accus|charg|investigat|hearing|process|procedure"
        r"|proceedings|review|examin|suggest|recommend|handling|clues|grounds|reasons",
    ),
    ("outcome", r"\b(?:results?|outcomes?|judge?ments?|rulings?)\b"),
)
_COMPILED_ZH = tuple((id_, re.compile(pattern)) for id_, pattern in _RULES_ZH)
_COMPILED_EN = tuple((id_, re.compile(pattern)) for id_, pattern in _RULES_EN)

_HAN = re.compile(r"[\u4e00-\u9fff]")


def section_id(name: str) -> str:
    """The canonical section that a heading's name, without brackets, means; ``other`` where unknown."""
    return known_section(name) or _by_rule(name) or "other"


def known_section(name: str) -> str | None:
    """The canonical section of a heading that has been met before, or None."""
    return _EXACT.get(_normal(name))


def _by_rule(name: str) -> str | None:
    normal = _normal(name)
    rules = _COMPILED_ZH if _HAN.search(normal) else _COMPILED_EN
    return next((id_ for id_, pattern in rules if pattern.search(normal)), None)


def _normal(name: str) -> str:
    if _HAN.search(name):
        return re.sub(r"\s", "", name)
    return re.sub(r"\s+", " ", name.replace("’", "'").replace("‘", "'").replace("`", "'")).strip().casefold()
