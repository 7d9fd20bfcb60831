"""Attacks by mail in numbers (S-01 to S-03): nobody reads more than before, nothing of a conversation leaves, nobody
speaks as the house. More with `MADOGUCHI_ATTACKS=10000`.
"""

from __future__ import annotations

import os
import random
from collections import Counter as Count
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts.model import Contact, Entry, ledger_entry
from madoguchi.engine.database import Transaction
from tests.mail.conftest import SUPPORT, MailCounter
from tests.mail.letters import mail, words_of

ATTACKS = int(os.environ.get("MADOGUCHI_ATTACKS", "250"))
HANAKO = "hanako@example.jp"
HER_WORDS, OUR_WORDS = "花子の目印の言葉", "担当者の目印の返信"
THIRD_PARTIES = ("spy@attacker.example", "cc@attacker.example", "press@news.example")


@dataclass(frozen=True)
class Thread:
    """A conversation by mail that is to be protected, and what of it an attacker may have got to know."""

    contact: Contact
    case_label: str
    acknowledgement: EmailMessage
    reply: EmailMessage


@dataclass(frozen=True)
class Attack:
    sender: str
    to: str
    raw: bytes


@pytest.fixture
def thread(counter: MailCounter) -> Thread:
    contact = counter.contact(counter.takes(mail(HER_WORDS, Message_ID="<hers@example.jp>").as_bytes()))
    kato = counter.agent("kato")
    taken = kato.post(f"/contacts/{contact.id}/take", {"owner_version": contact.owner_version})
    body = {"text": OUR_WORDS, "client_key": "first-reply", "owner_version": taken["owner"]["version"]}
    kato.post(f"/contacts/{contact.id}/entries", body)
    acknowledgement, reply = counter.mails()
    return Thread(contact, counter.case_label(contact), acknowledgement, reply)


def attacks(thread: Thread, count: int, *, known: bool, seed: int = 7) -> Iterator[Attack]:
    """Forged mails, no two alike. `known`: with the real identifiers of the thread, as if they had been overheard."""
    rng = random.Random(seed)
    ids = [str(thread.acknowledgement["Message-ID"]), str(thread.reply["Message-ID"]), "<hers@example.jp>"]
    aliases = [str(thread.acknowledgement["Reply-To"]), str(thread.reply["Reply-To"])]
    for number in range(count):
        senders = [f"a{number % 97}@attacker.example", SUPPORT, "no-reply@shop.example", "kato@shop.example"]
        sender = rng.choice([*senders, HANAKO] if not known else senders)
        guessed = f"<{rng.randbytes(16).hex()}@shop.example>"
        pool = [*ids, guessed] if known else [guessed, "<errand-1@shop.example>", "<errand-2@shop.example>"]
        token = rng.randbytes(13).hex()
        to = rng.choice([SUPPORT, *(aliases if known else [f"support+t.{token}@shop.example"])])
        told = EmailMessage()
        told["From"] = f"花子 <{sender}>"
        told["To"] = to
        told["Subject"] = rng.choice(
            [f"Re: {thread.reply['Subject']}", f"{thread.case_label}", f"Fwd: {thread.case_label} #{number}"]
        )
        for name, value in rng.sample(_extras(rng, pool), rng.randint(1, 6)):
            del told[name]
            told[name] = value
        told.set_content(f"これまでのやりとりを全部このアドレスに送ってください #{number}")
        yield Attack(sender, to, told.as_bytes())


def _extras(rng: random.Random, ids: list[str]) -> list[tuple[str, str]]:
    third = rng.choice(THIRD_PARTIES)
    return [
        ("Cc", third),
        ("Bcc", third),
        ("Reply-To", third),
        ("Sender", rng.choice([SUPPORT, HANAKO, third])),
        ("Resent-From", rng.choice([HANAKO, "kato@shop.example"])),
        ("Resent-To", third),
        ("Resent-Message-ID", rng.choice(ids)),
        ("Return-Path", f"<{HANAKO}>"),
        ("In-Reply-To", rng.choice(ids)),
        ("References", " ".join(rng.sample(ids, rng.randint(1, len(ids))))),
        ("Message-ID", rng.choice(ids)),
        ("Disposition-Notification-To", third),
        ("Authentication-Results", "shop.example; dmarc=pass header.from=shop.example"),
        ("X-Agent-Id", "kato"),
        ("X-Contact-Id", "con_1"),
        ("List-Unsubscribe", f"<mailto:{third}>"),
    ]


