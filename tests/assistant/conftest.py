"""The demonstration shop with everything put together, fresh for each test, and a customer who can talk to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from madoguchi.rehearsal.stage import Stage
from tests.conftest import StillClock


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """The demo shop as of the still clock's first moment; houses work on copies."""
    return Stage(tmp_path_factory.mktemp("stage"), clock=StillClock())


@pytest.fixture
def house(stage: Stage, tmp_path: Path, clock: StillClock) -> Iterator[House]:
    with stage.house(tmp_path, clock=clock) as house:
        yield house


@pytest.fixture
def chat(house: House) -> Callable[..., Chat]:
    """`chat("C1001")` opens a contact as that customer, signed in and freshly checked."""

    def open_chat(ref: str = "C1001", **more: object) -> Chat:
        return Chat(house, ref, **more)  # type: ignore[arg-type]

    return open_chat
