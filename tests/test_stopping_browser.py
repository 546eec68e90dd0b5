"""Long writing in a real browser: stopped, left alone by a closed page, and cut off by a killed server."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

from browsing import (
    HOST,
    SENTENCE,
    WAIT,
    by_id,
    expect,
    finished_writing,
    free_port,
    go,
    needs_browser,
    newest,
    serving,
    typed,
)

from assistant.settings import Settings, save_settings
from assistant.studio import Studio

pytestmark = needs_browser
ROOT = Path(__file__).parents[1]


class PatientModel:
    """Writes two sentences and then waits until it is stopped."""

    name = "慢模型"

    def __init__(self):
        self.stopped = threading.Event()

    def stream(self, messages, max_tokens, stop):
        yield "组织职工代表巡视检查一次，结果在公开栏公布，职工提出的意见逐条登记。"
        yield "每条意见写明承办科室和答复时间，月底由工会小组长向职工当面说明办理情况。\n"
        if stop.wait(60):
            self.stopped.set()


def test_writing_is_stopped_at_once_kept_and_nothing_else_waits(ready_home, visit):
    with serving(ready_home, PatientModel()) as (studio, address):
        page = visit(address)
        page.locator("#sentence textarea").fill(SENTENCE)
        page.locator("#at-once").click()
        expect(page.locator("#progress")).to_contain_text("第 1/", timeout=WAIT)
        other = visit(address)
        other.get_by_role("tab", name="检索").click()
        other.locator("#query input, #query textarea").fill("院务公开")
        other.keyboard.press("Enter")
        expect(other.locator(".card").first).to_be_visible(timeout=WAIT)
        expect(page.locator("#preview")).to_contain_text("组织职工代表巡视检查一次", timeout=WAIT)
        go(page, 3)
        typed(page, "趁它在写，我先写这一节。")
        page.locator("#stop").click()
        expect(page.locator("#progress")).to_contain_text("已停下", timeout=WAIT)
        expect(page.locator("#go-on")).to_be_visible(timeout=WAIT)
        studio.__dict__["_model"] = None
        page.locator("#go-on").click()
        finished_writing(page)
        plan = newest(studio)
        assert all(section.text for section in plan.sections)
        assert plan.sections[3].text == "趁它在写，我先写这一节。"


def test_closing_the_page_stops_the_model(ready_home, visit):
    model = PatientModel()
    with serving(ready_home, model) as (_, address):
        page = visit(address)
        page.locator("#sentence textarea").fill(SENTENCE)
        page.locator("#at-once").click()
        expect(page.locator("#preview")).to_contain_text("组织职工代表巡视检查一次", timeout=WAIT)
        page.close()
        assert model.stopped.wait(40)


def served(home, port):
    """Start the program as a person does and return it once its pages are open."""
    command = [sys.executable, "-m", "assistant.cli", "serve", "--no-browser", "--port", str(port)]
    environment = {**os.environ, "GONGHUI_HOME": str(home)}
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT, env=environment
    )
    assert running.stdout.readline().startswith("已打开")
    return running


def test_a_server_killed_in_mid_section_loses_nothing_finished(ready_home, visit, tiny_model):
    home, port = ready_home, free_port()
    save_settings(Settings(home=home), model=str(tiny_model), model_parallel=1)
    running = served(home, port)
    try:
        page = visit(f"http://{HOST}:{port}")
        page.locator("#sentence textarea").fill(SENTENCE)
        page.locator("#at-once").click()
        expect(page.locator("#progress")).to_contain_text(re.compile(r"第 [3-9]/"), timeout=2 * WAIT)
        running.kill()
        running.wait()
        expect(page.get_by_text("程序没有应答，正在重新连接")).to_be_visible(timeout=WAIT)
        studio = Studio(Settings(home=home))
        before = {key: text for key, text in by_id(newest(studio)).items() if text}
        assert len(before) >= 2
        context = page.context
        page.close()
        running = served(home, port)
        page = context.new_page()
        page.goto(f"http://{HOST}:{port}")
        expect(page.locator("#go-on")).to_be_visible(timeout=2 * WAIT)
        page.locator("#go-on").click()
        expect(page.locator("#progress")).to_contain_text("写好了", timeout=2 * WAIT)
        after = by_id(newest(studio))
        assert all(after.values())
        assert after.items() >= before.items()
    finally:
        running.kill()
        running.wait()
