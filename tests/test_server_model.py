import json
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tiny_model import ANSWER, QUESTION, SYSTEM

from assistant.sampling import Sampling
from assistant.server_model import ServerModel
from index.errors import UserError

MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}]


def chunk(text: str | None = None, finish: str | None = None, **delta: str) -> bytes:
    body = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    body["choices"] = [{"index": 0, "delta": {"content": text} | delta, "finish_reason": finish}]
    return f"data: {json.dumps(body)}\n\n".encode()


class Script:
    """What the server does: `models` it lists, `answer(handler)` for a chat request; it records requests."""

    def __init__(self, answer, models=("q-7b", "q-14b"), **more):
        self.answer, self.models, self.more = answer, models, more
        self.requests: list[dict] = []
        self.headers: list[dict] = []
        self.gone = threading.Event()


@contextmanager
def serving(script: Script, props: dict | None = None):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"
        timeout = 20

        def log_message(self, *_):
            pass

        def do_GET(self):
            if self.path == "/props":
                return self.reply(200 if props else 404, props or {})
            listed = [{"id": name, "object": "model", **script.more} for name in script.models]
            return self.reply(200, {"object": "list", "data": listed})

        def do_POST(self):
            script.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            script.headers.append({name.lower(): value for name, value in self.headers.items()})
            script.answer(self)

        def reply(self, status, body, **headers):
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def begin(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()

    Handler.script = script
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def streams(*chunks: bytes):
    def answer(handler):
        handler.begin()
        for data in chunks:
            handler.wfile.write(data)
            handler.wfile.flush()

    return answer


def fails(status: int, message: str = "", **headers):
    return lambda handler: handler.reply(status, {"error": {"message": message}}, **headers)


GOOD = streams(chunk("1.召开"), chunk("职代会。"), chunk("", "stop"), b"data: [DONE]\n\n")


def answer_of(script: Script, name: str = "q-7b", timeout: float = 5, key: str = "") -> str:
    with serving(script) as url:
        return "".join(ServerModel(url, name, key, timeout).stream(MESSAGES, 50, threading.Event()))


def refusal(script: Script, name: str = "q-7b", timeout: float = 5) -> str:
    with pytest.raises(UserError) as told:
        answer_of(script, name, timeout)
    sentence = str(told.value)
    assert sentence.endswith("。")
    return sentence


def no_workers_left() -> bool:
    return not any(thread.name == "gonghui-server" for thread in threading.enumerate())


def test_the_answer_arrives_in_pieces_and_once():
    script = Script(GOOD)
    assert answer_of(script, key="geheim") == "1.召开职代会。"
    assert len(script.requests) == 1
    request = script.requests[0]
    assert (request["model"], request["messages"], request["max_tokens"]) == ("q-7b", MESSAGES, 50)
    assert request["stream"] is True
    assert request["chat_template_kwargs"] == {"enable_thinking": False}
    assert script.headers[0]["authorization"] == "Bearer geheim"
    assert no_workers_left()


def test_without_a_name_the_first_listed_model_is_used():
    script = Script(GOOD, max_model_len=4096)
    with serving(script) as url:
        model = ServerModel(url)
        assert "".join(model.stream(MESSAGES, 50, threading.Event())) == "1.召开职代会。"
        assert (model.name, model.context) == ("q-7b", 4096)


def test_a_server_without_models_wants_a_name():
    assert "请在设置里填写模型名称" in refusal(Script(GOOD, models=()), name="")


def test_an_address_without_a_path_means_v1():
    script = Script(GOOD)
    with serving(script) as url:
        for address in (url.removesuffix("/v1"), url + "/", url + "/chat/completions"):
            assert (
                "".join(ServerModel(address, "m").stream(MESSAGES, 9, threading.Event())) == "1.召开职代会。"
            )


def test_thinking_is_left_out():
    script = Script(
        streams(
            chunk(None, reasoning_content="先想想"), chunk("<thi"), chunk("nk>想"), chunk("</think>"),
            chunk("1.召开职代会。"), chunk(None, "stop"),
        )
    )  # fmt: skip
    assert answer_of(script) == "1.召开职代会。"


def test_an_answer_cut_at_its_token_limit_is_told():
    with serving(Script(streams(chunk("1.召开"), chunk(None, "length")))) as url:
        model = ServerModel(url, "m")
        assert "".join(model.stream(MESSAGES, 2, threading.Event())) == "1.召开"
        assert model.truncated


def test_a_server_that_knows_no_extras_is_asked_once_more_without():
    def answer(handler):
        strict = "chat_template_kwargs" in script.requests[-1]
        handler.reply(400, {"error": {"message": "unknown field"}}) if strict else GOOD(handler)

    script = Script(answer)
    with serving(script) as url:
        model = ServerModel(url, "q-7b")
        for _ in range(2):
            assert "".join(model.stream(MESSAGES, 9, threading.Event())) == "1.召开职代会。"
    assert ["chat_template_kwargs" in request for request in script.requests] == [True, False, False]


def test_a_busy_server_is_asked_again_and_the_text_comes_once(monkeypatch):
    monkeypatch.setattr("assistant.server_model.WAITS", (0.01, 0.01))

    def answer(handler):
        fails(503, "loading model")(handler) if len(script.requests) < 3 else GOOD(handler)

    script = Script(answer)
    assert answer_of(script) == "1.召开职代会。"
    assert len(script.requests) == 3


def test_a_server_that_broke_off_after_text_is_not_asked_again(monkeypatch):
    monkeypatch.setattr("assistant.server_model.WAITS", (0.01, 0.01))
    script, pieces = Script(streams(chunk("1.召开"))), []
    with serving(script) as url, pytest.raises(UserError, match="断了"):
        pieces.extend(ServerModel(url, "m").stream(MESSAGES, 9, threading.Event()))
    assert len(script.requests) == 1


def test_waiting_for_a_busy_server_can_be_stopped():
    stop = threading.Event()

    def answer(handler):
        stop.set()
        fails(503)(handler)

    script = Script(answer)
    with serving(script) as url:
        assert list(ServerModel(url, "m").stream(MESSAGES, 9, stop)) == []
    assert len(script.requests) == 1


def test_the_seed_and_the_sampling_are_sent():
    script = Script(GOOD)
    with serving(script) as url:
        model = ServerModel(url, "m", sampling=Sampling(0.5, 0.8, 20, 0.1, 7))
        for messages in (MESSAGES, MESSAGES, MESSAGES[:1]):
            list(model.stream(messages, 9, threading.Event()))
    first, same, other = script.requests
    assert (first["temperature"], first["top_p"], first["frequency_penalty"]) == (0.5, 0.8, 0.1)
    assert first["seed"] == same["seed"] != other["seed"]


def test_nobody_there():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UserError, match="连不上模型服务"):
        list(ServerModel(f"http://127.0.0.1:{port}/v1", "m").stream(MESSAGES, 9, threading.Event()))


