"""What every model must do, whatever runs it: one set of tests over all back ends and the same weights."""

import gc
import random
import shutil
import threading

import pytest
from model_backends import NO_FAST, make, own_threads, small_server
from tiny_model import ANSWER, QUESTION, SYSTEM

from assistant.fast_model import FastModel, fast_installed
from assistant.gguf_file import converted
from assistant.model_files import find_model
from assistant.models import count_tokens
from assistant.sampling import Sampling
from assistant.types import Model
from index.errors import UserError

pytestmark = pytest.mark.slow
MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}]
HERE = ["local", "fast"]
SERVED = ["transformers serve", "small server"]
KINDS = HERE + SERVED


@pytest.fixture(scope="module")
def small(tmp_path_factory, tiny_model):
    with small_server(tiny_model, tmp_path_factory.mktemp("small") / "log") as (url, _):
        yield url


@pytest.fixture
def build(request, tmp_path_factory, tiny_model):
    """Make a model of a kind: `build(kind, sampling)`."""
    fixtures = {"transformers serve": "transformers_server", "small server": "small"}

    def of(kind, sampling=None):
        url = request.getfixturevalue(fixtures[kind]) if kind in fixtures else ""
        store = tmp_path_factory.getbasetemp() / "converted"
        return make(kind, tiny_model, store, url, sampling or Sampling())

    return of


def written(model: Model, messages=MESSAGES, tokens=300) -> str:
    """The answer; a server may begin it with the line breaks that close the thinking."""
    return "".join(model.stream(messages, tokens, threading.Event())).strip()


@pytest.mark.parametrize("kind", KINDS)
def test_it_streams_what_it_learnt_in_whole_characters(build, kind):
    model = build(kind)
    pieces = list(model.stream(MESSAGES, 300, threading.Event()))
    assert "".join(pieces).strip() == ANSWER
    assert len(pieces) > 10
    assert all("\ufffd" not in piece for piece in pieces)
    assert not model.truncated
    assert own_threads() == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_token_cap_holds_and_is_told(build, kind):
    model = build(kind)
    text = written(model, tokens=9)
    assert text
    assert ANSWER.startswith(text)
    assert model.truncated


@pytest.mark.parametrize("kind", KINDS)
def test_a_stop_ends_it_and_leaves_it_free(build, kind):
    model, stop = build(kind), threading.Event()
    stream = model.stream(MESSAGES, 300, stop)
    first = next(stream)
    stop.set()
    assert list(stream) == []
    assert own_threads() == []
    assert ANSWER.startswith(first.strip())
    assert written(model) == ANSWER


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_that_goes_away_leaves_it_free(build, kind):
    model = build(kind)
    stream = model.stream(MESSAGES, 300, threading.Event())
    next(stream)
    stream.close()
    assert own_threads() == []
    assert written(model) == ANSWER


@pytest.mark.parametrize("kind", KINDS)
def test_a_stop_before_the_start_writes_nothing(build, kind):
    stop = threading.Event()
    stop.set()
    assert list(build(kind).stream(MESSAGES, 9, stop)) == []


@pytest.mark.parametrize("kind", ["local", "fast", "small server"])
def test_the_same_seed_draws_the_same_and_another_seed_otherwise(build, kind):
    wild = [build(kind, Sampling(3.0, 1.0, 50, 0.0, seed)) for seed in (1, 1, 2)]
    first, same, other = (written(model, tokens=40) for model in wild)
    assert first == same
    assert first != other
    assert written(wild[0], tokens=40) == first


@pytest.mark.parametrize("kind", HERE)
def test_another_version_draws_otherwise(build, kind):
    model = build(kind, Sampling(3.0, 1.0, 50, 0.0, 1))
    again = [*MESSAGES[:1], {"role": "user", "content": QUESTION + "，换一版"}]
    assert written(model, MESSAGES, 40) != written(model, again, 40)


def prompts(count: int) -> list[list[dict[str, str]]]:
    """Prompts with a long shared beginning and their own end, as the sections of a plan have."""
    draw = random.Random(7)
    shared = SYSTEM + "。" + ANSWER * 4
    asked = ["".join(draw.choices(ANSWER + QUESTION, k=draw.randint(10, 80))) for _ in range(count)]
    return [
        [{"role": "system", "content": shared}, {"role": "user", "content": text + QUESTION * (n % 2)}]
        for n, text in enumerate(asked)
    ]


@pytest.mark.parametrize("kind", HERE)
def test_reusing_what_was_read_changes_nothing(build, kind):
    asked = prompts(8)
    reusing = build(kind)
    reused = [written(reusing, messages, 60) for messages in asked]
    assert reused == [written(build(kind), messages, 60) for messages in asked]
    assert len(set(reused)) > 4


@pytest.mark.parametrize("kind", HERE)
def test_an_edit_of_one_section_reuses_its_own_beginning(build, kind):
    model = build(kind)
    assert [written(model) for _ in range(3)] == [ANSWER] * 3


@pytest.mark.parametrize("kind", HERE)
def test_no_chat_template_is_one_sentence(build, kind, tmp_path, tiny_model):
    folder = shutil.copytree(tiny_model, tmp_path / "base")
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(UserError, match="没有对话模板") as told:
        make(kind, folder, tmp_path, "")
    assert str(told.value).count("。") == 1
    assert find_model(str(tiny_model)).name == tiny_model.name


def test_a_gguf_file_is_opened_as_it_is(tmp_path, tiny_model):
    """The file a folder is converted to is whole in itself: vocabulary, template, weights."""
    if not fast_installed():
        pytest.skip(NO_FAST)
    file = converted(find_model(str(tiny_model)), tmp_path)
    model = FastModel(find_model(str(file)), tmp_path)
    assert written(model) == ANSWER


@pytest.mark.parametrize("kind", HERE)
def test_tokens_are_counted_alike(build, kind):
    assert count_tokens(build(kind), MESSAGES) == count_tokens(build("local"), MESSAGES)


@pytest.mark.parametrize("kind", HERE)
def test_unloading_and_writing_again(build, kind):
    model = build(kind)
    assert written(model) == ANSWER
    model.unload()
    assert not model.loaded
    assert written(model) == ANSWER


@pytest.mark.parametrize("kind", HERE)
def test_many_stops_leave_neither_threads_nor_memory(build, kind):
    """A small version of benchmarks/stop_storm.py."""
    model, draw = build(kind), random.Random(3)
    assert written(model) == ANSWER
    gc.collect()
    threads, tensors = threading.active_count(), _tensors()
    for number in range(30):
        stop = threading.Event()
        stream = model.stream(MESSAGES, 300, stop)
        for _, _piece in zip(range(draw.randint(0, 40)), stream, strict=False):
            pass
        stop.set() if number % 2 else stream.close()
        list(stream)
    gc.collect()
    assert threading.active_count() == threads
    assert _tensors() <= tensors
    assert written(model) == ANSWER


def _tensors() -> int:
    import torch

    return sum(isinstance(found, torch.Tensor) for found in gc.get_objects())
