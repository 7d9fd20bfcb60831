"""What a file may leave out, filled in: names in one language, ids, states, and who was refunded."""

from __future__ import annotations

from typing import Any

from madoguchi.connectors.embedded.stages import state_of
from madoguchi.counter.orders.model import Order

_LETTERS = {"lines": "L", "payments": "P", "parcels": "S", "refunds": "F", "returns": "RMA"}


def complete_product(body: dict[str, Any], language: str) -> dict[str, Any]:
    """A plain name is one in `language`."""
    body = {**body, "name": _named(body.get("name"), language)} if "name" in body else body
    variants = body.get("variants")
    if not isinstance(variants, list):
        return body
    return {**body, "variants": [_variant(variant, language) for variant in variants]}


def complete_order(body: dict[str, Any], language: str) -> dict[str, Any]:
    """Ids by position, `product_id` as the article number, moments of payments, and the state.

    The version is ours and never taken from a file. What is not of the right kind is left for the model to refuse.
    """
    body = {name: value for name, value in body.items() if name != "version"}
    number = str(body.get("number") or "")
    for name, letter in _LETTERS.items():
        parts = body.get(name)
        if isinstance(parts, list):
            short = name == "lines"
            body[name] = [
                {"id": f"{letter}{step}" if short else f"{number}-{letter}{step}", **part}
                if isinstance(part, dict)
                else part
                for step, part in enumerate(parts, 1)
            ]
    if isinstance(body.get("lines"), list):
        body["lines"] = [_line(line, language) for line in body["lines"]]
    if isinstance(body.get("parcels"), list):
        body["parcels"] = [_parcel(parcel, language) for parcel in body["parcels"]]
    if isinstance(body.get("payments"), list):
        body["payments"] = [_with_default(p, "at", body.get("placed_at")) for p in body["payments"]]
        body = _with_refunds(body)
    return body if body.get("state") else {**body, "state": _state(body)}


def _list(body: dict[str, Any], name: str) -> list[Any]:
    value = body.get(name)
    return value if isinstance(value, list) else []


def _line(line: Any, language: str) -> Any:
    if not isinstance(line, dict):
        return line
    line = dict(line)
    for name in ("name", "variant_name"):
        if name in line:
            line[name] = _named(line[name], language)
    return _with_default(line, "product_id", line.get("sku"))


def _variant(variant: Any, language: str) -> Any:
    if not isinstance(variant, dict):
        return variant
    return {**variant, "name": _named(variant.get("name", {}), language)}


def _parcel(parcel: Any, language: str) -> Any:
    if not isinstance(parcel, dict) or not isinstance(parcel.get("events"), list):
        return parcel
    events = [
        {**event, **{name: _named(event[name], language) for name in ("place", "text") if name in event}}
        if isinstance(event, dict)
        else event
        for event in parcel["events"]
    ]
    return {**parcel, "events": events}


def _named(value: Any, language: str) -> Any:
    return ({language: value} if value else {}) if isinstance(value, str) else value


def _with_default(part: Any, name: str, value: Any) -> Any:
    if not isinstance(part, dict) or part.get(name) is not None or value is None:
        return part
    return {**part, name: value}


def _with_refunds(body: dict[str, Any]) -> dict[str, Any]:
    """Refunds without a payment belong to the only one of their tender; `refunded` follows where it is not given."""
    payments, refunds = _list(body, "payments"), _list(body, "refunds")
    if not all(isinstance(part, dict) for part in (*payments, *refunds)):
        return body
    belonging = []
    for refund in refunds:
        of_tender = [p["id"] for p in payments if p.get("tender") == refund.get("tender")]
        only = of_tender[0] if len(of_tender) == 1 else None
        belonging.append(_with_default(refund, "payment_id", only))
    counted = []
    for payment in payments:
        back = [
            refund["amount"]
            for refund in belonging
            if refund.get("payment_id") == payment["id"]
            and refund.get("state") != "failed"
            and isinstance(refund.get("amount"), int)
        ]
        counted.append(_with_default(payment, "refunded", sum(back)) if back else payment)
    return {**body, "payments": counted, **({"refunds": belonging} if belonging else {})}


def _state(body: dict[str, Any]) -> str:
    """From parcels and cancelled pieces; before shipment from what is paid."""
    try:
        order = Order.model_validate(
            {**body, "state": "processing", "placed_at": "2000-01-01T00:00:00Z", "payments": []}
        )
        covered = sum(max(p.get("authorised", 0), p.get("captured", 0)) for p in _list(body, "payments"))
        later = {"cash_on_delivery", "pay_later"} & {p.get("tender") for p in _list(body, "payments")}
    except (ValueError, TypeError, AttributeError):
        return "processing"  # what is wrong will be said in its place
    if covered < order.total and not later:
        order = order.model_copy(update={"state": "awaiting_payment"})
    return state_of(order)
