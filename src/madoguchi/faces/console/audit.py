"""The audit log: who did what to which object, with filters and as a file; and how long the house was at work (QLT-009)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.team import queries as team
from madoguchi.engine import uptime
from madoguchi.engine.audit_reading import Line, Wish, actions, lines
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.doors import door
from madoguchi.faces.console.sheets import sheet
from madoguchi.faces.customer.visit import Visit

router = APIRouter(prefix="/console")
PAGE = 100
MOST_ROWS = 100_000
PERIODS = (1, 7, 30, 90, 365)
Auditing = Annotated[Visit, Depends(door("audit.read", "/console/audit"))]


@router.get("/audit")
def audit_page(visit: Auditing) -> Response:
    wish = _wish(visit)

    def read(tx: Transaction) -> dict[str, Any]:
        found = lines(tx, wish, limit=PAGE)
        return {
            "lines": [(line, _changes(line)) for line in found],
            "names": _names(tx, found),
            "actions": actions(tx),
            "staff": [(each.id, each.name) for each in team.agents(tx)],
        }

    found = visit.house.database.read(read)
    older = found["lines"][-1][0].seq if len(found["lines"]) == PAGE else ""
    query = visit.request.query_params
    asked = {name: query.get(name, "") for name in ("actor", "action", "subject", "since", "until")}
    return visit.page("console/audit.html", **found, asked=asked, older=older)


@router.get("/audit/csv")
def audit_csv(visit: Auditing) -> Response:
    """The same lines, up to a hundred thousand."""

    def read(tx: Transaction) -> tuple[list[Line], dict[str, str]]:
        found = lines(tx, _wish(visit), limit=MOST_ROWS)
        return found, _names(tx, found)

    found, names = visit.house.database.read(read)
    heads = ["number", "at", "who_kind", "who", "who_name", "what", "object_kind", "object", "detail"]
    rows = (
        [
            line.seq,
            line.at.astimezone(visit.zone).isoformat(timespec="seconds"),
            line.actor_kind,
            line.actor_id,
            names.get(line.actor_id, ""),
            line.action,
            line.object_kind,
            line.object_id,
            "; ".join(f"{name}: {value}" for name, value in _changes(line)),
        ]
        for line in found
    )
    return sheet(visit, "audit", heads, rows)


@router.get("/uptime")
def uptime_page(visit: Auditing) -> Response:
    days, found = _uptime(visit)
    return visit.page("console/uptime.html", uptime=found, periods=PERIODS, days=days)


@router.get("/uptime/csv")
def uptime_csv(visit: Auditing) -> Response:
    """The times at which nobody was at work, and the share of the whole."""
    days, found = _uptime(visit)
    rows: list[Sequence[object]] = [
        ["gap", gap.begin.isoformat(), gap.end.isoformat(), gap.seconds, ""] for gap in found.gaps
    ]
    share = "" if found.share is None else round(found.share, 6)
    rows.append(
        ["period", found.begin.isoformat(), found.end.isoformat(), sum(g.seconds for g in found.gaps), share]
    )
    return sheet(visit, f"uptime-{days}", ["what", "from", "to", "down_seconds", "share_up"], rows)


def _uptime(visit: Visit) -> tuple[int, uptime.Uptime]:
    asked = visit.request.query_params.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[2]
    now = visit.house.database.clock()
    return days, visit.house.database.read(uptime.uptime, now - timedelta(days=days), now)


def _wish(visit: Visit) -> Wish:
    query = visit.request.query_params
    until = _day(visit, query.get("until", ""))
    before = query.get("before", "")
    return Wish(
        actor=query.get("actor", "").strip()[:60],
        action=query.get("action", "").strip()[:80],
        subject=query.get("subject", "").strip()[:80],
        since=_day(visit, query.get("since", "")),
        until=until + timedelta(days=1) if until else None,
        before=int(before) if before.isdecimal() and len(before) < 18 else None,
    )


def _day(visit: Visit, text: str) -> datetime | None:
    """The beginning of a day of the shop; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=visit.zone)


def _names(tx: Transaction, found: Sequence[Line]) -> dict[str, str]:
    known = {each.id: each.name for each in team.agents(tx)} | {each.id: each.name for each in team.keys(tx)}
    return {line.actor_id: known[line.actor_id] for line in found if line.actor_id in known}


def _changes(line: Line) -> list[tuple[str, str]]:
    """What is known beside the deed; of a change each value that differs, before → after."""
    before, after = line.detail.get("before"), line.detail.get("after")
    found = [(name, str(value)) for name, value in line.detail.items() if name not in ("before", "after")]
    if not isinstance(after, dict):
        return found
    old = before if isinstance(before, dict) else {}
    return found + [
        (name, f"{old.get(name, '–')} → {value}") for name, value in after.items() if old.get(name) != value
    ]
