import json
import shutil
import struct
import threading
from dataclasses import replace
from itertools import pairwise

import pytest
from model_fakes import QueueModel
from tiny_model import ANSWER, QUESTION, SYSTEM, tiny_model  # noqa: F401

from assistant.local_model import LocalModel
from assistant.model_files import (
    ModelFolder,
    available_memory,
    check_folder,
    check_memory,
    find_model,
    total_memory,
)
from assistant.model_offers import TABLE, load_offers
from assistant.models import count_tokens, open_model
from assistant.server_model import ServerModel
from assistant.settings import Settings
from index.errors import UserError

MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}]
OTHER = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION + "，写短一点"}]


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
    model = opened(tmp_path, str(folder))
    assert isinstance(model, LocalModel)
    assert (model.name, model.context, model.loaded) == ("小模型", 4096, False)


def test_a_folder_is_measured_by_its_headers(folder):
    found = check_folder(folder, "x")
    assert found.parameters == 2
    assert found.weight_bytes == (folder / "model.safetensors").stat().st_size


def test_an_address_is_a_server(tmp_path):
    model = open_model(Settings(tmp_path, "http://127.0.0.1:9/v1", "qwen", "k", 5))
    assert isinstance(model, ServerModel)
    assert model.name == "qwen"


@pytest.mark.parametrize("address", ["ftp://x/v1", "http://", "http:///v1"])
def test_a_wrong_address_is_refused(tmp_path, address):
    assert "不对" in refusal(tmp_path, address)


def test_a_path_that_is_not_there(tmp_path):
    assert "找不到模型文件夹" in refusal(tmp_path, tmp_path / "没有" / "这个")


def test_an_empty_folder(tmp_path):
    assert "没有模型（缺 config.json）" in refusal(tmp_path, tmp_path)


def test_a_file_in_place_of_a_folder(tmp_path, folder):
    assert "不是模型文件夹，请填它所在的文件夹" in refusal(tmp_path, folder / "model.safetensors")


def test_a_gguf_file_needs_a_server(tmp_path):
    (tmp_path / "q.gguf").write_bytes(b"GGUF")
    assert "Ollama" in refusal(tmp_path, tmp_path / "q.gguf")


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
    assert "不会自行下载" in refusal(tmp_path, "Qwen/Qwen3-0.6B")


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


def workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "gonghui-model"]


@pytest.fixture
def model(tmp_path, tiny_model) -> LocalModel:  # noqa: F811
    return opened(tmp_path, str(tiny_model))


slow = pytest.mark.slow


@slow
def test_the_answer_streams_and_is_the_one_it_learnt(model):
    pieces = list(model.stream(MESSAGES, 300, threading.Event()))
    assert "".join(pieces) == ANSWER
    assert len(pieces) > 40
    assert not model.truncated
    assert workers() == []


@slow
def test_a_known_beginning_changes_nothing_in_the_answer(model, tiny_model):  # noqa: F811
    flag = threading.Event()
    reused = ["".join(model.stream(messages, 60, flag)) for messages in (OTHER, MESSAGES, OTHER, MESSAGES)]
    fresh = ["".join(LocalModel(find_model(str(tiny_model))).stream(m, 60, flag)) for m in (OTHER, MESSAGES)]
    assert reused == fresh * 2


@slow
def test_a_known_beginning_is_not_read_again(model):
    model.load()
    read = []
    model._model.model.embed_tokens.register_forward_pre_hook(lambda _, args: read.append(args[0].shape[1]))
    list(model.stream(MESSAGES, 1, threading.Event()))
    list(model.stream(OTHER, 1, threading.Event()))
    system = model.count_tokens(MESSAGES[:1])
    assert read[0] == model.count_tokens(MESSAGES)
    assert 0 < read[1] < model.count_tokens(OTHER) - system // 2


@slow
def test_the_token_cap_holds_and_is_told(model):
    text = "".join(model.stream(MESSAGES, 5, threading.Event()))
    assert text
    assert ANSWER.startswith(text)
    assert model.truncated


@slow
def test_stop_ends_within_one_token(model):
    stop, passes = threading.Event(), []
    model.load()
    model._model.register_forward_pre_hook(lambda *_: passes.append(stop.is_set()))
    stream = model.stream(MESSAGES, 300, stop)
    first = next(stream)
    stop.set()
    assert list(stream) == []
    assert ANSWER.startswith(first)
    assert passes.count(True) <= 1
    assert workers() == []


@slow
def test_reading_a_long_prompt_can_be_stopped(model):
    stop, reached = threading.Event(), []
    model.load()
    first, second = model._model.model.layers
    first.register_forward_pre_hook(lambda *_: stop.set())
    second.register_forward_hook(lambda *_: reached.append(True))
    assert list(model.stream(MESSAGES, 300, stop)) == []
    assert reached == []


