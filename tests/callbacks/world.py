"""A world for the course of call-backs: clock, contact, a telephone engine that does what a script says, and a customer.

Nothing of the machine is imitated: the world carries out its commands and looks as the rounds do.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.counter.callbacks import rounds
from madoguchi.counter.callbacks.machine import LEGAL, Command, Event, Slot, step, with_promise
from madoguchi.counter.callbacks.model import FINAL, Callback
from madoguchi.counter.callbacks.rules import Rules, Tries
from madoguchi.counter.hours import Hours, parse_spans
from madoguchi.counter.problems import Conflict

TOKYO = ZoneInfo("Asia/Tokyo")
HOURS = Hours(TOKYO, (parse_spans("09:00-21:00"),) * 7)
NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TRIES = Tries()
RULES = Rules(
    on=True,
    caller_id="0120-000-000",
    tries=TRIES,
    hours=HOURS,
    slot=timedelta(minutes=30),
    horizon_days=7,
    earliest=timedelta(minutes=15),
    calls_per_agent=2,
    share=0.5,
    warn=timedelta(minutes=2),
    remind=timedelta(minutes=10),
    prefixes=("+81",),
    only_on_file=False,
    per_number=3,
    per_person=3,
    confirm=timedelta(minutes=15),
    keep=timedelta(days=30),
    resting="assistant",
    rings_agents=True,
    language="ja",
    country="JP",
    reopen_days=14,
)


def wish(now: datetime = NOON, slot: Slot | None = None, tries: Tries = TRIES, **values: Any) -> Callback:
    """A wish as it is when it has just been booked."""
    texts = dict.fromkeys(
        ("case_id", "from_contact_id", "order_number", "email", "kana", "note", "agent_id", "ended_by"), ""
    )
    nothing = dict.fromkeys(
        [
            "customer_id",
            "slot_at",
            "slot_end",
            "reminded_at",
            "warned_at",
            "late_at",
            "started_at",
            "connected_at",
            "finished_at",
        ]
    )
    made = Callback(
        id="cbk_1",
        contact_id="con_1",
        visitor_id="vis_1",
        client_key="key",
        via="web",
        kind="now",
        state="booked",
        language="ja",
        topic="",
        queue_id="general",
        phone="+819012345678",
        phone_hash="h",
        since=now,
        priority=0,
        due_at=now,
        not_before=now,
        promised_at=now,
        attempts=0,
        calls=0,
        line=0,
        outcome="",
        code_tries=0,
        broken=0,
        created_at=now,
        updated_at=now,
        **texts,
        **nothing,
    )
    return replace(with_promise(made, slot, now, tries), **values)


class TwoCalls(AssertionError):
    """The engine was asked for a second call of one wish."""


@dataclass
class ScriptedEngine:
    """Lines by call; refuses what must not happen."""

    lines: dict[int, set[str]] = field(default_factory=dict)
    customers_dialled: list[int] = field(default_factory=list)
    rung: list[int] = field(default_factory=list)

    def ring(self, call: int, side: str) -> None:
        if any(number != call for number in self.lines):
            raise TwoCalls(f"{call} while {self.lines}")
        if side == "agent" and call in self.rung:
            raise TwoCalls(f"line {call} is used twice")
        if side == "customer":
            if call in self.customers_dialled:
                raise TwoCalls(f"call {call} is dialled twice")
            if "agent up" not in self.lines.get(call, set()):
                raise AssertionError("the customer is dialled before an agent is ready")
            self.customers_dialled.append(call)
        if side == "agent":
            self.rung.append(call)
        self.lines.setdefault(call, set()).add(f"{side} ringing")

    def up(self, call: int, side: str) -> None:
        self.lines[call].discard(f"{side} ringing")
        self.lines[call].add(f"{side} up")

    def hang_up(self, call: int) -> None:
        self.lines.pop(call, None)


class World:
    """One wish and everything around it."""

    def __init__(self, made: Callback, now: datetime = NOON, rules: Rules = RULES) -> None:
        self.now = now
        self.rules = rules
        self.callback = made
        self.contact = SimpleNamespace(state="open", owner_kind="assistant", owner_id="assistant")
        self.engine = ScriptedEngine()
        self.told: list[str] = []
        self.alerts: list[str] = []
        self.states = [made.state]
        self.look()

    # ── the machine's side ────────────────────────────────────────────────────────────────────────

    def happen(self, event: Event) -> None:
        before = self.callback
        made = step(before, event, self.now, self.rules.tries)
        self.callback = made.callback
        if made.callback.state != before.state:
            assert made.callback.state in LEGAL[before.state], f"{before.state} → {made.callback.state}"
            self.states.append(made.callback.state)
        for command in made.commands:
            self._carry(command)
        self.check()

    def try_to(self, event: Event) -> bool:
        """False where it is refused; a refusal changes nothing."""
        before = self.callback
        try:
            self.happen(event)
        except Conflict:
            assert self.callback == before
            return False
        return True

    def look(self) -> None:
        """As the rounds do."""
        for _ in range(12):
            if not self.callback.live:
                return
            todo = rounds.of_contact(self.callback, self.contact) or rounds.by_time(
                self.callback, self.rules, self.now
            )
            if todo is None:
                return
            if todo == "remind":
                self.callback = replace(self.callback, reminded_at=self.now)
            else:
                self.happen(todo)
        raise AssertionError(f"it never comes to rest: {self.callback}")

    def _carry(self, command: Command) -> None:
        call = command.call
        if command.kind == "enter" and (self.contact.owner_kind != "agent" or command.what == "again"):
            self._own("queue", "general")
        elif command.kind == "rest" and self.contact.owner_kind in ("queue", "agent"):
            self._own("assistant", "assistant")
        elif command.kind == "ring_agent":
            self.engine.ring(call, "agent")
        elif command.kind == "dial":
            assert self.rules.hours.is_open(self.now)
            self.engine.ring(call, "customer")
        elif command.kind == "hang_up":
            self.engine.hang_up(call)
        elif command.kind == "tell":
            self.told.append(command.what)
        elif command.kind == "alert":
            self.alerts.append(command.what)
        elif command.kind == "finish" and self.contact.owner_kind not in ("agent", "queue"):
            self.contact.state = "ended"

    def _own(self, kind: str, owner_id: str) -> None:
        if self.contact.state == "open":
            self.contact.owner_kind, self.contact.owner_id = kind, owner_id

    # ── what people and lines do ──────────────────────────────────────────────────────────────────

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.look()

    def agent_takes(self, name: str = "ito") -> None:
        if self.contact.owner_kind == "queue" and self.contact.state == "open":
            self._own("agent", name)
            self.look()

    def supervisor_takes_over(self) -> None:
        if self.contact.owner_kind == "agent" and self.contact.state == "open":
            self._own("agent", "mori")
            self.look()

    def agent_goes(self) -> None:
        if self.contact.owner_kind == "agent":
            self._own("queue", "general")
            self.look()

    def agent_line(self, kind: str) -> None:
        """Their own telephone: answered, or not."""
        call = self.callback.line
        lines = self.engine.lines.get(call, set())
        if kind == "answered" and "agent ringing" in lines:
            self.engine.up(call, "agent")
            self.happen(Event("agent_answered", agent_id=self.callback.agent_id))
        elif kind != "answered" and lines & {"agent ringing", "agent up"} and self.callback.live:
            self.happen(
                Event("ended", call=call) if self.callback.state == "connected" else Event("agent_gone")
            )
        self.look()

    def dial(self) -> None:
        if self.rules.hours.is_open(self.now):
            self.try_to(Event("dial", by="scripted"))

    def customer_line(self, kind: str, outcome: Any = "") -> None:
        """What the customer's telephone does, where it rings or is up."""
        call = self.callback.line
        lines = self.engine.lines.get(call, set())
        if kind == "answered" and "customer ringing" in lines:
            self.engine.up(call, "customer")
            self.happen(Event("answered", call=call))
        elif kind == "not_reached" and "customer ringing" in lines:
            self.happen(Event("not_reached", call=call, outcome=outcome))
        elif kind == "ended" and "customer up" in lines:
            self.happen(Event("ended", call=call))
        self.look()

    def stale(self, kind: Any, outcome: Any = "") -> None:
        """A word about an earlier call comes late: it changes nothing."""
        before = self.callback
        self.happen(Event(kind, call=self.callback.line - 1, outcome=outcome))
        assert self.callback == before

    def solved_without_call(self) -> None:
        if self.contact.owner_kind == "agent" and self.contact.state == "open":
            self.contact.state = "resolved"
            self.look()

    # ── what must always hold ─────────────────────────────────────────────────────────────────────

    def check(self) -> None:
        seen = self.callback
        assert 0 <= seen.attempts <= self.rules.tries.most
        assert seen.attempts <= seen.calls == len(self.engine.customers_dialled)
        assert len(self.engine.lines) <= 1
        if seen.state in FINAL:
            assert not self.engine.lines, "a line is left open"
            assert seen.finished_at is not None

    def nothing_is_forgotten(self) -> None:
        """Whatever is alive will go on by itself, or lies in somebody's hands; what is over is kept, or was told."""
        seen = self.callback
        if seen.state in ("booked", "retrying", "unconfirmed"):
            assert seen.due_at > self.now
        elif seen.state == "due":
            assert self.contact.owner_kind == "queue"
        elif seen.live:
            assert self.contact.owner_kind == "agent"
            assert self.contact.owner_id == seen.agent_id
        if seen.broken:
            assert {"late", "postponed"} & set(self.told)
            assert "late" in self.alerts
        if seen.live and seen.started_at is None and self.now > seen.promised_at:
            assert seen.late_at is not None or seen.state == "unconfirmed"
        if seen.state == "done":
            assert seen.connected_at is not None
        elif seen.state in ("missed", "replaced"):
            assert set(self.told) & {"missed", "wrong_number", "replaced"}
        elif seen.state == "cancelled":
            assert "cancelled" in self.told or self.states == ["unconfirmed", "cancelled"]


