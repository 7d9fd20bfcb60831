"""Which ways are open for a matter, a person and a moment, and why one is not (CH-003, CH-057, CH-059). Pure.

Nothing is hidden: every way that the shop has is in the answer, with its reason where it cannot be used now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from madoguchi.counter.cases.ways.channels import Channel, channels, serving, switched_on
from madoguchi.counter.hours import Hours, always_open, desk_hours, phone_hours
from madoguchi.engine.settings import Settings

# not_this: does not serve the kind; not_you: is for other customers; closed: opens again; nobody: open by the clock, but
# nobody is there; crowded: open, with a long queue; sign_in: open, the number is shown after signing in.
Why = Literal["", "not_this", "not_you", "closed", "nobody", "crowded", "sign_in"]


@dataclass(frozen=True)
class People:
    """Who is at the desk for this matter. `low_s`, `high_s`: the expected wait, None where nobody can tell."""

    there: bool
    always: bool = False  # this desk never closes
    opens_at: datetime | None = None
    low_s: int | None = None
    high_s: int | None = None
    crowded: bool = False
    languages: frozenset[str] = frozenset()  # in which they answer; empty: not known


@dataclass(frozen=True)
class Asking:
    """Somebody who wants to reach us. `known`: signed in; `calls`: can speak on the telephone."""

    now: datetime
    language: str
    kind: str = ""
    segments: tuple[str, ...] = ()
    known: bool = False
    calls: bool = True


@dataclass(frozen=True)
class Way:
    """One way for somebody who asks. `open`: it leads to an answer now; `usable`: one can begin it now."""

    channel: Channel
    hours: Hours
    open: bool
    usable: bool
    why: Why = ""
    opens_at: datetime | None = None
    speaks: bool = True

    @property
    def offered(self) -> bool:
        """For this matter and this person at all, be it later."""
        return self.why not in ("not_this", "not_you")


def open_ways(settings: Settings, people: People, asking: Asking) -> list[Way]:
    """Every way that the shop has, in the order of the list."""
    served = serving(settings, asking.kind) if asking.kind else tuple(channels())
    return [
        _way(channels()[name], settings, people, asking, serves=name in served)
        for name in switched_on(settings)
    ]


def shows_number(settings: Settings, asking: Asking) -> bool:
    """Whether this person sees the telephone number, open or not (CH-014)."""
    return asking.known or settings.ways.phone_visibility == "public"


def _way(channel: Channel, settings: Settings, people: People, asking: Asking, *, serves: bool) -> Way:
    hours = _hours(channel, settings, people)
    speaks = channel.id == "assistant" or not people.languages or asking.language in people.languages
    if not serves:
        return Way(channel, hours, open=False, usable=False, why="not_this", speaks=speaks)
    if not _is_for(channel, settings, asking):
        return Way(channel, hours, open=False, usable=False, why="not_you", speaks=speaks)
    open_now = hours.is_open(asking.now)
    why, opens_at = _why(channel, settings, people, asking, open_now=open_now, hours=hours)
    can_begin = channel.id in ("person", "form", "mail", "assistant") or channel.anytime or open_now
    return Way(
        channel,
        hours,
        open=open_now and why not in ("nobody", "closed"),
        usable=can_begin and why != "sign_in",
        why=why,
        opens_at=opens_at,
        speaks=speaks,
    )


def _why(
    channel: Channel, settings: Settings, people: People, asking: Asking, *, open_now: bool, hours: Hours
) -> tuple[Why, datetime | None]:
    if not open_now:
        return "closed", hours.next_opening(asking.now)
    if channel.id == "person" and not people.there:
        return ("closed", people.opens_at) if people.opens_at else ("nobody", None)
    if channel.id == "person" and people.crowded:
        return "crowded", None
    return ("sign_in", None) if channel.id == "phone" and not shows_number(settings, asking) else ("", None)


def _hours(channel: Channel, settings: Settings, people: People) -> Hours:
    if channel.hours == "phone":
        return phone_hours(settings)
    if channel.hours == "desk" and not people.always:
        return desk_hours(settings)
    return always_open(settings.shop.timezone)


def _is_for(channel: Channel, settings: Settings, asking: Asking) -> bool:
    wanted = settings.ways.only_for.get(channel.id)
    return not wanted or any(segment in wanted for segment in asking.segments)
