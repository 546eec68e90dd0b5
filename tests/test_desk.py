"""The desk through Studio: proposals taken in part, quick changes by rule, the plan's shape, history, long work."""

import hashlib
import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from model_fakes import QueueModel

from assistant.history import History
from assistant.history_marks import ARCHIVED, DELETED
from assistant.instruct import carry_out
from assistant.polish import Action, Setting, polish
from assistant.revisions import settled
from assistant.studio import HAND, Proposal, Studio
from assistant.types import Draft, DraftDone, Profile, Request, Section, SectionDone, Status
from index.errors import UserError
from index.types import Genre, OrgType, Period, SectionCode

TODAY = date(2026, 11, 21)
CARE = (
    "1.7月走访高温岗位职工，进一步提升服务水平，发放防暑药品。\n"
    "2.定期召开困难职工座谈会。\n"
    "3.12月摸底困难职工，切实做好送温暖准备。"
)
REQUEST = Request("医院工会下半年计划", OrgType.HOSPITAL, Period.H2, 2026, Genre.PLAN, today=TODAY)


def kept(studio, *sections):
    made = sections or (
        Section("s1", SectionCode.DEMOCRACY, "民主管理", "1.9月召开职代会，公布提案办理结果。"),
        Section("s2", SectionCode.CARE, "关心关爱", CARE),
        Section("s3", SectionCode.CULTURE, "文体活动", "1.10月组织健步走，以工会小组为单位报名。"),
    )
    return studio.history.save(Draft("", REQUEST, Profile(), "市三院工会计划", "范例编排", made))


def texts(plan):
    return {section.id: section.text for section in plan.sections}


def proposal_of(studio, draft_id, section_id, wish="", **named):
    *_, proposal = studio.propose(draft_id, section_id, wish, **named)
    assert isinstance(proposal, Proposal)
    return proposal


def fingerprints(plan, but=""):
    return {s.id: hashlib.sha256(s.text.encode()).hexdigest() for s in plan.sections if s.id != but}


# ---- proposals


def test_one_sentence_is_left_and_the_rest_taken_and_undone(studio):
    draft_id = kept(studio)
    before = studio.load(draft_id)
    offer = proposal_of(studio, draft_id, "s2", "更具体一些")
    assert [change.after for change in offer.changes] == [
        "7月走访高温岗位职工，进一步提升服务水平，发放防暑药品，走访情况逐户登记。",
        "每季度召开困难职工座谈会，意见逐条登记，一个月内答复。",
        "12月摸底困难职工，切实做好送温暖准备，年底前向会员通报完成情况。",
    ]
    plan = studio.accept(offer, {0, 2})
    assert texts(plan)["s2"].split("\n")[1] == "2.定期召开困难职工座谈会。"
    assert "逐户登记" in texts(plan)["s2"]
    assert fingerprints(plan, but="s2") == fingerprints(before, but="s2")
    assert texts(studio.undo(draft_id, "s2")) == texts(before)
    assert texts(studio.redo(draft_id, "s2")) == texts(plan)


def test_nothing_taken_changes_nothing(studio):
    draft_id = kept(studio)
    offer = proposal_of(studio, draft_id, "s2", action=Action.CONCRETE)
    studio.accept(offer, ())
    assert len(studio.revisions(draft_id, "s2")) == 1


def test_a_proposal_made_before_another_change_is_refused(studio):
    draft_id = kept(studio)
    offer = proposal_of(studio, draft_id, "s2", action=Action.TIGHTEN)
    studio.edit(draft_id, "s2", "1.我自己的话。")
    with pytest.raises(UserError, match="别处"):
        studio.accept(offer)
    assert texts(studio.load(draft_id))["s2"] == "1.我自己的话。"


def test_only_the_selected_sentences_change(studio):
    draft_id = kept(studio)
    start = CARE.index("切实")
    offer = proposal_of(studio, draft_id, "s2", action=Action.TIGHTEN, span=(start, start + 2))
    assert [(c.before, c.after) for c in offer.changes] == [
        ("12月摸底困难职工，切实做好送温暖准备。", "12月摸底困难职工，做好送温暖准备。")
    ]


def test_a_model_works_on_the_text_as_it_stands_and_is_named(studio):
    draft_id = kept(studio)
    answer = "1.7月走访高温岗位职工，由工会小组长逐户登记需求，发放防暑药品和饮用水，当月汇总到院工会。\n2.每季度召开一次困难职工座谈会，逐条登记意见并在一个月内当面答复本人。"
    model = QueueModel(answer)
    studio.__dict__["_model"] = model
    offer = proposal_of(studio, draft_id, "s2", action=Action.CONCRETE)
    asked = model.calls[0][-1]["content"]
    assert "12月摸底困难职工" in asked
    assert "怎样算做到" in asked
    assert offer.note == "由模型 排队模型 改写"
    studio.accept(offer)
    assert studio.revisions(draft_id, "s2")[-1].author == "排队模型"


