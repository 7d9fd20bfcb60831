"""View models of contacts and their entries: what one reader may see, in that reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.wording import category_label, state_label
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.customers import queries as customer_queries
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.customers.wording import segment_label
from madoguchi.counter.routing.model import Expectation, Place
from madoguchi.counter.routing.wording import expectation_text
from madoguchi.counter.team import queries as team_queries
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.api.schemas import (
    AttachmentOut,
    CaseOut,
    ChoicesOut,
    ContactOut,
    CustomerOut,
    EntryOut,
    ExpectationOut,
    LastMessageOut,
    OfferOut,
    OwnerOut,
    PersonOut,
)
from madoguchi.faces.around import Around, around
from madoguchi.faces.facts import fact_text

_UTC = ZoneInfo("UTC")
_ENDS = (events.DONE, events.FAILED, events.WITHDRAWN)
_STEPS = (events.PROPOSED, events.CONFIRMED, *_ENDS)


def contact_out(
    tx: Transaction,
    actor: Actor,
    contact: Contact,
    language: str,
    *,
    present: bool | None = None,
    timezone: ZoneInfo = _UTC,
) -> ContactOut:
    """A contact for a reader. Staff see the customer; nobody else's facts are in it. `timezone`: the shop's."""
    presence = {contact.id: present}
    (view,) = contacts_out(tx, actor, [contact], language, present=presence, timezone=timezone)
    return view


def contacts_out(
    tx: Transaction,
    actor: Actor,
    contacts: Sequence[Contact],
    language: str,
    *,
    present: Mapping[str, bool | None] | None = None,
    timezone: ZoneInfo = _UTC,
) -> list[ContactOut]:
    """The same for many at once, with a fixed number of statements."""
    staff = actor.kind in ("agent", "integrator")
    beside = around(tx, contacts, "agent" if staff else "customer")
    there = present or {}
    return [
        _contact(contact, actor, beside, language, there.get(contact.id), timezone, tx.now)
        for contact in contacts
    ]


def _contact(
    contact: Contact,
    actor: Actor,
    beside: Around,
    language: str,
    present: bool | None,
    timezone: ZoneInfo,
    now: datetime,
) -> ContactOut:
    staff = actor.kind in ("agent", "integrator")
    case = beside.cases.get(contact.case_id or "")
    place = beside.places.get(contact.id)
    last = beside.fact(contact, events.MESSAGE)
    customer = beside.customers.get(contact.customer_id or "") if staff else None
    return ContactOut(
        id=contact.id,
        case=case_out(case, language) if case else None,
        channel=contact.channel,
        language=contact.language,
        topic=contact.topic,
        title=title_of(contact, language),
        order_number=contact.order_number,
        owner=_owner(contact, beside, language),
        state=contact.state,
        state_label=_state_label(contact, language),
        opened_at=contact.opened_at,
        updated_at=contact.updated_at,
        handed_over_at=contact.handed_over_at,
        ended_at=contact.ended_at,
        queue_id=place.queue_id if place else "",
        expectation=_expectation(contact, beside, language, timezone, now) if place else None,
        snoozed_until=contact.snoozed_until,
        last_seq=contact.last_seq,
        customer_seen_seq=contact.customer_seen_seq,
        agent_seen_seq=contact.agent_seen_seq,
        unread=beside.unread.get(contact.id, 0),
        last_message=None if last is None else _last(last),
        customer=customer_out(customer, language) if customer else None,
        rung=contact.customer_rung,
        customer_present=present if staff else None,
        offer=_offer(actor, place, now),
        summary=_summary(contact, beside),
        can=_can(actor, contact, beside),
    )


def entries_out(
    tx: Transaction, actor: Actor, contact: Contact, entries: Sequence[Entry], language: str
) -> list[EntryOut]:
    """Entries for a reader; internal facts are left out for customers, choices know whether they were answered."""
    staff = actor.kind in ("agent", "integrator")
    shown = [entry for entry in entries if staff or entry.visibility == "public"]
    told = _told_by_assistant(tx, contact, shown)
    if not staff:
        shown = [entry for entry in shown if entry.seq not in told]
    attachment_ids = [item for entry in shown for item in entry.body.get("attachments", [])]
    files = queries.attachments(tx, attachment_ids)
    answers = _answers(tx, contact) if any("choices" in entry.body for entry in shown) else {}
    views = [_entry(tx, actor, contact, entry, language, files, answers) for entry in shown]
    return [
        view.model_copy(update={"card": None}) if view.seq in told and view.kind == events.DONE else view
        for view in views
    ]


def case_out(case: Case, language: str) -> CaseOut:
    return CaseOut(
        id=case.id,
        number=case.label,
        state=case.state,
        state_label=state_label(case.state, language),
        category=case.category,
        category_label=category_label(case.category, language) if case.category else "",
        order_number=case.order_number,
        opened_at=case.opened_at,
        promised_at=case.promised_at,
        resolved_at=case.resolved_at,
        score=case.score,
        solved=None if case.solved is None else bool(case.solved),
    )


def customer_out(customer: Customer, language: str) -> CustomerOut:
    return CustomerOut(
        id=customer.id,
        name=customer.name,
        kana=customer.kana,
        email=customer.email,
        phone=customer.phone,
        language=customer.language,
        segments=list(customer.segments),
        segment_labels=[segment_label(segment, language) for segment in customer.segments],
        company=customer.company,
        created_at=customer.created_at,
    )


def title_of(contact: Contact, language: str) -> str:
    """What the contact is about, in a few words: category, and the order when there is one."""
    about = category_label(contact.topic, language) if contact.topic else tr(language, "Enquiry")
    if not contact.order_number:
        return about
    return tr(language, "{about}: order {number}", about=about, number=contact.order_number)


def _entry(
    tx: Transaction,
    actor: Actor,
    contact: Contact,
    entry: Entry,
    language: str,
    files: dict[str, Any],
    answers: dict[str, str],
) -> EntryOut:
    body = entry.body
    author = "system" if actor.kind == "integrator" else actor.kind
    own = entry.author_kind == author and entry.author_id == actor.id
    mine = (
        own or entry.author_kind == actor.kind == "customer"
    )  # also said on another device, before signing in
    spoken = entry.kind in (events.MESSAGE, events.NOTE)
    return EntryOut(
        contact_id=entry.contact_id,
        seq=entry.seq,
        kind=entry.kind,
        visibility=entry.visibility,
        author=_author(tx, contact, entry, language),
        text=body.get("text", "") if spoken else fact_text(entry, language),
        lang=body.get("lang") or "",
        at=entry.at,
        mine=mine,
        client_key=entry.client_key if own else None,
        choices=_choices(body.get("choices"), answers, contact.owner_kind == "assistant"),
        card=_card(entry, language),
        attachments=[_attachment(files[item]) for item in body.get("attachments", []) if item in files],
        data=_data(entry, staff=actor.kind in ("agent", "integrator")),
    )


def _told_by_assistant(tx: Transaction, contact: Contact, entries: Sequence[Entry]) -> set[int]:
    """Steps of a deed that the assistant shows and tells in its own words: customers see them there, and once.

    What ends after the assistant's last word on it (a supervisor's approval, a late answer of the shop) is told by
    nobody else and stays.
    """
    steps = [entry for entry in entries if entry.author_kind == "assistant" and entry.kind in _STEPS]
    if not any(entry.kind in _ENDS for entry in steps):
        return {entry.seq for entry in steps}
    begun: dict[str, int] = {}
    words: list[int] = []
    for entry in queries.entries(tx, contact.id, limit=5000, internal=False):
        if entry.kind in (events.CONFIRMED, events.APPROVAL_ASKED):
            begun[entry.body["proposal_id"]] = entry.seq
        elif entry.kind == events.MESSAGE and entry.author_kind == "assistant":
            words.append(entry.seq)

    def is_late(entry: Entry) -> bool:
        since = begun.get(entry.body["proposal_id"])
        return since is not None and any(since < seq < entry.seq for seq in words)

    return {entry.seq for entry in steps if entry.kind not in _ENDS or not is_late(entry)}


def _choices(choices: dict[str, Any] | None, answers: dict[str, str], answering: bool) -> ChoicesOut | None:
    if not choices:
        return None
    chosen = answers.get(choices["key"])
    return ChoicesOut(
        key=choices["key"],
        kind=choices.get("kind", "buttons"),
        options=choices["options"],
        chosen=chosen,
        open=answering and chosen is None,
    )


def _answers(tx: Transaction, contact: Contact) -> dict[str, str]:
    """Question key → the value that the customer pressed."""
    pressed: dict[str, str] = {}
    for entry in queries.entries(tx, contact.id, limit=5000):
        choice = entry.body.get("choice") if entry.kind == events.MESSAGE else None
        if choice:
            pressed[choice["key"]] = choice["value"]
    return pressed


def _card(entry: Entry, language: str) -> dict[str, Any] | None:
    card = entry.body.get("card")
    if card is not None:
        return dict(card)
    if entry.kind == events.PROPOSED and "view" in entry.body:
        return {"kind": "proposal", **_in_language(entry.body["view"], language)}
    if entry.kind == events.DONE and "view" in entry.body:
        return {"kind": "receipt", **_in_language(entry.body["view"], language)}
    if entry.kind == events.HAND_OVER and entry.body.get("summary"):
        return {"kind": "summary", **entry.body["summary"]}
    return None


def _in_language(view: dict[str, Any], language: str) -> dict[str, Any]:
    """Proposal views are kept in every language of the shop: {"ja": {…}, "en": {…}}."""
    found = view.get(language) or view.get("en") or next(iter(view.values()))
    return dict(found) if isinstance(found, dict) else dict(view)


def _data(entry: Entry, *, staff: bool) -> dict[str, Any]:
    """What a client needs of a fact beside its words; internal reasoning stays with staff."""
    if entry.kind in (events.MESSAGE, events.NOTE):
        return {key: entry.body[key] for key in ("choice", "reply_to") if key in entry.body}
    hidden = {"view", "summary"} if staff else {"view", "summary", "agent_id", "note"}
    return {key: value for key, value in entry.body.items() if key not in hidden}


def _attachment(row: Any) -> AttachmentOut:
    return AttachmentOut(
        id=row.id,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        width=row.width,
        height=row.height,
        url=f"/api/v1/attachments/{row.id}",
    )


def _author(tx: Transaction, contact: Contact, entry: Entry, language: str) -> PersonOut:
    if entry.author_kind == "assistant":
        return PersonOut(kind="assistant", name=tr(language, "AI assistant"))
    if entry.author_kind == "agent":
        return PersonOut(
            kind="agent", id=entry.author_id, name=team_queries.display_name(tx, entry.author_id)
        )
    if entry.author_kind == "customer":
        return PersonOut(kind="customer", name=_customer_name(tx, contact, language))
    return PersonOut(kind="system", name=tr(language, "System"))


def _customer_name(tx: Transaction, contact: Contact, language: str) -> str:
    found = customer_queries.find(tx, contact.customer_id) if contact.customer_id else None
    return found.name if found else tr(language, "Customer (not signed in)")


def _owner(contact: Contact, beside: Around, language: str) -> OwnerOut:
    name = ""
    if contact.owner_kind == "assistant":
        name = tr(language, "AI assistant")
    elif contact.owner_kind == "agent":
        name = beside.agents.get(contact.owner_id, "")
    elif contact.owner_kind == "queue" and contact.owner_id in beside.queues:
        name = beside.queues[contact.owner_id].label(language)
    return OwnerOut(kind=contact.owner_kind, id=contact.owner_id, name=name, version=contact.owner_version)


def _state_label(contact: Contact, language: str) -> str:
    if contact.state == "ended":
        return tr(language, "Ended")
    if contact.state == "resolved":
        return tr(language, "Resolved")
    if contact.snoozed_until is not None:
        return tr(language, "On hold")
    return {
        "assistant": tr(language, "AI assistant is answering"),
        "queue": tr(language, "Waiting for a person"),
        "agent": tr(language, "With a person"),
        "none": tr(language, "Open"),
    }[contact.owner_kind]


def _expectation(
    contact: Contact, beside: Around, language: str, timezone: ZoneInfo, now: datetime
) -> ExpectationOut | None:
    """What the customer was last told."""
    told = beside.fact(contact, events.POSITION)
    if told is None or (contact.handed_over_at is not None and told.at < contact.handed_over_at):
        return None
    body = told.body
    opens_at = datetime.fromisoformat(body["opens_at"]) if body.get("opens_at") else None
    shown = Expectation(body["ahead"], body["low_s"], body["high_s"], body["open"], opens_at)
    return ExpectationOut(
        ahead=shown.ahead,
        low_s=shown.low_s,
        high_s=shown.high_s,
        open=shown.open,
        opens_at=shown.opens_at,
        text=expectation_text(shown, now, timezone, language, body.get("reason", "")),
    )


def _summary(contact: Contact, beside: Around) -> dict[str, Any] | None:
    given = beside.fact(contact, events.HAND_OVER)
    if given is None or not given.body.get("summary"):
        return None
    summary = {**given.body["summary"], "reason": given.body.get("reason", "")}
    corrected = beside.fact(contact, events.SUMMARY_CORRECTED)
    if corrected is not None and corrected.seq > given.seq:
        summary["correction"] = corrected.body["text"]
    return summary


def _last(entry: Entry) -> LastMessageOut:
    return LastMessageOut(author_kind=entry.author_kind, text=entry.body.get("text", "")[:200], at=entry.at)


def _offer(actor: Actor, place: Place | None, now: datetime) -> OfferOut | None:
    """What is held out to this agent, with the seconds left."""
    if (
        place is None
        or place.state != "offered"
        or place.offered_to != actor.id
        or place.offer_deadline is None
    ):
        return None
    left = (place.offer_deadline - now).total_seconds()
    return OfferOut(deadline=place.offer_deadline, left_s=left) if left > 0 else None


def _can(actor: Actor, contact: Contact, beside: Around) -> dict[str, bool]:
    live = contact.state != "ended"
    if actor.kind == "agent":
        mine = contact.owner_kind == "agent" and contact.owner_id == actor.id
        return {
            "say": mine and live,
            "note": True,
            "accept": contact.owner_kind == "queue" and live,
            "take": not mine and live and contact.owner_kind != "none",
            "transfer": mine and live,
            "resolve": mine and contact.state == "open",
            "snooze": mine and contact.state == "open",
        }
    resolved = beside.fact(contact, events.RESOLVED)
    confirmed = beside.fact(contact, events.RESOLUTION_CONFIRMED)
    answered = resolved is not None and confirmed is not None and confirmed.seq > resolved.seq
    return {
        "say": live,
        "hand_over": live and contact.owner_kind == "assistant",
        "confirm_resolution": contact.state == "resolved" and not answered,
        "rate": contact.state != "open" and contact.case_id is not None,
        "transcript": True,
    }
