"""What a rule can be set to, read from the types of the rules themselves: for forms with an input for each. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from madoguchi.counter.orders.rule_rows import is_amounts
from madoguchi.counter.orders.rules import Rules, Span, TenderClock

Shape = Literal["yes_no", "choice", "number", "amounts", "many", "span", "text"]
_HIGHEST = 999_999_999
_WEEK = tuple(range(1, 8))


@dataclass(frozen=True)
class Kind:
    """`choices`: of a choice or of many. `low`, `high`: of a number. `text`: only to be written as in the policy file."""

    shape: Shape
    choices: tuple[Any, ...] = ()
    low: int = 0
    high: int = _HIGHEST


def kind_of(key: str, value: Any) -> Kind:
    """How the rule with this key and value is asked for."""
    if is_amounts(key):
        return Kind("amounts")
    if isinstance(value, Span | TenderClock):
        return Kind("span", high=3650)
    kind, limits = _type_of(key)
    if kind is bool:
        return Kind("yes_no")
    if get_origin(kind) is Literal:
        return Kind("choice", get_args(kind))
    if kind is int:
        low = next((each.ge for each in limits if hasattr(each, "ge")), 0)
        high = next((each.le for each in limits if hasattr(each, "le")), _HIGHEST)
        return Kind("number", low=low, high=high)
    if get_origin(kind) is list:
        inner, _ = _plain(get_args(kind)[0], ())
        if get_origin(inner) is Literal:
            return Kind("many", get_args(inner))
        if inner is int:
            return Kind("many", _WEEK)
    return Kind("text")


def _type_of(key: str) -> tuple[Any, tuple[Any, ...]]:
    found: Any = Rules
    limits: tuple[Any, ...] = ()
    for part in key.split("."):
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = found.model_fields[part]
            found, limits = _plain(field.annotation, field.metadata)
        else:
            found, limits = _plain(get_args(found)[1], ())
    return found, limits


def _plain(annotation: Any, limits: Iterable[Any]) -> tuple[Any, tuple[Any, ...]]:
    """The type without `Annotated` and `| None`, and what was said beside it."""
    said = list(limits)
    if get_origin(annotation) is Annotated:
        annotation, *beside = get_args(annotation)
        said += [limit for each in beside for limit in getattr(each, "metadata", [each])]
    inner = [each for each in get_args(annotation) if each is not type(None)]
    if type(None) in get_args(annotation) and len(inner) == 1:
        return _plain(inner[0], said)
    return annotation, tuple(said)
