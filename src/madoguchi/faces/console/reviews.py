"""Reviews of conversations: what to look at, the card, averages, criteria; and each agent's own reviews (QLT-005)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.problems import Invalid, NotAllowed
from madoguchi.counter.quality import reviews
from madoguchi.counter.quality.model import MARKS, Criterion, Scorecard
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.doors import door
from madoguchi.faces.console.sheets import sheet
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.entry_views import entries_out
from madoguchi.faces.principal import note_view
from madoguchi.faces.views import title_of

router = APIRouter(prefix="/console/reviews")
HOME = "/console/reviews"
DAYS = 90
Reviewing = Annotated[Visit, Depends(door("quality.review", HOME))]
Agent = Annotated[Visit, Depends(door("contacts.work", f"{HOME}/mine"))]


@router.get("")
def reviews_page(visit: Reviewing) -> Response:
    def read(tx: Transaction) -> dict[str, Any]:
        cards, means = _averages(tx)
        drawn = reviews.sample(tx, size=visit.house.settings.supervision.review_sample, seed=_week(tx))
        names = reviews.names(tx, cards) | {
            each.agent_id: team.display_name(tx, each.agent_id) for each in drawn
        }
        titles = {
            each.contact_id: title_of(contacts.get(tx, each.contact_id), visit.language) for each in drawn
        }
        return {
            "cards": cards,
            "means": means,
            "drawn": drawn,
            "names": names,
            "titles": titles,
            "criteria": reviews.criteria(tx),
        }

    return visit.page("console/reviews.html", **visit.house.database.read(read), days=DAYS)


@router.get("/csv")
def reviews_csv(visit: Reviewing) -> Response:
    def read(tx: Transaction) -> tuple[list[Scorecard], dict[str, str], list[Criterion]]:
        cards = reviews.newest(tx, limit=10_000)
        return cards, reviews.names(tx, cards), reviews.criteria(tx, active_only=False)

    cards, names, criteria = visit.house.database.read(read)
    heads = ["at", "contact", "agent", "reviewer", "mean", *(each.id for each in criteria)]
    rows = [
        [
            card.at.isoformat(),
            card.contact_id,
            names[card.agent_id],
            names[card.reviewer_id],
            round(card.mean, 2),
            *(card.marks.get(each.id, "") for each in criteria),
        ]
        for card in cards
    ]
    return sheet(visit, "reviews", heads, rows)


@router.get("/mine")
def mine(visit: Agent) -> Response:
    """What was said of one's own work."""

    def read(tx: Transaction) -> dict[str, Any]:
        cards = reviews.of_agent(tx, visit.actor.id)
        return {
            "cards": cards,
            "names": reviews.names(tx, cards),
            "criteria": reviews.criteria(tx, active_only=False),
        }

    return visit.page("console/reviews_mine.html", **visit.house.database.read(read))


@router.post("/mine/{card_id}/seen")
def seen(visit: Agent, card_id: str) -> Response:
    visit.house.database.write(reviews.seen, card_id, visit.actor)
    return visit.redirect(f"{HOME}/mine")


@router.get("/criteria")
def criteria_page(visit: Reviewing) -> Response:
    return _criteria_page(visit)


@router.post("/criteria")
def set_criterion(visit: Reviewing) -> Response:
    """Add a criterion, or change the one of this id; what was marked by it stays."""
    form = visit.form
    languages = ("ja", "en")
    wanted = Criterion(
        id=form.text("id", needed="Please enter a short name in Latin letters", longest=39),
        name={
            each: form.text(f"name-{each}", longest=60)
            for each in languages
            if form.value(f"name-{each}").strip()
        },
        help={
            each: form.text(f"help-{each}", longest=200)
            for each in languages
            if form.value(f"help-{each}").strip()
        },
        place=form.number("place", 0, 99),
        active=form.value("active") == "yes",
    )
    if not wanted.name:
        form.wrong("name-ja", "Please enter a name")
    if not form.errors:
        try:
            visit.house.database.write(reviews.set_criterion, wanted, visit.actor)
        except Invalid:
            form.wrong("id", "Small Latin letters, digits and _ only, beginning with a letter")
    return _criteria_page(visit, 422) if form.errors else visit.redirect(f"{HOME}/criteria")


@router.get("/contacts/{contact_id}")
async def review_page(visit: Reviewing, contact_id: str) -> Response:
    shown = await asyncio.to_thread(_review_page, visit, contact_id)
    assert visit.principal is not None  # somebody who reviews
    await note_view(visit.house, visit.principal, "contact", contact_id)
    return shown


@router.post("/contacts/{contact_id}")
def review(visit: Reviewing, contact_id: str) -> Response:
    form = visit.form
    criteria = visit.house.database.read(reviews.criteria)
    agent_id = form.value("agent")
    if not agent_id:
        form.wrong("agent", "Please choose one")
    marks = {}
    for each in criteria:
        given = form.one_of(f"mark-{each.id}", [str(mark) for mark in MARKS], needed="Please give a mark")
        marks[each.id] = int(given or 0)
    comment = form.text("comment", longest=reviews.LONGEST)
    if form.errors:
        return _review_page(visit, contact_id, 422)
    try:
        visit.house.database.write(reviews.review, contact_id, agent_id, marks, comment, visit.actor)
    except NotAllowed:
        form.wrong("agent", "Nobody reviews their own work")
    except Invalid:
        form.wrong("agent", "This person has not spoken in the conversation")
    return _review_page(visit, contact_id, 422) if form.errors else visit.redirect(HOME)


def _averages(tx: Transaction) -> tuple[list[Scorecard], list[reviews.Averages]]:
    return reviews.newest(tx), reviews.averages(tx, tx.now - timedelta(days=DAYS))


def _week(tx: Transaction) -> str:
    """The lot is drawn once a week, so that the list stays while it is worked on."""
    year, week, _ = tx.now.isocalendar()
    return f"{year}-{week}"


def _review_page(visit: Visit, contact_id: str, status: int = 200) -> Response:
    def read(tx: Transaction) -> dict[str, Any]:
        contact = contacts.visible(tx, visit.actor, contact_id)
        found = contacts.entries(tx, contact_id, limit=500, internal=False)
        shown = entries_out(tx, visit.actor, contact, found, visit.language, zone=visit.zone)
        agents = [(each, team.display_name(tx, each)) for each in reviews.speakers(tx, contact_id)]
        cards = reviews.of_contact(tx, contact_id)
        return {
            "contact": contact,
            "title": title_of(contact, visit.language),
            "entries": [each for each in shown if each.kind == events.MESSAGE],
            "agents": agents,
            "cards": cards,
            "names": reviews.names(tx, cards),
            "criteria": reviews.criteria(tx),
        }

    found = visit.house.database.read(read)
    others = [each for each, _ in found["agents"] if each != visit.actor.id]
    if len(others) == 1:
        visit.form.start_with(agent=others[0])
    return visit.page("console/review.html", status, **found, marks=MARKS)


def _criteria_page(visit: Visit, status: int = 200) -> Response:
    found = visit.house.database.read(reviews.criteria, active_only=False)
    chosen = next((each for each in found if each.id == visit.request.query_params.get("id")), None)
    place = chosen.place if chosen else len(found)
    visit.form.start_with(
        id=chosen.id if chosen else "", place=place, active="yes" if not chosen or chosen.active else ""
    )
    for each in ("ja", "en"):
        if chosen:
            visit.form.start_with(
                **{f"name-{each}": chosen.name.get(each, ""), f"help-{each}": chosen.help.get(each, "")}
            )
    return visit.page("console/review_criteria.html", status, criteria=found, chosen=chosen)
