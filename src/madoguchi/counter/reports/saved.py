"""Reports that are looked at again: a name and an address, shared by all who lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Invalid, NotFound
from madoguchi.counter.reports.model import saved_report
from madoguchi.counter.reports.policy import require_keeper
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

MOST = 100


@dataclass(frozen=True)
class SavedReport:
    """Columns as in the table."""

    id: str
    name: str
    query: str
    saved_by: str
    at: datetime


def saved(tx: Transaction) -> list[SavedReport]:
    """By name."""
    return [SavedReport(**row._mapping) for row in tx.all(select(saved_report).order_by(saved_report.c.name))]


def save(tx: Transaction, actor: Actor, name: str, query: str) -> SavedReport:
    """Keep an address under a name; the same name again replaces it. Raises Invalid("all_kept"), NotAllowed."""
    require_keeper(actor)
    there = saved(tx)
    tx.execute(delete(saved_report).where(saved_report.c.name == name))
    if len(there) >= MOST and all(each.name != name for each in there):
        raise Invalid("all_kept", field="name")
    found = SavedReport(new_id("rep"), name, query, actor.id, tx.now)
    tx.execute(insert(saved_report).values(**vars(found)))
    return found


def remove(tx: Transaction, actor: Actor, report_id: str) -> None:
    """Raises NotFound("unknown_report"), NotAllowed."""
    require_keeper(actor)
    if not tx.execute(delete(saved_report).where(saved_report.c.id == report_id)).rowcount:
        raise NotFound("unknown_report")
