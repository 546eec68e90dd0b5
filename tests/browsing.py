"""What the browser tests share: the pages served on this machine, and the ways a person goes in them."""

import os
import socket
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
needs_browser = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs a chromium"),
]
playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

from app import HOST, build_app, finish, start  # noqa: E402
from assistant.settings import Settings  # noqa: E402
from assistant.studio import Studio  # noqa: E402

TODAY = date(2026, 11, 21)
WAIT = 30_000
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PANELS = {
    "预览": "preview",
    "依据": "evidence",
    "问题": "problems",
    "历史": "past",
    "月份": "months",
    "要点": "points",
}
ASKED = "**/queue/join*"
SENTENCE = "给我们医院工会起草一份下半年计划，800字"


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextmanager
def serving(home, model=None):
    uploads = os.environ.get("GRADIO_TEMP_DIR")  # of a server this one may run beside
    port = free_port()
    studio = Studio(Settings(home=home))
    if model is not None:
        studio.__dict__["_model"] = model
    page = build_app(studio, lambda: TODAY)
    start(page, studio, port)
    try:
        yield studio, f"http://{HOST}:{port}"
    finally:
        finish(page)
        studio.close()
        if uploads:
            os.environ["GRADIO_TEMP_DIR"] = uploads


@contextmanager
def launched():
    """A Chromium of its own."""
    with playwright.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


@contextmanager
def visiting(browser):
    """Open pages that may reach this machine only; at the end nothing else was asked for."""
    contexts, asked, errors = [], [], []

    def visit(address, width=1366, height=768, language="en-US", scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=language, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        expect(page.locator("#sentence textarea")).to_be_visible(timeout=WAIT)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith((f"http://{HOST}:", "data:", "blob:"))] == []
    assert errors == []


def drafted(page, sentence=SENTENCE):
    page.locator("#sentence textarea").fill(sentence)
    page.locator("#at-once").click()
    finished_writing(page)


def opened(visit, server):
    """Open the desk over a copy of a plan written once."""
    studio, address = server
    if not studio.drafts():
        request = studio.request(SENTENCE, TODAY)
        list(studio.draft(request, studio.outline(request)))
    studio.copy([row.id for row in studio.drafts() if "工作计划" in row.title][-1])  # the one nobody changed
    page = visit(address)
    page.locator("#drafts .link").first.click()
    expect(page.locator("#text textarea")).to_be_visible(timeout=WAIT)
    return page


def finished_writing(page):
    expect(page.locator("#progress")).to_contain_text("写好了", timeout=WAIT)
    expect(page.locator("#stop")).to_be_hidden(timeout=WAIT)
    expect(page.locator("#text textarea")).not_to_have_value("", timeout=WAIT)


def sections(page):
    return page.locator("#nav .sections button")


def go(page, number):
    sections(page).nth(number).click()
    expect(sections(page).nth(number)).to_have_attribute("aria-current", "true", timeout=WAIT)
    return page.locator("#text textarea")


def typed(page, text):
    """Type into the section and wait until it has saved itself."""
    before = page.locator("#here").get_attribute("data-revision")
    page.locator("#text textarea").fill(text)
    expect(page.locator("#here")).not_to_have_attribute("data-revision", before, timeout=WAIT)
    expect(page.locator("#state")).to_contain_text("已保存", timeout=WAIT)


@contextmanager
def held_up(page):
    """What the page asks of the program meanwhile, sent on afterwards: the slowest of connections."""
    waiting = []
    page.route(ASKED, lambda request: waiting.append(request))
    yield waiting
    for request in waiting:
        request.continue_()
    page.unroute(ASKED)


def offered(page, text):
    """Wait until `text`, typed over a newer text, is offered beside it."""
    expect(page.locator("#offer ins").first).to_contain_text(text.partition("。")[0], timeout=WAIT)


def taken(page, text):
    """Take what is offered and wait until the box holds `text`."""
    page.locator("#offer [data-place=take]").click()
    expect(page.locator("#text textarea")).to_have_value(text, timeout=WAIT)


def locked_and_written_anew(page, studio, number, finished):
    """Lock a section, have the whole plan written anew, and return the sections before and after."""
    go(page, number)
    page.locator("#lock").click()
    expect(page.locator("#text textarea")).to_be_disabled(timeout=WAIT)
    before, locked = by_id(newest(studio)), current(page)
    page.locator("#rewrite-all").click()
    expect(page.locator("#progress")).not_to_contain_text("写好了", timeout=WAIT)
    finished(page)
    after = by_id(newest(studio))
    assert after[locked] == before[locked]
    return before, after


def panel(page, name):
    page.get_by_role("tab", name=name, exact=True).click()
    shown = page.locator(f"#{PANELS[name]}")
    expect(shown).to_be_visible(timeout=WAIT)
    return shown


def newest(studio):
    return studio.load(studio.drafts()[0].id)


def by_id(plan):
    return {section.id: section.text.encode() for section in plan.sections}


def current(page):
    return page.locator("#here").get_attribute("data-section")
