"""What an event makes of a call-back is written down, and what is to be done then is done, in one transaction.

The only place where a call-back changes: `advance`. Queue and owner of the contact follow; what goes over a line or
by mail is an errand of the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import insert, update

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.callbacks import queries
from madoguchi.counter.callbacks.machine import Command, Event, Step, step
from madoguchi.counter.callbacks.model import IN_HAND, Callback, callback, callback_call
from madoguchi.counter.callbacks.rules import Rules
from madoguchi.counter.callbacks.wording import alert_text, summary_of
from madoguchi.counter.cases import service as cases
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.cases.queries import get as case_of
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service as ledger
from madoguchi.counter.routing import after_contact, calls, queues
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.kept_places import keep_place
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction

LINE = "callback.line"  # errand: {"callback_id", "deed": ring_agent | dial | bridge | hang_up, "call"}
MAIL = "mail.callback"  # errand: {"callback_id", "what"}
TOPIC = "callbacks"  # wake-up: something has changed
WRITING = "writing"
_APPOINTMENT = 1  # the class of what was promised for a time of day: with the emergencies
_MAILED = frozenset(
    {"confirmed", "moved", "cancelled", "late", "postponed", "not_reached", "wrong_number", "missed"}
)


def advance(tx: Transaction, callback_id: str, event: Event, rules: Rules, by: Actor = SYSTEM) -> Callback:
    """One event. Raises NotFound, Conflict("callback_state" | "callback_too_early")."""
    return _advance(tx, queries.get_for_update(tx, callback_id), event, rules, by)


def begin(tx: Transaction, made: Callback, rules: Rules, by: Actor) -> Callback:
    """What has just been booked: told, and in the queue at once if it is for now."""
    _tell(tx, made, Command("tell", "confirmed"), rules, by)
    return advance(tx, made.id, Event("fell_due"), rules)


def write(tx: Transaction, changed: Callback) -> None:
    """The row as it is now."""
    values = {name: value for name, value in vars(changed).items() if name not in ("id", "created_at")}
    tx.execute(update(callback).where(callback.c.id == changed.id).values(**{**values, "updated_at": tx.now}))
    tx.wake(TOPIC, "inbox", f"contact:{changed.contact_id}")


def _advance(tx: Transaction, seen: Callback, event: Event, rules: Rules, by: Actor) -> Callback:
    made = step(seen, event, tx.now, rules.tries)
    if made.callback == seen:
        return seen
    write(tx, made.callback)
    _note_call(tx, seen, made, event)
    _note_agent(tx, seen, made.callback, event)
    for command in made.commands:
        _DEEDS[command.kind](tx, made.callback, command, rules, by)
    return queries.get(tx, seen.id)


def _enter(tx: Transaction, made: Callback, command: Command, rules: Rules, by: Actor) -> None:
    """Into the queue at their own place: of a chat or a line left for it, of the first asking; else as an appointment."""
    contact = contacts.get(tx, made.contact_id)
    in_hand = contact.owner_kind == "agent" and command.what != "again"
    if contact.state == "ended" or in_hand:
        return
    if contact.state == "resolved":
        contact = ledger.reopen(tx, contact.id, SYSTEM)
    tried = queries.calls(tx, [made.id]).get(made.id, [])
    queue = queues.find(tx, made.queue_id)
    place = routing.enter(
        tx,
        contact,
        made.queue_id if queue is not None and queue.active else queues.GENERAL,
        priority=made.priority or (None if made.kind == "now" and not tried else _APPOINTMENT),
        reason="callback",
        summary=summary_of(tx, made, rules),
        preferred=tried[-1].agent_id if tried and command.what != "again" else "",
    )
    if made.kind == "now" and not tried:
        keep_place(tx, contact.id, made.since, made.priority or place.priority)


def _rest(tx: Transaction, made: Callback, _command: Command, rules: Rules, _by: Actor) -> None:
    """Out of queue and hands."""
    if not made.contact_id:
        return
    contact = contacts.get(tx, made.contact_id)
    if contact.state == "ended" or contact.owner_kind not in ("queue", "agent"):
        return
    routing.finished(tx, contact.id)
    owner: Any = rules.resting
    owner_id = owner if owner == "assistant" else ""
    ledger.set_owner(tx, contact.id, owner, owner_id, contact.owner_version)


def _line(tx: Transaction, made: Callback, command: Command, _rules: Rules, _by: Actor) -> None:
    told = {"callback_id": made.id, "deed": command.kind, "call": command.call}
    outbox.put(tx, LINE, told, lane=f"line/{made.id}")


def _ring_agent(tx: Transaction, made: Callback, command: Command, rules: Rules, by: Actor) -> None:
    """Where the engine rings nobody, whoever has taken the contact is ready."""
    if rules.rings_agents:
        _line(tx, made, command, rules, by)
        return
    _advance(tx, made, Event("agent_answered", agent_id=made.agent_id), rules, by)


def _tell(tx: Transaction, made: Callback, command: Command, _rules: Rules, by: Actor) -> None:
    """In the contact, and by mail."""
    if not made.contact_id:
        return
    body = {
        "callback_id": made.id,
        "what": command.what,
        "state": made.state,
        "kind": made.kind,
        "slot_at": made.slot_at.isoformat() if made.slot_at else None,
        "slot_end": made.slot_end.isoformat() if made.slot_end else None,
        "due_at": made.due_at.isoformat(),
        "attempts": made.attempts,
        "by": made.ended_by,
    }
    ledger.append(tx, made.contact_id, events.CALLBACK, body, actor=by)
    first_or_last = command.what != "not_reached" or made.attempts == 1
    if command.what in _MAILED and first_or_last:
        outbox.put(tx, MAIL, {"callback_id": made.id, "what": command.what}, lane=f"{MAIL}/{made.id}")


def _alert(tx: Transaction, made: Callback, command: Command, rules: Rules, _by: Actor) -> None:
    """For staff, in the contact; the console and the board list it as long as it lasts."""
    if made.contact_id:
        text = alert_text(made, command.what, rules.language, rules.zone)
        ledger.append(tx, made.contact_id, events.NOTE, {"text": text}, actor=SYSTEM)


def _finish(tx: Transaction, made: Callback, _command: Command, rules: Rules, by: Actor) -> None:
    """The contact ends; who would rather write keeps the place in line for that."""
    if not made.contact_id:
        return
    if made.state == "replaced" and made.ended_by == WRITING:
        _write_instead(tx, made, rules)
        return
    contact = contacts.get(tx, made.contact_id)
    if contact.state == "open" and contact.owner_kind not in ("agent", "queue"):
        ledger.end(tx, contact.id, SYSTEM, f"callback_{made.state}")
    if is_live(case_of(tx, made.case_id).state) and made.state in ("missed", "cancelled"):
        cases.wait_for_customer(tx, made.case_id, by)


def _write_instead(tx: Transaction, made: Callback, rules: Rules) -> None:
    chat = contacts.find(tx, made.from_contact_id) if made.from_contact_id else None
    usable = chat is not None and chat.state == "open" and chat.owner_kind in ("assistant", "none")
    contact = chat if usable and chat is not None else contacts.get(tx, made.contact_id)
    if contact.state != "open" or contact.owner_kind in ("queue", "agent"):
        return
    summary = summary_of(tx, made, rules)
    place = routing.enter(tx, contact, made.queue_id, reason="callback_in_writing", summary=summary)
    keep_place(tx, contact.id, made.since, made.priority or place.priority)


def _note_call(tx: Transaction, seen: Callback, made: Step, event: Event) -> None:
    """One row for each call: dialled, answered, ended and how."""
    now = made.callback
    here = (callback_call.c.callback_id == now.id, callback_call.c.number == seen.line)
    if event.kind == "dial":
        values = {"callback_id": now.id, "number": now.line, "agent_id": now.agent_id, "engine": event.by}
        tx.execute(insert(callback_call).values(**values, dialled_at=tx.now, outcome="", note=""))
    elif event.kind == "answered":
        tx.execute(update(callback_call).where(*here).values(answered_at=tx.now))
    elif seen.state in ("dialling", "connected") and now.state not in ("dialling", "connected"):
        outcome = (
            now.outcome
            if event.kind in ("not_reached", "ended")
            else "cut"
            if now.state == "due"
            else "failed"
        )
        tx.execute(update(callback_call).where(*here).values(ended_at=tx.now, outcome=outcome))


def _note_agent(tx: Transaction, seen: Callback, now: Callback, event: Event) -> None:
    """Whoever has it in hand is on a call, until it is told how the call went or somebody else has it;
    then comes the work that the queue allows for.
    """
    before = seen.agent_id if seen.state in IN_HAND else ""
    after = now.agent_id if now.state in IN_HAND else ""
    if after and after != before:
        calls.begin(tx, now.contact_id, after)
    elif before and not after:
        gone = calls.end(tx, now.contact_id)
        if gone and event.kind in ("ended", "not_reached"):
            after_contact.begin(tx, now.contact_id, gone)


_DEEDS: dict[str, Callable[[Transaction, Callback, Command, Rules, Actor], None]] = {
    "enter": _enter,
    "rest": _rest,
    "ring_agent": _ring_agent,
    "dial": _line,
    "bridge": _line,
    "hang_up": _line,
    "tell": _tell,
    "alert": _alert,
    "finish": _finish,
}
