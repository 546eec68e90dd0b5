"""The pages in a real browser: the whole way from a sentence to a Word file, every tab, and nothing leaves the machine."""

import socket
import threading
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
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
EVIL = """云杉市第九医院工会2026年下半年工作计划
一、主要工作
（一）民主管理
1.九月召开职代会，审议<script>window.broken = 1</script>绩效分配办法<img src=x onerror="window.broken = 2">，公开${1+1}{{value}}。
"""


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


@contextmanager
def serving(home, model=None):
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
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


def understand(page, sentence="给我们医院工会起草一份下半年计划，800字"):
    page.locator("#sentence textarea").fill(sentence)
    page.locator("#understand").click()
    expect(page.locator("#outline textarea")).to_be_visible(timeout=WAIT)
    expect(page.locator("#outline textarea")).not_to_have_value("", timeout=WAIT)


def drafted(page):
    understand(page)
    page.locator("#start").click()
    expect(page.locator("#progress")).to_contain_text("写好了", timeout=WAIT)
    expect(page.locator(".editor textarea").first).to_be_visible(timeout=WAIT)


def editor(page, number=1):
    return page.locator("[id^=section-s]").nth(number)


def offered(page, number=1):
    """Ask for another version of a section; the next wording is always another one."""
    accept = editor(page, number).get_by_role("button", name="采用")
    editor(page, number).get_by_role("button", name="换一版").click()
    expect(editor(page, number).locator("del, ins").first).to_be_visible(timeout=WAIT)
    expect(accept).to_be_enabled(timeout=WAIT)


def test_from_a_sentence_to_a_word_file(server, visit, tmp_path):
    studio, address = server
    page = visit(address)
    understand(page)
    expect(page.locator("#slot-org input")).to_have_value("医院")
    expect(page.locator("#slot-period input")).to_have_value("下半年")
    outline = page.locator("#outline textarea")
    outline.fill(outline.input_value() + "# 夜班职工关爱\n")
    page.locator("#start").click()
    expect(page.locator("#progress")).to_contain_text("写好了", timeout=WAIT)
    expect(page.locator("#page h2", has_text="夜班职工关爱")).to_be_visible()
    expect(page.locator("#findings")).to_contain_text("单位名称", timeout=WAIT)
    with page.expect_download(timeout=WAIT) as waiting:
        page.get_by_role("button", name="下载 Word").click()
    saved = tmp_path / "plan.docx"
    waiting.value.save_as(saved)
    assert waiting.value.suggested_filename == "工会2026年下半年工作计划.docx"
    page.get_by_role("button", name="更多格式").click()
    for button, name in (
        ("纯文本", "工会2026年下半年工作计划.txt"),
        ("任务分解表 Excel", "工会2026年下半年工作计划（任务分解表）.xlsx"),
        ("修订稿", "工会2026年下半年工作计划（修订稿）.docx"),
    ):
        with page.expect_download(timeout=WAIT) as waiting:
            page.get_by_role("button", name=button).click()
        assert waiting.value.suggested_filename == name
    import docx

    assert any("夜班职工关爱" in paragraph.text for paragraph in docx.Document(str(saved)).paragraphs)
    assert studio.drafts()[0].title.endswith("2026年下半年工作计划")


def test_a_section_is_edited_undone_redrafted_and_locked(server, visit):
    _, address = server
    page = visit(address)
    drafted(page)
    box = editor(page).locator("textarea").first
    first = box.input_value()
    other = editor(page, 2).locator("textarea").first.input_value()
    box.fill("我自己写的一段话。")
    editor(page).get_by_role("button", name="保存").click()
    expect(editor(page)).to_contain_text("已保存，其余", timeout=WAIT)
    expect(page.locator("#page")).to_contain_text("我自己写的一段话。")
    editor(page).get_by_role("button", name="撤销").click()
    expect(box).to_have_value(first, timeout=WAIT)
    offered(page)
    expect(editor(page).locator("del, ins").first).to_be_visible()
    expect(box).to_have_value(first)
    editor(page).get_by_role("button", name="采用").click()
    expect(box).not_to_have_value(first, timeout=WAIT)
    expect(editor(page).get_by_role("button", name="采用")).to_be_hidden()
    assert editor(page, 2).locator("textarea").first.input_value() == other
    editor(page).get_by_role("button", name="锁定").click()
    expect(box).to_be_disabled(timeout=WAIT)


