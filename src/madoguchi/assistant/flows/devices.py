"""Devices and digital services: set up, out of trouble step by step, exchanged within the warranty (PRM-004 to PRM-008)."""

from __future__ import annotations

from datetime import date

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Option, verbatim
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.things import Thing, which_thing
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.steps.troubleshoot import troubleshoot
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import day_text

_QUEUE = "digital_devices"
_WHEN = ("now", "today", "earlier")


@flow("membership_digital_device.device_issue", queue=_QUEUE)
async def device_issue(talk: Talk) -> Outcome:
    """Model, what it shows, what was tried; then its tree; exchange within the warranty by a person (PRM-004)."""
    is_told(talk, "trouble.tried_all")
    thing = await which_thing(talk, "device")
    talk.fact("device_model", thing.model)
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
    thing = await which_thing(talk, "service")
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
    thing = await which_thing(talk, "any")
    setup = thing.tree.setup if thing.tree else {}
    lines = setup.get(talk.language) or setup.get("en", [])
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


async def _out_of_trouble(talk: Talk, thing: Thing) -> Outcome:
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


def _warranty(talk: Talk, until: date) -> str:
    return "trouble.in_warranty" if talk.scene.today <= until else "trouble.out_of_warranty"


def _day(talk: Talk, day: date) -> str:
    return day_text(day, talk.language)
