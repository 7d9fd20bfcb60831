"""The work of people: how long contacts keep them, what is passed on, what comes back."""

from __future__ import annotations

from madoguchi.counter.reports.definitions import Family, Figure, count, mean, percentile, share

_HANDLED = "Time in people's hands: from a person's joining until the contact was passed on, solved, or ended; all stretches of a contact together."

FAMILY = Family(
    "work",
    "The work of people",
    (
        Figure("with_person", "Contacts with a person", "Contacts that a person has joined.", "count", "QLT-006",
               count("person"), behind="person"),
        Figure("handling_mean", "Handling time, mean", _HANDLED, "seconds", "QLT-010", mean("handled_s", "handled"),
               better="lower", behind="person"),
        Figure("handling_p90", "Handling time: nine of ten within", _HANDLED, "seconds", "QLT-010",
               percentile("handled", 0.9), better="lower", behind="person"),
        Figure("transferred", "Passed on", "Share of contacts with a person that were passed on to another desk or person.",
               "share", "QLT-006", share("transferred", "person"), better="lower", behind="transferred"),
        Figure("escalated", "Passed on to supervisors", "Share of all contacts that came to the supervisors' desk.", "share",
               "QLT-006", share("escalated", "contacts"), better="lower", behind="escalated"),
        Figure("reopened", "Not solved after all",
               "Share of contacts that were opened again, or of which the customer said that it is not solved, of those with an enquiry.",
               "share", "QLT-006", share("reopened", "asked"), better="lower", behind="reopened"),
    ),
)  # fmt: skip
