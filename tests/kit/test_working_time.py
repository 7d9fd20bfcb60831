"""Working time over opening hours, holidays, zones and changes of the clocks: checked against counting minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from madoguchi.counter.hours import Hours, HoursError, Span, desk_hours, national_holidays, parse_spans
from madoguchi.counter.working_time import NeverOpen, WorkingTime, calendar_time
from madoguchi.engine.settings import Settings

ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC")
WEEKS = (
    "09:00-21:00",
    "09:00-12:00, 13:00-18:00",
    "22:00-06:00",
    "00:00-24:00",
    "closed",
    "23:30-02:30, 01:00-09:00",
)
STARTS = datetime(2026, 1, 1, tzinfo=UTC)  # through both changes of the clocks
MINUTE = timedelta(minutes=1)

weeks = st.lists(st.sampled_from(WEEKS), min_size=7, max_size=7).filter(lambda week: set(week) != {"closed"})
closed = st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20)


@st.composite
def working_times(draw: st.DrawFn) -> WorkingTime:
    week = tuple(parse_spans(text) for text in draw(weeks))
    return WorkingTime(Hours(ZoneInfo(draw(st.sampled_from(ZONES))), week, frozenset(draw(closed))))


moments = st.integers(0, 340 * 24 * 60).map(lambda minutes: STARTS + minutes * MINUTE)
spans = st.integers(0, 40 * 60).map(lambda minutes: minutes * MINUTE)


@pytest.mark.req("SLA-030", "SLA-004")
@given(working_times(), moments, spans, spans)
def test_adding_twice_is_adding_the_sum_and_measuring_undoes_adding(
    time: WorkingTime, start: datetime, one: timedelta, two: timedelta
) -> None:
    due = time.after(start, one)
    assert due >= start
    assert time.after(due, two) == time.after(start, one + two)
    assert time.between(start, due) == one


@pytest.mark.req("SLA-030")
@given(working_times(), moments, moments, spans, spans)
def test_who_starts_later_or_needs_longer_is_never_due_sooner(
    time: WorkingTime, a: datetime, b: datetime, one: timedelta, two: timedelta
) -> None:
    (earlier, later), (short, long) = sorted((a, b)), sorted((one, two))
    assert time.after(earlier, short) <= time.after(later, short)
    assert time.after(earlier, short) <= time.after(earlier, long)


@pytest.mark.req("SLA-030")
@given(working_times(), moments, spans)
def test_nothing_is_due_while_nobody_is_there(time: WorkingTime, start: datetime, span: timedelta) -> None:
    assume(span > timedelta(0))
    due = time.after(start, span)
    assert time.hours.is_open(due - timedelta(microseconds=1))
    assert due.astimezone(time.hours.timezone).date() not in time.hours.holidays or _from_the_evening(
        time, due
    )


def _from_the_evening(time: WorkingTime, due: datetime) -> bool:
    """A spell of the evening before, which reaches into the holiday."""
    before = due.astimezone(time.hours.timezone).date() - timedelta(days=1)
    return any(start < due <= end for start, end in time.hours.spells(before))


@pytest.mark.req("SLA-030")
@given(working_times(), moments, st.integers(0, 5 * 24 * 60))
def test_measured_is_what_counting_the_minutes_gives(
    time: WorkingTime, start: datetime, minutes: int
) -> None:
    counted = sum(time.hours.is_open(start + n * MINUTE) for n in range(minutes))
    assert time.between(start, start + minutes * MINUTE) == counted * MINUTE


@pytest.mark.req("SLA-004")
@given(working_times(), moments, st.integers(1, 6))
def test_business_days_end_with_the_work_of_the_nth_open_day_after(
    time: WorkingTime, start: datetime, days: int
) -> None:
    due = time.days_after(start, days)
    zone = time.hours.timezone
    day, left = start.astimezone(zone).date(), days
    while left:
        day += timedelta(days=1)
        left -= bool(time.hours.week[day.weekday()]) and day not in time.hours.holidays
    assert due == time.hours.spells(day)[-1][1]
    assert time.days_after(start, days + 1) > due
    assert time.business_days(start, datetime(day.year, day.month, day.day, 12, tzinfo=zone)) == days


@given(moments, spans)
def test_where_every_moment_counts_it_is_plain_addition(start: datetime, span: timedelta) -> None:
    assert calendar_time().after(start, span) == start + span
    assert calendar_time().between(start, start + span) == span


def test_a_spell_across_a_change_of_the_clocks_is_as_long_as_it_really_is() -> None:
    night = WorkingTime(Hours(ZoneInfo("Europe/Berlin"), ((Span(22 * 60, 30 * 60),),) * 7))
    spring = datetime(2026, 3, 28, 21, 0, tzinfo=UTC)  # 22:00; the clocks skip an hour in this night
    autumn = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    assert night.between(spring, spring + timedelta(hours=12)) == timedelta(hours=7)
    assert night.between(autumn, autumn + timedelta(hours=12)) == timedelta(hours=9)


def test_a_desk_that_never_opens_is_told_so() -> None:
    never = WorkingTime(Hours(ZoneInfo("UTC"), ((),) * 7))
    assert never.hours.never
    for ask in (lambda: never.after(STARTS, MINUTE), lambda: never.days_after(STARTS, 1)):
        with pytest.raises(NeverOpen):
            ask()


@pytest.mark.req("SLA-004")
def test_new_year_and_substitute_holidays_are_no_business_days_where_the_shop_says_so() -> None:
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-18:00")
    rest = {"saturday": "closed", "sunday": "closed"}

    def due(**more: object) -> str:
        settings = Settings.load(None, hours={**week, **rest, **more})
        time = WorkingTime(desk_hours(settings))
        friday = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)  # before the Golden Week of 2026
        return time.days_after(friday, 2).astimezone(ZoneInfo("Asia/Tokyo")).isoformat()

    assert due() == "2026-05-05T18:00:00+09:00"
    assert (
        due(national_holidays=True) == "2026-05-08T18:00:00+09:00"
    )  # 3 May is a Sunday: 6 May is kept instead
    assert due(national_holidays=True, holidays=["2026-05-08"]) == "2026-05-11T18:00:00+09:00"
    with pytest.raises(HoursError, match="XX"):
        national_holidays("XX")
