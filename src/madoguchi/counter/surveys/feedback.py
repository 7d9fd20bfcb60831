"""The feedback desk: anybody may tell us something at any time; somebody takes it, and says what came of it (QLT-003)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts.redaction import redact
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.surveys import queries
from madoguchi.counter.surveys.model import FEEDBACK_KINDS, Feedback, FeedbackKind, feedback
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

LONGEST = 4000


def give(
    tx: Transaction,
    by: Actor,
    *,
    kind: FeedbackKind,
    text: str,
    language: str,
    case_id: str = "",
    wants_answer: bool = False,
) -> Feedback:
    """Keep what somebody tells us; secrets and card numbers are taken out first. Raises Invalid."""
    if kind not in FEEDBACK_KINDS:
        raise Invalid("unknown_kind", field="kind", kinds=", ".join(FEEDBACK_KINDS))
    if not text.strip():
        raise Invalid("empty_message", field="text")
    if len(text) > LONGEST:
        raise Invalid("message_too_long", field="text", limit=LONGEST)
    feedback_id = new_id("fb")
    tx.execute(
        insert(feedback).values(
            id=feedback_id,
            kind=kind,
            text=redact(text.strip()),
            case_id=case_id,
            customer_id=by.customer_id,
            visitor_id=by.id,
            language=language,
            wants_answer=wants_answer,
            contact_id="",
            state="new",
            taken_by="",
            note="",
            at=tx.now,
        )
    )
    tx.wake("inbox")
    return queries.get_feedback(tx, feedback_id)


def answered_in(tx: Transaction, feedback_id: str, contact_id: str) -> None:
    """The contact in which whoever gave it gets an answer."""
    _set(tx, feedback_id, contact_id=contact_id)


def take(tx: Transaction, feedback_id: str, by: Actor) -> Feedback:
    """Somebody looks after it. Raises Conflict("feedback_taken") when another person does already."""
    tx.lock("feedback", feedback_id)
    seen = queries.get_feedback(tx, feedback_id)
    if seen.state != "new" and seen.taken_by != by.id:
        raise Conflict("feedback_taken")
    return _set(tx, feedback_id, state="in_work", taken_by=by.id)


def finish(tx: Transaction, feedback_id: str, note: str, by: Actor) -> Feedback:
    """Dealt with; `note`: what came of it, which staff read. Raises Invalid without a note."""
    if not note.strip():
        raise Invalid("empty_message", field="note")
    seen = queries.get_feedback(tx, feedback_id)
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action="feedback.done",
        object_kind="feedback",
        object_id=feedback_id,
    )
    taken_by = seen.taken_by or by.id
    return _set(tx, feedback_id, state="done", note=note.strip()[:2000], taken_by=taken_by, done_at=tx.now)


def _set(tx: Transaction, feedback_id: str, **values: Any) -> Feedback:
    tx.execute(update(feedback).where(feedback.c.id == feedback_id).values(**values))
    return queries.get_feedback(tx, feedback_id)
