"""The verbs of a privacy request: ask, confirm, take back, and the steps of its doing. None commits (PRIV-005).

Two steps: asking changes nothing; confirming, with a fresh check at the face, sets the time. What is done is counted
in the transactions that do it, and the finished record holds numbers only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, insert, or_, select, update

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.privacy import holds, messages
from madoguchi.counter.privacy.model import Hold, Kind, PrivacyRequest, privacy_request
from madoguchi.counter.privacy.ways import Person
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from madoguchi.counter.team.policy import may
from madoguchi.engine import audit, outbox
from madoguchi.engine.case_sections import Privacy
from madoguchi.engine.database import Transaction
from madoguchi.engine.schema import dump_json
from madoguchi.kit.ids import new_id

TOPIC = "mail.privacy"
LEASE = timedelta(minutes=2)
ASKED = timedelta(hours=2)
"""How long a wish waits for its confirmation."""


def ask(
    tx: Transaction,
    by: Actor,
    kind: Kind,
    *,
    person: Person | None = None,
    contact_id: str = "",
    seqs: Sequence[int] = (),
) -> PrivacyRequest:
    """Note a wish; nothing happens before it is confirmed. `person`: for whom staff ask.

    Raises Conflict("held"), Invalid, NotAllowed, NotFound.
    """
    if by.kind == "customer":
        person = Person.who_acts(by)
    elif not may(by, "history.erase"):
        raise NotAllowed("not_allowed")
    if kind in ("messages", "contact"):
        seen = contacts.visible(tx, by, contact_id)
        person = Person(seen.customer_id, None if seen.customer_id else seen.visitor_id)
        if kind == "messages":
            messages.check(tx, contact_id, seqs)
    if person is None or not (person.customer_id or person.visitor_id):
        raise Invalid("nobody_named", field="customer_id")
    wish = PrivacyRequest(
        id=new_id("prv"),
        kind=kind,
        customer_id=person.customer_id,
        visitor_id=person.visitor_id or "",
        contact_id=contact_id if kind in ("messages", "contact") else "",
        seqs=sorted(set(seqs)) if kind == "messages" else [],
        state="asked",
        asked_kind=by.kind,
        asked_by=by.id,
        notify={},
        counts={},
        digest="",
        storage_key=None,
        asked_at=tx.now,
        confirmed_at=None,
        due_at=None,
        lease_until=None,
        done_at=None,
        expires_at=None,
    )
    if wish.erases:
        holds.refuse_if_held(held_by(tx, wish))
    tx.execute(insert(privacy_request).values(**wish.__dict__))
    return wish


def confirm(tx: Transaction, by: Actor, request_id: str, settings: Privacy) -> PrivacyRequest:
    """Set the time at which it is done. Confirming twice is confirming once.

    Raises SignInNeeded without a fresh check, Conflict("held"), Conflict("request_over"), NotFound.
    """
    tx.lock("privacy_request", request_id)
    seen = visible(tx, by, request_id)
    if by.kind == "customer":
        _require_fresh(by)
    if seen.state in ("confirmed", "working", "done"):
        return seen
    if seen.state != "asked" or seen.asked_at + ASKED < tx.now:
        raise Conflict("request_over")
    _require_asker(by, seen)
    if seen.erases:
        holds.refuse_if_held(held_by(tx, seen))
    waits = seen.kind in ("history", "everything")
    due = tx.now + timedelta(hours=settings.erase_after_hours if waits else 0)
    _set(tx, seen.id, state="confirmed", confirmed_at=tx.now, due_at=due, notify=_address(tx, seen))
    _audit(tx, by, f"privacy.{seen.kind}_confirmed", seen)
    tx.wake("privacy")
    if waits:
        outbox.put(
            tx, TOPIC, {"request_id": seen.id, "what": "confirmed"}, key=f"{TOPIC}/{seen.id}/confirmed"
        )
    return get(tx, seen.id)


def withdraw(tx: Transaction, by: Actor, request_id: str) -> PrivacyRequest:
    """Take it back while nothing has been done. Raises Conflict("request_over"), NotFound."""
    tx.lock("privacy_request", request_id)
    seen = visible(tx, by, request_id)
    if seen.state == "withdrawn":
        return seen
    if seen.state not in ("asked", "confirmed"):
        raise Conflict("request_over")
    _require_asker(by, seen)
    _set(tx, seen.id, state="withdrawn", notify={})
    _audit(tx, by, f"privacy.{seen.kind}_withdrawn", seen)
    return get(tx, seen.id)


def take_next(tx: Transaction) -> PrivacyRequest | None:
    """The request whose time has come, or whose worker has died, leased to the caller."""
    due = and_(privacy_request.c.state == "confirmed", privacy_request.c.due_at <= tx.now)
    left = and_(privacy_request.c.state == "working", privacy_request.c.lease_until < tx.now)
    free = select(privacy_request).where(or_(due, left)).order_by(privacy_request.c.due_at)
    for row in tx.all(free.with_for_update(skip_locked=True)):
        seen = PrivacyRequest(**row._mapping)
        if seen.erases and seen.state == "confirmed" and held_by(tx, seen):
            continue  # a hold was set since: it waits until the hold is lifted
        _set(tx, seen.id, state="working", lease_until=tx.now + LEASE)
        return get(tx, seen.id)
    return None


def count(tx: Transaction, request_id: str, table: str, what: str, rows: int) -> None:
    """Add to the record what a batch has done, and hold the lease a while longer."""
    seen = get(tx, request_id)
    of_table = dict(seen.counts.get(table, {}))
    of_table[what] = of_table.get(what, 0) + rows
    counts = {**seen.counts, table: of_table} if rows else seen.counts
    _set(tx, request_id, counts=counts, lease_until=tx.now + LEASE)


def finish_erasing(tx: Transaction, request_id: str, kept: dict[str, dict[str, int]]) -> PrivacyRequest:
    """Close the record: numbers and a digest; of everything, nobody's from now on. The notice follows."""
    seen = get(tx, request_id)
    counts = {**seen.counts}
    for table, of_table in kept.items():
        counts[table] = {**counts.get(table, {}), **of_table}
    digest = hashlib.sha256(
        dump_json([seen.id, seen.kind, tx.now.isoformat(), sorted(counts.items())]).encode()
    ).hexdigest()
    nobodys = {"customer_id": None, "visitor_id": "", "contact_id": "", "asked_by": ""}
    values = nobodys if seen.kind == "everything" else {}
    _set(tx, seen.id, state="done", counts=counts, digest=digest, done_at=tx.now, lease_until=None, **values)
    _tell(tx, seen)
    return get(tx, seen.id)


