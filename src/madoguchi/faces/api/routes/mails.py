"""Received mails for staff: what was read of one, its safe HTML for a frame, the raw mail; the mails of a contact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from sqlalchemy import select

from madoguchi.channels.mail.authenticity import Authentication, read_back
from madoguchi.channels.mail.model import received_mail
from madoguchi.counter.contacts import queries
from madoguchi.engine.database import Transaction
from madoguchi.faces import mails
from madoguchi.faces.api.schemas import Out
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import StaffCaller, need, note_view

router = APIRouter(tags=["desk"])


class AuthenticationOut(Out):
    """What the sender's domain says about the mail. A pass proves a domain and never a person."""

    by: str = Field(description="us, server (our own mail server), or empty: nobody could tell.")
    domain: str
    spf: str
    dkim: str
    dmarc: str
    policy: str = Field(description="What the domain asks for mails that fail: none, quarantine, reject.")


class MailLineOut(Out):
    id: str
    subject: str
    sender: str = Field(description="As the mail says; unproved.")
    taken_at: datetime
    seq: int | None
    authentication: AuthenticationOut | None = None


class MailsOut(Out):
    mails: list[MailLineOut]


class MailOut(MailLineOut):
    """`quoted`: what it answers. `has_html`: whether `/html` shows something."""

    recipients: list[str]
    copied: list[str]
    text: str
    quoted: str
    has_html: bool
    files: list[str]
    defects: list[str]


@router.get("/contacts/{contact_id}/mails", summary="The mails that came in a contact")
async def of_contact(request: Request, caller: StaffCaller, contact_id: str) -> MailsOut:
    need(caller, "contacts.work")
    house = house_of(request)

    def read(tx: Transaction) -> MailsOut:
        queries.visible(tx, caller.actor, contact_id)
        rows = tx.all(
            select(received_mail)
            .where(received_mail.c.contact_id == contact_id)
            .order_by(received_mail.c.taken_at, received_mail.c.id)
            .limit(500)
        )
        return MailsOut(mails=[MailLineOut(**_line(row)) for row in rows])

    shown = await house.database.aread(read)
    await note_view(house, caller, "contact", contact_id)
    return shown


@router.get("/mails/{mail_id}", summary="One mail as it was read")
async def one(request: Request, caller: StaffCaller, mail_id: str) -> MailOut:
    need(caller, "contacts.work")
    looked = await run_in_threadpool(mails.look, house_of(request), caller.actor, mail_id)
    mail = looked.mail
    return MailOut(
        **_line(looked.received),
        recipients=[each.address for each in mail.recipients] if mail else [],
        copied=[each.address for each in mail.copied] if mail else [],
        text=mail.text if mail else "",
        quoted=mail.quoted if mail else "",
        has_html=bool(mail and mail.html),
        files=[each.name for each in mail.files] if mail else [],
        defects=list(mail.defects) if mail else ["unreadable"],
    )


@router.get(
    "/mails/{mail_id}/html", summary="Its safe HTML, for a sandboxed frame of ours", response_class=Response
)
async def as_html(request: Request, caller: StaffCaller, mail_id: str) -> Response:
    need(caller, "contacts.work")
    return mails.framed(await run_in_threadpool(mails.look, house_of(request), caller.actor, mail_id))


@router.get("/mails/{mail_id}/original", summary="The mail as it came (.eml)", response_class=Response)
async def original(request: Request, caller: StaffCaller, mail_id: str) -> Response:
    need(caller, "contacts.work")
    received, raw = await run_in_threadpool(mails.original, house_of(request), caller.actor, mail_id)
    return mails.download(received, raw)


def _line(row: Any) -> dict[str, Any]:
    found = read_back(row.authentication)
    return {
        "id": row.id,
        "subject": row.subject,
        "sender": row.sender,
        "taken_at": row.taken_at,
        "seq": row.seq,
        "authentication": _told(found) if found else None,
    }


def _told(found: Authentication) -> AuthenticationOut:
    return AuthenticationOut(
        by=found.by,
        domain=found.domain,
        spf=found.spf,
        dkim=found.dkim,
        dmarc=found.dmarc,
        policy=found.policy,
    )
