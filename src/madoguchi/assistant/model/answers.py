"""Answers from articles, with citations; what does not stand in a cited article is not said (S-26)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from madoguchi.assistant.model import checks
from madoguchi.assistant.model.checks import Unusable, shaped
from madoguchi.assistant.model.colleague import Sitting
from madoguchi.assistant.model.prompts import Block
from madoguchi.assistant.model.wording import LANGUAGE_NAMES
from madoguchi.counter.trust.outgoing import asks_for_secrets

_LONGEST = 900
_MOST_PASSAGES = 6
_SENTENCE = re.compile(r".*(?:[。！？!?\n]|\.(?=\s))", re.DOTALL)


@dataclass(frozen=True)
class Passage:
    """A piece of an article, as the help centre found it."""

    id: str
    title: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Answer:
    """Words for the customer, and the passages that they rest on."""

    text: str
    cites: tuple[Passage, ...]
    by: str


class Draft(BaseModel):
    """`cites` first: with them known, each sentence can be checked as soon as it is whole."""

    cites: list[str]
    text: str


def answer(
    sitting: Sitting,
    question: str,
    passages: Sequence[Passage],
    language: str,
    aloud: Callable[[str], None] | None = None,
) -> Answer | None:
    """None where the model has nothing to say, or said what its passages do not: then show the articles themselves.

    `aloud`: told the answer's beginning, sentence by sentence, each time after all of it has passed the same check.
    """
    given = list(passages)[:_MOST_PASSAGES]
    if not given or not sitting.may("answers"):
        return None
    hosts = checks.own_hosts(sitting.settings)

    def parse(raw: str) -> Answer:
        return Answer(*grounded(shaped(raw, Draft), given, hosts), by=sitting.by)

    blocks = [Block(f"article {passage.id}", f"{passage.title}\n{passage.text}") for passage in given]
    return sitting.ask(
        "answers",
        [*blocks, Block("question", question)],
        parse,
        schema=Draft.model_json_schema(),
        heard=Unfolding(given, hosts, aloud).heard if aloud is not None else None,
        language=LANGUAGE_NAMES[language],
    )


class Unfolding:
    """An answer that is still being written: its whole sentences, as far as they have passed the check."""

    def __init__(
        self, passages: Sequence[Passage], hosts: frozenset[str], aloud: Callable[[str], None]
    ) -> None:
        self._passages = passages
        self._hosts = hosts
        self._aloud = aloud
        self._said = 0
        self._spoilt = False

    def heard(self, raw: str) -> None:
        """Everything that has come so far. After a beginning that does not pass, nothing more is said."""
        draft = None if self._spoilt else so_far(raw)
        if draft is None or len(draft.text) <= self._said:
            return
        self._said = len(draft.text)
        try:
            text, _ = grounded(draft, self._passages, self._hosts)
        except Unusable:
            self._spoilt = True
            return
        self._aloud(text)


def so_far(raw: str) -> Draft | None:
    """The whole sentences of an answer of which only the beginning is there; None before the first one. Pure."""
    start = raw.find("{")
    if start < 0:
        return None
    try:
        draft = Draft.model_validate(from_json(raw[start:], allow_partial="trailing-strings"))
    except (ValueError, ValidationError):
        return None
    whole = _SENTENCE.match(draft.text)
    return Draft(cites=draft.cites, text=whole[0]) if whole else None


def grounded(
    draft: Draft, passages: Sequence[Passage], hosts: frozenset[str]
) -> tuple[str, tuple[Passage, ...]]:
    """The text and its passages. Raises Unusable for anything that no cited passage holds. Pure."""
    text = checks.text_of(draft.text, _LONGEST)
    by_id = {passage.id: passage for passage in passages}
    cited = tuple(by_id[cite] for cite in dict.fromkeys(draft.cites) if cite in by_id)
    if not cited or len(cited) < len(set(draft.cites)):
        raise Unusable("cites nothing, or what was not given")
    sources = [f"{passage.title}\n{passage.text}\n{passage.url}" for passage in cited]
    checks.only_figures_of(text, sources)
    checks.only_links_to(text, hosts)
    known = "\n".join(sources)
    if set(checks.links(text)) - set(checks.links(known)):
        raise Unusable("an address of its own")
    if checks.commitments(text) - checks.commitments(known):
        raise Unusable("speaks of what its articles do not")
    if asks_for_secrets(text):
        raise Unusable("asks for a secret")
    checks.only_words_of(text, sources)
    return text, cited
