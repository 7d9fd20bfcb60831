"""What the calendars say holds everywhere at once: queue, estimate, ways, promise; and queues can be switched off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.calendars import service as calendars
from madoguchi.counter.calendars.loading import load
from madoguchi.counter.cases import service as cases
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.ways.open_ways import Asking, People, open_ways
from madoguchi.counter.cases.ways.wording import why_text
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import adherence, presence, queries, queue_editing, queues, schedules, service
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import before_joining, expectation
from madoguchi.counter.routing.wording import expectation_text
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from tests.conftest import StillClock
from tests.routing.conftest import Desk

SETTINGS = Settings.load(shop={"phone": "0120-000-000", "mail_address": "help@example.jp"})
RULES = Rules.of(SETTINGS)
NEW_YEAR = datetime.fromisoformat("2026-12-31T12:00:00+09:00")
OPENS = datetime.fromisoformat("2027-01-04T10:00:00+09:00")


@pytest.fixture
def closed_for_chinese(desk: Desk, clock: StillClock) -> Desk:
    """The Chinese desk is away over the turn of the year; everybody else goes on."""
    clock.now = NEW_YEAR
    write = desk.database.write
    week = ["10:00-18:00"] * 5 + ["closed"] * 2
    write(calendars.save, SYSTEM, calendar_id="zh", name="中国語", timezone="Asia/Tokyo", week=week)
    write(
        calendars.add_day,
        SYSTEM,
        "zh",
        first="2026-12-29",
        last="2027-01-03",
        reason={"ja": "年末年始", "zh-Hans": "新年假期"},
    )
    write(calendars.add_rule, SYSTEM, "zh", language="zh")
    return desk


@pytest.mark.req("QUE-001", "QUE-008", "LNG-006")
def test_queue_estimate_and_ways_say_the_same_and_why(closed_for_chinese: Desk) -> None:
    database = closed_for_chinese.database
    waiting = closed_for_chinese.waiting(language="zh-Hans")
    told = database.read(expectation, waiting, RULES)
    assert told is not None
    assert (told.open, told.opens_at) == (False, OPENS)
    assert expectation_text(told, NEW_YEAR, OPENS.tzinfo, "zh-Hans").startswith("因新年假期休息。")  # type: ignore[arg-type]
    assert database.read(before_joining, "general", "zh-Hans", RULES).opens_at == OPENS
    assert database.read(before_joining, "general", "ja", RULES).opens_at is None  # open, nobody is there
    found = database.read(load, SETTINGS)
    asking = Asking(NEW_YEAR, "zh-Hans", known=True)
    ways = {each.channel.id: each for each in open_ways(SETTINGS, People(there=True), asking, found)}
    for name in ("person", "phone", "callback"):
        assert (ways[name].open, ways[name].opens_at) == (False, OPENS), name
    assert why_text(ways["person"], asking).startswith("因新年假期休息。")
    assert ways["assistant"].open and ways["form"].usable
    japanese = replace(asking, language="ja")
    assert {each.channel.id: each.open for each in open_ways(SETTINGS, People(there=True), japanese, found)}[
        "phone"
    ]


@pytest.mark.req("QUE-001", "QUE-014")
def test_a_promise_is_reckoned_in_the_hours_of_the_desk_and_anew_after_a_change(
    desk: Desk, clock: StillClock
) -> None:
    clock.now = NEW_YEAR
    keeper = Keeper.of(SETTINGS)
    visitor = Actor(kind="customer", id="vis_promise", language="zh-Hans")

    def begin(tx: Transaction) -> str:
        case = cases.open_case(tx, None, visitor.id, "order_delivery.track_order")
        contacts.open_contact(tx, actor=visitor, channel="mail", language="zh-Hans", case_id=case.id)
        return case.id

    case_id = desk.database.write(begin)
    before = {each.kind: each.due_at for each in desk.database.write(keeper.read, case_id)}
    assert desk.database.read(keeper.to_read) == []
    write = desk.database.write
    week = ["closed"] * 7
    write(
        calendars.save,
        SYSTEM,
        calendar_id="zh",
        name="中国語",
        timezone="Asia/Tokyo",
        week=["10:00-11:00", *week[1:]],
    )
    write(calendars.add_rule, SYSTEM, "zh", language="zh")
    assert desk.database.read(keeper.to_read) == [case_id]
    after = {each.kind: each.due_at for each in desk.database.write(keeper.read, case_id)}
    assert after.keys() == before.keys()
    assert any(after[kind] > before[kind] for kind in after)  # one hour a week is less than twelve a day
    assert desk.database.read(keeper.to_read) == []


@pytest.mark.req("QUE-014")
def test_the_overview_opens_each_queue_by_its_own_calendar(desk: Desk, clock: StillClock) -> None:
    clock.now = datetime.fromisoformat("2026-11-20T09:30:00+00:00")  # 18:30 in Tokyo
    write = desk.database.write
    week = ["09:00-17:00"] * 7
    write(calendars.save, SYSTEM, calendar_id="london", name="x", timezone="Europe/London", week=week)
    write(calendars.save, SYSTEM, calendar_id="desk", name="", timezone="Asia/Tokyo", week=week)
    write(calendars.add_rule, SYSTEM, "london", queue="business")
    found = {each.queue.id: each.open for each in desk.database.read(queries.overview, RULES)}
    assert found["business"] and not found["orders"] and found["security"]


@pytest.mark.req("QUE-003")
def test_a_queue_that_is_switched_off_sends_nobody_into_nothing(desk: Desk) -> None:
    returns = desk.database.read(queues.get, "returns")
    seen = queue_editing.mark_of(returns)
    waiting = desk.waiting("returns")
    off = replace(returns, active=False)
    with pytest.raises(Conflict, match="queue_in_use"):
        desk.database.write(queue_editing.save, SYSTEM, off, seen)
    desk.database.write(service.leave, waiting)
    desk.database.write(queue_editing.save, SYSTEM, off, seen)
    again = desk.waiting("returns")
    assert desk.contact(again).owner_id == "general"
    assert desk.database.read(queues.desk_for, "return_exchange_cancel.return_request") == "general"
    for needed in queue_editing.NEEDED:
        found = desk.database.read(queues.get, needed)
        with pytest.raises(Conflict, match="queue_needed"):
            desk.database.write(
                queue_editing.save, SYSTEM, replace(found, active=False), queue_editing.mark_of(found)
            )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("id", {"id": "A B"}),
        ("name", {"name": {}}),
        ("priority", {"priority": 6}),
        ("relaxation", {"level": 3, "relaxation": [{"after_s": 60, "level": 3}]}),
        ("overflow", {"overflow": [{"after_s": 60, "queue": "nowhere"}]}),
        ("overflow", {"overflow": [{"after_s": 60, "queue": "gifts"}]}),
    ],
)
def test_a_queue_that_cannot_work_is_refused_at_its_field(
    quick_desk: Desk, field: str, values: dict[str, object]
) -> None:
    good = queues.Queue("gifts", {"ja": "ギフト"}, 4, 90, always_open=False, active=True)
    with pytest.raises(Invalid) as refused:
        quick_desk.database.write(queue_editing.save, SYSTEM, replace(good, **values), "")  # type: ignore[arg-type]
    assert refused.value.params["field"] == field


def test_what_was_kept_of_a_plan_is_what_the_agent_was_there_for(desk: Desk, clock: StillClock) -> None:
    clock.now = datetime.fromisoformat("2026-11-20T09:00:00+09:00")
    ito = desk.agent("ito", status=None)
    desk.database.write(
        schedules.save_week,
        SYSTEM,
        ito.id,
        timezone="Asia/Tokyo",
        week=["09:00-13:00"] * 7,
        breaks=["11:00-12:00"] * 7,
        version=0,
    )
    start = clock.now
    for status, minutes in (
        ("available", 90),
        ("break", 30),
        ("busy", 60),
        ("offline", 60),
        ("available", 30),
    ):
        desk.database.write(presence.set_status, ito.id, status)  # type: ignore[arg-type]
        clock.forward(minutes=minutes)
    found = desk.database.read(adherence.of_agent, ito.id, start, clock.now)
    # planned 9–11 and 12–13; there 9:00–10:30, 11–12 (a planned break), 13:00–13:30 (after the shift)
    assert (found.planned_s, found.kept_s, found.unplanned_s) == (3 * 3600, 90 * 60, 90 * 60)
    assert found.share == 0.5
