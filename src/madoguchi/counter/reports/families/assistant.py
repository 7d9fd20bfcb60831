"""What the assistant solves, and where customers leave it (BOT-025, QLT-006)."""

from __future__ import annotations

from collections.abc import Callable

from madoguchi.counter.reports.definitions import Family, Figure, Sums, Value, share
from madoguchi.engine.report_sections import Reports

_SOLVED_DAY = "Share of contacts with an enquiry that the AI assistant answered, that no person had, that were not opened again, and after which the same person did not open another contact within 24 hours; of those whose last words are that old."
_SOLVED_WEEK = "The same with seven days."


def _left_in_a_flow() -> Callable[[Sums, Reports], Value]:
    """Customers who left in the middle of a dialogue, of all dialogues begun."""

    def measure(sums: Sums, _: Reports) -> Value:
        tally = sums.all
        begun = sum(tally.counts("flow").values())
        return Value(sum(tally.counts("exit").values()) / begun if begun else None, begun)

    return measure


FAMILY = Family(
    "assistant",
    "The AI assistant",
    (
        Figure("solved_day", "Solved by the AI assistant, nobody back within 24 hours", _SOLVED_DAY,
               "share", "BOT-025 TECH-006", share("solved_day", "judged_day"), better="higher", behind="alone"),
        Figure("solved_week", "Solved by the AI assistant, nobody back within 7 days", _SOLVED_WEEK,
               "share", "BOT-025 TECH-006", share("solved_week", "judged_week"), better="higher", behind="alone"),
        Figure("handed_over", "Handed over to people", "Share of contacts with an enquiry that entered a queue.", "share",
               "HND-001", share("handed_over", "asked"), behind="entered"),
        Figure("dropped", "Left in the middle of a dialogue",
               "Share of the AI assistant's guided dialogues whose next question got no answer for 24 hours, and which no person took over.",
               "share", "QLT-006", _left_in_a_flow(), better="lower", behind="dropped"),
    ),
)  # fmt: skip
