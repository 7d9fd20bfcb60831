"""The console's first page: a map of its pages, a search over pages, rules and settings, and what a language model does."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.problems import NotAllowed, SignInNeeded
from madoguchi.counter.team.policy import may
from madoguchi.faces.console import finding
from madoguchi.faces.console.page_map import PAGES, ConsolePage
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.pages import Working

router = APIRouter(prefix="/console")
LONGEST = 60  # characters of a search

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
    """For everybody who has a page here. Raises SignInNeeded, NotAllowed."""
    if visit.principal is None:
        raise SignInNeeded("session_needed", back=visit.here)
    if not (may(visit.actor, "articles.edit") or may(visit.actor, "assistant.teach")):
        raise NotAllowed("role_missing")
    colleague, words = visit.house.colleague, visit.request.query_params.get("find", "").strip()[:LONGEST]
    return visit.page(
        "console/home.html",
        sections=_sections(visit),
        words=words,
        longest=LONGEST,
        found=finding.find(words, visit.actor, visit.house.orders.rules, visit.language) if words else None,
        model=colleague.name if colleague.client is not None else "",
        uses={visit.t(use): colleague.may(purpose) for purpose, use in USES.items()},  # type: ignore[arg-type]
    )


def _sections(visit: Visit) -> dict[str, list[ConsolePage]]:
    """What this reader may open, by what one comes for."""
    found = {
        visit.t(heading): [page for page in pages if may(visit.actor, page.verb)]
        for heading, pages in PAGES.items()
    }
    return {heading: pages for heading, pages in found.items() if pages}
