"""Other pieces than ordered: quantities and variants before shipment, exchange after it (ORD-013, RET-014). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from madoguchi.connectors.embedded.refunding import pay_back, release_holds
from madoguchi.connectors.embedded.returning import (
    check_returnable,
    next_return_id,
    pays_shipping,
    return_fee,
    value_of,
)
from madoguchi.connectors.embedded.stages import goods_total, line_value, shop_day
from madoguchi.counter.orders.actions import ChangeLines, ExchangeLine, LineChange
from madoguchi.counter.orders.model import (
    Decision,
    Line,
    Order,
    Parcel,
    ParcelLine,
    Payment,
    Product,
    ReturnRecord,
    Variant,
)
from madoguchi.counter.orders.ports import ShopRefused
from madoguchi.counter.orders.pricing import kept, kept_value, variant_of, with_quantity, with_variant
from madoguchi.kit.money import share

_EXCHANGE_DAYS = (2, 4)


def change_lines(
    order: Order, action: ChangeLines, decision: Decision, now: datetime, products: Mapping[str, Product]
) -> Order:
    """Lines as wished and the total made new; money is held, asked for or given back for the difference.

    Prices are those of `counter.orders.pricing`, as the decision's are. More pieces than the decision was told to
    pay for cannot come out: the new total is the old one and at most the charge, else `amounts_differ`.
    """
    if order.state not in ("awaiting_payment", "processing"):
        raise ShopRefused("already_shipped", number=order.number)
    after = order
    for change in action.changes:
        after = _changed(after, change, products)
    after = after.model_copy(update={"total": goods_total(after)})
    after = after.model_copy(update={"parcels": _refilled(after)})
    more = kept_value(after) - kept_value(order)
    paid = order.captured - order.refunded > 0 and order.state != "awaiting_payment"
    if after.total < 0 or (paid and more > 0 and decision.charge != more):
        raise ShopRefused("amounts_differ", charge=decision.charge, difference=more)
    after = pay_back(after, decision, now, reason=action.action, line_ids=[c.line_id for c in action.changes])
    if more > 0:
        return _ask_for(after, more, now)
    return release_holds(after, max(0, -more - decision.refund))


def exchange(
    order: Order, action: ExchangeLine, decision: Decision, now: datetime, products: Mapping[str, Product]
) -> Order:
    """The old pieces become a returned line worth nothing, the new ones a line that carries their value.

    So every later refund of the new pieces is worth what was paid, and the total changes by the difference only.
    """
    line = check_returnable(order, action.line_id, action.quantity)
    variant = _variant(products, line, action.sku)
    step = len(order.returns) + 1
    value = value_of(line, action.quantity)
    old, rest = _split(line, action.quantity, value, f"{line.id}r{step}")
    worth = max(0, value + decision.charge - decision.refund)
    new = line.model_copy(
        update={
            "id": f"{line.id}x{step}",
            "sku": variant.sku,
            "variant_name": variant.name,
            "quantity": action.quantity,
            "unit_price": max(variant.price, -(-worth // action.quantity)),
            "discount": max(variant.price, -(-worth // action.quantity)) * action.quantity - worth,
            "tax": line.tax * action.quantity // line.quantity,
            "cancelled": 0,
            "returned": 0,
        }
    )
    today = shop_day(now)
    parcel = Parcel(
        id=f"{order.number}-X{step}",
        lines=[ParcelLine(line_id=new.id, quantity=action.quantity)],
        promised_from=today + timedelta(days=_EXCHANGE_DAYS[0]),
        promised_to=today + timedelta(days=_EXCHANGE_DAYS[1]),
    )
    record = ReturnRecord(
        id=next_return_id(order),
        at=now,
        lines=[ParcelLine(line_id=old.id, quantity=action.quantity)],
        reason=action.reason,
        condition=action.condition,
        wish="exchange",
        state="label" if line.seller_id == "shop" else "requested",
        customer_pays_shipping=pays_shipping(decision),
        return_fee=return_fee(decision),
        exchange_sku=variant.sku,
    )
    lines: list[Line] = []
    for each in order.lines:
        lines.extend([old, *([rest] if rest else [])] if each.id == line.id else [each])
    after = order.model_copy(
        update={
            "lines": [*lines, new],
            "parcels": [*_moved(order, line.id, old.id, action.quantity), parcel],
            "returns": [*order.returns, record],
        }
    )
    after = after.model_copy(update={"total": goods_total(after)})
    after = pay_back(after, decision, now, reason=action.action, line_ids=[new.id])
    return _ask_for(after, decision.charge, now) if decision.charge else after


def _changed(order: Order, change: LineChange, products: Mapping[str, Product]) -> Order:
    line = order.line(change.line_id)
    if line is None:
        raise ShopRefused("unknown_line", line_id=change.line_id)
    quantity = change.quantity or kept(order, line)
    if quantity == 0:
        raise ShopRefused("not_enough_pieces", line_id=line.id, left=0)
    order = with_quantity(order, line.id, quantity)
    if change.sku and change.sku != line.sku:
        order = with_variant(order, line.id, quantity, _variant(products, line, change.sku))
    return order


def _variant(products: Mapping[str, Product], line: Line, sku: str) -> Variant:
    variant = variant_of(products, line.product_id, sku)
    if variant is None:
        raise ShopRefused("unknown_variant", sku=sku)
    return variant


def _split(line: Line, pieces: int, value: int, new_id: str) -> tuple[Line, Line | None]:
    """The pieces that go back, all returned and worth nothing, and the rest of the line where there is one.

    A line that goes back whole keeps its id, so that its parcels need no change.
    """
    gross = line.unit_price * pieces
    if pieces == line.quantity:
        return line.model_copy(update={"returned": pieces, "discount": gross}), None
    tax, _ = share(line.tax, [pieces, line.quantity - pieces])
    old = line.model_copy(
        update={
            "id": new_id,
            "quantity": pieces,
            "returned": pieces,
            "cancelled": 0,
            "discount": gross,
            "tax": 0,
        }
    )
    left = line.quantity - pieces
    rest = line.model_copy(
        update={
            "quantity": left,
            "discount": line.unit_price * left - (line_value(line) - value),
            "tax": line.tax - tax,
        }
    )
    return old, rest


def _moved(order: Order, line_id: str, new_id: str, pieces: int) -> list[Parcel]:
    """Parcels in which so many pieces of a line, first parcels first, belong to another line."""
    if line_id == new_id:
        return list(order.parcels)
    parcels = []
    for parcel in order.parcels:
        items = []
        for item in parcel.lines:
            moved = (
                min(pieces, item.quantity) if item.line_id == line_id and parcel.state != "preparing" else 0
            )
            pieces -= moved
            if item.quantity > moved:
                items.append(item.model_copy(update={"quantity": item.quantity - moved}))
            if moved:
                items.append(ParcelLine(line_id=new_id, quantity=moved))
        parcels.append(parcel.model_copy(update={"lines": items}))
    return parcels


def _refilled(order: Order) -> list[Parcel]:
    """Before shipment one parcel in preparation holds everything; without one there is none to refill."""
    if not order.parcels:
        return []
    items = [ParcelLine(line_id=line.id, quantity=line.active) for line in order.lines if line.active]
    return [order.parcels[0].model_copy(update={"lines": items})]


def _ask_for(order: Order, amount: int, now: datetime) -> Order:
    """Money to be paid in addition: held on the card that holds or paid the rest; else it stays open."""
    payments = list(order.payments)
    cards = [payment for payment in payments if payment.tender == "card" and payment.duplicate_of is None]
    if not cards:
        return order
    card = cards[-1]
    if card.authorised > card.captured:
        payments[payments.index(card)] = card.model_copy(update={"authorised": card.authorised + amount})
    elif card.captured:
        payments.append(
            Payment(
                id=f"{order.number}-P{len(payments) + 1}",
                tender="card",
                label=card.label,
                authorised=amount,
                at=now,
            )
        )
    return order.model_copy(update={"payments": payments})
