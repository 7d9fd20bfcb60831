"""How true the promised waits were: what people were told when they came, and what came of it (QUE-004)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select

from madoguchi.counter.routing.model import queue_place, wait_sample
from madoguchi.engine.database import Transaction
from madoguchi.kit.percentile import percentile

By = Literal["queue", "hour", "channel", "day"]
GOAL = 0.8  # of promised waits that are kept


@dataclass(frozen=True)
class Wait:
    """Of somebody who was taken at `at`. `low_s`, `high_s`: the first range told, from the entry on; None: nobody could tell."""

    queue_id: str
    channel: str
    at: datetime
    wait_s: int
    low_s: int | None
    high_s: int | None


@dataclass(frozen=True)
class Accuracy:
    """`promised`: of those `served`, whom a range was told. Shares of these: `kept`, not later than said; `inside`, not
    sooner either. `off_s`: the mean distance of the wait from the range's middle (MAE). `left`: gave up; waits in
    seconds. None where there is nothing to reckon from.
    """

    served: int
    left: int
    promised: int
    kept: float | None
    inside: float | None
    off_s: float | None
    p50_s: int | None
    p80_s: int | None
    p95_s: int | None

    @property
    def left_share(self) -> float | None:
        everybody = self.served + self.left
        return self.left / everybody if everybody else None


def waits(tx: Transaction, since: datetime, until: datetime) -> list[Wait]:
    """Of everybody who was taken in this time."""
    rows = tx.all(
        select(
            wait_sample.c.queue_id,
            wait_sample.c.channel,
            wait_sample.c.at,
            wait_sample.c.wait_s,
            wait_sample.c.promised_low_s,
            wait_sample.c.promised_high_s,
        ).where(wait_sample.c.at >= since, wait_sample.c.at < until)
    )
    return [
        Wait(row.queue_id, row.channel, row.at, row.wait_s, row.promised_low_s, row.promised_high_s)
        for row in rows
    ]


def accuracy(
    tx: Transaction, since: datetime, until: datetime, by: By, zone: ZoneInfo
) -> dict[str, Accuracy]:
    """By queue, channel, hour ("00" to "23") or day (ISO date) at which people were taken or gave up, in order."""
    key = _key(by, zone)
    served: dict[str, list[Wait]] = defaultdict(list)
    for each in waits(tx, since, until):
        served[key(each.queue_id, each.channel, each.at)].append(each)
    left = _left(tx, since, until, key)
    return {name: reckoned(served.get(name, ()), left.get(name, 0)) for name in sorted({*served, *left})}


def overall(tx: Transaction, since: datetime, until: datetime) -> Accuracy:
    left = _left(tx, since, until, lambda *_: "")
    return reckoned(waits(tx, since, until), left.get("", 0))


def reckoned(found: Iterable[Wait], left: int = 0) -> Accuracy:
    """Of these waits. Pure."""
    all_ = list(found)
    told = [(w.wait_s, w.low_s, w.high_s) for w in all_ if w.low_s is not None and w.high_s is not None]
    seconds = [each.wait_s for each in all_]
    return Accuracy(
        served=len(all_),
        left=left,
        promised=len(told),
        kept=_mean([float(wait <= high) for wait, _, high in told]),
        inside=_mean([float(low <= wait <= high) for wait, low, high in told]),
        off_s=_mean([abs(wait - (low + high) / 2) for wait, low, high in told]),
        p50_s=percentile(seconds, 0.5) if seconds else None,
        p80_s=percentile(seconds, 0.8) if seconds else None,
        p95_s=percentile(seconds, 0.95) if seconds else None,
    )


def _left(
    tx: Transaction, since: datetime, until: datetime, key: Callable[[str, str, datetime], str]
) -> Mapping[str, int]:
    rows = tx.all(
        select(queue_place.c.queue_id, queue_place.c.channel, queue_place.c.left_at).where(
            queue_place.c.state == "left", queue_place.c.left_at >= since, queue_place.c.left_at < until
        )
    )
    return Counter(key(row.queue_id, row.channel, row.left_at) for row in rows)


def _key(by: By, zone: ZoneInfo) -> Callable[[str, str, datetime], str]:
    keys: dict[By, Callable[[str, str, datetime], str]] = {
        "queue": lambda queue_id, channel, at: queue_id,
        "channel": lambda queue_id, channel, at: channel,
        "hour": lambda queue_id, channel, at: f"{at.astimezone(zone).hour:02d}",
        "day": lambda queue_id, channel, at: at.astimezone(zone).date().isoformat(),
    }
    return keys[by]


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