def test_a_wish_nobody_can_read_is_said_to_be_unread(studio):
    draft_id = kept(studio)
    assert "看不懂“写得有诗意”" in proposal_of(studio, draft_id, "s2", "写得有诗意").note


def test_more_is_added_and_nothing_taken_away(studio):
    draft_id = kept(studio)
    offer = proposal_of(studio, draft_id, "s2", action=Action.EXTEND)
    assert offer.changes
    assert {change.before for change in offer.changes} == {""}
    assert "没有用模型" in offer.note


# ---- rules


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        (Action.TIGHTEN, "1.走访职工，不断提升服务水平，登记需求。", "1.走访职工，登记需求。"),
        (Action.TIGHTEN, "1.进一步做好“切实减负”行动。", "1.做好“切实减负”行动。"),
        (Action.CONCRETE, "1.定期检查防暑设施。", "1.每季度检查防暑设施，问题列出清单，限期整改后复查。"),
        (Action.DUTY, "1.走访困难职工。", "1.8月，走访困难职工，由生活福利委员负责。"),
        (Action.DUTY, "1.每月走访，由女工委员带队。", "1.每月走访，由女工委员带队。"),
        (Action.FORMAL, "上门看望，把结果说清楚。", "走访慰问，把结果予以说明。"),
        (Action.PLAIN, "切实赋能职工成长。", "帮助职工成长。"),
        (Action.PLAIN, "调动积极性。", "调动积极性。"),
        (Action.REPHRASE, "听取意见并公布。", "征求意见并公示。"),
        (Action.REPHRASE, "1.9月，女职工委员会检查母婴室用品。", "1.女职工委员会9月检查母婴室用品。"),
        (
            Action.TIGHTEN,
            "1.9月检查食堂，留样逐格看，结果当天告知班组。\n2.7月送清凉两次，由小组长签收。",
            "1.9月检查食堂，留样逐格看。\n2.7月送清凉两次，由小组长签收。",
        ),
    ],
)
def test_quick_changes_by_rule(action, before, after):
    assert polish(before, action, Setting(SectionCode.CARE, (8, 9))) == after


def test_no_two_items_and_no_two_sections_are_closed_alike():
    line = "1.走访困难职工，了解家庭情况。"
    care = polish(line, Action.CONCRETE, Setting(SectionCode.CARE))
    women = polish(line, Action.CONCRETE, Setting(SectionCode.WOMEN))
    assert care != women
    text = "1.开展练兵。\n2.组织讲座。\n3.推进带教。"
    added = polish(text, Action.DUTY, Setting(SectionCode.SKILL, (9, 10, 11))).split("\n")
    assert len({item.split("，", 1)[1].split("，", 1)[1] for item in added}) == 3


@pytest.mark.parametrize(
    ("wish", "line", "after"),
    [
        ("把座谈会放到七月", 1, "2.7月，定期召开困难职工座谈会。"),
        ("送温暖改到10月", 2, "3.10月摸底困难职工，切实做好送温暖准备。"),
        ("把困难职工改成困难会员", 1, "2.定期召开困难会员座谈会。"),
        ("删掉第二条", 1, "2.12月摸底困难职工，切实做好送温暖准备。"),
        ("去掉关于座谈会的内容", 1, "2.12月摸底困难职工，切实做好送温暖准备。"),
        ("第3条放到最前", 0, "1.12月摸底困难职工，切实做好送温暖准备。"),
    ],
)
def test_an_instruction_is_carried_out_by_rule(wish, line, after):
    done = carry_out(CARE, wish, Setting(SectionCode.CARE))
    assert done.text.split("\n")[line] == after
    assert done.done
    assert not done.unread


def test_parts_that_are_not_understood_are_named():
    done = carry_out(CARE, "删掉第2条；写得像诗一样；加上“职工书屋”", Setting(SectionCode.CARE))
    assert done.unread == ("写得像诗一样",)
    assert done.points == ("职工书屋",)


# ---- the plan's shape


def test_sections_are_added_moved_renamed_split_merged_and_taken_out(studio):
    draft_id = kept(studio)
    before = fingerprints(studio.load(draft_id))
    plan = studio.add_section(draft_id, "s1", "三、女职工工作")
    new = plan.sections[1]
    assert (new.heading, new.code, new.text) == ("女职工工作", SectionCode.WOMEN, "")
    plan = studio.move_section(draft_id, new.id, -1)
    assert [s.heading for s in plan.sections] == ["女职工工作", "民主管理", "关心关爱", "文体活动"]
    plan = studio.rename_section(draft_id, "s3", "（二）健身活动")
    assert plan.sections[3].heading == "健身活动"
    plan = studio.split_section(draft_id, "s2", CARE.index("12月"), "送温暖")
    assert plan.sections[3].text == "1.12月摸底困难职工，切实做好送温暖准备。"
    plan = studio.merge_section(draft_id, "s2")
    assert plan.sections[2].text == CARE
    plan = studio.remove_section(draft_id, new.id)
    assert fingerprints(plan) == before
    assert [item.heading for item in plan.outline.items] == ["民主管理", "关心关爱", "健身活动"]


