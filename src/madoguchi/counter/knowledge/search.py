"""Finding articles: BM25 over terms that we cut ourselves, then how well the question is met by a phrasing. Pure.

An index serves one language. Words alone decide whether we know an answer: an article's words meet a share of the
question between 0 and 1 (rare words count more), and below `FOUND` the honest answer is "we do not know". In which order
articles are told, and which are near where we do not know, also follows the kinds that the question may be about.
"""

from __future__ import annotations

import itertools
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from madoguchi.counter.knowledge.model import Article
from madoguchi.counter.knowledge.spelling import Speller

FOUND = 0.258
NOT_OURS = "general.out_of_scope"  # the kind of what is none of our trade
_NOT_OURS_ABOVE = 0.5  # nothing is near a question that is more likely none of our trade than all the rest
_TITLE, _ASKED, _BODY = 3.0, 2.0, 1.0  # how much a word counts where it stands
_K1, _B = 6.0, 0.5  # a high K1: a word that fills an article says more than one that strays into it
_CANDIDATES = 24  # looked at closely
_PHRASING_WEIGHT = 0.35  # against the article as a whole
_ASKED_SHARE = 0.4  # of the question's own weight, against the phrasing's, where the two are compared
_WISH = 45.0  # what a wish weighs at most; the rest of a longer message tells its background and is not held against it
_ENOUGH = 1.0  # of what terms can say, in common: about one word; less is chance

_KINDS = 1.5  # how much a likely kind counts against words
_SECOND_KIND = 0.6  # of an article that answers the kind too, but is about another
_OF_A_KIND = 8  # candidates for their kind alone
_SURE_KIND = 0.5  # a share with which an article joins those that words have found
_NEAR_KIND, _NEAR_WORDS = 0.05, 0.1  # what makes an article worth showing where we do not know
_MISTYPED = 0.7  # of the weight of the word that was meant

Cut = Callable[[str], list[str]]
Weigh = Callable[[str], float]


@dataclass(frozen=True)
class Scored:
    """`place`: of the article in the index. `sure`: it answers; otherwise it is only near."""

    place: int
    score: float
    sure: bool = True


