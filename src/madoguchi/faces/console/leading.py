"""What those who lead do about an agent or a queue: status, contacts in hand, helping out elsewhere for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.problems import Conflict, Invalid, NotFound, Problem
from madoguchi.counter.routing import queries as routing
from madoguchi.counter.routing import queues
from madoguchi.counter.routing.model import Status
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.presence import STATUSES
from madoguchi.counter.routing.wording import status_label
from madoguchi.counter.supervision import leading
from madoguchi.counter.team import lending
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import TransferIn
from madoguchi.faces.console.doors import door
from madoguchi.faces.console.live import HOME, Leading
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk import verbs
from madoguchi.faces.views import title_of

router = APIRouter(prefix=HOME)
Moving = Annotated[Visit, Depends(door("contacts.reassign", HOME))]
PUT_BACK = "back"  # into the queues that the contacts came from
MINUTES = (30, 60, 120, 240, 480)


@router.get("/agents/{agent_id}")
def agent_page(visit: Leading, agent_id: str) -> Response:
    return _agent_page(visit, agent_id)


@router.post("/agents/{agent_id}/status")
def set_status(visit: Leading, agent_id: str) -> Response:
    status = cast(Status, visit.form.one_of("status", STATUSES, needed="Please choose one"))
    if visit.form.errors:
        return _agent_page(visit, agent_id, 422)
    visit.house.database.write(leading.set_status_of, agent_id, status, visit.actor)
    visit.house.board.forget()
    return visit.redirect(f"{HOME}/agents/{agent_id}")


@router.post("/agents/{agent_id}/move")
def move(visit: Moving, agent_id: str) -> Response:
    """Give the chosen contacts to a queue or a colleague; all of them or none."""
    chosen, to = visit.form.values("contact"), visit.form.value("to")
    if not chosen:
        visit.form.wrong("contact", "Please choose at least one")
    if not to:
        visit.form.wrong("to", "Please choose one")
    if visit.form.errors:
        return _agent_page(visit, agent_id, 422)
    try:
        visit.house.database.write(_move, visit, agent_id, chosen, to)
    except (Conflict, Invalid) as problem:
        if problem.code not in (
            "agent_not_free",
            "another_agent_wished",
            "unknown_queue",
            "unknown_agent",
            "owner_changed",
            "not_open",
        ):
            raise
        visit.form.wrong(
            "to", _REFUSED.get(problem.code, "Meanwhile somebody else has changed this. Please look again.")
        )
        return _agent_page(visit, agent_id, 409)
    visit.house.board.forget()
    return visit.redirect(f"{HOME}/agents/{agent_id}")


_REFUSED = {
    "agent_not_free": "This colleague is not available, or has no room for all of them",
    "another_agent_wished": "The customer has asked for another person, and somebody else is on duty",
}


@router.get("/queues/{queue_id}/lend")
def lend_page(visit: Leading, queue_id: str) -> Response:
    return _lend_page(visit, queue_id)


@router.post("/queues/{queue_id}/lend")
def lend(visit: Leading, queue_id: str) -> Response:
    """Let the chosen agents serve this queue too, for the chosen time."""
    chosen = visit.form.values("agent")
    minutes = visit.form.one_of("minutes", [str(each) for each in MINUTES], needed="Please choose one")
    if not chosen:
        visit.form.wrong("agent", "Please choose at least one")
    if visit.form.errors:
        return _lend_page(visit, queue_id, 422)

    def lend_all(tx: Transaction) -> None:
        queues.get(tx, queue_id)
        for agent_id in chosen:
            lending.lend(tx, agent_id, queue_id, visit.actor, lasts=timedelta(minutes=int(minutes)))

    visit.house.database.write(lend_all)
    visit.house.board.forget()
    return visit.redirect(HOME)


@router.post("/loans/{loan_id}/end")
def end_loan(visit: Leading, loan_id: str) -> Response:
    visit.house.database.write(lending.take_back, loan_id, visit.actor)
    visit.house.board.forget()
    return visit.redirect(HOME)


def _move(tx: Transaction, visit: Visit, agent_id: str, chosen: list[str], to: str) -> None:
    kind, _, target = to.partition(":")
    moved = 0
    for contact_id in chosen:
        seen = contacts.get(tx, contact_id)
        if seen.owner_kind != "agent" or seen.owner_id != agent_id:
            raise Conflict("owner_changed")
        queue, colleague = _target(tx, seen, kind, target)
        wish = TransferIn(queue=queue, agent_id=colleague, note="", owner_version=seen.owner_version)
        verbs.transfer(tx, visit.actor, contact_id, wish, visit.house.settings)
        moved += 1
    leading.told_of_moves(tx, agent_id, moved, visit.actor)


def _target(tx: Transaction, seen: Contact, kind: str, target: str) -> tuple[str, str]:
    """Queue and agent, one of them empty."""
    if kind == "agent":
        return "", target
    if kind == PUT_BACK:
        place = routing.place_of(tx, seen.id)
        return (place.queue_id if place else queues.queue_for(seen.topic)), ""
    return target, ""


def _agent_page(visit: Visit, agent_id: str, status: int = 200) -> Response:
    def read(tx: Transaction) -> dict[str, Any]:
        found = team.get(tx, agent_id)
        if found.seller_id:
            raise NotFound("agent_not_found", id=agent_id)
        rules = Rules.of(visit.house.settings)
        held = contacts.for_desk(tx, agent_id, "mine", limit=200)
        there = [each for each in routing.crew(tx, rules) if each.takes_offers and each.agent_id != agent_id]
        return {
            "agent": found,
            "doing": routing.presence(tx, agent_id, rules),
            "held": [(each, title_of(each, visit.language)) for each in held],
            "queues": [(each.id, each.label(visit.language)) for each in queues.queues(tx)],
            "colleagues": [
                (each.agent_id, each.name, each.held, each.capacity) for each in there if each.free
            ],
        }

    found = visit.house.database.read(read)
    labels = [(each, status_label(each, visit.language)) for each in STATUSES]
    return visit.page("console/live_agent.html", status, **found, statuses=labels, back=f"{PUT_BACK}:")


def _lend_page(visit: Visit, queue_id: str, status: int = 200) -> Response:
    def read(tx: Transaction) -> dict[str, Any]:
        try:
            queue = queues.get(tx, queue_id)
        except Problem as problem:
            raise NotFound("not_found") from problem
        crew = routing.crew(tx, Rules.of(visit.house.settings))
        able = [each for each in crew if each.on_duty and not each.has_queue(queue_id)]
        return {
            "queue": queue,
            "agents": [
                (
                    each.agent_id,
                    each.name,
                    status_label(each.status, visit.language),
                    each.held,
                    each.capacity,
                )
                for each in sorted(able, key=lambda each: (each.status != "available", -each.free, each.name))
            ],
        }

    found = visit.house.database.read(read)
    visit.form.start_with(minutes=MINUTES[1])
    return visit.page("console/live_lend.html", status, **found, minutes=MINUTES)
