"""What a customer holds at the shop beside orders, in the reader's words."""

from __future__ import annotations

from datetime import date

from madoguchi.counter.customers.holdings import (
    Device,
    Holdings,
    Membership,
    Service,
    Subscription,
    in_language,
)
from madoguchi.counter.orders.model import Wallet
from madoguchi.counter.orders.phrases import money, tender_label
from madoguchi.engine.texts import tr
from madoguchi.faces.api.customer_schemas import BalanceOut, HeldOut, HoldingsOut, MembershipOut
from madoguchi.kit.money import Money

_STATES = {
    "active": "Active",
    "paused": "Paused",
    "ended": "Ended",
    "outage": "Out of order",
}


def holdings_out(
    held: Holdings | None, wallet: Wallet | None, today: date, language: str
) -> HoldingsOut | None:
    """None where the shop tells neither. Without an account number or code of anything."""
    if held is None and wallet is None:
        return None
    known = held or Holdings(customer_ref="–")
    return HoldingsOut(
        membership=_membership(known.membership, today, language),
        balances=_balances(wallet, language),
        subscriptions=[_subscription(each, language) for each in known.subscriptions],
        devices=[_device(each, language) for each in known.devices],
        services=[_service(each, language) for each in known.services],
    )


def _membership(seen: Membership, today: date, language: str) -> MembershipOut | None:
    if seen.since is None:
        return None
    return MembershipOut(
        plan=in_language(seen.plan, language) or tr(language, "Membership"),
        active=seen.is_active(today),
        since=seen.since,
        renews=seen.renews if seen.cancelled_on is None else None,
        ends_on=seen.ends_on,
    )


def _balances(wallet: Wallet | None, language: str) -> list[BalanceOut]:
    if wallet is None:
        return []
    return [
        BalanceOut(
            label=each.label or tender_label(each.tender, language),
            amount=each.balance,
            text=Money(minor=each.balance, currency=wallet.currency).text(language),
            expires_on=each.expires_on,
        )
        for each in wallet.methods
        if each.balance is not None
    ]


def _subscription(seen: Subscription, language: str) -> HeldOut:
    fee = money(seen.fee, seen.currency, language)
    per = "{fee} a month" if seen.period == "month" else "{fee} a year"
    return HeldOut(
        id=seen.id,
        name=in_language(seen.name, language),
        state=seen.state,
        state_label=tr(language, _STATES[seen.state]),
        detail=tr(language, per, fee=fee) if seen.fee else "",
        next_charge=seen.next_charge if seen.state == "active" else None,
    )


def _device(seen: Device, language: str) -> HeldOut:
    return HeldOut(
        id=seen.id,
        name=in_language(seen.name, language),
        detail=seen.model,
        until=seen.warranty_until,
        order_number=seen.order_number,
    )


def _service(seen: Service, language: str) -> HeldOut:
    return HeldOut(
        id=seen.id,
        name=in_language(seen.name, language),
        state=seen.state,
        state_label=tr(language, _STATES[seen.state]),
    )
