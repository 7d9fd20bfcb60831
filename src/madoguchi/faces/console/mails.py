"""Mails that were kept apart: why, from whom, about what; let one in, or delete it. For supervisors."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.channels.mail import quarantine
from madoguchi.counter.problems import SignInNeeded
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.pages import Working
from madoguchi.faces.principal import need

router = APIRouter(prefix="/console/mails")
DAYS = 30
ROWS = 50

REASONS = {
    "list": "Mailing list",
    "bulk": "Sent to many",
    "bounce": "Returned mail",
    "released": "Let in",
}


async def keeper(visit: Working) -> Visit:
    """Somebody who may decide what is let in. Raises SignInNeeded, NotAllowed."""
    if visit.principal is None:
        back = visit.here if visit.request.method == "GET" else "/console/mails"
        raise SignInNeeded("session_needed", back=back)
    need(visit.principal, "contacts.reassign")
    return visit


Keeping = Annotated[Visit, Depends(keeper)]


@router.get("")
def kept_page(visit: Keeping) -> Response:
    before = _moment(visit.request.query_params.get("before", ""))
    mails = visit.house.database.read(quarantine.kept, before=before, limit=ROWS)
    counts = visit.house.database.read(quarantine.figures, DAYS)
    return visit.page(
        "console/mails.html",
        mails=mails,
        counts=[(reason_text(visit, each.reason), each.came) for each in counts],
        reasons={each.id: reason_text(visit, each.reason) for each in mails},
        days=DAYS,
        older=mails[-1].taken_at.isoformat() if len(mails) == ROWS else "",
    )


@router.post("/{mail_id}/release")
def release(visit: Keeping, mail_id: str) -> Response:
    """Pressed twice, or by two people: the second finds nothing to do."""
    visit.house.database.write(quarantine.release, mail_id, visit.actor)
    return visit.redirect("/console/mails")


@router.post("/{mail_id}/delete")
def delete(visit: Keeping, mail_id: str) -> Response:
    visit.house.database.write(quarantine.delete, mail_id, visit.actor)
    return visit.redirect("/console/mails")


def reason_text(visit: Visit, reason: str) -> str:
    return visit.t(REASONS[reason]) if reason in REASONS else reason


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
