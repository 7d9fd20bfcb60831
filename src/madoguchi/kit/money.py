"""Money: whole minor units of one currency, and how people read it."""

from __future__ import annotations

from babel.numbers import format_currency, get_currency_precision
from pydantic import BaseModel, ConfigDict

_YEN = {"ja": "円", "zh-Hans": "日元", "zh-Hant": "日圓", "ko": "엔"}
_LOCALES = {"zh-Hans": "zh_CN", "zh-Hant": "zh_TW", "ja": "ja_JP", "ko": "ko_KR"}


class Money(BaseModel):
    """`minor` units (yen, cents) of `currency` (ISO 4217). Adding two currencies raises ValueError."""

    model_config = ConfigDict(frozen=True)

    minor: int
    currency: str = "JPY"

    def __add__(self, other: Money) -> Money:
        return Money(minor=self.minor + self._same(other), currency=self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(minor=self.minor - self._same(other), currency=self.currency)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} cannot be added to {self.currency}")
        return other.minor

    def text(self, language: str = "ja") -> str:
        """As a reader of `language` expects it: `5,980円` in Japanese, `5,980엔` in Korean, `¥5,980` in English."""
        if self.currency == "JPY" and language in _YEN:
            return f"{self.minor:,}{_YEN[language]}"
        precision = get_currency_precision(self.currency)
        amount = self.minor / 10**precision if precision else self.minor
        return format_currency(amount, self.currency, locale=_LOCALES.get(language, "en_US"))


def share(total: int, weights: list[int]) -> list[int]:
    """`total` minor units split in proportion to `weights`, exactly: the parts sum to `total`.

    Largest remainders first; equal remainders go to the earlier part. All-zero weights put all in the first part.
    """
    if not weights:
        return []
    whole = sum(weights)
    if whole == 0:
        return [total, *([0] * (len(weights) - 1))]
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
