"""Lines that belong to no section: navigation of official sites, notices, titles of other cases."""

from __future__ import annotations

import re

from index.lines import looks_like_title
from index.numbering import marker
from rag.numerals import CHINESE_NUMERAL

_SITE = re.compile(
    r"[\[【（(]?\s*(?:责任)?编辑\s*[:：].{0,30}"
    r"|[\[【]?(?:打印|关闭|分享|收藏|返回顶部|返回首页|网站地图|关于我们|联系我们)[\]】]?.{0,12}"
    r"|相关(?:新闻|链接|阅读|报道|文章|推荐|附件)\s*[:：]?|(?:上|下)一[篇条]\s*[:：]?.{0,80}|扫一扫.{0,30}"
    r"|.{0,6}copyright\s?s?\b.{0,120}"
    r"|.{0,100}all rights reserved.{0,20}|版权所有.{0,60}|未经本网书面授权.{0,60}"
    r"|.{0,4}备案(?:序号|号)\s*[:：].{0,60}|京ICP备.{0,60}|京公网安备.{0,40}|[-—–]{2,}\s*.{1,12}\s*[-—–]{2,}"
    r"|(?:responsible )?editor\s*[:：].{0,60}|\[editor.{0,60}\]|related (?:news|links|articles)\s*:?"
    r"|share(?: this)?( to.*)?:?",
    re.IGNORECASE,
)
_SITE_HEAD = re.compile(
    r"(?:当前位置|您的位置|您所在的位置|首页)\s*[:：>＞].{0,100}|(?:发布)?(?:时间|日期)\s*[:：].{0,100}|来源\s*[:：].{0,80}"
    r"|作者\s*[:：].{0,60}|(?:字体|字号)\s*[:：].{0,40}|浏览(?:量|次数).{0,20}|home\s*>.{0,100}",
    re.IGNORECASE,
)
_NOTICE = re.compile(rf"(?:关于)?印发.{{0,20}}第\s*[{CHINESE_NUMERAL}]{{1,7}}\s*批.{{0,12}}通知")
_SERIES = re.compile(
    rf"(?:最高人民检察院|最高检)?\s*(?:发布)?\s*第\s*[{CHINESE_NUMERAL}]{{1,7}}\s*批\s*(?:检察)?指导性案例(?:（.{{0,30}}）)?"
    r"|(?!.*[.;:]\s)(?=.*\bguiding cases?\b)(?=.*\bbatch\b).{0,140}[^.;:]",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"[0-9〇○零一二三四五六七八九]{4}\s*年\s*[0-9一二三四五六七八九十]{1,3}\s*月\s*[0-9一二三四五六七八九十]{1,3}\s*日"
    r"|[A-Z][a-z]{2,8}\.? [0-9]{1,2}, [0-9]{4}|[0-9]{1,2} [A-Z][a-z]{2,8},? [0-9]{4}"
)
_SIGNATURE = re.compile(
    r"最高人民检察院(?:办公厅)?|(?:the )?supreme people['’]s procuratorate", re.IGNORECASE
)
_CREDITS = re.compile(
    r"(?:办案|承办|参与办案)(?:检察院|检察官|检察人员|单位|人|人员)\s*[:：]|(?:案例)?(?:撰写|撰稿|编写)人?员?\s*[:：]"
    r"|(?:procuratorates?|procurators?|prosecutors?|procuratorial organs?)"
    r"\s+(?:handling|undertaking|in charge)[^:]{0,30}:"
    r"|(?:case )?(?:writers?|authors?)(?: of the case)?\s*:",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"《.*》.*|.*第[〇零一二三四五六七八九十百千0-9]+[条款项](?:之[一二三四五])?(?:.{0,4})?"
    r"|(?:articles?|paragraphs?|items?|chapter)\s.*",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    rf"案例\s*(?:之)?\s*[{CHINESE_NUMERAL}]{{1,3}}\s*[:：]?|(?:case|example)\s+(?:no\.?\s*)?(?:[0-9]{{1,2}}|[IVX]{{1,4}}"
    r"|one|two|three|four|five|six|seven|eight)\s*[:.]?",
    re.IGNORECASE,
)
_SUBTITLE = re.compile(r"[—–-]{2,}\s*\S.*")
_TITLE_DRESS = (
    re.compile(rf"^案例\s*(?:之)?\s*[{CHINESE_NUMERAL}]{{1,3}}\s*[:：、.．\s_]*(?=\S)"),
    re.compile(rf"[\s_（(]*案例\s*(?:之)?\s*[{CHINESE_NUMERAL}]{{1,3}}\s*[)）]?$"),
    re.compile(r"^[0-9]{1,2}\s*[.．、]\s*(?=[^0-9\s])"),
    re.compile(rf"^[{CHINESE_NUMERAL}]{{1,3}}、\s*"),
    re.compile(r"^(?:case|example)\s+(?:[0-9]{1,2}|one|two|three|four|five|six)\s*[:.]\s*", re.IGNORECASE),
)
_SHORTEST_STRAY = 6
_STRAY = re.compile(r"[\u4e00-\u9fffA-Z、，,（）()“”\"]{10,80}")


