"""How long returns take to be refunded, by means of payment (RET-020). Pure.

It is measured from the moment a return was accepted until the customer has the money, over returns accepted within
a period. What has not come to its end yet is counted, not estimated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from madoguchi.counter.orders.model import Order, ReturnRecord
from madoguchi.kit.percentile import percentile

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RefundTimes:
    """`tender` empty: all of them. Days with one decimal, None where nothing has come to its end; `open`: not yet."""

    tender: str
    returns: int
    open: int
    p50_days: float | None
    p90_days: float | None


def refund_times(orders: Iterable[Order], since: datetime) -> list[RefundTimes]:
    """One row for everything, then one per tender, the most frequent first. Exchanges bring no money and do not count."""
    ended: dict[str, list[float]] = {}
    still: dict[str, int] = {}
    for order in orders:
        for record in order.returns:
            if record.at < since or record.wish != "refund" or record.state == "refused":
                continue
            tender, days = _measured(order, record)
            if days is None:
                still[tender] = still.get(tender, 0) + 1
            else:
                ended.setdefault(tender, []).append(days)
    names = sorted(ended.keys() | still.keys(), key=lambda name: (-len(ended.get(name, [])), name))
    rows = [_row(name, ended.get(name, []), still.get(name, 0)) for name in names]
    return [_row("", [days for each in ended.values() for days in each], sum(still.values())), *rows]


def _measured(order: Order, record: ReturnRecord) -> tuple[str, float | None]:
    """The tender that the money goes to, and the days that it took."""
    refund = next((each for each in order.refunds if each.id == record.refund_id), None)
    if refund is not None:
        done = refund.done_at if refund.state == "done" else None
        return refund.tender, (done - record.at) / _DAY if done else None
    paid = max(order.payments, key=lambda payment: payment.captured, default=None)
    tender = "gift_card" if record.refund_to == "gift_card" or paid is None else paid.tender
    return tender, None


def _row(tender: str, days: list[float], still: int) -> RefundTimes:
    return RefundTimes(
        tender,
        len(days) + still,
        still,
        round(percentile(days, 0.5), 1) if days else None,
        round(percentile(days, 0.9), 1) if days else None,
    )
