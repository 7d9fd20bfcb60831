"""Business days, the holidays of Japan, and the clock of each tender."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from madoguchi.counter.orders.model import Tender
from madoguchi.counter.orders.refund_clock import (
    add_business_days,
    expected,
    expected_after_arrival,
    is_business_day,
    japanese_holidays,
    sent_after_arrival,
)
from tests.orders.build import RULES, with_rules

# Cabinet Office, 国民の祝日について: the lists as published for both years.
HOLIDAYS_2026 = "0101 0112 0211 0223 0320 0429 0503 0504 0505 0506 0720 0811 0921 0922 0923 1012 1103 1123"
HOLIDAYS_2027 = "0101 0111 0211 0223 0321 0322 0429 0503 0504 0505 0719 0811 0920 0923 1011 1103 1123"


def days(year: int, text: str) -> frozenset[date]:
    return frozenset(date(year, int(day[:2]), int(day[2:])) for day in text.split())


def at(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(("year", "text"), [(2026, HOLIDAYS_2026), (2027, HOLIDAYS_2027)])
def test_the_holidays_of_a_year_are_those_that_the_cabinet_office_published(year: int, text: str) -> None:
    assert japanese_holidays(year) == days(year, text)


def test_a_day_between_two_holidays_is_free_and_a_holiday_on_sunday_moves_on() -> None:
    assert not is_business_day(date(2026, 9, 22), RULES.calendar)
    assert not is_business_day(date(2026, 5, 6), RULES.calendar)
    assert is_business_day(date(2026, 5, 7), RULES.calendar)


@pytest.mark.parametrize(
    ("year", "spring", "autumn"), [(2024, 20, 22), (2025, 20, 23), (2028, 20, 22), (2030, 20, 23)]
)
def test_the_equinoxes_fall_where_the_almanac_has_them(year: int, spring: int, autumn: int) -> None:
    assert {date(year, 3, spring), date(year, 9, autumn)} <= japanese_holidays(year)


def test_counting_starts_on_the_next_business_day() -> None:
    friday = date(2026, 11, 20)
    assert add_business_days(friday, 1, RULES.calendar) == date(2026, 11, 24)  # Monday 23 is a holiday
    assert add_business_days(date(2026, 11, 22), 0, RULES.calendar) == date(2026, 11, 24)


def test_days_that_the_shop_adds_or_takes_count_too() -> None:
    calendar = with_rules(calendar={"closed": [date(2026, 11, 24)], "opened": [date(2026, 11, 21)]}).calendar
    assert add_business_days(date(2026, 11, 20), 1, calendar) == date(2026, 11, 21)
    assert add_business_days(date(2026, 11, 20), 2, calendar) == date(2026, 11, 25)


@pytest.mark.req("PAY-009", "SLA-031")
@pytest.mark.parametrize(
    ("tender", "earliest", "latest"),
    [
        ("card", date(2026, 11, 26), date(2026, 11, 30)),
        ("convenience_store", date(2026, 11, 26), date(2026, 11, 30)),
        ("gift_card", date(2026, 11, 20), date(2026, 11, 21)),
    ],
)
def test_a_refund_skips_the_weekend_and_the_holiday_after_it(
    tender: Tender, earliest: date, latest: date
) -> None:
    clock = expected(tender, at(2026, 11, 20, 3), RULES)
    assert (clock.earliest, clock.latest) == (earliest, latest)


@pytest.mark.req("PAY-010")
def test_a_card_refund_has_a_second_date_for_the_statement_and_other_tenders_have_none() -> None:
    clock = expected("card", at(2026, 11, 9, 3), RULES)
    assert (clock.latest, clock.statement_by) == (date(2026, 11, 16), date(2026, 11, 16))
    assert expected("card", at(2026, 11, 11, 3), RULES).statement_by == date(2026, 11, 18)
    assert expected("gift_card", at(2026, 11, 11, 3), RULES).statement_by is None


def test_the_statement_never_comes_before_the_money() -> None:
    clock = expected("card", at(2026, 4, 30, 3), RULES)  # Golden Week
    assert clock.latest == date(2026, 5, 12)
    assert clock.statement_by == date(2026, 5, 12)


@pytest.mark.req("PAY-011")
def test_after_the_scan_the_shop_takes_business_days_and_a_seller_calendar_days() -> None:
    scan = at(2026, 11, 19, 3)
    assert sent_after_arrival(scan, RULES, marketplace=False) == (date(2026, 11, 24), date(2026, 11, 25))
    assert sent_after_arrival(scan, RULES, marketplace=True) == (date(2026, 11, 22), date(2026, 11, 26))


def test_both_clocks_run_one_after_the_other() -> None:
    clock = expected_after_arrival("card", at(2026, 11, 19, 3), RULES, marketplace=False)
    assert clock.earliest == date(2026, 11, 27)
    assert clock.latest == date(2026, 12, 2)


def test_the_day_is_the_shops_day() -> None:
    late_evening_in_london = at(2026, 11, 18, 20)
    assert expected("gift_card", late_evening_in_london, RULES).earliest == date(2026, 11, 19)
