"""The ways to reach us as pages, widget and programs show them: one answer for all of them (CH-002, CH-052)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.calendars.loading import load
from madoguchi.counter.cases.ways import wording
from madoguchi.counter.cases.ways.advice import advise, in_order, profile_of
from madoguchi.counter.cases.ways.keeping import laid_over
from madoguchi.counter.cases.ways.open_ways import Asking, People, Why, open_ways, shows_number
from madoguchi.counter.conditions.model import Conditions
from madoguchi.counter.conditions.policy import Rules as PeakRules
from madoguchi.counter.conditions.queries import conditions
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.routing import queues
from madoguchi.counter.routing.estimate import FEWEST_SAMPLES
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import before_joining
from madoguchi.counter.routing.queries import waits
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
    busy: str = ""  # in words, where it takes longer than usual (QUE-004)


@dataclass(frozen=True)
class Choices:
    """All ways in the order in which they fit; the recommended one with its reason, where one is open."""

    all: tuple[Choice, ...]
    recommended: Choice | None
    reason: str
    phone_jammed: bool = False
    peak: bool = False

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
    phone_busy: bool = False,
) -> Choices:
    """What this person can do about this kind of enquiry at this moment. `phone_busy`: usually so at this hour."""
    settings = laid_over(tx, settings)
    known = actor is not None and (actor.is_staff or actor.rung >= Rung.SIGNED_IN)
    customer = customers.find(tx, actor.customer_id) if actor and actor.customer_id and known else None
    segments = tuple(customer.segments) if customer else ()
    people = people_for(tx, settings, kind, segments, language)
    now = conditions(tx, PeakRules.of(settings))
    asking = Asking(
        tx.now,
        language,
        kind,
        segments,
        known=known,
        calls=calls,
        peak=now.peak is not None,
        percent=now.declared_percent,
        down=_down(now),
        phone_busy=phone_busy,
        order=tuple(settings.ways.order),
    )
    profile = profile_of(kind)
    found = open_ways(settings, people, asking, load(tx, settings))
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
            busy=tr(language, "Busy now") if way.busy else "",
        )
        for way in found
    }
    advice = advise(found, profile, asking)
    best = shown[advice.way.channel.id] if advice else None
    listed = [shown[way.channel.id] for way in in_order(found, profile, asking)]
    listed.sort(key=lambda each: each is not best)
    phone = next((way for way in found if way.channel.id == "phone"), None)
    return Choices(
        tuple(listed),
        best,
        wording.reason_text(advice, asking) if advice else "",
        phone_jammed=phone is not None and phone.offered and (phone.busy or phone.why == "down"),
        peak=asking.peak,
    )


def _down(now: Conditions) -> frozenset[WayName]:
    """What people have said to be down; what the house only suspects is told, and closes nothing."""
    said = {each.part for each in now.disturbances if each.declared}
    ways: set[WayName] = set()
    if "chat" in said:
        ways |= {"assistant", "person"}
    if "assistant" in said:
        ways.add("assistant")
    if "phone" in said:
        ways |= {"phone", "callback"}
    if "mail" in said:
        ways.add("mail")
    return frozenset(ways)


def people_for(
    tx: Transaction, settings: Settings, kind: str, segments: tuple[str, ...], language: str
) -> People:
    """Who is at the desk of a kind now, and how long one waits for them."""
    rules = Rules.of(settings)
    queue = queues.get(tx, queues.desk_for(tx, kind, segments))
    wait = before_joining(tx, queue.id, language, rules, segments=segments)
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
        busy=_is_busy(wait.high_s, waits(tx, queue.id)),
        languages=frozenset(spoken),
        queue=queue.id,
    )


def _is_busy(high_s: int | None, usual_s: Sequence[int]) -> bool:
    """More than twice the median of what people waited lately; never from a handful of waits (QUE-004)."""
    if high_s is None or len(usual_s) < FEWEST_SAMPLES:
        return False
    return high_s > 2 * max(60, median(usual_s))


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
        "busy_text": choice.busy,
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
