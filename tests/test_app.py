"""The pages without a browser: what is built, the three endpoints, errors, the language, the port."""

import os
import signal
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from app import HOST, ChinesePage, build_app, check_port, finish, start
from assistant.tab_common import guard
from index.errors import UserError

TODAY = date(2026, 11, 21)
ROOT = Path(__file__).parents[1]


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def client(empty_studio):
    from gradio_client import Client

    page, port = build_app(empty_studio, lambda: TODAY), free_port()
    start(page, empty_studio, port)
    connected = Client(f"http://{HOST}:{port}", verbose=False, analytics_enabled=False, download_files=False)
    yield connected
    connected.close()
    finish(page)


# ---- what is built


def test_the_pages_are_blocks(empty_studio):
    import gradio as gr

    page = build_app(empty_studio)
    labels = {block.label for block in page.blocks.values() if isinstance(block, gr.Tab)}
    assert labels >= {"起草", "检索", "资料库", "单位档案", "设置"}
    assert page.analytics_enabled is False


def test_importing_the_module_loads_no_gradio():
    code = "import sys, app; print('gradio' in sys.modules, 'assistant.studio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False False"


def test_generation_has_a_queue_of_its_own(empty_studio):
    page = build_app(empty_studio)
    limits = {fn.concurrency_id: fn.concurrency_limit for fn in page.fns.values()}
    assert limits.pop("model") == 1
    assert set(limits.values()) <= {None, "default"}
    assert page._queue.default_concurrency_limit is None


def test_no_state_is_shared_between_sessions(empty_studio):
    import gradio as gr

    states = [block.value for block in build_app(empty_studio).blocks.values() if isinstance(block, gr.State)]
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


def test_a_draft_is_written_kept_and_exported(client, empty_studio):
    plan = client.predict("给医院工会起草一份下半年工作计划，800字", api_name="/draft")
    assert plan["request"]["org_type"] == "hospital"
    assert plan["request"]["period"] == "h2"
    assert all(section["text"] for section in plan["sections"])
    assert plan["draft_id"] in {row.id for row in empty_studio.drafts()}
    made = client.predict(plan["draft_id"], ".docx", api_name="/export")
    path = Path(made["file"])
    assert path.suffix == ".docx"
    assert path.read_bytes()[:2] == b"PK"
    assert path.is_relative_to(empty_studio.settings.exports)


def test_an_unknown_draft_is_told_in_one_sentence(client):
    with pytest.raises(Exception, match="没有找到草稿"):
        client.predict("nothing", ".docx", api_name="/export")


def test_the_server_hands_out_no_file_of_the_data_folder(client, empty_studio):
    import httpx

    client.predict("给学校工会写一份工作要点", api_name="/draft")
    for name in ("drafts.db", "library/library.db"):
        assert (empty_studio.settings.home / name).is_file()
        answer = httpx.get(
            f"{client.src}gradio_api/file={empty_studio.settings.home / name}", trust_env=False
        )
        assert answer.status_code == 403


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
def test_ctrl_c_ends_the_program_without_a_trace(ready_home):
    command = [sys.executable, "-m", "assistant.cli", "serve", "--no-browser", "--port", str(free_port())]
    environment = {**os.environ, "GONGHUI_HOME": str(ready_home)}
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
