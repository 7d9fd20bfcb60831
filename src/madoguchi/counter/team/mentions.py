"""Who is meant by `@name` in a note: a colleague's name, the name on the screen, or the sign-in name. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from madoguchi.counter.team.model import Agent
from madoguchi.kit.text import fold

_AT = re.compile(r"[@＠]")


def named_in(text: str, agents: Sequence[Agent]) -> list[Agent]:
    """Each once, in the order of the text. The longest name wins; two of one name are both meant."""
    found: dict[str, Agent] = {}
    for sign in _AT.finditer(text):
        found |= {each.id: each for each in _meant(fold(text[sign.end() :]), agents)}
    return list(found.values())


def _meant(after: str, agents: Sequence[Agent]) -> list[Agent]:
    """Those whose name the text begins with."""
    fits = [(len(name), agent) for agent in agents for name in _names(agent) if _begins(after, name)]
    longest = max((length for length, _ in fits), default=0)
    return [agent for length, agent in fits if length == longest]


def _names(agent: Agent) -> set[str]:
    return {fold(name) for name in (agent.name, agent.display_name, agent.login)} - {""}


def _begins(after: str, name: str) -> bool:
    """A name in letters ends where a word ends; one in kanji or kana may be followed by anything."""
    if not after.startswith(name):
        return False
    rest = after[len(name) :]
    return not (name[-1].isascii() and rest and rest[0].isascii() and rest[0].isalnum())
