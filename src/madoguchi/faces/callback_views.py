"""Call-backs as customers, staff and programs see them: one view for page, widget, app, desk and console (CB-008)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.callbacks import numbers, queries, slots, wording
from madoguchi.counter.callbacks.capacity import Wanted
from madoguchi.counter.callbacks.current import rules_now
from madoguchi.counter.callbacks.figures import Figures, Punctuality, figures
from madoguchi.counter.callbacks.model import Call, Callback
from madoguchi.counter.callbacks.rules import Rules
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.routing import queues
from madoguchi.counter.routing.policy import Rules as Routing
from madoguchi.counter.routing.positions import before_joining, expectation
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr
from madoguchi.faces.wording import wait_text

_CHANGEABLE = frozenset({"booked", "due", "retrying", "offered", "agent_ready"})


@dataclass(frozen=True)
class Reader:
    """Who reads, and in which language."""

    actor: Actor
    language: str

    @property
    def is_customer(self) -> bool:
        return self.actor.kind == "customer"


def callback_out(tx: Transaction, seen: Callback, reader: Reader, settings: Settings) -> dict[str, Any]:
    """Everything that a client shows; the customer's number in full, for others who do not call it, masked."""
    rules, language = rules_now(tx, settings), reader.language
    zone = rules.zone
    case = cases.find(tx, seen.case_id) if seen.case_id else None
    shown = {
        "id": seen.id,
        "state": seen.state,
        "state_text": wording.state_text(seen.state, language),
        "live": seen.live,
        "kind": seen.kind,
        "via": seen.via,
        "contact_id": seen.contact_id,
        "case_number": case.label if case else "",
        "topic": seen.topic,
        "topic_text": category_label(seen.topic, language),
        "order_number": seen.order_number,
        "language": seen.language,
        "phone": _number(tx, seen, reader, rules),
        "kana": seen.kana,
        "note": seen.note,
        "slot_at": seen.slot_at,
        "slot_end": seen.slot_end,
        "promised_at": seen.promised_at,
        "next_at": seen.due_at if seen.live else None,
        "when_text": wording.when_text(seen, zone, language) if seen.live else "",
        "wait_text": _wait(tx, seen, settings, language),
        "caller_id": rules.caller_id,
        "ringtone_text": wording.ringtone_text(rules.caller_id, language) if seen.live else "",
        "attempts": seen.attempts,
        "outcome": seen.outcome,
        "outcome_text": wording.outcome_text(seen.outcome, language),
        "late": seen.late_at is not None,
        "place_kept": bool(seen.from_contact_id),
        "needs_code": seen.state == "unconfirmed",
        "may_change": seen.state in _CHANGEABLE,
        "may_cancel": seen.state in {*_CHANGEABLE, "unconfirmed", "dialling"},
        "calendar_url": f"/help/callback/{seen.id}/calendar.ics" if seen.kind == "slot" and seen.live else "",
        "created_at": seen.created_at,
        "finished_at": seen.finished_at,
    }
    return shown if reader.is_customer else {**shown, **_for_staff(tx, seen, reader, rules)}


def _for_staff(tx: Transaction, seen: Callback, reader: Reader, rules: Rules) -> dict[str, Any]:
    """Beside it: the link to dial, everything known, what was tried, what may be done now."""
    mine = _holds(tx, seen, reader.actor)
    wanted = queries.preference(tx, seen.person_id)
    known = customers.find(tx, seen.customer_id) if seen.customer_id else None
    open_now = rules.hours.is_open(tx.now)
    return {
        "tel_url": f"tel:{seen.phone}" if mine and seen.phone else "",
        "customer_name": known.name if known else "",
        "customer_id": seen.customer_id,
        "from_contact_id": seen.from_contact_id,
        "queue_id": seen.queue_id,
        "agent_id": seen.agent_id,
        "agent_name": team.display_name(tx, seen.agent_id) if seen.agent_id else "",
        "may_dial": mine and seen.state == "agent_ready" and tx.now >= seen.not_before and open_now,
        "may_report": mine and seen.state in ("dialling", "connected"),
        "not_before": seen.not_before,
        "started_at": seen.started_at,
        "connected_at": seen.connected_at,
        "broken": seen.broken,
        "warned": seen.warned_at is not None,
        "relay": wanted.relay,
        "preference_note": wanted.note,
        "calls": [_call(tx, each, reader.language) for each in queries.calls(tx, [seen.id]).get(seen.id, [])],
    }