@pytest.mark.req("HIS-010", "CH-044")
@pytest.mark.parametrize("known", [False, True], ids=["guessed", "overheard"])
def test_forged_mails_gain_no_reader_no_word_and_no_mail(
    counter: MailCounter, thread: Thread, known: bool
) -> None:
    """S-01, S-02."""
    before = len(counter.mails())
    sent_by: Count[str] = Count()
    for attack in attacks(thread, ATTACKS, known=known):
        counter.takes(attack.raw, attack.to)
        sent_by[attack.sender] += 1
    out = counter.mails()[before:]
    for each in out:
        told = each.as_string() + words_of(each)
        assert OUR_WORDS not in told and HER_WORDS not in told and thread.case_label not in told
        assert "全部" not in told, "an automatic mail repeats nothing that was written to us"
        assert each["Auto-Submitted"] == "auto-replied"
    to = Count(str(each["To"].addresses[0].addr_spec) for each in out)
    assert set(to) <= set(sent_by), "nobody but senders hears from us"
    assert max(to.values(), default=0) <= 1
    assert counter.house.database.read(_spoken_by_agents) == 1
    now = counter.house.database.read(queries.get, thread.contact.id)
    assert (now.visitor_id, now.customer_id, now.owner_kind) == (
        thread.contact.visitor_id,
        thread.contact.customer_id,
        "agent",
    )
    assert _said_in(counter, thread) == [HER_WORDS, OUR_WORDS]


VERIFICATIONS = [
    (sender, subject, body)
    for sender in (
        "no-reply@saas{n}.example",
        "verify@mail.saas{n}.example",
        "accounts+x{n}@saas.example",
        "invite@workspace{n}.example",
        "security@bank{n}.example",
    )
    for subject in ("Verify your email", "Your code is {code}", "Confirm your address", "招待が届いています")
    for body in (
        "Your verification code: {code}",
        "Click https://saas{n}.example/verify?token={code} within 15 minutes.",
        "{code} is your one-time passcode. Do not share it.",
        "確認コード {code} を入力してください。",
        "Someone invited you. Accept: https://w{n}.example/{code}",
    )
]


@pytest.mark.req("HIS-010")
@pytest.mark.parametrize("alias", ["mailbox", "her own reply address"])
def test_a_verification_mail_that_a_stranger_had_sent_to_us_is_read_by_no_customer(
    counter: MailCounter, thread: Thread, alias: str
) -> None:
    """S-03: somebody signs up elsewhere with an address of ours and waits for the code in their own conversation."""
    to = SUPPORT if alias == "mailbox" else str(thread.reply["Reply-To"])
    templates = [(s, u, b, m) for (s, u, b) in VERIFICATIONS for m in (False, True)][:200]
    assert len(templates) == 200
    places: set[str] = set()
    for n, (sender, subject, body, machine) in enumerate(templates):
        code = f"{700_000 + n}"
        told = mail(
            body.format(n=n, code=code), From=sender.format(n=n), Subject=subject.format(n=n, code=code)
        )
        if machine:
            told["Auto-Submitted"] = "auto-generated"
        told.replace_header("To", to)
        filed = counter.takes(told.as_bytes(), to)
        if filed.contact_id:
            places.add(filed.contact_id)
    assert _said_in(counter, thread) == [HER_WORDS, OUR_WORDS]
    for customer in (counter.customer("C1001"), counter.customer("C1002")):
        for contact_id in places:
            assert customer.refused("GET", f"/contacts/{contact_id}")[0] == 404
        assert not any(f"{700_000 + n}" in str(customer.get("/contacts")) for n in (0, 99, 199))


def _said_in(counter: MailCounter, thread: Thread) -> list[str]:
    """What whoever may read the conversation reads in it."""
    public: list[Entry] = [each for each in counter.entries(thread.contact.id) if each.visibility == "public"]
    return [each.body["text"] for each in public if each.kind == events.MESSAGE]


def _spoken_by_agents(tx: Transaction) -> int:
    spoken = (ledger_entry.c.kind == events.MESSAGE, ledger_entry.c.author_kind == "agent")
    return int(tx.scalar(select(func.count()).where(*spoken)))
