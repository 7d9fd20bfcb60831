"""Nothing above the port knows which telephone calls: an engine with lines of its own on the same desk, database and rules."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from madoguchi.counter.actors import Actor
from madoguchi.counter.callbacks import figures
from madoguchi.counter.callbacks.model import FINAL, Callback
from madoguchi.counter.callbacks.ports import Heard, Leg
from madoguchi.counter.problems import Problem
from madoguchi.engine.database import Database
from tests.callbacks.conftest import Shop
from tests.conftest import StillClock


@dataclass
class Exchange:
    """An engine that rings agents, dials by itself, and whose lines do what the test says."""

    name: str = "exchange"
    rings_agents: bool = True
    dials_by_itself: bool = True
    ringing: dict[str, Leg] = field(default_factory=dict)
    up: dict[str, Leg] = field(default_factory=dict)
    dialled: list[str] = field(default_factory=list)
    bridged: list[str] = field(default_factory=list)

    def dial(self, leg: Leg, timeout_s: int) -> Sequence[Heard]:
        if leg.id in self.dialled:
            return ()
        open_calls = {(each.callback_id, each.call) for each in (*self.ringing.values(), *self.up.values())}
        mine = {call for callback_id, call in open_calls if callback_id == leg.callback_id}
        assert mine <= {leg.call}, f"a second call of one wish: {leg.id} beside {mine}"
        if leg.side == "customer":
            assert f"{leg.callback_id}/{leg.call}/agent" in self.up, (
                "the customer is dialled before the agent is ready"
            )
            assert leg.caller_id == "0120-000-000"
        self.dialled.append(leg.id)
        self.ringing[leg.id] = leg
        return ()

    def bridge(self, agent: Leg, customer: Leg) -> Sequence[Heard]:
        assert {agent.id, customer.id} <= self.up.keys()
        self.bridged.append(customer.id)
        return ()

    def hang_up(self, callback_id: str, call: int) -> Sequence[Heard]:
        for side in ("agent", "customer"):
            self.ringing.pop(f"{callback_id}/{call}/{side}", None)
            self.up.pop(f"{callback_id}/{call}/{side}", None)
        return ()

    def answers(self, leg: Leg) -> Heard:
        self.up[leg.id] = self.ringing.pop(leg.id)
        return Heard(leg.callback_id, leg.call, leg.side, "answered")


class Switched(Shop):
    """The same shop with the exchange."""

    def __init__(self, database: Database, clock: StillClock, folder: Path) -> None:
        self.exchange = Exchange()
        super().__init__(database, clock, folder, engine=self.exchange)

    def work(self) -> None:
        for _ in range(3):
            self.calls.round()
            self.courier.deliver_due()

    def leg(self, seen: Callback, side: str) -> Leg:
        found = [
            each
            for each in self.exchange.ringing.values()
            if (each.callback_id, each.side) == (seen.id, side)
        ]
        assert len(found) == 1, self.exchange
        return found[0]


@pytest.fixture
def switched(database: Database, clock: StillClock, tmp_path: Path) -> Switched:
    return Switched(database, clock, tmp_path / "shop")


def take(shop: Switched, made: Callback, agent: Actor) -> None:
    shop.accept(made, agent)
    shop.work()


@pytest.mark.req("CB-002", "CB-010")
def test_agent_first_then_the_customer_by_itself_then_both_together(switched: Switched) -> None:
    ito = switched.agent("ito")
    made = switched.book(switched.customer())
    take(switched, made, ito)
    assert switched.now(made).state == "offered"
    switched.calls.heard(switched.exchange.answers(switched.leg(made, "agent")))
    switched.work()
    customer = switched.leg(made, "customer")
    assert customer.target == "+819012345678"
    switched.calls.heard(switched.exchange.answers(customer))
    switched.work()
    assert switched.exchange.bridged == [customer.id]
    switched.calls.heard(Heard(made.id, 1, "customer", "ended"))
    switched.work()
    assert (switched.now(made).state, switched.now(made).outcome) == ("done", "talked")
    assert switched.exchange.up == switched.exchange.ringing == {}
    assert [call.engine for call in switched.dialled(made)] == ["exchange"]


@pytest.mark.req("CB-003")
def test_busy_is_tried_again_by_the_same_rule(switched: Switched) -> None:
    ito = switched.agent("ito")
    made = switched.book(switched.customer())
    for number in (1, 2, 3):
        take(switched, made, ito)
        switched.calls.heard(switched.exchange.answers(switched.leg(made, "agent")))
        switched.work()
        switched.calls.heard(Heard(made.id, number, "customer", "busy"))
        switched.calls.heard(Heard(made.id, number, "customer", "busy"))  # said twice
        switched.work()
        if number < 3:
            assert switched.now(made).state == "retrying"
            switched.forward(seconds=300)
    assert (switched.now(made).state, switched.now(made).attempts) == ("missed", 3)


def test_an_agent_who_does_not_pick_up_gives_it_back(switched: Switched) -> None:
    ito = switched.agent("ito")
    made = switched.book(switched.customer())
    take(switched, made, ito)
    switched.calls.heard(Heard(made.id, 1, "agent", "no_answer"))
    switched.work()
    assert switched.now(made).state == "due"
    assert switched.contact(made.contact_id).owner_kind == "queue"
    assert switched.exchange.ringing == {}


def test_an_errand_that_is_delivered_twice_dials_once(switched: Switched) -> None:
    from madoguchi.engine.outbox import Errand

    ito = switched.agent("ito")
    made = switched.book(switched.customer())
    take(switched, made, ito)
    again = Errand(1, "callback.line", {"callback_id": made.id, "deed": "ring_agent", "call": 1}, 2, None)
    switched.calls.carry(again)
    assert switched.exchange.dialled == [f"{made.id}/1/agent"]


@pytest.mark.parametrize("seed", range(12))
def test_random_days_with_lines_on_the_real_database_forget_nobody(
    sqlite_database: Database, clock: StillClock, tmp_path: Path, seed: int
) -> None:
    """Everything through the desk, the outbox and routing; the exchange itself refuses a second call of one wish."""
    dice = random.Random(seed)
    shop = Switched(sqlite_database, clock, tmp_path)
    agents = [shop.agent(name) for name in ("ito", "kato")]
    people = [shop.customer(f"c{n}", f"03-1234-567{n}") for n in range(3)]
    made = [shop.book(person, f"03-1234-567{n}") for n, person in enumerate(people)]
    for _ in range(25):
        chosen = dice.choice(made)
        person = people[made.index(chosen)]
        with contextlib.suppress(Problem):  # refused, as it may be
            _chance(shop, dice, chosen, person, agents)
        shop.work()
    for _ in range(40):
        if all(not shop.now(each).live for each in made):
            break
        shop.forward(minutes=6)
        for each in made:
            if shop.now(each).state == "due":
                take(shop, each, agents[0])
        for leg in list(shop.exchange.ringing.values()):
            shop.calls.heard(shop.exchange.answers(leg))
            shop.work()
        for each in made:
            shop.calls.heard(Heard(each.id, shop.now(each).line, "customer", "ended"))
        shop.work()
    ends = {shop.now(each).state for each in made}
    assert ends <= FINAL
    assert shop.exchange.ringing == shop.exchange.up == {}
    found = sqlite_database.read(figures.figures, made[0].created_at)
    assert found.calls == sum(len(shop.dialled(each)) for each in made)


def _chance(
    shop: Switched, dice: random.Random, chosen: Callback, person: Actor, agents: list[Actor]
) -> None:
    from madoguchi.counter.routing import presence

    deed = dice.randrange(9)
    if deed == 0:
        shop.forward(seconds=dice.choice((5, 60, 301, 4000)))
    elif deed in (1, 2) and shop.contact(chosen.contact_id).owner_kind == "queue":
        take(shop, chosen, dice.choice(agents))
    elif deed in (3, 4) and shop.exchange.ringing:
        shop.calls.heard(shop.exchange.answers(dice.choice(list(shop.exchange.ringing.values()))))
    elif deed == 5:
        kind = dice.choice(("busy", "no_answer", "failed", "ended"))
        shop.calls.heard(Heard(chosen.id, dice.choice((shop.now(chosen).line, 1)), "customer", kind))
    elif deed == 6:
        shop.database.write(presence.release, dice.choice(agents).id)
    elif deed == 7:
        shop.calls.move(person, chosen.id, None)
    elif deed == 8 and dice.random() < 0.3:
        dice.choice((shop.calls.cancel, lambda a, c: shop.calls.replaced(a, c, "called")))(person, chosen.id)
