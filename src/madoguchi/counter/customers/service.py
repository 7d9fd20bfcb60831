"""The verbs of the customers' room: keep what the shop says of a customer, lock and unlock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, delete, insert, type_coerce, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.customers import queries
from madoguchi.counter.customers.model import Customer, Segment, customer
from madoguchi.engine import audit, sessions
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id
from madoguchi.kit.text import fold, normalise, single_spaces

_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def upsert(
    tx: Transaction,
    *,
    shop_ref: str,
    name: str | None = None,
    kana: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    segments: Sequence[Segment] | None = None,
    company: str | None = None,
    addresses: Sequence[dict[str, str]] | None = None,
) -> Customer:
    """Make or change the customer of a shop number. None leaves a field as it is; readings are kept in katakana."""
    tx.lock("customer", shop_ref)
    given: dict[str, Any] = {
        "name": None if name is None else single_spaces(normalise(name)),
        "kana": None if kana is None else single_spaces(normalise(kana)).translate(_HIRAGANA_TO_KATAKANA),
        "email": None if email is None else email.strip(),
        "email_folded": None if email is None else fold(email),
        "phone": None if phone is None else normalise(phone).strip(),
        "language": language,
        "segments": None if segments is None else list(dict.fromkeys(segments)),
        "company": None if company is None else single_spaces(normalise(company)),
        "addresses": None if addresses is None else list(addresses),
    }
    values = {field: value for field, value in given.items() if value is not None}
    existing = queries.by_shop_ref(tx, shop_ref)
    if existing is not None:
        tx.execute(update(customer).where(customer.c.id == existing.id).values(updated_at=tx.now, **values))
        return queries.get(tx, existing.id)
    customer_id = new_id("cus")
    blank: dict[str, Any] = {
        **dict.fromkeys(("name", "kana", "email", "email_folded", "phone", "company"), ""),
        "language": "ja",
        "segments": ["individual"],
        "addresses": [],
    }
    tx.execute(
        insert(customer).values(
            id=customer_id, shop_ref=shop_ref, created_at=tx.now, updated_at=tx.now, **{**blank, **values}
        )
    )
    return queries.get(tx, customer_id)


def lock(tx: Transaction, customer_id: str, by: Actor, reason: str = "", *, keep: str = "") -> Customer:
    """Stop every sign-in of this customer and end the sessions in which they are known, at once (ACC-009).

    `keep`: the visitor whose conversation asked for it; their session stays, without its fresh check, so that they
    can still speak with the desk.
    """
    queries.get(tx, customer_id)
    tx.execute(
        update(customer)
        .where(customer.c.id == customer_id, customer.c.locked_at.is_(None))
        .values(locked_at=tx.now, updated_at=tx.now)
    )
    end_sessions(tx, customer_id, keep=keep)
    for kept in sessions.of_subject(tx, "customer", keep) if keep else ():
        sessions.change(tx, kept.token_hash, fresh_at=None)
    _audit(tx, by, "customer.locked", customer_id, rung=int(by.rung), reason=reason)
    return queries.get(tx, customer_id)


def unlock(tx: Transaction, customer_id: str, by: Actor) -> Customer:
    queries.get(tx, customer_id)
    tx.execute(update(customer).where(customer.c.id == customer_id).values(locked_at=None, updated_at=tx.now))
    _audit(tx, by, "customer.unlocked", customer_id)
    return queries.get(tx, customer_id)


def prefer_language(tx: Transaction, customer_id: str, language: str) -> None:
    """The customer has chosen it: for our mails, and wherever they sign in next (LNG-009)."""
    chosen = {"language": language, "preferred_language": language, "updated_at": tx.now}
    tx.execute(update(customer).where(customer.c.id == customer_id).values(**chosen))


def change_default_address(tx: Transaction, customer_id: str, address: dict[str, str], by: Actor) -> Customer:
    """Put an address first; the ones known before stay behind it."""
    known = queries.get(tx, customer_id).addresses
    tx.execute(
        update(customer)
        .where(customer.c.id == customer_id)
        .values(addresses=[address, *(each for each in known if each != address)], updated_at=tx.now)
    )
    _audit(tx, by, "customer.address_changed", customer_id)
    return queries.get(tx, customer_id)


def end_sessions(tx: Transaction, customer_id: str, *, keep: str = "") -> int:
    """Sign this customer out everywhere but in the session of the visitor `keep` (ACC-016); returns how many ended."""
    mark = f'"customer_id":"{customer_id}"'
    result = tx.execute(
        delete(sessions.session).where(
            sessions.session.c.kind == "customer",
            sessions.session.c.subject_id != keep,
            type_coerce(sessions.session.c.data, Text).contains(mark, autoescape=True),
        )
    )
    return result.rowcount


def _audit(tx: Transaction, by: Actor, action: str, customer_id: str, **detail: Any) -> None:
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        object_kind="customer",
        object_id=customer_id,
        **detail,
    )
