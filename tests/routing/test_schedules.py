"""Schedules: who is planned at a time, breaks and days off, over changes of the clocks; keeping to the plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import schedules
from madoguchi.counter.routing.model import routing_profile
from madoguchi.counter.routing.plans import Plan, ShiftDay, Spell, adherence, cut, joined, without
from madoguchi.counter.team.model import agent
from tests.routing.conftest import Desk

SUPERVISOR = Actor(kind="agent", id="agt_lead", roles=frozenset({"supervisor"}))
CLOSED = ["closed"] * 7


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00")


def plan(
    desk: Desk, who: Actor, shift: str = "09:00-18:00", pause: str = "12:00-13:00", version: int = 0
) -> Plan:
    return desk.database.write(
        schedules.save_week,
        SUPERVISOR,
        who.id,
        timezone="Asia/Tokyo",
        week=[shift] * 5 + ["closed"] * 2,
        breaks=[pause] * 7,
        version=version,
    )


def planned(desk: Desk, start: str, end: str, **skill: str) -> list[str]:
    found = desk.database.read(schedules.staff_at, tokyo(start), tokyo(end), **skill)
    return [each.login for each in found]


@pytest.mark.req("QUE-015")
def test_who_is_planned_for_the_whole_time_is_there_and_breaks_are_not(desk: Desk) -> None:
    plan(desk, desk.agent("early"))
    plan(desk, desk.agent("late"), "12:30-21:00", "16:00-16:30")
    desk.agent("unplanned")
    assert planned(desk, "2026-11-20T10:00:00", "2026-11-20T10:30:00") == ["early"]
    assert planned(desk, "2026-11-20T12:30:00", "2026-11-20T13:00:00") == ["late"]
    assert planned(desk, "2026-11-20T15:30:00", "2026-11-20T16:00:00") == ["early", "late"]
    assert planned(desk, "2026-11-20T11:45:00", "2026-11-20T12:15:00") == []
    assert planned(desk, "2026-11-21T10:00:00", "2026-11-21T10:30:00") == []  # a Saturday


def test_skills_count_whether_they_are_own_or_of_a_profile(desk: Desk) -> None:
    own = desk.agent("own", queues=("orders",), languages=("ja", "en"))
    by_profile = desk.agent("profile", queues=("orders",))
    for each in (own, by_profile):
        plan(desk, each)

    def give_profile(tx):  # type: ignore[no-untyped-def]
        tx.execute(
            insert(routing_profile).values(
                id="returns", name="返品", queues={"returns": 4}, capacity=2, channels={}, active=True
            )
        )
        tx.execute(agent.update().where(agent.c.id == by_profile.id).values(profile_id="returns"))

    desk.database.write(give_profile)
    time = ("2026-11-20T10:00:00", "2026-11-20T10:30:00")
    assert planned(desk, *time, queue="orders") == ["own"]
    assert planned(desk, *time, queue="returns") == ["profile"]
    assert planned(desk, *time, language="en") == ["own"]
    assert planned(desk, *time, queue="supervisor") == []


def test_a_day_off_and_a_day_with_other_hours_go_before_the_week(desk: Desk) -> None:
    who = desk.agent("early")
    with pytest.raises(Invalid, match="week_first"):
        desk.database.write(schedules.add_day, SUPERVISOR, who.id, first="2026-11-20")
    plan(desk, who)
    off = desk.database.write(
        schedules.add_day, SUPERVISOR, who.id, first="2026-11-19", last="2026-11-20", note="有給"
    )
    desk.database.write(schedules.add_day, SUPERVISOR, who.id, first="2026-11-21", spans="10:00-12:00")
    assert planned(desk, "2026-11-20T10:00:00", "2026-11-20T10:30:00") == []
    assert planned(desk, "2026-11-21T10:00:00", "2026-11-21T12:00:00") == ["early"]
    desk.database.write(schedules.remove_day, SUPERVISOR, off.id)
    assert planned(desk, "2026-11-20T10:00:00", "2026-11-20T10:30:00") == ["early"]


def test_a_week_that_somebody_else_has_changed_is_not_overwritten(desk: Desk) -> None:
    who = desk.agent("early")
    plan(desk, who)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        plan(desk, who, "10:00-19:00")
    assert plan(desk, who, "10:00-19:00", version=1).week[0] == "10:00-19:00"


def test_what_is_no_time_is_refused_at_its_field(quick_desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        plan(quick_desk, quick_desk.agent("early"), pause="noon")
    assert refused.value.params["field"] == "break_monday"


def test_a_shift_over_midnight_and_over_the_change_of_the_clocks() -> None:
    night = Plan("a", "Europe/London", ["22:00-06:00"] * 7, ["02:00-02:30"] * 7, 1)
    start = datetime(2026, 10, 24, 20, tzinfo=UTC)
    shift = night.shifts(start, start + timedelta(hours=14))
    assert shift == [
        (datetime(2026, 10, 24, 21, tzinfo=UTC), datetime(2026, 10, 25, 6, tzinfo=UTC))
    ]  # nine hours long
    assert night.pauses(start, start + timedelta(hours=14)) == [
        (datetime(2026, 10, 25, 2, tzinfo=UTC), datetime(2026, 10, 25, 2, 30, tzinfo=UTC))
    ]


def test_a_day_away_has_no_break_left() -> None:
    away = ShiftDay("d", "a", "2026-11-20", "2026-11-20", "closed", "closed")
    found = Plan("a", "Asia/Tokyo", ["09:00-18:00"] * 7, ["12:00-13:00"] * 7, 1, [away])
    assert found.shifts(tokyo("2026-11-20T00:00:00"), tokyo("2026-11-21T00:00:00")) == []


MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
spells = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 60)).map(
        lambda pair: (
            MIDNIGHT + timedelta(minutes=pair[0]),
            MIDNIGHT + timedelta(minutes=pair[0] + pair[1]),
        )
    ),
    max_size=8,
)


def minutes(found: list[Spell]) -> set[int]:
    return {
        minute
        for start, end in found
        for minute in range(
            int((start - MIDNIGHT).total_seconds() // 60), int((end - MIDNIGHT).total_seconds() // 60)
        )
    }


@given(spells, spells)
def test_spells_are_joined_cut_and_taken_away_minute_by_minute(
    some: list[Spell], others: list[Spell]
) -> None:
    assert minutes(joined(some)) == minutes(some)
    assert minutes(without(some, others)) == minutes(some) - minutes(others)
    assert minutes(cut(some, MIDNIGHT + timedelta(minutes=30), MIDNIGHT + timedelta(minutes=90))) == minutes(
        some
    ) & set(range(30, 90))
    for before, after in zip(joined(some), joined(some)[1:], strict=False):
        assert before[1] < after[0]


@given(spells, spells)
def test_adherence_counts_what_was_kept_missed_and_not_planned(
    planned: list[Spell], real: list[Spell]
) -> None:
    found = adherence(planned, real)
    plan_minutes, there = minutes(planned), minutes(real)
    assert found.planned_s == 60 * len(plan_minutes)
    assert found.kept_s == 60 * len(plan_minutes & there)
    assert found.unplanned_s == 60 * len(there - plan_minutes)
    assert (found.share is None) == (not plan_minutes)
