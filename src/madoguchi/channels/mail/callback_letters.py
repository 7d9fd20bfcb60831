"""Mails about call-backs: booked, moved, soon, late, not reached, off; and the code of somebody who has proved nothing (CB-006).

Each says which number will call. None holds the customer's own number, nor anything that was typed.
"""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.channels.mail.outbound import Postman
from madoguchi.channels.mail.wordbook.composing import Composed, compose
from madoguchi.counter.callbacks import queries, wording
from madoguchi.counter.callbacks.booking import code_of
from madoguchi.counter.callbacks.model import Callback
from madoguchi.counter.callbacks.rules import Rules
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.trust import service as trust
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Errand
from madoguchi.engine.settings import Settings

PATH = "/help/callback"
# A mail about what is to come says nothing any more once it is over.
_ONLY_WHILE_LIVE = frozenset({"confirmed", "moved", "reminder", "late", "postponed", "not_reached"})


@dataclass(frozen=True)
class _Told:
    to: str
    name: str
    language: str
    composed: Composed


class CallbackLetters:
    """Handler of the topic `mail.callback`."""

    def __init__(self, database: Database, settings: Settings, keys: Keys, postman: Postman) -> None:
        self._database = database
        self._settings = settings
        self._rules = Rules.of(settings)
        self._keys = keys
        self._postman = postman

    def send(self, errand: Errand) -> None:
        """Nothing goes to whom no address is known of, nor about what is over meanwhile."""
        told = self._database.read(self._told, errand)
        if told is None:
            return
        self._postman.send(
            errand,
            to=told.to,
            name=told.name,
            subject=told.composed.subject,
            text=told.composed.text,
            language=told.language,
        )
        self._database.write(
            trust.note_sent,
            self._keys,
            message_id=f"errand-{errand.id}",
            to=told.to,
            subject=told.composed.subject,
            sender=self._settings.mail.sender,
        )

    def _told(self, tx: Transaction, errand: Errand) -> _Told | None:
        seen = queries.find(tx, errand.payload["callback_id"])
        what = str(errand.payload["what"])
        if seen is None or (what in _ONLY_WHILE_LIVE and not seen.live):
            return None
        known = customers.find(tx, seen.customer_id) if seen.customer_id else None
        to = known.email if known else seen.email
        if not to:
            return None
        language = seen.language
        if what == "code":
            return self._code(tx, seen, to)
        when = wording.when_text(seen, self._rules.zone, language)
        case = cases.find(tx, seen.case_id)
        letter = compose(
            tx,
            self._settings,
            f"callback_{what}",
            language,
            {
                "when": when,
                "number": case.label if case else "",
                "url": f"{self._settings.base_url}{PATH}/{seen.id}",
            },
            {"ringtone": wording.ringtone_text(self._rules.caller_id, language)},
        )
        return _Told(to, known.name if known else "", language, letter)

    def _code(self, tx: Transaction, seen: Callback, to: str) -> _Told | None:
        if seen.state != "unconfirmed":
            return None
        minutes = int(self._rules.confirm.total_seconds() // 60)
        places = {"code": code_of(self._keys, seen.id), "minutes": minutes}
        letter = compose(tx, self._settings, "callback_code", seen.language, places)
        return _Told(to, "", seen.language, letter)
