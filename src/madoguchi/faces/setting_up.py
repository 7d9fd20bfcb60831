"""Files with staff, schedules or calendars: what is in one, what it would change, doing it, and writing one.

Which of the three a file holds is told by its headings. All of it is done or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Literal

from madoguchi.counter.actors import Actor
from madoguchi.counter.calendars import files as calendar_files
from madoguchi.counter.calendars import queries as calendars
from madoguchi.counter.problems import NotAllowed
from madoguchi.counter.routing import schedule_files, staff_files
from madoguchi.counter.team import passwords
from madoguchi.counter.team.policy import Verb, may
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.texts import tr
from madoguchi.kit import sheets
from madoguchi.kit.seen import seen_mark
from madoguchi.kit.sheets import Change, Fault, Line, Unreadable

Kind = Literal["staff", "schedules", "calendars"]
NEEDED: dict[Kind, Verb] = {
    "staff": "agents.manage",
    "schedules": "staffing.manage",
    "calendars": "queues.manage",
}
_HEADINGS: dict[Kind, tuple[str, ...]] = {
    "staff": staff_files.HEADINGS,
    "schedules": schedule_files.HEADINGS,
    "calendars": calendar_files.HEADINGS,
}
_FAULTS = {
    "bad_csv": "This line is no row of a CSV file",
    "bad_encoding": "The file is neither UTF-8 nor Shift_JIS",
    "capacity_out_of_range": "a number from {low} to {high} is needed",
    "cell_missing": "this cell must not be empty",
    "day_unreadable": "a day is monday to sunday, 2026-12-31 or 2026-12-31/2027-01-03",
    "empty_file": "The file is empty",
    "id_unusable": "small letters, digits and hyphens are needed",
    "language_missing": "at least one language is needed",
    "last_before_first": "the last day is before the first, or more than a year after it",
    "login_unusable": "2 to 119 letters, digits, dots, hyphens, underscores, @ or + are needed",
    "name_missing": "a name is needed",
    "out_of_range": "a number from {low} to {high} is needed",
    "sellers_account": "this is a seller's account",
    "seller_unbound": "a seller's account has no role of staff",
    "spans_unreadable": "hours look like 09:00-18:00, several with commas, or closed",
    "too_many_cells": "This line has more cells than there are headings",
    "twice_in_file": "it stands in the file twice",
    "unknown_country": "two letters like JP are needed",
    "unknown_headings": "The headings fit neither staff, schedules nor calendars",
    "unknown_language": "there is no language {language}",
    "unknown_login": "nobody has this sign-in name",
    "unknown_profile": "there is no profile {profile}",
    "unknown_queue": "there is no queue {queue}",
    "unknown_role": "roles are {roles}",
    "unknown_timezone": "a name like Asia/Tokyo is needed",
    "yes_or_no": "yes or no is needed",
}


@dataclass(frozen=True)
class Plan:
    """What a file would do. `mark`: the same while file and house stay the same."""

    kind: Kind
    changes: list[Change]
    faults: list[Fault]
    new_logins: list[str] = field(default_factory=list)

    @property
    def mark(self) -> str:
        return seen_mark({"kind": self.kind, "changes": [asdict(each) for each in self.changes]})


def looked_at(database: Database, text: str, timezone: str) -> Plan:
    """What this file would do now. Raises Unreadable for one that cannot be read at all."""
    headings, lines = sheets.read(text)
    kind = _kind(headings)
    return database.read(_plan, kind, lines, timezone)


def done(database: Database, actor: Actor, text: str, timezone: str, mark: str) -> dict[str, str] | None:
    """Do it, if it still is what was looked at (`mark`); else None. Returns the first passwords of new accounts.

    Raises NotAllowed, Unreadable.
    """
    headings, lines = sheets.read(text)
    kind = _kind(headings)
    if not may(actor, NEEDED[kind]):
        raise NotAllowed("role_missing")
    made = {login: passwords.make() for login in database.read(_plan, kind, lines, timezone).new_logins}
    hashes = {login: passwords.hashed(password) for login, password in made.items()}

    def write(tx: Transaction) -> bool:
        plan = _plan(tx, kind, lines, timezone)
        if plan.faults or plan.mark != mark or not set(plan.new_logins) <= set(hashes):
            return False
        _apply(tx, actor, kind, lines, timezone, hashes)
        return True

    return made if database.write(write) else None


def written(tx: Transaction, kind: Kind) -> str:
    """Everything of this kind, as a file that `looked_at` reads back without a change."""
    rows: dict[Kind, Callable[[], list[list[str]]]] = {
        "staff": partial(staff_files.rows, tx),
        "schedules": partial(schedule_files.rows, tx),
        "calendars": lambda: calendar_files.rows(calendars.calendars(tx)),
    }
    return sheets.write(_HEADINGS[kind], rows[kind]())


def fault_text(fault: Fault, language: str) -> str:
    """`3行目「queues」：orderという窓口はありません`."""
    params: Mapping[str, Any] = {"low": 1, "high": 50, **fault.params}
    words = tr(language, _FAULTS.get(fault.code, fault.code), **params)
    if not fault.line:
        return words
    if not fault.column:
        return tr(language, "Line {line}: {words}", line=fault.line, words=words)
    return tr(
        language, "Line {line}, column {column}: {words}", line=fault.line, column=fault.column, words=words
    )


def _kind(headings: list[str]) -> Kind:
    """Raises Unreadable("unknown_headings")."""
    if "calendar" in headings and "day" in headings:
        return "calendars"
    if "login" in headings and "day" in headings:
        return "schedules"
    if "login" in headings:
        return "staff"
    raise Unreadable("unknown_headings")


def _plan(tx: Transaction, kind: Kind, lines: list[Line], timezone: str) -> Plan:
    if kind == "staff":
        accounts, faults = staff_files.read(tx, lines)
        new = [each.member.login for each in accounts if not each.agent_id]
        return Plan(kind, staff_files.changes(tx, accounts) if not faults else [], faults, new)
    if kind == "schedules":
        planned, faults = schedule_files.read(tx, lines, timezone)
        return Plan(kind, schedule_files.changes(tx, planned) if not faults else [], faults)
    kept, faults = calendar_files.read(tx, lines, timezone)
    return Plan(kind, calendar_files.changes(tx, kept) if not faults else [], faults)


def _apply(
    tx: Transaction, actor: Actor, kind: Kind, lines: list[Line], timezone: str, hashes: Mapping[str, str]
) -> None:
    if kind == "staff":
        staff_files.apply(tx, actor, staff_files.read(tx, lines)[0], hashes)
    elif kind == "schedules":
        schedule_files.apply(tx, actor, schedule_files.read(tx, lines, timezone)[0])
    else:
        calendar_files.apply(tx, actor, calendar_files.read(tx, lines, timezone)[0])
