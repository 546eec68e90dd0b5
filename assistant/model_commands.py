"""gonghui model list | use | test | off. The same actions serve the settings page."""

from __future__ import annotations

import threading
import time
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant.model_offers import load_offers
from assistant.studio import Studio
from index.errors import UserError

Out = Callable[[Any, str], None]
_SAMPLE = "请写一条工会工作措施：9月，组织护理技能比武。写明时间、牵头部门和参加范围，四十字左右。"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a model wrote in a test, seconds to its first text, and Hanzi a second after that."""

    name: str
    text: str
    first: float
    speed: float


def run(studio: Studio, options: Namespace, out: Out) -> None:
    """Carry out one action."""
    _ACTIONS[options.action](studio, options, out)


def known_models() -> list[Mapping[str, Any]]:
    """Return the models worth choosing from, as plain values."""
    return [{**asdict(offer), "checked_on": offer.checked_on.isoformat()} for offer in load_offers()]


def use(studio: Studio, target: str, name: str = "", key: str = "") -> str:
    """Choose a model by folder, cached name or URL, and return what it is called.

    :raises UserError: when it cannot be a chat model; the earlier choice then stays.
    """
    from assistant.models import open_model

    if not target.strip():
        raise UserError("请写明模型文件夹、已下载的模型名，或服务地址（http://……）。")
    folder = Path(target).expanduser()
    chosen = str(folder.resolve()) if "://" not in target and folder.exists() else target.strip()
    model = open_model(replace(studio.settings, model=chosen, model_name=name, model_key=key))
    studio.change_settings(model=chosen, model_name=name, model_key=key)
    return model.name if model else chosen


def trial(studio: Studio) -> Trial:
    """Let the chosen model write one measure and time it.

    :raises UserError: when no model is chosen or it fails.
    """
    model = studio.model
    if model is None:
        raise UserError("还没有选择模型，请先用 gonghui model use 选择；不用模型也可以起草。")
    started, first, text = time.perf_counter(), 0.0, ""
    for chunk in model.stream([{"role": "user", "content": _SAMPLE}], 160, threading.Event()):
        first = first or time.perf_counter() - started
        text += chunk
    if not text.strip():
        raise UserError(f"模型“{model.name}”没有写出文字，请换一个模型，或用 gonghui model off 停用。")
    rest = max(time.perf_counter() - started - first, 1e-6)
    return Trial(model.name, text.strip(), first, len(text) / rest)


def _list(studio: Studio, options: Namespace, out: Out) -> None:
    rows = known_models()
    current = studio.settings.model or "（没有使用模型，由范例编排起草）"
    lines = [
        f"正在使用：{current}",
        "",
        "可以考虑的模型（需自行下载到文件夹，再用 gonghui model use 文件夹）：",
    ]
    lines += [
        f"  {r['name']}  下载约 {r['disk_gb']} GB，内存约 {r['memory_gb']} GB，{r['licence']}。{r['note']}。"
        for r in rows
    ]
    out({"current": studio.settings.model, "models": rows}, "\n".join(lines))


def _use(studio: Studio, options: Namespace, out: Out) -> None:
    name = use(studio, options.target, options.name, options.key)
    out({"model": studio.settings.model, "name": name}, f"已选用：{name}。可用 gonghui model test 试写一条。")


def _test(studio: Studio, options: Namespace, out: Out) -> None:
    done = trial(studio)
    out(
        {
            "name": done.name,
            "text": done.text,
            "first_seconds": round(done.first, 2),
            "hanzi_per_second": round(done.speed, 1),
        },
        f"{done.text}\n（{done.name}：{done.first:.1f} 秒出第一个字，之后每秒约 {done.speed:.0f} 字）",
    )


def _off(studio: Studio, options: Namespace, out: Out) -> None:
    studio.change_settings(model="", model_name="", model_key="")
    out({"model": ""}, "已停用模型，起草由范例编排完成。")


_ACTIONS: dict[str, Callable[[Studio, Namespace, Out], None]] = {
    "list": _list,
    "use": _use,
    "test": _test,
    "off": _off,
}
