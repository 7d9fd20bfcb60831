"""Dates as customers write them, resolved against today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from madoguchi.assistant.understanding import dates_chinese_korean as zh_ko

_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_WORDS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "couple of": 2,
    "a couple of": 2,
}
_JAPANESE_DAYS = (
    ("一昨日|おととい|おとつい", -2),
    ("昨日|きのう|昨夜|昨晩", -1),
    ("今日|本日|きょう|今朝|今晩|今夜", 0),
    ("明後日|あさって", 2),
    ("明日|あした|あす(?!か)|明朝", 1),
)
_ENGLISH_DAYS = (
    ("day before yesterday", -2),
    ("day after tomorrow", 2),
    ("yesterday|last night", -1),
    ("today|tonight|this morning", 0),
    ("tomorrow|tmrw|tmr", 1),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_ERAS = {"令和": 2018, "平成": 1988}

_ISO = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)")
_KANJI_DATE = re.compile(
    r"(?:(?P<era>令和|平成)\s*(?P<ey>\d{1,2}|元)年|(?P<y>(?:19|20)\d\d)年|(?P<rel>去年|昨年|今年|来年)の?)?\s*"
    r"(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"
)
_MONTH_WORD_DATE = re.compile(r"(?P<rel>先々月|先月|今月|来月)の?\s*(?P<d>\d{1,2})\s*日")
_DAY_ONLY = re.compile(
    r"(?<![\d月/年])(?<!月の)(?P<d>\d{1,2})\s*日(?=に|の(?!間|うち|予定だ)|付|着|までに|から(?!も))"
)
_SLASH = re.compile(r"(?<![\d/.-])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])(?![\d/])")
_AGO = re.compile(
    r"(?P<n>\d{1,3}|[一二三四五六七八九十])\s*(?P<unit>日|週間|週|[かヶケカか]月|か月)(?P<way>前|ほど前|くらい前|ぐらい前|も前|後)"
)
_JA_WEEKDAY = re.compile(
    r"(?P<rel>先々週|先週|今週|来週|再来週)?の?\s*(?P<w>[月火水木金土日])曜日?(?P<after>までに|に届けて|に変更)?"
)
_JA_WEEKDAY_SHORT = re.compile(
    r"(?P<rel>先々週|先週|今週|来週|再来週)の?(?P<w>[月火水木金土日])(?!曜|間|本|目|程)"
)
_WEEKS = {"先々週": -2, "先週": -1, "今週": 0, "来週": 1, "再来週": 2}
_EN_AGO = re.compile(
    r"\b(?P<n>\d{1,3}|a couple of|couple of|an?|one|two|three|four|five|six|seven)\s+(?P<unit>days?|weeks?|months?)\s+ago\b"
)
_EN_IN = re.compile(
    r"\bin\s+(?P<n>\d{1,3}|an?|one|two|three|four|five|six|seven)\s+(?P<unit>days?|weeks?)\b(?!\s+ago)"
)
_EN_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y>20\d\d))?", re.I)
_EN_DAY_MONTH = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b(?:,?\s+(?P<y>20\d\d))?", re.I
)
_EN_WEEKDAY = re.compile(rf"\b(?:(?P<rel>last|next|this|by|on)\s+){_WEEKDAY}\b", re.I)


def find_dates(text: str, today: date) -> tuple[date, ...]:
    """Dates in normalised `text`, in the order written, without repeats.

    A date without a year is the one nearest to today. A bare weekday is the most recent one (customers
    tell what happened), unless "by", "next", までに and the like point ahead. Impossible dates are left out.
    """
    found: dict[int, date] = {}
    taken: list[tuple[int, int]] = []
    for start, end, day in _candidates(text.lower(), today):
        if day is None or any(start < e and s < end for s, e in taken):
            continue
        taken.append((start, end))
        found[start] = day
    return tuple(dict.fromkeys(found[start] for start in sorted(found)))


def _candidates(text: str, today: date) -> Iterator[tuple[int, int, date | None]]:
    """Most explicit form first; the caller drops what overlaps an earlier one."""
    for m in _ISO.finditer(text):
        yield *m.span(), _make(int(m["y"]), int(m["m"]), int(m["d"]))
    for m in _KANJI_DATE.finditer(text):
        yield *m.span(), _kanji_date(m, today)
    for m in _MONTH_WORD_DATE.finditer(text):
        months = {"先々月": -2, "先月": -1, "今月": 0, "来月": 1}[m["rel"]]
        yield *m.span(), _in_month(today, months, int(m["d"]))
    for m in (*_EN_MONTH_DAY.finditer(text), *_EN_DAY_MONTH.finditer(text)):
        month = _MONTHS.index(m["month"][:3].lower()) + 1
        yield (
            *m.span(),
            _make(int(m["y"]), month, int(m["d"])) if m["y"] else _nearest(today, month, int(m["d"])),
        )
    for m in _AGO.finditer(text):
        yield *m.span(), _shifted(today, m["n"], m["unit"], -1 if m["way"].endswith("前") else 1)
    for m in _EN_AGO.finditer(text):
        yield *m.span(), _shifted(today, m["n"], m["unit"], -1)
    for m in _EN_IN.finditer(text):
        yield *m.span(), _shifted(today, m["n"], m["unit"], 1)
    for pattern, days in (*_JAPANESE_DAYS, *_ENGLISH_DAYS):
        for m in re.finditer(pattern, text):
            yield *m.span(), _move(today, days)
    for m in (*_JA_WEEKDAY.finditer(text), *_JA_WEEKDAY_SHORT.finditer(text)):
        weekday = "月火水木金土日".index(m["w"])
        ahead = bool(m.groupdict().get("after"))
        yield *m.span(), _weekday(today, weekday, _WEEKS.get(m["rel"] or ""), ahead)
    for m in _EN_WEEKDAY.finditer(text):
        yield *m.span(), _english_weekday(today, _WEEKDAYS.index(m["weekday"][:3].lower()), m["rel"].lower())
    for m in _SLASH.finditer(text):
        yield *m.span(), _nearest(today, int(m["m"]), int(m["d"]))
    for m in _DAY_ONLY.finditer(text):
        yield *m.span(), _recent_day_of_month(today, int(m["d"]), ahead=text.startswith("までに", m.end()))
    yield from zh_ko.candidates(text, today, _nearest, _in_month)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _move(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def _nearest(today: date, month: int, day: int) -> date | None:
    years = (
        _make(today.year + offset, month, day) for offset in (-1, 0, 1) if 1 <= today.year + offset <= 9999
    )
    possible = [d for d in years if d is not None]
    return min(possible, key=lambda d: abs((d - today).days), default=None)


def _kanji_date(m: re.Match[str], today: date) -> date | None:
    month, day = int(m["m"]), int(m["d"])
    if m["era"]:
        return _make(_ERAS[m["era"]] + (1 if m["ey"] == "元" else int(m["ey"])), month, day)
    if m["y"]:
        return _make(int(m["y"]), month, day)
    if m["rel"]:
        return _make(today.year + {"去年": -1, "昨年": -1, "今年": 0, "来年": 1}[m["rel"]], month, day)
    return _nearest(today, month, day)


def _in_month(today: date, months: int, day: int) -> date | None:
    index = today.year * 12 + today.month - 1 + months
    return _make(index // 12, index % 12 + 1, day)


def _shifted(today: date, number: str, unit: str, sign: int) -> date | None:
    count = _NUMERALS.get(number) or _WORDS.get(number) or int(number)
    if unit.startswith(("日", "day")):
        return _move(today, sign * count)
    if unit.startswith(("週", "week")):
        return _move(today, sign * 7 * count)
    return _in_month(today, sign * count, min(today.day, 28))


def _weekday(today: date, weekday: int, weeks: int | None, ahead: bool) -> date | None:
    if weeks is not None:
        return _move(today, weekday - today.weekday() + 7 * weeks)
    if ahead:
        return _move(today, (weekday - today.weekday()) % 7)
    return _move(today, -((today.weekday() - weekday) % 7))


def _english_weekday(today: date, weekday: int, relation: str) -> date | None:
    if relation == "on":
        return _weekday(today, weekday, None, ahead=False)
    if relation == "last":
        return _move(today, -((today.weekday() - weekday - 1) % 7 + 1))
    if relation == "next":
        return _move(today, (weekday - today.weekday() - 1) % 7 + 1)
    return _weekday(today, weekday, None, ahead=True)


def _recent_day_of_month(today: date, day: int, *, ahead: bool) -> date | None:
    this_month = _in_month(today, 0, day)
    if ahead:
        return this_month if this_month and this_month >= today else _in_month(today, 1, day)
    return this_month if this_month and this_month <= today else _in_month(today, -1, day)
