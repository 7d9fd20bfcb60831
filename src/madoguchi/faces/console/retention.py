"""How long each kind of record is kept, what the next round would remove, and what the last ones did (PRIV-004, HIS-005)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.privacy import holds, retention, wording
from madoguchi.counter.privacy.model import Hold, Report
from madoguchi.counter.privacy.retention import Due
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.doors import door
from madoguchi.faces.customer.visit import Visit

HOME = "/console/retention"
router = APIRouter(prefix=HOME)
Keeping = Annotated[Visit, Depends(door("history.erase", HOME))]
_REPORTS = 7

# Kind of record → the setting that says how long it is kept; the other kinds go as soon as they are of no use.
SETTINGS = {
    "contacts": "history.keep_days",
    "cases": "history.keep_days",
    "raw_mails": "privacy.raw_mail_days",
    "quarantined_mails": "privacy.quarantine_days",
    "attachments": "privacy.attachment_days",
    "errands": "privacy.errand_days",
    "model_calls": "privacy.model_call_days",
    "learning_turns": "privacy.learning_days",
    "exports": "privacy.export_days",
    "privacy_records": "privacy.record_days",
    "holds": "privacy.record_days",
    "retention_reports": "privacy.record_days",
    "audit": "privacy.audit_days",
}


@router.get("")
def page(visit: Keeping) -> Response:
    def read(tx: Transaction) -> tuple[list[Due], list[Hold], list[Report]]:
        return retention.due(tx, visit.settings), holds.standing(tx), retention.reports(tx, limit=_REPORTS)

    due, standing, reports = visit.house.database.read(read)
    language = visit.language
    return visit.page(
        "console/retention.html",
        kinds=[
            (
                wording.class_text(each.name, language),
                _kept_days(visit, each),
                SETTINGS.get(each.name, ""),
                each,
            )
            for each in due
        ],
        held_customers=sum(1 for each in standing if each.customer_id),
        held_cases=sum(1 for each in standing if each.case_id),
        next_round=_next_round(visit, {report.id for report in reports if report.ended_at}),
        reports=[
            (each, [(wording.class_text(name, language), of["removed"]) for name, of in each.classes.items()])
            for each in reports
        ],
    )


def _kept_days(visit: Visit, each: Due) -> int:
    """A copy that was prepared carries its own end."""
    return visit.settings.privacy.export_days if each.name == "exports" else each.days


def _next_round(visit: Visit, done: set[str]) -> datetime:
    """When the next one begins: at the hour of the settings, today's if it has not run yet."""
    hour = time(visit.settings.privacy.retention_hour)
    today = visit.clock().astimezone(visit.zone).date()
    day = today + timedelta(days=1) if today.isoformat() in done else today
    return datetime.combine(day, hour, visit.zone)
