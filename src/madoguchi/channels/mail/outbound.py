"""Mails to customers: codes, transcripts, receipts of deeds. Written to files until an SMTP server is set.

Automatic mails say so (`Auto-Submitted`, RFC 3834) and carry a Message-ID made from their errand, so that a repeat
after a crash is the same mail (I8).
"""

from __future__ import annotations

import os
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from pathlib import Path

from madoguchi.counter.trust.ours import Ours
from madoguchi.counter.trust.outgoing import foreign_links
from madoguchi.engine.database import outside
from madoguchi.engine.outbox import Errand, GiveUp
from madoguchi.engine.settings import Settings

_SPECIALS = frozenset('<>()[]:;@\\,."')  # RFC 5322, 3.2.3
_LONGEST_NAME = 60


class Postman:
    """Sends one mail at a time; the courier calls it, outside any transaction."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.data.folder / "outbox"
        self._ours = Ours.of(settings)

    def send(self, errand: Errand, *, to: str, name: str, subject: str, text: str, language: str) -> None:
        """Raises OSError or smtplib.SMTPException; the courier tries again. GiveUp: it holds a link to elsewhere (PHI-017)."""
        outside()
        if foreign := foreign_links(text, self._ours, bare=False):
            raise GiveUp(f"a link that is not ours: {foreign[0].shown}")
        mail = self._compose(errand, to=to, name=name, subject=subject, text=text, language=language)
        if self._settings.mail.smtp_host:
            self._by_smtp(mail)
        else:
            self._to_file(errand, mail)

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
        shop = self._settings.shop.name if language == "ja" else self._settings.shop.name_en
        sender = self._settings.mail.sender
        mail = EmailMessage()
        mail["From"] = formataddr((_display_name(shop), sender))
        mail["To"] = formataddr((_display_name(name), to))
        mail["Subject"] = _one_line(subject)
        mail["Date"] = formatdate()
        mail["Message-ID"] = self._message_id(errand)
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = language
        mail.set_content(text)
        return mail

    def _message_id(self, errand: Errand) -> str:
        return f"<errand-{errand.id}@{self._settings.mail.sender.rpartition('@')[2]}>"

    def _to_file(self, errand: Errand, mail: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{errand.id:08d}.eml"
        part = path.with_suffix(".part")
        _write_durably(part, mail.as_bytes())
        part.replace(path)

    def _by_smtp(self, mail: EmailMessage) -> None:
        with self._connect() as smtp:
            smtp.send_message(mail, to_addrs=[str(mail["To"].addresses[0].addr_spec)])

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
