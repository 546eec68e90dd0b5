"""How fast a plan is written: plain transformers, LocalModel, the raw fast runtime, FastModel, in one run.

    python benchmarks/model_speed.py [--shape 0.6B|1.7B] [--sections 8] [--copied 0.46] [--engines a,b]

The same random weights of the real Qwen3 shape for all, and the same prompts: 1,300 shared and 200 own
tokens, 130 new ones a section. The output head is wired so that every token has one successor, whatever the
precision: so all engines write the same text with the work of the real shape, and how much of it stands in
the prompt (`--copied`, in spans of 30 tokens) is set and not left to chance. The head is not tied to the
embedding as in Qwen's own small models: each new token costs the same, the weights take 0.3 GB more. Each
engine runs in a process of its own; they write each section in turn, so that what else the machine does hits
all alike, and none ends before all are done (1.7B: all take some 25 GB of memory, so name fewer). `fast` is
FastModel with one section at a time, `four` is FastModel as a plan is drafted with it: four sections at once,
written at the turn of the first of them. Prints seconds to the first token, tokens a second after it (of one
section), seconds for the plan, peak memory, and ratios.
"""

from __future__ import annotations

import argparse
import json
import queue
import random
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

SHAPES = {
    "0.6B": {"hidden_size": 1024, "intermediate_size": 3072},
    "1.7B": {"hidden_size": 2048, "intermediate_size": 6144},
    "tiny": {"hidden_size": 128, "intermediate_size": 256, "num_hidden_layers": 2},
}
VOCABULARY, WORDS = 151_936, 4_000
AT_ONCE = 4
SHARED, OWN, NEW, SPAN = 1_300, 200, 130, 30
Messages = list[dict[str, str]]
Write = Callable[[Messages], Iterator[str]]
ENGINES = ("plain", "local", "raw", "fast", "four")


def build(folder: Path, shape: str) -> None:
    """Write the model: random weights, small residual branches, and a head that names the next word."""
    import torch
    from tiny_model import ANSWER, _tokenizer
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokenizer = _tokenizer(ANSWER)
    base = len(tokenizer)
    tokenizer.add_tokens([f"<|x{number}|>" for number in range(WORDS)])
    tokenizer.chat_template = "{{ messages[0].content }}"
    config = Qwen3Config(
        vocab_size=VOCABULARY, tie_word_embeddings=False, max_position_embeddings=40_960, rope_theta=1e6,
        num_attention_heads=16, num_key_value_heads=8, head_dim=128, bos_token_id=None,
        eos_token_id=tokenizer.convert_tokens_to_ids("<|im_end|>"),
        pad_token_id=tokenizer.convert_tokens_to_ids("<|endoftext|>"),
        **{"num_hidden_layers": 28, **SHAPES[shape]},
    )  # fmt: skip
    torch.manual_seed(0)
    torch.set_default_dtype(torch.bfloat16)
    model = Qwen3ForCausalLM(config)
    with torch.no_grad():
        model.model.embed_tokens.weight.normal_(0, 1)
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.mul_(0.01)
            layer.mlp.down_proj.weight.mul_(0.01)
        model.lm_head.weight.normal_(0, 0.01)
        words = torch.arange(WORDS) + base
        model.lm_head.weight[words] = model.model.embed_tokens.weight[torch.roll(words, 1)] * 0.1
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def prompts(sections: int, copied: float) -> list[list[int]]:
    """Word numbers of each section's prompt; the answer is the chain that follows its last word."""
    draw = random.Random(1)
    filler = range(sections * 2 * NEW, WORDS)
    shared = [draw.choice(filler) for _ in range(SHARED)]
    plan = []
    for section in range(sections):
        start = section * 2 * NEW
        spans = round(NEW * copied / SPAN)
        own = [start + 1 + 2 * SPAN * n + word for n in range(spans) for word in range(SPAN)]
        own = [draw.choice(filler) for _ in range(OWN - 1 - len(own))] + own
        plan.append([*shared, *own, start])
    return plan


