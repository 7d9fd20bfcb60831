"""Call-backs: what can be booked, booking, changing, calling; the same for page, widget, app, IVR and desk (CB-008)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import AwareDatetime, Field

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.callbacks import callers, queries
from madoguchi.counter.callbacks.booking import Wish
from madoguchi.counter.callbacks.model import Callback, CallPreference, Via
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.problems import NotAllowed, TooMany
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import In
from madoguchi.faces.callback_views import (
    Reader,
    callback_out,
    figures_out,
    line_out,
    offer_out,
    slots_out,
)
from madoguchi.faces.house import House, house_of
from madoguchi.faces.principal import AnyCaller, CustomerCaller, Principal, StaffCaller, need, note_view

router = APIRouter(prefix="/callbacks", tags=["callbacks"])
_TOPIC = Query(max_length=80)
_LANGUAGE = Query(max_length=10)
_ASKED_PER_HOUR = 20
_CHECKS_PER_HOUR = 20


class CallbackIn(In):
    """Staff and programs name for whom: staff by `case`, a telephone system by the `phone` that calls."""

    phone: str = Field(max_length=60)
    client_key: str = Field(min_length=8, max_length=120)
    slot_at: AwareDatetime | None = Field(
        default=None, description="Beginning of a slot; null: as soon as possible."
    )
    language: str = Field(default="", max_length=10)
    topic: str = Field(default="", max_length=80)
    order_number: str = Field(default="", max_length=60)
    case: str = Field(default="", max_length=20)
    contact_id: str = Field(
        default="", max_length=60, description="The chat that it takes over, with its place in line."
    )
    waiting_since: AwareDatetime | None = Field(
        default=None,
        description="Telephone systems: since when the caller holds the line; the place is kept.",
    )
    kana: str = Field(default="", max_length=100)
    note: str = Field(default="", max_length=500)
    email: str = Field(default="", max_length=254, description="Of a visitor who has proved nothing.")
    via: Literal["web", "app"] = "web"


class CodeIn(In):
    code: str = Field(max_length=20)


class MoveIn(In):
    slot_at: AwareDatetime | None = Field(default=None, description="Null: as soon as possible.")


class ReplacedIn(In):
    by: Literal["called", "writing"]


class ReportIn(In):
    outcome: Literal["connected", "talked", "no_answer", "busy", "voicemail", "wrong_number", "failed"]
    note: str = Field(default="", max_length=500)


class PreferenceIn(In):
    no_calls: bool
    relay: bool = False
    note: str = Field(default="", max_length=500)


class LineIn(In):
    case: str = Field(max_length=20)
    last_digits: str = Field(max_length=8, description="The last four digits of the telephone that rings.")


@router.get("/offer", summary="What can be booked, and what is known already")
async def offer(
    request: Request,
    caller: AnyCaller,
    topic: Annotated[str, _TOPIC] = "",
    language: Annotated[str, _LANGUAGE] = "",
) -> dict[str, Any]:
    house = _for_callers(request, caller)
    spoken = _spoken(house, caller, language)
    return await house.database.aread(offer_out, _reader(caller), house.settings, topic, spoken)


@router.get("/slots", summary="The slots of a day: free, few left or full")
async def day_slots(
    request: Request,
    caller: AnyCaller,
    day: date,
    topic: Annotated[str, _TOPIC] = "",
    language: Annotated[str, _LANGUAGE] = "",
) -> dict[str, Any]:
    house = _for_callers(request, caller)
    spoken = _spoken(house, caller, language)
    found = await house.database.aread(slots_out, _reader(caller), house.settings, day, topic, spoken)
    return {"day": day.isoformat(), "slots": found}


@router.post("", status_code=201, summary="Book a call-back, for now or for a slot")
async def book(request: Request, caller: AnyCaller, wish: CallbackIn) -> dict[str, Any]:
    """The same `client_key` books it once. `needs_code`: then the code that was mailed has to be entered."""
    house = _for_callers(request, caller)

    def booked() -> Callback:
        actor, via = _in_whose_name(house, caller.actor, wish)
        if caller.actor.kind == "customer":
            check_network(house, request)
        return house.calls.book(
            actor,
            Wish(
                phone=wish.phone,
                language=_spoken(house, caller, wish.language),
                client_key=wish.client_key,
                slot_at=wish.slot_at,
                topic=wish.topic,
                order_number=wish.order_number,
                case=wish.case,
                from_contact=wish.contact_id,
                waiting_since=wish.waiting_since if via in ("ivr", "staff") else None,
                kana=wish.kana,
                note=wish.note,
                email=wish.email,
                via=via,
            ),
        )

    return await _shown(house, caller, await run_in_threadpool(booked))


@router.get("", summary="A customer's own; for staff and programs what is to come")
async def list_callbacks(
    request: Request,
    caller: AnyCaller,
    phone: Annotated[str, Query(max_length=60)] = "",
    days: Annotated[int, Query(ge=1, le=60)] = 7,
) -> dict[str, Any]:
    """`phone`: for a telephone system, what is still to come at the number that calls (CB-008)."""
    need(caller, "contacts.read")
    house = house_of(request)

    def read(tx: Transaction) -> list[dict[str, Any]]:
        if caller.actor.kind == "customer":
            found = queries.of_actor(tx, caller.actor)
        elif phone:
            found = queries.live_of_number(tx, house.calls.number_hash(phone))
        else:
            found = queries.coming(tx, tx.now + timedelta(days=days))
        return [callback_out(tx, each, _reader(caller), house.settings) for each in found]

    return {"callbacks": await house.database.aread(read)}


@router.get("/figures", summary="The share in time, waits, tries, missed promises")
async def callback_figures(
    request: Request, caller: AnyCaller, days: Annotated[int, Query(ge=1, le=365)] = 30
) -> dict[str, Any]:
    if caller.actor.kind == "customer":
        raise NotAllowed("staff_only")
    need(caller, "figures.read")
    house = house_of(request)
    start = house.database.clock() - timedelta(days=days)
    return await house.database.aread(figures_out, start, _reader(caller), house.settings)


@router.get("/preferences", summary="How the caller wants to be reached")
async def own_preference(request: Request, caller: CustomerCaller) -> dict[str, Any]:
    found = await house_of(request).database.aread(queries.preference, _person(caller.actor))
    return _preference_out(found)


@router.put("/preferences", summary="Write instead of calling; the telephone relay service")
async def keep_preference(request: Request, caller: CustomerCaller, wish: PreferenceIn) -> dict[str, Any]:
    """From `no_calls` on nobody calls; what is booked is answered in writing, at its place in line."""
    wanted = CallPreference(_person(caller.actor), wish.no_calls, wish.relay, wish.note)
    return _preference_out(await run_in_threadpool(house_of(request).calls.prefer, caller.actor, wanted))


@router.get("/on-the-line", summary="Are we on the phone with you now?")
async def on_the_line(request: Request, caller: CustomerCaller) -> dict[str, Any]:
    house = house_of(request)

    def read(tx: Transaction) -> dict[str, Any]:
        found = queries.on_the_line(tx, person_id=_person(caller.actor))
        return line_out(tx, found, caller.actor.language, house.calls.rules.zone)

    return await house.database.aread(read)


@router.post("/on-the-line", summary="The same by the enquiry's number and the end of one's own number")
async def on_the_line_by_number(request: Request, caller: CustomerCaller, wish: LineIn) -> dict[str, Any]:
    """Whoever knows only one of the two hears no, as if nobody were calling."""
    house = house_of(request)
    check_line_tries(house, request)

    def read(tx: Transaction) -> dict[str, Any]:
        found = line_by_number(tx, wish.case, wish.last_digits)
        return line_out(tx, found, caller.actor.language, house.calls.rules.zone)

    return await house.database.aread(read)


@router.get("/{callback_id}", summary="One call-back")
async def one(request: Request, caller: AnyCaller, callback_id: str) -> dict[str, Any]:
    need(caller, "contacts.read")
    house = house_of(request)
    found = await house.database.aread(queries.visible, caller.actor, callback_id)
    await note_view(house, caller, "callback", found.id)
    return await _shown(house, caller, found)


@router.post("/{callback_id}/confirm", summary="Enter the mailed code")
async def confirm(request: Request, caller: CustomerCaller, callback_id: str, wish: CodeIn) -> dict[str, Any]:
    house = house_of(request)
    done = await run_in_threadpool(house.calls.confirm, caller.actor, callback_id, wish.code)
    return await _shown(house, caller, done)


@router.post("/{callback_id}/move", summary="Another slot, or now")
async def move(request: Request, caller: AnyCaller, callback_id: str, wish: MoveIn) -> dict[str, Any]:
    house = _for_callers(request, caller)
    done = await run_in_threadpool(house.calls.move, caller.actor, callback_id, wish.slot_at)
    return await _shown(house, caller, done)


@router.post("/{callback_id}/cancel", summary="Call it off")
async def cancel(request: Request, caller: AnyCaller, callback_id: str) -> dict[str, Any]:
    house = _for_callers(request, caller)
    done = await run_in_threadpool(house.calls.cancel, caller.actor, callback_id)
    return await _shown(house, caller, done)


@router.post("/{callback_id}/replaced", summary="The customer called first, or would rather write")
async def replaced(request: Request, caller: AnyCaller, callback_id: str, wish: ReplacedIn) -> dict[str, Any]:
    house = _for_callers(request, caller)
    done = await run_in_threadpool(house.calls.replaced, caller.actor, callback_id, wish.by)
    return await _shown(house, caller, done)


@router.post("/{callback_id}/dial", summary="The agent who has it calls now")
async def dial(request: Request, caller: StaffCaller, callback_id: str) -> dict[str, Any]:
    need(caller, "contacts.work")
    house = house_of(request)
    return await _shown(house, caller, await run_in_threadpool(house.calls.dial, caller.actor, callback_id))


@router.post("/{callback_id}/outcome", summary="What the agent hears: connected, talked, no answer, busy, …")
async def outcome(request: Request, caller: StaffCaller, callback_id: str, wish: ReportIn) -> dict[str, Any]:
    need(caller, "contacts.work")
    house = house_of(request)
    done = await run_in_threadpool(house.calls.report, caller.actor, callback_id, wish.outcome, wish.note)
    return await _shown(house, caller, done)


def line_by_number(tx: Transaction, label: str, last_digits: str) -> Callback | None:
    """The call that is on, to whoever knows the enquiry's number and the last four digits that were dialled."""
    case = cases.by_number(tx, label)
    found = queries.on_the_line(tx, case_id=case.id) if case else None
    digits = "".join(sign for sign in last_digits if sign.isdecimal())
    fits = found is not None and len(digits) == 4 and found.phone.endswith(digits)
    return found if fits else None


