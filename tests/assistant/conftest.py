"""The demonstration shop with everything put together, fresh for each test, and a customer who can talk to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from madoguchi.app import build_house
from madoguchi.connectors.embedded.demo.load import load_demo
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House
from tests.assistant.chat import Chat
from tests.conftest import StillClock


def demo_settings(folder: Path, **sections: dict[str, object]) -> Settings:
    shop = {
        "phone": "0120-000-000",
        "account_url": "https://shop.example/account",
        "mail_address": "help@shop.example",
    }
    given = {"data": {"folder": folder}, "shop": shop, **sections}
    return Settings.model_validate(given)


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo shop as of the still clock's first moment; copied, never changed."""
    folder = tmp_path_factory.mktemp("demo")
    house = build_house(demo_settings(folder), clock=StillClock())
    load_demo(house.database, house.database.clock())
    house.database.close()
    return folder / "madoguchi.db"


@pytest.fixture
def house(tmp_path: Path, clock: StillClock, demo_file: Path) -> Iterator[House]:
    shutil.copy(demo_file, tmp_path / "madoguchi.db")
    house = build_house(demo_settings(tmp_path), clock=clock)
    yield house
    house.database.close()


@pytest.fixture
def chat(house: House) -> Callable[..., Chat]:
    """`chat("C1001")` opens a contact as that customer, signed in and freshly checked."""

    def open_chat(ref: str = "C1001", **more: object) -> Chat:
        return Chat(house, ref, **more)  # type: ignore[arg-type]

    return open_chat
