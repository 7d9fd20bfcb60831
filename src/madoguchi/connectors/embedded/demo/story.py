"""One order and what happened to it, told with the shop's own deeds, so that no figure can be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from madoguchi.connectors.embedded.demo.goods import depots, named, products, variant
from madoguchi.connectors.embedded.demo.people import Person
from madoguchi.connectors.embedded.effects import apply
from madoguchi.connectors.embedded.fulfilment import (
    Event,
    Moved,
    Paid,
    RefundMoved,
    ReturnMoved,
    ReturnStep,
    Shipped,
    advance,
)
from madoguchi.connectors.embedded.stages import SHOP_ZONE, goods_total, shop_day
from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    ExchangeLine,
    LineChoice,
    RefundDuplicate,
    RefundMissing,
    ReshipMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import (
    Address,
    Condition,
    Decision,
    Line,
    Order,
    ParcelLine,
    ParcelState,
    Payment,
    ReturnReason,
    Tender,
)

Pay = Literal[
    "card", "hold", "convenience_store", "convenience_open", "bank_transfer", "bank_open", "cash_on_delivery",
    "pay_later", "gift_card", "gift_card_and_card", "points_and_card", "points_gift_card_and_card",
]  # fmt: skip
Item = tuple[str, int]

_FREE_POSTAGE_FROM = 5000
_POSTAGE = 500
_BILL_DAYS = 10  # a bill sent with the goods is paid so many days after they arrive
_CARRIERS = (
    ("青空急便", "Aozora Express"),
    ("ひかり運輸", "Hikari Transport"),
    ("みなと郵送", "Minato Post"),
)


class Story:
    """An order in the making. `days` are calendar days before today, `hour` is the shop's clock."""

    def __init__(
        self,
        now: datetime,
        number: str,
        person: Person,
        items: Sequence[Item],
        *,
        days: int,
        hour: int = 10,
        pay: Pay = "card",
        coupon: int = 0,
        promised: tuple[int, int] = (2, 4),
        address: Address | None = None,
        note: str = "",
    ) -> None:
        self.now = now
        self.person = person
        self.english = person.given.language != "ja"
        placed = self.at(days, hour)
        lines = [_line(index, sku, quantity) for index, (sku, quantity) in enumerate(items, 1)]
        goods = sum(line.unit_price * line.quantity for line in lines)
        digital = all(line.product_class == "digital" for line in lines)
        day = shop_day(placed)
        order = Order(
            number=number,
            customer_ref=person.ref,
            placed_at=placed,
            lines=lines,
            address=address or person.address,
            shipping_fee=0 if digital or goods >= _FREE_POSTAGE_FROM else _POSTAGE,
            discount=min(coupon, goods),
            total=0,
            promised_from=day + timedelta(days=promised[0]),
            promised_to=day + timedelta(days=promised[1]),
            note=note,
        )
        order = order.model_copy(update={"total": goods_total(order)})
        state = "awaiting_payment" if pay in ("convenience_open", "bank_open") else "processing"
        self.order = order.model_copy(update={"payments": self._payments(order, pay), "state": state})

    def at(self, days: int, hour: int) -> datetime:
        """The moment so many days ago, never after now."""
        midnight = self.now.astimezone(SHOP_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        moment = midnight - timedelta(days=days) + timedelta(hours=hour, minutes=(days * 7 + hour) % 60)
        return min(moment, self.now - timedelta(minutes=10)).astimezone(self.now.tzinfo)

    # ── what the house and the carrier do ─────────────────────────────────────────────────────────

    def paid(self, *, days: int, hour: int = 12) -> Story:
        return self._advance(Paid(), days, hour)

    def shipped(self, *, days: int, hour: int = 15, lines: Sequence[str] = ()) -> Story:
        """The lines named, or all; the carrier's number follows from the order's."""
        serial = int("".join(c for c in self.order.number if c.isdigit())[-10:]) * 7 + len(self.order.parcels)
        carrier = _CARRIERS[serial % len(_CARRIERS)][1 if self.english else 0]
        tracking = f"{4400 + serial % 90}{serial % 100_000_000:08d}"
        packed = tuple(
            ParcelLine(line_id=line.id, quantity=line.active) for line in self.order.lines if line.id in lines
        )
        event = Shipped(
            carrier=carrier,
            tracking_number=tracking,
            tracking_url=f"https://tracking.example.jp/{tracking}",
            lines=packed,
        )
        return self._advance(event, days, hour)

    def moved(self, state: ParcelState, *, days: int, hour: int = 9, parcel_id: str = "") -> Story:
        depot = depots()[(days + hour) % len(depots())]
        place = named("depots", depot) if state in ("in_transit", "lost") else {}
        return self._advance(Moved(state, parcel_id, place, named("tracking", state)), days, hour)

    def delivered(self, *, days: int, hour: int = 14) -> Story:
        """The whole way of the last parcel, to the door."""
        self.moved("in_transit", days=days + 1, hour=5)
        self.moved("out_for_delivery", days=days, hour=8)
        self.moved("delivered", days=days, hour=hour)
        unpaid = {payment.tender for payment in self.order.payments if not payment.captured}
        if "cash_on_delivery" in unpaid:
            return self.paid(days=days, hour=hour)
        if "pay_later" in unpaid and days > _BILL_DAYS:
            return self.paid(days=days - _BILL_DAYS)
        return self

    def sent_by_mail(self) -> Story:
        """Digital goods: nothing to carry, there at once."""
        self.order = advance(self.order, Shipped(), self.order.placed_at)
        self.order = advance(self.order, Moved("delivered"), self.order.placed_at)
        return self

    def return_moved(self, state: ReturnStep, *, days: int, hour: int = 11, tracking: str = "") -> Story:
        return self._advance(ReturnMoved(self.order.returns[-1].id, state, tracking), days, hour)

    def refunds_done(self, *, days: int) -> Story:
        for refund in self.order.refunds:
            if refund.state in ("requested", "sent"):
                self._advance(RefundMoved(refund.id, "done"), days, 16)
        return self

    # ── what the customer asked for ───────────────────────────────────────────────────────────────

    def cancelled(self, *, days: int, lines: Sequence[str] = (), hour: int = 18) -> Story:
        """All, or the lines named; whatever was taken for it is given back."""
        order = self.order
        chosen = [line for line in order.lines if not lines or line.id in lines]
        worth = sum(pricing.pieces_value(order, line, pricing.kept(order, line)) for line in chosen)
        if len(chosen) == len(order.lines):
            worth += order.shipping_fee
        refund = worth if pricing.taken(order) and not pricing.held(order) else 0
        choices = [LineChoice(line_id=line.id, quantity=line.active) for line in chosen] if lines else []
        return self._apply(CancelOrder(lines=choices), refund, days, hour)

    def returned(
        self,
        line_id: str,
        *,
        days: int,
        quantity: int = 1,
        reason: ReturnReason = "no_longer_wanted",
        condition: Condition = "unopened",
        fee: int = 0,
    ) -> Story:
        """A return with its label; the refund follows when the goods are `received` and `refunded`."""
        line = self._line(line_id)
        worth = pricing.pieces_value(self.order, line, quantity)
        action = ReturnLines(
            lines=[LineChoice(line_id=line_id, quantity=quantity)], reason=reason, condition=condition
        )
        return self._apply(action, worth - fee, days, 13)

    def exchanged(self, line_id: str, sku: str, *, days: int, reason: ReturnReason = "does_not_fit") -> Story:
        return self._apply(
            ExchangeLine(line_id=line_id, sku=sku, reason=reason, condition="opened_unused"), 0, days, 13
        )

    def sent_again(self, *, days: int) -> Story:
        return self._apply(ReshipMissing(parcel_id=self.order.parcels[-1].id), 0, days, 17)

    def refunded_as_missing(self, *, days: int) -> Story:
        order = self.order
        worth = pricing.kept_value(order) + order.shipping_fee
        return self._apply(RefundMissing(parcel_id=order.parcels[-1].id), worth, days, 17)

    def charged_twice(self, *, days: int) -> Story:
        """The card was charged a second time."""
        first = self.order.payments[0]
        again = first.model_copy(
            update={"id": f"{self.order.number}-P2", "duplicate_of": first.id, "at": self.at(days, 11)}
        )
        self.order = self.order.model_copy(update={"payments": [*self.order.payments, again]})
        return self

    def duplicate_refunded(self, *, days: int) -> Story:
        second = self.order.payments[-1]
        return self._apply(RefundDuplicate(payment_id=second.id), second.captured, days, 17)

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _advance(self, event: Event, days: int, hour: int) -> Story:
        self.order = advance(self.order, event, self.at(days, hour))
        return self

    def _apply(self, action: Action, refund: int, days: int, hour: int) -> Story:
        parts = [
            {"payment_id": part.payment_id, "tender": part.tender, "label": part.label, "amount": part.amount}
            for part in pricing.split_refund(self.order, refund, "money_first")
        ]
        decision = Decision(verdict="allowed", refund=refund, refund_parts=parts)
        catalogue = {product.id: product for product in products()}
        self.order = apply(self.order, action, decision, self.at(days, hour), catalogue)
        return self

    def _line(self, line_id: str) -> Line:
        line = self.order.line(line_id)
        assert line is not None
        return line

    def _payments(self, order: Order, pay: Pay) -> list[Payment]:
        total = order.total
        if pay in ("convenience_open", "bank_open", "cash_on_delivery", "pay_later"):
            tenders: dict[str, Tender] = {
                "convenience_open": "convenience_store",
                "bank_open": "bank_transfer",
                "cash_on_delivery": "cash_on_delivery",
                "pay_later": "pay_later",
            }
            return [self._payment(order, 1, tenders[pay], 0)]
        if pay == "hold":
            held = self._payment(order, 1, "card", total)
            return [held.model_copy(update={"captured": 0})]
        points = min(total // 5, 1000) if pay.startswith("points") else 0
        gift = min((total - points) // 2, 3000) if "gift_card_and_card" in pay else 0
        rest: Tender = "card" if pay.endswith("_and_card") else pay  # type: ignore[assignment]
        parts: list[tuple[Tender, int]] = [
            ("points", points),
            ("gift_card", gift),
            (rest, total - points - gift),
        ]
        paid = [(tender, amount) for tender, amount in parts if amount]
        return [self._payment(order, step, tender, amount) for step, (tender, amount) in enumerate(paid, 1)]

    def _payment(self, order: Order, step: int, tender: Tender, amount: int) -> Payment:
        return Payment(
            id=f"{order.number}-P{step}",
            tender=tender,
            label=self._label(tender, order),
            authorised=amount,
            captured=amount,
            at=order.placed_at,
        )

    def _label(self, tender: Tender, order: Order) -> str:
        last = f"{int(self.person.ref[1:]) * 37 % 10000:04d}"
        if tender == "card":
            brand = ("Visa", "Mastercard", "JCB")[int(last) % 3]
            return f"{brand} ending {last}" if self.english else f"{brand} 末尾{last}"
        if tender == "gift_card":
            return f"Gift card ending {last}" if self.english else f"ギフトカード 末尾{last}"
        return ""


def _line(index: int, sku: str, quantity: int) -> Line:
    product, one = variant(sku)
    percent = 8 if product.product_class == "food" else 10
    return Line(
        id=f"L{index}",
        product_id=product.id,
        sku=sku,
        name=product.name,
        variant_name=one.name,
        product_class=product.product_class,
        seller_id=product.seller_id,
        quantity=quantity,
        unit_price=one.price,
        tax=one.price * quantity * percent // (100 + percent),
        returnable=product.returnable,
        image=product.image,
    )
