"""What a customer who wants no personal answers has named in this conversation: that much may be used, no more (PRIV-007).

Everything that is used of somebody's records is noted in the audit log, by kind and number, without their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from madoguchi.assistant.questions import Heard
from madoguchi.counter.actors import ASSISTANT
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.orders.model import Order
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction


def named_orders(contact: Contact, heard: Iterable[Heard]) -> frozenset[str]:
    """Numbers that were written here, proved here, or from whose page the customer came."""
    said = {number for each in heard for number in each.understanding.entities.order_numbers}
    return frozenset({*said, *contact.proven_orders, contact.order_number} - {""})


def named_cases(contact: Contact, cases: Mapping[str, Case], heard: Iterable[Heard]) -> dict[str, Case]:
    """The case of this contact, and those whose numbers were written here."""
    said = {number for each in heard for number in each.understanding.entities.case_numbers}
    return {key: case for key, case in cases.items() if key == contact.case_id or case.label in said}


def only_named(orders: Sequence[Order], named: frozenset[str] | None) -> list[Order]:
    """All of them where the customer allows it (None), else those that were named."""
    return [order for order in orders if named is None or order.number in named]


def note_use(tx: Transaction, contact: Contact, used: Mapping[str, int], purpose: str) -> None:
    """One line in the audit log for what an answer was made from; none where nothing was used."""
    if contact.customer_id is None or not any(used.values()):
        return
    audit.record(
        tx,
        actor_kind=ASSISTANT.kind,
        actor_id=ASSISTANT.id,
        action="assistant.records_used",
        object_kind="customer",
        object_id=contact.customer_id,
        contact=contact.id,
        purpose=purpose,
        **used,
    )
