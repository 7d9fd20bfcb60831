"""Slots that can be booked: within the telephone's hours, as many calls as the people who are there can make (CB-003)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from madoguchi.counter.callbacks import queries
from madoguchi.counter.callbacks.capacity import Caller, Room, Wanted, room
from madoguchi.counter.callbacks.machine import Slot
from madoguchi.counter.callbacks.model import Callback
from madoguchi.counter.callbacks.rules import Rules
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import schedules, skills
from madoguchi.counter.routing.policy import EVERY_QUEUE
from madoguchi.engine.database import Transaction

SlotState = Literal["free", "few", "full"]
_LINGUA_FRANCA = "en"


@dataclass(frozen=True)
class Offered:
    """A slot as somebody sees it who wants to book."""

    slot: Slot
    state: SlotState


def days(rules: Rules, now: datetime) -> list[date]:
    """The days of the shop on which there are slots to book, the next first."""
    today = now.astimezone(rules.zone).date()
    ahead = [today + timedelta(days=number) for number in range(rules.horizon_days + 1)]
    return [day for day in ahead if any(_bookable(rules, slot, now) for slot in _of_day(rules, day))]


def of_day(tx: Transaction, rules: Rules, day: date, wanted: Wanted) -> list[Offered]:
    """The slots of one day that can still be booked or are full, in order."""
    slots = [slot for slot in _of_day(rules, day) if _bookable(rules, slot, tx.now)]
    if not slots:
        return []
    taken = queries.in_slots(tx, slots[0].at, slots[-1].end)
    return [Offered(slot, _state(_room(tx, rules, slot, taken.get(slot.at, []), wanted))) for slot in slots]


def earliest(tx: Transaction, rules: Rules, wanted: Wanted) -> Slot | None:
    """The first slot with room (CB-007); None where all are full."""
    for day in days(rules, tx.now):
        for offered in of_day(tx, rules, day, wanted):
            if offered.state != "full":
                return offered.slot
    return None


def free_between(
    tx: Transaction, rules: Rules, wanted: Wanted, start: datetime, end: datetime | None, most: int
) -> list[Slot]:
    """The first slots with room that begin from `start` on and before `end` (None: as far as can be booked)."""
    found: list[Slot] = []
    for day in days(rules, tx.now):
        ahead = [
            slot
            for slot in _of_day(rules, day)
            if slot.at >= start and (end is None or slot.at < end) and _bookable(rules, slot, tx.now)
        ]
        taken = queries.in_slots(tx, ahead[0].at, ahead[-1].end) if ahead else {}
        for slot in ahead:
            if _room(tx, rules, slot, taken.get(slot.at, []), wanted).left:
                found.append(slot)
            if len(found) == most:
                return found
    return found


def take(tx: Transaction, rules: Rules, at: datetime, wanted: Wanted, *, mover: str = "") -> Slot:
    """A place in the slot that begins at `at`, for the transaction that calls; nobody else can take it meanwhile.

    `mover`: a call-back that gives its own place up. Raises Invalid("not_a_slot", field "slot_at"),
    Conflict("slot_full").
    """
    today = at.astimezone(rules.zone).date()
    near = (slot for day in (today - timedelta(days=1), today) for slot in _of_day(rules, day))
    slot = next((each for each in near if each.at == at), None)
    if slot is None or not _bookable(rules, slot, tx.now):
        raise Invalid("not_a_slot", field="slot_at", minutes=int(rules.slot.total_seconds() // 60))
    tx.lock("callback_slot", slot.at.isoformat())
    there = queries.in_slots(tx, slot.at, slot.end, except_for=mover).get(slot.at, [])
    if _room(tx, rules, slot, there, wanted).left < 1:
        raise Conflict("slot_full")
    return slot


def need_open(tx: Transaction, rules: Rules) -> None:
    """At once is within the telephone's hours only; at night the first slot is offered (CB-007). Raises Conflict("callback_closed")."""
    if not rules.hours.is_open(tx.now):
        opening = rules.hours.next_opening(tx.now)
        raise Conflict("callback_closed", at=opening.isoformat() if opening else "")


def callers_in(tx: Transaction, slot: Slot) -> list[Caller]:
    """Who is planned for the whole slot, with what they serve; without plans everybody with skills."""
    planned = schedules.staff_at(tx, slot.at, slot.end) if schedules.has_plans(tx) else schedules.able(tx)
    profiles = skills.profile_queues(tx)
    able = [(each.id, skills.of_agent(each, profiles)) for each in planned if "agent" in each.roles]
    return [
        Caller(agent_id, mine.queues, mine.languages, every_queue=EVERY_QUEUE in mine.queues)
        for agent_id, mine in able
    ]


def _room(tx: Transaction, rules: Rules, slot: Slot, there: Sequence[Callback], wanted: Wanted) -> Room:
    callers = callers_in(tx, slot)
    booked = [_spoken(callers, Wanted(each.queue_id, each.language)) for each in there]
    return room(callers, booked, _spoken(callers, wanted), rules.calls_per_agent, rules.share)


def _spoken(callers: Sequence[Caller], wanted: Wanted) -> Wanted:
    """In a language that somebody there speaks: where nobody speaks theirs, who speaks English serves (HND-012)."""
    able = [each for each in callers if each.every_queue or wanted.queue_id in each.queues]
    spoken = {language for each in able for language in each.languages}
    tongues = (wanted.language, _LINGUA_FRANCA, *sorted(spoken))
    return Wanted(wanted.queue_id, next((each for each in tongues if each in spoken), wanted.language))


def _state(found: Room) -> SlotState:
    return "full" if not found.left else "few" if found.few else "free"


def _bookable(rules: Rules, slot: Slot, now: datetime) -> bool:
    last = now.astimezone(rules.zone).date() + timedelta(days=rules.horizon_days)
    return slot.at >= now + rules.earliest and slot.at.astimezone(rules.zone).date() <= last


def _of_day(rules: Rules, day: date) -> Iterator[Slot]:
    """Whole slots from each opening on."""
    for start, end in rules.hours.spells(day):
        at = start
        while at + rules.slot <= end:
            yield Slot(at, at + rules.slot)
            at += rules.slot