REFUSALS = {
    "key": (fails(401, "bad key"), "请检查密钥"),
    "forbidden": (fails(403), "请检查密钥"),
    "unknown model": (fails(404, "no such model"), "没有“别的”，可用的有：q-7b、q-14b"),
    "too many": (fails(429), "请求太多或额度已用完"),
    "inner error": (fails(500, "CUDA out of memory"), "内部出错（500，CUDA out of memory）"),
    "context": (fails(400, "maximum context length is 4096"), "材料太长"),
    "bad request": (fails(400, "no"), "不接受这次请求（400，no）"),
    "elsewhere": (fails(302, Location="http://192.0.2.1/"), "要转到别的网址，程序不会跟过去"),
    "broken off": (streams(chunk("1.召开")), "答到一半断了"),
    "no stream": (lambda handler: handler.reply(200, b"<html>hello</html>"), "断了"),
    "no json": (streams(b"data: {broken\n\n"), "读不懂"),
    "error in the stream": (
        streams(chunk("1."), b'data: {"error": {"message": "oom"}}\n\n'),
        "模型服务出错（oom）",
    ),
}


@pytest.mark.parametrize(("answer", "told"), REFUSALS.values(), ids=REFUSALS)
def test_every_failure_is_one_sentence(answer, told, monkeypatch):
    monkeypatch.setattr("assistant.server_model.WAITS", ())
    script = Script(answer)
    assert told in refusal(script, name="别的")
    assert len(script.requests) == (2 if "400" in told or "太长" in told else 1)
    assert no_workers_left()


