"""The desk in a real browser: from a sentence to a Word file, every change, and two pages over one plan."""

import re

import pytest
from browsing import (
    ASKED,
    SENTENCE,
    WAIT,
    by_id,
    current,
    drafted,
    expect,
    finished_writing,
    go,
    held_up,
    locked_and_written_anew,
    needs_browser,
    newest,
    offered,
    opened,
    panel,
    sections,
    serving,
    taken,
    typed,
)

pytestmark = needs_browser
EVIL = """云杉市第九医院工会2026年下半年工作计划
一、主要工作
（一）民主管理
1.九月召开职代会，审议<script>window.broken = 1</script>绩效分配办法<img src=x onerror="window.broken = 2">，公开${1+1}{{value}}。
"""
_TYPED_AFTER_A_LOOK = """([text, pause]) => {
    document.querySelector('#look').click();
    setTimeout(() => {
        const box = document.querySelector('#text textarea');
        box.value = text;
        box.dispatchEvent(new Event('input', {bubbles: true}));
    }, pause);
}"""


def test_first_run_in_three_steps_to_a_word_file(ready_home, tmp_path, visit):
    old = tmp_path / "九院计划.txt"
    old.write_text(EVIL, "utf-8")
    with serving(ready_home) as (studio, address):
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
    ready_home,
    visit,
    tiny_model,
):
    from assistant.local_model import LocalModel
    from assistant.model_files import find_model

    with serving(ready_home) as (studio, address):
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
    before, after = locked_and_written_anew(page, studio, 2, finished_writing)
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
    with held_up(mine):
        box.fill("我同时改的第一句。共同的第二句。")
        typed(yours, "您又改了第一句。共同的第二句。")
    offered(mine, "我同时改的第一句。共同的第二句。")
    assert newest(studio).sections[1].text == "您又改了第一句。共同的第二句。"
    taken(mine, "我同时改的第一句。共同的第二句。")
    assert newest(studio).sections[1].text == "我同时改的第一句。共同的第二句。"
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
    offered(mine, "我正在打的一句。共同的一句。")
    assert newest(studio).sections[1].text == "别处的一句。共同的一句。"
    taken(mine, "我正在打的一句。共同的一句。")
    assert newest(studio).sections[1].text == "我正在打的一句。共同的一句。"


def test_what_is_typed_on_while_a_save_is_under_way_is_saved_after_it(server, visit):
    studio, _ = server
    page = opened(visit, server)
    box = go(page, 1)
    with held_up(page) as waiting:
        box.fill("先打的半句")
        while not waiting:
            page.wait_for_timeout(50)
        box.fill("先打的半句，接着打的半句。")
        page.wait_for_timeout(2000)
        assert len(waiting) == 1, "the second save waits for the first"
    expect(page.locator("body")).not_to_have_attribute("data-unsaved", "1", timeout=WAIT)
    assert newest(studio).sections[1].text == "先打的半句，接着打的半句。"
    expect(page.locator("#offer")).to_be_hidden()
    expect(box).to_have_value("先打的半句，接着打的半句。")


def test_what_was_not_saved_before_a_reload_is_offered_beside_what_was_changed_elsewhere(server, visit):
    studio, _ = server
    page = opened(visit, server)
    box = go(page, 1)
    page.route(ASKED, lambda request: request.abort())
    box.fill("没来得及存的一句。")
    plan = newest(studio)
    studio.edit(plan.id, plan.sections[1].id, "别处的一句。", None)
    page.unroute(ASKED)
    page.reload()
    offered(page, "没来得及存的一句。")
    assert newest(studio).sections[1].text == "别处的一句。"
    taken(page, "没来得及存的一句。")
    assert newest(studio).sections[1].text == "没来得及存的一句。"


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


def test_an_upper_unions_point_is_taken_in_with_one_click(server, visit):
    studio, address = server
    page = visit(address)
    drafted(page, SENTENCE)
    panel(page, "要点")
    page.locator("#points textarea").fill("1.组织职工理财知识讲座，全年不少于2场。\n2.做好送清凉工作。")
    page.locator("#points").get_by_role("button", name="对照").click()
    expect(page.locator("#points")).to_contain_text("共 2 条要点", timeout=WAIT)
    page.locator("#points").get_by_role("button", name="把第1条要点的措施补进计划").click()
    expect(page.locator("#notice")).to_contain_text("补进计划了", timeout=WAIT)
    assert "理财知识讲座" in "".join(section.text for section in newest(studio).sections)
    assert "全年不少于2场" in page.locator("#text textarea").input_value()
    expect(page.locator("#points textarea")).to_have_value(re.compile("理财知识讲座"))
