"""The parts of a model in this process: the queue, guessing ahead, drawing, idle unloading, the GGUF head."""

import struct
import threading
from collections.abc import Generator
from types import SimpleNamespace

import pytest

from assistant.copying import FEWEST_GUESSED, MOST_GUESSED, Guesser
from assistant.gguf_head import read_head
from assistant.model_files import ModelFolder, check_folder
from assistant.model_offers import load_families
from assistant.model_speed import Machine, first_seconds, hanzi_a_second, probe
from assistant.models import waiting_line
from assistant.resident import ResidentModel
from assistant.sampling import GREEDY, Sampling, pick, sampling_for, seeded
from assistant.turns import FIRST_GUESS, Turns
from index.errors import UserError

ASKED = [{"role": "user", "content": "请写一节"}]


def test_the_queue_tells_who_is_ahead_and_for_how_long():
    turns, stops = Turns(), [threading.Event() for _ in range(3)]
    assert turns.place().ahead == 0
    reached, go = threading.Barrier(2), threading.Event()

    def work(stop: threading.Event, first: bool) -> None:
        with turns.turn(stop) as mine:
            assert mine
            if first:
                reached.wait(5)
                go.wait(5)

    workers = [threading.Thread(target=work, args=(stops[0], True))]
    workers[0].start()
    reached.wait(5)
    for stop in stops[1:]:
        workers.append(threading.Thread(target=work, args=(stop, False)))
        workers[-1].start()
        while turns.place(stop).ahead != len(workers) - 1 or turns.place().ahead != len(workers):
            pass
    assert turns.place(stops[0]).ahead == 0
    assert waiting_line(SimpleNamespace(turns=turns), stops[0]) == ""
    assert "前面还有 2 份" in waiting_line(SimpleNamespace(turns=turns), stops[2])
    assert [turns.place(stop).ahead for stop in stops[1:]] == [1, 2]
    assert 0 < turns.place(stops[1]).seconds <= FIRST_GUESS < turns.place(stops[2]).seconds
    go.set()
    for worker in workers:
        worker.join(5)
    assert turns.idle


def test_a_model_without_a_queue_says_nothing():
    assert waiting_line(None) == ""
    assert waiting_line(object()) == ""


def test_who_gives_up_waiting_leaves_the_queue():
    turns, stop = Turns(), threading.Event()
    stop.set()
    with turns.turn(threading.Event()) as first, turns.turn(stop) as second:
        assert (first, second) == (True, False)
    assert turns.idle


def test_guesses_come_from_where_the_last_words_stood_before():
    guesser = Guesser([1, 2, 3, 4, 5, 6, 7, 8, 2, 3, 4])
    assert guesser.guess(10) == [5, 6, 7, 8, 2, 3, 4]
    assert guesser.guess(2) == [5, 6]
    assert guesser.guess(0) == []
    assert Guesser([1, 2, 3, 4]).guess(10) == []
    assert Guesser([]).guess(10) == []


def test_guessing_follows_its_success():
    guesser = Guesser([*range(100), 0, 1, 2])
    for _ in range(5):
        guesser.judge(4, 4)
    assert len(guesser.guess(50)) == MOST_GUESSED
    for _ in range(5):
        guesser.judge(12, 0)
    assert len(guesser.guess(50)) == FEWEST_GUESSED


def test_a_draw_depends_on_the_seed_and_the_place_alone():
    torch = pytest.importorskip("torch")
    logits = torch.linspace(0, 1, 500)
    wild = Sampling(5.0, 1.0, 100, 0.0, 3)
    places = [pick(logits, [0] * place, wild) for place in range(30)]
    assert places == [pick(logits, [0] * place, wild) for place in range(30)]
    assert len(set(places)) > 10
    assert pick(logits, [], GREEDY) == 499
    assert min(places) >= 400
    nearly_greedy = Sampling(0.001, 1.0, 20, 0.0, 3)
    assert pick(logits, [1], nearly_greedy) == 499


def test_what_was_written_often_is_held_back():
    torch = pytest.importorskip("torch")
    logits = torch.tensor([1.0, 0.9, 0.0])
    careful = Sampling(frequency=0.1)
    assert pick(logits, [0], careful) == 0
    assert pick(logits, [0, 0], careful) == 1