def _call(tx: Transaction, each: Call, language: str) -> dict[str, Any]:
    return {
        "number": each.number,
        "agent_name": team.display_name(tx, each.agent_id),
        "dialled_at": each.dialled_at,
        "answered_at": each.answered_at,
        "ended_at": each.ended_at,
        "outcome": each.outcome,
        "outcome_text": wording.outcome_text(each.outcome, language),
        "note": each.note,
    }


def _number(tx: Transaction, seen: Callback, reader: Reader, rules: Rules) -> str:
    if not seen.phone:
        return ""
    full = reader.is_customer or _holds(tx, seen, reader.actor)
    return (numbers.read_back if full else numbers.masked)(seen.phone, rules.country)


def _holds(tx: Transaction, seen: Callback, actor: Actor) -> bool:
    """Whoever has the contact calls."""
    contact = contacts.find(tx, seen.contact_id) if seen.contact_id and actor.kind == "agent" else None
    return contact is not None and contact.owner_kind == "agent" and contact.owner_id == actor.id


def _wait(tx: Transaction, seen: Callback, settings: Settings, language: str) -> str:
    if seen.state != "due":
        return ""
    found = expectation(tx, seen.contact_id, Routing.of(settings))
    zone = ZoneInfo(settings.shop.timezone)
    return wait_text(found, tx.now, zone, language) if found is not None and found.open else ""


def offer_out(
    tx: Transaction, reader: Reader, settings: Settings, topic: str, language: str
) -> dict[str, Any]:
    """What somebody can book, with what is known of them already: nothing is asked twice."""
    rules = rules_now(tx, settings)
    known = _customer(tx, reader.actor)
    person = _person_id(reader.actor)
    wanted = wanted_of(tx, reader.actor, topic, language)
    open_now = rules.hours.is_open(tx.now)
    found = before_joining(tx, wanted.queue_id, language, Routing.of(settings))
    first = slots.earliest(tx, rules, wanted) if rules.on else None
    preference = queries.preference(tx, person)
    return {
        "on": rules.on,
        "caller_id": rules.caller_id,
        "ringtone_text": wording.ringtone_text(rules.caller_id, reader.language) if rules.on else "",
        "hours_text": rules.hours.text(reader.language),
        "now_open": rules.on and open_now,
        "now_text": wait_text(found, tx.now, rules.zone, reader.language) if open_now else "",
        "target_text": _target(settings, reader.language),
        "opens_at": None if open_now else rules.hours.next_opening(tx.now),
        "earliest": _slot_out(slots.Offered(first, "free"), rules, reader.language) if first else None,
        "days": [
            {"day": day.isoformat(), "text": day_text(day, rules.zone, reader.language)}
            for day in (slots.days(rules, tx.now) if rules.on else [])
        ],
        "phone": _known_phone(known.phone, rules) if known else "",
        "kana": known.kana if known else "",
        "needs_code": reader.is_customer and reader.actor.rung == Rung.VISITOR,
        "offer_after_seconds": settings.callback.offer_after_seconds,
        "preference": {"no_calls": preference.no_calls, "relay": preference.relay, "note": preference.note},
        "live_id": _live_id(tx, reader, person),
    }


def slots_out(
    tx: Transaction, reader: Reader, settings: Settings, day: date, topic: str, language: str
) -> list[dict[str, Any]]:
    """The slots of a day, each with its state in words; full ones stay readable."""
    rules = rules_now(tx, settings)
    wanted = wanted_of(tx, reader.actor, topic, language)
    return [_slot_out(each, rules, reader.language) for each in slots.of_day(tx, rules, day, wanted)]


