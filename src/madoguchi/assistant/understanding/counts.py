"""How many pieces a message speaks of, with the counters of each language: 三件, 세 개, 50脚, "fifty chairs"."""

from __future__ import annotations

import re

_WORDS = {
    "en": {
        "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100,
    },
    "ko": {
        "한": 1, "하나": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
        "스무": 20, "서른": 30, "쉰": 50, "백": 100,
    },
    "zh": {
        "一": 1, "两": 2, "兩": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
        "二十": 20, "三十": 30, "五十": 50, "一百": 100, "两百": 200, "兩百": 200, "三百": 300, "五百": 500,
    },
    "ja": {"二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "百": 100},
}  # fmt: skip
_COUNTERS = {
    "ja": r"(?:個|コ|台|本(?!人|日)|枚|冊|点|箱|袋|セット|着|足|缶|組|双|ダース|パック|脚|部|名分|人分|つ(?!目))(?!目|以上前)",
    "en": r"(?: (?:of (?:them|these|those|the)|(?!(?:days?|weeks?|months?|hours?|minutes?|years?|times?|business|working|digits?|dollars?|percent|people|am|pm|of|more|or|to|years)\b)[a-z]+s\b| dozen))",
    "zh": r"(?:个(?!月|小时|星期|礼拜|人|工作日)|個(?!月|小時|星期|禮拜|人|工作天)|件(?!事)|台|臺|套|本|箱|盒|瓶|包|双|雙|条|條|张|張|把|部|支|只|隻|份|罐|袋|副)",
    "ko": r"(?:개(?!월)|대|권|벌|장|병|박스|상자|켤레|세트|자루|통|봉지?|팩|캔|자리)(?=[\s.,!?가-힣]|$)",
}


def quantity(text: str, language: str) -> int | None:
    """From normalised text: the largest, since "one of the 30" is about 30. A single one says nothing."""
    tongue = language.partition("-")[0]
    words = sorted(_WORDS[tongue], key=len, reverse=True)
    boundary = r"(?<![\w.,#-])" if tongue in ("en", "ko") else r"(?<![\d.,#第-])"
    number = rf"{boundary}(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{1,4}}|{'|'.join(words)})"
    gap = "" if tongue == "en" else r"\s?"
    found = [
        _value(m["n"].lower(), tongue) for m in re.finditer(rf"{number}{gap}{_COUNTERS[tongue]}", text, re.I)
    ]
    largest = max(found, default=0)
    return largest if largest > 1 else None


def quantities(text: str, language: str) -> list[tuple[int, int]]:
    """From normalised text of a Chinese or Korean speaker: each number of pieces and where it stands, a single one too."""
    tongue = language.partition("-")[0]
    pattern = _OF_PIECES.get(tongue)
    if pattern is None:
        return []
    found = [(m.start(), _value(m["n"], tongue)) for m in pattern.finditer(text)]
    alone = _ALONE[tongue].fullmatch(text.strip())
    return found or ([(0, _value(alone["n"], tongue))] if alone else [])


def _value(said: str, tongue: str) -> int:
    return _WORDS[tongue].get(said) or int(said.replace(",", ""))


def _number(tongue: str) -> str:
    return rf"(?P<n>\d{{1,4}}|{'|'.join(sorted(_WORDS[tongue], key=len, reverse=True))})"


_OF_PIECES = {
    "zh": re.compile(rf"(?<![\d.,#第这這那哪每另一-]){_number('zh')}\s?{_COUNTERS['zh']}"),
    "ko": re.compile(rf"(?<![\w.,#-]){_number('ko')}\s?{_COUNTERS['ko']}"),
}
_ALONE = {
    "zh": re.compile(rf"(?:就|只|要|改成|改为|改為)*{_number('zh')}(?:就好|就行|吧|的)?[。.!！]?"),
    "ko": re.compile(r"(?P<n>하나|둘|셋|넷)(?:만|이)?(?:요)?[.!]?"),
}