OUTCOMES = ("no_answer", "busy", "voicemail", "failed", "wrong_number")
Deed = Callable[[World, random.Random], None]


def slot_after(now: datetime, dice: random.Random) -> Slot:
    start = now.astimezone(TOKYO).replace(hour=9, minute=0, second=0, microsecond=0)
    at = start + timedelta(days=dice.randrange(0, 3), minutes=30 * dice.randrange(24))
    while at <= now:
        at += timedelta(days=1)
    return Slot(at.astimezone(UTC), at.astimezone(UTC) + timedelta(minutes=30))


DEEDS: tuple[tuple[int, Deed], ...] = (
    (5, lambda world, dice: world.forward(dice.choice((1, 30, 90, 300, 301)))),
    (2, lambda world, dice: world.forward(dice.choice((1200, 3600, 10800, 40000)))),
    (6, lambda world, dice: world.agent_takes(dice.choice(("ito", "kato")))),
    (1, lambda world, _: world.agent_goes()),
    (1, lambda world, _: world.supervisor_takes_over()),
    (6, lambda world, _: world.agent_line("answered")),
    (1, lambda world, _: world.agent_line("no_answer")),
    (6, lambda world, _: world.dial()),
    (2, lambda world, _: world.customer_line("answered")),
    (4, lambda world, dice: world.customer_line("not_reached", dice.choice(OUTCOMES))),
    (1, lambda world, _: world.customer_line("ended")),
    (1, lambda world, _: world.stale("answered")),
    (1, lambda world, dice: world.stale("not_reached", dice.choice(OUTCOMES))),
    (1, lambda world, _: world.stale("ended")),
    (1, lambda world, _: world.try_to(Event("cancelled", by="customer"))),
    (1, lambda world, dice: world.try_to(Event("moved", slot=slot_after(world.now, dice)))),
    (1, lambda world, dice: world.try_to(Event("replaced", by=dice.choice(("called", "writing"))))),
    (1, lambda world, _: world.solved_without_call()),
)
_WEIGHTS = [weight for weight, _ in DEEDS]
_CHOICES = [deed for _, deed in DEEDS]


