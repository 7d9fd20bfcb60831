"""What time it may be where a customer lives, as far as the country tells. Pure."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global


def utc_offsets(country: str, now: datetime) -> tuple[int, int] | None:
    """Minutes ahead of UTC in the west and in the east of a country (ISO 3166); None for one that is not known.

    Both are the same where the whole country has one time. `now` decides about summer time.
    """
    found = [offset for name in _zones(country.upper()) if (offset := _offset(name, now)) is not None]
    return (min(found), max(found)) if found else None


@lru_cache(maxsize=300)
def _zones(country: str) -> tuple[str, ...]:
    return tuple(name for name, where in get_global("zone_territories").items() if where == country)


def _offset(name: str, now: datetime) -> int | None:
    try:
        ahead = now.astimezone(ZoneInfo(name)).utcoffset()
    except ZoneInfoNotFoundError:
        return None
    return None if ahead is None else round(ahead.total_seconds() / 60)
