"""Work in sessions, and the editing of one section, as the handlers of the pages do it."""

import threading
from dataclasses import fields, replace
from types import SimpleNamespace

import pytest
from drafting import hospital_request

from assistant.studio import Proposal
from assistant.tab_common import Desk, ticking
from assistant.tab_parts import Here, Parts
from assistant.tab_sections import Sections
from assistant.tab_view import View
from assistant.tab_writing import _Pace
from assistant.types import Draft, Outline, OutlineItem, Profile, Section, Status
from index.errors import UserError
from index.types import SectionCode

# ---- sessions


def test_sessions_stop_only_their_own_work():
    desk = Desk()
    mine, yours = desk.begin("a"), desk.begin("b")
    desk.stop("a")
    desk.stop("nobody")
    assert (mine.is_set(), yours.is_set()) == (True, False)
    desk.leave("b")
    assert yours.is_set()


def test_a_new_start_is_not_stopped_by_an_old_stop():
    desk = Desk()
    desk.begin("a")
    desk.stop("a")
    assert not desk.begin("a").is_set()


def test_a_proposal_is_taken_once():
    desk = Desk()
    proposal = Proposal("d", Section("s1", SectionCode.CARE, "关心", "新"), "旧")
    identity = desk.keep(proposal)
    assert desk.take(identity) is proposal
    with pytest.raises(UserError, match="过期"):
        desk.take(identity)


def test_ticking_passes_events_and_their_error():
    def events():
        yield 1
        raise UserError("模型断开了。")

    got = ticking(events(), threading.Event(), 30)
    assert next(got) == 1
    with pytest.raises(UserError, match="断开"):
        next(got)


def test_ticking_ends_when_stopped_though_nothing_comes():
    stop, gate = threading.Event(), threading.Event()

    def events():
        gate.wait()
        yield 1

    got = ticking(events(), stop, 0.01)
    assert next(got) is None
    stop.set()
    assert list(got) == []
    gate.set()


def test_a_reader_who_goes_away_stops_the_work():
    stop = threading.Event()
    got = ticking(iter([1, 2, 3]), stop, 30)
    next(got)
    got.close()
    assert stop.is_set()


# ---- editing


def saved(studio, *texts):
    sections = tuple(
        Section(f"s{n}", SectionCode.CARE, f"第{n}件事", text) for n, text in enumerate(texts, 1)
    )
    return studio.history.save(
        Draft("", hospital_request(), Profile(), "某院工会2026年下半年工作计划", "范例编排", sections)
    )


def page_of(studio):
    """The handlers of a page whose components are their own names."""
    parts = Parts(**{field.name: field.name for field in fields(Parts)})
    desk = Desk()
    return Sections(studio, desk, parts, View(studio, parts, desk))


def here(studio, draft_id, text, section_id="s1", panel="preview"):
    return Here(draft_id, section_id, studio.revisions(draft_id, section_id)[-1].number, text, panel)


def values(place):
    return [getattr(place, field.name) for field in fields(Here)]


BROWSER = SimpleNamespace(session_hash="mine")


def test_saving_one_section_leaves_the_others(empty_studio):
    draft_id = saved(empty_studio, "甲。", "乙。")
    shown = page_of(empty_studio).autosave(*values(here(empty_studio, draft_id, "甲改。")))
    assert [s.text for s in empty_studio.load(draft_id).sections] == ["甲改。", "乙。"]
    assert "已保存" in shown["state"]
    assert "text" not in shown, "the box is never written into while somebody types"
    shown = page_of(empty_studio).undo(*values(here(empty_studio, draft_id, "甲改。")))
    assert [s.text for s in empty_studio.load(draft_id).sections] == ["甲。", "乙。"]
    assert shown["text"]["value"] == "甲。"


def test_what_was_changed_elsewhere_is_offered_against_and_never_overwritten(empty_studio):
    draft_id = saved(empty_studio, "甲。开头不动。")
    old = here(empty_studio, draft_id, "我打的。开头不动。")
    empty_studio.edit(draft_id, "s1", "别处改的。开头不动。")
    page = page_of(empty_studio)
    shown = page.autosave(*values(old))
    assert empty_studio.load(draft_id).sections[0].text == "别处改的。开头不动。"
    assert "在别处刚刚改过" in shown["offer"]["value"]
    assert "我打的。" in shown["offer"]["value"]
    event = SimpleNamespace(place="take", taken=[0])
    page.decide(event, shown["proposal"], *values(here(empty_studio, draft_id, "别处改的。开头不动。")))
    assert empty_studio.load(draft_id).sections[0].text == "我打的。开头不动。"
    assert empty_studio.revisions(draft_id, "s1")[-1].author == "人工"


