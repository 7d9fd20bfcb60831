"""The verbs of a contact: open, say, hand to another owner, resolve. Each takes a transaction and never commits.

To speak as the house you present the owner version that you saw (architecture, "The ledger").
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from madoguchi.counter.actors import SYSTEM, Actor, Rung
from madoguchi.counter.contacts import events, participants, queries
from madoguchi.counter.contacts.ledger import append as append
from madoguchi.counter.contacts.ledger import author_of, same_or_conflict, write_entry
from madoguchi.counter.contacts.model import Contact, Entry, OwnerKind, attachment, contact
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.engine.failpoints import failpoint
from madoguchi.kit.clock import to_micros
from madoguchi.kit.ids import new_id

OPENED_TOPIC = "mail.new_contact"
_SPOKEN = {events.MESSAGE, events.NOTE}


def open_contact(
    tx: Transaction,
    *,
    actor: Actor,
    channel: str,
    language: str,
    initiation_method: str = "customer",
    topic: str = "",
    order_number: str = "",
    case_id: str | None = None,
    owner: OwnerKind = "assistant",
    attributes: dict[str, Any] | None = None,
    tried: Sequence[str] = (),
    client_key: str = "",
) -> Contact:
    """Open a contact for the customer who acts. The same `client_key` of the same visitor opens it once.

    `tried`: what the customer has tried already, for whoever takes it over (HLP-014).
    """
    contact_id = contact_id_of(actor.id, client_key)
    existing = queries.find(tx, contact_id) if client_key else None
    if existing is not None:
        return existing
    tx.execute(
        insert(contact).values(
            id=contact_id,
            case_id=case_id,
            customer_id=actor.customer_id if actor.rung >= Rung.SIGNED_IN else None,
            visitor_id=actor.id,
            channel=channel,
            initiation_method=initiation_method,
            language=language,
            topic=topic,
            order_number=order_number,
            owner_kind=owner,
            owner_id=owner if owner == "assistant" else "",
            owner_version=1,
            state="open",
            customer_rung=int(actor.rung),
            proven_orders=sorted(actor.order_numbers),
            last_seq=0,
            last_customer_seq=0,
            answered_seq=0,
            customer_seen_seq=0,
            agent_seen_seq=0,
            opened_at=tx.now,
            updated_at=tx.now,
            disconnect_reason="",
            attributes=attributes or {},
        )
    )
    opened: dict[str, Any] = {"topic": topic, "order_number": order_number}
    if tried:
        opened["tried"] = list(tried)
    append(tx, contact_id, events.OPENED, opened, actor=actor)
    if owner == "assistant":
        owe_turn(tx, contact_id)
    begun = queries.get(tx, contact_id)
    if begun.customer_id:
        _tell_owner(tx, contact_id)
    return begun


def _tell_owner(tx: Transaction, contact_id: str) -> None:
    """The customer hears of every contact in their name, whoever opened it (HIS-011); they may turn that off."""
    outbox.put(tx, OPENED_TOPIC, {"contact_id": contact_id}, key=f"{OPENED_TOPIC}/{contact_id}")


def owe_turn(tx: Transaction, contact_id: str) -> None:
    """What stands last in the ledger asks for the assistant's word, though it is no message (an opening, a proof)."""
    tx.execute(update(contact).where(contact.c.id == contact_id).values(last_customer_seq=contact.c.last_seq))
    tx.wake("turns")


