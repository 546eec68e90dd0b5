"""What the fast runtime's passes must keep to beside the contract of all models."""

import threading

import pytest
from model_backends import make
from tiny_model import ANSWER, QUESTION, SYSTEM

from assistant import paged

pytestmark = pytest.mark.slow
MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}]
SEEN = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": ANSWER + QUESTION}]


@pytest.fixture
def model(tiny_model, tmp_path_factory):
    made = make("fast", tiny_model, tmp_path_factory.getbasetemp() / "converted", "")
    made.load()
    return made


@pytest.fixture
def passes(model, monkeypatch) -> list[tuple[int, int]]:
    """Place and number of tokens of each pass."""
    made, read = [], model._model.read

    def counted(tokens, place, rows, must_end):
        made.append((place, len(tokens)))
        return read(tokens, place, rows, must_end)

    monkeypatch.setattr(model._model, "read", counted)
    return made


def written(model, messages=MESSAGES, stop=None) -> str:
    return "".join(model.stream(messages, 300, stop or threading.Event()))


def test_a_known_beginning_is_not_read_again(model, passes):
    other = [MESSAGES[0], {"role": "user", "content": "，写短一点" + QUESTION}]
    same, _ = model._text().prompt([MESSAGES[0], {"role": "user", "content": ""}])
    list(model.stream(MESSAGES, 1, threading.Event()))
    assert passes == [(0, model.count_tokens(MESSAGES))]
    list(model.stream(other, 1, threading.Event()))
    place, count = passes[1]
    assert place + count == model.count_tokens(other)
    assert 0 < count < model.count_tokens(other) - len(same) // 2


def test_what_stands_in_the_prompt_takes_few_passes(model, passes):
    assert written(model, SEEN) == ANSWER
    assert len(passes) < 0.5 * len(ANSWER)


def test_a_text_longer_than_the_room_made_first(model, passes, monkeypatch):
    monkeypatch.setattr(paged, "ROOM", 32)
    assert written(model) == ANSWER
    assert model._model._blocks >= len(ANSWER) // 32


def test_a_stop_leaves_a_pass_in_the_middle(model, monkeypatch):
    """It comes while a long prompt is read; nothing of the pass that was left is believed afterwards."""
    stop, request = threading.Event(), model._model._request

    class Unfinished:
        """The request as long as a pass is under way; the stop comes once it has begun."""

        def __getattr__(self, name):
            return getattr(request, name)

        def start_async(self, fed):
            request.start_async(fed)
            stop.set()

        def wait_for(self, _):
            return False

    monkeypatch.setattr(model._model, "_request", Unfinished())
    long = [{"role": "system", "content": SYSTEM + ANSWER * 20}, MESSAGES[1]]
    assert written(model, long, stop) == ""
    assert model._read == []
    monkeypatch.setattr(model._model, "_request", request)
    assert written(model) == ANSWER
