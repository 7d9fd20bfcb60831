"""Requests that policy must refuse, made from the demo shop's orders, each with the reason that its facts give.

The reasons are told from plain facts of an order (where its pieces are, what its goods are, who owns it), not by asking
the policy, so that the two are independent of each other.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    ChangePayment,
    ExchangeLine,
    LineChange,
    LineChoice,
    RefundDuplicate,
    RefundMissing,
    ReshipMissing,
    ReturnLines,
    Swap,
)
from madoguchi.counter.orders.model import Line, Order, Product, Wallet
from madoguchi.kit.ids import new_id

HIDDEN = "order_not_found"
TOKYO_HOURS = 9
FOREIGN_METHOD = "somebody-elses-card"


@dataclass(frozen=True)
class Request:
    """`reasons`: any of these must be among those told; HIDDEN: the order is not even there for the actor."""

    about: str
    actor: Actor
    order: Order
    action: Action
    reasons: frozenset[str]


@dataclass(frozen=True)
class Shop:
    orders: Sequence[Order]
    products: Mapping[str, Product]
    wallets: Mapping[str, Wallet]
    today: date
    customer_id: Callable[[str], str]


def requests(shop: Shop, wanted: int, seed: int = 0) -> Iterator[Request]:
    """`wanted` requests, every kind in turn over shuffled orders, again and again with other choices."""
    dice = random.Random(f"refusals/{seed}")
    made = 0
    while made < wanted:
        orders = list(shop.orders)
        dice.shuffle(orders)
        for order in orders:
            for request in _of(shop, order, dice):
                yield request
                made += 1
                if made == wanted:
                    return


def owner(shop: Shop, order: Order, rung: Rung = Rung.FRESH) -> Actor:
    known = shop.customer_id(order.customer_ref)
    return Actor(kind="customer", id=f"vis_{order.customer_ref}", customer_id=known, rung=rung)


def _of(shop: Shop, order: Order, dice: random.Random) -> Iterator[Request]:
    me = owner(shop, order)

    def ask(about: str, action: Action, *reasons: str, actor: Actor = me) -> Request:
        return Request(about, actor, order, action, frozenset(reasons))

    line = dice.choice(order.lines)
    yield from _strangers(shop, order, dice, ask)
    yield from _nonsense(order, line, dice, ask)
    if order.state == "cancelled":
        yield from _cancelled(order, line, dice, ask)
    elif _all_in_house(order):
        yield from _in_house(shop, order, line, dice, ask)
    elif order.state in ("shipped", "delivered"):
        yield from _sent(order, line, dice, ask)
        if order.state == "delivered":
            yield from _arrived(shop, order, line, dice, ask)


Ask = Callable[..., Request]


def _strangers(shop: Shop, order: Order, dice: random.Random, ask: Ask) -> Iterator[Request]:
    other = dice.choice([each for each in shop.orders if each.customer_ref != order.customer_ref])
    visitor = Actor(kind="customer", id=new_id("vis"))
    guest = Actor(kind="customer", id=new_id("vis"), rung=Rung.ORDER, order_numbers=frozenset({other.number}))
    for actor in (owner(shop, other), visitor, guest):
        yield ask("wrong owner", dice.choice(_anything(order)), HIDDEN, actor=actor)
    proved = Actor(
        kind="customer", id=new_id("vis"), rung=Rung.ORDER, order_numbers=frozenset({order.number})
    )
    yield ask("not enough proof", CancelOrder(), "identity", actor=proved)
    signed_in = owner(shop, order, Rung.SIGNED_IN)
    yield ask("not a fresh check", _moved_house(order, dice), "identity", actor=signed_in)


def _nonsense(order: Order, line: Line, dice: random.Random, ask: Ask) -> Iterator[Request]:
    """What no state of the order makes possible; a cancelled one says so instead."""
    ghost = f"L{dice.randint(90, 999)}"
    gone = ("already_cancelled",) if order.state == "cancelled" else ()
    back = ReturnLines(lines=[LineChoice(line_id=ghost, quantity=1)], reason="no_longer_wanted")
    yield ask("no such line", back, "no_such_line")
    yield ask("no such line", ExchangeLine(line_id=ghost, sku="x", reason="defective"), "no_such_line")
    twice = ExchangeLine(line_id=line.id, sku="x", reason="defective", also=[Swap(line_id=line.id, sku="y")])
    yield ask("line twice", twice, "line_named_twice")
    yield ask("no such parcel", ReshipMissing(parcel_id=f"S-{ghost}"), "no_such_parcel", *gone)
    yield ask("no such payment", RefundDuplicate(payment_id=f"P-{ghost}"), "no_such_payment")
    for payment in order.payments:
        if len(order.payments) == 1:
            yield ask(
                "charged once",
                RefundDuplicate(payment_id=payment.id),
                "no_second_charge", "only_held", "not_charged_yet", "already_refunded",
            )  # fmt: skip


def _cancelled(order: Order, line: Line, dice: random.Random, ask: Ask) -> Iterator[Request]:
    for action in _anything(order):
        if action.action != "refund_duplicate":
            yield ask("cancelled", action, "already_cancelled")


def _in_house(shop: Shop, order: Order, line: Line, dice: random.Random, ask: Ask) -> Iterator[Request]:
    """Nothing has left: nothing can come back, and changes have their own limits."""
    for piece in order.lines:
        gone = (
            ("already_cancelled",) if piece.cancelled >= piece.quantity else ("not_shipped_cancel_instead",)
        )
        yield ask("not sent", _back(piece, dice), *gone)
        yield ask("not sent", ExchangeLine(line_id=piece.id, sku=piece.sku, reason="defective"), *gone)
    for action in (ReshipMissing(), RefundMissing()):
        yield ask("not sent", action, "not_sent_yet", "late_not_sent", "not_sent_yet_no_date")
    many = line.quantity + dice.randint(1, 50)
    yield ask("too many", CancelOrder(lines=[LineChoice(line_id=line.id, quantity=many)]), "too_many_pieces")
    yield ask("same address", ChangeAddress(address=order.address), "same_address")
    half = order.address.model_copy(update={dice.choice(["city", "line1", "postal_code", "name"]): " "})
    yield ask("half an address", ChangeAddress(address=half), "address_incomplete")
    abroad = _moved_house(order, dice).address.model_copy(update={"country": dice.choice(["US", "TW", "KR"])})
    yield ask("abroad", ChangeAddress(address=abroad), "other_country")
    if line.cancelled < line.quantity:
        yield from _changes(shop, order, line, dice, ask)
    yield ask(
        "not a tender to change to",
        ChangePayment(tender="gift_card"),
        "tender_not_offered", "already_paid",
    )  # fmt: skip
    yield ask(
        "method of somebody else",
        ChangePayment(tender="card", method_id=FOREIGN_METHOD),
        "no_such_method", "already_paid",
    )  # fmt: skip


def _changes(shop: Shop, order: Order, line: Line, dice: random.Random, ask: Ask) -> Iterator[Request]:
    kept = line.quantity - line.cancelled

    def change(**given: object) -> LineChange:
        return LineChange.model_validate({"line_id": line.id, **given})

    yield ask("nothing to change", ChangeLines(changes=[change(quantity=kept)]), "nothing_to_change")
    yield ask("too many", ChangeLines(changes=[change(quantity=dice.randint(100, 999))]), "too_many_pieces")
    other = dice.choice([each for each in shop.products.values() if each.id != line.product_id])
    foreign = dice.choice(other.variants).sku
    yield ask("other product", ChangeLines(changes=[change(sku=foreign)]), "no_such_variant")
    twice = ChangeLines(changes=[change(quantity=kept + 1), change(quantity=kept + 2)])
    yield ask("line twice", twice, "line_named_twice")
    variants = {each.sku: each for each in shop.products[line.product_id].variants}
    if line.sku in variants and variants[line.sku].stock >= 1 and kept < 99:
        more = ChangeLines(changes=[change(quantity=kept + 1)], method_id=FOREIGN_METHOD)
        yield ask("method of somebody else", more, "no_such_method")
        card = shop.wallets[order.customer_ref].methods[0]
        poor = ChangeLines(changes=[change(quantity=kept + 1)], method_id=card.id)
        yield ask("too little on the card", poor, "balance_too_small")
        points = shop.wallets[order.customer_ref].methods[1]
        yield ask(
            "not a tender to name",
            ChangeLines(changes=[change(quantity=kept + 1)], method_id=points.id),
            "method_not_offered",
        )


def _sent(order: Order, line: Line, dice: random.Random, ask: Ask) -> Iterator[Request]:
    arrived = order.state == "delivered"
    late = "already_delivered" if arrived else "already_shipped"
    cancel = (late, "already_returning", "already_cancelled")
    yield ask("too late to cancel", CancelOrder(), *cancel)
    address = "already_delivered" if arrived else "shipped_ask_carrier"
    yield ask("too late to move", _moved_house(order, dice), address)
    yield ask("too late to change", ChangeLines(changes=[LineChange(line_id=line.id, quantity=2)]), late)
    for tender in ("card", "bank_transfer", "pay_later"):
        yield ask("too late to pay otherwise", ChangePayment.model_validate({"tender": tender}), late)
    if not arrived and not any(parcel.state == "delivered" for parcel in order.parcels):
        reasons = ("not_delivered_yet", "already_returning", "already_cancelled")
        yield ask("not here yet", _back(line, dice), *reasons)


def _arrived(shop: Shop, order: Order, line: Line, dice: random.Random, ask: Ask) -> Iterator[Request]:
    """Delivered goods: too many, used, after the window, of a kind that never comes back, for what is not theirs."""
    left = line.quantity - line.cancelled - line.returned
    many = LineChoice(line_id=line.id, quantity=line.quantity + dice.randint(1, 9))
    reasons = ("too_many_pieces", "already_returning", "already_cancelled")
    yield ask("too many", ReturnLines(lines=[many], reason="no_longer_wanted"), *reasons)
    if left <= 0:
        yield ask("second return", _back(line, dice), "already_returning", "already_cancelled")
        return
    if any(piece.line_id == line.id for record in order.returns for piece in record.lines):
        return
    never = _never_back(shop, line)
    wish = ReturnLines(lines=[LineChoice(line_id=line.id, quantity=1)], reason="no_longer_wanted")
    if never:
        yield ask("kind that stays", wish, never)
        return
    used = wish.model_copy(update={"condition": "used"})
    yield ask("used", used, "used_not_returnable")
    if _near_the_end(order, shop):
        return
    if _too_late(order, shop):
        yield ask("after the window", wish, "window_over")
        broken = wish.model_copy(update={"reason": "defective"})
        yield ask("a fault after the window", broken, "fault_after_window")
        return
    same = ExchangeLine(line_id=line.id, sku=line.sku, reason="not_as_imagined")
    yield ask("the same again", same, "same_variant")
    other = dice.choice([each for each in shop.products.values() if each.id != line.product_id])
    foreign = ExchangeLine(line_id=line.id, sku=dice.choice(other.variants).sku, reason="not_as_imagined")
    yield ask("other product", foreign, "no_such_variant")
    theirs = wish.model_copy(update={"method_id": FOREIGN_METHOD})
    yield ask("method of somebody else", theirs, "no_such_method")
    for variant in shop.products[line.product_id].variants:
        if variant.sku != line.sku and variant.stock == 0:
            sold_out = ExchangeLine(line_id=line.id, sku=variant.sku, reason="does_not_fit")
            yield ask("sold out", sold_out, "out_of_stock")


# ── plain facts ───────────────────────────────────────────────────────────────────────────────────


def _all_in_house(order: Order) -> bool:
    return order.state in ("awaiting_payment", "processing") and all(
        parcel.state == "preparing" for parcel in order.parcels
    )


def _never_back(shop: Shop, line: Line) -> str:
    if not line.returnable or not shop.products[line.product_id].returnable:
        return "not_returnable"
    if shop.products[line.product_id].members_only:
        return "members_only"
    return "class_not_returnable" if line.product_class in ("food", "digital") else ""


def _too_late(order: Order, shop: Shop) -> bool:
    """Beyond every window that the demo's sellers have."""
    return (shop.today - _day(order.placed_at)).days > 60


