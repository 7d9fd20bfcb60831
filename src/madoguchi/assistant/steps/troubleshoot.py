"""Walks a troubleshooting tree with the customer: one step at a time, what was tried already is not asked again (PRM-007)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from madoguchi.assistant.questions import Option, choice
from madoguchi.assistant.talk import Talk
from madoguchi.assistant.troubleshooting import ENDS, Step, Tree

End = Literal["solved", "exchange", "person"]


async def troubleshoot(talk: Talk, tree: Tree) -> End:
    """Where the tree ends for this customer; every step tried is a fact for the agent (PRM-004)."""
    tried: list[str] = []
    at = tree.start
    while at not in ENDS:
        step = tree.step[at]
        at = await _one(talk, at, step)
        name = step.tried["ja" if talk.language == "ja" else "en"]
        tried.append(name)
        talk.has_tried("step", step=name)
        talk.fact("tried_steps", ("、" if talk.language == "ja" else ", ").join(tried))
    return at  # type: ignore[return-value]


async def _one(talk: Talk, at: str, step: Step) -> str:
    key = f"step_{at}"
    if key not in talk.run.answers and key not in talk.given and _tried_before(talk, step):
        talk.say("trouble.tried_before", step=step.tried["ja" if talk.language == "ja" else "en"])
        talk.given[key] = str(_not_yet(step))
    options = [
        Option(str(place), answer.label(talk.language), named_by=answer.named_by)
        for place, answer in enumerate(step.answers)
    ]
    say = step.say["ja" if talk.language == "ja" else "en"]
    question = choice(key, say, options, rephrased=say)
    chosen = await talk.ask(replace(question, early=False))
    return step.answers[int(chosen)].to


def _tried_before(talk: Talk, step: Step) -> bool:
    """Said in words that were not an answer to a step."""
    return bool(step.tried_by) and any(
        re.search(step.tried_by, heard.folded) for heard in talk.said if not heard.key
    )


def _not_yet(step: Step) -> int:
    """The answer that it has not helped: the last one that goes on."""
    onward = [place for place, answer in enumerate(step.answers) if answer.to != "solved"]
    return onward[-1] if onward else len(step.answers) - 1
