"""Walks a troubleshooting tree with the customer: one step at a time, what was tried already is not asked again (PRM-007)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Literal

from madoguchi.assistant.answers import said, says
from madoguchi.assistant.questions import Heard, Option, Read, choice
from madoguchi.assistant.talk import Talk
from madoguchi.assistant.troubleshooting import ENDS, Answer, Step, Tree
from madoguchi.counter.customers.holdings import in_language
from madoguchi.kit.languages import comma

End = Literal["solved", "exchange", "person"]


async def troubleshoot(talk: Talk, tree: Tree) -> End:
    """Where the tree ends for this customer; every step tried is a fact for the agent (PRM-004, HLP-014)."""
    tried: list[str] = []
    at = tree.start
    while at not in ENDS:
        step = tree.step[at]
        at = await _one(talk, at, step)
        name = in_language(step.tried, talk.language)
        tried.append(name)
        talk.has_tried("step", step=name)
        talk.fact("tried_steps", comma(talk.language).join(tried))
    return at  # type: ignore[return-value]


async def _one(talk: Talk, at: str, step: Step) -> str:
    key = f"step_{at}"
    if key not in talk.run.answers and key not in talk.given and _tried_before(talk, step):
        talk.say("trouble.tried_before", step=in_language(step.tried, talk.language))
        talk.given[key] = str(_not_yet(step))
    say = in_language(step.say, talk.language)
    options = [_option(talk, str(place), answer) for place, answer in enumerate(step.answers)]
    question = choice(key, say, options, rephrased=say)
    chosen = await talk.ask(replace(question, early=False, read=_or_already(step, question.read)))
    return step.answers[int(chosen)].to


def _option(talk: Talk, value: str, answer: Answer) -> Option:
    usual = "works_again" if answer.to == "solved" else "not_yet"
    label = in_language(answer.words, talk.language) or talk.words(f"button.{usual}")
    named_by = answer.named_by or ("" if answer.words else said(f"trouble.{usual}"))
    return Option(value, label, named_by=named_by)


def _or_already(step: Step, read: Read) -> Read:
    """That it was restarted already, said to "please restart it", means that it has not helped."""

    def answer(heard: Heard, direct: bool) -> Any:
        found = read(heard, direct)
        if found is None and says("tried.already").search(heard.folded) and _is_tried(step, heard):
            return str(_not_yet(step))
        return found

    return answer


def _tried_before(talk: Talk, step: Step) -> bool:
    """Said in words that were not an answer to a step."""
    return any(_is_tried(step, heard) for heard in talk.said if not heard.key)


def _is_tried(step: Step, heard: Heard) -> bool:
    patterns = (step.tried_by, said(f"tried.{step.usual}") if step.usual else "")
    return any(pattern and re.search(pattern, heard.folded) for pattern in patterns)


def _not_yet(step: Step) -> int:
    """The answer that it has not helped: the last one that goes on."""
    onward = [place for place, answer in enumerate(step.answers) if answer.to != "solved"]
    return onward[-1] if onward else len(step.answers) - 1
