"""A library over the shipped articles, on a database of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.assistant.understanding import Understander
from madoguchi.building import places_of
from madoguchi.counter.knowledge.library import Library
from madoguchi.counter.orders.rules import Rules
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings
from tests.conftest import StillClock


@pytest.fixture
def library(database: Database) -> Library:
    """On both databases."""
    return Library(database, places_of(Settings(), Rules.load()))


@pytest.fixture(scope="session")
def shipped(sqlite_template: Path) -> Iterator[Library]:
    """Read only: the indexes are built once for all tests that search."""
    database = Database(f"sqlite:///{sqlite_template}", clock=StillClock())
    yield Library(database, places_of(Settings(), Rules.load()), guesser=Understander.load())
    database.close()
