"""Gathering what figures are reckoned from: sums of a period under filters, by a dimension, over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from madoguchi.counter.cases.model import case_file
from madoguchi.counter.cases.promise_figures import NOT_RECEIVED
from madoguchi.counter.cases.promise_model import case_promise
from madoguchi.counter.reports import cells
from madoguchi.counter.reports.call_backs import call_rows
from madoguchi.counter.reports.cells import Span
from madoguchi.counter.reports.definitions import Foretold, Marks, StaffTime, Sums
from madoguchi.counter.reports.foretold import foretold
from madoguchi.counter.reports.model import Dimension, Measured, measured_contact
from madoguchi.counter.reports.rows import measured_of
from madoguchi.counter.reports.staff_time import LONGEST_DAYS, staff_time
from madoguchi.counter.reports.tally import Tally, tally_of, total
from madoguchi.counter.surveys.model import survey
from madoguchi.engine.database import Transaction

Step = Literal["day", "week", "month"]
_DAYS_BY_DAY, _DAYS_BY_WEEK = 45, 200


@dataclass(frozen=True)
class Asked:
    """A report: the period, and of which contacts. `agent`: who had them last, "" for everybody."""

    span: Span
    where: Mapping[Dimension, str] = field(default_factory=dict)
    agent: str = ""

    def only(self, name: Dimension, value: str) -> Asked:
        return replace(self, where={**self.where, name: value})

    @property
    def step(self) -> Step:
        """How fine a line over this period is."""
        if self.span.days <= _DAYS_BY_DAY:
            return "day"
        return "week" if self.span.days <= _DAYS_BY_WEEK else "month"


def gather(tx: Transaction, asked: Asked, zone: ZoneInfo) -> Sums:
    """Everything that figures of this report are reckoned from."""
    return replace(
        of_contacts(tx, asked),
        promises=_promises(tx, asked, zone),
        marks=_marks(tx, asked, zone),
        staff=_staff(tx, asked, zone),
        foretold=_foretold(tx, asked, zone),
        calls=call_rows(tx, conditions(asked)),
    )


def of_contacts(tx: Transaction, asked: Asked) -> Sums:
    """What figures of contacts alone are reckoned from."""
    return Sums(by_channel=by(tx, asked, "channel"), not_received=_not_received(tx, asked))


def by(tx: Transaction, asked: Asked, name: Dimension, *, words: bool = True) -> dict[str, Tally]:
    """The report's contacts by a dimension."""
    if asked.agent:
        return _from_rows(tx, asked, lambda row: str(getattr(row, name)))
    return cells.read(tx, asked.span, asked.where, name, words=words)


def apart(tx: Transaction, asked: Asked, name: Dimension) -> dict[str, Sums]:
    """The same, each group with its channels apart, so that figures of single ways can be reckoned of it."""
    if name == "channel":
        return {key: Sums({key: tally}) for key, tally in by(tx, asked, name).items()}
    found: dict[str, dict[str, Tally]] = defaultdict(dict)
    for channel in by(tx, asked, "channel", words=False):
        for key, tally in by(tx, asked.only("channel", channel), name).items():
            found[key][channel] = tally
    return {key: Sums(tallies) for key, tallies in found.items()}


def by_day(tx: Transaction, asked: Asked, *, words: bool = False) -> dict[date, Tally]:
    """Day → the contacts opened on it; days without any are not there."""
    if asked.agent:
        days = _from_rows(tx, asked, lambda row: row.day)
    else:
        days = cells.read(tx, asked.span, asked.where, "day", words=words)
    return {date.fromisoformat(day): tally for day, tally in days.items()}


def over_time(tx: Transaction, asked: Asked, *, words: bool = False) -> dict[date, Tally]:
    """Step of the period (its first day) → the contacts opened in it; also steps in which nothing happened."""
    found: dict[date, Tally] = {step: Tally() for step in steps(asked.span, asked.step)}
    for day, tally in by_day(tx, asked, words=words).items():
        found[step_of(day, asked.step, asked.span)].add(tally)
    return found


def apart_over_time(tx: Transaction, asked: Asked) -> dict[date, Sums]:
    """The same with the channels of each step apart; numbers only, no percentiles."""
    found: dict[date, dict[str, Tally]] = {step: {} for step in steps(asked.span, asked.step)}
    for channel in by(tx, asked, "channel", words=False):
        for step, tally in over_time(tx, asked.only("channel", channel)).items():
            found[step][channel] = tally
    return {step: Sums(tallies) for step, tallies in found.items()}


