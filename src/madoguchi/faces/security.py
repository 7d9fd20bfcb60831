"""What stands before every request: headers that browsers obey, a deadline for slow senders, a limit for large ones."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders

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
    """ASGI middleware. `deadline_s`: for receiving the whole request; `max_upload`: bytes of a request with a file."""

    def __init__(self, app: App, *, deadline_s: float, max_upload: int, secure: bool) -> None:
        self._app = app
        self._deadline_s = deadline_s
        self._max_upload = max_upload
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._max_upload if _is_upload(scope) else MESSAGE_BYTES
        await self._app(scope, self._bounded(receive, limit), self._with_headers(scope, send))

    def _bounded(self, receive: Receive, limit: int) -> Receive:
        ends = asyncio.get_running_loop().time() + self._deadline_s
        taken = 0
        whole = False

        async def bounded() -> Message:
            nonlocal taken, whole
            if whole:
                return await receive()
            try:
                message = await asyncio.wait_for(
                    receive(), max(0.01, ends - asyncio.get_running_loop().time())
                )
            except TimeoutError:
                return {"type": "http.disconnect"}
            taken += len(message.get("body", b""))
            if taken > limit:
                return {"type": "http.disconnect"}
            whole = message["type"] == "http.request" and not message.get("more_body", False)
            return message

        return bounded

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


def _is_upload(scope: Scope) -> bool:
    for name, value in scope["headers"]:
        if name == b"content-type":
            return bytes(value).startswith(b"multipart/form-data")
    return False
