"""The pages in a real browser: the whole way from a sentence to a Word file, every tab, and nothing leaves the machine."""

import os
import re
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs a chromium"),
]
playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

from tiny_model import tiny_model  # noqa: E402, F401

from app import HOST, build_app, finish, start  # noqa: E402
from assistant.settings import Settings, save_settings  # noqa: E402
from assistant.studio import Studio  # noqa: E402

TODAY = date(2026, 11, 21)
WAIT = 30_000
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
EVIL = """云杉市第九医院工会2026年下半年工作计划
一、主要工作
（一）民主管理
1.九月召开职代会，审议<script>window.broken = 1</script>绩效分配办法<img src=x onerror="window.broken = 2">，公开${1+1}{{value}}。
"""

_TYPED_AFTER_A_LOOK = """([text, pause]) => {
    window.dispatchEvent(new Event('focus'));
    setTimeout(() => {
        const box = document.querySelector('#text textarea');
        box.value = text;
        box.dispatchEvent(new Event('input', {bubbles: true}));
    }, pause);
}"""


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


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser):
    """Open pages that may reach this machine only; at the end nothing else was asked for."""
    contexts, asked, errors = [], [], []

    def visit(address, width=1366, height=768, language="en-US"):
        context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
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


PANELS = {"预览": "preview", "依据": "evidence", "问题": "problems", "历史": "past", "月份": "months"}
SENTENCE = "给我们医院工会起草一份下半年计划，800字"


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


def test_first_run_in_three_steps_to_a_word_file(tmp_path, visit):
    old = tmp_path / "九院计划.txt"
    old.write_text(EVIL, "utf-8")
    with serving(tmp_path / "home") as (studio, address):
        page = visit(address)
        expect(page.locator("#welcome")).to_be_visible(timeout=WAIT)
        page.locator("#first-type input").click()
        page.get_by_role("option", name="医院", exact=True).click()
        page.locator("#first-unit input, #first-unit textarea").fill("云栖市第三人民医院")
        page.locator("#first-keep").click()
        expect(page.locator("#welcome")).to_contain_text("记下了", timeout=WAIT)
        page.locator("#first-files input[type=file]").set_input_files(str(old))
        expect(page.locator("#first-told")).to_contain_text("新增 1 份", timeout=WAIT)
        drafted(page, "起草一份2027年上半年工作计划，800字")
        with page.expect_download(timeout=WAIT) as waiting:
            page.locator("#download-docx").click()
        saved = tmp_path / "plan.docx"
        waiting.value.save_as(saved)
        assert waiting.value.suggested_filename == "云栖市第三人民医院工会2027年上半年工作计划.docx"
        page.get_by_role("button", name="更多格式").click()
        with page.expect_download(timeout=WAIT) as waiting:
            page.get_by_role("button", name="纯文本").click()
        assert waiting.value.suggested_filename.endswith(".txt")
        import docx

        words = "".join(paragraph.text for paragraph in docx.Document(str(saved)).paragraphs)
        assert all(row in words for row in newest(studio).sections[1].text.split("\n"))
        page.locator("#back").click()
        expect(page.locator("#drafts")).to_contain_text("云栖市第三人民医院工会", timeout=WAIT)
        expect(page.locator("#welcome")).to_be_hidden()


def test_the_outline_can_be_changed_before_writing(server, visit):
    studio, address = server
    page = visit(address)
    page.locator("#sentence textarea").fill(SENTENCE)
    page.locator("#understand").click()
    outline = page.locator("#outline textarea")
    expect(outline).not_to_have_value("", timeout=WAIT)
    expect(page.locator("#slot-org input")).to_have_value("医院")
    expect(page.locator("#slot-period input")).to_have_value("下半年")
    outline.fill(outline.input_value() + "# 夜班职工关爱\n")
    page.locator("#start").click()
    finished_writing(page)
    expect(page.locator("#nav")).to_contain_text("夜班职工关爱")
    expect(page.locator("#preview h2", has_text="夜班职工关爱")).to_be_attached()
    assert newest(studio).sections[-1].heading == "夜班职工关爱"


