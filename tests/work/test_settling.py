"""The house's regular steps: one that fails stops no other, is told of, and is over by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from madoguchi.building import build_house
from madoguchi.counter.supervision import alerts
from madoguchi.counter.supervision.health import STEP
from madoguchi.counter.supervision.model import AlertRule
from madoguchi.counter.supervision.wording import alert_text
from madoguchi.engine import pulse
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings
from madoguchi.settling import Settling, Step, steps_of
from tests.conftest import StillClock
from tests.routing.conftest import Desk
from tests.routing.conftest import _cheap_passwords as _cheap_passwords
from tests.routing.conftest import quick_desk as quick_desk
from tests.supervision.test_alerts import MORI, ZONE


class Shaky:
    """A step that works or not, as it is told."""

    def __init__(self) -> None:
        self.broken, self.times = False, 0

    def __call__(self) -> None:
        self.times += 1
        if self.broken:
            raise ValueError("山田太郎様の行が読めません")


def test_a_step_that_fails_stops_none_before_or_after_it(database: Database) -> None:
    first, second, third = Shaky(), Shaky(), Shaky()
    second.broken = True
    settling = Settling(database, [Step("one", first), Step("two", second), Step("three", third)])
    assert settling.round() == ["two"]
    assert settling.round() == ["two"]
    assert (first.times, second.times, third.times) == (2, 2, 2)
    (failing,) = database.read(pulse.failing, STEP)
    assert (failing.part, failing.error) == (STEP + "two", "ValueError")  # and none of the error's words
    second.broken = False
    assert settling.round() == []
    assert database.read(pulse.failing, STEP) == []


def test_health_is_written_when_it_changes_and_not_in_every_round(database: Database) -> None:
    settling = Settling(database, [Step("one", Shaky())])
    settling.round()
    before = database.read(pulse.find, STEP + "one")
    settling.round()
    assert before is not None and database.read(pulse.find, STEP + "one") == before


def test_what_a_process_that_is_gone_has_said_does_not_stand_for_ever(
    database: Database, clock: StillClock
) -> None:
    shaky = Shaky()
    shaky.broken = True
    Settling(database, [Step("one", shaky)]).round()
    clock.forward(minutes=4)
    assert database.read(pulse.failing, STEP)
    clock.forward(minutes=2)
    assert database.read(pulse.failing, STEP) == []


def test_a_failing_step_alarms_once_in_words_and_ends_by_itself(quick_desk: Desk, clock: StillClock) -> None:
    def look() -> list[tuple[str, str, int]]:
        quick_desk.database.write(alerts.look, quick_desk.rules, ZONE)
        return [
            (each.kind, each.subject, each.value) for each in quick_desk.database.read(alerts.open_alerts)
        ]

    shaky = Shaky()
    shaky.broken = True
    settling = Settling(quick_desk.database, [Step("surveys_by_mail", shaky)])
    settling.round()
    assert look() == []
    clock.forward(minutes=2)
    settling.round()
    assert look() == [("step_failing", "surveys_by_mail", 2)]
    first = quick_desk.database.read(alerts.open_alerts)[0]
    assert "アンケート" in alert_text(first, {}, "ja")
    look()
    assert [each.id for each in quick_desk.database.read(alerts.open_alerts)] == [first.id]
    shaky.broken = False
    settling.round()
    assert look() == []
    quick_desk.database.write(alerts.set_rule, AlertRule("step_failing", True, 30, False), MORI)
    shaky.broken = True
    settling.round()
    clock.forward(minutes=3)
    settling.round()
    assert look() == []


@pytest.mark.parametrize("broken", ["resolve_unknown", "forget_old"])
def test_the_houses_own_steps_all_run_even_when_the_shop_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    house = build_house(Settings.load(None, data={"folder": tmp_path}))
    desk, name = (
        (house.orders, "order_deeds") if broken == "resolve_unknown" else (house.calls, "old_numbers")
    )

    def fails(*_: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(desk, broken, fails)
    steps = steps_of(house.database, house.settings, house.orders, house.accounts, house.calls)
    assert len({step.name for step in steps}) == len(steps) == 15
    assert Settling(house.database, steps).round() == [name]


def test_every_step_has_a_name_in_words(tmp_path: Path) -> None:
    from madoguchi.counter.supervision.wording import STEPS

    house = build_house(Settings.load(None, data={"folder": tmp_path}))
    steps = steps_of(house.database, house.settings, house.orders, house.accounts, house.calls)
    assert {step.name for step in steps} == set(STEPS)
