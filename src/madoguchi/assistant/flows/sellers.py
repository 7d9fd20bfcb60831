"""Buyers of a marketplace seller's goods: write to the seller, silence, a dispute, a dishonest seller (SEL-002 to SEL-009)."""

from __future__ import annotations

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Option
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.sellers import (
    choose_seller,
    facts_of_seller,
    last_answer,
    tell_parties,
    tell_terms,
    thread_of,
    until_text,
)
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import money_text
from madoguchi.counter.cases.promises import promise_text
from madoguchi.counter.orders.model import Order, Seller
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.sellers.policy import without_addresses
from madoguchi.counter.sellers.service import may_escalate

_WRITE = "marketplace.contact_seller"
_WISHES = ("refund", "exchange", "return", "explanation")


@flow("marketplace.contact_seller", queue="disputes")
async def contact_seller(talk: Talk) -> Outcome:
    """The buyer's words, shown once more without addresses, then sent through the shop (SEL-002)."""
    order, seller = await choose_seller(talk)
    thread = thread_of(talk, order, seller)
    if talk.noted("with_shop", lambda: thread is not None and thread.state == "escalated"):
        return await _is_with_shop(talk)
    text = await talk.verbatim("message", "seller.message", ways_around=("leave",))
    if text == "leave":
        talk.say("nothing.left_as_is")
        return Outcome("nothing", "declined")
    words = without_addresses(text)
    if words != text:
        talk.say("seller.masked")
    if not await talk.yes_no("send", "seller.send", "send", "not_now", seller=seller.name, said=words):
        talk.say("seller.not_sent")
        return Outcome("nothing", "declined")
    talk.noted("thread", lambda: _write(talk, order, seller, text))
    sent = thread_of(talk, order, seller)
    talk.say("seller.sent", seller=seller.name, until=until_text(talk, sent) if sent else "")
    talk.say("seller.then_us")
    talk.has_tried("seller_asked", seller=seller.name)
    return Outcome("action", "message_seller")


@flow("marketplace.seller_no_response", queue="disputes")
async def seller_no_response(talk: Talk) -> Outcome:
    """Nothing written yet, still time, answered but not solved, or silent: then the shop steps in (SEL-003, SEL-004)."""
    order, seller = await choose_seller(talk)
    thread = thread_of(talk, order, seller)
    stand = talk.noted(
        "stand",
        lambda: (
            "none"
            if thread is None
            else "in_time"
            if thread.state == "waiting" and not may_escalate(thread, talk.scene.now)
            else thread.state
        ),
    )
    if thread is None or stand == "none":
        talk.say("seller.not_written")
        tell_parties(talk)
        write = Option(f"topic {_WRITE}", talk.words("seller.write"))
        return await ways_out(talk, [write], "not_written", "what_next")
    if stand == "escalated":
        return await _is_with_shop(talk)
    if stand == "in_time":
        talk.say("seller.in_time", seller=seller.name, until=until_text(talk, thread))
        return await ways_out(talk, [], "in_time", "what_next")
    if stand == "answered":
        talk.say("seller.has_answered", seller=seller.name, said=last_answer(talk, thread))
    else:
        talk.say("seller.silent", seller=seller.name)
    if not await talk.yes_no("escalate", "seller.escalate", "escalate", "not_now"):
        talk.say("nothing.left_as_is")
        return Outcome("nothing", "declined")
    talk.scene.sellers.escalate(talk.scene.actor, thread.id, talk.scene.contact.id)
    return _to_disputes(talk, seller, order, "seller_unresolved")


@flow("marketplace.seller_dispute", queue="disputes")
async def seller_dispute(talk: Talk) -> Outcome:
    """What happened, what is wanted, pictures; a person decides, with the thread in hand (SEL-005, SEL-008, SEL-009)."""
    order, seller = await choose_seller(talk)
    tell_terms(talk, seller)
    talk.fact("detail", await talk.verbatim("detail", "seller.detail"))
    wishes = [
        Option(name, talk.words(f"wish.{name}"), named_by=said(f"seller_wish.{name}")) for name in _WISHES
    ]
    wish = await talk.choose("wish", "seller.wish", wishes)
    talk.fact("wish", talk.words(f"wish.{wish}"))
    pictures = await talk.photo("evidence")
    talk.fact("photo", talk.words("fact.photo_yes" if pictures else "fact.photo_no"))
    thread = thread_of(talk, order, seller)
    if thread is not None and may_escalate(thread, talk.scene.now):
        talk.scene.sellers.escalate(talk.scene.actor, thread.id, talk.scene.contact.id)
    talk.tell(promise_text("marketplace.seller_dispute", talk.language, talk.scene.segments))
    return _to_disputes(talk, seller, order, "seller_dispute")


@flow("marketplace.malicious_seller", queue="disputes")
async def malicious_seller(talk: Talk) -> Outcome:
    """Investigation by a person, and a claim under the guarantee where it covers the goods (SEL-006)."""
    order, seller = await choose_seller(talk)
    detail = await talk.verbatim("detail", "seller.what_happened")
    talk.fact("detail", detail)
    pictures = await talk.photo("evidence")
    talk.fact("photo", talk.words("fact.photo_yes" if pictures else "fact.photo_no"))
    cover = talk.scene.sellers.cover(talk.scene.actor, order.number, seller.id)
    most = talk.noted("most", lambda: cover.most)
    if not most:
        talk.say("seller.not_covered")
        return _to_disputes(talk, seller, order, "seller_malicious", priority=2)
    amount = money_text(most, order.currency, talk.language)
    if await talk.yes_no("claim", "seller.claim", "claim", "no_claim", amount=amount):
        reason = detail if detail != "skip" else talk.topic
        talk.say(talk.noted("claimed", lambda: _claim(talk, order, seller, most, reason)), amount=amount)
        talk.has_tried("guarantee", amount=amount)
    return _to_disputes(talk, seller, order, "seller_malicious", priority=2)


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _write(talk: Talk, order: Order, seller: Seller, text: str) -> str:
    """The key is the run's: a turn that is thought twice writes once."""
    contact = talk.scene.contact
    return talk.scene.sellers.ask(
        talk.scene.actor, order.number, seller.id, text, contact_id=contact.id, key=f"ask/{talk.run.id}"
    ).id


def _claim(talk: Talk, order: Order, seller: Seller, amount: int, reason: str) -> str:
    """Which words tell what came of it."""
    try:
        talk.scene.sellers.claim(
            talk.scene.actor, order.number, seller.id, amount, reason, contact_id=talk.scene.contact.id
        )
    except Conflict:
        return "seller.claim_open"
    except Invalid:
        return "seller.not_covered"
    return "seller.claimed"


async def _is_with_shop(talk: Talk) -> Outcome:
    talk.say("seller.with_shop")
    return await ways_out(talk, [], "with_shop", "what_next")


def _to_disputes(talk: Talk, seller: Seller, order: Order, reason: str, *, priority: int = 0) -> Outcome:
    facts_of_seller(talk, seller, thread_of(talk, order, seller))
    talk.say("seller.to_desk")
    return talk.hand_over(reason, queue="disputes", priority=priority)
