"""Reports by mail: which report goes to whom, how often, at what hour."""

from __future__ import annotations

from email.utils import parseaddr
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.problems import Invalid
from madoguchi.counter.reports import mails
from madoguchi.counter.reports.model import RHYTHMS, Rhythm
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.model import Agent
from madoguchi.counter.team.policy import OF_ROLE, may
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.figures import Leading
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.report_query import question

router = APIRouter(prefix="/console/reports/mails")
HOME = "/console/reports/mails"
RHYTHM_NAMES: dict[Rhythm, str] = {
    "daily": "Every day",
    "weekly": "Every Monday",
    "monthly": "On the first of the month",
}


@router.get("")
def mails_page(visit: Leading) -> Response:
    return _page(visit)


@router.post("")
def add(visit: Leading) -> Response:
    form = visit.form
    name = form.text("name", needed="Give the report a name", longest=120)
    rhythm = form.one_of("rhythm", RHYTHMS, needed="Choose how often")
    hour = form.number("hour", 0, 23)
    recipients = _recipients(visit)
    if not recipients:
        form.wrong("recipients", "Choose at least one person and give their mail address")
    asked = question(dict(parse_qsl(form.value("query")[:1000])), visit.clock().astimezone(visit.zone).date())
    if not form.is_fine:
        return _page(visit, 422)
    try:
        visit.house.database.write(
            mails.add,
            visit.actor,
            name=name,
            query=asked.address(),
            rhythm=rhythm,  # type: ignore[arg-type]
            hour=hour,
            language=visit.language,
            recipients=recipients,
            zone=visit.zone,
        )
    except Invalid:
        form.wrong("name", "There are too many mailed reports: remove one first")
        return _page(visit, 422)
    return visit.redirect(HOME)


@router.post("/remove")
def remove(visit: Leading) -> Response:
    visit.house.database.write(mails.remove, visit.actor, visit.form.text("report", longest=60))
    return visit.redirect(HOME)


def _recipients(visit: Visit) -> list[dict[str, str]]:
    """Those whose box is ticked and whose address looks like one; an address that does not is an error."""
    chosen = set(visit.form.values("to"))
    found = []
    for each in visit.house.database.read(_readers):
        if each.id not in chosen:
            continue
        address = visit.form.text(f"address-{each.id}", longest=200)
        if "@" not in address or parseaddr(address)[1] != address:
            visit.form.wrong(
                "recipients", "The mail address of {name} is missing or wrong", name=each.display_name
            )
            continue
        found.append({"agent_id": each.id, "address": address})
    return found


def _readers(tx: Transaction) -> list[Agent]:
    """Staff who may see figures."""
    return [
        each
        for each in team.agents(tx, active_only=True)
        if any("figures.read" in OF_ROLE[role] for role in each.roles)
    ]


def _page(visit: Visit, status: int = 200) -> Response:
    query = visit.form.value("query") or visit.request.url.query
    asked = question(dict(parse_qsl(query[:1000])), visit.clock().astimezone(visit.zone).date())

    def read(tx: Transaction) -> dict[str, object]:
        return {"mails": mails.mails(tx), "readers": _readers(tx)}

    return visit.page(
        "console/report_mails.html",
        status,
        asked=asked,
        rhythms={name: visit.t(words) for name, words in RHYTHM_NAMES.items()},
        may_keep=may(visit.actor, "reports.keep"),
        ticked=set(visit.form.values("to")),
        **visit.house.database.read(read),
    )
