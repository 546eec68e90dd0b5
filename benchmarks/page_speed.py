"""How fast the pages are: time to a usable page, weight, requests, outside hosts, and each click of the desk.

    python -m benchmarks.page_speed [--runs 5] [--home FOLDER]

Starts the program as a person does, opens it in Chromium over a draft of at least 12 sections and prints a
table. A click's time runs from the click to the change a person waits for. Needs playwright and a Chromium.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

CHROMIUM = "/usr/bin/chromium"
SENTENCE = "给医院工会起草一份2027年工作计划，2500字"
HOST = "127.0.0.1"
WAIT = 60_000
TODAY = date(2026, 11, 21)


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, float, subprocess.Popen[str]]]:
    """Yield the address, the moment the program was started, and the program itself."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "assistant.cli", "serve", "--no-browser", "--port", str(port)]
    environment = {**os.environ, "GONGHUI_HOME": str(home)}
    begun = time.perf_counter()
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        if running.stdout is not None:
            running.stdout.readline()
        yield f"http://{HOST}:{port}", begun, running
    finally:
        running.terminate()
        running.wait()


def written(home: Path) -> int:
    """Write a draft with at least 12 sections into the data folder and return how many it has."""
    from assistant.settings import Settings
    from assistant.studio import Studio

    studio = Studio(Settings(home=home))
    request = studio.request(SENTENCE, TODAY)
    for _ in studio.draft(request, studio.outline(request)):
        pass
    count = len(studio.load(studio.drafts()[0].id).sections)
    studio.close()
    return count


def timed(action: Callable[[], Any], arrived: Callable[[], Any]) -> float:
    """Return the milliseconds from an action to what a person waits for."""
    begun = time.perf_counter()
    action()
    arrived()
    return (time.perf_counter() - begun) * 1000


def clicks(page: Any, number: int) -> Iterator[tuple[str, float]]:
    """Yield each click of the desk and its time; in every round, `number`, something changes."""
    from playwright.sync_api import expect

    rows = page.locator("#nav .sections button")
    text, state = page.locator("#text textarea"), page.locator("#here")

    def revised(before: str | None) -> Callable[[], None]:
        return lambda: expect(state).not_to_have_attribute("data-revision", before or "", timeout=WAIT)

    place = 3 + number % 3
    yield (
        "换一节",
        timed(
            rows.nth(place).click,
            lambda: expect(rows.nth(place)).to_have_attribute("aria-current", "true", timeout=WAIT),
        ),
    )
    tabs = (
        ("依据", ".evidence"),
        ("问题", ".problems"),
        ("历史", ".past"),
        ("月份", ".months"),
        ("预览", ".sheets"),
    )
    for name, panel in tabs:
        shown = page.locator(f"#panels {panel}").first
        button = page.get_by_role("tab", name=name, exact=True)
        yield (
            f"打开“{name}”",
            timed(button.click, lambda shown=shown: expect(shown).to_be_visible(timeout=WAIT)),
        )
    before = state.get_attribute("data-revision")
    text.fill(f"1.第{number}次改动，定期走访困难职工。\n2.召开职工座谈会。")
    yield "保存（不算停顿 1.2 秒）", timed(lambda: page.keyboard.press("Control+s"), revised(before))
    take = page.locator("#offer [data-place=take]")
    act = page.locator("#do-concrete")
    yield "更具体（不用模型）", timed(act.click, lambda: expect(take).to_be_visible(timeout=WAIT))
    before = state.get_attribute("data-revision")
    yield "采用", timed(take.click, revised(before))
    before = state.get_attribute("data-revision")
    yield "撤销", timed(page.locator("#undo").click, revised(before))
    again = page.locator("#do-again")
    yield "换一版（不用模型）", timed(again.click, lambda: expect(take).to_be_visible(timeout=WAIT))
    drop = page.locator("#offer [data-place=drop]")
    yield "不用", timed(drop.click, lambda: expect(take).to_be_hidden(timeout=WAIT))
    before = state.get_attribute("data-revision")
    yield "锁定", timed(page.locator("#lock").click, revised(before))
    before = state.get_attribute("data-revision")
    yield "解锁", timed(page.locator("#lock").click, revised(before))


def measured(address: str, begun: float, runs: int) -> list[tuple[str, str]]:
    """Return the rows of the table."""
    from playwright.sync_api import expect, sync_playwright

    requests: list[str] = []
    weights: list[int] = []
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        page.on("request", lambda request: requests.append(request.url))
        page.on("requestfinished", lambda request: weights.append(request.sizes()["responseBodySize"]))
        opened = time.perf_counter()
        page.goto(address)
        expect(page.locator("#drafts .link").first).to_be_visible(timeout=WAIT)
        usable = time.perf_counter()
        first, weight = len(requests), sum(weights)
        opening = timed(
            page.locator("#drafts .link").first.click,
            lambda: expect(page.locator("#text textarea")).to_be_visible(timeout=WAIT),
        )
        times: dict[str, list[float]] = {}
        for number in range(runs):
            for name, spent in clicks(page, number):
                times.setdefault(name, []).append(spent)
        outside = {url.split("/")[2] for url in requests if url.startswith("http") and HOST not in url}
        browser.close()
    rows = [
        ("从启动到页面可用", f"{usable - begun:.1f} 秒"),
        ("其中打开页面", f"{usable - opened:.1f} 秒"),
        ("页面大小", f"{weight / 1e6:.1f} MB"),
        ("请求", f"{first} 个"),
        ("联系过的外部主机", f"{len(outside)} 个"),
        ("打开计划", f"{opening:.0f} 毫秒"),
    ]
    return rows + [
        (name, f"{statistics.median(spent):.0f} 毫秒（最慢 {max(spent):.0f}）")
        for name, spent in times.items()
    ]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="rounds of clicks; the median is shown")
    parser.add_argument("--home", type=Path, help="a data folder to use; a fresh one by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        sections = written(home)
        with serving(home) as (address, begun, _):
            rows = measured(address, begun, options.runs)
    sys.stdout.write(f"一份 {sections} 节的计划，1366×768，{options.runs} 轮\n\n| 项目 | 结果 |\n|---|---|\n")
    sys.stdout.writelines(f"| {name} | {value} |\n" for name, value in rows)


if __name__ == "__main__":
    main()
