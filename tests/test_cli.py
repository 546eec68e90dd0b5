"""The command-line contract: JSON shapes, exit codes, one Chinese sentence for each thing gone wrong."""

import json
import re
from pathlib import Path

import pytest

from assistant.cli import main

pytestmark = pytest.mark.usefixtures("ready_home")
HOSPITAL = "给医院工会起草一份下半年工作计划"


@pytest.fixture
def gonghui(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = main([str(a) for a in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_draft_json_has_the_keys_of_the_contract(gonghui):
    code, out, _ = gonghui("draft", HOSPITAL, "--json", "--today", "2026-11-21")
    data = json.loads(out)
    assert code == 0
    assert set(data) >= {"draft_id", "request", "title", "writer", "sections", "findings", "seconds"}
    assert set(data["sections"][0]) >= {"id", "code", "heading", "text", "citations", "status"}
    assert {section["basis"]["name"] for section in data["sections"]} <= {
        "依据充分",
        "一般",
        "无先例",
        "按数据表编写",
    }
    for finding in data["findings"]:
        assert set(finding) >= {
            "check",
            "severity",
            "section_id",
            "start",
            "end",
            "quote",
            "message",
            "suggestion",
        }
    assert Path(data["file"]).read_bytes()[:2] == b"PK"
    assert Path(data["file"]).name == "工会2026年下半年工作计划.docx"


def test_drafting_twice_keeps_both_files(gonghui, tmp_path):
    gonghui("draft", HOSPITAL)
    gonghui("draft", HOSPITAL)
    assert len(list(tmp_path.glob("*.docx"))) == 2


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.json", "a.docx"])
def test_a_named_file_is_written_and_an_older_one_kept_aside(gonghui, tmp_path, name):
    (tmp_path / name).write_text("旧稿")
    code, _, err = gonghui("draft", HOSPITAL, "-o", name)
    assert code == 0
    assert (tmp_path / name).read_bytes() != "旧稿".encode()
    assert (tmp_path / name.replace("a.", "a（旧稿）.")).read_text() == "旧稿"
    assert "旧稿" in err


def test_length_outline_and_profile_files_are_followed(gonghui, tmp_path):
    (tmp_path / "p.toml").write_text('unit = "云栖市第三人民医院"\nparty = "院党委"\n', "utf-8")
    (tmp_path / "o.txt").write_text("# 总体要求\n# 夜班关爱\n# 院务公开\n", "utf-8")
    _, out, _ = gonghui(
        "draft", HOSPITAL, "--profile", "p.toml", "--outline", "o.txt", "--length", 600, "--json"
    )
    data = json.loads(out)
    assert data["title"].startswith("云栖市第三人民医院工会")
    assert [s["heading"] for s in data["sections"]] == ["总体要求", "夜班关爱", "院务公开"]
    assert data["request"]["length"] == 600


def test_request_json(gonghui):
    code, out, _ = gonghui(
        "request", "draft a 下半年 plan for a hospital union", "--json", "--today", "2026-11-21"
    )
    data = json.loads(out)
    assert code == 0
    assert (data["org_type"], data["period"], data["year"], data["genre"]) == ("hospital", "h2", 2026, "plan")
    assert set(data) >= {"emphasis", "avoid", "length", "org_name", "assumptions", "question"}


def test_search_json_and_filters(gonghui):
    code, out, _ = gonghui(
        "search", "院务公开", "--json", "--org", "hospital", "--section", "democracy", "-k", 3
    )
    data = json.loads(out)
    assert code == 0
    assert 1 <= len(data["hits"]) <= 3
    for hit in data["hits"]:
        assert set(hit) >= {
            "passage_id",
            "document_id",
            "title",
            "org_type",
            "period",
            "genre",
            "year",
            "section",
            "trail",
            "text",
            "score",
            "found_by",
            "flags",
        }
        assert (hit["org_type"], hit["section"]) == ("hospital", "DEMOCRACY")


def test_add_yields_one_object_a_line_and_a_second_time_is_a_no_op(gonghui, tmp_path):
    (tmp_path / "plan.txt").write_text(
        "云杉市第九医院工会2026年下半年工作计划\n一、民主管理\n1.九月召开职代会，审议绩效办法。\n"
        "二、关心关爱\n1.八月走访夜班科室，送清凉用品。\n",
        "utf-8",
    )
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    _, out, _ = gonghui("add", tmp_path / "plan.txt", tmp_path / "photo.png", "--json")
    events = [json.loads(line) for line in out.splitlines()]
    assert [e["event"] for e in events] == ["added", "failed"]
    assert events[0]["org_type"] == "hospital"
    assert set(events[0]) >= {"path", "document_id", "title", "genre", "period", "year", "flags", "reason"}
    _, again, _ = gonghui("add", tmp_path / "plan.txt", "--json")
    assert [json.loads(line)["event"] for line in again.splitlines()] == ["skipped"]
    _, one, _ = gonghui("library", "--document", events[0]["document_id"], "--json")
    assert {"text", "sections", "repairs"} <= set(json.loads(one))


def test_revise_undo_history_export_and_check_work_on_a_saved_draft(gonghui, tmp_path):
    _, out, _ = gonghui("draft", HOSPITAL, "--json")
    data = json.loads(out)
    before = next(s["text"] for s in data["sections"] if s["code"] == "CARE")
    _, out, _ = gonghui("revise", data["draft_id"], "CARE", "加上“职工书屋”", "--json")
    assert "职工书屋" in json.loads(out)["section"]["text"]
    _, out, _ = gonghui("undo", data["draft_id"], "CARE", "--json")
    assert json.loads(out)["section"]["text"] == before
    _, out, _ = gonghui("history", data["draft_id"], "--json")
    assert max(len(rows) for rows in json.loads(out)["sections"].values()) >= 3
    code, _, _ = gonghui("export", data["draft_id"], "-o", "b.txt")
    assert code == 0
    assert before.splitlines()[0] in (tmp_path / "b.txt").read_text("utf-8")
    code, out, _ = gonghui("check", data["draft_id"], "--json")
    assert code == 0
    assert isinstance(json.loads(out)["findings"], list)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("draft", ""), "还没有写要求"),
        (("draft", "今天天气怎么样"), "只会起草工会"),
        (("draft", HOSPITAL, "--profile", "没有.toml"), "找不到单位档案"),
        (("draft", HOSPITAL, "--outline", "没有.txt"), "打不开提纲文件"),
        (("draft", HOSPITAL, "-o", "计划.exe"), ".docx"),
        (("search", "院务公开", "--org", "spaceship"), "没有“spaceship”这个代码"),
        (("library", "--document", "0000"), "资料"),
        (("revise", "d0", "CARE"), "d0"),
        (("export", "d0"), "d0"),
        (("add", "没有这个文件.docx"), "没有"),
        (("profile", "people=很多"), "整数"),
        (("profile", "颜色=红"), "不认识"),
        (("model", "use", "没有的文件夹"), "模型"),
        (("model", "use"), "请写明"),
        (("model", "test"), "还没有选用模型"),
    ],
)
def test_what_a_person_can_mend_is_one_chinese_sentence_and_exit_code_1(gonghui, arguments, sentence):
    code, out, err = gonghui(*arguments)
    said = err.strip().splitlines()[-1] if err.strip() else out.strip().splitlines()[-1]
    assert code == 1
    assert sentence in out + err
    assert "Traceback" not in out + err
    assert re.search(r"[\u4e00-\u9fff]", said)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("draft", "--bogus"),
        ("search",),
        ("draft", HOSPITAL, "--length", "0"),
        ("request", "x", "--today", "昨天"),
    ],
)
def test_wrong_usage_is_exit_code_2_in_chinese(gonghui, capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        gonghui(*arguments)
    assert stopped.value.code == 2
    assert "命令写法不对" in capsys.readouterr().err


def test_help_is_chinese(gonghui, capsys):
    with pytest.raises(SystemExit) as stopped:
        gonghui("--help")
    assert stopped.value.code == 0
    assert "工会计划起草助手" in capsys.readouterr().out


def test_the_profile_is_kept(gonghui):
    _, told, _ = gonghui(
        "profile",
        "unit=云栖市第三人民医院",
        "people=486",
        "org_type=医院",
        "key_tasks=护理技能比武；夜班关爱",
    )
    assert "（key_tasks）：护理技能比武；夜班关爱" in told
    _, out, _ = gonghui("profile", "--json")
    assert json.loads(out) == {
        "unit": "云栖市第三人民医院",
        "people": 486,
        "org_type": "hospital",
        "key_tasks": ["护理技能比武", "夜班关爱"],
    }


def test_the_shipped_tables_are_sound(gonghui):
    assert gonghui("tables", "check")[:2] == (0, "数据表没有问题。\n")


def test_doctor_finds_nothing_wrong(gonghui):
    code, out, _ = gonghui("doctor", "--json")
    assert code == 0
    assert {row["name"] for row in json.loads(out)["checks"]} >= {"Python", "组件", "资料库", "模型"}


def test_a_plan_somebody_wrote_is_checked_at_its_own_places(gonghui, tmp_path):
    text = (
        "云杉市第九医院工会2026年下半年工作计划\n一、总体要求\n深入学习贯彻党的十八大精神，做好工作。\n二、主要工作\n"
        "（一）民主管理\n1.8月，召开教代会，审议绩效办法。\n2.3月，组织三八节活动。\n"
    )
    (tmp_path / "plan.txt").write_text(text, "utf-8")
    code, out, _ = gonghui("check", "plan.txt", "--json", "--today", "2026-11-21")
    findings = json.loads(out)["findings"]
    assert code == 0
    assert {"phrase", "period", "trade"} <= {f["check"] for f in findings}
    assert any("三八" in f["quote"] and f["severity"] == "high" for f in findings)


def test_our_own_word_file_comes_back_clean(gonghui):
    gonghui("draft", HOSPITAL, "-o", "own.docx", "--today", "2026-11-21")
    _, out, _ = gonghui("check", "own.docx", "--json", "--today", "2026-11-21")
    assert not [f for f in json.loads(out)["findings"] if f["severity"] == "high"]


def test_mend_and_ledger_of_a_kept_plan(gonghui):
    _, out, _ = gonghui("draft", HOSPITAL, "--json", "--today", "2026-11-21")
    draft_id = json.loads(out)["draft_id"]
    code, out, _ = gonghui("ledger", draft_id, "--json")
    figures = json.loads(out)["figures"]
    assert code == 0
    assert {"section_id", "start", "end", "text", "kind", "source", "note", "proposal", "confirmed"} <= set(
        figures[0]
    )
    proposals = [number for number, row in enumerate(figures, 1) if row["proposal"]]
    assert proposals
    gonghui("ledger", draft_id, "--confirm", str(proposals[0]))
    _, out, _ = gonghui("ledger", draft_id, "--json")
    assert json.loads(out)["figures"][proposals[0] - 1]["confirmed"]
    code, out, _ = gonghui("mend", draft_id, "--json")
    assert code == 0
    assert json.loads(out)["mended"] == []
    code, _, err = gonghui("ledger", draft_id, "--confirm", "9999")
    assert code == 1
    assert "9999" in err


def test_mend_of_a_file_writes_a_new_one(gonghui, tmp_path):
    plan = tmp_path / "旧稿.txt"
    plan.write_text(
        "清河县人民医院工会2026年下半年工作计划\n一、做好帮扶工作\n"
        "1.贯彻党的十八大精神，每月组织一次学习，由各工会小组长负责。\n"
        "2.宣传《执业医师法》，9月组织一次知识竞赛，由医务科命题。\n"
        "3.10月走访患病职工，逐户登记困难，当月办结。\n",
        "utf-8",
    )
    before = plan.read_bytes()
    code, out, _ = gonghui("mend", str(plan), "--json", "-o", str(tmp_path / "新稿.txt"))
    data = json.loads(out)
    assert code == 0
    assert {"phrase", "statute"} <= {row["finding"]["check"] for row in data["mended"]}
    text = (tmp_path / "新稿.txt").read_text("utf-8")
    assert "二十大" in text
    assert "十八大" not in text
    assert "《医师法》" in text
    assert plan.read_bytes() == before


def test_a_label_is_corrected_and_a_document_brought_back(tmp_path, capsys):
    path = tmp_path / "计划.txt"
    path.write_text(
        "临江厂工会2026年工作计划\n一、民主管理\n1.三月召开职工代表大会，审议集体合同草案。\n", "utf-8"
    )
    assert main(["add", str(path), "--json"]) == 0
    captured = capsys.readouterr()
    added = json.loads(captured.out.splitlines()[0])
    assert "新增 1 份，略过 0 份，没读成 0 份" in captured.err
    document = added["document_id"]

    assert (
        main(["library", "--document", document, "--set", "org_type=school", "--set", "年份=2025", "--json"])
        == 0
    )
    corrected = json.loads(capsys.readouterr().out)
    assert (corrected["org_type"], corrected["year"], corrected["corrected"]) == (
        "school",
        2025,
        ["org_type", "year"],
    )

    assert main(["library", "remove", "--document", document]) == 0
    assert main(["library", "restore", "--document", document, "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["org_type"] == "school"

    assert main(["library", "--document", document, "--unset", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["org_type"] == added["org_type"]
    assert main(["library", "--document", document, "--set", "year"]) == 1
    assert "org_type=hospital" in capsys.readouterr().err


def test_tables_check_tells_of_expired_rows_and_of_an_own_table(gonghui, data_home):
    code, out, _ = gonghui("tables", "check", "--json", "--today", "2026-11-21")
    assert (code, json.loads(out)) == (0, {"problems": []})
    code, out, _ = gonghui("tables", "check", "--json", "--today", "2028-03-01")
    assert code == 1
    assert any("plan_year" in sentence for sentence in json.loads(out)["problems"])
    own = data_home / "tables"
    own.mkdir(parents=True)
    (own / "calendar.toml").write_text('[[row]]\nid = "women-day"\nday = [2, 30]\n', "utf-8")
    code, out, _ = gonghui("tables", "check", "--json", "--today", "2026-11-21")
    assert code == 1
    assert any("2月30日" in sentence for sentence in json.loads(out)["problems"])
