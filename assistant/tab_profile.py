"""The tab 单位档案: a form over every field of the profile, with what each is for and an example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import gradio as gr

from assistant import html
from assistant.profile import FIELDS, defaults, from_values, to_values
from assistant.studio import Studio
from assistant.tab_common import Fill, choices, wire
from assistant.types import Profile
from index.errors import UserError
from index.types import OrgType

Values = tuple[Any, ...]
"""What the form holds, in the order of `FIELDS`."""
HELP: Mapping[str, tuple[str, str]] = {
    "unit": ("写进标题和落款", "云栖市第三人民医院"),
    "union": ("落款用；不填就用单位全称加“工会委员会”", "云栖市第三人民医院工会委员会"),
    "short": ("文中的叫法", "市三院"),
    "org_type": ("决定用哪一行的说法", ""),
    "level": ("如 县级、三级甲等", "三级"),
    "province": ("经费等规定各省不同", "浙江省"),
    "people": ("用来核对活动规模", "486"),
    "women": ("不多于职工人数", "312"),
    "groups": ("会写进基层组织建设", "18"),
    "party": ("写进指导思想和保障措施", "中共云栖市第三人民医院委员会"),
    "upper": ("一行一个，最近的上级写在最后", "云栖市总工会\n云栖市卫生健康系统工会"),
    "bodies": ("一行一个", "女职工委员会\n经费审查委员会"),
    "programs": ("一行一个，每年都办的品牌", "白衣天使读书节"),
    "key_tasks": ("一行一件，一定写进计划", "筹备第五次会员代表大会"),
    "fixed_events": ("一行一件，写明月份", "8月 医师节慰问"),
    "use_words": ("一行一对，把左边的词都写成右边的", "职工 = 员工"),
    "avoid_words": ("一行一个，计划里不出现", "抓手"),
}
_LINES = ("upper", "bodies", "programs", "key_tasks", "fixed_events", "use_words", "avoid_words")
_NUMBERS = ("people", "women", "groups")
_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("单位", ("unit", "short", "union", "org_type", "level", "province", "party")),
    ("人数", ("people", "women", "groups")),
    ("组织和工作", ("upper", "bodies", "programs", "key_tasks", "fixed_events")),
    ("用词", ("use_words", "avoid_words")),
)


def form_values(profile: Profile) -> tuple[Any, ...]:
    """Return what the form shows, in the order of `FIELDS`."""
    values = {**defaults(), **to_values(profile)}
    return tuple(_shown(key, values[key]) for key in FIELDS)


def _shown(key: str, value: Any) -> Any:
    if key in _NUMBERS:
        return value
    if key == "use_words":
        return "\n".join(f"{old} = {new}" for old, new in value.items())
    return "\n".join(value) if key in _LINES else value or ""


def profile_of(values: tuple[Any, ...]) -> Profile:
    """Return the profile a filled form describes.

    :raises UserError: for a wrong number, or words that are no pair.
    """
    raw = dict(zip(FIELDS, values, strict=True))
    return from_values({**raw, "use_words": _pairs(raw["use_words"] or "")})


def _pairs(text: str) -> dict[str, str]:
    pairs = {}
    for line in filter(str.strip, text.splitlines()):
        old, sign, new = line.replace("＝", "=").partition("=")
        if not sign or not old.strip() or not new.strip():
            raise UserError(f"“习惯用词”里的“{line.strip()}”要写成“职工 = 员工”这样成对的词。")
        pairs[old.strip()] = new.strip()
    return pairs


def profile_tab(studio: Studio, tab: gr.Tab) -> Fill:
    """Build the tab and return (function, inputs, outputs) that fill the form when the page opens.

    The profile may change elsewhere while the form stands open: what she has not touched is shown anew when
    the tab is opened, and only what she has touched is saved.
    """
    shown = gr.State([])
    built: dict[str, Any] = {}
    gr.HTML(html.note("填得越多，计划里要补的空越少。都可以不填；只存在这台电脑上。"))
    for title, keys in _GROUPS:
        with gr.Accordion(title, open=True), gr.Row():
            for key in keys:
                built[key] = _field(key)
    with gr.Row(elem_classes="buttons"):
        save = gr.Button("保存档案", variant="primary", elem_id="save-profile", scale=0, min_width=140)
        told = gr.HTML(elem_id="profile-told")
    fields = [built[key] for key in FIELDS]

    def fill(before: Values, *typed: Any) -> tuple[Any, ...]:
        now = form_values(studio.profile())
        return now, *_updates(typed, merged(before, typed, now))

    def keep(before: Values, *typed: Any) -> tuple[Any, ...]:
        try:
            studio.save_profile(profile_of(merged(before, typed, form_values(studio.profile()))))
        except UserError as error:
            return html.note(str(error), "bad"), before, *(gr.skip() for _ in typed)
        now = form_values(studio.profile())
        return html.note("已保存，下一次起草就用它。", "good"), now, *_updates(typed, now)

    wire(save.click, keep, [shown, *fields], [told, shown, *fields])
    wire(tab.select, fill, [shown, *fields], [shown, *fields])
    return fill, [shown, *fields], [shown, *fields]


def merged(before: Values, typed: Values, now: Values) -> Values:
    """Return the profile as it is now with what was typed over what the form showed before, if anything."""
    rows = zip(before or form_values(Profile()), typed, now, strict=True)
    return tuple(new if (mine or "") == (old or "") else mine for old, mine, new in rows)


def _updates(typed: Values, wanted: Values) -> Iterator[Any]:
    """Yield what the fields are to show; one that shows it already is left alone."""
    for mine, new in zip(typed, wanted, strict=True):
        yield gr.skip() if (mine or "") == (new or "") else new


def _field(key: str) -> Any:
    info, example = HELP[key]
    if key == "org_type":
        return gr.Dropdown(choices(OrgType, "未说明"), value="", label=FIELDS[key], info=info, min_width=200)
    if key in _NUMBERS:
        return gr.Number(label=FIELDS[key], info=info, placeholder=example, precision=0, min_width=150)
    lines = 3 if key in _LINES else 1
    return gr.Textbox(
        label=FIELDS[key],
        info=info,
        placeholder=example,
        lines=lines,
        min_width=240,
        elem_id=f"profile-{key}",
    )
