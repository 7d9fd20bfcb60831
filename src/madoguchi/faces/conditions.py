"""How our parts work now, as pages, widget and programs show it: facts, from when until when, what does meanwhile (QUE-011)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.counter.conditions import wording
from madoguchi.counter.conditions.model import PARTS, Conditions, Part
from madoguchi.counter.conditions.policy import Rules
from madoguchi.counter.conditions.queries import conditions
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings


@dataclass(frozen=True)
class PartShown:
    """One part in words; all but the name are empty while it works."""

    part: Part
    name: str
    works: bool
    heading: str = ""
    cause: str = ""
    times: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Status:
    """Every part that the shop has, and the peak season if there is one. `lines`: the banner."""

    parts: tuple[PartShown, ...]
    lines: tuple[str, ...]
    peak: str
    chat_closed: bool

    @property
    def disturbed(self) -> list[PartShown]:
        return [each for each in self.parts if not each.works]


def status(tx: Transaction, settings: Settings, language: str) -> Status:
    zone = ZoneInfo(settings.shop.timezone)
    now = conditions(tx, Rules.of(settings))
    return Status(
        parts=tuple(_part(part, now, zone, language) for part in PARTS if _has(settings, part)),
        lines=tuple(wording.banner(now, zone, language)),
        peak=wording.peak_text(now.peak, zone, language) if now.peak else "",
        chat_closed=now.chat_closed,
    )


def status_out(found: Status) -> dict[str, Any]:
    """As the API shows it."""
    return {
        "works": not found.disturbed,
        "chat_open": not found.chat_closed,
        "lines": list(found.lines),
        "peak_text": found.peak,
        "parts": [
            {
                "part": each.part,
                "name": each.name,
                "works": each.works,
                "heading": each.heading,
                "cause_text": each.cause,
                "times_text": each.times,
                "instead_text": each.instead,
            }
            for each in found.parts
        ],
    }


def _part(part: Part, now: Conditions, zone: ZoneInfo, language: str) -> PartShown:
    found = now.of(part)
    name = wording.part_name(part, language)
    if found is None:
        return PartShown(part, name, works=True)
    return PartShown(
        part,
        name,
        works=False,
        heading=wording.heading(found, language),
        cause=wording.cause(found, language),
        times=wording.times(found, zone, language),
        instead=wording.instead(found, language),
    )


def _has(settings: Settings, part: Part) -> bool:
    if part == "phone":
        return bool(settings.shop.phone)
    return settings.assistant.enabled if part == "assistant" else True
