"""Simulated customers as data: who comes, what they want, how it must end, and how they say it in each language.

A folder holds files of customers, one table each, and in `answers/<language>.toml` what anybody says: how a reason, a
condition, an article or a place in a list is put into words. `docs/flows.md` shows a customer.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

LANGUAGES = ("en", "ja", "zh-Hans", "zh-Hant", "ko")
PARAPHRASES = 5
VISITOR = "visitor"


class CustomersError(ValueError):
    """Files that cannot be used; the message says where and why."""


class Goal(BaseModel):
    """How it must end; everything that is named must be so, and nothing else may have been changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    deed: str = ""  # carried out in this contact, once, and no other; empty: nothing may have been
    state: str = "done"  # of the deed's proposal; awaiting_approval: confirmed, and for a person to approve
    order: str = ""
    request: dict[str, Any] = {}  # particulars of the deed, or of what was refused
    refused: str = ""  # the deed that the policy refused
    reasons: tuple[str, ...] = ()  # for these reasons
    queue: str = ""  # handed over to
    handed: str = ""  # why it was handed over
    told: tuple[str, ...] = ()  # stands in the hand-over's summary
    flow: tuple[str, ...] = ()  # the flow that ended, or stands, last
    at: tuple[str, ...] = ()  # the question at which it stands
    outcome: str = ""  # how the flow ended
    shown: dict[str, str] = {}  # a card with these pieces
    said: tuple[str, ...] = ()  # was said, or stood on a card


class Words(BaseModel):
    """One customer in one language. `say`: their own words for what may be asked, by the question's key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    openings: tuple[str, ...] = Field(min_length=PARAPHRASES, max_length=PARAPHRASES)
    say: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class Customer:
    """`knows`: the answer to each question, by its key; `proves`: who a visitor is, once asked to sign in; `kinds`: the
    subjects that they take for theirs where several are offered."""

    name: str
    who: str
    wants: str
    kinds: tuple[str, ...]
    goal: Goal
    knows: Mapping[str, str]
    words: Mapping[str, Words]
    proves: str = ""


@dataclass(frozen=True)
class Crowd:
    """The customers, and what they share: language → question (or `flow.question`) → answer → ways of saying it."""

    customers: tuple[Customer, ...]
    answers: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]]

    def only(self, *names: str) -> Crowd:
        """Some of them, in the order of the files."""
        return Crowd(tuple(each for each in self.customers if each.name in names), self.answers)


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    who: str
    wants: str
    kinds: tuple[str, ...]
    goal: Goal
    knows: dict[str, str] = {}
    proves: str = ""
    words: dict[str, Words]


def read_crowd(folder: Path) -> Crowd:
    """Raises CustomersError."""
    answers = {}
    for language in LANGUAGES:
        path = folder / "answers" / f"{language}.toml"
        answers[language] = {
            question: {value: tuple(ways) for value, ways in given.items()}
            for question, given in _questions(_toml(path))
        }
    found = [
        _customer(path, name, table)
        for path in sorted(folder.glob("*.toml"))
        for name, table in _toml(path).items()
    ]
    names = [each.name for each in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CustomersError(f"{folder.name}: two customers are called {', '.join(twice)}")
    return Crowd(tuple(found), answers)


def _questions(table: dict[str, Any]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """`[reason]` is a question, `[change_order.what]` one of a flow."""
    for name, given in table.items():
        if all(isinstance(ways, dict) for ways in given.values()):
            yield from ((f"{name}.{question}", each) for question, each in given.items())
        else:
            yield name, given


def _customer(path: Path, name: str, table: Any) -> Customer:
    try:
        record = _Record.model_validate(
            {
                **{key: value for key, value in table.items() if key not in LANGUAGES},
                "words": {language: table[language] for language in LANGUAGES if language in table},
            }
        )
    except (ValidationError, TypeError, AttributeError) as error:
        raise CustomersError(f"{path.name}: {name}: {error}") from error
    return Customer(
        name,
        record.who,
        record.wants,
        record.kinds,
        record.goal,
        record.knows,
        record.words,
        record.proves or (record.who if record.who != VISITOR else ""),
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CustomersError(f"{path.name}: {error}") from error
