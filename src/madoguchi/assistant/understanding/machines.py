"""The machines the model is made of: one per kind, and beside them one per category, per group of like kinds, per alarm.

All are linear over the same features, so what categories and groups have learnt is added to the weights of their
kinds: the sum is served as one machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.svm import LinearSVC

from madoguchi.assistant.understanding.model import ALARMS

_FREEDOM = 1.0  # how closely the phrases are followed (C)
_CLOSE_ENOUGH = 0.02  # a closer solution takes four times as long and is not better
_CATEGORY_COUNTS = 0.4
_GROUP_COUNTS = 0.3
_GROUPS = 24

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Taught:
    """`weights` (features × columns) and `offset` (columns): first the kinds, then the alarms."""

    kinds: tuple[str, ...]
    alarms: tuple[str, ...]
    weights: Doubles
    offset: Doubles


def learn(matrix: sparse.csr_matrix, answers: Sequence[str]) -> Taught:
    kinds = sorted(set(answers))
    weights, offset = _machine(matrix, answers)
    categories = {kind: kind.partition(".")[0] for kind in kinds}
    for groups, counts in (
        (categories, _CATEGORY_COUNTS),
        (_alike(matrix, answers, kinds), _GROUP_COUNTS),
    ):
        names = sorted(set(groups.values()))
        if 1 < len(names) < len(kinds):
            theirs, at = _machine(matrix, [groups[answer] for answer in answers])
            places = [names.index(groups[kind]) for kind in kinds]
            weights, offset = weights + counts * theirs[:, places], offset + counts * at[places]
    columns, alarms = [(weights, offset)], []
    for name, its_kinds in ALARMS.items():
        real = ["yes" if answer in its_kinds else "no" for answer in answers]
        if len(set(real)) == 2:
            theirs, at = _machine(matrix, real)
            columns.append((theirs[:, 1:], at[1:]))
            alarms.append(name)
    return Taught(
        kinds=tuple(kinds),
        alarms=tuple(alarms),
        weights=np.hstack([column for column, _ in columns]),
        offset=np.concatenate([at for _, at in columns]),
    )


def _machine(matrix: sparse.csr_matrix, answers: Sequence[str]) -> tuple[Doubles, Doubles]:
    """Columns in the order of the sorted answers."""
    machine = LinearSVC(C=_FREEDOM, tol=_CLOSE_ENOUGH, random_state=0).fit(matrix, list(answers))
    weights, offset = machine.coef_.T, machine.intercept_
    if weights.shape[1] == 1:  # of two answers the machine tells only the second apart
        weights, offset = np.hstack([-weights, weights]), np.concatenate([-offset, offset])
    return weights, offset


def _alike(matrix: sparse.csr_matrix, answers: Sequence[str], kinds: Sequence[str]) -> dict[str, str]:
    """Kinds whose phrases are much alike, whatever their category, under one group's name."""
    if len(kinds) <= 2 * _GROUPS:
        return dict.fromkeys(kinds, "")
    place = {kind: i for i, kind in enumerate(kinds)}
    rows = [place[answer] for answer in answers]
    member = sparse.csr_matrix((np.ones(len(rows)), (rows, np.arange(len(rows)))))
    middles = _unit((member @ matrix).toarray())
    middles = _unit(middles - middles.mean(axis=0))
    found = fcluster(linkage(middles, "average", metric="cosine"), _GROUPS, "maxclust")
    return {kind: f"{group:02}" for kind, group in zip(kinds, found, strict=True)}


def _unit(rows: Doubles) -> Doubles:
    lengths: Doubles = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / lengths
