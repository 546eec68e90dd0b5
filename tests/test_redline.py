"""Tracked changes: accepting all gives the newer plan, rejecting all the older one."""

import random
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.numbering import lines
from assistant.redline import pieces, to_redline
from tests.papers import CARE, W, document, plan, resolved, section


def shown(draft):
    return [line.text.replace("\n", "") for line in lines(draft)]


def edited(old, **texts):
    sections = tuple(replace(s, text=texts.get(s.id, s.text)) for s in old.sections)
    return replace(old, sections=sections)


def both_ways(old, new):
    data = to_redline(old, new)
    assert resolved(data, accept=True) == shown(new)
    assert resolved(data, accept=False) == shown(old)
    return data


def changed(data, kind):
    tag = f"{W}delText" if kind == "del" else f"{W}t"
    return [
        "".join(n.text for n in node.iter(tag)) for node in document(data).iter(f"{W}{kind}") if len(node)
    ]


def test_a_changed_word_is_one_deletion_and_one_insertion():
    old = plan()
    data = both_ways(old, edited(old, skill=old.sections[1].text.replace("9月", "10月")))
    assert changed(data, "del") == ["9"]
    assert changed(data, "ins") == ["10"]


def test_a_new_item_is_a_whole_inserted_paragraph():
    old = plan()
    data = both_ways(old, edited(old, skill=old.sections[1].text + "\n3.11月，请退休护士长讲一次带教体会。"))
    assert changed(data, "ins") == ["3.11月，请退休护士长讲一次带教体会。"]
    assert changed(data, "del") == []


def test_a_dropped_section_is_deleted_with_its_heading_and_the_next_one_renumbered():
    old = plan(sections=(*plan().sections, section("SAFEGUARD", "保障措施", "经费按预算使用。")))
    data = both_ways(old, replace(old, sections=old.sections[:2] + old.sections[3:]))
    assert "（二）把夜班关爱落到科室" in changed(data, "del")


def test_an_unchanged_plan_has_no_change_and_keeps_its_title_lines():
    data = both_ways(plan(), plan())
    assert changed(data, "ins") == changed(data, "del") == []
    assert len(list(document(data).iter(f"{W}br"))) == 1


def test_another_year_is_followed_item_by_item():
    old = plan()
    new = edited(
        replace(old, title=old.title.replace("2026", "2027"), signed_on="2027年7月2日"),
        care=CARE.replace("7月底前", "8月中旬").replace("配躺椅", "配折叠床"),
    )
    data = both_ways(old, new)
    assert "配折叠床" not in changed(data, "ins"), "only the words that differ"
    assert all(len(text) < 12 for text in changed(data, "ins"))


def test_marks_that_xml_needs_are_escaped():
    old = plan()
    data = both_ways(old, edited(old, lead="经费按<预算>使用 & 接受监督。"))
    assert any("<预算>" in text for text in changed(data, "ins"))


def test_every_change_has_a_number_of_its_own_an_author_and_a_day():
    old = plan()
    data = to_redline(old, edited(old, lead="另起一段。", care=CARE.replace("热饮", "热粥")))
    marks = [n for n in document(data).iter() if n.tag in (f"{W}ins", f"{W}del")]
    numbers = [n.get(f"{W}id") for n in marks]
    assert len(set(numbers)) == len(numbers) > 3
    assert {n.get(f"{W}author") for n in marks} == {"修改稿"}
    assert {n.get(f"{W}date") for n in marks} == {"2026-07-03T00:00:00Z"}


def test_a_single_kept_character_between_changes_is_not_left_standing():
    found = pieces("由院工会的委员办理", "请护理部的主任督办")
    assert [kind for text, kind in found if text == "的"] == []


@pytest.mark.parametrize("seed", range(40))
def test_any_edit_can_be_accepted_and_rejected(seed):
    luck = random.Random(seed)
    rows = CARE.split("\n") * 2
    before, after = ("\n".join(luck.sample(rows, luck.randint(1, len(rows)))) for _ in "ab")
    new = edited(plan(), care=after, lead=luck.choice(rows))
    assert both_ways(edited(plan(), care=before), new) == to_redline(edited(plan(), care=before), new)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice_opens_it_and_shows_both_texts(tmp_path):
    old = plan()
    path = tmp_path / "改动.docx"
    path.write_bytes(to_redline(old, edited(old, lead="上半年，值班吃饭的事已经办好。")))
    profile = Path(tmp_path, "profile").as_uri()
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "txt:Text (encoded):UTF8",
         "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    text = path.with_suffix(".txt").read_text("utf-8")
    assert "把夜班关爱落到科室" in text
    assert "已经办好" in text
