"""The console's first page: its pages, and what a language model is used for here, or why nothing of it is to be seen."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.problems import SignInNeeded
from madoguchi.counter.team.policy import may
from madoguchi.faces.desk.pages import Working
from madoguchi.faces.principal import need

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


@router.get("")
def home(visit: Working) -> Response:
    """For everybody who has a page here."""
    if visit.principal is None:
        raise SignInNeeded("session_needed", back=visit.here)
    need(visit.principal, "assistant.teach" if not may(visit.actor, "articles.edit") else "articles.edit")
    colleague = visit.house.colleague
    return visit.page(
        "console/home.html",
        teaches=may(visit.actor, "assistant.teach"),
        edits=may(visit.actor, "articles.edit"),
        model=colleague.name if colleague.client is not None else "",
        keeps=may(visit.actor, "history.erase"),
        uses={visit.t(words): colleague.may(purpose) for purpose, words in USES.items()},  # type: ignore[arg-type]
    )
