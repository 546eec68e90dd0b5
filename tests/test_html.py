"""What becomes HTML: everything a person or a document wrote is escaped, and the marks stand where they should."""

from dataclasses import replace
from datetime import date

import pytest

from assistant import html, html_desk, html_library, html_panels, html_search, html_shelf
from assistant.figures import FigureKind
from assistant.history import DraftSummary, Revision
from assistant.history_marks import Mark
from assistant.ledger import LedgerRow, Source
from assistant.months import months_of_plan
from assistant.pages import pages
from assistant.tables import load_tables
from assistant.types import (
    Citation,
    Draft,
    Finding,
    Mend,
    Profile,
    Reference,
    Request,
    Section,
    Severity,
    Status,
)
from index.types import (
    Added,
    Document,
    DocumentSummary,
    Failed,
    Flag,
    Genre,
    Hit,
    Labels,
    Named,
    NamedKind,
    OrgType,
    Original,
    Passage,
    PassageKind,
    Period,
    Progress,
    Repair,
    SearchResult,
    SectionCode,
)
from index.types import Section as DocumentSection

BAD = "<script>alert(1)</script>"
SAFE = "&lt;script&gt;alert(1)&lt;/script&gt;"


def section(text, id="s1", heading="关心职工", code=SectionCode.CARE, **more):
    return Section(id, code, heading, text, **more)


def plan(*sections, title="某院工会2027年工作计划"):
    return Draft(
        "d1",
        Request("", today=date(2026, 11, 21)),
        Profile(),
        title,
        "范例编排",
        sections,
        "某院工会",
        "2026年11月21日",
    )


def passage(text=BAD, title=BAD, trail=BAD):
    return Passage(
        1,
        "abc",
        title,
        Genre.PLAN,
        OrgType.HOSPITAL,
        Period.H2,
        2026,
        SectionCode.CARE,
        PassageKind.ITEM,
        trail,
        text,
        3,
        9,
        frozenset({Flag.STALE}),
    )


def document(text=BAD, **more):
    labels = Labels(Genre.PLAN, OrgType.HOSPITAL, Period.H2, 2026, True)
    return Document(
        "abc",
        BAD,
        text,
        labels,
        (DocumentSection(0, 1, "一、", BAD, None, 0, 4),),
        (),
        (Repair("全角", 0, 1, BAD, BAD),),
        BAD,
        **more,
    )


def revision(number, text):
    return Revision(number, section(text), BAD, "2026-11-21T09:00:00", "edit", number, number - 1)


LEANING = section(BAD, citations=(Citation(0, 4, 1, "d", BAD, BAD),))
FIGURE = LedgerRow("s1", 0, 2, BAD, FigureKind.NUMBER, Source.COMPOSED, BAD, BAD, proposal=True)
FINDING = Finding("leak", Severity.HIGH, "s1", 0, 3, BAD, BAD, BAD)
ROW = DocumentSummary("abc", BAD, Labels(None, None, None, None), 1, BAD, "user")


def made(original: str = BAD, text: str = "正文" + BAD, runs: tuple = (), repairs: tuple = ()) -> Document:
    """A document with the file it was made of."""
    of = Labels(None, None, None, None)
    return Document("d", BAD, text, of, (), (), repairs, BAD, original=Original(original, runs))


EVERYTHING = [
    html.note(BAD), html.badge(BAD), html_desk.paper(plan(section(BAD, heading=BAD), title=BAD)),
    html_desk.progress(1, 2, BAD, 3.0, 5.0), html_desk.nav(plan(section(BAD, heading=BAD)), "s1"),
    html_desk.offer(BAD, "改后" + BAD, BAD), html_desk.writing(BAD), html_desk.comparison(BAD, "改" + BAD),
    html_desk.state(plan(section(BAD, writer=BAD)), section(BAD, writer=BAD), 1, BAD),
    html_panels.problems(replace(plan(section("正文", heading=BAD)), findings=(FINDING,)), "s1", [BAD], [FIGURE]),
    html_panels.evidence(LEANING, plan(LEANING), {"d": BAD + BAD}),
    html_panels.evidence(section("正文。"), replace(plan(section("正文。")), references=(Reference("s1", 7, BAD, BAD, BAD, 0, 3),)), {}),
    html_panels.past([revision(1, BAD), revision(2, "改" + BAD)], [1], [Mark(1, "2026-11-21T09:00:00", "snapshot", BAD, 1)], BAD),
    html_panels.months(months_of_plan(plan(section("1.9月召开职代会" + BAD + "。", heading=BAD)), load_tables())),
    html_panels.drafts([DraftSummary("d", BAD, BAD, 3, 1, "2026-11-21T09:00:00", "2026-11-21T09:00:00", "active")], "", False),
    html_search.hits(SearchResult((Hit(passage(), 1.0, ("lexical",), ((0, 8),)),), BAD)), html_search.nothing(BAD), html_library.document(document(), 2, 6),
    html_shelf.documents([ROW]), html_shelf.document(made()),
    html_shelf.report([Progress(BAD, 1, 2), Added(BAD, ROW), Failed(BAD, BAD)], False, str),
    html_library.checks([(BAD, False, BAD)]),
    html_library.table((BAD,), [(BAD,)]),
]  # fmt: skip