def test_what_cannot_be_reshaped_is_told(studio):
    draft_id = kept(studio)
    studio.set_status(draft_id, "s2", Status.LOCKED)
    for refused in (
        lambda: studio.remove_section(draft_id, "s2"),
        lambda: studio.merge_section(draft_id, "s1"),
        lambda: studio.merge_section(draft_id, "s3"),
        lambda: studio.split_section(draft_id, "s1", 0, "甲"),
        lambda: studio.add_section(draft_id, "s1", "关心关爱"),
        lambda: studio.rename_section(draft_id, "s1", "文体活动"),
    ):
        with pytest.raises(UserError):
            refused()


def test_a_shape_changed_here_keeps_words_saved_elsewhere_meanwhile(studio):
    draft_id = kept(studio)
    other = Studio(studio.settings)
    other.edit(draft_id, "s1", "1.别处刚写的。")
    plan = studio.move_section(draft_id, "s3", -1)
    assert texts(plan)["s1"] == "1.别处刚写的。"


def test_the_months_show_gaps_and_crowding(studio):
    busy = Section("s9", SectionCode.SAFETY, "安全", "\n".join(
        f"{n}.8月开展第{w}项{t}检查。" for n, (w, t) in enumerate(zip("一二三四五", ("用电", "消防", "食堂", "车辆", "库房"), strict=True), 1)
    ))  # fmt: skip
    plan = studio.load(kept(studio, busy, Section("s1", SectionCode.CARE, "关爱", "1.12月摸底困难职工。")))
    picture = studio.months(plan)
    assert [month for _, month in picture.months] == [7, 8, 9, 10, 11, 12]
    assert picture.counts[1] >= 4
    assert picture.empty == (7, 9, 10, 11)
    assert picture.crowded == (8,)


# ---- history


def test_typing_saved_by_itself_is_one_step_for_undo(tmp_path):
    now = [datetime(2026, 11, 21, 9)]
    history = History(tmp_path / "d.db", lambda: now[0])
    section = Section("s1", SectionCode.CARE, "关爱", "甲。")
    draft_id = history.save(Draft("", REQUEST, Profile(), "题", "范例编排", (section,)))
    for text, seconds in (("甲乙", 0), ("甲乙丙", 5), ("甲乙丙丁。", 5), ("甲乙丙丁戊。", 600)):
        now[0] += timedelta(seconds=seconds)
        history.save_section(draft_id, replace(section, text=text), HAND, burst=60)
    assert [r.section.text for r in settled(history.revisions(draft_id, "s1"))] == [
        "甲。",
        "甲乙丙丁。",
        "甲乙丙丁戊。",
    ]
    history.undo(draft_id, "s1")
    assert history.load(draft_id).sections[0].text == "甲乙丙丁。"
    history.undo(draft_id, "s1")
    assert history.load(draft_id).sections[0].text == "甲。"
    history.redo(draft_id, "s1")
    assert history.load(draft_id).sections[0].text == "甲乙丙丁。"


def test_a_snapshot_brings_the_whole_plan_back_and_itself_can_be_undone(studio):
    draft_id = kept(studio)
    first = texts(studio.load(draft_id))
    studio.snapshot(draft_id, "交院长看之前")
    studio.edit(draft_id, "s1", "1.改过了。")
    studio.remove_section(draft_id, "s3")
    changed = texts(studio.load(draft_id))
    mark = studio.snapshots(draft_id)[0]
    assert mark.name == "交院长看之前"
    assert texts(studio.bring_back(draft_id, mark.version)) == first
    assert studio.snapshots(draft_id)[0].name == "恢复之前"
    assert texts(studio.bring_back(draft_id, studio.snapshots(draft_id)[0].version)) == changed


def test_drafts_are_copied_archived_deleted_and_brought_back(studio):
    draft_id = kept(studio)
    copy = studio.copy(draft_id)
    assert texts(studio.load(copy)) == texts(studio.load(draft_id))
    assert studio.load(copy).title == "市三院工会计划（副本）"
    studio.put(draft_id, DELETED)
    assert [row.id for row in studio.drafts()] == [copy]
    assert {row.id: row.state for row in studio.history.list()}[draft_id] == DELETED
    studio.put(draft_id, "active")
    studio.put(copy, ARCHIVED)
    assert {row.id: row.state for row in studio.drafts()} == {draft_id: "active", copy: "archived"}


