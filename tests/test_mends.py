"""Every one-click mend: what it makes of a sentence, that its finding goes, and that nothing as grave comes."""

from dataclasses import replace

import pytest
from check_helpers import PRIVATE, PROFILE, TABLES, TODAY, draft_of, request_for

from assistant.checks import CheckContext, run
from assistant.mends import applied, cure, cure_all
from assistant.types import Citation, Finding, Mend, Profile, Severity, Status
from index.types import OrgType, Period, SectionCode

GOOD = "1.9月，举办护理技能比武，由护理部牵头，30人参加。"


def judged(text, code=SectionCode.CARE, profile=PROFILE, precedents=(), sections=(), **changes):
    """A plan of one section (others before it), its findings, and the function that checks it again."""
    request = request_for(**changes)
    plan = draft_of(*sections, (code, "做好帮扶", text), request=request, profile=profile)
    context = CheckContext(TABLES, profile, request, TODAY, PRIVATE, precedents)
    plan = replace(plan, findings=tuple(run(plan, context)))
    return plan, lambda changed: run(changed, context)


def finding_of(plan, check, quote=""):
    return next(f for f in plan.findings if f.check == check and quote in f.quote)


def mended(text, check, quote="", **changes):
    """The last section after the first mend that cures."""
    plan, recheck = judged(text, **changes)
    result = cure(plan, finding_of(plan, check, quote), recheck)
    assert result is not None
    return result[0].sections[-1].text


MFG = {"org": OrgType.MFG, "profile": Profile()}
CASES = (
    ("trade", "1.3月，召开教代会，审议预算。", "1.3月，召开职代会，审议预算。", MFG | {"period": Period.YEAR}),
    ("phrase", "1.学习党的十八大精神，每月一次。", None, {}),
    ("statute", "1.宣传《执业医师法》，每月一次。", "1.宣传《医师法》，每月一次。", {}),
    ("period", "1.3月，举办健步走活动。", "1.9月，举办健步走活动。", {}),
    ("period", "1.9月，走访困难职工。\n2.组织庆三八联欢。", "1.9月，走访困难职工。", {}),
    ("leak", "1.按东岭镇中心卫生院的做法，每月走访一次。", f"1.按{PROFILE.unit}的做法，每月走访一次。", {}),
    ("leak", "1.请欧阳明德讲课，每月一次。", "1.请【待填：人名】讲课，每月一次。", {}),
    ("leak", "1.在院党委领导下每月走访。", "1.在党组织领导下每月走访。", {}),
    ("leftover", "1.请｛单位｝职工参加，每月一次。", "1.请我院职工参加，每月一次。", {}),
    ("leftover", "1.某某同志负责，每月一次。", "1.【待填：内容】同志负责，每月一次。", {}),
    ("money", "1.9月，慰问每户500元。", "1.9月，慰问每户【待填：金额】。", {}),
    ("money", "1.9月，给获奖职工发放购物卡，做好登记。", "1.9月，做好登记。", {}),
    ("scale", "1.9月，组织千人健步走，由工会牵头。", "1.9月，组织健步走，由工会牵头。", {}),
    ("scale", "1.9月，组织不少于500名职工参加。", "1.9月，组织全体职工参加。", {}),
    ("numbering", "1、走访困难职工，每月一次。", "1.走访困难职工，每月一次。", {}),
    ("numbering", "（一）、思想引领", "（一）思想引领", {}),
    ("numbering", "1.9月走访。\n3.10月体检。\n4.11月总结。", "1.9月走访。\n2.10月体检。\n3.11月总结。", {}),
    ("numbering", "1.**9月**走访困难职工。", "1.9月走访困难职工。", {}),
    ("request", "1.9月，组织员工健步走。", "1.9月，组织伙伴健步走。", {"avoid": ("员工",), "use_words": {"员工": "伙伴"}}),
)  # fmt: skip


@pytest.mark.parametrize(("check", "before", "after", "changes"), CASES)
def test_a_mend_says_what_it_should_and_cures(check, before, after, changes):
    plan, recheck = judged(before, **changes)
    finding = finding_of(plan, check)
    changed, done = cure(plan, finding, recheck)
    assert after is None or changed.sections[-1].text == after
    assert changed.findings == tuple(recheck(changed))
    assert len([f for f in changed.findings if f.check == check]) < len(
        [f for f in plan.findings if f.check == check]
    )
    assert done.before == before
    assert done.after == changed.sections[-1].text
    grave = [f for f in changed.findings if f.severity is Severity.HIGH]
    assert not [f for f in grave if f.quote not in {old.quote for old in plan.findings}]