def measure(engine: str, folder: Path, sections: int, copied: float) -> dict[str, object]:
    """Write the plan with one engine, each section when a line on standard input says so."""
    asked = [[{"role": "user", "content": _text(words)}] for words in prompts(sections, copied)]
    make = {"plain": _plain, "local": _local, "raw": _raw, "fast": _fast, "four": _fast}
    write, most = make[engine](folder), AT_ONCE if engine == "four" else 1
    firsts, rates, texts, times, works = [], [], [], [], []
    print("ready", flush=True)
    for number in range(sections):
        input()
        if number % most == 0:
            worked, started = time.process_time(), time.perf_counter()
            with ThreadPoolExecutor(most) as pool:
                written = list(pool.map(partial(_timed, write), asked[number : number + most]))
            times.append(time.perf_counter() - started)
            works.append(time.process_time() - worked)
            texts += [text for text, _, _ in written]
            firsts += [first for _, first, _ in written]
            rates += [rate for _, _, rate in written]
        print("written", flush=True)
    input()
    right = sum(
        text == _text(range(words[-1] + 1, words[-1] + 1 + NEW))
        for text, words in zip(texts, prompts(sections, copied), strict=True)
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"first": firsts, "rate": rates, "times": times, "work": works, "right": right, "peak": peak}


def _timed(write: Write, messages: Messages) -> tuple[str, float, float]:
    """Text of an answer, seconds to its first token, tokens a second after that."""
    started, first, text = time.perf_counter(), 0.0, ""
    for piece in write(messages):
        first = first or time.perf_counter() - started
        text += piece
    return text, first, (text.count("<|x") - 1) / max(time.perf_counter() - started - first, 1e-9)


def _text(words: Iterable[int]) -> str:
    return "".join(f"<|x{word}|>" for word in words)


def _plain(folder: Path) -> Write:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, TextIteratorStreamer

    from assistant.local_model import _dtype

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=_dtype("cpu")).eval()

    def write(messages: Messages) -> Iterator[str]:
        text = tokenizer.apply_chat_template(messages, tokenize=False)
        tokens = torch.tensor([tokenizer(text, add_special_tokens=False)["input_ids"]])
        streamer = TextIteratorStreamer(tokenizer, skip_prompt=True)
        worker = threading.Thread(
            target=model.generate,
            args=(tokens,),
            kwargs={"max_new_tokens": NEW, "do_sample": False, "streamer": streamer},
        )
        worker.start()
        yield from streamer
        worker.join()

    return write


def _local(folder: Path) -> Write:
    from assistant.local_model import LocalModel
    from assistant.model_files import find_model

    return _ours(LocalModel(find_model(str(folder))))


def _fast(folder: Path) -> Write:
    from assistant.fast_model import FastModel
    from assistant.model_files import find_model

    return _ours(FastModel(find_model(str(folder)), folder / "converted"))


def _ours(model: Any) -> Write:
    model.load()
    return lambda messages: model.beside().stream(messages, NEW, threading.Event())


