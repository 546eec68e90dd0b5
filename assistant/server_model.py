"""A chat model behind an OpenAI-compatible URL: vLLM, Ollama, llama.cpp, transformers serve, a provider.

Only the given address is called: no proxy of the environment, no redirect to another host. A server that is
busy or breaks off is asked again only while it has written nothing, so no text comes twice. The connection
lives in a thread of its own and is cancelled at once when the person stops, even while the server is silent.
Knows nothing about plans.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from assistant.sampling import Sampling, seeded
from assistant.server_batch import slots
from assistant.server_errors import BROKEN_OFF, PassingError, explain_server_error
from assistant.thinking import without_thinking
from assistant.types import Message, Stop
from index.errors import UserError

CONNECT_SECONDS = 5.0
POLL_SECONDS = 0.05
WAITS = (0.5, 1.5)  # seconds before asking again a server that failed without a word
JOIN_SECONDS = 2.0
SERVER_SAMPLING = Sampling(temperature=0.3, frequency=0.1)
ENDPOINT = "/chat/completions"
NO_THINKING = {"chat_template_kwargs": {"enable_thinking": False}}
REFUSES_EXTRAS = (400, 422)


class ServerModel:
    """A model on a server as a `Model`. `truncated` tells whether the last answer ended at its token limit,
    `context` is known once the server has listed its models and said so.
    """

    def __init__(
        self,
        url: str,
        model_name: str = "",
        key: str = "",
        timeout: float = 60,
        sampling: Sampling = SERVER_SAMPLING,
        at_once: int = 0,
    ) -> None:
        self._url = _base_url(url)
        self._chosen = model_name.strip()
        self._key = _checked_key(key.strip())
        self._timeout = timeout
        self._sampling = sampling
        self._extras: dict[str, Any] = NO_THINKING
        self._at_once = at_once
        self.context: int | None = None
        self.truncated = False

    @property
    def name(self) -> str:
        """The model's name at the server, the server's address until it is known."""
        return self._chosen or self._url

    def at_once(self) -> int:
        """How many answers to ask for at once: as set, else as the server tells (`server_batch`)."""
        if self._at_once < 1:
            self._at_once = slots(self._url, self._key)
        return self._at_once

    def stream(self, messages: Sequence[Message], max_tokens: int, stop: Stop) -> Iterator[str]:
        """Yield the answer as it arrives, without the model's thinking.

        :raises UserError: when the server cannot be reached, refuses, or breaks off.
        """
        if stop.is_set():
            return
        conversation = [dict(message) for message in messages]
        for wait in (*WAITS, None):
            written = False
            try:
                for piece in self._attempt(conversation, max_tokens, stop):
                    written = True
                    yield piece
                return
            except PassingError:
                if written or wait is None:
                    raise
            if not _waited(wait, stop):
                return

    def _attempt(self, conversation: list[dict[str, str]], max_tokens: int, stop: Stop) -> Iterator[str]:
        self.truncated = False
        work = Work(lambda put: self._answer(conversation, max_tokens, put))
        try:
            yield from without_thinking(work.items(stop))
            self.truncated = self.truncated or stop.is_set()
        finally:
            work.cancel()

    async def _models(self, client: Any) -> list[Any]:
        page = await client.models.list()
        return [model for model in page.data or [] if getattr(model, "id", "")]

    async def _answer(
        self, messages: list[dict[str, str]], max_tokens: int, put: Callable[[str], None]
    ) -> None:
        """Send the conversation and put each piece of the answer, in the worker's event loop."""
        async with self._client(self._timeout) as client, self._told(self._timeout, client):
            if not self._chosen:
                await self._choose(client)
            answer = await self._open(client, messages, max_tokens)
            finished = False
            try:
                async for chunk in answer:
                    choice = chunk.choices[0] if getattr(chunk, "choices", None) else None
                    if choice is None:
                        continue
                    if text := getattr(choice.delta, "content", None):
                        put(text)
                    finished = finished or choice.finish_reason is not None
                    self.truncated = self.truncated or choice.finish_reason == "length"
            finally:
                await answer.close()
            if not finished:
                raise PassingError(BROKEN_OFF)

    async def _choose(self, client: Any) -> None:
        models = await self._models(client)
        if not models:
            raise UserError(f"模型服务（{self._url}）没有列出可用的模型，请在设置里填写模型名称。")
        self._chosen = str(models[0].id)
        context = getattr(models[0], "max_model_len", None)
        self.context = context if isinstance(context, int) else None

    async def _open(self, client: Any, messages: list[dict[str, str]], max_tokens: int) -> Any:
        """Start the stream; a server that refuses the wish not to think is asked once more without it."""
        from openai import APIStatusError

        sampling = seeded(self._sampling, messages)
        request = {
            "model": self._chosen,
            "messages": messages,
            "max_tokens": max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "frequency_penalty": sampling.frequency,
            "seed": sampling.seed,
            "stream": True,
        }
        try:
            return await client.chat.completions.create(**request, extra_body=self._extras)
        except APIStatusError as error:
            if not self._extras or error.status_code not in REFUSES_EXTRAS:
                raise
        answer = await client.chat.completions.create(**request)
        self._extras = {}
        return answer

    @asynccontextmanager
    async def _client(self, read_seconds: float) -> AsyncIterator[Any]:
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

        timeout = Timeout(read_seconds, connect=CONNECT_SECONDS)
        http = DefaultAsyncHttpxClient(trust_env=False, follow_redirects=False, timeout=timeout)
        async with AsyncOpenAI(
            base_url=self._url, api_key=self._key, max_retries=0, timeout=timeout, http_client=http
        ) as client:
            yield client

    @asynccontextmanager
    async def _told(self, seconds: float, client: Any = None) -> AsyncIterator[None]:
        """Turn the client's errors into sentences."""
        from openai import NotFoundError, OpenAIError

        try:
            yield
        except NotFoundError as error:
            raise await self._unknown_model(client) from error
        except (OpenAIError, ValueError) as error:
            raise explain_server_error(error, self._url, seconds) from error

    async def _unknown_model(self, client: Any) -> UserError:
        from openai import OpenAIError

        names: list[str] = []
        try:
            names = [model.id for model in await self._models(client)] if client else []
        except (OpenAIError, ValueError):  # the address itself is wrong; said below
            names = []
        if names and self._chosen not in names:
            return UserError(
                f"模型服务上没有“{self._chosen}”，可用的有：{'、'.join(names[:8])}；请改模型名称。"
            )
        return UserError(f"模型服务（{self._url}）答复“找不到”，请检查网址（一般以 /v1 结尾）和模型名称。")


