"""The desk with a small local model behind it: the same ways a person goes without one."""

import re

import pytest
from browsing import (
    SENTENCE,
    TODAY,
    WAIT,
    by_id,
    expect,
    finished_writing,
    go,
    held_up,
    locked_and_written_anew,
    needs_browser,
    newest,
    offered,
    serving,
    taken,
    typed,
)

pytestmark = needs_browser


@pytest.fixture(scope="module")
def server(indexed_home, tiny_model):
    from assistant.local_model import LocalModel
    from assistant.model_files import find_model

    model = LocalModel(find_model(str(tiny_model)))
    with serving(indexed_home, model) as running:
        yield running
    model.close()


def written(page):
    expect(page.locator("#progress")).to_contain_text("写好了", timeout=5 * WAIT)
    finished_writing(page)


def opened(studio, address, visit):
    """Open the newest plan, one written by the model now if there is none."""
    if not studio.drafts():
        request = studio.request(SENTENCE, TODAY)
        list(studio.draft(request, studio.outline(request)))
    page = visit(address)
    page.locator("#drafts .link").first.click()
    expect(page.locator("#text textarea")).to_be_visible(timeout=WAIT)
    return page


def by_model(studio):
    """The sections of the newest plan that the model wrote."""
    return [s.id for s in newest(studio).sections if s.writer not in ("composer", "范例编排", "人工")]


def test_from_a_sentence_to_a_word_file(server, visit, tmp_path):
    studio, address = server
    page = visit(address)
    page.locator("#sentence textarea").fill(SENTENCE)
    page.locator("#at-once").click()
    written(page)
    assert by_model(studio)
    with page.expect_download(timeout=WAIT) as waiting:
        page.locator("#download-docx").click()
    saved = tmp_path / "plan.docx"
    waiting.value.save_as(saved)
    import docx

    words = "".join(paragraph.text for paragraph in docx.Document(str(saved)).paragraphs)
    assert all(row in words for section in newest(studio).sections for row in section.text.split("\n"))


def test_what_is_locked_stays_byte_for_byte_when_all_is_written_anew(server, visit):
    studio, address = server
    page = opened(studio, address, visit)
    before, after = locked_and_written_anew(page, studio, 3, written)
    assert after.keys() == before.keys()
    assert all(after.values())


def test_stopped_in_the_middle_and_gone_on_with(server, visit):
    studio, address = server
    page = visit(address)
    page.locator("#sentence textarea").fill(SENTENCE)
    page.locator("#at-once").click()
    expect(page.locator("#progress")).to_contain_text(re.compile(r"第 [3-9]/"), timeout=2 * WAIT)
    page.locator("#stop").click()
    expect(page.locator("#progress")).to_contain_text("已停下", timeout=WAIT)
    expect(page.locator("#go-on")).to_be_visible(timeout=WAIT)
    before = {key: text for key, text in by_id(newest(studio)).items() if text}
    assert len(before) >= 2
    page.locator("#go-on").click()
    written(page)
    after = by_id(newest(studio))
    assert all(after.values())
    assert after.items() >= before.items()


def test_two_tabs_overwrite_nothing(server, visit):
    studio, address = server
    mine = opened(studio, address, visit)
    box = go(mine, 1)
    yours = visit(address)
    yours.locator("#drafts .link").first.click()
    go(yours, 1)
    with held_up(mine):
        box.fill("我同时改的一句。")
        typed(yours, "您那边改的一句。")
    offered(mine, "我同时改的一句。")
    assert newest(studio).sections[1].text == "您那边改的一句。"
    taken(mine, "我同时改的一句。")
    assert newest(studio).sections[1].text == "我同时改的一句。"
