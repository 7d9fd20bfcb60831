"""Sums of refunds: nothing is lost, nothing counts twice, whatever a customer's orders are like."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.orders.model import Address, Decision, Order, Proposal, Refund, ReturnRecord
from madoguchi.counter.orders.refund_overview import STEPS, refund_overview

START = datetime(2026, 11, 1, tzinfo=UTC)
moments = st.integers(0, 10_000).map(lambda minutes: START + timedelta(minutes=minutes))
amounts = st.integers(0, 500_000)
refunds = st.builds(
    lambda state, amount, at: {"state": state, "amount": amount, "at": at},
    st.sampled_from(["requested", "sent", "done", "failed"]),
    amounts,
    moments,
)
returns = st.builds(
    lambda state, wish, amount, at, received, settled: {
        "state": state,
        "wish": wish,
        "refund_amount": amount,
        "at": at,
        "received_at": received,
        "refund_id": "r0" if settled else None,
    },
    st.sampled_from(["requested", "label", "in_transit", "received", "refunded", "refused"]),
    st.sampled_from(["refund", "exchange"]),
    amounts,
    moments,
    st.none() | moments,
    st.booleans(),
)
asked = st.builds(lambda amount, at: {"amount": amount, "at": at}, amounts, moments)
drawn = st.lists(
    st.tuples(
        st.sampled_from(["JPY", "USD"]),
        st.lists(refunds, max_size=3),
        st.lists(returns, max_size=3),
        st.lists(asked, max_size=2),
    ),
    max_size=4,
)


def order_of(number: str, currency: str, given_refunds: Any, given_returns: Any) -> Order:
    return Order(
        number=number,
        customer_ref="C1",
        placed_at=START,
        currency=currency,
        lines=[],
        total=0,
        address=Address.model_construct(),
        refunds=[Refund(id=f"r{n}", tender="card", **each) for n, each in enumerate(given_refunds)],
        returns=[
            ReturnRecord(id=f"t{n}", lines=[], reason="no_longer_wanted", condition="unopened", **each)
            for n, each in enumerate(given_returns)
        ],
    )


def proposal_of(number: str, amount: int, at: datetime) -> Proposal:
    return Proposal.model_construct(
        order_number=number,
        created_at=at,
        decision=Decision(verdict="needs_approval", refund=amount),
    )


@pytest.mark.req("PAY-002")
@given(drawn)
def test_every_refund_is_in_exactly_one_sum(house: Any) -> None:
    orders = [order_of(f"O{n}", one[0], one[1], one[2]) for n, one in enumerate(house)]
    waiting = [
        proposal_of(f"O{n}", each["amount"], each["at"]) for n, one in enumerate(house) for each in one[3]
    ]
    sums = refund_overview(orders, waiting)
    keys = [(each.step, each.currency) for each in sums]
    assert len(keys) == len(set(keys))
    assert keys == sorted(keys, key=lambda key: (STEPS.index(key[0]), key[1]))
    for currency in ("JPY", "USD"):
        mine = [one for one in house if one[0] == currency]
        goods = [
            each["refund_amount"]
            for one in mine
            for each in one[2]
            if each["wish"] == "refund"
            and each["refund_id"] is None
            and each["state"] not in ("refunded", "refused")
        ]
        money = [each["amount"] for one in mine for each in one[1]]
        wished = [each["amount"] for one in mine for each in one[3] if each["amount"]]
        found = [each for each in sums if each.currency == currency]
        assert sum(each.amount for each in found) == sum(goods) + sum(money) + sum(wished)
        assert sum(each.count for each in found) == len(goods) + len(money) + len(wished)
        paid = [each["amount"] for one in mine for each in one[1] if each["state"] == "done"]
        assert sum(each.amount for each in found if each.step == "done") == sum(paid)
    assert all(each.first <= each.last and each.count >= 1 for each in sums)


def test_what_waits_for_approval_of_somebody_elses_order_is_not_counted() -> None:
    assert refund_overview([], [proposal_of("O9", 100, START)]) == []
