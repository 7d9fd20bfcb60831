"""Small orders in every stage, the real desk over them, and deeds that can be handed to another process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from madoguchi.cli.dev.torture.ground import Work, at_once, look
from madoguchi.connectors.embedded import fulfilment
from madoguchi.connectors.embedded.model import shop_effect, shop_order
from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.connectors.embedded.stages import is_refunded
from madoguchi.connectors.embedded.storing import put_order, put_product
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.orders.actions import Action
from madoguchi.counter.orders.model import (
    Address,
    Line,
    Order,
    OrderState,
    Parcel,
    ParcelLine,
    Payment,
    Product,
    Variant,
)
from madoguchi.counter.orders.ports import ProposalJournal, ShopRefused
from madoguchi.counter.orders.rule_book.book import Printed
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.orders.tables import proposal
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Problem
from madoguchi.engine.database import Database, Transaction

SHOP_REF = "t1"
CUSTOMER_ID = "cus_t1"
PRICE = 5980
STAFF = Actor(
    kind="agent",
    id="agt_t1",
    name="田中",
    customer_id=CUSTOMER_ID,
    rung=Rung.FRESH,
    roles=frozenset({"agent", "supervisor"}),
)
HOME = Address(name="佐藤 美咲", postal_code="150-0001", region="東京都", city="渋谷区", line1="神宮前1-1-1")
OFFICE = Address(
    name="佐藤 美咲", postal_code="100-0005", region="東京都", city="千代田区", line1="丸の内2-2-2"
)
SHIRT = Product(
    id="shirt",
    name={"ja": "シャツ", "en": "Shirt"},
    product_class="apparel",
    variants=[
        Variant(sku="shirt-m", name={"ja": "M", "en": "M"}, price=PRICE, stock=10_000_000),
        Variant(sku="shirt-l", name={"ja": "L", "en": "L"}, price=PRICE, stock=10_000_000),
    ],
)


def number_of(place: int) -> str:
    return f"250-{place:07d}-0000001"


def order_in(state: OrderState, number: str, *, pieces: int = 2, charged_twice: bool = False) -> Order:
    """One line of shirts, paid by card: not shipped, on its way and overdue, or delivered yesterday."""
    now = datetime.now(UTC)
    total = PRICE * pieces
    payments = [Payment(id="P1", tender="card", label="Visa", authorised=total, captured=total, at=now)]
    if charged_twice:
        payments.append(payments[0].model_copy(update={"id": "P2", "duplicate_of": "P1"}))
    return Order(
        number=number,
        customer_ref=SHOP_REF,
        placed_at=now - timedelta(days=9),
        state=state,
        lines=[
            Line(
                id="L1",
                product_id=SHIRT.id,
                sku="shirt-m",
                name=SHIRT.name,
                product_class="apparel",
                quantity=pieces,
                unit_price=PRICE,
            )
        ],
        parcels=[] if state in ("processing", "awaiting_payment") else [_parcel(state, pieces, now)],
        payments=payments,
        address=HOME,
        total=total,
        promised_to=(now - timedelta(days=3)).date(),
    )


def owner() -> Actor:
    """The customer whose orders these are. Signed in and freshly checked."""
    return Actor(kind="customer", id="vis_t1", customer_id=CUSTOMER_ID, rung=Rung.FRESH, name="佐藤 美咲")


def desk_over(database: Database, journal: ProposalJournal | None = None) -> OrderDesk:
    """The real desk over the real embedded shop, with the policy that comes with Madoguchi."""
    return OrderDesk(database, EmbeddedShop(database), Printed(Rules.load(None)), _OneCustomer(), journal)


# ── deeds for other processes ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Put:
    orders: tuple[Order, ...]


@dataclass(frozen=True)
class Propose:
    actor: Actor
    number: str
    action: Action


@dataclass(frozen=True)
class Confirm:
    actor: Actor
    proposal_id: str
    key: str
    delay: float = 0.0


@dataclass(frozen=True)
class Happen:
    """The warehouse, the carrier or the bank."""

    number: str
    event: fulfilment.Event
    delay: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """`won`: it was done. Else `reasons`, which must never be empty. `reference`: of the receipt."""

    won: bool
    state: str
    reasons: tuple[str, ...] = ()
    proposal_id: str = ""
    reference: str = ""


def hand(url: str) -> Work:
    """A process of the crew that does these deeds."""
    database = Database(url)
    desk = desk_over(database)
    doers: dict[type, Callable[[Any], Outcome]] = {
        Put: lambda deed: _put(database, deed),
        Propose: lambda deed: _proposed(desk, deed),
        Confirm: lambda deed: _confirmed(desk, deed),
        Happen: lambda deed: _happened(database, deed),
    }

    def do(deed: Any) -> Outcome:
        time.sleep(getattr(deed, "delay", 0.0))
        return doers[type(deed)](deed)

    return at_once(do)


def put_orders(database: Database, orders: Sequence[Order]) -> None:
    def write(tx: Transaction) -> None:
        put_product(tx, SHIRT)
        for order in orders:
            put_order(tx, order)

    database.write(write)


@dataclass(frozen=True)
class Books:
    """What shop and counter hold about one order after everything: the two ledgers that must agree."""

    order: Order
    effects: tuple[str, ...]  # keys of the shop's deeds
    done: tuple[str, ...]  # our proposals with this end
    hanging: tuple[str, ...]  # our proposals without an end


def books_of(url: str, numbers: Sequence[str]) -> dict[str, Books]:
    """Order number → books."""
    wanted = list(numbers)
    with look(url) as connection:
        orders = {
            row.number: Order.model_validate(row.body)
            for row in connection.execute(
                select(shop_order.c.number, shop_order.c.body).where(shop_order.c.number.in_(wanted))
            )
        }
        effects = connection.execute(
            select(shop_effect.c.order_number, shop_effect.c.key).where(
                shop_effect.c.order_number.in_(wanted)
            )
        ).all()
        ours = connection.execute(
            select(proposal.c.order_number, proposal.c.id, proposal.c.state).where(
                proposal.c.order_number.in_(wanted)
            )
        ).all()
    return {
        number: Books(
            orders[number],
            tuple(row.key for row in effects if row.order_number == number),
            tuple(row.id for row in ours if row.order_number == number and row.state == "done"),
            tuple(
                row.id for row in ours if row.order_number == number and row.state in ("executing", "unknown")
            ),
        )
        for number in wanted
    }


def money_faults(order: Order) -> list[str]:
    """I5 in words, empty when it holds: given back and promised is never above taken, in sum and per payment."""
    faults = []
    promised = sum(
        record.refund_amount
        for record in order.returns
        if record.refund_id is None and record.state not in ("refused", "refunded")
    )
    if order.refunded + promised > order.captured:
        faults.append(f"{order.refunded} + {promised} given back of {order.captured}")
    for payment in order.payments:
        back = sum(
            each.amount for each in order.refunds if each.payment_id == payment.id and each.state != "failed"
        )
        if back > payment.captured:
            faults.append(f"{payment.id}: {back} given back of {payment.captured}")
    return faults


def piece_faults(order: Order) -> list[str]:
    """I7 in words, empty when it holds: no piece is both sent and cancelled, returned twice, or invented.

    A parcel that was refunded because it never arrived counts as not sent: its pieces are cancelled.
    """
    faults = []
    gone = [each for each in order.parcels if each.state != "preparing" and not is_refunded(order, each)]
    for line in order.lines:
        sent = sum(
            item.quantity
            for parcel in gone
            if parcel.replaces is None
            for item in parcel.lines
            if item.line_id == line.id
        )
        if sent + line.cancelled > line.quantity:
            faults.append(f"{line.id}: {sent} sent and {line.cancelled} cancelled of {line.quantity}")
        if min(line.cancelled, line.returned, line.active) < 0:
            faults.append(
                f"{line.id}: {line.cancelled} cancelled, {line.returned} returned of {line.quantity}"
            )
    if order.state == "cancelled" and gone:
        faults.append("cancelled, and a parcel has left")
    return faults


class _OneCustomer:
    def customer_ref(self, customer_id: str) -> str | None:
        return SHOP_REF if customer_id == CUSTOMER_ID else None

    def customer_id(self, customer_ref: str) -> str | None:
        return CUSTOMER_ID if customer_ref == SHOP_REF else None


def _parcel(state: OrderState, pieces: int, now: datetime) -> Parcel:
    sent = now - timedelta(days=6)
    return Parcel(
        id="S1",
        carrier="ヤマト運輸",
        tracking_number="123456789012",
        state="delivered" if state == "delivered" else "in_transit",
        lines=[ParcelLine(line_id="L1", quantity=pieces)],
        shipped_at=sent,
        delivered_at=now - timedelta(days=1) if state == "delivered" else None,
        promised_to=(now - timedelta(days=3)).date(),
    )


def _put(database: Database, deed: Put) -> Outcome:
    put_orders(database, deed.orders)
    return Outcome(True, "done")


def _proposed(desk: OrderDesk, deed: Propose) -> Outcome:
    made = desk.propose(deed.actor, deed.number, deed.action)
    codes = tuple(reason.code for reason in made.decision.reasons)
    return Outcome(made.state == "offered", made.state, codes, made.id)


def _confirmed(desk: OrderDesk, deed: Confirm) -> Outcome:
    try:
        end = desk.confirm(deed.actor, deed.proposal_id, deed.key)
    except Problem as problem:
        return Outcome(False, "refused", (problem.code,), deed.proposal_id)
    receipt = end.receipt or {}
    reasons = tuple(reason["code"] for reason in receipt.get("reasons", ()))
    return Outcome(end.state == "done", end.state, reasons, end.id, receipt.get("reference", ""))


def _happened(database: Database, deed: Happen) -> Outcome:
    try:
        fulfilment.fulfil(database, deed.number, deed.event)
    except ShopRefused as refusal:
        return Outcome(False, "refused", (refusal.code,))
    return Outcome(True, "done")