def finish_export(
    tx: Transaction, request_id: str, storage_key: str, counts: dict[str, Any], digest: str, days: int
) -> PrivacyRequest:
    """The copy is ready for so many days."""
    until = tx.now + timedelta(days=days)
    _set(
        tx,
        request_id,
        state="done",
        storage_key=storage_key,
        counts=counts,
        digest=digest,
        done_at=tx.now,
        expires_at=until,
        lease_until=None,
    )
    _tell(tx, get(tx, request_id))
    return get(tx, request_id)


def told(tx: Transaction, request_id: str) -> None:
    """The last notice has gone: the address is not needed any more."""
    _set(tx, request_id, notify={})


def held_by(tx: Transaction, wish: PrivacyRequest) -> list[Hold]:
    """What stands against an erasure."""
    if wish.contact_id:
        return holds.of_contact_now(tx, wish.contact_id)
    return holds.of_person_now(tx, person_of(wish))


def person_of(wish: PrivacyRequest) -> Person:
    return Person(wish.customer_id, wish.visitor_id or None)


def get(tx: Transaction, request_id: str) -> PrivacyRequest:
    row = tx.first(select(privacy_request).where(privacy_request.c.id == request_id))
    if row is None:
        raise NotFound("not_found")
    return PrivacyRequest(**row._mapping)


