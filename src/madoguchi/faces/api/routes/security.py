"""The security desk: reported fakes and their waves, and letting a locked customer in again."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from madoguchi.counter.customers.model import Customer
from madoguchi.counter.trust import service as trust
from madoguchi.counter.trust.model import Campaign, Report
from madoguchi.counter.trust.policy import Finding
from madoguchi.counter.trust.wording import finding_text
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import In, Out
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import StaffCaller, need

router = APIRouter(tags=["security"])


class CampaignOut(Out):
    campaign: str  # site:DOMAIN, phone:NUMBER or sender:DOMAIN
    reports: int
    first_at: str
    last_at: str


class ReportOut(Out):
    id: str
    contact_id: str | None
    channel: str
    campaign: str
    verdict: str
    reasons: list[str]
    received: str
    text: str
    state: str
    at: str


class ReportsOut(Out):
    day: str
    campaigns: list[CampaignOut]
    reports: list[ReportOut]


class ReviewIn(In):
    state: Literal["confirmed", "dismissed"]


@router.get("/desk/trust-reports", summary="Reported fakes: the waves of a day, and the newest reports")
async def reports(
    request: Request,
    caller: StaffCaller,
    day: date | None = None,
    campaign: Annotated[str, Query(max_length=200)] = "",
) -> ReportsOut:
    need(caller, "contacts.work")
    house = house_of(request)
    zone = ZoneInfo(house.settings.shop.timezone)
    wanted = day or house.database.clock().astimezone(zone).date()

    def read(tx: Transaction) -> ReportsOut:
        language = caller.actor.language
        return ReportsOut(
            day=wanted.isoformat(),
            campaigns=[_campaign_out(each) for each in trust.campaigns(tx, wanted, zone)],
            reports=[_report_out(each, language) for each in trust.reports(tx, campaign=campaign or None)],
        )

    return await house.database.aread(read)


@router.post("/desk/trust-reports/{report_id}/review", summary="Confirmed as a fake, or dismissed")
async def review(request: Request, caller: StaffCaller, report_id: str, wish: ReviewIn) -> dict[str, str]:
    need(caller, "contacts.work")
    await house_of(request).database.awrite(trust.review, report_id, caller.actor, wish.state)
    return {"id": report_id, "state": wish.state}


@router.post("/customers/{customer_id}/unlock", summary="Let a locked customer sign in again")
async def unlock(request: Request, caller: StaffCaller, customer_id: str) -> dict[str, str]:
    need(caller, "customers.lock")
    house = house_of(request)
    found: Customer = await run_in_threadpool(house.accounts.unlock, caller.actor, customer_id)
    return {"id": found.id, "state": "open"}


def _campaign_out(each: Campaign) -> CampaignOut:
    return CampaignOut(
        campaign=each.campaign,
        reports=each.reports,
        first_at=each.first_at.isoformat(),
        last_at=each.last_at.isoformat(),
    )


def _report_out(each: Report, language: str) -> ReportOut:
    return ReportOut(
        id=each.id,
        contact_id=each.contact_id,
        channel=each.channel,
        campaign=each.campaign,
        verdict=each.verdict,
        reasons=[finding_text(Finding(*finding), language) for finding in each.findings],
        received=each.received,
        text=each.text,
        state=each.state,
        at=each.at.isoformat(),
    )
