"""One counter for all tests of the API: every test acts as another visitor, customer or key."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import StillClock
from tests.faces.api.people import Counter, fill


@pytest.fixture(scope="session")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration shop and staff."""
    folder = tmp_path_factory.mktemp("filled")
    fill(folder, sqlite_template, StillClock())
    return folder


@pytest.fixture(scope="module")
def counter(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """A counter of this module's own."""
    folder = tmp_path_factory.mktemp("counter") / "data"
    shutil.copytree(filled, folder)
    counter = Counter(folder, StillClock())
    with counter.client:
        yield counter
    counter.close()
