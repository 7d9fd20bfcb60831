"""What a customer holds at the shop beside orders: membership, subscriptions, devices, digital services. Pure.

Days are days of the shop, amounts minor units. `name` and `plan` are by language.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Period = Literal["month", "year"]
ChargeReading = Literal["refunded", "not_joined", "after_cancellation", "after_trial", "first", "renewal"]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FeeCharge(_Document):
    id: str = Field(min_length=1, max_length=60)
    at: date
    amount: int = Field(ge=0)
    refunded: bool = False


class Membership(_Document):
    """`since` None: never joined. `cancelled_on`: the day on which it was cancelled; `ends_on`: the last day of it."""

    plan: dict[str, str] = {}
    since: date | None = None
    trial_until: date | None = None
    renews: date | None = None
    fee: int = Field(0, ge=0)
    currency: str = "JPY"
    period: Period = "month"
    cancelled_on: date | None = None
    ends_on: date | None = None
    charges: list[FeeCharge] = []

    def is_active(self, today: date) -> bool:
        return self.since is not None and (self.ends_on is None or today <= self.ends_on)


class Subscription(_Document):
    id: str = Field(min_length=1, max_length=60)
    name: dict[str, str]
    state: Literal["active", "paused", "ended"] = "active"
    next_charge: date | None = None
    fee: int = Field(0, ge=0)
    currency: str = "JPY"
    period: Period = "month"


class Device(_Document):
    id: str = Field(min_length=1, max_length=60)
    kind: str  # of the tree that helps with it: assistant/troubleshooting
    name: dict[str, str]
    model: str = ""
    code: str = ""  # the shop's number of the product
    order_number: str = ""
    warranty_until: date | None = None


class Service(_Document):
    id: str = Field(min_length=1, max_length=60)
    kind: str
    name: dict[str, str]
    state: Literal["active", "ended", "outage"] = "active"


class Holdings(_Document):
    customer_ref: str = Field(min_length=1, max_length=120)
    membership: Membership = Membership()
    subscriptions: list[Subscription] = []
    devices: list[Device] = []
    services: list[Service] = []


def in_language(names: dict[str, str], language: str) -> str:
    return names.get(language) or names.get("en") or next(iter(names.values()), "")


def charge_on(membership: Membership, day: date | None) -> FeeCharge | None:
    """The charge of a day, or the newest one; within three days, because statements are late."""
    newest = sorted(membership.charges, key=lambda charge: charge.at, reverse=True)
    if day is None:
        return next(iter(newest), None)
    return next((charge for charge in newest if abs((charge.at - day).days) <= 3), None)


def read_charge(membership: Membership, charge: FeeCharge) -> ChargeReading:
    """Why there was this charge, or that there should have been none (PRM-003)."""
    if charge.refunded:
        return "refunded"
    if membership.since is None or charge.at < membership.since:
        return "not_joined"
    if membership.cancelled_on is not None and charge.at > membership.cancelled_on:
        return "after_cancellation"
    earlier = [each for each in membership.charges if each.at < charge.at]
    if membership.trial_until is not None and not earlier:
        return "after_trial"
    return "renewal" if earlier else "first"


WRONG: frozenset[ChargeReading] = frozenset({"not_joined", "after_cancellation"})
