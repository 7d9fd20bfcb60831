"""The customer puts right what was handed over about them, line by line; both sides see what was changed (HND-006).

A correction is a fact of the ledger. Each carries all that were made before it since the hand-over, so that the newest
one tells everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events, queries, service
from madoguchi.counter.contacts.model import Entry
from madoguchi.counter.problems import Invalid
from madoguchi.engine.database import Transaction

_TEXTS = ("problem", "order", "wish", "question")
_FACT = "facts."


def correct(tx: Transaction, actor: Actor, contact_id: str, text: str, line: str = "") -> Entry:
    """`line`: problem, order, wish, question, tried, or facts.0, facts.1 …; "": own words beside the whole.

    Raises NotFound, Invalid("empty_message" | "unknown_line").
    """
    queries.visible(tx, actor, contact_id)
    said = text.strip()
    if not said:
        raise Invalid("empty_message", field="text")
    handed = queries.newest(tx, contact_id, events.HAND_OVER)
    summary = handed.body.get("summary", {}) if handed else {}
    before = changes_since(handed, queries.newest(tx, contact_id, events.SUMMARY_CORRECTED))
    if not line:
        body = {"text": said, "changes": before}
        return service.append(tx, contact_id, events.SUMMARY_CORRECTED, body, actor=actor)
    known = lines_of(summary)
    if line not in known:
        raise Invalid("unknown_line", field="line")
    was = before.get(line, {}).get("before", known[line])
    body = {"text": said, "line": line, "changes": {**before, line: {"before": was, "now": said}}}
    return service.append(tx, contact_id, events.SUMMARY_CORRECTED, body, actor=actor)


def changes_since(handed: Entry | None, corrected: Entry | None) -> dict[str, dict[str, str]]:
    """Line → {"before", "now"} of one hand-over, from the newest correction. Pure."""
    if corrected is None or handed is None or corrected.seq < handed.seq:
        return {}
    found: dict[str, dict[str, str]] = corrected.body.get("changes", {})
    return found


def lines_of(summary: Mapping[str, Any]) -> dict[str, str]:
    """The lines that can be put right, with what stands in them; empty ones too, since something may be missing. Pure."""
    lines = {key: _plain(summary.get(key)) for key in _TEXTS}
    lines["tried"] = " / ".join(summary.get("tried") or ())
    facts = summary.get("facts") or ()
    return lines | {f"{_FACT}{place}": str(fact.get("value", "")) for place, fact in enumerate(facts)}


def put_right(summary: Mapping[str, Any], changes: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The summary as the customer wants it; `before` tells what stood in each changed line. Pure."""
    right = {**summary, "facts": [dict(fact) for fact in summary.get("facts") or ()]}
    for line, change in changes.items():
        place = line.removeprefix(_FACT)
        if line == "tried":
            right["tried"] = [change["now"]]
        elif line in _TEXTS:
            right[line] = change["now"]
        elif place.isdecimal() and int(place) < len(right["facts"]):
            right["facts"][int(place)] |= {"value": change["now"], "source": "customer"}
    if changes:
        right["before"] = {line: change["before"] for line, change in changes.items()}
    return right


def _plain(value: Any) -> str:
    """Some desks hand over an order as an object with its number."""
    return str(value.get("number", "")) if isinstance(value, dict) else str(value or "")
