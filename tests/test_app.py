"""The pages without a browser: what is built, the three endpoints, errors, slots, sessions, the port."""

import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import HOST, ChinesePage, build_app, check_port, finish, start
from assistant.blanks import blanks_of, filled
from assistant.profile import FIELDS
from assistant.settings import Settings
from assistant.studio import Proposal, Studio
from assistant.tab_common import Desk, file_name, guard, ticking
from assistant.tab_library import reported
from assistant.tab_parts import Here, Parts
from assistant.tab_profile import form_values, profile_of
from assistant.tab_sections import Sections
from assistant.tab_slots import Slots, slots_of, with_slots
from assistant.tab_view import View
from assistant.types import Citation, Draft, Profile, Request, Section, Status
from index.errors import UserError
from index.types import Failed, Genre, OrgType, Period, SectionCode

TODAY = date(2026, 11, 21)
ROOT = Path(__file__).parents[1]


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    opened = Studio(Settings(home=tmp_path_factory.mktemp("home")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(studio):
    from gradio_client import Client

    page, port = build_app(studio, lambda: TODAY), free_port()
    start(page, studio, port)
    connected = Client(f"http://{HOST}:{port}", verbose=False, analytics_enabled=False, download_files=False)
    yield connected
    connected.close()
    finish(page)


# ---- what is built


def test_the_pages_are_blocks(studio):
    import gradio as gr

    page = build_app(studio)
    labels = {block.label for block in page.blocks.values() if isinstance(block, gr.Tab)}
    assert labels >= {"起草", "检索", "资料库", "单位档案", "设置"}
    assert page.analytics_enabled is False


def test_importing_the_module_loads_no_gradio():
    code = "import sys, app; print('gradio' in sys.modules, 'assistant.studio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False False"


def test_generation_has_a_queue_of_its_own(studio):
    page = build_app(studio)
    limits = {fn.concurrency_id: fn.concurrency_limit for fn in page.fns.values()}
    assert limits.pop("model") == 1
    assert set(limits.values()) <= {None, "default"}
    assert page._queue.default_concurrency_limit is None


def test_no_state_is_shared_between_sessions(studio):
    import gradio as gr

    states = [block.value for block in build_app(studio).blocks.values() if isinstance(block, gr.State)]
    assert all(value in ("", 0, [], "preview", None) for value in states), states


# ---- the three endpoints


def test_only_three_names_are_public(client):
    assert set(client.view_api(return_format="dict")["named_endpoints"]) == {"/search", "/draft", "/export"}


def test_search_answers_as_the_command_line_does(client):
    found = client.predict("院务公开", 3, "hospital", "", "", "", api_name="/search")
    assert 1 <= len(found["hits"]) <= 3
    assert {hit["org_type"] for hit in found["hits"]} == {"hospital"}
    assert set(found) == {"hits", "notice"}


def test_an_unknown_filter_is_told_in_one_sentence(client):
    with pytest.raises(Exception, match="没有这个检索条件"):
        client.predict("院务公开", 3, "nowhere", "", "", "", api_name="/search")


def test_a_draft_is_written_kept_and_exported(client, studio):
    plan = client.predict("给医院工会起草一份下半年工作计划，800字", api_name="/draft")
    assert plan["request"]["org_type"] == "hospital"
    assert plan["request"]["period"] == "h2"
    assert all(section["text"] for section in plan["sections"])
    assert plan["draft_id"] in {row.id for row in studio.drafts()}
    made = client.predict(plan["draft_id"], ".docx", api_name="/export")
    path = Path(made["file"])
    assert path.suffix == ".docx"
    assert path.read_bytes()[:2] == b"PK"
    assert path.is_relative_to(studio.settings.exports)


def test_an_unknown_draft_is_told_in_one_sentence(client):
    with pytest.raises(Exception, match="没有找到草稿"):
        client.predict("nothing", ".docx", api_name="/export")


def test_the_server_hands_out_no_file_of_the_data_folder(client, studio):
    import httpx

    client.predict("给学校工会写一份工作要点", api_name="/draft")
    for name in ("drafts.db", "library/library.db"):
        assert (studio.settings.home / name).is_file()
        answer = httpx.get(f"{client.src}gradio_api/file={studio.settings.home / name}", trust_env=False)
        assert answer.status_code == 403


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
def test_ctrl_c_ends_the_program_without_a_trace(tmp_path):
    command = [sys.executable, "-m", "assistant.cli", "serve", "--no-browser", "--port", str(free_port())]
    environment = {**os.environ, "GONGHUI_HOME": str(tmp_path)}
    running = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=environment,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # a suite in the background ignores it
    )
    assert running.stdout.readline().startswith("已打开：http://127.0.0.1:")
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate(timeout=60)
    assert (running.returncode, output.strip()) == (0, "已结束，保存过的内容都在。")
    assert "Traceback" not in errors


# ---- errors


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_user_error_keeps_its_sentence_escaped():
    import gradio as gr

    def wrong():
        raise UserError("找不到<b>文件</b>，请检查。")

    with pytest.raises(gr.Error) as told:
        guard(wrong)()
    assert told.value.message == "找不到&lt;b&gt;文件&lt;/b&gt;，请检查。"


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_bug_goes_to_the_log_and_is_told_politely(caplog):
    import gradio as gr

    def stream():
        yield 1
        raise ZeroDivisionError("secret detail")

    events = guard(stream)()
    assert next(events) == 1
    with pytest.raises(gr.Error) as told:
        next(events)
    assert "secret" not in told.value.message
    assert "已记入日志" in told.value.message
    assert "ZeroDivisionError" in caplog.text


def test_a_taken_port_is_told_before_anything_starts():
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        with pytest.raises(UserError, match="已被占用"):
            check_port(taken.getsockname()[1])


def test_an_impossible_port_is_told():
    with pytest.raises(UserError, match="不能用"):
        check_port(700000)


def test_a_free_port_is_fine_and_left_free():
    port = free_port()
    check_port(port)
    with socket.socket() as server:
        server.bind(("127.0.0.1", port))
        assert server.getsockname()[1] == port


# ---- the language of the page


async def _page(body, path="/", kind=b"text/html"):
    async def inner(scope, receive, send):
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-length", b"99"), (b"content-type", kind)],
            }
        )
        await send({"type": "http.response.body", "body": body[:10], "more_body": True})
        await send({"type": "http.response.body", "body": body[10:]})

    sent = []

    async def keep(message):
        sent.append(message)

    await ChinesePage(inner)({"type": "http", "path": path, "method": "GET"}, None, keep)
    return sent


