"""What time it may be where a customer lives."""

from __future__ import annotations

from datetime import UTC, datetime

from madoguchi.counter.customers.local_time import utc_offsets

WINTER, SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


def test_a_country_of_one_time_has_one_offset_also_in_summer() -> None:
    assert utc_offsets("JP", WINTER) == utc_offsets("jp", SUMMER) == (540, 540)
    assert utc_offsets("FR", WINTER) == (60, 60)
    assert utc_offsets("FR", SUMMER) == (120, 120)


def test_a_wide_country_has_a_range_and_an_unknown_one_nothing() -> None:
    assert utc_offsets("US", WINTER) == (-600, -300)
    assert utc_offsets("XX", WINTER) is None and utc_offsets("", WINTER) is None
