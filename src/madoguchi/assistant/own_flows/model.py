"""An own dialogue as data: a list of named steps about one kind of enquiry, or about a topic of the shop's own. Pure.

    kind = "order_delivery.delivery_options"   # whose shipped dialogue it replaces while it is in force

    [topic]                                    # may be left out; with it nothing is replaced:
    id = "gift_wrapping"                       # customers who say something like the examples are led here
    name = { ja = "ギフト包装", en = "Gift wrapping" }
    examples = { ja = ["ラッピングできますか"], en = ["Can you wrap it?"] }

    [[steps]]
    name = "which"
    does = "ask"
    words = { ja = "どちらですか。", en = "Which one?" }
    options = [{ to = "paper", ja = "包装紙", en = "Paper" }, { to = "person", ja = "そのほか", en = "Other" }]

A step goes on with the step that `to` names, or with the next one in the list where `to` is empty. A deed, a hand-over
and an end are the last step of their way. What has to be true of the whole is in `checking`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from madoguchi.kit.languages import NAMES

Does = Literal["say", "ask", "order", "deed", "link", "hand_over", "end"]
Answer = Literal["options", "own_words", "photo"]
Fits = Literal["any", "waits_in_house", "on_the_way", "may_be_missing", "has_arrived"]
Deed = Literal["cancel", "return", "reship", "refund_missing"]
Reason = Literal["cannot_solve", "asked", "exception", "persisting", "complaint", "policy"]
DOES: tuple[Does, ...] = get_args(Does)
ANSWERS: tuple[Answer, ...] = get_args(Answer)
FITS: tuple[Fits, ...] = get_args(Fits)
OWN_DEEDS: tuple[Deed, ...] = get_args(Deed)
REASONS: tuple[Reason, ...] = get_args(Reason)
LAST: frozenset[Does] = frozenset({"deed", "hand_over", "end"})
LONGEST, LONGEST_OPTION, LONGEST_URL = 1000, 60, 300  # characters
MOST_STEPS, MOST_OPTIONS, MOST_EXAMPLES = 40, 6, 30

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Target = Annotated[str, Field(pattern=r"^(?:[a-z][a-z0-9_]{0,39})?$")]
Words = dict[str, Annotated[str, Field(max_length=LONGEST)]]


class DialogueError(ValueError):
    """Not a dialogue at all; the message names the place and what is wrong there."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_unknown_languages(cls, table: Any) -> Any:
        if isinstance(table, dict):
            for field in ("words", "examples"):
                unknown = set(table.get(field) or ()) - set(NAMES)
                if unknown:
                    raise ValueError(
                        f"{field}: {', '.join(sorted(map(str, unknown)))} is no language of ours"
                    )
        return table


class Choice(_Part):
    """One answer offered. `words` by language; in a file they stand beside `to`."""

    to: Target = ""
    words: dict[str, Annotated[str, Field(max_length=LONGEST_OPTION)]] = {}

    @model_validator(mode="before")
    @classmethod
    def _gather_words(cls, table: Any) -> Any:
        if not isinstance(table, dict) or "words" in table:
            return table
        words = {language: text for language, text in table.items() if language in NAMES}
        return {name: value for name, value in table.items() if name not in NAMES} | {"words": words}


class Step(_Part):
    """`does` says which of the fields count; `to` empty: the next step in the list."""

    name: Name
    does: Does
    words: Words = {}
    to: Target = ""
    article: Annotated[str, Field(max_length=80)] = ""  # say: the short answer of this one
    answer: Answer = "options"  # ask
    options: list[Choice] = Field(default=[], max_length=MOST_OPTIONS)  # ask
    fits: Fits = "any"  # order: which are offered
    deed: Deed = "cancel"  # deed: what is proposed under the policy
    url: Annotated[str, Field(max_length=LONGEST_URL)] = ""  # link
    queue: Annotated[str, Field(max_length=60)] = ""  # hand_over: empty is that of the kind
    reason: Reason = "cannot_solve"  # hand_over
    solved: bool = True  # end: ask whether it is solved

    @property
    def is_last(self) -> bool:
        return self.does in LAST

    @property
    def has_options(self) -> bool:
        return self.does == "ask" and self.answer == "options"

    def texts(self) -> list[Mapping[str, str]]:
        """Everything of it that customers read, by language."""
        return [self.words, *(each.words for each in self.options if self.has_options)]


class Topic(_Part):
    """A subject of the shop's own: what it is called, and how customers ask for it."""

    id: Name
    name: Words = {}
    examples: dict[
        str,
        Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=MOST_EXAMPLES)],
    ] = {}


class Dialogue(_Part):
    """`kind`: the taxonomy id under which it is counted, and whose queue takes over."""

    kind: str = Field(max_length=80)
    topic: Topic | None = None
    steps: list[Step] = Field(default=[], max_length=MOST_STEPS)

    @property
    def id(self) -> str:
        """Of the dialogue whose version this is: the kind, or the shop's topic."""
        return topic_key(self.topic.id) if self.topic else self.kind

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)

    def after(self, step: Step, to: str) -> str:
        """The name of the step to which `to` leads from here; empty where there is none."""
        if to:
            return to if self.step(to) else ""
        place = self.steps.index(step) + 1
        return self.steps[place].name if place < len(self.steps) else ""

    def onward(self, step: Step) -> list[str]:
        """Where its answers lead, in their order; an empty name leads nowhere."""
        if step.is_last:
            return []
        return (
            [self.after(step, each.to) for each in step.options]
            if step.has_options
            else [self.after(step, step.to)]
        )


def topic_key(topic_id: str) -> str:
    return f"own.{topic_id}"


def from_table(table: Any) -> Dialogue:
    """As it is kept or written in a file. Raises DialogueError."""
    try:
        return Dialogue.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        raise DialogueError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error


def to_table(dialogue: Dialogue) -> dict[str, Any]:
    """What `from_table` reads; nothing that goes without saying."""
    return dialogue.model_dump(mode="json", exclude_defaults=True)


def from_toml(text: str) -> Dialogue:
    """Raises DialogueError."""
    try:
        return from_table(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DialogueError(str(error)) from error


def to_toml(dialogue: Dialogue) -> str:
    """A file that `from_toml` reads as the same dialogue."""
    table = to_table(dialogue)
    steps = table.pop("steps", [])
    topic = table.pop("topic", None)
    lines = [f"{key} = {_value(value)}" for key, value in table.items()]
    for heading, part in [*([("[topic]", topic)] if topic else []), *(("[[steps]]", step) for step in steps)]:
        lines += ["", heading, *(f"{key} = {_value(value)}" for key, value in part.items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return (
            f"{{ {', '.join(f'{key} = {_value(each)}' for key, each in value.items())} }}" if value else "{}"
        )
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
