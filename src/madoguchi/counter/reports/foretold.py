"""The forecast beside what came: of days that are over and for which one was kept (QUE-005)."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from madoguchi.counter.reports.cells import Span
from madoguchi.counter.reports.definitions import Foretold
from madoguchi.counter.routing import forecasting
from madoguchi.engine.database import Transaction


def foretold(tx: Transaction, span: Span, zone: ZoneInfo, queue: str = forecasting.ALL) -> Foretold:
    """Of all contacts, or of those that entered a queue."""
    today = tx.now.astimezone(zone).date()
    days = [day for day in (span.first + timedelta(days=each) for each in range(span.days)) if day < today]
    expected = forecasting.expected(tx, days, queue)
    kept = sorted({day for day, _ in expected})
    came = forecasting.came(tx, zone, kept[0], kept[-1]).get(queue, {}) if kept else {}
    return Foretold(kept, expected, came)