@pytest.mark.parametrize("writer", ["no model", "a small local model"])
def test_one_sentence_is_left_the_rest_taken_undone_and_there_after_a_reload(
    writer,
    tmp_path,
    visit,
    tiny_model,  # noqa: F811
):
    from assistant.local_model import LocalModel
    from assistant.model_files import find_model

    with serving(tmp_path / "home") as (studio, address):
        page = visit(address)
        drafted(page)
        if writer != "no model":
            studio.__dict__["_model"] = LocalModel(find_model(str(tiny_model)))
        text = go(page, 2)
        typed(page, "1.定期走访困难职工。\n2.召开职工座谈会。\n3.组织秋季健步走。")
        before, plan = text.input_value(), newest(studio)
        page.locator("#wish textarea, #wish input").fill("更具体一些")
        page.locator("#rewrite").click()
        expect(page.locator("#offer [data-place=take]")).to_be_visible(timeout=4 * WAIT)
        expect(page.locator("#offer")).to_contain_text("没有用模型" if writer == "no model" else "由模型")
        offered = page.locator("#offer .change").count()
        assert offered > 1
        left = page.locator("#offer .change").first
        kept = left.locator("del").inner_text() if left.locator("del").count() else ""
        left.get_by_role("button", name="不用").click()
        expect(text).to_have_value(before)
        page.locator("#offer [data-place=take]").click()
        expect(page.locator("#notice")).to_contain_text(
            f"已采用 {offered - 1} 处，其余 {len(plan.sections) - 1} 节未变", timeout=WAIT
        )
        taken = text.input_value()
        assert taken != before
        assert kept in taken
        others = {key: value for key, value in by_id(newest(studio)).items() if key != current(page)}
        assert others == {key: value for key, value in by_id(plan).items() if key != current(page)}
        page.locator("#undo").click()
        expect(text).to_have_value(before, timeout=WAIT)
        page.locator("#redo").click()
        expect(text).to_have_value(taken, timeout=WAIT)
        page.reload()
        expect(page.locator("#text textarea")).to_have_value(taken, timeout=WAIT)
        page.locator("#undo").click()
        expect(page.locator("#text textarea")).to_have_value(before, timeout=WAIT)


def test_typing_saves_itself_and_the_page_follows(server, visit):
    studio, _ = server
    page = opened(visit, server)
    go(page, 1)
    typed(page, "我自己写的一段话。")
    expect(page.locator("#preview")).to_contain_text("我自己写的一段话。", timeout=WAIT)
    assert newest(studio).sections[1].writer == "人工"
    expect(panel(page, "历史")).to_contain_text("人工", timeout=WAIT)
    page.locator("#text textarea").fill("还没有存，就点了别的一节。")
    go(page, 2)
    assert newest(studio).sections[1].text == "还没有存，就点了别的一节。"


def test_only_what_is_selected_is_changed(server, visit):
    page = opened(visit, server)
    text = go(page, 2)
    typed(page, "1.进一步做好走访。\n2.进一步做好服务。")
    text.evaluate("box => { box.focus(); box.setSelectionRange(4, 8); }")
    page.locator("#do-tighten").click()
    expect(page.locator("#offer .change")).to_have_count(1, timeout=WAIT)
    page.keyboard.press("Control+Enter")
    expect(text).to_have_value("1.做好走访。\n2.进一步做好服务。", timeout=WAIT)


def test_sections_are_added_moved_and_taken_out_with_numbers_following(server, visit):
    studio, _ = server
    page = opened(visit, server)
    go(page, 1)
    count = sections(page).count()
    page.get_by_role("button", name="增删、移动、拆分").click()
    page.locator("#new-heading input, #new-heading textarea").fill("退休职工工作")
    page.locator("#shape-add").click()
    expect(sections(page)).to_have_count(count + 1, timeout=WAIT)
    expect(sections(page).nth(2)).to_contain_text("二、退休职工工作")
    page.locator("#shape-up").click()
    expect(sections(page).nth(1)).to_contain_text("一、退休职工工作", timeout=WAIT)
    page.locator("#shape-remove").click()
    expect(sections(page)).to_have_count(count, timeout=WAIT)
    page.locator("#notice").get_by_role("button", name="撤销这一步").click()
    expect(sections(page)).to_have_count(count + 1, timeout=WAIT)
    assert newest(studio).sections[1].heading == "退休职工工作"


def test_problems_lead_to_their_place_and_are_mended_with_one_click(server, visit):
    page = opened(visit, server)
    go(page, 2)
    typed(page, "1.九月召开教代会，审议绩效办法。")
    problems = panel(page, "问题")
    expect(problems.locator("q", has_text="教代会").first).to_be_visible(timeout=WAIT)
    problems.locator("li", has_text="教代会").first.locator(".link").click()
    page.wait_for_function(
        "window.getSelection().toString() === '教代会' || document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd) === '教代会'"
    )
    problems.locator("li", has_text="教代会").first.locator(".mend").click()
    expect(page.locator("#text textarea")).to_have_value("1.九月召开职代会，审议绩效办法。", timeout=WAIT)
    page.locator("#notice").get_by_role("button", name="撤销").click()
    expect(page.locator("#text textarea")).to_have_value("1.九月召开教代会，审议绩效办法。", timeout=WAIT)