def test_another_version_has_another_seed_and_the_same_has_the_same():
    other = [{"role": "user", "content": "请写一节，换一版"}]
    assert seeded(GREEDY, ASKED) == seeded(GREEDY, ASKED)
    assert seeded(GREEDY, ASKED).seed != seeded(GREEDY, other).seed
    assert seeded(Sampling(seed=1), ASKED).seed != seeded(GREEDY, ASKED).seed


def test_every_name_has_a_family():
    assert load_families()[-1].match == ""
    assert sampling_for("Qwen3-4B-Instruct-2507", 5) == Sampling(0.5, 0.8, 20, 0.1, 5)
    assert sampling_for("别的模型").temperature == 0.3


class Words(ResidentModel):
    """A model without weights."""

    opened = 0
    loaded = False

    def _open(self) -> None:
        self.opened, self.loaded = self.opened + 1, True

    def _shut(self) -> None:
        self.loaded = False

    def _text(self):
        return self

    ends = frozenset()

    def prompt(self, messages):
        return [1, 2, 3], ""

    def pieces(self, tokens):
        return (f"字{token}" for token in tokens)

    def _tokens(self, asked) -> Generator[int, None, None]:
        yield from range(min(asked.room, 3))


def test_a_model_leaves_the_memory_when_idle_and_comes_back(tmp_path):
    model = Words(ModelFolder(tmp_path, "小", 1, 1, None), idle_seconds=0.01)
    for round_ in (1, 2):
        assert "".join(model.stream(ASKED, 9, threading.Event())) == "字0字1字2"
        model._timer.join(5)
        assert not model.loaded
        assert model.opened == round_


def test_a_model_that_writes_is_not_unloaded(tmp_path):
    model = Words(ModelFolder(tmp_path, "小", 1, 1, None))
    stream = model.stream(ASKED, 9, threading.Event())
    next(stream)
    model.unload()
    assert model.loaded
    stream.close()
    model.unload()
    assert not model.loaded


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def gguf(template: bool = True, tail: bytes = bytes(64)) -> bytes:
    """A GGUF file by hand: two numbers, a list, perhaps a template, one tensor of 4 x 2 at offset 0."""
    entries = [
        text("general.architecture") + struct.pack("<I", 8) + text("qwen3"),
        text("qwen3.context_length") + struct.pack("<II", 4, 4096),
        text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 2) + text("一") + text("二"),
    ]
    if template:
        entries.append(text("tokenizer.chat_template") + struct.pack("<I", 8) + text("{{ messages }}"))
    tensor = text("w") + struct.pack("<I", 2) + struct.pack("<QQ", 4, 2) + struct.pack("<IQ", 0, 0)
    return b"GGUF" + struct.pack("<IQQ", 3, 1, len(entries)) + b"".join(entries) + tensor + tail


def test_a_gguf_file_tells_what_it_holds(tmp_path):
    (tmp_path / "小.gguf").write_bytes(gguf())
    found = check_folder(tmp_path / "小.gguf", "")
    assert (found.name, found.architecture, found.context, found.parameters) == ("小", "qwen3", 4096, 8)


def test_a_gguf_file_without_a_template_is_no_chat_model(tmp_path):
    (tmp_path / "小.gguf").write_bytes(gguf(template=False))
    with pytest.raises(UserError, match="没有对话模板"):
        check_folder(tmp_path / "小.gguf", "")


@pytest.mark.parametrize("data", [b"", b"GGUF", b"no gguf at all", gguf()[:60], gguf(tail=b"")])
def test_a_gguf_file_that_is_not_whole(tmp_path, data):
    (tmp_path / "小.gguf").write_bytes(data)
    with pytest.raises(UserError, match="不完整或已损坏"):
        read_head(tmp_path / "小.gguf")


def test_the_speed_to_expect_follows_memory_and_size(tmp_path):
    machine = Machine(20e9, 400e9, "x")
    assert hanzi_a_second(machine, 0.6e9, 1.07) == pytest.approx(26.7, abs=0.1)
    assert hanzi_a_second(machine, 6e9, 1.07) == pytest.approx(2.67, abs=0.01)
    assert first_seconds(machine, 0.6e9) == pytest.approx(5.6, abs=0.1)
    measured = probe(tmp_path / "speed.json")
    assert measured.memory > 0
    assert probe(tmp_path / "speed.json") == measured
