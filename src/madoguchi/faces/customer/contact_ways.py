"""The ways to reach us, each with what can be expected now: hours, wait, cost (HLP, CH-014)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from madoguchi.counter.hours import desk_hours
from madoguchi.counter.routing import quiet
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import before_joining
from madoguchi.counter.routing.queues import GENERAL
from madoguchi.engine.database import Database
from madoguchi.faces.customer.preparing import needs_of
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.wording import wait_text

_traffic: WeakKeyDictionary[Database, tuple[datetime, quiet.Traffic]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Desk:
    """People at the desk: `served` now, or from `opens_at`, and the wait in words. Neither: open, but nobody is free."""

    served: bool
    opens_at: datetime | None
    hours_text: str
    wait_text: str


def desk_now(visit: Visit) -> Desk:
    hours = desk_hours(visit.settings)
    now = visit.clock()
    open_now = hours.is_open(now)
    wait = visit.house.database.read(before_joining, GENERAL, visit.language, Rules.of(visit.settings))
    return Desk(
        served=open_now and wait.open,
        opens_at=None if open_now else hours.next_opening(now),
        hours_text=hours.text(visit.language),
        wait_text=wait_text(wait, now, hours.timezone, visit.language),
    )


def quiet_hint(visit: Visit) -> str:
    """When it is busy and when it is quiet, counted anew once an hour (QUE-005)."""
    database, now = visit.house.database, visit.clock()
    counted_at, found = _traffic.get(database, (None, None))
    if found is None or counted_at is None or not timedelta(0) <= now - counted_at < timedelta(hours=1):
        found = database.read(quiet.traffic, visit.zone)
        _traffic[database] = (now, found)
    hours = desk_hours(visit.settings)
    midnight = now.astimezone(visit.zone).replace(hour=0, minute=30, second=0, microsecond=0)
    week = [midnight + timedelta(hours=hour) for hour in range(24 * 7)]
    return quiet.text(found, {moment.hour for moment in week if hours.is_open(moment)}, visit.language)


def ways(visit: Visit, *, order: str = "", problem: str = "", item: str = "") -> dict[str, Any]:
    """What the block 「ご希望の方法」 shows; order, problem and item travel along (WCAG 3.3.7, CH-016).

    The telephone number is for signed-in customers only (CH-014).
    """
    shop = visit.settings.shop
    phone = {"number": shop.phone, "hours": visit.settings.hours.phone, "cost": shop.phone_cost}
    return {
        "desk": desk_now(visit),
        "order": order,
        "problem": problem,
        "item": item,
        "phone": phone if shop.phone and visit.signed_in else None,
        "phone_after_sign_in": bool(shop.phone) and not visit.signed_in,
        "mail": shop.mail_address,
        "needs": needs_of(visit, problem, order) if problem else [],
        "quiet": quiet_hint(visit),
    }