def check_line_tries(house: House, request: Request) -> None:
    """Raises TooMany: digits cannot be guessed."""
    host = request.client.host if request.client else ""
    wait = house.limiter.check("line", host, _CHECKS_PER_HOUR, 3600)
    if wait is not None:
        raise TooMany("too_many", retry_after=wait)


def check_network(house: House, request: Request) -> None:
    """Raises TooMany: the telephone bill is at stake."""
    host = request.client.host if request.client else ""
    wait = house.limiter.check("callbacks", host, _ASKED_PER_HOUR, 3600)
    if wait is not None:
        raise TooMany("too_many_callbacks", retry_after=wait)


def _for_callers(request: Request, caller: Principal) -> House:
    """Customers for themselves; staff and programs with the verb for it."""
    need(caller, "contacts.work")
    return house_of(request)


def _in_whose_name(house: House, actor: Actor, wish: CallbackIn) -> tuple[Actor, Via]:
    if actor.kind == "customer":
        return actor, wish.via
    if actor.kind == "agent":
        return house.database.read(callers.in_name_of, wish.case), "staff"
    return house.calls.caller_of(wish.phone), "ivr"


async def _shown(house: House, caller: Principal, found: Callback) -> dict[str, Any]:
    return await house.database.aread(callback_out, found, _reader(caller), house.settings)


def _reader(caller: Principal) -> Reader:
    return Reader(caller.actor, caller.actor.language)


def _spoken(house: House, caller: Principal, language: str) -> str:
    offered = house.settings.shop.languages
    return next((each for each in (language, caller.actor.language) if each in offered), offered[0])


def _person(actor: Actor) -> str:
    return actor.customer_id if actor.customer_id and actor.rung >= Rung.SIGNED_IN else actor.id


def _preference_out(found: CallPreference) -> dict[str, Any]:
    return {"no_calls": found.no_calls, "relay": found.relay, "note": found.note}
