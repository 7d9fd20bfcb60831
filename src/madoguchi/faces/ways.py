"""The ways to reach us as pages, widget and programs show them: one answer for all of them (CH-002, CH-052)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases.ways import wording
from madoguchi.counter.cases.ways.advice import advise, in_order, profile_of
from madoguchi.counter.cases.ways.open_ways import Asking, People, Why, open_ways, shows_number
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.routing import queues
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import before_joining
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.engine.sections import WayName
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr
from madoguchi.kit.languages import NAMES


@dataclass(frozen=True)
class Choice:
    """One way in words. `why`: why it cannot be used now; `other_language`: nobody answers there in the reader's."""

    id: WayName
    name: str
    feature: str
    merit: str
    demerit: str
    good_for: str
    hours: str
    cost: str
    answer: str
    open: bool
    usable: bool
    offered: bool
    state: Why
    why: str
    other_language: str
    number: str = ""
    address: str = ""


@dataclass(frozen=True)
class Choices:
    """All ways in the order in which they fit; the recommended one with its reason, where one is open."""

    all: tuple[Choice, ...]
    recommended: Choice | None
    reason: str

    def of(self, name: str) -> Choice | None:
        return next((each for each in self.all if each.id == name), None)

    @property
    def offered(self) -> list[Choice]:
        return [each for each in self.all if each.offered]

    @property
    def others(self) -> list[Choice]:
        return [each for each in self.all if each is not self.recommended]


def choices(
    tx: Transaction,
    settings: Settings,
    actor: Actor | None,
    language: str,
    kind: str = "",
    *,
    calls: bool = True,
) -> Choices:
    """What this person can do about this kind of enquiry at this moment."""
    known = actor is not None and (actor.is_staff or actor.rung >= Rung.SIGNED_IN)
    customer = customers.find(tx, actor.customer_id) if actor and actor.customer_id and known else None
    segments = tuple(customer.segments) if customer else ()
    people = people_for(tx, settings, kind, segments, language)
    asking = Asking(tx.now, language, kind, segments, known=known, calls=calls)
    profile = profile_of(kind)
    found = open_ways(settings, people, asking)
    shown = {
        way.channel.id: Choice(
            id=way.channel.id,
            name=way.channel.text("name", language),
            feature=way.channel.text("feature", language),
            merit=way.channel.text("merit", language),
            demerit=way.channel.text("demerit", language),
            good_for=way.channel.text("good_for", language),
            hours=wording.hours_text(way, language),
            cost=wording.cost_text(way.channel, settings, language),
            answer=wording.answer_text(way, people, settings, asking) if way.offered else "",
            open=way.open,
            usable=way.usable,
            offered=way.offered,
            state=way.why,
            why=wording.why_text(way, asking),
            other_language="" if way.speaks else _other_language(people, language),
            number=settings.shop.phone
            if way.channel.id == "phone" and shows_number(settings, asking)
            else "",
            address=settings.shop.mail_address if way.channel.id == "mail" else "",
        )
        for way in found
    }
    advice = advise(found, profile, asking)
    best = shown[advice.way.channel.id] if advice else None
    listed = [shown[way.channel.id] for way in in_order(found, profile, asking)]
    listed.sort(key=lambda each: each is not best)
    return Choices(tuple(listed), best, wording.reason_text(advice, asking) if advice else "")


def people_for(
    tx: Transaction, settings: Settings, kind: str, segments: tuple[str, ...], language: str
) -> People:
    """Who is at the desk of a kind now, and how long one waits for them."""
    rules = Rules.of(settings)
    queue = queues.find(tx, queues.queue_for(kind, segments))
    queue = queue if queue is not None and queue.active else queues.get(tx, queues.GENERAL)
    wait = before_joining(tx, queue.id, language, rules)
    opens_at = None if wait.open else wait.opens_at
    staff = team.agents(tx, active_only=True)
    spoken = {tongue for agent in staff if "agent" in agent.roles for tongue in agent.languages}
    return People(
        there=wait.open,
        always=queue.always_open,
        opens_at=opens_at,
        low_s=wait.low_s,
        high_s=wait.high_s,
        crowded=wait.open and wait.ahead >= settings.desk.busy_from,
        languages=frozenset(spoken),
    )


def choice_out(choice: Choice) -> dict[str, Any]:
    """As the API shows it."""
    return {
        "way": choice.id,
        "name": choice.name,
        "feature": choice.feature,
        "good_for": choice.good_for,
        "hours_text": choice.hours,
        "cost_text": choice.cost,
        "answer_text": choice.answer,
        "open_now": choice.open,
        "usable_now": choice.usable,
        "offered": choice.offered,
        "why_text": choice.why,
        "language_text": choice.other_language,
        "number": choice.number,
        "address": choice.address,
    }


def _other_language(people: People, language: str) -> str:
    spoken = [NAMES[tongue] for tongue in NAMES if tongue in people.languages]
    return tr(
        language,
        "Answered in: {languages}. For another language a person arranges an interpreter.",
        languages=" / ".join(spoken),
    )