def test_a_look_notices_what_another_page_saved(empty_studio):
    draft_id = saved(empty_studio, "甲。", "乙。")
    page, stamp = page_of(empty_studio), empty_studio.stamp(draft_id)
    idle, typing = here(empty_studio, draft_id, "甲。"), here(empty_studio, draft_id, "甲，正在打字")
    assert set(page.look(BROWSER, stamp, *values(idle))) == {"jump"}
    empty_studio.edit(draft_id, "s1", "别处的。")
    fresh = page.look(BROWSER, stamp, *values(idle))
    assert fresh["text"]["value"] == "别处的。"
    assert "已换成最新" in fresh["notice"]
    warned = page.look(BROWSER, stamp, *values(typing))
    assert "text" not in warned
    assert warned["revision"] == typing.revision
    assert "不会覆盖" in warned["notice"]


def test_a_look_leaves_what_is_offered_and_a_place_that_was_left(empty_studio):
    draft_id = saved(empty_studio, "甲。", "乙。")
    page, stamp = page_of(empty_studio), empty_studio.stamp(draft_id)
    idle = here(empty_studio, draft_id, "甲。")
    empty_studio.edit(draft_id, "s2", "别处的乙。")

    shown = page.look(BROWSER, stamp, *values(idle))
    page.desk.be_at("mine", draft_id, "s2")

    assert not {"offer", "proposal"} & set(shown)
    assert set(page.look(BROWSER, stamp, *values(idle))) == {"jump"}


def test_an_untouched_box_is_no_conflict(empty_studio):
    draft_id = saved(empty_studio, "甲。", "乙。")
    idle = here(empty_studio, draft_id, "甲。")
    empty_studio.edit(draft_id, "s1", "别处的。")
    page = page_of(empty_studio)
    assert page.kept(idle)[1] == {}
    assert empty_studio.load(draft_id).sections[0].text == "别处的。"
    page.undo(*values(idle))
    assert empty_studio.load(draft_id).sections[0].text == "甲。"


def test_leaving_an_untouched_box_saves_nothing(empty_studio):
    draft_id = saved(empty_studio, "甲。")
    page_of(empty_studio).autosave(*values(here(empty_studio, draft_id, "甲。\n")))
    assert len(empty_studio.revisions(draft_id, "s1")) == 1


def test_a_locked_section_is_not_saved(empty_studio):
    draft_id = saved(empty_studio, "甲。")
    page = page_of(empty_studio)
    page.lock(*values(here(empty_studio, draft_id, "甲。")))
    assert empty_studio.section(draft_id, "s1").status is Status.LOCKED
    page.autosave(*values(here(empty_studio, draft_id, "改。")))
    assert empty_studio.section(draft_id, "s1").text == "甲。"
    page.lock(*values(here(empty_studio, draft_id, "甲。")))
    assert empty_studio.section(draft_id, "s1").status is Status.DRAFT


def test_items_are_moved_at_the_caret_and_the_caret_goes_with_them(empty_studio):
    draft_id = saved(empty_studio, "1.甲事。\n2.乙事。\n3.丙事。")
    page = page_of(empty_studio)
    shown = page.item("up")(*values(here(empty_studio, draft_id, "1.甲事。\n2.乙事。\n3.丙事。")), "9:9")
    assert empty_studio.load(draft_id).sections[0].text == "1.乙事。\n2.甲事。\n3.丙事。"
    assert shown["jump"] == "3:3!"


def test_a_change_of_shape_offers_its_own_undo(empty_studio):
    draft_id = saved(empty_studio, "甲。", "乙。")
    shown = page_of(empty_studio).shape("remove")("", *values(here(empty_studio, draft_id, "甲。")), "0:0")
    assert [s.id for s in empty_studio.load(draft_id).sections] == ["s2"]
    version = int(shown["notice"].partition('data-place="version ')[2].partition('"')[0])
    assert [s.text for s in empty_studio.bring_back(draft_id, version).sections] == ["甲。", "乙。"]


def test_the_time_still_expected_counts_the_sections_that_grow_unseen():
    outline = Outline("题", tuple(OutlineItem(f"s{n}", SectionCode.CARE, "事", target=100) for n in range(4)))
    sections = (Section("s0", SectionCode.CARE, "事", "字" * 90), Section("s1", SectionCode.CARE, "事", ""))
    plan = Draft("", hospital_request(), Profile(), "题", "", sections, outline=outline)
    left = {}
    for at_once in (1, 4):
        pace = _Pace(replace(plan, sections=()), at_once)
        pace.begun -= 10
        pace.growing.add("s0")
        left[at_once] = round(pace.left(plan))
    assert left == {1: 34, 4: 1}
