"""What pieces of an order are worth, exactly, and from which tender money goes back. Pure.

The discount of the whole order is shared out over its lines, the net price of a line over its pieces, both with
`kit.money.share`. Pieces leave a line in order, so a line that comes back in any number of steps gives back exactly
what was paid for it. Amounts are minor units of `order.currency`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from madoguchi.counter.orders.model import Line, Order, Parcel, Payment, Product, Tender, Variant
from madoguchi.kit.money import share

# What a customer would rather have back comes first.
MONEY_FIRST: tuple[Tender, ...] = (
    "card",
    "pay_later",
    "bank_transfer",
    "convenience_store",
    "cash_on_delivery",
    "gift_card",
    "points",
)
ON_THE_WAY = frozenset({"shipped", "in_transit", "out_for_delivery"})
LEFT_THE_HOUSE = ON_THE_WAY | {"delivered", "delivery_failed", "returned_to_sender", "lost"}
HAS_LABEL = frozenset({"label", "in_transit"})
OPEN_RETURN = frozenset({"requested", "label", "in_transit", "received"})


@dataclass(frozen=True)
class Part:
    """One tender's part of a refund; `payment_id` None: a new gift card."""

    payment_id: str | None
    tender: Tender
    label: str
    amount: int


# ── pieces ────────────────────────────────────────────────────────────────────────────────────────


def going_back(order: Order, line: Line) -> int:
    """Pieces returned for a refund, or announced. Shops count them at the request or at the arrival: both are fine."""
    announced = sum(
        piece.quantity
        for record in order.returns
        if record.wish == "refund" and record.state != "refused"
        for piece in record.lines
        if piece.line_id == line.id
    )
    return max(line.returned, announced)


def exchanging(order: Order, line: Line) -> int:
    """Pieces whose exchange is under way: they cannot be returned a second time."""
    return sum(
        piece.quantity
        for record in order.returns
        if record.wish == "exchange" and record.state in OPEN_RETURN
        for piece in record.lines
        if piece.line_id == line.id
    )


def kept(order: Order, line: Line) -> int:
    """Pieces that the customer has or will get and pays for."""
    return max(0, line.quantity - line.cancelled - going_back(order, line))


def shipped(order: Order, line: Line) -> int:
    """Pieces that have left the house."""
    if order.state in ("shipped", "delivered"):
        return max(0, line.quantity - line.cancelled)
    # A parcel that replaces a lost one carries the same pieces again.
    first_sent = [parcel for parcel in order.parcels if parcel.replaces is None]
    return min(line.quantity, _in_parcels(first_sent, line, LEFT_THE_HOUSE))


def delivered(order: Order, line: Line) -> int:
    if order.state == "delivered":
        return max(0, line.quantity - line.cancelled)
    return min(line.quantity, _in_parcels(order.parcels, line, frozenset({"delivered"})))


def unshipped(order: Order, line: Line) -> int:
    return min(kept(order, line), max(0, line.quantity - line.cancelled - shipped(order, line)))


def anything_shipped(order: Order) -> bool:
    return order.state in ("part_shipped", "shipped", "delivered") or any(
        parcel.state in LEFT_THE_HOUSE for parcel in order.parcels
    )


def _in_parcels(parcels: list[Parcel], line: Line, states: frozenset[str]) -> int:
    return sum(
        piece.quantity
        for parcel in parcels
        if parcel.state in states
        for piece in parcel.lines
        if piece.line_id == line.id
    )


def replaced(order: Order, parcel: Parcel) -> bool:
    return any(other.replaces == parcel.id for other in order.parcels)


# ── values ────────────────────────────────────────────────────────────────────────────────────────


def line_nets(order: Order) -> dict[str, int]:
    """Per line what its ordered pieces cost after its own discount and its part of the order's discount."""
    gross = [max(0, line.unit_price * line.quantity - line.discount) for line in order.lines]
    discount = min(max(0, order.discount), sum(gross))
    parts = share(discount, gross)
    return {line.id: price - part for line, price, part in zip(order.lines, gross, parts, strict=True)}


def pieces_value(order: Order, line: Line, quantity: int) -> int:
    """What was paid for the next `quantity` pieces that leave the line."""
    prices = share(line_nets(order)[line.id], [1] * line.quantity)
    gone = line.quantity - kept(order, line)
    return sum(prices[gone : gone + quantity])


def kept_value(order: Order) -> int:
    """What the pieces that the customer keeps cost, without postage."""
    return sum(pieces_value(order, line, kept(order, line)) for line in order.lines)


def with_quantity(order: Order, line_id: str, quantity: int) -> Order:
    """The order with `quantity` pieces kept of a line. Fewer pieces are cancelled, more are taken back or added."""
    lines = []
    for line in order.lines:
        if line.id == line_id:
            missing = quantity - kept(order, line)
            revived = min(line.cancelled, missing) if missing > 0 else missing
            line = line.model_copy(
                update={
                    "cancelled": line.cancelled - revived,
                    "quantity": line.quantity + max(0, missing - revived),
                }
            )
        lines.append(line)
    return order.model_copy(update={"lines": lines})


