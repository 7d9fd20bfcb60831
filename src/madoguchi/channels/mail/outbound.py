"""Mails to customers: codes, transcripts, receipts of deeds. Written to files until an SMTP server is set.

Automatic mails say so (`Auto-Submitted`, RFC 3834) and carry a Message-ID made from their errand, so that a repeat
after a crash is the same mail (I8).
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from pathlib import Path

from madoguchi.counter.trust.ours import Ours
from madoguchi.counter.trust.outgoing import foreign_links
from madoguchi.engine.database import outside
from madoguchi.engine.files import overwrite
from madoguchi.engine.outbox import Errand, GiveUp
from madoguchi.engine.settings import Settings

_SPECIALS = frozenset('<>()[]:;@\\,."')  # RFC 5322, 3.2.3
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Outgoing:
    """A mail of a conversation. `answering`: Message-IDs of its thread, the one that it answers last. `files`: name,
    media type, content. `automatic`: nobody wrote it, and nobody's machine should answer it.
    """

    to: str
    name: str
    subject: str
    text: str
    language: str
    message_id: str
    reply_to: str
    answering: tuple[str, ...] = ()
    files: Sequence[tuple[str, str, bytes]] = ()
    automatic: bool = False


class Postman:
    """Sends one mail at a time; the courier calls it, outside any transaction."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.data.folder / "outbox"
        self._ours = Ours.of(settings)

    def send(self, errand: Errand, *, to: str, name: str, subject: str, text: str, language: str) -> None:
        """Raises OSError or smtplib.SMTPException; the courier tries again. GiveUp: it holds a link to elsewhere (PHI-017)."""
        outside()
        self._refuse_foreign_links(text)
        mail = self._compose(errand, to=to, name=name, subject=subject, text=text, language=language)
        self._deliver(errand, mail)

    def post(self, errand: Errand, told: Outgoing) -> None:
        """Send a mail of a conversation. Raises as `send` does."""
        outside()
        self._refuse_foreign_links(told.text)
        mail = self._headed(told.to, told.name, told.subject, told.language, told.message_id)
        mail["Reply-To"] = told.reply_to
        if told.answering:
            mail["In-Reply-To"] = told.answering[-1]
            mail["References"] = " ".join(told.answering)
        if told.automatic:
            mail["Auto-Submitted"] = "auto-replied"
            mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(told.text)
        for name, media_type, content in told.files:
            main, _, sub = media_type.partition("/")
            mail.add_attachment(content, maintype=main, subtype=sub, filename=_one_line(name))
        self._deliver(errand, mail, envelope_sender="" if told.automatic else None)

    def _deliver(self, errand: Errand, mail: EmailMessage, *, envelope_sender: str | None = None) -> None:
        if self._settings.mail.smtp_host:
            self._by_smtp(mail, envelope_sender=envelope_sender)
        else:
            self._to_file(errand, mail)

    def _refuse_foreign_links(self, text: str) -> None:
        if foreign := foreign_links(text, self._ours, bare=False):
            raise GiveUp(f"a link that is not ours: {foreign[0].shown}")

    def check(self) -> str | None:
        """None when mail can be sent; otherwise what is wrong, for `madoguchi doctor`."""
        if not self._settings.mail.smtp_host:
            self._folder.mkdir(parents=True, exist_ok=True)
            return None if os.access(self._folder, os.W_OK) else f"{self._folder} cannot be written"
        try:
            with self._connect():
                return None
        except (OSError, smtplib.SMTPException) as error:
            return str(error)

    def _compose(
        self, errand: Errand, *, to: str, name: str, subject: str, text: str, language: str
    ) -> EmailMessage:
        mail = self._headed(to, name, subject, language, self._message_id(errand))
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        return mail

    def _headed(self, to: str, name: str, subject: str, language: str, message_id: str) -> EmailMessage:
        shop = self._settings.shop.name if language == "ja" else self._settings.shop.name_en
        mail = EmailMessage()
        mail["From"] = formataddr((_display_name(shop), self._settings.mail.sender))
        mail["To"] = formataddr((_display_name(name), to))
        mail["Subject"] = _one_line(subject)
        mail["Date"] = formatdate()
        mail["Message-ID"] = message_id
        mail["Content-Language"] = language
        return mail

    def _message_id(self, errand: Errand) -> str:
        return f"<errand-{errand.id}@{self._settings.mail.sender.rpartition('@')[2]}>"

    def forget(self, errand_ids: Sequence[int]) -> None:
        """Remove the files of these errands' mails, where mails are files (PRIV-005)."""
        for errand_id in errand_ids:
            path = self._path(errand_id)
            if path.exists():
                overwrite(path)
                path.unlink()

    def _path(self, errand_id: int) -> Path:
        return self._folder / f"{errand_id:08d}.eml"

    def _to_file(self, errand: Errand, mail: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(errand.id)
        part = path.with_suffix(".part")
        _write_durably(part, mail.as_bytes())
        part.replace(path)

    def _by_smtp(self, mail: EmailMessage, *, envelope_sender: str | None = None) -> None:
        """`envelope_sender`: "" for automatic mails, whose bounces nobody wants (RFC 3834, 3.3)."""
        with self._connect() as smtp:
            smtp.send_message(
                mail,
                from_addr=self._settings.mail.sender if envelope_sender is None else envelope_sender,
                to_addrs=[str(mail["To"].addresses[0].addr_spec)],
            )

    def _connect(self) -> smtplib.SMTP:
        wish = self._settings.mail
        smtp = smtplib.SMTP(wish.smtp_host, wish.smtp_port, timeout=20)
        if wish.smtp_starttls:
            smtp.starttls(context=ssl.create_default_context())
        if wish.smtp_user:
            smtp.login(wish.smtp_user, wish.smtp_password)
        return smtp


def _display_name(name: str) -> str:
    """The name before an address, without what has a meaning in a header.

    A long name is folded by the standard library without its quotes, and what follows `<` is then another address.
    """
    plain = "".join(" " if c in _SPECIALS or not c.isprintable() else c for c in name)
    return _one_line(plain)[:_LONGEST_NAME]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
