"""Opening hours: when people are at the desk. Pure.

A week of spans in one time zone, days on which nobody is there, and days with hours of their own. A span belongs to the day on which it starts,
also when it ends after midnight (`22:00-06:00`). Wall-clock times become moments as RFC 5545 §3.3.5 has it: a time
that the clocks skip is taken with the offset before the change; of a time that comes twice, a span starts with the
first and ends with the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from holidays import country_holidays

from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr
from madoguchi.kit.languages import locale_of

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"(\d{1,2}):(\d\d)\s*[-–—−~〜]\s*(\d{1,2}):(\d\d)")
_CLOSED = ("", "closed", "休み", "休業", "定休日")
_LOOK_AHEAD_DAYS = 400
_YEARS = (2020, 2051)
_DAY = timedelta(days=1)


class HoursError(ValueError):
    """The text is not opening hours; the message says which text."""


@dataclass(frozen=True)
class Span:
    """Minutes after midnight: `start` 0…1439, `end` up to 24 hours after it."""

    start: int
    end: int

    @property
    def text(self) -> str:
        return f"{_clock(self.start)}–{_clock(self.end)}"


_ALL_DAY = (Span(0, 1440),)


@dataclass(frozen=True)
class SpecialDay:
    """A date with hours of its own, none where it is closed. `reason`: why, by language."""

    spans: tuple[Span, ...]
    reason: Mapping[str, str]


@dataclass(frozen=True)
class Hours:
    """`week`: the spans of Monday to Sunday. `holidays`: closed dates. `always`: open at every moment.

    `special` goes before both. `country` (ISO 3166) names the holidays; `abroad`: of another time zone than the shop.
    """

    timezone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    holidays: frozenset[date] = frozenset()
    always: bool = False
    special: Mapping[date, SpecialDay] = field(default_factory=dict, hash=False)
    country: str = ""
    abroad: bool = False

    def is_open(self, at: datetime) -> bool:
        if self.always:
            return True
        today = at.astimezone(self.timezone).date()
        return any(start <= at < end for day in (today - _DAY, today) for start, end in self._of_day(day))

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment from `at` on at which it is open: `at` itself when it is; None if it never opens again."""
        if self.is_open(at):
            return at
        first = at.astimezone(self.timezone).date() - _DAY
        for offset in range(_LOOK_AHEAD_DAYS):
            starts = [
                start for start, end in self._of_day(first + offset * _DAY) if start > at and end > start
            ]
            if starts:
                return min(starts)
        return None

    def spells(self, day: date) -> list[tuple[datetime, datetime]]:
        """When it is open with the hours of this day, in order and none inside another; a spell may end on the next day."""
        if self.always:
            return [
                (self._moment(day, 0, last=False), self._moment(day + _DAY, 0, last=False)),
            ]
        joined: list[tuple[datetime, datetime]] = []
        for start, end in sorted(self._of_day(day)):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            elif start < end:
                joined.append((start, end))
        return joined

    @property
    def never(self) -> bool:
        """Nobody is ever at the desk."""
        return not self.always and not any(self.week) and not any(day.spans for day in self.special.values())

    def spans_of(self, day: date) -> tuple[Span, ...]:
        """The spans that start on this date."""
        if self.always:
            return _ALL_DAY
        if day in self.special:
            return self.special[day].spans
        return () if day in self.holidays else self.week[day.weekday()]

    def name_of(self, day: date) -> Mapping[str, str]:
        """The reason of a special day, the name of a holiday, by language; empty for an ordinary date."""
        if day in self.special:
            return self.special[day].reason
        return holiday_name(self.country, day) if self.country and day in self.holidays else {}

    def closed_for(self, at: datetime) -> Mapping[str, str]:
        """Why it is closed now, by language; empty while it is open, and on nights and weekends like any other."""
        if self.is_open(at):
            return {}
        opens = self.next_opening(at)
        today = at.astimezone(self.timezone).date()
        last = opens.astimezone(self.timezone).date() if opens else today
        for offset in range(max(1, (last - today).days)):
            day = today + offset * _DAY
            if self.spans_of(day) != self.week[day.weekday()] and self.name_of(day):
                return self.name_of(day)
        return {}

    def opening_text(self, opens_at: datetime, now: datetime, language: str) -> str:
        """When it opens, in its own time zone, which is named where it is not the shop's."""
        return self._with_place(opening_text(opens_at, now, self.timezone, language), language)

    def text(self, language: str) -> str:
        """The week in words: `毎日 9:00–21:00`, `Mon–Fri 9:00–18:00, Sat 10:00–17:00, Sun closed`."""
        return self._with_place(self._week_text(language), language)

    def _with_place(self, text: str, language: str) -> str:
        if not self.abroad or self.always:
            return text
        place = get_timezone_location(self.timezone.key, locale=locale_of(language), return_city=True)
        return tr(language, "{hours} ({place} time)", hours=text, place=place)

    def _week_text(self, language: str) -> str:
        if self.always or (not self.holidays and not self.special and set(self.week) == {_ALL_DAY}):
            return tr(language, "24 hours, every day")
        if len(set(self.week)) == 1:
            return tr(language, "Every day {hours}", hours=spans_text(self.week[0], language))
        parts = [
            tr(language, "{days} {hours}", days=_days_text(run, language), hours=spans_text(spans, language))
            for run, spans in _runs(self.week)
        ]
        return tr(language, ", ").join(parts)

    def _of_day(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for span in self.spans_of(day):
            yield self._moment(day, span.start, last=False), self._moment(day, span.end, last=True)

    def _moment(self, day: date, minutes: int, *, last: bool) -> datetime:
        wall = datetime.combine(day, time(), self.timezone) + timedelta(minutes=minutes)
        first, second = wall.replace(fold=0), wall.replace(fold=1)
        repeated = first.utcoffset() > second.utcoffset()  # type: ignore[operator]  # a zone always has an offset
        return (second if last and repeated else first).astimezone(UTC)


def parse_spans(text: str) -> tuple[Span, ...]:
    """`09:00-21:00`, `09:00-12:00, 13:00-18:00`, `00:00-24:00` or `closed` (`休み`). Raises HoursError."""
    if text.strip().lower() in _CLOSED:
        return ()
    spans = []
    for part in re.split("[,、]", text):
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            raise HoursError(f"`{part.strip()}` is not HH:MM-HH:MM or `closed`")
        hours = [int(group) for group in found.groups()]
        start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        if start >= 1440 or end > 1440 or hours[1] > 59 or hours[3] > 59 or start == end:
            raise HoursError(f"`{part.strip()}` is not a span of a day")
        spans.append(Span(start, end if end > start else end + 1440))
    return tuple(sorted(spans, key=lambda span: span.start))


def written_spans(spans: Sequence[Span]) -> str:
    """What `parse_spans` reads as these: `09:00-12:00, 13:00-18:00`, `closed`."""
    return ", ".join(f"{_padded(span.start)}-{_padded(span.end)}" for span in spans) or "closed"


def desk_hours(settings: Settings) -> Hours:
    """The hours of the desk. Raises HoursError or the zone's own KeyError for settings that cannot be read."""
    week = tuple(parse_spans(getattr(settings.hours, day)) for day in DAYS)
    return Hours(ZoneInfo(settings.shop.timezone), week, _closed_days(settings), country=_country(settings))


def phone_hours(settings: Settings) -> Hours:
    """The hours of the telephone, every day (QUE-001, QUE-002: they may differ from the desk's)."""
    week = (parse_spans(settings.hours.phone),) * 7
    return Hours(ZoneInfo(settings.shop.timezone), week, _closed_days(settings), country=_country(settings))


def holidays_of(settings: Settings) -> frozenset[date]:
    """Days on which people write otherwise than usual, open or not: the country's holidays and the shop's own."""
    own = frozenset(date.fromisoformat(text) for text in settings.hours.holidays)
    try:
        return own | national_holidays(settings.shop.country)
    except HoursError:
        return own


def _closed_days(settings: Settings) -> frozenset[date]:
    own = frozenset(date.fromisoformat(text) for text in settings.hours.holidays)
    return own | national_holidays(settings.shop.country) if settings.hours.national_holidays else own


def _country(settings: Settings) -> str:
    return settings.shop.country if settings.hours.national_holidays else ""


@lru_cache(maxsize=16)
def national_holidays(country: str) -> frozenset[date]:
    """The country's public holidays of the years that anybody here counts in. Raises HoursError for an unknown one."""
    try:
        return frozenset(country_holidays(country, years=range(*_YEARS)))
    except NotImplementedError as error:
        raise HoursError(f"no public holidays are known for `{country}`") from error


def holiday_name(country: str, day: date) -> Mapping[str, str]:
    """What a public holiday is called, by language as far as the calendar of the world knows it; empty for none."""
    return _names_of_year(country, day.year).get(day, {})


@lru_cache(maxsize=64)
def _names_of_year(country: str, year: int) -> dict[date, dict[str, str]]:
    names: dict[date, dict[str, str]] = {}
    for language, tag in _HOLIDAY_TAGS.items():
        for day, name in country_holidays(country, years=year, language=tag).items():
            names.setdefault(day, {})[language] = name
    return {day: _without_repeats(found) for day, found in names.items()}


def _without_repeats(found: dict[str, str]) -> dict[str, str]:
    """Where a language is not known the English name comes back: then it stands once."""
    english = found.get("en", "")
    return {language: name for language, name in found.items() if language == "en" or name != english}


def in_language(texts: Mapping[str, str], language: str) -> str:
    """One text of several: the reader's language, its other script, English, else whatever there is."""
    tongue = language.split("-")[0]
    for wanted in (language, tongue, *(each for each in texts if each.split("-")[0] == tongue), "en"):
        if texts.get(wanted):
            return texts[wanted]
    return next((text for text in texts.values() if text), "")


def closed_text(closed_for: Mapping[str, str], language: str) -> str:
    """`元日のため休業しています。`; empty without a reason."""
    reason = in_language(closed_for, language)
    return tr(language, "Closed for {reason}.", reason=reason) if reason else ""


def always_open(timezone: str = "UTC") -> Hours:
    return Hours(ZoneInfo(timezone), ((),) * 7, always=True)


def opening_text(opens_at: datetime, now: datetime, timezone: ZoneInfo, language: str) -> str:
    """When it opens, as a person says it: `今日 9:00`, `tomorrow at 9:00`, `7月21日（月）9:00`."""
    local, today = opens_at.astimezone(timezone), now.astimezone(timezone).date()
    clock = f"{local.hour}:{local.minute:02d}"
    if local.date() == today:
        return tr(language, "today at {time}", time=clock)
    if local.date() == today + _DAY:
        return tr(language, "tomorrow at {time}", time=clock)
    weekday = tr(language, _SHORT[local.weekday()])
    return tr(
        language,
        "on {weekday} {month}/{day} at {time}",
        weekday=weekday,
        month=local.month,
        day=local.day,
        time=clock,
    )


_HOLIDAY_TAGS = {"en": "en_US", "ja": "ja", "zh-Hans": "zh_CN", "zh-Hant": "zh_TW", "ko": "ko"}
_SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _runs(week: Sequence[tuple[Span, ...]]) -> list[tuple[tuple[int, int], tuple[Span, ...]]]:
    """Neighbouring days with the same hours, as ((first, last), hours)."""
    runs: list[tuple[tuple[int, int], tuple[Span, ...]]] = []
    for day, spans in enumerate(week):
        if runs and runs[-1][1] == spans:
            runs[-1] = ((runs[-1][0][0], day), spans)
        else:
            runs.append(((day, day), spans))
    return runs


def _days_text(run: tuple[int, int], language: str) -> str:
    first, last = (tr(language, _SHORT[day]) for day in run)
    return first if run[0] == run[1] else tr(language, "{first}–{last}", first=first, last=last)


def spans_text(spans: tuple[Span, ...], language: str) -> str:
    """`9:00–12:00、13:00–18:00`, `休み`."""
    if not spans:
        return tr(language, "closed")
    return tr(language, ", ").join(span.text for span in spans)


def _padded(minutes: int) -> str:
    return "24:00" if minutes == 1440 else f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _clock(minutes: int) -> str:
    return "24:00" if minutes == 1440 else f"{minutes // 60 % 24}:{minutes % 60:02d}"
