"""The embedded shop behind a bad line: answers can get lost, the shop can be gone, and every deed is counted."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.counter.orders.actions import Action
from madoguchi.counter.orders.model import Decision, Order
from madoguchi.counter.orders.ports import ShopUnreachable
from madoguchi.engine.database import Database, outside


class ShopOnABadLine(EmbeddedShop):
    """`lose_answers`: the deed is done, the answer does not arrive. `down`: nothing arrives. `before`: a moment's wait."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.lose_answers = False
        self.down = False
        self.before: Callable[[], object] = lambda: None
        self.asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def perform(self, order: Order, action: Action, decision: Decision, *, key: str) -> dict[str, Any]:
        outside()
        with self._lock:
            self.asked[key] += 1
        self.before()
        if self.down:
            raise ShopUnreachable("no line")
        done = super().perform(order, action, decision, key=key)
        if self.lose_answers:
            raise ShopUnreachable("answer lost")
        return done

    def outcome(self, key: str) -> dict[str, Any] | None:
        outside()
        if self.down:
            raise ShopUnreachable("no line")
        return super().outcome(key)
