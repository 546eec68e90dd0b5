"""Every kind of Word file we write, against the schemas of ISO/IEC 29500."""

from dataclasses import replace

import pytest

from assistant.redline import to_redline
from assistant.word import Form, to_docx
from tests.papers import plan, section

OpenXmlValidator = pytest.importorskip("openxml_audit").OpenXmlValidator
NO_THEME = "relationships/theme' is missing"
"""The one complaint we mean to leave: a theme would bring fonts of its own."""


def styled(*style):
    return replace(plan(), request=replace(plan().request, style=style))


def changed():
    old = plan()
    sections = (*old.sections[:2], section("RIGHTS", "维护权益", "1.10月，办一次普法课。"))
    return to_redline(old, replace(old, sections=sections, title=old.title.replace("2026", "2027")))


@pytest.mark.parametrize(
    "make",
    [
        lambda: to_docx(plan()),
        lambda: to_docx(styled("table")),
        lambda: to_docx(styled("notice", "table")),
        lambda: to_docx(plan(title="【待填：单位名称】工会2026年下半年工作计划")),
        lambda: to_docx(plan(), Form.TASKS),
        changed,
    ],
    ids=["plan", "table", "notice", "blank", "tasks", "redline"],
)
def test_a_word_file_is_what_the_standard_says(make, tmp_path):
    path = tmp_path / "plan.docx"
    path.write_bytes(make())
    errors = [error.description for error in OpenXmlValidator().validate(str(path)).errors]
    assert [text for text in errors if NO_THEME not in text] == []
