"""On which number somebody is called, and to which address the code goes of who has proved nothing (CB-005)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

from madoguchi.assistant.answers import said
from madoguchi.assistant.questions import Heard, Option, Question, yes_no
from madoguchi.assistant.talk import Talk
from madoguchi.counter.actors import Rung
from madoguchi.counter.callbacks.numbers import callable_number, masked, read_back
from madoguchi.counter.customers.codes import checked_address
from madoguchi.counter.problems import Invalid


@dataclass(frozen=True)
class Number:
    """`text`: as it is read back; the one that the shop has on file without its middle."""

    e164: str
    text: str

    @classmethod
    def of(cls, talk: Talk, e164: str) -> Self:
        country = talk.scene.settings.shop.country
        hidden = e164 == on_file(talk)
        return cls(e164, (masked if hidden else read_back)(e164, country))


async def ask_number(talk: Talk) -> Number:
    """The number on file where there is one that we can call; else, or instead, one that we can."""
    known = on_file(talk)
    if known:
        answer: str = await talk.ask(ask_known(talk, Number.of(talk, known).text, partial(_named, talk)))
        if answer != "no":
            return Number.of(talk, known if answer == "yes" else answer)
    given: str = await talk.ask(_ask_number(talk))
    return Number.of(talk, given)


def on_file(talk: Talk) -> str:
    """E.164 of the customer's own number; empty where it may not be used, or cannot be called."""
    seen, rules = talk.scene, talk.scene.calls.rules
    if seen.customer is None or seen.contact.rung < Rung.SIGNED_IN or seen.only is not None:
        return ""
    try:
        return callable_number(
            seen.customer.phone, rules.country, rules.prefixes, on_file=seen.customer.phone
        )
    except Invalid:
        return ""


async def ask_mail(talk: Talk) -> str:
    """A mail address that can be written to."""

    def read(heard: Heard, direct: bool) -> str | None:
        return next((each for each in map(_address, heard.understanding.entities.emails) if each), None)

    stop = (Option("person", talk.words("button.person")),)
    text, again = talk.words("callback.mail"), talk.words("callback.mail_again")
    found: str = await talk.ask(Question("mail", text, stop, rephrased=again, read=read))
    return found


def ask_known(talk: Talk, shown: str, named: Callable[[Heard], str | None]) -> Question:
    """Yes, no, or at once the number that is meant instead: `named` finds it."""
    asked = yes_no(
        "known",
        talk.words("callback.known", phone=shown),
        talk.words("button.this_number"),
        talk.words("button.another_number"),
        rephrased=talk.words("callback.known_again"),
        named=("", said("call.another_number")),
    )

    def read(heard: Heard, direct: bool) -> str | None:
        return named(heard) or asked.read(heard, direct)

    return replace(asked, read=read)


def _ask_number(talk: Talk) -> Question:
    stop = (Option("person", talk.words("button.person")),)

    def read(heard: Heard, direct: bool) -> str | None:
        return _named(talk, heard) or (_callable(talk, heard.text) if direct else None)

    text, again = talk.words("callback.number"), talk.words("callback.number_again")
    return Question("number", text, stop, rephrased=again, read=read)


def _named(talk: Talk, heard: Heard) -> str | None:
    return next(
        (each for text in heard.understanding.entities.phones if (each := _callable(talk, text))), None
    )


def _callable(talk: Talk, text: str) -> str | None:
    """E.164; None for what nobody can call, what costs dearly, and what the shop's rules leave out."""
    rules, customer = talk.scene.calls.rules, talk.scene.customer
    known = on_file(talk)
    try:
        found = callable_number(
            text, rules.country, rules.prefixes, on_file=customer.phone if known and customer else ""
        )
    except Invalid:
        return None
    return None if rules.only_on_file and found != known else found


def _address(text: str) -> str | None:
    try:
        return checked_address(text)
    except Invalid:
        return None
