"""Other words for goods that the shop's own product names hold: in brackets, after a stroke, in another language. Pure.

Only what would help: another product bears the one word and not the other, and is not found by it yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from madoguchi.assistant.learning.words.candidates import Known, Seen, candidates
from madoguchi.assistant.learning.words.model import Candidate
from madoguchi.assistant.learning.words.nouns import nouns
from madoguchi.assistant.shop_words import is_word
from madoguchi.kit.text import fold

_LEAST_PRODUCTS = 2
_BRACKETS = re.compile(r"^(?P<name>[^（(\[【]+?)\s*[（(\[【](?P<other>[^）)\]】]+)[）)\]】]\s*$")
_STROKE = re.compile(r"\s*[/／|｜]\s*|\s*・\s*")
_MEASURE = re.compile(r"\d")
_PACKED = frozenset(
    {"セット", "詰め合わせ", "세트", "모둠", "套装", "套裝", "组合", "組合", "set", "sets", "pack", "pair"}
)
Names = Mapping[str, str]


def of_catalogue(products: Sequence[Names], known: Known) -> list[Candidate]:
    """`products`: the names of each, by language. The ones that help most products first."""
    found: dict[tuple[str, str], Candidate] = {}
    for each in (*_alternatives(products), *_translations(products, known)):
        if (each.word, each.means) not in found and _helps(each, products, known):
            found[each.word, each.means] = each
    return sorted(found.values(), key=lambda each: (-each.customers, each.language, each.word))


def _alternatives(products: Sequence[Names]) -> Iterator[Candidate]:
    """「ノートPC（ラップトップ）」: each is another word for the other."""
    for names in products:
        for language, name in names.items():
            ways = list(dict.fromkeys(_ways(name)))
            for word in ways:
                for means in ways:
                    if word != means:
                        yield Candidate("goods", language, word, means, 1, 1, 0.0, "catalogue")


def _ways(name: str) -> list[str]:
    bracketed = _BRACKETS.match(name)
    ways = [bracketed["name"], bracketed["other"]] if bracketed else _STROKE.split(name)
    plain = [way.strip() for way in ways]
    return plain if all(is_word(way) and not _MEASURE.search(way) for way in plain) else []


def _translations(products: Sequence[Names], known: Known) -> Iterator[Candidate]:
    """A word of the names in one language that goes with a name, or a part of it, in another."""
    languages = sorted({language for names in products for language in names})
    for spoken in languages:
        for written in languages:
            if spoken != written:
                seen = [
                    Seen(str(place), spoken, names[spoken], names[written])
                    for place, names in enumerate(products)
                    if spoken in names and written in names
                ]
                for each in candidates(seen, nouns, known, least=_LEAST_PRODUCTS):
                    if len(each.word) > 1 and not {each.word, each.means} & _PACKED:
                        yield replace(each, source="catalogue")


def _helps(candidate: Candidate, products: Sequence[Names], known: Known) -> bool:
    word, means = fold(candidate.word), fold(candidate.means)
    for names in products:
        folded = [fold(name) for name in names.values()]
        lacks = any(means in name for name in folded) and not any(word in name for name in folded)
        if lacks and not any(known(language, candidate.word, name) for language, name in names.items()):
            return True
    return False
