"""What the cast may pay with besides the order's own tender: cards on file, gift cards and points."""

from __future__ import annotations

from datetime import datetime, timedelta

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.stages import shop_day
from madoguchi.counter.orders.model import Method, Wallet


def wallets(now: datetime) -> list[Wallet]:
    """One wallet per member of the cast who has anything in it; dates are relative to `now`."""
    today = shop_day(now)

    def wallet(ref: str, gift: int, points: int, *, english: bool = False, gift_days: int = 400) -> Wallet:
        tail = "ending in" if english else "末尾"
        serial = int(ref[1:])
        methods = [
            Method(id=f"{ref}-card", tender="card", label=f"Visa {tail}{' ' if english else ''}{serial}"),
            Method(
                id=f"{ref}-gift",
                tender="gift_card",
                label=f"{'Gift card' if english else 'ギフト券'} {tail}{' ' if english else ''}{serial + 7000}",
                balance=gift,
                expires_on=today + timedelta(days=gift_days),
            ),
            Method(
                id=f"{ref}-points",
                tender="points",
                label="Points" if english else "ポイント",
                balance=points,
                expires_on=today + timedelta(days=90),
            ),
        ]
        return Wallet(customer_ref=ref, methods=methods)

    return [
        wallet(cast.MISAKI, 3000, 1250),
        wallet(cast.JOHN, 2000, 480, english=True),
        wallet(cast.SENIOR, 0, 60),
        wallet(cast.SPLIT_TENDER, 12000, 3400),
        wallet(cast.NOT_THERE, 500, 0, gift_days=-20),
    ]
