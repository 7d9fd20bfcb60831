"""When the desk alarms those who lead: one rule for each kind of alert, and what has alarmed them lately."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.reports.families import figure_names
from madoguchi.counter.routing import queues
from madoguchi.counter.routing.profiles import team_names
from madoguchi.counter.supervision import alerts
from madoguchi.counter.supervision.conditions import DELIVERED
from madoguchi.counter.supervision.model import KINDS, Alert, AlertRule
from madoguchi.counter.supervision.wording import alert_text, kind_name, unit
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.doors import door
from madoguchi.faces.customer.visit import Visit

router = APIRouter(prefix="/console/alerts")
HOME = "/console/alerts"
Leading = Annotated[Visit, Depends(door("team.lead", HOME))]


@router.get("")
def alerts_page(visit: Leading) -> Response:
    return _page(visit)


@router.post("")
def save(visit: Leading) -> Response:
    """All rules at once; where one cannot be used, none is changed."""
    form = visit.form
    wanted = [
        AlertRule(
            kind,
            active=form.value(f"active-{kind}") == "yes",
            threshold=form.number(f"threshold-{kind}", DELIVERED[kind].low, DELIVERED[kind].high),
            by_mail=form.value(f"mail-{kind}") == "yes",
        )
        for kind in KINDS
    ]
    if form.errors:
        return _page(visit, 422)

    def save_all(tx: Transaction) -> None:
        for rule in wanted:
            alerts.set_rule(tx, rule, visit.actor)

    visit.house.database.write(save_all)
    return visit.redirect(f"{HOME}?saved=1")


def _page(visit: Visit, status: int = 200) -> Response:
    language = visit.language

    def read(tx: Transaction) -> dict[str, Any]:
        rules = alerts.rules_of(tx)
        names = {each.id: each.label(language) for each in queues.queues(tx)}
        names |= {each.id: each.display_name for each in team.agents(tx)} | figure_names(language)
        names |= team_names(tx)
        past = alerts.past_alerts(tx)
        return {
            "rules": [(rules[kind], kind_name(kind, language), unit(kind, language)) for kind in KINDS],
            "past": [_shown(each, names, language) for each in past],
        }

    found = visit.house.database.read(read)
    for rule, _, _ in found["rules"]:
        visit.form.start_with(**{f"threshold-{rule.kind}": rule.threshold})
    addresses = visit.house.settings.supervision.alert_addresses
    saved = visit.request.query_params.get("saved") == "1"
    return visit.page(
        "console/alerts.html", status, **found, bounds=DELIVERED, addresses=addresses, saved=saved
    )


def _shown(each: Alert, names: dict[str, str], language: str) -> dict[str, Any]:
    return {
        "text": alert_text(each, names, language),
        "raised_at": each.raised_at,
        "ended_at": each.ended_at,
        "by": names.get(each.acknowledged_by, ""),
    }
