"""ASGI middleware: from its beginning to its end a request sees one version of the shop's rules.

Live lines last for hours and are no request: each of their questions is answered by the rules of that moment.
"""

from __future__ import annotations

from madoguchi.counter.orders.rule_book.book import RuleBook
from madoguchi.faces.security import App, Receive, Scope, Send


class OneEdition:
    """Which version it is, is read when something first asks for the rules."""

    def __init__(self, app: App, *, book: RuleBook) -> None:
        self._app = app
        self._book = book

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._book.opened():
            await self._app(scope, receive, send)
