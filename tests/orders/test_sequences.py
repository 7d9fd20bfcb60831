"""Any sequence of deeds and shop events: refunds never exceed what was taken, states stay legal (I5, I7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.connectors.embedded.effects import apply
from madoguchi.connectors.embedded.fulfilment import Event, Moved, ReturnMoved, Shipped, advance
from madoguchi.counter.orders import policy, pricing
from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    ChangeLines,
    ExchangeLine,
    LineChange,
    LineChoice,
    RefundDuplicate,
    RefundMissing,
    ReshipMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.ports import ShopRefused
from tests.orders.build import (
    AGENT,
    BOT,
    FRESH,
    MUG,
    NOW,
    PRODUCTS,
    RULES,
    SELLERS,
    card,
    line,
    order,
    shipped,
)

people = st.sampled_from([FRESH, BOT, AGENT])
events = st.sampled_from(["ship", "deliver", "lose", "receive", "receive", "refund", "refuse"])
skus = st.sampled_from([None, "shirt-s", "shirt-l"])
line_ids = st.sampled_from(["L0", "L1", "L0", "L0-2", "L0x1"])
pieces = st.lists(
    st.builds(LineChoice, line_id=line_ids, quantity=st.sampled_from([1, 1, 2])), min_size=1, max_size=2
)
reasons = st.sampled_from(["defective", "late", "no_longer_wanted"])
likely = st.one_of(
    st.builds(CancelOrder, lines=pieces),
    st.builds(
        ReturnLines, lines=pieces, reason=reasons, refund_to=st.sampled_from(["original", "gift_card"])
    ),
    st.builds(ReturnLines, lines=pieces, reason=reasons),
    st.builds(
        ExchangeLine,
        line_id=line_ids,
        sku=st.sampled_from(["shirt-l", "shirt-s"]),
        reason=st.just("defective"),
    ),
    st.builds(
        ChangeLines,
        changes=st.lists(
            st.builds(
                LineChange, line_id=st.sampled_from(["L0", "L1"]), quantity=st.integers(1, 3), sku=skus
            ),
            min_size=1,
            max_size=1,
        ),
    ),
    st.builds(RefundMissing),
    st.builds(ReshipMissing),
    st.just(RefundDuplicate(payment_id="P2")),
)
steps = st.lists(st.one_of(st.tuples(people, likely), events, events), min_size=10, max_size=25)


@st.composite
def starts(draw: st.DrawFn) -> Order:
    lines = [
        line("L0", quantity=draw(st.integers(1, 4)), unit_price=3000, discount=draw(st.integers(0, 2000))),
        line("L1", MUG, draw(st.integers(1, 4))),
    ]
    of = order(*lines, discount=draw(st.integers(0, 500)))
    first = draw(st.integers(0, of.total))
    payments = [card(first, "P0", tender="gift_card", label=""), card(of.total - first, "P1")]
    if draw(st.booleans()):
        payments.append(card(of.total - first, "P2", duplicate_of="P1"))
    of = of.model_copy(update={"payments": payments})
    state = draw(st.sampled_from([None, "in_transit", "delivered", "delivered"]))
    return shipped(of, state) if state else of


@given(starts(), steps)
@settings(max_examples=250, deadline=None)
def test_refunds_never_exceed_what_was_taken_whatever_happens(of: Order, sequence: list[object]) -> None:
    now, captured = NOW, of.captured
    for step in sequence:
        now += timedelta(hours=7)
        of = _happen(of, step, now) if isinstance(step, str) else _do(of, step, now)  # type: ignore[arg-type]
        promised = pricing.promised(of)
        assert of.captured == captured
        assert 0 <= of.refunded + promised <= of.captured
        for payment in of.payments:
            assert 0 <= payment.refunded <= payment.captured
        for each in of.lines:
            assert 0 <= each.cancelled + each.returned <= each.quantity


def _do(of: Order, step: tuple[object, Action], now: datetime) -> Order:
    actor, action = step
    decision = policy.decide(action, of, RULES, actor, now=now, sellers=SELLERS, products=PRODUCTS)  # type: ignore[arg-type]
    if not decision.allowed or decision.charge:
        return of
    assert decision.refund <= pricing.taken(of) or action.action == "refund_duplicate"
    try:
        return apply(of, action, decision, now, PRODUCTS)
    except ShopRefused:
        return of


def _happen(of: Order, event: str, now: datetime) -> Order:
    record = next((each.id for each in of.returns if each.state not in ("refunded", "refused")), "none")
    found: dict[str, Event] = {
        "ship": Shipped(promised_to=(now + timedelta(days=1)).date()),
        "deliver": Moved("delivered"),
        "lose": Moved("lost"),
        "receive": ReturnMoved(record, "received"),
        "refund": ReturnMoved(record, "refunded"),
        "refuse": ReturnMoved(record, "refused"),
    }
    try:
        return advance(of, found[event], now)
    except ShopRefused:
        return of
