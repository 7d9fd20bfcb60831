"""What an agent reads first: problem, order, facts, what was tried, the wish, the open question (BOT-015, BOT-021).

By rules, from what the customer said and what the flow recorded; nothing is invented. Both sides see it.
"""

from __future__ import annotations

from typing import Any, Literal

from madoguchi.assistant.history import History
from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.talk import Talk
from madoguchi.assistant.wording import has_words, words
from madoguchi.counter.cases.wording import category_label
from madoguchi.kit.languages import colon, quoted
from madoguchi.kit.text import fold

Source = Literal["customer", "assistant", "shop"]
_LONGEST = 160
_FOUND_OUT = frozenset({"verdict", "campaign", "cause", "checked", "days_late", "unexplained"})


def summarise(
    history: History,
    talk: Talk | None,
    *,
    kind: str,
    language: str,
    reason: str,
    words_now: str,
    order_number: str,
) -> dict[str, Any]:
    """Keys: problem, order, facts [{label, value, source}], tried [str], wish, question, reason. All texts in `language`."""
    facts = dict(talk.facts) if talk else {}
    order = facts.pop("order", "")
    number = (talk.order_number if talk else "") or order_number
    wish = facts.pop("wish", "") or _usual_wish(kind, language)
    tried = [*history.tried, *(line for run in history.runs for line in run.tried)]
    tried += [line for line in (talk.tried if talk else []) if line not in tried]
    asked = talk.question if talk else None
    question = asked.text if asked and not asked.optional else ""
    return {
        "problem": _problem(history, kind, language, words_now),
        "order": " ".join(part for part in (number, order) if part),
        "facts": [
            {"label": words(language, f"fact.{key}"), "value": value, "source": _source(talk, key, value)}
            for key, value in facts.items()
        ],
        "tried": list(dict.fromkeys(tried)),
        "wish": wish,
        "question": question,
        "reason": words(language, f"reason.{reason}") if has_words(f"reason.{reason}") else reason,
    }


def _source(talk: Talk | None, key: str, value: str) -> Source:
    """Who says so (ADV-019): the customer in words or by a button, the assistant who found it out, or the shop's records."""
    if key in _FOUND_OUT or talk is None:
        return "assistant"
    folded = fold(value)
    if any(folded in heard.folded for heard in talk.said):
        return "customer"
    for question in talk.passed.values():
        chosen = talk.run.answers.get(question.key)
        if any(option.value == chosen and option.label == value for option in question.options):
            return "customer"
    return "customer" if value in talk.run.answers.values() else "shop"


def _problem(history: History, kind: str, language: str, words_now: str) -> str:
    label = category_label(kind, language)
    said = _short(history.first_words or words_now)
    if not said:
        return label
    words_said = quoted(said, language)
    return f"{label}{colon(language)}{words_said}" if label else words_said


def _usual_wish(kind: str, language: str) -> str:
    found = kinds().get(kind)
    return words(language, f"wish.{found.wish}") if found and found.wish else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
