"""A precedent's measure, made this unit's own: its words, its year, its months; or refused.

The reuse-and-revise half of case-based drafting. Everything it knows of a trade, a calendar or a
phrase comes from the tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from assistant.dating import at_its_feast, moved, outside, without
from assistant.mask import fill_slots, known_slots, open_slots
from assistant.rules import compose_rules, holds, item_words, once_events
from assistant.tables import OrgWords, Tables
from assistant.text import replace_words, shingles
from assistant.types import Evidence, Profile, Request
from assistant.when import day_within, months_in, months_of
from index.types import OrgType, Passage

MAX_OPEN_SLOTS = 2
_WOMEN_BODY = re.compile(r"女(?:教职工|职工|员工|工)(?:工作)?委员会(?!主任)|女工委(?!员)")
_SUB_UNION = re.compile(r"(?<![划部工商学])(?:车间)?分工?会(?!联合|议|作|场)(主席)?")
_PLACE = re.compile(r"[留来到回进出全本同]([园厂院校馆科站])|([园厂院校馆站])(?:党|内|里|方|办|领导)")
_SAME_KIND, _OTHER_KIND = 0.8, -1.0


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure ready for this unit's plan, with the precedent it comes from.

    `months` are those it names, `open_slots` how many facts nobody has told yet, `grams` its pairs of
    Hanzi, `fit` how well it suits the section, `events` what it does that a plan does once,
    `recomposed` whether the program said it anew.
    """

    text: str
    evidence: Evidence
    months: tuple[int, ...]
    open_slots: int
    grams: frozenset[str]
    fit: float
    events: frozenset[str]
    recomposed: bool = False


