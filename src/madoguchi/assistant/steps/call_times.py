"""When somebody wants to be called, in their own words: at once, on a day, at a time, in a part of the day. Pure.

What was said is kept as words of ours (`CallTime.kept`), because an answer in the ledger is JSON; whether there is room
at that time is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from madoguchi.assistant.answers import says
from madoguchi.assistant.questions import Heard
from madoguchi.assistant.understanding.times import find_times
from madoguchi.kit.text import normalise

AT_ONCE = "now"
_KIND = "support_service.callback_request"
_WISH = "wish"
_BARE_HOUR = re.compile(
    r"\b(?:at|around|about|from|by|after|to)\s+(?P<h>1?\d|2[0-3])(?:[:.](?P<m>[0-5]\d))?(?:\s?o'?clock)?(?=$|[\s,.!?])(?!\s(?:min|hour|day|week|item|order|piece))",
    re.I,
)
PARTS: dict[str, tuple[time, time]] = {
    "morning": (time(0), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(23, 59)),
}


@dataclass(frozen=True)
class CallTime:
    """`day`: None where none was named; `time`: `HH:MM`, a span from now (`PT2H`), one of `PARTS`, or "" for any."""

    day: date | None
    time: str

    @property
    def kept(self) -> str:
        return f"{_WISH}|{self.day.isoformat() if self.day else ''}|{self.time}"


def kept_time(answer: str) -> CallTime | None:
    """The wish behind an answer; None for an answer that is none."""
    name, *parts = answer.split("|")
    if name != _WISH:
        return None
    day, wanted = parts
    return CallTime(date.fromisoformat(day) if day else None, wanted)


def read_call_time(heard: Heard, direct: bool, today: date) -> str | None:
    """ "now", or a wish as it is kept; None where the words name no time.

    Words that were not said to the question count only where they ask for a call, and speak of no day that is over.
    """
    if not direct and not _asks_for_a_call(heard):
        return None
    if says("callback.at_once").search(heard.folded):
        return AT_ONCE
    days = heard.understanding.entities.dates
    day = _next(days[-1], today) if days else None
    if day is not None and days[-1] < today and not direct:
        return None
    wanted = _time_of(heard)
    if day is None and not wanted:
        return None
    return CallTime(day, wanted).kept


def moment_of(
    wanted: CallTime, now: datetime, zone: ZoneInfo, is_open: Callable[[datetime], bool]
) -> datetime | None:
    """The moment meant; None for a mere day or part of it. "At 3" is the 3 o'clock at which we call, the next one."""
    local = now.astimezone(zone)
    if wanted.time.startswith("PT"):
        number = int(re.sub(r"\D", "", wanted.time))
        return now + (timedelta(minutes=number) if wanted.time.endswith("M") else timedelta(hours=number))
    if not wanted.time or wanted.time in PARTS:
        return None
    hour, minute = map(int, wanted.time.split(":"))
    hours = (hour, hour + 12) if hour < 12 else (hour,)
    days = [wanted.day] if wanted.day else [local.date(), local.date() + timedelta(days=1)]
    meant = [datetime.combine(day, time(each, minute), tzinfo=zone) for day in days for each in hours]
    return next((each for each in meant if each > now and is_open(each)), meant[-1])


def span_of(wanted: CallTime, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when to when, for a day or a part of it; of a part that is over today, tomorrow's."""
    begin, end = PARTS.get(wanted.time, (time(0), time(23, 59)))
    day = wanted.day or now.astimezone(zone).date()
    if wanted.day is None and datetime.combine(day, end, tzinfo=zone) <= now:
        day += timedelta(days=1)
    return datetime.combine(day, begin, tzinfo=zone), datetime.combine(day, end, tzinfo=zone)


def _asks_for_a_call(heard: Heard) -> bool:
    intents = heard.understanding.intents
    return bool(intents) and intents[0].kind == _KIND


def _time_of(heard: Heard) -> str:
    plain = normalise(heard.text)
    if found := find_times(plain):
        return found[-1]
    if bare := list(_BARE_HOUR.finditer(plain)):
        return f"{int(bare[-1]['h']):02d}:{bare[-1]['m'] or '00'}"
    return next((part for part in PARTS if says(f"call.{part}").search(heard.folded)), "")


def _next(day: date, today: date) -> date:
    """Of a day that is named without its year or week, the one to come."""
    while day < today:
        day = day + timedelta(days=7) if today - day < timedelta(days=7) else _a_year_later(day)
    return day


def _a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)
