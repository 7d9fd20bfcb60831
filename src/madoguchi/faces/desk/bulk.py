"""One deed on many contacts: each goes through the verb and the permission that it would go through alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import followers as case_followers
from madoguchi.counter.cases import holding
from madoguchi.counter.cases import queries as cases_queries
from madoguchi.counter.contacts import followers, queries
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.inbox import labels, steps
from madoguchi.counter.inbox.model import Step
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.giving_back import give_back
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.trust.ours import Ours
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.faces.api.inbox_schemas import BulkIn, RowIn
from madoguchi.faces.api.schemas import ResolveIn, SayIn, TransferIn
from madoguchi.faces.desk import verbs

UNDOABLE = ("assign", "hold", "label", "follow", "follow_case")


def do(
    tx: Transaction, actor: Actor, bulk_id: str, row: RowIn, wish: BulkIn, settings: Settings, ours: Ours
) -> None:
    """The deed on one row. Raises what the verb raises."""
    seen = queries.visible(tx, actor, row.contact_id)
    if wish.deed == "assign":
        _assign(tx, actor, bulk_id, seen, row, wish, settings)
    elif wish.deed == "transfer":
        to = TransferIn(owner_version=row.owner_version, queue=wish.queue, note=wish.note)
        verbs.transfer(tx, actor, seen.id, to, settings)
    elif wish.deed == "hold":
        if wish.until is None:
            raise Invalid("invalid", field="until")
        held = verbs.snooze(tx, actor, seen.id, wish.until, row.owner_version)
        steps.note(tx, bulk_id, held, "hold", {}, actor)
    elif wish.deed == "resolve":
        solved = ResolveIn(owner_version=row.owner_version, text=row.text or wish.text, anyway=wish.anyway)
        verbs.resolve(tx, actor, seen.id, solved, settings, ours)
    elif wish.deed == "note":
        note = SayIn(text=row.text or wish.text, client_key=f"bulk/{wish.key}", internal=True)
        verbs.say(tx, actor, seen.id, note, settings, ours)
    elif wish.deed == "unlabel":
        labels.take_off(tx, seen.id, wish.label, actor)
    elif wish.deed == "unfollow":
        followers.unfollow(tx, seen.id, actor)
    elif wish.deed == "follow":
        if followers.follow(tx, seen.id, actor):
            steps.note(tx, bulk_id, queries.get(tx, seen.id), "follow", {}, actor)
    elif wish.deed == "follow_case":
        _follow_case(tx, actor, bulk_id, seen)
    elif labels.put(tx, seen.id, wish.label, actor):
        steps.note(
            tx, bulk_id, queries.get(tx, seen.id), "label", {"label": labels.usable(wish.label)}, actor
        )


def undo(tx: Transaction, actor: Actor, step: Step, settings: Settings) -> None:
    """Back to what it was before. Raises Conflict("changed_since") when somebody has moved it on, and what verbs raise."""
    seen = queries.visible(tx, actor, step.contact_id)
    if step.deed == "label":
        labels.take_off(tx, seen.id, step.before["label"], actor)
    elif step.deed == "follow":
        followers.unfollow(tx, seen.id, actor)
    elif step.deed == "follow_case":
        case_followers.unfollow(tx, step.before["case_id"], actor)
    elif seen.owner_version != step.owner_version:
        raise Conflict("changed_since")
    elif step.deed == "hold":
        verbs.unsnooze(tx, actor, seen.id)
    else:
        _unassign(tx, actor, seen, step, settings)
    steps.undone(tx, step)


def _follow_case(tx: Transaction, actor: Actor, bulk_id: str, seen: Contact) -> None:
    """Two rows of one case follow it once; only the first one has something to undo. Raises Invalid("no_case")."""
    if not seen.case_id:
        raise Invalid("no_case", field="deed")
    if case_followers.follow(tx, seen.case_id, actor):
        steps.note(tx, bulk_id, queries.get(tx, seen.id), "follow_case", {"case_id": seen.case_id}, actor)


def window(settings: Settings) -> timedelta:
    """How long a bulk deed can be undone."""
    return timedelta(seconds=settings.desk.undo_seconds)


def _assign(
    tx: Transaction, actor: Actor, bulk_id: str, seen: Contact, row: RowIn, wish: BulkIn, settings: Settings
) -> None:
    target = wish.agent_id or actor.id
    if seen.owner_kind == "agent" and seen.owner_id == target:
        return
    case = cases_queries.get(tx, seen.case_id) if seen.case_id else None
    before: dict[str, Any] = {"kind": seen.owner_kind, "id": seen.owner_id}
    if case is not None:
        before |= {"case_owner": case.owner_id, "case_queue": case.queue}
    if target == actor.id:
        after = verbs.take(tx, actor, seen.id, row.owner_version, Rules.of(settings))
    else:
        to = TransferIn(owner_version=row.owner_version, agent_id=target, note=wish.note)
        after = verbs.transfer(tx, actor, seen.id, to, settings)
    steps.note(tx, bulk_id, after, "assign", {**before, "to": target}, actor)


def _unassign(tx: Transaction, actor: Actor, seen: Contact, step: Step, settings: Settings) -> None:
    before = step.before
    back: dict[str, Callable[[], object]] = {
        "queue": lambda: give_back(tx, seen.id, actor, step.owner_version),
        "assistant": lambda: routing.return_to_assistant(tx, seen, actor),
        "agent": lambda: routing.transfer_to_agent(
            tx, seen.id, before["id"], Rules.of(settings), actor=actor, owner_version=step.owner_version
        ),
    }
    back[before["kind"]]()
    if not seen.case_id:
        return
    case = cases_queries.get(tx, seen.case_id)
    if case.owner_id == before["to"] and before["case_owner"] != case.owner_id:
        holding.give(tx, case.id, actor, owner_id=before["case_owner"], queue=before["case_queue"])
