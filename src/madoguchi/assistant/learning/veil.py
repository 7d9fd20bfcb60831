"""What a customer wrote without what is theirs: names, addresses, numbers, amounts, dates become placeholders. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from madoguchi.counter.contacts.redaction import CARD, SECRET
from madoguchi.kit import text as kit_text

_LONGEST = 600
_PLACEHOLDER = re.compile(r"\{(?:name|mail|link|address|number|amount|date)\}")
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―ー−_・･.,，()（）/\u3000]")
_LETTERS = re.compile(r"[^\W\d_]+")
_HAN = "一-龯々〆ヶ"
_NUMBER_AT_LEAST = 4

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_STREETS = "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Square|Close"
_NUMERAL = "一二三四五六七八九十百千万億萬两兩"
_MONEY = "円|ドル|ユーロ|ウォン|元|块|塊|원|yen|jpy|dollars?|usd|euros?|eur|pounds?|gbp|won|krw|bucks"

# What is theirs by its shape, whoever they are; in this order, so that a date is not taken for a number.
_WITHIN = re.compile(r"(?:https?://|www\.)[^\s<>\"'、。」』）)]+", re.I)
_MAIL = re.compile(r"[^\s@<>「」『』、。,;:()]{1,64}@[\w.-]*\w", re.I)
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "name",
        re.compile(
            rf"(?:(?<=私は)|(?<=わたしは)|(?<=名前は)|(?<=氏名は)|(?<=名義は)|(?<![{_HAN}ァ-ヶー]))"
            rf"(?:[{_HAN}]{{1,6}}|[ァ-ヶー]{{2,12}}|[A-Za-z]{{2,20}})(?:[ 　](?:[{_HAN}]{{1,4}}|[ァ-ヶー]{{2,12}}|[A-Za-z]{{2,20}}))?"
            r"(?=(?:と|って)(?:申し|もうし|言い|いい)ます|と申す)"
        ),
    ),
    ("name", re.compile(r"(?<=名前は|氏名は|名義は)[^\s、。,.!?{}]{1,16}?(?=です|で、|になって|と|、|。|$)")),
    (
        "name",
        re.compile(
            r"\b(?:(?i:(?<=my name is )|(?<=my name's )|(?<=name: ))|(?:(?i:(?<=this is ))|(?<=I am )|(?<=I'm ))(?=[A-Z]))"
            r"[A-Za-z][\w'’-]+(?: [A-Z][\w'’-]+){0,3}"
        ),
    ),
    ("name", re.compile(rf"(?<=我叫|我是)[{_HAN}]{{2,4}}(?=[,，。.\s]|$)|(?<=姓名[:是])[{_HAN}]{{2,4}}")),
    ("name", re.compile(r"(?:(?<=저는 )|(?<=이름은 ))[가-힣]{2,4}(?=이고|입니다|이에요|예요|라고)")),
    (
        "date",
        re.compile(
            r"(?<!\d)(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d)日?"
            r"|(?:(?<!\d)\d{2,4}\s?[年년]\s?)?(?<!\d)\d{1,2}\s?[月월]\s?\d{1,2}\s?[日号號일]?"
            r"|(?<!\d)\d{1,2}日(?![間後以前目内])|(?<![\d/.-])\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d/])|(?<!\d)\d{1,2}:\d{2}(?!\d)"
            rf"|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b(?:,?\s+\d{{4}})?",
            re.I,
        ),
    ),
    (
        "amount",
        re.compile(
            rf"[¥￥$€£₩]\s?\d[\d,.]*(?:\s?[{_NUMERAL}]+)?|\d[\d,.]*\s?[{_NUMERAL}만천백]*\s?(?:{_MONEY})|[{_NUMERAL}]+円",
            re.I,
        ),
    ),
    (
        "address",
        re.compile(
            rf"(?:東京都|北海道|京都府|大阪府|[{_HAN}]{{2,3}}県)[{_HAN}ァ-ヶーA-Za-z0-9{{}}-]+(?:[のノ]\d+)*"
            rf"|[{_HAN}]{{1,8}}[市区郡町村][{_HAN}ァ-ヶー]*\d+[{_HAN}ァ-ヶーA-Za-z0-9-]*"
            r"|\d{1,3}丁目[\d番地号の-]*|\d{1,4}番地?\d*号?(?:の\d+)?|\d{1,4}号室|(?<![\d-])\d{1,3}-\d{1,3}-\d{1,3}(?![\d-])"
            r"|〒\s?\d{3}[\s-]?\d{0,4}"
            rf"|\b\d{{1,5}}[A-Za-z]?\s(?:[A-Z][\w']*\s){{1,3}}(?:{_STREETS})\b\.?|\b(?i:apt|apartment|flat|unit|suite)\.?\s?#?\d+\w?"
            r"|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"
            rf"|[{_HAN}]{{1,12}}(?:路|街|巷|弄|大道)[{_HAN}\d]{{0,8}}\d+[号號弄室楼樓]?[{_HAN}\d-]*"
            r"|[가-힣]+(?:로|길|동)\s?\d+[-\d]*(?:번지|호|번길)?"
        ),
    ),
)
_DIGITS = re.compile(r"[+(]?\d(?:[\s().ー–—‐/-]{0,2}\d)+\)?")
_CODE = re.compile(r"#?[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")


@dataclass(frozen=True)
class Own:
    """What we know of a customer: it is taken out wherever and however it is written."""

    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    others: tuple[str, ...] = ()  # mail, telephone, order numbers, company

    def pieces(self) -> list[tuple[str, str]]:
        """(placeholder, value), longest first, so that a whole name goes before a part of it."""
        found = [("name", piece) for name in self.names for piece in _name_pieces(name)]
        found += [("address", piece) for line in self.addresses for piece in (line, *_LETTERS.findall(line))]
        found += [("number", value) for value in self.others]
        return sorted(dict.fromkeys(found), key=lambda pair: -len(pair[1]))


def veil(text: str, own: Own | None = None) -> str:
    """One line in which nothing of the customer's own is left. What it cannot know (a neighbour's name) may stay:
    a person reads every line before it is learnt.
    """
    text = text.replace(CARD, "{number}").replace(SECRET, "")
    text = kit_text.single_spaces(kit_text.normalise(text))
    text = _MAIL.sub("{mail}", _WITHIN.sub("{link}", text))
    for placeholder, value in own.pieces() if own else ():
        text = _without(text, value, placeholder)
    for placeholder, shape in _SHAPES:
        text = shape.sub(f"{{{placeholder}}}", text)
    text = _DIGITS.sub(_number, _CODE.sub(_number, text))
    return kit_text.single_spaces(text)[:_LONGEST]


def bare(text: str) -> str:
    """What of a veiled line is learnt: its words, without the placeholders."""
    return kit_text.single_spaces(_PLACEHOLDER.sub(" ", text))


def says_something(text: str) -> bool:
    return sum(character.isalpha() for character in bare(text)) >= 2


def _number(found: re.Match[str]) -> str:
    return "{number}" if sum(c.isdigit() for c in found[0]) >= _NUMBER_AT_LEAST else found[0]


def _name_pieces(name: str) -> Iterator[str]:
    """The name, its parts, and where an East Asian one is written in one piece, what family and given name may be."""
    yield name
    parts = [part for part in re.split(r"[\s\u3000・]+", kit_text.normalise(name)) if part]
    yield from parts
    if len(parts) == 1 and not name.isascii() and 3 <= len(name) <= 6:
        yield from (name[:2], name[2:], name[1:])


def _without(text: str, value: str, placeholder: str) -> str:
    """`text` with every `value` replaced, without regard to case, width, kana, spaces and hyphens."""
    wanted, _ = _comparable(kit_text.normalise(value))
    if not wanted:
        return text
    letters, places = _comparable(text)
    taken: list[tuple[int, int]] = []
    at = letters.find(wanted)
    while at >= 0:
        start, end = places[at], places[at + len(wanted) - 1] + 1
        if _stands_alone(text, start, end, wanted):
            taken.append((start, end))
            at = letters.find(wanted, at + len(wanted))
        else:
            at = letters.find(wanted, at + 1)
    return _replaced(text, taken, f"{{{placeholder}}}")


def _comparable(text: str) -> tuple[str, list[int]]:
    """The letters that count, and the place of each in `text`; placeholders that stand there already count as none."""
    hidden = {place for found in _PLACEHOLDER.finditer(text) for place in range(*found.span())}
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if place in hidden:
            letters.append("\0")
            places.append(place)
        elif not _BETWEEN.match(character):
            for folded in kit_text.kana_fold(character.casefold()):
                letters.append(folded)
                places.append(place)
    return "".join(letters), places


def _stands_alone(text: str, start: int, end: int, wanted: str) -> bool:
    """Whether this is the value and no accident: short ones are parts of other words."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if wanted.isdigit():
        return not before.isdigit() and not after.isdigit()
    if wanted.isascii():
        whole = not _is_latin(before) and not _is_latin(after)
        return len(wanted) >= 2 and (whole or (len(wanted) >= 4 and _BETWEEN.search(text[start:end]) is None))
    return len(wanted) >= 2 or not (_is_east_asian(before) or _is_east_asian(after))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_east_asian(character: str) -> bool:
    return bool(re.match(rf"[{_HAN}]", character))


def _replaced(text: str, spans: Iterable[tuple[int, int]], placeholder: str) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + placeholder + text[end:]
    return text
