"""Categories and states in words: labels for lists, titles and buttons. Pure."""

from __future__ import annotations

from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.counter.cases.model import CaseState
from madoguchi.engine.texts import tr

_STATES: dict[CaseState, str] = {
    "open": "Received",
    "waiting_for_us": "We are working on it",
    "waiting_for_customer": "Waiting for your reply",
    "waiting_for_third_party": "We are waiting for another company's answer",
    "investigating": "We are investigating",
    "resolved": "Solved, please confirm",
    "closed": "Case closed",
    "reopened": "Received again",
}


def category_label(category_id: str, language: str) -> str:
    """In words; empty for what is not classified. A language without labels reads English."""
    found = categories().get(category_id)
    return found.label(language) if found else ""


def group_label(group: str, language: str) -> str:
    """The name of a group of categories; empty for an unknown one."""
    labels = group_labels().get(group, {})
    return labels.get(language) or labels.get("en", "")


def state_label(state: CaseState, language: str) -> str:
    """The state as a customer may read it."""
    return tr(language, _STATES[state])