def test_the_page_says_it_is_chinese():
    import anyio

    head, body = anyio.run(_page, b'<!doctype html><html lang="en"><head><title>x</title>')
    assert b'<html lang="zh-CN"><head><script>' in body["body"]
    assert dict(head["headers"])[b"content-length"] == str(len(body["body"])).encode()


def test_other_answers_pass_unchanged():
    import anyio

    sent = anyio.run(_page, b'{"lang": "<head>"} and more', "/config")
    assert b"".join(m.get("body", b"") for m in sent) == b'{"lang": "<head>"} and more'
    assert len(sent) == 3


# ---- slots


def request(**more):
    return Request(
        "医院计划",
        OrgType.HOSPITAL,
        Period.H2,
        2026,
        Genre.PLAN,
        ("WOMEN", "女职工工作", "夜班"),
        ("三八",),
        today=TODAY,
        **more,
    )


def test_slots_left_alone_change_nothing():
    assert with_slots(request(), slots_of(request())) == request()


def test_a_corrected_slot_is_taken():
    changed = with_slots(
        request(), Slots("school", "某小学", "term1", 2027, 0, "keypoints", 900, "安全、读书会", "")
    )
    assert (changed.org_type, changed.org_name, changed.period) == (OrgType.SCHOOL, "某小学", Period.TERM1)
    assert (changed.year, changed.genre, changed.length) == (2027, Genre.KEYPOINTS, 900)
    assert changed.emphasis == ("安全", "读书会")
    assert changed.avoid == ()


def test_an_emphasis_that_names_a_section_becomes_its_code():
    from index.labels import name_of

    changed = with_slots(request(), replace(slots_of(request()), emphasis=name_of(SectionCode.SAFETY)))
    assert changed.emphasis == ("SAFETY",)


