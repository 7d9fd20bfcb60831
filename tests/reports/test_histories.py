"""Random histories made through the real verbs: every figure equals the slow one straight from the ledger."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some

from madoguchi.counter.reports.cells import Span
from madoguchi.counter.reports.families import FIGURES
from madoguchi.counter.reports.gathering import Asked, gather
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings
from tests.conftest import StillClock
from tests.reports.conftest import HOURS
from tests.reports.house import House
from tests.reports.slowly import Slow, Story, stories

SPAN = Span(date(2026, 11, 1), date(2027, 1, 31))
PAUSES = (0, 1, 4, 9, 30, 90, 400, 4000, 40_000, 90_000, 200_000, 700_000)
TOPICS = ("", "order_delivery.item_not_received", "payment_invoice.unknown_charge")
QUEUES = ("general", "orders", "supervisor")

DEEDS: dict[str, Callable[[House, str, int], Any]] = {
    "customer": lambda house, contact, _: house.customer_says(contact),
    "assistant": lambda house, contact, _: house.assistant_says(contact),
    "flow": lambda house, contact, n: house.flow(contact, f"r{n}", "which", "when", outcome=("", "answer")[n % 2]),
    "hand over": lambda house, contact, n: house.hand_over(contact, QUEUES[n % 3], ("asked", "unsure")[n % 2]),
    "told": lambda house, _, __: house.tell_positions(),
    "take": lambda house, contact, n: house.take(contact, n),
    "agent": lambda house, contact, _: house.agent_says(contact),
    "transfer": lambda house, contact, n: house.transfer(contact, QUEUES[n % 3]),
    "pass": lambda house, contact, n: house.pass_to_agent(contact, n),
    "back": lambda house, contact, _: house.back_to_assistant(contact),
    "resolve": lambda house, contact, _: house.resolve(contact),
    "deny": lambda house, contact, _: house.deny(contact),
    "end": lambda house, contact, _: house.end(contact),
    "classify": lambda house, contact, n: house.classify(contact, TOPICS[n % 3]),
    "case": lambda house, contact, n: house.case(contact, solved=n % 2 == 0),
    "measure": lambda house, _, __: house.follower.catch_up(),
}  # fmt: skip
OFTEN = ("customer", "customer", "assistant", "hand over", "take", "agent", "agent", "told")
OPENINGS = some.tuples(
    some.just("open"), some.integers(0, 3), some.sampled_from(("chat", "chat", "mail", "form", "phone")),
    some.sampled_from(TOPICS), some.sampled_from(("ja", "en")), some.sampled_from(PAUSES),
)  # fmt: skip
HAPPENINGS = some.tuples(
    some.sampled_from((*DEEDS, *OFTEN)), some.integers(0, 9), some.integers(0, 5), some.sampled_from(PAUSES)
)
HISTORIES = some.lists(some.one_of(OPENINGS, HAPPENINGS, HAPPENINGS, HAPPENINGS), min_size=5, max_size=60)


def live(house: House, history: list[tuple[Any, ...]]) -> None:
    house.open(0)
    for step in history:
        house.clock.forward(seconds=step[-1], microseconds=1)
        if step[0] == "open":
            house.open(*step[1:5])
        else:
            contact = house.ids[-1 - step[1] % len(house.ids)]
            DEEDS[step[0]](house, contact, step[2])


def compare(house: House, asked: Asked, belongs: Callable[[Story], bool]) -> None:
    terms = house.follower._terms
    zone = terms.zone

    def slow(tx: Any) -> dict[str, Any]:
        everybody = stories(tx)
        of = [each for each in everybody if belongs(each)]
        limit = lambda at: terms.hours.days_after(at, 2)  # noqa: E731 - tests/kit proves the calendar
        return Slow(tx, of, everybody, tx.now, limit).all_figures()

    expected = house.database.read(slow)
    sums = house.database.read(gather, asked, zone)
    found = {name: FIGURES[name].measure(sums, house.settings.reports) for name in expected}
    wrong = {
        name: (found[name], expected[name])
        for name in expected
        if (found[name].value, found[name].count) != pytest.approx(expected[name], nan_ok=True)
        and (found[name].value, found[name].count) != expected[name]
    }
    assert wrong == {}


def compare_all(house: House) -> None:
    compare(house, Asked(SPAN), lambda _: True)
    compare(house, Asked(SPAN, {"channel": "chat"}), lambda story: story.row.channel == "chat")
    compare(
        house,
        Asked(SPAN, {"language": "ja", "segment": "other"}),
        lambda story: story.row.language == "ja" and story.segment == "other",
    )
    compare(house, Asked(SPAN, {"kind": TOPICS[1]}), lambda story: story.row.topic == TOPICS[1])
    compare(house, Asked(SPAN, {"queue": "orders"}), lambda story: story.queue() == "orders")
    compare(house, Asked(SPAN, {"segment": "member"}), lambda story: story.segment == "member")
    agent = house.agents[0].id
    compare(house, Asked(SPAN, agent=agent), lambda story: story.person == agent)


def check(database: Database, folder: Path, history: list[tuple[Any, ...]]) -> None:
    house = House(database, database.clock, Settings.load(None, data={"folder": folder}, hours=HOURS))  # type: ignore[arg-type]
    live(house, history)
    house.clock.forward(seconds=30, microseconds=1)
    house.follower.catch_up()
    compare_all(house)
    kept = house.database.read(_cells)
    house.follower.rebuild()
    assert house.database.read(_cells) == kept
    house.clock.forward(days=30)
    house.follower.catch_up()
    compare_all(house)


def _cells(tx: Any) -> list[tuple[Any, ...]]:
    cursor = tx.driver(
        "SELECT cut, grain, starts, channel, language, queue, kind, segment, numbers, words FROM figure_cell ORDER BY 1, 2, 3, 4, 5, 6, 7, 8"
    )
    return [(*row[:-2], bytes(row[-2]), row[-1]) for row in cursor.fetchall()]


@pytest.mark.req(
    "QLT-001", "QLT-006", "QLT-010", "SLA-001", "SLA-002", "SLA-003", "SLA-004", "SLA-007", "SLA-008"
)
@given(HISTORIES)
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_figure_is_the_one_that_the_ledger_tells(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, history: list[tuple[Any, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    shutil.copy(sqlite_template, folder / "test.db")
    database = Database(f"sqlite:///{folder / 'test.db'}", clock=StillClock(), synchronous="OFF")
    try:
        check(database, folder, history)
    finally:
        database.close()
        shutil.rmtree(folder)
