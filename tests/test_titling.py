"""Where a title breaks into lines."""

import pytest

from assistant.numbering import width
from assistant.titling import break_title


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("青禾县工会2026年工作计划", ["青禾县工会2026年工作计划"]),
        ("云栖市第三人民医院工会2026年下半年工作计划", ["云栖市第三人民医院工会", "2026年下半年工作计划"]),
        (
            "江州市机械制造有限责任公司工会委员会2026年度工作要点",
            ["江州市机械制造有限责任公司工会委员会", "2026年度工作要点"],
        ),
        (
            "柳湖镇中心小学工会委员会2026—2027学年第一学期工作计划",
            ["柳湖镇中心小学工会委员会", "2026—2027学年第一学期工作计划"],
        ),
        (
            "青禾县教育工会关于深入推进院务公开民主管理和职工之家建设的2026—2027学年第一学期工作计划",
            [
                "青禾县教育工会关于深入推进",
                "院务公开民主管理和职工之家建设的",
                "2026—2027学年第一学期工作计划",
            ],
        ),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("", []),
    ],
)
def test_titles_break_where_they_read_well(title, expected):
    assert break_title(title) == expected


def test_three_title_lines_fit_and_keep_words_whole():
    title = "青禾县卫生健康系统工会联合会关于深入推进院务公开民主管理和职工之家建设的2026年下半年工作计划"
    rows = break_title(title)
    sizes = [width(row) for row in rows]
    assert "".join(rows) == title
    assert len(rows) == 3
    assert max(sizes) <= 20
    for whole in ("工会联合会", "院务公开", "民主管理", "2026年下半年", "工作计划"):
        assert any(whole in row for row in rows)


@pytest.mark.parametrize("title", ["啊" * 50, "A" * 130, "《" + "长" * 30 + "》", "年" * 300])
def test_a_title_without_good_places_is_still_whole_and_fits(title):
    rows = break_title(title)
    assert "".join(rows) == title
    assert all(width(row) <= 20 for row in rows)
