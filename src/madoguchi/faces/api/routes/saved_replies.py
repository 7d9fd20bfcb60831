"""Saved replies for the desk: which there are, filled with a contact's facts, and using one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool

from madoguchi.counter.contacts import queries
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.saved_reply_schemas import FilledOut, FilledReplyOut, FillIn, SavedReplyOut, UseIn
from madoguchi.faces.api.schemas import ContactOut
from madoguchi.faces.desk import saved_replies
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import StaffCaller, need, note_view
from madoguchi.faces.views import contact_out

router = APIRouter(tags=["desk"])


@router.get("/desk/saved-replies", summary="Saved replies, one's own and the team's")
async def list_replies(request: Request, caller: StaffCaller) -> list[SavedReplyOut]:
    need(caller, "contacts.work")
    return await house_of(request).database.aread(saved_replies.listed, caller.actor)


@router.post(
    "/desk/saved-replies/{saved_reply_id}/fill", summary="One saved reply filled for several contacts"
)
async def fill(request: Request, caller: StaffCaller, saved_reply_id: str, wish: FillIn) -> list[FilledOut]:
    need(caller, "contacts.work")
    house = house_of(request)

    def fill_all() -> list[FilledOut]:
        unique = dict.fromkeys(wish.contact_ids)
        return [saved_replies.fill_one(house, caller.actor, saved_reply_id, each) for each in unique]

    return await run_in_threadpool(fill_all)


@router.get("/contacts/{contact_id}/saved-replies", summary="Saved replies filled with this contact's facts")
async def filled(request: Request, caller: StaffCaller, contact_id: str) -> list[FilledReplyOut]:
    need(caller, "contacts.work")
    house = house_of(request)
    found = await run_in_threadpool(saved_replies.filled_for, house, caller.actor, contact_id)
    await note_view(house, caller, "contact", contact_id)
    return found


@router.post(
    "/contacts/{contact_id}/saved-replies/{saved_reply_id}/use",
    summary="Count a saved reply that was sent, and do what goes along with it",
)
async def use(
    request: Request, caller: StaffCaller, contact_id: str, saved_reply_id: str, wish: UseIn
) -> ContactOut:
    need(caller, "contacts.work")
    house = house_of(request)

    def write(tx: Transaction) -> None:
        arguments = (contact_id, saved_reply_id, wish, house.settings, house.trust.ours)
        saved_replies.use(tx, caller.actor, *arguments)

    await house.database.awrite(write)

    def read(tx: Transaction) -> ContactOut:
        zone = ZoneInfo(house.settings.shop.timezone)
        seen = queries.visible(tx, caller.actor, contact_id)
        present = house.presence.present(contact_id, "customer")
        return contact_out(tx, caller.actor, seen, caller.actor.language, present=present, timezone=zone)

    return await house.database.aread(read)