def random_history(seed: int) -> World:
    """One wish through up to 25 chances, then people who do their work until it is over."""
    dice = random.Random(seed)
    now = NOON + timedelta(minutes=dice.randrange(24 * 60))
    state: Any = dice.choice(("booked", "booked", "booked", "unconfirmed"))
    slot = slot_after(now, dice) if dice.random() < 0.5 else None
    made = wish(now, slot, state=state)
    if state == "unconfirmed":
        made = replace(made, due_at=now + RULES.confirm)
    world = World(made, now)
    if state == "unconfirmed" and dice.random() < 0.8:
        world.try_to(Event("confirmed"))
        world.look()
    for deed in dice.choices(_CHOICES, _WEIGHTS, k=dice.randrange(25)):
        deed(world, dice)
        world.look()
        world.nothing_is_forgotten()
    finish(world, dice)
    return world


def finish(world: World, dice: random.Random) -> None:
    """From here on everybody does what they are there for."""
    for _ in range(60):
        if not world.callback.live:
            break
        waits = max(timedelta(0), world.callback.due_at - world.now, world.callback.not_before - world.now)
        world.forward(max(1.0, waits.total_seconds()))
        world.agent_takes()
        world.agent_line("answered")
        world.dial()
        world.customer_line("answered") if dice.random() < 0.5 else world.customer_line("not_reached", "busy")
        world.customer_line("ended")
        world.nothing_is_forgotten()
    assert not world.callback.live, world.callback
    world.check()
    world.nothing_is_forgotten()