def test_blanks_are_filled_in_once_for_the_whole_plan(server, visit):
    page = opened(visit, server)
    problems = panel(page, "问题")
    problems.get_by_label("单位名称").fill("云栖市第三人民医院")
    problems.get_by_role("button", name="填进计划").click()
    expect(page.locator("#plan-title input, #plan-title textarea")).to_have_value(
        re.compile("云栖市第三人民医院工会2026年下半年工作计划"), timeout=WAIT
    )
    expect(problems.get_by_label("单位名称")).to_have_count(0)


def test_two_revisions_are_compared_and_an_old_one_taken_back(server, visit):
    page = opened(visit, server)
    text = go(page, 1)
    first = text.input_value()
    typed(page, "全部换成我的话。")
    past = panel(page, "历史")
    past.get_by_role("button", name="比较").last.click()
    expect(past.locator(".steps")).to_be_visible(timeout=WAIT)
    past.locator(".revisions li", has_text="范例编排").first.get_by_role("button", name="取回").click()
    expect(text).to_have_value(first, timeout=WAIT)
    past.get_by_label("快照的名字").fill("交院长看之前")
    past.get_by_role("button", name="存一份快照").click()
    expect(past).to_contain_text("交院长看之前", timeout=WAIT)


def test_precedents_open_at_the_shared_words(server, visit):
    page = opened(visit, server)
    go(page, 3)
    evidence = panel(page, "依据")
    expect(evidence.locator("mark").first).to_be_visible(timeout=WAIT)
    evidence.get_by_role("button", name="打开原文").first.click()
    expect(evidence.locator("#passage-here")).to_be_attached(timeout=WAIT)


def test_markup_typed_into_a_section_stays_text(server, visit):
    page = opened(visit, server)
    go(page, 1)
    typed(page, '<img src=x onerror="window.broken=1">【待填：<img src=x onerror="window.broken=2">】')
    expect(page.locator("#preview")).to_contain_text("<img src=x", timeout=WAIT)
    for name in ("问题", "历史", "依据", "月份"):
        panel(page, name)
    page.reload()
    expect(page.locator("#text textarea")).to_have_value(re.compile("img src"), timeout=WAIT)
    assert page.evaluate("window.broken") is None


def test_what_is_locked_stays_byte_for_byte_when_all_is_written_anew(server, visit):
    studio, _ = server
    page = opened(visit, server)
    go(page, 2)
    page.locator("#lock").click()
    expect(page.locator("#text textarea")).to_be_disabled(timeout=WAIT)
    before, locked = by_id(newest(studio)), current(page)
    page.locator("#rewrite-all").click()
    expect(page.locator("#progress")).to_contain_text("正在准备", timeout=WAIT)
    finished_writing(page)
    after = by_id(newest(studio))
    assert after[locked] == before[locked]
    assert sum(after[key] != before[key] for key in after) >= 3
    panel(page, "历史").get_by_role("button", name="整篇恢复到这时").first.click()
    expect(page.locator("#notice")).to_contain_text("整篇已恢复", timeout=WAIT)
    assert by_id(newest(studio)) == before


def test_two_tabs_on_one_draft_notice_each_other_and_overwrite_nothing(server, visit):
    studio, address = server
    mine = opened(visit, server)
    box = go(mine, 1)
    title = mine.locator("#plan-title input, #plan-title textarea").input_value()
    yours = visit(address)
    yours.locator("#drafts .link", has_text=title).first.click()
    theirs = go(yours, 1)
    typed(yours, "您那边改的第一句。共同的第二句。")
    mine.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(box).to_have_value("您那边改的第一句。共同的第二句。", timeout=WAIT)
    expect(mine.locator("#notice")).to_contain_text("别处")
    typed(yours, "您又改了第一句。共同的第二句。")
    assert newest(studio).sections[1].text == "您又改了第一句。共同的第二句。"
    box.fill("我同时改的第一句。共同的第二句。")
    expect(mine.locator("#offer")).to_contain_text("我同时改的第一句。", timeout=WAIT)
    assert newest(studio).sections[1].text == "您又改了第一句。共同的第二句。"
    mine.locator("#offer [data-place=take]").click()
    expect(box).to_have_value("我同时改的第一句。共同的第二句。", timeout=WAIT)
    yours.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(theirs).to_have_value("我同时改的第一句。共同的第二句。", timeout=WAIT)


