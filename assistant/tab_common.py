"""What the tabs share: one guard for errors, one way to wire events, and what belongs to a browser session.

Knows gradio, nothing about plans.
"""

from __future__ import annotations

import functools
import inspect
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from typing import Any, TypeVar

import gradio as gr

from assistant.studio import Proposal
from index.errors import UserError
from index.labels import name_of

T = TypeVar("T")
LOGGER = logging.getLogger("gonghui")
MODEL = "model"
"""Concurrency id of everything that generates; nothing else ever waits behind it."""

ANY = ""
_SORRY = "程序出了点问题，已记入日志；保存过的内容都在，可以再试一次。"
_KEPT_PROPOSALS = 200


Fill = tuple[Callable[..., Any], list[Any], list[Any]]
"""What fills a tab when the page opens: a function, its inputs, its outputs."""


@dataclass(slots=True)
class Desk:
    """What lives as long as a browser session: its stop flags, and proposals nobody has decided on.

    Keyed by session and by proposal id, so one person never sees or stops another's work. `places` says
    which plan and section a session has open, `offers` which proposal waits in a section of a plan.
    """

    stops: dict[str, threading.Event] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    offers: dict[tuple[str, str], str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, session: str) -> threading.Event:
        """Return the fresh stop flag of a session's next generation, stopping the one before."""
        with self.lock:
            if earlier := self.stops.get(session):
                earlier.set()
            self.stops[session] = threading.Event()
            return self.stops[session]

    def flag(self, session: str) -> threading.Event:
        """Return the stop flag last begun in a session."""
        with self.lock:
            return self.stops.setdefault(session, threading.Event())

    def stop(self, session: str) -> None:
        """Stop what a session generates. Nothing running is no error."""
        if flag := self.stops.get(session):
            flag.set()

    def leave(self, session: str) -> None:
        """Stop and forget a session whose page was closed."""
        self.stop(session)
        with self.lock:
            self.stops.pop(session, None)
            self.places.pop(session, None)

    def be_at(self, session: str, draft_id: str, section_id: str = "") -> None:
        """Remember which plan a session has open, and which section is worked on."""
        with self.lock:
            self.places[session] = (draft_id, section_id)

    def at(self, session: str) -> tuple[str, str]:
        """Return the plan a session has open and the section worked on; "" where there is none."""
        return self.places.get(session, ("", ""))

    def offer(self, proposal: Proposal) -> str:
        """Keep a proposal that waits in its section until somebody looks there, and return its id."""
        identity = self.keep(proposal)
        self.offers[proposal.draft_id, proposal.section.id] = identity
        return identity

    def offered(self, draft_id: str, section_id: str) -> tuple[str, Proposal | None]:
        """Return the proposal that waits in a section with its id, ("", None) where none does."""
        identity = self.offers.get((draft_id, section_id), "")
        proposal = self.proposals.get(identity)
        return (identity, proposal) if proposal else ("", None)

    def keep(self, proposal: Proposal) -> str:
        """Keep a proposal until it is taken and return its id; the oldest give way."""
        from secrets import token_hex

        with self.lock:
            while len(self.proposals) >= _KEPT_PROPOSALS:
                self.proposals.pop(next(iter(self.proposals)))
            identity = token_hex(8)
            self.proposals[identity] = proposal
            return identity

    def take(self, identity: str) -> Proposal:
        """Return a kept proposal, which is then no longer kept.

        :raises UserError: when it is gone (the program was started again, or it was taken before).
        """
        with self.lock:
            proposal = self.proposals.pop(identity, None)
        if proposal is None:
            raise UserError("这份新稿已经过期，请再按一次“换一版”。")
        return proposal


def leaving(desk: Desk) -> Callable[[gr.Request], None]:
    """Return the handler of a page that was closed or reloaded."""

    def leave(browser: gr.Request) -> None:
        desk.leave(browser.session_hash or "")

    return leave


def guard(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` with its errors told in one sentence; a bug goes to the log with its trace."""
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def stream(*values: Any, **named: Any) -> Iterator[Any]:
            try:
                yield from function(*values, **named)
            except Exception as error:
                raise _told(error) from error

        return stream

    @functools.wraps(function)
    def call(*values: Any, **named: Any) -> Any:
        try:
            return function(*values, **named)
        except Exception as error:
            raise _told(error) from error

    return call


def _told(error: Exception) -> gr.Error:
    """Show the error and return the one that ends the event.

    The sentence is escaped, since gradio shows it as HTML. It is shown by a warning because the notice of a
    raised error cannot have a Chinese title.
    """
    if isinstance(error, gr.Error):
        return error
    known = isinstance(error, UserError)
    if not known:
        LOGGER.error("page handler failed", exc_info=error)
    sentence = escape(str(error)) if known else _SORRY
    gr.Warning(sentence, duration=12, title="请看一下" if known else "没有做成")
    return gr.Error(sentence, visible=False, title="请看一下", print_exception=False)


def wire(
    trigger: Callable[..., Any],
    function: Callable[..., Any],
    inputs: Any = None,
    outputs: Any = None,
    *,
    generates: bool = False,
    js: str | None = None,
    latest: bool = False,
) -> Any:
    """Bind a handler to an event (`button.click`); returns the dependency for `.success`.

    Handlers are no public API. Those that generate share one queue of their own. `js` runs in the browser
    first and may change the inputs; `latest` runs the newest of events that came while one was running.
    """
    return trigger(
        guard(function),
        inputs,
        outputs,
        api_visibility="private",
        show_progress="hidden",
        concurrency_id=MODEL if generates else None,
        concurrency_limit=1 if generates else None,
        js=js,
        trigger_mode="always_last" if latest else "once",
    )


def ticking(events: Iterator[T], stop: threading.Event, seconds: float = 1.0) -> Iterator[T | None]:
    """Yield the events as they come, and None whenever `seconds` pass without one; end soon after `stop`.

    The events are drawn in a thread, so a model that thinks for long holds up neither the clock nor the
    stop button. When the reader goes away, `stop` is set.
    """
    waiting: queue.SimpleQueue[T | _Ended] = queue.SimpleQueue()

    def draw() -> None:
        failure: Exception | None = None
        try:
            for event in events:
                waiting.put(event)
        except Exception as error:
            failure = error
        waiting.put(_Ended(failure))

    threading.Thread(target=draw, daemon=True).start()
    try:
        while True:
            try:
                event = waiting.get(timeout=seconds)
            except queue.Empty:
                if stop.is_set():
                    return
                yield None
                continue
            if isinstance(event, _Ended):
                if event.failure:
                    raise event.failure
                return
            yield event
    except GeneratorExit:
        stop.set()
        raise


@dataclass(frozen=True, slots=True)
class _Ended:
    """The end of a drawn stream, and the error that ended it."""

    failure: Exception | None


def choices(codes: type[StrEnum], any_label: str = "") -> list[tuple[str, str]]:
    """Return (Chinese name, code) pairs for a dropdown, `any_label` first where given."""
    known = [(name_of(code), code.value) for code in codes]
    return [(any_label, ANY), *known] if any_label else known


def file_name(title: str, blanks: tuple[str, ...]) -> str:
    """Return a file name every system takes, made of a plan's title without its blanks."""
    for name in blanks:
        title = title.replace(f"【待填：{name}】", "")
    kept = "".join(c for c in title if c not in '\\/:*?"<>|' and c.isprintable()).strip(" .")
    return kept[:80] or "工会工作计划"
