"""Reading contacts: after a cursor, for one actor, for the desk."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Contact, Entry, attachment, contact, ledger_entry
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction
from madoguchi.engine.schema import JsonText, Moment
from madoguchi.kit.clock import from_micros

DESK_VIEWS = ("mine", "waiting", "snoozed", "assistant")
_ENTRY = (
    "SELECT contact_id, seq, kind, visibility, author_kind, author_id, client_key, body, at FROM ledger_entry"
)

# By hand, because every message reads its contact: five times as fast as the same through the table.
_COLUMNS = ", ".join(column.name for column in contact.columns)
_CONTACT = f"SELECT {_COLUMNS} FROM contact WHERE id = ?"
_CONTACT_TO_SAY = (
    f"SELECT {_COLUMNS}, (SELECT seq FROM ledger_entry"
    " WHERE contact_id = contact.id AND author_id = ? AND client_key = ?) FROM contact WHERE id = ?"
)
_DECODED: list[tuple[int, Callable[[Any], Any]]] = [
    (place, from_micros if isinstance(column.type, Moment) else json.loads)
    for place, column in enumerate(contact.columns)
    if isinstance(column.type, (Moment, JsonText))
]


def unknown(contact_id: str) -> NotFound:
    return NotFound("contact_not_found", id=contact_id)


def find(tx: Transaction, contact_id: str) -> Contact | None:
    row = _one(tx, _CONTACT, (contact_id,))
    return None if row is None else _contact(row)


def get(tx: Transaction, contact_id: str) -> Contact:
    """Raises NotFound."""
    found = find(tx, contact_id)
    if found is None:
        raise unknown(contact_id)
    return found


def get_for_update(tx: Transaction, contact_id: str) -> Contact:
    """The contact, held until the end of the transaction."""
    row = _one(tx, _locked(tx, _CONTACT), (contact_id,))
    if row is None:
        raise unknown(contact_id)
    return _contact(row)


def get_to_say(
    tx: Transaction, contact_id: str, author_id: str, client_key: str
) -> tuple[Contact, Entry | None]:
    """The contact, held until the end of the transaction, and what the author has said with this key already.

    PostgreSQL looks for the key before it waits for the contact: a word said twice at one instant may be missed here.
    The unique key then refuses it, and the transaction is run again.
    """
    row = _one(tx, _locked(tx, _CONTACT_TO_SAY), (author_id, client_key, contact_id))
    if row is None:
        raise unknown(contact_id)
    before = None if row[-1] is None else by_client_key(tx, contact_id, author_id, client_key)
    return _contact(row[:-1]), before


def visible(tx: Transaction, actor: Actor, contact_id: str) -> Contact:
    """The contact if this actor may see it; otherwise NotFound, as if it did not exist (HIS-010)."""
    found = find(tx, contact_id)
    if found is None or not may_see(actor, found):
        raise unknown(contact_id)
    return found


def may_see(actor: Actor, seen: Contact) -> bool:
    """Staff see every contact; a customer sees their own, proved by session or by signing in."""
    if actor.kind == "agent":
        return bool(actor.roles)
    if actor.kind == "integrator":
        return "contacts" in actor.scopes or "read" in actor.scopes
    if actor.kind == "seller":
        return False
    if actor.kind != "customer":
        return True
    if seen.customer_id is None:
        return seen.visitor_id == actor.id
    return actor.rung >= Rung.SIGNED_IN and seen.customer_id == actor.customer_id


def entries(
    tx: Transaction, contact_id: str, *, after: int = 0, limit: int = 500, internal: bool = True
) -> list[Entry]:
    """What the ledger holds after a cursor, in order; without the internal facts for customers."""
    where = " WHERE contact_id = ? AND seq > ?" + ("" if internal else " AND visibility = 'public'")
    cursor = tx.driver(_ENTRY + where + " ORDER BY seq LIMIT ?", (contact_id, after, limit))
    rows = cursor.fetchall()
    cursor.close()
    return [_entry(row) for row in rows]


def rung_now(tx: Transaction, seen: Contact, fresh: timedelta) -> Rung:
    """What the customer's proof is worth now: a fresh check is fresh for `fresh` after the customer's last word."""
    if seen.rung < Rung.FRESH:
        return seen.rung
    last = entries(tx, seen.id, after=seen.last_customer_seq - 1, limit=1)
    return Rung.FRESH if last and tx.now - last[0].at <= fresh else Rung.SIGNED_IN


def by_client_key(tx: Transaction, contact_id: str, author_id: str, client_key: str) -> Entry | None:
    cursor = tx.driver(
        _ENTRY + " WHERE contact_id = ? AND author_id = ? AND client_key = ?",
        (contact_id, author_id, client_key),
    )
    row = cursor.fetchone()
    cursor.close()
    return None if row is None else _entry(row)


def owed_turns(tx: Transaction, limit: int = 50) -> list[str]:
    """Contacts that wait for the assistant's word, longest first. The ledger is the assistant's queue."""
    return [
        row.id
        for row in tx.all(
            select(contact.c.id)
            .where(
                contact.c.owner_kind == "assistant",
                contact.c.state != "ended",
                contact.c.last_customer_seq > contact.c.answered_seq,
            )
            .order_by(contact.c.updated_at)
            .limit(limit)
        )
    ]


def of_actor(
    tx: Transaction, actor: Actor, *, limit: int = 50, since: datetime | None = None
) -> list[Contact]:
    """A customer's own contacts, newest first: this session's, and everything of the customer once signed in."""
    own = and_(contact.c.visitor_id == actor.id, contact.c.customer_id.is_(None))
    if actor.customer_id and actor.rung >= Rung.SIGNED_IN:
        own = or_(own, contact.c.customer_id == actor.customer_id)
    query = select(contact).where(own)
    if since is not None:
        query = query.where(contact.c.opened_at >= since)
    return _contacts(tx, query.order_by(contact.c.opened_at.desc()).limit(limit))


def of_customer(tx: Transaction, customer_id: str, *, limit: int = 50) -> list[Contact]:
    """Everything that this customer has brought to us, newest first; for staff."""
    return _contacts(
        tx,
        select(contact)
        .where(contact.c.customer_id == customer_id)
        .order_by(contact.c.opened_at.desc())
        .limit(limit),
    )


def of_case(tx: Transaction, case_id: str) -> list[Contact]:
    return _contacts(tx, select(contact).where(contact.c.case_id == case_id).order_by(contact.c.opened_at))


def for_desk(tx: Transaction, agent_id: str, view: str, *, limit: int = 300) -> list[Contact]:
    """The inbox views: mine, waiting, snoozed, assistant, ended. Waiting is oldest first, the others newest first."""
    return _contacts(tx, _in_view(tx, select(contact), agent_id, view).limit(limit))


def stamps_for_desk(tx: Transaction, agent_id: str, *, limit: int = 300) -> dict[str, tuple[Any, ...]]:
    """The same contacts as the whole inbox shows, each with what changes whenever anything in its row does."""
    table = contact.c
    columns = (
        table.updated_at,
        table.last_seq,
        table.owner_version,
        table.agent_seen_seq,
        table.customer_seen_seq,
    )
    found: dict[str, tuple[Any, ...]] = {}
    for view in DESK_VIEWS:
        query = _in_view(tx, select(table.id, *columns), agent_id, view).limit(limit)
        found |= {row[0]: (view, *row[1:]) for row in tx.all(query)}
    return dict(list(found.items())[:limit])


def _in_view(tx: Transaction, query: Select[Any], agent_id: str, view: str) -> Select[Any]:
    live = contact.c.state != "ended"
    awake = or_(contact.c.snoozed_until.is_(None), contact.c.snoozed_until <= tx.now)
    mine = and_(contact.c.owner_kind == "agent", contact.c.owner_id == agent_id)
    conditions = {
        "mine": and_(mine, contact.c.state == "open", awake),
        "waiting": and_(contact.c.owner_kind == "queue", live),
        "snoozed": and_(mine, live, contact.c.snoozed_until > tx.now),
        "assistant": and_(contact.c.owner_kind == "assistant", contact.c.state == "open"),
        "ended": contact.c.state != "open",
    }
    order = contact.c.handed_over_at.asc() if view == "waiting" else contact.c.updated_at.desc()
    return query.where(conditions[view]).order_by(order)


def counts_for_desk(tx: Transaction, agent_id: str) -> dict[str, int]:
    """How many contacts each inbox view holds."""
    awake = or_(contact.c.snoozed_until.is_(None), contact.c.snoozed_until <= tx.now)
    mine = and_(contact.c.owner_kind == "agent", contact.c.owner_id == agent_id)
    row = tx.first(
        select(
            func.count().filter(and_(mine, contact.c.state == "open", awake)).label("mine"),
            func.count().filter(contact.c.owner_kind == "queue").label("waiting"),
            func.count().filter(and_(mine, contact.c.snoozed_until > tx.now)).label("snoozed"),
            func.count()
            .filter(and_(contact.c.owner_kind == "assistant", contact.c.state == "open"))
            .label("assistant"),
        ).where(contact.c.state != "ended")
    )
    assert row is not None
    return dict(row._mapping)


def open_contacts_of_agents(tx: Transaction) -> dict[str, int]:
    """Agent id → contacts in hand (open and not snoozed)."""
    rows = tx.all(
        select(contact.c.owner_id, func.count().label("held"))
        .where(
            contact.c.owner_kind == "agent",
            contact.c.state == "open",
            or_(contact.c.snoozed_until.is_(None), contact.c.snoozed_until <= tx.now),
        )
        .group_by(contact.c.owner_id)
    )
    return {str(row.owner_id): int(row.held) for row in rows}


def in_hand_by_channel(tx: Transaction, agent_id: str = "") -> dict[str, Counter[str]]:
    """Agent → channel → contacts in hand (open and not snoozed); of one agent or of all."""
    query = (
        select(contact.c.owner_id, contact.c.channel, func.count().label("held"))
        .where(
            contact.c.owner_kind == "agent",
            contact.c.state == "open",
            or_(contact.c.snoozed_until.is_(None), contact.c.snoozed_until <= tx.now),
        )
        .group_by(contact.c.owner_id, contact.c.channel)
    )
    if agent_id:
        query = query.where(contact.c.owner_id == agent_id)
    loads: dict[str, Counter[str]] = defaultdict(Counter)
    for row in tx.all(query):
        loads[row.owner_id][row.channel] += row.held
    return loads


def newest(tx: Transaction, contact_id: str, kind: str) -> Entry | None:
    """The newest entry of one kind."""
    cursor = tx.driver(
        _ENTRY + " WHERE contact_id = ? AND kind = ? ORDER BY seq DESC LIMIT 1", (contact_id, kind)
    )
    row = cursor.fetchone()
    cursor.close()
    return None if row is None else _entry(row)


def newest_of(
    tx: Transaction, contact_ids: Sequence[str], kinds: Sequence[str]
) -> dict[tuple[str, str], Entry]:
    """(contact, kind) → the newest public entry of that kind, for many contacts in two statements."""
    if not contact_ids:
        return {}
    newest_seq = (
        select(ledger_entry.c.contact_id, func.max(ledger_entry.c.seq).label("seq"))
        .where(
            ledger_entry.c.contact_id.in_(contact_ids),
            ledger_entry.c.kind.in_(kinds),
            ledger_entry.c.visibility == "public",
        )
        .group_by(ledger_entry.c.contact_id, ledger_entry.c.kind)
        .subquery()
    )
    rows = tx.all(
        select(ledger_entry).join(
            newest_seq,
            and_(
                ledger_entry.c.contact_id == newest_seq.c.contact_id, ledger_entry.c.seq == newest_seq.c.seq
            ),
        )
    )
    return {(row.contact_id, row.kind): Entry(**row._mapping) for row in rows}


def unread_of(tx: Transaction, contact_ids: Sequence[str], reader: str) -> dict[str, int]:
    """Contact → messages of the other side that the reader (customer or agent) has not seen."""
    seen = contact.c.agent_seen_seq if reader == "agent" else contact.c.customer_seen_seq
    others = ("customer",) if reader == "agent" else ("assistant", "agent")
    rows = tx.all(
        select(ledger_entry.c.contact_id, func.count().label("unread"))
        .join(contact, contact.c.id == ledger_entry.c.contact_id)
        .where(
            ledger_entry.c.contact_id.in_(contact_ids),
            ledger_entry.c.seq > seen,
            ledger_entry.c.kind == events.MESSAGE,
            ledger_entry.c.visibility == "public",
            ledger_entry.c.author_kind.in_(others),
        )
        .group_by(ledger_entry.c.contact_id)
    )
    return {str(row.contact_id): int(row.unread) for row in rows}


def attachments(tx: Transaction, ids: Sequence[str]) -> dict[str, Row[Any]]:
    """Attachment rows by id."""
    if not ids:
        return {}
    return {row.id: row for row in tx.all(select(attachment).where(attachment.c.id.in_(ids)))}


def _contacts(tx: Transaction, query: Select[Any]) -> list[Contact]:
    return [Contact(**row._mapping) for row in tx.all(query)]


def _one(tx: Transaction, sql: str, parameters: tuple[Any, ...]) -> Any:
    cursor = tx.driver(sql, parameters)
    row = cursor.fetchone()
    cursor.close()
    return row


def _locked(tx: Transaction, sql: str) -> str:
    return sql if tx.dialect == "sqlite" else f"{sql} FOR UPDATE"


def _contact(row: tuple[Any, ...]) -> Contact:
    values = list(row)
    for place, decode in _DECODED:
        if values[place] is not None:
            values[place] = decode(values[place])
    return Contact(*values)


def _entry(row: tuple[Any, ...]) -> Entry:
    contact_id, seq, kind, visibility, author_kind, author_id, client_key, body, at = row
    return Entry(
        contact_id,
        seq,
        kind,
        visibility,
        author_kind,
        author_id,
        client_key,
        json.loads(body),
        from_micros(at),
    )