def say(
    tx: Transaction,
    contact_id: str,
    *,
    actor: Actor,
    text: str,
    client_key: str,
    lang: str = "",
    choice: dict[str, str] | None = None,
    attachments: list[str] | None = None,
    owner_version: int | None = None,
    original: dict[str, str] | None = None,
    held: bool = False,
) -> Entry:
    """Say something in a contact that the actor may see. `original`: what was written, where `text` is its translation.

    A customer's word re-opens a resolved contact and wakes a snoozed one. An agent must own the contact, or speak in
    it beside an agent who does, and name the `owner_version` seen; raises Conflict("owner_changed") otherwise,
    Conflict("contact_ended") after the end.
    `held`: all this was asked when the words were written (`hold`), and now they leave.
    """
    body: dict[str, Any] = {"text": text, "lang": lang}
    if choice is not None:
        body["choice"] = choice
    if attachments:
        body["attachments"] = attachments
    if original is not None:
        body["original"] = original
    seen, before = queries.get_to_say(tx, contact_id, actor.id, client_key)
    if before is not None:
        return same_or_conflict(before, events.MESSAGE, body, actor)
    if seen.state == "ended" and not held:
        raise Conflict("contact_ended")
    if not text.strip() and choice is None and not attachments:
        raise Invalid("empty_message", field="text")
    if actor.kind == "agent":
        if not held:
            _require_voice(tx, seen, actor, owner_version)
        if seen.connected_at is None:
            _set(tx, contact_id, connected_at=tx.now)
    if actor.kind == "customer":
        _customer_is_back(tx, seen, actor)
    if attachments and not held:
        _claim_attachments(tx, contact_id, attachments, actor)
    return write_entry(tx, contact_id, events.MESSAGE, body, actor, client_key, "public")


def hold(
    tx: Transaction,
    contact_id: str,
    actor: Actor,
    text: str,
    attachments: list[str],
    owner_version: int | None,
) -> Contact:
    """An agent's words that leave later: everything that `say` would ask. Raises as `say` does."""
    seen = queries.get_for_update(tx, contact_id)
    if seen.state == "ended":
        raise Conflict("contact_ended")
    if not text.strip() and not attachments:
        raise Invalid("empty_message", field="text")
    _require_owner(seen, actor, owner_version)
    if attachments:
        _claim_attachments(tx, contact_id, attachments, actor)
    return seen


def set_owner(
    tx: Transaction, contact_id: str, kind: OwnerKind, owner_id: str, expected_version: int
) -> Contact:
    """Give the contact to another owner if its version is still the one seen (I6). Raises Conflict("owner_changed")."""
    cursor = tx.driver(
        "UPDATE contact SET owner_kind = ?, owner_id = ?, owner_version = owner_version + 1, updated_at = ?"
        " WHERE id = ? AND owner_version = ?",
        (kind, owner_id, to_micros(tx.now), contact_id, expected_version),
    )
    changed = cursor.rowcount
    cursor.close()
    if changed != 1:
        raise Conflict("owner_changed")
    failpoint("contacts.set_owner.after_update")
    tx.wake(f"contact:{contact_id}", "inbox")
    if kind == "agent":
        tx.wake(f"agent:{owner_id}")
    return queries.get(tx, contact_id)


def mark_answered(tx: Transaction, contact_id: str, up_to_seq: int, owner_version: int) -> None:
    """The assistant has dealt with the customer's words up to `up_to_seq`.

    Raises Conflict("turn_taken") when it no longer owns the contact, or somebody has answered them already: the
    caller's transaction, words included, is then rolled back (R-22).
    """
    cursor = tx.driver(
        "UPDATE contact SET answered_seq = ? WHERE id = ? AND owner_kind = 'assistant'"
        " AND owner_version = ? AND answered_seq < ?",
        (up_to_seq, contact_id, owner_version, up_to_seq),
    )
    changed = cursor.rowcount
    cursor.close()
    if changed != 1:
        raise Conflict("turn_taken")


def classify(
    tx: Transaction,
    contact_id: str,
    *,
    topic: str | None = None,
    order_number: str | None = None,
    language: str | None = None,
) -> None:
    """Store what the contact is about, as understood so far; a change of language is a public fact."""
    values = {"topic": topic, "order_number": order_number}
    changed = {name: value for name, value in values.items() if value is not None}
    if changed:
        _set(tx, contact_id, **changed)
    if language is None:
        return
    before = queries.get(tx, contact_id)
    if before.language != language:
        _set(tx, contact_id, language=language)


