"""Who may keep reports, and when a mailed report is due. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import NotAllowed
from madoguchi.counter.reports.model import Rhythm
from madoguchi.counter.team.policy import may


def require_keeper(actor: Actor) -> None:
    """Raises NotAllowed("role_missing")."""
    if not may(actor, "reports.keep"):
        raise NotAllowed("role_missing")


def next_due(after: datetime, rhythm: Rhythm, hour: int, zone: ZoneInfo) -> datetime:
    """The first moment after this one at which a report of this rhythm leaves: every day, on Mondays, on the first of the month."""
    day = after.astimezone(zone).date()
    while True:
        due = datetime.combine(day, time(hour), zone).astimezone(UTC)
        if due > after and _is_day(day, rhythm):
            return due
        day += timedelta(days=1)


def _is_day(day: date, rhythm: Rhythm) -> bool:
    return (
        rhythm == "daily"
        or (rhythm == "weekly" and day.weekday() == 0)
        or (rhythm == "monthly" and day.day == 1)
    )
