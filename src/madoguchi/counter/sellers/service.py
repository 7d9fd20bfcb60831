"""The verbs of a thread: ask, answer, accept, object, remind, escalate, claim, decide. None commits.

The clock of an answer is two errands in the outbox that carry the moment for which they were set: an answer, or a
later question, moves that moment, and an errand that finds another one does nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from madoguchi.counter.actors import SYSTEM, Actor, Rung
from madoguchi.counter.cases import service as cases
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound
from madoguchi.counter.routing import service as routing
from madoguchi.counter.sellers import policy, queries
from madoguchi.counter.sellers.model import Thread, Why, seller_thread
from madoguchi.engine import audit, outbox
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

QUEUE = "disputes"
REMIND = "seller.remind"  # errand: {"thread_id", "answer_by"}
OVERDUE = "seller.overdue"  # errand: {"thread_id", "answer_by"}
TO_SELLER = "mail.seller"  # errand: {"thread_id", "what"}
TO_BUYER = "mail.buyer"  # errand: {"thread_id", "what"}
PAY = "guarantee.pay"  # errand: {"thread_id"}
LONGEST = 2000
_URGENT = 2


def ask(
    tx: Transaction,
    order: Order,
    seller_id: str,
    *,
    contact_id: str,
    customer_id: str,
    text: str,
    key: str,
    rules: Rules,
    actor: Actor,
) -> Thread:
    """The buyer's words to the seller; the seller's clock starts. The same key says it once (SEL-002, SEL-003).

    Raises Invalid("not_a_seller"), Invalid for the words.
    """
    if not policy.is_sellers(order, seller_id) or seller_id == "shop":
        raise Invalid("not_a_seller", field="seller_id")
    words = checked(text)
    tx.lock("seller_thread", f"{order.number}/{seller_id}")
    thread = queries.find(tx, order.number, seller_id) or _open(
        tx, order, seller_id, contact_id, customer_id, rules
    )
    before = contact_queries.by_client_key(tx, contact_id, actor.id, key)
    body = {"thread": thread.id, "seller": seller_id, "order": order.number, "text": words}
    contacts.append(tx, contact_id, events.SELLER_ASKED, body, actor=actor, client_key=key)
    if before is not None:
        return thread
    places = [*(each for each in thread.contact_ids if each != contact_id), contact_id]
    if thread.state == "escalated":
        return _set(tx, thread, contact_ids=places)
    deadline = policy.answer_by(tx.now, rules)
    thread = _set(
        tx, thread, contact_ids=places, state="waiting", asked_at=tx.now, answer_by=deadline, answered_at=None
    )
    _start_clock(tx, thread, deadline, rules)
    mail(tx, TO_SELLER, thread, "asked", key)
    return thread


def answer(tx: Transaction, thread_id: str, actor: Actor, text: str, key: str) -> Thread:
    """The seller's words to the buyer; the clock stops."""
    return _sellers_word(tx, thread_id, actor, events.SELLER_ANSWERED, text, key)


def accept(tx: Transaction, thread_id: str, actor: Actor, wish: str, text: str, key: str) -> Thread:
    """The seller agrees to a return or a refund. Money moves at the shop's desk only, through a proposal (SEL-005)."""
    if wish not in ("return", "refund"):
        raise Invalid("unknown_wish", field="wish")
    thread = _sellers_word(tx, thread_id, actor, events.SELLER_ACCEPTED, text, key, wish=wish)
    if wish == "refund" and thread.state == "answered":
        return escalate(tx, thread_id, "accepted", SYSTEM)
    return thread


def object_to(tx: Transaction, thread_id: str, actor: Actor, text: str, key: str) -> Thread:
    """The seller does not agree, and says why; the buyer may go to the shop."""
    return _sellers_word(tx, thread_id, actor, events.SELLER_OBJECTED, checked(text), key)


def remind(tx: Transaction, thread_id: str, deadline: datetime) -> bool:
    """Time is nearly up. False when the clock it was set for does not run any more."""
    thread = queries.get_for_update(tx, thread_id)
    if thread.state != "waiting" or thread.answer_by != deadline:
        return False
    contacts.append(tx, thread.contact_id, events.SELLER_REMINDED, {"thread": thread.id}, actor=SYSTEM)
    mail(tx, TO_SELLER, thread, "reminded", deadline.isoformat())
    return True


def overdue(tx: Transaction, thread_id: str, deadline: datetime, rules: Rules) -> bool:
    """The seller's time is over: the shop takes it up by itself, or the buyer is told that they may ask for it."""
    thread = queries.get_for_update(tx, thread_id)
    if thread.state != "waiting" or thread.answer_by != deadline:
        return False
    if rules.sellers.when_silent == "escalate":
        escalate(tx, thread_id, "silent", SYSTEM)
    else:
        mail(tx, TO_BUYER, thread, "silent", deadline.isoformat())
    return True


