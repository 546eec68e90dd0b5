"""Things planned outside their time of year, and months the plan does not cover.

The calendar table says what belongs to which months; sentences that look back, names of awards
(`not_words`) and preparations for the time after are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.base import FUTURE, CheckContext, Place, found, hide, is_review, places, sentence_at
from assistant.checks.mending import swapped, without_sentence
from assistant.tables import CalendarRow
from assistant.types import Draft, Finding, Mend, Severity
from assistant.when import HAN_MONTHS, label_of
from index.types import Genre, Period

CHECK = "period"
_MONTH = re.compile(
    r"(?:(?P<year>20\d\d)年)?(?P<before>次年|明年|来年|下年度?|去年|上年|每年)?"
    r"(?:(?<!\d)(?P<digits>1[0-2]|[1-9])|(?<![一二三四五六七八九十几个半])(?P<han>十[一二]?|[二三四五六七八九]|一(?=月(?:[份初底末前起至到，、。；：]|[上中下]旬|$))))月"
    r"(?![饼龄嫂报历])"
)
_DATE_LINE = r"(?m)^\s*20\d\d年\d{1,2}月\d{1,2}日\s*$"
_LATER = re.compile(r"次年|明年|来年|下一?年|下年度|下学期|下学年")
_EARLIER = ("去年", "上年")
_BACKWARD = {Genre.SUMMARY, Genre.REPORT}


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each thing out of season and each month outside the plan."""
    if context.request.genre in _BACKWARD:
        return
    for place in places(draft):
        yield from _out_of_season(place, context)
        yield from _wrong_months(place, context)
        if context.request.period is Period.H2:
            yield from _first_half_to_come(place)


def outside(row: CalendarRow, context: CheckContext) -> bool:
    """Tell whether none of a row's months lies in the plan; a movable feast counts by its own date."""
    covered = set(context.months)
    if row.movable:
        feasts = context.tables.feasts
        days = [
            feasts[year][row.movable]
            for year in {y for y, _ in covered}
            if row.movable in feasts.get(year, {})
        ]
        if days:
            near = {(day.year, day.month) for day in days} | {(y, m) for y, m in covered if m in row.months}
            return not near & covered
    return not {month for _, month in covered} & set(row.months)


def _first_half_to_come(place: Place) -> Iterator[Finding]:
    for match in FUTURE.finditer(place.text):
        message = "上半年已经过去，不能写成将来的安排。"
        mend = "改为下半年的时间，或写成对上半年的回顾。"
        mends = swapped(match.start(), match.start() + len("上半年"), "下半年")
        yield found(CHECK, Severity.HIGH, place, *match.span(), message, mend, mends)


def _preparing(context: CheckContext) -> set[tuple[int, int]]:
    """August belongs to a plan that begins with the autumn term: schools prepare for it then."""
    if context.request.period in (Period.TERM1, Period.SCHOOLYEAR):
        return {(context.months[0][0], 8)}
    return set()


def _out_of_season(place: Place, context: CheckContext) -> Iterator[Finding]:
    taken: list[tuple[int, int]] = []
    for row in context.tables.calendar:
        if not row.must_not or not row.words or not outside(row, context):
            continue
        text = hide(place.text, row.not_words)
        words = "|".join(map(re.escape, sorted(row.words, key=len, reverse=True)))
        for match in re.finditer(words, text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            if not _excused(place.text, match.start(), context):
                yield _season_finding(place, *match.span(), row, context)


def _season_finding(place: Place, start: int, end: int, row: CalendarRow, context: CheckContext) -> Finding:
    span = label_of(context.request.period, context.request.year, context.request.part)
    months = "、".join(f"{month}月" for month in row.months)
    message = f"{row.name}在{months}，不在{span}之内，不能作为任务安排。"
    return found(
        CHECK,
        Severity.HIGH,
        place,
        start,
        end,
        message,
        "删去，或改为本时段内的活动；确属回顾的，写明是此前的工作。",
        without_sentence(place, start),
    )


def _excused(text: str, position: int, context: CheckContext) -> bool:
    sentence = sentence_at(text, position)
    before = re.split(r"[，。；\n]", text[:position])[-1]
    return is_review(sentence, context) or bool(_LATER.search(before[-14:]))


def _wrong_months(place: Place, context: CheckContext) -> Iterator[Finding]:
    covered = set(context.months) | _preparing(context)
    years = {year for year, _ in covered}
    shown = hide(place.text, [r"《[^》]*》", r"〔[^〕]*〕", _DATE_LINE, r"怀孕[^。；，]{0,3}月"])
    for match in _MONTH.finditer(shown):
        month = int(match["digits"]) if match["digits"] else HAN_MONTHS[match["han"]]
        if match["before"] in _EARLIER or is_review(sentence_at(place.text, match.start()), context):
            continue
        if match["year"]:
            wrong = int(match["year"]) in years and (int(match["year"]), month) not in covered
        elif match["before"] and match["before"] != "每年":
            wrong = len(years) > 1 and month not in {m for _, m in covered}
        else:
            wrong = month not in {m for _, m in covered}
        if wrong:
            span = label_of(context.request.period, context.request.year, context.request.part)
            message = f"{month}月不在{span}之内。"
            mend = "改为本时段内的月份，或删去这一项。"
            mends = _other_month(place, match, month, context) + without_sentence(place, match.start())
            yield found(CHECK, Severity.HIGH, place, *match.span(), message, mend, mends)


def _other_month(place: Place, match: re.Match[str], month: int, context: CheckContext) -> tuple[Mend, ...]:
    """The month the calendar gives for what the sentence speaks of, else the one half a year away."""
    sentence = sentence_at(place.text, match.start())
    covered = [m for _, m in context.months]
    rows = (row for row in context.tables.calendar if any(word in sentence for word in row.words))
    usual = [m for row in rows for m in row.months if m in covered]
    moved = [m for m in (*usual, (month + 5) % 12 + 1, *covered) if m in covered]
    if match["year"] or match["before"] or not moved:
        return ()
    return swapped(*match.span(), f"{moved[0]}月")
