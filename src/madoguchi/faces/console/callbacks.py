"""Call-backs for those who lead: what comes, what is late, how punctual they were; moved and cancelled for a customer (CB-002, CB-003)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.callbacks import queries
from madoguchi.counter.callbacks.wording import end_text, staff_state_text
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing.wording import duration_text
from madoguchi.engine.database import Transaction
from madoguchi.faces.callback_views import Reader, callback_out, day_text, figures_out, slots_out
from madoguchi.faces.console.figures import lead
from madoguchi.faces.customer.form_pages import words_of
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.principal import need

router = APIRouter(prefix="/console/callbacks")
PERIODS = (7, 30, 90)


async def leader(visit: Annotated[Visit, Depends(lead)]) -> Visit:
    """Somebody who sees customers' call-backs and changes them. Raises SignInNeeded, NotAllowed."""
    assert visit.principal is not None
    need(visit.principal, "contacts.reassign")
    return visit


Leading = Annotated[Visit, Depends(leader)]


@router.get("")
def callbacks_page(visit: Leading) -> Response:
    return _page(visit)


@router.post("/{callback_id}/cancel")
def cancel(visit: Leading, callback_id: str) -> Response:
    return _done(visit, lambda: visit.house.calls.cancel(visit.actor, callback_id))


@router.post("/{callback_id}/move")
def move(visit: Leading, callback_id: str) -> Response:
    """`slot_at`: a slot's beginning; empty for now."""
    given = visit.form.value("slot_at")
    try:
        slot_at = datetime.fromisoformat(given) if given else None
    except ValueError:
        slot_at = None
    return _done(visit, lambda: visit.house.calls.move(visit.actor, callback_id, slot_at))


def _done(visit: Visit, deed: Any) -> Response:
    try:
        deed()
    except (Invalid, Conflict) as problem:
        visit.form.errors["send"] = words_of(visit, problem)
        return _page(visit, problem.status)
    return visit.redirect("/console/callbacks")


def _page(visit: Visit, status: int = 200) -> Response:
    asked = visit.request.query_params.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[1]
    reader = Reader(visit.actor, visit.language)

    def read(tx: Transaction) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        end = tx.now + timedelta(days=visit.settings.callback.horizon_days + 1)
        coming = [callback_out(tx, each, reader, visit.settings) for each in queries.coming(tx, end)]
        return coming, figures_out(tx, tx.now - timedelta(days=days), reader, visit.settings)

    coming, figures = visit.house.database.read(read)
    return visit.page(
        "console/callbacks.html",
        status,
        coming=coming,
        figures=figures,
        outcomes=[(end_text(name, visit.language), count) for name, count in figures["outcomes"].items()],
        state_words=partial(staff_state_text, language=visit.language),
        within=duration_text(figures["target_s"], visit.language),
        choices=_choices(visit, reader),
        periods=PERIODS,
        days=days,
    )


def _choices(visit: Visit, reader: Reader) -> list[tuple[str, list[dict[str, Any]]]]:
    """Slots to move to, of the next days: (day, slots with room)."""
    today = visit.clock().astimezone(visit.zone).date()
    ahead = [today + timedelta(days=number) for number in range(visit.settings.callback.horizon_days + 1)]

    def read(tx: Transaction) -> list[tuple[date, list[dict[str, Any]]]]:
        return [(day, slots_out(tx, reader, visit.settings, day, "", visit.language)) for day in ahead]

    found = visit.house.database.read(read)
    return [
        (day_text(day, visit.zone, visit.language), [each for each in slots if each["state"] != "full"])
        for day, slots in found
        if any(each["state"] != "full" for each in slots)
    ]