class Index:
    """The articles of one language, in memory. `cut`: text to terms; `weigh`: how much a term can say at all."""

    def __init__(self, articles: Sequence[Article], language: str, cut: Cut, weigh: Weigh) -> None:
        self.articles = [article for article in articles if language in article.texts]
        self.language = language
        self._cut = cut
        self._weigh = weigh
        texts = [article.texts[language] for article in self.articles]
        heads = [[cut(each) for each in (text.title, *text.asked_as)] for text in texts]
        counts = [_weighted(head, cut(text.body)) for head, text in zip(heads, texts, strict=True)]
        self._rarity = _rarity(counts)
        self._postings = _postings(counts)
        self._unknown = math.log(1 + (len(texts) + 0.5) / 0.5)
        self._phrasings = [self._phrasings_of(head) for head in heads]
        self._speller = Speller(self._postings)
        self._of_kind: dict[str, list[tuple[int, float]]] = {}
        for kind, place, part in sorted(self._kinds(), key=lambda each: (-each[2], each[1])):
            self._of_kind.setdefault(kind, []).append((place, part))

    def search(
        self,
        words: str,
        may_see: Callable[[Article], bool],
        limit: int = 5,
        likely: Mapping[str, float] | None = None,
        *,
        near: bool = False,
    ) -> list[Scored]:
        """The best first; nothing where nothing is sure, unless `near`. `likely`: kinds that the words may be about."""
        met = self._met(words, may_see)
        meant = self._meant(likely or {}, may_see)
        knows = max(met.values(), default=0.0) >= FOUND
        ours = knows or (likely or {}).get(NOT_OURS, 0.0) < _NOT_OURS_ABOVE
        whole = 1 + (_KINDS if likely else 0)
        found = []
        for place in met.keys() | meant.keys():
            by_words, by_kind = met.get(place, 0.0), meant.get(place, 0.0)
            sure = knows and (by_words >= FOUND or by_kind >= _SURE_KIND)
            if sure or (near and ours and (by_kind >= _NEAR_KIND or by_words >= _NEAR_WORDS)):
                found.append(Scored(place, (by_words + _KINDS * by_kind) / whole, sure))
        found.sort(key=lambda scored: (-round(scored.score, 6), scored.place))
        return found[:limit]

    def _met(self, words: str, may_see: Callable[[Article], bool]) -> dict[int, float]:
        """The articles whose words meet most of the question, each with its share."""
        question = self._question(words)
        mass = sum(question.values())
        if not mass or not self.articles:
            return {}
        scores, said = np.zeros((2, len(self.articles)), dtype=np.float32)
        for term, weight in question.items():
            if term in self._postings:
                places, saturations = self._postings[term]
                scores[places] += saturations * weight
                said[places] += self._weigh(term)
        scores *= (said >= _ENOUGH) / (mass * (_K1 + 1))
        by_score = (int(place) for place in np.argsort(-scores, kind="stable") if scores[place] > 0)
        seen = itertools.islice((place for place in by_score if may_see(self.articles[place])), _CANDIDATES)
        return {place: self._score(question, mass, place, float(scores[place])) for place in seen}

    def _meant(self, likely: Mapping[str, float], may_see: Callable[[Article], bool]) -> dict[int, float]:
        """The articles about kinds that the words may be about."""
        meant: dict[int, float] = {}
        for kind, share in likely.items():
            if kind == NOT_OURS:
                continue
            about = (each for each in self._of_kind.get(kind, ()) if may_see(self.articles[each[0]]))
            for place, part in itertools.islice(about, _OF_A_KIND):
                meant[place] = max(meant.get(place, 0.0), share * part)
        return meant

    def _question(self, words: str) -> dict[str, float]:
        """The terms of the question with their weights; a mistyped word as the known ones that may have been meant."""
        question: dict[str, float] = {}
        for term in self._cut(words):
            meant = self._speller.near(term)
            question |= {each: max(question.get(each, 0.0), self._weight(each) * _MISTYPED) for each in meant}
            if not meant:
                question[term] = self._weight(term)
        return question

    def _weight(self, term: str) -> float:
        """Rare terms count more; a term that no article has counts most, so that strange questions meet nothing."""
        return self._rarity.get(term, self._unknown) * self._weigh(term)

    def _score(self, question: dict[str, float], mass: float, place: int, bm25: float) -> float:
        closest = max((_alike(question, mass, each) for each in self._phrasings[place]), default=0.0)
        met = _PHRASING_WEIGHT * closest + (1 - _PHRASING_WEIGHT) * bm25
        return min(1.0, met * max(1.0, mass / _WISH))

    def _kinds(self) -> Iterator[tuple[str, int, float]]:
        for place, article in enumerate(self.articles):
            for number, kind in enumerate(article.kinds):
                yield kind, place, _SECOND_KIND if number else 1.0

    def _phrasings_of(self, head: list[list[str]]) -> list[_Phrasing]:
        """Of the title and the ways to ask, cut."""
        terms = [tuple(map(sys.intern, dict.fromkeys(each))) for each in head]
        return [_Phrasing(each, sum(map(self._weight, each))) for each in terms]


@dataclass(frozen=True, slots=True)
class _Phrasing:
    """A title or a way to ask, cut; `mass`: the weight of its terms."""

    terms: tuple[str, ...]
    mass: float


def _alike(question: dict[str, float], mass: float, phrasing: _Phrasing) -> float:
    """Shared weight over the weight of both."""
    shared = sum(question[term] for term in phrasing.terms if term in question)
    return shared / (_ASKED_SHARE * mass + (1 - _ASKED_SHARE) * phrasing.mass)


def _weighted(head: list[list[str]], body: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for weight, parts in ((_TITLE, head[:1]), (_ASKED, head[1:]), (_BODY, [body])):
        for part in parts:
            for term in part:
                counts[term] += weight  # type: ignore[assignment]
    return counts


def _rarity(counts: Sequence[Counter[str]]) -> dict[str, float]:
    in_articles = Counter(term for count in counts for term in count)
    return {
        term: math.log(1 + (len(counts) - found + 0.5) / (found + 0.5)) for term, found in in_articles.items()
    }


def _postings(counts: Sequence[Counter[str]]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """BM25's saturation of every term in every article that has it, ready to be weighed and added up."""
    lengths = [sum(count.values()) for count in counts]
    mean = (sum(lengths) / len(lengths) if lengths else 0) or 1
    where: dict[str, tuple[list[int], list[float]]] = {}
    for place, count in enumerate(counts):
        norm = _K1 * (1 - _B + _B * lengths[place] / mean)
        for term, times in count.items():
            places, saturations = where.setdefault(term, ([], []))
            places.append(place)
            saturations.append(times * (_K1 + 1) / (times + norm))
    return {
        term: (np.array(places, dtype=np.int32), np.array(saturations, dtype=np.float32))
        for term, (places, saturations) in where.items()
    }
