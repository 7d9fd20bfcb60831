"""When it is busy and when it is quiet, by hour of the shop's day: from its own traffic of eight weeks (QUE-005, ADV-013).

Before there are four weeks of it, the hours that are busy at most desks stand in: 9 to 11 and 18 to 21.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.kit.clock import to_micros

LOOKED_AT = timedelta(weeks=8)
ENOUGH = timedelta(weeks=4)
FEWEST = 100
DEFAULT_BUSY = frozenset((9, 10, 18, 19, 20))
_BUSY, _QUIET = 1.25, 0.75  # of the mean of the open hours
_HOUR = 3_600_000_000  # microseconds


@dataclass(frozen=True)
class Traffic:
    """Contacts opened by hour of the local day; `own`: there is enough of it to go by."""

    by_hour: Mapping[int, int]
    own: bool


def traffic(tx: Transaction, zone: ZoneInfo) -> Traffic:
    since = to_micros(tx.now - LOOKED_AT)
    cursor = tx.driver(
        f"SELECT opened_at / {_HOUR} AS bucket, COUNT(*) FROM contact WHERE opened_at >= ? GROUP BY opened_at / {_HOUR}",
        (since,),
    )
    rows = [(int(bucket), int(number)) for bucket, number in cursor.fetchall()]
    cursor.close()
    counted: Counter[int] = Counter()
    for bucket, number in rows:
        counted[datetime.fromtimestamp(bucket * 3600, zone).hour] += number
    oldest = min((bucket for bucket, _ in rows), default=None)
    long_enough = oldest is not None and tx.now - datetime.fromtimestamp(oldest * 3600, zone) >= ENOUGH
    return Traffic(counted, own=long_enough and counted.total() >= FEWEST)


def busy_and_quiet(found: Traffic, open_hours: Collection[int]) -> tuple[list[int], list[int]]:
    """Hours of the desk's day, each in order."""
    hours = sorted(open_hours)
    if not found.own:
        busy = [hour for hour in hours if hour in DEFAULT_BUSY]
        return busy, [hour for hour in hours if hour not in DEFAULT_BUSY] if busy else []
    mean = sum(found.by_hour.get(hour, 0) for hour in hours) / max(1, len(hours))
    return (
        [hour for hour in hours if found.by_hour.get(hour, 0) > _BUSY * mean],
        [hour for hour in hours if found.by_hour.get(hour, 0) < _QUIET * mean],
    )


def text(found: Traffic, open_hours: Collection[int], language: str) -> str:
    """Both in a line; empty where all hours are alike."""
    busy, quiet = busy_and_quiet(found, open_hours)
    if not busy or not quiet:
        return ""
    return tr(
        language,
        "Usually busy: {busy}. Usually quieter: {quiet}.",
        busy=_spans(busy, language),
        quiet=_spans(quiet, language),
    )


def _spans(hours: Iterable[int], language: str) -> str:
    """9:00–11:00, 18:00–21:00"""
    spans: list[list[int]] = []
    for hour in hours:
        if spans and spans[-1][1] == hour:
            spans[-1][1] = hour + 1
        else:
            spans.append([hour, hour + 1])
    between = ", " if language in ("en", "ko") else "、"
    return between.join(f"{first}:00–{last}:00" for first, last in spans)
