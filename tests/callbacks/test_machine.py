"""The course of a call-back: every order of events ends well, whatever telephone does the calling (CB-003, CB-004)."""

from __future__ import annotations

import itertools
import os
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from madoguchi.counter.callbacks.machine import LEGAL, Event, Slot
from madoguchi.counter.callbacks.model import FINAL, STATES
from madoguchi.counter.problems import Conflict
from tests.callbacks.world import NOON, OUTCOMES, World, random_history, wish

HISTORIES = int(os.environ.get("MADOGUCHI_TEST_HISTORIES", "3000"))


def ready(world: World) -> None:
    world.agent_takes()
    world.agent_line("answered")
    assert world.callback.state == "agent_ready"


@pytest.mark.req("CB-003", "CB-002")
def test_random_histories_end_in_a_legal_state_and_forget_no_promise() -> None:
    """100,000 of them with MADOGUCHI_TEST_HISTORIES=100000."""
    ends = Counter(random_history(seed).callback.state for seed in range(HISTORIES))
    assert set(ends) == FINAL
    assert sum(ends.values()) == HISTORIES


def test_every_state_has_its_ways_on_and_the_last_ones_have_none() -> None:
    assert set(LEGAL) == set(STATES)
    assert {state for state, after in LEGAL.items() if not after} == FINAL


@pytest.mark.req("CB-002")
def test_a_call_at_once_agent_first() -> None:
    world = World(wish())
    assert world.callback.state == "due"
    assert not world.try_to(Event("dial"))
    world.agent_takes()
    assert not world.try_to(Event("dial"))  # the agent's own telephone still rings
    world.agent_line("answered")
    world.dial()
    world.customer_line("answered")
    assert world.callback.state == "connected"
    world.customer_line("ended")
    assert (world.callback.state, world.callback.outcome) == ("done", "talked")


@pytest.mark.req("CB-003")
@pytest.mark.parametrize("outcome", ["no_answer", "busy", "voicemail", "failed"])
def test_whoever_is_not_reached_is_called_twice_more_five_minutes_apart(outcome: Any) -> None:
    world = World(wish())
    begun = []
    for _ in range(3):
        ready(world)
        world.dial()
        begun.append(world.now)
        world.customer_line("not_reached", outcome)
        if world.callback.live:
            assert world.callback.state == "retrying"
            world.forward(299)
            assert world.callback.state == "retrying"
            world.forward(1)
    assert [later - earlier for earlier, later in itertools.pairwise(begun)] == [timedelta(minutes=5)] * 2
    assert (world.callback.state, world.callback.outcome) == ("missed", outcome)
    assert world.told == ["not_reached", "not_reached", "missed"]


@pytest.mark.req("CB-003", "CB-005")
def test_a_wrong_number_is_called_once() -> None:
    world = World(wish())
    ready(world)
    world.dial()
    world.customer_line("not_reached", "wrong_number")
    assert world.callback.state == "missed"
    assert world.told == ["wrong_number"]


@pytest.mark.req("CB-003")
def test_nobody_is_called_before_the_slot_and_a_late_call_alerts_and_is_told() -> None:
    slot = Slot(NOON + timedelta(hours=2), NOON + timedelta(hours=2, minutes=30))
    world = World(wish(slot=slot))
    world.forward(2 * 3600 - 121)
    assert world.callback.state == "booked"
    world.forward(1)
    assert world.callback.state == "due"
    ready(world)
    with pytest.raises(Conflict, match="callback_too_early"):
        world.happen(Event("dial"))
    world.agent_goes()
    world.forward(120 + 28 * 60)
    assert (world.alerts, world.told) == (["warn"], [])
    world.forward(121)
    assert (world.alerts, world.told) == (["warn", "late"], ["late"])
    ready(world)
    world.dial()
    world.customer_line("answered")
    world.customer_line("ended")
    assert world.callback.state == "done"
    assert not world.callback.kept_in_time


@pytest.mark.req("CB-002")
def test_ten_minutes_without_a_call_break_the_promise_of_now() -> None:
    world = World(wish())
    world.forward(8 * 60)
    assert world.alerts == ["warn"]
    world.forward(2 * 60)
    assert world.callback.late_at is None
    world.forward(1)
    assert (world.alerts, world.told, world.callback.broken) == (["warn", "late"], ["late"], 1)


