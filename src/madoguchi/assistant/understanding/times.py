"""Times of the day and spans from now, as customers say them: 14:30, 午後3時, 3pm, 下午三点, 오후 3시, in two hours."""

from __future__ import annotations

import re

_NUMBERS = {
    "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12,
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "열한": 11, "열두": 12,
}  # fmt: skip
_N = r"(?P<h>\d{1,2}|十[一二]?|[一二两兩三四五六七八九]|열[한두]?|한|두|세|네|다섯|여섯|일곱|여덟|아홉)"
_CLOCK = re.compile(
    r"(?P<am>午前|上午|早上|오전|아침)?(?P<pm>午後|下午|晚上|夜の?|夕方の?|오후|저녁|밤)?\s?(?<![\d:/-])(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?![\d:])\s?(?P<tail>am|pm|a\.m\.|p\.m\.)?",
    re.I,
)
_WORDED = re.compile(
    rf"(?P<am>午前|上午|早上|清晨|오전|아침|朝の?)?(?P<pm>午後|下午|晚上|夜の?|夕方の?|오후|저녁|밤)?\s?(?<!\d){_N}\s?(?:時(?!間)|点(?!了?进|击|開|开|数|儿|[ぁ-んァ-ン])|點(?!了?進|擊|開|數)|시(?!간|작|켰))(?:(?P<half>半|반)|\s?(?P<m>[0-5]?\d)\s?(?:分|분))?(?P<tail>)"
)
_ENGLISH = re.compile(
    r"\b(?P<h>1[0-2]|0?[1-9])(?:[:.](?P<m>[0-5]\d))?\s?(?P<tail>am|pm|a\.m\.|p\.m\.)(?![a-z])|\b(?P<noon>noon|midday|midnight)\b",
    re.I,
)
_SPAN = re.compile(
    r"(?:\bin\s+(?P<e>\d{1,2}|an?|one|two|three|four|five|six)\s+(?P<eu>hours?|minutes?|mins?)\b)|(?P<j>\d{1,2}|[一二三四五六])\s?(?P<ju>時間|分)後|(?P<z>\d{1,2}|[一二两兩三四五六])\s?(?:个|個)?(?P<zu>小时|小時|分钟|分鐘)(?:后|後|以后|之后)|(?P<k>\d{1,2}|한|두|세|네)\s?(?P<ku>시간|분)\s?(?:뒤|후)"
)


def find_times(text: str) -> tuple[str, ...]:
    """In normalised text: `HH:MM`, and `PT2H` or `PT30M` for a span from now; in the order written."""
    found: list[tuple[int, str]] = []
    taken: list[tuple[int, int]] = []
    for m in (
        *_SPAN.finditer(text),
        *_CLOCK.finditer(text),
        *_WORDED.finditer(text),
        *_ENGLISH.finditer(text),
    ):
        if any(m.start() < end and start < m.end() for start, end in taken):
            continue
        told = _span(m) if m.re is _SPAN else _time(m)
        if told:
            taken.append(m.span())
            found.append((m.start(), told))
    return tuple(dict.fromkeys(told for _, told in sorted(found)))


def _span(m: re.Match[str]) -> str:
    number = m["e"] or m["j"] or m["z"] or m["k"]
    unit = m["eu"] or m["ju"] or m["zu"] or m["ku"]
    minutes = unit.startswith(("min", "分", "분"))
    return f"PT{_count(number)}{'M' if minutes else 'H'}"


def _time(m: re.Match[str]) -> str | None:
    groups = m.groupdict()
    if groups.get("noon"):
        return "00:00" if groups["noon"].lower() == "midnight" else "12:00"
    hour, minute = _count(groups["h"]), 30 if groups.get("half") else int(groups.get("m") or 0)
    tail = (groups.get("tail") or "").lower()
    afternoon, morning = (
        bool(groups.get("pm")) or tail.startswith("p"),
        bool(groups.get("am")) or tail.startswith("a"),
    )
    if afternoon and hour < 12:
        hour += 12
    if morning and hour == 12:
        hour = 0
    return f"{hour % 24:02d}:{minute:02d}" if hour <= 24 else None


def _count(text: str) -> int:
    return _NUMBERS[text.lower()] if text.lower() in _NUMBERS else int(text)
