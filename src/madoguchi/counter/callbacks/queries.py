"""Reading call-backs: whose they are, what comes, what is in a slot, who is on the line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, insert, or_, select, update

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.callbacks.model import (
    FINAL,
    Call,
    Callback,
    CallPreference,
    call_preference,
    callback,
    callback_call,
    callback_of,
)
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction

_DAY = timedelta(hours=24)
_JUST_NOW = timedelta(minutes=15)


def find(tx: Transaction, callback_id: str) -> Callback | None:
    row = tx.first(select(callback).where(callback.c.id == callback_id))
    return None if row is None else callback_of(row)


def get(tx: Transaction, callback_id: str) -> Callback:
    """Raises NotFound("callback_not_found")."""
    found = find(tx, callback_id)
    if found is None:
        raise NotFound("callback_not_found")
    return found


def get_for_update(tx: Transaction, callback_id: str) -> Callback:
    """Held until the end of the transaction. Raises NotFound."""
    row = tx.first(select(callback).where(callback.c.id == callback_id).with_for_update())
    if row is None:
        raise NotFound("callback_not_found")
    return callback_of(row)


def may_see(actor: Actor, seen: Callback) -> bool:
    """Their own, for customers; staff and programs are bound by verb and scope."""
    if actor.kind != "customer":
        return True
    signed_in = actor.rung >= Rung.SIGNED_IN and actor.customer_id is not None
    if seen.customer_id is not None and signed_in:
        return seen.customer_id == actor.customer_id
    return seen.visitor_id == actor.id and (seen.customer_id is None or not signed_in)


def visible(tx: Transaction, actor: Actor, callback_id: str) -> Callback:
    """Raises NotFound, also for what is somebody else's."""
    found = find(tx, callback_id)
    if found is None or not may_see(actor, found):
        raise NotFound("callback_not_found")
    return found


def of_actor(tx: Transaction, actor: Actor, *, limit: int = 50) -> list[Callback]:
    """A customer's own, newest first."""
    mine = callback.c.visitor_id == actor.id
    if actor.customer_id and actor.rung >= Rung.SIGNED_IN:
        mine = or_(mine, callback.c.customer_id == actor.customer_id)
    rows = tx.all(select(callback).where(mine).order_by(callback.c.created_at.desc()).limit(limit))
    return [each for each in map(callback_of, rows) if may_see(actor, each)]


def of_client_key(tx: Transaction, visitor_id: str, client_key: str) -> Callback | None:
    here = (callback.c.visitor_id == visitor_id, callback.c.client_key == client_key)
    row = tx.first(select(callback).where(*here))
    return None if row is None else callback_of(row)


def of_contact(tx: Transaction, contact_id: str) -> Callback | None:
    """The call-back that this contact is; the newest."""
    here = callback.c.contact_id == contact_id
    row = tx.first(select(callback).where(here).order_by(callback.c.created_at.desc()).limit(1))
    return None if row is None else callback_of(row)


def of_case(tx: Transaction, case_id: str) -> list[Callback]:
    """Newest first."""
    rows = tx.all(
        select(callback).where(callback.c.case_id == case_id).order_by(callback.c.created_at.desc())
    )
    return list(map(callback_of, rows))


def of_customer(tx: Transaction, customer_id: str, *, limit: int = 20) -> list[Callback]:
    """Newest first, without those that nobody has confirmed."""
    here = (callback.c.customer_id == customer_id, callback.c.contact_id != "")
    rows = tx.all(select(callback).where(*here).order_by(callback.c.created_at.desc()).limit(limit))
    return list(map(callback_of, rows))


def live_of_person(tx: Transaction, person_id: str) -> Callback | None:
    """What is still to come for a customer, or for a visitor whom nobody knows."""
    row = tx.first(
        select(callback)
        .where(_person(person_id), callback.c.state.not_in(FINAL))
        .order_by(callback.c.created_at)
        .limit(1)
    )
    return None if row is None else callback_of(row)


def all_live_of_person(tx: Transaction, person_id: str) -> list[Callback]:
    rows = tx.all(select(callback).where(_person(person_id), callback.c.state.not_in(FINAL)))
    return list(map(callback_of, rows))


def live_of_number(tx: Transaction, phone_hash: str) -> list[Callback]:
    """What is still to come at a number, for whoever answers the telephone when they call first."""
    here = (callback.c.phone_hash == phone_hash, callback.c.state.not_in((*FINAL, "unconfirmed")))
    rows = tx.all(select(callback).where(*here).order_by(callback.c.due_at))
    return list(map(callback_of, rows))