def test_what_is_typed_in_one_section_survives_a_change_in_another(server, visit):
    _, address = server
    page = visit(address)
    drafted(page)
    editor(page, 1).locator("textarea").first.fill("还没有保存的话。")
    offered(page, 2)
    editor(page, 2).get_by_role("button", name="采用").click()
    expect(editor(page, 2)).to_contain_text("已采用新稿", timeout=WAIT)
    expect(editor(page, 1).locator("textarea").first).to_have_value("还没有保存的话。")


def test_markup_typed_into_a_section_stays_text(server, visit):
    _, address = server
    page = visit(address)
    drafted(page)
    evil = '<img src=x onerror="window.broken=1">【待填：<img src=x onerror="window.broken=2">】'
    editor(page).locator("textarea").first.fill(evil)
    editor(page).get_by_role("button", name="保存").click()
    expect(page.locator("#page")).to_contain_text("<img src=x", timeout=WAIT)
    editor(page).get_by_text("修改记录").click()
    expect(editor(page)).to_contain_text("第2稿", timeout=WAIT)
    page.reload()
    page.locator("#drafts input").click()
    page.get_by_role("option").first.click()
    expect(page.locator("#blanks")).to_contain_text("<img src=x", timeout=WAIT)
    assert page.evaluate("window.broken") is None


def test_blanks_are_filled_in_once_for_the_whole_plan(server, visit):
    _, address = server
    page = visit(address)
    drafted(page)
    page.locator("#blanks").get_by_label("单位名称").fill("云栖市第三人民医院")
    page.locator("#blanks").get_by_role("button", name="填进计划").click()
    expect(page.locator("#page h1")).to_contain_text("云栖市第三人民医院", timeout=WAIT)
    expect(page.locator("#blanks").get_by_label("单位名称")).to_have_count(0, timeout=WAIT)


def test_two_pages_do_not_see_each_others_unsaved_text(server, visit):
    _, address = server
    mine = visit(address)
    drafted(mine)
    mine.locator("#sentence textarea").fill("只在我这里的话", force=True)
    editor(mine).locator("textarea").first.fill("没有存的话。")
    yours = visit(address)
    expect(yours.locator("#sentence textarea")).to_have_value("")
    expect(yours.locator("#page")).not_to_contain_text("没有存的话")
    expect(yours.locator(".editor")).to_have_count(0)


def test_a_reload_finds_the_draft_in_the_list(server, visit):
    _, address = server
    page = visit(address)
    drafted(page)
    text = editor(page).locator("textarea").first.input_value()
    page.reload()
    page.locator("#drafts input").click()
    page.get_by_role("option").first.click()
    expect(editor(page).locator("textarea").first).to_have_value(text, timeout=WAIT)


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


def test_writing_is_stopped_at_once_kept_and_search_does_not_wait(tmp_path, visit):
    with serving(tmp_path / "home", PatientModel()) as (studio, address):
        page = visit(address)
        understand(page)
        page.locator("#start").click()
        expect(page.locator("#progress")).to_contain_text("第 1/", timeout=WAIT)
        other = visit(address)
        other.get_by_role("tab", name="检索").click()
        other.locator("#query input, #query textarea").fill("院务公开")
        other.keyboard.press("Enter")
        expect(other.locator(".card").first).to_be_visible(timeout=WAIT)
        expect(page.locator("#page")).to_contain_text("组织职工代表巡视检查一次", timeout=WAIT)
        page.locator("#stop").click()
        expect(page.locator("#progress")).to_contain_text("已停下", timeout=WAIT)
        expect(page.locator("#go-on")).to_be_visible(timeout=WAIT)
        studio.__dict__["_model"] = None
        page.locator("#go-on").click()
        expect(page.locator("#progress")).to_contain_text("写好了", timeout=WAIT)
        assert all(section.text for section in studio.load(studio.drafts()[0].id).sections)


def test_closing_the_page_stops_the_model(tmp_path, visit):
    model = PatientModel()
    with serving(tmp_path / "home", model) as (_, address):
        page = visit(address)
        understand(page)
        page.locator("#start").click()
        expect(page.locator("#page")).to_contain_text("组织职工代表巡视检查一次", timeout=WAIT)
        page.close()
        assert model.stopped.wait(40)
