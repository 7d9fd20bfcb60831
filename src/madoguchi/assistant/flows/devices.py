"""Devices and digital services: set up, out of trouble step by step, exchanged within the warranty (PRM-004 to PRM-008)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Option, verbatim
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.steps.troubleshoot import troubleshoot
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.troubleshooting import Tree
from madoguchi.assistant.wording import day_text
from madoguchi.counter.actors import Rung
from madoguchi.counter.customers.holdings import Device, Holdings, Service, in_language

_QUEUE = "digital_devices"
_OTHER = "other"
_WHEN = ("now", "today", "earlier")


@dataclass(frozen=True)
class _Thing:
    """What it is about: a thing of the customer's own, or one of its kind."""

    name: str
    tree: Tree | None
    device: Device | None = None
    service: Service | None = None


@flow("membership_digital_device.device_issue", queue=_QUEUE)
async def device_issue(talk: Talk) -> Outcome:
    """Model, what it shows, what was tried; then its tree; exchange within the warranty by a person (PRM-004)."""
    is_told(talk, "trouble.tried_all")
    thing = await _which(talk, "device")
    if thing.device is not None and thing.device.model:
        talk.fact("device_model", thing.device.model)
    shown = await talk.ask(
        verbatim(
            "error",
            talk.words("trouble.error"),
            [
                Option(
                    "nothing",
                    talk.words("trouble.shows_nothing"),
                    named_by=said("trouble.nothing"),
                )
            ],
        )
    )
    talk.fact("error_message", talk.words("trouble.shows_nothing") if shown == "nothing" else shown)
    return await _out_of_trouble(talk, thing)


@flow("membership_digital_device.digital_service_issue", queue=_QUEUE)
async def digital_service_issue(talk: Talk) -> Outcome:
    """Known outage and ended contracts first; since when; restart and sign in again; then a person (PRM-005, PRM-007)."""
    is_told(talk, "trouble.tried_all")
    thing = await _which(talk, "service")
    if thing.service is not None and thing.service.state != "active":
        talk.say(f"trouble.{thing.service.state}", name=thing.name)
        return await ways_out(talk, [], "outage", "what_next")
    days = [day for heard in talk.said for day in heard.understanding.entities.dates]
    if days and "since" not in talk.run.answers:
        talk.given.setdefault("since", "earlier")
    options = [
        Option(name, talk.words(f"trouble.{name}"), named_by=said(f"trouble.{name}")) for name in _WHEN
    ]
    since = await talk.choose("since", "trouble.since", options)
    talk.fact("error_time", days[0].isoformat() if days else talk.words(f"trouble.{since}"))
    return await _out_of_trouble(talk, thing)


@flow("membership_digital_device.setup_howto", queue=_QUEUE)
async def setup_howto(talk: Talk) -> Outcome:
    """The steps of this very device or service; where it stops, the way out of trouble (PRM-008)."""
    thing = await _which(talk, "any")
    lines = thing.tree.setup.get("ja" if talk.language == "ja" else "en", []) if thing.tree else []
    if not lines:
        tell_article(talk, talk.kind)
    for line in lines:
        talk.tell(line)
    talk.has_tried("setup", name=thing.name)
    if thing.tree is None:
        return await ways_out(talk, [], "setup", "what_next")
    named = (said("talk.works_now"), said("talk.still_not"))
    if await talk.yes_no("works", "trouble.set_up", "set_up", "stuck", named=named):
        return Outcome("answer", "answer")
    return await _out_of_trouble(talk, thing)


async def _out_of_trouble(talk: Talk, thing: _Thing) -> Outcome:
    if thing.tree is None:
        tell_article(talk, talk.kind)
        return await ways_out(talk, [], "trouble", "what_next")
    if is_told(talk, "trouble.tried_all"):
        talk.say("trouble.person")
        return talk.hand_over("persisting", queue=_QUEUE)
    end = await troubleshoot(talk, thing.tree)
    if end == "solved":
        talk.say("trouble.solved")
        return Outcome("action", "troubleshoot")
    if end == "exchange" and thing.device is not None and thing.device.warranty_until is not None:
        talk.say(_warranty(talk, thing.device.warranty_until), date=_day(talk, thing.device.warranty_until))
        talk.fact("warranty", _day(talk, thing.device.warranty_until))
    else:
        talk.say("trouble.person")
    return talk.hand_over("exchange" if end == "exchange" else "persisting", queue=_QUEUE)


async def _which(talk: Talk, serves: Literal["device", "service", "any"]) -> _Thing:
    """The customer's own things first; a single one, or the one that they named, needs no question."""
    trees = {kind: tree for kind, tree in talk.scene.trees.items() if serves in ("any", tree.serves)}
    things = _own(talk, serves, trees)
    owned = len(things)
    known = {thing.tree.kind for thing in things.values() if thing.tree is not None}
    for kind, tree in trees.items():
        if kind not in known:
            things[kind] = _Thing(in_language(tree.name, talk.language), tree)
    options = [
        Option(key, thing.name, named_by=thing.tree.named_by if thing.tree else "")
        for key, thing in list(things.items())[: max(owned, 7)]
    ]
    options.append(Option(_OTHER, talk.words("trouble.other_thing")))
    chosen = await talk.choose("thing", f"trouble.which_{serves}", options)
    thing = things.get(chosen) or _Thing(talk.words("trouble.other_thing"), None)
    talk.fact("service_name" if thing.service else "device", thing.name)
    return thing


def _own(talk: Talk, serves: str, trees: dict[str, Tree]) -> dict[str, _Thing]:
    held = _held(talk)
    if held is None:
        return {}
    language = talk.language
    found: dict[str, _Thing] = {}
    if serves in ("device", "any"):
        for each in held.devices:
            label = " ".join(filter(None, (in_language(each.name, language), each.model)))
            found[each.id] = _Thing(label, trees.get(each.kind), device=each)
    if serves in ("service", "any"):
        for service in held.services:
            label = in_language(service.name, language)
            found[service.id] = _Thing(label, trees.get(service.kind), service=service)
    return found


def _held(talk: Talk) -> Holdings | None:
    scene = talk.scene
    if scene.contact.rung < Rung.SIGNED_IN or scene.contact.customer_id is None:
        return None
    return scene.accounts.holdings(scene.actor)


def _warranty(talk: Talk, until: date) -> str:
    return "trouble.in_warranty" if talk.scene.today <= until else "trouble.out_of_warranty"


def _day(talk: Talk, day: date) -> str:
    return day_text(day, talk.language)
