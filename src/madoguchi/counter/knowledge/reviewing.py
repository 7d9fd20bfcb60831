"""The course of a draft: who may move it where. Pure.

draft → review → live, at once or at a date; back with a word, or taken back by its writers; given up at any time.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from madoguchi.counter.knowledge.draft_model import DraftState

Move = Literal["save", "send", "send_back", "take_back", "approve", "schedule", "discard", "due"]
After = DraftState | Literal["live", "gone"]

MOVES: dict[tuple[DraftState, Move], After] = {
    ("draft", "save"): "draft",
    ("draft", "send"): "review",
    ("draft", "discard"): "gone",
    ("review", "send_back"): "draft",
    ("review", "take_back"): "draft",
    ("review", "approve"): "live",
    ("review", "schedule"): "scheduled",
    ("review", "discard"): "gone",
    ("scheduled", "take_back"): "draft",
    ("scheduled", "due"): "live",
    ("scheduled", "discard"): "gone",
}


def after(state: DraftState, move: Move) -> After | None:
    """Where the move leads; None: it is not possible from here."""
    return MOVES.get((state, move))


def needs_another(who: str, writers: Collection[str], *, four_eyes: bool) -> bool:
    """Whether somebody else has to approve: four eyes, and these two have written it."""
    return four_eyes and who in writers
