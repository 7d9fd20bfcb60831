"""The person behind a contact, for staff: notes on them, signals with their sources, what is open and what is promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.customers import notes
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.customers.notes import CustomerNote
from madoguchi.counter.customers.signals import Occasion, Signal, SignalKind, rules, signals
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.phrases import moment_text
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr, trn
from madoguchi.faces.api.customer_schemas import NoteOut, ProfileOut, SignalOut
from madoguchi.faces.house import House
from madoguchi.faces.views import case_out

_NOT_RECEIVED = "order_delivery.item_not_received"
_DECEIVED = ("phishing_impersonation.credentials_disclosed", "phishing_impersonation.fraud_victim")
_ORDERS = 50


def profile_of(house: House, actor: Actor, customer_id: str) -> ProfileOut:
    """Reads the rooms, then the shop: not inside a transaction. Raises NotFound."""

    def read(tx: Transaction) -> tuple[Customer, list[Case], list[CustomerNote]]:
        found = customers.find(tx, customer_id)
        if found is None:
            raise NotFound("customer_not_found")
        return found, cases.of_customer(tx, customer_id), notes.of_customer(tx, customer_id)

    customer, brought, written = house.database.read(read)
    on_behalf = actor.on_behalf_of(customer_id, Rung.SIGNED_IN, frozenset())
    orders = house.orders.orders(on_behalf, limit=_ORDERS)
    zone = ZoneInfo(house.settings.shop.timezone)
    return profile_out(customer, brought, written, orders, actor, house.database.clock(), zone)


def profile_out(
    customer: Customer,
    brought: Sequence[Case],
    written: Sequence[CustomerNote],
    orders: Sequence[Order],
    actor: Actor,
    now: datetime,
    zone: ZoneInfo,
) -> ProfileOut:
    """Of what has been read already."""
    language = actor.language
    found = signals(_happened(customer, brought, orders), now)
    return ProfileOut(
        country=customer.country,
        notes=[note_out(each, actor) for each in written],
        signals=[_signal(each, zone, language) for each in found],
        open_cases=[case_out(each, language) for each in brought if is_live(each.state)],
    )


def note_out(note: CustomerNote, actor: Actor) -> NoteOut:
    return NoteOut(
        id=note.id,
        text=note.text,
        by=note.author_name,
        written_at=note.written_at,
        changed_at=note.changed_at,
        mine=note.author_id == actor.id,
    )


def _happened(
    customer: Customer, brought: Sequence[Case], orders: Sequence[Order]
) -> dict[SignalKind, list[Occasion]]:
    return {
        "refunds": [
            Occasion(refund.at, order.number)
            for order in orders
            for refund in order.refunds
            if refund.state != "failed"
        ],
        "not_received": _cases(brought, _NOT_RECEIVED),
        "locked": [Occasion(customer.locked_at)] if customer.locked_at else [],
        "deceived": _cases(brought, *_DECEIVED),
    }


def _cases(brought: Sequence[Case], *categories: str) -> list[Occasion]:
    return [Occasion(each.opened_at, each.label) for each in brought if each.category in categories]


def _signal(signal: Signal, zone: ZoneInfo, language: str) -> SignalOut:
    return SignalOut(
        kind=signal.kind,
        text=_text(signal, zone, language),
        why=_why(signal, language),
        last_at=signal.last_at,
        sources=list(signal.sources),
    )


def _why(signal: Signal, language: str) -> str:
    rule = rules()[signal.kind]
    return trn(
        language,
        "Shown from {n} occasion in {days} days on",
        "Shown from {n} occasions in {days} days on",
        rule.at_least,
        days=rule.within_days,
    )


def _text(signal: Signal, zone: ZoneInfo, language: str) -> str:
    days = signal.within_days
    match signal.kind:
        case "refunds":
            one, many = "{n} refund in {days} days", "{n} refunds in {days} days"
            return trn(language, one, many, signal.count, days=days)
        case "not_received":
            one = "Not received: {n} enquiry in {days} days"
            many = "Not received: {n} enquiries in {days} days"
            return trn(language, one, many, signal.count, days=days)
        case "locked":
            time = moment_text(signal.last_at, zone, language)
            return tr(language, "The account was locked: {time}", time=time)
        case "deceived":
            return tr(language, "Was deceived by somebody in our name; the account may be in other hands")
