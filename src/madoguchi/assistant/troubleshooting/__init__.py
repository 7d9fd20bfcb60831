"""Step by step out of a trouble: trees as data, one file per device or service, checked when they are loaded.

    for = "device"                      # device or service
    name = { ja = "スティック", en = "Stick" }
    named_by = "すてぃっく|stick"          # how people name it, in folded text
    start = "power"
    setup = { ja = ["…"], en = ["…"] }  # how it is set up; may be left out

    [step.power]
    say = { ja = "…", en = "…" }        # one thing to check or to do
    tried = { ja = "入力の切り替え", en = "Input" }   # its name in the hand-over
    tried_by = "入力は"                   # words that tell that it has been tried already
    answers = [
      { to = "restart", ja = "映るが動かない", en = "A picture, but it does not work", named_by = "映る|picture" },
      { to = "solved" },
    ]

    [step.restart]
    usual = "restart"                   # instead of `tried_by`: a measure that people name alike for everything
    answers = [{ to = "solved" }, { to = "person" }]

An answer leads to another step or to an end: `solved`, `exchange`, `person`. One without words of its own is "It works
now" where it leads to `solved`, else "Not yet". A step that was tried already goes on at its last answer. Words are
needed in Japanese and English; readers of a language that has none read English. A shop's own trees lie in
`troubleshooting` in its data folder; one of the same name replaces ours.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from madoguchi.assistant.answers import by_language
from madoguchi.kit.languages import NAMES

ENDS = frozenset({"solved", "exchange", "person"})
_NEEDED = ("ja", "en")
_FOLDER = Path(__file__).parent


class TreeError(ValueError):
    """A tree cannot be used; the message names the file, the step, and what is wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(_Part):
    """`words`: by language; in a file they stand beside `to`."""

    to: str
    words: dict[str, Annotated[str, Field(min_length=1)]] = {}
    named_by: str = ""

    @model_validator(mode="before")
    @classmethod
    def _gather_words(cls, table: Any) -> Any:
        if not isinstance(table, dict):
            return table
        words = {language: text for language, text in table.items() if language in NAMES}
        return {name: value for name, value in table.items() if name not in NAMES} | {"words": words}


class Step(_Part):
    say: dict[str, str]
    tried: dict[str, str]
    tried_by: str = ""
    usual: str = ""  # its name in `[tried]` of the answers' patterns
    answers: list[Answer] = Field(min_length=1, max_length=5)


class Tree(_Part):
    """`kind` is the file's name: what a customer's device or service says it is."""

    kind: str
    serves: Literal["device", "service"] = Field(alias="for")
    name: dict[str, str]
    named_by: str
    start: str
    setup: dict[str, list[str]] = {}
    step: dict[str, Step]


def load(own: Path | None = None) -> dict[str, Tree]:
    """Every tree by its kind; the shop's own come after ours and replace them. Raises TreeError."""
    found = dict(_shipped())
    if own is not None and own.is_dir():
        found |= {path.stem: read(path) for path in sorted(own.glob("*.toml"))}
    return found


def read(path: Path) -> Tree:
    """One file. Raises TreeError."""
    try:
        tree = Tree.model_validate({"kind": path.stem, **tomllib.loads(path.read_text("utf-8"))})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TreeError(f"{path.name}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise TreeError(f"{path.name}: {place}: {first['msg']}") from error
    for problem in problems(tree):
        raise TreeError(f"{path.name}: {problem}")
    return tree


def problems(tree: Tree) -> Iterator[str]:
    """Everything that would leave a customer standing: loose ends, circles, steps nobody reaches, missing words."""
    if tree.start not in tree.step:
        yield f"start: there is no step {tree.start!r}"
        return
    for name, step in tree.step.items():
        if name in ENDS:
            yield f"step {name}: this is the name of an end"
        for answer in step.answers:
            if answer.to not in tree.step and answer.to not in ENDS:
                yield f"step {name}: {answer.to!r} is neither a step nor an end ({', '.join(sorted(ENDS))})"
                return
            if answer.words and not all(answer.words.get(language) for language in _NEEDED):
                yield f"step {name}: an answer's words are needed in ja and en"
        if step.usual and step.usual not in (known := _usual()):
            yield f"step {name}: {step.usual!r} is no usual measure ({', '.join(sorted(known))})"
        for language in _NEEDED:
            if not step.say.get(language) or not step.tried.get(language):
                yield f"step {name}: say and tried are needed in {language}"
        for pattern in (step.tried_by, *(answer.named_by for answer in step.answers)):
            yield from _bad_pattern(name, pattern)
    yield from _bad_pattern("named_by", tree.named_by)
    if not all(tree.name.get(language) for language in _NEEDED):
        yield "name: needed in ja and en"
    if circle := _circle(tree, tree.start, ()):
        yield f"steps go in a circle: {' → '.join(circle)}"
        return
    reached = _reached(tree)
    for name in tree.step.keys() - reached:
        yield f"step {name}: nothing leads here"
    if "person" not in reached:
        yield "nothing leads to a person"


def _usual() -> set[str]:
    return set(by_language()["ja"]["tried"]) - {"already"}


def _bad_pattern(where: str, pattern: str) -> Iterator[str]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield f"step {where}: {pattern!r} is no pattern: {error}"


def _circle(tree: Tree, at: str, before: tuple[str, ...]) -> tuple[str, ...]:
    if at in before:
        return (*before[before.index(at) :], at)
    if at in ENDS:
        return ()
    return next((found for a in tree.step[at].answers if (found := _circle(tree, a.to, (*before, at)))), ())


def _reached(tree: Tree) -> set[str]:
    reached: set[str] = set()
    waiting = [tree.start]
    while waiting:
        at = waiting.pop()
        if at not in reached:
            reached.add(at)
            waiting += [answer.to for answer in tree.step[at].answers] if at in tree.step else []
    return reached


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Tree]:
    return {path.stem: read(path) for path in sorted(_FOLDER.glob("*.toml"))}
