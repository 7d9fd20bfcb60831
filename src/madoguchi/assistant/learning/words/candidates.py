"""Which words go with one choice much more often than with others: counted over customers, judged by likelihood. Pure."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from madoguchi.assistant.learning.words.model import Candidate, Matter
from madoguchi.assistant.shop_words import is_word
from madoguchi.kit.text import fold

LEAST_CUSTOMERS = 3
_LEAST_SHARE = 0.7  # of those who say the word, who pick that
_SURPRISE = 6.63  # log-likelihood ratio above which it is chance in one case of a hundred

Cut = Callable[[str, str], set[str]]
Known = Callable[[str, str, str], bool]
_LETTERS = re.compile(r"[^\W\d_]+")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Seen:
    """`who` said `text` and chose `chosen`."""

    who: str
    language: str
    text: str
    chosen: str


def candidates(
    seen: Iterable[Seen],
    cut: Cut,
    known: Known,
    *,
    matter: Matter = "goods",
    least: int = LEAST_CUSTOMERS,
    parts: bool = True,
) -> list[Candidate]:
    """The surest first. `known(language, word, means)`: it is found without having been learnt; `parts`: a word may
    go with a part of what was chosen that several choices share.
    """
    by_language: dict[str, list[Seen]] = defaultdict(list)
    for each in seen:
        by_language[each.language].append(each)
    found = [
        candidate
        for language, those in sorted(by_language.items())
        for candidate in _of_language(language, those, cut, known, matter, least, parts)
    ]
    return sorted(found, key=lambda each: (-each.customers, -each.weight, each.language, each.word))


def surprise(both: int, word: int, choice: int, all_: int) -> float:
    """Log-likelihood ratio of a word and a choice occurring together more often than by chance; 0 where not more.

    `both` of `all_` have the two together, `word` and `choice` one of them at least. Dunning's G², in nats ×2.
    """
    if not both or both * all_ <= word * choice:
        return 0.0
    cells = (
        (both, word * choice),
        (word - both, word * (all_ - choice)),
        (choice - both, (all_ - word) * choice),
        (all_ - word - choice + both, (all_ - word) * (all_ - choice)),
    )
    return 2 * sum(seen * math.log(seen * all_ / expected) for seen, expected in cells if seen)


def _of_language(
    language: str, seen: Sequence[Seen], cut: Cut, known: Known, matter: Matter, least: int, parts: bool
) -> list[Candidate]:
    chose = {(each.who, each.chosen) for each in seen}
    said: dict[str, set[Pair]] = defaultdict(set)
    for each in seen:
        for word in cut(each.text, language):
            if is_word(word):
                said[word].add((each.who, each.chosen))
    found = []
    for word, pairs in said.items():
        if len({who for who, _ in pairs}) < least:
            continue
        names = {name for _, name in pairs}
        judged = [_judge(pairs, chose, means) for means in (names | _shared(names) if parts else names)]
        weight, _, means, customers, among = max(judged)
        enough = customers >= least and weight >= _SURPRISE and customers >= _LEAST_SHARE * among
        if enough and not known(language, word, means):
            found.append(Candidate(matter, language, word, means, customers, among, weight, "talks"))
    return list(_without_nested(found))


def _judge(pairs: set[Pair], chose: set[Pair], means: str) -> tuple[float, int, str, int, int]:
    """(surprise, length of the name, name, customers who said the word and chose it, customers who said it)"""
    fits = [pair for pair in pairs if means in pair[1]]
    of_choice = sum(means in name for _, name in chose)
    customers, among = len({who for who, _ in fits}), len({who for who, _ in pairs})
    return surprise(len(fits), len(pairs), of_choice, len(chose)), len(means), means, customers, among


def _shared(names: set[str]) -> set[str]:
    """What two of the names have in common: オフィスチェア, ダイニングチェア → チェア."""
    found = {_common(first, second).strip("のと") for first, second in combinations(sorted(names)[:12], 2)}
    return {piece for piece in found if is_word(piece) and len(piece) >= 2}


def _common(first: str, second: str) -> str:
    """The longest run of letters in both; of Latin ones whole words only."""
    best = ""
    for run in _LETTERS.findall(first):
        sizes = [len(run)] if run.isascii() else range(len(run), len(best), -1)
        pieces = (run[at : at + size] for size in sizes for at in range(len(run) - size, -1, -1))
        held = next((piece for piece in pieces if piece in second), "")
        best = held if len(held) > len(best) else best
    return best


def _without_nested(found: list[Candidate]) -> Iterator[Candidate]:
    """Of 双肩包 and 双肩, said by the same, the longer; of 包 and 双肩包 the one that more people say."""
    kept: list[Candidate] = []
    for each in sorted(found, key=lambda c: (-c.customers, -len(c.word), c.word)):
        word = fold(each.word)
        if not any(
            other.means == each.means and (word in fold(other.word) or fold(other.word) in word)
            for other in kept
        ):
            kept.append(each)
            yield each
