"""Contacting us again: what is needed of the time before, at a glance; and a note of a contact to keep (ADV-012, ADV-017)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.problems import NotFound
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import Clockwork, page_headers
from madoguchi.faces.views import contact_out
from madoguchi.kit.languages import colon

router = APIRouter(include_in_schema=False)
LONGEST = 160


@dataclass(frozen=True)
class Last:
    """The newest contact that has come to its end, for asking again about it."""

    number: str
    agent: str
    words: str
    topic: str
    order: str


def last_contact(visit: Visit) -> Last | None:
    """None for somebody who has not contacted us, or whose contact is still open and shown as such."""
    if visit.principal is None:
        return None
    mine = visit.house.chat.history(visit.actor, days=visit.settings.history.keep_days)
    ended = next((contact for contact in mine if contact.state != "open" and contact.case_id), None)
    return None if ended is None else visit.house.database.read(_last, visit, ended)


@router.get("/contacts/{contact_id}/note")
def note(visit: Visiting, contact_id: str) -> Response:
    """A small text file: number, time, who answered, the last words, where to go on."""
    text, name = visit.house.database.read(_note, visit, contact_id)
    headers = page_headers(visit.settings)
    headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.txt"
    return Response(text, media_type="text/plain; charset=utf-8", headers=headers)


def _last(tx: Transaction, visit: Visit, contact: Contact) -> Last | None:
    view = contact_out(tx, visit.actor, contact, visit.language, timezone=visit.zone)
    if view.case is None:
        return None
    said = _messages(tx, contact)
    return Last(
        view.case.number,
        _who(tx, visit, said),
        _words(said),
        contact.topic,
        contact.order_number,
    )


def _note(tx: Transaction, visit: Visit, contact_id: str) -> tuple[str, str]:
    if visit.principal is None:
        raise NotFound("contact_not_found")
    contact = queries.visible(tx, visit.actor, contact_id)
    view = contact_out(tx, visit.actor, contact, visit.language, timezone=visit.zone)
    said = _messages(tx, contact)
    when = Clockwork(visit.language, visit.settings.shop.timezone, visit.clock())
    number = view.case.number if view.case else contact.id
    rows = (
        (visit.t("Enquiry number"), number),
        (visit.t("About"), view.title),
        (visit.t("Order number"), contact.order_number),
        (visit.t("Began"), when.moment(contact.opened_at)),
        (visit.t("Last message"), when.moment(said[-1].at) if said else ""),
        (visit.t("Answered by"), _who(tx, visit, said)),
        (visit.t("State"), view.state_label),
        (visit.t("Last words"), _words(said)),
        (visit.t("To go on"), f"{visit.settings.base_url}/contacts/{contact.id}"),
    )
    lines = [f"{label}{colon(visit.language)}{value}" for label, value in rows if value]
    return "\n".join([visit.shop_name, *lines, ""]), number


def _messages(tx: Transaction, contact: Contact) -> list[Entry]:
    found = queries.entries(tx, contact.id, limit=5000, internal=False)
    return [entry for entry in found if entry.kind == events.MESSAGE and entry.body.get("text")]


def _who(tx: Transaction, visit: Visit, said: list[Entry]) -> str:
    """The agent who answered last, or the assistant where no person did."""
    agent = next((entry.author_id for entry in reversed(said) if entry.author_kind == "agent"), "")
    return team.display_name(tx, agent) if agent else visit.t("AI assistant")


def _words(said: list[Entry]) -> str:
    """The last words, from whichever side, in one line."""
    line = " ".join(str(said[-1].body["text"]).split()) if said else ""
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
