"""Mails to somebody whom an agent waits for, or who wished for the answer by mail: a word, and the way back (ux §5.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from madoguchi.channels.mail.outbound import Postman
from madoguchi.channels.mail.wordbook.composing import Composed, compose
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers import return_links
from madoguchi.counter.orders.phrases import moment_text
from madoguchi.counter.routing.attending import CALLED
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Errand
from madoguchi.engine.settings import Settings


@dataclass(frozen=True)
class _Letter:
    to: str
    name: str
    language: str
    composed: Composed


class WaitingLetters:
    """Handlers of the topics `mail.called` and `mail.answered`. Without an address on file nothing goes out."""

    def __init__(self, database: Database, settings: Settings, keys: Keys, postman: Postman) -> None:
        self._database = database
        self._settings = settings
        self._keys = keys
        self._postman = postman
        self._zone = ZoneInfo(settings.shop.timezone)

    def called(self, errand: Errand) -> None:
        """Nothing goes out to somebody who has come back meanwhile."""
        self._send(errand, self._database.write(self._letter, errand))

    def answered(self, errand: Errand) -> None:
        self._send(errand, self._database.write(self._letter, errand))

    def _send(self, errand: Errand, letter: _Letter | None) -> None:
        if letter is None:
            return
        self._postman.send(
            errand,
            to=letter.to,
            name=letter.name,
            subject=letter.composed.subject,
            text=letter.composed.text,
            language=letter.language,
        )

    def _letter(self, tx: Transaction, errand: Errand) -> _Letter | None:
        contact = queries.find(tx, errand.payload["contact_id"])
        customer = customers.find(tx, contact.customer_id) if contact and contact.customer_id else None
        if contact is None or customer is None or not customer.email or contact.state == "ended":
            return None
        language = (
            contact.language
            if contact.language in self._settings.shop.languages
            else self._settings.shop.languages[0]
        )
        if errand.topic == CALLED:
            if self._is_back(tx, contact.id, errand.payload["joined_seq"]):
                return None
            kept_until = datetime.fromisoformat(errand.payload["kept_until"])
            kind, until = "called", moment_text(kept_until, self._zone, language)
        else:
            kind, until = "answered", ""
        path = return_links.make(tx, self._keys, customer.id, contact.id)
        letter = compose(
            tx,
            self._settings,
            kind,
            language,
            {"until": until, "hours": return_links.HOURS},
            {"link": f"{self._settings.base_url}{path}"},
        )
        return _Letter(customer.email, customer.name, language, letter)

    def _is_back(self, tx: Transaction, contact_id: str, joined_seq: int) -> bool:
        return any(
            entry.kind == events.MESSAGE and entry.author_kind == "customer"
            for entry in queries.entries(tx, contact_id, after=joined_seq, limit=100)
        )
