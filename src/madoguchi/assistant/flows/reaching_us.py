"""Reaching a person by another way: a call-back, a telephone that is busy, a chat that does not open (CH, CB, HLP-011)."""

from __future__ import annotations

from dataclasses import replace

import phonenumbers

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.flows.support_service import tell_hours
from madoguchi.assistant.kinds import queue_of
from madoguchi.assistant.questions import Heard, Option, Question, read_option, yes_no
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.talk import Outcome, Talk

_REGION = "JP"
_CHECKS = ("network", "signed_in", "browser", "fields", "busy", "limit")


@flow("support_service.callback_request")
async def callback_request(talk: Talk) -> Outcome:
    """The number, checked, and when: a wish that a person keeps; booked slots there are not yet (CB-001, CB-002)."""
    number = await _number(talk)
    when = await talk.choose(
        "when",
        "callback.when",
        [
            Option(
                "now",
                talk.words("button.call_now"),
                named_by=said("call.now"),
            ),
            Option("morning", talk.words("button.call_morning"), named_by=said("call.morning")),
            Option("afternoon", talk.words("button.call_afternoon"), named_by=said("call.afternoon")),
            Option(
                "evening",
                talk.words("button.call_evening"),
                named_by=said("call.evening"),
            ),
        ],
    )
    talk.fact("phone_number", number)
    talk.fact("callback_time", talk.words(f"callback.{when}"))
    talk.say("callback.passed_on", phone=number)
    topic = talk.scene.contact.topic
    return talk.hand_over("callback", queue=queue_of(topic) if topic else "general")


@flow("support_service.phone_unreachable")
async def phone_unreachable(talk: Talk) -> Outcome:
    """What reaches us now: this chat, a call-back, a note (QUE-009)."""
    talk.say("phone.busy")
    tell_hours(talk)
    back = Option("topic support_service.callback_request", talk.words("instead.callback"))
    return await ways_out(talk, [back], "phone", "what_next")


@flow("support_service.chat_technical_issue")
async def chat_technical_issue(talk: Talk) -> Outcome:
    """Network, sign-in, browser, empty fields, a busy hour, a limit: one after the other (HLP-011, flow 13)."""
    if is_told(talk, "trouble.tried_all"):
        return talk.hand_over("cannot_solve")
    named = (said("talk.works_now"), said("talk.still_not"))
    for check in _CHECKS:
        talk.has_tried(f"chat_{check}")
        if await talk.yes_no(check, f"chat_trouble.{check}", "works_now", "still_not", named=named):
            talk.say("chat_trouble.good")
            return Outcome("answer", "troubleshoot")
    shop = talk.scene.settings.shop
    if shop.mail_address:
        talk.say("hours.mail", mail=shop.mail_address)
    return talk.hand_over("cannot_solve")


async def _number(talk: Talk) -> str:
    """The number of the account where there is one; else one that can be called, in international form."""
    known = talk.scene.customer.phone if talk.scene.customer else ""
    if known:
        answer: str = await talk.ask(_ask_known(talk, known))
        if answer != "no":
            return known if answer == "yes" else answer
    number: str = await talk.ask(_ask_number(talk))
    return number


def _ask_known(talk: Talk, known: str) -> Question:
    """Yes, no, or at once the number that is meant instead."""
    asked = yes_no(
        "known",
        talk.words("callback.known", phone=known),
        talk.words("button.this_number"),
        talk.words("button.another_number"),
        rephrased=talk.words("callback.known_again"),
        named=("", said("call.another_number")),
    )

    def read(heard: Heard, direct: bool) -> str | None:
        found = [valid for text in heard.understanding.entities.phones if (valid := callable_number(text))]
        return found[0] if found else asked.read(heard, direct)

    return replace(asked, read=read)


def _ask_number(talk: Talk) -> Question:
    skip: tuple[Option, ...] = ()

    def read(heard: Heard, direct: bool) -> str | None:
        found = [valid for text in heard.understanding.entities.phones if (valid := callable_number(text))]
        if found:
            return found[0]
        return callable_number(heard.text) or read_option(skip, heard, direct) if direct else None

    return Question(
        "number",
        talk.words("callback.number"),
        skip,
        rephrased=talk.words("callback.number_again"),
        read=read,
    )


def callable_number(text: str) -> str:
    """E.164 in its international form, e.g. +81 3-1234-5678; empty for what nobody can call (CB-003)."""
    try:
        number = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
