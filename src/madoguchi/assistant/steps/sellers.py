"""Which order and which seller, what has been said so far, and who answers for what (SEL)."""

from __future__ import annotations

from madoguchi.assistant.questions import Option
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.identity import prove
from madoguchi.assistant.steps.orders import choose_order
from madoguchi.assistant.talk import Ended, Talk
from madoguchi.assistant.wording import day_text
from madoguchi.counter.actors import Rung
from madoguchi.counter.contacts import events
from madoguchi.counter.orders.model import Order, Seller
from madoguchi.counter.sellers.model import Thread

SHOP = "shop"


def from_a_seller(order: Order) -> bool:
    """Something of it was sold by a marketplace seller."""
    return any(line.seller_id != SHOP for line in order.lines)


async def choose_seller(talk: Talk) -> tuple[Order, Seller]:
    """An order with a seller's goods, and the seller. Ends the flow for an order that the shop itself has sold."""
    await prove(talk, Rung.SIGNED_IN)
    order = await choose_order(talk, from_a_seller)
    sellers = talk.scene.sellers.sellers_of(order)
    if not sellers:
        talk.say("seller.shop_sold_it")
        options = [Option(f"topic {kind}", talk.words(f"seller.{name}")) for kind, name in _INSTEAD]
        raise Ended(await ways_out(talk, options, "shop_sold_it"))
    chosen = sellers[0].id
    if len(sellers) > 1:
        chosen = await talk.choose(
            "seller", "seller.which", [Option(seller.id, seller.name) for seller in sellers]
        )
    seller = next(seller for seller in sellers if seller.id == chosen)
    talk.fact("seller_name", seller.name)
    return order, seller


_INSTEAD = (
    ("order_delivery.track_order", "instead_track"),
    ("return_exchange_cancel.return_request", "instead_return"),
)


def thread_of(talk: Talk, order: Order, seller: Seller) -> Thread | None:
    return talk.scene.sellers.thread(talk.scene.actor, order.number, seller.id)


def until_text(talk: Talk, thread: Thread) -> str:
    """「11月21日(土) 12:00」"""
    if thread.answer_by is None:
        return ""
    local = thread.answer_by.astimezone(talk.scene.zone)
    return f"{day_text(local.date(), talk.language)} {local:%H:%M}"


def tell_parties(talk: Talk) -> None:
    """Seller, shop and carrier: when each answers, and what for (SEL-007)."""
    hours = talk.scene.hours.text(talk.language)
    talk.say("seller.party_seller", n=talk.scene.sellers.rules.sellers.answer_hours)
    talk.say("seller.party_shop", hours=hours)
    talk.say("seller.party_carrier")


def tell_terms(talk: Talk, seller: Seller) -> None:
    """What the seller promises on returns; one who has said nothing follows the shop (SEL-008)."""
    rules = talk.scene.desk.rules.returns
    own = rules.sellers.get(seller.id)
    days = (own.window_days if own else None) or seller.return_days
    talk.say("seller.terms" if days else "seller.terms_of_shop", days=days or rules.marketplace_window_days)


def last_answer(talk: Talk, thread: Thread) -> str:
    """The seller's newest words."""
    said = [
        one.text or talk.words(f"seller.accepted_{one.wish}")
        for one in talk.scene.sellers.said(talk.scene.actor, thread.id)
        if one.who == "seller" and one.fact != events.SELLER_ESCALATED
    ]
    return said[-1] if said else ""


def facts_of_seller(talk: Talk, seller: Seller, thread: Thread | None) -> None:
    """What the disputes desk holds a case against: the seller's history, and what was written."""
    record = talk.scene.sellers.record(seller.id)
    talk.fact(
        "seller_record",
        talk.words("seller.record", threads=record.threads, silent=record.silent, claims=record.claims),
    )
    if thread is not None:
        talk.fact("sent_at", thread.asked_at.astimezone(talk.scene.zone).strftime("%Y-%m-%d %H:%M"))
        talk.fact("seller_said", last_answer(talk, thread))
