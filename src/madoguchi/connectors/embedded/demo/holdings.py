"""What people of the demo shop hold beside orders; days are relative to the day on which the demo is loaded."""

from __future__ import annotations

from datetime import date, timedelta

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.goods import named
from madoguchi.counter.customers.holdings import (
    Device,
    FeeCharge,
    Holdings,
    Membership,
    Service,
    Subscription,
)

_PLAN = named("holdings", "plan")
_VIDEO = Service(id="video", kind="video", name=named("holdings", "video"))
_BOOKS = Service(id="books", kind="ebook", name=named("holdings", "books"))
_FEE = 600


def holdings(today: date) -> list[Holdings]:
    """Misaki: an active member. John: cancelled, and charged after it. The senior: charged, and never joined."""

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    return [
        Holdings(
            customer_ref=cast.MISAKI,
            membership=Membership(
                plan=_PLAN,
                since=ago(100),
                trial_until=ago(71),
                renews=today + timedelta(days=20),
                fee=_FEE,
                charges=[FeeCharge(id=f"F{n}", at=ago(10 + 30 * n), amount=_FEE) for n in range(3)],
            ),
            subscriptions=[
                Subscription(
                    id="S-TEA",
                    name=named("holdings", "tea"),
                    next_charge=today + timedelta(days=9),
                    fee=1980,
                )
            ],
            devices=[
                Device(
                    id="D-1",
                    kind="streaming_stick",
                    name=named("holdings", "stick"),
                    model="MS-4K2",
                    code="stick-4k2",
                    warranty_until=today + timedelta(days=200),
                )
            ],
            services=[_VIDEO, _BOOKS],
        ),
        Holdings(
            customer_ref=cast.JOHN,
            membership=Membership(
                plan=_PLAN,
                since=ago(150),
                fee=_FEE,
                cancelled_on=ago(40),
                ends_on=ago(31),
                charges=[
                    FeeCharge(id="F1", at=ago(61), amount=_FEE),
                    FeeCharge(id="F2", at=ago(5), amount=_FEE),
                ],
            ),
            devices=[
                Device(
                    id="D-2",
                    kind="streaming_stick",
                    name=named("holdings", "stick"),
                    model="MS-4K1",
                    warranty_until=ago(30),
                )
            ],
            services=[_BOOKS],
        ),
        Holdings(
            customer_ref=cast.SENIOR,
            membership=Membership(fee=_FEE, charges=[FeeCharge(id="F1", at=ago(3), amount=_FEE)]),
        ),
    ]