def test_a_stale_phrase_becomes_the_current_one():
    text = mended("1.学习党的十八大精神，每月一次。", "phrase")
    assert "十八大" not in text
    assert "二十大" in text


def test_a_repeated_sentence_goes_and_the_items_are_numbered_anew():
    first = "1.每季度开展一次职工思想动态调查并把结果报送党组织。"
    text = f"{first}\n2.每季度开展一次职工思想动态调查并把结果报送党组织。\n3.9月，走访困难职工。"
    assert mended(text, "repeat") == f"{first}\n2.9月，走访困难职工。"


def test_a_copied_line_goes():
    words = "把全院各科室值夜班的同志逐个登记造册并按月送去热粥热饭热汤"
    text = f"{GOOD}\n2.{words}。"
    assert mended(text, "copy", precedents=(("别处的计划", words),)) == GOOD


def test_an_entry_without_a_measure_leaves_the_month_table():
    text = "9月：护理技能比武；趣味钓鱼比赛"
    body = (SectionCode.SKILL, "练兵", GOOD)
    assert mended(text, "schedule", code=SectionCode.SCHEDULE, sections=(body,)) == "9月：护理技能比武"


def test_a_mend_that_makes_it_worse_is_refused():
    plan, recheck = judged("1.9月，走访困难职工。")
    bad = Finding("trade", Severity.LOW, "s1", 0, 0, "", "x", "", (Mend("换", 0, 0, "1.召开校务公开会。"),))
    assert cure(replace(plan, findings=(bad,)), bad, recheck) is None


def test_a_locked_section_is_left_alone():
    plan, recheck = judged("1、走访困难职工，每月一次。")
    locked = replace(plan, sections=(replace(plan.sections[0], status=Status.LOCKED),))
    assert cure(locked, finding_of(plan, "numbering"), recheck) is None


def test_all_mends_at_once_leave_other_sections_byte_for_byte():
    kept = "1.每月五日前收齐考勤表，由各科室报送。　"
    text = "1、3月，召开教代会，听取欧阳明德报告。\n4.9月，慰问每户500元。\n5.某某同志负责。"
    plan, recheck = judged(text, sections=((SectionCode.SELF, "自身建设", kept),))
    changed, done = cure_all(plan, recheck)
    assert changed.sections[0].text == kept
    assert len(done) >= 5
    assert not [f for f in changed.findings if f.severity is Severity.HIGH]
    assert not [f for f in changed.findings if f.check == "numbering"]


def test_only_the_wanted_findings_are_mended():
    plan, recheck = judged("1、慰问每户500元。")
    changed, done = cure_all(plan, recheck, [finding_of(plan, "money")])
    assert [d.finding.check for d in done] == ["money"]
    assert changed.sections[0].text.startswith("1、")


def test_citations_follow_their_words():
    plan, _ = judged("1.某某同志负责。\n2.9月，走访困难职工。")
    section = plan.sections[0]
    start = section.text.index("走访")
    cited = replace(
        section,
        citations=(
            Citation(start, start + 6, 1, "d", "t", "走访困难职工"),
            Citation(2, 4, 1, "d", "t", "某某"),
        ),
    )
    plan = replace(plan, sections=(cited,))
    changed = applied(plan, finding_of(plan, "leftover"), Mend("改", 2, 4, "护理部主任"))
    (kept,) = changed.sections[0].citations
    assert changed.sections[0].text[kept.start : kept.end] == "走访困难职工"


def test_a_title_is_mended_in_its_place():
    request = request_for(org=OrgType.MFG, period=Period.YEAR)
    plan = draft_of(
        (SectionCode.CARE, "帮扶", GOOD), request=request, profile=Profile(), title="教代会工作计划"
    )
    context = CheckContext(TABLES, Profile(), request, TODAY)
    plan = replace(plan, findings=tuple(run(plan, context)))
    changed, _ = cure(plan, finding_of(plan, "trade"), lambda d: run(d, context))
    assert changed.title == "职代会工作计划"
