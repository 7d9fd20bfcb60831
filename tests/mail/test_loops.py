"""R-12: whoever answers our mails by machine, also another counter of ours: the talk of machines ends, people are heard.

`MADOGUCHI_LOOPS=1000` runs a thousand shapes.
"""

from __future__ import annotations

import email
import email.policy
import os
import random
import shutil
from collections import Counter as Tally
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.conftest import StillClock
from tests.mail.conftest import SUPPORT, MailCounter
from tests.mail.letters import mail, raw

SHAPES = int(os.environ.get("MADOGUCHI_LOOPS", "40"))
ROUNDS = 8  # of an hour, every few minutes
A_DAY = 3  # automatic mails to one address, at the most


class Machine:
    """Somebody's program that answers each mail it gets, in a way of its own; the same seed, the same way."""

    def __init__(self, number: int) -> None:
        self.rng = random.Random(number)
        self.address = f"machine{number}@loops.example"
        self.says_so = self.rng.choice(
            ["", "", "Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes"]
        )
        self.subject = self.rng.choice(
            ["Re: {0}", "[EXT] {0}", "自動応答: {0}", "Out of office", "AW: Re: {0}", "#{1} {0}"]
        )
        self.threads = self.rng.choice(["all", "none", "reply-to only", "references only"])
        self.bounces = self.rng.random() < 0.2
        self.answered = 0

    def begins(self) -> bytes:
        return mail(
            f"最初のメールです {self.address}", From=self.address, Subject=f"件 {self.address}"
        ).as_bytes()

    def answers(self, got: EmailMessage) -> tuple[bytes, str]:
        """What it sends, and to which address."""
        self.answered += 1
        to = str(got["Reply-To"] or SUPPORT) if self.threads in ("all", "reply-to only") else SUPPORT
        if self.bounces:
            return self._bounce(got), SUPPORT
        lines = [
            f"From: {self.address}",
            f"To: {to}",
            f"Message-ID: <{self.answered}.{self.address}>",
            f"Subject: {self.subject.format('your mail', self.answered)}",
        ]
        if self.says_so:
            lines.append(self.says_so)
        if self.threads in ("all", "references only"):
            lines += [f"In-Reply-To: {got['Message-ID']}", f"References: {got['Message-ID']}"]
        body = f"I got mail number {self.answered} {self.rng.random()}"
        return raw(*lines, "Content-Type: text/plain; charset=utf-8", "", body), to

    def _bounce(self, got: EmailMessage) -> bytes:
        """A returned mail, honest or (half of them) without a sign that it is one."""
        honest = self.rng.random() < 0.5
        head = ["Return-Path: <>", "Content-Type: multipart/report; report-type=delivery-status; boundary=b"]
        return raw(
            f"From: {'MAILER-DAEMON' if honest else 'postmaster'}@loops.example",
            "Subject: Undelivered Mail Returned to Sender",
            *(head if honest else ["Content-Type: multipart/mixed; boundary=b"]),
            "",
            "--b",
            "",
            f"{self.address} {self.answered}",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Final-Recipient: rfc822; x@y.example",
            "Action: failed",
            "Status: 5.1.1",
            "--b",
            "Content-Type: message/rfc822",
            "",
            f"Message-ID: {got['Message-ID']}",
            "--b--",
        )


def test_no_machine_gets_more_than_three_automatic_mails_a_day_and_no_mail_is_lost(
    counter: MailCounter,
) -> None:
    machines = {each.address: each for each in map(Machine, range(SHAPES))}
    taken = [counter.takes(each.begins()).id for each in machines.values()]
    seen, sent = 0, Tally[str]()
    for _ in range(ROUNDS):
        fresh = counter.mails()[seen:]
        seen += len(fresh)
        for each in fresh:
            to = each["To"].addresses[0].addr_spec
            sent[to] += 1
            assert each["Auto-Submitted"]
            answer, address = machines[to].answers(each) if to in machines else (b"", "")
            if answer:
                taken.append(counter.takes(answer, address).id)
        counter.clock.forward(minutes=7)
    assert set(sent) >= {each.address for each in machines.values()}  # the first mail of each was a person's
    assert max(sent.values()) <= A_DAY
    states = Tally(counter.state_of(each) for each in taken)
    assert set(states) <= {"filed", "quarantined"}
    assert sum(machine.answered for machine in machines.values()) + SHAPES == len(taken)


def test_a_person_whose_program_marks_everything_as_automatic_is_heard(counter: MailCounter) -> None:
    """ServiceNow and its like do (osTicket #6380)."""
    filed = counter.takes(mail("届きません", Auto_Submitted="auto-generated").as_bytes())
    assert counter.words(counter.contact(filed).id) == ["届きません"]
    assert counter.mails() == []


@pytest.fixture
def two(filled: Path, tmp_path: Path, clock: StillClock) -> Iterator[dict[str, MailCounter]]:
    """Two counters of ours, each at its own address."""
    made = {}
    for name in ("a", "b"):
        folder = tmp_path / name
        shutil.copytree(filled, folder)
        address = f"support@{name}.example"
        made[address] = MailCounter(
            folder, clock, mail={"mailboxes": [address], "sender": address, "undo_seconds": 0}
        )
    for each in made.values():
        each.client.__enter__()
    yield made
    for each in made.values():
        each.client.__exit__(None, None, None)
        each.close()


@pytest.mark.parametrize("gateway", ["honest", "takes our marks away", "rewrites subjects and ids"])
def test_two_counters_of_ours_that_write_to_each_other_fall_silent(
    two: dict[str, MailCounter], gateway: str
) -> None:
    a, b = two
    seen = dict.fromkeys(two, 0)
    two[a].inbox_take(mail("はじめまして", From=b, Subject="ご相談").as_bytes(), a)
    automatic = Tally[tuple[str, str]]()
    for _ in range(ROUNDS):
        for name, counter in two.items():
            fresh = counter.mails()[seen[name] :]
            seen[name] += len(fresh)
            for each in fresh:
                to = each["To"].addresses[0].addr_spec
                automatic[name, to] += 1
                two[to].inbox_take(_through(gateway, each), to)
        for counter in two.values():
            counter.clock.forward(minutes=4)
    assert automatic
    assert sum(automatic.values()) <= A_DAY


def _through(gateway: str, sent: EmailMessage) -> bytes:
    """The mail as it comes out of a server between the two."""
    told = email.message_from_bytes(sent.as_bytes(), policy=email.policy.default)
    if gateway != "honest":
        for name in ("Auto-Submitted", "X-Auto-Response-Suppress"):
            del told[name]
    if gateway.startswith("rewrites"):
        del told["Message-ID"], told["Subject"], told["Reply-To"], told["References"], told["In-Reply-To"]
        told["Message-ID"], told["Subject"] = f"<{random.random()}@gw.example>", f"[EXT] {random.random()}"
    return told.as_bytes()