def _near_the_end(order: Order, shop: Shop) -> bool:
    """Near the end of a window, where seller and class decide; the tests of returns look at those days."""
    return 6 < (shop.today - _day(order.placed_at)).days <= 60


def _day(moment: datetime) -> date:
    return date.fromordinal(moment.toordinal())


def _back(line: Line, dice: random.Random) -> ReturnLines:
    reason = dice.choice(["no_longer_wanted", "defective", "does_not_fit", "late"])
    return ReturnLines.model_validate(
        {"lines": [{"line_id": line.id, "quantity": 1}], "reason": reason, "condition": "unopened"}
    )


def _moved_house(order: Order, dice: random.Random) -> ChangeAddress:
    street = f"{dice.randint(1, 9)}-{dice.randint(1, 99)}-{dice.randint(100, 999)}"
    return ChangeAddress(address=order.address.model_copy(update={"line1": f"新町{street}"}))


def _anything(order: Order) -> list[Action]:
    line = order.lines[0]
    return [
        CancelOrder(),
        ChangeAddress(address=order.address),
        ChangeLines(changes=[LineChange(line_id=line.id, quantity=1)]),
        ChangePayment(tender="card"),
        ReturnLines(lines=[LineChoice(line_id=line.id, quantity=1)], reason="defective"),
        ExchangeLine(line_id=line.id, sku=line.sku, reason="defective"),
        ReshipMissing(),
        RefundMissing(),
        RefundDuplicate(payment_id=order.payments[0].id if order.payments else ""),
    ]