@pytest.mark.parametrize("pause", [0, 30])
def test_what_is_typed_while_a_newer_text_comes_in_is_not_lost(server, visit, pause):
    studio, _ = server
    mine = opened(visit, server)
    go(mine, 1)
    before = newest(studio)
    studio.edit(before.id, before.sections[1].id, "别处的一句。共同的一句。", None)
    mine.evaluate(_TYPED_AFTER_A_LOOK, ["我正在打的一句。共同的一句。", pause])
    expect(mine.locator("#offer")).to_contain_text("我正在打的一句。", timeout=WAIT)
    assert newest(studio).sections[1].text == "别处的一句。共同的一句。"
    mine.locator("#offer [data-place=take]").click()
    expect(mine.locator("#text textarea")).to_have_value("我正在打的一句。共同的一句。", timeout=WAIT)
    assert newest(studio).sections[1].text == "我正在打的一句。共同的一句。"


def test_drafts_are_found_copied_archived_deleted_and_brought_back(server, visit):
    _, address = server
    page = visit(address)
    drafted(page, "给小学工会写一份2027年工作要点")
    page.locator("#back").click()
    cards = page.locator("#drafts section")
    expect(cards.first).to_be_visible(timeout=WAIT)
    page.locator("#draft-words input, #draft-words textarea").fill("工作要点")
    expect(cards).to_have_count(1, timeout=WAIT)
    cards.first.get_by_role("button", name="复制").click()
    expect(cards).to_have_count(2, timeout=WAIT)
    page.locator("#drafts section", has_text="副本").get_by_role("button", name="归档").click()
    expect(cards).to_have_count(1, timeout=WAIT)
    cards.first.get_by_role("button", name="删除").click()
    expect(cards).to_have_count(0, timeout=WAIT)
    page.get_by_role("button", name="撤销删除").click()
    expect(cards).to_have_count(1, timeout=WAIT)


def test_search_opens_the_original_at_its_place(server, visit):
    _, address = server
    page = visit(address)
    page.get_by_role("tab", name="检索").click()
    page.locator("#query input, #query textarea").fill("卫生院 院务公开 怎么写")
    page.keyboard.press("Enter")
    expect(page.locator(".card").first).to_be_visible(timeout=WAIT)
    expect(page.locator(".card mark").first).to_be_visible()
    page.locator(".card button").first.click()
    expect(page.locator("#passage-here")).to_be_in_viewport(timeout=WAIT)


def test_a_document_is_taken_in_read_and_removed_and_its_markup_stays_text(server, visit, tmp_path):
    _, address = server
    file = tmp_path / "九院计划.txt"
    file.write_text(EVIL, "utf-8")
    page = visit(address)
    page.get_by_role("tab", name="资料库").click()
    page.locator("#upload input[type=file]").set_input_files(str(file))
    expect(page.locator("#upload")).to_contain_text("九院计划", timeout=WAIT)
    page.locator("#add").click()
    expect(page.locator("#report")).to_contain_text("新增 1 份", timeout=WAIT)
    page.locator("#documents button", has_text="云杉市第九医院").click()
    expect(page.locator("#document .body")).to_contain_text("绩效分配办法", timeout=WAIT)
    shown = page.locator("#document .body").inner_text()
    assert "${1+1}{{value}}" in shown
    assert page.evaluate("window.broken") is None
    page.locator("#remove").click()
    expect(page.locator("#document")).to_contain_text("已删除", timeout=WAIT)
    expect(page.locator("#documents")).not_to_contain_text("云杉市第九医院", timeout=WAIT)
    page.locator("#undo-remove").click()
    expect(page.locator("#documents")).to_contain_text("云杉市第九医院", timeout=WAIT)
    assert page.evaluate("window.broken") is None


