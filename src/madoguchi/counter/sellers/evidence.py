"""What a seller shows the shop in a dispute: pictures and PDFs, for staff and the seller who sent them (SEL-009).

They are kept and checked as a customer's attachments are. The buyer does not see them: what a seller sends may name
others, and the shop tells the buyer what it takes from it.
"""

from __future__ import annotations

from typing import Any

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import attachments, events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.attachments import Clean
from madoguchi.counter.problems import NotFound
from madoguchi.counter.sellers import queries
from madoguchi.engine.database import Transaction


def is_shown(tx: Transaction, thread_id: str, actor: Actor, key: str) -> bool:
    """Whether something was shown under this key already."""
    thread = queries.get(tx, thread_id)
    return contact_queries.by_client_key(tx, thread.contact_id, actor.id, key) is not None


def show(
    tx: Transaction,
    thread_id: str,
    actor: Actor,
    kept: Clean,
    *,
    name: str,
    text: str,
    storage_key: str,
    key: str,
    max_in_contact: int,
) -> str:
    """Note a stored file as evidence in the thread; returns the attachment's id. Raises Invalid, NotFound."""
    thread = queries.get_for_update(tx, thread_id)
    if actor.kind != "seller" or actor.seller_id != thread.seller_id:
        raise NotFound("thread_not_found")
    attachment_id = attachments.store(
        tx,
        contact_id=thread.contact_id,
        actor=actor,
        name=name,
        kept=kept,
        storage_key=storage_key,
        max_in_contact=max_in_contact,
    )
    body = {
        "thread": thread.id,
        "seller": thread.seller_id,
        "text": text,
        "attachments": [attachment_id],
    }
    contacts.append(tx, thread.contact_id, events.SELLER_EVIDENCE, body, actor=actor, client_key=key)
    return attachment_id


def shown(tx: Transaction, thread_id: str, attachment_id: str) -> Any:
    """The row of a file that was shown in this thread. Raises NotFound for any other."""
    said = queries.said(tx, queries.get(tx, thread_id))
    if not any(attachment_id in one.attachments for one in said):
        raise NotFound("not_found")
    return contact_queries.attachments(tx, [attachment_id])[attachment_id]
