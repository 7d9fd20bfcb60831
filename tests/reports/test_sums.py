"""Sums: days and months of the shop's zone, changes of the clocks, erased contacts, both databases, crashes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from madoguchi.channels.mail.outbound import Postman
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.privacy.erasing import Eraser
from madoguchi.counter.privacy.messages import empty_contact
from madoguchi.counter.privacy.ways import of_rows
from madoguchi.counter.reports import cells, following, rows
from madoguchi.counter.reports.cells import Span, month_after
from madoguchi.counter.reports.gathering import Asked, by_day, gather, over_time
from madoguchi.counter.reports.tally import EDGES, step
from madoguchi.engine.database import Database
from madoguchi.engine.files import FileStore
from madoguchi.engine.settings import Settings
from tests.conftest import StillClock
from tests.reports.conftest import HOURS
from tests.reports.house import House
from tests.reports.test_histories import compare_all, live

DAYS = some.dates(date(2024, 1, 1), date(2027, 12, 31))
TOKYO = ZoneInfo("Asia/Tokyo")
SPAN = Span(date(2026, 11, 1), date(2027, 1, 31))


@given(DAYS, some.integers(0, 800))
def test_whole_months_and_days_make_up_the_span_each_day_once(first: date, length: int) -> None:
    span = Span(first, first + timedelta(days=length))
    days: list[date] = []
    for grain, begin, end in span.parts():
        if grain == "month":
            assert begin.day == 1 and month_after(end) == end + timedelta(days=1)
        days += [begin + timedelta(days=offset) for offset in range((end - begin).days + 1)]
    assert days == [first + timedelta(days=offset) for offset in range(length + 1)]


@given(some.integers(0, EDGES[-1]))
def test_a_step_of_the_histogram_is_exact_at_first_and_then_never_more_than_a_twentieth_too_much(
    seconds: int,
) -> None:
    assert seconds <= step(seconds) <= max(seconds, 20, seconds * 1.05 + 1)
    if seconds <= 20:
        assert step(seconds) == seconds


@pytest.mark.parametrize(
    "moment", ["2026-11-01T05:30", "2026-11-01T06:30", "2026-11-02T04:59", "2026-03-08T07:00"]
)
def test_a_day_of_twenty_five_hours_is_one_day_and_its_double_hour_one_hour(
    sqlite_database: Database, clock: StillClock, tmp_path: Path, moment: str
) -> None:
    settings = Settings.load(
        None, data={"folder": tmp_path}, hours=HOURS, shop={"timezone": "America/New_York"}
    )
    house = House(sqlite_database, clock, settings)
    house.clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    house.open(0)
    house.follower.catch_up()
    local = house.clock.now.astimezone(ZoneInfo("America/New_York"))
    span = Span(local.date(), local.date())
    found = house.database.read(gather, Asked(span), ZoneInfo("America/New_York"))
    assert found.all["contacts"] == 1
    assert found.all.counts("at") == {f"{local.weekday()}-{local.hour}": 1}


def test_steps_in_which_nothing_happened_are_there_and_a_line_of_weeks_begins_on_mondays(
    house: House,
) -> None:
    house.open(0)
    house.follower.catch_up()
    asked = Asked(Span(date(2026, 11, 1), date(2027, 1, 15)))
    steps = house.database.read(over_time, asked)
    assert asked.step == "week" and list(steps)[:3] == [
        date(2026, 11, 1),
        date(2026, 11, 2),
        date(2026, 11, 9),
    ]
    assert sum(tally["contacts"] for tally in steps.values()) == 1
    assert house.database.read(over_time, Asked(Span(date(2025, 1, 1), date(2025, 1, 3)))).keys() == {
        date(2025, 1, 1), date(2025, 1, 2), date(2025, 1, 3),
    }  # fmt: skip


@pytest.mark.req("PRIV-004")
def test_of_an_erased_contact_the_numbers_stay_nobodys_also_after_a_rebuild(
    house: House, tmp_path: Path
) -> None:
    kept, gone = house.open(0), house.open(1)
    for each in (kept, gone):
        house.customer_says(each)
        house.assistant_says(each)
    house.follower.catch_up()
    before = house.database.read(gather, Asked(SPAN), TOKYO).all
    eraser = Eraser(house.database, FileStore(tmp_path / "files"), Postman(house.settings), [])
    eraser.erase(of_rows(contact.name, [gone]), lambda *_: None, spared={contact.name})
    house.database.write(empty_contact, gone, SYSTEM)
    house.follower.catch_up()
    assert list(house.database.read(rows.known, [kept, gone])) == [kept]
    for _ in range(2):
        after = house.database.read(gather, Asked(SPAN), TOKYO).all
        assert (after.numbers == before.numbers).all() and after.words == before.words
        house.follower.rebuild()
    assert house.database.read(following.behind) == 0


def test_settings_that_change_are_measured_by(house: House) -> None:
    call = house.open(0, "phone")
    house.hand_over(call)
    house.clock.forward(seconds=30)
    house.back_to_assistant(call)
    house.follower.catch_up()
    assert house.database.read(gather, Asked(SPAN), TOKYO).all["left"] == 1
    patient = house.settings.model_copy(
        update={"reports": house.settings.reports.model_copy(update={"short_abandon_seconds": 60})}
    )
    following.Follower(house.database, patient).catch_up()
    found = house.database.read(gather, Asked(SPAN), TOKYO).all
    assert (found["left"], found["left_short"], found["contacts"]) == (0, 1, 1)


def test_sums_of_another_version_are_made_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.open(0)
    house.follower.catch_up()
    monkeypatch.setattr(following, "VERSION", "another")
    house.open(1)
    house.follower.catch_up()
    assert house.database.read(gather, Asked(SPAN), TOKYO).all["contacts"] == 2
    assert house.database.read(following.is_whole)


HISTORY = [
    ("open", 1, "mail", "order_delivery.item_not_received", "ja", 40), ("customer", 0, 0, 9), ("hand over", 0, 1, 90),
    ("told", 0, 0, 1), ("take", 0, 0, 400), ("agent", 0, 0, 30), ("measure", 0, 0, 1), ("open", 1, "chat", "", "en", 4000),
    ("customer", 0, 0, 4), ("flow", 0, 0, 9), ("assistant", 0, 0, 4), ("resolve", 0, 0, 90), ("deny", 0, 0, 30),
    ("hand over", 0, 2, 1), ("transfer", 0, 1, 9), ("take", 0, 1, 400), ("agent", 0, 0, 30), ("end", 0, 0, 40_000),
    ("open", 1, "chat", "", "ja", 4000), ("customer", 0, 0, 4), ("case", 0, 0, 30), ("open", 3, "phone", "", "ja", 9),
    ("hand over", 0, 0, 1), ("back", 0, 0, 4),
]  # fmt: skip


def test_figures_are_true_on_both_databases(database: Database, tmp_path: Path) -> None:
    house = House(database, database.clock, Settings.load(None, data={"folder": tmp_path}, hours=HOURS))  # type: ignore[arg-type]
    live(house, HISTORY)
    house.clock.forward(seconds=5)
    house.follower.catch_up()
    compare_all(house)
    assert house.database.read(by_day, Asked(SPAN))
    assert len(house.database.read(cells.read, SPAN, {}, "channel")) == 3
    house.clock.forward(days=10)
    house.follower.rebuild()
    compare_all(house)
