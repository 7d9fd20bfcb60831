"""A mail that was taken becomes what it is: a customer's words in a contact, something for staff to see, or nothing for anybody.

Read outside any transaction in a bounded process, then filed in one. Whatever happens, the raw mail stays, and a mail
that cannot be read still becomes a contact, with the raw mail beside it (R-15). Who sent it is only what it says: the
sender of a mail is a visitor, whatever address it carries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import update

from madoguchi.channels.mail import inbox, threads
from madoguchi.channels.mail.model import MailState, ReceivedMail, received_mail
from madoguchi.channels.mail.quarantine import RELEASED
from madoguchi.channels.mail.ranking import is_simple, rank
from madoguchi.channels.mail.reading import Mail
from madoguchi.channels.mail.reading.safely import SafeReader, Unreadable
from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.cases import continuing, templates
from madoguchi.counter.cases import service as cases
from madoguchi.counter.contacts import attachments, events, queries, service
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.problems import Invalid
from madoguchi.counter.quality import strain
from madoguchi.counter.routing import service as routing
from madoguchi.engine import outbox
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.failpoints import failpoint
from madoguchi.engine.files import FileStore
from madoguchi.engine.outbox import Errand
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

ACKNOWLEDGE = "mail.acknowledge"
CHECK = "mail.check"  # the errand that asks who vouches for its sender
LONGEST_WORDS = 20_000  # characters of a mail that stand in the conversation; the rest is in the raw mail
_NOBODYS = {"list", "bulk", "bounce"}  # without a thread these are for nobody
log = structlog.get_logger()


@dataclass(frozen=True)
class Matter:
    """What a text is about: kind of the taxonomy ("" if unclear), language, order numbers named in it."""

    topic: str
    language: str
    order_numbers: Sequence[str]


@dataclass(frozen=True)
class _Kept:
    name: str
    clean: attachments.Clean
    storage_key: str


@dataclass(frozen=True)
class _Opened:
    """A mail with its files stored. `left_out`: names of files that cannot be shown."""

    received: ReceivedMail
    mail: Mail | None
    matter: Matter
    kept: tuple[_Kept, ...]
    left_out: tuple[str, ...]


class Filing:
    """Handler of the topic `mail.file`. `understand`: what a text is about."""

    def __init__(
        self,
        database: Database,
        files: FileStore,
        settings: Settings,
        reader: SafeReader,
        understand: Callable[[str], Matter],
    ) -> None:
        self._database = database
        self._files = files
        self._settings = settings
        self._reader = reader
        self._understand = understand

    def file(self, errand: Errand) -> None:
        """Read one mail and file it; a second time is no time."""
        received = self._database.read(inbox.get, errand.payload["mail_id"])
        if received is None or received.state != "taken":
            return
        read = self._reader.read(self._files.get(received.storage_key), marker=marker(self._settings))
        if isinstance(read, Unreadable):
            log.warning("mail.unreadable", mail=received.id, reason=read.reason)
            opened = _Opened(received, None, self._understand(""), (), ())
        else:
            opened = self._open(received, read)
        failpoint("mail.filing.read")
        shown = False
        try:
            shown = self._database.write(_file, opened, self._settings)
        finally:
            if not shown:  # the raw mail holds them still
                for each in opened.kept:
                    self._files.delete(each.storage_key)

    def _open(self, received: ReceivedMail, mail: Mail) -> _Opened:
        kept: list[_Kept] = []
        left_out: list[str] = []
        limits = self._settings.limits
        for each in mail.files:
            if len(kept) >= limits.attachments_per_contact:
                left_out.append(each.name)
                continue
            try:
                clean = attachments.clean(each.content, limits.attachment_mb * 1_048_576)
            except Invalid:
                left_out.append(each.name)
                continue
            kept.append(_Kept(each.name, clean, self._files.put(clean.content)))
        words = f"{mail.subject}\n{mail.text}"
        return _Opened(received, mail, self._understand(words[:2_000]), tuple(kept), tuple(left_out))


def marker(settings: Settings) -> str:
    """The line above which people answer; the same in every language's mails, so that it is always found."""
    return f"## {settings.shop.name_en} ##"


