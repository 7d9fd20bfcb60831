"""A form becomes a contact: joined to the case it belongs to, in a queue day and night (CH-042, CH-048, CASE-006)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from madoguchi.channels.form import drafts, spam
from madoguchi.channels.form.model import Draft, FormFile
from madoguchi.channels.mail.filing import visitor_of
from madoguchi.counter.actors import SYSTEM, Actor, Rung
from madoguchi.counter.cases import events as course
from madoguchi.counter.cases import numbers
from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.cases import service as cases
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.contacts import attachments, queries, service
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.quality import strain
from madoguchi.counter.routing import queues
from madoguchi.counter.routing import service as routing
from madoguchi.engine.database import Transaction

AGAIN_WITHIN = timedelta(hours=48)  # CH-048
_URGENT = 2  # queues of this class and sooner are never made to wait
_LAST = 5


@dataclass(frozen=True)
class Enquiry:
    """What is sent. `address`: to which answers go, proved by its owner; `number`: reserved earlier, or None."""

    draft: Draft
    text: str
    language: str
    address: str
    name: str = ""
    number: int | None = None


@dataclass(frozen=True)
class KeptFile:
    """A file of the draft with its bytes, read before the transaction."""

    file: FormFile
    clean: attachments.Clean


@dataclass(frozen=True)
class Opened:
    """`joined`: it goes on in a case that was there already."""

    contact: Contact
    case: Case
    joined: bool


def open_enquiry(tx: Transaction, actor: Actor, enquiry: Enquiry, files: Sequence[KeptFile]) -> Opened:
    """The contact with its case, words and files, in its queue. The same draft opens it once."""
    draft = enquiry.draft
    contact = service.open_contact(
        tx,
        actor=actor,
        channel="form",
        language=enquiry.language,
        topic=draft.kind,
        order_number=draft.order,
        owner="none",
        attributes={
            "subject": category_label(draft.kind, enquiry.language),
            "mail_from": enquiry.address,
            "mail_name": enquiry.name,
            "problem": draft.kind,
        },
        client_key=f"form/{draft.id}",
    )
    if contact.case_id is not None:
        return Opened(contact, case_queries.get(tx, contact.case_id), joined=False)
    case, joined = _case_for(tx, actor, enquiry)
    service.link_case(tx, contact.id, case.id)
    kept = _attach(tx, contact, actor, files)
    said = service.say(
        tx,
        contact.id,
        actor=actor,
        text=enquiry.text,
        client_key=f"form/{draft.id}/text",
        lang=enquiry.language,
        attachments=kept,
    )
    strain.notice(tx, said)
    drafts.forget_files(tx, draft.id)
    if joined:
        cases.wait_for_us(tx, case.id)
        course.note(tx, case.id, "contact.joined", {"contact_id": contact.id, "channel": "form"}, SYSTEM)
    now = queries.get(tx, contact.id)
    routing.enter(tx, now, _queue_of(tx, now), priority=_class_of(tx, now, draft), reason="form")
    return Opened(queries.get(tx, contact.id), case, joined)


def _case_for(tx: Transaction, actor: Actor, enquiry: Enquiry) -> tuple[Case, bool]:
    """The case of the same person about the same thing that is alive and not two days old, else a new one."""
    draft = enquiry.draft
    known = actor.customer_id if actor.rung >= Rung.SIGNED_IN else None
    people = [actor.id] if known else [actor.id, visitor_of(enquiry.address.lower())]
    for visitor in people:
        found = case_queries.live_like(
            tx, customer_id=known, visitor_id=visitor, category=draft.kind, order_number=draft.order
        )
        if found is None or found.updated_at < tx.now - AGAIN_WITHIN:
            continue
        if enquiry.number and enquiry.number != found.number:
            opened = _open(tx, known, actor, enquiry)
            numbers.lead_to(tx, opened, found)
            course.note(tx, opened.id, "case.merged", {"into": found.label}, SYSTEM)
        return found, True
    return _open(tx, known, actor, enquiry), False


def _open(tx: Transaction, known: str | None, actor: Actor, enquiry: Enquiry) -> Case:
    draft = enquiry.draft
    return cases.open_case(
        tx, known, actor.id, draft.kind, draft.order, wish=draft.wish, number=enquiry.number
    )


def _attach(tx: Transaction, contact: Contact, actor: Actor, files: Sequence[KeptFile]) -> list[str]:
    """The files in the one store of attachments, beside those of mails and chats (CH-043)."""
    return [
        attachments.store(
            tx,
            contact_id=contact.id,
            actor=actor,
            name=each.file.name,
            kept=each.clean,
            storage_key=each.file.storage_key,
            max_in_contact=len(files),
        )
        for each in files
    ]


def _queue_of(tx: Transaction, contact: Contact) -> str:
    found = customers.find(tx, contact.customer_id) if contact.customer_id else None
    return queues.desk_for(tx, contact.topic, found.segments if found else ())


def _class_of(tx: Transaction, contact: Contact, draft: Draft) -> int | None:
    """An advertisement waits behind people's enquiries; emergencies wait behind nothing."""
    usual = queues.get(tx, _queue_of(tx, contact)).priority
    words = f"{draft.problem}\n{draft.course}\n{draft.wish_words}"
    return _LAST if usual > _URGENT and spam.is_likely(words, draft.kind) else None
