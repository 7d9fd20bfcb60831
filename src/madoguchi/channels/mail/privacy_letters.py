"""Mails about privacy: an erasure is coming, an erasure or a copy is done, a contact was opened in your name."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from madoguchi.channels.mail import threads
from madoguchi.channels.mail.outbound import Postman
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

CHANNELS = {"chat": "Chat", "mail": "Mail", "form": "Form", "phone": "Phone"}


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
            subject, text = self._notice(seen, errand.payload["what"])
            self._send(errand, seen.notify["to"], "", subject, text, seen.notify["language"])
        if errand.payload["what"] == "done":
            self._database.write(service.told, seen.id)

    def new_contact(self, errand: Errand) -> None:
        """HIS-011: somebody has opened a contact in the account's name."""

        def read(tx: Transaction) -> tuple[str, str, str, str, str] | None:
            seen = contacts.find(tx, errand.payload["contact_id"])
            owner = customers.find(tx, seen.customer_id) if seen and seen.customer_id else None
            if seen is None or owner is None or not owner.email or not wants(tx, owner.id, "new_contacts"):
                return None
            if _is_acknowledged(tx, seen, owner.email):
                return None
            language = owner.preferred_language or owner.language
            at = seen.opened_at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M %Z")
            text = tr(
                language,
                "An enquiry was opened in your account's name.\n\nWhen: {at}\nHow: {channel}\n\nIf it was you, there is nothing to do. If not, please look at your enquiries and tell us at once:\n{url}\n\nYou can turn these mails off here:\n{settings}\n",
                at=at,
                channel=tr(language, CHANNELS.get(seen.channel, "Form")),
                url=f"{self._settings.base_url}/history",
                settings=f"{self._settings.base_url}/account/privacy",
            )
            return owner.email, owner.name, tr(language, "A new enquiry in your name"), text, language

        if told := self._database.read(read):
            self._send(errand, *told)

    def _notice(self, seen: PrivacyRequest, what: str) -> tuple[str, str]:
        language = seen.notify["language"]
        subject = kind_text(seen.kind, language)
        page = f"{self._settings.base_url}/account/privacy"
        if what == "confirmed":
            begins = seen.due_at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M %Z") if seen.due_at else ""
            text = tr(
                language,
                "You asked us to erase records about you. It begins at {at} and is done within {days} days. Until it begins you can take it back:\n{url}\n\nIf you did not ask for this, please take it back and tell us at once.\n",
                at=begins,
                days=self._settings.privacy.answer_days,
                url=page,
            )
        elif seen.kind == "export":
            text = tr(
                language,
                "Your copy is ready. You can download it for {days} days, after signing in:\n{url}\n",
                days=self._settings.privacy.export_days,
                url=page,
            )
        else:
            text = tr(
                language,
                "What you asked us to erase has been erased. The record of it has the number {number} and holds numbers only.\n\nOrders and invoices stay for as long as the law says.\n",
                number=seen.id,
            )
        return subject, text

    def _send(self, errand: Errand, to: str, name: str, subject: str, text: str, language: str) -> None:
        shop = self._settings.shop.name_in(language)
        signed = f"{text}\n-- \n{shop}\n{self._settings.base_url}\n"
        self._postman.send(errand, to=to, name=name, subject=subject, text=signed, language=language)
        self._database.write(
            trust.note_sent,
            self._keys,
            message_id=f"errand-{errand.id}",
            to=to,
            subject=subject,
            sender=self._settings.mail.sender,
        )


def _is_acknowledged(tx: Transaction, seen: Contact, address: str) -> bool:
    """A form's acknowledgement goes to the same address and says more: nobody gets two mails for one enquiry (CH-044)."""
    there = str(seen.attributes.get("mail_from", "")).lower() == address.lower()
    return seen.channel == "form" and there and not threads.acknowledged_lately(tx, address, but="")
