"""Any number of invented plans, each different, put together from the measures that ship; for the trials."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from index.library import examine, items_of

STARTER = Path(__file__).parents[1] / "index" / "starter"
_PLACES = (
    "白沙", "青溪", "云岭", "石桥", "松坡", "北岭", "临江", "梧泽",
    "金坪", "柳林", "望湖", "东岳", "南陵", "西津", "长亭", "安平",
)  # fmt: skip
_UNITS = (
    "机械厂", "医院", "实验小学", "农商银行", "林场", "供电公司",
    "中学", "幼儿园", "纺织厂", "市政公司", "卫生院", "职业学校",
)  # fmt: skip
_HEADS = ("民主管理", "维护权益", "素质提升", "关心关爱", "文体活动", "女职工工作", "劳动保护", "自身建设")


def plans(count: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Yield (file name, text) of `count` plans of 20 to 40 measures."""
    rng = random.Random(seed)
    stock = _measures()
    for number in range(count):
        unit = f"{rng.choice(_PLACES)}第{number + 1}{rng.choice(_UNITS)}"
        title = f"{unit}工会{rng.choice((2024, 2025, 2026))}年{rng.choice(('', '上半年', '下半年'))}工作计划"
        lines = [title, "一、指导思想", f"围绕{unit}中心工作，服务职工，把各项任务落到小组。"]
        for place, head in enumerate(rng.sample(_HEADS, rng.randint(4, 7))):
            lines.append(f"{'二三四五六七八'[place]}、{head}")
            lines += [f"{i}.{rng.choice(stock)}" for i in range(1, rng.randint(4, 8))]
        yield f"{number:05d}{title}.txt", "\n".join([*lines, f"{unit}工会委员会", "2026年1月5日", ""])


def write(folder: Path, count: int, seed: int = 1) -> list[Path]:
    """Write the plans as text files, every third in GBK, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (name, text) in enumerate(plans(count, seed)):
        paths.append(folder / name)
        paths[-1].write_bytes(text.encode("gb18030" if number % 3 == 0 else "utf-8"))
    return paths


@lru_cache(maxsize=1)
def _measures() -> list[str]:
    found = []
    for file in sorted(STARTER.glob("*.md")):
        for document in examine(file):
            items = (item.text.lstrip("0123456789.、 ") for item in items_of(document))
            found += [text for text in items if 25 <= len(text) <= 160 and "\n" not in text]
    return found
