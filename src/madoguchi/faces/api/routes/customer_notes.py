"""The person behind a contact: what staff should know, and their notes. Customers have no part of it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool

from madoguchi.counter.callbacks.model import CallPreference
from madoguchi.counter.callbacks.queries import preference
from madoguchi.counter.customers import notes, queries
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.customer_schemas import NoteIn, NoteOut, OverviewOut, ProfileOut, ReachIn, ReachOut
from madoguchi.faces.customer_facts import note_out, profile_of
from madoguchi.faces.customer_overview import overview_of, reach_out
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import StaffCaller, need, note_view

router = APIRouter(tags=["desk"])


@router.get("/customers/{customer_id}/profile", summary="Notes, signals with sources, open cases")
async def profile(request: Request, caller: StaffCaller, customer_id: str) -> ProfileOut:
    need(caller, "customers.read")
    house = house_of(request)
    shown = await run_in_threadpool(profile_of, house, caller.actor, customer_id)
    await note_view(house, caller, "customer", customer_id)
    return shown


@router.get("/customers/{customer_id}/overview", summary="The whole customer in one answer")
async def overview(request: Request, caller: StaffCaller, customer_id: str) -> OverviewOut:
    """Who they are, what they hold, orders, refunds, call-backs, contacts, cases, notes, signals, what they allow."""
    need(caller, "customers.read")
    house = house_of(request)
    shown = await run_in_threadpool(overview_of, house, caller.actor, customer_id)
    await note_view(house, caller, "customer", customer_id)
    return shown


@router.put("/customers/{customer_id}/reach", summary="Write to a customer instead of calling, or call again")
async def set_reach(request: Request, caller: StaffCaller, customer_id: str, wish: ReachIn) -> ReachOut:
    """From `no_calls` on nobody calls; what is booked is answered in writing, at its place in line."""
    need(caller, "contacts.work")
    house = house_of(request)

    def read(tx: Transaction) -> CallPreference:
        _exists(tx, customer_id)
        return preference(tx, customer_id)

    before = await house.database.aread(read)
    wanted = CallPreference(customer_id, wish.no_calls, before.relay, before.note)
    kept = await run_in_threadpool(house.calls.prefer, caller.actor, wanted)
    return reach_out(caller.actor, kept)


@router.post("/customers/{customer_id}/notes", status_code=201, summary="Note something about a person")
async def add(request: Request, caller: StaffCaller, customer_id: str, wish: NoteIn) -> NoteOut:
    need(caller, "contacts.work")

    def write(tx: Transaction) -> NoteOut:
        _exists(tx, customer_id)
        return note_out(notes.add(tx, customer_id, wish.text, caller.actor), caller.actor)

    return await house_of(request).database.awrite(write)


@router.put(
    "/customers/{customer_id}/notes/{note_id}",
    status_code=204,
    summary="Other words for one's own note on a person; without any, it is gone",
)
async def change(request: Request, caller: StaffCaller, customer_id: str, note_id: str, wish: NoteIn) -> None:
    need(caller, "contacts.work")

    def write(tx: Transaction) -> None:
        if wish.text.strip():
            notes.change(tx, customer_id, note_id, wish.text, caller.actor)
        else:
            notes.remove(tx, customer_id, note_id, caller.actor)

    await house_of(request).database.awrite(write)


def _exists(tx: Transaction, customer_id: str) -> None:
    if queries.find(tx, customer_id) is None:
        raise NotFound("customer_not_found")
