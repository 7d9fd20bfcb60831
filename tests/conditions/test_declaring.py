"""Declaring, ending, noticing: who may, what is kept, what a worker that has gone silent means."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from madoguchi.counter.actors import ASSISTANT, Actor
from madoguchi.counter.cases.promises import promise_text
from madoguchi.counter.conditions import queries, service
from madoguchi.counter.conditions.policy import SILENT_AFTER, Rules
from madoguchi.counter.conditions.watching import Watchman
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.problems import Invalid, NotAllowed
from madoguchi.engine import outbox
from madoguchi.engine.database import Database, Transaction
from tests.conftest import StillClock

OPS = Actor(kind="agent", id="agt_ops", roles=frozenset({"operator"}))
ITO = Actor(kind="agent", id="agt_ito", roles=frozenset({"agent"}))
VISITOR = Actor(kind="customer", id="vis_1")
RULES = Rules(detect=True, times=3.0, fewest=5, percent=200)


class Shop:
    """A connector that answers, or does not."""

    def __init__(self) -> None:
        self.answers = True

    def product(self, product_id: str) -> object:
        if not self.answers:
            raise OSError("no route")
        return None


def now(database: Database, rules: Rules = RULES) -> dict[str, bool]:
    found = database.read(queries.conditions, rules)
    return {each.part: each.declared for each in found.disturbances}


@pytest.mark.req("QUE-011")
def test_an_outage_is_declared_by_those_who_lead_and_ends_once(database: Database, clock: StillClock) -> None:
    told = {"ja": "回線障害です", "en": "A line has failed", "ko": " "}
    with pytest.raises(NotAllowed):
        database.write(service.declare_incident, ITO, part="chat", cause=told, instead={})
    with pytest.raises(Invalid, match="cause_missing"):
        database.write(service.declare_incident, OPS, part="chat", cause={"ja": " "}, instead={})
    with pytest.raises(Invalid, match="period"):
        database.write(
            service.declare_incident,
            OPS,
            part="chat",
            cause=told,
            instead={},
            ends_at=clock.now - timedelta(1),
        )
    made = database.write(
        service.declare_incident, OPS, part="chat", cause=told, instead={"ja": "フォームへ"}
    )
    assert made.cause == {"ja": "回線障害です", "en": "A line has failed"}
    assert now(database) == {"chat": True}
    database.write(service.end_incident, OPS, made.id)
    clock.forward(minutes=5)
    database.write(service.end_incident, OPS, made.id)
    assert now(database) == {}
    ((kept,), _) = database.read(queries.declared)
    assert kept.over_at == made.declared_at


@pytest.mark.req("QUE-006")
def test_promised_times_are_stretched_for_what_is_opened_in_a_declared_season(
    database: Database, clock: StillClock
) -> None:
    before = clock.now
    clock.forward(hours=1)
    begins, ends = clock.now, clock.now + timedelta(days=3)
    with pytest.raises(Invalid, match="period"):
        database.write(service.declare_peak, OPS, begins_at=ends, ends_at=begins, percent=200, notice={})
    with pytest.raises(Invalid, match="percent_out_of_range"):
        database.write(service.declare_peak, OPS, begins_at=begins, ends_at=ends, percent=20, notice={})
    peak = database.write(service.declare_peak, OPS, begins_at=begins, ends_at=ends, percent=200, notice={})
    clock.forward(hours=1)
    during = clock.now
    assert database.read(queries.conditions, RULES).percent == 200
    clock.forward(hours=1)
    database.write(service.end_peak, OPS, peak.id)
    assert database.read(queries.conditions, RULES).percent == 100
    at: dict[datetime, int] = {
        moment: database.read(queries.percent_at, moment) for moment in (before, during, clock.now)
    }
    assert at == {before: 100, during: 200, clock.now: 100}  # what was promised then stays promised
    usual, stretched = (promise_text("return_exchange_cancel.damaged_item", "en", (), p) for p in (100, 200))
    assert usual != stretched


@pytest.mark.req("QUE-011")
def test_the_house_notices_by_itself_what_does_not_work(database: Database, clock: StillClock) -> None:
    shop = Shop()
    watchman = Watchman(database, shop, RULES)
    watchman.round()
    assert now(database) == {}
    shop.answers = False

    def trouble(tx: Transaction) -> None:
        opened = contacts.open_contact(tx, actor=VISITOR, channel="chat", language="ja")
        contacts.say(tx, opened.id, actor=VISITOR, text="もしもし", client_key="word-0001")
        outbox.put(tx, "mail.code", {})

    database.write(trouble)
    database.write(lambda tx: tx.driver("UPDATE outbox SET attempts = 3", ()).close())
    watchman.round()
    assert now(database) == {"shop": False}
    clock.forward(minutes=6)
    watchman.round()
    assert now(database) == {"shop": False, "assistant": False, "mail": False}
    raised = {each.name: each.since for each in database.read(queries.noticed) if each.raised}
    assert raised["shop"] == clock.now - timedelta(minutes=6)
    shop.answers = True
    watchman.round()
    assert "shop" not in now(database)
    clock.forward(seconds=SILENT_AFTER.total_seconds() + 1)
    assert now(database)["chat"] is False  # nobody looks any more: then nobody answers either


@pytest.mark.req("QUE-006")
def test_far_more_enquiries_than_in_the_same_hour_of_past_weeks_are_noticed(
    sqlite_database: Database, clock: StillClock
) -> None:
    def arrive(tx: Transaction, number: int) -> None:
        for _ in range(number):
            contacts.open_contact(tx, actor=ASSISTANT, channel="chat", language="ja", owner="none")

    watchman = Watchman(sqlite_database, Shop(), RULES)
    today = clock.now
    for week in (4, 3, 2, 1):
        clock.now = today - timedelta(weeks=week, minutes=70)
        sqlite_database.write(arrive, 1)
        clock.now = today - timedelta(weeks=week, minutes=30)
        sqlite_database.write(arrive, 2)
    clock.now = today
    sqlite_database.write(arrive, 5)
    watchman.round()
    assert sqlite_database.read(queries.arrivals) == (5, [2, 2, 2, 2])
    assert sqlite_database.read(queries.conditions, RULES).peak is None
    sqlite_database.write(arrive, 1)
    watchman.round()
    peak = sqlite_database.read(queries.conditions, RULES).peak
    assert peak is not None
    assert (peak.percent, peak.declared) == (200, False)
