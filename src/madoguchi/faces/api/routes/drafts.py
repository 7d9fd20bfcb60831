"""What the language model drafts for an agent: a reply, a translation. The agent reads it and decides."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from madoguchi.assistant.model import Written, suggestion, translation, visible_orders
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.problems import TooMany
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Language
from madoguchi.faces.api.schemas import In, Out
from madoguchi.faces.house import House, house_of
from madoguchi.faces.principal import Principal, StaffCaller, need, note_view

router = APIRouter(tags=["desk"])
A_MINUTE = 20


class SuggestionIn(In):
    """Nothing is said: what is known about the contact is enough."""


class TranslationIn(In):
    text: str = Field(min_length=1, max_length=4000)
    to: Language


class DraftOut(Out):
    text: str = Field(description="The draft; empty where there is no model or nothing usable came back.")
    by: str = Field(description="The model that wrote it.")


@router.post("/contacts/{contact_id}/suggestion", summary="A draft of the agent's next reply")
async def suggest(request: Request, caller: StaffCaller, contact_id: str, wish: SuggestionIn) -> DraftOut:
    house = house_of(request)
    contact, entries = await _seen(house, caller, contact_id)

    def draft() -> Written | None:
        orders = visible_orders(house.orders, contact)
        return suggestion(house.colleague.sit(contact_id), entries, orders, contact.language)

    return _out(await run_in_threadpool(draft))


@router.post("/contacts/{contact_id}/translation", summary="A text of this contact in another language")
async def translate(request: Request, caller: StaffCaller, contact_id: str, wish: TranslationIn) -> DraftOut:
    house = house_of(request)
    await _seen(house, caller, contact_id)
    sitting = house.colleague.sit(contact_id)
    return _out(await run_in_threadpool(translation, sitting, wish.text, wish.to))


async def _seen(house: House, caller: Principal, contact_id: str) -> tuple[Contact, list[Entry]]:
    """The contact and its public words, for staff who may work on it. Raises NotAllowed, NotFound, TooMany."""
    need(caller, "contacts.work")

    def read(tx: Transaction) -> tuple[Contact, list[Entry]]:
        contact = queries.visible(tx, caller.actor, contact_id)
        last = max(0, contact.last_seq - 100)
        return contact, queries.entries(tx, contact_id, after=last, limit=100, internal=False)

    found = await house.database.aread(read)
    wait = house.limiter.check("draft", caller.actor.id, A_MINUTE, 60)
    if wait is not None:
        raise TooMany("too_many", retry_after=wait)
    await note_view(house, caller, "contact", contact_id)
    return found


def _out(written: Written | None) -> DraftOut:
    return DraftOut(text=written.text, by=written.by) if written else DraftOut(text="", by="")
