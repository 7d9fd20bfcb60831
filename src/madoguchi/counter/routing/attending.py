"""Chats in agents' hands where somebody waits: the customer for a word, or the agent for a customer who has gone (QUE-009).

`look_round` looks at all of them; each thing is said once. What the ledger says is all that is remembered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import func, or_, select

from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact, Entry, contact, ledger_entry
from madoguchi.counter.routing.customer_presence import LastSeen, last_seen, seen
from madoguchi.counter.routing.patience import wants_mail
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings

CALLED = "mail.called"  # errand: {"contact_id", "joined_seq", "kept_until"}
ANSWERED = "mail.answered"  # errand: {"contact_id", "seq"}
WAKE = "contact.wake"
_PUT_ASIDE_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Manners:
    """What the settings say. `reply_target` zero: slow answers are not told."""

    reply_target: timedelta
    called_after: timedelta
    place_kept: timedelta

    @classmethod
    def of(cls, settings: Settings) -> Self:
        waiting = settings.waiting
        return cls(
            timedelta(seconds=waiting.reply_target_seconds),
            timedelta(seconds=waiting.called_after_seconds),
            timedelta(minutes=waiting.place_kept_minutes),
        )


@dataclass(frozen=True)
class _Talk:
    """A chat with an agent. `joined`: when this agent came; `spoken`: the agent's newest message; `asked`: the first
    word of the customer after it; `heard`: the customer's newest word."""

    contact: Contact
    joined: Entry
    spoken: Entry | None
    asked: Entry | None
    heard: Entry | None
    seen: LastSeen | None

    def absent(self, now: datetime) -> bool:
        """Not there when the agent came, and not since."""
        signs = [self.seen.seen_at] if self.seen else []
        signs += [self.heard.at] if self.heard else []
        here = self.seen is not None and self.seen.present(now)
        return not here and all(sign < self.joined.at for sign in signs)


def come(tx: Transaction, contact_ids: Collection[str]) -> None:
    """The customer looks at these now; what was put aside because they had gone is the agent's again."""
    seen(tx, contact_ids)
    for contact_id in contact_ids:
        held = queries.find(tx, contact_id)
        if held is None or held.snoozed_until is None:
            continue
        away, joined = (queries.newest(tx, contact_id, kind) for kind in (events.AWAY, events.JOINED))
        if away is not None and joined is not None and away.seq > joined.seq:
            contacts.wake_up(tx, contact_id, SYSTEM)


def come_to_people(tx: Transaction, contact_ids: Collection[str]) -> None:
    """The same for those of them that wait for a person or are with one: nobody looks for the assistant's customers."""
    query = select(contact.c.id).where(
        contact.c.id.in_(list(contact_ids)),
        contact.c.owner_kind.in_(("queue", "agent")),
        contact.c.state != "ended",
    )
    come(tx, [row.id for row in tx.all(query)])


def look_round(tx: Transaction, manners: Manners) -> None:
    """One look at every chat that an agent has in hand."""
    for talk in _talks(tx):
        _tell_of_delay(tx, talk, manners)
        _look_for_customer(tx, talk, manners)
        _mail_answer(tx, talk)


def _tell_of_delay(tx: Transaction, talk: _Talk, manners: Manners) -> None:
    """Once until the agent speaks again."""
    if not manners.reply_target or talk.asked is None:
        return
    since = max(talk.asked.at, talk.joined.at)
    if tx.now - since <= manners.reply_target:
        return
    key = f"{events.DELAYED}/{talk.spoken.seq if talk.spoken else talk.joined.seq}"
    _say_once(tx, talk.contact, events.DELAYED, {"since": since.isoformat()}, key)


def _look_for_customer(tx: Transaction, talk: _Talk, manners: Manners) -> None:
    """Call who has closed the chat while waiting; when the place has been kept in vain, put the chat aside."""
    if tx.now - talk.joined.at < manners.called_after or not talk.absent(tx.now):
        return
    key = f"{events.CALLED}/{talk.joined.seq}"
    called = queries.by_client_key(tx, talk.contact.id, SYSTEM.id, key)
    if called is None:
        until = (tx.now + manners.place_kept).isoformat()
        contacts.append(
            tx, talk.contact.id, events.CALLED, {"kept_until": until}, actor=SYSTEM, client_key=key
        )
        told = {"contact_id": talk.contact.id, "joined_seq": talk.joined.seq, "kept_until": until}
        outbox.put(tx, CALLED, told, key=f"{CALLED}/{talk.contact.id}/{talk.joined.seq}")
    elif tx.now >= datetime.fromisoformat(called.body["kept_until"]):
        until_then = tx.now + _PUT_ASIDE_FOR
        _say_once(tx, talk.contact, events.AWAY, {}, f"{events.AWAY}/{talk.joined.seq}")
        contacts.put_aside(tx, talk.contact.id, until_then)
        outbox.put(
            tx,
            WAKE,
            {"contact_id": talk.contact.id},
            due_at=until_then,
            key=f"{WAKE}/away/{talk.contact.id}/{talk.joined.seq}",
        )


def _mail_answer(tx: Transaction, talk: _Talk) -> None:
    """To whom asked for it: the agent's first word since, by mail as well."""
    here = talk.seen is not None and talk.seen.present(tx.now)
    if (
        talk.spoken is None
        or talk.spoken.seq < talk.joined.seq
        or here
        or not wants_mail(tx, talk.contact.id)
    ):
        return
    told = {"contact_id": talk.contact.id, "seq": talk.spoken.seq}
    outbox.put(tx, ANSWERED, told, key=f"{ANSWERED}/{talk.contact.id}/{talk.joined.seq}")


def _say_once(tx: Transaction, about: Contact, kind: str, body: dict[str, str], key: str) -> None:
    if queries.by_client_key(tx, about.id, SYSTEM.id, key) is None:
        contacts.append(tx, about.id, kind, body, actor=SYSTEM, client_key=key)


def _talks(tx: Transaction) -> list[_Talk]:
    rows = tx.all(
        select(contact).where(
            contact.c.owner_kind == "agent",
            contact.c.state == "open",
            contact.c.channel == "chat",
            or_(contact.c.snoozed_until.is_(None), contact.c.snoozed_until <= tx.now),
        )
    )
    held = [Contact(**row._mapping) for row in rows]
    there = last_seen(tx, [each.id for each in held])
    return [talk for each in held if (talk := _talk(tx, each, there.get(each.id))) is not None]


def _talk(tx: Transaction, held: Contact, there: LastSeen | None) -> _Talk | None:
    joined = queries.newest(tx, held.id, events.JOINED)
    if joined is None:
        return None
    spoken = _message(tx, held.id, "agent", newest=True)
    asked = _message(tx, held.id, "customer", newest=False, after=spoken.seq if spoken else 0)
    heard = _message(tx, held.id, "customer", newest=True)
    return _Talk(held, joined, spoken, asked, heard, there)


def _message(tx: Transaction, contact_id: str, author: str, *, newest: bool, after: int = 0) -> Entry | None:
    pick = func.max(ledger_entry.c.seq) if newest else func.min(ledger_entry.c.seq)
    seq = tx.scalar(
        select(pick).where(
            ledger_entry.c.contact_id == contact_id,
            ledger_entry.c.kind == events.MESSAGE,
            ledger_entry.c.author_kind == author,
            ledger_entry.c.seq > after,
        )
    )
    if seq is None:
        return None
    (found,) = queries.entries(tx, contact_id, after=seq - 1, limit=1)
    return found
