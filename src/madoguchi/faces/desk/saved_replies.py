"""Saved replies at the desk: shown, filled, and what goes along with one done through the verbs of the desk."""

from __future__ import annotations

from datetime import timedelta

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import service as cases
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.inbox import labels
from madoguchi.counter.routing import queues
from madoguchi.counter.saved_replies import places, queries, service
from madoguchi.counter.saved_replies.model import Deeds, SavedReply
from madoguchi.counter.trust.ours import Ours
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr, trn
from madoguchi.faces.api.saved_reply_schemas import (
    FilledOut,
    FilledReplyOut,
    SavedReplyOut,
    UseIn,
    shown_names,
)
from madoguchi.faces.api.schemas import ResolveIn, TransferIn
from madoguchi.faces.desk import verbs
from madoguchi.faces.house import House
from madoguchi.faces.reply_facts import facts_of, known_of


def listed(tx: Transaction, actor: Actor) -> list[SavedReplyOut]:
    """What this agent may use."""
    used = queries.uses(tx)
    return [_out(tx, reply, actor.language, used) for reply in queries.visible(tx, actor)]


def filled_for(house: House, actor: Actor, contact_id: str) -> list[FilledReplyOut]:
    """Every one filled for this contact, in the customer's language. Asks the shop: not inside a transaction."""
    known = known_of(house, actor, contact_id)
    told: dict[str, dict[str, str]] = {}

    def fill(tx: Transaction, reply: SavedReply, used: dict[str, int]) -> FilledReplyOut:
        tongue = reply.tongue_for(known.contact.language)
        facts = told.setdefault(tongue, facts_of(house, actor, known, tongue))
        done = places.fill(reply.texts[tongue], facts)
        return FilledReplyOut(
            **_out(tx, reply, actor.language, used).model_dump(),
            text=done.text,
            lang=tongue,
            missing=[f"{{{each}}}" for each in done.missing],
            outdated=reply.is_outdated(tongue),
        )

    def read(tx: Transaction) -> list[FilledReplyOut]:
        used = queries.uses(tx)
        return [fill(tx, reply, used) for reply in queries.visible(tx, actor)]

    return house.database.read(read)


def fill_one(house: House, actor: Actor, reply_id: str, contact_id: str) -> FilledOut:
    """Raises NotFound for a reply or a contact that is not the agent's to see."""
    reply = house.database.read(queries.get, actor, reply_id)
    known = known_of(house, actor, contact_id)
    tongue = reply.tongue_for(known.contact.language)
    done = places.fill(reply.texts[tongue], facts_of(house, actor, known, tongue))
    return FilledOut(contact_id=contact_id, text=done.text, missing=[f"{{{each}}}" for each in done.missing])


def use(
    tx: Transaction,
    actor: Actor,
    contact_id: str,
    reply_id: str,
    wish: UseIn,
    settings: Settings,
    ours: Ours,
) -> Contact:
    """Count the use, and do what goes along with it. Raises what the verbs raise, and then nothing is done."""
    contacts.visible(tx, actor, contact_id)
    reply = queries.get(tx, actor, reply_id)
    service.count_use(tx, reply.id)
    if wish.deeds and reply.deeds:
        _do(tx, actor, contact_id, reply.deeds, wish.owner_version, settings, ours)
    return contacts.get(tx, contact_id)


def deed_words(tx: Transaction, deeds: Deeds, language: str) -> list[str]:
    """What will be done, for people to read before it is."""
    words = []
    if deeds.kind:
        words.append(tr(language, "Kind: {kind}", kind=category_label(deeds.kind, language)))
    if deeds.label:
        words.append(tr(language, "Label: {label}", label=deeds.label))
    if deeds.hold_hours:
        words.append(trn(language, "On hold for {n} hour", "On hold for {n} hours", deeds.hold_hours))
    if deeds.transfer:
        name = queues.queue_name(tx, deeds.transfer, language)
        words.append(tr(language, "Transfer to {queue}", queue=name))
    if deeds.resolve:
        words.append(tr(language, "Resolve"))
    return words


def _do(
    tx: Transaction,
    actor: Actor,
    contact_id: str,
    deeds: Deeds,
    owner_version: int,
    settings: Settings,
    ours: Ours,
) -> None:
    case_id = contacts.get(tx, contact_id).case_id
    if deeds.kind and case_id:
        cases.classify(tx, case_id, category=deeds.kind)
    if deeds.label:
        labels.put(tx, contact_id, deeds.label, actor)
    if deeds.hold_hours:
        until = tx.now + timedelta(hours=deeds.hold_hours)
        verbs.snooze(tx, actor, contact_id, until, owner_version)
    elif deeds.transfer:
        to = TransferIn(owner_version=owner_version, queue=deeds.transfer)
        verbs.transfer(tx, actor, contact_id, to, settings)
    elif deeds.resolve:
        verbs.resolve(tx, actor, contact_id, ResolveIn(owner_version=owner_version), settings, ours)


def _out(tx: Transaction, reply: SavedReply, language: str, used: dict[str, int]) -> SavedReplyOut:
    return SavedReplyOut(
        id=reply.id,
        shortcut=reply.shortcut,
        folder=tr(language, reply.folder) if reply.folder else "",
        name=reply.name(language),
        search=shown_names(reply),
        shared=reply.shared,
        deeds=deed_words(tx, reply.deeds, language),
        uses=used.get(reply.id, 0),
    )
