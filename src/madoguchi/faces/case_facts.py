"""The course of a case in words: one line for each event; what somebody else notes and we do not know has none."""

from __future__ import annotations

from typing import Any

from madoguchi.engine.texts import tr
from madoguchi.faces.facts import rating_text

_PLAIN: dict[str, str] = {
    "case.escalated": "A more senior person looks at your enquiry",
    "owner.changed": "Somebody else has the case",
    "follow_up.cleared": "The follow-up was taken away",
}
_WITH: dict[str, tuple[str, tuple[str, ...]]] = {
    "case.merged": ("Goes on in {into}", ("into",)),
    "case.joined": ("{from_case} goes on here", ("from",)),
    "case.parted": ("{from_case} goes on by itself again", ("from",)),
    "case.split": ("Part of it goes on as {to}", ("to",)),
    "case.linked": ("Linked with {to}", ("to",)),
    "case.unlinked": ("Not linked with {to} any more", ("to",)),
    "case.followed": ("{to} has followed", ("to",)),
    "order.added": ("Order {order_number} is part of it", ("order_number",)),
    "order.removed": ("Order {order_number} is not part of it", ("order_number",)),
    "escalation.reason": ("Escalated: {reason}", ("reason",)),
}
_TASKS: dict[str, str] = {
    "task.added": "Task: {title}",
    "task.doing": "Task begun: {title}",
    "task.done": "Task done: {title}",
    "task.dropped": "Task dropped: {title}",
    "task.reopened": "Task open again: {title}",
    "task.passed": "Task passed on: {title}",
}


def event_text(kind: str, body: dict[str, Any], language: str) -> str:
    """As a person reads it."""
    if kind in _PLAIN:
        return tr(language, _PLAIN[kind])
    if kind in _WITH:
        words, names = _WITH[kind]
        places = {"from_case" if name == "from" else name: str(body.get(name, "")) for name in names}
        return tr(language, words, **places)
    if kind in _TASKS:
        said = tr(language, _TASKS[kind], title=tr(language, str(body.get("title", ""))))
        return f"{said}\n{body['result']}" if body.get("result") else said
    if kind == "survey.answered":
        in_ledger = body.get("way") == "chat"
        return "" if in_ledger else rating_text(body, language)
    if kind == "template.begun":
        return tr(language, str(body.get("title", "")))
    if kind in ("follow_up.set", "follow_up.due"):
        words = "Follow-up at {at}" if kind == "follow_up.set" else "Follow-up is due: {at}"
        at = str(body.get("at", ""))[:16].replace("T", " ")
        return f"{tr(language, words, at=at)} {body.get('why', '')}".strip()
    return ""