@pytest.mark.parametrize("shown", EVERYTHING)
def test_nothing_a_document_holds_becomes_markup(shown):
    assert "<script" not in shown
    assert "script" in shown


def test_quotes_cannot_leave_an_attribute():
    row = DocumentSummary('x" onclick="alert(1)', "题", Labels(None, None, None, None), 1, "", "user")
    assert 'onclick="' not in html_shelf.documents([row])


def test_text_that_looks_like_a_page_template_stays_text():
    assert (
        html.safe("${value} {{value}} `x`")
        == "&#36;&#123;value&#125; &#123;&#123;value&#125;&#125; &#96;x&#96;"
    )


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ([], "院务公开"),
        ([(0, 2)], "<mark>院务</mark>公开"),
        ([(2, 4), (0, 2)], "<mark>院务公开</mark>"),
        ([(1, 3), (2, 99)], "院<mark>务公开</mark>"),
        ([(3, 3), (-5, 1)], "<mark>院</mark>务公开"),
    ],
)
def test_marks_stand_at_their_spans(spans, shown):
    assert html.marked("院务公开", spans) == shown


def test_a_mark_before_escaped_text_does_not_slip():
    assert html.marked("<b>公开", [(3, 5)]) == "&lt;b&gt;<mark>公开</mark>"


def test_the_page_numbers_headings_and_shows_blanks():
    shown = html_desk.paper(plan(section("1.走访【待填：人数】人。")))
    assert '<h2 class="h1" data-place="go s1">一、关心职工</h2>' in shown
    assert '<span class="blank">【待填：人数】</span>' in shown
    assert '<p class="signature">某院工会</p>' in shown
    assert "— 1 —" in shown


def test_a_section_not_yet_written_keeps_its_number():
    shown = html_desk.paper(plan(section("", "s1"), section("正文。", "s2", "文体活动")), current="s2")
    assert '<h2 class="h1 waiting" data-place="go s1">一、关心职工</h2>' in shown
    assert '<h2 class="h1 now" data-place="go s2">二、文体活动</h2>' in shown


def test_the_list_says_state_and_what_waits():
    found = Finding("period", Severity.MEDIUM, "s2", 0, 2, "三八", "不在时限内。")
    sections = (
        section("", "s1"), section("正文。", "s2", "文体活动", status=Status.LOCKED),
        section("正文。", "s3", "维权", group="主要工作"),
    )  # fmt: skip
    shown = html_desk.nav(replace(plan(*sections), findings=(found,)), "s2")
    first, second, third = shown.split('<button type="button"')[1:]
    assert "待写" in first
    assert 'aria-current="true"' in second
    assert "锁定" in second
    assert "待处理 1" in second
    assert "（一）维权" in third
    assert "三、主要工作" in shown


def test_a_proposal_shows_each_sentence_with_its_own_way_out():
    shown = html_desk.offer(
        "1.走访职工。\n2.开会。", "1.走访职工并登记。\n2.开会。\n3.健步走。", "没有用模型"
    )
    assert "<del>走访职工。</del><ins>走访职工并登记。</ins>" in shown
    assert "<span>2. 开会。</span>" in shown
    assert '<span class="change" data-n="1">3. <ins>健步走。</ins>' in shown
    assert shown.count('class="toggle"') == 2
    assert "没有用模型" in shown


def test_a_citation_shows_its_words_in_both_texts():
    text = "每月走访住院职工，送去慰问。"
    leaning = section(text, citations=(Citation(2, 8, 1, "d", "某计划", "走访住院职工"),))
    shown = html_panels.evidence(leaning, plan(leaning), {"d": "十月走访住院职工一次。"})
    assert "《某计划》" in shown
    assert "每月<mark>走访住院职工</mark>，送去慰问。" in shown
    assert "十月<mark>走访住院职工</mark>一次。" in shown
    assert 'data-place="doc d:2:8"' in shown


def test_what_was_put_beside_a_section_is_listed_there_and_can_be_taken_away():
    own = Reference("s1", 7, "d", "某计划", "走访住院职工，" * 40, 12, 292)
    other = Reference("s2", 8, "e", "另一份", "与这一节无关", 0, 6)
    shown = html_panels.evidence(
        section("正文。"), replace(plan(section("正文。")), references=(own, other)), {}
    )
    assert "您放入的参考（1）" in shown
    assert "《某计划》" in shown
    assert f'<p class="text">{("走访住院职工，" * 40)[:160]}…</p>' in shown
    assert 'data-place="doc d:12:292"' in shown
    assert 'data-place="unrefer s1:7"' in shown
    assert "另一份" not in shown
    assert "您放入的参考" not in html_panels.evidence(section("正文。"), plan(section("正文。")), {})