def visible(tx: Transaction, by: Actor, request_id: str) -> PrivacyRequest:
    """Customers see their own, staff who may erase all. Raises NotFound."""
    seen = get(tx, request_id)
    if by.kind == "customer":
        mine = (
            by.rung >= Rung.SIGNED_IN and seen.customer_id is not None and seen.customer_id == by.customer_id
        )
        this_session = seen.customer_id is None and seen.visitor_id == by.id
        if not (mine or this_session):
            raise NotFound("not_found")
    elif not may(by, "history.erase"):
        raise NotFound("not_found")
    return seen


def of_actor(tx: Transaction, by: Actor, *, limit: int = 30) -> list[PrivacyRequest]:
    """The customer's own, newest first; what was never confirmed is left out."""
    table = privacy_request.c
    own = and_(table.visitor_id == by.id, table.customer_id.is_(None))
    if by.customer_id and by.rung >= Rung.SIGNED_IN:
        own = or_(own, table.customer_id == by.customer_id)
    return _several(tx, select(privacy_request).where(own, table.state != "asked"), limit)


def newest(tx: Transaction, *, limit: int = 100) -> list[PrivacyRequest]:
    """For staff."""
    return _several(tx, select(privacy_request), limit)


def of_customer(tx: Transaction, by: Actor, customer_id: str, *, limit: int = 10) -> list[PrivacyRequest]:
    """For staff who may erase, newest first; what was never confirmed is left out. Raises NotAllowed."""
    if not may(by, "history.erase"):
        raise NotAllowed("not_allowed")
    here = and_(privacy_request.c.customer_id == customer_id, privacy_request.c.state != "asked")
    return _several(tx, select(privacy_request).where(here), limit)


def latest_end(seen: PrivacyRequest, settings: Privacy) -> datetime:
    """By when it is done at the latest; what the customer is told."""
    return (seen.confirmed_at or seen.asked_at) + timedelta(days=settings.answer_days)


def _several(tx: Transaction, query: Any, limit: int) -> list[PrivacyRequest]:
    rows = tx.all(query.order_by(privacy_request.c.asked_at.desc()).limit(limit))
    return [PrivacyRequest(**row._mapping) for row in rows]


def _require_asker(by: Actor, seen: PrivacyRequest) -> None:
    """What a customer has begun is theirs to confirm or take back; what staff have begun, the customer may stop too."""
    if seen.asked_kind == "customer" and by.kind != "customer":
        raise NotAllowed("customers_only")


def _require_fresh(by: Actor) -> None:
    """A customer's own identity checked just now; a visitor has nothing but this session and its mailed code."""
    needed = Rung.FRESH if by.customer_id else Rung.ORDER
    if by.rung < needed:
        raise SignInNeeded(rung=int(needed))


def _address(tx: Transaction, seen: PrivacyRequest) -> dict[str, str]:
    found = customers.find(tx, seen.customer_id) if seen.customer_id else None
    if found is None or not found.email:
        return {}
    return {"to": found.email, "language": found.preferred_language or found.language}


def _tell(tx: Transaction, seen: PrivacyRequest) -> None:
    if seen.notify:
        outbox.put(tx, TOPIC, {"request_id": seen.id, "what": "done"}, key=f"{TOPIC}/{seen.id}/done")


def _set(tx: Transaction, request_id: str, **values: Any) -> None:
    tx.execute(update(privacy_request).where(privacy_request.c.id == request_id).values(**values))


def _audit(tx: Transaction, by: Actor, action: str, seen: PrivacyRequest) -> None:
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        object_kind="privacy_request",
        object_id=seen.id,
        contact=seen.contact_id,
        messages=seen.seqs,
    )
