"""What happens by itself: calls fall due, agents take them or go, promises run out, reminders leave, numbers are forgotten.

A round only looks at what needs it, and finds out by itself what was missed: a worker that was down changes when
something happens, never whether.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update

from madoguchi.counter.callbacks import carrying, queries
from madoguchi.counter.callbacks.carrying import MAIL, advance
from madoguchi.counter.callbacks.machine import WAITING, Event
from madoguchi.counter.callbacks.model import FINAL, IN_HAND, Callback, callback
from madoguchi.counter.callbacks.rules import Rules
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction

Needs = Literal["remind"]
_MOST_STEPS = 6
_AT_ONCE = 200


def to_look_at(tx: Transaction, rules: Rules) -> list[str]:
    """What something has to be done about now, in the order of asking."""
    return [each.id for each in queries.live(tx) if _next(tx, each, rules) is not None]


def look(tx: Transaction, callback_id: str, rules: Rules) -> Callback | None:
    """Everything that is to be done about one; None where it is gone."""
    for _ in range(_MOST_STEPS):
        seen = queries.find(tx, callback_id)
        if seen is None:
            return None
        todo = _next(tx, queries.get_for_update(tx, callback_id), rules)
        if todo is None:
            break
        if todo == "remind":
            _remind(tx, seen)
        else:
            advance(tx, callback_id, todo, rules)
    return queries.find(tx, callback_id)


def forget_old(tx: Transaction, rules: Rules) -> int:
    """Numbers, names and notes of what ended long enough ago; how many. What is left serves the figures."""
    here = (
        callback.c.state.in_(FINAL),
        callback.c.finished_at < tx.now - rules.keep,
        callback.c.phone != "",
    )
    ids = [row.id for row in tx.all(select(callback.c.id).where(*here).limit(_AT_ONCE))]
    gone = {"phone": "", "email": "", "kana": "", "note": ""}
    tx.execute(update(callback).where(callback.c.id.in_(ids)).values(**gone))
    return len(ids)


def _next(tx: Transaction, seen: Callback, rules: Rules) -> Event | Needs | None:
    if not seen.live:
        return None
    contact = contacts.find(tx, seen.contact_id) if seen.contact_id else None
    happened = of_contact(seen, contact) if contact is not None else None
    return happened or by_time(seen, rules, tx.now)


def of_contact(seen: Callback, contact: Contact) -> Event | None:
    """What the contact's owner and state say. Pure."""
    if contact.state != "open":
        return _over(seen)
    in_hand = contact.owner_kind == "agent"
    if seen.state in IN_HAND and not in_hand:
        return Event("agent_gone")
    if in_hand and (seen.state == "due" or (seen.state in IN_HAND and seen.agent_id != contact.owner_id)):
        return Event("taken", agent_id=contact.owner_id)
    return None


def by_time(seen: Callback, rules: Rules, now: datetime) -> Event | Needs | None:
    """What the clock says. Pure."""
    if seen.state in ("due", "offered", "agent_ready") or (
        seen.state in ("booked", "retrying") and now >= seen.due_at
    ):
        at = max(now, seen.not_before)
        if not rules.hours.is_open(at):
            opening = rules.hours.next_opening(at)
            return Event("postponed", at=opening) if opening is not None else _too_late(seen, rules, now)
    if seen.state in ("unconfirmed", "booked", "retrying") and now >= seen.due_at:
        return Event("fell_due")
    if _is_to_be_reminded(seen, rules, now):
        return "remind"
    return _too_late(seen, rules, now)


def _is_to_be_reminded(seen: Callback, rules: Rules, now: datetime) -> bool:
    if seen.state != "booked" or seen.slot_at is None or seen.reminded_at is not None:
        return False
    return bool(rules.remind) and seen.slot_at - rules.remind <= now < seen.slot_at


def _too_late(seen: Callback, rules: Rules, now: datetime) -> Event | None:
    if seen.state not in WAITING or seen.started_at is not None:
        return None
    if now > seen.promised_at and seen.late_at is None:
        return Event("late")
    if now >= seen.promised_at - rules.warn and seen.warned_at is None and seen.late_at is None:
        return Event("warn")
    return None


def _over(seen: Callback) -> Event | None:
    """Solved, or ended, without another call: by whoever had it in hand."""
    if seen.state == "connected":
        return Event("ended", call=seen.line)
    return Event("replaced", by="solved")


def _remind(tx: Transaction, seen: Callback) -> None:
    outbox.put(tx, MAIL, {"callback_id": seen.id, "what": "reminder"}, lane=f"{MAIL}/{seen.id}")
    carrying.write(tx, replace(seen, reminded_at=tx.now))
