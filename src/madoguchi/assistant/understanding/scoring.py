"""Which kind a text is nearest to: a linear model over features, computed from the phrases when the assistant starts.

Ridge regression in its dual form (one small system of equations, as many unknowns as phrases), in numpy;
nothing is trained beforehand, stored or unpickled, so an edited phrase file counts from the next start.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from madoguchi.assistant.understanding.features import Featuriser, Vector

_RIDGE = 0.6
_SEEN_AT_LEAST = 2
_FEW = 200
_IDF_POWER = 0.5
_COMMON_ABOVE = 100
_STEPS = 25
_CLOSE_ENOUGH = 2e-2

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Scored:
    """`scores`: one per kind of the scorer, about 1 for a sure kind and 0 for others; `known`: share (0 to 1) of the
    text's weight that lies in features ever seen.
    """

    scores: Floats
    known: float


class Scorer:
    """Scores of kinds for texts of one language. Built once, then read-only."""

    def __init__(self, samples: Sequence[tuple[str, str]], featuriser: Featuriser) -> None:
        """`samples`: (kind, folded text) pairs, at least one."""
        self._featuriser = featuriser
        self.kinds = tuple(sorted({kind for kind, _ in samples}))
        index_of = {kind: i for i, kind in enumerate(self.kinds)}
        vectors = [featuriser.features(text) for _, text in samples]
        seen = Counter(name for vector in vectors for name in vector)
        seen_at_least = _SEEN_AT_LEAST if len(samples) >= _FEW else 1
        names = [name for name, count in seen.items() if count >= seen_at_least]
        self._column = {name: i for i, name in enumerate(names)}
        frequency = np.array([seen[name] for name in names], dtype=np.float32)
        self._idf: Floats = ((np.log((1 + len(samples)) / (1 + frequency)) + 0.2) ** _IDF_POWER).astype(
            np.float32
        )
        matrix = _Sparse.of(vectors, self._column, self._idf)
        targets = np.full((len(samples), len(self.kinds)), -1 / max(1, len(self.kinds) - 1), dtype=np.float32)
        targets[np.arange(len(samples)), [index_of[kind] for kind, _ in samples]] = 1
        gram = matrix.gram()
        gram[np.diag_indices_from(gram)] += _RIDGE
        self._weights = matrix.transposed_times(_solve(gram, targets))

    def score(self, folded: str) -> Scored:
        features = self._featuriser.features(folded)
        pairs = [
            (column, value)
            for name, value in features.items()
            if (column := self._column.get(name)) is not None
        ]
        if not pairs:
            return Scored(np.zeros(len(self.kinds), dtype=np.float32), 0.0)
        columns = np.array([column for column, _ in pairs], dtype=np.intp)
        values = np.array([value for _, value in pairs], dtype=np.float32)
        known = float(values @ values) / sum(value * value for value in features.values())
        weighted = values * self._idf[columns]
        weighted /= math.sqrt(float(weighted @ weighted))
        return Scored(np.asarray(weighted @ self._weights[columns], dtype=np.float32), known)


def _solve(matrix: Floats, targets: Floats) -> Floats:
    """`matrix` (symmetric, positive definite) \\ `targets`, by conjugate gradients: a fifth of the exact solution's time."""
    solution = np.zeros_like(targets)
    residual = targets.copy()
    direction = residual.copy()
    norms = np.einsum("ij,ij->j", residual, residual)
    enough = norms * _CLOSE_ENOUGH**2
    for _ in range(_STEPS):
        if (norms <= enough).all():
            break
        image = matrix @ direction
        step = norms / np.maximum(np.einsum("ij,ij->j", direction, image), 1e-12)
        solution += step * direction
        residual -= step * image
        renewed = np.einsum("ij,ij->j", residual, residual)
        direction = residual + (renewed / np.maximum(norms, 1e-12)) * direction
        norms = renewed
    return solution


@dataclass(frozen=True)
class _Sparse:
    """A matrix (phrases × features) with rows of length one, kept as its non-zero cells sorted by column."""

    rows: Indices
    values: Floats
    starts: Indices
    height: int

    @classmethod
    def of(cls, vectors: Sequence[Vector], column_of: dict[str, int], idf: Floats) -> _Sparse:
        names = [name for vector in vectors for name in vector]
        columns = np.fromiter((column_of.get(name, -1) for name in names), dtype=np.intp, count=len(names))
        values = np.fromiter(
            (v for vector in vectors for v in vector.values()), dtype=np.float32, count=len(names)
        )
        rows = np.repeat(np.arange(len(vectors), dtype=np.intp), [len(vector) for vector in vectors])
        kept = columns >= 0
        rows, columns = rows[kept], columns[kept]
        values = values[kept] * idf[columns]
        norms = np.sqrt(np.bincount(rows, weights=values * values, minlength=len(vectors)))
        values = (values / norms[rows]).astype(np.float32)
        order = np.argsort(columns, kind="stable")
        starts = np.searchsorted(columns[order], np.arange(len(column_of) + 1)).astype(np.intp)
        return cls(rows[order], values[order], starts, len(vectors))

    def gram(self) -> Floats:
        """Similarity of every phrase with every other: common columns by one dense product, rare ones pair by pair."""
        sizes = np.diff(self.starts)
        common = np.flatnonzero(sizes > _COMMON_ABOVE)
        dense = np.zeros((self.height, len(common)), dtype=np.float32)
        for position, column in enumerate(common):
            cells = slice(self.starts[column], self.starts[column + 1])
            dense[self.rows[cells], position] = self.values[cells]
        flat = (dense @ dense.T).reshape(-1)
        for size in range(1, _COMMON_ABOVE + 1):
            places = self.starts[np.flatnonzero(sizes == size)][:, None] + np.arange(size)
            rows, values = self.rows[places], self.values[places]
            targets = (rows[:, :, None] * self.height + rows[:, None, :]).reshape(-1)
            products = (values[:, :, None] * values[:, None, :]).reshape(-1)
            np.add.at(flat, targets, products)
        return flat.reshape(self.height, self.height)

    def transposed_times(self, right: Floats) -> Floats:
        """(features × kinds) = this matrix transposed times `right` (phrases × kinds)."""
        if not len(self.values):
            return np.zeros((0, right.shape[1]), dtype=np.float32)
        return np.add.reduceat(self.values[:, None] * right[self.rows], self.starts[:-1], axis=0)
