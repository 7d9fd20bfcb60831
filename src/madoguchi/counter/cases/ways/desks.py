"""Which desks are for which kind of customer, and on which ways one reaches them: a table from data (QUE-016). Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

from pydantic import BaseModel, ConfigDict

from madoguchi.counter.cases.ways.channels import switched_on
from madoguchi.engine.sections import WayName
from madoguchi.engine.settings import Settings

UserType = Literal["individual", "business", "seller", "multilingual"]
_FILE = Path(__file__).with_name("desks.toml")


class UserDesk(BaseModel):
    """The desk of one kind of customer; texts by language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UserType
    segments: tuple[str, ...]
    ways: tuple[WayName, ...]
    who: dict[str, str]
    desk: dict[str, str]
    helps: dict[str, str]

    def text(self, which: Literal["who", "desk", "helps"], language: str) -> str:
        words = cast("dict[str, str]", getattr(self, which))
        return words.get(language) or words["en"]


def user_desks(settings: Settings) -> list[UserDesk]:
    """The desks that this shop has, each with those of its ways that are switched on; one without any is left out."""
    there, own = switched_on(settings), settings.ways.desks
    found = []
    for each in _usual():
        wanted = own.get(each.id, each.ways)
        ways = tuple(way for way in there if way in wanted)
        if ways:
            found.append(each.model_copy(update={"ways": ways}))
    return found


def type_of(segments: Collection[str], language: str, home_language: str) -> UserType:
    """The kind of customer somebody is: a company and a seller before all, then the language."""
    if "business" in segments:
        return "business"
    if "seller" in segments:
        return "seller"
    return "multilingual" if language != home_language else "individual"


@lru_cache(maxsize=1)
def _usual() -> tuple[UserDesk, ...]:
    table = tomllib.loads(_FILE.read_text("utf-8"))
    return tuple(UserDesk.model_validate({"id": name, **entry}) for name, entry in table.items())
