"""What may be kept for how long, by kind of record, and the night's round that removes the rest (PRIV-004, HIS-005).

Nothing of an open case goes, nothing that is held. Each night leaves a report with numbers and a digest: the proof.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    not_,
    select,
    tuple_,
    update,
)

from madoguchi.counter.cases.model import case_file
from madoguchi.counter.contacts.model import attachment, contact
from madoguchi.counter.privacy import holds, ways
from madoguchi.counter.privacy.erasing import BATCH, Counting, Eraser
from madoguchi.counter.privacy.model import Report, legal_hold, privacy_request, retention_report
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.outbox import outbox
from madoguchi.engine.schema import dump_json, metadata
from madoguchi.engine.sessions import session
from madoguchi.engine.settings import Settings

LEASE = timedelta(minutes=5)
_CONTACTS = 50
_FINISHED = ("resolved", "closed")


@dataclass(frozen=True)
class Rule:
    """Rows of `table` whose `at` is more than `days` ago and for which `where` holds go; with their `files`.

    `blank`: these columns get these values instead.
    """

    name: str
    table: Table
    at: ColumnElement[Any]
    days: int
    where: ColumnElement[bool]
    files: str = ""
    blank: dict[str, Any] | None = None


@dataclass(frozen=True)
class Due:
    """How many rows of a kind are older than `days` now, and how many will be in seven days (those counted in)."""

    name: str
    days: int
    now: int
    in_a_week: int


def rules(tx: Transaction, settings: Settings) -> list[Rule]:
    """Every kind of record but the contacts themselves, which take everything of theirs along."""
    privacy, mails = settings.privacy, metadata.tables["received_mail"]
    calls, turns = metadata.tables["model_call"], metadata.tables["learning_turn"]
    free = _is_free(tx)
    fileless = and_(mails.c.storage_key != "", mails.c.state == "filed", _of_free_contact(mails, free))
    lost = outbox.c.state.in_(("done", "failed", "cancelled"))
    over = privacy_request.c.state.in_(("done", "withdrawn", "asked"))
    return [
        Rule("raw_mails", mails, mails.c.taken_at, privacy.raw_mail_days, fileless, "storage_key", {"storage_key": ""}),
        Rule("quarantined_mails", mails, mails.c.taken_at, privacy.quarantine_days, mails.c.state == "quarantined", "storage_key"),
        Rule("attachments", attachment, attachment.c.created_at, privacy.attachment_days, _of_free_contact(attachment, free), "storage_key"),
        Rule("unsent_attachments", attachment, attachment.c.created_at, 1, and_(attachment.c.said.is_(False), _of_free_contact(attachment, free)), "storage_key"),
        Rule("sessions", session, session.c.expires_at, 1, session.c.kind != ""),
        Rule("errands", outbox, outbox.c.finished_at, privacy.errand_days, lost),
        Rule("model_calls", calls, calls.c.at, privacy.model_call_days, calls.c.id != ""),
        Rule("learning_turns", turns, turns.c.said_at, privacy.learning_days, turns.c.id != ""),
        Rule("exports", privacy_request, privacy_request.c.expires_at, 0, privacy_request.c.storage_key.is_not(None), "storage_key", {"storage_key": None}),
        Rule("privacy_records", privacy_request, privacy_request.c.asked_at, privacy.record_days, over, "storage_key"),
        Rule("holds", legal_hold, legal_hold.c.lifted_at, privacy.record_days, legal_hold.c.id != ""),
        Rule("retention_reports", retention_report, retention_report.c.began_at, privacy.record_days, retention_report.c.ended_at.is_not(None)),
        Rule("audit", audit, audit.c.at, privacy.audit_days, audit.c.seq > 0),
    ]  # fmt: skip


def begin(tx: Transaction, zone: ZoneInfo, hour: int, at_once: bool) -> Report | None:
    """Take today's round, or one that was cut off. None: it has been done, somebody does it, or it is too early."""
    local = tx.now.astimezone(zone)
    if local.hour < hour and not at_once:
        return None
    today = local.date().isoformat()
    tx.lock("retention", today)
    row = tx.first(select(retention_report).where(retention_report.c.id == today))
    if row is None:
        values = {"id": today, "began_at": tx.now, "lease_until": tx.now + LEASE}
        tx.execute(insert(retention_report).values(**values, classes={}, held={}, digest=""))
        return _get(tx, today)
    free = row.ended_at is None and row.lease_until < tx.now
    if not free and not (at_once and row.ended_at is not None):
        return None
    _set(tx, today, lease_until=tx.now + LEASE, ended_at=None)
    return _get(tx, today)


