"""What goes out by mail in a contact: the acknowledgement, and what an agent says. Answers come back to the contact.

Each mail has a reply address made for its recipient and a Message-ID that nobody can guess; both are noted before it is
sent, so that even an answer that overtakes our bookkeeping finds its contact. The acknowledgement repeats nothing that
the sender wrote, and goes to an address at most once a day (S-04, RFC 3834).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from madoguchi.channels.mail import threads
from madoguchi.channels.mail.filing import marker
from madoguchi.channels.mail.letterhead import Further, Letterhead, Reply, TemplateBroken, plain
from madoguchi.channels.mail.outbound import Outgoing, Postman
from madoguchi.channels.mail.wordbook.composing import compose
from madoguchi.counter.calendars.loading import load
from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.promise_wording import lines
from madoguchi.counter.cases.promises import promise_text
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.team import queries as team_queries
from madoguchi.counter.trust.ours import Ours
from madoguchi.counter.trust.outgoing import only_ours
from madoguchi.engine import outbox
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.files import FileStore
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Errand
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

REPLY = "mail.reply"
_LONGEST_QUOTE = 4_000
log = structlog.get_logger()


def goes_by_mail(seen: Contact) -> bool:
    """Whether what agents say in this contact goes out by mail: it came as one, or by the web form."""
    return seen.channel in ("mail", "form") and bool(seen.attributes.get("mail_from"))


def say_by_mail(tx: Transaction, seen: Contact, entry: Entry) -> None:
    """What an agent has said in a contact that is answered by mail goes out, in the order in which it was said."""
    if goes_by_mail(seen) and entry.kind == events.MESSAGE:
        payload = {"contact_id": seen.id, "seq": entry.seq}
        outbox.put(tx, REPLY, payload, key=f"{REPLY}/{seen.id}/{entry.seq}", lane=f"mail/{seen.id}")


class Answers:
    """Handlers of the topics `mail.acknowledge` and `mail.reply`."""

    def __init__(
        self,
        database: Database,
        files: FileStore,
        settings: Settings,
        keys: Keys,
        postman: Postman,
        further: Callable[[str, str], Sequence[Further]],
    ) -> None:
        """`further`: articles about a kind of enquiry in a language."""
        self._database = database
        self._files = files
        self._settings = settings
        self._keys = keys
        self._postman = postman
        self._keeper = Keeper.of(settings)
        self._zone = ZoneInfo(settings.shop.timezone)
        self._further = further
        self._letterhead: Letterhead | None = None

    def acknowledge(self, errand: Errand) -> None:
        told = self._database.write(self._acknowledgement, errand)
        if told is not None:
            self._postman.post(errand, told)

    def reply(self, errand: Errand) -> None:
        told = self._database.write(self._reply, errand)
        files = self._database.read(_files_of, errand.payload)
        self._postman.post(
            errand, replace(told, files=[(name, kind, self._files.get(key)) for name, kind, key in files])
        )

    def _acknowledgement(self, tx: Transaction, errand: Errand) -> Outgoing | None:
        seen = queries.get(tx, errand.payload["contact_id"])
        address, language = seen.attributes["mail_from"], seen.language
        if threads.acknowledged_lately(tx, address, but=self._message_id(errand)):
            return None
        case = case_queries.get(tx, seen.case_id) if seen.case_id else None
        number = case.label if case else ""
        letter = compose(
            tx,
            self._settings,
            "mail_received",
            language,
            {"number": number, "hours": self._hours(tx, seen, language)},
            {"promises": "\n\n".join(self._promised(tx, case, language)) if case else ""},
        )
        return self._outgoing(tx, errand, seen, letter.subject, letter.text, "acknowledgement")

    def _hours(self, tx: Transaction, seen: Contact, language: str) -> str:
        queue = seen.owner_id if seen.owner_kind == "queue" else ""
        return load(tx, self._settings).hours_for(queue, seen.channel, language).text(language)

    def _promised(self, tx: Transaction, case: Case, language: str) -> list[str]:
        """By when we answer and, usually, have solved it."""
        told = lines(self._keeper.read(tx, case.id), language, self._zone, tx.now)
        usual = promise_text(case.category, language)
        return [each.text for each in told] + (
            [tr(language, "Usual time for this: {time}", time=usual)] if usual else []
        )

    def _reply(self, tx: Transaction, errand: Errand) -> Outgoing:
        seen = queries.get(tx, errand.payload["contact_id"])
        entry = _entry(tx, errand.payload)
        case = case_queries.get(tx, seen.case_id) if seen.case_id else None
        about = threads.unanswered(seen.attributes.get("subject", ""))
        subject = f"Re: {about}" if about else tr(seen.language, "Your enquiry")
        number = f" ({case.label})" if case and case.label not in subject else ""
        letter = compose(
            tx, self._settings, "reply", seen.language, facts={"answer": str(entry.body.get("text", ""))}
        )
        reply = Reply(
            language=seen.language,
            subject=f"{subject}{number}",
            shop=self._settings.shop.name_in(seen.language),
            marker=marker(self._settings),
            text=letter.text,
            agent=team_queries.display_name(tx, entry.author_id) if entry.author_kind == "agent" else "",
            signature=self._signature(seen),
            further=self._further(seen.topic, seen.language),
            quoted=self._quoted(tx, seen, entry) if self._settings.mail.quote_last else "",
            titles=letter.said,
        )
        told = self._outgoing(tx, errand, seen, reply.subject, plain(reply), "reply")
        return replace(told, html=self._dressed(reply))

    def _dressed(self, reply: Reply) -> str:
        """With the shop's template; with ours where that is broken, for a mail must not stay away for its looks."""
        mail, ours = self._settings.mail, Ours.of(self._settings)
        try:
            if self._letterhead is None:
                self._letterhead = Letterhead(ours, mail.colour, mail.template)
            return self._letterhead.html(reply)
        except TemplateBroken as error:
            log.warning("mail.template_broken", template=str(mail.template), error=str(error)[:300])
            return Letterhead(ours, mail.colour).html(reply)

    def _signature(self, seen: Contact) -> list[str]:
        """The mailbox's, else the shop's, in the contact's language; else name and help pages."""
        mail = self._settings.mail
        told = mail.box(seen.attributes.get("mailbox", "")).signature or mail.signature
        text = told.get(seen.language) or told.get("en") or next(iter(told.values()), "")
        return (
            text.splitlines()
            if text
            else [self._settings.shop.name_in(seen.language), f"{self._settings.base_url}/help"]
        )

    def _quoted(self, tx: Transaction, seen: Contact, entry: Entry) -> str:
        """The customer's words before these, no link of which can be pressed."""
        said = [
            each
            for each in queries.entries(tx, seen.id, limit=5000, internal=False)
            if each.kind == events.MESSAGE and each.author_kind == "customer" and each.seq < entry.seq
        ]
        text = str(said[-1].body.get("text", "")) if said else ""
        return only_ours(text[:_LONGEST_QUOTE], Ours.of(self._settings))

    def _outgoing(
        self, tx: Transaction, errand: Errand, seen: Contact, subject: str, text: str, kind: str
    ) -> Outgoing:
        """The mail with its reply address and its Message-ID, both noted now; a second try makes the same mail."""
        address = seen.attributes["mail_from"]
        message_id = self._message_id(errand)
        threads.note_sent(tx, message_id, seen.id, address, kind)
        mailbox = seen.attributes.get("mailbox") or self._settings.mail.sender
        return Outgoing(
            to=address,
            name=seen.attributes.get("mail_name", ""),
            subject=subject,
            text=text,
            language=seen.language,
            message_id=message_id,
            reply_to=threads.address_for(tx, self._keys, mailbox, seen.id, address),
            mailbox=mailbox,
            answering=_known_ids(tx, seen.id),
            automatic=kind == "acknowledgement",
        )

    def _message_id(self, errand: Errand) -> str:
        return threads.message_id(self._keys, errand.id, self._settings.mail.sender)


def _known_ids(tx: Transaction, contact_id: str) -> tuple[str, ...]:
    """Message-IDs of the customer's newest mail and of what it answers, oldest first (RFC 5322, 3.6.4)."""
    taken = [e for e in queries.entries(tx, contact_id, limit=5000) if e.kind == events.MAIL_TAKEN]
    return tuple(taken[-1].body.get("message_ids", ())) if taken else ()


def _entry(tx: Transaction, payload: Mapping[str, Any]) -> Entry:
    return queries.entries(tx, payload["contact_id"], after=payload["seq"] - 1, limit=1)[0]


def _files_of(tx: Transaction, payload: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    rows = queries.attachments(tx, _entry(tx, payload).body.get("attachments", []))
    return [(row.name, row.media_type, row.storage_key) for row in rows.values()]