def is_site_line(plain: str) -> bool:
    """Whether a line is unmistakably an official site's own (an editor's name, a copyright notice)."""
    return _SITE.fullmatch(plain) is not None


def is_site_head(plain: str) -> bool:
    """Whether a line above an announcement is navigation (当前位置：…, 来源：…)."""
    return _SITE_HEAD.fullmatch(plain) is not None or is_site_line(plain)


def is_notice_title(plain: str) -> bool:
    """Whether a line is the title of a batch's notice (关于印发…第四十八批指导性案例的通知)."""
    return _NOTICE.search(plain) is not None and len(plain) <= 80


def is_series_title(plain: str) -> bool:
    """Whether a line names the batch and nothing else (``The 23rd batch of guiding cases …``)."""
    return _SERIES.fullmatch(plain) is not None


def is_signature(plain: str) -> bool:
    """Whether a line is the date or the signature that closes an announcement."""
    return _DATE.fullmatch(plain) is not None or _SIGNATURE.fullmatch(plain) is not None


def opens_credits(plain: str) -> bool:
    """Whether a line begins the list of those who handled and wrote up a case (办案检察院：…)."""
    return _CREDITS.match(plain) is not None


def is_ordinal(plain: str) -> bool:
    """Whether a line only counts the cases of a page (案例一, ``Case 2``)."""
    return _ORDINAL.fullmatch(plain) is not None


def is_subtitle(plain: str) -> bool:
    """Whether a line is a subtitle (——…) or counts the cases of a page."""
    return is_ordinal(plain) or _SUBTITLE.fullmatch(plain) is not None


def is_case_title(plain: str) -> bool:
    """Whether a line above a case number can be that case's title."""
    if not looks_like_title(plain) or is_ordinal(plain):
        return False
    if is_signature(plain) or opens_credits(plain) or is_series_title(plain):
        return False
    return _LAW.fullmatch(plain) is None or plain.endswith("案")


def is_stray_title(plain: str, in_list: bool) -> bool:
    """Whether a line at the end of a case can be the title of another case left behind. ``in_list``:
    its lines are no sentences anyway (laws, names), so that only 案 at its end tells."""
    if not is_case_title(plain) or plain.startswith("《") or marker(plain) is not None:
        return False
    if plain.endswith("案") and len(plain) >= _SHORTEST_STRAY:
        return True
    return not in_list and _STRAY.fullmatch(plain) is not None


def clean_title(plain: str) -> str:
    """A title without what only counts the cases of a page (案例一：, 2.) and without underscores around."""
    title = plain.strip().strip("_").strip()
    for dress in _TITLE_DRESS:
        title = dress.sub("", title)
    return title.strip()
