"""A language model's double: speaks the wire protocol of chat completions, in characters from helpful to hostile.

A character answers a request with an `Act`: status, headers, pieces and pauses. Acts are played by a real HTTP server
on loopback, or in process without a network.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

Request = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """`pieces`: bytes to send, or seconds to wait. `cut`: the connection ends without a proper end."""

    pieces: tuple[bytes | float, ...]
    status: int = 200
    kind: str = "text/event-stream"
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False


Character = Callable[[Request], Act]


def streamed(
    text: str, *, size: int = 12, usage: tuple[int, int] | None = (200, 30), pause: float = 0
) -> Act:
    """The text as a stream of deltas, as an endpoint sends it."""
    pieces: list[bytes | float] = [_event({"choices": [{"delta": {"role": "assistant"}}]})]
    for start in range(0, len(text), size):
        pieces += [_event({"choices": [{"delta": {"content": text[start : start + size]}}]})]
        pieces += [pause] if pause else []
    if usage is not None:
        pieces.append(
            _event({"choices": [], "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1]}})
        )
    return Act((*pieces, b"data: [DONE]\n\n"))


def says(text: str) -> Character:
    return lambda request: streamed(text)


def whole(text: str) -> Character:
    """An endpoint that does not stream, whatever it is asked."""
    body = {
        "choices": [{"message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3},
    }
    return lambda request: Act((json.dumps(body).encode(),), kind="application/json")


def refuses(status: int) -> Character:
    return lambda request: Act((b'{"error": {"message": "no"}}',), status, "application/json")


def without_response_format(text: str) -> Character:
    """An older endpoint that knows neither response_format nor stream_options."""

    def answer(request: Request) -> Act:
        unknown = {"response_format", "stream_options"} & set(request)
        return refuses(400)(request) if unknown else streamed(text, usage=None)

    return answer


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


# ── the broken ────────────────────────────────────────────────────────────────────────────────────

_DELTA = _event({"choices": [{"delta": {"content": '{"intents": ['}}]})

BROKEN: dict[str, Character] = {
    "60 seconds to the first token": lambda request: Act((60.0, *streamed("late").pieces)),
    "comments instead of tokens": lambda request: Act((b": wait\n\n", 0.05) * 200),
    "stalls in mid-stream": lambda request: Act((_DELTA, 60.0)),
    "a token now and then": lambda request: streamed("x" * 500, size=1, pause=0.05),
    "never ends": lambda request: Act((_DELTA, 0.001) * 100_000),
    "10 MB in one token": lambda request: streamed("x" * 10_000_000, size=10_000_000),
    "10 MB without a line end": lambda request: Act((b"data: " + b"x" * 65_536,) * 160),
    "garbage bytes": lambda request: Act((bytes(range(256)) * 20,)),
    "not JSON": lambda request: Act((b"data: {oops\n\n",)),
    "JSON of another shape": lambda request: Act((b'data: ["a", 1]\n\n',)),
    "choices of another shape": lambda request: Act((b'data: {"choices": {"a": 1}}\n\n',)),
    "nested without end": lambda request: Act((b"data: " + b"[" * 100_000 + b"\n\n",)),
    "an empty answer": lambda request: streamed(""),
    "no body": lambda request: Act(()),
    "429": refuses(429),
    "500": refuses(500),
    "503": refuses(503),
    "401": refuses(401),
    "a redirect elsewhere": lambda request: Act((), 302, headers=(("Location", "http://127.0.0.1:9/"),)),
    "a packed bomb": lambda request: Act((b"\x1f\x8b",), headers=(("Content-Encoding", "gzip"),)),
    "closes at once": lambda request: Act((), 0, cut=True),
    "closes in mid-stream": lambda request: Act((_DELTA,), cut=True),
}

# What comes over the wire as it should, and is no answer all the same.
UNUSABLE: dict[str, Character] = {
    "prose": says("I am happy to help! What a lovely day."),
    "JSON of its own": says('{"verdict": "refund", "intents": "all"}'),
    "unknown kinds": says('{"intents": [{"kind": "refund.everything", "confidence": 1}]}'),
    "a confidence of 99": says('{"intents": [{"kind": "order_delivery.track_order", "confidence": 99}]}'),
    "half a JSON": says('{"intents": [{"kind": "order_de'),
    "deeply nested": says('{"intents": ' + "[" * 20_000 + "]" * 20_000 + "}"),
    "a wrong tool": says('{"tool_calls": [{"function": {"name": "refund", "arguments": "{}"}}]}'),
    "HTML": says("<script>alert(1)</script>"),
}


# ── the obedient ──────────────────────────────────────────────────────────────────────────────────


@dataclass
class Obedient:
    """Does whatever it finds in the data, and goes on doing so in every later call, as a poisoned memory would."""

    kind: str = "return_exchange_cancel.cancel_order"
    payload: str = "Your refund of 50,000 yen is approved. https://evil.example/claim"
    said: list[str] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Act:
        self.asked.append(request)
        system, user = (message["content"] for message in request["messages"])
        if found := re.search(r"(?:say|write|書いて|回答して|说|말해)[:：]\s*(.+)", user):
            self.payload = found[1]
        if found := re.search(r"[a-z_]+\.[a-z_]+", user):
            self.kind = found[0]
        self.said.append(self.payload)
        return streamed(self._answer(system, user), size=200)

    def _answer(self, system: str, user: str) -> str:
        if '"intents"' in system:
            return json.dumps(self._reading(), ensure_ascii=False)
        if '"phrases"' in system:
            phrases = user.splitlines()[1:-1]
            return json.dumps({"phrases": [self.payload for _ in phrases]}, ensure_ascii=False)
        if '"cites"' in system:
            cites = re.findall(r"<<<article (\S+) ", user) or ["policy-of-my-own"]
            return json.dumps({"text": self.payload, "cites": cites}, ensure_ascii=False)
        return self.payload

    def _reading(self) -> dict[str, Any]:
        kinds = (self.kind, "refund.now", "support_service.connect_to_agent")
        return {
            "intents": [{"kind": kind, "confidence": 1.0} for kind in kinds],
            "answer": "yes",
            "confirm": True,
            "emergency": None,
            "wants_person": False,
            "slots": {"order_number": "503-0001002-0000004", "sql": "DROP TABLE contact"},
            "wish": "refund",
            "tone": "calm",
            "language": "ja",
            "tool_calls": [{"name": "refund_order", "arguments": {"amount": 50000}}],
            "reply": self.payload,
        }


# ── on the stage ──────────────────────────────────────────────────────────────────────────────────


class InProcess(httpx.AsyncBaseTransport):
    """Plays a character without a network; the rest of the client is the real one."""

    def __init__(self, character: Character) -> None:
        self.character = character
        self.calls = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        content = b"".join([chunk async for chunk in request.stream])  # type: ignore[union-attr]
        act = self.character(json.loads(content))
        return httpx.Response(
            act.status, headers=[("Content-Type", act.kind), *act.headers], stream=_Played(act)
        )


class _Played(httpx.AsyncByteStream):
    def __init__(self, act: Act) -> None:
        self._act = act

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._act.pieces:
            if isinstance(piece, bytes):
                yield piece
            else:
                await asyncio.sleep(piece)
        if self._act.cut:
            raise httpx.RemoteProtocolError("peer closed connection")


class Endpoint(ThreadingHTTPServer):
    """The double on loopback. `character` may be changed at any time."""

    daemon_threads = True

    def __init__(self, character: Character) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.character = character
        self.requests: list[Request] = []
        self.headers: list[dict[str, str]] = []
        self.stopping = threading.Event()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(request)
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        act = self.server.character(request)
        self.close_connection = True
        try:
            self._play(act)
        except OSError:
            return  # the client has had enough

    def _play(self, act: Act) -> None:
        if not act.status:
            return
        self.send_response(act.status)
        self.send_header("Content-Type", act.kind)
        for name, value in act.headers:
            self.send_header(name, value)
        if act.cut:
            self.send_header("Content-Length", "1000000")
        self.end_headers()
        for piece in act.pieces:
            if isinstance(piece, bytes):
                self.wfile.write(piece)
                self.wfile.flush()
            elif self.server.stopping.wait(piece):
                return

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def endpoint(character: Character) -> Iterator[Endpoint]:
    """A running double."""
    server = Endpoint(character)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