@slow
def test_closing_the_stream_frees_the_model(model):
    stream = model.stream(MESSAGES, 300, threading.Event())
    next(stream)
    assert len(workers()) == 1
    stream.close()
    assert workers() == []
    assert "".join(model.stream(MESSAGES, 300, threading.Event())) == ANSWER


@slow
def test_two_streams_do_not_interleave(model):
    order, texts = [], {}

    def read(label: str) -> None:
        pieces = []
        for piece in model.stream(MESSAGES, 300, threading.Event()):
            order.append(label)
            pieces.append(piece)
        texts[label] = "".join(pieces)

    readers = [threading.Thread(target=read, args=(label,)) for label in "ab"]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(60)
    assert texts == {"a": ANSWER, "b": ANSWER}
    assert sum(one != two for one, two in pairwise(order)) == 1


@slow
def test_waiting_for_the_model_can_be_stopped(model):
    stop = threading.Event()
    first = model.stream(MESSAGES, 300, threading.Event())
    next(first)
    waiting: list[str] = ["nothing yet"]
    reader = threading.Thread(
        target=lambda: waiting.__setitem__(slice(None), model.stream(MESSAGES, 9, stop))
    )
    reader.start()
    stop.set()
    reader.join(10)
    assert waiting == []
    assert "".join(first)


@slow
def test_an_error_in_the_worker_reaches_the_reader_and_frees_the_model(model, monkeypatch):
    model.load()

    def fails(*_, **__):
        raise RuntimeError("坏了")

    with monkeypatch.context() as patch:
        patch.setattr(model._model, "generate", fails)
        with pytest.raises(RuntimeError, match="坏了"):
            list(model.stream(MESSAGES, 9, threading.Event()))
    assert "".join(model.stream(MESSAGES, 300, threading.Event())) == ANSWER


@slow
def test_running_out_of_memory_is_told(model, monkeypatch):
    model.load()

    def fails(*_, **__):
        raise MemoryError

    monkeypatch.setattr(model._model, "generate", fails)
    with pytest.raises(UserError, match="内存不够"):
        list(model.stream(MESSAGES, 9, threading.Event()))


@slow
def test_a_prompt_longer_than_the_context_is_refused(tiny_model):  # noqa: F811
    short = LocalModel(replace(find_model(str(tiny_model)), context=10))
    with pytest.raises(UserError, match="超出模型"):
        list(short.stream(MESSAGES, 9, threading.Event()))


@slow
def test_tokens_are_counted_as_the_model_reads_them(model, tiny_model):  # noqa: F811
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_model)
    prompt = f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n{QUESTION}<|im_end|>\n"
    prompt += "<|im_start|>assistant\n<think>\n\n</think>\n\n"
    assert count_tokens(model, MESSAGES) == len(tokenizer(prompt)["input_ids"])


@pytest.fixture
def copy(tmp_path, tiny_model):  # noqa: F811
    return shutil.copytree(tiny_model, tmp_path / "copy")


def load_refusal(path) -> str:
    with pytest.raises(UserError) as told:
        LocalModel(find_model(str(path))).load()
    return str(told.value)


@slow
def test_missing_weights_are_never_made_up(copy):
    from safetensors.torch import load_file, save_file

    tensors = load_file(copy / "model.safetensors")
    del tensors["model.layers.1.mlp.up_proj.weight"]
    save_file(tensors, copy / "model.safetensors", {"format": "pt"})
    assert "权重不全（缺 1 项）" in load_refusal(copy)


@slow
def test_an_unknown_kind_of_model_is_told(copy):
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"model_type": "nonesuch"}))
    assert "不认识" in load_refusal(copy)


@slow
def test_a_broken_tokenizer_is_told(copy):
    (copy / "tokenizer.json").write_text("{}")
    assert "读不出来" in load_refusal(copy)


@slow
def test_a_template_without_a_system_role_gets_one_message(copy):
    (copy / "chat_template.jinja").write_text(
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}"
        "{{ m.content }}{% endfor %}"
    )
    model = LocalModel(find_model(str(copy)))
    assert model.count_tokens(MESSAGES) == model.count_tokens(
        [{"role": "user", "content": f"{SYSTEM}\n\n{QUESTION}"}]
    )


@slow
def test_thinking_that_the_template_opens_is_not_shown(copy):
    (copy / "chat_template.jinja").write_text("{{ messages[0].content }}<think>\n")
    text = "".join(LocalModel(find_model(str(copy))).stream(MESSAGES, 40, threading.Event()))
    assert text == ""
