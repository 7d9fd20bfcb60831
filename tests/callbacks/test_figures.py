"""The report: the share in time, recomputed slowly from the calls (CB-002, CB-003, SLA-006)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies

from madoguchi.counter.callbacks.calendar import calendar_entry
from madoguchi.counter.callbacks.figures import figures, reckoned
from madoguchi.counter.callbacks.machine import Slot
from madoguchi.counter.problems import Conflict
from tests.callbacks.conftest import Shop, slot_after
from tests.callbacks.world import NOON, wish


@pytest.mark.req("CB-002", "SLA-006", "SLA-003")
def test_the_report_shows_the_share_within_ten_minutes_and_what_was_missed(shop: Shop) -> None:
    ito, start = shop.agent("ito", capacity=9), shop.clock()
    people = [shop.customer(f"c{n}", f"03-1234-567{n}") for n in range(4)]
    made = [shop.book(person, f"03-1234-567{n}") for n, person in enumerate(people)]
    shop.forward(minutes=4)
    shop.talk(made[0], ito)
    shop.talk(made[1], ito, "no_answer")
    shop.calls.cancel(people[3], made[3].id)
    shop.forward(minutes=7)
    shop.talk(made[2], ito)
    shop.talk(made[1], ito)
    found = shop.database.read(figures, start)
    assert (found.now.asked, found.now.due, found.now.kept) == (4, 3, 2)
    assert found.now.share == pytest.approx(2 / 3)
    assert (found.now.p50_s, found.now.p90_s) == (240, 660)
    assert [each.id for each in found.broken] == [made[2].id]
    assert (found.calls, found.retries, found.reached) == (4, 1, 3)
    assert found.outcomes == {"talked": 3, "cancelled": 1}


@pytest.mark.req("CB-003")
def test_a_call_within_its_slot_is_kept_one_after_it_is_not(shop: Shop) -> None:
    ito, start = shop.agent("ito", capacity=9), shop.clock()
    at = slot_after(shop, 1)
    one, two = shop.customer("c1", "03-1234-5671"), shop.customer("c2", "03-1234-5672")
    kept = shop.book(one, "03-1234-5671", slot_at=at)
    late = shop.book(two, "03-1234-5672", slot_at=at + timedelta(minutes=30))
    shop.forward(minutes=65)
    shop.talk(kept, ito)
    shop.forward(minutes=60)
    shop.talk(late, ito)
    found = shop.database.read(figures, start)
    assert (found.slot.due, found.slot.kept, found.slot.p50_s) == (2, 1, 300)
    assert [each.id for each in found.broken] == [late.id]


states: Any = strategies.fixed_dictionaries(
    {
        "state": strategies.sampled_from(["due", "done", "missed", "cancelled", "replaced"]),
        "waited": strategies.none() | strategies.integers(0, 2000),
        "broken": strategies.booleans(),
    }
)


@pytest.mark.req("CB-002")
@given(strategies.lists(states, max_size=30), strategies.integers(0, 3000))
def test_the_share_is_what_counting_one_by_one_gives(rows: list[dict[str, Any]], passed: int) -> None:
    now = NOON + timedelta(seconds=passed)
    made = []
    for row in rows:
        started = None if row["waited"] is None else NOON + timedelta(seconds=row["waited"])
        made.append(wish(state=row["state"], started_at=started, broken=int(row["broken"])))
    due = kept = 0
    for row in rows:
        called_off = row["state"] in ("cancelled", "replaced")
        begun = row["waited"] is not None
        if begun or row["broken"] or (not called_off and passed > 600):
            due += 1
            kept += begun and row["waited"] <= 600 and not row["broken"]
    found = reckoned(made, now)
    assert (found.now.due, found.now.kept) == (due, kept)
    waits = sorted(row["waited"] for row in rows if row["waited"] is not None)
    assert found.now.p50_s == (waits[(len(waits) - 1) // 2] if waits else None)
    assert len(found.broken) == sum(row["broken"] for row in rows)


@pytest.mark.req("CB-001")
def test_the_calendars_entry_names_time_and_number_and_breaks_no_line() -> None:
    slot = Slot(NOON, NOON + timedelta(minutes=30))
    text = calendar_entry(
        wish(NOON - timedelta(hours=1), slot),
        title="みどり商店, からのお電話",
        text="0120-000-000 からお電話します。" * 6 + "\nC-10482",
        url="https://help.example.jp/help/callback/cbk_1",
        now=NOON,
        remind_minutes=10,
    )
    lines = text.split("\r\n")
    assert "DTSTART:20261120T030000Z" in lines
    assert "DTEND:20261120T033000Z" in lines
    assert "SUMMARY:みどり商店\\, からのお電話" in lines
    assert max(len(line.encode()) for line in lines) <= 75
    unfolded = text.replace("\r\n ", "")
    assert "0120-000-000 からお電話します。" * 6 + "\\nC-10482" in unfolded
    with pytest.raises(Conflict):
        calendar_entry(wish(), title="", text="", url="", now=NOON, remind_minutes=10)
