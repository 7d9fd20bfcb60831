"""The form's mails: the acknowledgement to a proved address, and the question to one that nobody has proved (CH-044, S-04).

The question holds the number and the link, and not a word of what was written. The acknowledgement to a customer's own
address may repeat it, unless it holds links. Both are automatic and answered by no machine (RFC 3834).
"""

from __future__ import annotations

from madoguchi.channels.form import waiting
from madoguchi.channels.mail import threads
from madoguchi.channels.mail.outbound import Outgoing, Postman
from madoguchi.channels.mail.wordbook.composing import compose
from madoguchi.counter.calendars.loading import load
from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.cases.promises import promise_text
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.trust.ours import Ours
from madoguchi.counter.trust.outgoing import foreign_links
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.files import FileStore
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Errand
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr
from madoguchi.kit.languages import colon

ACKNOWLEDGE = "form.acknowledge"
_LONGEST_SUMMARY = 2000


class FormLetters:
    """Handlers of the topics `form.acknowledge`, `form.confirm` and `form.files_away`."""

    def __init__(
        self, database: Database, files: FileStore, settings: Settings, keys: Keys, postman: Postman
    ) -> None:
        self._database = database
        self._files = files
        self._settings = settings
        self._keys = keys
        self._postman = postman
        self._ours = Ours.of(settings)

    def acknowledge(self, errand: Errand) -> None:
        told = self._database.write(self._acknowledgement, errand)
        if told is not None:
            self._postman.post(errand, told)

    def confirm(self, errand: Errand) -> None:
        told = self._database.read(self._question, errand)
        if told is not None:
            self._postman.post(errand, told)

    def files_away(self, errand: Errand) -> None:
        for key in errand.payload["keys"]:
            self._files.delete(key)

    def _acknowledgement(self, tx: Transaction, errand: Errand) -> Outgoing | None:
        seen = queries.get(tx, errand.payload["contact_id"])
        address, language = seen.attributes["mail_from"], seen.language
        message_id = threads.message_id(self._keys, errand.id, self._settings.mail.sender)
        if threads.acknowledged_lately(tx, address, but=message_id) or seen.case_id is None:
            return None
        case = case_queries.get(tx, seen.case_id)
        customer = customers.find(tx, case.customer_id) if case.customer_id else None
        matter = [
            self._about(case.category, language),
            promise_text(case.category, language, customer.segments if customer else ()),
        ]
        letter = compose(
            tx,
            self._settings,
            "form_received",
            language,
            {"number": case.label, "hours": self._hours(tx, seen, language)},
            {
                "matter": "\n\n".join(filter(None, matter)),
                "summary": self._summary(errand.payload["summary"], language),
            },
        )
        threads.note_sent(tx, message_id, seen.id, address, "acknowledgement")
        return Outgoing(
            to=address,
            name=seen.attributes.get("mail_name", ""),
            subject=letter.subject,
            text=letter.text,
            language=language,
            message_id=message_id,
            reply_to=threads.address_for(tx, self._keys, self._mailbox, seen.id, address),
            automatic=True,
        )

    def _question(self, tx: Transaction, errand: Errand) -> Outgoing | None:
        """None when nothing waits any more: it was confirmed by an earlier link, or its time is over."""
        mailbox, address = errand.payload["mailbox"], errand.payload["address"]
        draft_id, language = errand.payload["draft_id"], errand.payload["language"]
        asked = next((each for each in waiting.of_mailbox(tx, mailbox) if each.id == draft_id), None)
        if asked is None:
            return None
        url = f"{self._settings.base_url}{waiting.PATH}?token={waiting.link_token(self._keys, mailbox, draft_id)}"
        letter = compose(
            tx,
            self._settings,
            "form_confirm",
            language,
            {"number": asked.label, "hours": self._settings.form.confirm_hours},
            {"link": url},
        )
        return Outgoing(
            to=address,
            name="",
            subject=letter.subject,
            text=letter.text,
            language=language,
            message_id=threads.message_id(self._keys, errand.id, self._settings.mail.sender),
            reply_to=self._mailbox,
            automatic=True,
        )

    def _hours(self, tx: Transaction, seen: Contact, language: str) -> str:
        queue = seen.owner_id if seen.owner_kind == "queue" else ""
        return load(tx, self._settings).hours_for(queue, seen.channel, language).text(language)

    def _about(self, category: str, language: str) -> str:
        label = category_label(category, language)
        return f"{tr(language, 'About')}{colon(language)}{label}" if label else ""

    def _summary(self, text: str, language: str) -> str:
        """Their own words, to their own address; left out where they hold a link that is not ours (PHI-017)."""
        if foreign_links(text, self._ours):
            return ""
        heading = tr(language, "What you wrote to us")
        return f"— {heading} —\n{text[:_LONGEST_SUMMARY]}"

    @property
    def _mailbox(self) -> str:
        mail = self._settings.mail
        return mail.mailboxes[0] if mail.mailboxes else mail.sender
