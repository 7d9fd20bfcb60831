"""The console's first page: its pages, and what a language model is used for here, or why nothing of it is to be seen."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.problems import NotAllowed, SignInNeeded
from madoguchi.counter.team.policy import Verb, may
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.pages import Working

router = APIRouter(prefix="/console")

# What settings.model names → what people see of it.
USES = {
    "suggestions": "Drafts of replies at the desk (key D)",
    "translation": "Translations at the desk (keys L and Alt+L)",
    "summaries": "A paragraph for the agent beside a hand-over",
    "answers": "Answers from articles, with their sources",
    "understanding": "Reading what customers mean",
    "wording": "Set phrases in the customer's tone",
}


# Page → what it is called and who may open it, by what one comes for.
PAGES: dict[str, dict[str, tuple[str, Verb]]] = {
    "Customers": {
        "/console/promises": ("Promises kept and broken", "figures.read"),
        "/console/held": ("Held orders", "actions.propose"),
        "/console/mails": ("Mails kept apart", "contacts.reassign"),
        "/console/feedback": ("Feedback", "feedback.read"),
        "/console/privacy": ("Privacy", "history.erase"),
    },
    "Figures": {
        "/console/figures": ("How long things take", "figures.read"),
        "/console/solved": ("Solved without a person", "assistant.teach"),
        "/console/deflection": ("Forms that an article made needless", "figures.read"),
        "/console/surveys": ("What customers say of our help", "feedback.read"),
    },
    "Words": {
        "/console/articles": ("Help articles", "articles.edit"),
        "/console/learning": ("What the assistant did not understand", "assistant.teach"),
        "/console/words": ("What customers call things", "assistant.teach"),
    },
}


@router.get("")
def home(visit: Working) -> Response:
    """For everybody who has a page here. Raises SignInNeeded, NotAllowed."""
    if visit.principal is None:
        raise SignInNeeded("session_needed", back=visit.here)
    if not (may(visit.actor, "articles.edit") or may(visit.actor, "assistant.teach")):
        raise NotAllowed("role_missing")
    colleague = visit.house.colleague
    return visit.page(
        "console/home.html",
        sections=_sections(visit),
        model=colleague.name if colleague.client is not None else "",
        uses={visit.t(words): colleague.may(purpose) for purpose, words in USES.items()},  # type: ignore[arg-type]
    )


def _sections(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    """What this reader may open: heading → (address, words)."""
    found = {
        visit.t(heading): [
            (path, visit.t(words)) for path, (words, verb) in pages.items() if may(visit.actor, verb)
        ]
        for heading, pages in PAGES.items()
    }
    return {heading: pages for heading, pages in found.items() if pages}
