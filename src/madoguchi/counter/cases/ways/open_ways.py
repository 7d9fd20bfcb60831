"""Which ways are open for a matter, a person and a moment, and why one is not (CH-003, CH-057, CH-059). Pure.

Nothing is hidden: every way that the shop has is in the answer, with its reason where it cannot be used now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from madoguchi.counter.calendars.loading import Calendars, as_settings
from madoguchi.counter.cases.ways.channels import Channel, channels, serving, shown
from madoguchi.counter.hours import Hours, always_open
from madoguchi.engine.sections import WayName
from madoguchi.engine.settings import Settings

# off: the shop has switched it off and says why; down: it does not work now (QUE-011); not_this: does not serve the kind; not_you: is for other customers; closed: opens again; nobody: open by the clock, but
# nobody is there; crowded: open, with a long queue; sign_in: open, the number is shown after signing in.
Why = Literal["", "off", "down", "not_this", "not_you", "closed", "nobody", "crowded", "sign_in"]


@dataclass(frozen=True)
class People:
    """Who is at the desk (`queue`) for this matter. `low_s`, `high_s`: the expected wait, None where nobody can tell."""

    there: bool
    always: bool = False  # this desk never closes
    opens_at: datetime | None = None
    low_s: int | None = None
    high_s: int | None = None
    crowded: bool = False
    busy: bool = False  # the wait is more than twice what it usually is (QUE-004)
    languages: frozenset[str] = frozenset()  # in which they answer; empty: not known
    queue: str = ""


@dataclass(frozen=True)
class Asking:
    """Somebody who wants to reach us, and how things stand. `known`: signed in; `calls`: can speak on the telephone."""

    now: datetime
    language: str
    kind: str = ""
    segments: tuple[str, ...] = ()
    known: bool = False
    calls: bool = True
    peak: bool = False  # chats and articles first (QUE-006)
    percent: int = 100  # of the usual time until an answer in writing
    down: frozenset[WayName] = frozenset()  # what does not work now
    phone_busy: bool = False  # at this hour the telephone is usually busy
    order: tuple[WayName, ...] = ()  # in which the shop lists its ways, where it has said so


@dataclass(frozen=True)
class Way:
    """One way for somebody who asks. `open`: it leads to an answer now; `usable`: one can begin it now.

    `answered`: the hours of those who answer what came this way; `closed_for`: why they are away, or why it is switched off, by language.
    """

    channel: Channel
    hours: Hours
    answered: Hours
    open: bool
    usable: bool
    why: Why = ""
    opens_at: datetime | None = None
    speaks: bool = True
    busy: bool = False
    closed_for: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def offered(self) -> bool:
        """For this matter and this person at all, be it later."""
        return self.why not in ("not_this", "not_you")


def open_ways(
    settings: Settings, people: People, asking: Asking, calendars: Calendars | None = None
) -> list[Way]:
    """Every way that the shop has, in the order of the list. Without `calendars` the hours are the settings file's."""
    served = serving(settings, asking.kind) if asking.kind else tuple(channels())
    found = calendars or as_settings(settings)
    return [
        _way(channels()[name], settings, found, people, asking, serves=name in served)
        for name in shown(settings)
    ]


def shows_number(settings: Settings, asking: Asking) -> bool:
    """Whether this person sees the telephone number, open or not (CH-014)."""
    return asking.known or settings.ways.phone_visibility == "public"


def _way(
    channel: Channel,
    settings: Settings,
    calendars: Calendars,
    people: People,
    asking: Asking,
    *,
    serves: bool,
) -> Way:
    answered = _answered(channel, calendars, people, asking)
    hours = always_open(settings.shop.timezone) if channel.hours == "always" else answered
    speaks = channel.id == "assistant" or not people.languages or asking.language in people.languages
    if not serves:
        return Way(channel, hours, answered, open=False, usable=False, why="not_this", speaks=speaks)
    if not _is_for(channel, settings, asking):
        return Way(channel, hours, answered, open=False, usable=False, why="not_you", speaks=speaks)
    if channel.id in settings.ways.off:
        ways = settings.ways
        return Way(
            channel,
            hours,
            answered,
            open=False,
            usable=False,
            why="off",
            opens_at=ways.off_until.get(channel.id),
            speaks=speaks,
            closed_for=ways.off_reasons[channel.id],
        )
    if channel.id in asking.down:
        return Way(channel, hours, answered, open=False, usable=False, why="down", speaks=speaks)
    open_now = hours.is_open(asking.now)
    why, opens_at = _why(channel, settings, people, asking, open_now=open_now, hours=hours)
    can_begin = channel.id in ("person", "form", "mail", "assistant") or channel.anytime or open_now
    return Way(
        channel,
        hours,
        answered,
        open=open_now and why not in ("nobody", "closed"),
        usable=can_begin and why != "sign_in",
        why=why,
        opens_at=opens_at,
        speaks=speaks,
        busy=open_now and _is_busy(channel, people, asking),
        closed_for=hours.closed_for(asking.now) if why == "closed" else {},
    )


def _is_busy(channel: Channel, people: People, asking: Asking) -> bool:
    if channel.id == "person":
        return people.there and (people.busy or people.crowded)
    return channel.voice and channel.id == "phone" and (asking.phone_busy or asking.peak)


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


def _answered(channel: Channel, calendars: Calendars, people: People, asking: Asking) -> Hours:
    """Nobody keeps a telephone open day and night because the desk of the matter never closes."""
    return calendars.hours_for(
        people.queue,
        "chat" if channel.id in ("assistant", "person") else channel.id,
        asking.language,
        asking.segments,
        never_closes=people.always and channel.hours != "phone",
    )


def _is_for(channel: Channel, settings: Settings, asking: Asking) -> bool:
    wanted = settings.ways.only_for.get(channel.id)
    return not wanted or any(segment in wanted for segment in asking.segments)
