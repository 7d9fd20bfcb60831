"""Who takes part in a contact beside its owner: ask, join, leave, hand over; listen and whisper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import participants as rows
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.participants import Participant
from madoguchi.counter.routing import participants
from madoguchi.counter.team.policy import Verb
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.participant_schemas import (
    InviteIn,
    ObserveIn,
    ParticipantOut,
    PromoteIn,
    WhisperIn,
)
from madoguchi.faces.desk import taking_part
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import Principal, StaffCaller, need, note_view

router = APIRouter(tags=["participants"])


@router.get("/desk/invitations", summary="Conversations that one is asked to join")
async def invitations(request: Request, caller: StaffCaller) -> list[ParticipantOut]:
    need(caller, "contacts.work")

    def read(tx: Transaction) -> list[ParticipantOut]:
        found = participants.invitations(tx, caller.actor.id)
        return [taking_part.participant_out(tx, each, caller.actor) for each in found]

    return await house_of(request).database.aread(read)


@router.get("/contacts/{contact_id}/participants", summary="Who takes part, or is asked to")
async def of_contact(request: Request, caller: StaffCaller, contact_id: str) -> list[ParticipantOut]:
    need(caller, "contacts.work")
    house = house_of(request)
    found = await house.database.aread(_all_out, caller.actor, contact_id)
    await note_view(house, caller, "contact", contact_id)
    return found


@router.post("/contacts/{contact_id}/participants", status_code=201, summary="Ask a colleague or a queue")
async def invite(request: Request, caller: StaffCaller, contact_id: str, wish: InviteIn) -> ParticipantOut:
    def ask(tx: Transaction) -> Participant:
        queries.visible(tx, caller.actor, contact_id)
        return participants.invite(
            tx,
            contact_id,
            wish.role,
            actor=caller.actor,
            agent_id=wish.agent_id,
            queue_id=wish.queue,
            note=wish.note,
        )

    return await _one(request, caller, "contacts.work", ask)


@router.post(
    "/contacts/{contact_id}/participants/{participant_id}/join", summary="Come in, having been asked"
)
async def join(request: Request, caller: StaffCaller, contact_id: str, participant_id: str) -> ParticipantOut:
    def come(tx: Transaction) -> Participant:
        _exists(tx, caller.actor, contact_id, participant_id)
        return participants.join(tx, contact_id, participant_id, caller.actor)

    return await _one(request, caller, "contacts.work", come)


@router.delete(
    "/contacts/{contact_id}/participants/{participant_id}", summary="Leave, refuse or withdraw; who is left"
)
async def leave(
    request: Request, caller: StaffCaller, contact_id: str, participant_id: str
) -> list[ParticipantOut]:
    def go(tx: Transaction) -> list[ParticipantOut]:
        _exists(tx, caller.actor, contact_id, participant_id)
        participants.leave(tx, contact_id, participant_id, caller.actor)
        return _all_out(tx, caller.actor, contact_id)

    need(caller, "contacts.work")
    return await house_of(request).database.awrite(go)


@router.post(
    "/contacts/{contact_id}/participants/{participant_id}/promote",
    summary="Hand the contact over to who takes part",
)
async def promote(
    request: Request, caller: StaffCaller, contact_id: str, participant_id: str, wish: PromoteIn
) -> list[ParticipantOut]:
    def hand_over(tx: Transaction) -> list[ParticipantOut]:
        _exists(tx, caller.actor, contact_id, participant_id)
        taking_part.promote(tx, caller.actor, contact_id, participant_id, wish.owner_version, wish.note)
        return _all_out(tx, caller.actor, contact_id)

    need(caller, "contacts.work")
    return await house_of(request).database.awrite(hand_over)


@router.post("/contacts/{contact_id}/observe", summary="Listen or whisper, unseen by the customer")
async def observe(request: Request, caller: StaffCaller, contact_id: str, wish: ObserveIn) -> ParticipantOut:
    def sit_in(tx: Transaction) -> Participant:
        queries.visible(tx, caller.actor, contact_id)
        return participants.observe(tx, contact_id, wish.role, caller.actor)

    return await _one(request, caller, "contacts.coach", sit_in)


@router.post("/contacts/{contact_id}/whisper", status_code=204, summary="A word to the owner alone")
async def whisper(request: Request, caller: StaffCaller, contact_id: str, wish: WhisperIn) -> None:
    def say(tx: Transaction) -> None:
        queries.visible(tx, caller.actor, contact_id)
        participants.whisper(tx, contact_id, caller.actor, wish.text, wish.client_key)

    need(caller, "contacts.coach")
    await house_of(request).database.awrite(say)


async def _one(
    request: Request, caller: Principal, verb: Verb, deed: Callable[[Transaction], Participant]
) -> ParticipantOut:
    def do(tx: Transaction) -> Any:
        return taking_part.participant_out(tx, deed(tx), caller.actor)

    need(caller, verb)
    shown: ParticipantOut = await house_of(request).database.awrite(do)
    return shown


def _exists(tx: Transaction, actor: Actor, contact_id: str, participant_id: str) -> None:
    queries.visible(tx, actor, contact_id)
    rows.get(tx, contact_id, participant_id)


def _all_out(tx: Transaction, actor: Actor, contact_id: str) -> list[ParticipantOut]:
    queries.visible(tx, actor, contact_id)
    return [taking_part.participant_out(tx, each, actor) for each in rows.of_contact(tx, contact_id)]
