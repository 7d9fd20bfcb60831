"""The live board (S1): how many wait and for how long, who is there, what is amiss. It is whole without a script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.quality import strain
from madoguchi.counter.quality.model import Strain
from madoguchi.counter.supervision import alerts
from madoguchi.counter.supervision.board import AgentNow
from madoguchi.counter.supervision.model import Alert
from madoguchi.counter.supervision.wording import alert_text
from madoguchi.counter.team import lending
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.doors import door
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.live_board import Cells, Seen, clock_text, names_of, stamps
from madoguchi.faces.views import title_of

router = APIRouter(prefix="/console/live")
HOME = "/console/live"
SHOWN = ("duty", "all")
Watching = Annotated[Visit, Depends(door("figures.read", HOME))]
Leading = Annotated[Visit, Depends(door("team.lead", HOME))]


@router.get("")
def live_page(visit: Watching) -> Response:
    """`?show=all`: agents who are offline too."""
    shown = visit.request.query_params.get("show", "")
    shown = shown if shown in SHOWN else SHOWN[0]

    def read(tx: Transaction) -> dict[str, Any]:
        seen, cells = visit.house.board.read(tx, visit.language)
        names = names_of(seen, visit.language)
        return {
            "seen": seen,
            "cells": cells,
            "stamps": stamps(seen),
            "agents": _agents(seen, shown),
            "alerts": [_alert(tx, each, names, visit.language) for each in seen.alerts],
            "strained": _strained(tx, visit),
            "loans": _loans(tx, names),
        }

    found = visit.house.database.read(read)
    leads = may(visit.actor, "team.lead")
    reads = may(visit.actor, "contacts.read")
    return visit.page(
        "console/live.html", **found, shown=shown, leads=leads, reads=reads, text=_text(visit, found["cells"])
    )


@router.post("/alerts/{alert_id}/acknowledge")
def acknowledge(visit: Leading, alert_id: str) -> Response:
    visit.house.database.write(alerts.acknowledge, alert_id, visit.actor)
    visit.house.board.forget()
    return visit.redirect(HOME)


def _agents(seen: Seen, shown: str) -> Sequence[AgentNow]:
    if shown == "all":
        return seen.board.agents
    return [row for row in seen.board.agents if row.status != "offline" or row.in_hand]


def _alert(tx: Transaction, each: Alert, names: dict[str, str], language: str) -> dict[str, Any]:
    by = team.display_name(tx, each.acknowledged_by) if each.acknowledged_by else ""
    lends = each.kind in ("wait_over", "nobody_there", "level_under")
    return {
        "id": each.id,
        "text": alert_text(each, names, language),
        "at": each.raised_at,
        "by": by,
        "queue": each.subject if lends else "",
    }


def _strained(tx: Transaction, visit: Visit) -> list[dict[str, Any]]:
    """Open contacts with strong words; nothing for those who may not read contacts (QLT-008)."""
    if not may(visit.actor, "contacts.read"):
        return []
    return [_strain(tx, each, visit.language) for each in strain.open_ones(tx, limit=20)]


def _strain(tx: Transaction, each: Strain, language: str) -> dict[str, Any]:
    seen = contacts.get(tx, each.contact_id)
    owner = team.display_name(tx, seen.owner_id) if seen.owner_kind == "agent" else ""
    return {
        "id": seen.id,
        "title": title_of(seen, language),
        "kind": each.kind,
        "count": each.count,
        "since": each.since,
        "owner": owner,
        "warned": each.warned_seq > 0,
    }


def _loans(tx: Transaction, names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": loan.id,
            "name": names.get(loan.agent_id, loan.agent_id),
            "queue": names.get(loan.queue_id, loan.queue_id),
            "until": loan.until,
        }
        for loan in lending.loans(tx)
    ]


def _text(visit: Visit, cells: Cells) -> Any:
    """How a cell reads at the moment of the page; the script counts on from there."""
    now = int(visit.house.database.clock().timestamp())

    def text(name: str) -> str:
        cell = cells[name]
        return cell if isinstance(cell, str) else clock_text(now - cell["since"], visit.language)

    return text
