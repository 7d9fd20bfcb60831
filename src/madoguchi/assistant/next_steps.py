"""What an agent should do next for a kind of enquiry and the state of its order: from the policy, without a model. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.assistant.wording import day_text, spoken, words
from madoguchi.counter.cases.categories import priority_of
from madoguchi.counter.orders.model import Decision
from madoguchi.counter.orders.wording import action_label, reason_text
from madoguchi.engine.texts import tr

EMERGENCY = 1
_RETURNS = ("return", "exchange")
_ARRIVES = ("reship", "refund_missing")

# What helps with a kind, the best first. Kinds without a line are answered in words.
DEEDS: Mapping[str, tuple[str, ...]] = {
    "order_delivery.change_order": ("change_lines", "cancel"),
    "order_delivery.change_delivery_address": ("change_address",),
    "order_delivery.item_not_received": _ARRIVES,
    "order_delivery.misdelivery": _ARRIVES,
    "order_delivery.delivery_failed": _ARRIVES,
    "order_delivery.delivery_delay": (*_ARRIVES, "cancel"),
    "payment_refund.duplicate_charge": ("refund_duplicate",),
    "payment_refund.refund_request": ("refund_duplicate", "refund_missing", "cancel", "return"),
    "payment_refund.payment_failure": ("change_payment",),
    "payment_refund.payment_method_update": ("change_payment",),
    "account_security.unrecognized_order": ("cancel",),
    "return_exchange_cancel.return_request": _RETURNS,
    "return_exchange_cancel.return_policy": _RETURNS,
    "return_exchange_cancel.return_not_allowed": _RETURNS,
    "return_exchange_cancel.return_window_expired": _RETURNS,
    "return_exchange_cancel.return_shipping": _RETURNS,
    "return_exchange_cancel.exchange_request": ("exchange", "return"),
    "return_exchange_cancel.defective_item": ("exchange", "return"),
    "return_exchange_cancel.damaged_item": ("exchange", "return"),
    "return_exchange_cancel.wrong_item": ("exchange", "return"),
    "return_exchange_cancel.cancel_order": ("cancel", "return"),
    "return_exchange_cancel.cancel_window_expired": ("cancel", "return"),
}


@dataclass(frozen=True)
class Step:
    """One thing to do. `action`: what the agent may propose on the order; `why`: what the policy says; `say`: to the customer."""

    text: str
    action: str = ""
    why: str = ""
    say: str = ""


@dataclass(frozen=True)
class Standing:
    """An order as the policy sees it now: what could be done, and the last day for sending something back."""

    possible: Mapping[str, Decision]
    return_until: date | None = None


def next_steps(kind: str, order: Standing | None, to_agent: str, to_customer: str) -> list[Step]:
    """The best first, worded for the agent and for the customer in their languages. Empty: words are enough."""
    steps = [_urgent(to_agent)] if kind and priority_of(kind) == EMERGENCY else []
    deeds = DEEDS.get(kind, ())
    if deeds and order is None:
        return [
            *steps,
            Step(tr(to_agent, "Ask which order it is about."), say=_said(to_customer, "which_order")),
        ]
    if not deeds or order is None:
        return steps
    decided = {name: order.possible[name] for name in deeds if name in order.possible}
    if any(_needs_proof(decision) for decision in decided.values()):
        text = tr(to_agent, "Ask the customer to confirm that the order is theirs.")
        return [*steps, Step(text, say=_said(to_customer, "prove"))]
    open_ways = {name: decision for name, decision in decided.items() if decision.allowed}
    if open_ways:
        return steps + [
            _offer(name, decision, order.return_until, to_agent, to_customer)
            for name, decision in open_ways.items()
        ]
    return steps + [_refusal(name, decision, to_agent, to_customer) for name, decision in decided.items()][:1]


def _urgent(language: str) -> Step:
    return Step(tr(language, "This is urgent: protect the account first, then go on."))


def _offer(name: str, decision: Decision, until: date | None, to_agent: str, to_customer: str) -> Step:
    last = until if name == "return" else None
    deed = action_label(name, to_agent)
    after_window = any(reason.code == "fault_after_window" for reason in decision.reasons)
    if decision.verdict == "needs_approval":
        text = tr(to_agent, "{deed} is possible with approval: propose it.", deed=deed)
    elif after_window:
        text = tr(to_agent, "{deed} is possible only for a fault: ask what is wrong.", deed=deed)
    elif last is not None:
        day = day_text(last, to_agent)
        text = tr(to_agent, "{deed} is possible until {day}: propose it.", deed=deed, day=day)
    else:
        text = tr(to_agent, "{deed} is possible now: propose it.", deed=deed)
    offered = action_label(name, to_customer)
    if decision.verdict == "needs_approval":
        say = _said(to_customer, "ask_approval", deed=offered)
    elif after_window:
        say = _said(to_customer, "what_fault")
    elif last is not None:
        say = _said(to_customer, "offer_until", deed=offered, date=day_text(last, to_customer))
    else:
        say = _said(to_customer, "offer", deed=offered)
    return Step(text, name, _why(decision, to_agent), say)


def _refusal(name: str, decision: Decision, to_agent: str, to_customer: str) -> Step:
    text = tr(to_agent, "{deed} is not possible: say why.", deed=action_label(name, to_agent))
    return Step(text, why=_why(decision, to_agent), say=_why(decision, to_customer))


def _why(decision: Decision, language: str) -> str:
    return " ".join(reason_text(reason, language) for reason in decision.reasons)


def _needs_proof(decision: Decision) -> bool:
    return any(reason.code == "identity" for reason in decision.reasons)


def _said(language: str, key: str, **places: Any) -> str:
    return words(spoken(language), f"guidance.{key}", **places)
