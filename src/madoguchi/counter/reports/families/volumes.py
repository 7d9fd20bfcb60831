"""How much there is: contacts, messages, who comes again (QLT-006, QLT-007, QLT-010)."""

from __future__ import annotations

from madoguchi.counter.reports.definitions import Family, Figure, count, mean, share

FAMILY = Family(
    "volumes",
    "How much there is",
    (
        Figure(
            "contacts",
            "Contacts",
            "Contacts that were opened in the period, by chat, telephone, mail or form, with or without words.",
            "count",
            "QLT-007",
            count("contacts"),
            behind="contacts",
        ),
        Figure(
            "enquiries",
            "Contacts with an enquiry",
            "Contacts in which the customer said something.",
            "count",
            "QLT-007",
            count("asked"),
            behind="asked",
        ),
        Figure(
            "again_day",
            "Second contact within 24 hours",
            "Share of contacts after whose last words the same person opened another one within 24 hours, of those whose last words are 24 hours old.",
            "share",
            "QLT-006",
            share("again_day", "judged_day"),
            better="lower",
            behind="again_day",
        ),
        Figure(
            "again_week",
            "Second contact within 7 days",
            "The same within seven days, whatever the second contact is about.",
            "share",
            "QLT-006",
            share("again_week", "judged_week"),
            better="lower",
            behind="again_week",
        ),
        Figure(
            "again_kind",
            "Second contact about the same within 7 days",
            "The same within seven days, if both contacts are about the same kind of enquiry.",
            "share",
            "QLT-006",
            share("again_kind_week", "judged_week"),
            better="lower",
            behind="again_kind",
        ),
        Figure(
            "messages_per_case",
            "Messages for each solved case",
            "Messages of customer, assistant and people in all contacts of solved cases whose contacts began in the period, divided by the number of those cases.",
            "number",
            "QLT-010",
            mean("cases_messages", "cases_solved"),
            better="lower",
            behind="cases_solved",
        ),
        Figure(
            "waiting_per_contact",
            "Waiting in each contact",
            "Seconds in which the customer's words waited for an answer, all answers of a contact together, as a mean of contacts with an enquiry.",
            "seconds",
            "QLT-010",
            mean("waiting_s", "asked"),
            better="lower",
            behind="asked",
        ),
    ),
)
