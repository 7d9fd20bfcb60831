"""Keeping what was said: one contact, a case or the whole history, to print, as text, PDF or JSON (HIS-007, HIS-010)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Rung
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.problems import NotFound, TooMany
from madoguchi.engine.database import Transaction
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.record_pdf import write_pdf
from madoguchi.faces.record_text import facts, head, stamp, write_text
from madoguchi.faces.records import Record, as_json, conversations
from madoguchi.faces.rendering import page_headers

router = APIRouter(include_in_schema=False)
Shape = Literal["html", "txt", "pdf", "json"]
_TYPES = {"txt": "text/plain; charset=utf-8", "pdf": "application/pdf", "json": "application/json"}
_ALL = 2000  # contacts
_AT_ONCE, _WITHIN_S = 30, 600


@router.get("/contacts/{contact_id}/record.{shape}")
def of_contact(visit: Visiting, contact_id: str, shape: Shape) -> Response:
    def read(tx: Transaction) -> Record:
        found = queries.find(tx, contact_id)
        if found is None or not queries.may_see(visit.actor, found):
            _sign_in_first(visit)
            raise NotFound("contact_not_found")
        contact = queries.visible(tx, visit.actor, contact_id)
        case = cases.find(tx, contact.case_id) if contact.case_id else None
        return _record(tx, visit, case.label if case else contact.id, [contact])

    return _answer(visit, read, shape)


@router.get("/cases/{number}/record.{shape}")
def of_case(visit: Visiting, number: str, shape: Shape) -> Response:
    def read(tx: Transaction) -> Record:
        case = cases.by_number(tx, number)
        if case is None or not cases.may_see(visit.actor, case):
            _sign_in_first(visit)
            raise NotFound("case_not_found")
        seen = cases.visible(tx, visit.actor, number)
        own = [each for each in queries.of_case(tx, seen.id) if queries.may_see(visit.actor, each)]
        return _record(tx, visit, seen.label, own)

    return _answer(visit, read, shape)


@router.get("/history/record.{shape}")
def of_everything(visit: Visiting, shape: Shape) -> Response:
    """As far back as conversations are kept, the oldest first."""
    visit.need_rung(Rung.SIGNED_IN)
    since = visit.clock() - timedelta(days=visit.settings.history.keep_days)

    def read(tx: Transaction) -> Record:
        own = queries.of_actor(tx, visit.actor, limit=_ALL, since=since)
        return _record(tx, visit, "history", own[::-1])

    return _answer(visit, read, shape)


def _sign_in_first(visit: Visit) -> None:
    """Whoever has signed in learns only that there is no such thing here."""
    if not visit.signed_in:
        visit.sign_in_first(Rung.SIGNED_IN)


def _record(tx: Transaction, visit: Visit, about: str, contacts: Sequence[Contact]) -> Record:
    told = conversations(tx, visit.actor, contacts, visit.language, visit.zone, visit.settings.base_url)
    return Record(visit.shop_name, about, visit.language, visit.zone, visit.clock(), told)


def _answer(visit: Visit, read: Callable[[Transaction], Record], shape: Shape) -> Response:
    wait = visit.house.limiter.check("records", visit.actor.id or "nobody", _AT_ONCE, _WITHIN_S)
    if wait is not None:
        raise TooMany("too_many", retry_after=wait)
    record = visit.house.database.read(read)
    if shape == "html":
        return visit.page("customer/record.html", record=record, head=head(record), facts=facts, stamp=stamp)
    written = _write(record, shape)
    headers = page_headers(visit.settings)
    headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(record.about)}.{shape}"
    return Response(written, media_type=_TYPES[shape], headers=headers)


def _write(record: Record, shape: Shape) -> str | bytes:
    if shape == "pdf":
        return write_pdf(record)
    return write_text(record) if shape == "txt" else json.dumps(as_json(record), ensure_ascii=False, indent=2)
