"""axe-core over every tab and panel, in light and dark: nothing serious or critical."""

from datetime import date

import pytest
from browsing import WAIT, expect, go, needs_browser, panel, serving

pytestmark = needs_browser
Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe


@pytest.fixture(scope="module")
def address(indexed_home):
    """Where the pages are, over a plan already written."""
    with serving(indexed_home) as (studio, address):
        request = studio.request("给医院工会起草2026年下半年计划", date(2026, 7, 3))
        list(studio.draft(request, studio.outline(request)))
        yield address


def grave(page):
    """What axe-core calls serious or critical, each with the first element it means."""
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:120]) for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_a_screen_reader_or_weak_eyes(visit, address, scheme):
    page = visit(address, scheme=scheme)
    seen = {"first": grave(page)}
    page.locator("#drafts .link").first.click()
    expect(page.locator("#text textarea")).to_be_visible(timeout=WAIT)
    go(page, 3)
    seen["预览"] = grave(page)
    for name in ("依据", "问题", "历史", "月份", "要点"):
        panel(page, name)
        seen[name] = grave(page)
    for name in ("检索", "资料库", "单位档案", "设置"):
        page.get_by_role("tab", name=name, exact=True).click()
        if name == "检索":
            page.locator("#query textarea, #query input").first.fill("院务公开 怎么写")
            page.keyboard.press("Enter")
            expect(page.locator("#hits article, #hits section").first).to_be_visible(timeout=WAIT)
        seen[name] = grave(page)
    assert {name: found for name, found in seen.items() if found} == {}
