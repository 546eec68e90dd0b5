"""Between conversations and tokens: a model's own chat template and tokenizer, and tokens back to whole text.

Serves every model that runs in this process. Knows nothing about weights.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.load_errors import explain_load_error
from assistant.model_files import ModelFolder
from assistant.types import Message
from index.errors import UserError

OPEN_THINKING = "<think>"


class ChatText:
    """The text side of a model folder or GGUF file.

    :raises UserError: when the tokenizer cannot be read or there is no chat template.
    """

    def __init__(self, folder: ModelFolder) -> None:
        self._tokenizer = _read_tokenizer(folder)
        if not self._tokenizer.chat_template:
            raise UserError(
                f"模型“{folder.name}”没有对话模板，是未经对话训练的基础模型，"
                "请换用名字带 Instruct 或 Chat 的模型。"
            )
        self.ends = frozenset(_end_tokens(folder.path, self._tokenizer))

    def prompt(self, messages: Sequence[Message]) -> tuple[list[int], str]:
        """Return the tokens of a conversation and what the template has already opened of the answer."""
        text = self._render(messages)
        tokens = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return list(tokens), OPEN_THINKING if text.rstrip().endswith(OPEN_THINKING) else ""

    def pieces(self, tokens: Iterable[int]) -> Iterator[str]:
        """Yield text as tokens come; a character whose bytes are not all there yet waits for them."""
        from tokenizers.decoders import DecodeStream

        stream = DecodeStream(skip_special_tokens=True)
        for token in tokens:
            if text := stream.step(self._tokenizer.backend_tokenizer, token):
                yield text

    def _render(self, messages: Sequence[Message]) -> str:
        """The prompt by the model's own template, thinking switched off where the template can."""
        from jinja2 import TemplateError

        switches = (
            {"enable_thinking": False} if "enable_thinking" in str(self._tokenizer.chat_template) else {}
        )
        conversation = [dict(message) for message in messages]
        try:
            return self._apply(conversation, switches)
        except TemplateError:  # some templates know no system role
            joined = "\n\n".join(message["content"] for message in messages)
            return self._apply([{"role": "user", "content": joined}], switches)

    def _apply(self, conversation: list[dict[str, str]], switches: dict[str, bool]) -> str:
        text = self._tokenizer.apply_chat_template(
            conversation, tokenize=False, add_generation_prompt=True, **switches
        )
        return str(text)


def _read_tokenizer(folder: ModelFolder) -> Any:
    from transformers import AutoTokenizer

    try:
        if folder.path.is_file():
            return AutoTokenizer.from_pretrained(
                folder.path.parent, gguf_file=folder.path.name, local_files_only=True
            )
        return AutoTokenizer.from_pretrained(folder.path, local_files_only=True)
    except Exception as error:  # whatever the format's reader raises, the remedy is the same
        raise explain_load_error(error, folder.name) from error


def _end_tokens(path: Path, tokenizer: Any) -> Iterator[int]:
    """The tokens that end an answer: the tokenizer's, and those of the model's generation settings."""
    if tokenizer.eos_token_id is not None:
        yield int(tokenizer.eos_token_id)
    for name in ("generation_config.json", "config.json") if path.is_dir() else ():
        try:
            found = json.loads((path / name).read_text("utf-8")).get("eos_token_id")
        except (OSError, ValueError):
            continue
        yield from found if isinstance(found, list) else [found] if isinstance(found, int) else []
