"""What in a model's answer is body text and what is not, one sentence or line at a time.

Pure functions. The word lists are those of chat models' habits (chatter, thinking aloud), which do not
age as the trade's phrases do.
"""

from __future__ import annotations

import re
from enum import IntEnum

from assistant.text import han_count, han_only

HEADING_HANZI = 22  # a line without a full stop and no longer than this is a heading
LATIN_SHARE = 2
_TABLE_HEAD = re.compile(
    r"序号|时间|月份|日期|阶段|备注|说明|负责人|责任人|(?:时间|活动|工作|主要|重点|具体|责任|牵头|完成)?"
    r"(?:安排|时间|内容|名称|任务|事项|措施|目标|项目|部门|单位|工作|活动)"
)
_MARKDOWN = re.compile(r"\*{1,3}|_{2,3}|`+|~~|^\s*>+\s*|^\s*#{1,6}\s*")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|https?://[\w./?=&%#-]+")
_CITATION = re.compile(r"\[\^?\d{1,3}\]|【\d{1,3}】|（(?:来源|出处|参考)[：:][^）]*）")
_PROMPT_MARK = re.compile(
    r"〔(?:范例|材料|初稿)[一二三四五六七八九十\d]*(?:开始|结束)?〕|【(?!待填[：:])[^】\n]{1,40}】|(?<=范例)[一二三四五六七八九十\d]*(?:开始|结束)〕"
)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,10}[^<>]{0,60}>|<\|[^|<>]{1,30}\|>")
_COUNT_NOTE = re.compile(r"[（(](?:本节|全文|正文|字数)?[共约：:]*\s*\d+\s*字(?:左右)?[)）]")
_HALF_WIDTH = re.compile(r"(?<=[\u4e00-\u9fff）”》])[,;:?!]")
_FULL_WIDTH = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff，。；：、）”》])[ \t]+|[ \t]+(?=[\u4e00-\u9fff，。；：、（“《])")
_MARKER = re.compile(
    r"\s*(?:(?P<han>[一二三四五六七八九十]{1,3}、)|(?P<pair>[（(][一二三四五六七八九十]{1,3}[）)]、?)"
    r"|(?P<dot>[0-9０-９]{1,2}(?:[.．](?![0-9０-９])|[.．](?=[0-9]{1,2}月)|、))|(?P<half>[（(]?[0-9０-９]{1,2}[)）]、?)"
    r"|(?P<ring>[\u2460-\u2473])|(?P<dash>[-*•·●○◆▪–—]\s+|[•●○◆▪]))\s*"
)
_CHATTER = re.compile(
    r"您|^按初稿[。.]?$|^[（(]?无[)）]?。?$|^(?:好的|好嘞|当然可以|当然|没问题|明白了?|收到|可以的)[，,。！!]|^(?:抱歉|很抱歉|对不起)[，,]"
    r"|^(?:以下|下面|这里|如下)(?:是|为|内容).{0,60}[：:。]?$|^根据.{0,30}(?:提供|要求|提示).{0,30}[：:]$"
    r"|^以上(?:是|为|内容|就是).{0,40}(?:正文|内容|计划|草稿|供|参考|一节).{0,20}$"
    r"|^希望(?:这|以上|对|能|本).{0,30}(?:帮助|帮到|参考|要求|满意).{0,10}$"
    r"|^如(?:果|需|有).{0,20}(?:修改|调整|补充|进一步|其他).{0,16}(?:告诉|联系|告知|说明|提出|随时|我)"
    r"|^[（(]?(?:注|备注|说明|提示|字数|免责声明)\s*[：:]|^(?:正文|输出|答案|回答|改写后|润色后|最终版本?)[：:]?$"
    r"|(?:忽略|无视|忘记)(?:以上|前面|上面|之前|前述|所有)|系统提示|提示词|https?://|www\.|(?:请|只|仅)(?:输出|回复|回答)"
    r"|作为(?:一个|一名)?(?:AI|人工智能|语言模型|助手)|^请根据(?:实际|本单位)"
)
_THINKING = re.compile(
    r"用户(?:要|希望|让|给|提供|需|想|的要求|说)|(?:^|[，。；])(?:嗯|哦|首先|接下来|现在|那么|然后|所以)?[，,]?"
    r"我(?:需要|应该|得先|得|先|来|将|会|可以|注意到|现在|要|想|再|打算)|让我(?:来|先|想|看|再)"
    r"|^(?:首先|接下来|现在)[，,]?(?:看|分析|理解|确定|检查|思考)|字数(?:要求|控制|大概|应该)|(?:提示|指令|题目|初稿)(?:中|里|说|要求)"
)
_LABEL = re.compile(
    r"^[【\[〔]?(?:正文|输出|初稿|范例|答案|本节内容|正文内容)[】\]〕]?\s*[：:]\s*|^[【〔](?:正文|初稿|输出)[】〕]\s*"
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_WORDS = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[,;:]? +[A-Za-z][A-Za-z'’-]*){3,}")
_OTHER_SCRIPT = re.compile(  # kana, Hangul, Cyrillic, Greek, Hebrew, Arabic, the scripts of India, Thai
    r"[\u3041-\u3096\u30a1-\u30fa\u1100-\u11ff\uac00-\ud7af\u0400-\u052f\u0370-\u03ff\u0590-\u06ff\u0900-\u0eff]"
)
_ENDS = re.compile(r"[。！？；!?;：:，,、][”’」』）)】》\"']*$")
_MONTH_LINE = re.compile(
    r"^\s*(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2})月|^\s*第?[一二三四]季度|^【待填"
)
_FENCE = re.compile(
    r"^\s*(?:```|~~~)|^[\s\-—_=*~·.|:+]{2,}$|^[〔【]?(?:范例|材料|初稿)[一二三四五六七八九十\d]*(?:开始|结束)?[〕】]?$"
)


class Rank(IntEnum):
    """How high a list mark stands: a smaller one is further out."""

    HAN = 1
    PAIR = 2
    DOT = 3
    HALF = 4
    DASH = 5
    NONE = 9


RANKS = {
    "han": Rank.HAN,
    "pair": Rank.PAIR,
    "dot": Rank.DOT,
    "half": Rank.HALF,
    "ring": Rank.HALF,
    "dash": Rank.DASH,
}


def split_marker(line: str) -> tuple[Rank, str]:
    """Return the rank of the list mark a line begins with, and the rest of the line."""
    found = _MARKER.match(line)
    if not found or found.lastgroup is None:
        return Rank.NONE, line.strip()
    return RANKS[found.lastgroup], line[found.end() :]


def strip_marks(text: str) -> str:
    """Return `text` without Markdown, tags, links, citation marks and word counts, punctuation full width."""
    for pattern in (_TAG, _CITATION, _COUNT_NOTE, _PROMPT_MARK, _MARKDOWN):
        text = pattern.sub("", text)
    text = _LINK.sub(lambda found: found[1] or "", text)
    text = _HALF_WIDTH.sub(lambda found: _FULL_WIDTH[found[0]], text)
    return _HAN_GAP.sub("", text.replace("\u3000", " "))


def strip_label(text: str) -> str:
    """Return `text` without a label such as 正文： at its beginning."""
    return _LABEL.sub("", text)


def is_fence(line: str) -> bool:
    """Tell whether a whole line is a code fence, a ruler or a fence of the prompt."""
    return bool(_FENCE.match(line))


def is_chatter(sentence: str) -> bool:
    """Tell whether a sentence speaks to the person instead of standing in the plan."""
    return bool(_CHATTER.search(sentence.strip()))


def is_thinking(sentence: str) -> bool:
    """Tell whether a sentence is the model's thinking said aloud."""
    return bool(_THINKING.search(sentence.strip()))


def is_foreign(sentence: str) -> bool:
    """Tell whether a sentence is not Chinese: no Hanzi, far more Latin letters than Hanzi, a run of English
    prose, or another script. Names such as WPS Office, KTV or Lean Six Sigma are no prose.
    """
    latin, hanzi = len(_LATIN.findall(sentence)), han_count(sentence)
    if latin and (hanzi == 0 or latin > LATIN_SHARE * hanzi + 10):
        return True
    runs = (found[0].split() for found in _WORDS.finditer(sentence))
    prose = any(sum(word.islower() and len(word) > 1 for word in run) > 1 for run in runs)
    return prose or len(_OTHER_SCRIPT.findall(sentence)) > 1


def foreign_letters(sentence: str) -> int:
    """Return how many letters of a sentence are no Hanzi, 0 for a sentence that is Chinese."""
    letters = len(_LATIN.findall(sentence)) + len(_OTHER_SCRIPT.findall(sentence))
    return letters if letters and is_foreign(sentence) else 0


def ends_sentence(text: str) -> bool:
    """Tell whether `text` ends with a mark that closes or continues a sentence."""
    return bool(_ENDS.search(text.rstrip()))


def is_heading_line(line: str, heading: str) -> bool:
    """Tell whether a whole line, its mark taken off, is a heading: the section's own or an invented one."""
    rest = strip_marks(line).strip().rstrip("：:")
    if not han_count(rest) or _MONTH_LINE.match(rest):
        return False
    if han_only(rest) == han_only(heading):
        return True
    return not ends_sentence(rest) and han_count(rest) <= HEADING_HANZI


def table_row(line: str) -> str:
    """Return a Markdown table row as a line of text, "" for its head and its ruler."""
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    cells = [cell for cell in cells if cell and not cell.isdigit()]
    if not cells or all(not set(cell) - set("-: ") for cell in cells):
        return ""
    if all(_TABLE_HEAD.fullmatch(strip_marks(cell)) for cell in cells):
        return ""
    return cells[0] + ("：" + "，".join(cells[1:]) if cells[1:] else "")
