"""The verb of a hold: the security desk gets it, the customer reads of it. It does not commit."""

from __future__ import annotations

from madoguchi.counter.actors import SYSTEM, Actor, Rung
from madoguchi.counter.cases import service as cases
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.orders.model import Order
from madoguchi.counter.routing import queues
from madoguchi.counter.routing import service as routing
from madoguchi.engine.database import Transaction

TOPIC = "account_security.unrecognized_order"
_BEHIND_EMERGENCIES = 2


def tell(tx: Transaction, order: Order, customer_id: str | None, pattern: str) -> Contact:
    """Open a contact about the hold with its case and put it into the security desk's queue; once for an order."""
    customer = customers.find(tx, customer_id) if customer_id else None
    rung = Rung.SIGNED_IN if customer else Rung.VISITOR
    owner = Actor(kind="customer", id=f"held/{order.number}", customer_id=customer_id, rung=rung)
    opened = contacts.open_contact(
        tx,
        actor=owner,
        channel="chat",
        language=customer.language if customer else "ja",
        initiation_method="shop",
        topic=TOPIC,
        order_number=order.number,
        owner="none",
        client_key=f"held/{order.number}",
    )
    if opened.case_id is not None:
        return opened
    case = cases.open_case(tx, customer_id, owner.id, TOPIC, order.number)
    contacts.link_case(tx, opened.id, case.id)
    contacts.append(tx, opened.id, events.ORDER_HELD, {"order": order.number}, actor=SYSTEM)
    told = {"problem": order.number, "pattern": pattern, "where": "/console/held"}
    seen = contact_queries.get(tx, opened.id)
    routing.enter(
        tx,
        seen,
        queues.SECURITY,
        reason="unusual_order",
        summary=told,
        priority=_BEHIND_EMERGENCIES,
        actor=SYSTEM,
    )
    return contact_queries.get(tx, opened.id)


def contact_of(tx: Transaction, order_number: str) -> Contact | None:
    """The contact about the hold of this order."""
    return contact_queries.find(tx, contacts.contact_id_of(f"held/{order_number}", f"held/{order_number}"))
