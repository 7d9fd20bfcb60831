"""Where facts are born: the next dense number of a contact and the entry under it, in one transaction.

A repeated `client_key` returns the first entry; card numbers and secrets go before the first write (architecture,
"The ledger"). The hot path of the house, therefore by hand.
"""

from __future__ import annotations

import json
from typing import Any

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts.model import Entry, Visibility
from madoguchi.counter.contacts.redaction import redact_values
from madoguchi.counter.problems import Conflict
from madoguchi.engine.database import Transaction
from madoguchi.engine.failpoints import failpoint
from madoguchi.engine.schema import dump_json
from madoguchi.kit.clock import from_micros, to_micros

_NUMBER = {
    speaks: "UPDATE contact SET last_seq = last_seq + 1, updated_at = ?"
    + (", last_customer_seq = last_seq + 1" if speaks else "")
    + " WHERE id = ? RETURNING last_seq, owner_kind, owner_id, EXISTS (SELECT 1 FROM webhook WHERE active) AS heard"
    for speaks in (False, True)
}
_COLUMNS = "contact_id, seq, kind, visibility, author_kind, author_id, client_key, body, at"
_INSERT = f"INSERT INTO ledger_entry ({_COLUMNS}) VALUES (?, ?2, ?, ?, ?, ?, COALESCE(?, '~' || ?2), ?, ?)"
_NUMBER_AND_INSERT = {
    speaks: f"WITH given AS ({number}), born AS (INSERT INTO ledger_entry ({_COLUMNS})"
    " SELECT ?, last_seq, ?, ?, ?, ?, COALESCE(?, '~' || last_seq), ?, ? FROM given)"
    " SELECT last_seq, owner_kind, owner_id, heard FROM given"
    for speaks, number in _NUMBER.items()
}


def append(
    tx: Transaction,
    contact_id: str,
    kind: str,
    body: dict[str, Any],
    *,
    actor: Actor,
    client_key: str | None = None,
    visibility: Visibility | None = None,
) -> Entry:
    """Append one fact and return it with its sequence number; the only place where entries are born.

    Raises Conflict("client_key_reused") for the same key with another body, NotFound for an unknown contact.
    """
    if kind not in events.PUBLIC and kind not in events.INTERNAL:
        raise ValueError(f"{kind} is not a fact of the ledger")
    shown: Visibility = visibility or ("public" if kind in events.PUBLIC else "internal")
    if client_key is not None:
        before = queries.by_client_key(tx, contact_id, actor.id, client_key)
        if before is not None:
            return same_or_conflict(before, kind, body, actor)
    return write_entry(tx, contact_id, kind, body, actor, client_key, shown)


def write_entry(
    tx: Transaction,
    contact_id: str,
    kind: str,
    body: dict[str, Any],
    actor: Actor,
    client_key: str | None,
    shown: Visibility,
) -> Entry:
    """Give the next number and insert; the key is known to be new."""
    body = _clean(body, actor)
    author_kind, author_id = author_of(actor)
    now = to_micros(tx.now)
    speaks = kind == events.MESSAGE and author_kind == "customer"
    written = (kind, shown, author_kind, author_id, client_key or None, dump_json(body), now)
    write = _number_and_insert if tx.dialect == "postgresql" else _number_then_insert
    seq, owner_kind, owner_id, somebody_listens = write(tx, contact_id, speaks, written)
    key = client_key or f"~{seq}"
    if somebody_listens and shown == "public":
        _announce(tx, contact_id, seq, kind, now)
    failpoint("contacts.append.after_insert")
    tx.wake(f"contact:{contact_id}", "inbox")
    if speaks and owner_kind == "assistant":
        tx.wake("turns")
    if owner_kind == "agent":
        tx.wake(f"agent:{owner_id}")
    return Entry(contact_id, seq, kind, shown, author_kind, author_id, key, body, from_micros(now))


def _number_then_insert(tx: Transaction, contact_id: str, speaks: bool, written: tuple[Any, ...]) -> Any:
    """`written`: the entry's columns after its number. The number, the owner, and whether a webhook listens."""
    cursor = tx.driver(_NUMBER[speaks], (written[-1], contact_id))
    given = cursor.fetchone()
    cursor.close()
    if given is None:
        raise queries.unknown(contact_id)
    failpoint("contacts.append.before_insert")
    tx.driver(_INSERT, (contact_id, given[0], *written)).close()
    return given


def _number_and_insert(tx: Transaction, contact_id: str, speaks: bool, written: tuple[Any, ...]) -> Any:
    """The same in one statement, which only PostgreSQL knows: one journey to the server less for every message."""
    failpoint("contacts.append.before_insert")
    cursor = tx.driver(_NUMBER_AND_INSERT[speaks], (written[-1], contact_id, contact_id, *written))
    given = cursor.fetchone()
    cursor.close()
    if given is None:
        raise queries.unknown(contact_id)
    return given


def _announce(tx: Transaction, contact_id: str, seq: int, kind: str, now: int) -> None:
    """One errand per webhook that listens, in the order of the contact's sequence."""
    cursor = tx.driver(
        "SELECT id FROM webhook WHERE active AND (kinds = '[]' OR kinds LIKE ?)", (f'%"{kind}"%',)
    )
    listening = cursor.fetchall()
    cursor.close()
    for (webhook_id,) in listening:
        tx.driver(
            "INSERT INTO outbox (topic, lane, payload, due_at, attempts, state, created_at)"
            " VALUES ('webhook', ?, ?, ?, 0, 'waiting', ?)",
            (
                f"webhook/{webhook_id}/{contact_id}",
                dump_json({"webhook": webhook_id, "contact": contact_id, "seq": seq}),
                now,
                now,
            ),
        ).close()


def author_of(actor: Actor) -> tuple[str, str]:
    kind = "system" if actor.kind in ("integrator", "seller") else actor.kind
    return kind, actor.id


def _clean(body: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """What customers and agents write, without card numbers and secrets; our own words have none."""
    cleaned: dict[str, Any] = redact_values(body) if actor.kind in ("customer", "agent", "seller") else body
    return cleaned


def same_or_conflict(before: Entry, kind: str, body: dict[str, Any], actor: Actor) -> Entry:
    """The entry that stands under the key, if it says the same. Raises Conflict("client_key_reused")."""
    same = before.kind == kind and json.loads(dump_json(_clean(body, actor))) == before.body
    if not same:
        raise Conflict("client_key_reused")
    return before
