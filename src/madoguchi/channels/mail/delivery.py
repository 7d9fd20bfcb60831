"""The last step of a mail: over SMTP with the mailbox's account, or into the folder `outbox` where there is no server."""

from __future__ import annotations

import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from madoguchi.engine.mail_sections import Mail, Mailbox
from madoguchi.engine.outbox import Errand


@dataclass(frozen=True)
class Account:
    """Where mails are handed over. Without a host they become files."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool

    @classmethod
    def of(cls, mail: Mail, box: Mailbox | None = None) -> Account:
        """The mailbox's own, else the house's."""
        if box is not None and box.smtp_host:
            secret = box.smtp_password.get_secret_value()
            return cls(box.smtp_host, box.smtp_port, box.smtp_user, secret, box.smtp_starttls)
        return cls(mail.smtp_host, mail.smtp_port, mail.smtp_user, mail.smtp_password, mail.smtp_starttls)


def deliver(account: Account, folder: Path, errand: Errand, mail: EmailMessage, envelope_sender: str) -> None:
    """Raises OSError, smtplib.SMTPException. `envelope_sender`: "" for automatic mails, whose bounces nobody wants."""
    if not account.host:
        _to_file(folder, errand, mail)
        return
    with _connect(account) as smtp:
        smtp.send_message(mail, from_addr=envelope_sender, to_addrs=[str(mail["To"].addresses[0].addr_spec)])


def check(account: Account, folder: Path) -> str | None:
    """None when mail can be sent; otherwise what is wrong."""
    if not account.host:
        folder.mkdir(parents=True, exist_ok=True)
        return None if os.access(folder, os.W_OK) else f"{folder} cannot be written"
    try:
        with _connect(account):
            return None
    except (OSError, smtplib.SMTPException) as error:
        return str(error)


def _connect(account: Account) -> smtplib.SMTP:
    smtp = smtplib.SMTP(account.host, account.port, timeout=20)
    if account.starttls:
        smtp.starttls(context=ssl.create_default_context())
    if account.user:
        smtp.login(account.user, account.password)
    return smtp


def _to_file(folder: Path, errand: Errand, mail: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{errand.id:08d}.eml"
    part = path.with_suffix(".part")
    _write_durably(part, mail.as_bytes())
    part.replace(path)


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
