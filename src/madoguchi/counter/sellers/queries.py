"""Reading threads: of an order, of a seller, and what was said in them."""

from __future__ import annotations

from sqlalchemy import select

from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.problems import NotFound
from madoguchi.counter.sellers.model import Record, Said, Thread, seller_thread
from madoguchi.engine.database import Transaction

_PAGE = 5000
_WHO = {
    events.SELLER_ASKED: "buyer",
    events.SELLER_ANSWERED: "seller",
    events.SELLER_ACCEPTED: "seller",
    events.SELLER_OBJECTED: "seller",
    events.SELLER_EVIDENCE: "seller",
    events.SELLER_ESCALATED: "shop",
    events.GUARANTEE_CLAIMED: "buyer",
    events.GUARANTEE_DECIDED: "shop",
    events.GUARANTEE_PAID: "shop",
}


def get(tx: Transaction, thread_id: str) -> Thread:
    """Raises NotFound."""
    row = tx.first(select(seller_thread).where(seller_thread.c.id == thread_id))
    if row is None:
        raise NotFound("thread_not_found")
    return Thread(**row._mapping)


def get_for_update(tx: Transaction, thread_id: str) -> Thread:
    tx.lock("seller_thread", thread_id)
    return get(tx, thread_id)


def find(tx: Transaction, order_number: str, seller_id: str) -> Thread | None:
    row = tx.first(
        select(seller_thread).where(
            seller_thread.c.order_number == order_number, seller_thread.c.seller_id == seller_id
        )
    )
    return None if row is None else Thread(**row._mapping)


def of_order(tx: Transaction, order_number: str) -> list[Thread]:
    rows = tx.all(
        select(seller_thread)
        .where(seller_thread.c.order_number == order_number)
        .order_by(seller_thread.c.created_at)
    )
    return [Thread(**row._mapping) for row in rows]


def of_seller(tx: Transaction, seller_id: str, *, limit: int = 100) -> list[Thread]:
    """What waits for the seller first, the most urgent on top; then the rest, newest first."""
    rows = tx.all(
        select(seller_thread)
        .where(seller_thread.c.seller_id == seller_id)
        .order_by(seller_thread.c.updated_at.desc())
        .limit(limit)
    )
    threads = [Thread(**row._mapping) for row in rows]
    waiting = [thread for thread in threads if thread.state == "waiting"]
    return [
        *sorted(waiting, key=lambda thread: thread.answer_by or thread.asked_at),
        *(thread for thread in threads if thread.state != "waiting"),
    ]


def said(tx: Transaction, thread: Thread) -> list[Said]:
    """Everything said in a thread, oldest first, from the ledgers of its contacts."""
    found = [
        Said(
            who=_WHO[entry.kind],  # type: ignore[arg-type]
            fact=entry.kind,
            text=str(entry.body.get("text", "")),
            at=entry.at,
            wish=str(entry.body.get("wish", "")),
            attachments=tuple(entry.body.get("attachments", ())),
        )
        for contact_id in thread.contact_ids
        for entry in contacts.entries(tx, contact_id, limit=_PAGE)
        if entry.kind in _WHO and entry.body.get("thread") == thread.id
    ]
    return sorted(found, key=lambda one: one.at)


def record_of(tx: Transaction, seller_id: str) -> Record:
    """The seller's history."""
    rows = tx.all(
        select(seller_thread.c.why, seller_thread.c.claim).where(seller_thread.c.seller_id == seller_id)
    )
    claims = [row.claim for row in rows if row.claim]
    return Record(
        threads=len(rows),
        silent=sum(row.why == "silent" for row in rows),
        claims=len(claims),
        granted=sum(claim["state"] == "granted" for claim in claims),
    )