def answer_above(language: str) -> str:
    """What the marker asks for."""
    return tr(language, "Please write your answer above this line")


def marked(settings: Settings, language: str, text: str) -> str:
    """A mail of ours that can be answered: the line above which people write, then the text."""
    return f"{marker(settings)} {answer_above(language)}\n\n{text}\n"


def visitor_of(address: str) -> str:
    """Whoever writes from this address, as far as a mail can tell: nobody known."""
    return f"mail_{hashlib.sha256(address.encode()).hexdigest()[:26]}"


def _file(tx: Transaction, opened: _Opened, settings: Settings) -> bool:
    """Whether it became the customer's words, so that its files stand in the conversation."""
    mail = opened.mail
    let_in = opened.received.reason == RELEASED
    belongs = threads.belongs(tx, mail, opened.received.recipients.split("\n")) if mail else None
    if mail is not None and mail.automatic and not let_in:
        returned = mail.bounce.message_id if mail.bounce else ""
        about = belongs.contact.id if belongs else threads.sent_by_us(tx, returned) if returned else None
        if about is not None:
            _tell_staff(
                tx,
                opened,
                about,
                events.MAIL_BOUNCED if mail.automatic == "bounce" else events.MAIL_AUTOMATIC,
            )
            return False
        if mail.automatic in _NOBODYS:
            _settle(tx, opened, "quarantined", mail.automatic)
            return False
    if mail is not None and belongs is not None and belongs.by == "other":
        _tell_staff(tx, opened, belongs.contact.id, events.MAIL_FROM_OTHER)
        return False
    if mail is not None and belongs is not None:
        _go_on(tx, opened, _open_again(tx, belongs.contact, settings, opened), "answer", settings)
        return True
    sender = mail.sender.address if mail else ""
    visitor = visitor_of(sender or opened.received.id)
    earlier = (
        threads.written_again(tx, visitor, mail.subject, opened.matter.topic) if mail and sender else None
    )
    if earlier is not None:
        _go_on(tx, opened, earlier, "again", settings)
        return True
    begun = _begin(tx, opened, visitor, settings)
    seq = _say(tx, opened, begun)
    _settle(tx, opened, "filed", "new", begun.id, seq)
    _wait(tx, queries.get(tx, begun.id), opened, settings)
    if mail is not None and sender and not mail.automatic and not mail.silent and not let_in:
        outbox.put(tx, ACKNOWLEDGE, {"contact_id": begun.id}, key=f"{ACKNOWLEDGE}/{begun.id}")
    return True


def _begin(tx: Transaction, opened: _Opened, visitor: str, settings: Settings) -> Contact:
    """A new contact and its case."""
    mail, matter = opened.mail, opened.matter
    languages = settings.shop.languages
    usual = settings.mail.box(opened.received.mailbox).language or languages[0]
    order_number = matter.order_numbers[0] if matter.order_numbers else ""
    actor = Actor(kind="customer", id=visitor, name=mail.sender.name if mail else "")
    begun = service.open_contact(
        tx,
        actor=actor,
        channel="mail",
        language=matter.language if matter.language in languages else usual,
        topic=matter.topic,
        order_number=order_number,
        owner="none",
        attributes={
            "subject": mail.subject if mail else "",
            "mail_from": mail.sender.address if mail else "",
            "mail_name": mail.sender.name if mail else "",
            "mailbox": opened.received.mailbox,
        },
        client_key=opened.received.id,
    )
    case = cases.open_case(tx, None, visitor, matter.topic, order_number)
    service.link_case(tx, begun.id, case.id)
    templates.begin_for(tx, case.id, matter.topic, SYSTEM, languages[0])
    return queries.get(tx, begun.id)


