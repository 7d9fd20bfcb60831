"""View models of contacts and their entries: what one reader may see, in that reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from madoguchi.counter.actors import Actor
from madoguchi.counter.business.model import Organisation
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.cases.promise_wording import lines
from madoguchi.counter.cases.promises import promise_text
from madoguchi.counter.cases.wording import category_label, state_label
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.corrections import changes_since, put_right
from madoguchi.counter.contacts.followers import followed_by
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.contacts.participants import speaks_in
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.customers.wording import segment_label
from madoguchi.counter.routing.customer_presence import LastSeen
from madoguchi.counter.routing.model import Expectation, Place
from madoguchi.counter.routing.wording import expectation_text
from madoguchi.counter.surveys.questions import following, question
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.api.schemas import (
    CaseOut,
    ContactOut,
    CustomerOut,
    ExpectationOut,
    LastMessageOut,
    OfferOut,
    OwnerOut,
    PromiseOut,
    QuestionOut,
)
from madoguchi.faces.around import Around, around
from madoguchi.faces.waiting_views import waiting_out

_UTC = ZoneInfo("UTC")


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
    if actor.kind == "agent":
        beside = replace(beside, speaks_in=speaks_in(tx, actor.id), followed=followed_by(tx, actor.id))
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
        case=_case(case, beside, language, timezone, now) if case else None,
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
        waiting=waiting_out(contact, beside, language, timezone, now) if place else None,
        snoozed_until=contact.snoozed_until,
        last_seq=contact.last_seq,
        customer_seen_seq=contact.customer_seen_seq,
        agent_seen_seq=contact.agent_seen_seq,
        unread=beside.unread.get(contact.id, 0),
        last_message=None if last is None else _last(last),
        customer=customer_out(customer, language, beside.companies.get(customer.id)) if customer else None,
        strain=_strain(contact, beside),
        sender=_sender(contact, language) if staff else "",
        rung=contact.customer_rung,
        customer_present=_is_there(beside.seen.get(contact.id), present, now) if staff else None,
        customer_seen_at=beside.seen[contact.id].seen_at if contact.id in beside.seen else None,
        labels=beside.labels.get(contact.id, []),
        following=contact.id in beside.followed,
        offer=_offer(actor, place, now),
        summary=_summary(contact, beside, language if staff else None),
        can=_can(actor, contact, beside),
    )


def _strain(contact: Contact, beside: Around) -> Literal["", "upset", "abusive"]:
    found = beside.strains.get(contact.id)
    return found.kind if found else ""


def _case(case: Case, beside: Around, language: str, timezone: ZoneInfo, now: datetime) -> CaseOut:
    """With what is promised and usual in it (CASE-007, CASE-017)."""
    found = beside.customers.get(case.customer_id or "")
    segments = list(found.segments) if found else []
    told = lines(beside.promises.get(case.id, []), language, timezone, now, case_state=case.state)
    return case_out(case, language).model_copy(
        update={
            "promises": [PromiseOut(**asdict(line)) for line in told],
            "usual_time": promise_text(case.category, language, segments) if is_live(case.state) else "",
        }
    )


def case_out(case: Case, language: str) -> CaseOut:
    """The case itself, without its promises."""
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
        questions=[]
        if is_live(case.state)
        else [
            QuestionOut(id=aspect, text=question(aspect, language))
            for aspect in following(case.id, case.category, has_account=bool(case.customer_id))
        ],
    )


def customer_out(customer: Customer, language: str, company: Organisation | None = None) -> CustomerOut:
    """For staff; `company`: with the notes on it (BIZ-014)."""
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
        company_id=company.id if company else "",
        company_notes=company.notes if company else "",
        created_at=customer.created_at,
    )


def title_of(contact: Contact, language: str) -> str:
    """What the contact is about, in a few words: category, and the order when there is one."""
    about = category_label(contact.topic, language) if contact.topic else tr(language, "Enquiry")
    if not contact.order_number:
        return about
    return tr(language, "{about}: order {number}", about=about, number=contact.order_number)


def _owner(contact: Contact, beside: Around, language: str) -> OwnerOut:
    name = ""
    if contact.owner_kind == "assistant":
        name = tr(language, "AI assistant")
    elif contact.owner_kind == "agent":
        name = beside.agents.get(contact.owner_id, "")
    elif contact.owner_kind == "queue" and contact.owner_id in beside.queues:
        name = beside.queues[contact.owner_id].label(language)
    return OwnerOut(kind=contact.owner_kind, id=contact.owner_id, name=name, version=contact.owner_version)


def _sender(contact: Contact, language: str) -> str:
    """Somebody without an account, as their mail or form names them: so that staff tell one from another."""
    named = contact.attributes.get("mail_name") or contact.attributes.get("mail_from")
    return tr(language, "{name} (identity not proved)", name=named) if named else ""


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


def _is_there(seen: LastSeen | None, present: bool | None, now: datetime) -> bool | None:
    """At a screen of this process, or of another one."""
    return True if seen is not None and seen.present(now) else present


def _expectation(
    contact: Contact, beside: Around, language: str, timezone: ZoneInfo, now: datetime
) -> ExpectationOut | None:
    """What the customer was last told."""
    told = beside.fact(contact, events.POSITION)
    if told is None or (contact.handed_over_at is not None and told.at < contact.handed_over_at):
        return None
    body = told.body
    opens_at = datetime.fromisoformat(body["opens_at"]) if body.get("opens_at") else None
    closed_for = body.get("closed_for", {})
    shown = Expectation(body["ahead"], body["low_s"], body["high_s"], body["open"], opens_at, closed_for)
    return ExpectationOut(
        ahead=shown.ahead,
        low_s=shown.low_s,
        high_s=shown.high_s,
        open=shown.open,
        opens_at=shown.opens_at,
        text=expectation_text(shown, now, timezone, language, body.get("reason", "")),
    )


_SOURCES = {
    "customer": "said by the customer",
    "assistant": "found out by the assistant",
    "shop": "from the shop",
}


def _summary(contact: Contact, beside: Around, staff_language: str | None) -> dict[str, Any] | None:
    """For staff each fact tells who says so (ADV-019)."""
    given = beside.fact(contact, events.HAND_OVER)
    if given is None or not given.body.get("summary"):
        return None
    corrected = beside.fact(contact, events.SUMMARY_CORRECTED)
    summary = put_right(given.body["summary"], changes_since(given, corrected))
    summary["reason"] = given.body.get("reason", "")
    if staff_language is not None:
        summary["facts"] = [_with_source(fact, staff_language) for fact in summary.get("facts") or ()]
    if corrected is not None and corrected.seq > given.seq and not corrected.body.get("line"):
        summary["correction"] = corrected.body["text"]
    return summary


def _with_source(fact: dict[str, Any], language: str) -> dict[str, Any]:
    """「症状（お客様より）」"""
    source = fact.get("source", "")
    if source not in _SOURCES:
        return fact
    label = tr(language, "{fact} ({source})", fact=fact["label"], source=tr(language, _SOURCES[source]))
    return {**fact, "label": label}


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
            "say": live and (mine or contact.id in beside.speaks_in),
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
        "escalate": live and contact.owner_kind == "agent",
        "confirm_resolution": contact.state == "resolved" and not answered,
        "rate": contact.state != "open" and contact.case_id is not None,
        "transcript": True,
    }
