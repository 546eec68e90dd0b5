"""Several sections at once where a server batches: as many requests as it says, events in order, nothing lost."""

import threading
from contextlib import suppress

import pytest
from drafting import TODAY
from model_backends import own_threads
from test_server_model import Script, chunk, fails, serving

from assistant.abreast import abreast
from assistant.draft import EitherStop
from assistant.server_batch import MOST_AT_ONCE, slots
from assistant.text import han_only
from assistant.types import DraftDone, SectionDone, SectionStarted, TextChunk
from index.errors import UserError
from index.types import SectionCode

LATE = (SectionCode.GOAL, SectionCode.SCHEDULE)


class Batching(Script):
    """A server that counts how many answers it writes at once; `meet` answers wait for each other first."""

    def __init__(self, meet: int = 0, **more) -> None:
        super().__init__(self.write, **more)
        self.lock, self.active, self.most = threading.Lock(), 0, 0
        self.meeting = threading.Barrier(meet) if meet else None
        self.met = 0

    def write(self, handler) -> None:
        with self.lock:
            self.active += 1
            self.most = max(self.most, self.active)
            number = len(self.requests)
        try:
            if self.meeting and number <= self.meeting.parties:
                self.meeting.wait(10)
            self.body(handler, number)
        finally:
            with self.lock:
                self.active -= 1

    def body(self, handler, number: int) -> None:
        handler.begin()
        for piece in ("1.七月由工会牵头整理第", f"{number}", "批职工意见，逐条写明承办科室和答复时间，",
                      "在公开栏公布，未办结的说明原因并按季度回访提出意见的职工本人。"):  # fmt: skip
            handler.wfile.write(chunk(piece))
            handler.wfile.flush()
        handler.wfile.write(chunk("", "stop"))


def events_of(studio, url, stop=None, **settings):
    studio.change_settings(model=url, model_name="q-7b", **settings)
    request = studio.request("给医院工会起草一份2027年下半年工作计划，1200字", TODAY)
    yield from studio.draft(request, studio.outline(request), stop=stop)


def test_one_at_a_time_unless_the_server_batches(studio):
    script = Batching()
    with serving(script) as url:
        assert isinstance(list(events_of(studio, url))[-1], DraftDone)
    assert script.most == 1


def test_events_come_section_by_section_and_each_text_once(studio):
    script = Batching(meet=3)
    with serving(script) as url:
        events = list(events_of(studio, url, model_parallel=3))
    assert script.most == 3
    assert own_threads() == []
    plan, current, streamed = events[-1].draft, "", {}
    for event in events[:-1]:
        if isinstance(event, SectionStarted):
            assert not current
            current = event.section_id
        elif isinstance(event, TextChunk):
            assert event.section_id == current
            streamed[current] = streamed.get(current, "") + event.text
        elif isinstance(event, SectionDone):
            assert event.section.id == current
            current = ""
    late = [event.section.code in LATE for event in events if isinstance(event, SectionDone)]
    assert late == sorted(late)
    assert [e.number for e in events if isinstance(e, SectionStarted)] == list(range(1, len(streamed) + 1))
    written = {s.id: s for s in plan.sections if s.writer == "q-7b"}
    assert len(written) > 4
    assert all(han_only(streamed[key]) == han_only(section.text) for key, section in written.items())
    assert len({section.text for section in written.values()}) == len(written)


def test_a_stop_ends_all_of_them(studio):
    class Slow(Batching):
        def body(self, handler, number):
            handler.begin()
            handler.wfile.write(
                chunk(
                    "1.七月由工会牵头整理职工意见，逐条写明承办科室和答复时间，在公开栏公布，按季度回访提出的职工本人。2."
                )
            )
            for n in range(200):
                with suppress(OSError):
                    handler.wfile.write(chunk(chr(0x4E00 + 7 * n)))
                    handler.wfile.flush()
                if ended.wait(0.05):
                    return

    script, stop, ended, seen = Slow(meet=3), threading.Event(), threading.Event(), []
    with serving(script) as url:
        for event in events_of(studio, url, stop, model_parallel=3):
            seen.append(event)
            if isinstance(event, TextChunk):
                stop.set()
        assert own_threads() == []
        ended.set()
    assert not any(isinstance(event, (SectionDone, DraftDone)) for event in seen)
    assert len(script.requests) == 3


