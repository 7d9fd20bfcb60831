"""Places in the words of an own dialogue, `{order}`: which there are, what stands there, and what is wrong with them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

# Place → what stands there, as the console explains it.
ANYWHERE: dict[str, str] = {
    "customer": "The customer's name, in Japanese with 様",
    "shop": "The shop's name",
    "today": "Today's date",
}
OF_ORDER: dict[str, str] = {
    "order": "The order number",
    "item": "What was ordered",
    "ordered_on": "The day of the order",
    "total": "The total of the order",
    "delivery_date": "When the parcel is expected",
}
PLACES = {**ANYWHERE, **OF_ORDER}
_PLACE = re.compile(r"\{([^{}]*)\}")


def unknown_in(text: str) -> Iterator[str]:
    """What stands in curly brackets and is no place; "{" for a bracket that is left alone."""
    yield from (f"{{{each}}}" for each in _PLACE.findall(text) if each not in PLACES)
    if set(_PLACE.sub("", text)) & {"{", "}"}:
        yield "{"


def needs_order(text: str) -> bool:
    return any(each in OF_ORDER for each in _PLACE.findall(text))


def fill(text: str, facts: Mapping[str, str]) -> str:
    """`facts`: place → words; what is not there stays as it stands."""
    return _PLACE.sub(lambda found: facts.get(found[1], found[0]), text)
