"""Reports that go out by mail: each period once, to each of its recipients, also over restarts.

Moving on to the next moment and putting the errands are one transaction, and an errand's key names report, day and
recipient: whoever looks, whenever, puts none twice. Periods that passed while nobody worked are sent as well, the
newest `LATEST` of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Invalid, NotFound
from madoguchi.counter.reports.model import Rhythm, report_mail
from madoguchi.counter.reports.policy import next_due, require_keeper
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

TOPIC = "report.mail"  # errand: {"report", "day", "agent_id", "address"}
MOST = 50
LATEST = 7


@dataclass(frozen=True)
class ReportMail:
    """Columns as in the table; `recipients`: [{"agent_id", "address"}]."""

    id: str
    name: str
    query: str
    rhythm: Rhythm
    hour: int
    language: str
    recipients: list[dict[str, str]]
    active: bool
    next_at: datetime
    made_by: str
    at: datetime


def mails(tx: Transaction) -> list[ReportMail]:
    """By name."""
    return [ReportMail(**row._mapping) for row in tx.all(select(report_mail).order_by(report_mail.c.name))]


def find(tx: Transaction, report_id: str) -> ReportMail | None:
    row = tx.first(select(report_mail).where(report_mail.c.id == report_id))
    return ReportMail(**row._mapping) if row else None


def add(
    tx: Transaction,
    actor: Actor,
    *,
    name: str,
    query: str,
    rhythm: Rhythm,
    hour: int,
    language: str,
    recipients: Sequence[dict[str, str]],
    zone: ZoneInfo,
) -> ReportMail:
    """Raises Invalid("nobody" | "all_kept"), NotAllowed."""
    require_keeper(actor)
    if not recipients:
        raise Invalid("nobody", field="recipients")
    if len(mails(tx)) >= MOST:
        raise Invalid("all_kept", field="name")
    values: dict[str, Any] = {
        "id": new_id("rml"),
        "name": name,
        "query": query,
        "rhythm": rhythm,
        "hour": hour,
        "language": language,
        "recipients": list(recipients),
        "active": True,
        "next_at": next_due(tx.now, rhythm, hour, zone),
        "made_by": actor.id,
        "at": tx.now,
    }
    tx.execute(insert(report_mail).values(**values))
    return ReportMail(**values)


def remove(tx: Transaction, actor: Actor, report_id: str) -> None:
    """Raises NotFound("unknown_report"), NotAllowed. What is on its way already still leaves."""
    require_keeper(actor)
    if not tx.execute(delete(report_mail).where(report_mail.c.id == report_id)).rowcount:
        raise NotFound("unknown_report")


def put_due(tx: Transaction, zone: ZoneInfo) -> int:
    """Put what is due on its way; returns how many mails."""
    tx.lock("report mails")
    due = tx.all(select(report_mail).where(report_mail.c.active, report_mail.c.next_at <= tx.now))
    return sum(_put(tx, ReportMail(**row._mapping), zone) for row in due)


def _put(tx: Transaction, mail: ReportMail, zone: ZoneInfo) -> int:
    moments, next_at = [], mail.next_at
    while next_at <= tx.now:
        moments.append(next_at)
        next_at = next_due(next_at, mail.rhythm, mail.hour, zone)
    tx.execute(update(report_mail).where(report_mail.c.id == mail.id).values(next_at=next_at))
    days = [moment.astimezone(zone).date().isoformat() for moment in moments[-LATEST:]]
    return sum(
        outbox.put(
            tx, TOPIC, {"report": mail.id, "day": day, **to}, key=f"{TOPIC}/{mail.id}/{day}/{to['agent_id']}"
        )
        for day in days
        for to in mail.recipients
    )
