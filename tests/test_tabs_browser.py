"""The other tabs in a real browser, each screen width, and a page that is Chinese whatever the browser is."""

from dataclasses import replace

import pytest
from browsing import WAIT, expect, needs_browser

pytestmark = needs_browser
EVIL = """云杉市第九医院工会2026年下半年工作计划
一、主要工作
（一）民主管理
1.九月召开职代会，审议<script>window.broken = 1</script>绩效分配办法<img src=x onerror="window.broken = 2">，公开${1+1}{{value}}。
"""


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
    year = page.locator("#label-year input, #label-year textarea")
    expect(year).to_have_value("2026", timeout=WAIT)
    year.fill("2025")
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


def test_a_profile_changed_elsewhere_is_not_written_over(server, visit):
    studio, address = server
    page = visit(address)
    page.get_by_role("tab", name="单位档案").click()
    expect(page.get_by_label("单位级别")).to_be_visible(timeout=WAIT)
    studio.save_profile(replace(studio.profile(), unit="云杉市第九医院", level="二级"))
    page.get_by_label("单位级别").fill("三级")
    page.locator("#save-profile").click()
    expect(page.locator("#profile-told")).to_contain_text("已保存", timeout=WAIT)
    expect(page.locator("#profile-unit input, #profile-unit textarea")).to_have_value(
        "云杉市第九医院", timeout=WAIT
    )
    assert (studio.profile().unit, studio.profile().level) == ("云杉市第九医院", "三级")
    studio.save_profile(replace(studio.profile(), people=128))
    page.get_by_role("tab", name="设置").click()
    page.get_by_role("tab", name="单位档案").click()
    expect(page.get_by_label("职工人数").first).to_have_value("128", timeout=WAIT)


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
