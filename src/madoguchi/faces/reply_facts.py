"""The facts that fill a saved reply for one contact, in the words of the customer's language."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.orders.cards import arriving
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.phrases import day_text, moment_text, money
from madoguchi.counter.orders.queries import refund_statuses
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.routes.orders import acting
from madoguchi.faces.house import House
from madoguchi.kit.languages import comma

_POLITE = {"ja": "{name} 様", "ko": "{name}님"}
_SOMEBODY = {"ja": "お客様", "en": "there", "zh-Hans": "您好", "zh-Hant": "您好", "ko": "고객님"}
_MOST_ITEMS = 3


@dataclass(frozen=True)
class Known:
    """What the house knows about a contact. `order`: as the shop tells it; None for one that the customer has not proved."""

    contact: Contact
    customer: Customer | None
    case: Case | None
    order: Order | None


def known_of(house: House, actor: Actor, contact_id: str) -> Known:
    """Reads the rooms, then asks the shop: not inside a transaction. Raises NotFound."""

    def read(tx: Transaction) -> tuple[Contact, Customer | None, Case | None, Actor]:
        contact = contacts.visible(tx, actor, contact_id)
        customer = customers.find(tx, contact.customer_id) if contact.customer_id else None
        case = case_queries.find(tx, contact.case_id) if contact.case_id else None
        return contact, customer, case, acting(tx, actor, contact_id, house.settings.identity.fresh_minutes)

    contact, customer, case, on_behalf = house.database.read(read)
    number = _number(contact, case)
    order = _order(house, on_behalf, number) if number else None
    return Known(contact, customer, case, order if order and _is_theirs(order, contact, customer) else None)


def facts_of(house: House, agent: Actor, known: Known, language: str) -> dict[str, str]:
    """Place of `saved_replies.places` → words; what is not known is empty."""
    shop = house.settings.shop
    case = known.case
    promised = case.promised_at if case else None
    return {
        "customer": _addressed(known.customer.name if known.customer else "", language),
        "agent": agent.name,
        "case": case.label if case else "",
        "promised": moment_text(promised, ZoneInfo(shop.timezone), language) if promised else "",
        "shop": shop.name if language == "ja" else shop.name_en,
        **_of_order(house, known, language),
    }


def _of_order(house: House, known: Known, language: str) -> dict[str, str]:
    order = known.order
    if order is None:
        return {"order": _number(known.contact, known.case)}
    now, rules = house.database.clock(), house.orders.rules
    marketplace = any(line.seller_id != "shop" for line in order.lines)
    coming = [each for each in refund_statuses(order, rules, now, marketplace) if each.done_at is None]
    arrival = arriving(order)
    items = [line.label(language) for line in order.lines[:_MOST_ITEMS]]
    return {
        "order": order.number,
        "item": comma(language).join(items),
        "delivery_date": day_text(arrival, language) if arrival else "",
        "refund_amount": money(coming[0].amount, order.currency, language) if coming else "",
        "refund_date": day_text(coming[0].latest, language) if coming and coming[0].latest else "",
    }


def _addressed(name: str, language: str) -> str:
    if not name:
        return _SOMEBODY.get(language, _SOMEBODY["en"])
    return _POLITE.get(language, "{name}").format(name=name)


def _number(contact: Contact, case: Case | None) -> str:
    return contact.order_number or (case.order_number if case else "")


def _is_theirs(order: Order, contact: Contact, customer: Customer | None) -> bool:
    """What an order holds is told to nobody who only names its number."""
    owned = customer is not None and order.customer_ref == customer.shop_ref
    return order.number in contact.proven_orders or (owned and contact.rung >= Rung.SIGNED_IN)


def _order(house: House, actor: Actor, number: str) -> Order | None:
    try:
        return house.orders.order(actor, number)
    except NotFound:
        return None
