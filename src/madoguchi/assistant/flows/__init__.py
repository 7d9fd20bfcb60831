"""The flows: one short script per kind of enquiry, each a coroutine over a `Talk` (docs/flows.md)."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from madoguchi.assistant.kinds import kinds, queue_of
from madoguchi.assistant.talk import Script


class FlowError(ValueError):
    """A flow cannot be loaded; the message says which and why."""


@dataclass(frozen=True)
class Flow:
    """`kind` is a taxonomy id, `queue` the desk behind its exit to a person, `script` the conversation.

    `slots`: patterns in folded text of answers to later questions, so that an early one is taken as such.
    `at_once`: the first thing it shows may be a deed to confirm. Not `scripted`: the kind has no flow of its own, a person takes it.
    """

    kind: str
    script: Script
    queue: str
    slots: tuple[str, ...] = ()
    scripted: bool = True
    at_once: bool = False

    def expects(self, folded: str) -> bool:
        """Whether the words answer one of its later questions."""
        return any(re.search(pattern, folded) for pattern in self.slots)


_flows: dict[str, Flow] = {}


def flow(
    kind: str, *, queue: str | None = None, slots: Iterable[str] = (), at_once: bool = False
) -> Callable[[Script], Script]:
    """Register a script for a kind. Raises FlowError for an unknown kind, a second script, or one without a person."""

    def register(script: Script) -> Script:
        if kind not in kinds():
            raise FlowError(f"{script.__name__}: there is no kind of enquiry {kind!r}")
        exit_to = queue_of(kind) if queue is None else queue
        if not exit_to:
            raise FlowError(f"{script.__name__}: {kind} has no exit to a person")
        if kind in _flows and _flows[kind].script is not script:
            raise FlowError(f"{script.__name__}: {kind} has a flow already")
        _flows[kind] = Flow(kind, script, exit_to, tuple(slots), at_once=at_once)
        return script

    return register


def load() -> dict[str, Flow]:
    """Every flow of this package by its kind."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(_flows)
