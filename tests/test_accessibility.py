"""axe-core over every tab and panel, in light and dark: nothing serious or critical."""

from datetime import date

import pytest
from test_app_browser import CHROMIUM, go, panel, serving

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs a chromium")]
playwright = pytest.importorskip("playwright.sync_api")
Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe
expect = playwright.expect

from test_app_browser import ARGUMENTS, WAIT  # noqa: E402


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A page a scheme, over a plan already written."""
    with (
        serving(tmp_path_factory.mktemp("home")) as (studio, address),
        playwright.sync_playwright() as engine,
    ):
        request = studio.request("给医院工会起草2026年下半年计划", date(2026, 7, 3))
        list(studio.draft(request, studio.outline(request)))
        browser = engine.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)

        def opened(scheme):
            context = browser.new_context(viewport={"width": 1366, "height": 768}, color_scheme=scheme)
            page = context.new_page()
            page.goto(address)
            expect(page.locator("#sentence textarea")).to_be_visible(timeout=WAIT)
            return page

        yield opened
        browser.close()


def grave(page):
    """What axe-core calls serious or critical, each with the first element it means."""
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:120]) for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_a_screen_reader_or_weak_eyes(pages, scheme):
    page = pages(scheme)
    seen = {"first": grave(page)}
    page.locator("#drafts .link").first.click()
    expect(page.locator("#text textarea")).to_be_visible(timeout=WAIT)
    go(page, 3)
    seen["预览"] = grave(page)
    for name in ("依据", "问题", "历史", "月份"):
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
