"""Reaching a person by another way: a call-back, a telephone that is busy, a chat that does not open (CH, CB, HLP-011)."""

from __future__ import annotations

import phonenumbers

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.flows.support_service import tell_hours
from madoguchi.assistant.questions import Heard, Option, Question, read_option
from madoguchi.assistant.steps.call_numbers import ask_known
from madoguchi.assistant.steps.calls import DEED, book_or_change, to_page
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.counter.callbacks.rules import is_on

_REGION = "JP"
_KIND = "support_service.callback_request"
_CHECKS = ("network", "signed_in", "browser", "fields", "busy", "limit")


@flow(_KIND)
async def callback_request(talk: Talk) -> Outcome:
    """Booked here, once, with what the shop has free; on the page where the assistant may not. Where no calls can be
    booked, a wish that a person keeps: the number, checked, and when (CB-001, CB-002, CB-004).
    """
    if is_on(talk.scene.settings):
        return await book_or_change(talk) if talk.may_act(DEED) else _booking_page(talk)
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
    return talk.hand_over("callback", queue=talk.scene.desk_of(topic) if topic else "general")


def _booking_page(talk: Talk) -> Outcome:
    """Number, time and order are asked there, with free times to see."""
    contact = talk.scene.contact
    topic = "" if contact.topic == _KIND else contact.topic
    return to_page(talk, topic=topic, order=talk.order_number or contact.order_number)


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
        answer: str = await talk.ask(ask_known(talk, known, _named))
        if answer != "no":
            return known if answer == "yes" else answer
    number: str = await talk.ask(_ask_number(talk))
    return number


def _named(heard: Heard) -> str | None:
    return next(
        (each for text in heard.understanding.entities.phones if (each := callable_number(text))), None
    )


def _ask_number(talk: Talk) -> Question:
    skip: tuple[Option, ...] = ()

    def read(heard: Heard, direct: bool) -> str | None:
        if (found := _named(heard)) is not None:
            return found
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
