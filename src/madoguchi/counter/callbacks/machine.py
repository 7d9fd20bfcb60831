"""The course of a call-back: what each event makes of it, and what is to be done then. Pure.

Agent first: the customer is dialled only when an agent is ready. One wish has at most one call at a time; an event
that belongs to an earlier call changes nothing. What was promised stays alive until it is kept, called off by the
customer, or the customer has been told that it could not be kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from madoguchi.counter.callbacks.model import FINAL, IN_HAND, ON_THE_LINE, Callback, Outcome, State
from madoguchi.counter.callbacks.rules import Tries
from madoguchi.counter.problems import Conflict

EventKind = Literal[
    "confirmed",
    "fell_due",
    "taken",
    "agent_answered",
    "agent_gone",
    "dial",
    "answered",
    "not_reached",
    "ended",
    "cancelled",
    "moved",
    "replaced",
    "postponed",
    "warn",
    "late",
]
CommandKind = Literal[
    "enter",  # the queue, at the place that is theirs; "again": out of the hands of whoever has it
    "rest",  # out of queue and hands, until it falls due
    "ring_agent",
    "dial",
    "bridge",
    "hang_up",
    "tell",  # the customer
    "alert",  # those who lead
    "finish",  # the contact has done its service
]
WAITING: frozenset[State] = frozenset({"booked", "due", "retrying", "offered", "agent_ready"})

LEGAL: dict[State, frozenset[State]] = {
    "unconfirmed": frozenset({"booked", "cancelled", "replaced"}),
    "booked": frozenset({"booked", "due", "cancelled", "replaced"}),
    "due": frozenset({"offered", "booked", "cancelled", "replaced"}),
    "offered": frozenset({"offered", "agent_ready", "due", "booked", "cancelled", "replaced"}),
    "agent_ready": frozenset({"offered", "dialling", "due", "booked", "cancelled", "replaced"}),
    "dialling": frozenset({"offered", "connected", "retrying", "missed", "due", "cancelled", "replaced"}),
    "connected": frozenset({"connected", "done", "retrying", "missed", "due"}),
    "retrying": frozenset({"due", "booked", "cancelled", "replaced"}),
    **dict.fromkeys(FINAL, frozenset[State]()),
}


@dataclass(frozen=True)
class Slot:
    """A slot that can be booked, from `at` to `end`."""

    at: datetime
    end: datetime


@dataclass(frozen=True)
class Event:
    """`call`: the number of the line that it belongs to; `at`: until when it is postponed; `by`: who or what did it."""

    kind: EventKind
    agent_id: str = ""
    call: int = 0
    outcome: Outcome = ""
    slot: Slot | None = None
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True)
class Command:
    """`what`: for "tell" and "alert", of what; `call`: the line, for what concerns one."""

    kind: CommandKind
    what: str = ""
    call: int = 0


@dataclass(frozen=True)
class Step:
    """The call-back after an event, and what is to be done, in this order."""

    callback: Callback
    commands: tuple[Command, ...] = ()


def step(seen: Callback, event: Event, now: datetime, tries: Tries) -> Step:
    """What becomes of it. Raises Conflict("callback_state" | "callback_too_early") for what cannot be done now."""
    made = _STEPS[event.kind](seen, event, now, tries)
    if made.callback.state in FINAL and seen.state not in FINAL:
        return Step(replace(made.callback, finished_at=now), made.commands)
    return made


def with_promise(seen: Callback, slot: Slot | None, now: datetime, tries: Tries) -> Callback:
    """As it is promised: within the slot, or soon."""
    if slot is None:
        begin = now + tries.delay
        return replace(
            seen,
            kind="now",
            slot_at=None,
            slot_end=None,
            due_at=begin,
            not_before=begin,
            promised_at=begin + tries.target,
        )
    return replace(
        seen,
        kind="slot",
        slot_at=slot.at,
        slot_end=slot.end,
        due_at=slot.at - tries.lead,
        not_before=slot.at,
        promised_at=slot.end,
    )


def _confirmed(seen: Callback, _event: Event, now: datetime, tries: Tries) -> Step:
    """The code was right: what waited for it is booked; "now" begins now."""
    _need(seen, "unconfirmed")
    slot = Slot(seen.slot_at, seen.slot_end) if seen.slot_at and seen.slot_end else None
    return Step(with_promise(replace(seen, state="booked"), slot, now, tries), (_tell("confirmed"),))


def _fell_due(seen: Callback, _event: Event, now: datetime, _tries: Tries) -> Step:
    if now < seen.due_at:
        return Step(seen)
    if seen.state == "unconfirmed":
        return Step(replace(seen, state="cancelled", ended_by="unconfirmed"), (Command("finish"),))
    if seen.state in ("booked", "retrying"):
        return Step(replace(seen, state="due"), (Command("enter"),))
    return Step(seen)


def _taken(seen: Callback, event: Event, _now: datetime, _tries: Tries) -> Step:
    """An agent has the contact; taken over from a colleague on the line, the talk goes on with the new one."""
    if seen.state == "due":
        taken = replace(seen, state="offered", agent_id=event.agent_id, line=seen.line + 1)
        return Step(taken, (Command("ring_agent", call=taken.line),))
    if seen.state not in IN_HAND or event.agent_id == seen.agent_id:
        return Step(seen)
    if seen.state == "connected":
        return Step(replace(seen, agent_id=event.agent_id))
    taken = replace(_not_counted(seen), state="offered", agent_id=event.agent_id, line=seen.line + 1)
    return Step(taken, (*_hang_up(seen), Command("ring_agent", call=taken.line)))


def _agent_answered(seen: Callback, event: Event, _now: datetime, _tries: Tries) -> Step:
    if seen.state != "offered" or event.agent_id != seen.agent_id:
        return Step(seen)
    return Step(replace(seen, state="agent_ready"))


def _agent_gone(seen: Callback, _event: Event, _now: datetime, _tries: Tries) -> Step:
    """Somebody else is to take it; a try that we broke off ourselves is not counted against the customer."""
    if seen.state not in IN_HAND:
        return Step(seen)
    outcome: Outcome = "cut" if seen.state == "connected" else seen.outcome
    free = replace(_not_counted(seen), state="due", agent_id="", outcome=outcome)
    return Step(free, (*_hang_up(seen), Command("enter", "again")))


def _dial(seen: Callback, _event: Event, now: datetime, _tries: Tries) -> Step:
    _need(seen, "agent_ready")
    if now < seen.not_before:
        raise Conflict("callback_too_early", at=seen.not_before.isoformat())
    begun = replace(
        seen,
        state="dialling",
        attempts=seen.attempts + 1,
        calls=seen.calls + 1,
        started_at=seen.started_at or now,
    )
    return Step(begun, (Command("dial", call=seen.line),))


def _answered(seen: Callback, event: Event, now: datetime, _tries: Tries) -> Step:
    if seen.state != "dialling" or event.call != seen.line:
        return Step(seen)
    talking = replace(seen, state="connected", connected_at=seen.connected_at or now)
    return Step(talking, (Command("bridge", call=event.call),))


def _not_reached(seen: Callback, event: Event, now: datetime, tries: Tries) -> Step:
    """Busy, no answer, a machine, somebody else: once more after the pause, as often as the rule says."""
    if seen.state not in ON_THE_LINE or event.call != seen.line:
        return Step(seen)
    over = replace(seen, outcome=event.outcome or "no_answer", agent_id="")
    put_down = (*_hang_up(seen), Command("rest"))
    if event.outcome == "wrong_number":
        return Step(replace(over, state="missed"), (*put_down, _tell("wrong_number"), Command("finish")))
    if seen.attempts < tries.most:
        again = now + tries.pause
        waits = replace(over, state="retrying", due_at=again, not_before=again)
        return Step(waits, (*put_down, _tell("not_reached")))
    return Step(replace(over, state="missed"), (*put_down, _tell("missed"), Command("finish")))


def _ended(seen: Callback, event: Event, now: datetime, tries: Tries) -> Step:
    if event.call != seen.line or seen.state not in ON_THE_LINE:
        return Step(seen)
    if seen.state == "dialling":
        return _not_reached(seen, replace(event, outcome=event.outcome or "no_answer"), now, tries)
    return Step(replace(seen, state="done", outcome="talked"), _hang_up(seen))


def _cancelled(seen: Callback, event: Event, _now: datetime, _tries: Tries) -> Step:
    _need(seen, "unconfirmed", "dialling", *WAITING)
    off = replace(seen, state="cancelled", ended_by=event.by)
    told = () if seen.state == "unconfirmed" else (_tell("cancelled"),)
    return Step(off, (*_hang_up(seen), Command("rest"), *told, Command("finish")))


def _moved(seen: Callback, event: Event, now: datetime, tries: Tries) -> Step:
    """Another slot, or now: a new promise, with all its tries."""
    _need(seen, *WAITING)
    free = replace(
        seen,
        state="booked",
        agent_id="",
        attempts=0,
        started_at=None,
        warned_at=None,
        late_at=None,
        reminded_at=None,
    )
    moved = with_promise(free, event.slot, now, tries)
    return Step(moved, (*_hang_up(seen), Command("rest"), _tell("moved")))


def _replaced(seen: Callback, event: Event, _now: datetime, _tries: Tries) -> Step:
    """The customer has called or written first: nobody calls any more."""
    _need(seen, "unconfirmed", "dialling", *WAITING)
    off = replace(seen, state="replaced", ended_by=event.by)
    return Step(off, (*_hang_up(seen), Command("rest"), _tell("replaced"), Command("finish")))


def _postponed(seen: Callback, event: Event, now: datetime, tries: Tries) -> Step:
    """Nobody may be called now (the telephone's hours are over): kept for the next moment at which it can be."""
    _need(seen, *WAITING)
    assert event.at is not None
    later = replace(seen, state="booked", agent_id="", due_at=event.at, not_before=event.at)
    broken = _late(later, event, now, tries)
    alerts = tuple(each for each in broken.commands if each.kind == "alert")
    return Step(broken.callback, (*_hang_up(seen), Command("rest"), *alerts, _tell("postponed")))


def _warn(seen: Callback, _event: Event, now: datetime, _tries: Tries) -> Step:
    if not _hoped_for(seen) or seen.warned_at is not None:
        return Step(seen)
    return Step(replace(seen, warned_at=now), (Command("alert", "warn"),))


def _late(seen: Callback, _event: Event, now: datetime, _tries: Tries) -> Step:
    if not _hoped_for(seen) or seen.late_at is not None:
        return Step(seen)
    broken = replace(seen, late_at=now, broken=seen.broken + 1)
    return Step(broken, (Command("alert", "late"), _tell("late")))


def _hoped_for(seen: Callback) -> bool:
    """A call is promised and has not begun."""
    return seen.state in WAITING and seen.started_at is None


def _not_counted(seen: Callback) -> Callback:
    return replace(seen, attempts=seen.attempts - 1) if seen.state in ON_THE_LINE else seen


def _need(seen: Callback, *states: State) -> None:
    if seen.state not in states:
        raise Conflict("callback_state", state=seen.state)


def _hang_up(seen: Callback) -> tuple[Command, ...]:
    """Of the line that is in use; none where nothing rings."""
    if seen.state not in IN_HAND:
        return ()
    return (Command("hang_up", call=seen.line),)


def _tell(what: str) -> Command:
    return Command("tell", what)


_STEPS: dict[EventKind, Callable[[Callback, Event, datetime, Tries], Step]] = {
    "confirmed": _confirmed,
    "fell_due": _fell_due,
    "taken": _taken,
    "agent_answered": _agent_answered,
    "agent_gone": _agent_gone,
    "dial": _dial,
    "answered": _answered,
    "not_reached": _not_reached,
    "ended": _ended,
    "cancelled": _cancelled,
    "moved": _moved,
    "replaced": _replaced,
    "postponed": _postponed,
    "warn": _warn,
    "late": _late,
}
