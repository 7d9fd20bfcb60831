"""The phrases the assistant learns from: one readable file per kind of enquiry, editable by the operator."""

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
        """Every `<kind>.toml` in `folder` (`words`, `ja`, `en`), and `concepts.toml`. Raises PhraseFileError."""
        examples: dict[str, dict[str, tuple[str, ...]]] = {}
        words: dict[str, tuple[str, ...]] = {}
        concepts: dict[str, tuple[str, ...]] = {}
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            if not file.name.endswith(".toml"):
                continue
            table = _table(file)
            if file.name == CONCEPTS:
                concepts = {name: _folded(_strings(file, name, values)) for name, values in table.items()}
                continue
            kind = file.name.removesuffix(".toml")
            examples[kind] = {
                language: _strings(file, language, table.get(language, [])) for language in LANGUAGES
            }
            words[kind] = _folded(_strings(file, "words", table.get("words", [])))
        if not any(texts for by_language in examples.values() for texts in by_language.values()):
            raise PhraseFileError(f"no phrases in {folder}")
        return cls(examples, words, concepts)


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
