"""gonghui model list | use | test | off. The same actions serve the settings page."""

from __future__ import annotations

import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant.model_offers import load_offers
from assistant.studio import Studio
from index.errors import UserError

Out = Callable[[Any, str], None]
FILE_BYTES, PLAIN_BYTES = 2, 4  # a weight in the files downloaded, and in memory without the fast runtime
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


def expected(studio: Studio) -> list[Mapping[str, Any]]:
    """The models worth choosing from, each with the memory it takes and the speed to expect here (rough): in
    8 bits with the fast runtime, else as transformers opens it on any processor.
    """
    from assistant.fast_model import fast_installed, memory_needed
    from assistant.gguf_file import BITS_8
    from assistant.model_speed import first_seconds, hanzi_a_second, probe

    machine, fast = probe(studio.settings.home / "speed.json"), fast_installed()
    rows: list[Mapping[str, Any]] = []
    for offer in load_offers():
        weights, width = offer.disk_gb * 1e9 / FILE_BYTES, BITS_8 if fast else PLAIN_BYTES
        memory = memory_needed(round(weights * BITS_8)) / 1e9 if fast else offer.memory_gb
        rows.append(
            {
                **asdict(offer),
                "checked_on": offer.checked_on.isoformat(),
                "memory_gb": round(memory, 1) if offer.where == "local" else offer.memory_gb,
                "hanzi_per_second": round(hanzi_a_second(machine, offer.active * 1e9, width), 1),
                "first_seconds": round(first_seconds(machine, offer.active * 1e9), 1),
            }
        )
    return rows


def use_steps(studio: Studio, target: str, name: str = "", key: str = "") -> Generator[str, None, str]:
    """Choose a model by folder, GGUF file, name or URL and return what it is called. A name that is not on
    this machine is downloaded, and what must be converted for this machine is; yield how far that is.

    :raises UserError: when it cannot be a chat model or cannot be fetched; the earlier choice then stays.
    """
    from assistant.models import open_model, preparation_seconds, prepare

    wanted = target.strip()
    if not wanted:
        raise UserError("请写明模型名（没有就下载）、模型文件夹，或服务地址（http://……）。")
    yield from _fetched(studio, wanted)
    folder = Path(wanted).expanduser()
    chosen = str(folder.resolve()) if "://" not in wanted and folder.exists() else wanted
    model = open_model(replace(studio.settings, model=chosen, model_name=name, model_key=key))
    if model is not None and (seconds := preparation_seconds(model)):
        yield f"正在为本机转换 {model.name}：大约要 {seconds:.0f} 秒，只转这一次"
        prepare(model)
    studio.change_settings(model=chosen, model_name=name, model_key=key)
    return model.name if model else chosen


def _fetched(studio: Studio, wanted: str) -> Iterator[str]:
    """Download a model whose name is not on this machine; yield how far that is."""
    from assistant.model_download import download, source_of
    from assistant.model_files import HUB_NAME, find_model
    from assistant.models import models_folder

    if not HUB_NAME.fullmatch(wanted) or Path(wanted).expanduser().exists():
        return
    store, told = models_folder(studio.settings), ""
    try:
        find_model(wanted, store=store)
    except UserError:
        for step in download(wanted, store, source_of(studio.settings.model_source)):
            text = f"正在下载 {wanted}：{step.done / 1e9:.2f} / {step.total / 1e9:.2f} GB"
            if text != told:
                told = text
                yield text


def trial(studio: Studio) -> Trial:
    """Let the chosen model write one measure and time it.

    :raises UserError: when no model is chosen or it fails.
    """
    model = studio.model
    if model is None:
        raise UserError("还没有选用模型，请先选用一个；不用模型也可以起草。")
    started, first, text = time.perf_counter(), 0.0, ""
    for chunk in model.stream([{"role": "user", "content": _SAMPLE}], 160, threading.Event()):
        first = first or time.perf_counter() - started
        text += chunk
    if not text.strip():
        raise UserError(f"模型“{model.name}”没有写出文字，请换一个模型或停用模型。")
    rest = max(time.perf_counter() - started - first, 1e-6)
    return Trial(model.name, text.strip(), first, len(text) / rest)


def _list(studio: Studio, options: Namespace, out: Out) -> None:
    rows = expected(studio)
    current = studio.settings.model or "（没有使用模型，由范例编排起草）"
    lines = [
        f"正在使用：{current}",
        "",
        "可以考虑的模型（用 gonghui model use 名字 下载并选用，也可以用拷来的文件夹；速度是按本机粗估的）：",
    ]
    lines += [f"  {r['name']}  {needs_told(r)}。{note_told(r)}。" for r in rows]
    out({"current": studio.settings.model, "models": rows}, "\n".join(lines))


def needs_told(row: Mapping[str, Any]) -> str:
    """What a model takes and how fast it is here; those too big for an office PC are another machine's."""
    always = f"下载约 {row['disk_gb']} GB，{row['licence']}，能读 {row['context']} 词元"
    if row["where"] == "server":
        return f"{always}，本机不直接运行，由服务器打开"
    speed = max(1, round(row["hanzi_per_second"]))
    return f"{always}，内存约 {row['memory_gb']} GB，本机每秒约 {speed} 字"


def note_told(row: Mapping[str, Any]) -> str:
    """What a model is for, and what of the table nobody has checked."""
    names = {"licence": "许可", "context": "长度", "disk_gb": "大小", "parameters": "参数量"}
    doubtful = "、".join(names[key] for key in row["unverified"])
    return f"{row['note']}（{doubtful}未核实）" if doubtful else str(row["note"])


def _use(studio: Studio, options: Namespace, out: Out) -> None:
    steps, step = use_steps(studio, options.target, options.name, options.key), ""
    try:
        while True:
            step = next(steps)
            sys.stderr.write(f"\r{step:<60}")
            sys.stderr.flush()
    except StopIteration as done:
        name = done.value
    finally:
        if step:  # what is told next stands on a line of its own
            sys.stderr.write("\n")
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
