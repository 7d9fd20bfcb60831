"""When people of a queue are there: the house's calendars, asked for a queue, a way, a language, a segment (QUE-001)."""

from __future__ import annotations

from collections.abc import Collection

from madoguchi.counter.calendars.loading import Calendars, beside
from madoguchi.counter.hours import Hours
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.queues import Queue
from madoguchi.engine.database import Transaction


def calendars(tx: Transaction, rules: Rules) -> Calendars:
    """The calendars that hold now; read from the database only after a change."""
    return beside(tx, rules.hours, rules.phone or rules.hours)


def hours_of(
    found: Calendars,
    queue: Queue,
    *,
    channel: str = "",
    language: str = "",
    segments: Collection[str] = (),
) -> Hours:
    """The hours of this queue, for contacts of this way, language and kind of customer as far as they are known."""
    return found.hours_for(queue.id, channel, language, segments, never_closes=queue.always_open)
