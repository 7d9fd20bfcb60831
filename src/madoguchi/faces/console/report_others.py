"""Our answer times beside published ones of other shops; the figures of others are looked after here (CMP-001)."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.problems import Invalid
from madoguchi.counter.reports import others
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.figures import Leading
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.report_comparison import compared
from madoguchi.faces.report_query import question
from madoguchi.faces.report_words import seconds_text
from madoguchi.faces.wording import channel_label

router = APIRouter(prefix="/console/reports/others")
HOME = "/console/reports/others"


@router.get("")
def others_page(visit: Leading) -> Response:
    return _page(visit)


@router.post("")
def note(visit: Leading) -> Response:
    form = visit.form
    shop = form.text("shop", needed="Enter the name of the shop", longest=120)
    channel = form.one_of("channel", others.CHANNELS, needed="Choose a channel")
    source = form.text("source", needed="Say where this stands", longest=500)
    as_of = _day(visit)
    offered = form.value("offered") != "no"
    low = form.number("low", 0, 20_000) * 60 if offered else None
    high = form.number("high", 0, 20_000) * 60 if offered else None
    if not form.is_fine or as_of is None:
        return _page(visit, 422)
    try:
        visit.house.database.write(
            others.note,
            visit.actor,
            shop=shop,
            channel=channel,
            low_s=low,
            high_s=high,
            remark=form.text("remark", longest=199),
            source=source,
            as_of=as_of,
        )
    except Invalid:
        form.wrong("high", "The second number may not be smaller than the first")
        return _page(visit, 422)
    return visit.redirect(HOME)


@router.post("/remove")
def remove(visit: Leading) -> Response:
    visit.house.database.write(others.remove, visit.actor, visit.form.text("other", longest=60))
    return visit.redirect(HOME)


def _day(visit: Visit) -> date | None:
    try:
        return date.fromisoformat(visit.form.text("as_of", longest=10))
    except ValueError:
        visit.form.wrong("as_of", "Enter the day of which the source tells")
        return None


def _page(visit: Visit, status: int = 200) -> Response:
    asked = question(
        dict(parse_qsl(visit.request.url.query[:1000])), visit.clock().astimezone(visit.zone).date()
    )

    def read(tx: Transaction) -> dict[str, Any]:
        return {
            "others": others.others(tx),
            "charts": compared(tx, asked.asked, visit.zone, visit.settings.reports, visit.language),
        }

    return visit.page(
        "console/report_others.html",
        status,
        asked=asked,
        channels={name: channel_label(name, visit.language) for name in others.CHANNELS},
        seconds=lambda seconds: seconds_text(seconds, visit.language),
        may_keep=may(visit.actor, "reports.keep"),
        **visit.house.database.read(read),
    )
