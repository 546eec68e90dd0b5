"""What the fast runtime's passes must keep to beside the contract of all models."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from model_backends import make
from tiny_model import ANSWER, QUESTION, SYSTEM

from assistant import paged
from assistant.model_commands import use_steps
from assistant.models import open_model, waiting_line
from assistant.settings import Settings
from assistant.studio import Studio

pytestmark = pytest.mark.slow
MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}]
SEEN = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": ANSWER + QUESTION}]


@pytest.fixture
def model(tiny_model, tmp_path_factory):
    made = make("fast", tiny_model, tmp_path_factory.getbasetemp() / "converted", "")
    made.load()
    return made


@pytest.fixture
def passes(model, monkeypatch) -> list[list[tuple[int, int]]]:
    """Place and number of tokens of each text's part of each pass."""
    made, read = [], model._texts._model.read

    def counted(parts, must_end):
        made.append([(part.place, len(part.tokens)) for part in parts])
        return read(parts, must_end)

    monkeypatch.setattr(model._texts._model, "read", counted)
    return made


def written(model, messages=MESSAGES, stop=None) -> str:
    return "".join(model.stream(messages, 300, stop or threading.Event()))


def test_a_known_beginning_is_not_read_again(model, passes):
    other = [MESSAGES[0], {"role": "user", "content": "，写短一点" + QUESTION}]
    same, _ = model._text().prompt([MESSAGES[0], {"role": "user", "content": ""}])
    list(model.stream(MESSAGES, 1, threading.Event()))
    assert passes == [[(0, model.count_tokens(MESSAGES))]]
    list(model.stream(other, 1, threading.Event()))
    ((place, count),) = passes[1]
    assert place + count == model.count_tokens(other)
    assert 0 < count < model.count_tokens(other) - len(same) // 2


def test_what_stands_in_the_prompt_takes_few_passes(model, passes):
    assert written(model, SEEN) == ANSWER
    assert len(passes) < 0.5 * len(ANSWER)


def test_a_text_longer_than_the_room_made_first(model, passes, monkeypatch):
    monkeypatch.setattr(paged, "ROOM", 32)
    assert written(model) == ANSWER
    assert model._texts._model._blocks >= len(ANSWER) // 32


def test_a_stop_leaves_a_pass_in_the_middle(model, monkeypatch):
    """It comes while a long prompt is read; nothing of the pass that was left is believed afterwards."""
    paged_model = model._texts._model
    stop, request = threading.Event(), paged_model._request

    class Unfinished:
        """The request as long as a pass is under way; the stop comes once it has begun."""

        def __getattr__(self, name):
            return getattr(request, name)

        def start_async(self, fed):
            request.start_async(fed)
            stop.set()

        def wait_for(self, _):
            return False

    monkeypatch.setattr(paged_model, "_request", Unfinished())
    long = [{"role": "system", "content": SYSTEM + ANSWER * 20}, MESSAGES[1]]
    assert written(model, long, stop) == ""
    assert [text.read for text in model._texts._left] == [[]]
    monkeypatch.setattr(paged_model, "_request", request)
    assert written(model) == ANSWER


def together(model, asked, stops=()):
    """What the model writes for each of several conversations that are asked for at the same time."""
    stops = stops or [threading.Event() for _ in asked]
    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(lambda pair: written(model.beside(), *pair), zip(asked, stops, strict=True)))


OTHERS = [[MESSAGES[0], {"role": "user", "content": f"写第{n}节" + QUESTION}] for n in "一二三四五六"]


def test_several_answers_are_written_in_the_same_passes(model, passes):
    alone = [written(model, messages) for messages in OTHERS]
    one_by_one = len(passes)
    passes.clear()
    assert together(model, OTHERS) == alone
    assert max(map(len, passes)) == model.at_once() == 4
    assert len(passes) < 0.6 * one_by_one


def test_what_they_begin_with_alike_is_read_once(model, passes):
    same, _ = model._text().prompt([MESSAGES[0], {"role": "user", "content": ""}])
    together(model, OTHERS[:4])
    beginnings = [place for parts in passes for place, _ in parts if place < len(same) // 2]
    assert beginnings == [0]


def test_one_that_is_stopped_leaves_the_others_whole(model):
    whole = written(model, OTHERS[1])
    stop = threading.Event()
    stream = model.beside().stream(OTHERS[0], 300, stop)
    first = next(stream)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(written, model.beside(), OTHERS[1])
        stop.set()
        rest = "".join(stream)
        assert other.result() == whole
    assert len(first + rest) < len(whole)
    assert model.turns.idle


def test_of_several_answers_each_tells_its_own_end(model):
    short, long = model.beside(), model.beside()
    list(short.stream(MESSAGES, 3, threading.Event()))
    assert written(long) == ANSWER
    assert short.truncated
    assert not long.truncated


def test_blocks_of_texts_that_are_gone_are_used_again(model):
    for messages in OTHERS * 2:
        written(model, messages)
    texts = model._texts
    used = {block for text in texts._left for block in text.blocks}
    assert len(texts._left) == 1
    assert set(texts._uses) == used


def test_a_model_is_converted_when_it_is_chosen_not_when_it_first_writes(tiny_model, tmp_path):
    before = open_model(Settings(home=tmp_path, model=str(tiny_model)))
    assert "正在为本机转换" in waiting_line(before)
    studio = Studio(Settings(home=tmp_path))
    (told,) = use_steps(studio, str(tiny_model))
    assert told.startswith(f"正在为本机转换 {before.name}：大约要")
    assert waiting_line(studio.model) == ""
    assert list(use_steps(studio, str(tiny_model))) == []
