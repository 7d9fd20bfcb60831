"""The six ways to reach us as data: words for the table, what each can carry, whom and what it serves (CH-001, CH-059). Pure."""

from __future__ import annotations

import difflib
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast, get_args

from pydantic import BaseModel, ConfigDict, model_validator

from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.engine.sections import WayName
from madoguchi.engine.settings import Settings, SettingsError
from madoguchi.kit.languages import NAMES

NAMES_OF_WAYS: tuple[WayName, ...] = get_args(WayName)
TEXTS = ("name", "feature", "merit", "demerit", "good_for")
_FILE = Path(__file__).with_name("channels.toml")


class Channel(BaseModel):
    """One way. `anytime`: a wish can be left at any hour, though it is served only within the hours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: WayName
    hours: Literal["always", "desk", "phone"]
    voice: bool = False
    attachments: bool = False
    written: bool = False
    anytime: bool = False
    name: dict[str, str]
    feature: dict[str, str]
    merit: dict[str, str]
    demerit: dict[str, str]
    good_for: dict[str, str]

    @model_validator(mode="after")
    def _speaks_every_language(self) -> Channel:
        for text in TEXTS:
            missing = NAMES.keys() - getattr(self, text).keys()
            if missing:
                raise ValueError(f"{text} is missing in {', '.join(sorted(missing))}")
        return self

    def text(self, which: str, language: str) -> str:
        words = cast("dict[str, str]", getattr(self, which))
        return words.get(language) or words["en"]


@lru_cache(maxsize=1)
def channels() -> dict[WayName, Channel]:
    """All six in the order in which they are listed."""
    table = tomllib.loads(_FILE.read_text("utf-8"))["channel"]
    return {name: Channel.model_validate({"id": name, **table[name]}) for name in table}


@lru_cache(maxsize=1)
def usual() -> dict[str, tuple[WayName, ...]]:
    """What comes with Madoguchi: group or kind → the ways that serve it. What is not listed is served by all."""
    table = tomllib.loads(_FILE.read_text("utf-8"))["serves"]
    return {subject: tuple(names) for subject, names in table.items()}


def serving(settings: Settings, kind: str) -> tuple[WayName, ...]:
    """The ways that serve a kind or a group: the kind before its group, the shop's own word before ours (CH-059)."""
    group = kind.partition(".")[0]
    own: dict[str, list[WayName]] = settings.ways.serves
    for subject in (kind, group):
        if subject in own:
            return tuple(own[subject])
        if subject in usual():
            return usual()[subject]
    return NAMES_OF_WAYS


def switched_on(settings: Settings) -> list[WayName]:
    """The ways that this shop has at all: switched on, and with an address where one is needed."""
    return [name for name in _possible(settings) if name not in settings.ways.off]


def shown(settings: Settings) -> list[WayName]:
    """Those that customers see: what is switched on, and what is off for a reason that they are told."""
    on, reasons = switched_on(settings), settings.ways.off_reasons
    return [name for name in _possible(settings) if name in on or reasons.get(name)]


def _possible(settings: Settings) -> list[WayName]:
    shop = settings.shop
    missing = {
        "assistant": not settings.assistant.enabled,
        "phone": not shop.phone,
        "mail": not shop.mail_address,
    }
    return [name for name in channels() if not missing.get(name, False)]


def check_subjects(settings: Settings) -> None:
    """Raises SettingsError for a subject in `ways.serves` that is neither a group nor a kind, with the nearest one."""
    known = [*group_labels(), *categories()]
    for subject in settings.ways.serves:
        if subject not in known:
            near = difflib.get_close_matches(subject, known, 1, 0.5)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            raise SettingsError(f"`ways.serves`: there is no group or kind of enquiry `{subject}`{hint}")
