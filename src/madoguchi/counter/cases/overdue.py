"""Cases whose promised time has passed: staff hear of each once, and it goes before what is due later (ACC-008, SLA-030)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import update

from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.cases import queries
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service as ledger
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr

ALERTED = "overdue_since"


def alert(tx: Transaction, language: str, zone: ZoneInfo) -> list[Case]:
    """A note for staff in the newest contact of every case that has become overdue. Returns those cases."""
    late = [
        case
        for case in queries.overdue(tx)
        if case.promised_at and case.summary.get(ALERTED) != case.promised_at.isoformat()
    ]
    return [_alert(tx, case.id, language, zone) for case in late]


def _alert(tx: Transaction, case_id: str, language: str, zone: ZoneInfo) -> Case:
    case = queries.get_for_update(tx, case_id)
    assert case.promised_at is not None
    due = case.promised_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    note = tr(language, "Overdue: case {number} was to be settled by {due}.", number=case.label, due=due)
    found = contacts.of_case(tx, case_id)
    if found:
        newest = max(found, key=lambda each: each.opened_at)
        key = f"overdue/{case_id}/{case.promised_at.isoformat()}"
        ledger.append(tx, newest.id, events.NOTE, {"text": note}, actor=SYSTEM, client_key=key)
    tx.execute(
        update(case_file)
        .where(case_file.c.id == case_id)
        .values(
            priority=max(1, case.priority - 1),
            summary={**case.summary, ALERTED: case.promised_at.isoformat()},
            updated_at=tx.now,
        )
    )
    tx.wake("inbox", f"case:{case_id}")
    return queries.get(tx, case_id)