def link_case(tx: Transaction, contact_id: str, case_id: str) -> None:
    """The case that this contact belongs to."""
    _set(tx, contact_id, case_id=case_id)


def adopt(tx: Transaction, actor: Actor) -> list[str]:
    """After a proof of identity: the visitor's own contacts become the customer's, with the rung now proved.

    Only contacts of this very session's visitor that belong to nobody or to the same customer (S-14).
    """
    rows = tx.all(
        select(contact).where(
            contact.c.visitor_id == actor.id,
            contact.c.state != "ended",
            (contact.c.customer_id.is_(None)) | (contact.c.customer_id == actor.customer_id),
        )
    )
    adopted = []
    for row in rows:
        if row.customer_rung >= int(actor.rung) and set(actor.order_numbers) <= set(row.proven_orders):
            continue
        values: dict[str, Any] = {
            "customer_rung": int(actor.rung),
            "proven_orders": sorted({*row.proven_orders, *actor.order_numbers}),
        }
        if actor.rung >= Rung.SIGNED_IN:
            values["customer_id"] = actor.customer_id
            _tell_owner(tx, row.id)
        _set(tx, row.id, **values)
        append(tx, row.id, events.IDENTIFIED, {"rung": int(actor.rung), "name": actor.name}, actor=actor)
        if row.owner_kind == "assistant":
            owe_turn(tx, row.id)
        adopted.append(row.id)
    return adopted


def prove(tx: Transaction, seen: Contact, actor: Actor) -> None:
    """A signed-in customer who comes back raises (or renews) the contact's rung."""
    rung = max(seen.customer_rung, int(actor.rung)) if actor.rung < Rung.SIGNED_IN else int(actor.rung)
    proven = sorted({*seen.proven_orders, *actor.order_numbers})
    if rung != seen.customer_rung or proven != seen.proven_orders:
        _set(tx, seen.id, customer_rung=rung, proven_orders=proven)


def mark_seen(tx: Transaction, contact_id: str, reader: str, seq: int) -> None:
    """`reader` customer or agent has seen everything up to `seq`; never goes back."""
    column = contact.c.customer_seen_seq if reader == "customer" else contact.c.agent_seen_seq
    result = tx.execute(
        update(contact)
        .where(contact.c.id == contact_id, column < seq, contact.c.last_seq >= seq)
        .values({column: seq})
    )
    if result.rowcount:
        tx.wake(f"contact:{contact_id}")


def snooze(
    tx: Transaction,
    contact_id: str,
    actor: Actor,
    until: datetime,
    owner_version: int,
    client_key: str = "",
) -> Contact:
    """Put aside until a moment; a customer's word brings it back earlier."""
    seen = queries.get_for_update(tx, contact_id)
    _require_owner(seen, actor, owner_version)
    if until <= tx.now:
        raise Invalid("in_the_past", field="until")
    _set(tx, contact_id, snoozed_until=until)
    body = {"until": until.isoformat()}
    append(tx, contact_id, events.SNOOZED, body, actor=actor, client_key=client_key or None)
    return queries.get(tx, contact_id)


def put_aside(tx: Transaction, contact_id: str, until: datetime) -> None:
    """The house puts an agent's contact aside, because its customer has gone; a word of theirs brings it back."""
    _set(tx, contact_id, snoozed_until=until)
    append(tx, contact_id, events.SNOOZED, {"until": until.isoformat()}, actor=SYSTEM)


def wake_up(tx: Transaction, contact_id: str, actor: Actor) -> None:
    """Take a contact out of snooze; nothing happens to one that is awake."""
    if queries.get_for_update(tx, contact_id).snoozed_until is None:
        return
    _set(tx, contact_id, snoozed_until=None)
    append(tx, contact_id, events.WOKEN, {}, actor=actor)


