"""What stands before every request: headers that browsers obey, a deadline for slow senders, a limit for large ones."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders

from madoguchi.faces.api.problems import problem_body
from madoguchi.kit.languages import NAMES, nearest

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'"
)
MESSAGE_BYTES = 262_144


class Guard:
    """ASGI middleware. `deadline_s`: for receiving the whole request; `max_upload`: bytes of a request with a file;
    `address`: the public one. Where that is https, plain http leads there, and nothing is taken over it (PRIV-001).

    A request that is too slow (408), too large (413) or holds a NUL in its address (400, no database can keep one)
    is answered here, and its connection closed.
    """

    def __init__(self, app: App, *, deadline_s: float, max_upload: int, address: str) -> None:
        self._app = app
        self._deadline_s = deadline_s
        self._max_upload = max_upload
        self._address = address
        self._secure = address.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        guarded = self._with_headers(scope, send)
        limit = self._max_upload if _is_upload(scope) else MESSAGE_BYTES
        if self._secure and _came_in_the_open(scope):
            await self._to_https(scope, guarded)
        elif _has_nul(scope):
            await _refuse(scope, guarded, 400, "invalid")
        elif _announced(scope) > limit:
            await _refuse(scope, guarded, 413, "too_large")
        else:
            gate = _Gate(scope, receive, guarded, limit, self._deadline_s)
            await self._app(scope, gate.receive, gate.send)

    async def _to_https(self, scope: Scope, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await _refuse(scope, send, 403, "https_needed")
            return
        path = bytes(scope.get("raw_path") or scope["path"].encode())
        query = b"?" + scope["query_string"] if scope.get("query_string") else b""
        headers = [(b"location", self._address.encode() + path + query), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 308, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
                headers.setdefault("X-Frame-Options", "DENY")
                headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
                headers.setdefault("Content-Security-Policy", PAGE_POLICY)
                if self._secure:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return guarded


class _Gate:
    """One request's way in and out: what came too late or too much ends it, whatever the app would answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: int, deadline_s: float) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._limit = limit
        self._ends = asyncio.get_running_loop().time() + deadline_s
        self._taken = 0
        self._whole = False
        self._answered = False
        self._refusal: tuple[int, str] | None = None

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        if self._refusal is not None:
            return _GONE
        left = self._ends - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.01, left))
        except TimeoutError:
            return await self._end(408, "too_slow")
        self._taken += len(message.get("body", b""))
        if self._taken > self._limit:
            return await self._end(413, "too_large")
        self._whole = message["type"] == "http.request" and not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if self._refusal is None:
            self._answered = True
            await self._send(message)

    async def _end(self, status: int, code: str) -> Message:
        self._refusal = (status, code)
        if not self._answered:
            await _refuse(self._scope, self._send, status, code)
        return _GONE


_GONE: Message = {"type": "http.disconnect"}


async def _refuse(scope: Scope, send: Send, status: int, code: str) -> None:
    wish = Headers(scope=scope).get("accept-language", "ja").split(",")[0].split(";")[0]
    language = nearest(wish, NAMES) or "en"
    body = json.dumps(problem_body(language, status, code, {}), ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) < 16 else 0


def _has_nul(scope: Scope) -> bool:
    return b"%00" in scope.get("query_string", b"") or "\0" in scope["path"]


def _came_in_the_open(scope: Scope) -> bool:
    """Whether the customer's own line was plain http: the proxy says so, or there is none and it is no line of this machine."""
    headers = Headers(scope=scope)
    said = headers.get("x-forwarded-proto", "")
    if said:
        return said.split(",")[0].strip().lower() == "http"
    if scope.get("scheme") != "http" or "x-forwarded-for" in headers or "forwarded" in headers:
        return False
    return (scope.get("client") or ("127.0.0.1", 0))[0] not in ("127.0.0.1", "::1", "testclient")


def _is_upload(scope: Scope) -> bool:
    for name, value in scope["headers"]:
        if name == b"content-type":
            return bytes(value).startswith(b"multipart/form-data")
    return False
