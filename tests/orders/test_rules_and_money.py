"""Whatever the order of change, propose, confirm and approve: nothing is done that the rules in force refuse (I5)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.connectors.embedded.storing import put_order, put_product, put_seller
from madoguchi.counter.actors import Actor
from madoguchi.counter.orders import policy, queries
from madoguchi.counter.orders.actions import Action, CancelOrder, LineChoice, ReturnLines
from madoguchi.counter.orders.model import Decision, Order
from madoguchi.counter.orders.rule_book.book import RuleBook
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Conflict, NotAllowed
from madoguchi.engine.database import Database
from tests.conftest import StillClock
from tests.orders.build import AGENT, BOT, FRESH, PRODUCTS, RULES, SELLERS, SUPERVISOR, delivered, order
from tests.orders.conftest import Customers
from tests.orders.shop_double import ShopOnABadLine
from tests.orders.test_rule_book import change

PIECES = [
    "",
    "returns.window_days = 5\n",
    'returns.opened = "no"\n',
    "approval.assistant_limit.JPY = 0\n",
    "approval.assistant_limit.JPY = 0\napproval.agent_limit.JPY = 1000\n",
    "returns.customer_fee.JPY = 900\n",
    'cancel.not_for_classes = ["apparel"]\n',
    'identity.actions.return = "fresh"\nidentity.actions.cancel = "fresh"\n',
    "delivery.low = 3\n",
]
BACK = ReturnLines(lines=[LineChoice(line_id="L1", quantity=1)], reason="does_not_fit")
PEOPLE = {each.id + each.kind: each for each in (FRESH, BOT, AGENT, SUPERVISOR)}
people = st.sampled_from(sorted(PEOPLE))
pieces = st.sampled_from(PIECES)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), pieces),
        st.tuples(st.just("propose"), people),
        st.tuples(st.just("confirm"), people),
        st.tuples(st.just("approve"), people),
        st.tuples(st.just("change_within"), pieces),
    ),
    min_size=3,
    max_size=9,
)
numbers = itertools.count(1)


class WatchedShop(ShopOnABadLine):
    """Holds every deed against the rules that are in force when it is done; lets rules change while an order is read."""

    def __init__(self, database: Database, book: RuleBook) -> None:
        super().__init__(database)
        self._rows, self._book = database, book
        self.change_next = ""
        self.done: list[str] = []

    def order(self, number: str) -> Order | None:
        found = super().order(number)
        if self.change_next:
            text, self.change_next = self.change_next, ""
            change(self._rows, text)
        return found

    def perform(self, order: Order, action: Action, decision: Decision, *, key: str) -> dict[str, Any]:
        made = self._rows.read(queries.proposal, key)
        edition = self._rows.read(self._book.within)
        assert made.rules_version == edition.number
        approver = made.approved_by
        # Nobody's limits but an agent's own: whoever is above them has been approved, or is a supervisor.
        roles = PEOPLE.get(made.actor_id + made.actor_kind, SUPERVISOR).roles
        who = Actor(kind=made.actor_kind, id=made.actor_id, rung=FRESH.rung, roles=roles)  # type: ignore[arg-type]
        said = policy.decide(
            action,
            order,
            edition.rules,
            who,
            now=self._rows.clock(),
            sellers=SELLERS,
            products=PRODUCTS,
        )
        assert said.verdict != "refused"
        assert (said.refund, said.charge) == (decision.refund, decision.charge)
        if said.verdict == "needs_approval":
            assert approver is not None
            limit = edition.rules.approval.agent_limit.get(order.currency, 0)
            assert approver == SUPERVISOR.id or (
                made.actor_kind != "agent" and said.reasons[-1].params["amount"] <= limit
            )
        self.done.append(key)
        return super().perform(order, action, decision, key=key)


@pytest.fixture
def still(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url, clock=StillClock(), synchronous="OFF")
    for seller in SELLERS.values():
        database.write(put_seller, seller)
    for product in PRODUCTS.values():
        database.write(put_product, product)
    yield database
    database.close()


@pytest.mark.req("RET-001", "ORD-004")
@given(st.booleans(), steps)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_deed_is_done_that_the_rules_in_force_refuse(
    still: Database, has_arrived: bool, sequence: list[tuple[str, str]]
) -> None:
    book = RuleBook(still, RULES)
    shop = WatchedShop(still, book)
    desk = OrderDesk(still, shop, book, Customers())
    number = f"503-0000002-{next(numbers):07}"
    kept = delivered(number=number) if has_arrived else order(number=number)
    still.write(put_order, kept)
    wish: Action = BACK if has_arrived else CancelOrder()
    last = ""
    for turn, (verb, what) in enumerate(sequence):
        if verb == "change":
            change(still, what)
        elif verb == "change_within":
            shop.change_next = what
        elif verb == "propose":
            with book.opened():
                last = desk.propose(PEOPLE[what], number, wish).id
        elif last:
            with book.opened():
                book.rules  # noqa: B018 (the request has begun under these)
                _press(desk, PEOPLE[what], last, verb, f"{number}/{turn}")
    assert len(shop.done) == len(set(shop.done))


def _press(desk: OrderDesk, who: Actor, proposal_id: str, verb: str, key: str) -> None:
    try:
        if verb == "confirm":
            desk.confirm(who, proposal_id, key)
        else:
            desk.approve(who, proposal_id)
    except (Conflict, NotAllowed):
        pass
    except Exception as error:
        assert type(error).__name__ in ("SignInNeeded", "NotFound"), error
