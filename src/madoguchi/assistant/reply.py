"""What a turn is going to write, gathered before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from madoguchi.assistant.speech import Message


@dataclass
class HandOver:
    """Where the contact goes, why, and what the person will read. `priority` 0: the queue's own."""

    queue: str
    priority: int
    reason: str
    summary: dict[str, Any]


@dataclass
class Reply:
    """Everything that a turn writes, in one transaction."""

    messages: list[Message] = field(default_factory=list)
    facts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    hand_over: HandOver | None = None
    topic: str | None = None
    order_number: str | None = None
    wish: str = ""
    goes_on_with: str = ""  # id of the earlier case in which the contact goes on
    language: str = ""
    resolved: bool = False
    used: dict[str, int] = field(default_factory=dict)  # of the customer's records, by kind (PRIV-007)
