"""Until an answer: by the assistant, by people, within a day, by letter (SLA-001, SLA-002, SLA-004, SLA-007, QLT-001)."""

from __future__ import annotations

from collections.abc import Callable

from madoguchi.counter.reports.definitions import (
    LETTERS,
    Family,
    Figure,
    Goal,
    Sums,
    Value,
    channel,
    count,
    letters,
    mean,
    percentile,
    share,
)
from madoguchi.engine.report_sections import Reports

PEAK_HOURS = 3
_CHAT = channel("chat")
_FIRST_ASSISTANT = (
    "From the customer's first words in a chat to the first words of the AI assistant, as a mean."
)
_FIRST_PERSON = "From the customer's first words in a chat to the first words of a person, as a mean."
_LETTER = "From the customer's first words by mail or form to the first answer; the upper end of steps about 5 % wide."
_REPLY = "Each reply of a person in a chat: seconds from the first of the customer's words that waited for it, as a mean."
_HAND_OVER = "Chats: from asking for a person to that person's first words."


def _replies(peak: bool | None) -> Callable[[Sums, Reports], Value]:
    """Agents' replies in chats: in the three busiest hours of the day, in the others, or (None) in all."""

    def measure(sums: Sums, _: Reports) -> Value:
        tally = _CHAT(sums)
        counts, took = tally.counts("replies"), tally.counts("reply_s")
        busiest = sorted(counts, key=lambda hour: (-counts[hour], int(hour)))[:PEAK_HOURS]
        hours = [hour for hour in counts if peak is None or (hour in busiest) == peak]
        number = sum(counts[hour] for hour in hours)
        return Value(sum(took.get(hour, 0) for hour in hours) / number if number else None, number)

    return measure


FAMILY = Family(
    "answers",
    "Until an answer",
    (
        Figure("chat_first_assistant", "Chat: first words of the AI assistant", _FIRST_ASSISTANT,
               "seconds", "SLA-001", mean("first_assistant_s", "first_assistant", _CHAT),
               lambda goals: Goal(goals.chat_first_seconds), better="lower", behind="asked", channels=("chat",)),
        Figure("chat_first_person", "Chat: first words of a person", _FIRST_PERSON, "seconds", "SLA-001",
               mean("first_person_s", "first_person", _CHAT), lambda goals: Goal(goals.chat_first_seconds), better="lower",
               behind="person", channels=("chat",)),
        Figure("chat_reply", "Chat: replies of people", _REPLY, "seconds", "SLA-002", _replies(None),
               lambda goals: Goal(goals.chat_reply_seconds), better="lower", behind="person", channels=("chat",)),
        Figure("chat_reply_peak", "Chat: replies in the three busiest hours", _REPLY, "seconds", "SLA-002", _replies(True),
               lambda goals: Goal(goals.chat_reply_seconds), better="lower", behind="person", channels=("chat",)),
        Figure("chat_reply_other", "Chat: replies in the other hours", _REPLY, "seconds", "SLA-002", _replies(False),
               lambda goals: Goal(goals.chat_reply_seconds), better="lower", behind="person", channels=("chat",)),
        Figure("letter_p50", "Mail and form: half answered within", _LETTER, "hours", "SLA-004",
               percentile("letter", 0.5, letters, per=3600), lambda goals: Goal(goals.mail_median_hours), better="lower",
               behind="letters", channels=LETTERS),
        Figure("letter_p95", "Mail and form: 95 % answered within", _LETTER, "hours", "SLA-004",
               percentile("letter", 0.95, letters, per=3600), lambda goals: Goal(goals.mail_most_hours), better="lower",
               behind="letters", channels=LETTERS),
        Figure("letter_day", "Mail and form: answered within 24 hours",
               "Share of mails and forms with a first answer within 24 hours, of those that were answered or are older than that.",
               "share", "SLA-004", share("in_24h", "judged_24h", letters), lambda goals: Goal(goals.within_day, at_least=True),
               better="higher", behind="after_24h", channels=LETTERS),
        Figure("letter_late", "Mail and form: later than two business days",
               "Mails and forms without a first answer by the end of the second business day of the desk.", "count",
               "SLA-004", count("letters_late", letters), lambda _: Goal(0), better="lower", behind="letter_late",
               channels=LETTERS),
        Figure("within_day", "Answered within 24 hours",
               "Share of contacts with an enquiry whose first answer, by the AI assistant or a person, came within 24 hours, of those that were answered or are older than that.",
               "share", "QLT-001 SLA-008", share("in_24h", "judged_24h"),
               lambda goals: Goal(goals.within_day, at_least=True), better="higher", behind="after_24h"),
        Figure("not_received_day", "Not received: answered within 24 hours",
               "The same of contacts about a parcel that has not come.", "share", "SLA-007",
               share("in_24h", "judged_24h", lambda sums: sums.not_received),
               lambda goals: Goal(goals.within_day, at_least=True), better="higher"),
        Figure("hand_over_mean", "Hand-over to a person, mean", _HAND_OVER, "seconds", "HND-005",
               mean("hand_over_s", "hand_over", _CHAT), lambda goals: Goal(goals.hand_over_seconds), better="lower",
               behind="hand_over", channels=("chat",)),
        Figure("hand_over_p50", "Hand-over: half within", _HAND_OVER, "seconds", "HND-005",
               percentile("hand_over", 0.5, _CHAT), better="lower", behind="hand_over", channels=("chat",)),
        Figure("hand_over_p90", "Hand-over: nine of ten within", _HAND_OVER, "seconds", "HND-005",
               percentile("hand_over", 0.9, _CHAT), better="lower", behind="hand_over", channels=("chat",)),
    ),
)  # fmt: skip
