"""The thing a message is about, in the customer's own words: a word of `products.toml` with what belongs to its name."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_VERB_TOO = 5  # "book", "watch", "iron": short English words are things only behind an article
_NAME = "[一-龥々ァ-ヶーA-Za-z0-9]"
# What makes another thing of it: the book's author, a tea set; and parts or places that only sound like goods.
_NOT_AFTER = {
    "ja": r"(?![一-龥々ァ-ヶーA-Za-z])(?!当|人|日|物)",
    "en": r"(?![\w'-])(?! (?:number|bill|call|support|company|service|line|case number|light|screen|app))",
    "zh": r"(?!卡|号|號|费|費|款|客服|店|会员|會員|应用|驗證|验证|信息|簡訊|短信|費|錢|包装)",
    "ko": r"(?=(?:이|가|을|를|은|는|도|랑|이랑|하고|요|로|으로|만|의|에|에서|인데|입니다|이요|라|이라|한테)?(?![가-힣A-Za-z]))",
}


def product(text: str, language: str) -> str | None:
    """From normalised text; the first that is named."""
    found = _pattern(language.partition("-")[0]).search(text)
    return next(name for name in found.groups() if name) if found else None


@cache
def _pattern(language: str) -> re.Pattern[str]:
    goods = tomllib.loads(Path(__file__).with_name("products.toml").read_text(encoding="utf-8"))
    words = sorted(goods[language].split(), key=len, reverse=True)
    any_of = "|".join(re.escape(word) for word in words)
    after = _NOT_AFTER[language]
    if language == "ja":
        return re.compile(
            rf"(?P<name>(?<!{_NAME})(?!日本|基本|見本|一本){_NAME}{{0,12}}?(?:{any_of})){after}"
        )
    if language == "en":
        determined = r"(?:the|my|a|an|this|these|those|some|our|her|his|two|three|of|new)"
        long = "|".join(re.escape(word) for word in words if len(word) > _VERB_TOO)
        plain = r"(?!(?:the|my|new|and|or|in|on|for|to|with|of|a|an)\b)[a-z-]+"
        return re.compile(
            rf"\b{determined} (?P<name>(?:{plain} ){{0,2}}(?:{any_of})){after}|(?P<bare>(?<![\w-])(?:{long})){after}",
            re.I,
        )
    if language == "ko":
        return re.compile(rf"(?<![가-힣A-Za-z])(?P<name>(?:[가-힣]{{2,3}})?(?:{any_of})){after}")
    single = "|".join(word for word in words if len(word) == 1)
    any_of = "|".join(re.escape(word) for word in words if len(word) > 1)
    return re.compile(
        rf"(?P<name>{any_of}|(?<![一-龥])(?:{single})|(?<=[的了本这這个個张張口])(?:{single})){after}"
    )