def with_variant(order: Order, line_id: str, quantity: int, variant: Variant) -> Order:
    """The order with `quantity` kept pieces of a line swapped for another variant, at that variant's price.

    The whole line changes in place; a part becomes a line of its own (`<line>-<n>`) with its part of the discount.
    """
    lines: list[Line] = []
    for line in order.lines:
        if line.id != line_id:
            lines.append(line)
            continue
        news = {"sku": variant.sku, "variant_name": variant.name, "unit_price": variant.price}
        if quantity >= line.quantity:
            lines.append(line.model_copy(update=news))
            continue
        staying = line.quantity - quantity
        discounts = share(line.discount, [staying, quantity])
        taxes = share(line.tax, [staying, quantity])
        lines.append(line.model_copy(update={"quantity": staying, "discount": discounts[0], "tax": taxes[0]}))
        fresh = {
            "id": _free_id(order, line_id),
            "quantity": quantity,
            "discount": discounts[1],
            "tax": taxes[1],
            "cancelled": 0,
            "returned": 0,
        }
        lines.append(line.model_copy(update={**news, **fresh}))
    return order.model_copy(update={"lines": lines})


def variant_of(products: Mapping[str, Product], product_id: str, sku: str) -> Variant | None:
    product = products.get(product_id)
    if product is None:
        return None
    return next((variant for variant in product.variants if variant.sku == sku), None)


def _free_id(order: Order, line_id: str) -> str:
    taken = {line.id for line in order.lines}
    number = 2
    while f"{line_id}-{number}" in taken:
        number += 1
    return f"{line_id}-{number}"


# ── money ─────────────────────────────────────────────────────────────────────────────────────────


def given_back(order: Order, payment: Payment) -> int:
    """What went back to this payment, or is on its way."""
    recorded = sum(
        refund.amount
        for refund in order.refunds
        if refund.payment_id == payment.id and refund.state != "failed"
    )
    return max(payment.refunded, recorded)


def promised(order: Order) -> int:
    """Refunds that open returns will bring (I5: they are spoken for)."""
    return sum(
        record.refund_amount
        for record in order.returns
        if record.state in OPEN_RETURN and record.refund_id is None
    )


def taken(order: Order) -> int:
    """What we hold of the customer's money for this order and may give back; second charges are not in it."""
    payments = [payment for payment in order.payments if payment.duplicate_of is None]
    from_payments = sum(max(0, payment.captured - given_back(order, payment)) for payment in payments)
    second = sum(
        max(0, payment.captured - given_back(order, payment))
        for payment in order.payments
        if payment.duplicate_of is not None
    )
    return max(0, min(from_payments, order.captured - order.refunded - second) - promised(order))


def held(order: Order) -> int:
    """Authorised and not captured: nothing was taken, so nothing can be given back."""
    return sum(max(0, payment.authorised - payment.captured) for payment in order.payments)


def not_all_charged(order: Order) -> bool:
    """Whether some of the price is only held, or still to be paid."""
    if held(order) or order.state == "awaiting_payment":
        return True
    return any(payment.captured == 0 and payment.duplicate_of is None for payment in order.payments)


def money_back(order: Order, worth: int, still_owed: int) -> int:
    """How much of `worth` is given back, when `still_owed` is what the customer owes for the rest.

    Where a part was not charged yet, that part is simply never charged.
    """
    ours = taken(order)
    if not_all_charged(order):
        return min(worth, max(0, ours - still_owed))
    return min(worth, ours)


def split_refund(order: Order, amount: int, split: str, *, to_gift_card: bool = False) -> list[Part]:
    """`amount` over the payments it came from (PAY-012); never more per payment than is left of it.

    `split`: `money_first` or `proportional`. What open returns will bring is left alone.
    """
    if amount <= 0:
        return []
    if to_gift_card:
        return [Part(None, "gift_card", "", amount)]
    payments = sorted(
        (payment for payment in order.payments if payment.duplicate_of is None),
        key=lambda payment: MONEY_FIRST.index(payment.tender),
    )
    room = [max(0, payment.captured - given_back(order, payment)) for payment in payments]
    spread = _in_turn if split == "money_first" else _in_proportion
    reserved = spread(min(promised(order), sum(room)), room)
    room = [left - kept_back for left, kept_back in zip(room, reserved, strict=True)]
    amounts = spread(min(amount, sum(room)), room)
    return [
        Part(payment.id, payment.tender, payment.label, part)
        for payment, part in zip(payments, amounts, strict=True)
        if part > 0
    ]


def _in_turn(amount: int, room: list[int]) -> list[int]:
    parts = []
    for left in room:
        part = min(left, amount)
        parts.append(part)
        amount -= part
    return parts


def _in_proportion(amount: int, room: list[int]) -> list[int]:
    # Rounding up may ask one yen too much of a small payment: what does not fit goes to the next with room.
    parts = [min(part, left) for part, left in zip(share(amount, room), room, strict=True)] if room else []
    rest = amount - sum(parts)
    more = _in_turn(rest, [left - part for part, left in zip(parts, room, strict=True)])
    return [part + extra for part, extra in zip(parts, more, strict=True)]
