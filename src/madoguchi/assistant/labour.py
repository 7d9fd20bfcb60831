"""Who does what: the shop's table of subjects and deeds that the assistant leaves to people, or only informs about (HND-007). Pure.

The most specific entry wins: a deed (`return`) or a kind (`payment_refund.refund_request`) before its group.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Labour = Literal["bot", "bot_with_action", "human"]


def labour(table: Mapping[str, Labour], kind: str, deed: str = "") -> Labour:
    """What the assistant does about this kind, or with this deed in a conversation about it."""
    found = [table[name] for name in (deed, kind, kind.partition(".")[0]) if name in table]
    return found[0] if found else "bot_with_action"


def is_for_people(table: Mapping[str, Labour], kind: str) -> bool:
    """The assistant hands over at once, without asking for anything."""
    return labour(table, kind) == "human"


def may_act(table: Mapping[str, Labour], kind: str, deed: str) -> bool:
    """Whether it may carry this out: neither the subject nor the deed is kept for people."""
    return labour(table, kind) == "bot_with_action" and labour(table, kind, deed) == "bot_with_action"
