"""At the same moment: two confirmations, a cancellation and a shipment, a return and a refund. Exactly one wins."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import func, select

from madoguchi.connectors.embedded.fulfilment import Shipped, fulfil
from madoguchi.connectors.embedded.model import shop_effect
from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    LineChoice,
    RefundDuplicate,
    RefundMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import Order, Proposal
from madoguchi.counter.orders.ports import ShopRefused
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Conflict
from madoguchi.engine.database import Database
from tests.orders.build import AGENT, CUSTOMER, card, order, shipped
from tests.orders.shop_double import ShopOnABadLine

Put = Callable[[Order], Order]
ROUNDS = 6


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Run all together; an exception is an outcome like any other."""
    gate, found = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int) -> None:
        gate.wait()
        try:
            found[place] = deeds[place]()  # type: ignore[call-overload]
        except Exception as error:
            found[place] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(found)


def number(round_: int) -> str:
    return f"503-0000001-{round_:07d}"


def test_of_many_confirmations_at_once_one_is_carried_out_and_all_get_its_receipt(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, database: Database
) -> None:
    for round_ in range(ROUNDS):
        put(order(number=number(round_)))
        proposal = desk.propose(CUSTOMER, number(round_), CancelOrder())
        keys = [f"key-{round_}", f"other-{round_}"]
        outcomes = at_once(*[partial(desk.confirm, CUSTOMER, proposal.id, keys[n % 2]) for n in range(5)])
        receipts = [outcome.receipt for outcome in outcomes if isinstance(outcome, Proposal)]
        assert len(receipts) == 5
        assert all(receipt == receipts[0] and receipt is not None for receipt in receipts)
        assert shop.asked[proposal.id] == 1
    assert database.read(lambda tx: tx.scalar(select(func.count()).select_from(shop_effect))) == ROUNDS


@pytest.mark.req("RET-016")
def test_a_cancellation_against_a_shipment_has_one_winner_and_the_other_is_told(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, database: Database
) -> None:
    for round_ in range(ROUNDS):
        put(order(number=number(round_)))
        proposal = desk.propose(CUSTOMER, number(round_), CancelOrder())
        cancelled, sent = at_once(
            partial(desk.confirm, CUSTOMER, proposal.id, f"key-{round_}"),
            partial(_ship_after, round_ * 0.02, database, number(round_)),
        )
        after = shop.order(number(round_))
        assert after is not None
        if isinstance(sent, Order):
            assert (after.state, after.refunded) == ("shipped", 0)
            told = isinstance(cancelled, Conflict) or (
                isinstance(cancelled, Proposal) and cancelled.state == "failed"
            )
            assert told
        else:
            assert isinstance(sent, ShopRefused)
            assert isinstance(cancelled, Proposal)
            assert cancelled.state == "done"
            assert (after.state, after.refunded) == ("cancelled", 9500)


def _ship_after(seconds: float, database: Database, order_number: str) -> Order:
    time.sleep(seconds)  # from "at once" to "clearly later", so that each side wins now and then
    return fulfil(database, order_number, Shipped())


SHIRTS = [LineChoice(line_id="L1", quantity=2)]
PAIRS: list[tuple[Action, Action]] = [
    (ReturnLines(lines=SHIRTS, reason="defective"), RefundMissing(parcel_id="S1")),
    (ReturnLines(lines=SHIRTS, reason="defective"), ReturnLines(lines=SHIRTS, reason="late")),
    (RefundDuplicate(payment_id="P2"), RefundMissing(parcel_id="S1")),
]


@pytest.mark.parametrize("pair", PAIRS)
def test_two_deeds_on_one_order_never_give_back_more_than_was_taken(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, pair: tuple[Action, Action]
) -> None:
    for round_ in range(ROUNDS):
        of = order(number=number(round_), payments=[card(9500), card(9500, "P2", duplicate_of="P1")])
        put(shipped(of, "delivered"))
        proposals = [desk.propose(AGENT, number(round_), action) for action in pair]
        assert all(proposal.state == "offered" for proposal in proposals)
        outcomes = at_once(*[partial(desk.confirm, AGENT, each.id, f"key-{each.id}") for each in proposals])
        done = [found for found in outcomes if isinstance(found, Proposal) and found.state == "done"]
        assert len(done) == 1
        loser = next(found for found in outcomes if found is not done[0])
        assert isinstance(loser, Conflict) or (isinstance(loser, Proposal) and loser.state == "failed")
        after = shop.order(number(round_))
        assert after is not None
        coming = sum(record.refund_amount for record in after.returns if record.refund_id is None)
        assert after.refunded + coming == done[0].decision.refund <= after.captured
