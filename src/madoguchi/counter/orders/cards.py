"""An order as people see it: the card that pages, chat and desk show. Made by the server, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from madoguchi.counter.orders import pricing, queries
from madoguchi.counter.orders.model import Line, Order, Parcel, Payment
from madoguchi.counter.orders.phrases import (
    address_text,
    day_text,
    in_language,
    moment_text,
    money,
    return_reason_label,
    stage_text,
    tender_with_label,
)
from madoguchi.counter.orders.queries import RefundStatus
from madoguchi.counter.orders.rules import Rules
from madoguchi.engine.texts import tr
from madoguchi.kit.languages import gap


@lru_cache(maxsize=1)
def shipped_rules() -> Rules:
    return Rules.load()


def order_view(order: Order, language: str, now: datetime, rules: Rules | None = None) -> dict[str, Any]:
    """`rules` give the refund clocks and the time zone; without them the shipped ones are used.

    Keys: number, placed_at, placed_text, state, state_label, held, headline, lines, parcels, payments, refunds, returns,
    sums, total, total_text, address_text, currency.
    """
    rules = rules or shipped_rules()
    marketplace = any(line.seller_id != "shop" for line in order.lines)
    statuses = queries.refund_statuses(order, rules, now, marketplace)
    return {
        "number": order.number,
        "version": order.version,
        "placed_at": order.placed_at.isoformat(),
        "placed_text": day_text(order.placed_at.astimezone(rules.zone).date(), language),
        "state": order.state,
        "state_label": stage_text(order.state, language),
        "held": order.held_at is not None,
        "headline": headline(order, language, now, rules),
        "lines": [_line(order, line, language) for line in order.lines],
        "parcels": [_parcel(order, parcel, language, rules) for parcel in order.parcels],
        "payments": [row for payment in order.payments for row in _payment(order, payment, language)],
        "refunds": [_refund(order, status, language, rules) for status in statuses],
        "returns": [_return(order, number, language, rules) for number in range(len(order.returns))],
        "sums": _sums(order, language),
        "currency": order.currency,
        "total": order.total,
        "total_text": money(order.total, order.currency, language),
        "address_text": address_text(order.address.model_dump(), language),
    }


def headline(order: Order, language: str, now: datetime, rules: Rules) -> str:
    """The one thing a customer wants to know about the order."""
    today = now.astimezone(rules.zone).date()
    if order.state == "awaiting_payment":
        return tr(language, "We are waiting for your payment.")
    if order.state == "cancelled":
        return tr(language, "The order was cancelled.")
    if order.held_at is not None:
        return tr(language, "We are checking the order before it is sent.")
    troubled = _first_state(order, "returned_to_sender", "delivery_failed", "lost")
    if troubled:
        return tr(
            language, "Please look at the delivery: {state}", state=stage_text(troubled.state, language)
        )
    if order.state == "delivered":
        arrivals = [parcel.delivered_at for parcel in order.parcels if parcel.delivered_at]
        if not arrivals:
            return tr(language, "Delivered")
        arrived = max(arrivals).astimezone(rules.zone).date()
        return tr(language, "Delivered on {date}", date=day_text(arrived, language))
    if _first_state(order, "out_for_delivery"):
        return tr(language, "Out for delivery today")
    until = arriving(order)
    if until is None:
        return stage_text(order.state, language)
    if today > until:
        return tr(language, "Later than promised ({date})", date=day_text(until, language))
    return tr(language, "Expected by {date}", date=day_text(until, language))


def refund_text(status: RefundStatus, language: str) -> str:
    """When the money is there, or what it waits for (PAY-005, PAY-009, PAY-010)."""
    if status.done_at is not None or status.stage == "done":
        return tr(language, "The refund is complete.")
    if status.stage == "awaiting_goods":
        return tr(language, "The refund starts when the goods have arrived with us.")
    if status.stage == "failed":
        return tr(language, "The refund did not go through. A person takes care of it.")
    if status.latest is None or status.earliest is None:
        return stage_text(status.stage, language)
    if status.late:
        return tr(
            language, "Later than expected ({date}). We look into it.", date=day_text(status.latest, language)
        )
    text = tr(
        language,
        "Expected between {first} and {last}.",
        first=day_text(status.earliest, language),
        last=day_text(status.latest, language),
    )
    if status.statement_by is None:
        return text
    shown = tr(language, "Your statement shows it by {date}.", date=day_text(status.statement_by, language))
    return text + gap(language) + shown


def arriving(order: Order) -> date | None:
    """The latest promise among the parcels that are still to come."""
    coming = [parcel for parcel in order.parcels if parcel.state not in ("delivered", "lost")]
    promises = [parcel.promised_to for parcel in coming if parcel.promised_to]
    return max(promises) if promises else order.promised_to


def _first_state(order: Order, *states: str) -> Parcel | None:
    return next(
        (
            parcel
            for parcel in order.parcels
            if parcel.state in states and not pricing.replaced(order, parcel) and _still_theirs(order, parcel)
        ),
        None,
    )


def _still_theirs(order: Order, parcel: Parcel) -> bool:
    lines = [order.line(piece.line_id) for piece in parcel.lines]
    return not lines or any(line is not None and pricing.kept(order, line) for line in lines)


def _line(order: Order, line: Line, language: str) -> dict[str, Any]:
    kept = pricing.kept(order, line)
    return {
        "id": line.id,
        "label": line.label(language),
        "quantity": line.quantity,
        "active": kept,
        "cancelled": line.cancelled,
        "returned": pricing.going_back(order, line),
        "unit_price": line.unit_price,
        "unit_price_text": money(line.unit_price, order.currency, language),
        "total_text": money(pricing.line_nets(order)[line.id], order.currency, language),
        "image": line.image,
        "seller": line.seller_id,
        "sku": line.sku,
        "product_id": line.product_id,
    }


def _parcel(order: Order, parcel: Parcel, language: str, rules: Rules) -> dict[str, Any]:
    until = parcel.promised_to or order.promised_to
    since = parcel.promised_from or order.promised_from
    return {
        "id": parcel.id,
        "state": parcel.state,
        "state_label": stage_text(parcel.state, language),
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": parcel.tracking_url,
        "promised_text": _promise_text(since, until, language),
        "delivered_at": parcel.delivered_at.isoformat() if parcel.delivered_at else None,
        "lines": [piece.model_dump() for piece in parcel.lines],
        "replaces": parcel.replaces,
        "events": [
            {
                "at": event.at.isoformat(),
                "at_text": moment_text(event.at, rules.zone, language),
                "text": in_language(event.text, language) or stage_text(event.state, language),
                "place": in_language(event.place, language),
                "state": event.state,
            }
            for event in sorted(parcel.events, key=lambda event: event.at, reverse=True)
        ],
    }


def _promise_text(since: date | None, until: date | None, language: str) -> str:
    if until is None:
        return ""
    if since is None or since >= until or until - since > timedelta(days=60):
        return day_text(until, language)
    return f"{day_text(since, language)} – {day_text(until, language)}"


def _payment(order: Order, payment: Payment, language: str) -> list[dict[str, Any]]:
    """Charge lines: what is only held and what was taken are different lines (PAY-002)."""
    common = {
        "id": payment.id,
        "tender": payment.tender,
        "label": tender_with_label(payment.tender, payment.label, language),
        "at": payment.at.isoformat(),
    }
    held = max(0, payment.authorised - payment.captured)
    rows: list[dict[str, Any]] = []
    if payment.captured:
        text = tr(language, "Charged twice") if payment.duplicate_of else tr(language, "Charged")
        rows.append({**common, "kind": "charged", "kind_label": text, "amount": payment.captured})
    if held:
        rows.append(
            {**common, "kind": "held", "kind_label": tr(language, "Reserved, not charged"), "amount": held}
        )
    if not rows and order.state == "awaiting_payment":
        rows.append(
            {**common, "kind": "open", "kind_label": tr(language, "To be paid"), "amount": order.total}
        )
    return [{**row, "amount_text": money(int(row["amount"]), order.currency, language)} for row in rows]


def _refund(order: Order, status: RefundStatus, language: str, rules: Rules) -> dict[str, Any]:
    return {
        "id": status.id,
        "stage": status.stage,
        "stage_label": stage_text(status.stage, language),
        "amount": status.amount,
        "amount_text": money(status.amount, order.currency, language),
        "tender": status.tender,
        "label": tender_with_label(status.tender, status.label, language) if status.tender else "",
        "started_text": day_text(status.started_at.astimezone(rules.zone).date(), language),
        "expected_text": refund_text(status, language),
        "latest": status.latest.isoformat() if status.latest else None,
        "late": status.late,
        "return_id": status.return_id,
    }


def _return(order: Order, number: int, language: str, rules: Rules) -> dict[str, Any]:
    record = order.returns[number]
    lines = [(order.line(piece.line_id), piece.quantity) for piece in record.lines]
    return {
        "id": record.id,
        "state": record.state,
        "state_label": stage_text(record.state, language),
        "wish": record.wish,
        "reason_label": return_reason_label(record.reason, language),
        "lines": [{"label": line.label(language), "quantity": count} for line, count in lines if line],
        "tracking_number": record.tracking_number,
        "label_url": f"/api/v1/orders/{order.number}/returns/{record.id}/label.pdf"
        if record.state in pricing.HAS_LABEL
        else "",
        "customer_pays_shipping": record.customer_pays_shipping,
        "at_text": moment_text(record.at, rules.zone, language),
        "refund_amount": record.refund_amount,
        "refund_text": money(record.refund_amount, order.currency, language) if record.refund_amount else "",
    }


def _sums(order: Order, language: str) -> list[dict[str, str]]:
    """What the total is made of; the rows sum exactly (PAY-004)."""
    goods = sum(line.unit_price * line.quantity for line in order.lines)
    discount = order.discount + sum(line.discount for line in order.lines)
    rows = [("Items", goods), ("Discount", -discount), ("Shipping fee", order.shipping_fee)]
    other = order.total - sum(amount for _, amount in rows)
    tax = sum(line.tax for line in order.lines)
    shown = [(label, amount) for label, amount in rows if amount]
    if other:
        shown.append(("Other charges", other))
    result = [
        {"label": tr(language, label), "value": money(amount, order.currency, language)}
        for label, amount in shown
    ]
    result.append({"label": tr(language, "Total"), "value": money(order.total, order.currency, language)})
    if tax:
        result.append({"label": tr(language, "of this, tax"), "value": money(tax, order.currency, language)})
    return result
