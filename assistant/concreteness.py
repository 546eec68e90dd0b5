"""Whether a measure says when, who or how much. Pure; one rule for the check and the bench."""

from __future__ import annotations

import re

from assistant.when import months_in

_NUMBER = re.compile(r"^\s*(?:\d{1,2}[.．]|（\d{1,2}）|（[一二三四五六七八九十]+）)\s*")
_TIME = re.compile(
    r"每(?:个)?[天日周旬月季半学年次期]|[上下]半年|第?[一二三四]季度|(?:季|月|年|学期|学年)[初中末底]|节前|节后|节日期间|前后|期间"
    r"|[\d一二两三四五六七八九十]+(?:个工作)?[日天周]内|当[天日月]|同月|全年|年内|寒假|暑[期假]|周末|半年|[上下]午"
)
_BODY = re.compile(
    r"(?:委员会|委员|小组长?|部门|主席|党支部|党组织|党委|分工会|科室?|处室|车间|班组|教研组|年级组|网点|项目部|支会|代表|"
    r"办公室|[院校园厂场馆站局行]工会|工会|公司|人员|干部|骨干|劳模|律师|师傅)"
    r"[^，。；]{0,14}(?:牵头|负责|会同|配合|主持|组织|协调|联合|整理|审核|登记|收集|上门|走访|提交|签认|答复|检查|核对|列表|带|讲)"
    r"|由[^，。；]{2,16}|会同|牵头|联合[^，。；]{2,10}"
)
_COUNTED = re.compile(
    r"\d+(?:\.\d+)?\s*(?:%|％|[名人次个场期篇项件天日本家户条支组处份对台课分小米])"
    r"|[一两二三四五六七八九十百]+(?:[次项场个名期件份类轮批组条张人天周户对级]|分之)"
    r"|百分之|全覆盖|逐[一条件人户项名]|每[名人位件条项户组个]|人人|不少于|不超过|不低于|率|覆盖(?:全部|所有|全[院校厂园行场体员])"
)


def counted(item: str) -> int:
    """Return how many things an item counts or measures."""
    return len(_COUNTED.findall(_NUMBER.sub("", item)))


def concrete(item: str) -> bool:
    """Tell whether an item names a time, a responsible body or something counted."""
    text = _NUMBER.sub("", item)
    return bool(months_in(text) or _TIME.search(text) or _BODY.search(text) or _COUNTED.search(text))
