"""The rules as rows: one for each thing that a shop can set, by its dotted key, in topics that people look for. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from madoguchi.counter.orders.rules import Carrier, Pattern, Rules, SellerTerms, Span

# Read as one thing, though they hold several values: amounts per currency, and these shapes.
AMOUNTS = (
    "approval.assistant_limit",
    "approval.agent_limit",
    "returns.customer_fee",
    "guarantee.limit",
    "business.quote_limit",
)
_AMOUNTS_BY_TENDER = "payment.most."
_WHOLE = (Span, Carrier, Pattern, SellerTerms)

# Topic → the keys that stand in it, whole tables by their name. The first topic that names a key or a table has it.
TOPICS: dict[str, tuple[str, ...]] = {
    "Cancel the order": ("identity.actions.cancel", "cancel"),
    "Change the delivery address": ("identity.actions.change_address", "address"),
    "Change items of the order": ("identity.actions.change_lines", "change", "settlement"),
    "Change the payment method": ("identity.actions.change_payment", "payment"),
    "Return items": ("identity.actions.return", "identity.refund_to_other_tender", "returns"),
    "Exchange an item": ("identity.actions.exchange", "exchange"),
    "Did not arrive": ("identity.actions.reship", "identity.actions.refund_missing", "missing"),
    "Charged twice": ("identity.actions.refund_duplicate", "duplicate"),
    "Refunds": ("identity.refund_status", "refund"),
    "How much without asking a person": ("approval", "limits"),
    "Orders that are held": ("identity.actions.hold", "identity.actions.release", "unusual"),
    "Marketplace sellers and the guarantee": ("identity.actions.guarantee", "sellers", "guarantee"),
    "Deeds on an account": ("identity.account",),
    "Looking at orders and receipts": ("identity.show", "identity.receipt", "tax"),
    "Business customers": ("business",),
    "Delivery times and carriers": ("delivery", "carriers"),
    "Days and times": ("general", "calendar"),
}


def leaves(rules: Rules) -> dict[str, Any]:
    """Every rule by its key, in the order of the policy file."""
    return dict(_walk(rules, ""))


def by_topic(rules: Rules) -> dict[str, list[str]]:
    """Topic → keys of its rules; each rule stands in one topic."""
    found: dict[str, list[str]] = {topic: [] for topic in TOPICS}
    for key in leaves(rules):
        topic = next(
            (topic for topic, tables in TOPICS.items() if any(is_in(key, table) for table in tables))
        )
        found[topic].append(key)
    return found


def rule_behind(key: str, rules: Rules) -> str:
    """The rule that a decision looked at when it names `key`; empty where it is none of the policy's own.

    `approval.agent_limit.JPY` is a part of the rule `approval.agent_limit`.
    """
    return next((rule for rule in leaves(rules) if is_in(key, rule)), "")


def is_in(key: str, table: str) -> bool:
    """Whether the key names the table or something in it."""
    return key == table or key.startswith(f"{table}.")


def is_amounts(key: str) -> bool:
    """Whether the rule is an amount per currency."""
    return key in AMOUNTS or key.startswith(_AMOUNTS_BY_TENDER)


def _walk(value: Any, key: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, _WHOLE) or is_amounts(key) or not isinstance(value, BaseModel | dict):
        yield key, value
        return
    names = value if isinstance(value, dict) else type(value).model_fields
    for name in names:
        each = value[name] if isinstance(value, dict) else getattr(value, name)
        if each is not None:
            yield from _walk(each, f"{key}.{name}" if key else name)
