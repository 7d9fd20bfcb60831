"""Companies as the shop's people look after them: notes, who does, their group, terms of their own."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from madoguchi.faces.api.schemas import In
from madoguchi.faces.company_views import cared_view, terms_view
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import StaffCaller, need

router = APIRouter(prefix="/companies", tags=["companies"])


class CareIn(In):
    notes: str | None = Field(None, max_length=2000, description="For agents; the company does not see them.")
    manager_id: str | None = Field(None, max_length=60, description="The agent who looks after it.")
    language: str | None = Field(None, max_length=10, description="Of its documents, e.g. en-GB.")
    timezone: str | None = Field(None, max_length=60, description="Of its documents; empty: the shop's.")
    group_id: str | None = Field(
        None, max_length=60, description="Companies that belong together; empty: none."
    )
    shares_cases: bool | None = Field(None, description="Whether its group may see its cases.")


class TermsIn(In):
    kind: str = Field(min_length=1, max_length=40)
    text: str = Field(min_length=1, max_length=2000)
    payment_days: int | None = Field(None, ge=0, le=365)


class DecisionIn(In):
    approved: bool
    reason: str = Field("", max_length=500)


@router.get("", summary="Companies by name or registration number")
async def find(
    request: Request, caller: StaffCaller, search: Annotated[str, Query(min_length=1, max_length=100)]
) -> dict[str, Any]:
    need(caller, "customers.read")
    found = await run_in_threadpool(house_of(request).care.find, caller.actor, search)
    return {"companies": [{"id": one.id, "name": one.name, "country": one.country} for one in found]}


@router.get("/{company_id}", summary="One company, with everything that is known of it")
async def one(request: Request, caller: StaffCaller, company_id: str) -> dict[str, Any]:
    need(caller, "customers.read")
    found = await run_in_threadpool(house_of(request).care.company, caller.actor, company_id)
    return cared_view(found)


@router.patch("/{company_id}", summary="Notes, manager, documents, group")
async def change(request: Request, caller: StaffCaller, company_id: str, wish: CareIn) -> dict[str, Any]:
    need(caller, "contacts.work")
    care = house_of(request).care
    found = await run_in_threadpool(lambda: care.change(caller.actor, company_id, **wish.model_dump()))
    return cared_view(found)


@router.post("/{company_id}/terms", status_code=201, summary="Ask for terms of its own")
async def ask_terms(request: Request, caller: StaffCaller, company_id: str, wish: TermsIn) -> dict[str, Any]:
    need(caller, "contacts.work")
    care = house_of(request).care
    asked = await run_in_threadpool(
        lambda: care.ask_terms(caller.actor, company_id, wish.kind, wish.text, wish.payment_days)
    )
    return terms_view(asked)


@router.post("/terms/{terms_id}/decision", summary="Approve or decline them; a supervisor who did not ask")
async def decide_terms(
    request: Request, caller: StaffCaller, terms_id: str, wish: DecisionIn
) -> dict[str, Any]:
    need(caller, "actions.approve")
    care = house_of(request).care
    decided = await run_in_threadpool(care.decide_terms, caller.actor, terms_id, wish.approved, wish.reason)
    return terms_view(decided)