def escalate(tx: Transaction, thread_id: str, why: Why, actor: Actor, contact_id: str = "") -> Thread:
    """The disputes desk takes it over, with the whole thread in its ledger. Once; a second time is nothing (SEL-003).

    The assistant hands its own contact (`contact_id`) over with its words; for everybody else it is done here.
    """
    thread = queries.get_for_update(tx, thread_id)
    if thread.state == "escalated":
        return thread
    thread = _set(tx, thread, state="escalated", answer_by=None, escalated_at=tx.now, why=why)
    if contact_id and contact_id not in thread.contact_ids:
        thread = _set(tx, thread, contact_ids=[*thread.contact_ids, contact_id])
    if actor.kind != "assistant":
        thread = to_the_desk(tx, thread, why)
    contacts.append(
        tx,
        thread.contact_id,
        events.SELLER_ESCALATED,
        {"thread": thread.id, "seller": thread.seller_id, "why": why},
        actor=actor,
    )
    mail(tx, TO_SELLER, thread, "escalated", tx.now.isoformat())
    mail(tx, TO_BUYER, thread, "escalated", tx.now.isoformat())
    return thread


def may_escalate(thread: Thread, now: datetime) -> bool:
    """After the clock, or any time after an answer (SEL-003)."""
    if thread.state == "waiting":
        return thread.answer_by is not None and now >= thread.answer_by
    return thread.state == "answered"


def claim(
    tx: Transaction,
    order: Order,
    seller_id: str,
    amount: int,
    reason: str,
    *,
    contact_id: str,
    customer_id: str,
    rules: Rules,
    actor: Actor,
) -> Thread:
    """The buyer asks for the guarantee; a person decides. Raises Conflict("claim_open"), Invalid("not_covered")."""
    tx.lock("seller_thread", f"{order.number}/{seller_id}")
    thread = queries.find(tx, order.number, seller_id)
    if thread is not None and thread.claim is not None:
        raise Conflict("claim_open")
    cover = policy.cover(order, seller_id, rules, tx.now)
    if not cover.covered or not 0 < amount <= cover.most:
        raise Invalid("not_covered", field="amount", reason=cover.reason or "too_much")
    thread = thread or _open(tx, order, seller_id, contact_id, customer_id, rules)
    made = {"amount": amount, "currency": order.currency, "reason": checked(reason), "state": "asked"}
    contacts.append(
        tx,
        contact_id,
        events.GUARANTEE_CLAIMED,
        {"thread": thread.id, "amount": amount, "currency": order.currency, "text": made["reason"]},
        actor=actor,
    )
    places = [*(each for each in thread.contact_ids if each != contact_id), contact_id]
    thread = _set(tx, thread, claim=made, contact_ids=places)
    return escalate(tx, thread.id, "claim", actor)


def decide(
    tx: Transaction, thread_id: str, granted: int, text: str, order: Order, rules: Rules, actor: Actor
) -> Thread:
    """An agent decides on a claim; `granted` 0 refuses. Above the agent's limit it takes a supervisor (SEL-005, SEL-006).

    What is granted is paid by an errand (paying.py); where the shop could not pay it, it is decided again.
    Raises Conflict("no_claim"), Invalid("not_covered"), NotAllowed("approval_needs_supervisor").
    """
    thread = queries.get_for_update(tx, thread_id)
    asked = thread.claim
    if asked is None or (asked["state"] != "asked" and asked.get("payment") != "failed"):
        raise Conflict("no_claim")
    if not 0 <= granted <= policy.cover(order, thread.seller_id, rules, tx.now).most:
        raise Invalid("not_covered", field="granted", reason="too_much")
    if policy.needs_supervisor(granted, order.currency, rules) and not actor.may("supervisor"):
        raise NotAllowed("approval_needs_supervisor")
    state = "granted" if granted else "refused"
    words = checked(text)
    contacts.append(
        tx,
        thread.contact_id,
        events.GUARANTEE_DECIDED,
        {
            "thread": thread.id,
            "state": state,
            "amount": granted,
            "currency": order.currency,
            "text": words,
        },
        actor=actor,
    )
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=f"guarantee.{state}",
        object_kind="seller_thread",
        object_id=thread.id,
        amount=granted,
        seller=thread.seller_id,
    )
    mail(tx, TO_BUYER, thread, state, tx.now.isoformat())
    mail(tx, TO_SELLER, thread, state, tx.now.isoformat())
    payment = "due" if granted else ""
    if granted:
        outbox.put(tx, PAY, {"thread_id": thread.id})
    return change_claim(tx, thread, state=state, granted=granted, payment=payment, proposal="")


