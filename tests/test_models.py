import json
import shutil
import struct
from dataclasses import replace

import pytest
from model_fakes import QueueModel

from assistant.fast_model import FastModel
from assistant.local_model import LocalModel
from assistant.memory import available_memory, total_memory
from assistant.model_files import ModelFolder, check_folder, check_memory, find_model
from assistant.model_offers import TABLE, load_offers
from assistant.models import count_tokens, open_model
from assistant.server_model import ServerModel
from assistant.settings import Settings
from index.errors import UserError


def weights(values: int = 2) -> bytes:
    header = json.dumps({"w": {"dtype": "F32", "shape": [values], "data_offsets": [0, 4 * values]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(4 * values)


@pytest.fixture
def folder(tmp_path):
    """A folder that looks like a whole model; no test on it goes so far as to load it."""
    path = tmp_path / "小模型"
    path.mkdir()
    (path / "config.json").write_text('{"model_type": "qwen3", "max_position_embeddings": 4096}')
    (path / "tokenizer.json").write_text("{}")
    (path / "tokenizer_config.json").write_text('{"chat_template": "{{ messages }}"}')
    (path / "model.safetensors").write_bytes(weights())
    return path


def opened(tmp_path, model: str):
    return open_model(Settings(home=tmp_path, model=model))


def refusal(tmp_path, model) -> str:
    with pytest.raises(UserError) as told:
        opened(tmp_path, str(model))
    sentence = str(told.value)
    assert sentence.endswith("。")
    assert sentence.count("。") == 1
    return sentence


@pytest.mark.parametrize("empty", ["", "  "])
def test_no_model_is_a_choice(tmp_path, empty):
    assert opened(tmp_path, empty) is None


def test_a_folder_opens_without_being_read(tmp_path, folder):
    model = open_model(Settings(home=tmp_path, model=str(folder), model_runtime="plain"))
    assert isinstance(model, LocalModel)
    assert (model.name, model.context, model.loaded) == ("小模型", 4096, False)


def test_the_fast_runtime_takes_what_it_can_run(tmp_path, folder, monkeypatch):
    monkeypatch.setattr("assistant.fast_model.fast_installed", lambda: True)
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert isinstance(opened(tmp_path, str(folder)), FastModel)
    (folder / "config.json").write_text('{"model_type": "gemma3", "max_position_embeddings": 4096}')
    assert isinstance(opened(tmp_path, str(folder)), LocalModel)


def test_a_converted_model_without_the_fast_runtime(tmp_path, folder, monkeypatch):
    monkeypatch.setattr("assistant.fast_model.fast_installed", lambda: False)
    (folder / "openvino_model.xml").write_text("<net/>")
    (folder / "openvino_model.bin").write_bytes(b"0000")
    assert "gonghui[fast]" in refusal(tmp_path, folder)


def test_a_folder_is_measured_by_its_headers(folder):
    found = check_folder(folder, "x")
    assert found.parameters == 2
    assert found.weight_bytes == (folder / "model.safetensors").stat().st_size


def test_an_address_is_a_server(tmp_path):
    model = open_model(Settings(tmp_path, "http://127.0.0.1:9/v1", "qwen", "k", 5))
    assert isinstance(model, ServerModel)
    assert model.name == "qwen"


@pytest.mark.parametrize(
    "address",
    [
        "ftp://x/v1",
        "http://",
        "http:///v1",
        "http://a b/v1",
        "http://h:port/v1",
        "http://h:99999/v1",
        "http://[::1/v1",
    ],
)
def test_a_wrong_address_is_refused(tmp_path, address):
    assert "不对" in refusal(tmp_path, address)


def test_a_key_that_cannot_be_sent_is_refused(tmp_path):
    with pytest.raises(UserError, match="密钥"):
        open_model(Settings(tmp_path, "http://127.0.0.1:9/v1", "qwen", "中文密钥"))


def test_a_path_that_is_not_there(tmp_path):
    assert "找不到模型文件夹" in refusal(tmp_path, tmp_path / "没有" / "这个")


def test_an_empty_folder(tmp_path):
    assert "没有模型（缺 config.json）" in refusal(tmp_path, tmp_path)


def test_a_file_in_place_of_a_folder(tmp_path, folder):
    assert "不是模型文件夹，请填它所在的文件夹" in refusal(tmp_path, folder / "model.safetensors")


def test_a_gguf_file_that_was_not_copied_whole(tmp_path):
    (tmp_path / "q.gguf").write_bytes(b"GGUF")
    assert "不完整或已损坏" in refusal(tmp_path, tmp_path / "q.gguf")


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("model.safetensors", "没有模型权重"),
        ("tokenizer.json", "没有分词器"),
        ("tokenizer_config.json", "没有对话模板"),
    ],
)
def test_a_folder_with_something_missing(tmp_path, folder, missing, told):
    (folder / missing).unlink()
    assert told in refusal(tmp_path, folder)


def test_a_template_in_a_file_of_its_own_counts(tmp_path, folder):
    (folder / "tokenizer_config.json").write_text("{}")
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    assert opened(tmp_path, str(folder)) is not None


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "是空的"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "占位文件"),
        (weights()[:-1], "不完整或已损坏"),
        (weights() + b"0", "不完整或已损坏"),
        (b"\xff" * 64, "不完整或已损坏"),
        (struct.pack("<Q", 8) + b"not json", "不完整或已损坏"),
        (b"abc", "不完整或已损坏"),
    ],
    ids=["empty", "git-lfs", "cut short", "too long", "rubbish", "no json", "tiny"],
)
def test_damaged_weights(tmp_path, folder, data, told):
    (folder / "model.safetensors").write_bytes(data)
    assert told in refusal(tmp_path, folder)


