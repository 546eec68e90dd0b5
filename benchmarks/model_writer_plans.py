"""Twelve plans through the ModelWriter: the prompts to read, and what of a misbehaving model is left.

    python benchmarks/model_writer_plans.py FOLDER [--model MODEL_FOLDER] [--plans hospital,bank]

Writes every prompt to FOLDER/<plan>.txt and every plan to FOLDER/<plan>-<model>.txt, and prints a table: the
plan, the model, the sections the model wrote, those that stayed the Composer's, and what survived by kind
(nothing may). Without --model a tiny Qwen3 model is trained first, which takes half a minute.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from misbehaviour import PLANS, Plan, Scripted, misbehaviours, planted, survivors, write_plan  # noqa: E402

from assistant.local_model import LocalModel  # noqa: E402
from assistant.model_files import find_model  # noqa: E402
from assistant.types import Draft, Message, Stop  # noqa: E402
from index.library import Library  # noqa: E402


class Recorded:
    """A model whose prompts and their lengths in tokens are kept."""

    def __init__(self, model: LocalModel) -> None:
        """Stand before `model`."""
        self._model = model
        self.prompts: list[list[dict[str, str]]] = []
        self.lengths: list[int] = []

    def __getattr__(self, name: str) -> object:
        """Be the model in all else."""
        return getattr(self._model, name)

    def stream(self, messages: Sequence[Message], max_tokens: int, stop: Stop) -> Iterator[str]:
        """Pass the model's text on."""
        self.prompts.append([dict(message) for message in messages])
        self.lengths.append(self._model.count_tokens(messages) or 0)
        yield from self._model.stream(messages, max_tokens, stop)


def report(folder: Path, plan: Plan, name: str, draft: Draft, seconds: float) -> int:
    """Save a plan, print its row and return how much survived."""
    lines = [draft.title]
    for section in draft.sections:
        lines += [f"## {section.group} {section.heading}（{section.writer}）", section.text]
    (folder / f"{plan.name.replace(' ', '-')}-{name.replace(' ', '-')}.txt").write_text(
        "\n".join(lines), "utf-8"
    )
    kept = sum(section.writer == "范例编排" for section in draft.sections)
    found = survivors(draft, plan)
    said = "、".join(f"{kind} {count}" for kind, count in found.items()) or "0"
    written = len(draft.sections) - kept
    print(f"{plan.name:18}{name:15}{written:>6}{kept:>6}{seconds:>7.1f}  {said}", flush=True)
    return found.total()


def run(folder: Path, model: Path, plans: tuple[Plan, ...]) -> int:
    """Write every plan with every model; return how much survived."""
    total = 0
    print(f"{'plan':18}{'model':15}{'model':>6}{'kept':>6}{'s':>7}  survived")
    with tempfile.TemporaryDirectory() as home, Library.open(Path(home)) as library:
        for plan in plans:
            with planted(library, plan):
                total += run_plan(folder, library, plan, Recorded(LocalModel(find_model(str(model)))))
    print(f"survived in all: {total}")
    return total


def run_plan(folder: Path, library: Library, plan: Plan, real: Recorded) -> int:
    """Write one plan with the small model and with every misbehaving one; return how much survived."""
    total = 0
    models = {"local": real} | {kind: Scripted(answer) for kind, answer in misbehaviours(plan).items()}
    for name, model in models.items():
        started = time.perf_counter()
        draft = write_plan(library, plan, model)
        total += report(folder, plan, name, draft, time.perf_counter() - started)
    save_prompts(folder / f"{plan.name.replace(' ', '-')}.txt", real)
    return total


def save_prompts(path: Path, model: Recorded) -> None:
    """Write the prompts of a plan, the shared part once, with their lengths."""
    parts = [model.prompts[0][0]["content"]]
    for messages, tokens in zip(model.prompts, model.lengths, strict=True):
        characters = sum(len(message["content"]) for message in messages)
        parts.append(f"======== {characters} characters, {tokens} tokens\n{messages[-1]['content']}")
    path.write_text("\n".join(parts), "utf-8")


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--plans", default="", help="beginnings of plan names, comma between")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    wanted = tuple(plan for plan in PLANS if plan.name.startswith(tuple(given.plans.split(","))))
    model = given.model
    if model is None:
        from tiny_model import build

        model = build(given.folder / "tiny-model")
    return 1 if run(given.folder, model, wanted) else 0


if __name__ == "__main__":
    sys.exit(main())
