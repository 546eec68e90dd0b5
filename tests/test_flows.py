"""The main job from end to end: files in, a sentence, a model or none, a Word file out."""

import threading
import zipfile

import pytest
from drafting import TODAY
from tiny_model import LINES

from assistant.types import DraftDone, SectionDone, SectionStarted, Severity, TextChunk
from index.types import Added, SectionCode

SENTENCE = "给医院工会起草一份下半年工作计划"
OLD_PLAN = """云杉市第九医院工会2025年下半年工作计划
一、民主管理
1.九月召开职代会，审议绩效分配办法，院务公开栏每月更新一次。
2.张建国主席每月接访一次，电话13800138000。
二、关心关爱
1.八月走访急诊、重症科室，向夜班职工发放慰问金3200元。
2.办好“星光驿站”，为夜班职工提供热饮。
"""


def run(studio, **more):
    request = studio.request(SENTENCE, TODAY)
    return list(studio.draft(request, studio.outline(request), **more))


def test_files_in_a_plan_out_and_nothing_private_in_it(studio, tmp_path):
    (tmp_path / "旧计划.txt").write_text(OLD_PLAN, "gb18030")
    (event,) = studio.add([tmp_path / "旧计划.txt"])
    assert isinstance(event, Added)
    plan = run(studio)[-1].draft
    path = studio.export(plan, tmp_path / "计划.docx")
    text = zipfile.ZipFile(path).read("word/document.xml").decode()
    for private in ("第九医院", "张建国", "13800138000", "3200", "星光驿站"):
        assert private not in text
    assert not [f for f in plan.findings if f.severity is Severity.HIGH]


def sections_by(writer, events):
    return [e.section for e in events if isinstance(e, SectionDone) and e.section.writer == writer]


@pytest.mark.slow
def test_a_local_model_writes_every_section_streamed(studio, tiny_model):
    studio.change_settings(model=str(tiny_model))
    events = run(studio)
    plan = events[-1].draft
    assert isinstance(events[-1], DraftDone)
    assert plan.writer == studio.model.name
    begun = [e.section_id for e in events if isinstance(e, SectionStarted)]
    written = [e.section for e in events if isinstance(e, SectionDone)]
    assert [s.id for s in written] == begun
    assert {s.writer for s in written} <= {plan.writer, "范例编排"}
    assert len(sections_by(plan.writer, events)) >= 3, "the rest was unusable and stays the Composer's"
    first = sections_by(plan.writer, events)[0]
    chunks = [e.text for e in events if isinstance(e, TextChunk) and e.section_id == first.id]
    assert len(chunks) > 1, "text comes in pieces, not all at once"
    assert any(line[2:12] in first.text for line in LINES)


@pytest.mark.slow
def test_a_local_model_stops_when_told_and_keeps_what_is_done(studio, tiny_model):
    studio.change_settings(model=str(tiny_model))
    stop, done, after = threading.Event(), [], 0
    request = studio.request(SENTENCE, TODAY)
    for event in studio.draft(request, studio.outline(request), stop=stop):
        if stop.is_set():
            after += isinstance(event, TextChunk)
        if isinstance(event, SectionDone):
            done.append(event.section)
        if len(done) == 2 and isinstance(event, TextChunk):
            stop.set()
    assert after <= 1
    saved = studio.history.load(studio.drafts()[0].id)
    assert [s.text for s in saved.sections if s.text] == [
        s.text for s in sorted(done, key=lambda s: int(s.id[1:]))
    ]
    studio.close()
    for left in [t for t in threading.enumerate() if t.name == "gonghui-idle"]:
        left.join(10)
    assert not [t for t in threading.enumerate() if t.name.startswith("gonghui")]


@pytest.mark.slow
def test_a_server_writes_every_section(studio, transformers_server, tiny_model):
    studio.change_settings(model=transformers_server, model_name=str(tiny_model))
    events = run(studio)
    plan = events[-1].draft
    assert sections_by(plan.writer, events), "what the model could not write stays the Composer's"
    assert all(section.text for section in plan.sections)
    assert {SectionCode.GUIDE, SectionCode.SCHEDULE} <= {s.code for s in plan.sections}
