"""Where a mail waits for a person: its mailbox's queue or its matter's, and simple questions before the others (SLA-012).

A question is simple if it asks for a fact of an order and brings nothing to look at. It is not answered by itself: who
writes by mail has proved nothing, and facts of orders are for those who have.
"""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.routing import queues
from madoguchi.engine.database import Transaction
from madoguchi.engine.mail_sections import Mail

_SIMPLE = frozenset(
    {
        "order_delivery.order_status",
        "order_delivery.track_order",
        "order_delivery.delivery_estimate",
        "payment_refund.receipt",
        "payment_refund.refund_status",
    }
)
_SHORT = 600  # characters
_SOONEST = 2  # the class before it is for emergencies


@dataclass(frozen=True)
class Rank:
    """`priority` None: the queue's own."""

    queue: str
    priority: int | None
    reason: str


def is_simple(topic: str, text: str, files: int) -> bool:
    return topic in _SIMPLE and not files and 0 < len(text.strip()) <= _SHORT


def rank(tx: Transaction, mail: Mail, seen: Contact, *, simple: bool) -> Rank:
    """Emergencies go where they always go; a mailbox's queue that does not exist is passed over."""
    usual = queues.desk_for(tx, seen.topic)
    own = mail.box(seen.attributes.get("mailbox", "")).queue
    if own and usual not in (queues.SECURITY, queues.SUPERVISOR):
        found = queues.find(tx, own)
        usual = own if found is not None and found.active else usual
    if not simple:
        return Rank(usual, None, "mail")
    return Rank(usual, max(_SOONEST, queues.get(tx, usual).priority - 1), "simple_mail")
