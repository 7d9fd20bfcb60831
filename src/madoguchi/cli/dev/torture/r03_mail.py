"""R-03: kill -9 while mails come in and go out (I1, I2, I8).

Letters are taken as a mail server delivers them, filed, acknowledged and answered; what goes out goes by SMTP to a
sink that writes each mail down before it says 250. A process dies at every fail-point and occurrence; the sender
delivers again what was not acknowledged to it, an heir goes on, and some heirs are killed as well. Then every letter
stands in one contact of one case, once, and every mail out was seen by the sink: again at most once for each crash,
between its 250 and our commit, and then as the same mail (equal Message-ID).
"""

from __future__ import annotations

import email
import email.policy
import json
import random
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from madoguchi.channels.mail import replies
from madoguchi.channels.mail.answers import REPLY, Answers
from madoguchi.channels.mail.filing import ACKNOWLEDGE, Filing, Matter, visitor_of
from madoguchi.channels.mail.inbox import FILE, Inbox
from madoguchi.channels.mail.model import received_mail, sent_mail
from madoguchi.channels.mail.outbound import Postman
from madoguchi.channels.mail.reading.safely import SafeReader
from madoguchi.channels.mail.replies import LEAVE, Leaving
from madoguchi.cli.dev.torture.ground import FORK, Hire, Tell, Tick, Victim, Work, look, scratch_database
from madoguchi.cli.dev.torture.r01_say import crash_everywhere
from madoguchi.cli.dev.torture.report import Report, check_dense
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.model import case_file
from madoguchi.counter.contacts import events, service
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.counter.routing.queues import ensure_queues
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.files import FileStore
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Courier
from madoguchi.engine.settings import Settings
from madoguchi.kit.clock import system_clock

LETTERS = 4
TRIES = 12
MAILBOX = "support@shop.example"
AGENT = Actor(kind="agent", id="agt_torture", name="担当", roles=frozenset({"agent"}))
A_LEASE = 120.0  # seconds after which what a dead process had taken in hand is free again
OUT = ("acknowledgement", "reply")


@dataclass(frozen=True)
class Letter:
    """What a customer writes, from an address that nobody else has."""

    address: str
    raw: bytes


@dataclass(frozen=True)
class Round:
    """One errand for the process: letters that are delivered now, and how far its clock is ahead, in seconds."""

    letters: tuple[Letter, ...]
    ahead: float


@dataclass(frozen=True)
class Filed:
    """What the house holds of one letter: mails, contacts, cases, its words, and the contact's sequence."""

    mails: int
    unfiled: int
    contacts: tuple[str, ...]
    cases: int
    words: int
    sequences: Mapping[str, list[int]]


def run(
    kind: str, server: str, *, count: int, seed: int, tick: Tick = lambda _: None, hire: Hire | None = None
) -> Report:
    """Try `count` crash points. `hire`: the process under torture, the real one unless a test brings its own."""
    report = Report("R-03", kind, seed)
    chance = random.Random(seed)
    with (
        scratch_database(kind, server) as url,
        tempfile.TemporaryDirectory(prefix="madoguchi-torture-") as folder,
        _sink(Path(folder) / "wire.jsonl") as port,
    ):
        rounds = _Rounds(url, hire or postroom(Path(folder), port), Path(folder) / "wire.jsonl", chance)
        crash_everywhere(report, rounds, count, chance, tick)
    return report


def postroom(folder: Path, port: int, *, hasty: bool = False) -> Hire:
    """The process under torture: the real inbox, filing and answers over the real courier.

    `hasty`: with one mistake, for the test of the checkers: a letter is acknowledged before it is stored.
    """

    def hire(url: str) -> Work:
        clock = _Clock()
        database = Database(url, clock=clock)
        database.write(ensure_queues)
        settings = _settings(folder, port)
        files = FileStore(folder / "files")
        inbox = Inbox(database, files)
        postman, keys = Postman(settings), Keys(folder)
        filing = Filing(database, files, settings, SafeReader(), lambda _: Matter("", "ja", ()))
        answers = Answers(database, files, settings, keys, postman, lambda _kind, _language: ())
        handlers = {
            FILE: filing.file,
            ACKNOWLEDGE: answers.acknowledge,
            REPLY: answers.reply,
            LEAVE: Leaving(database).leave,
        }
        courier = Courier(database, handlers)

        def work(told: Round, tell: Tell) -> None:
            clock.ahead = told.ahead
            for letter in told.letters:
                if hasty:
                    tell(letter.address)
                inbox.take(letter.raw, mailbox=MAILBOX, recipients=[MAILBOX])
                tell(letter.address)
            _deliver_all(courier)
            for contact_id in database.read(_unanswered):
                database.write(_answer, contact_id)
            clock.ahead += 60  # the time in which a reply may be taken back is over
            _deliver_all(courier)

        return work

    return hire


