"""Amounts of money as customers write them, in digits, Chinese numerals or Korean units."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "両": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
           "일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000, "십": 10, "백": 100, "천": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "만": 10_000, "억": 100_000_000, "億": 100_000_000, "亿": 100_000_000}
_NUMERAL = re.compile(r"\d[\d,]*(?:\.\d+)?|.")
_PLAIN = r"\d[\d,]{0,14}(?:\.\d{1,4})?"
_MIXED = rf"(?:{_PLAIN}|[一二三四五六七八九两兩〇零])(?:\s?[十百千万萬億亿만천백십억](?:\s?(?:\d[\d,]{{0,6}}|[一二三四五六七八九〇零]))?)*|[十百千万萬](?:[一二三四五六七八九]?[十百千万萬]?){{0,4}}|[일이삼사오육칠팔구]?[십백천만](?:[일이삼사오육칠팔구]?[십백천만]?){{0,5}}(?=\s?원)"
_WORDS = {
    "five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "a hundred": 100, "one hundred": 100, "two hundred": 200,
    "three hundred": 300, "five hundred": 500, "a thousand": 1000, "one thousand": 1000,
}  # fmt: skip

_BEFORE = (
    ("USD", r"us\$|usd\s?|美金|美元"),
    ("TWD", r"nt\$|nt\s?\$?(?=\s?\d)|twd\s?|新台币|新台幣|新臺幣|台币|台幣"),
    ("HKD", r"hk\$|hkd\s?|港币|港幣"),
    ("CNY", r"rmb\s?|cny\s?|人民币|人民幣"),
    ("KRW", r"₩|krw\s?"),
    ("EUR", r"€|eur\s?"),
    ("GBP", r"£|gbp\s?"),
    ("JPY", r"[¥￥]|jpy\s?|日币|日幣|日圆|日圓"),
    ("USD", r"\$"),
)
_AFTER = (
    ("JPY", r"円|yen\b|jpy\b|日元|日币|日幣|日圆|日圓|엔(?![가-힣])"),
    ("USD", r"dollars?\b|bucks\b|usd\b|ドル|どる|美元|美金|달러|불(?=[\s.,에이을]|$)"),
    ("EUR", r"euros?\b|eur\b|€|ユーロ|欧元|歐元|유로"),
    ("GBP", r"pounds?\b|quid\b|gbp\b|£|ポンド|英镑|英鎊|파운드"),
    ("KRW", r"won\b|krw\b|ウォン|원(?!래|하|칙|본|단|피|정|산지)|韩元|韓元|韓幣|韩币"),
    ("TWD", r"nt\b|ntd\b|twd\b|台币|台幣|新台币|新台幣|台湾ドル|元台币|元台幣"),
    ("HKD", r"hkd\b|港币|港幣|港元"),
    ("CNY", r"rmb\b|cny\b|人民币|人民幣|元人民币|人民元|위안"),
    (
        "?",
        r"元(?!旦|气|氣|素)|块(?!蛋糕|巧克力|布|砖|表|地|电|硬|屏|肥|香|玻璃)|塊(?!蛋糕|巧克力|布|磚|地|電|硬|螢|肥|香|玻璃)",
    ),
)
_OF_CHINESE = {"zh-Hans": "CNY", "zh-Hant": "TWD"}


@dataclass(frozen=True)
class Amount:
    """Whole minor units (yen, cents) of an ISO 4217 currency, as the customer stated it."""

    minor: int
    currency: str

    @property
    def major(self) -> int | float:
        if self.currency in _WITHOUT_CENTS:
            return self.minor
        return self.minor // 100 if self.minor % 100 == 0 else self.minor / 100


_WITHOUT_CENTS = frozenset(("JPY", "KRW"))
_SIGNED = re.compile(
    "(?:"
    + "|".join(f"(?P<s{i}>{pattern})" for i, (_, pattern) in enumerate(_BEFORE))
    + rf")\s?(?P<n>{_MIXED})(?:\s?(?P<after>{'|'.join(pattern for _, pattern in _AFTER)}))?",
    re.I,
)
_NAMED = re.compile(
    rf"(?<![\d,.])(?P<n>{_MIXED}|(?<![a-z])(?:{'|'.join(_WORDS)})(?![a-z]))\s?(?:"
    + "|".join(f"(?P<a{i}>{pattern})" for i, (_, pattern) in enumerate(_AFTER))
    + ")",
    re.I,
)
_YEN_MYRIADS = re.compile(
    r"(?<![\d,.])(?P<n>\d[\d,.]{0,8}\s?万(?:\s?\d[\d,]{0,6}\s?千?)?)(?![人個件台本枚年回円元台])"
)


def find_amounts(text: str, language: str) -> tuple[Amount, ...]:
    """In normalised `text`, in the order written, without repeats. 元 is the money of the writer's country."""
    found: list[tuple[int, Amount]] = []
    taken: list[tuple[int, int]] = []
    for m in (*_SIGNED.finditer(text), *_NAMED.finditer(text)):
        if any(m.start() < end and start < m.end() for start, end in taken):
            continue
        currency = _currency(m, language)
        number = _WORDS.get(m["n"].lower()) or read_number(m["n"])
        if number is not None:
            taken.append(m.span())
            found.append((m.start(), _amount(number, currency)))
    if language == "ja":
        for m in _YEN_MYRIADS.finditer(text):
            number = read_number(m["n"])
            if number is not None and not any(m.start() < end and start < m.end() for start, end in taken):
                found.append((m.start(), _amount(number, "JPY")))
    return tuple(dict.fromkeys(amount for _, amount in sorted(found, key=lambda pair: pair[0])))


def read_number(text: str) -> float | None:
    """`1万2千`, `三千五百`, `3만5천`, `12,000`; None where it is no number."""
    total = section = 0.0
    digit: float | None = None
    for token in _NUMERAL.findall(re.sub(r"\s", "", text)):
        if token[0].isdigit() and token[0].isascii():
            digit = float(token.replace(",", ""))
        elif token in _DIGITS:
            digit = (digit or 0) * 10 + _DIGITS[token]
        elif token in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[token]
            digit = None
        elif token in _MYRIADS:
            section += digit or 0
            total += (section or 1) * _MYRIADS[token]
            section, digit = 0.0, None
        else:
            return None
    return total + section + (digit or 0)


def _currency(m: re.Match[str], language: str) -> str:
    groups = m.groupdict()
    for prefix, names in (("s", _BEFORE), ("a", _AFTER)):
        for index, (currency, _) in enumerate(names):
            if groups.get(f"{prefix}{index}"):
                return _OF_CHINESE.get(language, "CNY") if currency == "?" else currency
    raise AssertionError("an amount without a currency")


def _amount(number: float, currency: str) -> Amount:
    return Amount(round(number if currency in _WITHOUT_CENTS else number * 100), currency)
