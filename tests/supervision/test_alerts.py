"""Alerts: raised once, acknowledged, ended by themselves; by mail and to webhooks where the house wants it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.promise_model import case_promise
from madoguchi.counter.contacts.model import webhook
from madoguchi.counter.problems import Invalid
from madoguchi.counter.routing import service
from madoguchi.counter.supervision import alerts
from madoguchi.counter.supervision.board import Board, Kept, QueueNow
from madoguchi.counter.supervision.conditions import DELIVERED, Facts, amiss, delivered_rule
from madoguchi.counter.supervision.facts import Elsewhere
from madoguchi.counter.supervision.model import KINDS, Alert, AlertRule
from madoguchi.engine import outbox as errands
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import outbox
from tests.conftest import StillClock
from tests.routing.conftest import Desk
from tests.routing.conftest import _cheap_passwords as _cheap_passwords
from tests.routing.conftest import desk as desk
from tests.routing.conftest import quick_desk as quick_desk

ZONE = ZoneInfo("Asia/Tokyo")
MORI = Actor(kind="agent", id="agt_mori", name="森", roles=frozenset({"supervisor"}))


def look(desk: Desk, late: int = 0) -> list[tuple[str, str]]:
    raised: list[Alert] = desk.database.write(alerts.look, desk.rules, ZONE, Elsewhere(lambda tx: late))
    return [(each.kind, each.subject) for each in raised]


def standing(desk: Desk) -> list[tuple[str, str]]:
    return sorted((each.kind, each.subject) for each in desk.database.read(alerts.open_alerts))


def test_a_wait_over_the_target_rings_once_and_ends_when_somebody_takes_it(
    desk: Desk, clock: StillClock
) -> None:
    ito = desk.agent("ito")
    contact_id = desk.waiting("general")
    assert look(desk) == []
    clock.forward(minutes=10)
    desk.database.write(
        lambda tx: tx.driver(
            "UPDATE agent_status SET last_seen_at = ?", (int(clock.now.timestamp() * 1e6),)
        ).close()
    )
    assert look(desk) == [("wait_over", "general")]
    assert look(desk) == []
    (found,) = desk.database.read(alerts.open_alerts)
    assert found.value >= 100
    desk.database.write(alerts.acknowledge, found.id, MORI)
    desk.database.write(lambda tx: service.take(tx, contact_id, ito, 2))
    look(desk)
    assert standing(desk) == []
    (past,) = desk.database.read(alerts.past_alerts)
    assert (past.acknowledged_by, past.ended_at) == (MORI.id, clock.now)


def test_what_comes_back_at_once_is_the_same_alert_and_later_a_new_one(
    quick_desk: Desk, clock: StillClock
) -> None:
    assert look(quick_desk, late=1) == [("callbacks_late", "")]
    first = quick_desk.database.read(alerts.open_alerts)[0].id
    look(quick_desk, late=0)
    clock.forward(minutes=5)
    look(quick_desk, late=2)
    assert [each.id for each in quick_desk.database.read(alerts.open_alerts)] == [first]
    look(quick_desk, late=0)
    clock.forward(minutes=11)
    look(quick_desk, late=1)
    assert [each.id for each in quick_desk.database.read(alerts.open_alerts)] != [first]


def test_nobody_on_duty_while_somebody_waits_in_an_open_queue(quick_desk: Desk) -> None:
    quick_desk.waiting("general")
    assert look(quick_desk) == [("nobody_there", "general")]
    quick_desk.agent("ito", status="break")
    look(quick_desk)
    assert standing(quick_desk) == []


@pytest.mark.req("CASE-007")
def test_promises_that_are_about_to_break(quick_desk: Desk, clock: StillClock) -> None:
    def promise(tx: Transaction) -> None:
        for n in range(3):
            tx.execute(
                insert(case_promise).values(
                    case_id=f"case_{n}",
                    kind="first_answer",
                    started_at=tx.now,
                    due_at=clock.now.replace(minute=14),
                    state="running",
                    channel="chat",
                    paused_s=0,
                    settled_by="",
                    noted_at=tx.now,
                )
            )

    quick_desk.database.write(promise)
    assert look(quick_desk) == [("promises_near", "")]


def test_an_agent_who_lets_offers_pass_and_a_channel_that_is_down(
    quick_desk: Desk, clock: StillClock
) -> None:
    ito = quick_desk.agent("ito", capacity=9)
    for _ in range(3):
        contact_id = quick_desk.waiting("general")
        quick_desk.offers()
        quick_desk.database.write(service.decline, contact_id, ito)
    assert ("offers_passed", ito.id) in look(quick_desk)

    def stuck(tx: Transaction) -> None:
        for n in range(3):
            errands.put(tx, "mail.code", {}, key=f"stuck/{n}")
        tx.execute(outbox.update().where(outbox.c.topic == "mail.code").values(attempts=4))

    quick_desk.database.write(stuck)
    assert look(quick_desk) == [("channel_down", "mail")]


def test_a_rule_that_is_off_or_higher_does_not_ring_and_its_change_is_logged(quick_desk: Desk) -> None:
    quick_desk.database.write(alerts.set_rule, AlertRule("callbacks_late", True, 5, False), MORI)
    assert look(quick_desk, late=4) == []
    assert look(quick_desk, late=5) == [("callbacks_late", "")]
    quick_desk.database.write(alerts.set_rule, AlertRule("callbacks_late", False, 5, False), MORI)
    look(quick_desk, late=5)
    assert standing(quick_desk) == []
    with pytest.raises(Invalid):
        quick_desk.database.write(alerts.set_rule, AlertRule("callbacks_late", True, 0, False), MORI)
    logged = quick_desk.database.read(
        lambda tx: tx.all(select(audit).where(audit.c.action == "alert_rule.changed"))
    )
    assert [row.detail["before"]["threshold"] for row in logged] == [1, 5]
    assert [row.detail["after"]["active"] for row in logged] == [True, False]


def test_mail_and_webhooks_hear_of_it_once(quick_desk: Desk) -> None:
    def listen(tx: Transaction) -> None:
        for webhook_id, kinds in (
            ("whk_1", [alerts.RAISED, alerts.ENDED]),
            ("whk_2", []),
            ("whk_3", ["message"]),
        ):
            values = {
                "url": "http://a.example",
                "kinds": kinds,
                "active": True,
                "created_by": "x",
                "created_at": tx.now,
            }
            tx.execute(insert(webhook).values(id=webhook_id, **values))

    quick_desk.database.write(listen)
    quick_desk.database.write(alerts.set_rule, AlertRule("callbacks_late", True, 1, True), MORI)
    look(quick_desk, late=1)
    look(quick_desk, late=1)
    look(quick_desk, late=0)
    rows = quick_desk.database.read(
        lambda tx: tx.all(select(outbox).where(outbox.c.topic.in_(("webhook", alerts.MAIL))))
    )
    heard = [(row.topic, row.payload.get("webhook"), row.payload.get("event")) for row in rows]
    assert heard == [
        (alerts.MAIL, None, None),
        ("webhook", "whk_1", alerts.RAISED),
        ("webhook", "whk_1", alerts.ENDED),
    ]


@given(
    served=st.integers(0, 50),
    share=st.floats(0, 1),
    left=st.integers(0, 20),
    threshold=st.integers(1, 100),
)
def test_the_service_level_alarms_exactly_below_its_threshold(
    served: int, share: float, left: int, threshold: int
) -> None:
    from datetime import UTC, datetime

    from madoguchi.counter.routing.queues import Queue

    within = int(served * share)
    queue = Queue("q", {"en": "Q"}, 3, 60, False, True)
    row = QueueNow(queue, 0, None, 0, 0, 1, True, None, Kept(served, within, left))
    found = Facts(Board(datetime(2026, 11, 20, tzinfo=UTC), [row], [], 0))
    rules = {kind: delivered_rule(kind) for kind in KINDS} | {
        "level_under": AlertRule("level_under", True, threshold, False)
    }
    rings = any(signal.kind == "level_under" for signal in amiss(found, rules))
    enough = served + left >= 10
    assert rings == (enough and int(100 * within / (served + left)) < threshold)


def test_every_kind_has_a_rule_in_its_bounds() -> None:
    assert set(DELIVERED) == set(KINDS)
    assert all(each.low <= each.threshold <= each.high for each in DELIVERED.values())
