"""Which kind a text is nearest to: two simple models over character n-grams, words and ideas, in numpy.

Both are computed from the phrases when the assistant starts; nothing is trained beforehand or unpickled.
A complement naive Bayes (Rennie et al. 2003) knows how telling each feature is for a kind; nearest
neighbours (cosine, tf-idf) know whole sentences. Their scores are added.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LETTER_RUN = re.compile(r"[a-z0-9']+")
_NUMBER = re.compile(r"\d+")
_NOISE = re.compile(r"[\"“”()（）\[\]「」『』…・*~_^#]+|\.{2,}")
_SENTENCE_MARK = re.compile(r"[。、,.!！?？:;/]+")
_ENGLISH_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "is",
        "are",
        "was",
        "it",
        "its",
        "i'm",
        "i",
        "me",
        "my",
        "we",
        "our",
        "you",
        "your",
        "and",
        "or",
        "so",
        "that",
        "this",
        "there",
        "here",
        "for",
        "in",
        "on",
        "at",
        "with",
        "be",
        "been",
        "have",
        "has",
        "had",
        "do",
        "does",
        "did",
        "just",
        "please",
        "hi",
        "hello",
        "would",
        "could",
        "can",
        "will",
        "am",
    ]
)
_MAX_CHARACTERS = 1200

Vector = dict[str, float]


@dataclass(frozen=True)
class Settings:
    smoothing: float = 0.3
    neighbours: int = 4
    neighbour_weight: float = 9.0
    bayes_weight: float = 5.0
    concept_weight: float = 1.6
    temperature: float = 1.0


@dataclass(frozen=True)
class Scored:
    """`scores`: one per kind of the scorer; `closeness`: cosine (0 to 1) with the nearest phrase."""

    scores: NDArray[np.float32]
    closeness: float


class Featuriser:
    """Turns folded text into weighted features: `c:` character n-grams, `w:` words, `§` ideas and pairs of ideas."""

    def __init__(self, concepts: Mapping[str, Sequence[str]], concept_weight: float) -> None:
        self._concept_weight = concept_weight
        self._concepts = [
            (
                name,
                re.compile("|".join(_concept_pattern(s) for s in sorted(spellings, key=len, reverse=True))),
            )
            for name, spellings in concepts.items()
            if spellings
        ]

    def features(self, folded: str) -> Vector:
        text = _NUMBER.sub("0", _NOISE.sub(" ", folded[:_MAX_CHARACTERS]))
        counts: Counter[str] = Counter()
        ideas = self.ideas(text)
        for chunk in _SENTENCE_MARK.split(text):
            _count_words(chunk, counts)
            _count_characters(chunk, counts)
        vector = {name: 1.0 + math.log(count) for name, count in counts.items()}
        for position, idea in enumerate(ideas):
            vector[f"§{idea}"] = self._concept_weight
            for other in ideas[position + 1 :]:
                vector[f"§{idea}+{other}"] = self._concept_weight
        return vector

    def ideas(self, folded: str) -> list[str]:
        return [name for name, pattern in self._concepts if pattern.search(folded)]


def _concept_pattern(spelling: str) -> str:
    escaped = re.escape(spelling).replace(r"\ ", r"\s+").replace(r"\*", r"[^。！!？?]{0,6}?")
    return rf"\b{escaped}" + ("" if spelling.endswith("-") else r"\b") if spelling.isascii() else escaped


def _count_words(chunk: str, counts: Counter[str]) -> None:
    words = _LETTER_RUN.findall(chunk)
    kept = [word for word in words if word not in _ENGLISH_STOP]
    for word in kept:
        counts[f"w:{word}"] += 1
    for pair in zip(words, words[1:], strict=False):
        counts[f"w:{pair[0]} {pair[1]}"] += 1


def _count_characters(chunk: str, counts: Counter[str]) -> None:
    """1- to 3-grams of Japanese runs, 3- and 4-grams of Latin words with their edges."""
    for piece in chunk.split():
        if piece.isascii():
            edged = f" {piece} "
            for size in (3, 4, 5):
                for start in range(len(edged) - size + 1):
                    counts[f"c:{edged[start : start + size]}"] += 1
            continue
        for size in (1, 2, 3, 4):
            for start in range(len(piece) - size + 1):
                counts[f"c:{piece[start : start + size]}"] += 1


class Scorer:
    """Log-scores of kinds for a text, comparable within one language. Built once, then read-only."""

    def __init__(
        self, samples: Sequence[tuple[str, str]], featuriser: Featuriser, settings: Settings | None = None
    ) -> None:
        """`samples`: (kind, folded text) pairs of one language, at least one."""
        self.settings = settings or Settings()
        self._featuriser = featuriser
        self.kinds = tuple(sorted({kind for kind, _ in samples}))
        index_of = {kind: i for i, kind in enumerate(self.kinds)}
        vectors = [featuriser.features(text) for _, text in samples]
        self._label = np.array([index_of[kind] for kind, _ in samples], dtype=np.intp)
        document_frequency = Counter(name for vector in vectors for name in vector)
        self._column = {name: i for i, name in enumerate(document_frequency)}
        counts = np.array(list(document_frequency.values()), dtype=np.float32)
        self._idf: NDArray[np.float32] = np.log((1 + len(samples)) / (1 + counts)).astype(
            np.float32
        ) + np.float32(0.2)
        rows, columns, values = self._sparse(vectors)
        self._weights = self._complement_bayes(rows, columns, values)
        self._index_neighbours(rows, columns, values)

    def score(self, folded: str) -> Scored:
        columns, values = self._vector(self._featuriser.features(folded))
        if not len(columns):
            return Scored(np.zeros(len(self.kinds), dtype=np.float32), 0.0)
        bayes = values @ self._weights[columns]
        cosines = self._cosines(columns, values)
        scores = self.settings.bayes_weight * bayes + self.settings.neighbour_weight * self._near(cosines)
        return Scored(np.asarray(scores, dtype=np.float32), float(cosines.max()))

    def _vector(self, features: Vector) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Known features as unit-length tf-idf; unknown ones still count in the length, so strangeness lowers all."""
        pairs = [(self._column[name], tf) for name, tf in features.items() if name in self._column]
        if not pairs:
            return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32)
        columns = np.array([column for column, _ in pairs], dtype=np.intp)
        values = np.array([tf for _, tf in pairs], dtype=np.float32) * self._idf[columns]
        norm = math.sqrt(float(values @ values))
        return columns, np.asarray(values / np.float32(norm or 1.0), dtype=np.float32)

    def _sparse(
        self, vectors: Sequence[Vector]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
        sizes = [len(vector) for vector in vectors]
        rows = np.repeat(np.arange(len(vectors), dtype=np.intp), sizes)
        columns = np.array([self._column[name] for vector in vectors for name in vector], dtype=np.intp)
        values = (
            np.array([tf for vector in vectors for tf in vector.values()], dtype=np.float32)
            * self._idf[columns]
        )
        norms = np.sqrt(np.bincount(rows, weights=values * values, minlength=len(vectors)))
        return rows, columns, np.asarray(values / norms[rows], dtype=np.float32)

    def _complement_bayes(
        self, rows: NDArray[np.intp], columns: NDArray[np.intp], values: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Features × kinds: how much rarer a feature is outside the kind than in it."""
        kinds = len(self.kinds)
        flat = columns * kinds + self._label[rows]
        by_kind = np.bincount(flat, weights=values, minlength=len(self._column) * kinds).reshape(-1, kinds)
        outside = by_kind.sum(axis=1, keepdims=True) - by_kind + self.settings.smoothing / kinds
        inside = by_kind + self.settings.smoothing / kinds
        weights = np.log(inside / inside.sum(axis=0)) - np.log(outside / outside.sum(axis=0))
        weights /= np.abs(weights).mean(axis=0)
        return np.asarray(weights, dtype=np.float32)

    def _index_neighbours(
        self, rows: NDArray[np.intp], columns: NDArray[np.intp], values: NDArray[np.float32]
    ) -> None:
        order = np.argsort(columns, kind="stable")
        self._rows, self._values = rows[order], values[order]
        self._starts = np.searchsorted(columns[order], np.arange(len(self._column) + 1))

    def _cosines(self, columns: NDArray[np.intp], values: NDArray[np.float32]) -> NDArray[np.float64]:
        starts, ends = self._starts[columns], self._starts[columns + 1]
        sizes = ends - starts
        offsets = np.repeat(starts - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
        positions = np.arange(int(sizes.sum())) + offsets
        weights = self._values[positions] * np.repeat(values, sizes)
        return np.bincount(self._rows[positions], weights=weights, minlength=len(self._label))

    def _near(self, cosines: NDArray[np.float64]) -> NDArray[np.float64]:
        """Per kind, the mean cosine of its few nearest phrases."""
        near = np.zeros(len(self.kinds))
        order = np.argsort(-cosines)[: 12 * self.settings.neighbours]
        taken = np.zeros(len(self.kinds), dtype=np.intp)
        for row in order:
            kind = self._label[row]
            if taken[kind] < self.settings.neighbours:
                near[kind] += cosines[row] / self.settings.neighbours
                taken[kind] += 1
        return near
