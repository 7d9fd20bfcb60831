"""The model files of the data folder: the one that was learnt, the one that serves, and the one that served before."""

from __future__ import annotations

import shutil
from pathlib import Path

from madoguchi.assistant.understanding.late import OWN_MODEL
from madoguchi.assistant.understanding.model import SHIPPED, Model, ModelFileError

CANDIDATE = "understanding.candidate.npz"
PREVIOUS = "understanding.previous.npz"


class NothingThere(Exception):
    """No model has been learnt, or none was adopted that could be taken back."""


def serving(folder: Path) -> Model:
    """The model with which a counter on this folder understands."""
    own = folder / OWN_MODEL
    if own.is_file():
        try:
            return Model.load(own)
        except ModelFileError:
            return Model.load(SHIPPED)
    return Model.load(SHIPPED)


def candidate(folder: Path) -> Model:
    """Raises NothingThere, ModelFileError."""
    if not (folder / CANDIDATE).is_file():
        raise NothingThere
    return Model.load(folder / CANDIDATE)


def adopt(folder: Path) -> None:
    """The candidate serves from the next message on. Raises NothingThere, ModelFileError; then nothing has changed."""
    candidate(folder)
    own = folder / OWN_MODEL
    if own.is_file():
        _copy(own, folder / PREVIOUS)
    else:
        (folder / PREVIOUS).unlink(missing_ok=True)
    (folder / CANDIDATE).replace(own)


def go_back(folder: Path) -> None:
    """What served before serves again (at the end, what comes with Madoguchi); what served is a candidate again.

    Raises NothingThere, ModelFileError.
    """
    own, previous = folder / OWN_MODEL, folder / PREVIOUS
    if not own.is_file():
        raise NothingThere
    if previous.is_file():
        Model.load(previous)
    _copy(own, folder / CANDIDATE)
    if previous.is_file():
        previous.replace(own)
    else:
        own.unlink()


def _copy(source: Path, target: Path) -> None:
    """All of it or nothing, while the source stays where a running counter looks for it."""
    fresh = target.with_name(f".{target.name}")
    shutil.copyfile(source, fresh)
    fresh.replace(target)
