"""Earlier enquiries by case, newest first, with state, last word, next step; looked through by word, state, channel and day
(W5, HIS-001, HIS-002, CASE-007, CH-047)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Rung
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.search.finding import find
from madoguchi.counter.search.query import parse
from madoguchi.counter.search.rows import Filters
from madoguchi.counter.search.snippets import Piece
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import CaseOut, ContactOut
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.search_views import days
from madoguchi.faces.views import contacts_out
from madoguchi.faces.wording import CHANNELS, channel_label

router = APIRouter(include_in_schema=False)
STATES = ("all", "open", "done")
ON_A_PAGE = 10  # cases
_ALL = 2000  # contacts of one person
_FOUND = 300  # contacts in which a word is found
_SHOWN = 2  # hits of a contact


@dataclass
class CaseFile:
    """A case with its contacts, newest first; contacts without a case stand alone."""

    case: CaseOut | None
    contacts: list[ContactOut] = field(default_factory=list)

    @property
    def live(self) -> bool:
        return any(contact.state != "ended" for contact in self.contacts)


@dataclass(frozen=True)
class Asked:
    """What the reader looks for. `problem`: a day that is none."""

    words: str = ""
    state: str = "all"
    channel: str = ""
    since: date | None = None
    until: date | None = None
    older: bool = False
    page: int = 1

    @property
    def narrows(self) -> bool:
        return self != replace(Asked(), state=self.state, older=self.older, page=self.page)

    @property
    def query(self) -> dict[str, str]:
        """As the page's address has it."""
        return {
            "q": self.words,
            "state": "" if self.state == "all" else self.state,
            "channel": self.channel,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "older": "yes" if self.older else "",
            "page": "" if self.page == 1 else str(self.page),
        }


@dataclass(frozen=True)
class Shelf:
    """One page of cases; `hits`: contact → where the words stand in it."""

    files: list[CaseFile]
    hits: dict[str, list[list[Piece]]]
    total: int
    pages: int


@router.get("/history")
def history(visit: Visiting) -> Response:
    """Visitors see this session's own; everything of the account after signing in (HIS-010)."""
    if visit.principal is None:
        visit.sign_in_first(Rung.SIGNED_IN)
    window = visit.settings.history
    asked = _asked(visit)
    shelf = visit.house.database.read(_shelf, visit, asked)
    return visit.page(
        "customer/history.html",
        422 if visit.form.errors else 200,
        asked=asked,
        files=shelf.files,
        hits=shelf.hits,
        total=shelf.total,
        pages=shelf.pages,
        channels=[(name, channel_label(name, visit.language)) for name in CHANNELS],
        channel_label=channel_label,
        list_days=window.list_days,
        keep_days=window.keep_days,
    )


def case_files(visit: Visit, days: int) -> list[CaseFile]:
    """Everything of the last days by case, newest first."""

    def read(tx: Transaction) -> list[CaseFile]:
        own = queries.of_actor(tx, visit.actor, limit=_ALL, since=tx.now - timedelta(days=days))
        return [_file(tx, visit, contacts) for contacts in _by_case(own)]

    return visit.house.database.read(read)


def _asked(visit: Visit) -> Asked:
    query = visit.request.query_params
    visit.form.start_with(q=query.get("q", "")[:200], since=query.get("since"), until=query.get("until"))
    state, channel = query.get("state", "all"), query.get("channel", "")
    page = query.get("page", "1")
    return Asked(
        words=query.get("q", "")[:200].strip(),
        state=state if state in STATES else "all",
        channel=channel if channel in CHANNELS else "",
        since=_day(visit, "since"),
        until=_day(visit, "until"),
        older=query.get("older") == "yes",
        page=max(1, int(page[:6])) if page.isascii() and page.isdigit() else 1,
    )


def _day(visit: Visit, name: str) -> date | None:
    given = visit.form.value(name).strip()
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        visit.form.wrong(name, "Please write the day like this: {example}", example="2026-11-20")
        return None


def _shelf(tx: Transaction, visit: Visit, asked: Asked) -> Shelf:
    """Whoever looks for something looks through all that is kept; the plain list begins with the newest days."""
    window = visit.settings.history
    shown_days = window.keep_days if asked.older or asked.narrows else window.list_days
    own = queries.of_actor(tx, visit.actor, limit=_ALL, since=tx.now - timedelta(days=shown_days))
    own, hits = _narrowed(tx, visit, asked, own)
    files = [file for file in _by_case(own) if asked.state == "all" or _live(file) == (asked.state == "open")]
    pages = max(1, -(-len(files) // ON_A_PAGE))
    first = (min(asked.page, pages) - 1) * ON_A_PAGE
    shown = [_file(tx, visit, contacts) for contacts in files[first : first + ON_A_PAGE]]
    return Shelf(shown, hits, len(files), pages)


def _narrowed(
    tx: Transaction, visit: Visit, asked: Asked, own: Sequence[Contact]
) -> tuple[list[Contact], dict[str, list[list[Piece]]]]:
    begin, end = days(visit.settings, asked.since, asked.until)
    if not asked.words:
        kept = [
            contact
            for contact in own
            if (not asked.channel or contact.channel == asked.channel)
            and (begin is None or contact.updated_at >= begin)
            and (end is None or contact.opened_at < end)
        ]
        return kept, {}
    since = tx.now - timedelta(days=visit.settings.history.keep_days)
    filters = Filters(channel=asked.channel, since=begin, until=end)
    page = find(tx, visit.actor, parse(asked.words), filters, limit=_FOUND, own_since=since)
    hits = {
        found.contact.id: [hit.pieces for hit in found.hits if hit.entry is not None][:_SHOWN]
        for found in page.found
    }
    return [contact for contact in own if contact.id in hits], hits


def _by_case(contacts: Sequence[Contact]) -> list[list[Contact]]:
    files: dict[str, list[Contact]] = {}
    for contact in contacts:
        files.setdefault(contact.case_id or contact.id, []).append(contact)
    return list(files.values())


def _live(contacts: Sequence[Contact]) -> bool:
    return any(contact.state != "ended" for contact in contacts)


def _file(tx: Transaction, visit: Visit, contacts: Sequence[Contact]) -> CaseFile:
    views = contacts_out(tx, visit.actor, contacts, visit.language, timezone=visit.zone)
    return CaseFile(views[0].case, views)
