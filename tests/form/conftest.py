"""A counter with its clock in our hand, and people with a browser without scripts who fill in its form."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from madoguchi.channels.form.model import Waiting, form_waiting
from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts.model import Contact, Entry, contact
from madoguchi.engine.database import Transaction
from tests.conftest import StillClock
from tests.faces.api.people import BASE, fill
from tests.faces.pages.conftest import Visitor
from tests.mail.conftest import SUPPORT, MailCounter

BROKEN = "return_exchange_cancel.damaged_item"
HANAKO = "hanako@example.jp"


class FormCounter(MailCounter):
    """`clock` moves only when told; `writer` is somebody with a browser at a network address."""

    def writer(self, host: str = "203.0.113.5", language: str = "ja") -> Writer:
        return Writer(self, host, language)

    def contacts(self) -> list[Contact]:
        """Those that came by form, the oldest first."""

        def read(tx: Transaction) -> list[Contact]:
            rows = tx.all(
                contact.select()
                .where(contact.c.channel == "form")
                .order_by(contact.c.opened_at, contact.c.id)
            )
            return [queries.get(tx, row.id) for row in rows]

        return self.house.database.read(read)

    def case_of(self, seen: Contact) -> Case:
        assert seen.case_id is not None
        return self.house.database.read(case_queries.get, seen.case_id)

    def waiting(self, state: str = "waiting") -> list[Waiting]:
        query = form_waiting.select().where(form_waiting.c.state == state).order_by(form_waiting.c.created_at)
        return self.house.database.read(lambda tx: [Waiting(**row._mapping) for row in tx.all(query)])

    def said(self, contact_id: str) -> list[Entry]:
        return [each for each in self.entries(contact_id) if each.kind == events.MESSAGE]

    def mails_to(self, address: str) -> list[EmailMessage]:
        return [each for each in self.mails() if each["To"].addresses[0].addr_spec == address]


class Writer(Visitor):
    """Somebody who fills in the form, from one network address."""

    def __init__(self, counter: FormCounter, host: str, language: str) -> None:
        self.counter = counter  # type: ignore[assignment]
        self.client = TestClient(
            counter.app,
            base_url=BASE,
            raise_server_exceptions=True,
            client=(host, 50000),
            headers={"accept-language": language, "sec-fetch-site": "same-origin"},
        )

    def fills(
        self,
        kind: str = BROKEN,
        order: str = "none",
        problem: str = "届いた皿が割れていました",
        **fields: str,
    ) -> Writer:
        """Up to the page from which it is sent."""
        self.get("/help/form/about")
        self.send("/help/form/about", group=kind.partition(".")[0])
        self.send("/help/form/kind", kind=kind)
        if self.path.startswith("/help/form/order"):
            choice = order if order == "none" else "typed"
            self.send("/help/form/order", order_choice=choice, order_number="" if order == "none" else order)
        self.send("/help/form/write", problem=problem, go="next", **fields)
        assert self.path == "/help/form/review", (self.path, self.text)
        return self

    def sends(self, email: str = "", **fields: str) -> Writer:
        if email:
            fields["email"] = email
        self.send("/help/form/send", **fields)
        return self

    @property
    def number(self) -> str:
        """On the page that follows a sent form."""
        assert self.path.startswith("/help/form/sent/"), (self.path, self.errors)
        found = re.search(r"<h1>[^<]*(C-\d+)[^<]*</h1>", self.answer.text)
        assert found, self.text
        return found[1]

    @property
    def errors(self) -> list[str]:
        block = re.search(r'<div class="errors".*?</div>', self.answer.text, re.S)
        return re.findall(r'<a href="#f-[^"]*">(.*?)</a>', html.unescape(block[0])) if block else []


def link_in(mail: EmailMessage) -> str:
    found = re.search(rf"{BASE}(/help/form/confirm\?token=\S+)", mail.get_content())
    assert found, mail.get_content()
    return found[1]


@pytest.fixture(scope="session")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled-for-forms")
    fill(folder, sqlite_template, StillClock())
    return folder


@pytest.fixture
def counter(
    filled: Path, tmp_path: Path, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FormCounter]:
    """The assistant thinks when a test says so, therefore no page waits for what it will say."""
    monkeypatch.setattr("madoguchi.faces.customer.contacts.ANSWER_WAIT_S", 0)
    folder = tmp_path / "data"
    shutil.copytree(filled, folder)
    made = FormCounter(
        folder,
        clock,
        mail={"mailboxes": [SUPPORT], "sender": SUPPORT, "undo_seconds": 0},
        form={"min_seconds": 0},
    )
    with made.client:
        yield made
    made.close()


@pytest.fixture
def writer(counter: FormCounter) -> Writer:
    return counter.writer()


SignsIn = Callable[[str], Writer]


@pytest.fixture
def signed_in(counter: FormCounter) -> SignsIn:
    def arrive(shop_ref: str) -> Writer:
        found = counter.writer()
        found.client.headers["authorization"] = ""
        token = counter.customer(shop_ref).token
        del found.client.headers["authorization"]
        found.client.cookies.set("madoguchi_customer", token)
        return found

    return arrive
