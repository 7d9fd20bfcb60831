"""What the assistant can do and where its limits are; everything that has no script of its own goes to a person."""

from __future__ import annotations

from madoguchi.assistant.flows import flow
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.topics import topic_options
from madoguchi.assistant.talk import Outcome, Talk


@flow("general.out_of_scope")
async def out_of_scope(talk: Talk) -> Outcome:
    """Short limits, the list of what it can do, and how to reach a person (BOT-029)."""
    talk.say("scope.limits")
    talk.say("scope.can_do")
    return await ways_out(talk, topic_options(talk.language), "scope", "what_next")


@flow("general.legal", queue="general")
async def legal(talk: Talk) -> Outcome:
    """Never answered here (BOT-052)."""
    talk.say("legal.person")
    return talk.hand_over("legal", priority=2)


async def for_a_person(talk: Talk) -> Outcome:
    """A kind without a script: understood, said so, and offered a person, with the customer's words kept."""
    talk.say("no_script.understood")
    detail = await talk.own_words("detail", "no_script.detail", ("person", "leave"))
    if detail == "leave":
        talk.say("nothing.left_as_is")
        return Outcome("nothing")
    if detail != "person":
        talk.fact("detail", detail)
    return talk.hand_over("no_script")
