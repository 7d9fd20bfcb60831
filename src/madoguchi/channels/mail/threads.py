"""To which contact a mail belongs: by the address that it was sent to, by what it answers, and never by a header alone.

An answer that reaches the reply address made for its sender, or names a Message-ID that only its recipient knows, goes
on in that contact. From anybody else it is shown to staff beside the conversation and nowhere else (S-01, S-02). A
subject alone joins nothing; who writes again within two days about the same matter does (CH-048).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import insert, select

from madoguchi.channels.mail.model import reply_address, sent_mail
from madoguchi.channels.mail.reading import Mail
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact, contact
from madoguchi.engine.database import Transaction
from madoguchi.engine.keys import Keys
from madoguchi.kit.ids import fingerprint

AGAIN_WITHIN = timedelta(hours=48)  # CH-048
_TOKEN = re.compile(r"\+t\.([a-z2-7]{26})@")
_ANSWERING = re.compile(
    r"^((re|aw|sv|fw|fwd|回复|回覆|转发|轉寄|답장|返信|転送)\s*([:：]|\[\d+\]\s*[:：])\s*)+", re.I
)


@dataclass(frozen=True)
class Belongs:
    """`contact`: where it goes on. `by`: "customer" if the one to whom we wrote answers, else "other"."""

    contact: Contact
    by: Literal["customer", "other"]


def address_for(tx: Transaction, keys: Keys, base: str, contact_id: str, recipient: str) -> str:
    """The address for this recipient's answers about this contact: 128 bits that only we can make; we keep their hash."""
    recipient = recipient.lower()
    token = _secret(keys, "mail.reply", f"{contact_id}/{recipient}")
    if (
        tx.scalar(select(reply_address.c.contact_id).where(reply_address.c.token_hash == fingerprint(token)))
        is None
    ):
        tx.execute(
            insert(reply_address).values(
                token_hash=fingerprint(token), contact_id=contact_id, recipient=recipient, created_at=tx.now
            )
        )
    local, _, domain = base.rpartition("@")
    return f"{local}+t.{token}@{domain}"


def message_id(keys: Keys, errand_id: int, sender: str) -> str:
    """The Message-ID of what this errand sends: always the same, and nobody can guess it."""
    return f"<{_secret(keys, 'mail.message', str(errand_id))}@{sender.rpartition('@')[2]}>"


def _secret(keys: Keys, purpose: str, text: str) -> str:
    digest = bytes.fromhex(keys.sign(purpose, text))[:16]
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()


def token_of(addresses: Iterable[str]) -> str:
    """The token in the first of these addresses that has one, "" if none has."""
    for each in addresses:
        found = _TOKEN.search(each.lower())
        if found:
            return found.group(1)
    return ""


def belongs(tx: Transaction, mail: Mail, recipients: Iterable[str]) -> Belongs | None:
    """Where a mail goes on; None: it begins something of its own."""
    named = [*recipients, *mail.delivered_to, *(each.address for each in (*mail.recipients, *mail.copied))]
    token = token_of(named)
    if token:
        row = tx.first(select(reply_address).where(reply_address.c.token_hash == fingerprint(token)))
        if row is not None:
            return _belongs(tx, row.contact_id, row.recipient, mail)
    answered = [*mail.in_reply_to, *reversed(mail.references)]
    if answered:
        rows = tx.all(select(sent_mail).where(sent_mail.c.message_id.in_(answered[:50])))
        by_id = {row.message_id: row for row in rows}
        for each in answered:
            if each in by_id:
                return _belongs(tx, by_id[each].contact_id, by_id[each].recipient, mail)
    return None


def written_again(tx: Transaction, visitor_id: str, subject: str, topic: str) -> Contact | None:
    """An open contact that the same address began by mail a little earlier, about the same matter."""
    rows = tx.all(
        select(contact.c.id)
        .where(
            contact.c.visitor_id == visitor_id,
            contact.c.channel == "mail",
            contact.c.state != "ended",
            contact.c.updated_at >= tx.now - AGAIN_WITHIN,
        )
        .order_by(contact.c.opened_at.desc())
        .limit(20)
    )
    for row in rows:
        seen = queries.get(tx, row.id)
        same_subject = (
            unanswered(seen.attributes.get("subject", "")).casefold() == unanswered(subject).casefold() != ""
        )
        if same_subject or (topic and seen.topic == topic):
            return seen
    return None


def sent_by_us(tx: Transaction, message_id: str) -> str | None:
    """The contact in which we sent a mail with this Message-ID."""
    found = tx.scalar(select(sent_mail.c.contact_id).where(sent_mail.c.message_id == message_id))
    return None if found is None else str(found)


def note_sent(tx: Transaction, message_id: str, contact_id: str, recipient: str, kind: str) -> None:
    """Once: a mail sent again after a crash is the same mail."""
    if tx.scalar(select(sent_mail.c.message_id).where(sent_mail.c.message_id == message_id)) is None:
        tx.execute(
            insert(sent_mail).values(
                message_id=message_id,
                contact_id=contact_id,
                recipient=recipient.lower(),
                kind=kind,
                sent_at=tx.now,
            )
        )


def acknowledged_lately(tx: Transaction, address: str, *, but: str) -> bool:
    """Has this address had an automatic mail of ours, other than `but`, within a day? (RFC 3834, S-04)"""
    sent = (
        sent_mail.c.recipient == address.lower(),
        sent_mail.c.kind == "acknowledgement",
        sent_mail.c.sent_at > tx.now - timedelta(hours=24),
        sent_mail.c.message_id != but,
    )
    return tx.scalar(select(sent_mail.c.message_id).where(*sent).limit(1)) is not None


def unanswered(subject: str) -> str:
    """A subject without "Re:" and its like in the languages of mail programs."""
    return _ANSWERING.sub("", subject.strip()).strip()


def _belongs(tx: Transaction, contact_id: str, recipient: str, mail: Mail) -> Belongs | None:
    found = queries.find(tx, contact_id)
    if found is None:
        return None
    return Belongs(found, "customer" if mail.sender.address == recipient else "other")
