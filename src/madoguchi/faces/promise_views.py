"""View models of how promises were kept: every figure with its goal and what it means, for console and API alike."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from madoguchi.counter.cases import promise_figures, promise_queries
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.promise_figures import Measure
from madoguchi.counter.cases.promise_wording import kind_label
from madoguchi.counter.cases.promises import KINDS
from madoguchi.counter.cases.wording import category_label, state_label
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from madoguchi.faces.house import House

# id → what it is called, and how it is counted. SLA-… are the entries of the catalogue that a figure answers.
_CALLED = {
    "chat.first_response_seconds.bot.mean": "Chat: first words of the assistant, on average",
    "chat.first_response_seconds.bot.p50": "Chat: first words of the assistant, half within",
    "chat.first_response_seconds.bot.p90": "Chat: first words of the assistant, nine of ten within",
    "chat.first_response_seconds.human.mean": "Chat: first words of a person, on average",
    "chat.first_response_seconds.human.p50": "Chat: first words of a person, half within",
    "chat.first_response_seconds.human.p90": "Chat: first words of a person, nine of ten within",
    "chat.reply_seconds.mean": "Chat: a person's replies, on average",
    "chat.reply_seconds.peak_mean": "Chat: a person's replies in the three busiest hours, on average",
    "chat.join_seconds.p90": "Chat: a person is there, nine of ten within",
    "phone.answer_seconds.p90": "Telephone: answered, nine of ten within",
    "routing.decision_seconds.p90": "Decision who shall have it, nine of ten within",
    "mail.first_answer.median": "Mail and form: first answer, half within",
    "mail.first_answer.p95": "Mail and form: first answer, 95 of 100 within",
    "mail.first_answer.within_24h": "Mail and form: first answer within 24 hours",
    "mail.first_answer.after_2_business_days": "Mail and form: not answered after two business days",
    "not_received.within_24h": "Not arrived: first answer within 24 hours",
    "all.within_24h": "All enquiries: first answer within 24 hours",
}
_COUNTED = {
    "chat.first_response_seconds.bot": "From the customer's first words to the assistant's next ones.",
    "chat.first_response_seconds.human": "From asking for a person to that person's first words.",
    "chat.reply_seconds": "From the customer's first unanswered word to the agent's next, once a person is there.",
    "chat.join_seconds": "From asking for a person to that person's first words.",
    "phone.answer_seconds": "From the call to the person's first words.",
    "routing.decision_seconds": "From the words that made a person necessary to the choice of the desk.",
    "mail.first_answer": "From the opening of a case to the first answer of substance of the assistant or a person, without the time in which it was the customer's turn.",
    "not_received": "Of those that were answered or have waited for longer than a day.",
    "all": "Of those that were answered or have waited for longer than a day.",
}


def promise_figures_view(house: House, days: int, language: str) -> dict[str, Any]:
    """{"days", "measures": […], "kinds": […], "types": […]}; `value` null: nothing measured yet."""
    since = house.database.clock() - timedelta(days=days)
    keeper = Keeper.of(house.settings)

    def read(tx: Transaction) -> dict[str, Any]:
        found = promise_figures.measures(tx, since, keeper.hours(tx))
        return {
            "measures": [_measure(each, language) for each in found],
            "kinds": _kinds(tx, since, language),
            "types": [
                {**asdict(row), "label": category_label(row.category, language)}
                for row in promise_figures.by_type(tx, since)
            ],
        }

    return {"days": days, **house.database.read(read)}


def promise_lists_view(tx: Transaction, language: str) -> dict[str, Any]:
    """{"overdue": […], "stalled": […]}: what somebody should look at now."""
    return {
        "overdue": [
            {
                "number": each.case.label,
                "category_label": category_label(each.case.category, language),
                "state_label": state_label(each.case.state, language),
                "kind": each.promise.kind,
                "kind_label": kind_label(each.promise.kind, language),
                "due_at": each.promise.due_at,
                "told_at": each.promise.told_at,
                "told_due_at": each.promise.told_due_at,
            }
            for each in promise_queries.overdue(tx)
        ],
        "stalled": [
            {
                "number": each.case.label,
                "category_label": category_label(each.case.category, language),
                "state_label": state_label(each.case.state, language),
                "since": each.since,
            }
            for each in promise_queries.stalled(tx)
        ],
    }


def _measure(measure: Measure, language: str) -> dict[str, Any]:
    counted = next(words for name, words in _COUNTED.items() if measure.id.startswith(name))
    return {
        "id": measure.id,
        "label": tr(language, _CALLED[measure.id]),
        "definition": tr(language, counted),
        "value": None if measure.value is None else round(measure.value, 3),
        "text": _text(measure.value, measure.unit, language),
        "unit": measure.unit,
        "count": measure.count,
        "goal": measure.goal.value if measure.goal else None,
        "goal_text": _goal_text(measure, language),
        "met": measure.met,
    }


def _text(value: float | None, unit: str, language: str) -> str:
    if value is None:
        return "–"
    if unit == "share":
        return f"{value * 100:.1f}%"
    if unit == "seconds":
        return tr(language, "{n} seconds", n=f"{value:.0f}")
    return tr(language, "{n} h", n=f"{round(value, 1):g}") if unit == "hours" else f"{value:.0f}"


def _goal_text(measure: Measure, language: str) -> str:
    if measure.goal is None:
        return "–"
    words = "at least {value}" if measure.goal.at_least else "at most {value}"
    return tr(language, words, value=_text(measure.goal.value, measure.unit, language))


def _kinds(tx: Transaction, since: datetime, language: str) -> list[dict[str, Any]]:
    found = promise_figures.by_kind(tx, since)
    rows = []
    for kind in KINDS:
        states = found.get(kind, {})
        kept, broken = states.get("kept", 0), states.get("broken", 0)
        rows.append(
            {
                "kind": kind,
                "label": kind_label(kind, language),
                "kept": kept,
                "broken": broken,
                "running": states.get("running", 0),
                "paused": states.get("paused", 0),
                "share_kept": round(kept / (kept + broken), 3) if kept + broken else None,
            }
        )
    return rows
