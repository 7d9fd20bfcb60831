"""What staff do with a contact: verbs that join the rooms contacts, routing and cases, each in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from madoguchi.channels.mail import replies
from madoguchi.channels.mail.answers import goes_by_mail, say_by_mail
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import holding
from madoguchi.counter.cases import queries as cases_queries
from madoguchi.counter.cases import service as cases
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.contacts import events, queries, service
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed
from madoguchi.counter.routing import queries as routing_queries
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.saved_replies.places import left_in
from madoguchi.counter.team import notices
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.mentions import named_in
from madoguchi.counter.trust.ours import Ours
from madoguchi.counter.trust.outgoing import check_words
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.faces.api.schemas import ResolveIn, SayIn, TransferIn
from madoguchi.faces.desk.case_verbs import warn_of_tasks


def say(tx: Transaction, actor: Actor, contact_id: str, wish: SayIn, settings: Settings, ours: Ours) -> Entry:
    """An agent's word to the customer, or a note that the customer never sees.

    Words that ask for a secret or lead to somebody else's site do not leave the house (PHI-006, PHI-017);
    nor does a saved reply in which a place is still empty.
    """
    seen = queries.visible(tx, actor, contact_id)
    longest = max(len(wish.text), len(wish.original.text) if wish.original else 0)
    if longest > settings.limits.message_chars:
        raise Invalid("message_too_long", field="text", limit=settings.limits.message_chars)
    if wish.internal:
        if not wish.text.strip():
            raise Invalid("empty_message", field="text")
        return _note(tx, actor, contact_id, wish)
    if actor.kind == "integrator":
        raise NotAllowed("not_owner")
    check_words(wish.text, ours)
    left = left_in(wish.text)
    if left:
        raise Invalid("place_left", field="text", places=" ".join(left))
    undo_seconds = settings.mail.undo_seconds
    if wish.send_at is not None and not goes_by_mail(seen):
        raise Invalid("only_by_mail", field="send_at")
    if goes_by_mail(seen) and (undo_seconds or wish.send_at is not None):
        return replies.hold(
            tx,
            seen,
            actor,
            text=wish.text,
            files=wish.attachments,
            client_key=wish.client_key,
            owner_version=wish.owner_version,
            send_at=wish.send_at,
            undo_seconds=undo_seconds,
            original=wish.original.model_dump() if wish.original else None,
        )
    entry = service.say(
        tx,
        contact_id,
        actor=actor,
        text=wish.text,
        lang=seen.language,
        attachments=wish.attachments,
        client_key=wish.client_key,
        owner_version=wish.owner_version,
        original=wish.original.model_dump() if wish.original else None,
    )
    say_by_mail(tx, seen, entry)
    return entry


def _note(tx: Transaction, actor: Actor, contact_id: str, wish: SayIn) -> Entry:
    """Whoever is named in it by `@name` is told; once, also where the note is sent again."""
    again = queries.by_client_key(tx, contact_id, actor.id, wish.client_key)
    named = named_in(wish.text, [each for each in team.agents(tx, active_only=True) if not each.seller_id])
    body = {"text": wish.text, **({"mentions": [each.id for each in named]} if named else {})}
    entry = service.append(tx, contact_id, events.NOTE, body, actor=actor, client_key=wish.client_key)
    for each in named if again is None else ():
        notices.tell(tx, each.id, "mentioned", actor, contact_id=contact_id, seq=entry.seq)
    return entry


def to_queue(tx: Transaction, actor: Actor, contact_id: str, queue: str, reason: str) -> Contact:
    """Put a contact of the assistant into a queue, from outside."""
    seen = queries.visible(tx, actor, contact_id)
    if seen.owner_kind == "assistant":
        routing.enter(tx, seen, queue or "general", reason=reason or "asked", actor=actor)
    return queries.get(tx, contact_id)


def accept(tx: Transaction, actor: Actor, contact_id: str, owner_version: int, rules: Rules) -> Contact:
    """Exactly one agent gets a waiting contact, offered or not. Raises Conflict("owner_changed")."""
    queries.visible(tx, actor, contact_id)
    place = routing_queries.place_of(tx, contact_id)
    offered = place is not None and place.state == "offered" and place.offered_to == actor.id
    if offered:
        accepted = routing.accept(tx, contact_id, actor, owner_version)
    else:
        accepted = routing.take(tx, contact_id, actor, owner_version, rules)
    holding.own(tx, accepted.case_id, actor, place.queue_id if place else "")
    return accepted


def decline(tx: Transaction, actor: Actor, contact_id: str) -> Contact:
    queries.visible(tx, actor, contact_id)
    routing.decline(tx, contact_id, actor)
    return queries.get(tx, contact_id)


def take(tx: Transaction, actor: Actor, contact_id: str, owner_version: int, rules: Rules) -> Contact:
    """Pull a contact from the assistant, a queue or, as a supervisor, from another agent."""
    seen = queries.visible(tx, actor, contact_id)
    if seen.owner_kind == "agent" and seen.owner_id != actor.id and not actor.may("supervisor"):
        raise NotAllowed("not_owner")
    place = routing_queries.place_of(tx, contact_id)
    taken = routing.take(tx, contact_id, actor, owner_version, rules)
    holding.own(tx, taken.case_id, actor, place.queue_id if place else "")
    return taken


def transfer(tx: Transaction, actor: Actor, contact_id: str, wish: TransferIn, settings: Settings) -> Contact:
    """Pass on to a queue or an agent; the note goes with it, for staff only."""
    seen = queries.visible(tx, actor, contact_id)
    if bool(wish.queue) == bool(wish.agent_id):
        raise Invalid("invalid", field="queue")
    if seen.case_id:
        holding.pass_on(tx, seen.case_id, actor, owner_id=wish.agent_id, queue=wish.queue)
    if wish.queue:
        return routing.transfer_to_queue(
            tx, contact_id, wish.queue, actor=actor, owner_version=wish.owner_version, note=wish.note
        )
    return routing.transfer_to_agent(
        tx,
        contact_id,
        wish.agent_id,
        Rules.of(settings),
        actor=actor,
        owner_version=wish.owner_version,
        note=wish.note,
    )


def resolve(
    tx: Transaction, actor: Actor, contact_id: str, wish: ResolveIn, settings: Settings, ours: Ours
) -> Contact:
    """Solved, as far as the agent can tell; the customer is asked, and silence counts as yes after a day."""
    seen = queries.visible(tx, actor, contact_id)
    _require_mine(seen, actor, wish.owner_version)
    if seen.case_id and not wish.anyway:
        warn_of_tasks(tx, seen.case_id)
    if wish.text.strip():
        words = SayIn(text=wish.text, client_key=f"resolve/{seen.last_seq}", owner_version=wish.owner_version)
        say(tx, actor, contact_id, words, settings, ours)
    resolved = service.resolve(tx, contact_id, actor, wish.owner_version)
    if seen.case_id:
        _resolve_case(tx, seen.case_id, actor)
    routing.finished(tx, contact_id)
    outbox.put(
        tx,
        "resolution.timeout",
        {"contact_id": contact_id, "resolved_seq": resolved.last_seq},
        due_at=tx.now + timedelta(hours=settings.desk.confirm_hours),
    )
    return resolved


def snooze(
    tx: Transaction, actor: Actor, contact_id: str, until: datetime, owner_version: int, client_key: str = ""
) -> Contact:
    """Put aside until a moment. Sent again under its key it changes nothing, also when it was brought back since."""
    seen = queries.visible(tx, actor, contact_id)
    if client_key and queries.by_client_key(tx, contact_id, actor.id, client_key):
        return seen
    snoozed = service.snooze(tx, contact_id, actor, until, owner_version, client_key)
    outbox.put(tx, "contact.wake", {"contact_id": contact_id}, due_at=until)
    return snoozed


def unsnooze(tx: Transaction, actor: Actor, contact_id: str) -> Contact:
    seen = queries.visible(tx, actor, contact_id)
    if seen.owner_id != actor.id:
        raise NotAllowed("not_owner")
    service.wake_up(tx, contact_id, actor)
    return queries.get(tx, contact_id)


def _resolve_case(tx: Transaction, case_id: str, actor: Actor) -> None:
    if is_live(cases_queries.get(tx, case_id).state):
        cases.resolve(tx, case_id, actor)


def _require_mine(seen: Contact, actor: Actor, owner_version: int) -> None:
    if seen.owner_version != owner_version:
        raise Conflict("owner_changed")
    if seen.owner_kind != "agent" or seen.owner_id != actor.id:
        raise NotAllowed("not_owner")