def _raw(folder: Path) -> Write:
    """The runtime's own pipeline, nothing kept between requests and nothing guessed."""
    import numpy as np
    import openvino
    import openvino_genai

    from assistant.chat_text import ChatText
    from assistant.gguf_file import converted
    from assistant.model_files import find_model
    from assistant.paged import PRECISION

    found = find_model(str(folder))
    schedule = openvino_genai.SchedulerConfig()
    schedule.enable_prefix_caching = False
    schedule.cache_size = 1
    schedule.max_num_batched_tokens = 512
    pipe = openvino_genai.LLMPipeline(
        str(converted(found, folder / "converted")), "CPU", scheduler_config=schedule, **PRECISION
    )
    chat = ChatText(found)

    class _Queued(openvino_genai.StreamerBase):
        def __init__(self, fresh: queue.SimpleQueue) -> None:
            super().__init__()
            self.fresh = fresh

        def write(self, tokens: int | list[int]) -> Any:
            for token in [tokens] if isinstance(tokens, int) else tokens:
                self.fresh.put(token)
            return openvino_genai.StreamingStatus.RUNNING

        def end(self) -> None:
            pass

    def write(messages: Messages) -> Iterator[str]:
        fresh: queue.SimpleQueue = queue.SimpleQueue()
        config = openvino_genai.GenerationConfig()
        config.max_new_tokens = NEW
        config.eos_token_id = min(chat.ends)
        config.stop_token_ids = set(chat.ends)
        tokens = openvino.Tensor(np.array([chat.prompt(messages)[0]], np.int64))

        def work() -> None:
            pipe.generate(tokens, config, _Queued(fresh))
            fresh.put(None)

        worker = threading.Thread(target=work)
        worker.start()
        yield from chat.pieces(iter(fresh.get, None))
        worker.join()

    return write


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shape", choices=SHAPES, default="0.6B")
    parser.add_argument("--sections", type=int, default=8)
    parser.add_argument("--copied", type=float, default=0.46)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--folder", type=Path, default=Path("model_speed"))
    parser.add_argument("--one", choices=ENGINES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.folder / options.shape
    if options.one:
        print(json.dumps(measure(options.one, folder, options.sections, options.copied)))
        return
    if not (folder / "tokenizer.json").exists():
        build(folder, options.shape)
    results = _in_turn(options)
    _print(results, options.sections)


def _in_turn(options: argparse.Namespace) -> dict[str, dict]:
    """Write the plan with all engines at once, one at work at a time, section by section."""
    engines = {name: _started(name, options) for name in options.engines.split(",")}
    for _ in range(options.sections):
        for engine in engines.values():
            _go(engine)
            _wait_for(engine, "written")
    results = {}
    for name, engine in engines.items():
        _go(engine)
        line = engine.stdout.read().strip().split("\n")[-1]
        engine.wait()
        print(name, line, flush=True)
        results[name] = json.loads(line)
    return results


def _started(engine: str, options: argparse.Namespace) -> subprocess.Popen:
    """The engine in a process of its own, ready to write."""
    command = [sys.executable, __file__, "--one", engine, "--shape", options.shape]
    command += ["--folder", options.folder, "--sections", options.sections, "--copied", options.copied]
    pipe = subprocess.PIPE
    started = subprocess.Popen([str(part) for part in command], stdin=pipe, stdout=pipe, text=True)
    _wait_for(started, "ready")
    return started


def _go(engine: subprocess.Popen) -> None:
    engine.stdin.write("go\n")
    engine.stdin.flush()


def _wait_for(engine: subprocess.Popen, word: str) -> None:
    while line := engine.stdout.readline():
        if line.strip() == word:
            return
    raise SystemExit(f"an engine ended with {engine.wait()}")


def _print(results: dict, sections: int) -> None:
    print(
        "engine  first token s (1st / later)  tokens/s  plan s  peak GB  right  of plain  of raw  1st of raw"
    )
    print("ratios: by the clock, then by processor time, which a busy machine disturbs less")
    for name, row in results.items():
        later = sorted(row["first"][1:] or row["first"])
        whole = sum(row["times"])
        ratio = [_ratios(row, results.get(other), slice(None)) for other in ("plain", "raw")]
        own = "-" if name == "four" else _ratios(row, results.get("raw"), slice(1))
        rate = sorted(row["rate"])[len(row["rate"]) // 2]
        print(
            f"{name:7} {row['first'][0]:.2f} / {later[len(later) // 2]:.2f}  {rate:.1f}  {whole:.1f}  "
            f"{row['peak'] / 1e9:.2f}  {row['right']}/{sections}  {ratio[0]}  {ratio[1]}  {own}"
        )


def _ratios(row: dict, other: dict | None, part: slice) -> str:
    if other is None:
        return "-"
    return " ".join(f"{sum(row[what][part]) / sum(other[what][part]):.2f}" for what in ("times", "work"))


if __name__ == "__main__":
    main()