def test_a_missing_shard_is_named(tmp_path, folder):
    index = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    (folder / "model-1.safetensors").write_bytes(weights())
    assert "缺 1 个权重文件（如 model-2.safetensors）" in refusal(tmp_path, folder)


def test_an_unreadable_config(tmp_path, folder):
    (folder / "config.json").write_text("{")
    assert "读不懂" in refusal(tmp_path, folder)


def test_a_name_that_is_not_on_this_machine_is_never_downloaded(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path))
    assert "程序不会自行下载" in refusal(tmp_path, "Qwen/Qwen3-0.6B")


def test_a_name_is_found_in_the_cache_of_hugging_face(tmp_path, folder):
    place = tmp_path / "hub" / "models--Qwen--Qwen3-0.6B"
    for commit in ("aaa", "bbb"):
        shutil.copytree(folder, place / "snapshots" / commit)
    (place / "refs").mkdir()
    (place / "refs" / "main").write_text("bbb")
    found = find_model("Qwen/Qwen3-0.6B", {"HF_HOME": str(tmp_path)})
    assert (found.name, found.path.name) == ("Qwen3-0.6B", "bbb")


def test_a_name_is_found_in_the_cache_of_modelscope(tmp_path, folder):
    shutil.copytree(folder, tmp_path / "scope" / "models" / "Qwen" / "Qwen3-0___6B")
    environ = {"HF_HOME": str(tmp_path), "MODELSCOPE_CACHE": str(tmp_path / "scope")}
    assert find_model("Qwen/Qwen3-0.6B", environ).name == "Qwen3-0.6B"


def test_memory_is_told_in_gigabytes(folder):
    big = replace(check_folder(folder, "大模型"), parameters=4_000_000_000)
    assert check_memory(big, 4, None) is None
    assert check_memory(big, 4, 20_000_000_000) is None
    with pytest.raises(UserError, match=r"“大模型”约需 19\.8 GB，本机能用的只有 8\.0 GB"):
        check_memory(big, 4, 8_000_000_000)


def test_this_machine_tells_its_memory():
    total, free = total_memory(), available_memory()
    assert total is None or free is None or 0 < free <= total


def test_a_model_that_cannot_count_is_taken_to_need_a_token_a_character():
    assert count_tokens(QueueModel(), [{"role": "user", "content": "工会计划"}]) == 12


def test_the_models_on_offer_are_told_with_their_needs():
    offers = load_offers()
    assert 5 <= len(offers) <= 12
    assert len({offer.name for offer in offers}) == len(offers)
    assert [offer.name for offer in offers if offer.memory_gb < 8] == ["Qwen/Qwen3-0.6B"]
    for offer in offers:
        assert offer.source == f"https://huggingface.co/{offer.name}"
        assert offer.where in ("local", "server")
        assert offer.disk_gb >= 1.9 * offer.parameters
        folder = ModelFolder(TABLE, offer.name, round(offer.disk_gb * 5e8), 0, offer.context)
        assert offer.memory_gb == pytest.approx(folder.memory_needed(4) / 1e9, abs=0.15)
