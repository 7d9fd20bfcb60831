"""Amounts and yes or no as people write them into tables."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

from madoguchi.kit.text import normalise

_YES = {"yes", "true", "1", "y", "はい", "可", "○"}
_NO = {"no", "false", "0", "n", "いいえ", "不可", "×"}
_ORNAMENTS = str.maketrans("", "", ",¥\\$€円 ")


def minor_units(text: str, currency: str) -> int | None:
    """`5,980`, `¥5980`, `53.91` as minor units of the currency; None when it is no amount in it."""
    try:
        amount = Decimal(normalise(text).translate(_ORNAMENTS))
    except InvalidOperation:
        return None
    if not amount.is_finite():
        return None
    minor = amount.scaleb(get_currency_precision(currency))
    return int(minor) if minor == minor.to_integral_value() else None


def yes_or_no(text: str) -> bool | None:
    """None when it is neither."""
    word = normalise(text).strip().lower()
    return True if word in _YES else False if word in _NO else None
