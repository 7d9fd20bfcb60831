"""The seller's clock, contact details in messages, and what the guarantee covers. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.policy import guarantee
from madoguchi.counter.orders.refund_clock import is_business_day
from madoguchi.counter.orders.rules import Rules

MASK = "●●●"
_ADDRESSES = re.compile(
    r"[\w.+-]+[@＠][\w-]+(?:\.[\w-]+)+"  # mail
    r"|(?:https?://|www\.)\S+"  # links lead out of the shop
    r"|(?<![\d-])(?:\+\d{1,3}[ -]?\(?\d{1,4}|\(?0\d{1,4})\)?[ -]?\d{1,4}[ -]?\d{3,4}(?![\d-])",  # telephone
    re.IGNORECASE,
)
_ORDER_NUMBER = re.compile(r"\d{3}-\d{7}-\d{7}")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cover:
    """What the guarantee says to a claim. `most`: the highest amount, minor units; `reason` only where it says no."""

    most: int
    reason: str = ""

    @property
    def covered(self) -> bool:
        return not self.reason


def answer_by(asked: datetime, rules: Rules) -> datetime:
    """Until when the seller has to answer; days without business do not count where the policy says so (SEL-003)."""
    left = timedelta(hours=rules.sellers.answer_hours)
    if rules.sellers.counts == "every_hour":
        return asked + left
    at = asked.astimezone(rules.zone)
    while True:
        midnight = datetime.combine(at.date() + _DAY, datetime.min.time(), rules.zone)
        if is_business_day(at.date(), rules.calendar):
            if at + left <= midnight:
                return (at + left).astimezone(asked.tzinfo)
            left -= midnight - at
        at = midnight


def without_addresses(text: str) -> str:
    """The words without mail addresses, telephone numbers and links: what passes through the shop stays there (SEL-002)."""

    def mask(found: re.Match[str]) -> str:
        return MASK

    pieces = _ORDER_NUMBER.split(text)
    numbers = _ORDER_NUMBER.findall(text)
    masked = [_ADDRESSES.sub(mask, piece) for piece in pieces]
    return "".join(piece + number for piece, number in zip(masked, [*numbers, ""], strict=True))


def is_sellers(order: Order, seller_id: str) -> bool:
    return any(line.seller_id == seller_id for line in order.lines)


def cover(order: Order, seller_id: str, rules: Rules, now: datetime) -> Cover:
    """Whether the guarantee may pay for this seller's goods, and at most how much (SEL-006). A person decides on it."""
    if now - order.placed_at > timedelta(days=rules.guarantee.within_days):
        return Cover(0, "too_late")
    most = guarantee.most(order, seller_id, rules)
    return Cover(most) if most else Cover(0, "nothing_left")


def needs_supervisor(amount: int, currency: str, rules: Rules) -> bool:
    """Above an agent's limit for money, as everywhere (`approval.agent_limit`)."""
    return amount > rules.approval.agent_limit.get(currency, 0)
