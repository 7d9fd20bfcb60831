"""A house for one rehearsal: the demonstration shop in a temporary folder, gone afterwards."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from madoguchi.building import build_house
from madoguchi.connectors.embedded.demo.load import load_demo
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House
from madoguchi.kit.clock import Clock, system_clock

SHOP = {
    "phone": "0120-000-000",
    "account_url": "https://shop.example/account",
    "mail_address": "help@shop.example",
}
DATABASE = "madoguchi.db"


def rehearsal_settings(folder: Path, **sections: dict[str, Any]) -> Settings:
    """The settings of the demonstration, with everything in `folder`."""
    data = {"folder": folder, **sections.pop("data", {})}
    limits = {"contacts_per_hour": 100_000, **sections.pop("limits", {})}
    return Settings.model_validate({"data": data, "shop": SHOP, "limits": limits, **sections})


class Stage:
    """Fills the shop once; every `house()` is a fresh copy of it, so that no rehearsal sees another."""

    def __init__(self, folder: Path, *, clock: Clock = system_clock, **sections: dict[str, Any]) -> None:
        self._folder = folder
        self._clock = clock
        self._sections = sections
        house = build_house(rehearsal_settings(folder / "first", **sections), clock=clock)
        load_demo(house.database, house.database.clock())
        house.database.close()

    @contextlib.contextmanager
    def house(self, folder: Path | None = None, *, clock: Clock | None = None) -> Iterator[House]:
        """A house on a copy of the shop, in `folder` or in a temporary one."""
        with contextlib.ExitStack() as leave:
            place = folder or Path(leave.enter_context(tempfile.TemporaryDirectory(prefix="rehearsal-")))
            self.copy_to(place)
            house = build_house(rehearsal_settings(place, **self._sections), clock=clock or self._clock)
            leave.callback(house.database.close)
            yield house

    def copy_to(self, folder: Path) -> None:
        """Lay the shop as it was at first into a folder, for a house with settings of its own."""
        shutil.copy(self._folder / "first" / DATABASE, folder / DATABASE)


@contextlib.contextmanager
def stage(*, clock: Clock = system_clock, **sections: dict[str, Any]) -> Iterator[Stage]:
    """A stage in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="stage-") as folder:
        yield Stage(Path(folder), clock=clock, **sections)
