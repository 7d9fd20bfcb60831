"""The moment by which a person will answer, promised at the hand-over: from target, expectation and hours (HND-005, HND-009). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from madoguchi.counter.hours import Hours
from madoguchi.counter.routing.estimate import round_up
from madoguchi.counter.routing.model import Expectation
from madoguchi.counter.working_time import NeverOpen, WorkingTime

_LONGEST = timedelta(days=14)  # what lies further away is no promise to anybody who waits


def promised_at(
    now: datetime, found: Expectation, target_s: int, hours: Hours, percent: int = 100
) -> datetime | None:
    """When somebody who is handed over now is answered at the latest; None where nobody can say.

    The longer of the queue's target and the upper end of what is expected, on whole minutes; in a peak `percent` of it.
    Outside the hours it counts from the opening, a target for everybody who is ahead. It never lies outside the hours.
    """
    if found.open:
        wait = _lasts(max(target_s, found.high_s or 0), percent)
        return _within(hours, now, wait)
    if found.opens_at is None:
        return None
    wait = _lasts(target_s * (found.ahead + 1), percent)
    return _within(hours, found.opens_at, wait)


def _lasts(seconds: int, percent: int) -> timedelta:
    return timedelta(seconds=round_up(seconds * percent / 100))


def _within(hours: Hours, start: datetime, wait: timedelta) -> datetime | None:
    """Counted in open time where that is still to come; people who stay on after hours are counted by the clock."""
    if hours.always or not hours.is_open(start):
        return _whole_minute(start + wait)
    try:
        due = WorkingTime(hours).after(start, wait)
    except NeverOpen:
        due = start + wait
    return _whole_minute(due) if due - start <= _LONGEST else None


def _whole_minute(at: datetime) -> datetime:
    """Up: a promise is not shown sooner than it is meant."""
    rest = at.second or at.microsecond
    return (at + timedelta(minutes=1)).replace(second=0, microsecond=0) if rest else at
