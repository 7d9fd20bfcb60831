"""Opening hours: open when the calendar says so, in any zone, over changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.hours import (
    Hours,
    HoursError,
    always_open,
    desk_hours,
    opening_text,
    parse_spans,
    phone_hours,
)
from madoguchi.engine.settings import Settings

ZONES = ["Asia/Tokyo", "Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC"]
WEEKS = ["09:00-21:00", "closed", "09:00-12:00,13:00-18:00", "22:00-06:00", "00:00-24:00", "01:30-02:30"]

moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
calendars = st.builds(
    lambda zone, week, holidays: Hours(
        ZoneInfo(zone), tuple(parse_spans(text) for text in week), frozenset(holidays)
    ),
    st.sampled_from(ZONES),
    st.lists(st.sampled_from(WEEKS), min_size=7, max_size=7),
    st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5),
)


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00")


def week_of(text: str, zone: str = "Asia/Tokyo", holidays: frozenset[date] = frozenset()) -> Hours:
    return Hours(ZoneInfo(zone), (parse_spans(text),) * 7, holidays)


@pytest.mark.req("QUE-001")
@given(calendars, moments)
def test_open_is_what_the_wall_clock_and_the_calendar_say(hours: Hours, at: datetime) -> None:
    """Away from days on which the clocks change, against a second reading of the calendar by wall clock."""
    local = at.astimezone(hours.timezone)
    near = [(at + timedelta(days=shift)).astimezone(hours.timezone).utcoffset() for shift in (-2, 2)]
    if near[0] != near[1]:
        return
    minute = local.hour * 60 + local.minute
    yesterday = local.date() - timedelta(days=1)
    spans_today = () if local.date() in hours.holidays else hours.week[local.weekday()]
    spans_before = () if yesterday in hours.holidays else hours.week[yesterday.weekday()]
    expected = any(s.start <= minute < s.end for s in spans_today) or any(
        s.start <= minute + 1440 < s.end for s in spans_before
    )
    assert hours.is_open(at) == expected


@pytest.mark.req("QUE-001")
@given(calendars, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(hours: Hours, at: datetime) -> None:
    opening = hours.next_opening(at)
    if opening is None:
        assert not any(hours.is_open(at + timedelta(minutes=30 * n)) for n in range(48 * 9))
        return
    assert opening >= at and hours.is_open(opening)
    assert (opening == at) == hours.is_open(at)
    gap = (opening - at) / 40
    assert not any(hours.is_open(at + gap * n) for n in range(40) if at + gap * n < opening)


@pytest.mark.req("QUE-001")
def test_the_desk_is_open_from_nine_to_twenty_one_and_closed_on_holidays() -> None:
    hours = week_of("09:00-21:00", holidays=frozenset({date(2026, 11, 23)}))
    assert not hours.is_open(tokyo("2026-11-20T08:59:59"))
    assert hours.is_open(tokyo("2026-11-20T09:00:00"))
    assert hours.is_open(tokyo("2026-11-20T20:59:59"))
    assert not hours.is_open(tokyo("2026-11-20T21:00:00"))
    assert hours.next_opening(tokyo("2026-11-22T21:30:00")) == tokyo("2026-11-24T09:00:00")


def test_a_span_over_midnight_belongs_to_the_day_it_starts_on() -> None:
    hours = week_of("22:00-06:00", holidays=frozenset({date(2026, 11, 21)}))
    assert hours.is_open(tokyo("2026-11-21T05:59:00"))  # begun on the 20th
    assert not hours.is_open(tokyo("2026-11-21T23:00:00"))
    assert hours.next_opening(tokyo("2026-11-21T12:00:00")) == tokyo("2026-11-22T22:00:00")


@pytest.mark.req("QUE-001")
def test_hours_follow_the_clocks_when_they_change() -> None:
    """London 2026: forward on 29 March at 01:00 UTC, back on 25 October at 01:00 UTC."""
    hours = week_of("09:00-17:00", "Europe/London")
    assert hours.next_opening(datetime(2026, 3, 28, 20, tzinfo=UTC)) == datetime(2026, 3, 29, 8, tzinfo=UTC)
    assert hours.next_opening(datetime(2026, 10, 24, 20, tzinfo=UTC)) == datetime(2026, 10, 25, 9, tzinfo=UTC)


def test_a_skipped_hour_opens_late_and_a_repeated_hour_is_open_twice() -> None:
    hours = week_of("01:30-05:00", "Europe/London")
    assert hours.next_opening(datetime(2026, 3, 29, 0, tzinfo=UTC)) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )
    early = week_of("00:30-01:45", "Europe/London")
    opening = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # 00:30 in summer time
    assert early.next_opening(datetime(2026, 10, 24, 12, tzinfo=UTC)) == opening
    assert early.is_open(datetime(2026, 10, 25, 1, 44, tzinfo=UTC))  # 01:44 for the second time
    assert not early.is_open(datetime(2026, 10, 25, 1, 45, tzinfo=UTC))


@pytest.mark.req("QUE-002")
def test_a_counter_of_24_hours_and_one_from_nine_to_twenty_one_coexist() -> None:
    settings = Settings.load(hours={"phone": "00:00-24:00"})
    night = tokyo("2026-11-20T03:00:00")
    assert phone_hours(settings).is_open(night)
    assert not desk_hours(settings).is_open(night)
    assert always_open().next_opening(night) == night


@pytest.mark.req("QUE-014")
def test_a_desk_in_london_opens_by_its_own_calendar() -> None:
    settings = Settings.load(shop={"timezone": "Europe/London"})
    assert desk_hours(settings).is_open(datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
    assert not desk_hours(settings).is_open(datetime(2026, 7, 20, 20, 30, tzinfo=UTC))  # 21:30 in summer time


def test_a_desk_that_is_never_open_says_so() -> None:
    assert week_of("closed").next_opening(tokyo("2026-11-20T12:00:00")) is None


@pytest.mark.parametrize(
    "text", ["9-21", "09:00", "25:00-26:00", "09:60-10:00", "09:00-09:00", "09:00-24:30"]
)
def test_what_is_not_a_span_is_refused_by_name(text: str) -> None:
    with pytest.raises(HoursError, match=text[:4]):
        parse_spans(text)


@pytest.mark.parametrize(
    ("week", "ja", "en"),
    [
        (["09:00-21:00"] * 7, "毎日 9:00–21:00", "Every day 9:00–21:00"),
        (
            ["09:00-18:00"] * 5 + ["10:00-17:00", "closed"],
            "月〜金 9:00–18:00、土 10:00–17:00、日 休み",
            "Mon–Fri 9:00–18:00, Sat 10:00–17:00, Sun closed",
        ),
        (["00:00-24:00"] * 7, "24時間・年中無休", "24 hours, every day"),
    ],
)
def test_the_week_in_words(week: list[str], ja: str, en: str) -> None:
    hours = Hours(ZoneInfo("Asia/Tokyo"), tuple(parse_spans(text) for text in week))
    assert (hours.text("ja"), hours.text("en")) == (ja, en)


def test_an_opening_is_said_as_people_say_it() -> None:
    zone, now = ZoneInfo("Asia/Tokyo"), tokyo("2026-11-20T07:00:00")
    said = [
        opening_text(tokyo(f"2026-11-{day}T09:00:00"), now, zone, language)
        for day in (20, 21, 24)
        for language in ("ja", "en")
    ]
    assert said == [
        "本日9:00",
        "today at 9:00",
        "明日9:00",
        "tomorrow at 9:00",
        "11月24日（火）9:00",
        "on Tue 11/24 at 9:00",
    ]
