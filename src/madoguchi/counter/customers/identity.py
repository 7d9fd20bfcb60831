"""The identity ladder: visitor → order and mailed code → signed in → fresh check.

A session carries what was proved: `{"customer_id", "rung", "order_numbers", "fresh_at", "language", "name"}`. Its
subject is the visitor's id and stays so after signing in: contacts opened before are told from other people's by it.
What a visitor proves raises that visitor's session only; no address, name or number merges anybody (S-14).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.customers import sign_ins
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.problems import NotAllowed
from madoguchi.engine import audit, sessions
from madoguchi.engine.database import Transaction
from madoguchi.engine.sections import Identity
from madoguchi.engine.sessions import Session
from madoguchi.engine.settings import Settings
from madoguchi.kit.ids import new_id
from madoguchi.kit.text import fold


def rung_of(data: Mapping[str, Any], now: datetime, fresh_minutes: int) -> Rung:
    """What this session has proved by now. Only a signed-in session can be fresh; the future is never fresh."""
    rung = Rung(min(int(data.get("rung", 0)), Rung.SIGNED_IN))
    if rung < Rung.SIGNED_IN or not data.get("customer_id"):
        return min(rung, Rung.ORDER)
    fresh_at = data.get("fresh_at")
    if not fresh_at:
        return rung
    age = now - datetime.fromisoformat(fresh_at)
    return Rung.FRESH if timedelta(0) <= age < timedelta(minutes=fresh_minutes) else rung


def actor_of(session: Session, now: datetime, settings: Settings) -> Actor:
    """The customer or visitor of this session as one who acts."""
    data = session.data
    rung = rung_of(data, now, settings.identity.fresh_minutes)
    return Actor(
        kind="customer",
        id=session.subject_id,
        name=data.get("name", ""),
        customer_id=data.get("customer_id") if rung >= Rung.SIGNED_IN else None,
        rung=rung,
        order_numbers=frozenset(data.get("order_numbers", ())) if rung >= Rung.ORDER else frozenset(),
        language=data.get("language", "ja"),
    )


def begin(tx: Transaction, language: str, identity: Identity, *, device: str = "", place: str = "") -> str:
    """A session for somebody nobody knows; returns its token. `device`, `place`: as `sign_ins` writes them."""
    data: dict[str, Any] = {
        "customer_id": None,
        "rung": int(Rung.VISITOR),
        "order_numbers": [],
        "fresh_at": None,
        "language": language,
        "name": "",
        "device": device,
        "place": place,
    }
    return sessions.begin(tx, "customer", new_id("vis"), data, timedelta(days=identity.session_days))


def sign_in(
    tx: Transaction, session: Session, customer: Customer, *, method: str, fresh_at: datetime | None
) -> dict[str, Any]:
    """Raise the session to SIGNED_IN as this customer; returns its new data. Audited with the method (ACC-007).

    `fresh_at`: when the person was checked, if a person was. Another customer's proofs are left behind. Raises
    NotAllowed("account_locked").
    """
    if customer.locked_at is not None:
        raise NotAllowed("account_locked")
    same = session.data.get("customer_id") in (None, customer.id)
    earlier = session.data.get("fresh_at") if session.data.get("customer_id") == customer.id else None
    fresh = max(filter(None, (earlier, fresh_at and fresh_at.isoformat())), default=None)
    data: dict[str, Any] = {
        "customer_id": customer.id,
        "rung": int(Rung.SIGNED_IN),
        "order_numbers": session.data.get("order_numbers", []) if same else [],
        "fresh_at": fresh,
        "name": customer.name,
    }
    if customer.preferred_language:
        data["language"] = customer.preferred_language
    sign_ins.note(tx, customer.id, method, session.data)
    return _raise(tx, session, data, f"identity.{method}", customer.id)


def prove_order(tx: Transaction, session: Session, order_number: str) -> dict[str, Any]:
    """Add an order that a guest has proved; a signed-in session stays signed in. Returns the session's new data."""
    rung = max(int(session.data.get("rung", 0)), int(Rung.ORDER))
    numbers = sorted({*session.data.get("order_numbers", ()), order_number})
    return _raise(tx, session, {"rung": rung, "order_numbers": numbers}, "identity.order_code", order_number)


def same_address(given: str, known: str) -> bool:
    """Whether a typed address is the one on file: folded, compared in constant time; nothing equals an empty one."""
    return bool(known.strip()) & hmac.compare_digest(fold(given).encode(), fold(known).encode())


def mask_email(email: str) -> str:
    """`h•••@example.jp`: enough to recognise one's own address, too little to learn another's."""
    name, at, domain = email.partition("@")
    return f"{name[:1]}•••{at}{domain}" if name and domain else ""


def _raise(
    tx: Transaction, session: Session, data: dict[str, Any], action: str, object_id: str
) -> dict[str, Any]:
    sessions.change(tx, session.token_hash, **data)
    audit.record(
        tx,
        actor_kind="customer",
        actor_id=session.subject_id,
        action=action,
        object_kind="session",
        object_id=object_id,
    )
    return {**session.data, **data}