def to_the_desk(tx: Transaction, thread: Thread, why: str) -> Thread:
    """The contact goes to the disputes desk. With a person already it stays there; one that has ended is followed."""
    seen = contact_queries.get(tx, thread.contact_id)
    if seen.state == "ended":
        seen = _followed(tx, seen, thread)
        thread = _set(tx, thread, contact_ids=[*thread.contact_ids, seen.id])
    elif seen.state == "resolved":
        seen = contacts.reopen(tx, seen.id, SYSTEM)
    if seen.owner_kind == "agent" or (seen.owner_kind == "queue" and seen.owner_id == QUEUE):
        return thread
    told = {"problem": f"{thread.order_number} / {thread.seller_id}", "reason": why}
    priority = _URGENT if why in ("claim", "unpaid") else None
    routing.enter(tx, seen, QUEUE, reason=f"seller_{why}", summary=told, priority=priority, actor=SYSTEM)
    return thread


def mail(tx: Transaction, topic: str, thread: Thread, what: str, key: str) -> None:
    """A letter to one side; the same key sends it once."""
    payload = {"thread_id": thread.id, "what": what}
    outbox.put(tx, topic, payload, key=f"{topic}/{thread.id}/{what}/{key}"[:200])


def change_claim(tx: Transaction, thread: Thread, **values: Any) -> Thread:
    return _set(tx, thread, claim={**(thread.claim or {}), **values})


def checked(text: str) -> str:
    """The words as they may stand in a thread. Raises Invalid."""
    words = policy.without_addresses(text.strip())
    if not words:
        raise Invalid("empty_message", field="text")
    if len(words) > LONGEST:
        raise Invalid("message_too_long", field="text", limit=LONGEST)
    return words


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _open(
    tx: Transaction, order: Order, seller_id: str, contact_id: str, customer_id: str, rules: Rules
) -> Thread:
    thread_id = new_id("thr")
    tx.execute(
        insert(seller_thread).values(
            id=thread_id,
            order_number=order.number,
            seller_id=seller_id,
            customer_id=customer_id,
            contact_ids=[contact_id],
            language=contact_queries.get(tx, contact_id).language,
            state="waiting",
            answer_by=policy.answer_by(tx.now, rules),
            asked_at=tx.now,
            why="",
            created_at=tx.now,
            updated_at=tx.now,
        )
    )
    return queries.get(tx, thread_id)


def _sellers_word(
    tx: Transaction, thread_id: str, actor: Actor, fact: str, text: str, key: str, **more: str
) -> Thread:
    thread = queries.get_for_update(tx, thread_id)
    if actor.kind != "seller" or actor.seller_id != thread.seller_id:
        raise NotFound("thread_not_found")
    before = contact_queries.by_client_key(tx, thread.contact_id, actor.id, key)
    words = checked(text) if text.strip() or not more else ""
    body = {"thread": thread.id, "seller": thread.seller_id, "text": words, **more}
    contacts.append(tx, thread.contact_id, fact, body, actor=actor, client_key=key)
    if before is not None:
        return thread
    mail(tx, TO_BUYER, thread, "answered", f"{actor.id}/{key}")
    if thread.state == "escalated":
        return _set(tx, thread, answered_at=tx.now)
    return _set(tx, thread, state="answered", answered_at=tx.now, answer_by=None)


def _followed(tx: Transaction, seen: Contact, thread: Thread) -> Contact:
    """A new contact of the same buyer about the same matter; the case goes on."""
    buyer = Actor(kind="customer", id=seen.visitor_id, customer_id=thread.customer_id, rung=Rung.SIGNED_IN)
    opened = contacts.open_contact(
        tx,
        actor=buyer,
        channel=seen.channel,
        language=thread.language,
        initiation_method="shop",
        topic="marketplace.seller_no_response",
        order_number=thread.order_number,
        owner="none",
        client_key=f"{thread.id}/{tx.now.isoformat()}",
    )
    case = cases.open_case(
        tx, thread.customer_id, seen.visitor_id, "marketplace.seller_no_response", thread.order_number
    )
    contacts.link_case(tx, opened.id, case.id)
    return contact_queries.get(tx, opened.id)


def _start_clock(tx: Transaction, thread: Thread, deadline: datetime, rules: Rules) -> None:
    payload = {"thread_id": thread.id, "answer_by": deadline.isoformat()}
    before = timedelta(hours=rules.sellers.remind_before_hours)
    if rules.sellers.remind_before_hours:
        outbox.put(tx, REMIND, payload, due_at=deadline - before)
    outbox.put(tx, OVERDUE, payload, due_at=deadline)


def _set(tx: Transaction, thread: Thread, **values: Any) -> Thread:
    tx.execute(
        update(seller_thread).where(seller_thread.c.id == thread.id).values(updated_at=tx.now, **values)
    )
    tx.wake(f"seller:{thread.seller_id}")
    return replace(thread, updated_at=tx.now, **values)
