"""The time of staff in a report as tables: by agent, and by status with the house's own ones (QUE-015)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from madoguchi.counter.reports.definitions import StaffTime
from madoguchi.counter.routing.model import Status
from madoguchi.counter.routing.status_kinds import kinds
from madoguchi.counter.routing.wording import status_label
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.report_words import value_text

_COLUMNS = (
    "Planned time",
    "Kept to the schedule",
    "Time available",
    "Time busy",
    "Time on breaks",
    "After contacts",
    "After-contact work, mean",
)
_SHOWN: tuple[Status, ...] = ("available", "busy", "break")
Table = tuple[Sequence[str], Sequence[Sequence[str]]]


def by_agent(tx: Transaction, staff: Mapping[str, StaffTime], language: str) -> Table:
    """Heads and rows, by name."""
    heads = [tr(language, "Agent"), *(tr(language, each) for each in _COLUMNS)]
    named = sorted((team.display_name(tx, agent_id), time) for agent_id, time in staff.items())
    return heads, [[name, *_cells(time, language)] for name, time in named]


def by_status(tx: Transaction, staff: Mapping[str, StaffTime], language: str) -> Table:
    """Heads and rows: every status with its kinds, the time in it, its share of all the time."""
    heads = [tr(language, "Status"), tr(language, "Time spent"), tr(language, "Share of the time")]
    whole = sum(staff.values(), StaffTime())
    everything = sum(whole.statuses.values())
    own = {each.id: each.label(language) for each in kinds(tx, active_only=False)}
    order = sorted(whole.statuses.items(), key=lambda each: (_SHOWN.index(each[0][0]), -each[1]))
    rows = [
        [
            own.get(kind) or status_label(status, language, kind),  # type: ignore[arg-type]
            _hours(seconds, language),
            value_text(seconds / everything, "share", language),
        ]
        for (status, kind), seconds in order
    ]
    return heads, rows


def _cells(time: StaffTime, language: str) -> list[str]:
    mean = time.after_contact_s / time.after_contacts if time.after_contacts else None
    return [
        _hours(time.plan.planned_s, language),
        value_text(time.plan.share, "share", language),
        *(_hours(time.in_status(status), language) for status in _SHOWN),
        value_text(time.after_contacts, "count", language),
        value_text(mean, "seconds", language),
    ]


def _hours(seconds: int, language: str) -> str:
    """ "–" for no time at all."""
    return value_text(seconds / 3600 if seconds else None, "working_hours", language)
