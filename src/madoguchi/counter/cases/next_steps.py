"""What comes next in a case, and what the customer wishes for, in words for the customer (CASE-007, CASE-014). Pure."""

from __future__ import annotations

from madoguchi.engine.texts import tr

_NEXT: dict[str, str] = {
    "open": "We look at your enquiry next. You need not do anything.",
    "waiting_for_us": "We are working on it. You need not do anything.",
    "waiting_for_customer": "We need your answer to go on. Please write to us in this enquiry.",
    "waiting_for_third_party": "We are waiting for an answer from elsewhere and will tell you. You need not do anything.",
    "investigating": "We are looking into it and will tell you what we find. You need not do anything.",
    "resolved": "Please tell us whether it is solved. Without a word from you the enquiry closes by itself.",
    "closed": "Nothing more has to be done. You can go on with it whenever something comes up again.",
    "reopened": "We look at your enquiry again. You need not do anything.",
}
WISH_LABELS: dict[str, str] = {
    "return": "Return it",
    "refund": "Money back",
    "exchange": "Exchange it",
    "reship": "A new one sent",
    "cancel": "Cancel it",
    "explanation": "An explanation",
    "suspension": "Suspend the account",
    "investigation": "An investigation",
}
LINK_LABELS: dict[tuple[str, bool], str] = {
    ("related", False): "Has to do with it",
    ("related", True): "Has to do with it",
    ("duplicate", False): "The same problem, brought earlier",
    ("duplicate", True): "The same problem, brought again",
    ("follows", False): "Earlier enquiry",
    ("follows", True): "Enquiry that followed",
}
TASK_STATES: dict[str, str] = {
    "open": "To be done",
    "doing": "Being done",
    "done": "Done",
    "dropped": "Dropped",
}


def next_step(state: str, language: str) -> str:
    """One or two sentences for the customer; empty for a state that nobody has worded."""
    return tr(language, _NEXT[state]) if state in _NEXT else ""


def wish_label(wish: str, language: str) -> str:
    return tr(language, WISH_LABELS[wish]) if wish in WISH_LABELS else ""


def link_label(kind: str, backwards: bool, language: str) -> str:
    return tr(language, LINK_LABELS[kind, backwards])


def task_state_label(state: str, language: str) -> str:
    return tr(language, TASK_STATES[state])
