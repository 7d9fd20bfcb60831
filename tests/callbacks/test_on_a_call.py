"""Who has a call-back in hand is on a call, from taking it until it is told how it went (CB-002, QUE-015)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from madoguchi.counter.actors import Actor
from madoguchi.counter.routing import presence, profiles, queries, queue_editing, queues
from madoguchi.counter.routing.policy import Rules as Routing
from madoguchi.counter.routing.profiles import Profile
from madoguchi.counter.supervision.board import board
from madoguchi.counter.team.model import agent as agents
from madoguchi.engine.database import Transaction
from tests.callbacks.conftest import Shop

SUPERVISOR = Actor(kind="agent", id="agt_mori")


def doing(shop: Shop, agent: Actor) -> str:
    seen = shop.database.read(queries.presence, agent.id, Routing.of(shop.settings))
    return seen.status


def on_board(shop: Shop, agent: Actor) -> str:
    def read(tx: Transaction) -> str:
        seen = board(tx, Routing.of(shop.settings), shop.calls.rules.zone)
        return next(each.status for each in seen.agents if each.agent_id == agent.id)

    return shop.database.read(read)


def with_after_contact(shop: Shop, seconds: int) -> None:
    def change(tx: Transaction) -> None:
        seen = queues.get(tx, "general")
        queue_editing.save(
            tx, SUPERVISOR, replace(seen, after_contact_s=seconds), queue_editing.mark_of(seen)
        )

    shop.database.write(change)


@pytest.mark.req("CB-002", "QUE-015")
@pytest.mark.parametrize("outcome", ["talked", "no_answer", "wrong_number"])
def test_on_a_call_until_the_outcome_then_after_contact_work_then_as_before(shop: Shop, outcome: str) -> None:
    with_after_contact(shop, 60)
    ito = shop.agent("ito")
    made = shop.book(shop.customer())
    assert doing(shop, ito) == "available"
    shop.accept(made, ito)
    shop.calls.round()
    assert (doing(shop, ito), on_board(shop, ito)) == ("on_call", "on_call")
    shop.calls.dial(ito, made.id)
    shop.forward(seconds=40)
    assert doing(shop, ito) == "on_call"
    shop.calls.report(ito, made.id, outcome)
    assert (doing(shop, ito), on_board(shop, ito)) == ("after_contact", "after_contact")
    shop.forward(seconds=61)
    assert (doing(shop, ito), on_board(shop, ito)) == ("available", "available")


@pytest.mark.req("CB-002")
def test_what_was_said_before_holds_again_afterwards(sqlite_shop: Shop) -> None:
    ito = sqlite_shop.agent("ito")
    made = sqlite_shop.book(sqlite_shop.customer())
    sqlite_shop.accept(made, ito)
    sqlite_shop.calls.round()
    sqlite_shop.database.write(presence.set_status, ito.id, "busy")
    assert doing(sqlite_shop, ito) == "on_call"
    sqlite_shop.calls.dial(ito, made.id)
    sqlite_shop.calls.report(ito, made.id, "talked")
    assert doing(sqlite_shop, ito) == "busy"


@pytest.mark.req("CB-002")
def test_a_call_that_is_called_off_or_taken_over_leaves_nobody_on_it(sqlite_shop: Shop) -> None:
    ito, mori = sqlite_shop.agent("ito"), sqlite_shop.agent("mori", roles=["agent", "supervisor"])
    misaki = sqlite_shop.customer()
    made = sqlite_shop.book(misaki)
    sqlite_shop.accept(made, ito)
    sqlite_shop.calls.round()
    sqlite_shop.accept(made, mori)
    sqlite_shop.calls.round()
    assert (doing(sqlite_shop, ito), doing(sqlite_shop, mori)) == ("available", "on_call")
    sqlite_shop.calls.cancel(misaki, made.id)
    assert doing(sqlite_shop, mori) == "available"


@pytest.mark.req("QUE-015")
@pytest.mark.parametrize(("calls_at_once", "offered"), [(1, False), (2, True)])
def test_a_call_takes_the_agent_fully_unless_the_profile_says_otherwise(
    sqlite_shop: Shop, calls_at_once: int, offered: bool
) -> None:
    def with_profile(tx: Transaction) -> None:
        wanted = Profile("callers", "Callers", {"*": 5}, 5, {"callback": calls_at_once})
        profiles.save(tx, SUPERVISOR, wanted, "")
        tx.execute(agents.update().where(agents.c.id == ito.id).values(profile_id="callers"))

    ito = sqlite_shop.agent("ito")
    sqlite_shop.database.write(with_profile)
    made = sqlite_shop.book(sqlite_shop.customer())
    sqlite_shop.accept(made, ito)
    sqlite_shop.calls.round()
    chat = sqlite_shop.chat(sqlite_shop.customer("naoki", "03-1234-5678"))
    assert (chat.id in sqlite_shop.offers()) is offered