def test_a_closed_page_ends_all_of_them(studio):
    script = Batching(meet=3)
    with serving(script) as url:
        events = events_of(studio, url, model_parallel=3)
        next(event for event in events if isinstance(event, TextChunk))
        events.close()
        assert own_threads() == []


def test_a_server_that_breaks_off_keeps_what_the_others_wrote(studio):
    class Breaking(Batching):
        def body(self, handler, number):
            if number != 2:
                return super().body(handler, number)
            handler.begin()
            handler.wfile.write(chunk("1.七月由工会牵头"))
            return None

    script, done = Breaking(meet=3), []
    with serving(script) as url:
        events = events_of(studio, url, model_parallel=3)
        kinds = (event.section for event in events if isinstance(event, SectionDone))
        with pytest.raises(UserError, match=r"断了.*可以接着写") as told:
            done.extend(kinds)
    assert len(done) >= 2
    plan_id = studio.drafts()[0].id
    assert plan_id in str(told.value)
    kept = {section.id: section.text for section in studio.load(plan_id).sections}
    assert all(kept[section.id] == section.text for section in done)
    with serving(Batching()) as url:
        studio.change_settings(model=url)
        assert isinstance(list(studio.resume(plan_id))[-1], DraftDone)


def test_a_busy_server_is_asked_again_and_no_text_comes_twice(studio, monkeypatch):
    monkeypatch.setattr("assistant.server_model.WAITS", (0.01, 0.01))

    class Busy(Batching):
        def body(self, handler, number):
            fails(503, "busy")(handler) if number <= 3 else super().body(handler, number)

    script = Busy(meet=3)
    with serving(script) as url:
        plan = list(events_of(studio, url, model_parallel=3))[-1].draft
    texts = [section.text for section in plan.sections if section.writer == "q-7b"]
    assert len(texts) > 4
    assert all(text.count("七月由工会牵头") == 1 for text in texts)


def asked_slots(owner: str, props: dict | None = None) -> int:
    script = Script(None, owned_by=owner)
    with serving(script, props) as url:
        return slots(url, "none")


def test_a_server_tells_how_many_it_batches():
    assert asked_slots("vllm") == MOST_AT_ONCE
    assert asked_slots("llamacpp", {"total_slots": 2}) == 2
    assert asked_slots("llamacpp", {"total_slots": 16}) == MOST_AT_ONCE
    assert asked_slots("llamacpp", {"error": "no"}) == 1
    assert asked_slots("library") == 1
    with serving(Script(None, models=())) as url:
        assert slots(url, "none") == 1
    assert slots("http://127.0.0.1:9/v1", "none") == 1


def test_works_come_in_order_and_no_more_at_once_than_allowed():
    lock, state = threading.Lock(), {"now": 0, "most": 0}

    def work(number):
        with lock:
            state["now"] += 1
            state["most"] = max(state["most"], state["now"])
        yield from (f"{number}a", f"{number}b")
        with lock:
            state["now"] -= 1

    works = [lambda n=n: work(n) for n in range(6)]
    lines = [list(line) for line in abreast(works, 2, threading.Event())]
    assert lines == [[f"{n}a", f"{n}b"] for n in range(6)]
    assert state["most"] <= 2


def test_after_an_error_nothing_new_begins():
    begun = []

    def work(number):
        begun.append(number)
        yield "x"
        raise UserError("断了。")

    lines = abreast([lambda n=n: work(n) for n in range(3)], 1, threading.Event())
    with pytest.raises(UserError, match="断了"):
        list(next(lines))
    assert [list(line) for line in lines] == [[], []]
    assert begun == [0]


def test_either_stop_is_enough():
    one, other = threading.Event(), threading.Event()
    assert not EitherStop(one, other).is_set()
    one.set()
    assert EitherStop(one, other).is_set()
    assert not EitherStop(None, other).is_set()
