"""What readers tell editors: searches without a result, why an article did not help; and the shop's synonyms."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.assistant.learning.collecting import own_of
from madoguchi.assistant.learning.veil import Own, veil
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import Entry
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.knowledge import queries, service, signals
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.article_list import title_of
from madoguchi.faces.console.articles import HOME, Editing, around
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.principal import need
from madoguchi.faces.rendering import with_query

router = APIRouter(prefix="/console/articles")
LONGEST_SYNONYMS = 20_000


@router.get("/searches")
def searches(visit: Editing) -> Response:
    settled = visit.request.query_params.get("view") == "settled"
    fewest = visit.settings.knowledge.fewest_searchers
    found = visit.house.database.read(signals.gaps, fewest, settled=settled)
    return visit.page(
        "console/article_searches.html", gaps=found, settled=settled, fewest=fewest, **around(visit)
    )


@router.post("/searches/{gap_id}/settle")
def settle(visit: Editing, gap_id: str) -> Response:
    """Needs no article; or comes back to the list."""
    visit.house.database.write(signals.settle_gap, gap_id, "" if visit.form.value("do") == "reopen" else "-")
    return visit.redirect(f"{HOME}/searches")


@router.get("/feedback")
def feedback(visit: Editing) -> Response:
    found = visit.house.database.read(signals.feedback)
    wanted = {each.article_id for each in found}
    titles = {each.id: title_of(visit, each) for each in visit.house.library.articles() if each.id in wanted}
    return visit.page("console/article_feedback.html", found=found, titles=titles, **around(visit))


@router.get("/synonyms")
def synonyms(visit: Editing) -> Response:
    language = _language(visit)
    groups = visit.house.database.read(queries.own_synonyms).get(language, [])
    visit.form.start_with(groups="\n".join(", ".join(group) for group in groups))
    return _synonyms_page(visit, language)


@router.post("/synonyms")
def keep_synonyms(visit: Editing) -> Response:
    language = _language(visit)
    text = visit.form.text("groups", longest=LONGEST_SYNONYMS)
    groups = []
    for number, line in enumerate(text.splitlines(), 1):
        words = [
            word.strip() for word in line.replace("、", ",").replace(",", ",").split(",") if word.strip()
        ]
        if len(words) == 1:
            visit.form.wrong(
                "groups", "Line {n} has one word only; put words that mean the same side by side", n=number
            )
        if len(words) > 1:
            groups.append(words)
    if visit.form.errors:
        return _synonyms_page(visit, language, 422)
    visit.house.database.write(service.keep_synonyms, language, groups)
    return visit.redirect(with_query(f"{HOME}/synonyms", **{"in": language, "saved": "1"}))


@router.get("/from-reply")
def from_reply(visit: Editing) -> Response:
    """The agents' replies in a contact, each ready to become a draft, without what is the customer's own (CH-051)."""
    assert visit.principal is not None
    need(visit.principal, "contacts.read")
    contact_id = visit.request.query_params.get("contact", "").strip()
    replies: list[tuple[Entry, str]] = []
    if contact_id:
        try:
            replies = visit.house.database.read(_replies, visit, contact_id)
        except NotFound:
            visit.form.wrong("contact", "There is no such contact")
    visit.form.start_with(contact=contact_id)
    return visit.page(
        "console/article_from_reply.html", replies=replies, contact_id=contact_id, **around(visit)
    )


def _replies(tx: Transaction, visit: Visit, contact_id: str) -> list[tuple[Entry, str]]:
    seen = contacts.visible(tx, visit.actor, contact_id)
    customer = customers.find(tx, seen.customer_id) if seen.customer_id else None
    own: Own = own_of(seen, customer)
    said = [
        entry
        for entry in contacts.entries(tx, contact_id, internal=False)
        if entry.kind == events.MESSAGE and entry.author_kind == "agent" and entry.body.get("text")
    ]
    return [(entry, veil(entry.body["text"], own)) for entry in said]


def _language(visit: Visit) -> str:
    wished = visit.form.value("in") or visit.request.query_params.get("in", "")
    return wished if wished in visit.settings.shop.languages else visit.language


def _synonyms_page(visit: Visit, chosen: str, status: int = 200) -> Response:
    saved = bool(visit.request.query_params.get("saved"))
    return visit.page("console/article_synonyms.html", status, chosen=chosen, saved=saved, **around(visit))
