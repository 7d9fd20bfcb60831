"""Whether a new model is better than the one that serves: both read the same lines, and what got worse is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from madoguchi.assistant.evaluation.lines import Line
from madoguchi.assistant.learning.model import LearningTurn
from madoguchi.assistant.learning.phrase_files import is_held_out
from madoguchi.assistant.learning.veil import bare
from madoguchi.assistant.understanding import (
    CONNECT_TO_AGENT,
    OUT_OF_SCOPE,
    Phrases,
    Understander,
    Understanding,
)
from madoguchi.assistant.understanding.emergency import KINDS as EMERGENCIES

_ONE_GUARD_IN = 5
_ENOUGH = 10  # lines of one language from which on its accuracy counts by itself


@dataclass(frozen=True)
class Example:
    """A message and what it is about; of two wishes either is right. A `guard` counts for danger and persons alone:
    both models may have learnt it.
    """

    text: str
    language: str
    kinds: tuple[str, ...]
    guard: bool = False


@dataclass(frozen=True)
class Judged:
    """One line beside what each model made of it."""

    example: Example
    running: Understanding
    candidate: Understanding


@dataclass(frozen=True)
class Share:
    """Of `lines`, how many each model gets right."""

    name: str
    lines: int
    running: int
    candidate: int

    @property
    def fall(self) -> float:
        return (self.running - self.candidate) / self.lines if self.lines else 0.0


@dataclass(frozen=True)
class Compared:
    judged: tuple[Judged, ...]

    @property
    def accuracy(self) -> list[Share]:
        """Of all languages together, then of each."""
        counted = [each for each in self.judged if not each.example.guard]
        languages = sorted({each.example.language for each in counted})
        return [
            _share("all", counted, _is_right),
            *(
                _share(name, [e for e in counted if e.example.language == name], _is_right)
                for name in languages
            ),
        ]

    @property
    def emergencies(self) -> Share:
        urgent = [each for each in self.judged if set(each.example.kinds) & EMERGENCIES]
        return _share("emergencies", urgent, lambda _, found: found.emergency is not None)

    @property
    def persons(self) -> Share:
        wishes = [each for each in self.judged if CONNECT_TO_AGENT in each.example.kinds]
        return _share("wishes for a person", wishes, lambda _, found: found.wants_person)

    @property
    def worse(self) -> list[Judged]:
        return [
            e
            for e in self.judged
            if _is_right(e.example, e.running) and not _is_right(e.example, e.candidate)
        ]

    @property
    def better(self) -> list[Judged]:
        return [
            e
            for e in self.judged
            if _is_right(e.example, e.candidate) and not _is_right(e.example, e.running)
        ]

    def objections(self, may_fall: float) -> list[Share]:
        """What speaks against the new model: a danger or a wish for a person less, or accuracy lost beyond `may_fall`."""
        recall = [share for share in (self.emergencies, self.persons) if share.candidate < share.running]
        whole, *languages = self.accuracy
        counted = [whole, *(share for share in languages if share.lines >= _ENOUGH)]
        return [*recall, *(share for share in counted if share.fall > may_fall)]


def compare(
    running: Understander, candidate: Understander, examples: Sequence[Example], today: date
) -> Compared:
    return Compared(
        tuple(
            Judged(
                each,
                running.understand(each.text, today=today, language_hint=each.language),
                candidate.understand(each.text, today=today, language_hint=each.language),
            )
            for each in examples
        )
    )


def of_labels(labels: Sequence[LearningTurn]) -> Iterator[Example]:
    """The labels that are never learnt."""
    for turn in labels:
        if is_held_out(turn) or len(turn.kinds) > 1:
            yield Example(bare(turn.text), turn.language, tuple(turn.kinds))


def of_lines(lines: Sequence[Line]) -> Iterator[Example]:
    for line in lines:
        yield Example(line.text, line.lang, (line.kind,))


def guards(phrases: Phrases) -> Iterator[Example]:
    """Every fifth phrase about a danger or a wish for a person: no model may stop hearing these."""
    for kind in sorted({*EMERGENCIES, CONNECT_TO_AGENT} & phrases.examples.keys()):
        for language, texts in sorted(phrases.examples[kind].items()):
            for text in texts[::_ONE_GUARD_IN]:
                yield Example(text, language, (kind,), guard=True)


def leading(understood: Understanding) -> str:
    return understood.intents[0].kind if understood.intents else OUT_OF_SCOPE


def _is_right(example: Example, understood: Understanding) -> bool:
    return leading(understood) in example.kinds


def _share(name: str, judged: Sequence[Judged], right: Callable[[Example, Understanding], bool]) -> Share:
    return Share(
        name,
        len(judged),
        sum(right(each.example, each.running) for each in judged),
        sum(right(each.example, each.candidate) for each in judged),
    )
