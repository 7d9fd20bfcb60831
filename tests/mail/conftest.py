"""A counter that takes mail, and a way to send it one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.channels.mail import inbox
from madoguchi.channels.mail.inbox import Inbox
from madoguchi.channels.mail.model import ReceivedMail
from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.routing import queries as routing_queries
from madoguchi.counter.routing.model import Place
from tests.conftest import StillClock
from tests.faces.api.people import Counter, fill

SUPPORT = "support@shop.example"
MAIL = {"mailboxes": [SUPPORT], "sender": SUPPORT, "undo_seconds": 0}  # replies leave at once


class MailCounter(Counter):
    """`takes` a mail as the listener would, and files it."""

    def takes(self, raw: bytes, *recipients: str) -> ReceivedMail:
        taken = Inbox(self.house.database, self.house.files).take(
            raw, mailbox=SUPPORT, recipients=recipients or (SUPPORT,)
        )
        self.deliver()
        found = self.house.database.read(inbox.get, taken)
        assert found is not None
        return found

    def inbox_take(self, raw: bytes, mailbox: str) -> ReceivedMail:
        """A mail to another mailbox, filed."""
        taken = Inbox(self.house.database, self.house.files).take(raw, mailbox=mailbox, recipients=[mailbox])
        self.deliver()
        found = self.house.database.read(inbox.get, taken)
        assert found is not None
        return found

    def place_of(self, contact_id: str) -> Place:
        found = self.house.database.read(routing_queries.place_of, contact_id)
        assert found is not None
        return found

    def queue_of(self, contact_id: str) -> str:
        return self.place_of(contact_id).queue_id

    def contact(self, filed: ReceivedMail) -> Contact:
        assert filed.contact_id is not None
        return self.house.database.read(queries.get, filed.contact_id)

    def entries(self, contact_id: str) -> list[Entry]:
        return self.house.database.read(queries.entries, contact_id, limit=5000)

    def state_of(self, mail_id: str) -> str:
        found = self.house.database.read(inbox.get, mail_id)
        return found.state if found else "gone"

    def contact_state(self, contact_id: str) -> str:
        return self.house.database.read(queries.get, contact_id).state

    def words(self, contact_id: str) -> list[str]:
        return [each.body["text"] for each in self.entries(contact_id) if each.kind == events.MESSAGE]

    def case_label(self, contact: Contact) -> str:
        assert contact.case_id is not None
        return self.house.database.read(case_queries.get, contact.case_id).label


@pytest.fixture(scope="session")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled-for-mail")
    fill(folder, sqlite_template, StillClock())
    return folder


@pytest.fixture
def counter(filled: Path, tmp_path: Path, clock: StillClock) -> Iterator[MailCounter]:
    folder = tmp_path / "data"
    shutil.copytree(filled, folder)
    made = MailCounter(folder, clock, mail=MAIL)
    with made.client:
        yield made
    made.close()
