"""Who does what: the shop's table of subjects and deeds that the assistant leaves to people, or only informs about (HND-007). Pure.

The most specific entry wins: a deed (`return`), the deeds of a name (`refund`), a kind
(`payment_refund.refund_request`), then its group.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from madoguchi.assistant.kinds import kinds
from madoguchi.counter.customers.account_deeds import DEED_NAMES

Labour = Literal["bot", "bot_with_action", "human"]
LABOURS: tuple[Labour, ...] = get_args(Labour)
USUAL: Labour = "bot_with_action"

REFUND = "refund"
TOGETHER: dict[str, tuple[str, ...]] = {
    REFUND: ("refund_missing", "refund_duplicate")
}  # one name for several
ORDER_DEEDS = (
    "cancel", "change_address", "change_lines", "change_payment", "return", "exchange", "reship",
    "refund_missing", "refund_duplicate",
)  # fmt: skip
DEEDS = (*TOGETHER, *ORDER_DEEDS, *DEED_NAMES)  # what the assistant can do for a customer


def labour(table: Mapping[str, Labour], kind: str, deed: str = "") -> Labour:
    """What the assistant does about this kind, or with this deed in a conversation about it."""
    return next((table[name] for name in _names(kind, deed) if name in table), USUAL)


def source(table: Mapping[str, Labour], kind: str, deed: str = "") -> str:
    """The entry of the table that says so; empty where none does."""
    return next((name for name in _names(kind, deed) if name in table), "")


def is_for_people(table: Mapping[str, Labour], kind: str) -> bool:
    """The assistant hands over at once, without asking for anything."""
    return labour(table, kind) == "human"


def may_act(table: Mapping[str, Labour], kind: str, deed: str) -> bool:
    """Whether it may carry this out: neither the subject nor the deed is kept for people."""
    return labour(table, kind) == USUAL and labour(table, kind, deed) == USUAL


def matters() -> tuple[str, ...]:
    """Everything that may stand in the table: deeds, groups of kinds, kinds."""
    groups = dict.fromkeys(kind.partition(".")[0] for kind in kinds())
    return (*DEEDS, *groups, *kinds())


def _names(kind: str, deed: str) -> tuple[str, ...]:
    """Of entries that hold here, the most specific first."""
    together = tuple(name for name, deeds in TOGETHER.items() if deed in deeds)
    return (deed, *together, kind, kind.partition(".")[0])
