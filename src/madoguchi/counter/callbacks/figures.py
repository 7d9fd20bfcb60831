"""How call-backs went: the share that began in time, waits, tries, promises that were missed (CB-002, CB-003, SLA-006)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from madoguchi.counter.callbacks import queries
from madoguchi.counter.callbacks.model import Callback, Kind
from madoguchi.engine.database import Transaction
from madoguchi.kit.percentile import percentile


@dataclass(frozen=True)
class Punctuality:
    """Of one kind: `due` had a time that has come; `kept` began by it. `p50_s`, `p90_s`: from asking ("now") or from
    the beginning of the slot until the first call; None without any.
    """

    asked: int
    due: int
    kept: int
    p50_s: int | None
    p90_s: int | None

    @property
    def share(self) -> float | None:
        return self.kept / self.due if self.due else None


@dataclass(frozen=True)
class Figures:
    """`outcomes`: how many ended how; `retries`: calls beyond the first of each; `broken`: missed promises, newest first."""

    now: Punctuality
    slot: Punctuality
    outcomes: dict[str, int]
    calls: int
    retries: int
    reached: int
    broken: list[Callback]


def figures(tx: Transaction, start: datetime) -> Figures:
    """Of everything that was asked for since then."""
    found = queries.since(tx, start)
    return reckoned(found, tx.now)


def reckoned(found: Iterable[Callback], now: datetime) -> Figures:
    """Pure."""
    all_of = list(found)
    return Figures(
        now=_punctuality(all_of, "now", now),
        slot=_punctuality(all_of, "slot", now),
        outcomes=dict(Counter(_end_of(each) for each in all_of if not each.live)),
        calls=sum(each.calls for each in all_of),
        retries=sum(max(0, each.calls - 1) for each in all_of),
        reached=sum(each.connected_at is not None for each in all_of),
        broken=sorted(
            (each for each in all_of if each.broken), key=lambda each: each.promised_at, reverse=True
        ),
    )


def _punctuality(found: list[Callback], kind: Kind, now: datetime) -> Punctuality:
    """What the customer called off before its time was over is no promise any more."""
    mine = [each for each in found if each.kind == kind]
    due = [each for each in mine if _counts(each, now)]
    waits = sorted(_wait(each) for each in due if each.started_at is not None)
    return Punctuality(
        asked=len(mine),
        due=len(due),
        kept=sum(each.kept_in_time and not each.broken for each in due),
        p50_s=percentile(waits, 0.5) if waits else None,
        p90_s=percentile(waits, 0.9) if waits else None,
    )


def _counts(each: Callback, now: datetime) -> bool:
    if each.started_at is not None or each.broken:
        return True
    return each.state not in ("cancelled", "replaced") and each.promised_at < now


def _wait(each: Callback) -> int:
    assert each.started_at is not None
    begin = each.slot_at if each.kind == "slot" and each.slot_at else each.created_at
    return max(0, int((each.started_at - begin).total_seconds()))


def _end_of(each: Callback) -> str:
    return each.outcome if each.state in ("done", "missed") else each.state
