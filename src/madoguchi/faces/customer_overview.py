"""A customer as a whole, in one answer: who they are, what they hold, what they brought to us, what they allow.

Three steps, so that nothing calls out inside a transaction: who it is, what the shop knows, what we know. What the
reader's role does not open is not read at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import structlog

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.callbacks import queries as callbacks
from madoguchi.counter.callbacks import wording as callback_words
from madoguchi.counter.callbacks.model import Callback, CallPreference
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.customers import notes, preferences
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers.holdings import Holdings
from madoguchi.counter.customers.local_time import utc_offsets
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.customers.ports import AccountUnreachable
from madoguchi.counter.orders import queries as order_queries
from madoguchi.counter.orders.model import Order, Wallet
from madoguchi.counter.orders.phrases import money, stage_text
from madoguchi.counter.orders.ports import ShopUnreachable
from madoguchi.counter.orders.refund_overview import RefundSum, refund_overview
from madoguchi.counter.orders.wording import order_view
from madoguchi.counter.privacy import holds
from madoguchi.counter.privacy import service as privacy
from madoguchi.counter.privacy.ways import Person
from madoguchi.counter.privacy.wording import kind_text
from madoguchi.counter.privacy.wording import state_text as request_state
from madoguchi.counter.surveys import queries as surveys
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.api.customer_schemas import (
    CallbackLine,
    ChoiceOut,
    OverviewOut,
    PrivacyOut,
    ReachOut,
    RefundSumOut,
    RequestOut,
    SatisfactionOut,
)
from madoguchi.faces.around import companies_of
from madoguchi.faces.customer_facts import profile_out
from madoguchi.faces.holdings_views import holdings_out
from madoguchi.faces.house import House
from madoguchi.faces.views import case_out, contacts_out, customer_out

ORDERS = 50
_CONTACTS = 50
_CHOICES: dict[preferences.Preference, str] = {
    "case_updates": "Mails on the course of enquiries",
    "new_contacts": "A mail for every new enquiry",
    "surveys": "Surveys",
    "personal_answers": "Answers that use history and orders",
}
T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True)
class _FromShop:
    """What the shop says; None where it does not answer or the reader may not know."""

    orders: list[Order] | None = None
    wallet: Wallet | None = None
    holdings: Holdings | None = None
    silent: bool = False


def overview_of(house: House, actor: Actor, customer_id: str) -> OverviewOut:
    """Not inside a transaction. Raises NotFound."""
    customer = house.database.read(customers.get, customer_id)
    found = _ask_shop(house, actor, customer_id) if may(actor, "orders.read") else None
    return house.database.read(_put_together, house, actor, customer, found)


def reach_out(actor: Actor, wanted: CallPreference) -> ReachOut:
    return ReachOut(
        no_calls=wanted.no_calls,
        relay=wanted.relay,
        note=wanted.note,
        may_change=may(actor, "contacts.work"),
    )


def _ask_shop(house: House, actor: Actor, customer_id: str) -> _FromShop:
    on_behalf = actor.on_behalf_of(customer_id, Rung.SIGNED_IN, frozenset())
    orders = _answer(lambda: house.orders.orders(on_behalf, limit=ORDERS))
    wallet = _answer(lambda: house.orders.wallet(on_behalf)) if orders is not None else None
    holdings = _answer(lambda: house.accounts.holdings(on_behalf))
    return _FromShop(orders, wallet, holdings, silent=orders is None)


def _answer(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except (ShopUnreachable, AccountUnreachable):
        log.warning("overview.shop_unreachable")
        return None


def _put_together(
    tx: Transaction, house: House, actor: Actor, customer: Customer, shop: _FromShop | None
) -> OverviewOut:
    language, zone = actor.language, ZoneInfo(house.settings.shop.timezone)
    brought = cases.of_customer(tx, customer.id)
    orders = shop.orders if shop else None
    profile = profile_out(
        customer, brought, notes.of_customer(tx, customer.id), orders or (), actor, tx.now, zone
    )
    reads = may(actor, "contacts.read")
    return OverviewOut(
        **dict(profile),
        customer=customer_out(customer, language, companies_of(tx, [customer]).get(customer.id)),
        utc_offsets=utc_offsets(customer.country, tx.now) if customer.country else None,
        reach=reach_out(actor, callbacks.preference(tx, customer.id)),
        shop="closed" if shop is None else "silent" if shop.silent else "answers",
        holdings=holdings_out(shop.holdings, shop.wallet, tx.now.astimezone(zone).date(), language)
        if shop
        else None,
        orders=None if orders is None else [_order(house, tx, each, language) for each in orders],
        refunds=None if orders is None else _refunds(tx, orders, language),
        callbacks=_callbacks(tx, customer.id, zone, language) if reads else None,
        contacts=contacts_out(
            tx, actor, contacts.of_customer(tx, customer.id, limit=_CONTACTS), language, timezone=zone
        )
        if reads
        else None,
        cases=[case_out(each, language) for each in brought] if reads else None,
        satisfaction=_satisfaction(tx, actor, brought) if reads else None,
        privacy=_privacy(tx, actor, customer.id, language),
    )


def _order(house: House, tx: Transaction, order: Order, language: str) -> dict[str, Any]:
    return order_view(order, language, tx.now, house.orders.rules)


def _refunds(tx: Transaction, orders: Sequence[Order], language: str) -> list[RefundSumOut]:
    awaiting = order_queries.awaiting_of_orders(tx, [each.number for each in orders]) if orders else []
    return [_refund_sum(each, language) for each in refund_overview(orders, awaiting)]


def _refund_sum(each: RefundSum, language: str) -> RefundSumOut:
    return RefundSumOut(
        step=each.step,
        label=tr(language, "Asked for, waits for approval")
        if each.step == "asked"
        else stage_text(each.step, language),
        amount=each.amount,
        currency=each.currency,
        amount_text=money(each.amount, each.currency, language),
        count=each.count,
        first=each.first,
        last=each.last,
        orders=list(each.orders),
    )


def _callbacks(tx: Transaction, customer_id: str, zone: ZoneInfo, language: str) -> list[CallbackLine]:
    return [_callback(each, zone, language) for each in callbacks.of_customer(tx, customer_id)]


def _callback(seen: Callback, zone: ZoneInfo, language: str) -> CallbackLine:
    return CallbackLine(
        id=seen.id,
        coming=seen.live,
        state_text=callback_words.state_text(seen.state, language),
        when_text=callback_words.when_text(seen, zone, language) if seen.live else "",
        topic_text=category_label(seen.topic, language) if seen.topic else "",
        outcome_text="" if seen.live else callback_words.outcome_text(seen.outcome, language),
        contact_id=seen.contact_id,
        promised_at=seen.promised_at,
        finished_at=seen.finished_at,
    )


def _satisfaction(tx: Transaction, actor: Actor, brought: Sequence[Case]) -> list[SatisfactionOut]:
    numbers = {each.id: each.label for each in brought}
    reads = may(actor, "feedback.read")
    return [
        SatisfactionOut(
            case_number=numbers[each.case_id],
            score=each.score,
            at=each.answered_at,
            comment=each.comment if reads else "",
        )
        for each in surveys.answered_of_cases(tx, list(numbers))
        if each.score is not None
    ]


def _privacy(tx: Transaction, actor: Actor, customer_id: str, language: str) -> PrivacyOut:
    chosen = preferences.all_of(tx, customer_id)
    choices = [
        ChoiceOut(name=name, label=tr(language, _CHOICES[name]), wanted=wanted)
        for name, wanted in chosen.items()
    ]
    if not may(actor, "history.erase"):
        return PrivacyOut(choices=choices)
    asked = privacy.of_customer(tx, actor, customer_id)
    return PrivacyOut(
        choices=choices,
        requests=[
            RequestOut(
                label=kind_text(each.kind, language),
                state_label=request_state(each.state, language),
                asked_at=each.asked_at,
                due_at=each.due_at,
            )
            for each in asked
        ],
        held=bool(holds.of_person_now(tx, Person(customer_id, None))),
    )