@pytest.mark.req("CB-007")
def test_what_the_evening_did_not_manage_is_kept_for_the_morning_and_told() -> None:
    evening = NOON + timedelta(hours=8, minutes=55)  # 20:55
    world = World(wish(evening), evening)
    world.forward(5 * 60)
    assert (world.callback.state, world.told) == ("booked", ["postponed"])
    assert world.callback.due_at == NOON + timedelta(hours=21)  # 9:00
    world.forward(12 * 3600)
    assert world.callback.state == "due"


def test_an_agent_who_goes_while_it_rings_costs_the_customer_no_try() -> None:
    world = World(wish())
    ready(world)
    world.dial()
    world.agent_goes()
    assert (world.callback.state, world.callback.attempts, world.callback.calls) == ("due", 0, 1)
    assert world.engine.lines == {}


def test_a_talk_that_breaks_off_because_the_agent_goes_is_taken_up_again() -> None:
    world = World(wish())
    ready(world)
    world.dial()
    world.customer_line("answered")
    world.agent_goes()
    assert (world.callback.state, world.callback.outcome) == ("due", "cut")
    ready(world)
    world.dial()
    world.customer_line("answered")
    world.customer_line("ended")
    assert world.callback.state == "done"


@pytest.mark.req("CB-001")
def test_a_move_is_a_new_promise_with_all_its_tries() -> None:
    world = World(wish())
    ready(world)
    world.dial()
    world.customer_line("not_reached", "busy")
    slot = Slot(NOON + timedelta(hours=3), NOON + timedelta(hours=3, minutes=30))
    world.happen(Event("moved", slot=slot))
    assert (world.callback.state, world.callback.attempts) == ("booked", 0)
    assert world.callback.promised_at == slot.end
    world.forward(3600)
    assert world.callback.state == "booked"


def test_whoever_calls_first_is_not_called_and_no_line_stays_open() -> None:
    world = World(wish())
    ready(world)
    world.dial()
    world.happen(Event("replaced", by="called"))
    assert world.callback.state == "replaced"
    assert world.engine.lines == {}


def test_a_talk_cannot_be_called_off() -> None:
    world = World(wish())
    ready(world)
    world.dial()
    world.customer_line("answered")
    for kind in ("cancelled", "moved", "replaced"):
        assert not world.try_to(Event(kind))  # type: ignore[arg-type]


class Course(RuleBasedStateMachine):
    """The same with every order that hypothesis can think of, and shrinks."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(wish())

    @rule(seconds=strategies.integers(1, 50_000))
    def time_goes_on(self, seconds: int) -> None:
        self.world.forward(seconds)

    @rule(name=strategies.sampled_from(["ito", "kato"]))
    def an_agent_takes_it(self, name: str) -> None:
        self.world.agent_takes(name)

    @rule()
    def the_agent_goes(self) -> None:
        self.world.agent_goes()

    @rule()
    def a_supervisor_takes_over(self) -> None:
        self.world.supervisor_takes_over()

    @rule(kind=strategies.sampled_from(["answered", "no_answer", "ended"]))
    def the_agents_telephone(self, kind: str) -> None:
        self.world.agent_line(kind)

    @rule()
    def the_agent_dials(self) -> None:
        self.world.dial()

    @rule(outcome=strategies.sampled_from(OUTCOMES))
    def the_customer_is_not_reached(self, outcome: str) -> None:
        self.world.customer_line("not_reached", outcome)

    @rule(kind=strategies.sampled_from(["answered", "ended"]))
    def the_customers_telephone(self, kind: str) -> None:
        self.world.customer_line(kind)

    @rule(kind=strategies.sampled_from(["answered", "ended", "not_reached"]))
    def a_word_about_an_earlier_call(self, kind: str) -> None:
        self.world.stale(kind)

    @rule(hours=strategies.integers(1, 40))
    def it_is_moved(self, hours: int) -> None:
        at = self.world.now + timedelta(hours=hours)
        self.world.try_to(Event("moved", slot=Slot(at, at + timedelta(minutes=30))))
        self.world.look()

    @rule(by=strategies.sampled_from(["called", "writing"]))
    def the_customer_comes_first(self, by: str) -> None:
        self.world.try_to(Event("replaced", by=by))

    @rule()
    def it_is_solved_in_writing(self) -> None:
        self.world.solved_without_call()

    @rule()
    def it_is_called_off(self) -> None:
        self.world.try_to(Event("cancelled", by="customer"))

    @invariant()
    def all_is_well(self) -> None:
        self.world.check()
        self.world.nothing_is_forgotten()


TestCourse = Course.TestCase
TestCourse.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
