"""The wire: one chat completion at an OpenAI-compatible endpoint, streamed, bounded in time and size.

Calls run on an event loop in a thread of their own, so that a deadline holds exactly, whatever the other side does
(a name server that hangs, a header that trickles, a stream that stalls). Only the configured host is called:
redirects are not followed, proxies and passwords of the environment not used.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import TimeoutError as NoResult
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from madoguchi.engine.database import outside
from madoguchi.engine.sections import Model

Heard = Callable[[str], None]
Outcome = Literal["ok", "timeout", "unreachable", "refused", "too_large", "malformed"]

_PAUSE_S = 0.1
_GRACE_S = 0.25  # between the deadline on the loop and the caller's own
_BYTES_PER_TOKEN = 16  # generous; what exceeds it is no answer
_FRAME = 2000  # bytes around each token on the wire: ids, names, fingerprints
_MAY_PASS = frozenset({500, 502, 503, 504})
_TOO_MUCH_ASKED = frozenset({400, 404, 422})


class ModelFailed(Exception):
    """The call gave nothing usable; `outcome` says why. Tokens that were used all the same are counted."""

    def __init__(self, outcome: Outcome, detail: str, *, retry: bool = False) -> None:
        self.outcome: Outcome = outcome
        self.retry = retry
        super().__init__(f"{outcome}: {detail}")


@dataclass(frozen=True)
class Question:
    """What is asked. `schema`: the JSON schema of the answer; None for plain text."""

    system: str
    user: str
    schema: dict[str, Any] | None = None


@dataclass(frozen=True)
class Completion:
    """What came back. Tokens as the endpoint counted them, or our own upper guess."""

    text: str
    tokens_in: int
    tokens_out: int
    first_token_ms: int


class Client:
    """Calls the endpoint from any thread. `transport` replaces the network in tests."""

    def __init__(self, settings: Model, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings = settings
        self._url = settings.base_url.rstrip("/") + "/chat/completions"
        self._headers = {"Authorization": f"Bearer {settings.key}"} if settings.key else {}
        self._transport = transport
        self._extras = True  # until the endpoint says that it knows no response_format
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._http: httpx.AsyncClient | None = None

    def complete(self, question: Question, within_s: float, heard: Heard | None = None) -> Completion:
        """One answer, or ModelFailed, at the latest after `within_s` seconds. At most one second try.

        `heard`: told on the client's own thread, at each piece, everything that has come so far; it must not raise.
        """
        outside()
        running = asyncio.run_coroutine_threadsafe(self._bounded(question, within_s, heard), self._started())
        try:
            return running.result(within_s + _GRACE_S)
        except NoResult:
            running.cancel()
            raise ModelFailed("timeout", f"{within_s:.1f} s") from None

    def close(self) -> None:
        with self._lock:
            loop, http, self._loop = self._loop, self._http, None
        if loop is not None and http is not None:
            asyncio.run_coroutine_threadsafe(http.aclose(), loop).result(2)
            loop.call_soon_threadsafe(loop.stop)

    # ── on the loop ───────────────────────────────────────────────────────────────────────────────

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._http = httpx.AsyncClient(
                    transport=self._transport,
                    timeout=httpx.Timeout(self._settings.first_token_s, connect=self._settings.connect_s),
                    headers={"User-Agent": "Madoguchi", "Accept-Encoding": "identity", **self._headers},
                    follow_redirects=False,
                    trust_env=False,
                )
                threading.Thread(target=_run, args=(self._loop,), name="model", daemon=True).start()
            return self._loop

    async def _bounded(self, question: Question, within_s: float, heard: Heard | None) -> Completion:
        try:
            async with asyncio.timeout(within_s):
                try:
                    return await self._once(question, heard)
                except ModelFailed as failed:
                    if not failed.retry:
                        raise
                await asyncio.sleep(_PAUSE_S)
                return await self._once(question, heard)
        except TimeoutError:
            raise ModelFailed("timeout", f"{within_s:.1f} s") from None

    async def _once(self, question: Question, heard: Heard | None) -> Completion:
        assert self._http is not None
        began = time.monotonic()
        answer = _Answer(self._settings.max_tokens * _BYTES_PER_TOKEN, heard)
        try:
            async with self._http.stream("POST", self._url, json=self._body(question)) as response:
                await self._check(response)
                await self._read(response, answer, began)
        except httpx.TimeoutException as error:
            raise ModelFailed("timeout", type(error).__name__) from None
        except (httpx.HTTPError, OSError) as error:
            raise ModelFailed("unreachable", type(error).__name__, retry=not answer.parts) from None
        return answer.completion(question, began)

    def _body(self, question: Question) -> dict[str, Any]:
        settings = self._settings
        body: dict[str, Any] = {
            "model": settings.name,
            "messages": [
                {"role": "system", "content": question.system},
                {"role": "user", "content": question.user},
            ],
            "temperature": settings.temperature,
            settings.token_limit: settings.max_tokens,
            "stream": True,
        }
        if self._extras:
            body["stream_options"] = {"include_usage": True}
            if question.schema is not None:
                body["response_format"] = {
                    "type": "json_schema",
                    "json_schema": {"name": "answer", "schema": question.schema},
                }
        return body

    async def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == 200:
            if response.headers.get("content-encoding", "identity") != "identity":
                raise ModelFailed("malformed", "packed, though that was not asked for")
            return
        if status in _TOO_MUCH_ASKED and self._extras:
            self._extras = False
            raise ModelFailed("refused", f"status {status}", retry=True)
        raise ModelFailed("refused", f"status {status}", retry=status in _MAY_PASS)

    async def _read(self, response: httpx.Response, answer: _Answer, began: float) -> None:
        most = answer.limit + self._settings.max_tokens * _FRAME
        chunks = _limited(response, most)
        first_within = max(0.05, self._settings.first_token_s - (time.monotonic() - began))
        if not response.headers.get("content-type", "").startswith("text/event-stream"):
            answer.whole(b"".join([chunk async for chunk in chunks]))
            return
        events = _events(chunks)
        while True:
            try:
                patience = None if answer.parts else first_within
                event = await asyncio.wait_for(anext(events), patience)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise ModelFailed("timeout", "no first token") from None
            if event == "[DONE]":
                return
            answer.take(event)


class _Answer:
    """Gathers the pieces of one streamed answer."""

    def __init__(self, limit: int, heard: Heard | None = None) -> None:
        self.limit = limit
        self._heard = heard
        self.parts: list[str] = []
        self._size = 0
        self._usage: dict[str, Any] = {}
        self._first: float | None = None

    def take(self, event: str) -> None:
        self._take(_object(event), "delta")

    def whole(self, content: bytes) -> None:
        self._take(_object(content.decode("utf-8", "replace")), "message")

    def _take(self, data: dict[str, Any], part: str) -> None:
        usage = data.get("usage")
        self._usage = usage if isinstance(usage, dict) else self._usage
        choices = data.get("choices")
        if not isinstance(choices, list):
            raise ModelFailed("malformed", "no choices")
        for choice in choices[:1]:
            piece = choice.get(part) if isinstance(choice, dict) else None
            text = piece.get("content") if isinstance(piece, dict) else None
            if isinstance(text, str) and text:
                self._add(text)

    def _add(self, text: str) -> None:
        self._first = self._first or time.monotonic()
        self._size += len(text.encode("utf-8", "replace"))
        if self._size > self.limit:
            raise ModelFailed("too_large", f"more than {self.limit} bytes")
        self.parts.append(text)
        if self._heard is not None:
            self._heard("".join(self.parts))

    def completion(self, question: Question, began: float) -> Completion:
        if not self.parts:
            raise ModelFailed("malformed", "an empty answer")
        text = "".join(self.parts)
        return Completion(
            text,
            self._counted("prompt_tokens", most_tokens(question.system + question.user)),
            self._counted("completion_tokens", most_tokens(text)),
            round(((self._first or began) - began) * 1000),
        )

    def _counted(self, name: str, guess: int) -> int:
        count = self._usage.get(name)
        return count if isinstance(count, int) and 0 <= count < 10_000_000 else guess


def _run(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()


def most_tokens(text: str) -> int:
    """An upper bound: no tokenizer in use makes more tokens than bytes, besides a few marks of its own."""
    return len(text.encode("utf-8", "replace")) + 32


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise ModelFailed("malformed", "not JSON") from None
    if not isinstance(data, dict):
        raise ModelFailed("malformed", "not an object")
    return data


async def _limited(response: httpx.Response, most: int) -> AsyncIterator[bytes]:
    """The body's pieces as they come; more than `most` bytes are not read."""
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > most:
            raise ModelFailed("too_large", f"more than {most} bytes")
        yield chunk


async def _events(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The data of server-sent events."""
    rest = b""
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].strip().decode("utf-8", "replace")
    if rest.startswith(b"data:"):
        yield rest[5:].strip().decode("utf-8", "replace")