class Work:
    """A coroutine in a thread and event loop of its own. What it puts comes out of `items` in order."""

    def __init__(self, start: Callable[[Callable[[str], None]], Coroutine[Any, Any, None]]) -> None:
        self._queue: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(start(self._queue.put))
        self._thread = threading.Thread(target=self._run, name="gonghui-server", daemon=True)
        self._thread.start()

    def items(self, stop: Stop) -> Iterator[str]:
        """Yield what the coroutine puts until it ends or `stop` is set; its error is raised here."""
        while not stop.is_set():
            try:
                item = self._queue.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    def cancel(self) -> None:
        """End the coroutine wherever it waits, closing its connection. Harmless once it has ended."""
        with suppress(RuntimeError):  # the loop is closed already
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(JOIN_SECONDS)

    def _run(self) -> None:
        ending: BaseException | None = None
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # handed to the consumer by `items`
            ending = error
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()
            self._queue.put(ending)


def _waited(seconds: float, stop: Stop) -> bool:
    """Wait so long; False when `stop` came first."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if stop.is_set():
            return False
        time.sleep(POLL_SECONDS)
    return not stop.is_set()


def _base_url(url: str) -> str:
    """The address under which the interface lives: /v1 where only a host was given.

    :raises UserError: for an address that is not http or names no host.
    """
    wrong = UserError(f"模型网址“{url}”不对，请写成 http://主机:端口/v1 的样子。")
    try:
        parts = urlsplit(url.strip())
        usable = bool(parts.hostname) and parts.port != 0 and not set(parts.netloc) & set(" \t")
    except ValueError as error:  # a port that is no number, a broken IPv6 address
        raise wrong from error
    if parts.scheme not in ("http", "https") or not usable:
        raise wrong
    path = parts.path.rstrip("/").removesuffix(ENDPOINT)
    return f"{parts.scheme}://{parts.netloc}{path or '/v1'}"


def _checked_key(key: str) -> str:
    """The key as it can be sent; a server without keys gets a word that means nothing.

    :raises UserError: for characters that no HTTP header can carry.
    """
    if not (key.isascii() and key.isprintable()):
        raise UserError("模型密钥（model_key）里有中文或其他不能用的字符，请重新粘贴密钥。")
    return key or "none"
