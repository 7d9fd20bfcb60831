"""Finding articles: BM25 over terms that we cut ourselves, then how well the question is met by a phrasing. Pure.

An index serves one language. A score is between 0 and 1: the share of the question (rare words count more) that the
article's best phrasing and the article as a whole meet. Below `FOUND` the honest answer is "we do not know".
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from madoguchi.counter.knowledge.model import Article, ArticleText

FOUND = 0.42
_TITLE, _ASKED, _BODY = 3.0, 2.0, 1.0  # how much a word counts where it stands
_K1, _B = 1.2, 0.5
_CANDIDATES = 24
_PHRASING_WEIGHT = 0.65  # against the article as a whole

Cut = Callable[[str], list[str]]


@dataclass(frozen=True)
class Scored:
    """`place`: of the article in the index."""

    place: int
    score: float


class Index:
    """The articles of one language, in memory. `cut`: text to terms."""

    def __init__(self, articles: Sequence[Article], language: str, cut: Cut) -> None:
        self.articles = [article for article in articles if language in article.texts]
        self.language = language
        self._cut = cut
        texts = [article.texts[language] for article in self.articles]
        counts = [_weighted(text, cut) for text in texts]
        self._phrasings = [_phrasings(text, cut) for text in texts]
        self._terms = [frozenset(count) for count in counts]
        self._postings, self._rarity = _postings(counts)
        self._unknown = math.log(1 + (len(texts) + 0.5) / 0.5)

    def search(self, words: str, may_see: Callable[[Article], bool], limit: int = 5) -> list[Scored]:
        """The best first, none below `FOUND`."""
        asked = self._cut(words)
        if not asked or not self.articles:
            return []
        scores = np.zeros(len(self.articles), dtype=np.float32)
        for term, count in Counter(asked).items():
            if term in self._postings:
                places, weights = self._postings[term]
                scores[places] += weights * count
        count = min(_CANDIDATES + limit, len(scores))
        best = np.argpartition(-scores, count - 1)[:count]
        seen = [int(place) for place in best if scores[place] > 0 and may_see(self.articles[place])]
        question = {term: self._weight(term) for term in asked}
        found = [Scored(place, self._meets(question, place)) for place in seen]
        found.sort(key=lambda scored: (-round(scored.score, 6), -float(scores[scored.place]), scored.place))
        return [scored for scored in found[:limit] if scored.score >= FOUND]

    def _weight(self, term: str) -> float:
        """Rare terms count more; a term that no article has counts most, so that strange questions meet nothing."""
        rarity = self._rarity.get(term, self._unknown)
        return rarity if len(term) > 1 else rarity * 0.4

    def _meets(self, question: dict[str, float], place: int) -> float:
        mass = sum(question.values())
        whole = sum(weight for term, weight in question.items() if term in self._terms[place]) / mass
        closest = max((self._alike(question, mass, each) for each in self._phrasings[place]), default=0.0)
        return _PHRASING_WEIGHT * closest + (1 - _PHRASING_WEIGHT) * whole

    def _alike(self, question: dict[str, float], mass: float, phrasing: frozenset[str]) -> float:
        """Shared weight over the weight of both, the question's own words counting more than the phrasing's."""
        shared = sum(weight for term, weight in question.items() if term in phrasing)
        if not shared:
            return 0.0
        other = sum(self._weight(term) for term in phrasing)
        return shared / (0.7 * mass + 0.3 * other)


def _weighted(text: ArticleText, cut: Cut) -> Counter[str]:
    counts: Counter[str] = Counter()
    for weight, parts in ((_TITLE, [text.title]), (_ASKED, text.asked_as), (_BODY, [text.body])):
        for part in parts:
            for term in cut(part):
                counts[term] += weight  # type: ignore[assignment]
    return counts


def _phrasings(text: ArticleText, cut: Cut) -> list[frozenset[str]]:
    return [frozenset(cut(each)) for each in (text.title, *text.asked_as)]


def _postings(
    counts: Iterable[Counter[str]],
) -> tuple[dict[str, tuple[np.ndarray, np.ndarray]], dict[str, float]]:
    """BM25's weight of every term in every article that has it, ready to be added up."""
    counts = list(counts)
    lengths = [sum(count.values()) for count in counts]
    mean = (sum(lengths) / len(lengths) if lengths else 0) or 1
    where: dict[str, list[tuple[int, float]]] = {}
    for place, count in enumerate(counts):
        norm = _K1 * (1 - _B + _B * lengths[place] / mean)
        for term, times in count.items():
            where.setdefault(term, []).append((place, times * (_K1 + 1) / (times + norm)))
    rarity = {
        term: math.log(1 + (len(counts) - len(found) + 0.5) / (len(found) + 0.5))
        for term, found in where.items()
    }
    postings = {
        term: (
            np.array([place for place, _ in found], dtype=np.int32),
            np.array([weight * rarity[term] for _, weight in found], dtype=np.float32),
        )
        for term, found in where.items()
    }
    return postings, rarity
