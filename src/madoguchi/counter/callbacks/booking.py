"""A call is booked: by whom it may be, on which number, in which slot, with the code for who has proved nothing. None commits.

Locks are taken in one order: number, person, slot, call-back, then those of routing and contacts. Somebody who has
proved nothing books with a code that is mailed to them; until it is entered nobody sees the wish, and nobody is called.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from madoguchi.counter.actors import SYSTEM, Actor, Rung
from madoguchi.counter.callbacks import carrying, queries, slots
from madoguchi.counter.callbacks.callers import hash_of
from madoguchi.counter.callbacks.capacity import Wanted
from madoguchi.counter.callbacks.carrying import MAIL
from madoguchi.counter.callbacks.machine import Event, Slot, step, with_promise
from madoguchi.counter.callbacks.model import LONGEST_NOTE, Callback, Via, callback
from madoguchi.counter.callbacks.noting import note_deed
from madoguchi.counter.callbacks.numbers import callable_number
from madoguchi.counter.callbacks.rules import Rules
from madoguchi.counter.cases import duplicates
from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.cases import service as cases
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service as ledger
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.contacts.redaction import redact
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers.codes import checked_address
from madoguchi.counter.problems import Conflict, Invalid, TooMany
from madoguchi.counter.routing import queries as routing_queries
from madoguchi.counter.routing import queues
from madoguchi.counter.routing import service as routing
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.engine.keys import Keys
from madoguchi.kit.ids import new_id

CATEGORY = "support_service.callback_request"
MOST_TRIES = 5
_CODE = "callback-code"
_HOUR = 3600


@dataclass(frozen=True)
class Wish:
    """What somebody asks for. `slot_at` None: as soon as possible; `case`: the number of the enquiry that it goes on
    with; `from_contact`: the chat whose place in line it takes over; `waiting_since`: from when on they have held the
    line, as our own telephone system says; `email`: of somebody who has proved nothing.
    """

    phone: str
    language: str
    client_key: str
    slot_at: datetime | None = None
    topic: str = ""
    order_number: str = ""
    case: str = ""
    from_contact: str = ""
    waiting_since: datetime | None = None
    kana: str = ""
    note: str = ""
    email: str = ""
    via: Via = "web"


def book(tx: Transaction, actor: Actor, wish: Wish, rules: Rules, keys: Keys) -> Callback:
    """Book a call; the same `client_key` books it once. `actor`: in whose name, see `caller_of` and `in_name_of`.

    Raises Conflict: callback_off, no_calls_wanted, callback_exists, callback_closed, slot_full. Invalid: phone_…,
    not_a_slot, email. TooMany("too_many_callbacks").
    """
    before = queries.of_client_key(tx, actor.id, wish.client_key)
    if before is not None:
        return before
    known = actor.customer_id if actor.rung >= Rung.SIGNED_IN else None
    person = known or actor.id
    phone = _phone(tx, known, wish, rules)
    phone_hash = hash_of(keys, phone)
    _may_be_called(tx, person, phone_hash, rules)
    proved = actor.rung > Rung.VISITOR or wish.via in ("ivr", "staff")
    wanted = wanted_of(tx, actor, wish)
    slot = _slot(tx, wish, wanted, rules)
    made = _row(tx, actor, known, wish, wanted, phone, phone_hash)
    made = with_promise(made, slot, tx.now, rules.tries)
    if proved:
        made = _opened(tx, actor, made, wish, rules)
        tx.execute(insert(callback).values(**vars(made)))
        note_deed(tx, actor, "callback.booked", made, via=made.via)
        return carrying.begin(tx, made, rules, actor)
    made = replace(
        made, state="unconfirmed", email=checked_address(wish.email), due_at=tx.now + rules.confirm
    )
    tx.execute(insert(callback).values(**vars(made)))
    outbox.put(tx, MAIL, {"callback_id": made.id, "what": "code"}, key=f"{MAIL}/code/{made.id}")
    return made


def wanted_of(tx: Transaction, actor: Actor, wish: Wish) -> Wanted:
    """Which desk calls, in which language. Raises NotFound for a chat that is not theirs."""
    known = actor.customer_id if actor.rung >= Rung.SIGNED_IN else None
    return Wanted(_queue(tx, known, wish, actor), wish.language)


def confirm(tx: Transaction, actor: Actor, callback_id: str, code: str, rules: Rules, keys: Keys) -> bool:
    """The mailed code; False for a wrong one, which counts. What is confirmed already stays so.

    Raises NotFound, Conflict("callback_state" | "callback_exists"), TooMany("too_many_codes").
    """
    seen = _held(tx, actor, callback_id)
    if seen.state != "unconfirmed":
        if seen.live:
            return True
        raise Conflict("callback_state", state=seen.state)
    if seen.code_tries >= MOST_TRIES:
        raise TooMany("too_many_codes", retry_after=_HOUR)
    if not hmac.compare_digest(code_of(keys, seen.id).encode(), code.strip().encode()):
        carrying.write(tx, replace(seen, code_tries=seen.code_tries + 1))
        return False
    made = step(seen, Event("confirmed"), tx.now, rules.tries).callback
    wish = Wish("", made.language, made.client_key, from_contact=made.from_contact_id, topic=made.topic)
    made = _opened(tx, actor, made, wish, rules)
    carrying.write(tx, made)
    note_deed(tx, actor, "callback.booked", made, via=made.via)
    carrying.begin(tx, made, rules, actor)
    return True


def code_of(keys: Keys, callback_id: str) -> str:
    """Six digits that are stored nowhere: made when the mail is sent, and again when they are compared."""
    return f"{int(keys.sign(_CODE, callback_id)[:12], 16) % 1_000_000:06d}"


def _phone(tx: Transaction, known: str | None, wish: Wish, rules: Rules) -> str:
    if not rules.on:
        raise Conflict("callback_off")
    found = customers.find(tx, known) if known else None
    on_file = found.phone if found else ""
    number = callable_number(wish.phone, rules.country, rules.prefixes, on_file=on_file)
    if rules.only_on_file and wish.via != "staff" and _on_file(on_file, rules) != number:
        raise Invalid("phone_not_on_file", field="phone")
    return number


def _on_file(phone: str, rules: Rules) -> str:
    try:
        return callable_number(phone, rules.country, rules.prefixes, on_file=phone)
    except Invalid:
        return ""


def _may_be_called(tx: Transaction, person: str, phone_hash: str, rules: Rules) -> None:
    tx.lock("callback_number", phone_hash)
    tx.lock("callback_person", person)
    if queries.preference(tx, person).no_calls:
        raise Conflict("no_calls_wanted")
    waiting = queries.live_of_person(tx, person)
    if waiting is not None:
        raise Conflict("callback_exists", id=waiting.id)
    if queries.asked_lately(tx, phone_hash=phone_hash) >= rules.per_number:
        raise TooMany("too_many_callbacks", retry_after=_HOUR)
    if queries.asked_lately(tx, person_id=person) >= rules.per_person:
        raise TooMany("too_many_callbacks", retry_after=_HOUR)


def _slot(tx: Transaction, wish: Wish, wanted: Wanted, rules: Rules) -> Slot | None:
    if wish.slot_at is not None:
        return slots.take(tx, rules, wish.slot_at, wanted)
    slots.need_open(tx, rules)
    return None


def _queue(tx: Transaction, known: str | None, wish: Wish, actor: Actor) -> str:
    """The desk of the chat that it takes over, else of the topic."""
    if wish.from_contact:
        place = routing_queries.place_of(tx, _chat(tx, actor, wish.from_contact).id)
        if place is not None and place.state in ("waiting", "offered"):
            return place.queue_id
    found = customers.find(tx, known) if known else None
    queue_id = queues.queue_for(wish.topic, found.segments if found else ())
    queue = queues.find(tx, queue_id)
    return queue_id if queue is not None and queue.active else queues.GENERAL


def _chat(tx: Transaction, actor: Actor, contact_id: str) -> Contact:
    """The conversation that goes on by phone. Raises NotFound."""
    return contacts.visible(tx, actor, contact_id)


def _row(
    tx: Transaction,
    actor: Actor,
    known: str | None,
    wish: Wish,
    wanted: Wanted,
    phone: str,
    phone_hash: str,
) -> Callback:
    since = min(wish.waiting_since or tx.now, tx.now)
    values: dict[str, Any] = dict.fromkeys(
        (
            "slot_at",
            "slot_end",
            "reminded_at",
            "warned_at",
            "late_at",
            "started_at",
            "connected_at",
            "finished_at",
        )
    )
    return Callback(
        id=new_id("cbk"),
        contact_id="",
        case_id=_case_of_label(tx, actor, wish.case),
        from_contact_id=wish.from_contact,
        customer_id=known,
        visitor_id=actor.id,
        client_key=wish.client_key,
        via=wish.via,
        kind="now",
        state="booked",
        language=wish.language,
        topic=wish.topic,
        order_number=wish.order_number,
        queue_id=wanted.queue_id,
        phone=phone,
        phone_hash=phone_hash,
        email="",
        kana=redact(wish.kana.strip())[:100],
        note=redact(wish.note.strip())[:LONGEST_NOTE],
        since=since,
        priority=0,
        due_at=since,
        not_before=since,
        promised_at=since,
        attempts=0,
        calls=0,
        line=0,
        agent_id="",
        outcome="",
        ended_by="",
        code_tries=0,
        broken=0,
        created_at=tx.now,
        updated_at=tx.now,
        **values,
    )


def _case_of_label(tx: Transaction, actor: Actor, label: str) -> str:
    return case_queries.visible(tx, actor, label).id if label else ""


def _opened(tx: Transaction, actor: Actor, made: Callback, wish: Wish, rules: Rules) -> Callback:
    """Its contact, in the case that it goes on with or a new one; the place in line of the chat is taken over."""
    chat = _chat(tx, actor, wish.from_contact) if wish.from_contact else None
    topic = made.topic or (chat.topic if chat else "") or CATEGORY
    order = made.order_number or (chat.order_number if chat else "")
    goes_on = made.case_id or (chat.case_id if chat else None) or _case(tx, actor, topic, order)
    case_id = cases.reopen(tx, goes_on, rules.reopen_days, actor).id
    contact = ledger.open_contact(
        tx,
        actor=actor,
        channel="callback",
        language=made.language,
        topic=topic,
        order_number=order,
        case_id=case_id,
        owner="none",
        attributes={"problem": topic, "callback_id": made.id, **({"continues": chat.id} if chat else {})},
    )
    cases.wait_for_us(tx, case_id, actor)
    since, priority = _taken_over(tx, chat) if chat else (made.since, 0)
    return replace(
        made,
        contact_id=contact.id,
        case_id=case_id,
        topic=topic,
        order_number=order,
        since=since or made.since,
        priority=priority,
    )


def _case(tx: Transaction, actor: Actor, topic: str, order: str) -> str:
    known = actor.customer_id if actor.rung >= Rung.SIGNED_IN else None
    same = duplicates.already_open(
        tx, customer_id=known, visitor_id=actor.id, category=topic, order_number=order
    )
    return same.id if same else cases.open_case(tx, known, actor.id, topic, order).id


def _taken_over(tx: Transaction, chat: Contact) -> tuple[datetime | None, int]:
    """Rank of the chat's place, which is free from now on (CB-004)."""
    place = routing_queries.place_of(tx, chat.id)
    if place is None or place.state not in ("waiting", "offered") or chat.owner_kind != "queue":
        return None, 0
    routing.return_to_assistant(tx, chat, SYSTEM)
    return place.entered_at, place.priority


def _held(tx: Transaction, actor: Actor, callback_id: str) -> Callback:
    queries.visible(tx, actor, callback_id)
    return queries.get_for_update(tx, callback_id)
