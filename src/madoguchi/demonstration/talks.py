"""The conversations of the past: read from `talks.toml` and held again, word for word, through the counter's verbs."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from madoguchi.counter.actors import ASSISTANT, SYSTEM, Actor
from madoguchi.counter.cases import holding
from madoguchi.counter.cases import service as cases
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import queries, service
from madoguchi.counter.routing import queues
from madoguchi.counter.routing import service as routing
from madoguchi.counter.surveys import service as surveys
from madoguchi.counter.surveys.model import Answer, Way
from madoguchi.demonstration.stage import Scene, order_of

_FILE = Path(__file__).with_name("talks.toml")
_STAFF = ("ito", "kato", "mori")


class Rating(BaseModel):
    """What the customer answered to the survey, so many hours after the end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    score: int
    solved: bool
    comment: str = ""
    aspects: dict[str, int] = {}
    way: Way = "chat"
    hours: int = 1


class Talk(BaseModel):
    """`lines`: who and what; customer, assistant or an agent's login. `order`: the customer's n-th, 0 for none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    customer: str
    language: str
    topic: str
    order: int = 0
    wish: str = ""
    days: int
    hour: int = 11
    wait: int = 3  # minutes until an agent comes
    lines: tuple[tuple[str, str], ...]
    ends: Literal["solved", "resolved", "customer", "us", "third_party", "investigating"] = "solved"
    rating: Rating | None = None


def talks() -> list[Talk]:
    return [Talk.model_validate(each) for each in tomllib.loads(_FILE.read_text("utf-8"))["talk"]]


def hold_all(scene: Scene, rules: surveys.Rules) -> dict[str, Case]:
    """Every conversation, oldest first; the cases by the conversations' names."""
    return {talk.name: _hold(scene, talk, rules) for talk in sorted(talks(), key=lambda each: -each.days)}


def _hold(scene: Scene, talk: Talk, rules: surveys.Rules) -> Case:
    tx = scene.tx
    scene.go_to(talk.days, talk.hour)
    customer = scene.customer(talk.customer)
    order = order_of(talk.customer, talk.order)
    case = cases.open_case(tx, customer.customer_id, customer.id, talk.topic, order, wish=talk.wish)
    contact = service.open_contact(
        tx,
        actor=customer,
        channel="chat",
        language=talk.language,
        topic=talk.topic,
        order_number=order,
        case_id=case.id,
        client_key=f"demo/{talk.name}",
    )
    for place, (who, text) in enumerate(talk.lines):
        _say(scene, talk, contact.id, who, text, place)
    return _end(scene, talk, contact.id, case, customer, rules)


def _say(scene: Scene, talk: Talk, contact_id: str, who: str, text: str, place: int) -> None:
    tx = scene.tx
    seen = queries.get(tx, contact_id)
    version: int | None = None
    actor = ASSISTANT
    if who == "customer":
        actor = scene.customer(talk.customer)
    elif who in _STAFF:
        actor = scene.staff(who)
        version = _take(scene, talk, contact_id, actor)
    scene.later(minutes=1 if who == "assistant" else 2)
    if who == "assistant":
        service.mark_answered(tx, contact_id, seen.last_customer_seq, seen.owner_version)
    service.say(
        tx,
        contact_id,
        actor=actor,
        text=text,
        client_key=f"demo/{talk.name}/{place}",
        lang=talk.language,
        owner_version=version,
    )


def _take(scene: Scene, talk: Talk, contact_id: str, agent: Actor) -> int:
    """The agent comes, if it is not theirs already; the version of the owner with which they speak."""
    tx = scene.tx
    seen = queries.get(tx, contact_id)
    if seen.owner_kind == "agent" and seen.owner_id == agent.id:
        return seen.owner_version
    queue = queues.desk_for(tx, talk.topic)
    routing.enter(tx, seen, queue, reason="asked")
    if seen.case_id:
        cases.wait_for_us(tx, seen.case_id)
    scene.later(minutes=talk.wait)
    waiting = queries.get(tx, contact_id)
    taken = routing.take(tx, contact_id, agent, waiting.owner_version)
    holding.own(tx, seen.case_id, agent, queue)
    return taken.owner_version


def _end(
    scene: Scene, talk: Talk, contact_id: str, case: Case, customer: Actor, rules: surveys.Rules
) -> Case:
    tx = scene.tx
    scene.later(minutes=2)
    seen = queries.get(tx, contact_id)
    by_agent = seen.owner_kind == "agent"
    actor = Actor(kind="agent", id=seen.owner_id) if by_agent else ASSISTANT
    solved = talk.ends in ("solved", "resolved")
    if solved:
        service.resolve(tx, contact_id, actor, seen.owner_version)
        case = cases.resolve(tx, case.id, actor)
        surveys.begin(tx, case, rules)
    else:
        move = {
            "customer": cases.wait_for_customer,
            "us": cases.wait_for_us,
            "third_party": cases.wait_for_third_party,
            "investigating": cases.investigate,
        }[talk.ends]
        case = move(tx, case.id, actor)
    scene.later(minutes=3)
    if talk.ends == "solved":
        case = cases.confirm_resolution(tx, case.id, customer)
    service.end(tx, contact_id, SYSTEM, "solved")
    routing.finished(tx, contact_id)
    if talk.rating is not None:
        scene.later(hours=talk.rating.hours)
        _rate(scene, case, talk.rating, customer, rules)
    return case


def _rate(scene: Scene, case: Case, rating: Rating, customer: Actor, rules: surveys.Rules) -> None:
    given = Answer(rating.score, rating.solved, rating.comment, dict(rating.aspects))
    surveys.answer(scene.tx, case, rules, given, way=rating.way, by=customer)
