"""Replies by mail that have not left yet: take one back, change its words or its time."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, Field

from madoguchi.channels.mail import replies
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Entry
from madoguchi.counter.problems import Invalid
from madoguchi.counter.trust.outgoing import check_words
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import EntryOut, In
from madoguchi.faces.entry_views import entries_out
from madoguchi.faces.house import House, house_of
from madoguchi.faces.principal import Principal, StaffCaller, need

router = APIRouter(tags=["desk"])


class ReplyIn(In):
    """Other words and another time; `version`: the one seen, as the facts `mail.waits` (1) and `mail.changed` count."""

    text: str = Field(max_length=20000)
    send_at: AwareDatetime | None = None
    version: int = Field(ge=1, le=10_000)


@router.post("/replies/{reply_id}/take-back", summary="Take a reply by mail back before it leaves")
async def take_back(request: Request, caller: StaffCaller, reply_id: str) -> EntryOut:
    need(caller, "contacts.work")
    house = house_of(request)
    return await _told(house, caller, await house.database.awrite(replies.take_back, reply_id, caller.actor))


@router.put("/replies/{reply_id}", summary="Change the words or the time of a reply that waits")
async def change(request: Request, caller: StaffCaller, reply_id: str, wish: ReplyIn) -> EntryOut:
    need(caller, "contacts.work")
    house = house_of(request)
    return await _told(
        house, caller, await house.database.awrite(_change, house, caller.actor, reply_id, wish)
    )


def _change(tx: Transaction, house: House, actor: Actor, reply_id: str, wish: ReplyIn) -> Entry:
    """The same words may go as when it was written (PHI-006, PHI-017)."""
    if len(wish.text) > house.settings.limits.message_chars:
        raise Invalid("message_too_long", field="text", limit=house.settings.limits.message_chars)
    check_words(wish.text, house.trust.ours)
    return replies.change(tx, reply_id, actor, text=wish.text, send_at=wish.send_at, version=wish.version)


async def _told(house: House, caller: Principal, entry: Entry) -> EntryOut:
    def read(tx: Transaction) -> EntryOut:
        contact = queries.get(tx, entry.contact_id)
        (shown,) = entries_out(tx, caller.actor, contact, [entry], caller.actor.language)
        return shown

    return await house.database.aread(read)
