"""Places in a saved reply, `{customer}`: which there are, and how they are filled with facts. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from madoguchi.counter.problems import Invalid

# Place → what stands there, as the console explains it.
PLACES: dict[str, str] = {
    "customer": "The customer's name, in Japanese with 様",
    "agent": "Your own name",
    "order": "The order number",
    "item": "What was ordered",
    "case": "The case number",
    "refund_date": "When the refund is expected",
    "refund_amount": "How much is refunded",
    "delivery_date": "When the parcel is expected",
    "promised": "Until when we have promised the solution",
    "shop": "The shop's name",
}
_PLACE = re.compile(r"\{([^{}]*)\}")
_KNOWN = re.compile("|".join(rf"\{{{each}\}}" for each in PLACES))


@dataclass(frozen=True)
class Filled:
    """`missing`: places for which no fact is known; they stand in the text as they were, to be written by hand."""

    text: str
    missing: tuple[str, ...]


def check(text: str, field: str) -> None:
    """Raise Invalid("unknown_place") unless every place is one that we can fill, and every bracket is a place's."""
    unknown = [each for each in _PLACE.findall(text) if each not in PLACES]
    if unknown:
        raise Invalid("unknown_place", field=field, place=f"{{{unknown[0]}}}", known=_known_words())
    if set(_PLACE.sub("", text)) & {"{", "}"}:
        raise Invalid("place_unclosed", field=field)


def fill(text: str, facts: Mapping[str, str]) -> Filled:
    """`facts`: place → words; what is absent or empty is missing."""
    missing = tuple(dict.fromkeys(each for each in _PLACE.findall(text) if not facts.get(each)))
    return Filled(_PLACE.sub(lambda found: facts.get(found[1]) or found[0], text), missing)


def left_in(text: str) -> list[str]:
    """Places that nobody has filled, as they stand: `{order}`."""
    return list(dict.fromkeys(_KNOWN.findall(text)))


def _known_words() -> str:
    return " ".join(f"{{{each}}}" for each in PLACES)
