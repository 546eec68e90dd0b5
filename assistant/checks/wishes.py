"""What the person asked for: points to stress, words to leave out, the length, the number of sections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.asked import fixed_terms
from assistant.checks.base import CheckContext, found, hide, places, sentences, texts, whole
from assistant.checks.mending import swapped, without_clause, without_sentence
from assistant.numbering import LineKind, lines
from assistant.text import han_count, overlap, shingles
from assistant.types import Draft, Finding, Severity
from index.types import SectionCode

CHECK = "request"
LENGTH_CHECK = "length"
TOLERANCE = 0.15
_CODES = {code.value: code for code in SectionCode}


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each wish the plan does not meet."""
    yield from _emphasis(draft, context)
    yield from _avoided(draft, context)
    yield from _length(draft, context)
    yield from _section_count(draft, context)


def _emphasis(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    present = {section.code for section in draft.sections}
    for wish in context.request.emphasis:
        code = _CODES.get(wish)
        if code is not None:
            if code not in present:
                name = context.tables.sections[code].name
                yield whole(
                    CHECK, Severity.MEDIUM, f"你要求写的“{name}”没有单独成节。", f"在提纲里加上“{name}”一节。"
                )
        elif not _said(wish, draft):
            yield whole(
                CHECK, Severity.MEDIUM, f"你要求突出的“{wish}”在计划里没有出现。", f"补上关于“{wish}”的措施。"
            )


def _said(wish: str, draft: Draft) -> bool:
    """Tell whether some sentence speaks of `wish`, in its own words or nearly so."""
    wanted = shingles(wish)
    for place in places(draft):
        if wish in place.text:
            return True
        if len(wanted) >= 3 and any(
            overlap(wanted, shingles(place.text[start:end])) >= 0.6 for start, end in sentences(place.text)
        ):
            return True
    return False


def _avoided(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    avoided = dict.fromkeys((*context.request.avoid, *context.profile.avoid_words))
    for wish in avoided:
        code = _CODES.get(wish)
        if code is None:
            yield from _word(wish, draft, context)
            continue
        for place in texts(draft):
            if place.code is code:
                name = context.tables.sections[code].name
                yield found(
                    CHECK, Severity.HIGH, place, 0, 0, f"你要求不写“{name}”，这里却有一节。", "删去这一节。"
                )


def _word(word: str, draft: Draft, context: CheckContext) -> Iterator[Finding]:
    if not word:
        return
    theirs = {**context.profile.use_words, **context.request.use_words}.get(word, "")
    fixed = [re.escape(term) for term in fixed_terms(context.tables)] if theirs else []
    for place in places(draft):
        text = hide(place.text, ["|".join(fixed), "《[^》]*》"]) if theirs else place.text
        for match in re.finditer(rf"(?<!中国工会){re.escape(word)}", text):
            message = f"你要求不出现“{word}”。"
            mends = swapped(*match.span(), theirs) if theirs else without_clause(place, match.start())
            mends += without_sentence(place, match.start())
            span = match.span()
            yield found(CHECK, Severity.HIGH, place, *span, message, "删去或换个说法。", mends)


def _length(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    asked = context.request.length
    if asked <= 0:
        return
    written = sum(han_count(place.text) for place in places(draft) if place.name != "落款")
    if abs(written - asked) > asked * TOLERANCE:
        much = "长" if written > asked else "短"
        mend = "精简几条次要措施。" if written > asked else "增加一节，或把要点写得更具体。"
        yield whole(LENGTH_CHECK, Severity.LOW, f"全文约{written}字，比要求的{asked}字偏{much}。", mend)


def _section_count(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    asked = context.request.sections
    if not asked:
        return
    written = sum(line.kind is LineKind.H1 for line in lines(draft))
    if written != asked:
        yield whole(
            CHECK, Severity.MEDIUM, f"你要求分{asked}个部分，现在是{written}个。", "在提纲里合并或增加部分。"
        )
