"""The phrases the assistant learns from: `<language>/<kind>.txt`, one utterance per line, editable by the operator.

A line that begins with "= " is a one-word input that means the kind by itself (BOT-011).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from madoguchi.kit import text as kit_text

LANGUAGES = ("ja", "en")
CONCEPTS = "concepts.toml"
_WORD = "= "


class PhraseFileError(ValueError):
    """A phrase file that cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True)
class Phrases:
    """`examples[kind][language]` are whole utterances; `words[kind]` are one-word inputs (BOT-011), folded, that mean
    the kind by themselves; `concepts[name]` are folded spellings of one idea, in any language.
    """

    examples: Mapping[str, Mapping[str, tuple[str, ...]]]
    words: Mapping[str, tuple[str, ...]]
    concepts: Mapping[str, tuple[str, ...]]

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(sorted(self.examples))

    @classmethod
    def shipped(cls) -> Phrases:
        return cls.read(resources.files("madoguchi.assistant") / "phrases")

    @classmethod
    def read(cls, folder: Traversable | Path) -> Phrases:
        """Every `<language>/<kind>.txt` in `folder`, and `concepts.toml`. Raises PhraseFileError."""
        examples: dict[str, dict[str, tuple[str, ...]]] = {}
        words: dict[str, tuple[str, ...]] = {}
        for language in LANGUAGES:
            for file in _texts(folder / language):
                kind = file.name.removesuffix(".txt")
                lines = _lines(file)
                texts = tuple(line for line in lines if not line.startswith(_WORD))
                alone = tuple(line.removeprefix(_WORD) for line in lines if line.startswith(_WORD))
                examples.setdefault(kind, {})[language] = texts
                words[kind] = words.get(kind, ()) + _folded(alone)
        if not any(texts for by_language in examples.values() for texts in by_language.values()):
            raise PhraseFileError(f"no phrases in {folder}")
        return cls(examples, words, _concepts(folder / CONCEPTS))


def _texts(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    return sorted((f for f in folder.iterdir() if f.name.endswith(".txt")), key=lambda f: f.name)


def _lines(file: Traversable) -> list[str]:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PhraseFileError(f"{file.name}: {error}") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _concepts(file: Traversable) -> dict[str, tuple[str, ...]]:
    if not file.is_file():
        return {}
    return {name: _folded(_strings(file, name, values)) for name, values in _table(file).items()}


def _table(file: Traversable) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PhraseFileError(f"{file.name}: {error}") from error


def _strings(file: Traversable, key: str, values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise PhraseFileError(f"{file.name}: {key} must be a list of texts")
    return tuple(values)


def _folded(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(kit_text.fold(text) for text in texts)
