"""The use cases over a real library of starter plans, without a model and with a queued one."""

import threading

import pytest
from drafting import TODAY
from model_fakes import QueueModel

from assistant.settings import load_settings
from assistant.studio import HAND, Proposal, Studio
from assistant.types import DraftDone, Profile, SectionDone, SectionStarted, Severity, Status
from index.errors import UserError
from index.types import SectionCode


def drafted(studio, text="给医院工会起草一份下半年计划", profile=None, **more):
    profile = profile or Profile()
    request = studio.request(text, TODAY, profile)
    events = list(studio.draft(request, studio.outline(request, profile), profile, **more))
    return events[-1].draft, events


def test_one_sentence_gives_a_whole_plan(studio):
    plan, events = drafted(studio)
    assert plan.title == "【待填：单位名称】工会2026年下半年工作计划"
    assert isinstance(events[0], SectionStarted)
    assert isinstance(events[-1], DraftDone)
    codes = {s.code for s in plan.sections}
    assert {
        SectionCode.LEAD,
        SectionCode.GUIDE,
        SectionCode.GOAL,
        SectionCode.SCHEDULE,
        SectionCode.SAFEGUARD,
    } <= codes
    assert not [f for f in plan.findings if f.severity is Severity.HIGH]
    assert plan.writer == "范例编排"


def test_sections_come_in_reading_order_and_hold_citations(studio):
    plan, _ = drafted(studio)
    assert [s.code for s in plan.sections][:3] == [SectionCode.LEAD, SectionCode.GUIDE, SectionCode.GOAL]
    care = next(s for s in plan.sections if s.code is SectionCode.CARE)
    assert care.citations
    for citation in care.citations:
        assert care.text[citation.start : citation.end] == citation.quote
        assert citation.quote in studio.document(citation.document_id).text


def test_a_finished_draft_is_there_again(studio):
    plan, _ = drafted(studio)
    again = Studio(load_settings()).load(plan.id)
    assert again == plan
    assert [row.id for row in studio.drafts()] == [plan.id]


def test_a_stopped_draft_goes_on_where_it_stopped(studio):
    stop = threading.Event()
    request = studio.request("给医院工会起草一份下半年计划", TODAY)
    done = []
    for event in studio.draft(request, studio.outline(request), stop=stop):
        if isinstance(event, SectionDone):
            done.append(event.section)
            if len(done) == 4:
                stop.set()
    draft_id = studio.drafts()[0].id
    assert len(done) == 4
    events = list(studio.resume(draft_id))
    plan = events[-1].draft
    assert {s.id: s.text for s in done}.items() <= {s.id: s.text for s in plan.sections}.items()
    assert not {s.id for s in done} & {e.section_id for e in events if isinstance(e, SectionStarted)}


def proposal_of(studio, *args, **more):
    return next(e for e in studio.propose(*args, **more) if isinstance(e, Proposal))


def test_a_proposal_changes_nothing_until_it_is_accepted(studio):
    plan, _ = drafted(studio)
    care = next(s for s in plan.sections if s.code is SectionCode.CARE)
    proposal = proposal_of(studio, plan.id, "CARE", "加上“职工书屋”")
    assert studio.load(plan.id).sections == plan.sections
    assert proposal.section.text != care.text
    assert "职工书屋" in proposal.section.text
    after = studio.accept(proposal)
    assert [s.text for s in after.sections if s.id != care.id] == [
        s.text for s in plan.sections if s.id != care.id
    ]
    assert next(s for s in after.sections if s.id == care.id).text == proposal.section.text


def test_a_proposal_for_a_text_changed_elsewhere_is_not_accepted(studio):
    plan, _ = drafted(studio)
    proposal = proposal_of(studio, plan.id, "CARE")
    studio.edit(plan.id, proposal.section.id, "1.我自己写的一条。")
    with pytest.raises(UserError, match="别处"):
        studio.accept(proposal)
    assert studio.section(plan.id, "CARE").text == "1.我自己写的一条。"


def test_editing_undoing_and_the_record_of_it(studio):
    plan, _ = drafted(studio)
    before = studio.section(plan.id, "CARE")
    studio.edit(plan.id, "CARE", "1.走访困难职工。")
    assert studio.revisions(plan.id, before.id)[-1].author == HAND
    assert studio.section(plan.id, "CARE").citations == ()
    studio.undo(plan.id, before.id)
    assert studio.section(plan.id, "CARE").text == before.text


