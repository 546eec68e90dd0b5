"""All data in one file and back: nothing lost, nothing of another kind let in, the key left out."""

import json
import tomllib
import zipfile
from datetime import datetime

import pytest

from assistant.cli import main
from assistant.profile import save_profile
from assistant.settings import Settings, save_settings
from assistant.studio import Studio
from assistant.types import Profile
from index.errors import UserError
from tests.papers import plan

NOW = datetime(2026, 11, 21, 9, 30)


@pytest.fixture
def studio(ready_home):
    settings = Settings(home=ready_home)
    save_profile(settings.profile, Profile(unit="白鹭小学", people=60))
    settings = save_settings(settings, model="http://127.0.0.1:9/v1", model_key="secret-key")
    settings.tables.mkdir()
    (settings.tables / "phrases.toml").write_text("", "utf-8")
    made = Studio(settings)
    made.history.save(plan(id=""))
    list(
        made.library.add_text(
            "云杉镇总工会2026年工作计划\n一、建会\n1.3月走访园区企业，登记未建会名单。", "旧计划"
        )
    )
    yield made
    made.close()


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A studio on another PC, with a profile of its own."""
    home = tmp_path / "另一台"
    monkeypatch.setenv("GONGHUI_HOME", str(home))
    settings = Settings(home=home)
    save_profile(settings.profile, Profile(unit="红杉中学"))
    made = Studio(settings)
    yield made
    made.close()


def restored(studio, path):
    return [event for event in studio.restore(path, NOW) if not isinstance(event, str)][-1]


def test_everything_comes_back_on_another_pc(studio, elsewhere, tmp_path):
    path = studio.backup(tmp_path / "备份.zip", NOW)
    done = restored(elsewhere, path)
    assert elsewhere.profile().unit == "白鹭小学"
    assert [row.title for row in elsewhere.drafts()] == [plan().title]
    assert elsewhere.settings.model == "http://127.0.0.1:9/v1"
    assert (elsewhere.settings.tables / "phrases.toml").is_file()
    hits = elsewhere.search("走访园区企业 登记未建会").hits
    assert "未建会名单" in hits[0].passage.text
    assert done.aside is not None
    assert "红杉中学" in (done.aside / "profile.toml").read_text("utf-8"), "what was there is kept"


def test_the_key_of_a_server_stays_on_its_own_pc(studio, tmp_path):
    path = studio.backup(tmp_path / "备份.zip", NOW)
    with zipfile.ZipFile(path) as archive:
        assert "secret-key" not in archive.read("settings.toml").decode()
        assert all(b"secret-key" not in archive.read(name) for name in archive.namelist())
    assert tomllib.loads(studio.settings.file.read_text("utf-8"))["model_key"] == "secret-key"


def test_a_backup_of_open_databases_is_whole(studio, tmp_path):
    studio.library.documents()
    path = studio.backup(tmp_path / "备份.zip", NOW)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert set(json.loads(archive.read("gonghui.json"))["names"]) >= {"drafts.db", "library/library.db"}


def zipped(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    "members",
    [
        {"readme.txt": "x"},
        {"gonghui.json": "不是清单"},
        {"gonghui.json": '{"format": 1, "names": ["drafts.db"]}'},
        {"gonghui.json": '{"format": 1, "names": ["drafts.db"]}', "drafts.db": "not a database"},
        {"gonghui.json": '{"format": 2, "names": []}'},
    ],
)
def test_what_is_no_sound_backup_is_refused_and_changes_nothing(elsewhere, tmp_path, members):
    with pytest.raises(UserError, match="备份|损坏"):
        list(elsewhere.restore(zipped(tmp_path / "坏.zip", members), NOW))
    assert elsewhere.profile().unit == "红杉中学"
    assert not list(elsewhere.settings.home.glob("恢复前*"))
    assert not list(elsewhere.settings.home.glob(".restore-*"))


def test_a_name_that_leads_out_of_the_folder_is_not_unpacked(elsewhere, tmp_path):
    names = ["../out.toml", "tables/../../out.toml", "cache/x", "profile.toml"]
    members = {"gonghui.json": json.dumps({"format": 1, "names": names}), "profile.toml": 'unit = "云河小学"'}
    done = restored(elsewhere, zipped(tmp_path / "怪.zip", {**members, "../out.toml": "x"}))
    assert done.names == ("profile.toml",)
    assert not (tmp_path / "out.toml").exists()


def test_nothing_to_keep_is_said(tmp_path):
    with pytest.raises(UserError, match="没有可以备份的内容"):
        Studio(Settings(home=tmp_path / "空")).backup(tmp_path / "备份.zip", NOW)
    assert not list(tmp_path.glob("备份*"))


def test_the_commands(studio, elsewhere, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = studio.backup(tmp_path / "备份.zip", NOW)
    assert main(["restore", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["restored"][0] == "drafts.db"
    assert main(["backup"]) == 0
    assert "已备份" in capsys.readouterr().out
    (draft,) = elsewhere.drafts()
    changed = elsewhere.edit(draft.id, "SKILL", "1.10月，举办技能比武决赛。")
    assert main(["redline", changed.id, "-o", "改动.docx"]) == 0
    assert main(["export", changed.id, "--form", "tasks", "-o", "任务.docx"]) == 0
    assert main(["export", changed.id, "-o", "任务.xlsx"]) == 0
    assert sorted(p.suffix for p in tmp_path.iterdir() if p.is_file()) == [
        ".docx",
        ".docx",
        ".xlsx",
        ".zip",
        ".zip",
    ]
    assert main(["redline", "改动.docx"]) == 1
    assert "和哪一份比" in capsys.readouterr().err
