import json
import random
import shutil
import threading
from dataclasses import replace
from itertools import pairwise

import pytest
from tiny_model import ANSWER, QUESTION, SYSTEM

from assistant.local_model import LocalModel
from assistant.model_files import find_model
from assistant.prefix_cache import BLOCK
from index.errors import UserError

MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}]
OTHER = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION + "，写短一点"}]


@pytest.fixture
def model(tiny_model) -> LocalModel:
    return LocalModel(find_model(str(tiny_model)))


slow = pytest.mark.slow


@slow
def test_a_known_beginning_is_not_read_again(model):
    shared = {"role": "system", "content": SYSTEM + ANSWER * 4}
    first, second = ([shared, *messages[1:]] for messages in (MESSAGES, OTHER))
    model.load()
    read = []
    model._model.model.embed_tokens.register_forward_pre_hook(lambda _, args: read.append(args[0].shape[1]))
    list(model.stream(first, 1, threading.Event()))
    assert sum(read) == model.count_tokens(first)
    assert max(read) <= BLOCK
    read.clear()
    list(model.stream(second, 1, threading.Event()))
    kept = model.count_tokens([shared]) // BLOCK * BLOCK
    assert kept >= BLOCK
    assert sum(read) == model.count_tokens(second) - kept


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
def test_an_error_while_writing_reaches_the_reader_and_frees_the_model(model, monkeypatch):
    model.load()

    def fails(*_, **__):
        raise RuntimeError("坏了")

    with monkeypatch.context() as patch:
        patch.setattr(model._model, "forward", fails)
        with pytest.raises(RuntimeError, match="坏了"):
            list(model.stream(MESSAGES, 9, threading.Event()))
    assert "".join(model.stream(MESSAGES, 300, threading.Event())) == ANSWER


@slow
def test_running_out_of_memory_is_told(model, monkeypatch):
    model.load()

    def fails(*_, **__):
        raise MemoryError

    monkeypatch.setattr(model._model, "forward", fails)
    with pytest.raises(UserError, match="内存不够"):
        list(model.stream(MESSAGES, 9, threading.Event()))


@slow
def test_guessing_ahead_reads_fewer_passes(model):
    """What it has seen in the prompt is checked in few passes."""
    passes = []
    model.load()
    model._model.register_forward_pre_hook(lambda *_: passes.append(1))
    seen = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": ANSWER + QUESTION}]
    assert "".join(model.stream(seen, 300, threading.Event())) == ANSWER
    assert len(passes) < 0.5 * len(ANSWER)


@slow
def test_greedy_text_is_that_of_generate_over_50_prompts(model, monkeypatch):
    """Float32: reuse, guessing, attention and cache of our own change not one token."""
    import torch
    from transformers import AutoModelForCausalLM

    monkeypatch.setattr("assistant.local_model._dtype", lambda _: torch.float32)
    draw, same, texts = random.Random(5), 0, set()
    theirs = AutoModelForCausalLM.from_pretrained(model._folder.path, dtype=torch.float32).eval()
    for number in range(50):
        asked = "".join(draw.choices(ANSWER, k=draw.randint(5, 90))) + QUESTION * (number % 2)
        messages = [{"role": "system", "content": SYSTEM + ANSWER * 3}, {"role": "user", "content": asked}]
        ours = "".join(model.stream(messages, 40, threading.Event()))
        same += ours == plain(model, theirs, messages, 40)
        texts.add(ours)
    assert same == 50
    assert len(texts) > 10


def plain(model, theirs, messages, tokens: int) -> str:
    """The same answer by transformers' own generate."""
    import torch

    prompt, _ = model._text().prompt(messages)
    with torch.inference_mode():
        whole = theirs.generate(
            torch.tensor([prompt]), max_new_tokens=tokens, do_sample=False, repetition_penalty=1.0
        )
    return "".join(model._text().pieces(whole[0, len(prompt) :].tolist()))


@slow
def test_a_prompt_longer_than_the_context_is_refused(tiny_model):
    short = LocalModel(replace(find_model(str(tiny_model)), context=10))
    with pytest.raises(UserError, match="超出模型"):
        list(short.stream(MESSAGES, 9, threading.Event()))


@pytest.fixture
def copy(tmp_path, tiny_model):
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
