"""The house looks at its own parts and at how many arrive, and notes what it finds (QUE-006, QUE-011)."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from madoguchi.counter.conditions import queries, service
from madoguchi.counter.conditions.policy import Rules, is_rush
from madoguchi.engine.database import Database, Transaction

ASSISTANT_SILENT = timedelta(minutes=1)
MAILS_STUCK = timedelta(minutes=5)


class Shop(Protocol):
    """The shop's connector, as far as it is asked whether it answers."""

    def product(self, product_id: str) -> object:
        """Anything, or an exception when the shop does not answer."""
        ...


class Watchman:
    """`round()` looks once; call it every quarter of a minute."""

    def __init__(self, database: Database, shop: Shop, rules: Rules) -> None:
        self._database = database
        self._shop = shop
        self._rules = rules

    def round(self) -> None:
        """The shop is asked outside every transaction; what was found is written in one."""
        self._database.write(self._note, self._shop_answers())

    def _shop_answers(self) -> bool:
        try:
            self._shop.product("is-anybody-there")
        except Exception:
            return False
        return True

    def _note(self, tx: Transaction, shop_answers: bool) -> None:
        service.note(tx, "chat", False)  # who writes this answers chats too
        service.note(tx, "shop", not shop_answers)
        service.note(tx, "assistant", queries.turns_overdue(tx, ASSISTANT_SILENT))
        service.note(tx, "mail", queries.mails_stuck(tx, MAILS_STUCK))
        now, before = queries.arrivals(tx)
        service.note(tx, "rush", is_rush(now, before, self._rules))
