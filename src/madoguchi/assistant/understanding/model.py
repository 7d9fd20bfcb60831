"""The learnt model: which kind a text is nearest to. Plain arrays in one file, scored with numpy, nothing unpickled."""

from __future__ import annotations

import io
import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from lzma import LZMAError
from pathlib import Path
from zipfile import ZIP_LZMA, BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.typing import NDArray

from madoguchi.assistant.understanding import emergency
from madoguchi.assistant.understanding.features import Vector, features

FORMAT = 2
SHIPPED = Path(__file__).with_name("model.npz")

# What the model listens for beside kinds: a machine of its own, and the kinds that tell of it.
ALARMS: Mapping[str, frozenset[str]] = {
    "danger": emergency.KINDS,
    "person": frozenset(("support_service.connect_to_agent",)),
}
_OF_SHARES = 0.25  # how much the shares of its kinds count in an alarm
_NEVER = 1e6

Floats = NDArray[np.float32]


class ModelFileError(ValueError):
    """A model file that cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Scored:
    """`shares`: one per kind of the model, together 1; `known`: share (0 to 1) of the text's words and runs of
    characters, single ones aside, that were ever seen; `alarms`: how far above its threshold each alarm is.
    """

    shares: Floats
    known: float
    alarms: Mapping[str, float]


@dataclass(frozen=True)
class Model:
    """Read-only, so one serves any number of threads.

    `weights` (features × kinds, then alarms) are whole numbers, `scale` (per column) their unit.
    `sharpness[language]` turns scores into shares that are right as often as they say; an alarm goes off above
    `alarms[name][language]`. `digest` is that of the phrases learnt from.
    """

    kinds: tuple[str, ...]
    alarms: Mapping[str, Mapping[str, float]]
    names: tuple[str, ...]
    importance: Floats
    weights: NDArray[np.int8]
    scale: Floats
    offset: Floats
    sharpness: Mapping[str, float]
    words: Mapping[str, str]
    digest: str

    @property
    def version(self) -> str:
        """Changes with every phrase that was learnt from; noted with all that is understood (TECH-009)."""
        return f"phrases-{self.digest[:12]}"

    @cached_property
    def _column(self) -> dict[str, int]:
        return {name: column for column, name in enumerate(self.names)}

    def score(self, folded: str, language: str, prior: Mapping[str, float] | None = None) -> Scored:
        """`prior`: natural-log weights added per kind."""
        vector = features(folded)
        scores, alarms = self._margins(vector)
        logits = scores * self.sharpness.get(language, 1.0)
        if prior:
            logits = logits + np.array([prior.get(kind, 0.0) for kind in self.kinds], dtype=np.float32)
        exponents = np.exp(logits - logits.max())
        shares = exponents / exponents.sum()
        above = {
            name: float(margin) + self._odds(name, shares) - self.alarms[name].get(language, _NEVER)
            for name, margin in zip(self.alarms, alarms, strict=True)
        }
        return Scored(shares, self._share_seen(vector), above)

    def _odds(self, alarm: str, shares: Floats) -> float:
        told = float(sum(shares[i] for i, kind in enumerate(self.kinds) if kind in ALARMS[alarm]))
        return _OF_SHARES * math.log((told + 1e-6) / (1 - told + 1e-6))

    def margins(self, folded: str) -> Floats:
        """Bare scores of the kinds."""
        return self._margins(features(folded))[0]

    def weighed(self, folded: str) -> Vector:
        """Its features by their importance, of length 1; those never seen count as the most important."""
        most = float(self.importance.max())
        vector = {
            name: value
            * (most if (column := self._column.get(name)) is None else float(self.importance[column]))
            for name, value in features(folded).items()
        }
        length = math.sqrt(sum(value * value for value in vector.values()))
        return {name: value / length for name, value in vector.items()} if length else {}

    def _margins(self, vector: Vector) -> tuple[Floats, Floats]:
        columns, values = self._known(vector)
        length = float(np.sqrt(values @ values)) or 1.0
        scores = (values / length) @ self.weights[columns].astype(np.float32) * self.scale + self.offset
        return scores[: len(self.kinds)], scores[len(self.kinds) :]

    def _known(self, vector: Vector) -> tuple[NDArray[np.intp], Floats]:
        found = [
            (column, value)
            for name, value in vector.items()
            if (column := self._column.get(name)) is not None
        ]
        columns = np.array([column for column, _ in found], dtype=np.intp)
        values = np.array([value for _, value in found], dtype=np.float32)
        return columns, values * self.importance[columns]

    def _share_seen(self, vector: Vector) -> float:
        runs = [name for name in vector if len(name.strip(" =+^$")) > 1 and " _ " not in name]
        return sum(name in self._column for name in runs) / len(runs) if runs else 1.0

    def calibrated(self, sharpness: Mapping[str, float], alarms: Mapping[str, Mapping[str, float]]) -> Model:
        thresholds = {name: dict(alarms.get(name, {})) for name in self.alarms}
        return replace(self, sharpness=dict(sharpness), alarms=thresholds)

    # ── the file ──────────────────────────────────────────────────────────────────────────────────

    def save(self, file: Path) -> None:
        """The same model makes the same bytes."""
        about = {
            "format": FORMAT,
            "kinds": self.kinds,
            "alarms": [(name, dict(thresholds)) for name, thresholds in self.alarms.items()],
            "sharpness": dict(self.sharpness),
            "words": dict(self.words),
            "digest": self.digest,
        }
        arrays = {
            "about": _packed(json.dumps(about, ensure_ascii=False, sort_keys=True)),
            "names": _packed("\n".join(self.names)),
            "importance": self.importance,
            "weights": self.weights,
            "scale": self.scale,
            "offset": self.offset,
        }
        # What numpy reads as an .npz, packed by LZMA: a quarter smaller than numpy writes it, 0.3 s slower to read.
        with ZipFile(file, "w", ZIP_LZMA) as packed:
            for name, array in arrays.items():
                content = io.BytesIO()
                np.lib.format.write_array(content, np.asarray(array), allow_pickle=False)
                packed.writestr(ZipInfo(f"{name}.npy"), content.getvalue(), ZIP_LZMA)

    @classmethod
    def load(cls, file: Path = SHIPPED) -> Model:
        """Raises ModelFileError."""
        try:
            with np.load(file, allow_pickle=False) as arrays:
                about = json.loads(_unpacked(arrays["about"]))
                if about["format"] != FORMAT:
                    raise ModelFileError(
                        f"{file}: of another version; `madoguchi assistant train` learns it anew"
                    )
                return cls(
                    kinds=tuple(about["kinds"]),
                    alarms=dict(about["alarms"]),
                    names=tuple(_unpacked(arrays["names"]).split("\n")),
                    importance=arrays["importance"],
                    weights=arrays["weights"],
                    scale=arrays["scale"],
                    offset=arrays["offset"],
                    sharpness=about["sharpness"],
                    words=about["words"],
                    digest=about["digest"],
                )
        except (OSError, EOFError, KeyError, ValueError, BadZipFile, zlib.error, LZMAError) as error:
            if isinstance(error, ModelFileError):
                raise
            raise ModelFileError(f"{file}: {error}") from error


def _packed(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8"), dtype=np.uint8)


def _unpacked(array: NDArray[np.uint8]) -> str:
    return array.tobytes().decode("utf-8")