def test_a_label_is_corrected_and_the_text_stands_beside_the_original(server, visit, tmp_path):
    studio, address = server
    file = tmp_path / "石桥计划.txt"
    file.write_text(
        "石桥实验小学工会2026年工作计划\n一、民主管理\n1.十月召开教代会,征集教师提案并逐条答(dá)复。\n",
        "utf-8",
    )
    page = visit(address)
    page.get_by_role("tab", name="资料库").click()
    page.locator("#upload input[type=file]").set_input_files(str(file))
    expect(page.locator("#upload")).to_contain_text("石桥计划", timeout=WAIT)
    page.locator("#add").click()
    expect(page.locator("#report")).to_contain_text("整理文字", timeout=WAIT)
    page.locator("#facets button", has_text="自己加的").click()
    expect(page.locator("#facets button.on")).to_contain_text("自己加的", timeout=WAIT)
    page.locator("#documents button", has_text="石桥实验小学").click()
    page.locator("#document summary", has_text="与原文对照").click()
    expect(page.locator("#document .sides del").first).to_be_visible(timeout=WAIT)
    expect(page.locator("#document .sides ins").first).to_have_text("，")
    page.get_by_role("button", name="标注不对").click()
    page.locator("#label-year input, #label-year textarea").fill("2025")
    page.locator("#save-labels").click()
    expect(page.locator("#document")).to_contain_text("人工更正过：年份", timeout=WAIT)
    expect(page.locator("#documents")).to_contain_text("人工更正", timeout=WAIT)
    assert [row.labels.year for row in studio.documents() if row.title.startswith("石桥实验小学")] == [2025]
    page.screenshot(path=str(tmp_path / "shelf.png"), full_page=True)


def test_the_profile_is_kept_and_a_wrong_one_is_told_beside_the_button(server, visit):
    studio, address = server
    page = visit(address)
    page.get_by_role("tab", name="单位档案").click()
    page.get_by_label("习惯用词").fill("职工员工")
    page.locator("#save-profile").click()
    expect(page.locator("#profile-told")).to_contain_text("成对", timeout=WAIT)
    page.get_by_label("习惯用词").fill("")
    page.get_by_label("单位简称").fill("市三院")
    page.locator("#save-profile").click()
    expect(page.locator("#profile-told")).to_contain_text("已保存", timeout=WAIT)
    assert studio.profile().short == "市三院"
    again = visit(address)
    again.get_by_role("tab", name="单位档案").click()
    expect(again.get_by_label("单位简称")).to_have_value("市三院", timeout=WAIT)


def test_settings_show_the_model_the_places_and_the_check(server, visit):
    studio, address = server
    page = visit(address)
    page.get_by_role("tab", name="设置").click()
    expect(page.locator("#model-now")).to_contain_text("没有使用模型", timeout=WAIT)
    expect(page.locator("#places")).to_contain_text(str(studio.settings.home))
    page.locator("#doctor-run").click()
    expect(page.locator("#doctor")).to_contain_text("资料库", timeout=WAIT)
    page.locator("#encoder-use").click()
    expect(page.locator("#encoder-told")).to_contain_text("检索编码器是", timeout=WAIT)
    page.locator("#model-use").click()
    expect(page.locator(".toast-body")).to_contain_text("请写明模型", timeout=WAIT)


def test_everything_is_backed_up_and_put_back(server, visit, tmp_path):
    studio, address = server
    page = visit(address)
    page.get_by_role("tab", name="设置").click()
    page.get_by_role("button", name="备份和搬家").click()
    with page.expect_download(timeout=WAIT) as waiting:
        page.locator("#backup-make").click()
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    before = [row.id for row in studio.drafts()]
    page.locator("#backup-upload input[type=file]").set_input_files(str(saved))
    page.locator("#backup-restore").click()
    expect(page.locator("#backup-told")).to_contain_text("已恢复", timeout=WAIT)
    assert [row.id for row in studio.drafts()] == before
    assert len(list(studio.settings.home.glob("恢复前的数据-*"))) == 1


def test_an_english_browser_still_gets_a_chinese_page(server, visit):
    _, address = server
    page = visit(address, language="en-US")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.get_by_role("tab", name="资料库").click()
    expect(page.locator("#upload")).to_contain_text("点击上传")
    expect(page.locator("body")).not_to_contain_text("Gradio")


@pytest.mark.parametrize("width", [390, 1366])
def test_nothing_is_wider_than_the_screen(server, visit, width):
    _, address = server
    page = visit(address, width=width, height=844)
    for name in ("起草", "检索", "资料库", "单位档案", "设置"):
        if page.get_by_role("tab", name=name).is_visible():
            page.get_by_role("tab", name=name).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_writing_is_stopped_at_once_kept_and_nothing_else_waits(tmp_path, visit):
    with serving(tmp_path / "home", PatientModel()) as (studio, address):
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


def test_closing_the_page_stops_the_model(tmp_path, visit):
    model = PatientModel()
    with serving(tmp_path / "home", model) as (_, address):
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


def test_a_server_killed_in_mid_section_loses_nothing_finished(tmp_path, visit, tiny_model):  # noqa: F811
    home, port = tmp_path / "home", free_port()
    save_settings(Settings(home=home), model=str(tiny_model))
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
