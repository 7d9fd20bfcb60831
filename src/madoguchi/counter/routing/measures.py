"""What the house has measured of late: how long contacts keep an agent, how long people wait and when they give up."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from madoguchi.counter.routing import queries
from madoguchi.counter.routing.estimate import FEWEST_SAMPLES
from madoguchi.counter.routing.model import queue_place, wait_sample
from madoguchi.counter.routing.outlook import Kind, Pace, mean_patience_s, pace
from madoguchi.engine.database import Transaction

_LOOK_BACK = timedelta(hours=1)  # of arrivals
_PATIENCE_DAYS = timedelta(days=14)
_FEWEST_GIVEN_UP = 5


class Measures:
    """Read when first asked for, and then kept: made anew for each look at the waiting room."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._paces: dict[str, Pace | None] = {}
        self._waits: dict[str, list[int]] = {}
        self._patience: dict[str, float | None] | None = None

    def pace(self, kind: Kind) -> Pace | None:
        """Of this queue's contacts; of all queues' where it has too few; None where these are too few as well."""
        if kind.queue not in self._paces:
            found = queries.handling_times(self._tx, kind.queue)
            if len(found) < FEWEST_SAMPLES:
                found = queries.handling_times(self._tx)
            self._paces[kind.queue] = pace(found) if len(found) >= FEWEST_SAMPLES else None
        return self._paces[kind.queue]

    def waits(self, queue_id: str) -> list[int]:
        """Seconds that contacts of this queue have waited within the last day, newest first."""
        if queue_id not in self._waits:
            self._waits[queue_id] = queries.waits(self._tx, queue_id)
        return self._waits[queue_id]

    def patience_s(self, kind: Kind) -> float | None:
        """The mean patience of people in this queue within two weeks; None where hardly anybody has given up."""
        if self._patience is None:
            self._patience = self._all_patience()
        return self._patience.get(kind.queue)

    def arrivals_s(self) -> dict[Kind, float]:
        """Contacts a second that came into each queue within the last hour."""
        rows = self._tx.all(
            select(
                queue_place.c.queue_id,
                queue_place.c.language,
                queue_place.c.priority,
                func.count().label("n"),
            )
            .where(queue_place.c.entered_at > self._tx.now - _LOOK_BACK)
            .group_by(queue_place.c.queue_id, queue_place.c.language, queue_place.c.priority)
        )
        seconds = _LOOK_BACK.total_seconds()
        return {Kind(row.queue_id, row.language, row.priority): row.n / seconds for row in rows}

    def _all_patience(self) -> dict[str, float | None]:
        since = self._tx.now - _PATIENCE_DAYS
        served = {
            row.queue_id: float(row.waited or 0)
            for row in self._tx.all(
                select(wait_sample.c.queue_id, func.sum(wait_sample.c.wait_s).label("waited"))
                .where(wait_sample.c.at > since)
                .group_by(wait_sample.c.queue_id)
            )
        }
        found: dict[str, float | None] = {}
        for row in self._tx.all(
            select(
                queue_place.c.queue_id,
                func.count().label("n"),
                func.sum(queue_place.c.left_at - queue_place.c.entered_at).label("micros"),
            )
            .where(queue_place.c.state == "left", queue_place.c.left_at > since)
            .group_by(queue_place.c.queue_id)
        ):
            if row.n >= _FEWEST_GIVEN_UP:
                waited = float(row.micros or 0) / 1e6 + served.get(row.queue_id, 0.0)
                found[row.queue_id] = mean_patience_s(row.n, [waited])
        return found
