"""Mails about privacy: an erasure is coming, an erasure or a copy is done, a contact was opened in your name."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from madoguchi.channels.mail import threads
from madoguchi.channels.mail.outbound import Postman
from madoguchi.channels.mail.wordbook.composing import Composed, compose
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers.preferences import wants
from madoguchi.counter.privacy import service
from madoguchi.counter.privacy.model import PrivacyRequest
from madoguchi.counter.privacy.wording import kind_text
from madoguchi.counter.trust import service as trust
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Errand
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

CHANNELS = {"chat": "Chat", "mail": "Mail", "form": "Form", "phone": "Phone", "callback": "Call-back"}


class PrivacyLetters:
    """Handlers of the topics `mail.privacy` and `mail.new_contact`."""

    def __init__(self, database: Database, settings: Settings, keys: Keys, postman: Postman) -> None:
        self._database = database
        self._settings = settings
        self._keys = keys
        self._postman = postman
        self._zone = ZoneInfo(settings.shop.timezone)

    def privacy(self, errand: Errand) -> None:
        """The address is forgotten with the last notice."""
        seen = self._database.read(service.get, errand.payload["request_id"])
        if seen.notify:
            letter = self._database.read(self._notice, seen, errand.payload["what"])
            self._send(errand, seen.notify["to"], "", letter, seen.notify["language"])
        if errand.payload["what"] == "done":
            self._database.write(service.told, seen.id)

    def new_contact(self, errand: Errand) -> None:
        """HIS-011: somebody has opened a contact in the account's name."""

        def read(tx: Transaction) -> tuple[str, str, Composed, str] | None:
            seen = contacts.find(tx, errand.payload["contact_id"])
            owner = customers.find(tx, seen.customer_id) if seen and seen.customer_id else None
            if seen is None or owner is None or not owner.email or not wants(tx, owner.id, "new_contacts"):
                return None
            if _is_acknowledged(tx, seen, owner.email):
                return None
            language = owner.preferred_language or owner.language
            at = seen.opened_at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M %Z")
            letter = compose(
                tx,
                self._settings,
                "new_contact",
                language,
                {
                    "at": at,
                    "channel": tr(language, CHANNELS.get(seen.channel, "Form")),
                    "url": f"{self._settings.base_url}/history",
                    "settings": f"{self._settings.base_url}/account/privacy",
                },
            )
            return owner.email, owner.name, letter, language

        if told := self._database.read(read):
            self._send(errand, *told)

    def _notice(self, tx: Transaction, seen: PrivacyRequest, what: str) -> Composed:
        language = seen.notify["language"]
        asked = kind_text(seen.kind, language)
        page = f"{self._settings.base_url}/account/privacy"
        privacy = self._settings.privacy
        if what == "confirmed":
            begins = seen.due_at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M %Z") if seen.due_at else ""
            places = {"request": asked, "at": begins, "days": privacy.answer_days, "url": page}
            return compose(tx, self._settings, "erasure_confirmed", language, places)
        if seen.kind == "export":
            places = {"request": asked, "days": privacy.export_days, "url": page}
            return compose(tx, self._settings, "copy_ready", language, places)
        return compose(tx, self._settings, "erasure_done", language, {"request": asked, "number": seen.id})

    def _send(self, errand: Errand, to: str, name: str, letter: Composed, language: str) -> None:
        self._postman.send(
            errand,
            to=to,
            name=name,
            subject=letter.subject,
            text=letter.text,
            language=language,
        )
        self._database.write(
            trust.note_sent,
            self._keys,
            message_id=f"errand-{errand.id}",
            to=to,
            subject=letter.subject,
            sender=self._settings.mail.sender,
        )


def _is_acknowledged(tx: Transaction, seen: Contact, address: str) -> bool:
    """A form's acknowledgement, or a call-back's, goes to the same address and says more: nobody gets two mails for one
    enquiry (CH-044).
    """
    if seen.channel == "callback":
        return True
    there = str(seen.attributes.get("mail_from", "")).lower() == address.lower()
    return seen.channel == "form" and there and not threads.acknowledged_lately(tx, address, but="")