def asked_lately(tx: Transaction, *, phone_hash: str = "", person_id: str = "") -> int:
    """Call-backs to a number, or of a person, within 24 hours; what was never confirmed counts for the person only."""
    about = (
        (callback.c.phone_hash == phone_hash, callback.c.ended_by != "unconfirmed")
        if phone_hash
        else (_person(person_id),)
    )
    query = select(func.count()).where(*about, callback.c.created_at > tx.now - _DAY)
    return int(tx.scalar(query) or 0)


def in_slots(
    tx: Transaction, start: datetime, end: datetime, except_for: str = ""
) -> dict[datetime, list[Callback]]:
    """What takes a place in the slots from `start` to before `end`."""
    rows = tx.all(
        select(callback)
        .where(
            callback.c.slot_at >= start,
            callback.c.slot_at < end,
            callback.c.state.not_in(("cancelled", "replaced")),
            callback.c.id != except_for,
        )
        .order_by(callback.c.since)
    )
    found: dict[datetime, list[Callback]] = {}
    for each in map(callback_of, rows):
        assert each.slot_at is not None
        found.setdefault(each.slot_at, []).append(each)
    return found


def live(tx: Transaction) -> list[Callback]:
    """Everything that is not over, in the order of asking."""
    rows = tx.all(select(callback).where(callback.c.state.not_in(FINAL)).order_by(callback.c.since))
    return list(map(callback_of, rows))


def late(tx: Transaction) -> int:
    """How many live ones have not been called when they were promised to be."""
    return sum(each.late_at is not None for each in live(tx))


def ready(tx: Transaction) -> list[str]:
    """For whom an agent is ready."""
    return [row.id for row in tx.all(select(callback.c.id).where(callback.c.state == "agent_ready"))]


def coming(tx: Transaction, until: datetime, *, limit: int = 500) -> list[Callback]:
    """What is still to come by then, the next first, without what nobody has confirmed."""
    rows = tx.all(
        select(callback)
        .where(callback.c.state.not_in((*FINAL, "unconfirmed")), callback.c.due_at < until)
        .order_by(callback.c.due_at, callback.c.since)
        .limit(limit)
    )
    return list(map(callback_of, rows))


def since(tx: Transaction, start: datetime) -> list[Callback]:
    """Everything that was asked for since then and confirmed, oldest first."""
    here = (
        callback.c.created_at >= start,
        callback.c.state != "unconfirmed",
        callback.c.ended_by != "unconfirmed",
    )
    return list(map(callback_of, tx.all(select(callback).where(*here).order_by(callback.c.created_at))))


def calls(tx: Transaction, callback_ids: Sequence[str]) -> dict[str, list[Call]]:
    """The calls made for each, in order."""
    rows = tx.all(
        select(callback_call)
        .where(callback_call.c.callback_id.in_(list(callback_ids)))
        .order_by(callback_call.c.callback_id, callback_call.c.number)
    )
    found: dict[str, list[Call]] = {}
    for row in rows:
        found.setdefault(row.callback_id, []).append(Call(**row._mapping))
    return found


def on_the_line(tx: Transaction, *, person_id: str = "", case_id: str = "") -> Callback | None:
    """Who is being called or talked to at this moment."""
    about = _person(person_id) if person_id else callback.c.case_id == case_id
    row = tx.first(select(callback).where(about, callback.c.state.in_(("dialling", "connected"))).limit(1))
    return None if row is None else callback_of(row)


def called_lately(tx: Transaction, person_id: str) -> bool:
    """Whether we have called somebody within the last quarter of an hour, or are talking to them (CB-010)."""
    if not person_id:
        return False
    just = tx.now - _JUST_NOW
    on = callback_call.c.callback_id == callback.c.id
    recent = or_(callback_call.c.ended_at.is_(None), callback_call.c.ended_at > just)
    query = select(callback.c.id).where(on, _person(person_id), recent).limit(1)
    return tx.first(query) is not None


def preference(tx: Transaction, person_id: str | None) -> CallPreference:
    """How somebody wants to be reached; of whom nobody knows, as usual."""
    row = tx.first(select(call_preference).where(call_preference.c.person_id == person_id))
    return CallPreference(person_id or "") if row is None else CallPreference(**row._mapping)


def keep_preference(tx: Transaction, wanted: CallPreference) -> None:
    tx.lock("call_preference", wanted.person_id)
    values = {"no_calls": wanted.no_calls, "relay": wanted.relay, "note": wanted.note, "at": tx.now}
    here = call_preference.c.person_id == wanted.person_id
    if not tx.execute(update(call_preference).where(here).values(**values)).rowcount:
        tx.execute(insert(call_preference).values(person_id=wanted.person_id, **values))


def _person(person_id: str):  # type: ignore[no-untyped-def]
    return or_(
        callback.c.customer_id == person_id,
        callback.c.customer_id.is_(None) & (callback.c.visitor_id == person_id),
    )
