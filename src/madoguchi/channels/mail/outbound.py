"""Mails to customers, composed: codes, transcripts, receipts of deeds, replies. All of them leave by this one way.

Automatic mails say so (`Auto-Submitted`, RFC 3834) and carry a Message-ID made from their errand, so that a repeat
after a crash is the same mail (I8). From is at a domain of ours, or the mail does not leave (CH-045). What has left is
noted, so that its recipient can look it up (CH-054).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from pathlib import Path

from madoguchi.channels.mail import delivery
from madoguchi.channels.mail.delivery import Account
from madoguchi.counter.trust.ours import Ours
from madoguchi.counter.trust.outgoing import foreign_links
from madoguchi.engine.database import outside
from madoguchi.engine.files import overwrite
from madoguchi.engine.mail_sections import Mailbox
from madoguchi.engine.outbox import Errand, GiveUp
from madoguchi.engine.settings import Settings

_SPECIALS = frozenset('<>()[]:;@\\,."')  # RFC 5322, 3.2.3
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Outgoing:
    """A mail of a conversation. `mailbox`: the address at which it came in, whose ways it has. `answering`: Message-IDs of
    its thread, the one that it answers last. `files`: name, media type, content.
    `pictures`: Content-ID, by which `html` shows it, media type, content. `automatic`: nobody wrote it, and
    nobody's machine should answer it.
    """

    to: str
    name: str
    subject: str
    text: str
    language: str
    message_id: str
    reply_to: str
    mailbox: str = ""
    html: str = ""
    answering: tuple[str, ...] = ()
    files: Sequence[tuple[str, str, bytes]] = ()
    pictures: Sequence[tuple[str, str, bytes]] = ()
    automatic: bool = False


@dataclass(frozen=True)
class Left:
    """A mail that has left. `id`: of its errand, the same for a repeat."""

    id: str
    to: str
    subject: str
    sender: str


class Postman:
    """Sends one mail at a time; the courier calls it, outside any transaction. `note`: hears of each that has left."""

    def __init__(self, settings: Settings, note: Callable[[Left], None] | None = None) -> None:
        self._settings = settings
        self._folder = settings.data.folder / "outbox"
        self._ours = Ours.of(settings)
        self._note = note

    def send(self, errand: Errand, *, to: str, name: str, subject: str, text: str, language: str) -> None:
        """Raises OSError or smtplib.SMTPException; the courier tries again. GiveUp: it holds a link to elsewhere (PHI-017)."""
        outside()
        self._refuse_foreign_links(text)
        box = Mailbox(address=self._settings.mail.sender)
        mail = self._headed(box, to, name, subject, language, self._message_id(errand))
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        self._deliver(errand, mail, box, self._sender(box))

    def post(self, errand: Errand, told: Outgoing) -> None:
        """Send a mail of a conversation. Raises as `send` does."""
        outside()
        self._refuse_foreign_links(told.text)
        self._refuse_foreign_links(told.html)
        box = self._settings.mail.box(told.mailbox)
        mail = self._headed(box, told.to, told.name, told.subject, told.language, told.message_id)
        mail["Reply-To"] = told.reply_to
        if told.answering:
            mail["In-Reply-To"] = told.answering[-1]
            mail["References"] = " ".join(told.answering)
        if told.automatic:
            mail["Auto-Submitted"] = "auto-replied"
            mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(told.text)
        if told.html:
            mail.add_alternative(told.html, subtype="html")
            _add_pictures(mail, told.pictures)
        for name, media_type, content in told.files:
            main, _, sub = media_type.partition("/")
            mail.add_attachment(content, maintype=main, subtype=sub, filename=_one_line(name))
        self._deliver(errand, mail, box, "" if told.automatic else self._sender(box))

    def check(self, box: Mailbox | None = None) -> str | None:
        """None when mail can be sent; otherwise what is wrong, for `madoguchi doctor`."""
        wrong = delivery.check(Account.of(self._settings.mail, box), self._folder)
        return wrong or self.refusal(self._sender(box or Mailbox(address="")))

    def refusal(self, sender: str) -> str | None:
        """Why nothing leaves with this From, None if it may."""
        domain = sender.rpartition("@")[2].lower()
        return (
            None if self._ours.owns(domain) else f"{domain or sender} is none of our domains (trust.domains)"
        )

    def _deliver(self, errand: Errand, mail: EmailMessage, box: Mailbox, envelope_sender: str) -> None:
        sender = self._sender(box)
        if refusal := self.refusal(sender):
            raise GiveUp(refusal)
        delivery.deliver(Account.of(self._settings.mail, box), self._folder, errand, mail, envelope_sender)
        if self._note is not None:
            to = str(mail["To"].addresses[0].addr_spec)
            self._note(Left(f"errand-{errand.id}", to, str(mail["Subject"]), sender))

    def _refuse_foreign_links(self, text: str) -> None:
        if foreign := foreign_links(text, self._ours, bare=False):
            raise GiveUp(f"a link that is not ours: {foreign[0].shown}")

    def _headed(
        self, box: Mailbox, to: str, name: str, subject: str, language: str, message_id: str
    ) -> EmailMessage:
        shop = self._settings.shop.name_in(language)
        mail = EmailMessage()
        mail["From"] = formataddr((_display_name(box.name or shop), self._sender(box)))
        mail["To"] = formataddr((_display_name(name), to))
        mail["Subject"] = _one_line(subject)
        mail["Date"] = formatdate()
        mail["Message-ID"] = message_id
        mail["Content-Language"] = language
        return mail

    def _sender(self, box: Mailbox) -> str:
        return box.sender or self._settings.mail.sender

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


def _add_pictures(mail: EmailMessage, pictures: Sequence[tuple[str, str, bytes]]) -> None:
    """Beside the words in HTML, which is the last alternative."""
    shown = mail.get_payload()[-1]  # type: ignore[index]
    for content_id, media_type, content in pictures:
        main, _, sub = media_type.partition("/")
        shown.add_related(content, maintype=main, subtype=sub, cid=f"<{content_id}>", disposition="inline")  # type: ignore[union-attr]


def _display_name(name: str) -> str:
    """The name before an address, without what has a meaning in a header.

    A long name is folded by the standard library without its quotes, and what follows `<` is then another address.
    """
    plain = "".join(" " if c in _SPECIALS or not c.isprintable() else c for c in name)
    return _one_line(plain)[:_LONGEST_NAME]


def _one_line(text: str) -> str:
    return " ".join(text.split())
