"""All calendars as hours, read once per change: whoever asks whether somebody is there asks here (QUE-001)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from madoguchi.counter.calendars import queries
from madoguchi.counter.calendars.model import DESK, PHONE, Calendar, HoursRule, calendar_state
from madoguchi.counter.hours import (
    DAYS,
    Hours,
    SpecialDay,
    always_open,
    desk_hours,
    national_holidays,
    parse_spans,
    phone_hours,
)
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings

_YEARS = range(2020, 2051)
_BY_VOICE = ("phone", "callback")


@dataclass(frozen=True)
class Calendars:
    """The calendars of a house at one moment. `token` changes with every change of any of them."""

    desk: Hours
    phone: Hours
    by_id: dict[str, Hours]
    rules: tuple[HoursRule, ...]
    token: str

    def hours_for(
        self,
        queue: str = "",
        channel: str = "",
        language: str = "",
        segments: Collection[str] = (),
        *,
        never_closes: bool = False,
    ) -> Hours:
        """The hours that hold for such a contact: of the rules that fit, the one that says most.

        Without one: of a queue that `never_closes` every moment, of the telephone and call-backs the telephone's hours,
        else the desk's. A queue that never closes listens only to rules that name it.
        """
        rule = self.rule_for(queue, channel, language, segments, never_closes=never_closes)
        if rule is not None:
            return self.by_id.get(rule.calendar_id, self.desk)
        if never_closes:
            return always_open(self.desk.timezone.key)
        return self.phone if channel in _BY_VOICE else self.desk

    def rule_for(
        self,
        queue: str,
        channel: str,
        language: str,
        segments: Collection[str],
        *,
        never_closes: bool = False,
    ) -> HoursRule | None:
        """The rule that decides for such a contact; None where the house's own hours do."""
        for rule in self.rules:
            if _fits(rule, queue, channel, language, segments) and (rule.queue or not never_closes):
                return rule
        return None


def load(tx: Transaction, settings: Settings) -> Calendars:
    """The calendars as they stand; what the settings file says where nobody has set anything."""
    return beside(tx, desk_hours(settings), phone_hours(settings))


def as_settings(settings: Settings) -> Calendars:
    """What the settings file says, whatever has been set since."""
    desk, phone = desk_hours(settings), phone_hours(settings)
    return Calendars(desk, phone, {DESK: desk, PHONE: phone}, (), "")


def beside(tx: Transaction, desk: Hours, phone: Hours) -> Calendars:
    """The same, with these as the hours of a desk and a telephone that have no calendar of their own."""
    token = token_of(tx)
    key = (token, desk, phone)
    found = _kept.get(key)
    if found is None:
        found = _read(tx, token, desk, phone)
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = found
    return found


def token_of(tx: Transaction) -> str:
    """Another word after every change; empty in a house in which nobody has changed anything."""
    return tx.scalar(select(calendar_state.c.token).where(calendar_state.c.id == 1)) or ""


def of_settings(settings: Settings) -> dict[str, Calendar]:
    """The two calendars of the settings file, as the console shows them before somebody changes them."""
    hours = settings.hours
    country = settings.shop.country if hours.national_holidays else ""
    zone = settings.shop.timezone
    week = [getattr(hours, day) for day in DAYS]
    return {
        DESK: Calendar(DESK, "", zone, week, country, 0),
        PHONE: Calendar(PHONE, "", zone, [hours.phone] * 7, country, 0),
    }


def hours_of(calendar: Calendar, home: ZoneInfo) -> Hours:
    """A calendar as hours. `home`: the shop's time zone. Raises HoursError for one that cannot be read."""
    special: dict[date, SpecialDay] = {}
    for day in sorted(calendar.days, key=lambda each: (not each.yearly, each.first, each.id)):
        spans = parse_spans(day.spans)
        special |= dict.fromkeys(day.dates(_YEARS), SpecialDay(spans, day.reason))
    return Hours(
        ZoneInfo(calendar.timezone),
        tuple(parse_spans(text) for text in calendar.week),
        national_holidays(calendar.country) if calendar.country else frozenset(),
        special=special,
        country=calendar.country,
        abroad=calendar.timezone != home.key,
    )


# A token is never used twice, so what was read under it stays right in every database of the process.
_kept: dict[tuple[str, Hours, Hours], Calendars] = {}
_MOST_KEPT = 16


def _read(tx: Transaction, token: str, desk: Hours, phone: Hours) -> Calendars:
    home = desk.timezone
    found = {each.id: hours_of(each, home) for each in queries.calendars(tx)} if token else {}
    rules = sorted(queries.rules(tx), key=lambda rule: rule.weight, reverse=True) if token else []
    desk, phone = found.get(DESK, desk), found.get(PHONE, phone)
    return Calendars(desk, phone, {DESK: desk, PHONE: phone, **found}, tuple(rules), token)


def _fits(rule: HoursRule, queue: str, channel: str, language: str, segments: Collection[str]) -> bool:
    return (
        rule.queue in ("", queue)
        and rule.channel in ("", channel)
        and rule.language in ("", language, language.split("-")[0])
        and (not rule.segment or rule.segment in segments)
    )