def test_every_save_gives_another_stamp(studio):
    draft_id = kept(studio)
    seen = {studio.stamp(draft_id)}
    studio.edit(draft_id, "s1", "1.改。")
    seen.add(studio.stamp(draft_id))
    studio.move_section(draft_id, "s1", 1)
    seen.add(studio.stamp(draft_id))
    assert len(seen) == 3


# ---- long work


def test_all_is_written_anew_but_what_is_locked(studio):
    request = studio.request("给医院工会起草一份2026年下半年工作计划，800字", TODAY)
    *_, done = studio.draft(request, studio.outline(request))
    draft_id, before = done.draft.id, done.draft
    locked = next(s for s in before.sections if s.code is SectionCode.CARE)
    studio.set_status(draft_id, locked.id, Status.LOCKED)
    *_, again = studio.rewrite_all(draft_id, 3)
    assert isinstance(again, DraftDone)
    after = studio.load(draft_id)
    now = next(s for s in after.sections if s.id == locked.id)
    assert now.text.encode() == locked.text.encode()
    assert now.status is Status.LOCKED
    assert texts(after) != texts(before)
    back = studio.bring_back(draft_id, studio.snapshots(draft_id)[0].version)
    assert texts(back) == texts(before)


def test_what_is_edited_while_the_rest_is_written_stays(studio):
    request = studio.request("给医院工会起草一份2026年下半年工作计划，800字", TODAY)
    edited = ""
    for event in studio.draft(request, studio.outline(request)):
        if isinstance(event, SectionDone) and not edited:
            edited = event.section.id
            draft_id = studio.drafts()[0].id
            studio.edit(draft_id, edited, "1.趁它在写，我先改这一节。")
    assert texts(studio.load(draft_id))[edited] == "1.趁它在写，我先改这一节。"


def test_stopping_keeps_what_is_done_and_resuming_writes_the_rest(studio):
    stop = threading.Event()
    good = "每月走访两个科室，由工会小组长逐条登记职工意见，五个工作日内当面答复本人并报院工会汇总。"
    studio.__dict__["_model"] = QueueModel(*[good] * 4)
    request = studio.request("给医院工会起草一份2026年下半年工作计划，800字", TODAY)
    for event in studio.draft(request, studio.outline(request), stop=stop):
        if isinstance(event, SectionDone):
            stop.set()
    draft_id = studio.drafts()[0].id
    written = {key: text for key, text in texts(studio.history.load(draft_id)).items() if text}
    assert len(written) == 1
    studio.__dict__["_model"] = None
    list(studio.resume(draft_id))
    whole = texts(studio.load(draft_id))
    assert all(whole.values())
    assert whole.items() >= written.items()


# ---- an upper union's key points

POINTS = (
    "1.做好职工医疗互助保障，参保率达到95%以上。\n2.召开职代会，公布提案办理结果。\n3.组织职工理财知识讲座。"
)


def test_a_point_nobody_carries_out_is_taken_in_with_one_click(studio):
    draft_id = kept(studio)
    rows, offers = studio.against(studio.load(draft_id), POINTS)
    assert [row.covered for row in rows] == [False, True, False]
    assert [offer.number for offer in offers] == [1, 3]
    plan = studio.take_point(draft_id, POINTS, 1)
    line = texts(plan)["s2"].split("\n")[3]
    assert line.startswith("4.")
    assert "互助" in line
    assert "参保率达到95%以上" in line
    assert [row.covered for row in studio.against(plan, POINTS)[0]] == [True, True, False]
    assert texts(studio.undo(draft_id, "s2"))["s2"] == CARE


def test_pasted_points_are_still_there_after_a_restart(studio):
    draft_id, other = kept(studio), kept(studio)
    studio.keep_points(draft_id, POINTS)
    studio.keep_points(draft_id, POINTS)
    again = Studio(studio.settings)
    assert again.kept_points(draft_id) == POINTS
    assert again.kept_points(other) == ""
    assert [mark.name for mark in again.history.marks(draft_id)] == [POINTS]
    assert again.snapshots(draft_id) == []
    with pytest.raises(UserError):
        studio.keep_points(draft_id, "  ")


def test_a_point_without_a_section_of_its_own_gets_one(studio):
    draft_id = kept(studio)
    plan = studio.take_point(draft_id, "1.推进集体协商，签订女职工权益保护专项集体合同。", 1)
    added = next(section for section in plan.sections if section.code is SectionCode.RIGHTS)
    assert added.heading
    assert added.text.startswith("1.")
    assert "专项集体合同" in added.text


def test_a_point_carried_out_meanwhile_is_told(studio):
    draft_id = kept(studio)
    with pytest.raises(UserError, match="已经落实"):
        studio.take_point(draft_id, POINTS, 2)
