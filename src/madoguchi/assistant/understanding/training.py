"""Learning the model from the phrases (the extra `train`): linear support vector machines, calibrated per language.

The same phrases give the same model: nothing is drawn by chance.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from madoguchi.assistant.understanding import machines
from madoguchi.assistant.understanding.features import Vector, features
from madoguchi.assistant.understanding.model import ALARMS, Floats, Model
from madoguchi.assistant.understanding.phrases import Phrases
from madoguchi.kit import text as kit_text

_SEEN_AT_LEAST = 2
_FEW = 200
_IMPORTANCE_POWER = 1.0
_LARGEST = 127
_TOO_SMALL = 2  # of 127: such weights change no answer that could be measured, and are most of the file
_FALSE_ALARMS = {"danger": 0.03, "person": 0.01}  # share of other lines at which an alarm may go off
_HELD_OUT = ((0.3, 0.4), (0.9, 1.0))  # of every file: lines of its first writers, and of its last
_SHARPNESSES = tuple(1.1**step for step in range(5, 40))


@dataclass(frozen=True)
class Sample:
    kind: str
    language: str
    folded: str


@dataclass(frozen=True)
class HeldOut:
    """How a model without some blocks of every file does on those blocks: lines and share of kinds right."""

    lines: dict[str, int]
    right: dict[str, float]
    category_right: dict[str, float]
    heard: dict[str, dict[str, float]]  # alarm, language: share of real ones that the alarm alone hears


def train(phrases: Phrases) -> tuple[Model, HeldOut]:
    """A model of all phrases, and how well the same recipe did on phrases held back from it."""
    samples = samples_of(phrases)
    vectors = [features(sample.folded) for sample in samples]
    back = held_out(samples)
    kept = [i for i in range(len(samples)) if i not in back]
    sharpness = dict.fromkeys(phrases.languages, 4.0)
    alarms: dict[str, dict[str, float]] = {}
    told = HeldOut({}, {}, {}, {})
    if back and len({samples[i].kind for i in kept}) > 1:
        part = _learn([samples[i] for i in kept], [vectors[i] for i in kept], phrases)
        sharpness, alarms, told = _calibrate(part, [samples[i] for i in sorted(back)])
    return _learn(samples, vectors, phrases).calibrated(sharpness, alarms), told


def samples_of(phrases: Phrases) -> list[Sample]:
    found = []
    for kind in phrases.kinds:
        for language in sorted(phrases.examples[kind]):
            texts = phrases.examples[kind][language]
            words = phrases.words.get(kind, {}).get(language, ())
            found += [Sample(kind, language, kit_text.fold(text)) for text in (*words, *texts)]
    return found


def held_out(samples: Sequence[Sample]) -> set[int]:
    """Indices of whole blocks of each file, for neighbouring lines are alike."""
    places: dict[tuple[str, str], list[int]] = {}
    for index, sample in enumerate(samples):
        places.setdefault((sample.kind, sample.language), []).append(index)
    chosen: set[int] = set()
    for own in places.values():
        for begin, end in _HELD_OUT:
            chosen.update(own[int(len(own) * begin) : int(len(own) * end)])
    return chosen


def _learn(samples: Sequence[Sample], vectors: Sequence[Vector], phrases: Phrases) -> Model:
    seen = Counter(name for vector in vectors for name in vector)
    seen_at_least = _SEEN_AT_LEAST if len(samples) >= _FEW else 1
    names = sorted(name for name, count in seen.items() if count >= seen_at_least)
    often = np.array([seen[name] for name in names], dtype=np.float64)
    importance = ((np.log((1 + len(samples)) / (1 + often)) + 0.2) ** _IMPORTANCE_POWER).astype(np.float32)
    taught = machines.learn(_matrix(vectors, names, importance), [sample.kind for sample in samples])
    weights, scale = _whole_numbers(taught.weights)
    kept = np.flatnonzero(np.abs(weights).max(axis=1) > 0)
    return Model(
        kinds=taught.kinds,
        alarms={name: {} for name in taught.alarms},
        names=tuple(names[i] for i in kept),
        importance=importance[kept],
        weights=weights[kept],
        scale=scale,
        offset=taught.offset.astype(np.float32),
        sharpness={},
        words=_words(phrases),
        digest=phrases.digest,
    )


def _matrix(vectors: Sequence[Vector], names: Sequence[str], importance: Floats) -> sparse.csr_matrix:
    column = {name: i for i, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, vector in enumerate(vectors):
        for name, value in vector.items():
            if name in column:
                rows.append(row)
                columns.append(column[name])
                values.append(value)
    cells = np.array(values, dtype=np.float64) * importance[columns]
    lengths = np.sqrt(np.bincount(rows, weights=cells * cells, minlength=len(vectors)))
    shape = (len(vectors), len(names))
    return sparse.csr_matrix((cells / lengths[rows], (rows, columns)), shape=shape)


def _whole_numbers(weights: NDArray[np.float64]) -> tuple[NDArray[np.int8], Floats]:
    scale = np.abs(weights).max(axis=0) / _LARGEST
    scale[scale == 0] = 1.0
    whole = np.rint(weights / scale).astype(np.int8)
    whole[np.abs(whole) <= _TOO_SMALL] = 0
    return whole, scale.astype(np.float32)


def _words(phrases: Phrases) -> dict[str, str]:
    return {
        word: kind
        for kind in phrases.kinds
        for words in phrases.words.get(kind, {}).values()
        for word in words
    }


def _calibrate(
    model: Model, samples: Sequence[Sample]
) -> tuple[dict[str, float], dict[str, dict[str, float]], HeldOut]:
    """How sharp scores are, and where alarms go off, per language; and how well the model did."""
    sharpness: dict[str, float] = {}
    alarms: dict[str, dict[str, float]] = {name: {} for name in model.alarms}
    told = HeldOut({}, {}, {}, {})
    for language in dict.fromkeys(sample.language for sample in samples):
        own = [sample for sample in samples if sample.language == language]
        margins = np.stack([model.margins(sample.folded) for sample in own]).astype(np.float64)
        answers = np.array([model.kinds.index(s.kind) if s.kind in model.kinds else 0 for s in own])
        sharpness[language] = min(_SHARPNESSES, key=lambda sharp: _surprise(margins * sharp, answers))
        best = [model.kinds[i] for i in margins.argmax(axis=1)]
        told.lines[language] = len(own)
        told.right[language] = _share(guess == s.kind for guess, s in zip(best, own, strict=True))
        told.category_right[language] = _share(
            guess.partition(".")[0] == s.kind.partition(".")[0] for guess, s in zip(best, own, strict=True)
        )
        silent = {name: {language: 0.0} for name in alarms}
        sharpened = model.calibrated({language: sharpness[language]}, silent)
        heard = [sharpened.score(sample.folded, language).alarms for sample in own]
        for name in alarms:
            loud = np.array([each[name] for each in heard])
            real = np.array([sample.kind in ALARMS[name] for sample in own])
            if real.any() and not real.all():
                threshold = float(np.quantile(loud[~real], 1 - _FALSE_ALARMS[name]))
                alarms[name][language] = round(threshold, 4)
                told.heard.setdefault(name, {})[language] = _share(loud[real] > threshold)
    return sharpness, alarms, told


def _surprise(logits: NDArray[np.float64], answers: NDArray[np.intp]) -> float:
    highest = logits.max(axis=1)
    whole = highest + np.log(np.exp(logits - highest[:, None]).sum(axis=1))
    return float((whole - logits[np.arange(len(answers)), answers]).mean())


def _share(right: object) -> float:
    told = list(right)  # type: ignore[call-overload]
    return math.fsum(told) / len(told)