def reports(tx: Transaction, *, limit: int = 60) -> list[Report]:
    """Newest first."""
    rows = tx.all(select(retention_report).order_by(retention_report.c.id.desc()).limit(limit))
    return [Report(**row._mapping) for row in rows]


def due(tx: Transaction, settings: Settings) -> list[Due]:
    """What a round at this moment would remove or empty, and what goes within the next seven days.

    What a removed conversation takes along is counted with its own kind only where that is due by itself.
    """
    days = settings.history.keep_days
    found = [
        Due(name, days, *(_rows_older(tx, table, at, where, limit) for limit in _limits(tx, days)))
        for name, table, at, where in (
            ("contacts", contact, *_contacts_that_go(tx)),
            ("cases", case_file, *_cases_that_go(tx)),
        )
    ]
    return found + [
        Due(
            rule.name,
            rule.days,
            *(_rows_older(tx, rule.table, rule.at, rule.where, limit) for limit in _limits(tx, rule.days)),
        )
        for rule in rules(tx, settings)
    ]


def _limits(tx: Transaction, days: int) -> tuple[datetime, datetime]:
    """Before which moment rows are too old now, and in seven days."""
    limit = tx.now - timedelta(days=days)
    return limit, limit + timedelta(days=7)


def _rows_older(
    tx: Transaction, table: Table, at: ColumnElement[Any], where: ColumnElement[bool], limit: datetime
) -> int:
    return int(tx.scalar(select(func.count()).select_from(table).where(at < limit, where)) or 0)


class Sweeper:
    """One round. Each batch notes itself in the report, in the transaction that removes."""

    def __init__(self, database: Database, settings: Settings, eraser: Eraser, report: Report) -> None:
        self._database = database
        self._settings = settings
        self._eraser = eraser
        self._id = report.id

    def sweep(self) -> Report:
        days = self._settings.history.keep_days
        for root, find in ((contact.name, _old_contacts), (case_file.name, _old_cases)):
            while batch := self._database.read(find, days):
                self._eraser.erase(ways.of_rows(root, batch.ids), self._counting(root, batch.oldest, days))
        for index in range(len(self._database.read(rules, self._settings))):
            while self._remove_batch(index):
                pass
        return self._database.write(_finish, self._id)

    def _remove_batch(self, index: int) -> bool:
        def find(tx: Transaction) -> tuple[Rule, Sequence[Any]]:
            rule = rules(tx, self._settings)[index]
            return rule, _old_rows(tx, rule)

        rule, rows = self._database.read(find)
        if not rows:
            return False
        width = len(ways.keys_of(rule.table))
        self._eraser.remove_files([row.file for row in rows if rule.files and row.file])
        if rule.table.name == outbox.name:
            self._eraser.forget_copies([row[0] for row in rows])

        def remove(tx: Transaction) -> None:
            here = tuple_(*ways.keys_of(rule.table)).in_([tuple(row)[:width] for row in rows])
            tx.execute(
                update(rule.table).where(here).values(**rule.blank)
                if rule.blank is not None
                else delete(rule.table).where(here)
            )
            _note(tx, self._id, rule.name, len(rows), min(row.at for row in rows), rule.days)

        self._database.write(remove)
        return True

    def _counting(self, root: str, oldest: datetime, days: int) -> Counting:
        """Rows that go with a contact or case are counted with it."""
        name = {"contact": "contacts", "case_file": "cases"}[root]

        def count(tx: Transaction, table: str, what: str, rows: int) -> None:
            if table == root:
                _note(tx, self._id, name, rows, oldest, days)

        return count


@dataclass(frozen=True)
class _Old:
    ids: list[str]
    oldest: datetime


