"""Long work on the desk: a plan written section by section, stopped at once, gone on with, written anew; and
its files.

What is written while a person edits another section never touches the box she types in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant import html, html_desk
from assistant.models import sections_at_once, waiting_line
from assistant.studio import Studio
from assistant.tab_common import Desk, ticking, wire
from assistant.tab_export import wire_downloads
from assistant.tab_parts import Here, Parts, Updates
from assistant.tab_sections import Sections
from assistant.tab_view import View, section_of
from assistant.text import han_count
from assistant.types import Draft, DraftDone, DraftEvent, SectionDone, SectionStarted, TextChunk

_OFTEN = 0.25
"""Seconds between two updates of the page while a model writes."""


@dataclass(frozen=True, slots=True)
class Writing:
    """The handlers of long work, files, the title and the way back."""

    studio: Studio
    desk: Desk
    parts: Parts
    view: View
    sections: Sections

    def wire(self, top: dict[str, Any]) -> None:
        """Bind the line over the desk."""
        parts, every, sections = self.parts, self.parts.all, self.sections

        def leave(*values: Any) -> Updates:
            _, conflict = sections.kept(Here(*values))
            return conflict or self.view.start()

        def retitle(title: str, *values: Any) -> Updates:
            here = Here(*values)
            if not here.draft_id or self.studio.history.load(here.draft_id).title == title.strip():
                return {parts.jump: gr.skip()}
            plan = self.studio.retitle(here.draft_id, title)
            return self.view.around(plan, here.section_id, here.panel, "标题已改")

        def keep(*values: Any) -> str:
            here = Here(*values)
            sections.kept(here)
            return here.draft_id

        wire(top["back"].click, leave, parts.here, every)
        for trigger in (parts.title.blur, parts.title.submit):
            wire(trigger, retitle, [parts.title, *parts.here], every)
        wire_downloads(self.studio, top["files"], parts.here, keep)
        for trigger, work in ((parts.go_on.click, self.resume), (top["rewrite"].click, self.rewrite)):
            begun = wire(trigger, self.set_off, parts.here, every)
            ended = wire(begun.success, work, parts.draft_id, every, generates=True)
            wire(ended.then, self.ended, parts.here, every)
        wire(parts.stop.click, self.stop, None, every)

    def set_off(self, browser: gr.Request, *values: Any) -> Updates:
        """Keep what is typed, then as `preparing`."""
        here = Here(*values)
        plan, conflict = self.sections.kept(here)
        shown = conflict or self.view.around(plan, here.section_id, here.panel)
        return {**shown, **self.preparing(browser)}

    def preparing(self, browser: gr.Request) -> Updates:
        """Say that writing begins, or who is ahead in the model's queue; it may wait for another plan's."""
        self.desk.begin(browser.session_hash or "")
        waiting = waiting_line(self.studio.model) or "正在准备……如果别的计划正在写，会等它写完。"
        return {
            self.parts.progress: html.note(waiting),
            self.parts.stop: gr.update(visible=True),
            self.parts.go_on: gr.update(visible=False),
        }

    def resume(self, browser: gr.Request, draft_id: str) -> Iterator[Updates]:
        """Write what is still missing in a plan."""
        stop = self.desk.flag(browser.session_hash or "")
        yield from self._shown(draft_id, self.studio.resume(draft_id, stop=stop), stop)

    def rewrite(self, browser: gr.Request, draft_id: str) -> Iterator[Updates]:
        """Write the plan anew but for what is locked or reviewed."""
        stop = self.desk.flag(browser.session_hash or "")
        variant = 1 + len(self.studio.snapshots(draft_id))
        yield from self._shown(draft_id, self.studio.rewrite_all(draft_id, variant, stop=stop), stop)

    def stop(self, browser: gr.Request) -> Updates:
        """Stop writing at once; what is done stays."""
        self.desk.stop(browser.session_hash or "")
        return {self.parts.stop: gr.update(visible=False)}

    def ended(self, *values: Any) -> Updates:
        """Show the plan as it stands once writing ended; what the person typed meanwhile stays in the box."""
        here = Here(*values)
        plan = self.studio.load(here.draft_id)
        section = section_of(plan, here.section_id)
        hidden = {self.parts.stop: gr.update(visible=False)}
        if section.id == here.section_id and self.sections.typed(here):
            return {**hidden, self.parts.stamp: ""}
        return {**self.view.whole(plan, section.id, here.panel), **hidden}

    def _shown(self, draft_id: str, events: Iterator[DraftEvent], stop: threading.Event) -> Iterator[Updates]:
        """Turn the events of writing into progress, list and page, no more often than a person can see."""
        plan = self.studio.load(draft_id)
        at_once = sections_at_once(self.studio.model) if self.studio.model else 1
        pace, last = _Pace(plan, at_once), time.monotonic()
        for event in ticking(events, stop):
            now = time.monotonic()
            match event:
                case SectionStarted():
                    pace.started = event
                case TextChunk(section_id, text):
                    plan = _with_text(plan, section_id, text, grow=section_id in pace.growing)
                    pace.growing.add(section_id)
                    if now - last < _OFTEN:
                        continue
                case SectionDone(section):
                    plan = _with_text(plan, section.id, section.text, grow=False)
                    pace.growing.discard(section.id)
                case DraftDone(done):
                    plan = done
            last = now
            yield self._moment(plan, pace)
        told = _ending(time.monotonic() - pace.begun, stop.is_set())
        yield {self.parts.progress: told, self.parts.stop: gr.update(visible=False)}

    def _moment(self, plan: Draft, pace: _Pace) -> Updates:
        now = pace.started
        line = html_desk.progress(now.number, now.total, now.heading, pace.seconds, pace.left(plan))
        return {
            self.parts.progress: line,
            self.parts.nav: html_desk.nav(plan, "", now.section_id),
            self.parts.preview: html_desk.paper(plan, now.section_id),
        }


class _Pace:
    """How far writing is and how long it still takes, by the Hanzi written so far. Where sections are written
    `at_once`, those after the one that is shown grow as fast.
    """

    def __init__(self, plan: Draft, at_once: int) -> None:
        self.at_once = at_once
        self.begun = time.monotonic()
        self.started = SectionStarted("", "", 0, 0)
        self.growing: set[str] = set()
        self._before = _written(plan)
        self._wanted = sum(item.target for item in plan.outline.items) if plan.outline else 0

    @property
    def seconds(self) -> float:
        """Seconds since writing began."""
        return time.monotonic() - self.begun

    def left(self, plan: Draft) -> float | None:
        """Return the seconds still expected, None while it is too early to tell."""
        shown = sum(han_count(section.text) for section in plan.sections if section.id in self.growing)
        written = _written(plan) + (self.at_once - 1) * shown
        done = written - self._before
        if done < 60 or self.seconds < 3:
            return None
        return max(1.0, (self._wanted - written) * self.seconds / done)


def _written(plan: Draft) -> int:
    return sum(han_count(section.text) for section in plan.sections)


def _ending(seconds: float, stopped: bool) -> str:
    if stopped:
        return html.note(f"已停下（用了 {seconds:.0f} 秒）。写完的各节都已保存，可以按“接着写”。", "ask")
    return html.note(
        f"写好了，用了 {seconds:.0f} 秒。右边“问题”里是要您看一眼的地方，看完一节就标为已审。", "good"
    )


def _with_text(plan: Draft, section_id: str, text: str, grow: bool) -> Draft:
    return replace(
        plan,
        sections=tuple(
            replace(s, text=s.text + text if grow else text) if s.id == section_id else s
            for s in plan.sections
        ),
    )
