"""The mail room put together: mails taken, read, filed and answered. What `app.py` and the command line ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from madoguchi.assistant.turn import Assistant
from madoguchi.assistant.understanding import OUT_OF_SCOPE
from madoguchi.channels.form.drafts import FILES_AWAY
from madoguchi.channels.form.letters import ACKNOWLEDGE as FORM_ACKNOWLEDGE
from madoguchi.channels.form.letters import FormLetters
from madoguchi.channels.form.waiting import CONFIRM
from madoguchi.channels.mail.answers import REPLY, Answers
from madoguchi.channels.mail.fetching import Fetcher
from madoguchi.channels.mail.filing import ACKNOWLEDGE, Filing, Matter
from madoguchi.channels.mail.inbox import FILE, Inbox
from madoguchi.channels.mail.lmtp import MailListener
from madoguchi.channels.mail.outbound import Postman
from madoguchi.channels.mail.reading.safely import SafeReader
from madoguchi.counter.cases.categories import is_category
from madoguchi.engine.outbox import Handler
from madoguchi.faces.house import House

SURE_ENOUGH = 0.5  # of what a mail is about; below it nobody is told a matter, and the general queue has it


class MailRoom:
    """`inbox` takes mails; `handlers` are for the courier. Opened, it listens and fetches where the settings
    say so."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.reader = SafeReader()
        self.inbox = Inbox(house.database, house.files)
        self._listener: MailListener | None = None
        self._fetcher: Fetcher | None = None

    def handlers(self) -> Mapping[str, Handler]:
        house = self._house
        filing = Filing(
            house.database, house.files, house.settings, self.reader, _reader_of_matters(house.assistant)
        )
        answers = Answers(house.database, house.files, house.settings, house.keys, Postman(house.settings))
        forms = FormLetters(house.database, house.files, house.settings, house.keys, Postman(house.settings))
        return {
            FILE: filing.file,
            ACKNOWLEDGE: answers.acknowledge,
            REPLY: answers.reply,
            FORM_ACKNOWLEDGE: forms.acknowledge,
            CONFIRM: forms.confirm,
            FILES_AWAY: forms.files_away,
        }

    def open(self) -> None:
        """Raises OSError if the port is taken."""
        settings = self._house.settings
        if settings.mail.lmtp_port and settings.mail.mailboxes:
            self._listener = MailListener(self.inbox, settings)
            self._listener.start()
        if settings.imap.host and settings.mail.mailboxes:
            mailbox = settings.mail.mailboxes[0]
            self._fetcher = Fetcher(self._house.database, self.inbox, settings.imap, mailbox)
            self._fetcher.start()

    def close(self) -> None:
        if self._fetcher is not None:
            self._fetcher.stop()
        if self._listener is not None:
            self._listener.stop()
        self.reader.close()


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