@pytest.mark.parametrize(("field", "value"), [(3, None), (3, 26), (6, 10), (6, None), (4, 13)])
def test_numbers_nobody_can_mean_are_told(field, value):
    values = ["hospital", "", "h2", 2026, 0, "plan", 1500, "", ""]
    values[field] = value
    with pytest.raises(UserError, match="请填"):
        with_slots(request(), Slots(*values))


def test_there_is_no_fifth_quarter():
    with pytest.raises(UserError, match="季度"):
        with_slots(request(), Slots("hospital", "", "quarter", 2026, 5, "plan", 1500, "", ""))


# ---- profile


def test_a_profile_survives_the_form():
    profile = Profile(unit="九院", org_type=OrgType.HOSPITAL, people=486, upper=("市总工会", "卫健工会"),
                      use_words={"职工": "员工"}, key_tasks=("换届",))  # fmt: skip
    assert profile_of(form_values(profile)) == profile
    assert profile_of(form_values(Profile())) == Profile()


def test_words_that_are_no_pair_are_told():
    form = list(form_values(Profile()))
    form[list(FIELDS).index("use_words")] = "职工员工"
    with pytest.raises(UserError, match="成对"):
        profile_of(tuple(form))


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
        Draft("", request(), Profile(), "某院工会2026年下半年工作计划", "范例编排", sections)
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


def test_saving_one_section_leaves_the_others(studio):
    draft_id = saved(studio, "甲。", "乙。")
    shown = page_of(studio).autosave(*values(here(studio, draft_id, "甲改。")))
    assert [s.text for s in studio.load(draft_id).sections] == ["甲改。", "乙。"]
    assert "已保存" in shown["state"]
    assert "text" not in shown, "the box is never written into while somebody types"
    shown = page_of(studio).undo(*values(here(studio, draft_id, "甲改。")))
    assert [s.text for s in studio.load(draft_id).sections] == ["甲。", "乙。"]
    assert shown["text"]["value"] == "甲。"


def test_what_was_changed_elsewhere_is_offered_against_and_never_overwritten(studio):
    draft_id = saved(studio, "甲。开头不动。")
    old = here(studio, draft_id, "我打的。开头不动。")
    studio.edit(draft_id, "s1", "别处改的。开头不动。")
    page = page_of(studio)
    shown = page.autosave(*values(old))
    assert studio.load(draft_id).sections[0].text == "别处改的。开头不动。"
    assert "在别处刚刚改过" in shown["offer"]["value"]
    assert "我打的。" in shown["offer"]["value"]
    event = SimpleNamespace(place="take", taken=[0])
    page.decide(event, shown["proposal"], *values(here(studio, draft_id, "别处改的。开头不动。")))
    assert studio.load(draft_id).sections[0].text == "我打的。开头不动。"
    assert studio.revisions(draft_id, "s1")[-1].author == "人工"


def test_a_look_notices_what_another_page_saved(studio):
    draft_id = saved(studio, "甲。", "乙。")
    page, stamp = page_of(studio), studio.stamp(draft_id)
    idle, typing = here(studio, draft_id, "甲。"), here(studio, draft_id, "甲，正在打字")
    assert set(page.look(stamp, "", *values(idle))) == {"jump"}
    studio.edit(draft_id, "s1", "别处的。")
    fresh = page.look(stamp, "", *values(idle))
    assert fresh["text"]["value"] == "别处的。"
    assert "已换成最新" in fresh["notice"]
    warned = page.look(stamp, "", *values(typing))
    assert "text" not in warned
    assert warned["revision"] == typing.revision
    assert "不会覆盖" in warned["notice"]


def test_an_untouched_box_is_no_conflict(studio):
    draft_id = saved(studio, "甲。", "乙。")
    idle = here(studio, draft_id, "甲。")
    studio.edit(draft_id, "s1", "别处的。")
    page = page_of(studio)
    assert page.kept(idle)[1] == {}
    assert studio.load(draft_id).sections[0].text == "别处的。"
    page.undo(*values(idle))
    assert studio.load(draft_id).sections[0].text == "甲。"


