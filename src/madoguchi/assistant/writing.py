"""What a turn ends with: its words, facts, case and hand-over in one transaction, once for each word of the customer."""

from __future__ import annotations

from madoguchi.assistant.case_of_turn import settle_case
from madoguchi.assistant.looking import Seen
from madoguchi.assistant.personal import note_use
from madoguchi.assistant.reply import Reply
from madoguchi.assistant.wording import spoken
from madoguchi.counter.actors import ASSISTANT, Actor
from madoguchi.counter.business import queries as business
from madoguchi.counter.cases import service as cases
from madoguchi.counter.contacts import events, service
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.routing import escalating
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.policy import Rules
from madoguchi.engine.database import Transaction


def write(tx: Transaction, seen: Seen, reply: Reply, reopen_days: int, rules: Rules) -> None:
    """Mark the words as answered first: whoever loses the race writes nothing."""
    contact = seen.contact
    service.mark_answered(tx, contact.id, contact.last_customer_seq, contact.owner_version)
    note_use(tx, contact, reply.used, "turn")
    for kind, body in reply.facts:
        service.append(tx, contact.id, kind, body, actor=ASSISTANT)
    for place, message in enumerate(reply.messages):
        service.append(
            tx,
            contact.id,
            events.MESSAGE,
            message.body(spoken(reply.language)),
            actor=ASSISTANT,
            client_key=f"turn/{contact.last_customer_seq}/{place}",
        )
    changed_language = reply.language if reply.language and reply.language != contact.language else None
    service.classify(
        tx, contact.id, topic=reply.topic, order_number=reply.order_number, language=changed_language
    )
    case_id = settle_case(tx, contact.case_id, reply, reopen_days) if contact.case_id else None
    if reply.hand_over is not None:
        if reply.hand_over.reason == "supervisor":
            escalating.note(tx, contact, Actor(kind="customer", id=contact.visitor_id), "senior")
        routing.enter(
            tx,
            contact,
            reply.hand_over.queue,
            priority=reply.hand_over.priority,
            reason=reply.hand_over.reason,
            summary=reply.hand_over.summary,
            preferred=_manager(tx, contact),
            actor=ASSISTANT,
            rules=rules,
        )
    elif reply.resolved and contact.state == "open":
        service.resolve(tx, contact.id, ASSISTANT, None)
        service.append(tx, contact.id, events.RESOLUTION_CONFIRMED, {"by": "customer"}, actor=ASSISTANT)
        if case_id:
            cases.resolve(tx, case_id, ASSISTANT)
            cases.confirm_resolution(tx, case_id, ASSISTANT)


def _manager(tx: Transaction, contact: Contact) -> str:
    """Who looks after the customer's company; empty where nobody does (BIZ-006)."""
    found = business.of_customer(tx, contact.customer_id) if contact.customer_id else None
    return found[0].manager_id if found else ""
