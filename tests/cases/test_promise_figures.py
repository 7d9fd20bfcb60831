"""Figures of promises: counted by hand first, then by the house."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from madoguchi.counter.actors import ASSISTANT
from madoguchi.counter.cases import promise_figures, promise_queries, service, telling
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.promise_figures import (
    Goal,
    Measure,
    Waited,
    by_peak,
    letters,
    replies,
    share_within,
)
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service as ledger
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.routing import service as routing
from madoguchi.counter.working_time import WorkingTime
from madoguchi.engine.database import Database, Transaction
from tests.cases.conftest import AGENT, Told, begin
from tests.conftest import StillClock

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=TOKYO)  # a Friday before a holiday on Monday


def after(hours: float, paused_h: int = 0) -> Waited:
    return Waited(NOON, NOON + timedelta(hours=hours), paused_h * 3600)


def values(found: list[Measure]) -> dict[str, tuple[float | None, int]]:
    return {each.id: (each.value, each.count) for each in found}


@pytest.mark.req("SLA-004")
def test_the_four_thresholds_of_mail_use_the_business_calendar(keeper: Keeper) -> None:
    """Two business days from this Friday end on Wednesday at 18:00, 126 hours later."""
    waited = [
        after(2),
        after(6),
        after(11),
        after(13),
        after(23),
        after(30),
        after(126),
        after(127),
        Waited(NOON, None),
    ]
    found = letters(waited, WorkingTime(keeper.desk), NOON + timedelta(hours=200))
    assert values(found) == {
        "mail.first_answer.median": (13.0, 8),
        "mail.first_answer.p95": (127.0, 8),
        "mail.first_answer.within_24h": (5 / 9, 9),
        "mail.first_answer.after_2_business_days": (2, 9),
    }
    assert [each.met for each in found] == [False, False, False, False]
    good = letters([after(2)] * 20, WorkingTime(keeper.desk), NOON)
    assert [each.met for each in good] == [True] * 4
    assert values(letters([], WorkingTime(keeper.desk), NOON))["mail.first_answer.median"] == (None, 0)


@pytest.mark.req("SLA-007", "SLA-008")
def test_the_share_counts_what_is_answered_or_has_waited_too_long_without_the_customers_own_time() -> None:
    day = timedelta(hours=24)
    waited = [after(1), after(24), after(24.1), after(50, paused_h=40), Waited(NOON, None)]
    assert share_within(waited, day, NOON + timedelta(hours=23)) == (0.75, 4)
    assert share_within(waited, day, NOON + timedelta(hours=25)) == (0.6, 5)
    assert share_within([], day, NOON) == (None, 0)


@pytest.mark.req("SLA-002")
def test_replies_are_measured_from_the_first_word_that_waits_and_the_assistants_do_not_count() -> None:
    at = lambda seconds: NOON + timedelta(seconds=seconds)  # noqa: E731
    said = [
        ("c1", "agent", at(0)),
        ("c1", "customer", at(10)),
        ("c1", "customer", at(40)),
        ("c1", "agent", at(70)),
        ("c1", "agent", at(80)),
        ("c1", "customer", at(90)),
        ("c1", "assistant", at(95)),
        ("c1", "agent", at(200)),
        ("c2", "customer", at(0)),
    ]
    assert [each.seconds for each in replies(said)] == [60.0]
    busy = [
        Waited(NOON.replace(hour=hour), NOON.replace(hour=hour, second=took))
        for hour, took in ((9, 10), (9, 20), (10, 30), (10, 30), (20, 40), (20, 40), (7, 50))
    ]
    assert by_peak(busy, TOKYO) == ([10, 20, 30, 30, 40, 40], [50])
    assert by_peak([Waited(NOON.astimezone(UTC), NOON)], TOKYO) == ([0], [])


def talk(database: Database, clock: StillClock, told: Told, *, bot_s: int, join_s: int, reply_s: int) -> None:
    """The assistant answers after `bot_s`, hands over a second later, an agent joins and then replies once more."""
    clock.forward(seconds=bot_s)
    told.assistant_says({"text": "お調べします。"})
    told.customer_says("担当者をお願いします")
    clock.forward(seconds=1)
    told.hand_over()
    clock.forward(seconds=join_s)

    def speak(tx: Transaction) -> None:
        ledger.append(tx, told.contact_id, events.MESSAGE, {"text": "担当の田中です"}, actor=AGENT)
        tx.execute(contact.update().where(contact.c.id == told.contact_id).values(connected_at=tx.now))

    database.write(speak)
    told.customer_says("よろしくお願いします")
    clock.forward(seconds=reply_s)
    told.agent_says()
    told.read()


@pytest.mark.req("SLA-001", "SLA-002", "SLA-010", "SLA-011")
def test_chats_assistant_and_people_apart(database: Database, keeper: Keeper, clock: StillClock) -> None:
    begun = clock.now
    for bot_s, join_s, reply_s in ((2, 60, 90), (4, 100, 150), (6, 320, 300)):
        told = begin(database, keeper, channel="chat", email=f"{bot_s}@example.com")
        talk(database, clock, told, bot_s=bot_s, join_s=join_s, reply_s=reply_s)
    found = values(database.read(promise_figures.measures, begun, WorkingTime(keeper.desk)))
    assert found["chat.first_response_seconds.bot.mean"] == (4.0, 3)
    assert found["chat.first_response_seconds.bot.p90"] == (6.0, 3)
    assert found["chat.first_response_seconds.human.mean"] == (160.0, 3)
    assert found["chat.first_response_seconds.human.p50"] == (100.0, 3)
    assert found["chat.join_seconds.p90"] == (320.0, 3)
    assert found["chat.reply_seconds.mean"] == (180.0, 3)
    assert found["chat.reply_seconds.peak_mean"] == (180.0, 3)
    assert found["routing.decision_seconds.p90"] == (1.0, 3)
    assert found["phone.answer_seconds.p90"] == (None, 0)
    met = {
        each.id: each.met for each in database.read(promise_figures.measures, begun, WorkingTime(keeper.desk))
    }
    assert (met["chat.first_response_seconds.bot.mean"], met["chat.first_response_seconds.human.mean"]) == (
        True,
        False,
    )
    assert (met["chat.reply_seconds.mean"], met["chat.join_seconds.p90"]) == (True, False)
    clock.forward(days=1)
    later = values(database.read(promise_figures.measures, clock.now, WorkingTime(keeper.desk)))
    assert later["chat.first_response_seconds.bot.mean"] == (None, 0)


@pytest.mark.req("SLA-003")
def test_calls_are_measured_from_the_call_to_the_first_words(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    begun = clock.now
    for minutes in (1, 4, 11):
        told = begin(database, keeper, channel="phone", email=f"{minutes}@example.com")
        clock.forward(minutes=minutes)
        answered = clock.now
        database.write(
            lambda tx, told=told, at=answered: tx.execute(
                contact.update().where(contact.c.id == told.contact_id).values(connected_at=at)
            )
        )
    (measure,) = [
        each
        for each in database.read(promise_figures.measures, begun, WorkingTime(keeper.desk))
        if each.id == "phone.answer_seconds.p90"
    ]
    assert (measure.value, measure.goal, measure.met) == (660.0, Goal(600), False)


@pytest.mark.req("SLA-007", "SLA-030", "CASE-012")
def test_due_kept_broken_and_overdue_by_type_and_the_lists(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    begun = clock.now
    missing = [begin(database, keeper, email=f"m{n}@example.com") for n in range(4)]
    damaged = begin(database, keeper, "return_exchange_cancel.damaged_item", email="d@example.com")
    clock.forward(hours=5)
    for told in missing[:3]:
        told.agent_says()
    database.write(service.resolve, missing[0].case_id, AGENT)
    clock.forward(hours=25)
    missing[3].agent_says()  # after 30 hours
    clock.forward(days=3)
    database.write(service.resolve, missing[1].case_id, AGENT)  # late
    database.write(
        service.wait_for_customer, missing[2].case_id, AGENT
    )  # late already: the clock does not stop
    for told in (*missing, damaged):
        told.read()
    database.write(telling.stalled, timedelta(days=3))
    rows = {row.category: row for row in database.read(promise_figures.by_type, begun)}
    not_received = rows["order_delivery.item_not_received"]
    assert (not_received.due, not_received.kept, not_received.broken, not_received.overdue) == (4, 1, 3, 2)
    assert (
        rows["return_exchange_cancel.damaged_item"].due,
        rows["return_exchange_cancel.damaged_item"].overdue,
    ) == (1, 0)
    found = values(database.read(promise_figures.measures, begun, WorkingTime(keeper.desk)))
    assert found["not_received.within_24h"] == (0.75, 4)
    assert found["all.within_24h"] == (0.6, 5)
    kinds = database.read(promise_figures.by_kind, begun)
    assert kinds["solution"] == {"kept": 1, "broken": 3, "running": 1}
    late = [(each.case.id, each.promise.kind) for each in database.read(promise_queries.overdue)]
    assert sorted(late) == sorted(
        [
            (missing[2].case_id, "solution"),
            (missing[3].case_id, "solution"),
            *(
                [(damaged.case_id, "first_answer")]
                if clock.now > damaged.promises["first_answer"].due_at
                else []
            ),
        ]
    )
    still = [each.case.id for each in database.read(promise_queries.stalled)]
    assert still == [damaged.case_id, missing[3].case_id]


def test_what_the_assistant_answers_counts_as_answered(
    sqlite_database: Database, keeper: Keeper, clock: StillClock
) -> None:
    begun = clock.now
    told = begin(sqlite_database, keeper, channel="chat")
    clock.forward(seconds=3)
    told.assistant_says({"text": "お荷物は大阪にあります。"})
    told.read()
    assert values(sqlite_database.read(promise_figures.measures, begun, WorkingTime(keeper.desk)))[
        "all.within_24h"
    ] == (
        1.0,
        1,
    )
    assert told.promises["first_answer"].settled_by == ASSISTANT.kind
    assert sqlite_database.read(contacts.get, told.contact_id).owner_kind == "assistant"
    assert sqlite_database.read(routing.queries.waiting_list) == []
