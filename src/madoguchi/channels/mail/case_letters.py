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
from madoguchi.channels.mail.outbound import Outgoing, Postman
from madoguchi.channels.mail.wordbook.composing import Composed, compose
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
        letter = self._composed(tx, case, reader, told)
        mailbox = (reader.written and reader.written.attributes.get("mailbox")) or self._settings.mail.sender
        return Outgoing(
            to=reader.address,
            name=reader.name,
            subject=letter.subject,
            text=letter.text,
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

    def _composed(self, tx: Transaction, case: Case, reader: _Reader, told: Mapping[str, Any]) -> Composed:
        language, what = reader.language, told["what"]
        state = told.get("state", case.state)
        facts = {}
        if what in _BY_PERSONS:
            facts["promises"] = "\n\n".join(self._promised(tx, case, language))
        if what == "late":
            due, again = (datetime.fromisoformat(told[each]) for each in ("due", "again"))
            facts["late"] = late_text(told["kind"], due, again, language)
        return compose(
            tx,
            self._settings,
            f"case_{what}",
            language,
            {
                "number": case.label,
                "state": state_label(state, language),
                "hours": self._settings.investigation.notice_hours,
                "url": f"{self._settings.base_url}/contacts/{reader.newest.id}",
                "feedback": self._feedback(case),
            },
            facts,
            {state} if reader.written else {state, "page"},
        )

    def _promised(self, tx: Transaction, case: Case, language: str) -> list[str]:
        if not is_live(case.state):
            return []
        told = lines(promises_of(tx, case.id), language, self._zone, tx.now, case_state=case.state)
        return [each.text for each in told if each.due_at is not None]

    def _feedback(self, case: Case) -> str:
        return f"{self._settings.base_url}/help/feedback?{urlencode({'case': case.label})}"


def _still_true(case: Case, told: Mapping[str, Any]) -> bool:
    """A mail that waited for the mail server must not say what is over; a change of state remains a change."""
    if told["what"] == "investigating":
        return case.state == "investigating"
    return told["what"] == "moved" or is_live(case.state)
