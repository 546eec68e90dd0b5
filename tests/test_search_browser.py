"""The tab 检索 in a real browser: type, Enter, chips, filters, open at the paragraph, into the draft, keys."""

import re

from browsing import WAIT, drafted, expect, needs_browser, panel

from index.types import SectionCode

expect.set_options(timeout=WAIT)
pytestmark = needs_browser

PLAN = """云杉市第九医院工会2026年下半年工作计划
一、主要工作
（一）关心关爱
1.八月医师节前，云杉市第九医院工会走访急诊科夜班护士，发放慰问金20000元，由王建军主席带队。
"""


def ask(page, query):
    page.get_by_role("tab", name="检索").click()
    page.locator("#query input, #query textarea").fill(query)
    page.keyboard.press("Enter")


def test_an_example_is_one_click_and_says_what_was_understood_and_why(server, visit):
    page = visit(server[1])
    page.get_by_role("tab", name="检索").click()
    expect(page.locator(".welcome button")).to_have_count(3)
    page.locator(".welcome button").first.click()
    expect(page.locator("#query input, #query textarea")).to_have_value("卫生院 院务公开 怎么写")
    card = page.locator(".card.hit").first
    expect(card).to_be_visible(timeout=WAIT)
    expect(card.locator("mark").first).to_be_visible()
    expect(card.locator(".trail")).to_contain_text("›")
    expect(card.locator(".why")).to_contain_text("同为医院")
    expect(page.locator("#understood-as")).to_contain_text("单位类型：医院")


def test_a_chip_is_taken_off_and_put_back(server, visit):
    page = visit(server[1])
    ask(page, "医院 院务公开")
    chip = page.locator(".chip", has_text="医院 ✕")
    expect(chip).to_be_visible(timeout=WAIT)
    chip.click()
    expect(page.locator(".chip.off", has_text="医院")).to_be_visible(timeout=WAIT)
    expect(page.locator(".why", has_text="同为医院")).to_have_count(0)
    page.locator(".chip.off").click()
    expect(chip).to_be_visible(timeout=WAIT)


def test_filters_count_and_limit(server, visit):
    page = visit(server[1])
    ask(page, "走访慰问困难职工")
    expect(page.locator(".card.hit").first).to_be_visible(timeout=WAIT)
    page.locator("#limit-org input").click()
    choice = page.get_by_role("option", name=re.compile(r"^银行.*（\d+）$"))
    expect(choice).to_be_visible(timeout=WAIT)
    choice.click()
    expect(page.locator(".card.hit").first).to_contain_text("银行")
    cards = page.locator(".card.hit .labels")
    assert all("银行" in text for text in cards.all_inner_texts())


def test_nothing_fit_is_said_plainly(server, visit):
    page = visit(server[1])
    ask(page, "「量子纠缠实验室」")
    expect(page.locator(".nothing")).to_contain_text("没有合适先例")
    expect(page.locator(".card.hit")).to_have_count(0)


def test_a_passage_is_opened_at_its_place_and_inserted_as_a_proposal(server, visit):
    studio, address = server
    list(studio.library.add_text(PLAN, "云杉"))
    page = visit(address)
    drafted(page)
    plan = studio.load(studio.drafts()[0].id)
    ask(page, "夜班护士 慰问")
    card = page.locator(".card.hit", has_text="云杉市第九医院").first
    expect(card).to_be_visible(timeout=WAIT)
    expect(page.locator("#opened .beside")).to_be_visible()
    card.get_by_role("button", name="打开原文").click()
    expect(page.locator("#passage-here")).to_be_in_viewport(timeout=WAIT)
    expect(page.locator("#passage-here")).to_contain_text("夜班护士")
    card.get_by_role("button", name="放入本节参考").click()
    expect(page.locator("#said")).to_contain_text("的参考")
    page.locator(".card.hit").last.scroll_into_view_if_needed()
    expect(page.locator("#said")).to_be_in_viewport()
    (kept,) = studio.load(plan.id).references
    assert next(s.code for s in plan.sections if s.id == kept.section_id) is SectionCode.CARE
    card.get_by_role("button", name="插入草稿").click()
    added = page.locator("ins:visible", has_text="夜班护士")
    expect(added.first).to_be_visible(timeout=WAIT)
    shown = page.locator(".proposal:visible, #offer:visible").first
    expect(shown).to_contain_text("取自先例")
    assert "20000" not in " ".join(page.locator("ins:visible").all_inner_texts())
    assert studio.load(plan.id).sections == plan.sections
    page.get_by_role("button", name="采用").locator("visible=true").first.click()
    expect(page.locator("#preview")).to_contain_text("夜班护士")
    changed = [
        b.text for a, b in zip(plan.sections, studio.load(plan.id).sections, strict=True) if a.text != b.text
    ]
    assert len(changed) == 1
    assert "【待填：金额】" in changed[0]
    evidence = panel(page, "依据")
    expect(evidence.locator(".reference")).to_contain_text("夜班护士")
    evidence.get_by_role("button", name="去掉参考").click()
    expect(evidence.locator(".reference")).to_have_count(0)
    assert studio.load(plan.id).references == ()
    page.locator("#notice").get_by_role("button", name="放回").click()
    expect(evidence.locator(".reference")).to_have_count(1)
    assert len(studio.load(plan.id).references) == 1


def test_without_a_plan_it_says_where_to_begin(server, visit):
    page = visit(server[1])
    ask(page, "院务公开")
    page.locator(".card.hit button", has_text="插入草稿").first.click()
    expect(page.locator(".toast-body")).to_contain_text("还没有打开计划")


def test_the_keyboard_alone_is_enough(server, visit):
    page = visit(server[1])
    ask(page, "院务公开")
    expect(page.locator(".card.hit").first).to_be_visible(timeout=WAIT)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".card.hit").nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".card.hit").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#passage-here")).to_be_in_viewport(timeout=WAIT)
    page.keyboard.press("/")
    expect(page.locator("#query input, #query textarea")).to_be_focused()


def test_a_passage_is_copied(server, visit):
    page = visit(server[1])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "院务公开")
    card = page.locator(".card.hit").first
    expect(card).to_be_visible(timeout=WAIT)
    card.get_by_role("button", name="复制").click()
    expect(card.get_by_role("button", name="已复制")).to_be_visible()
    assert (
        page.evaluate("navigator.clipboard.readText()").strip() == card.locator(".text").inner_text().strip()
    )
