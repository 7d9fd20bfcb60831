"""What a shop's own words must hold: the places of ours, no others, no HTML, no link to elsewhere. Pure."""

from __future__ import annotations

import difflib
import re
from string import Formatter

from madoguchi.channels.mail.wordbook.model import SUBJECT, LetterKind, Passage
from madoguchi.counter.problems import Invalid
from madoguchi.counter.trust.ours import Ours
from madoguchi.counter.trust.outgoing import foreign_links, requests_secrets

LONGEST = 2000
LONGEST_SUBJECT = 150
_TAG = re.compile(r"</?[a-z!][^<>]*>", re.I)
_NEAR = 0.5


def check(kind: LetterKind, passage: Passage, words: str, ours: Ours) -> None:
    """Raises Invalid with the passage's name as its field; of a wrong place it names the nearest that is known."""
    field = passage.name
    if passage.fixed:
        raise Invalid("letter_fixed", field=field)
    if not words.strip():
        if passage.needed:
            raise Invalid("letter_needed", field=field)
        return
    longest = LONGEST_SUBJECT if field == SUBJECT else LONGEST
    if len(words) > longest:
        raise Invalid("letter_too_long", field=field, limit=longest)
    if field == SUBJECT and "\n" in words.strip():
        raise Invalid("letter_subject_lines", field=field)
    if _TAG.search(words):
        raise Invalid("letter_html", field=field)
    found = places_of(words, field)
    for place in found:
        if place not in kind.places:
            raise Invalid(
                "letter_place_unknown", field=field, place=_shown(place), near=_shown(_near(place, kind))
            )
    for place in passage.places:
        if place not in found:
            raise Invalid("letter_place_missing", field=field, place=_shown(place), near=_meant(place, found))
    if requests_secrets(words):
        raise Invalid("letter_asks_for_secrets", field=field)
    if foreign := foreign_links(words, ours):
        raise Invalid("letter_foreign_link", field=field, link=foreign[0].shown)


def places_of(words: str, field: str = "") -> list[str]:
    """The names in curly brackets, each once. Raises Invalid for brackets that hold anything else than a name."""
    try:
        parts = list(Formatter().parse(words))
    except ValueError:
        raise Invalid("place_unclosed", field=field) from None
    found: list[str] = []
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            raise Invalid("letter_place_form", field=field, place=_shown(name))
        if name not in found:
            found.append(name)
    return found


def is_usable(kind: LetterKind, passage: Passage, words: str, ours: Ours) -> bool:
    """Whether kept words still fit the letter: a later release may need a place that they do not hold."""
    try:
        check(kind, passage, words, ours)
    except Invalid:
        return False
    return True


def _near(place: str, kind: LetterKind) -> str:
    near = difflib.get_close_matches(place, kind.places, 1, _NEAR)
    return near[0] if near else kind.places[-1]


def _meant(place: str, found: list[str]) -> str:
    """Which of the places that are there could be meant by the missing one; the missing one itself where none is."""
    near = difflib.get_close_matches(place, found, 1, _NEAR)
    return _shown(near[0] if near else place)


def _shown(place: str) -> str:
    return f"{{{place}}}"
