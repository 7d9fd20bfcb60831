"""The mail room put together: mails taken, read, filed and answered. What `building.py` and the command line ask for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

import structlog

from madoguchi.assistant.guidance import articles_for
from madoguchi.assistant.turn import Assistant
from madoguchi.assistant.understanding import OUT_OF_SCOPE
from madoguchi.assistant.wording import spoken
from madoguchi.channels.form.drafts import FILES_AWAY
from madoguchi.channels.form.letters import ACKNOWLEDGE as FORM_ACKNOWLEDGE
from madoguchi.channels.form.letters import FormLetters
from madoguchi.channels.form.waiting import CONFIRM
from madoguchi.channels.mail.answers import REPLY, Answers
from madoguchi.channels.mail.authenticity import names_of
from madoguchi.channels.mail.checking import Checking
from madoguchi.channels.mail.fetching import Fetcher, fetched_mailbox
from madoguchi.channels.mail.filing import ACKNOWLEDGE, CHECK, Filing, Matter
from madoguchi.channels.mail.inbox import FILE, Inbox
from madoguchi.channels.mail.letterhead import Further
from madoguchi.channels.mail.lmtp import MailListener
from madoguchi.channels.mail.outbound import Left, Postman
from madoguchi.channels.mail.quarantine import FORGET
from madoguchi.channels.mail.reading.safely import SafeReader
from madoguchi.channels.mail.replies import LEAVE, Leaving
from madoguchi.counter.cases.categories import is_category
from madoguchi.counter.trust import service as trust
from madoguchi.engine.outbox import Courier, Handler
from madoguchi.faces.house import House

log = structlog.get_logger()
SURE_ENOUGH = 0.5  # of what a mail is about; below it nobody is told a matter, and the general queue has it


class MailRoom:
    """`inbox` takes mails; `handlers` are for the courier. Opened, it listens and fetches where the settings
    say so."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.reader = SafeReader()
        self.inbox = Inbox(house.database, house.files)
        checking = Checking(
            house.database, house.files, house.settings.mail, lambda: names_of(house.settings.mail.resolver)
        )
        self.checks = Courier(house.database, {CHECK: checking.check})
        self._stopping = threading.Event()
        self._checker: threading.Thread | None = None
        self._listener: MailListener | None = None
        self._fetcher: Fetcher | None = None

    def handlers(self) -> Mapping[str, Handler]:
        house = self._house
        filing = Filing(
            house.database, house.files, house.settings, self.reader, _reader_of_matters(house.assistant)
        )
        postman = postman_of(house)
        answers = Answers(house.database, house.files, house.settings, house.keys, postman, _further(house))
        forms = FormLetters(house.database, house.files, house.settings, house.keys, postman)
        return {
            FILE: filing.file,
            ACKNOWLEDGE: answers.acknowledge,
            REPLY: answers.reply,
            LEAVE: Leaving(house.database).leave,
            FORGET: lambda errand: house.files.delete(errand.payload["storage_key"]),
            FORM_ACKNOWLEDGE: forms.acknowledge,
            CONFIRM: forms.confirm,
            FILES_AWAY: forms.files_away,
        }

    def open(self) -> None:
        """Raises OSError if the port is taken."""
        settings = self._house.settings
        self._checker = threading.Thread(target=self._check, name="mail-checks", daemon=True)
        self._checker.start()
        if settings.mail.lmtp_port and settings.mail.addresses:
            self._listener = MailListener(self.inbox, settings)
            self._listener.start()
        if mailbox := fetched_mailbox(settings):
            self._fetcher = Fetcher(self._house.database, self.inbox, settings.imap, mailbox)
            self._fetcher.start()

    def close(self) -> None:
        if self._fetcher is not None:
            self._fetcher.stop()
        if self._listener is not None:
            self._listener.stop()
        self._stopping.set()
        if self._checker is not None:
            self._checker.join(15)
        self.reader.close()

    def _check(self) -> None:
        """Apart from all other errands: slow name servers hold up nothing else."""
        while not self._stopping.is_set():
            try:
                tried = self.checks.deliver_due(5)
            except Exception:
                log.exception("mail.checks_failed")
                tried = 0
            if not tried:
                self._stopping.wait(1.0)


def postman_of(house: House) -> Postman:
    """Notes what has left, so that its recipient can look it up."""

    def note(left: Left) -> None:
        house.database.write(
            trust.note_sent,
            house.keys,
            message_id=left.id,
            to=left.to,
            subject=left.subject,
            sender=left.sender,
        )

    return Postman(house.settings, note)


def _further(house: House) -> Callable[[str, str], Sequence[Further]]:
    """The articles about a kind of enquiry, as a reply names them (CH-046)."""

    def pages(kind: str, language: str) -> Sequence[Further]:
        found = articles_for(kind, "", house.library, spoken(language))
        return [Further(each.title, f"{house.settings.base_url}{each.path}", each.short) for each in found]

    return pages


def _reader_of_matters(assistant: Assistant) -> Callable[[str], Matter]:
    """What a mail is about, by the assistant's understanding."""

    def understand(text: str) -> Matter:
        understood = assistant.understand(text)
        intent = understood.intent
        topic = intent.kind if intent and intent.confidence >= SURE_ENOUGH else ""
        if understood.emergency and is_category(understood.emergency):
            topic = understood.emergency
        if topic == OUT_OF_SCOPE:
            topic = ""
        return Matter(topic, understood.language, understood.entities.order_numbers)

    return understand