def test_leaving_an_untouched_box_saves_nothing(studio):
    draft_id = saved(studio, "甲。")
    page_of(studio).autosave(*values(here(studio, draft_id, "甲。\n")))
    assert len(studio.revisions(draft_id, "s1")) == 1


def test_a_locked_section_is_not_saved(studio):
    draft_id = saved(studio, "甲。")
    page = page_of(studio)
    page.lock(*values(here(studio, draft_id, "甲。")))
    assert studio.section(draft_id, "s1").status is Status.LOCKED
    page.autosave(*values(here(studio, draft_id, "改。")))
    assert studio.section(draft_id, "s1").text == "甲。"
    page.lock(*values(here(studio, draft_id, "甲。")))
    assert studio.section(draft_id, "s1").status is Status.DRAFT


def test_items_are_moved_at_the_caret_and_the_caret_goes_with_them(studio):
    draft_id = saved(studio, "1.甲事。\n2.乙事。\n3.丙事。")
    page = page_of(studio)
    shown = page.item("up")(*values(here(studio, draft_id, "1.甲事。\n2.乙事。\n3.丙事。")), "9:9")
    assert studio.load(draft_id).sections[0].text == "1.乙事。\n2.甲事。\n3.丙事。"
    assert shown["jump"] == "3:3!"


def test_a_change_of_shape_offers_its_own_undo(studio):
    draft_id = saved(studio, "甲。", "乙。")
    shown = page_of(studio).shape("remove")("", *values(here(studio, draft_id, "甲。")), "0:0")
    assert [s.id for s in studio.load(draft_id).sections] == ["s2"]
    version = int(shown["notice"].partition('data-place="version ')[2].partition('"')[0])
    assert [s.text for s in studio.bring_back(draft_id, version).sections] == ["甲。", "乙。"]


# ---- blanks, files, imports


def test_blanks_are_filled_everywhere_and_citations_follow():
    text = "【待填：单位名称】每月走访住院职工。"
    cited = Citation(text.index("走访"), text.index("走访") + 6, 1, "d", "某计划", "走访住院职工")
    sections = (Section("s1", SectionCode.CARE, "关心", text, citations=(cited,)),
                Section("s2", SectionCode.CARE, "锁", "【待填：单位名称】", status=Status.LOCKED))  # fmt: skip
    plan = Draft(
        "d",
        request(),
        Profile(),
        "【待填：单位名称】工会计划",
        "范例编排",
        sections,
        "【待填：单位名称】工会",
    )
    assert blanks_of(plan) == ("单位名称",)
    done = filled(plan, {"单位名称": " 九院 ", "人数": ""})
    assert (done.title, done.signature) == ("九院工会计划", "九院工会")
    assert done.sections[0].text == "九院每月走访住院职工。"
    moved = done.sections[0].citations[0]
    assert done.sections[0].text[moved.start : moved.end] == "走访住院职工"
    assert done.sections[1].text == "【待填：单位名称】"


def test_a_citation_whose_words_held_the_blank_is_dropped():
    section = Section(
        "s1",
        SectionCode.CARE,
        "关心",
        "走访【待填：人数】人。",
        citations=(Citation(0, 9, 1, "d", "题", "走访"),),
    )
    done = filled(Draft("d", request(), Profile(), "题", "w", (section,)), {"人数": "12"})
    assert done.sections[0].text == "走访12人。"
    assert done.sections[0].citations == ()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("【待填：单位名称】工会2027年计划", "工会2027年计划"),
        ('a/b\\c:d*e?"f<g>|', "abcdefg"),
        ("..", "工会工作计划"),
        ("", "工会工作计划"),
    ],
)
def test_file_names_suit_every_system(title, name):
    assert file_name(title, ("单位名称",)) == name


def test_an_import_report_shows_names_not_folders():
    *_, last = reported(iter([Failed(os.path.join("somewhere", "deep", "坏.docx"), "打不开。")]))
    assert "坏.docx" in last
    assert "deep" not in last
    assert "没读成 1 份" in last


def test_nothing_to_import_is_told():
    with pytest.raises(UserError, match="没有找到能读的资料"):
        list(reported(iter(())))