def steps(span: Span, step: Step) -> list[date]:
    """The first days of the steps that make up the period; the first one may begin before it is whole."""
    days = (span.first + timedelta(days=offset) for offset in range(span.days))
    return list(dict.fromkeys(step_of(day, step, span) for day in days))


def step_of(day: date, step: Step, span: Span) -> date:
    """The first day, inside the period, of the step in which a day lies. Weeks begin on Monday."""
    if step == "day":
        return day
    first = day.replace(day=1) if step == "month" else day - timedelta(days=day.weekday())
    return max(first, span.first)


def moments(span: Span, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From midnight of the first day until midnight after the last one, in the shop's zone."""
    first = datetime.combine(span.first, time(), zone)
    return first, datetime.combine(span.last + timedelta(days=1), time(), zone)


def conditions(asked: Asked) -> list[ColumnElement[bool]]:
    """The rows of a report's contacts."""
    own = [measured_contact.c[name] == value for name, value in asked.where.items()]
    if asked.agent:
        own.append(measured_contact.c.agent_id == asked.agent)
    days = measured_contact.c.day.between(asked.span.first.isoformat(), asked.span.last.isoformat())
    return [days, *own]


def _from_rows(tx: Transaction, asked: Asked, key: Callable[[Measured], str]) -> dict[str, Tally]:
    """Of one agent there are few rows, and no sums."""
    found: dict[str, Tally] = defaultdict(Tally)
    for row in tx.all(select(measured_contact).where(*conditions(asked))):
        measured = measured_of(row)
        found[key(measured)].add(tally_of(measured))
    return dict(found)


def _not_received(tx: Transaction, asked: Asked) -> Tally:
    """Of the report's contacts those about a parcel that has not come (SLA-007)."""
    if asked.where.get("kind", NOT_RECEIVED) != NOT_RECEIVED:
        return Tally()
    return total(by(tx, asked.only("kind", NOT_RECEIVED), "channel", words=False).values())


def _promises(tx: Transaction, asked: Asked, zone: ZoneInfo) -> dict[str, int] | None:
    if asked.agent or not set(asked.where) <= {"channel", "kind"}:
        return None
    since, until = moments(asked.span, zone)
    named: dict[str, Any] = {"channel": case_promise.c.channel, "kind": case_file.c.category}
    rows = tx.all(
        select(case_promise.c.state, func.count().label("n"))
        .join(case_file, case_file.c.id == case_promise.c.case_id)
        .where(
            case_promise.c.started_at >= since,
            case_promise.c.started_at < until,
            *(named[name] == value for name, value in asked.where.items()),
        )
        .group_by(case_promise.c.state)
    )
    return {row.state: row.n for row in rows}


def _marks(tx: Transaction, asked: Asked, zone: ZoneInfo) -> Marks | None:
    if not set(asked.where) <= {"channel", "kind", "language"}:
        return None
    since, until = moments(asked.span, zone)
    named: dict[str, Any] = {
        "channel": survey.c.channel,
        "kind": survey.c.category,
        "language": survey.c.language,
    }
    here = [named[name] == value for name, value in asked.where.items()]
    if asked.agent:
        here.append(survey.c.agent_id == asked.agent)
    rows = tx.all(
        select(survey.c.score, func.count().label("n"))
        .where(survey.c.solved_at >= since, survey.c.solved_at < until, *here)
        .group_by(survey.c.score)
    )
    return Marks(
        asked=sum(row.n for row in rows),
        marks={row.score: row.n for row in rows if row.score is not None},
    )


def _staff(tx: Transaction, asked: Asked, zone: ZoneInfo) -> dict[str, StaffTime] | None:
    if asked.where or asked.span.days > LONGEST_DAYS:
        return None
    return staff_time(tx, *moments(asked.span, zone), asked.agent)


def _foretold(tx: Transaction, asked: Asked, zone: ZoneInfo) -> Foretold | None:
    queue = asked.where.get("queue")
    if asked.agent or queue == "" or not set(asked.where) <= {"queue"}:
        return None
    return foretold(tx, asked.span, zone, queue or "")
