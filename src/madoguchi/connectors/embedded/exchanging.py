"""Other pieces than ordered: quantities and variants before shipment, exchange after it (ORD-013, RET-014). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from madoguchi.connectors.embedded.refunding import charged, pay_back, release_holds
from madoguchi.connectors.embedded.returning import (
    check_returnable,
    next_return_id,
    pays_shipping,
    return_fee,
    value_of,
)
from madoguchi.connectors.embedded.stages import goods_total, line_value, shop_day
from madoguchi.counter.orders.actions import ChangeLines, ExchangeLine, LineChange, Swap
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
        return _ask_for(after, decision.model_copy(update={"charge": more}), now)
    return release_holds(after, max(0, -more - decision.refund))


def exchange(
    order: Order, action: ExchangeLine, decision: Decision, now: datetime, products: Mapping[str, Product]
) -> Order:
    """The old pieces become returned lines worth nothing, the new ones lines that carry their value.

    So every later refund of the new pieces is worth what was paid, and the total changes by the difference only.
    """
    after = order
    for swap, difference in zip(action.swaps, _differences(action, decision), strict=True):
        after = _swapped(after, action, swap, difference, decision, now, products)
    after = after.model_copy(update={"total": goods_total(after)})
    new = [line.id for line in after.lines if order.line(line.id) is None]
    after = pay_back(after, decision, now, reason=action.action, line_ids=new)
    return _ask_for(after, decision, now) if decision.charge else after


def _differences(action: ExchangeLine, decision: Decision) -> list[int]:
    """Per swap what is charged (+) or given back (-); together exactly what the decision moves."""
    each = [
        int(effect.params["difference"])
        for effect in decision.effects
        if effect.code == "send_new" and "difference" in effect.params
    ]
    if len(each) != len(action.swaps):
        each = [0] * len(action.swaps)
    rest = decision.charge - decision.refund - sum(each)
    return [*each[:-1], each[-1] + rest]


def _swapped(
    order: Order,
    action: ExchangeLine,
    swap: Swap,
    difference: int,
    decision: Decision,
    now: datetime,
    products: Mapping[str, Product],
) -> Order:
    line = check_returnable(order, swap.line_id, swap.quantity)
    variant = _variant(products, line, swap.sku)
    step = len(order.returns) + 1
    value = value_of(line, swap.quantity)
    old, rest = _split(line, swap.quantity, value, f"{line.id}r{step}")
    worth = max(0, value + difference)
    price = max(variant.price, -(-worth // swap.quantity))
    new = line.model_copy(
        update={
            "id": f"{line.id}x{step}",
            "sku": variant.sku,
            "variant_name": variant.name,
            "quantity": swap.quantity,
            "unit_price": price,
            "discount": price * swap.quantity - worth,
            "tax": line.tax * swap.quantity // line.quantity,
            "cancelled": 0,
            "returned": 0,
        }
    )
    today = shop_day(now)
    parcel = Parcel(
        id=f"{order.number}-X{step}",
        lines=[ParcelLine(line_id=new.id, quantity=swap.quantity)],
        promised_from=today + timedelta(days=_EXCHANGE_DAYS[0]),
        promised_to=today + timedelta(days=_EXCHANGE_DAYS[1]),
    )
    record = ReturnRecord(
        id=next_return_id(order),
        at=now,
        lines=[ParcelLine(line_id=old.id, quantity=swap.quantity)],
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
    return order.model_copy(
        update={
            "lines": [*lines, new],
            "parcels": [*_moved(order, line.id, old.id, swap.quantity), parcel],
            "returns": [*order.returns, record],
        }
    )


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


def _ask_for(order: Order, decision: Decision, now: datetime) -> Order:
    """Money to be paid in addition: by the named method, else held on the card that holds or paid the rest, else open."""
    amount = decision.charge
    named = next(
        (
            effect.params
            for effect in decision.effects
            if effect.params.get("method_id") and effect.code == "charge"
        ),
        None,
    )
    if named is not None:
        return charged(order, named, amount, now)
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
                method_id=card.method_id,
                authorised=amount,
                at=now,
            )
        )
    return order.model_copy(update={"payments": payments})