def _old_contacts(tx: Transaction, days: int) -> _Old | None:
    limit = tx.now - timedelta(days=days)
    at, where = _contacts_that_go(tx)
    query = select(contact.c.id, contact.c.updated_at).where(at < limit, where).order_by(contact.c.updated_at)
    return _old(tx.all(query.limit(_CONTACTS)))


def _contacts_that_go(tx: Transaction) -> tuple[ColumnElement[Any], ColumnElement[bool]]:
    """The later of their end and their last change, and which of them may go at all."""
    ended, changed = func.coalesce(contact.c.ended_at, contact.c.updated_at), contact.c.updated_at
    return case((ended > changed, ended), else_=changed), _is_free(tx)


def _old_cases(tx: Transaction, days: int) -> _Old | None:
    limit = tx.now - timedelta(days=days)
    at, where = _cases_that_go(tx)
    query = select(case_file.c.id, case_file.c.updated_at).where(at < limit, where)
    return _old(tx.all(query.order_by(case_file.c.updated_at).limit(_CONTACTS)))


def _cases_that_go(tx: Transaction) -> tuple[ColumnElement[Any], ColumnElement[bool]]:
    """Finished ones of which no contact is left."""
    left = exists().where(contact.c.case_id == case_file.c.id)
    held = holds.is_held(tx, case_file.c.customer_id, case_file.c.id)
    return case_file.c.updated_at, and_(~left, not_(held), case_file.c.state.in_(_FINISHED))


def _old(rows: Sequence[Any]) -> _Old | None:
    return _Old([row[0] for row in rows], rows[0][1]) if rows else None


def _is_free(tx: Transaction) -> ColumnElement[bool]:
    """Contacts of no open case, under no hold, in nobody's hands."""
    live = exists().where(case_file.c.id == contact.c.case_id, case_file.c.state.not_in(_FINISHED))
    held = holds.is_held(tx, contact.c.customer_id, contact.c.case_id)
    in_hands = and_(contact.c.state != "ended", contact.c.owner_kind.in_(("agent", "queue")))
    return and_(~live, not_(held), not_(in_hands))


def _of_free_contact(table: Table, free: ColumnElement[bool]) -> ColumnElement[bool]:
    return table.c.contact_id.in_(select(contact.c.id).where(free))


def _old_rows(tx: Transaction, rule: Rule) -> Sequence[Any]:
    keys = ways.keys_of(rule.table)
    columns = [*keys, rule.at.label("at")]
    if rule.files:
        columns.append(rule.table.c[rule.files].label("file"))
    limit = tx.now - timedelta(days=rule.days)
    return tx.all(select(*columns).where(rule.at < limit, rule.where).order_by(rule.at).limit(BATCH))


def _note(tx: Transaction, report_id: str, name: str, rows: int, oldest: datetime, days: int) -> None:
    classes = dict(_get(tx, report_id).classes)
    before = classes.get(name, {"removed": 0, "oldest": oldest.isoformat()})
    classes[name] = {
        "removed": before["removed"] + rows,
        "oldest": min(before["oldest"], oldest.isoformat()),
        "days": days,
    }
    _set(tx, report_id, classes=classes, lease_until=tx.now + LEASE)


def _finish(tx: Transaction, report_id: str) -> Report:
    found = _get(tx, report_id)
    standing = holds.standing(tx)
    held = {
        "cases": sum(1 for each in standing if each.case_id),
        "customers": sum(1 for each in standing if each.customer_id),
    }
    text = dump_json([found.id, tx.now.isoformat(), sorted(found.classes.items()), held])
    digest = hashlib.sha256(text.encode()).hexdigest()
    _set(tx, report_id, ended_at=tx.now, held=held, digest=digest)
    return _get(tx, report_id)


def _get(tx: Transaction, report_id: str) -> Report:
    row = tx.first(select(retention_report).where(retention_report.c.id == report_id))
    assert row is not None
    return Report(**row._mapping)


def _set(tx: Transaction, report_id: str, **values: Any) -> None:
    tx.execute(update(retention_report).where(retention_report.c.id == report_id).values(**values))
