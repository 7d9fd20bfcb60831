"""The facts in a message: numbers, addresses, amounts, dates, quantities, places in a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import phonenumbers

from madoguchi.assistant.understanding.counts import quantities
from madoguchi.assistant.understanding.dates import find_dates
from madoguchi.assistant.understanding.money import Amount, find_amounts
from madoguchi.assistant.understanding.places import places
from madoguchi.assistant.understanding.references import (
    OrderNumberMask,
    find_case_numbers,
    find_order_numbers,
    find_tracking_numbers,
)
from madoguchi.kit import text as kit_text

_NUMERALS = {
    "一": 1,
    "二": 2,
    "両": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_JAPANESE_COUNTS = {
    "ひとつ": 1,
    "ふたつ": 2,
    "みっつ": 3,
    "よっつ": 4,
    "いつつ": 5,
    "むっつ": 6,
    "ななつ": 7,
    "やっつ": 8,
    "ここのつ": 9,
}
_ENGLISH_COUNTS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "both": 2,
    "a dozen": 12,
}
_ENGLISH_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "top": 1,
    "bottom": -1,
    "last": -1,
    "latest": 1,
    "newest": 1,
    "final": -1,
}
_COUNTERS = "個|コ|ヶ|ケ(?!ー)|台|本(?!人|日|当|体|物|社)|枚|冊|(?<!多一)(?<!少一)(?<!慢一)(?<!快一)(?<!早一)(?<!大一)(?<!小一)点(?!検|灯|滅)|箱|袋|セット|着(?!信|払)|足|缶|組|双|ダース|パック|つ"

_SPACES = re.compile(r"\s+")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'、。」』）)]+", re.I)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
)
_PHONE = re.compile(
    r"(?<![A-Za-z0-9+-])(?:\+\d{1,3}[\s-]?(?:\(0\)\s?)?\d(?:[\s-]?\d){6,12}|\(?0\d{1,4}\)?[\s-]?\d{1,4}[\s-]?\d{3,4})(?![\d-])"
    r"|(?<![A-Za-z0-9+.,-])(?:1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|\(?[2-9]\d{2}\)?[\s.-]\d{3}[\s.-]\d{4})(?![\d-])"
)
_REGIONS = {
    "ja": ("JP",),
    "en": ("US", "GB", "AU"),
    "zh-Hans": ("CN",),
    "zh-Hant": ("TW", "HK"),
    "ko": ("KR",),
}
_POSTAL = re.compile(r"〒\s*(\d{3})[\s-]?(\d{4})(?!\d)|(?<![\d-])(\d{3})-(\d{4})(?![\d-])")
_CODE = re.compile(r"(?<![A-Za-z0-9.,-])\d{6}(?![\d.,-]|\s*(?:円|ドル|ウォン|元|yen|jpy|won|個|日))", re.I)
_SPACED_CODE = re.compile(r"\s*(\d{3})[\s-](\d{3})\s*")
_QUANTITY = re.compile(
    rf"(?<![\d.,])(?P<n>\d{{1,4}}|[一二三四五六七八九十両])(?:{_COUNTERS})(?!目|星|月|も(?:届|来|な|使))"
)
_JAPANESE_COUNT_WORD = re.compile(rf"(?P<w>{'|'.join(_JAPANESE_COUNTS)})(?!目|前|も(?:届|来|な))")
_ENGLISH_QUANTITY = re.compile(
    r"\b(?P<n>\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|both|a dozen)\s+"
    r"(?:of\s+(?:them|these|those|it|the|each)|pieces?|pcs|units?|items?|copies|boxes|pairs?|packs?|sets?)\b"
    r"|\b(?:(?:qty|quantity)\s*(?:is|of|:|=|to)?|(?:make|change) (?:it|that|them)(?: to)?)\s*(?P<q>\d{1,4})\b|(?<![\w.])(?:x|×)\s?(?P<x>\d{1,3})\b",
    re.I,
)
_JAPANESE_ORDINAL = re.compile(
    r"(?P<under>下から)?(?:上から)?(?P<n>\d{1,2}|[一二三四五六七八九十])\s*(?:番目|つ目|個目|件目|点目|本目|番(?!号|組|地|台|線|上|下|初|最|後|新)|行目|つめ|ばんめ)"
)
_JAPANESE_FIRST = re.compile(
    r"[一1]番(?:上|初め|はじめ|最初|新しい)|いちばん(?:うえ|上|新しい)|(?:最初|先頭|トップ)の(?!頃|うち|段階|説明|連絡)|(?<!し)ひとつ(?:目|め)|最新の(?:もの|注文|やつ|ほう|方)"
)
_JAPANESE_SECOND = re.compile(r"ふたつ(?:目|め)")
_JAPANESE_LAST = re.compile(
    r"[一1]番(?:下|最後|後ろ)|いちばん(?:した|下|最後)|最後の(?:もの|やつ|注文|商品|ほう|方|1つ|一つ|を|で|$)|末尾"
)
_LIST_NOUN = r"(?:one|order|item|option|product|package|parcel|line|choice|entry|in the list|on the list)"
_ENGLISH_ORDINAL = re.compile(
    rf"\b(?:the\s+)?(?P<w>{'|'.join(_ENGLISH_ORDINALS)}|\d{{1,2}}th)\s+{_LIST_NOUN}\b|(?:number|option|no\.|#)\s?(?P<n>[1-9]\d?)(?!\d|[\w-])",
    re.I,
)
_WHOLE_ENGLISH_ORDINAL = re.compile(
    rf"(?:it'?s\s+|i mean\s+|i want\s+|no,?\s+)?(?:the\s+)?(?:very\s+)?(?P<w>{'|'.join(_ENGLISH_ORDINALS)})(?:\s+please)?[.!]?",
    re.I,
)
_WHOLE_NUMBER = re.compile(r"[\[(「]?(\d{1,2})[\])」]?\s*(?:番|です|で|で?お願いします|please|\.)?")
_ENGLISH_NUMBER_WORD = re.compile(
    r"(?:just\s+|only\s+)?(one|two|three|four|five|six|seven|eight|nine|ten)(?:\s+please)?[.!]?", re.I
)


@dataclass(frozen=True)
class Entities:
    """What a message mentions, each in the order written. A bare "2" is both a quantity and a place in a list:
    the open question decides which was meant. Places count from 1; from the end they are negative (last = -1).
    """

    order_numbers: tuple[str, ...] = ()
    partial_order_numbers: tuple[str, ...] = ()
    case_numbers: tuple[str, ...] = ()
    tracking_numbers: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    postal_codes: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    dates: tuple[date, ...] = ()
    quantities: tuple[int, ...] = ()
    ordinals: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


def find_entities(
    text: str, today: date, mask: OrderNumberMask, pattern: re.Pattern[str], language: str = "ja"
) -> Entities:
    """Everything in one message; each piece of text is read as one thing only, the most specific first."""
    text = _SPACES.sub(" ", kit_text.normalise(text))
    urls, text = _take(_URL, text)
    emails, text = _take(_EMAIL, text)
    tracking, places = find_tracking_numbers(text)
    text = _blank(text, places)
    orders = find_order_numbers(text, mask, pattern)
    text = _blank(text, orders.spans)
    cases = find_case_numbers(text)
    text = kit_text.ascii_hyphens(text)
    phones, text = _phones(text, language)
    postal_codes, text = _postal_codes(text)
    codes = _codes(text)
    return Entities(
        order_numbers=orders.whole,
        partial_order_numbers=orders.partial,
        case_numbers=cases,
        tracking_numbers=tracking,
        emails=tuple(email.lower() for email in emails),
        phones=phones,
        postal_codes=postal_codes,
        amounts=find_amounts(text, language),
        dates=find_dates(text, today),
        quantities=_quantities(text, language),
        ordinals=_ordinals(text),
        codes=codes,
        urls=tuple(url.rstrip(".,!?;:") for url in urls),
    )


def _blank(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + "\n" + text[end:]
    return text


def _take(pattern: re.Pattern[str], text: str) -> tuple[tuple[str, ...], str]:
    found = tuple(pattern.finditer(text))
    return tuple(dict.fromkeys(m[0] for m in found)), _blank(text, tuple(m.span() for m in found))


def _phones(text: str, language: str) -> tuple[tuple[str, ...], str]:
    found = [(m, re.sub(r"[^\d+]", "", m[0].replace("(0)", ""))) for m in _PHONE.finditer(text)]
    good = [(m, n) for m, n in found if _is_phone(n, language)]
    return tuple(dict.fromkeys(n for _, n in good)), _blank(text, tuple(m.span() for m, _ in good))


def _is_phone(number: str, language: str) -> bool:
    """Abroad or at home by its length; without the 0 in front only what is valid in a country of the language."""
    if number.startswith("+") or (number.startswith("0") and len(number) in (10, 11)):
        return True
    return any(_is_valid(number, region) for region in _REGIONS[language])


def _is_valid(number: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _postal_codes(text: str) -> tuple[tuple[str, ...], str]:
    found = tuple(_POSTAL.finditer(text))
    codes = tuple(dict.fromkeys(f"{m[1] or m[3]}-{m[2] or m[4]}" for m in found))
    return codes, _blank(text, tuple(m.span() for m in found))


def _codes(text: str) -> tuple[str, ...]:
    spaced = _SPACED_CODE.fullmatch(text)
    if spaced:
        return (spaced[1] + spaced[2],)
    return tuple(dict.fromkeys(m[0] for m in _CODE.finditer(text)))


def _quantities(text: str, language: str) -> tuple[int, ...]:
    found = [(m.start(), _numeral(m["n"])) for m in _QUANTITY.finditer(text)]
    found += [(m.start(), _JAPANESE_COUNTS[m["w"]]) for m in _JAPANESE_COUNT_WORD.finditer(text)]
    for m in _ENGLISH_QUANTITY.finditer(text):
        typed = (m["n"] or m["q"] or m["x"]).lower()
        found.append((m.start(), _ENGLISH_COUNTS.get(typed) or int(typed)))
    known = {at for at, _ in found}
    found += [(at, count) for at, count in quantities(text, language) if at not in known]
    if not found:
        alone = _alone(text)
        return (alone,) if alone else ()
    return tuple(quantity for _, quantity in sorted(found))


def _ordinals(text: str) -> tuple[int, ...]:
    found: list[tuple[int, int]] = []
    for m in _JAPANESE_ORDINAL.finditer(text):
        place = _numeral(m["n"])
        found.append((m.start(), -place if m["under"] else place))
    for pattern, place in ((_JAPANESE_FIRST, 1), (_JAPANESE_SECOND, 2), (_JAPANESE_LAST, -1)):
        found += [(m.start(), place) for m in pattern.finditer(text)]
    found += places(text)
    for m in _ENGLISH_ORDINAL.finditer(text):
        word = (m["w"] or m["n"]).lower()
        found.append((m.start(), _ENGLISH_ORDINALS.get(word) or int(re.sub(r"\D", "", word))))
    whole = _WHOLE_ENGLISH_ORDINAL.fullmatch(text.strip())
    if whole and not found:
        found.append((0, _ENGLISH_ORDINALS[whole["w"].lower()]))
    if not found:
        alone = _alone(text)
        return (alone,) if alone else ()
    return tuple(dict.fromkeys(place for _, place in sorted(found)))


def _alone(text: str) -> int | None:
    """The number, where the message is nothing else."""
    digits = _WHOLE_NUMBER.fullmatch(text.strip())
    if digits:
        return int(digits[1]) or None
    word = _ENGLISH_NUMBER_WORD.fullmatch(text.strip())
    return _ENGLISH_COUNTS[word[1].lower()] if word else None


def _numeral(text: str) -> int:
    return _NUMERALS[text] if text in _NUMERALS else int(text)
