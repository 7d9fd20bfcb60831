"""Where a mail becomes ours: stored whole and noted before anybody says that it was received (I1, R-03).

The same mail delivered twice, by a sender that missed our answer or through two addresses, is one mail (I2): it is known
by its bytes without the lines that servers on the way put above them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from sqlalchemy import insert, select

from madoguchi.channels.mail.model import ReceivedMail, received_mail
from madoguchi.engine import outbox
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.failpoints import failpoint
from madoguchi.engine.files import FileStore
from madoguchi.kit.ids import new_id

FILE = "mail.file"  # the errand that reads and files it
_TRACE = re.compile(
    rb"^(received|return-path|delivered-to|x-original-to|envelope-to|x-envelope-to|x-envelope-from)\s*:", re.I
)
_HEAD = 256_000  # bytes in which trace lines are looked for


class Inbox:
    """Takes mails in. Synchronous; call from a worker thread."""

    def __init__(self, database: Database, files: FileStore) -> None:
        self._database = database
        self._files = files

    def take(
        self, raw: bytes, *, mailbox: str, recipients: Sequence[str] = (), sender: str | None = None
    ) -> str:
        """Keep a mail and see to it that it is filed; returns its id. After this it is ours.

        `sender`: of the envelope, where the delivering server tells it.

        A mail that has come before, even in another process at this very moment, gives the id that it has.
        """
        content_key = key_of(raw)
        known = self._database.read(_known, mailbox, content_key)
        if known is not None:
            return known
        storage_key = self._files.put(raw)
        failpoint("mail.inbox.stored")
        mail_id, is_new = self._database.write(
            _note, mailbox, content_key, storage_key, len(raw), "\n".join(recipients)[:2000], sender
        )
        if not is_new:
            self._files.delete(storage_key)
        return mail_id


def key_of(raw: bytes) -> str:
    """The same for the same mail, whatever servers on its way wrote above it."""
    head, gap, body = raw.partition(b"\r\n\r\n") if b"\r\n\r\n" in raw[:_HEAD] else raw.partition(b"\n\n")
    kept: list[bytes] = []
    skipping = False
    for line in head[:_HEAD].splitlines():
        if line[:1] not in (b" ", b"\t"):
            skipping = _TRACE.match(line) is not None
        if not skipping:
            kept.append(line)
    return hashlib.sha256(b"\n".join(kept) + head[_HEAD:] + gap[:1] + body).hexdigest()


def get(tx: Transaction, mail_id: str) -> ReceivedMail | None:
    row = tx.first(select(received_mail).where(received_mail.c.id == mail_id))
    return None if row is None else ReceivedMail(**row._mapping)


def _known(tx: Transaction, mailbox: str, content_key: str) -> str | None:
    here = (received_mail.c.mailbox == mailbox, received_mail.c.content_key == content_key)
    found = tx.scalar(select(received_mail.c.id).where(*here))
    return None if found is None else str(found)


def _note(
    tx: Transaction,
    mailbox: str,
    content_key: str,
    storage_key: str,
    size: int,
    recipients: str,
    sender: str | None,
) -> tuple[str, bool]:
    tx.lock("received_mail", content_key)
    known = _known(tx, mailbox, content_key)
    if known is not None:
        return known, False
    mail_id = new_id("mail")
    tx.execute(
        insert(received_mail).values(
            id=mail_id,
            mailbox=mailbox,
            content_key=content_key,
            storage_key=storage_key,
            size=size,
            recipients=recipients,
            state="taken",
            reason="",
            sender="",
            taken_at=tx.now,
            envelope_sender=None if sender is None else sender[:320],
        )
    )
    outbox.put(tx, FILE, {"mail_id": mail_id}, key=f"{FILE}/{mail_id}")
    return mail_id, True