def wanted_of(tx: Transaction, actor: Actor, topic: str, language: str) -> Wanted:
    """Which desk, in which language."""
    known = _customer(tx, actor)
    queue_id = queues.queue_for(topic, known.segments if known else ())
    queue = queues.find(tx, queue_id)
    return Wanted(queue_id if queue is not None and queue.active else queues.GENERAL, language)


def line_out(tx: Transaction, seen: Callback | None, language: str, zone: ZoneInfo) -> dict[str, Any]:
    """Are we on the phone with you now? Only yes with who and since when, or no."""
    if seen is None:
        return {
            "calling": False,
            "text": tr(
                language,
                "No: we are not calling you at this moment. If somebody says so, please hang up and call the number on our page.",
            ),
        }
    call = queries.calls(tx, [seen.id])[seen.id][-1]
    name = team.display_name(tx, seen.agent_id)
    since = wording.clock_text(call.dialled_at, zone, language)
    return {
        "calling": True,
        "agent_name": name,
        "since": call.dialled_at,
        "text": tr(language, "Yes: {name} of ours has been calling you since {time}.", name=name, time=since),
    }


def figures_out(tx: Transaction, start: datetime, reader: Reader, settings: Settings) -> dict[str, Any]:
    """Shares as parts of 1; seconds. Missed promises with their case numbers, nobody's number."""
    found: Figures = figures(tx, start)
    return {
        "target_s": settings.callback.target_seconds,
        "now": _punctuality(found.now),
        "slot": _punctuality(found.slot),
        "calls": found.calls,
        "retries": found.retries,
        "reached": found.reached,
        "outcomes": found.outcomes,
        "broken": [_broken(tx, each, reader.language) for each in found.broken[:200]],
    }


def _broken(tx: Transaction, each: Callback, language: str) -> dict[str, Any]:
    case = cases.find(tx, each.case_id)
    return {
        "id": each.id,
        "case_number": case.label if case else "",
        "kind": each.kind,
        "promised_at": each.promised_at,
        "started_at": each.started_at,
        "state": each.state,
        "state_text": wording.state_text(each.state, language),
    }


def _punctuality(found: Punctuality) -> dict[str, Any]:
    return {
        "asked": found.asked,
        "due": found.due,
        "kept": found.kept,
        "share": found.share,
        "p50_s": found.p50_s,
        "p90_s": found.p90_s,
    }


def _slot_out(each: slots.Offered, rules: Rules, language: str) -> dict[str, Any]:
    at, end = each.slot.at, each.slot.end
    return {
        "at": at,
        "end": end,
        "day": at.astimezone(rules.zone).date().isoformat(),
        "state": each.state,
        "state_text": wording.slot_state_text(each.state, language),
        "text": f"{wording.clock_text(at, rules.zone, language)}–{wording.clock_text(end, rules.zone, language)}",
        "day_text": wording.slot_text(at, end, rules.zone, language),
    }


def day_text(day: date, zone: ZoneInfo, language: str) -> str:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
    return wording.moment_text(noon, zone, language).removesuffix("12:00").rstrip(", ")


def _target(settings: Settings, language: str) -> str:
    minutes = -(-settings.callback.target_seconds // 60)
    return tr(language, "We call within {minutes} minutes.", minutes=minutes)


def _known_phone(phone: str, rules: Rules) -> str:
    return numbers.read_back(phone, rules.country) if phone else ""


def _live_id(tx: Transaction, reader: Reader, person_id: str) -> str:
    if not reader.is_customer or not person_id:
        return ""
    found = queries.live_of_person(tx, person_id)
    return found.id if found is not None and queries.may_see(reader.actor, found) else ""


def _person_id(actor: Actor) -> str:
    return (actor.customer_id or "") if _signed_in(actor) else actor.id


def _customer(tx: Transaction, actor: Actor) -> Customer | None:
    return customers.find(tx, actor.customer_id) if _signed_in(actor) and actor.customer_id else None


def _signed_in(actor: Actor) -> bool:
    return actor.kind == "customer" and actor.rung >= Rung.SIGNED_IN and actor.customer_id is not None