@dataclass(frozen=True, slots=True)
class Reviser:
    """Turns precedents into measures for one request. Cheap to make; holds only what it is given."""

    request: Request
    profile: Profile
    tables: Tables
    org: OrgWords

    def measure(self, evidence: Evidence) -> Measure | None:
        """Return the measure `evidence` gives this unit, or None where it does not fit."""
        passage = evidence.passage
        if self._another_trades(evidence.masked, passage.org_type):
            return None
        if re.search("｛品牌｝|〔", evidence.masked):  # another unit's programme, or a word taken out
            return None
        text = self._translate(_body(evidence.masked), passage.org_type)
        if self._names_another_place(text, passage.org_type):
            return None
        text = replace_words(text, item_words(self.org, self._own_words()))
        text = self._own_groups(_WOMEN_BODY.sub(self.org.roles["women_body"], text))
        text = moved(self._date(text, passage), self._months(), self.tables)
        text = at_its_feast(text, self._months(), self.tables)
        text = replace_words(text, {**self.profile.use_words, **self.request.use_words})
        known = known_slots(self.profile, self.org.roles)
        unknown = open_slots(text, known)
        if len(unknown) > MAX_OPEN_SLOTS or self._of_another_year(text, passage) or not self.fits(text):
            return None
        text = _tidy(fill_slots(text, known))
        events = once_events(text, self.org.family)
        return Measure(text, evidence, months_in(text), len(unknown), shingles(text), evidence.score, events)

    def _own_groups(self, text: str) -> str:
        """Call the unit's groups as it does: no 分工会 where it has 工会小组."""
        group, head = self.org.roles["group"], self.org.roles["group_head"]
        own = self._own_words()
        if "分工会" in own or "分会" in own or "分工会" in group or group in text:
            return text
        return _SUB_UNION.sub(lambda found: head if found[1] else group, text)

    def fits(self, text: str) -> bool:
        """Tell whether a sentence holds for this period, this trade, this size and these wishes."""
        return not (
            self.out_of_period(text)
            or self._wrong_trade(text)
            or self._refused(text)
            or self.wrong_scale(text)
            or self._stale(text)
        )

    def _translate(self, text: str, source: OrgType | None) -> str:
        """Replace the other trade's words for a role by ours; the longest word wins."""
        if source is None or source is self.org.code:
            return text
        theirs = self.tables.orgs[source]
        words = {
            word: self.org.roles[role]
            for role in compose_rules()["roles"]
            if self.org.roles.get(role) and "、" not in self.org.roles[role]
            for word in (*theirs.says.get(role, ()), theirs.roles.get(role, ""))
            if word
            and word != self.org.roles[role]
            and (word not in self.org.says.get(role, ()) or word == theirs.roles.get(role))
        }
        return replace_words(text, {**words, **{name: name for name in compose_rules()["protect"]}})

    def _another_trades(self, text: str, source: OrgType | None) -> bool:
        """Tell whether a sentence of another unit type speaks of its workplaces or its clients."""
        if source is None or source is self.org.code:
            return False
        theirs, own = (
            self.tables.orgs[source],
            "、".join((*self.org.roles.values(), *sum(self.org.says.values(), ()))),
        )
        words = [
            w
            for role in ("unit_part", "unit", "beneficiaries")
            for w in (*theirs.says.get(role, ()), theirs.roles.get(role, ""))
        ]
        return any(
            word in text for phrase in words for word in phrase.split("、") if word and word not in own
        )

    def _names_another_place(self, text: str, source: OrgType | None) -> bool:
        """Tell whether what was borrowed still calls the unit a 厂, 园 or 校 that it is not."""
        if source is None or source is self.org.code:
            return False
        own = "".join(self.org.roles.values())
        return any((match[1] or match[2]) not in own for match in _PLACE.finditer(text))

    def _date(self, text: str, passage: Passage) -> str:
        """Move feasts to the plan's own year and drop the precedent's year."""
        if passage.year != self.request.year:
            for feast, day in self.tables.feasts.get(self.request.year, {}).items():
                text = re.sub(
                    rf"(?:\d{{1,2}}月\d{{1,2}}日)(?=(?:前后)?{feast})", f"{day.month}月{day.day}日", text
                )
        return re.sub(rf"{passage.year}年(?=\d)", "", text) if passage.year else text

    def _months(self) -> tuple[tuple[int, int], ...]:
        return months_of(self.request.period, self.request.year, self.request.part)

    def _of_another_year(self, text: str, passage: Passage) -> bool:
        """Tell whether a sentence leans on a round anniversary or a feast date of the precedent's year."""
        if passage.year == self.request.year:
            return False
        current = self.tables.anniversaries.get(self.request.year, ())
        rounds = re.findall(r"[\u4e00-\u9fff]{2,6}\d{2,3}周年", text)
        return any(not any(found[-6:] in known for known in current) for found in rounds)

    def out_of_period(self, text: str) -> bool:
        """Tell whether a sentence names a month, a year or a feast that the plan does not cover."""
        return outside(text, self.request.period, self._months(), self.tables)

    def _wrong_trade(self, text: str) -> bool:
        for allowed in self.org.allow:
            text = re.sub(allowed, "", text)
        if holds(text, (*self.org.forbid, *self.org.warn)):
            return True
        ours = {self.org.code.value, self.org.family}
        return any(
            not ours & {*row["types"], *row.get("also", ())} and holds(text, row["words"])
            for row in compose_rules()["trade"]
        )

    def _refused(self, text: str) -> bool:
        avoided = (*self.profile.avoid_words, *self.request.avoid)
        return holds(text, [word for word in avoided if not word.isascii()])

    def wrong_scale(self, text: str) -> bool:
        """Tell whether a sentence presupposes what this unit has not: its size, its kind, its workplaces."""
        own = self._own_words()
        if any(word in text and word not in own for word in compose_rules()["specific"]):
            return True
        rules = compose_rules()
        if any(holds(text, row["words"]) and not holds(own, row["names"]) for row in rules["kind"]):
            return True
        if any(holds(text, row["words"]) and holds(own, row["names"]) for row in rules["unfit"]):
            return True
        small = "small" in self.request.style or holds(own, compose_rules()["small_names"])
        few = 10 if re.search(compose_rules()["tiny"], self.request.text) else 40 if small else None
        people = self.profile.people or few
        return people is not None and any(
            people <= row["people"] and holds(text, row["words"]) for row in compose_rules()["large"]
        )

    def _own_words(self) -> str:
        """Return what the person has said of the unit, to tell which kind of its type it is."""
        profile = self.profile
        return " ".join(
            (profile.unit, *profile.bodies, *profile.programs, *profile.key_tasks, self.request.text)
        )

    def kinship(self, title: str) -> float:
        """Return how near the kind of unit that a precedent's title names is to this one's kind: above 0 for
        the same (卫生院 and 卫生院), below for another (卫生院 and 中医院), 0 where the title names none.
        """
        own = self._own_words()
        named = [row["names"] for row in compose_rules()["kind"] if holds(title, row["names"])]
        if not named:
            return 0.0
        return _SAME_KIND if any(holds(own, names) for names in named) else _OTHER_KIND

    def _stale(self, text: str) -> bool:
        """Tell whether a phrase was over, or not yet begun, in the year of the plan."""
        request = self.request
        day = day_within(request.today, request.period, request.year, request.part)
        for row in self.tables.phrases:
            current = (row.valid_from or row.valid_to) and (row.valid_from or date.min) <= day <= (
                row.valid_to or date.max
            )
            if not current and re.search(row.match, without(text, row.allow)):
                return True
        return False


def _body(text: str) -> str:
    """Return an item without its number."""
    return re.sub(r"^\s*(?:\d{1,2}\s*[.．、]|[（(]\d{1,2}[)）]|[①-⑳])\s*", "", text).strip()


def _tidy(text: str) -> str:
    """Mend what filling slots leaves: doubled members, a missing full stop."""
    text = re.sub(r"([\u4e00-\u9fff]{2,4})、\1(?![\u4e00-\u9fff])", r"\1", text)
    text = re.sub(r"[；，、]$", "", text.strip()).replace("大会大会", "大会")
    return text if text.endswith(("。", "！", "？")) else text + "。"
