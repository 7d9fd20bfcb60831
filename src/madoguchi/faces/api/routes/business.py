"""A company's own console: people, documents, purchases. Everything is within the caller's organisation and role."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from urllib.parse import quote as quoted

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from madoguchi.counter.actors import Rung
from madoguchi.counter.business.workflow import MOST_ITEMS, MOST_PIECES, Wanted
from madoguchi.counter.problems import NotAllowed
from madoguchi.faces.api.schemas import In
from madoguchi.faces.company_views import appointment_view, own_view, shared_case_view
from madoguchi.faces.house import house_of
from madoguchi.faces.partner_views import company_view, document_view
from madoguchi.faces.principal import CustomerCaller

router = APIRouter(prefix="/business", tags=["business"])


class ItemIn(In):
    product_id: str = Field(min_length=1, max_length=60)
    sku: str = Field(min_length=1, max_length=80)
    quantity: int = Field(ge=1, le=MOST_PIECES)


class QuoteIn(In):
    items: list[ItemIn] = Field(min_length=1, max_length=MOST_ITEMS)
    key: str = Field(min_length=1, max_length=100)


class InvoiceIn(In):
    order_number: str = Field(min_length=1, max_length=60)


class AppointmentIn(In):
    at: AwareDatetime = Field(description="The beginning, on a full slot within the desk's hours.")
    about: str = Field(min_length=1, max_length=500)
    key: str = Field(min_length=1, max_length=100)


class RoleIn(In):
    role: Literal["owner", "approver", "buyer", "viewer"]


@router.get("", summary="The caller's organisation: people and documents")
async def console(request: Request, caller: CustomerCaller) -> dict[str, Any]:
    desk = house_of(request).business
    _signed_in(caller)

    def read() -> dict[str, Any]:
        organisation, me = desk.organisation(caller.actor)
        people, papers = desk.members(caller.actor), desk.documents(caller.actor)
        return company_view(organisation, me, people, papers, caller.actor.language)

    return await run_in_threadpool(read)


@router.post("/quotes", status_code=201, summary="Issue a quotation")
async def make_quote(request: Request, caller: CustomerCaller, wish: QuoteIn) -> dict[str, Any]:
    house = house_of(request)
    _signed_in(caller)
    wanted = [Wanted(item.product_id, item.sku, item.quantity) for item in wish.items]
    made = await run_in_threadpool(
        house.business.quote, caller.actor, wanted, house.settings.shop.currency, f"quote/{wish.key}"
    )
    return document_view(made, caller.actor.language)


@router.post("/invoices", status_code=201, summary="Issue the invoice of an order")
async def make_invoice(request: Request, caller: CustomerCaller, wish: InvoiceIn) -> dict[str, Any]:
    _signed_in(caller)
    made = await run_in_threadpool(house_of(request).business.invoice, caller.actor, wish.order_number)
    return document_view(made, caller.actor.language)


@router.get("/care", summary="Terms that hold, appointments to come, the group")
async def own_care(request: Request, caller: CustomerCaller) -> dict[str, Any]:
    _signed_in(caller)
    return own_view(await run_in_threadpool(house_of(request).care.own, caller.actor))


@router.post("/appointments", status_code=201, summary="Book a talk with the company's own consultant")
async def book(request: Request, caller: CustomerCaller, wish: AppointmentIn) -> dict[str, Any]:
    _signed_in(caller)
    care = house_of(request).care
    made = await run_in_threadpool(care.book, caller.actor, wish.at, wish.about, wish.key)
    return appointment_view(made)


@router.get("/cases", summary="Cases of the company, and of companies of its group that share theirs")
async def cases(request: Request, caller: CustomerCaller) -> dict[str, Any]:
    _signed_in(caller)
    found = await run_in_threadpool(house_of(request).care.cases, caller.actor)
    return {"cases": [shared_case_view(company, case, caller.actor.language) for company, case in found]}


@router.get("/documents/{document_id}", summary="A document as PDF", response_class=Response)
async def document(request: Request, caller: CustomerCaller, document_id: str) -> Response:
    _signed_in(caller)
    found, content = await run_in_threadpool(house_of(request).business.pdf, caller.actor, document_id)
    return _file(content, f"{found.number}.pdf", "application/pdf")


@router.get("/purchases.csv", summary="What the organisation bought in a period", response_class=Response)
async def purchases(request: Request, caller: CustomerCaller, first: date, last: date) -> Response:
    _signed_in(caller)
    content = await run_in_threadpool(
        house_of(request).business.purchases_csv, caller.actor, first, last, caller.actor.language
    )
    return _file(content, f"purchases-{first}-{last}.csv", "text/csv; charset=utf-8")


@router.put("/members/{customer_id}", status_code=204, summary="Give a colleague another role")
async def set_role(request: Request, caller: CustomerCaller, customer_id: str, wish: RoleIn) -> None:
    _signed_in(caller)
    await run_in_threadpool(house_of(request).business.set_role, caller.actor, customer_id, wish.role)


@router.delete("/members/{customer_id}", status_code=204, summary="A colleague leaves the organisation")
async def remove(request: Request, caller: CustomerCaller, customer_id: str) -> None:
    _signed_in(caller)
    await run_in_threadpool(house_of(request).business.remove, caller.actor, customer_id)


def _signed_in(caller: CustomerCaller) -> None:
    """Whoever has not signed in belongs to no organisation, as far as anybody can know."""
    if caller.actor.rung < Rung.SIGNED_IN:
        raise NotAllowed("business_only")


def _file(content: bytes, name: str, media_type: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quoted(name)}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)
