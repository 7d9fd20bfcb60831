"""Contacts and their ledger: open, read after a cursor, say, hand over, settle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, File, Query, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries, service
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.problems import NotFound
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.surveys.model import Answer
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import (
    LAST_SEQ,
    AttachmentOut,
    ContactOut,
    ContactPage,
    EntriesOut,
    EscalationIn,
    HandOverIn,
    OpenContactIn,
    RatingIn,
    ResolutionIn,
    ResolveIn,
    SaidOut,
    SayIn,
    SeenIn,
    SnoozeIn,
    SummaryIn,
    TranscriptIn,
    TransferIn,
    VersionIn,
)
from madoguchi.faces.desk import verbs
from madoguchi.faces.entry_views import entries_out
from madoguchi.faces.files import file_response
from madoguchi.faces.house import House, house_of
from madoguchi.faces.principal import AnyCaller, CustomerCaller, Principal, StaffCaller, need, note_view
from madoguchi.faces.views import contact_out, contacts_out

router = APIRouter(tags=["contacts"])
PAGE = 200


@router.post("/contacts", status_code=201, summary="Open a contact, with its case")
async def open_contact(request: Request, caller: CustomerCaller, wish: OpenContactIn) -> EntriesOut:
    house = house_of(request)
    opened = await run_in_threadpool(
        house.chat.open,
        caller.actor,
        client_key=wish.client_key,
        language=wish.language,
        text=wish.text,
        order_number=wish.order_number,
        problem=wish.problem,
        case=wish.case,
        page=wish.page,
        want_person=wish.want_person,
        address=request.client.host if request.client else "",
    )
    return await house.database.aread(_entries_after, house, caller, opened.id, 0, PAGE)


@router.get("/contacts", summary="Own contacts; for staff one view of the inbox")
async def list_contacts(
    request: Request,
    caller: AnyCaller,
    view: Annotated[str, Query(pattern="^(mine|waiting|snoozed|assistant|ended)$")] = "waiting",
    days: Annotated[int | None, Query(ge=1, le=3650)] = None,
    limit: Annotated[int, Query(ge=1, le=300)] = 100,
) -> ContactPage:
    house = house_of(request)
    need(caller, "contacts.read")
    if caller.actor.kind == "customer":
        found = await run_in_threadpool(house.chat.history, caller.actor, days=days, limit=limit)
        return ContactPage(contacts=await house.database.aread(_all_out, house, caller, found))

    def read(tx: Transaction) -> list[ContactOut]:
        return _all_out(tx, house, caller, queries.for_desk(tx, caller.actor.id, view, limit=limit))

    return ContactPage(contacts=await house.database.aread(read))


@router.get("/contacts/{contact_id}", summary="One contact")
async def one_contact(request: Request, caller: AnyCaller, contact_id: str) -> ContactOut:
    need(caller, "contacts.read")
    house = house_of(request)
    shown = await house.database.aread(_one_out, house, caller, contact_id)
    await note_view(house, caller, "contact", contact_id)
    return shown


@router.get("/contacts/{contact_id}/entries", summary="The ledger after a cursor")
async def entries(
    request: Request,
    caller: AnyCaller,
    contact_id: str,
    after: Annotated[int, Query(ge=0, le=LAST_SEQ)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> EntriesOut:
    need(caller, "contacts.read")
    house = house_of(request)
    shown = await house.database.aread(_entries_after, house, caller, contact_id, after, limit)
    await note_view(house, caller, "contact", contact_id)
    return shown


@router.post("/contacts/{contact_id}/entries", status_code=201, summary="Say something, or add a note")
async def say(request: Request, caller: AnyCaller, contact_id: str, wish: SayIn) -> SaidOut:
    house = house_of(request)
    choice = wish.choice.model_dump() if wish.choice else None
    if caller.actor.kind == "customer":
        entry = await run_in_threadpool(
            house.chat.say,
            caller.actor,
            contact_id,
            text=wish.text,
            choice=choice,
            attachments=wish.attachments,
            client_key=wish.client_key,
        )
    else:
        need(caller, "contacts.work")
        entry = await house.database.awrite(
            verbs.say, caller.actor, contact_id, wish, house.settings, house.trust.ours
        )

    def read(tx: Transaction) -> SaidOut:
        contact = queries.get(tx, contact_id)
        (shown,) = entries_out(tx, caller.actor, contact, [entry], caller.actor.language, zone=_zone(house))
        return SaidOut(contact=_out(tx, house, caller, contact), entry=shown)

    return await house.database.aread(read)


@router.post("/contacts/{contact_id}/attachments", status_code=201, summary="Send a picture or PDF")
async def attach(
    request: Request, caller: AnyCaller, contact_id: str, file: Annotated[UploadFile, File()]
) -> AttachmentOut:
    house = house_of(request)
    need(caller, "contacts.work")
    content = await file.read(house.settings.limits.attachment_mb * 1_048_576 + 1)
    attachment_id = await run_in_threadpool(
        house.chat.attach, caller.actor, contact_id, file.filename or "file", content
    )
    row = (await house.database.aread(queries.attachments, [attachment_id]))[attachment_id]
    return AttachmentOut(
        id=row.id,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        width=row.width,
        height=row.height,
        url=f"/api/v1/attachments/{row.id}",
    )


@router.get("/attachments/{attachment_id}", summary="The bytes of an attachment", response_class=Response)
async def attachment(request: Request, caller: AnyCaller, attachment_id: str) -> Response:
    house = house_of(request)
    need(caller, "contacts.read")
    row = await house.database.awrite(_read_attachment, caller.actor, attachment_id)
    return file_response(row, await run_in_threadpool(house.files.get, row.storage_key))


@router.post("/contacts/{contact_id}/hand-over", summary="担当者と話す: ask for a person")
async def hand_over(request: Request, caller: AnyCaller, contact_id: str, wish: HandOverIn) -> EntriesOut:
    house = house_of(request)
    if caller.actor.kind == "customer":
        before = await run_in_threadpool(house.chat.ask_person, caller.actor, contact_id, wish.client_key)
    else:
        need(caller, "contacts.work")
        before = await house.database.awrite(
            verbs.to_queue, caller.actor, contact_id, wish.queue, wish.reason
        )
    after = max(0, before.last_seq - 1)
    return await house.database.aread(_entries_after, house, caller, contact_id, after, PAGE)


@router.post("/contacts/{contact_id}/accept", summary="Accept an offered or waiting contact")
async def accept(request: Request, caller: StaffCaller, contact_id: str, wish: VersionIn) -> ContactOut:
    return await _desk(request, caller, contact_id, verbs.accept, wish.owner_version, _rules(request))


@router.post("/contacts/{contact_id}/decline", summary="Let an offer pass")
async def decline(request: Request, caller: StaffCaller, contact_id: str) -> ContactOut:
    return await _desk(request, caller, contact_id, verbs.decline)


@router.post("/contacts/{contact_id}/take", summary="Take a contact over")
async def take(request: Request, caller: StaffCaller, contact_id: str, wish: VersionIn) -> ContactOut:
    return await _desk(request, caller, contact_id, verbs.take, wish.owner_version, _rules(request))


@router.post("/contacts/{contact_id}/transfer", summary="Pass a contact on, with a note")
async def transfer(request: Request, caller: StaffCaller, contact_id: str, wish: TransferIn) -> ContactOut:
    return await _desk(request, caller, contact_id, verbs.transfer, wish, house_of(request).settings)


@router.post("/contacts/{contact_id}/resolve", summary="Mark as solved and ask the customer")
async def resolve(request: Request, caller: StaffCaller, contact_id: str, wish: ResolveIn) -> ContactOut:
    house = house_of(request)
    return await _desk(request, caller, contact_id, verbs.resolve, wish, house.settings, house.trust.ours)


@router.post("/contacts/{contact_id}/snooze", summary="Put aside until a moment")
async def snooze(request: Request, caller: StaffCaller, contact_id: str, wish: SnoozeIn) -> ContactOut:
    return await _desk(
        request, caller, contact_id, verbs.snooze, wish.until, wish.owner_version, wish.client_key
    )


@router.post("/contacts/{contact_id}/unsnooze", summary="Bring back from hold")
async def unsnooze(request: Request, caller: StaffCaller, contact_id: str) -> ContactOut:
    return await _desk(request, caller, contact_id, verbs.unsnooze)


@router.post("/contacts/{contact_id}/resolution", summary="The customer says whether it is solved")
async def resolution(
    request: Request, caller: CustomerCaller, contact_id: str, wish: ResolutionIn
) -> ContactOut:
    house = house_of(request)
    await run_in_threadpool(house.chat.confirm_resolution, caller.actor, contact_id, wish.solved)
    return await house.database.aread(_one_out, house, caller, contact_id)


@router.post("/contacts/{contact_id}/rating", summary="Rate the case")
async def rating(request: Request, caller: CustomerCaller, contact_id: str, wish: RatingIn) -> ContactOut:
    house = house_of(request)
    await run_in_threadpool(house.chat.rate, caller.actor, contact_id, Answer(**wish.model_dump()))
    return await house.database.aread(_one_out, house, caller, contact_id)


@router.post(
    "/contacts/{contact_id}/transcript", status_code=202, summary="Mail the transcript to the address on file"
)
async def transcript(
    request: Request, caller: CustomerCaller, contact_id: str, wish: TranscriptIn
) -> dict[str, Any]:
    await run_in_threadpool(house_of(request).chat.send_transcript, caller.actor, contact_id)
    return {}


@router.post("/contacts/{contact_id}/summary", summary="The customer corrects the hand-over summary")
async def summary(request: Request, caller: CustomerCaller, contact_id: str, wish: SummaryIn) -> ContactOut:
    house = house_of(request)
    await run_in_threadpool(house.chat.correct_summary, caller.actor, contact_id, wish.text, wish.line)
    return await house.database.aread(_one_out, house, caller, contact_id)


@router.post(
    "/contacts/{contact_id}/answer-by-mail",
    summary="The customer need not wait: the answer is mailed as well",
)
async def answer_by_mail(request: Request, caller: CustomerCaller, contact_id: str) -> ContactOut:
    house = house_of(request)
    await run_in_threadpool(house.chat.answer_by_mail, caller.actor, contact_id)
    return await house.database.aread(_one_out, house, caller, contact_id)


@router.post(
    "/contacts/{contact_id}/escalation", summary="Explain again, another agent, a senior one, a demand"
)
async def escalation(
    request: Request, caller: CustomerCaller, contact_id: str, wish: EscalationIn
) -> ContactOut:
    house = house_of(request)
    await run_in_threadpool(house.chat.escalate, caller.actor, contact_id, wish.wish, wish.text)
    return await house.database.aread(_one_out, house, caller, contact_id)


@router.post("/contacts/{contact_id}/seen", status_code=204, summary="Everything up to here was seen")
async def seen(request: Request, caller: AnyCaller, contact_id: str, wish: SeenIn) -> None:
    need(caller, "contacts.read")

    def note(tx: Transaction) -> None:
        contact = queries.visible(tx, caller.actor, contact_id)
        if caller.actor.kind == "customer":
            service.mark_seen(tx, contact_id, "customer", wish.seq)
        elif contact.owner_id == caller.actor.id:
            service.mark_seen(tx, contact_id, "agent", wish.seq)

    await house_of(request).database.awrite(note)


def _rules(request: Request) -> Rules:
    return Rules.of(house_of(request).settings)


async def _desk(
    request: Request, caller: Principal, contact_id: str, verb: Callable[..., Contact], *args: Any
) -> ContactOut:
    need(caller, "contacts.work")
    house = house_of(request)
    await house.database.awrite(verb, caller.actor, contact_id, *args)
    return await house.database.aread(_one_out, house, caller, contact_id)


def _entries_after(
    tx: Transaction, house: House, caller: Principal, contact_id: str, after: int, limit: int
) -> EntriesOut:
    contact = queries.visible(tx, caller.actor, contact_id)
    internal = caller.actor.kind != "customer"
    found = queries.entries(tx, contact_id, after=after, limit=limit + 1, internal=internal)
    more = len(found) > limit
    found = found[:limit]
    return EntriesOut(
        contact=_out(tx, house, caller, contact),
        entries=entries_out(tx, caller.actor, contact, found, caller.actor.language, zone=_zone(house)),
        cursor=found[-1].seq if more else contact.last_seq,
        more=more,
    )


def _one_out(tx: Transaction, house: House, caller: Principal, contact_id: str) -> ContactOut:
    return _out(tx, house, caller, queries.visible(tx, caller.actor, contact_id))


def _all_out(tx: Transaction, house: House, caller: Principal, contacts: list[Contact]) -> list[ContactOut]:
    present = {contact.id: house.presence.present(contact.id, "customer") for contact in contacts}
    return contacts_out(
        tx, caller.actor, contacts, caller.actor.language, present=present, timezone=_zone(house)
    )


def _out(tx: Transaction, house: House, caller: Principal, contact: Contact) -> ContactOut:
    present = house.presence.present(contact.id, "customer")
    return contact_out(
        tx, caller.actor, contact, caller.actor.language, present=present, timezone=_zone(house)
    )


def _zone(house: House) -> ZoneInfo:
    return ZoneInfo(house.settings.shop.timezone)


def _read_attachment(tx: Transaction, actor: Actor, attachment_id: str) -> Any:
    """The row, if the actor may see the contact that it belongs to; every reading is a line of the audit log (S-24)."""
    row = queries.attachments(tx, [attachment_id]).get(attachment_id)
    contact = queries.find(tx, row.contact_id) if row is not None else None
    if row is None or contact is None or not queries.may_see(actor, contact):
        raise NotFound("not_found")
    if actor.kind == "customer" and row.author_kind != "customer" and not row.said:
        raise NotFound("not_found")
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="attachment.read",
        object_kind="attachment",
        object_id=attachment_id,
        contact_id=row.contact_id,
    )
    return row
