"""Who may do it, and how much without asking."""

from __future__ import annotations

import pytest

from madoguchi.counter.actors import SYSTEM, Actor, Rung
from madoguchi.counter.orders.actions import (
    CancelOrder,
    LineChoice,
    RefundMissing,
    ReshipMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.wording import reason_text
from tests.orders.build import (
    AGENT,
    BOT,
    CUSTOMER,
    GUEST,
    SUPERVISOR,
    UNBOUND_AGENT,
    codes,
    decide,
    delivered,
    line,
    order,
    shipped,
)

BOSS = Actor(
    kind="agent",
    id="agt_9",
    roles=frozenset({"agent", "supervisor"}),
    customer_id="cust_1",
    rung=Rung.SIGNED_IN,
)


def lost(price: int) -> Order:
    return shipped(order(line(quantity=1, unit_price=price), shipping_fee=0), "lost")


@pytest.mark.req("ORD-018")
@pytest.mark.parametrize(
    ("actor", "price", "verdict", "who"),
    [
        (BOT, 10000, "allowed", None),
        (BOT, 10001, "needs_approval", "agent"),
        (CUSTOMER, 10001, "needs_approval", "agent"),
        (AGENT, 30000, "allowed", None),
        (AGENT, 30001, "needs_approval", "supervisor"),
        (BOSS, 300000, "allowed", None),
    ],
)
def test_above_the_assistants_limit_an_agent_is_asked_and_above_the_agents_a_supervisor(
    actor: Actor, price: int, verdict: str, who: str | None
) -> None:
    for action in (RefundMissing(), ReshipMissing()):
        decision = decide(action, lost(price), actor)
        assert decision.verdict == verdict
        limits = [reason for reason in decision.reasons if reason.code == "over_limit"]
        assert [reason.params["who"] for reason in limits] == ([who] if who else [])


def test_the_limit_counts_what_is_given_away_and_names_the_rule() -> None:
    three = delivered(line(quantity=4))
    action = ReturnLines(lines=[LineChoice(line_id="L1", quantity=4)], reason="defective")
    decision = decide(action, three, BOT)
    assert decision.verdict == "needs_approval"
    assert "approval.assistant_limit.JPY" in decision.rules
    assert "10,000円" in reason_text(decision.reasons[-1], "ja")


def test_a_currency_without_a_limit_always_asks() -> None:
    of = lost(1).model_copy(update={"currency": "EUR"})
    assert decide(RefundMissing(), of, BOT).verdict == "needs_approval"


def test_cancelling_before_shipment_waits_for_nobody() -> None:
    assert decide(CancelOrder(), order(line(quantity=20)), BOT).verdict == "allowed"


@pytest.mark.parametrize(
    ("actor", "allowed"), [(GUEST, False), (CUSTOMER, True), (BOT, True), (AGENT, True), (SYSTEM, True)]
)
def test_cancelling_needs_a_signed_in_customer_whoever_does_it(actor: Actor, allowed: bool) -> None:
    decision = decide(CancelOrder(), order(), actor)
    assert decision.allowed is allowed
    assert allowed or codes(decision) == ["identity"]


def test_an_agent_cannot_act_for_a_customer_who_is_not_verified() -> None:
    for actor in (UNBOUND_AGENT, SUPERVISOR):
        decision = decide(CancelOrder(), order(), actor)
        assert codes(decision) == ["identity"]
        assert decision.rung == int(Rung.SIGNED_IN)
        assert "本人確認" in reason_text(decision.reasons[0], "ja")


def test_who_has_not_proved_who_they_are_learns_nothing_about_the_order() -> None:
    decision = decide(CancelOrder(), shipped(order()), GUEST)
    assert codes(decision) == ["identity"]
    assert decision.alternatives == []
