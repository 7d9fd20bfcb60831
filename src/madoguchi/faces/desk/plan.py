"""An agent's own plan: the coming two weeks, and how far the last ones were kept."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.problems import SignInNeeded
from madoguchi.counter.routing import adherence, schedules
from madoguchi.counter.routing.plans import Adherence, Plan
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.schedule import coming_days
from madoguchi.faces.desk.pages import Working
from madoguchi.faces.principal import need

router = APIRouter(include_in_schema=False)
PAST_DAYS = 7


@router.get("/desk/plan")
def own_plan(visit: Working) -> Response:
    """For everybody at the desk, of themselves only. Raises SignInNeeded, NotAllowed."""
    if visit.principal is None:
        raise SignInNeeded("session_needed", back=visit.here)
    need(visit.principal, "contacts.work")

    def read(tx: Transaction) -> tuple[Plan, Adherence]:
        plan = schedules.plan_of(tx, visit.actor.id, visit.settings.shop.timezone)
        return plan, adherence.of_agent(tx, visit.actor.id, tx.now - timedelta(days=PAST_DAYS), tx.now)

    plan, kept = visit.house.database.read(read)
    return visit.page(
        "desk/plan.html", plan=plan, kept=kept, coming=coming_days(visit, plan) if plan.version else []
    )
