"""The phrases the assistant learns from: `<language>/<kind>.txt`, one utterance per line, editable by the operator.

A line that begins with "= " is an input of one to three words that means the kind by itself (BOT-011).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from madoguchi.assistant.language import LANGUAGES
from madoguchi.kit import text as kit_text

_WORD = "= "


class PhraseFileError(ValueError):
    """A phrase file that cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True)
class Phrases:
    """`examples[kind][language]` are whole utterances; `words[kind][language]` are inputs that mean the kind by
    themselves, folded. Both as in the files, in the order of the files.
    """

    examples: Mapping[str, Mapping[str, tuple[str, ...]]]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(sorted(self.examples))

    @property
    def languages(self) -> tuple[str, ...]:
        spoken = {language for by_language in self.examples.values() for language in by_language}
        return tuple(language for language in LANGUAGES if language in spoken)

    @property
    def digest(self) -> str:
        """Of everything that is learnt from: a model names the phrases it comes from by it."""
        told = hashlib.sha256()
        for part in (self.examples, self.words):
            for kind, language, texts in _rows(part):
                told.update(f"{kind}\t{language}\t{len(texts)}\n".encode())
                told.update("\n".join(texts).encode() + b"\n")
        return told.hexdigest()

    def __or__(self, more: Phrases) -> Phrases:
        """These and more, for example a shop's own."""
        return Phrases(_joined(self.examples, more.examples), _joined(self.words, more.words))

    @classmethod
    def shipped(cls) -> Phrases:
        return cls.read(resources.files("madoguchi.assistant") / "phrases")

    @classmethod
    def read(cls, folder: Traversable | Path) -> Phrases:
        """Every `<language>/<kind>.txt` in `folder`. Raises PhraseFileError."""
        examples: dict[str, dict[str, tuple[str, ...]]] = {}
        words: dict[str, dict[str, tuple[str, ...]]] = {}
        for language in LANGUAGES:
            for file in _texts(folder / language):
                kind = file.name.removesuffix(".txt")
                lines = _lines(file)
                alone = tuple(line.removeprefix(_WORD) for line in lines if line.startswith(_WORD))
                examples.setdefault(kind, {})[language] = tuple(
                    line for line in lines if not line.startswith(_WORD)
                )
                words.setdefault(kind, {})[language] = tuple(kit_text.fold(word) for word in alone)
        if not any(texts for _, _, texts in _rows(examples)):
            raise PhraseFileError(f"no phrases in {folder}")
        return cls(examples, words)


def _rows(part: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for kind in sorted(part):
        for language in sorted(part[kind]):
            yield kind, language, part[kind][language]


def _joined(
    ours: Mapping[str, Mapping[str, tuple[str, ...]]], theirs: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> dict[str, dict[str, tuple[str, ...]]]:
    joined = {kind: dict(by_language) for kind, by_language in ours.items()}
    for kind, language, texts in _rows(theirs):
        by_language = joined.setdefault(kind, {})
        by_language[language] = tuple(dict.fromkeys((*by_language.get(language, ()), *texts)))
    return joined


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
