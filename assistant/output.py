"""A model's answer -> the body lines of a section, as it streams.

Takes out thinking, Markdown, chatter, headings, echoes of the prompt and English; numbers items 1. 2. 3.;
ends an answer that goes astray or grows too long. Works sentence by sentence, so a person sees text soon and
never one that is taken back. Knows nothing about models or prompts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assistant.mask import blank, fill_slots
from assistant.output_page import Page
from assistant.output_rules import (
    Rank,
    is_chatter,
    is_fence,
    is_foreign,
    is_heading_line,
    is_thinking,
    split_marker,
    strip_label,
    strip_marks,
    table_row,
)
from assistant.text import han_count, han_only
from assistant.thinking import CLOSE, ThinkingFilter
from assistant.watchdog import Trouble, Watchdog, first_round

RUN = 10  # Hanzi; a run as long as this from an instruction is no chance
SHORTEST_ECHO = 4  # Hanzi; a shorter line of the prompt may well be body text
LONGEST_SENTENCE = 400  # characters without any full stop: the model has lost the thread
LONGEST_ALOUD = 20_000  # characters of thinking aloud before the answer is given up
_CLOSERS = "”’」』）)】》*"
_SENTENCE = re.compile(rf"[^\n。！？；]*[。！？；]+[{_CLOSERS}]*(?=[^{_CLOSERS}。！？；])")
_LAST_END = re.compile(rf".*[。！？；\n][{_CLOSERS}]*", re.DOTALL)
_SLOT = re.compile(r"[｛{]{1,2}\s*([\u4e00-\u9fff]{1,6})\s*[｝}]{1,2}")
_ROLE_SLOT = re.compile(r"\$?[｛{]{1,2}\s*([A-Za-z_]{1,20})\s*[｝}]{1,2}|\$([A-Za-z_]{2,20})")
_ROLES = {"unit": "单位", "we": "单位", "union": "工会", "party": "党组织", "upper": "上级工会"}
_REDACTED = re.compile(r"[〔【\[]\s*(?:略|缺|隐去|已隐去|删去)\s*[〕】\]]")
_BULLET = re.compile(r"^\s*[*+•·–—-]\s+")
_END = re.compile(r"<\|(?:im_end|endoftext|eot_id|end|im_start)\|>")
_WHOLE_LINE = ("|", "#", "*", "`", "〔")  # what such a line is shows only at its end


class StreamCleaner:
    """Streaming cleaner: `feed` and `close` return body text in order; stop feeding once `done` is true.

    `heading` is the section's own, `limit` the most Hanzi (0: no limit), `echoes` lines of the prompt that
    are no body text, `orders` instructions of which not even a part is, `slots` what a slot mark such as
    ｛单位｝ stands for (others become 【待填：…】), `strangers` another unit's facts: no sentence holds one.
    `numbered` True makes every line an item, False takes item numbers off, None follows the answer;
    `most_items` ends a list that goes on and on (0: never). `trouble` tells how an answer went astray.
    """

    def __init__(
        self,
        heading: str = "",
        limit: int = 0,
        echoes: Iterable[str] = (),
        slots: Mapping[str, str] | None = None,
        numbered: bool | None = None,
        orders: Iterable[str] = (),
        strangers: Iterable[str] = (),
        most_items: int = 0,
    ) -> None:
        self.done = False
        self.hanzi = 0
        self._heading = han_only(heading)
        self._limit = limit
        self._echoes = frozenset(han_only(line) for line in echoes if han_count(line) >= SHORTEST_ECHO)
        self._orders = frozenset(run for text in orders for run in _runs(han_only(text), RUN))
        self._slots, self._strangers = slots or {}, _any_of(strangers)
        self._thinking = ThinkingFilter()
        self._page = Page(numbered)
        self._pending = ""
        self._aloud = False
        self._at_start = True
        self._opened = False
        self._rank = Rank.NONE
        self._watchdog = Watchdog(most_items)

    @property
    def trouble(self) -> Trouble:
        """How the answer went astray, `Trouble.NONE` if it did not."""
        return self._watchdog.trouble

    def go_on(self) -> None:
        """Take another answer that goes on where this one broke off: what stands is not said again."""
        self.done = False
        self._watchdog.forgive()
        self._thinking = ThinkingFilter()
        self._pending, self._aloud, self._at_start, self._opened = "", False, True, False

    def feed(self, chunk: str) -> str:
        """Take the next piece of the answer and return the body text that is ready."""
        if self.done:
            return ""
        self._pending += self._thinking.feed(chunk)
        return self._advance(final=False)

    def close(self, truncated: bool = False) -> str:
        """Return the rest. A `truncated` answer loses its last unfinished sentence, if it has others."""
        if self.done:
            return self._page.close()
        self._pending += self._thinking.close()
        finished = _LAST_END.match(self._pending)
        if truncated and (finished or self.hanzi):
            self._pending = finished[0] if finished else ""
        text = self._advance(final=True)
        self.done = True
        return text + self._page.close()

    def _advance(self, final: bool) -> str:
        """Take every whole sentence out of what is pending."""
        for found in list(CLOSE.finditer(self._pending))[-1:]:  # all before it was thinking after all
            self._pending, self._aloud = self._pending[found.end() :], False
        ended = _END.search(self._pending)
        if ended:
            self._pending, final = self._pending[: ended.start()], True
        out = []
        while not self.done and (piece := self._next(final)) is not None:
            out.append(self._accept(*piece, final))
            self.done = self.done or bool(self.trouble)
        self.done = self.done or ended is not None
        return "".join(out)

    def _next(self, final: bool) -> tuple[str, bool] | None:
        """The next sentence and whether its line ends with it, None when more text must come first."""
        if self._aloud and not final:
            self.done = len(self._pending) > LONGEST_ALOUD
            return None
        line, newline, _ = self._pending.partition("\n")
        whole = self._at_start and line.lstrip().startswith(_WHOLE_LINE)
        if not whole and (found := _SENTENCE.match(line)):
            return self._pop(found.end()), False
        if newline or (final and self._pending):
            text = self._pop(len(line) + len(newline))
            return text.rstrip("\n"), True
        return self._break_loop()

    def _pop(self, length: int) -> str:
        text, self._pending = self._pending[:length], self._pending[length:]
        return text

    def _break_loop(self) -> tuple[str, bool] | None:
        """End an answer that repeats itself, or runs on, inside one sentence; keep the first round."""
        kept = first_round(self._pending)
        if kept is not None:
            self._pending = kept.rstrip("，、；：")
        elif len(self._pending) <= LONGEST_SENTENCE:
            return None
        if kept is not None or not is_foreign(self._pending):
            self._watchdog.trouble = Trouble.LOOP
        return self._pop(len(self._pending)), True

    def _accept(self, text: str, ends_line: bool, final: bool) -> str:
        """Judge one sentence and return what of it goes on the page."""
        starts, self._at_start = self._at_start, ends_line
        if starts:
            self._opened = False
            if ends_line and is_fence(text):
                return ""
            text = table_row(text) if text.lstrip().startswith("|") else _BULLET.sub("●", text)
            self._rank, text = split_marker(strip_marks(text))
            text = strip_label(text)
            if ends_line and not self.trouble and is_heading_line(text, self._heading):
                self._watchdog.dropped(text)
                own = han_only(text) == self._heading
                return "" if own else self._page.title(self._rank, self._filled(text).strip().rstrip("：:"))
        sentence = self._filled(text).strip()
        if ends_line and not final:
            sentence = sentence.rstrip("，、")
        if not self._is_body(sentence, final):
            self._watchdog.dropped(sentence)
            return ""
        if self._watchdog.repeats(sentence):
            return ""
        shown = self._page.add(sentence, self._rank, new_line=not self._opened)
        self._opened = True
        self.hanzi += han_count(sentence)
        self._watchdog.kept(self._page.items)
        return shown

    def _filled(self, text: str) -> str:
        """Return `text` without marks, every slot of a precedent filled or turned into a blank."""
        text = _REDACTED.sub(blank("姓名或联系方式"), strip_marks(text))
        text = _ROLE_SLOT.sub(lambda found: f"｛{_ROLES.get(found[1] or found[2], '具体内容')}｝", text)
        return fill_slots(_SLOT.sub(r"｛\1｝", text), self._slots)

    def _is_body(self, sentence: str, final: bool) -> bool:
        if is_thinking(sentence):
            self._aloud = not self.hanzi and not final
            return False
        key = han_only(sentence)
        if key in self._echoes or self._orders & _runs(key, RUN):
            self._watchdog.echoed()
            return False
        if not key or key == self._heading:
            return False
        if is_foreign(sentence) or is_chatter(sentence) or self._strangers.search(sentence):
            return False
        if self._limit and self.hanzi and self.hanzi + len(key) > self._limit:
            self.done = True
            return False
        return True


def _any_of(facts: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of any of `facts`; 26800元 is not found in 126800元."""
    every = (rf"(?<!\d){re.escape(fact)}" if fact[0].isdigit() else re.escape(fact) for fact in facts if fact)
    return re.compile("|".join(every) or r"(?!)")


def _runs(text: str, size: int) -> frozenset[str]:
    """Return every run of `size` characters."""
    return frozenset(text[i : i + size] for i in range(len(text) - size + 1))