def test_a_wrong_path_is_told():
    script = Script(fails(404), models=())
    assert "请检查网址" in refusal(script)


def test_a_connection_dropped_in_the_middle():
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(chunk("1.召开"))

    assert "答到一半断了" in refusal(Script(answer))


def hangs(*chunks: bytes):
    """Send `chunks`, then say nothing until the client is gone."""

    def answer(handler):
        if chunks:
            streams(*chunks)(handler)
        handler.connection.settimeout(20)
        if handler.connection.recv(1) == b"":
            handler.script.gone.set()

    return answer


@pytest.mark.parametrize("chunks", [(), (chunk("1.召开"),)], ids=["before the first word", "in the middle"])
def test_a_silent_server_runs_out_of_time(chunks):
    assert "0.3 秒内没有回应" in refusal(Script(hangs(*chunks)), timeout=0.3)


@pytest.mark.parametrize("chunks", [(), (chunk("1.召开"),)], ids=["before the first word", "in the middle"])
def test_stop_ends_at_once_though_the_server_is_silent(chunks):
    script, stop = Script(hangs(*chunks)), threading.Event()
    with serving(script) as url:
        reader = ServerModel(url, "m", timeout=60).stream(MESSAGES, 9, stop)
        threading.Timer(0.5, stop.set).start()
        started = time.monotonic()
        list(reader)
        assert time.monotonic() - started < 10
        assert script.requests
        assert no_workers_left()
        assert script.gone.wait(10)


def test_closing_the_stream_closes_the_connection():
    script = Script(hangs(chunk("1.召开")))
    with serving(script) as url:
        stream = ServerModel(url, "m", timeout=60).stream(MESSAGES, 9, threading.Event())
        assert next(stream) == "1.召开"
        stream.close()
        assert script.gone.wait(10)
        assert no_workers_left()


def test_a_set_stop_asks_nothing():
    script, stop = Script(GOOD), threading.Event()
    stop.set()
    with serving(script) as url:
        assert list(ServerModel(url, "m").stream(MESSAGES, 9, stop)) == []
    assert script.requests == []


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert answer_of(Script(GOOD)) == "1.召开职代会。"


@pytest.mark.slow
def test_a_real_server_answers(transformers_server, tiny_model):
    model = ServerModel(transformers_server, str(tiny_model), timeout=60)
    pieces = list(model.stream(MESSAGES, 300, threading.Event()))
    assert "".join(pieces).strip() == ANSWER
    assert len(pieces) > 1
    assert not model.truncated


@pytest.mark.slow
def test_a_real_server_tells_the_token_limit(transformers_server, tiny_model):
    model = ServerModel(transformers_server, str(tiny_model), timeout=60)
    text = "".join(model.stream(MESSAGES, 8, threading.Event()))
    assert ANSWER.startswith(text.strip())
    assert model.truncated


@pytest.mark.slow
def test_a_real_server_is_stopped(transformers_server, tiny_model):
    stop = threading.Event()
    stream = ServerModel(transformers_server, str(tiny_model), timeout=60).stream(MESSAGES, 300, stop)
    first = next(stream)
    stop.set()
    assert list(stream) == []
    assert ANSWER.startswith(first.strip())
    assert no_workers_left()


@pytest.mark.slow
def test_a_real_server_that_lists_nothing_wants_a_name(transformers_server):
    with pytest.raises(UserError, match="填写模型名称"):
        list(ServerModel(transformers_server).stream(MESSAGES, 8, threading.Event()))
