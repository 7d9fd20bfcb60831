"""From a return to the money: measured by means of payment, over what has come to its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from madoguchi.counter.orders.model import Order, ParcelLine, Refund, ReturnRecord
from madoguchi.counter.orders.refund_times import refund_times
from tests.orders.build import NOW, delivered


def returned(days: float | None, tender: str = "card", *, ago: int = 20, wish: str = "refund") -> Order:
    """An order with one return, refunded after `days`, or not yet."""
    at = NOW - timedelta(days=ago)
    refund = Refund(
        id="F1",
        at=at,
        amount=1000,
        tender=tender,  # type: ignore[arg-type]
        state="sent" if days is None else "done",
        done_at=None if days is None else at + timedelta(days=days),
    )
    record = ReturnRecord(
        id="R1",
        at=at,
        lines=[ParcelLine(line_id="L1", quantity=1)],
        reason="late",
        condition="unopened",
        wish=wish,  # type: ignore[arg-type]
        state="refunded",
        refund_id="F1",
    )
    return delivered().model_copy(update={"returns": [record], "refunds": [refund]})


@pytest.mark.req("RET-020")
def test_half_and_nine_of_ten_are_told_for_each_means_of_payment() -> None:
    cards = [returned(days) for days in (2, 3, 4, 5, 6, 7, 8, 9, 10, 20)]
    gifts = [returned(days, "gift_card") for days in (0.5, 1.5, 1.0)]
    everything, card, gift = refund_times([*cards, *gifts], NOW - timedelta(days=30))
    assert (card.tender, card.returns, card.p50_days, card.p90_days) == ("card", 10, 6.0, 10.0)
    assert (gift.tender, gift.returns, gift.p50_days, gift.p90_days) == ("gift_card", 3, 1.0, 1.5)
    assert (everything.tender, everything.returns, everything.p50_days) == ("", 13, 5.0)


@pytest.mark.req("RET-020")
def test_what_is_not_refunded_yet_is_counted_and_not_estimated() -> None:
    everything, card = refund_times([returned(4), returned(None)], NOW - timedelta(days=30))
    assert (card.returns, card.open, card.p50_days) == (2, 1, 4.0)
    assert everything.open == 1
    (nothing,) = refund_times([], NOW)
    assert (nothing.returns, nothing.p50_days, nothing.p90_days) == (0, None, None)


def test_exchanges_and_what_is_older_do_not_count() -> None:
    found = refund_times([returned(4, wish="exchange"), returned(4, ago=40)], NOW - timedelta(days=30))
    assert [row.returns for row in found] == [0]