def check_letter(report: Report, address: str, found: Filed) -> None:
    """One mail, filed, in one contact of one case, its words once, and the contact's facts dense."""
    if not found.mails or not found.words:
        report.lost += 1
        report.note(f"lost: {address}")
    for name, number in (("mails", found.mails), ("contacts", len(found.contacts)), ("cases", found.cases)):
        if number > 1:
            report.duplicated += number - 1
            report.note(f"{number} {name}: {address}")
    if found.words > 1:
        report.duplicated += found.words - 1
        report.note(f"said {found.words} times: {address}")
    report.unknown += found.unfiled
    check_dense(report, found.sequences)


def check_wire(
    report: Report,
    addresses: Sequence[str],
    wire: Sequence[tuple[str, str, str]],
    noted: Mapping[str, str],
    crashes: int,
) -> None:
    """`wire`: (to, Message-ID, subject) as the sink saw them; `noted`: Message-ID → what we hold it to be.

    Each letter has its acknowledgement and its reply; what came more than once is the same mail, no more often than
    there were crashes; and nothing went out that we do not know of.
    """
    again = 0
    for address in addresses:
        seen = Counter(message_id for to, message_id, _ in wire if to == address)
        kinds = Counter(noted.get(message_id, "") for message_id in seen)
        for kind in OUT:
            if not kinds[kind]:
                report.lost += 1
                report.note(f"no {kind}: {address}")
            elif kinds[kind] > 1:
                report.duplicated += kinds[kind] - 1
                report.note(f"{kinds[kind]} different mails as {kind}: {address}")
        if kinds[""]:
            report.note_illegal(f"a mail that we do not know of: {address}")
        again += seen.total() - len(seen)
    report.count("sent_again", again)
    if again > crashes:
        report.duplicated += again - crashes
        report.note(f"{again} mails sent again after {crashes} crashes")


class _Rounds:
    """One crash after another, each with letters of its own in the same house."""

    def __init__(self, url: str, hire: Hire, wire: Path, chance: random.Random) -> None:
        self._url = url
        self._hire = hire
        self._wire = wire
        self._chance = chance
        self._number = 0
        self._ahead = 0.0
        self._names: list[str] = []
        self.exhausted: set[str] = set()

    def clean(self, report: Report) -> dict[str, int]:
        """A run without a crash: which fail-points are passed, and how often."""
        letters = self._letters()
        victim = Victim(self._hire, self._url)
        told = victim.ask(Round(letters, self._later()))
        victim.dismiss()
        if told.passed is None:
            raise RuntimeError("died without a plan")
        self._compare(report, letters, told.answers, 0)
        self._names = sorted(told.passed)
        return told.passed

    def crash(self, report: Report, name: str, nth: int, recoveries: list[float]) -> None:
        letters = self._letters()
        victim = Victim(self._hire, self._url, f"{name}:{nth}:kill")
        told = victim.ask(Round(letters, self._later()))
        answers, crashes = list(told.answers), int(told.died)
        if not told.died:
            victim.dismiss()
            self.exhausted.add(name)
        else:
            report.crashes += 1
        began = time.monotonic()
        for _ in range(TRIES if told.died else 0):
            heir = Victim(self._hire, self._url, self._plan())
            left = tuple(letter for letter in letters if letter.address not in answers)
            again = heir.ask(Round(left, self._later()))
            answers += again.answers
            if not again.died:
                heir.dismiss()
                recoveries.append(time.monotonic() - began)
                break
            crashes += 1
            report.count("crashes_while_recovering")
        else:
            if told.died:
                raise RuntimeError(f"not through after {TRIES} tries")
        self._compare(report, letters, answers, crashes)

    def _plan(self) -> str | None:
        """One heir of four is killed as well, anywhere."""
        if self._chance.random() >= 0.25:
            return None
        return f"{self._chance.choice(self._names)}:{self._chance.randint(1, 3)}:kill"

    def _later(self) -> float:
        self._ahead += A_LEASE
        return self._ahead

    def _letters(self) -> tuple[Letter, ...]:
        self._number += 1
        return tuple(_letter(self._number, place) for place in range(LETTERS))

    def _compare(
        self, report: Report, letters: Sequence[Letter], answers: Sequence[str], crashes: int
    ) -> None:
        addresses = [letter.address for letter in letters]
        report.count("letters", len(letters))
        report.acknowledged += len(set(answers))
        if set(addresses) - set(answers):
            raise RuntimeError("the sender did not get through; nothing to compare")
        for address in addresses:
            check_letter(report, address, _filed(self._url, address))
        wire = [tuple(json.loads(line)) for line in self._wire.read_text().splitlines()]
        check_wire(report, addresses, wire, _noted(self._url), crashes)
        self._wire.write_text("")


