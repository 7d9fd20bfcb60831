"""The verbs of paying a granted claim: bind one proposal to it, note what became of that. None commits.

A claim holds the id of the proposal that pays it before that is confirmed. Whoever comes later, after a crash or
beside the first, confirms the same one, and confirming twice is confirming once.
"""

from __future__ import annotations

from typing import Any

from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.sellers import queries, service
from madoguchi.counter.sellers.model import Thread
from madoguchi.engine.database import Transaction


def is_due(thread: Thread) -> bool:
    return thread.claim is not None and thread.claim.get("payment") == "due"


def pay_by(tx: Transaction, thread_id: str, proposal_id: str) -> str:
    """The proposal that pays the claim: this one, unless another was bound before."""
    thread = queries.get_for_update(tx, thread_id)
    claim = thread.claim or {}
    if not is_due(thread) or claim.get("proposal"):
        return str(claim.get("proposal", ""))
    service.change_claim(tx, thread, proposal=proposal_id)
    return proposal_id


def let_go(tx: Transaction, thread_id: str, proposal_id: str) -> None:
    """The proposal ended without anything done (the order had moved on): another may be bound."""
    thread = queries.get_for_update(tx, thread_id)
    if is_due(thread) and thread.claim and thread.claim.get("proposal") == proposal_id:
        service.change_claim(tx, thread, proposal="")


def paid(tx: Transaction, thread_id: str) -> Thread:
    """The money is on its way: buyer and seller read it in the thread. A second time is nothing."""
    thread = queries.get_for_update(tx, thread_id)
    if not is_due(thread) or thread.claim is None:
        return thread
    body = {"thread": thread.id, "amount": thread.claim["granted"], "currency": thread.claim["currency"]}
    contacts.append(tx, thread.contact_id, events.GUARANTEE_PAID, body, actor=SYSTEM)
    service.mail(tx, service.TO_SELLER, thread, "paid", thread.id)
    return service.change_claim(tx, thread, payment="done")


def unpaid(tx: Transaction, thread_id: str, reasons: list[dict[str, Any]]) -> Thread:
    """The shop cannot pay what was granted: the disputes desk gets it back, with the reasons."""
    thread = queries.get_for_update(tx, thread_id)
    if not is_due(thread):
        return thread
    thread = service.change_claim(tx, thread, payment="failed")
    thread = service.to_the_desk(tx, thread, "unpaid")
    body = {"thread": thread.id, "reasons": reasons}
    contacts.append(tx, thread.contact_id, events.GUARANTEE_UNPAID, body, actor=SYSTEM)
    return thread
