"""Takes the pictures of the user guide from the real product: python docs/take_screenshots.py

Starts the pages over a fresh data folder, does what the guide tells, and writes docs/images/*.png.
Needs playwright and a Chromium (`CHROMIUM` names another one).
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app import HOST, build_app, finish, start  # noqa: E402
from assistant.profile import save_profile  # noqa: E402
from assistant.settings import Settings  # noqa: E402
from assistant.studio import Studio  # noqa: E402
from assistant.types import Profile  # noqa: E402
from index.types import OrgType  # noqa: E402

IMAGES = ROOT / "docs" / "images"
TODAY = date(2026, 7, 3)
WAIT = 60_000
SENTENCE = "给我们医院工会起草一份下半年计划，1500字"
UNIT = Profile(
    unit="云栖市第三人民医院",
    union="云栖市第三人民医院工会委员会",
    org_type=OrgType.HOSPITAL,
    people=486,
    women=342,
    groups=14,
    party="院党委",
    upper=("云栖市总工会", "市卫生健康系统工会"),
    programs=("夜班加油站",),
    key_tasks=("护理技能比武", "夜班关爱"),
)
OLD_PLAN = """云栖市第三人民医院工会2025年工作计划
一、主要工作
（一）民主管理
1.3月，召开职工代表大会，审议绩效分配办法修订稿，代表意见逐条答复。
（二）关心职工
1.7月，为后勤、保安和救护车驾驶岗位送清凉，检查饮水和防暑药品。
"""


def main() -> None:
    """Take every picture."""
    IMAGES.mkdir(exist_ok=True)
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        studio = Studio(Settings(home=Path(home)))
        page = build_app(studio, lambda: TODAY)
        start(page, studio, port)
        try:
            _take(studio, f"http://{HOST}:{port}")
        finally:
            finish(page)
            studio.close()


def _take(studio: Studio, address: str) -> None:
    program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(WAIT)
        _open(page, address)
        _picture(page, "first")
        save_profile(studio.settings.profile, UNIT)
        list(studio.library.add_text(OLD_PLAN, "2025年计划"))
        _open(page, address)
        page.locator("#sentence textarea").fill(SENTENCE)
        page.locator("#understand").click()
        page.locator("#outline textarea").wait_for(state="visible")
        _picture(page, "outline")
        page.locator("#start").click()
        page.locator("#progress", has_text="写好了").wait_for()
        page.locator("#nav .sections button").nth(3).click()
        _picture(page, "desk")
        page.locator("#wish textarea, #wish input").first.fill("加上“一线职工意见箱”")
        page.locator("#rewrite").click()
        page.locator("#offer .steps").wait_for()
        page.locator("#offer").scroll_into_view_if_needed()
        _picture(page, "proposal")
        page.evaluate("scrollTo(0, 0)")
        page.get_by_role("tab", name="月份", exact=True).click()
        _picture(page, "months")
        for tab, name in (
            ("检索", "search"),
            ("资料库", "library"),
            ("单位档案", "profile"),
        ):
            page.get_by_role("tab", name=tab, exact=True).click()
            if name == "search":
                page.locator("#query textarea, #query input").first.fill("夜班护士 休息 怎么安排")
                page.keyboard.press("Enter")
                page.locator("#hits article").first.get_by_role("button", name="打开原文").click()
                page.locator("#passage-here").wait_for()
            _picture(page, name)
        browser.close()


def _open(page: Any, address: str) -> None:
    page.goto(address)
    page.locator("#sentence textarea").wait_for(state="visible")


def _picture(page: Any, name: str) -> None:
    """Keep what is on the screen, in a palette of 128 colours."""
    page.wait_for_timeout(900)
    taken = Image.open(BytesIO(page.screenshot()))
    taken.convert("RGB").quantize(128).save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
