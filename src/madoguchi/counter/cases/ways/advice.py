"""Which way fits an enquiry best, and why: by rules that are data (CH-004 to CH-007, C-07). Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from madoguchi.counter.cases.categories import priority_of
from madoguchi.counter.cases.ways.open_ways import Asking, Way
from madoguchi.engine.sections import WayName

Reason = Literal[
    "urgent_complex",
    "urgent_photo",
    "evidence",
    "by_voice",
    "record",
    "complex",
    "urgent",
    "simple",
    "peak",
    "instead",
]
SENIOR = "senior"
_FILE = Path(__file__).with_name("profiles.toml")
_URGENT_FROM = 2
_CHATS: tuple[WayName, ...] = ("assistant", "person")


@dataclass(frozen=True)
class Profile:
    """What an enquiry asks of its way."""

    urgent: bool = False
    complex: bool = False
    evidence: bool = False
    record: bool = False


@dataclass(frozen=True)
class Row:
    """`ways` in order, for whoever has all of `needs`."""

    needs: frozenset[str]
    ways: tuple[WayName, ...]
    reason: Reason


@dataclass(frozen=True)
class Advice:
    """The way that we recommend. `instead_of`: what would come first if it were open, with its reason to be closed."""

    way: Way
    reason: Reason
    instead_of: Way | None = None


def profile_of(kind: str) -> Profile:
    """Emergencies are urgent without being listed; a kind that is not listed is a plain question."""
    table = _read()
    return Profile(
        urgent=kind in table["urgent"] or (kind != "" and priority_of(kind) <= _URGENT_FROM),
        complex=kind in table["complex"],
        evidence=kind in table["evidence"],
        record=kind in table["record"],
    )


def in_order(ways: Iterable[Way], profile: Profile, asking: Asking) -> list[Way]:
    """The ways as they should be listed: open ones first, by what fits or as the shop
    lists them; then the closed, then what does not serve."""
    fitting = _row(profile, asking).ways
    order = [*asking.order, *(name for name in fitting if name not in asking.order)]
    return sorted(
        ways,
        key=lambda way: (not way.offered, not _fit(way, asking), not way.open, order.index(way.channel.id)),
    )


def advise(ways: Sequence[Way], profile: Profile, asking: Asking) -> Advice | None:
    """The first open way that fits; None where nothing at all is open for this matter."""
    row = _row(profile, asking)
    by_name = {way.channel.id: way for way in ways}
    wished = [by_name[name] for name in row.ways if name in by_name]
    wished = [way for way in wished if _could(way, asking)]
    best = next((way for way in wished if way.open and _fit(way, asking)), None)
    best = best or next((way for way in wished if way.open or way.usable), None)
    if best is None:
        return None
    first = wished[0]
    return Advice(best, row.reason if best is first else "instead", None if best is first else first)


def _could(way: Way, asking: Asking) -> bool:
    """Whether it would ever do for this person and matter."""
    return way.offered and way.speaks and (asking.calls or not way.channel.voice)


def _fit(way: Way, asking: Asking) -> bool:
    return _could(way, asking) and way.why != "crowded"


def _row(profile: Profile, asking: Asking) -> Row:
    has = {name for name in ("urgent", "complex", "evidence", "record") if getattr(profile, name)}
    if SENIOR in asking.segments:
        has.add(SENIOR)
    usual = next(row for row in _rows() if row.needs <= has)
    return usual if profile.urgent or not asking.peak else _chats_first(usual)


def _chats_first(row: Row) -> Row:
    """In a peak season the telephone is jammed, and chats go on at once (QUE-006, QUE-007)."""
    rest = tuple(way for way in row.ways if way not in _CHATS)
    return Row(row.needs, (*_CHATS, *rest), "peak")


@lru_cache(maxsize=1)
def _rows() -> tuple[Row, ...]:
    return tuple(Row(frozenset(row["needs"]), tuple(row["ways"]), row["reason"]) for row in _read()["first"])


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))
