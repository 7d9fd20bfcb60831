"""Privacy over the API: requests for a copy or for erasure in two steps, settings, holds, reports (PRIV-004, PRIV-005)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from madoguchi.counter.customers import preferences
from madoguchi.counter.privacy import holds, retention, service
from madoguchi.counter.privacy.model import Hold, Kind, PrivacyRequest, Report
from madoguchi.counter.privacy.ways import Person
from madoguchi.counter.problems import NotFound, SignInNeeded
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import In, Out
from madoguchi.faces.files import copy_response
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import AnyCaller, CustomerCaller, StaffCaller, need

router = APIRouter(tags=["privacy"])


class RequestIn(In):
    kind: Kind
    customer_id: Annotated[str, Field(max_length=60)] = (
        ""  # staff: for whom; not for a contact or its messages
    )
    contact_id: Annotated[str, Field(max_length=60)] = ""
    seqs: list[int] = Field(default_factory=list, max_length=100)


class RequestOut(Out):
    id: str
    kind: str
    state: str
    contact_id: str
    seqs: list[int]
    counts: dict[str, dict[str, int]]  # table → erased, blanked, kept or exported: rows
    digest: str
    asked_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    expires_at: datetime | None


class HoldIn(In):
    customer_id: Annotated[str, Field(max_length=60)] = ""
    case: Annotated[str, Field(max_length=40)] = ""  # C-10482
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    until: datetime | None = None


class HoldOut(Out):
    id: str
    customer_id: str | None
    case_id: str | None
    reason: str
    until: datetime | None
    set_by: str
    set_at: datetime


class ReportOut(Out):
    id: str
    began_at: datetime
    ended_at: datetime | None
    classes: dict[str, dict[str, Any]]
    held: dict[str, int]
    digest: str


class PreferencesIn(In):
    case_updates: bool | None = None
    new_contacts: bool | None = None
    surveys: bool | None = None
    personal_answers: bool | None = None


@router.get(
    "/privacy/requests", summary="Requests for a copy or for erasure: one's own, or all for supervisors"
)
async def requests(request: Request, caller: AnyCaller) -> list[RequestOut]:
    need(caller, "history.erase")
    house = house_of(request)
    if caller.actor.kind == "customer":
        return [_request_out(each) for each in await house.database.aread(service.of_actor, caller.actor)]
    return [_request_out(each) for each in await house.database.aread(service.newest)]


@router.post("/privacy/requests", status_code=201, summary="Ask; nothing happens before it is confirmed")
async def ask(request: Request, caller: AnyCaller, wish: RequestIn) -> RequestOut:
    need(caller, "history.erase")
    person = Person(wish.customer_id) if wish.customer_id else None

    def write(tx: Transaction) -> PrivacyRequest:
        return service.ask(
            tx, caller.actor, wish.kind, person=person, contact_id=wish.contact_id, seqs=wish.seqs
        )

    return _request_out(await house_of(request).database.awrite(write))


@router.get("/privacy/requests/{request_id}", summary="One request: its state, later its record")
async def one(request: Request, caller: AnyCaller, request_id: str) -> RequestOut:
    need(caller, "history.erase")
    return _request_out(await house_of(request).database.aread(service.visible, caller.actor, request_id))


@router.post("/privacy/requests/{request_id}/confirm", summary="Do it; customers need a fresh check")
async def confirm(request: Request, caller: AnyCaller, request_id: str) -> RequestOut:
    need(caller, "history.erase")
    house = house_of(request)
    return _request_out(
        await house.database.awrite(service.confirm, caller.actor, request_id, house.settings.privacy)
    )


@router.post("/privacy/requests/{request_id}/withdraw", summary="Take it back, until it begins")
async def withdraw(request: Request, caller: AnyCaller, request_id: str) -> RequestOut:
    need(caller, "history.erase")
    return _request_out(await house_of(request).database.awrite(service.withdraw, caller.actor, request_id))


@router.get("/privacy/requests/{request_id}/download", summary="The prepared copy, for its owner only")
async def download(request: Request, caller: CustomerCaller, request_id: str) -> Response:
    house = house_of(request)
    seen = await house.database.aread(service.visible, caller.actor, request_id)
    over = seen.expires_at is None or seen.expires_at <= house.database.clock()
    if seen.storage_key is None or over:
        raise NotFound("not_found")
    return copy_response(house.files.blocks(seen.storage_key), "my-data.zip")


@router.get("/privacy/preferences", summary="What the customer wants to hear and allows")
async def preferences_of(request: Request, caller: CustomerCaller) -> dict[str, bool]:
    customer_id = _known(caller)
    found = await house_of(request).database.aread(preferences.all_of, customer_id)
    return {str(name): wanted for name, wanted in found.items()}


@router.put("/privacy/preferences", summary="Change some of it")
async def choose(request: Request, caller: CustomerCaller, wish: PreferencesIn) -> dict[str, bool]:
    customer_id = _known(caller)

    def keep(tx: Transaction) -> dict[str, bool]:
        for name in preferences.PREFERENCES:
            wanted = getattr(wish, name)
            if wanted is not None:
                preferences.choose(tx, customer_id, name, wanted, caller.actor)
        return {str(name): wanted for name, wanted in preferences.all_of(tx, customer_id).items()}

    return await house_of(request).database.awrite(keep)


@router.get("/privacy/holds", summary="What has to be kept for now")
async def standing(request: Request, caller: StaffCaller) -> list[HoldOut]:
    need(caller, "history.erase")
    return [_hold_out(each) for each in await house_of(request).database.aread(holds.standing)]


@router.post("/privacy/holds", status_code=201, summary="Keep a customer's records, or one case")
async def hold(request: Request, caller: StaffCaller, wish: HoldIn) -> HoldOut:
    need(caller, "history.erase")

    def write(tx: Transaction) -> Hold:
        return holds.set_hold(
            tx,
            caller.actor,
            customer_id=wish.customer_id or None,
            case=wish.case,
            reason=wish.reason,
            until=wish.until,
        )

    return _hold_out(await house_of(request).database.awrite(write))


@router.post("/privacy/holds/{hold_id}/lift", summary="It may be erased again")
async def lift(request: Request, caller: StaffCaller, hold_id: str) -> dict[str, str]:
    need(caller, "history.erase")
    await house_of(request).database.awrite(holds.lift, caller.actor, hold_id)
    return {"id": hold_id, "state": "lifted"}


@router.get("/privacy/reports", summary="What the nights' retention removed")
async def reports(request: Request, caller: StaffCaller) -> list[ReportOut]:
    need(caller, "audit.read")
    return [_report_out(each) for each in await house_of(request).database.aread(retention.reports)]


def _known(caller: CustomerCaller) -> str:
    if caller.actor.customer_id is None:
        raise SignInNeeded(rung=2)
    return caller.actor.customer_id


def _request_out(each: PrivacyRequest) -> RequestOut:
    return RequestOut(**{name: getattr(each, name) for name in RequestOut.model_fields})


def _hold_out(each: Hold) -> HoldOut:
    return HoldOut(**{name: getattr(each, name) for name in HoldOut.model_fields})


def _report_out(each: Report) -> ReportOut:
    return ReportOut(**{name: getattr(each, name) for name in ReportOut.model_fields})