def resolve(tx: Transaction, contact_id: str, actor: Actor, owner_version: int | None) -> Contact:
    """Resolved, until the customer says otherwise. An agent must own it; the assistant and the system need not."""
    seen = queries.get_for_update(tx, contact_id)
    if actor.kind == "agent":
        _require_owner(seen, actor, owner_version)
    if seen.state != "open":
        raise Conflict("not_open")
    _set(tx, contact_id, state="resolved", resolved_at=tx.now, snoozed_until=None)
    append(tx, contact_id, events.RESOLVED, {"by": actor.kind}, actor=actor)
    return queries.get(tx, contact_id)


def reopen(tx: Transaction, contact_id: str, actor: Actor) -> Contact:
    """Open again after "not solved"; the owner stays, so that the same person goes on (HND-014)."""
    seen = queries.get_for_update(tx, contact_id)
    if seen.state == "ended":
        raise Conflict("contact_ended")
    if seen.state == "resolved":
        _set(tx, contact_id, state="open", resolved_at=None)
        append(tx, contact_id, events.REOPENED, {}, actor=actor)
    return queries.get(tx, contact_id)


def end(tx: Transaction, contact_id: str, actor: Actor, reason: str) -> Contact:
    """End the interaction; what was said stays. Ending twice is ending once."""
    seen = queries.get_for_update(tx, contact_id)
    if seen.state != "ended":
        _set(tx, contact_id, state="ended", ended_at=tx.now, disconnect_reason=reason, snoozed_until=None)
        append(tx, contact_id, events.ENDED, {"reason": reason}, actor=actor)
    return queries.get(tx, contact_id)


def handed_over(tx: Transaction, contact_id: str) -> None:
    """Stamp the first moment at which a person was asked for (HND-005)."""
    tx.execute(
        update(contact)
        .where(contact.c.id == contact_id, contact.c.handed_over_at.is_(None))
        .values(handed_over_at=tx.now)
    )


def _customer_is_back(tx: Transaction, seen: Contact, actor: Actor) -> None:
    prove(tx, seen, actor)
    if seen.state == "resolved":
        reopen(tx, seen.id, actor)
    if seen.snoozed_until is not None:
        wake_up(tx, seen.id, actor)


def _require_voice(tx: Transaction, seen: Contact, actor: Actor, owner_version: int | None) -> None:
    """The owner speaks, and whoever takes part to speak while an agent owns it (decision 26)."""
    _require_version(seen, owner_version)
    if seen.owner_kind == "agent" and participants.speaks(tx, seen.id, actor.id):
        return
    _require_owner(seen, actor, owner_version)


def _require_version(seen: Contact, owner_version: int | None) -> None:
    if owner_version is None:
        raise Invalid("owner_version_missing", field="owner_version")
    if seen.owner_version != owner_version:
        raise Conflict("owner_changed")


def _require_owner(seen: Contact, actor: Actor, owner_version: int | None) -> None:
    _require_version(seen, owner_version)
    if seen.owner_kind != "agent" or seen.owner_id != actor.id:
        raise NotAllowed("not_owner")


def _claim_attachments(tx: Transaction, contact_id: str, ids: list[str], actor: Actor) -> None:
    author_kind, author_id = author_of(actor)
    result = tx.execute(
        update(attachment)
        .where(
            attachment.c.id.in_(ids),
            attachment.c.contact_id == contact_id,
            attachment.c.author_kind == author_kind,
            attachment.c.author_id == author_id,
            attachment.c.said.is_(False),
        )
        .values(said=True)
    )
    if result.rowcount != len(set(ids)):
        raise Invalid("unknown_attachment", field="attachments")


def _set(tx: Transaction, contact_id: str, **values: Any) -> None:
    tx.execute(update(contact).where(contact.c.id == contact_id).values(updated_at=tx.now, **values))
    tx.wake(f"contact:{contact_id}", "inbox")


def contact_id_of(visitor_id: str, client_key: str) -> str:
    """The id of the contact that this visitor opens under this key."""
    if not client_key:
        return new_id("con")
    return f"con_{hashlib.sha256(f'{visitor_id}/{client_key}'.encode()).hexdigest()[:26]}"
