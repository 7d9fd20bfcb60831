"""The verbs of a call-back that is booked: move, call off, write instead, dial, say how it went. None commits.

Booking is `booking.py`, with the order in which locks are taken.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import update

from madoguchi.counter.actors import Actor
from madoguchi.counter.callbacks import queries, slots
from madoguchi.counter.callbacks.capacity import Wanted
from madoguchi.counter.callbacks.carrying import WRITING, advance
from madoguchi.counter.callbacks.machine import Event
from madoguchi.counter.callbacks.model import LONGEST_NOTE, Callback, CallPreference, Outcome, callback_call
from madoguchi.counter.callbacks.noting import note_deed
from madoguchi.counter.callbacks.rules import Rules
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.redaction import redact
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction

NOT_REACHED: tuple[Outcome, ...] = ("no_answer", "busy", "voicemail", "wrong_number", "failed")


def move(tx: Transaction, actor: Actor, callback_id: str, slot_at: datetime | None, rules: Rules) -> Callback:
    """To another slot, or to now. Raises NotFound, Conflict("callback_state" | "slot_full" | "callback_closed")."""
    seen = queries.visible(tx, actor, callback_id)
    slot = None
    if slot_at is not None:
        wanted = Wanted(seen.queue_id, seen.language)
        slot = slots.take(tx, rules, slot_at, wanted, mover=seen.id)
    else:
        slots.need_open(tx, rules)
    changed = advance(tx, seen.id, Event("moved", slot=slot, by=actor.kind), rules, actor)
    note_deed(tx, actor, "callback.moved", changed)
    return advance(tx, changed.id, Event("fell_due"), rules)


def cancel(tx: Transaction, actor: Actor, callback_id: str, rules: Rules) -> Callback:
    """Nobody calls. Twice is once. Raises NotFound, Conflict("callback_state")."""
    seen = queries.visible(tx, actor, callback_id)
    if seen.state == "cancelled":
        return seen
    changed = advance(tx, seen.id, Event("cancelled", by=actor.kind), rules, actor)
    note_deed(tx, actor, "callback.cancelled", changed)
    return changed


def replaced(tx: Transaction, actor: Actor, callback_id: str, by: str, rules: Rules) -> Callback:
    """The customer has called first ("called"), or would rather write ("writing"): the place in line is kept for that.

    Raises NotFound, Conflict("callback_state").
    """
    seen = queries.visible(tx, actor, callback_id)
    if seen.state == "replaced":
        return seen
    changed = advance(tx, seen.id, Event("replaced", by=by), rules, actor)
    note_deed(tx, actor, "callback.replaced", changed, because=by)
    return changed


def prefer(tx: Transaction, actor: Actor, wanted: CallPreference, rules: Rules) -> CallPreference:
    """How somebody wants to be reached. From "no calls" on nobody calls them; what was booked is answered in writing."""
    queries.keep_preference(tx, replace(wanted, note=redact(wanted.note.strip())[:LONGEST_NOTE]))
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="customer.call_preference",
        object_kind="customer",
        object_id=wanted.person_id,
        no_calls=wanted.no_calls,
        relay=wanted.relay,
    )
    if wanted.no_calls:
        for each in queries.all_live_of_person(tx, wanted.person_id):
            if each.state != "connected":
                advance(tx, each.id, Event("replaced", by=WRITING), rules, actor)
    return queries.preference(tx, wanted.person_id)


def dial(tx: Transaction, actor: Actor, callback_id: str, rules: Rules, engine: str) -> Callback:
    """The agent who has it calls. Raises NotFound, NotAllowed("not_owner"), Conflict: callback_state,
    callback_too_early, phone_closed, no_calls_wanted.
    """
    seen = _in_hand(tx, actor, callback_id)
    if queries.preference(tx, seen.person_id).no_calls:
        raise Conflict("no_calls_wanted")
    if not rules.hours.is_open(tx.now):
        raise Conflict("phone_closed")
    called = advance(tx, seen.id, Event("dial", by=engine), rules, actor)
    note_deed(tx, actor, "callback.dialled", called, call=called.line)
    return called


def report(
    tx: Transaction, actor: Actor, callback_id: str, outcome: str, note: str, rules: Rules
) -> Callback:
    """What the agent hears: connected, talked (it is over), or why nobody could be reached; with a note for staff.

    Raises NotFound, NotAllowed("not_owner"), Conflict("callback_state"), Invalid("unknown_outcome").
    """
    seen = _in_hand(tx, actor, callback_id)
    event = _reported(seen, outcome)
    if seen.state not in ("dialling", "connected"):
        raise Conflict("callback_state", state=seen.state)
    if seen.state == "dialling" and outcome == "talked":
        seen = advance(tx, seen.id, Event("answered", call=seen.line), rules, actor)
    words = redact(note.strip())[:LONGEST_NOTE]
    if words:
        here = (callback_call.c.callback_id == seen.id, callback_call.c.number == seen.line)
        tx.execute(update(callback_call).where(*here).values(note=words))
    changed = advance(tx, seen.id, event, rules, actor)
    note_deed(tx, actor, "callback.reported", changed, outcome=outcome)
    return changed


def _in_hand(tx: Transaction, actor: Actor, callback_id: str) -> Callback:
    seen = queries.visible(tx, actor, callback_id)
    owner = contacts.find(tx, seen.contact_id) if seen.contact_id else None
    if owner is None or owner.owner_kind != "agent" or owner.owner_id != actor.id:
        raise NotAllowed("not_owner")
    return seen


def _reported(seen: Callback, outcome: str) -> Event:
    if outcome == "connected":
        return Event("answered", call=seen.line)
    if outcome == "talked":
        return Event("ended", call=seen.line)
    for known in NOT_REACHED:
        if outcome == known:
            return Event("not_reached", call=seen.line, outcome=known)
    raise Invalid("unknown_outcome", field="outcome")
