"""A demonstration shop with a language model, whose character each test chooses."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import madoguchi.building
from madoguchi.assistant.model.client import Client
from madoguchi.building import build_house
from madoguchi.engine.database import Database
from madoguchi.faces.house import House
from madoguchi.rehearsal.stage import Stage, rehearsal_settings
from tests.assistant.model.server import Character, InProcess
from tests.conftest import StillClock

NOWHERE = "http://127.0.0.1:9/v1"
Furnish = Callable[..., House]


@pytest.fixture
def furnish(
    tmp_path: Path, clock: StillClock, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Furnish]:
    """`furnish(character, base_url=…)`: with a base_url over the network, else in process. Commits need no disk here."""
    monkeypatch.setattr(madoguchi.building, "Database", functools.partial(Database, synchronous="OFF"))
    houses: list[House] = []

    def make(character: Character | None = None, **model: object) -> House:
        folder = tmp_path / str(len(houses))
        folder.mkdir()
        stage.copy_to(folder)
        keys = {"base_url": NOWHERE, "name": "double-1", "wording": True, "pause_s": 0.05, **model}
        house = build_house(rehearsal_settings(folder, model=keys), clock=clock)
        if character is not None:
            house.colleague.client = Client(house.settings.model, InProcess(character))
        houses.append(house)
        return house

    yield make
    for house in houses:
        house.colleague.close()
        house.database.close()
