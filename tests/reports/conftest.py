"""A house whose figures are counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from madoguchi.counter.team import passwords
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings
from tests.conftest import StillClock
from tests.reports.house import House

WEEKDAYS = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-18:00")
HOURS = {**WEEKDAYS, "saturday": "closed", "sunday": "closed", "national_holidays": False}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(None, data={"folder": tmp_path}, hours=HOURS)


@pytest.fixture
def house(sqlite_database: Database, clock: StillClock, settings: Settings) -> House:
    return House(sqlite_database, clock, settings)


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing on purpose takes its time; here nobody signs in."""
    cheap: Callable[[str], str] = lambda password: f"unusable:{len(password)}"  # noqa: E731
    monkeypatch.setattr(passwords, "hashed", cheap)