def test_an_edit_leans_on_what_the_library_holds_by_then(studio, tmp_path):
    plan, _ = drafted(studio)
    measure = "1.9月起每周三夜里，营养科把热粥送到急诊和重症两个护士站，签收本月底公示。"
    studio.edit(plan.id, "CARE", measure)
    assert studio.section(plan.id, "CARE").citations == ()
    old = tmp_path / "云杉市第九医院工会2026年下半年工作计划.txt"
    old.write_text(
        f"云杉市第九医院工会2026年下半年工作计划\n一、关心关爱\n{measure}\n2.8月慰问一线。\n", "utf-8"
    )
    (event,) = studio.add([old])
    studio.edit(plan.id, "CARE", f"{measure}另留一份。")
    assert {c.document_id for c in studio.section(plan.id, "CARE").citations} == {event.document.id}
    studio.remove(event.document.id)
    studio.edit(plan.id, "CARE", "1.此项另议。")
    studio.edit(plan.id, "CARE", measure)
    assert studio.section(plan.id, "CARE").citations == ()


def test_a_locked_section_is_not_rewritten(studio):
    plan, _ = drafted(studio)
    studio.set_status(plan.id, "CARE", Status.LOCKED)
    with pytest.raises(UserError, match="锁定"):
        list(studio.propose(plan.id, "CARE"))
    with pytest.raises(UserError, match="锁定"):
        studio.edit(plan.id, "CARE", "1.另写。")
    assert studio.section(plan.id, "CARE").status is Status.LOCKED


def test_a_section_nobody_has_is_named_with_those_there_are(studio):
    plan, _ = drafted(studio)
    with pytest.raises(UserError, match="总体要求|指导思想|工作思路|总体思路"):
        studio.section(plan.id, "量子力学")


def test_a_profile_is_used_and_leaves_no_blank(studio):
    profile = Profile(
        unit="云栖市第三人民医院",
        union="云栖市第三人民医院工会委员会",
        party="院党委",
        people=486,
        women=342,
        groups=14,
        upper=("云栖市总工会", "市卫生健康系统工会"),
        programs=("夜班加油站",),
        key_tasks=("护理技能比武", "夜班关爱"),
        fixed_events=("10月秋季健步走",),
    )
    plan, _ = drafted(studio, profile=profile)
    text = plan.title + "".join(s.text for s in plan.sections) + plan.signature
    assert "【待填" not in text
    assert plan.signature == "云栖市第三人民医院工会委员会"
    for word in ("院党委", "云栖市总工会", "比武", "夜班", "健步走"):
        assert word in text, word


def test_two_units_of_one_type_get_different_plans(studio):
    plans = [drafted(studio, profile=Profile(unit=f"云栖市第{n}人民医院"))[0] for n in "一二三"]
    lines = [{line for s in p.sections for line in s.text.splitlines() if line[:1].isdigit()} for p in plans]
    for one in lines:
        for other in lines:
            if one is not other:
                assert len(one & other) / len(one) <= 0.4


def test_the_usual_type_of_the_profile_is_meant_when_none_is_said(studio):
    studio.save_profile(Profile(unit="云栖市实验小学", org_type="school"))
    assert studio.request("下半年计划", TODAY).org_type == "school"


def test_a_model_writes_and_its_failures_lose_nothing(studio):
    good = "1.9月，工会委员会走访夜班职工，登记就餐方式，问题报院长办公会研究，月底前答复职工。\n2.10月，组织女职工体检。"
    studio.__dict__["_model"] = QueueModel(*[good] * 7, UserError("连不上模型服务，请检查地址。"))
    request = studio.request("给医院工会起草一份下半年计划", TODAY)
    with pytest.raises(UserError, match="连不上"):
        list(studio.draft(request, studio.outline(request)))
    saved = studio.history.load(studio.drafts()[0].id)
    assert sum(bool(s.text) for s in saved.sections) >= 3
    plan = list(studio.resume(saved.id, without_model=True))[-1].draft
    assert all(s.text for s in plan.sections)


def test_an_edited_outline_is_followed_to_the_letter(studio):
    request = studio.request("给医院工会起草一份下半年计划", TODAY)
    outline = studio.edited_outline(
        "# 总体要求\n# 重点任务\n## 夜班关爱\n## 院务公开与职代会\n# 保障措施\n", request
    )
    plan = list(studio.draft(request, outline))[-1].draft
    assert [(s.heading, s.group) for s in plan.sections] == [
        ("总体要求", ""),
        ("夜班关爱", "重点任务"),
        ("院务公开与职代会", "重点任务"),
        ("保障措施", ""),
    ]
    assert plan.sections[2].code is SectionCode.DEMOCRACY


def test_settings_are_kept_and_the_model_opened_anew(studio):
    studio.change_settings(port=7999)
    assert load_settings().port == 7999
    with pytest.raises(UserError):
        studio.change_settings(model_timeout="abc")