class _Clock:
    """The time, `ahead` seconds of it."""

    ahead = 0.0

    def __call__(self) -> datetime:
        return system_clock() + timedelta(seconds=self.ahead)


@contextmanager
def _sink(path: Path) -> Iterator[int]:
    """A mail server in a process of its own that keeps every mail it has said 250 to; gives its port."""
    path.touch()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = FORK.Process(target=_receive, args=(path, port), daemon=True)
    process.start()
    _wait_for(port)
    try:
        yield port
    finally:
        process.kill()
        process.join()


def _receive(path: Path, port: int) -> None:
    controller = Controller(_Sink(path), hostname="127.0.0.1", port=port)
    controller.start()
    while True:
        time.sleep(3600)


class _Sink:
    def __init__(self, path: Path) -> None:
        self._path = path

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        line = json.dumps([envelope.rcpt_tos[0], str(mail["Message-ID"]), str(mail["Subject"])])
        with self._path.open("a") as file:
            file.write(f"{line}\n")
        return "250 2.0.0 kept"


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the sink does not listen")


def _settings(folder: Path, port: int) -> Settings:
    mail = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_starttls": False,
        "mailboxes": [MAILBOX],
        "resolver": "off",
    }
    return Settings.load(None, data={"folder": folder}, mail=mail)


def _letter(number: int, place: int) -> Letter:
    address = f"r{number:05d}-{place}@customers.example"
    raw = (
        f"From: {address}\r\nTo: {MAILBOX}\r\nSubject: parcel {number}-{place}\r\n"
        f"Message-ID: <{number}-{place}@customers.example>\r\n\r\nWhere is my parcel {number}-{place}?\r\n"
    )
    return Letter(address, raw.encode())


def _deliver_all(courier: Courier) -> None:
    while courier.deliver_due():
        pass


def _unanswered(tx: Transaction) -> list[str]:
    """Contacts that no agent has answered yet."""
    by_us = (ledger_entry.c.contact_id == contact.c.id, ledger_entry.c.author_id == AGENT.id)
    query = select(contact.c.id).where(
        contact.c.channel == "mail", ~select(ledger_entry.c.seq).where(*by_us).exists()
    )
    return [row.id for row in tx.all(query)]


def _answer(tx: Transaction, contact_id: str) -> None:
    """An agent takes the contact and answers, in one transaction."""
    seen = tx.first(select(contact).where(contact.c.id == contact_id))
    assert seen is not None
    owned = service.set_owner(tx, contact_id, "agent", AGENT.id, seen.owner_version)
    replies.hold(
        tx,
        owned,
        AGENT,
        text="お届けは明日です。",
        files=[],
        client_key="torture-reply",
        owner_version=owned.owner_version,
        send_at=None,
        undo_seconds=10,
    )


def _filed(url: str, address: str) -> Filed:
    visitor = visitor_of(address)
    with look(url) as connection:
        states = connection.execute(
            select(received_mail.c.state, received_mail.c.contact_id).where(
                (received_mail.c.sender == address) | (received_mail.c.state == "taken")
            )
        ).all()
        contacts = [
            row.id for row in connection.execute(select(contact.c.id).where(contact.c.visitor_id == visitor))
        ]
        cases = connection.scalar(select(func.count()).where(case_file.c.visitor_id == visitor)) or 0
        entries = connection.execute(
            select(
                ledger_entry.c.contact_id, ledger_entry.c.seq, ledger_entry.c.kind, ledger_entry.c.author_kind
            )
            .where(ledger_entry.c.contact_id.in_(contacts))
            .order_by(ledger_entry.c.contact_id, ledger_entry.c.seq)
        ).all()
    sequences: dict[str, list[int]] = {}
    for entry in entries:
        sequences.setdefault(entry.contact_id, []).append(entry.seq)
    said = [each for each in entries if (each.kind, each.author_kind) == (events.MESSAGE, "customer")]
    mails = sum(row.contact_id in contacts for row in states)
    unfiled = sum(row.state == "taken" for row in states)
    return Filed(mails, unfiled, tuple(contacts), cases, len(said), sequences)


def _noted(url: str) -> dict[str, str]:
    """Message-ID → acknowledgement or reply, as we noted it before it left."""
    with look(url) as connection:
        rows = connection.execute(select(sent_mail.c.message_id, sent_mail.c.kind))
        return {row.message_id: row.kind for row in rows}
