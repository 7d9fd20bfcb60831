"""Reports in the reader's words: values with their units, changes, names of channels, desks, people, kinds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel.numbers import format_currency, format_decimal

from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.reports.definitions import Goal, Unit
from madoguchi.counter.reports.gathering import Step
from madoguchi.counter.reports.model import Dimension
from madoguchi.engine.texts import tr
from madoguchi.faces.wording import channel_label
from madoguchi.kit.languages import NAMES, locale_of

SEGMENTS = {"member": "Members", "business": "Companies", "other": "Everybody else"}
DIMENSION_NAMES: dict[Dimension, str] = {
    "channel": "Channel",
    "language": "Language",
    "queue": "Queue",
    "kind": "Kind of enquiry",
    "segment": "Customers",
}
NONE_OF_THESE = "None"
_TWO_MINUTES, _TWO_HOURS, _TWO_DAYS = 120, 7200, 172_800


def value_text(value: float | None, unit: Unit, language: str, currency: str = "JPY") -> str:
    """`12.3 %`, `1分20秒`, `1,234`; "–" where nothing was measured."""
    if value is None:
        return "–"
    locale = locale_of(language)
    if unit == "share":
        return f"{format_decimal(round(value * 100, 1), locale=locale)} %"
    if unit == "seconds":
        return seconds_text(value, language)
    if unit == "hours":
        return seconds_text(value * 3600, language)
    if unit == "working_hours":
        return tr(language, "{n} h", n=format_decimal(round(value, 1), locale=locale))
    if unit == "money":
        return str(format_currency(value, currency, locale=locale))
    return str(format_decimal(round(value, 1 if unit in ("number", "mark") else 0), locale=locale))


def seconds_text(seconds: float, language: str) -> str:
    """As people say it: seconds, minutes, hours or days, with one smaller unit."""
    whole = round(seconds)
    if whole < _TWO_MINUTES:
        return tr(language, "{n} seconds", n=whole)
    if whole < _TWO_HOURS and whole % 60 == 0:
        return tr(language, "{n} min", n=whole // 60)
    if whole < _TWO_HOURS:
        return tr(language, "{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)
    if whole < _TWO_DAYS and whole % 3600 < 60:
        return tr(language, "{n} h", n=whole // 3600)
    if whole < _TWO_DAYS:
        return tr(language, "{hours} h {minutes} min", hours=whole // 3600, minutes=whole % 3600 // 60)
    return tr(language, "{days} days {hours} h", days=whole // 86400, hours=whole % 86400 // 3600)


def goal_text(goal: Goal | None, unit: Unit, language: str) -> str:
    if goal is None:
        return "–"
    words = "at least {value}" if goal.at_least else "at most {value}"
    return tr(language, words, value=value_text(goal.value, unit, language))


def change_text(now: float | None, before: float | None, unit: Unit, language: str) -> str:
    """How a figure has moved: points of a share, percent of everything else."""
    if now is None or before is None:
        return "–"
    if unit == "share":
        points = round((now - before) * 100, 1)
        return _moved(points, "up {n} points", "down {n} points", language)
    if not before:
        return "–" if now else tr(language, "unchanged")
    return _moved(round((now / before - 1) * 100, 1), "up {n} %", "down {n} %", language)


def label_of(name: Dimension, value: str, language: str, queues: Mapping[str, str] | None = None) -> str:
    """What a value of a dimension is called; `queues`: names of the desks."""
    if not value:
        return tr(language, NONE_OF_THESE)
    if name == "channel":
        return channel_label(value, language)
    if name == "language":
        return NAMES.get(value, value)
    if name == "queue":
        return (queues or {}).get(value, value)
    if name == "segment":
        return tr(language, SEGMENTS[value]) if value in SEGMENTS else value
    return category_label(value, language) or value


def step_text(day: date, step: Step) -> str:
    """11/3, 11/2–, 2026/11."""
    if step == "month":
        return f"{day.year}/{day.month}"
    return f"{day.month}/{day.day}" + ("–" if step == "week" else "")


def _moved(change: float, up: str, down: str, language: str) -> str:
    if not change:
        return tr(language, "unchanged")
    amount = format_decimal(abs(change), locale=locale_of(language))
    return tr(language, up if change > 0 else down, n=amount)
