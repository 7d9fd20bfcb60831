"""Mails on the course of a case, unasked: it moved, it will be late, we are still at it, it has stood still.

They go to the address on file, if the customer wants to hear of the case, or to the address that wrote by mail. They
hold the case's number, state and times, links to our pages and nothing that anybody typed. An address that has only
written to us gets at most one a day of those that no person of the shop has caused (S-04).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from madoguchi.channels.mail import threads
from madoguchi.channels.mail.answers import goes_by_mail
from madoguchi.channels.mail.filing import marked
from madoguchi.channels.mail.outbound import Outgoing, Postman
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.cases.promise_queries import promises_of
from madoguchi.counter.cases.promise_wording import late_text, lines
from madoguchi.counter.cases.wording import state_label
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.customers import preferences
from madoguchi.counter.customers import queries as customers
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Errand
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

_SUBJECTS = {
    "moved": "Your enquiry {number}: {state}",
    "late": "Your enquiry {number} takes longer than promised",
    "investigating": "Your enquiry {number}: we are still investigating",
    "stalled": "Your enquiry {number} has not moved on",
}
_NEXT_STEPS = {
    "waiting_for_us": "We go on with it; you need not do anything.",
    "waiting_for_customer": "We need your reply to go on. The time until the solution stands still until then.",
    "waiting_for_third_party": "Another company has to answer first. We ask again and tell you as soon as we know more.",
    "investigating": "We are looking into it and write to you at least every {hours} hours until we know more.",
    "resolved": "For us it is solved. If it is not for you, tell us, and it goes on.",
    "closed": "It is closed. If anything is left, write to us and it is opened again.",
    "reopened": "It is open again, and we go on with it.",
}
_BY_PERSONS = ("moved", "investigating")


@dataclass(frozen=True)
class _Reader:
    """Who gets it. `written`: the contact through which an address that is only known from its mail is answered."""

    address: str
    name: str
    language: str
    newest: Contact
    written: Contact | None


class CaseLetters:
    """Handler of the topic `mail.case`."""

    def __init__(self, database: Database, settings: Settings, keys: Keys, postman: Postman) -> None:
        self._database = database
        self._settings = settings
        self._keys = keys
        self._postman = postman
        self._zone = ZoneInfo(settings.shop.timezone)

    def send(self, errand: Errand) -> None:
        letter = self._database.write(self._letter, errand)
        if letter is not None:
            self._postman.post(errand, letter)

    def _letter(self, tx: Transaction, errand: Errand) -> Outgoing | None:
        told = errand.payload
        case = cases.find(tx, told["case_id"])
        reader = self._reader(tx, case) if case is not None else None
        if case is None or reader is None or not _still_true(case, told):
            return None
        message_id = threads.message_id(self._keys, errand.id, self._settings.mail.sender)
        by_itself = told["what"] not in _BY_PERSONS
        if reader.written and by_itself and threads.acknowledged_lately(tx, reader.address, but=message_id):
            return None
        kind = "acknowledgement" if reader.written and by_itself else "notice"
        threads.note_sent(tx, message_id, reader.newest.id, reader.address, kind)
        about, state = _SUBJECTS[told["what"]], told.get("state", case.state)
        subject = tr(reader.language, about, number=case.label, state=state_label(state, reader.language))
        mailbox = (reader.written and reader.written.attributes.get("mailbox")) or self._settings.mail.sender
        return Outgoing(
            to=reader.address,
            name=reader.name,
            subject=subject,
            text=marked(self._settings, reader.language, self._text(tx, case, reader, told)),
            language=reader.language,
            message_id=message_id,
            reply_to=threads.address_for(tx, self._keys, mailbox, reader.newest.id, reader.address),
            automatic=True,
        )

    def _reader(self, tx: Transaction, case: Case) -> _Reader | None:
        """None: nobody to write to, or nobody who wants it."""
        found = sorted(contacts.of_case(tx, case.id), key=lambda each: each.opened_at)
        if not found or not preferences.wants(tx, case.customer_id, "case_updates"):
            return None
        newest = found[-1]
        language = newest.language if newest.language in self._settings.shop.languages else "en"
        known = customers.find(tx, case.customer_id) if case.customer_id else None
        if known is not None:
            return _Reader(known.email, known.name, language, newest, None) if known.email else None
        by_mail = [each for each in found if goes_by_mail(each)]
        if not by_mail:
            return None
        written = by_mail[-1]
        return _Reader(written.attributes["mail_from"], "", language, written, written)

    def _text(self, tx: Transaction, case: Case, reader: _Reader, told: Mapping[str, Any]) -> str:
        language = reader.language
        shop = self._settings.shop.name_in(language)
        parts = [
            tr(language, "This is about your enquiry {number}.", number=case.label),
            *self._news(tx, case, language, told),
            "" if reader.written else self._page(reader, language),
            f"-- \n{shop}\n{self._settings.base_url}",
        ]
        return "\n\n".join(filter(None, parts))

    def _news(self, tx: Transaction, case: Case, language: str, told: Mapping[str, Any]) -> list[str]:
        match told["what"]:
            case "late":
                due, again = (datetime.fromisoformat(told[each]) for each in ("due", "again"))
                return [late_text(told["kind"], due, again, language)]
            case "stalled":
                return [
                    tr(
                        language,
                        "Nothing has happened in it for some days. We are sorry; our supervisors have been told.",
                    ),
                    tr(
                        language, "You can write to us again at any time, and it goes on in the same enquiry."
                    ),
                    tr(
                        language, "You can tell us what you think of it here: {url}", url=self._feedback(case)
                    ),
                ]
            case "investigating":
                hours = self._settings.investigation.notice_hours
                news = tr(
                    language,
                    "We are still investigating and know nothing new yet. You hear from us again within {hours} hours.",
                    hours=hours,
                )
                return [news, *self._promised(tx, case, language)]
            case _:
                state = told["state"]
                label = tr(language, "State: {state}", state=state_label(state, language))
                hours = self._settings.investigation.notice_hours
                step = tr(language, _NEXT_STEPS[state], hours=hours) if state in _NEXT_STEPS else ""
                return [label, step, *self._promised(tx, case, language)]

    def _promised(self, tx: Transaction, case: Case, language: str) -> list[str]:
        if not is_live(case.state):
            return []
        told = lines(promises_of(tx, case.id), language, self._zone, tx.now, case_state=case.state)
        return [each.text for each in told if each.due_at is not None]

    def _page(self, reader: _Reader, language: str) -> str:
        url = f"{self._settings.base_url}/contacts/{reader.newest.id}"
        return tr(language, "Everything about it, and the way to write to us: {url}", url=url)

    def _feedback(self, case: Case) -> str:
        return f"{self._settings.base_url}/help/feedback?{urlencode({'case': case.label})}"


def _still_true(case: Case, told: Mapping[str, Any]) -> bool:
    """A mail that waited for the mail server must not say what is over; a change of state remains a change."""
    if told["what"] == "investigating":
        return case.state == "investigating"
    return told["what"] == "moved" or is_live(case.state)
