"""Dates as Chinese and Korean speakers write them, resolved against today. Part of `dates`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

_NUMERALS = {"一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
             "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "열흘": 10, "일": 1, "한": 1, "두": 2, "세": 3, "네": 4}  # fmt: skip
_DAYS = (
    ("大前天", -3), ("前天", -2), ("昨天|昨日|昨晚|昨夜", -1), ("今天|今日(?!も)|今早|今晚|今晨", 0), ("明天|明早|明晚", 1), ("后天|後天", 2), ("大后天|大後天", 3),
    ("그저께|그제|엊그제", -2), ("어제|어젯밤|간밤", -1), ("오늘|오늘밤", 0), ("내일 ?모레|모레", 2), ("내일", 1), ("글피", 3),
)  # fmt: skip
_WEEKS_ZH = {"上上": -2, "上": -1, "这": 0, "這": 0, "本": 0, "下": 1, "下下": 2}
_WEEKDAY_ZH = re.compile(
    r"(?P<rel>上上|下下|上|这|這|本|下)?(?:个|個)?(?:周|週|星期|礼拜|禮拜)(?P<w>[一二三四五六日天])(?P<after>之?前(?:到|要|能|送|收))?"
)
_AGO_ZH = re.compile(
    r"(?P<n>\d{1,3}|[一二两兩三四五六七八九十])\s*(?:个|個)?(?P<unit>天|日|周|週|星期|礼拜|禮拜|月)(?:之)?(?P<way>前|以前|后|後|以后|以後)"
)
_DAY_ZH = re.compile(
    r"(?P<rel>上上个月|上上個月|上个月|上個月|上月|这个月|這個月|本月|下个月|下個月|下月)(?:的)?\s*(?P<d>\d{1,2})\s*(?:号|號|日)"
)
_MONTH_DAY_ZH = re.compile(r"(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})(?:号|號)")
_ONLY_DAY_ZH = re.compile(r"(?<![\d月第])(?P<d>[12]?\d|3[01])(?:号|號)(?![码碼楼樓线線店])")
_WEEKS_KO = {"지지난주": -2, "저저번주": -2, "지난주": -1, "저번주": -1, "지난": -1, "이번주": 0, "이번": 0, "다음주": 1, "담주": 1, "다음": 1, "다다음주": 2}  # fmt: skip
_WEEKDAY_KO = re.compile(
    r"(?P<rel>지지난\s?주|저저번\s?주|지난\s?주|저번\s?주|이번\s?주|다다음\s?주|다음\s?주|담주|지난|이번|다음)?\s*(?P<w>[월화수목금토일])요일(?P<after>까지|전까지)?"
)
_AGO_KO = re.compile(
    r"(?P<n>\d{1,3}|하루|이틀|사흘|나흘|열흘|일|한|두|세|네)\s*(?P<unit>일|주일|주|개월|달|)\s*(?:쯤|정도)?\s*(?P<way>전|뒤|후)(?!화|체|까지)"
)
_MONTH_DAY_KO = re.compile(r"(?:(?P<y>20\d\d)년\s*)?(?P<m>\d{1,2})월\s*(?P<d>\d{1,2})일")
_DAY_KO = re.compile(r"(?P<rel>지지난\s?달|지난\s?달|저번\s?달|이번\s?달|다음\s?달)\s*(?P<d>\d{1,2})일")

Candidate = tuple[int, int, date | None]


def candidates(
    text: str,
    today: date,
    nearest: Callable[[date, int, int], date | None],
    in_month: Callable[[date, int, int], date | None],
) -> Iterator[Candidate]:
    """Most explicit form first."""
    for pattern in (_MONTH_DAY_ZH, _MONTH_DAY_KO):
        for m in pattern.finditer(text):
            month, day = int(m["m"]), int(m["d"])
            yield *m.span(), _of_year(int(m["y"]), month, day) if m["y"] else nearest(today, month, day)
    for m in _DAY_ZH.finditer(text):
        months = m["rel"].count("下") - m["rel"].count("上")
        yield *m.span(), in_month(today, months, int(m["d"]))
    for m in _DAY_KO.finditer(text):
        rel = m["rel"].replace(" ", "")
        months = {"지지난달": -2, "지난달": -1, "저번달": -1, "이번달": 0, "다음달": 1}[rel]
        yield *m.span(), in_month(today, months, int(m["d"]))
    for m in _AGO_ZH.finditer(text):
        yield *m.span(), _shifted(today, m["n"], m["unit"], -1 if "前" in m["way"] else 1, in_month)
    for m in _AGO_KO.finditer(text):
        if m["unit"] or m["n"] in ("하루", "이틀", "사흘", "나흘", "열흘"):
            yield (
                *m.span(),
                _shifted(today, m["n"], m["unit"] or "일", -1 if m["way"] == "전" else 1, in_month),
            )
    for pattern_text, days in sorted(_DAYS, key=lambda pair: -len(pair[0])):
        for m in re.finditer(pattern_text, text):
            yield *m.span(), _move(today, days)
    for m in _WEEKDAY_ZH.finditer(text):
        weekday = "一二三四五六日天".index(m["w"]) % 7 if m["w"] != "天" else 6
        yield *m.span(), _weekday(today, weekday, _WEEKS_ZH.get(m["rel"] or ""), ahead=bool(m["after"]))
    for m in _WEEKDAY_KO.finditer(text):
        weeks = _WEEKS_KO.get((m["rel"] or "").replace(" ", ""))
        yield *m.span(), _weekday(today, "월화수목금토일".index(m["w"]), weeks, ahead=bool(m["after"]))
    for m in _ONLY_DAY_ZH.finditer(text):
        this_month = in_month(today, 0, int(m["d"]))
        yield (
            *m.span(),
            this_month if this_month and this_month <= today else in_month(today, -1, int(m["d"])),
        )


def _of_year(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _move(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def _shifted(
    today: date, number: str, unit: str, sign: int, in_month: Callable[[date, int, int], date | None]
) -> date | None:
    count = _NUMERALS[number] if number in _NUMERALS else int(number)
    if unit in ("月", "개월", "달"):
        return in_month(today, sign * count, min(today.day, 28))
    return _move(today, sign * count * (1 if unit in ("天", "日", "일") else 7))


def _weekday(today: date, weekday: int, weeks: int | None, ahead: bool) -> date | None:
    if weeks is not None:
        return _move(today, weekday - today.weekday() + 7 * weeks)
    return _move(today, (weekday - today.weekday()) % 7 if ahead else -((today.weekday() - weekday) % 7))
