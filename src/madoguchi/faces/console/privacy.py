"""Privacy for supervisors: requests, erasure on a customer's behalf, holds, what retention removed (HIS-006, PRIV-004)."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.cases import queries as cases
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.privacy import holds, retention, service, wording
from madoguchi.counter.privacy.model import Hold, Kind, PrivacyRequest, Report
from madoguchi.counter.privacy.ways import Person
from madoguchi.counter.problems import Conflict, Invalid, NotFound, SignInNeeded
from madoguchi.engine.database import Transaction
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.pages import Working
from madoguchi.faces.principal import need

router = APIRouter(prefix="/console/privacy")
HOME = "/console/privacy"
KINDS: dict[str, Kind] = {
    "export": "export",
    "messages": "messages",
    "contact": "contact",
    "history": "history",
    "everything": "everything",
}


async def keeper(visit: Working) -> Visit:
    """Somebody who may erase. Raises SignInNeeded, NotAllowed."""
    if visit.principal is None:
        raise SignInNeeded("session_needed", back=visit.here if visit.request.method == "GET" else HOME)
    need(visit.principal, "history.erase")
    return visit


Keeping = Annotated[Visit, Depends(keeper)]


@router.get("")
def home(visit: Keeping) -> Response:
    return _page(visit)


@router.post("/requests")
def ask(visit: Keeping) -> Response:
    """Note what a customer asked for by telephone or mail; it waits for the confirmation on the same page."""
    form = visit.form
    kind = KINDS.get(form.one_of("kind", KINDS, needed="Choose what is to be done"))
    whose = form.text("whose", needed="Enter the number of the customer or of the conversation", longest=60)
    seqs = [
        int(each) for each in form.text("seqs", longest=400).replace(",", " ").split() if each.isdecimal()
    ]
    if kind == "messages" and not seqs:
        form.wrong("seqs", "Choose at least one message")
    if kind is None or not form.is_fine:
        return _page(visit, 422)
    of_contact = kind in ("messages", "contact")

    def write(tx: Transaction) -> PrivacyRequest:
        found = None if of_contact else customers.by_shop_ref(tx, whose) or customers.find(tx, whose)
        if not of_contact and found is None:
            raise NotFound("not_found")
        person = Person(found.id) if found else None
        contact_id = whose if of_contact else ""
        return service.ask(tx, visit.actor, kind, person=person, contact_id=contact_id, seqs=seqs)

    try:
        visit.house.database.write(write)
    except NotFound:
        form.wrong("whose", "There is nobody and nothing with this number")
    except Invalid:
        form.wrong("seqs", "One of these numbers is not a message of the conversation")
    except Conflict:
        form.wrong("whose", "It is held and cannot be erased")
    return visit.redirect(HOME) if form.is_fine else _page(visit, 422)


@router.post("/requests/{request_id}/confirm")
def confirm(visit: Keeping, request_id: str) -> Response:
    try:
        visit.house.database.write(service.confirm, visit.actor, request_id, visit.settings.privacy)
    except Conflict:
        visit.form.wrong("whose", "It is held and cannot be erased")
        return _page(visit, 409)
    return visit.redirect(HOME)


@router.post("/requests/{request_id}/withdraw")
def withdraw(visit: Keeping, request_id: str) -> Response:
    with suppress(Conflict):  # begun or done: the page shows it
        visit.house.database.write(service.withdraw, visit.actor, request_id)
    return visit.redirect(HOME)


@router.post("/holds")
def hold(visit: Keeping) -> Response:
    form = visit.form
    what = form.text("held", needed="Enter the number of a customer or of a case", longest=60)
    reason = form.text("reason", needed="Say why it has to be kept", longest=500)
    until = _day(visit, form.text("until", longest=10))
    if not form.is_fine:
        return _page(visit, 422)

    def write(tx: Transaction) -> Hold:
        if cases.by_number(tx, what) is not None:
            return holds.set_hold(tx, visit.actor, case=what, reason=reason, until=until)
        found = customers.by_shop_ref(tx, what) or customers.find(tx, what)
        if found is None:
            raise NotFound("not_found")
        return holds.set_hold(tx, visit.actor, customer_id=found.id, reason=reason, until=until)

    try:
        visit.house.database.write(write)
    except NotFound:
        form.wrong("held", "There is nobody and nothing with this number")
    except Invalid:
        form.wrong("until", "Choose a day in the future")
    return visit.redirect(f"{HOME}#holds") if form.is_fine else _page(visit, 422)


@router.post("/holds/{hold_id}/lift")
def lift(visit: Keeping, hold_id: str) -> Response:
    visit.house.database.write(holds.lift, visit.actor, hold_id)
    return visit.redirect(f"{HOME}#holds")


def _page(visit: Visit, status: int = 200) -> Response:
    def read(tx: Transaction) -> tuple[list[PrivacyRequest], list[Hold], list[Report], dict[str, str]]:
        standing = holds.standing(tx)
        names = {each.id: _held_name(tx, each) for each in standing}
        return service.newest(tx), standing, retention.reports(tx, limit=14), names

    asked, standing, reports, names = visit.house.database.read(read)
    language = visit.language
    return visit.page(
        "console/privacy.html",
        status,
        requests=[
            (
                each,
                wording.kind_text(each.kind, language),
                wording.state_text(each.state, language),
                _rows(each),
            )
            for each in asked
        ],
        holds=[(each, names[each.id]) for each in standing],
        reports=[
            (each, [(wording.class_text(name, language), of) for name, of in each.classes.items()])
            for each in reports
        ],
        kinds=[(kind, wording.kind_text(kind, language)) for kind in KINDS.values()],
    )


def _rows(each: PrivacyRequest) -> int:
    return sum(
        rows
        for of in each.counts.values()
        for what, rows in of.items()
        if what in ("erased", "blanked", "exported")
    )


def _held_name(tx: Transaction, each: Hold) -> str:
    if each.case_id is not None:
        found = cases.find(tx, each.case_id)
        return found.label if found else each.case_id
    owner = customers.find(tx, each.customer_id or "")
    return owner.shop_ref if owner else ""


def _day(visit: Visit, text: str) -> datetime | None:
    """The end of that day of the shop; empty: until it is lifted."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day, not a moment)
    except ValueError:
        visit.form.wrong("until", "Write the day like 2027-03-31")
        return None
    return datetime.combine(day, time(), visit.zone) + timedelta(days=1)
