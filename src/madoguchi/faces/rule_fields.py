"""Inputs for rules of the shop: what a form shows for each, and what was entered, as values of a policy file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_currency_precision

from madoguchi.counter.orders import rule_rows
from madoguchi.counter.orders.rule_book.kinds import Kind, kind_of
from madoguchi.counter.orders.rule_book.writing import nested
from madoguchi.counter.orders.rule_wording import item_text, label_text, value_text
from madoguchi.counter.orders.rules import Rules, Span, laid_over
from madoguchi.faces.forms import Form
from madoguchi.kit.text import clean

LONGEST_NUMBER = 12


@dataclass(frozen=True)
class RuleField:
    """One rule in a form. `options`: value → words; `chosen`: what the inputs hold at first, by their name."""

    key: str
    label: str
    kind: Kind
    now: str  # what it is set to, in words
    options: list[tuple[str, str]]
    chosen: dict[str, str]
    chosen_many: list[str]
    currencies: list[str]


def fields(keys: Iterable[str], rules: Rules, currency: str, language: str) -> list[RuleField]:
    """The inputs of these rules. `currency`: of the shop, which can be set where it is not yet."""
    values = rule_rows.leaves(rules)
    return [_field(key, values[key], currency, language) for key in keys]


def entered(form: Form, asked: Iterable[RuleField], rules: Rules) -> dict[str, Any]:
    """What differs from `rules`, in nested tables; errors stay in the form, at the inputs."""
    values, found = rule_rows.leaves(rules), dict[str, Any]()
    for each in asked:
        if each.kind.shape == "text":
            continue
        value = _read(form, each, values[each.key])
        if value is not None and value != _as_written(values[each.key]):
            found = laid_over(found, nested(each.key, value))
    return found


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _field(key: str, value: Any, currency: str, language: str) -> RuleField:
    kind = kind_of(key, value)
    chosen: dict[str, str] = {}
    many: list[str] = []
    currencies: list[str] = []
    if kind.shape == "amounts":
        currencies = list(dict.fromkeys([*value, currency]))
        chosen = {f"{key}.{each}": _major(value.get(each), each) for each in currencies}
    elif isinstance(value, Span):
        chosen = {f"{key}.low": str(value.low), f"{key}.high": str(value.high)}
        chosen[f"{key}.business_days"] = "yes" if value.business_days else "no"
    elif kind.shape == "many":
        many = [str(each) for each in value]
    elif kind.shape == "yes_no":
        chosen = {key: "yes" if value else "no"}
    else:
        chosen = {key: str(value)}
    if kind.shape == "yes_no":
        options = [("yes", value_text(key, True, language)), ("no", value_text(key, False, language))]
    else:
        options = [(str(each), item_text(key, each, language)) for each in kind.choices]
    now = value_text(key, value, language)
    return RuleField(key, label_text(key, language), kind, now, options, chosen, many, currencies)


def _read(form: Form, field: RuleField, value: Any) -> Any:
    key, kind = field.key, field.kind
    if kind.shape == "yes_no":
        return form.one_of(key, ("yes", "no"), otherwise="yes" if value else "no") == "yes"
    if kind.shape == "choice":
        return form.one_of(key, kind.choices, otherwise=str(value))
    if kind.shape == "number":
        return form.number(key, kind.low, kind.high)
    if kind.shape == "many":
        ticked = set(form.values(key))
        # In the order in which they stood; what is new comes behind.
        kept = [each for each in value if str(each) in ticked]
        return kept + [each for each in kind.choices if str(each) in ticked and each not in value]
    if kind.shape == "span":
        low = form.number(f"{key}.low", kind.low, kind.high)
        high = form.number(f"{key}.high", kind.low, kind.high)
        if low > high:
            form.wrong(f"{key}.high", "The second number is smaller than the first")
        days = form.one_of(f"{key}.business_days", ("yes", "no"), otherwise="no") == "yes"
        return {**_as_written(value), "low": low, "high": high, "business_days": days}
    return _amounts(form, field, value)


def _amounts(form: Form, field: RuleField, value: dict[str, int]) -> dict[str, int]:
    found = dict(value)
    for currency in field.currencies:
        name = f"{field.key}.{currency}"
        typed = clean(form.value(name)).replace(",", "").strip()
        if not typed and currency not in value:
            continue
        minor = _minor(typed, currency)
        if minor is None:
            form.wrong(name, "Enter an amount, for example {example}", example=_major(10_000, currency))
        else:
            found[currency] = minor
    return found


def _minor(typed: str, currency: str) -> int | None:
    """Minor units of what was typed; None where it is no amount that this currency has."""
    try:
        minor = Decimal(typed) * 10 ** get_currency_precision(currency)
    except InvalidOperation:
        return None
    fits = minor.is_finite() and minor == minor.to_integral_value() and 0 <= minor < 10**LONGEST_NUMBER
    return int(minor) if fits else None


def _major(minor: int | None, currency: str) -> str:
    if minor is None:
        return ""
    precision = get_currency_precision(currency)
    return f"{Decimal(minor) / 10**precision:.{precision}f}"


def _as_written(value: Any) -> Any:
    """As it would stand in a policy file."""
    return value.model_dump(exclude_none=True) if isinstance(value, Span) else value
