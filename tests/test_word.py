"""What a Word file holds: the plan, its task table, or the 通知 that issues it."""

from dataclasses import replace

import pytest

from assistant.export import export
from assistant.tasks import Task, task, tasks
from assistant.word import Form, to_docx
from index.errors import UserError
from tests.papers import W, document, plan, tables, texts


def asked(*style):
    old = plan()
    return replace(old, request=replace(old.request, style=style))


def test_measures_become_tasks_with_what_they_say_and_nothing_more():
    assert tasks(plan()) == (
        Task("以比武带练兵", "举办技能比武决赛，由护理部和院工会共同评分", "9月", "护理部和院工会"),
        Task("以比武带练兵", "公开一次经费使用情况", "每季度", "", "每季度公开一次经费使用情况"),
        Task(
            "把夜班关爱落到科室",
            "工会小组长逐科登记夜班人数，问题三个工作日内回复",
            "7月底前",
            "工会小组长",
            "问题三个工作日内回复",
        ),
        Task(
            "把夜班关爱落到科室",
            "《女职工劳动保护特别规定》学习会10月召开，所需经费在年度预算中列支",
            "10月",
            "",
            "",
            "所需经费在年度预算中列支",
            "《女职工劳动保护特别规定》",
        ),
    )


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("1.由工会牵线，12月邀请专家带教两天。", "owner", "工会"),
        ("2.院工会与信息科8月举办书写竞赛。", "owner", "院工会与信息科"),
        ("3.女职工委员会9月组织专项检查。", "owner", "女职工委员会"),
        ("4.7月至8月，为高温岗位送清凉。", "time", "7月至8月"),
        ("4.7月至8月，为高温岗位送清凉。", "owner", ""),
        ("5.九月底前建成，十二月验收。", "time", "9月底前；12月"),
        ("6.提案答复率100%，年底前办结不低于90%。", "measure", "提案答复率100%；年底前办结不低于90%"),
        ("7.奖品费用按规定标准执行，从会费中列支。", "money", "奖品费用按规定标准执行；从会费中列支"),
        ("8.各小组每月活动一次。", "measure", "各小组每月活动一次"),
    ],
)
def test_one_field_of_one_measure(text, field, said):
    assert getattr(task("", text), field) == said


def test_the_plan_alone_has_no_table_and_no_annex():
    root = document(to_docx(plan()))
    assert tables(root) == []
    assert not [text for text in texts(root) if "附件" in text]


def test_a_request_for_a_table_brings_it_as_an_annex_before_whose_page_the_plan_is_signed():
    root = document(to_docx(asked("table")))
    shown = [text for text in texts(root) if text]
    signed = shown.index("云栖市第三人民医院工会委员会")
    assert shown.index("附件：工作任务分解表") < signed < shown.index("附件") < shown.index("工作任务分解表")
    (rows,) = tables(root)
    assert rows[0] == ["序号", "工作事项", "完成时间", "责任部门（人）"]
    assert rows[1] == ["1", "举办技能比武决赛，由护理部和院工会共同评分", "9月", "护理部和院工会"]
    assert len(rows) == 5


def test_a_request_for_the_formal_form_issues_the_plan_by_a_notice():
    root = document(to_docx(asked("notice"), addressee="分工会"))
    shown = [text for text in texts(root) if text]
    assert shown[:5] == [
        "【待填：发文字号】",
        "云栖市第三人民医院工会关于印发《2026年下半年工作计划》的通知",
        "各分工会：",
        "现将《云栖市第三人民医院工会2026年下半年工作计划》印发给你们，请结合实际，认真抓好落实。",
        "附件：云栖市第三人民医院工会2026年下半年工作计划",
    ]
    assert shown.count("云栖市第三人民医院工会委员会") == 1, "the annex is not signed again"
    assert shown.index("2026年7月3日") < shown.index("附件")


def test_a_notice_with_a_table_numbers_its_annexes():
    shown = [text for text in texts(document(to_docx(asked("notice", "table")))) if text]
    assert "附件：1.云栖市第三人民医院工会2026年下半年工作计划" in shown
    assert "　　　2.工作任务分解表" in shown
    assert shown.index("附件1") < shown.index("附件2")


def test_the_wanted_form_wins_over_the_request():
    assert tables(document(to_docx(asked("table", "notice"), Form.PLAN))) == []
    assert "【待填：发文字号】" in texts(document(to_docx(plan(), Form.NOTICE)))


def test_the_task_table_lies_across_the_page_and_repeats_its_head():
    root = document(to_docx(plan(), Form.TASKS))
    page = root.find(f"{W}body/{W}sectPr/{W}pgSz")
    assert page.get(f"{W}orient") == "landscape"
    assert int(page.get(f"{W}w")) > int(page.get(f"{W}h"))
    (rows,) = tables(root)
    assert rows[0] == [
        "序号",
        "工作板块",
        "工作事项",
        "完成时间",
        "责任部门（人）",
        "量化指标",
        "经费",
        "依据",
    ]
    assert rows[4][6:] == ["所需经费在年度预算中列支", "《女职工劳动保护特别规定》"]
    assert len(list(root.iter(f"{W}tblHeader"))) == 1


def test_the_spreadsheet_has_the_same_rows_and_no_formula(tmp_path):
    from openpyxl import load_workbook

    text = "1.=HYPERLINK(0)，9月举办比武。"
    old = plan()
    path = export(replace(old, sections=(replace(old.sections[1], text=text),)), tmp_path / "任务.xlsx")
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    assert rows[0][0] == old.title
    assert rows[1][:4] == ("序号", "工作板块", "工作事项", "完成时间")
    assert rows[2][:4] == (1, "以比武带练兵", "'=HYPERLINK(0)，9月举办比武", "9月")


def test_a_machine_without_libreoffice_says_what_to_do_instead(tmp_path, monkeypatch):
    monkeypatch.setattr("assistant.pdf.office_program", lambda: "")
    with pytest.raises(UserError, match="LibreOffice.*WPS"):
        export(plan(), tmp_path / "计划.pdf")
    assert list(tmp_path.iterdir()) == []
