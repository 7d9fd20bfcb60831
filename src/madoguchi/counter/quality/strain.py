"""Contacts in which somebody is upset or abusive: noticed as it is said, shown to staff, ended by the house's rule (QLT-008).

The rule: an agent who meets abuse answers once with a warning, calmly. If it goes on after that, the agent may end the
conversation; its case stays open, and a supervisor sees it.
"""

from __future__ import annotations

from sqlalchemy import insert, select, update

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact, Entry, contact
from madoguchi.counter.problems import Conflict, NotAllowed
from madoguchi.counter.quality.model import Strain, strain
from madoguchi.counter.quality.tone import tone_of
from madoguchi.counter.team.policy import may
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr

REASON = "conduct"
# What the agent is offered to say; the words are the customer's language.
CALM = "I am sorry that this has gone so badly. I would like to solve it with you. May I put together what has happened so far?"
WARNING = "I want to help you with this. Please do without insults and threats; if they go on, I have to end this conversation."
FAREWELL = "We end this conversation here because of the words that were used. Your enquiry stays open, and a supervisor looks at it. You can write to us again at any time."


def notice(tx: Transaction, entry: Entry) -> Strain | None:
    """Look at a customer's words and note what they show; None where they show nothing. Repeating it is nothing."""
    shown = tone_of(str(entry.body.get("text", "")))
    if shown is None or entry.author_kind != "customer":
        return of_contact(tx, entry.contact_id) if shown else None
    before = of_contact(tx, entry.contact_id)
    abuse = int(shown == "abusive")
    if before is None:
        found = Strain(entry.contact_id, shown, abuse, entry.seq, tx.now, 0)
        tx.execute(insert(strain).values(**vars(found)))
    elif entry.seq <= before.last_seq:
        return before
    else:
        worst = "abusive" if "abusive" in (shown, before.kind) else "upset"
        last = entry.seq if shown == "abusive" or before.kind == "upset" else before.last_seq
        _set(tx, entry.contact_id, kind=worst, count=before.count + abuse, last_seq=last)
    tx.wake(f"contact:{entry.contact_id}", "inbox")
    return of_contact(tx, entry.contact_id)


def warned(tx: Transaction, contact_id: str, seq: int) -> None:
    """The agent has answered abuse with the warning; `seq` of that message."""
    _set(tx, contact_id, warned_seq=seq)
    tx.wake(f"contact:{contact_id}")


def end_abuse(tx: Transaction, contact_id: str, actor: Actor, owner_version: int) -> Contact:
    """End a conversation in which abuse went on after the warning, with a word to the customer; the case stays open.

    A supervisor may do so without a warning. Raises NotAllowed("not_owner"), Conflict("owner_changed" | "no_abuse" |
    "not_warned" | "not_open").
    """
    seen = contact_queries.get_for_update(tx, contact_id)
    if seen.owner_version != owner_version:
        raise Conflict("owner_changed")
    if seen.state == "ended":
        raise Conflict("not_open")
    leads = may(actor, "contacts.reassign")
    if not leads and (seen.owner_kind != "agent" or seen.owner_id != actor.id):
        raise NotAllowed("not_owner")
    found = of_contact(tx, contact_id)
    if found is None or found.kind != "abusive":
        raise Conflict("no_abuse")
    if not may_end(found, seen, actor):
        raise Conflict("not_warned")
    words = tr(seen.language, FAREWELL)
    contacts.say(
        tx, contact_id, actor=SYSTEM, text=words, lang=seen.language, client_key=f"{REASON}/{found.last_seq}"
    )
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="contact.ended_for_conduct",
        object_kind="contact",
        object_id=contact_id,
        abusive=found.count,
    )
    return contacts.end(tx, contact_id, actor, REASON)


def may_end(found: Strain, seen: Contact, actor: Actor) -> bool:
    """Whether the house's rule lets this person end the conversation now. Pure."""
    if found.kind != "abusive" or seen.state == "ended":
        return False
    owns = seen.owner_kind == "agent" and seen.owner_id == actor.id
    return may(actor, "contacts.reassign") or (owns and found.goes_on)


def of_contact(tx: Transaction, contact_id: str) -> Strain | None:
    row = tx.first(select(strain).where(strain.c.contact_id == contact_id))
    return Strain(**row._mapping) if row else None


def of_contacts(tx: Transaction, ids: list[str]) -> dict[str, Strain]:
    """By contact id; contacts without any are left out."""
    if not ids:
        return {}
    rows = tx.all(select(strain).where(strain.c.contact_id.in_(ids)))
    return {row.contact_id: Strain(**row._mapping) for row in rows}


def open_ones(tx: Transaction, *, limit: int = 50) -> list[Strain]:
    """Those in contacts that are open, abuse first, then the newest."""
    rows = tx.all(
        select(strain)
        .join(contact, contact.c.id == strain.c.contact_id)
        .where(contact.c.state == "open")
        .order_by(strain.c.kind, strain.c.since.desc())
        .limit(limit)
    )
    return [Strain(**row._mapping) for row in rows]


def _set(tx: Transaction, contact_id: str, **values: object) -> None:
    tx.execute(update(strain).where(strain.c.contact_id == contact_id).values(**values))
