"""What a person sees when a model is downloaded from a mirror that works, breaks, lies or is not there."""

import json
import socket
import struct

import pytest
from model_mirror import NAME, mirror

from assistant import model_download
from assistant.model_commands import use_steps
from assistant.model_download import HUGGING_FACE, download, folder_for, source_of
from assistant.settings import Settings
from assistant.studio import Studio
from index.errors import UserError


@pytest.fixture
def remote(tmp_path):
    """A whole model folder as a site offers it: 40 kB of weights."""
    path = tmp_path / "remote"
    path.mkdir()
    (path / "config.json").write_text('{"model_type": "gemma", "max_position_embeddings": 4096}')
    (path / "tokenizer.json").write_text("{}")
    (path / "tokenizer_config.json").write_text('{"chat_template": "{{ messages }}"}')
    head = json.dumps({"w": {"dtype": "F32", "shape": [10_000], "data_offsets": [0, 40_000]}}).encode()
    (path / "model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + bytes(40_000))
    return path


def fetched(source: str, store) -> list[model_download.Progress]:
    return list(download(NAME, store, source))


def refused(source: str, store, name: str = NAME) -> str:
    with pytest.raises(UserError) as told:
        list(download(name, store, source))
    sentence = str(told.value)
    assert sentence.endswith("。")
    assert sentence.count("。") == 1
    return sentence


@pytest.mark.parametrize("kind", ["", "modelscope+"])
def test_a_model_is_downloaded_whole(tmp_path, remote, kind):
    with mirror(remote) as (_, url):
        steps = fetched(kind + url, tmp_path / "store")
    folder = folder_for(NAME, tmp_path / "store")
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {
        p.name: p.read_bytes() for p in remote.iterdir()
    }
    assert steps[-1].done == steps[-1].total == sum(p.stat().st_size for p in remote.iterdir())


def test_choosing_by_name_downloads_tells_how_far_and_opens(tmp_path, remote):
    with mirror(remote) as (_, url):
        studio = Studio(Settings(home=tmp_path / "home", model_source=url))
        steps = use_steps(studio, NAME)
        told = []
        while True:
            try:
                told.append(next(steps))
            except StopIteration as done:
                called = done.value
                break
    assert called == "Tiny-Plan"
    assert studio.settings.model == NAME
    assert "GB" in told[-1]
    assert studio.model.name == "Tiny-Plan"


def test_choosing_again_downloads_nothing(tmp_path, remote):
    with mirror(remote) as (site, url):
        studio = Studio(Settings(home=tmp_path / "home", model_source=url))
        list(use_steps(studio, NAME))
        count = len(site.asked)
        list(use_steps(studio, NAME))
        assert len(site.asked) == count


def test_a_broken_connection_is_taken_up_where_it_broke(tmp_path, remote):
    with mirror(remote, breaks=2) as (site, url):
        fetched(url, tmp_path)
    ranges = [asked for path, asked in site.asked if path.endswith(".safetensors")]
    assert ranges[0] == ""
    assert all(asked.startswith("bytes=") for asked in ranges[1:])
    weights = folder_for(NAME, tmp_path) / "model.safetensors"
    assert weights.read_bytes() == (remote / "model.safetensors").read_bytes()


def test_a_download_that_broke_goes_on_the_next_time(tmp_path, remote):
    with mirror(remote, breaks=9) as (site, url):
        assert "断了" in refused(url, tmp_path)
        there = (folder_for(NAME, tmp_path) / "model.safetensors.part").stat().st_size
        assert there > 20_000
        site.breaks = 0
        fetched(url, tmp_path)
    assert site.asked[-1][1] == f"bytes={there}-"


def test_a_wrong_file_is_thrown_away(tmp_path, remote):
    with mirror(remote, lies=True) as (_, url):
        assert "校验不对" in refused(url, tmp_path)
    left = {path.name for path in folder_for(NAME, tmp_path).iterdir()}
    assert not left


def test_no_network(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = refused(f"http://127.0.0.1:{port}", tmp_path)
    assert "连不上下载地址" in told
    assert "把模型文件夹拷来" in told


def test_a_name_that_is_not_there(tmp_path, remote):
    with mirror(remote) as (_, url):
        assert "没有“Qwen/Nothing”这个模型" in refused(url, tmp_path, "Qwen/Nothing")


def test_an_address_that_is_no_model_site(tmp_path, remote):
    (remote / "model.safetensors").unlink()
    with mirror(remote) as (_, url):
        assert "没有能用的模型权重" in refused(url, tmp_path)


def test_too_little_memory_is_said_before_anything_is_downloaded(tmp_path, remote, monkeypatch):
    monkeypatch.setattr(model_download, "total_memory", lambda: 1_000_000_000)
    with mirror(remote, swells=10_000_000_000) as (site, url):
        assert "至少要 6.1 GB，本机一共 1.0 GB" in refused(url, tmp_path)
    assert len(site.asked) == 1


def test_too_little_disk_is_said_before_anything_is_downloaded(tmp_path, remote, monkeypatch):
    monkeypatch.setattr(model_download, "total_memory", lambda: None)
    with mirror(remote, swells=10**17) as (site, url):
        assert "磁盘空间不够" in refused(url, tmp_path)
    assert len(site.asked) == 1


def test_where_models_come_from():
    assert source_of("", {}) == HUGGING_FACE
    assert source_of("", {"HF_ENDPOINT": "https://hf-mirror.example/"}) == "https://hf-mirror.example"
    assert source_of("https://modelscope.cn", {"HF_ENDPOINT": "https://x"}) == "https://modelscope.cn"
