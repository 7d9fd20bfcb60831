"""The verbs: keep what was found, label, discard, take back, forget. Each decision leaves a line in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.learning import queries
from madoguchi.assistant.learning.facts import Said
from madoguchi.assistant.learning.model import REASONS, LearningTurn, State, learning_cursor, learning_turn
from madoguchi.assistant.learning.veil import Own, says_something, veil
from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

_MOST_WISHES = 2
_table = learning_turn.c


def keep(tx: Transaction, found: Sequence[tuple[str, Sequence[tuple[Said, str]]]], read_to: datetime) -> int:
    """Keep each (contact id, utterances with their veiled text) once and move the cursor; how many were new."""
    new = 0
    for contact_id, utterances in found:
        before = queries.of_contact(tx, contact_id)
        for said, text in utterances:
            kept = before.get(said.seq)
            if kept is None:
                _insert(tx, contact_id, said, text)
                new += 1
            elif kept.state == "open" and REASONS.index(said.reason) > REASONS.index(kept.reason):
                _set(tx, kept.id, reason=said.reason, suggested=said.likely)
    _move_cursor(tx, read_to)
    return new


def label(
    tx: Transaction, turn_id: str, wanted: Sequence[str], text: str, by: Actor, own: Own | None = None
) -> LearningTurn:
    """Say what a message was about: one kind, or two wishes. `text`: as the editor leaves it; veiled once more.

    Raises NotFound, Invalid("unknown_category" | "one_or_two_kinds" | "empty_message"), Conflict("turn_decided").
    """
    chosen = list(dict.fromkeys(wanted))
    if not 1 <= len(chosen) <= _MOST_WISHES:
        raise Invalid("one_or_two_kinds", field="kind")
    if not set(chosen) <= kinds().keys():
        raise Invalid("unknown_category", field="kind")
    veiled = veil(text, own)
    if not says_something(veiled):
        raise Invalid("empty_message", field="text")
    return _decide(tx, turn_id, "labelled", by, kinds=chosen, text=veiled)


def discard(tx: Transaction, turn_id: str, by: Actor) -> LearningTurn:
    """Nothing is to be learnt from it."""
    return _decide(tx, turn_id, "discarded", by)


def take_back(tx: Transaction, turn_id: str, by: Actor) -> LearningTurn:
    """Undo: open again, whoever has decided it. Doing so twice is doing it once."""
    before = queries.get(tx, turn_id)
    if before.state != "open":
        _set(tx, turn_id, state="open", kinds=[], decided_by="", decided_at=None)
        _audit(tx, by, "learning.taken_back", turn_id, was=before.state, kinds=before.kinds)
    return queries.get(tx, turn_id)


def forget_old(tx: Transaction, keep: timedelta) -> None:
    """As long as history is kept: then what nobody labelled goes, and a label no longer knows its contact."""
    old = _table.said_at < tx.now - keep
    tx.execute(delete(learning_turn).where(old, _table.state != "labelled"))
    tx.execute(
        update(learning_turn)
        .where(old, _table.state == "labelled", _table.contact_id.is_not(None))
        .values(contact_id=None)
    )


def forget_contact(tx: Transaction, contact_id: str) -> int:
    """Erased with its contact, labels too; how many messages that were."""
    return int(tx.execute(delete(learning_turn).where(_table.contact_id == contact_id)).rowcount)


def forget(tx: Transaction, contact_id: str, seqs: Sequence[int] | None) -> None:
    """For erasure: a message that was collected holds its neighbours' words too, so all of the contact's go."""
    forget_contact(tx, contact_id)


def _decide(tx: Transaction, turn_id: str, state: State, by: Actor, **values: Any) -> LearningTurn:
    """Of two editors at once the first one's word counts. Raises Conflict("turn_decided") for the other."""
    queries.get(tx, turn_id)
    changed = tx.execute(
        update(learning_turn)
        .where(_table.id == turn_id, _table.state == "open")
        .values(state=state, decided_by=by.id, decided_at=tx.now, **values)
    ).rowcount
    if not changed:
        raise Conflict("turn_decided")
    _audit(tx, by, f"learning.{state}", turn_id, kinds=values.get("kinds", []))
    return queries.get(tx, turn_id)


def _insert(tx: Transaction, contact_id: str, said: Said, text: str) -> None:
    tx.execute(
        insert(learning_turn).values(
            id=new_id("ltn"),
            contact_id=contact_id,
            seq=said.seq,
            reason=said.reason,
            language=said.language,
            understood=said.understood,
            suggested=said.likely,
            text=text,
            said_at=said.at,
            state="open",
            kinds=[],
            decided_by="",
        )
    )


def _set(tx: Transaction, turn_id: str, **values: Any) -> None:
    tx.execute(update(learning_turn).where(_table.id == turn_id).values(**values))


def _move_cursor(tx: Transaction, to: datetime) -> None:
    here = learning_cursor.c.name == queries.CURSOR
    before = tx.scalar(select(learning_cursor.c.at).where(here))
    if before is None:
        tx.execute(insert(learning_cursor).values(name=queries.CURSOR, at=to))
    elif to > before:
        tx.execute(update(learning_cursor).where(here).values(at=to))


def _audit(tx: Transaction, by: Actor, action: str, turn_id: str, **detail: Any) -> None:
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        object_kind="learning_turn",
        object_id=turn_id,
        **detail,
    )