def _open_again(tx: Transaction, seen: Contact, settings: Settings, opened: _Opened) -> Contact:
    """The contact in which to go on; after its end, a new one of the same case (CH-046)."""
    writer = Actor(kind="customer", id=seen.visitor_id)
    case = continuing.speak_again(tx, seen, settings.desk.reopen_days, writer)
    if case is None or seen.state != "ended":
        return queries.get(tx, seen.id)
    following = service.open_contact(
        tx,
        actor=writer,
        channel="mail",
        language=seen.language,
        topic=seen.topic,
        order_number=seen.order_number,
        owner="none",
        attributes={**seen.attributes, "follows": seen.id},
        client_key=opened.received.id,
    )
    service.link_case(tx, following.id, case.id)
    return queries.get(tx, following.id)


def _go_on(tx: Transaction, opened: _Opened, seen: Contact, reason: str, settings: Settings) -> None:
    seq = _say(tx, opened, seen)
    _settle(tx, opened, "filed", reason, seen.id, seq)
    now = queries.get(tx, seen.id)
    if now.owner_kind == "none":
        _wait(tx, now, opened, settings)


def _wait(tx: Transaction, seen: Contact, opened: _Opened, settings: Settings) -> None:
    found = rank(tx, settings.mail, seen, simple=_is_simple(opened))
    routing.enter(tx, seen, found.queue, priority=found.priority, reason=found.reason)


def _is_simple(opened: _Opened) -> bool:
    mail = opened.mail
    return mail is not None and is_simple(opened.matter.topic, mail.text, len(mail.files))


def _say(tx: Transaction, opened: _Opened, seen: Contact) -> int:
    """The customer's words with their files, and beside them, for staff, what mail they came in."""
    mail = opened.mail
    writer = Actor(kind="customer", id=seen.visitor_id)
    files = [
        attachments.store(
            tx,
            contact_id=seen.id,
            actor=writer,
            name=each.name,
            kept=each.clean,
            storage_key=each.storage_key,
            max_in_contact=10_000,
        )
        for each in opened.kept
    ]
    text = mail.text[:LONGEST_WORDS] if mail else ""
    if not text.strip() and not files:
        text = tr(seen.language, "(The mail holds no text that can be shown.)")
    entry = service.say(
        tx,
        seen.id,
        actor=writer,
        text=text,
        client_key=opened.received.id,
        lang=seen.language,
        attachments=files,
    )
    strain.notice(tx, entry)
    service.append(tx, seen.id, events.MAIL_TAKEN, _facts(opened), actor=SYSTEM)
    return entry.seq


def _tell_staff(tx: Transaction, opened: _Opened, contact_id: str, kind: str) -> None:
    """Beside the conversation, for staff alone: nobody else reads what a stranger or a machine wrote (S-01, S-03)."""
    mail = opened.mail
    said = {"text": mail.text[:LONGEST_WORDS], "from": mail.sender.address} if mail else {}
    entry = service.append(
        tx, contact_id, kind, {**_facts(opened), **said}, actor=SYSTEM, client_key=opened.received.id
    )
    _settle(tx, opened, "filed", kind, contact_id, entry.seq)


def _facts(opened: _Opened) -> dict[str, object]:
    mail = opened.mail
    return {
        "mail_id": opened.received.id,
        "message_ids": [*mail.references[-10:], *filter(None, [mail.message_id])] if mail else [],
        "subject": mail.subject if mail else "",
        "files_left_out": list(opened.left_out),
        "defects": list(mail.defects) if mail else ["unreadable"],
        "simple": _is_simple(opened),
        "cut": bool(mail and len(mail.text) > LONGEST_WORDS),
        "status": mail.bounce.status if mail and mail.bounce else "",
    }


def _settle(
    tx: Transaction,
    opened: _Opened,
    state: MailState,
    reason: str,
    contact_id: str | None = None,
    seq: int | None = None,
) -> None:
    mail = opened.mail
    sender = mail.sender.address[:320] if mail else ""
    outbox.put(tx, CHECK, {"mail_id": opened.received.id}, key=f"{CHECK}/{opened.received.id}")
    tx.execute(
        update(received_mail)
        .where(received_mail.c.id == opened.received.id)
        .values(
            state=state,
            reason=reason[:40],
            sender=sender,
            subject=mail.subject[:300] if mail else "",
            contact_id=contact_id,
            seq=seq,
            filed_at=tx.now,
        )
    )
