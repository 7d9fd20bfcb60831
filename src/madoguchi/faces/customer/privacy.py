"""Privacy for customers: settings, what is kept and for how long, a copy of everything, erasure in two steps (PRIV)."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Rung
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.customers import preferences
from madoguchi.counter.privacy import service, wording
from madoguchi.counter.privacy.erasing import count_of, kept
from madoguchi.counter.privacy.model import Kind, PrivacyRequest
from madoguchi.counter.privacy.ways import Where, of_person, of_rows, tables_of_people
from madoguchi.counter.problems import Conflict, NotFound
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import EntryOut
from madoguchi.faces.customer.history import CaseFile, case_files
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.entry_views import entries_out
from madoguchi.faces.files import copy_response

router = APIRouter(include_in_schema=False)
HOME = "/account/privacy"
_SHOWN = 300


@dataclass(frozen=True)
class Choice:
    """One setting in plain words."""

    name: preferences.Preference
    words: str
    detail: str


CHOICES = (
    Choice("case_updates", "Mails on the course of my enquiries", "When an answer is there, or a time changes."),
    Choice("new_contacts", "A mail for every new enquiry in my name", "So that you notice if somebody else writes in your name."),
    Choice("surveys", "Short surveys after an enquiry is solved", "One question, at most three."),
    Choice("personal_answers", "Answers that use my history and orders", "When off, the AI assistant asks you for the order number instead of looking at your orders and earlier enquiries."),
)  # fmt: skip


@router.get(HOME)
def home(visit: Visiting) -> Response:
    _need_somebody(visit)
    return _page(visit)


@router.post(f"{HOME}/settings")
def keep_settings(visit: Visiting) -> Response:
    """Every box as it stands on the page; what did not change leaves no record."""
    visit.need_rung(Rung.SIGNED_IN, HOME)
    customer_id, wanted = visit.actor.customer_id, set(visit.form.values("wanted"))
    assert customer_id is not None

    def keep(tx: Transaction) -> None:
        for name, before in preferences.all_of(tx, customer_id).items():
            if before != (name in wanted):
                preferences.choose(tx, customer_id, name, name in wanted, visit.actor)

    visit.house.database.write(keep)
    return visit.redirect(f"{HOME}?kept=yes#settings")


@router.get(f"{HOME}/contacts/{{contact_id}}")
def contact(visit: Visiting, contact_id: str) -> Response:
    """Which messages of a conversation, or all of it."""
    _need_somebody(visit)
    return _contact_page(visit, contact_id)


@router.post(f"{HOME}/requests")
def ask(visit: Visiting) -> Response:
    """The first step: nothing happens before the next page is confirmed."""
    _need_somebody(visit)
    kind = _kind(visit.form.value("kind"))
    contact_id = visit.form.value("contact_id")
    seqs = [int(each) for each in visit.form.values("seq") if each.isdecimal() and len(each) < 9]
    if kind == "messages" and not seqs:
        visit.form.wrong("seq", "Choose at least one message")
        return _contact_page(visit, contact_id, 422)
    try:
        wish = visit.house.database.write(
            lambda tx: service.ask(tx, visit.actor, kind, contact_id=contact_id, seqs=seqs)
        )
    except Conflict:
        return _page(visit, 409, held=True)
    return visit.redirect(f"{HOME}/requests/{wish.id}")


@router.get(f"{HOME}/requests/{{request_id}}")
def request_page(visit: Visiting, request_id: str) -> Response:
    """What exactly will be done, and what stays; or how far it is."""
    _need_somebody(visit)
    return _request_page(visit, visit.house.database.read(service.visible, visit.actor, request_id))


@router.post(f"{HOME}/requests/{{request_id}}/confirm")
def confirm(visit: Visiting, request_id: str) -> Response:
    """The second step, by somebody whose identity has just been checked."""
    _need_somebody(visit)
    page = f"{HOME}/requests/{request_id}"
    wish = visit.house.database.read(service.visible, visit.actor, request_id)
    if visit.actor.customer_id:
        visit.need_rung(Rung.FRESH, page)
    try:
        visit.house.database.write(service.confirm, visit.actor, wish.id, visit.settings.privacy)
    except Conflict as conflict:
        return _request_page(visit, wish, 409, held=conflict.code == "held", over=conflict.code != "held")
    return visit.redirect(page)


@router.post(f"{HOME}/requests/{{request_id}}/withdraw")
def withdraw(visit: Visiting, request_id: str) -> Response:
    _need_somebody(visit)
    try:
        visit.house.database.write(service.withdraw, visit.actor, request_id)
    except Conflict:
        wish = visit.house.database.read(service.visible, visit.actor, request_id)
        return _request_page(visit, wish, 409, over=True)
    return visit.redirect(f"{HOME}/requests/{request_id}")


@router.get(f"{HOME}/requests/{{request_id}}/download")
def download(visit: Visiting, request_id: str) -> Response:
    """The copy itself: only to its owner, only for some days."""
    _need_somebody(visit)
    wish = visit.house.database.read(service.visible, visit.actor, request_id)
    now = visit.house.database.clock()
    if wish.storage_key is None or wish.expires_at is None or wish.expires_at <= now:
        raise NotFound("not_found")
    return copy_response(visit.house.files.blocks(wish.storage_key), f"my-data-{wish.asked_at:%Y%m%d}.zip")


def _need_somebody(visit: Visit) -> None:
    """Signed in; or a guest with a mailed code, for what this session did."""
    if visit.principal is None or visit.actor.rung < Rung.ORDER:
        visit.sign_in_first(Rung.SIGNED_IN, visit.here if visit.request.method == "GET" else HOME)


def _kind(value: str) -> Kind:
    known: dict[str, Kind] = {"export": "export", "messages": "messages", "contact": "contact"}
    known |= {"history": "history", "everything": "everything"}
    if value not in known:
        raise NotFound("not_found")
    return known[value]


def _page(visit: Visit, status: int = 200, *, held: bool = False) -> Response:
    customer_id = visit.actor.customer_id

    def read(tx: Transaction) -> tuple[dict[preferences.Preference, bool], list[PrivacyRequest]]:
        wanted = preferences.all_of(tx, customer_id) if customer_id else {}
        return wanted, service.of_actor(tx, visit.actor)

    wanted, asked = visit.house.database.read(read)
    return visit.page(
        "customer/privacy.html",
        status,
        choices=[(each, wanted[each.name]) for each in CHOICES] if customer_id else [],
        kept_for=wording.kept_for(visit.settings, visit.language),
        stays=wording.stays(visit.language),
        requests=[_told(visit, each) for each in asked],
        files=_erasable(visit),
        kept=visit.request.query_params.get("kept") == "yes",
        held=held,
    )


def _erasable(visit: Visit) -> list[CaseFile]:
    return case_files(visit, visit.settings.history.keep_days)


def _contact_page(visit: Visit, contact_id: str, status: int = 200) -> Response:
    def read(tx: Transaction) -> list[EntryOut]:
        seen = contacts.visible(tx, visit.actor, contact_id)
        found = contacts.entries(tx, contact_id, limit=5000, internal=False)
        said = [e for e in found if e.kind == events.MESSAGE and "erased" not in e.body]
        return entries_out(tx, visit.actor, seen, said[-_SHOWN:], visit.language)

    return visit.page(
        "customer/privacy_contact.html", status, contact_id=contact_id, said=visit.house.database.read(read)
    )


def _request_page(
    visit: Visit, wish: PrivacyRequest, status: int = 200, *, held: bool = False, over: bool = False
) -> Response:
    def read(tx: Transaction) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
        if wish.kind in ("messages", "export") or wish.state not in ("asked", "confirmed"):
            return {}, {}
        where = (
            of_rows("contact", [wish.contact_id]) if wish.contact_id else of_person(service.person_of(wish))
        )
        account = wish.kind == "everything"
        return _going(tx, where, account), kept(
            tx, where, account=account, spared=("audit", "privacy_request")
        )

    going, staying = visit.house.database.read(read)
    name = visit.language
    return visit.page(
        "customer/privacy_request.html",
        status,
        wish=wish,
        told=_told(visit, wish),
        going=[(wording.label(table, name), rows) for table, rows in going.items()],
        staying=[(wording.label(table, name), rows["kept"]) for table, rows in staying.items()],
        done=_done(wish, name),
        held=held,
        over=over,
    )


def _going(tx: Transaction, where: Where, account: bool) -> dict[str, int]:
    """What the erasure would remove now, by table."""
    found: dict[str, int] = {}
    for table, rule in tables_of_people():
        goes = rule.erase == "delete" and not rule.mentioned and (account or not rule.account)
        rows = count_of(tx, table, where) if goes else 0
        if rows:
            found[table.name] = rows
    return found


def _done(wish: PrivacyRequest, language: str) -> list[tuple[str, str, int]]:
    """The record in words: kind of thing, what happened to it, how many."""
    words = {
        "erased": "erased",
        "blanked": "emptied",
        "kept": "kept",
        "exported": "in the copy",
        "files": "files",
    }
    return [
        (wording.label(table, language), words[what], rows)
        for table, of_table in sorted(wish.counts.items())
        for what, rows in of_table.items()
    ]


def _told(visit: Visit, wish: PrivacyRequest) -> dict[str, object]:
    return {
        "id": wish.id,
        "label": wording.kind_text(wish.kind, visit.language),
        "state": wording.state_text(wish.state, visit.language),
        "asked_at": wish.asked_at,
        "due_at": wish.due_at,
        "latest": service.latest_end(wish, visit.settings.privacy),
        "ready": wish.storage_key is not None,
        "expires_at": wish.expires_at,
        "open": wish.state in ("asked", "confirmed"),
    }
