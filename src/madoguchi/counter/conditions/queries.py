"""How things stand now, and what staff see of what was declared."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from madoguchi.counter.conditions.model import (
    Conditions,
    Incident,
    Noticed,
    PeakSeason,
    incident,
    peak_season,
    signal,
)
from madoguchi.counter.conditions.policy import SILENT_AFTER, Rules, holding
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import outbox

_WEEKS = 4
_HOUR = timedelta(hours=1)
_SHOWN = timedelta(days=30)


def conditions(tx: Transaction, rules: Rules) -> Conditions:
    """Outages and peak of this moment; three small reads."""
    incidents = [
        Incident(**row._mapping)
        for row in tx.all(
            select(incident).where(incident.c.over_at.is_(None), incident.c.begins_at <= tx.now)
        )
    ]
    seasons = [
        PeakSeason(**row._mapping)
        for row in tx.all(
            select(peak_season).where(
                peak_season.c.over_at.is_(None),
                peak_season.c.begins_at <= tx.now,
                peak_season.c.ends_at > tx.now,
            )
        )
    ]
    return holding(incidents, seasons, noticed(tx), rules, tx.now)


def percent_at(tx: Transaction, moment: datetime) -> int:
    """To what promised times were stretched for what was opened then: by a season that had been declared already.

    What is declared or ended later changes nothing of what was promised.
    """
    found = tx.scalar(
        select(func.max(peak_season.c.percent)).where(
            peak_season.c.declared_at <= moment,
            peak_season.c.begins_at <= moment,
            peak_season.c.ends_at > moment,
            or_(peak_season.c.over_at.is_(None), peak_season.c.over_at > moment),
        )
    )
    return int(found or 100)


def noticed(tx: Transaction) -> list[Noticed]:
    """Every signal; where the worker itself has fallen silent, that is noticed here: nothing answers chats then."""
    found = [Noticed(**row._mapping) for row in tx.all(select(signal))]
    newest = max((each.checked_at for each in found), default=None)
    if newest is None or tx.now - newest < SILENT_AFTER:
        return found
    silent = Noticed("chat", True, newest, tx.now)
    return [silent, *(each for each in found if each.name != "chat")]


def declared(tx: Transaction) -> tuple[list[Incident], list[PeakSeason]]:
    """Everything that holds, is to come, or was over in the last 30 days; the newest first."""
    since = tx.now - _SHOWN
    incidents = tx.all(
        select(incident)
        .where(or_(incident.c.over_at.is_(None), incident.c.over_at > since))
        .order_by(incident.c.declared_at.desc())
    )
    seasons = tx.all(
        select(peak_season)
        .where(
            or_(peak_season.c.over_at.is_(None), peak_season.c.over_at > since), peak_season.c.ends_at > since
        )
        .order_by(peak_season.c.declared_at.desc())
    )
    return [Incident(**row._mapping) for row in incidents], [PeakSeason(**row._mapping) for row in seasons]


def arrivals(tx: Transaction) -> tuple[int, list[int]]:
    """Contacts opened in the last hour, and in the same hour of each of the last four weeks of which there is anything."""
    oldest = tx.scalar(select(func.min(contact.c.opened_at)))
    before = [
        _opened(tx, weeks)
        for weeks in range(1, _WEEKS + 1)
        if oldest is not None and oldest <= tx.now - timedelta(weeks=weeks) - _HOUR
    ]
    return _opened(tx, 0), before


def turns_overdue(tx: Transaction, after: timedelta) -> bool:
    """Whether somebody has been waiting for the assistant's word for longer than that."""
    query = (
        select(contact.c.id)
        .join(
            ledger_entry,
            (ledger_entry.c.contact_id == contact.c.id) & (ledger_entry.c.seq == contact.c.last_customer_seq),
        )
        .where(
            contact.c.owner_kind == "assistant",
            contact.c.state != "ended",
            contact.c.last_customer_seq > contact.c.answered_seq,
            ledger_entry.c.at < tx.now - after,
        )
        .limit(1)
    )
    return tx.first(query) is not None


def mails_stuck(tx: Transaction, after: timedelta) -> bool:
    """Whether mails have been waiting for longer than that although sending them was tried."""
    query = (
        select(outbox.c.id)
        .where(
            outbox.c.state == "waiting",
            outbox.c.topic.like("mail.%"),
            outbox.c.attempts >= 2,
            outbox.c.created_at < tx.now - after,
        )
        .limit(1)
    )
    return tx.first(query) is not None


def _opened(tx: Transaction, weeks: int) -> int:
    end = tx.now - timedelta(weeks=weeks)
    query = select(func.count()).where(contact.c.opened_at > end - _HOUR, contact.c.opened_at <= end)
    return int(tx.scalar(query) or 0)