def test_findings_lead_to_their_place_and_their_mend():
    found = Finding(
        "period", Severity.MEDIUM, "s1", 0, 2, "三八", "不在时限内。", "删去。", (Mend("删去这一条", 0, 5),)
    )
    shown = html_panels.problems(replace(plan(section("三八活动。")), findings=(found,)), "s1", (), ())
    assert 'data-place="at s1:0:2"' in shown
    assert 'data-place="mend 0"' in shown
    assert "删去这一条" in shown
    assert "这一节（1）" in shown


def test_no_findings_is_said():
    assert "没有发现问题" in html_panels.problems(plan(section("正文。")), "s1", (), ())


def test_the_months_are_a_table_that_says_its_gaps_in_words():
    dated = section("1.9月召开职代会。\n2.12月摸底困难职工。")
    base = replace(plan(dated), request=Request("", None, Period.H2, 2026, today=date(2026, 11, 21)))
    shown = html_panels.months(months_of_plan(base, load_tables()))
    assert "7月、8月、10月、11月没有安排" in shown
    assert '<th scope="col">9月</th>' in shown
    assert "召开职代会" in shown


def test_long_plans_break_into_pages_of_22_lines():
    sheets = pages(plan(section("\n".join(f"{n}.走访职工。" for n in range(1, 36)))))
    assert [sum(piece.line.kind == "item" for piece in sheet) for sheet in sheets] == [19, 16]
    long = "字" * 800
    assert (
        "".join(p.text for sheet in pages(plan(section(long))) for p in sheet if p.line.kind == "body")
        == long
    )


def test_a_hit_says_where_it_is_and_how_it_was_found():
    hit = Hit(passage("走访职工", "某计划", "三、服务"), 1.0, ("lexical", "semantic"), ((0, 2),))
    named = (Named(NamedKind.ORG, "hospital", "医院", 0, 2), Named(NamedKind.PERIOD, "month", "月", 2, 3))
    shown = html_search.hits(SearchResult((hit,), named=named))
    assert "<mark>走访</mark>职工" in shown
    assert 'data-act="open" data-value="abc:3:9"' in shown
    assert "字面相同、意思相近；有“走访”；同为医院<" in shown


def test_people_of_a_trade_are_a_chip_and_a_reason():
    hit = Hit(passage("夜班护士补休", "某计划", "三、服务"), 1.0, ("lexical",), ((2, 4),))
    nurses = (Named(NamedKind.PEOPLE, "护士", "护士", 2, 4),)

    assert "人员：护士" in html_search.chips(nurses, [])
    assert "＋ 护士" in html_search.chips((), ["people:护士"])
    assert "字面相同；有“护士”；有护士的单位<" in html_search.hits(SearchResult((hit,), named=nurses))


def test_no_hits_is_said():
    shown = html_search.hits(SearchResult((), "请换个说法。"))
    assert "没有合适先例" in shown
    assert "请换个说法。" in shown


def test_what_was_understood_can_be_taken_off_and_put_back():
    shown = html_search.chips((Named(NamedKind.ORG, "hospital", "医院", 0, 2),), ["period:h2", "year:2026"])
    assert 'data-act="drop" data-value="org:hospital"' in shown
    assert "单位类型：医院" in shown
    assert 'data-act="restore" data-value="period:h2"' in shown
    assert "＋ 2026年" in shown
    assert html_search.chips((), []) == ""


def test_a_document_opens_at_its_passage():
    shown = html_library.document(document("开头。走访职工。结尾。"), 3, 8)
    assert f'开头。<mark id="{html_library.PASSAGE_ID}">走访职工。</mark>结尾。' in shown
    assert "2026年（推断）" in shown


def test_the_library_list_is_filtered_by_every_word():
    rows = [
        DocumentSummary(
            "a", "九院计划", Labels(Genre.PLAN, OrgType.HOSPITAL, Period.H2, 2026), 3, "a.txt", "user"
        ),
        DocumentSummary(
            "b", "小学计划", Labels(Genre.PLAN, OrgType.SCHOOL, Period.TERM1, 2026), 3, "b.txt", "user"
        ),
    ]
    assert [row.id for row in html_library.matching(rows, "2026 医院")] == ["a"]
    assert [row.id for row in html_library.matching(rows, "  ")] == ["a", "b"]
    assert html_library.matching(rows, "医院 小学") == []


def test_locked_is_a_status_of_its_own():
    assert Status.LOCKED.value in html.badge("已锁定", Status.LOCKED.value)
