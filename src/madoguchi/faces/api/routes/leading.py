"""What others have changed about one's own work, and contacts in which words have become too strong (QLT-008)."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries
from madoguchi.counter.quality import strain
from madoguchi.counter.quality.model import Strain
from madoguchi.counter.team import notices
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.api.schemas import ContactOut, In, Out, Version
from madoguchi.faces.aside import AsideOut, aside_of
from madoguchi.faces.desk import conduct
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import StaffCaller, need, note_view
from madoguchi.faces.views import contact_out

router = APIRouter(tags=["desk"])


class ConductOut(Out):
    """`kind`: the worst so far; `calm`, `warning`: what the agent may say, in the customer's language."""

    kind: Literal["", "upset", "abusive"]
    count: int = 0
    warned: bool = False
    may_end: bool = False
    calm: str = ""
    warning: str = ""


class OwnedIn(In):
    owner_version: Version


@router.get(
    "/desk/aside", summary="What others changed of my work, what I am asked to join, where I take part"
)
async def aside(request: Request, caller: StaffCaller) -> AsideOut:
    need(caller, "contacts.work")
    house = house_of(request)
    return await house.database.aread(aside_of, caller.actor, house.settings)


@router.post("/agents/me/notices/{notice_id}/seen", status_code=204, summary="I have read it")
async def notice_seen(request: Request, caller: StaffCaller, notice_id: str) -> None:
    need(caller, "contacts.work")
    await house_of(request).database.awrite(notices.seen, notice_id, caller.actor)


@router.get("/contacts/{contact_id}/conduct", summary="Whether words are too strong here, and what to say")
async def conduct_of(request: Request, caller: StaffCaller, contact_id: str) -> ConductOut:
    need(caller, "contacts.read")
    house = house_of(request)
    found = await house.database.aread(_conduct, caller.actor, contact_id)
    await note_view(house, caller, "contact", contact_id)
    return found


@router.post("/contacts/{contact_id}/conduct/warn", summary="Answer abuse with the house's warning")
async def warn(request: Request, caller: StaffCaller, contact_id: str, wish: OwnedIn) -> ConductOut:
    need(caller, "contacts.work")
    database = house_of(request).database
    await database.awrite(conduct.warn, caller.actor, contact_id, wish.owner_version)
    return await database.aread(_conduct, caller.actor, contact_id)


@router.post("/contacts/{contact_id}/conduct/end", summary="End a conversation in which abuse goes on")
async def end(request: Request, caller: StaffCaller, contact_id: str, wish: OwnedIn) -> ContactOut:
    need(caller, "contacts.work")
    house = house_of(request)
    await house.database.awrite(conduct.end, caller.actor, contact_id, wish.owner_version)

    def read(tx: Transaction) -> ContactOut:
        ended = queries.visible(tx, caller.actor, contact_id)
        return contact_out(tx, caller.actor, ended, caller.actor.language)

    return await house.database.aread(read)


def _conduct(tx: Transaction, actor: Actor, contact_id: str) -> ConductOut:
    seen = queries.visible(tx, actor, contact_id)
    found: Strain | None = strain.of_contact(tx, contact_id)
    if found is None:
        return ConductOut(kind="")
    return ConductOut(
        kind=found.kind,
        count=found.count,
        warned=found.warned_seq > 0,
        may_end=strain.may_end(found, seen, actor),
        calm=tr(seen.language, strain.CALM),
        warning=tr(seen.language, strain.WARNING),
    )
