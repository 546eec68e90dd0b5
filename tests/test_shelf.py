"""The library as a person sees it: counts, near copies, old beside new, corrections, the report."""

from __future__ import annotations

import re

import pytest
from fakes import HashEncoder
from shelves import DOCUMENTS

from assistant import html_shelf, sides
from assistant.tab_library import _changed, _sources, _values, reported
from index.errors import UserError
from index.library import Library, examine_text
from index.types import (
    Added,
    DocumentSummary,
    Failed,
    Flag,
    Genre,
    Labels,
    OrgType,
    Period,
    Progress,
    Skipped,
)

PAGE = """点击下载文档
临江厂工会2026年工作计划
一、关(guān)心职工
1.夏季送清凉,冬季送温暖，把服务送到班组。
2.慰问困难职工。
"""


def row(
    id_: str, title: str = "计划", org: OrgType | None = None, flags=frozenset(), **more
) -> DocumentSummary:
    return DocumentSummary(
        id_, title, Labels(Genre.PLAN, org, Period.H2, 2026, flags=flags), 3, "a.txt", "user", **more
    )


ROWS = [
    row("a", "第九医院计划", OrgType.HOSPITAL, copies=1),
    row("b", "第九医院旧计划", OrgType.HOSPITAL, frozenset({Flag.DUPLICATE}), copy_of="a"),
    row("c", "实验小学计划", OrgType.SCHOOL, frozenset({Flag.STALE})),
]


def plain(shown: str) -> str:
    return re.sub(r"<[^>]+>", "", shown)


def test_counts_say_how_many_of_each_kind_there_are():
    shown = plain(html_shelf.facets(ROWS, ()))

    assert "医院 2" in shown
    assert "下半年 3" in shown or "下半年" in shown
    assert "没有提醒 1" in shown


def test_counts_narrow_the_list_and_say_which_are_on():
    assert [r.id for r in html_shelf.chosen(ROWS, "", ("org:hospital",))] == ["a", "b"]
    assert [r.id for r in html_shelf.chosen(ROWS, "旧", ("org:hospital",))] == ["b"]
    assert [r.id for r in html_shelf.chosen(ROWS, "", ("flag:sound",))] == ["a"]
    assert [r.id for r in html_shelf.chosen(ROWS, "", ("org:hospital", "flag:stale"))] == []
    assert 'class="chip on" data-place="facet:org:hospital"' in html_shelf.facets(ROWS, ("org:hospital",))


def test_a_near_copy_hangs_under_the_document_it_repeats():
    shown = html_shelf.documents([ROWS[1], ROWS[2], ROWS[0]])

    places = re.findall('data-place="open:(.)"', shown)
    assert places[places.index("a") + 1] == "b"
    assert plain(shown).count("└ 相近") == 1
    assert "另有 1 份相近" in plain(shown)


def test_a_copy_found_without_its_document_stands_by_itself():
    assert "└" not in html_shelf.documents([ROWS[1]])


def test_old_and_new_stand_side_by_side_with_what_was_done():
    (document,) = examine_text(PAGE, "a.txt")
    lines = list(sides.rows(document))

    dropped = [line.old[0] for line in lines if not line.new]
    assert sides.Part("点击下载文档", "删去网站附加的文字") in dropped
    heading = next(line for line in lines if "".join(p.text for p in line.new) == "一、关心职工")
    assert [part for part in heading.old if part.change] == [sides.Part("(guān)", "删去夹注的拼音")]
    mended = next(line for line in lines if "送清凉" in "".join(p.text for p in line.new))
    assert [part.text for part in mended.old if part.change] == [","]
    assert [part.text for part in mended.new if part.change] == ["，"]
    untouched = next(line for line in lines if "慰问困难" in "".join(p.text for p in line.new))
    assert not untouched.changed


def test_both_sides_hold_all_of_both_texts():
    (document,) = examine_text(PAGE, "a.txt")
    lines = list(sides.rows(document))

    title, *rest = ["".join(p.text for p in line.new) for line in lines if line.new]
    assert title == document.title
    assert "\n".join(rest) == document.text
    old = "".join("".join(p.text for p in line.old) for line in lines)
    assert re.sub(r"\s", "", old) == re.sub(r"\s", "", document.original.text)


def test_the_page_marks_changes_on_both_sides():
    (document,) = examine_text(PAGE, "a.txt")
    shown = html_shelf.document(document)

    assert '<del title="删去夹注的拼音">(guān)</del>' in shown
    assert '<ins title="统一标点">，</ins>' in shown
    assert "来自 a.txt" in shown


def test_the_report_counts_and_puts_what_failed_first():
    steps = [
        Progress("正在读“甲.txt”", 0, 3),
        Added("甲.txt", row("a", "甲计划", repairs=12)),
        Skipped("乙.txt", "这份资料已经在库里"),
        Progress("正在读“丙.pdf”", 2, 3),
        Failed("x/丙.pdf", "“丙.pdf”像是扫描件。"),
        Added("丁.txt", row("d", "丁计划", copy_of="a")),
    ]
    running, *_, last = list(reported(iter(steps)))

    assert "正在读“甲.txt”（0／3）" in running
    text = plain(last)
    assert "入库完成：新增 2 份，略过 1 份，没读成 1 份；整理文字 12 处；1 份与已有资料相近" in text
    assert text.index("像是扫描件") < text.index("甲计划") < text.index("已经在库里")
    assert "x/" not in text


def test_uploaded_files_are_called_by_their_own_names(tmp_path):
    upload = tmp_path / "cache" / "0a1b2c" / "去年计划.txt"
    upload.parent.mkdir(parents=True)
    title, body = next(iter(DOCUMENTS.items()))
    upload.write_text(f"{title}\n{body}", "utf-8")

    sources, names = _sources([str(upload)], "")
    with Library.open(tmp_path / "l", HashEncoder(), starter=False) as library:
        added = [step for step in library.add_steps(sources, names) if isinstance(step, Added)]

        assert [event.path for event in added] == ["去年计划.txt"]
        assert library.documents()[0].path == "去年计划.txt"


def test_a_typed_folder_keeps_its_path_and_must_exist(tmp_path):
    sources, names = _sources(None, f'"{tmp_path}" ')
    assert (sources, names) == ([tmp_path], {})
    with pytest.raises(UserError, match="找不到"):
        _sources(None, str(tmp_path / "无"))
    with pytest.raises(UserError, match="请先选择文件"):
        _sources([], "  ")


def test_only_what_the_person_changed_is_a_correction():
    (document,) = examine_text(PAGE, "a.txt")
    values = dict(
        zip(("title", "org_type", "period", "year", "genre", "flags"), _values(document), strict=True)
    )

    assert _changed(document, values) == {}
    assert _changed(document, values | {"org_type": "school", "year": ""}) == {
        "org_type": "school",
        "year": "",
    }
    assert _changed(document, values | {"flags": ["stale"]}) == {"flags": "stale"}


def test_progress_names_every_file_and_ends_with_all_done(tmp_path):
    for number, (title, body) in enumerate(DOCUMENTS.items()):
        (tmp_path / f"{number}.txt").write_text(f"{title}\n{body}", "utf-8")
    with Library.open(tmp_path / "l", HashEncoder(), starter=False) as library:
        steps = [step for step in library.add_steps([tmp_path]) if isinstance(step, Progress)]

    assert [step.doing for step in steps[:-1]] == [f"正在读“{n}.txt”" for n in range(6)]
    assert (steps[-1].doing, steps[-1].done, steps[-1].total) == ("正在编入检索", 6, 6)
