"""The watch over new orders: looks at each once, holds what fits a pattern, lets go what a person has looked at (ORD-017)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.orders import queries
from madoguchi.counter.orders.actions import HoldOrder, ReleaseOrder
from madoguchi.counter.orders.model import Order, Proposal
from madoguchi.counter.orders.policy.unusual import pattern_of
from madoguchi.counter.orders.ports import CustomerOfOrder, ShopConnector
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Conflict, NotAllowed
from madoguchi.counter.watch import service
from madoguchi.engine.database import Database, outside

log = structlog.get_logger()
_EARLIER = 50


class OrderWatch:
    """Holds are deeds like any other: proposed and confirmed, so that two processes that watch hold an order once."""

    def __init__(
        self, database: Database, shop: ShopConnector, orders: OrderDesk, customers: CustomerOfOrder
    ) -> None:
        self._database = database
        self._shop = shop
        self._orders = orders
        self._customers = customers
        self._seen: dict[str, int] = {}  # number → version; what a restart forgets is looked at once more

    def round(self) -> int:
        """Look at the orders of the last hours that have changed since they were looked at; returns how many are new holds."""
        with self._orders.book.opened():
            return self._round()

    def _round(self) -> int:
        rules = self._orders.rules
        if not rules.unusual.patterns:
            return 0
        outside()
        now = self._database.clock()
        fresh = self._shop.placed_since(now - timedelta(hours=rules.unusual.look_back_hours))
        held = 0
        for order in fresh:
            if self._seen.get(order.number) != order.version:
                held += self._look_at(order)
        kept = {order.number for order in fresh}
        self._seen = {number: version for number, version in self._seen.items() if number in kept}
        return held

    def held(self, actor: Actor) -> list[Order]:
        """Orders that wait for a person, the newest first. Raises NotAllowed for anybody but staff."""
        if not actor.is_staff:
            raise NotAllowed("staff_only")
        numbers = self._database.read(queries.orders_held)
        outside()
        found = [self._shop.order(number) for number in numbers]
        return [order for order in found if order is not None and order.held_at is not None]

    def release(self, actor: Actor, order_number: str) -> Proposal:
        """A person has looked: the order goes on, and its customer is told. Raises NotAllowed, Conflict("not_held")."""
        if not actor.is_staff:
            raise NotAllowed("staff_only")
        contact = self._database.read(service.contact_of, order_number)
        made = self._orders.propose(
            self._for(actor, self._orders.order(actor, order_number)),
            order_number,
            ReleaseOrder(),
            contact_id=contact.id if contact and contact.state != "ended" else None,
        )
        if made.state == "refused":
            raise Conflict("not_held")
        return self._orders.confirm(actor, made.id, f"release/{made.id}")

    def _look_at(self, order: Order) -> int:
        now, rules = self._database.clock(), self._orders.rules
        others = self._shop.orders_of(order.customer_ref, limit=_EARLIER)
        pattern = pattern_of(order, others, rules, now)
        newly = bool(pattern) and self._hold(order, pattern)
        if newly or order.held_at is not None:
            customer_id = self._customers.customer_id(order.customer_ref)
            self._database.write(service.tell, order, customer_id, pattern)
        if newly or not pattern:
            self._seen[order.number] = order.version
        return int(newly)

    def _hold(self, order: Order, pattern: str) -> bool:
        holder = self._for(SYSTEM, order)
        made = self._orders.propose(holder, order.number, HoldOrder(pattern=pattern))
        if made.state == "refused":
            return False
        try:
            done = self._orders.confirm(holder, made.id, f"hold/{made.id}")
        except Conflict:
            return False  # the order has just changed: it is looked at again
        log.info("watch.held", order=order.number, pattern=pattern, state=done.state)
        return done.state == "done"

    def _for(self, actor: Actor, order: Order) -> Actor:
        return replace(actor, customer_id=self._customers.customer_id(order.customer_ref))
