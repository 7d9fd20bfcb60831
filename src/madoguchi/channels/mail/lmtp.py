"""The door for mails: an LMTP listener to which the shop's mail server delivers (RFC 2033).

A mail is ours when we answer 250, and not before it is stored; on any doubt the answer is 451, and the mail server keeps
it and tries again. Only our own mailboxes and their reply addresses are known.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any, Self

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from madoguchi.channels.mail.inbox import Inbox
from madoguchi.engine.settings import Settings

log = structlog.get_logger()
_TAG = re.compile(r"\+[^@]*@")
_TAKEN, _LATER = "250 2.0.0 taken", "451 4.3.0 please try again later"
_UNKNOWN = "550 5.1.1 there is no such mailbox"


class MailListener:
    """Listens in a thread of its own between `start` and `stop`."""

    def __init__(self, inbox: Inbox, settings: Settings) -> None:
        mail = settings.mail
        self._controller = _Controller(
            _Door(inbox, list(mail.addresses)), hostname=mail.lmtp_host, port=mail.lmtp_port, ready_timeout=10
        )
        self._controller.largest = mail.largest_mb * 1_048_576

    def start(self) -> None:
        """Raises OSError if the port is taken."""
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def mailbox_of(address: str, mailboxes: list[str]) -> str | None:
    """The mailbox that an address belongs to, tag or not; None if it is not ours."""
    bare = _TAG.sub("@", address.strip().lower())
    return next((each for each in mailboxes if each.lower() == bare), None)


class _Door:
    """What aiosmtpd asks at each step of a delivery."""

    def __init__(self, inbox: Inbox, mailboxes: list[str]) -> None:
        self._inbox = inbox
        self._mailboxes = mailboxes

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if mailbox_of(address, self._mailboxes) is None:
            return _UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = envelope.original_content or b""
        by_mailbox: dict[str, list[str]] = {}
        for address in envelope.rcpt_tos:
            mailbox = mailbox_of(address, self._mailboxes)
            if mailbox is not None:
                by_mailbox.setdefault(mailbox, []).append(address)
        try:
            for mailbox, recipients in by_mailbox.items():
                await asyncio.to_thread(
                    self._inbox.take,
                    raw,
                    mailbox=mailbox,
                    recipients=recipients,
                    sender=envelope.mail_from,
                )
        except Exception:
            log.exception("mail.not_taken", bytes=len(raw))
            return _LATER
        return "\r\n".join([_TAKEN] * max(1, len(envelope.rcpt_tos)))


class _Controller(Controller):
    largest = 0

    def factory(self) -> Any:
        return LMTP(self.handler, data_size_limit=self.largest, enable_SMTPUTF8=True, ident="Madoguchi")
