"""The life of a case: which deed leads from which state to which. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, get_args

from madoguchi.counter.cases.model import CaseState

Deed = Literal[
    "wait_for_us",
    "wait_for_customer",
    "wait_for_third_party",
    "investigate",
    "resolve",
    "confirm",
    "deny",
    "close",
    "reopen",
]

STATES: tuple[CaseState, ...] = get_args(CaseState)
DEEDS: tuple[Deed, ...] = get_args(Deed)
RATING_MAY_CHANGE = timedelta(hours=24)

LIVE: tuple[CaseState, ...] = (
    "open",
    "waiting_for_us",
    "waiting_for_customer",
    "waiting_for_third_party",
    "investigating",
    "reopened",
)

SOLVED: tuple[CaseState, ...] = ("resolved", "closed")

LEGAL: dict[tuple[CaseState, Deed], CaseState] = {
    **{(state, "wait_for_us"): "waiting_for_us" for state in LIVE},
    **{(state, "wait_for_customer"): "waiting_for_customer" for state in LIVE},
    **{(state, "wait_for_third_party"): "waiting_for_third_party" for state in LIVE},
    **{(state, "investigate"): "investigating" for state in LIVE},
    **{(state, "resolve"): "resolved" for state in LIVE},
    ("resolved", "confirm"): "closed",  # the customer says: solved
    ("resolved", "deny"): "reopened",  # the customer says: not solved
    ("resolved", "close"): "closed",  # time has passed without a word
    ("resolved", "reopen"): "reopened",
    ("closed", "reopen"): "reopened",
}


def next_state(state: CaseState, deed: Deed) -> CaseState | None:
    """The state after a deed; None when the deed is not possible in this state."""
    return LEGAL.get((state, deed))


def is_live(state: CaseState) -> bool:
    """Whether somebody still has to do something."""
    return state in LIVE


def may_reopen(solved_at: datetime | None, now: datetime, reopen_days: int) -> bool:
    """Whether the case itself goes on; otherwise a new one follows it (CASE-011)."""
    return solved_at is not None and now - solved_at <= timedelta(days=reopen_days)


def may_rate(state: CaseState, rated_at: datetime | None, now: datetime) -> bool:
    """A solved case is rated once; the rating may be changed for a day."""
    if is_live(state):
        return False
    return rated_at is None or now - rated_at <= RATING_MAY_CHANGE
