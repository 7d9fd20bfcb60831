"""Connections that must get to the point: a request's head arrives within a deadline, or the line is cut.

The web server waits for ever for a first byte, and for the rest of a head: a few hundred connections that send one
byte a minute would keep everybody else out. Bodies have their deadline in `security.Guard`.
"""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class PatientHttp(HttpToolsProtocol):
    """HTTP/1.1 for `uvicorn.run(http=…)`; `head_s`: seconds from connection (or a next request's first byte) to its head."""

    head_s: float = 15.0
    _watch: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        if self._watch is None and (self.cycle is None or self.cycle.response_complete):
            self._await_head()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._head_is_here()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_here()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._watch = self.loop.call_later(self.head_s, self._hang_up)

    def _head_is_here(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _hang_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def patient(head_s: float) -> type[PatientHttp]:
    """The protocol with this deadline."""
    values: dict[str, Any] = {"head_s": head_s}
    return type("PatientHttp", (PatientHttp,), values)
