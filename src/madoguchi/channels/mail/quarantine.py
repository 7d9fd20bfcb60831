"""What was kept apart, for people to look at: let one in after all, or delete it; how many there are and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from madoguchi.channels.mail.inbox import FILE
from madoguchi.channels.mail.model import ReceivedMail, received_mail
from madoguchi.counter.actors import Actor
from madoguchi.engine import audit, outbox
from madoguchi.engine.database import Transaction

FORGET = "mail.forget"
RELEASED = "released"  # the reason with which it is read again, machine or not


@dataclass(frozen=True)
class Reason:
    """How many mails of one sort were kept apart lately, and how many of them still are."""

    reason: str
    came: int


def kept(tx: Transaction, *, before: datetime | None = None, limit: int = 50) -> list[ReceivedMail]:
    """The newest first. `before`: only those taken earlier."""
    query = select(received_mail).where(received_mail.c.state == "quarantined")
    if before is not None:
        query = query.where(received_mail.c.taken_at < before)
    rows = tx.all(query.order_by(received_mail.c.taken_at.desc(), received_mail.c.id.desc()).limit(limit))
    return [ReceivedMail(**row._mapping) for row in rows]


def figures(tx: Transaction, days: int) -> list[Reason]:
    """Of the mails that are kept apart and came within so many days, the most frequent sort first."""
    count = func.count().label("came")
    rows = tx.all(
        select(received_mail.c.reason, count)
        .where(
            received_mail.c.state == "quarantined", received_mail.c.taken_at >= tx.now - timedelta(days=days)
        )
        .group_by(received_mail.c.reason)
        .order_by(count.desc(), received_mail.c.reason)
    )
    return [Reason(row.reason, int(row.came)) for row in rows]


def release(tx: Transaction, mail_id: str, by: Actor) -> bool:
    """It is filed as if a person had written it; nobody is answered for it. False if somebody was faster."""
    changed = tx.execute(
        update(received_mail)
        .where(received_mail.c.id == mail_id, received_mail.c.state == "quarantined")
        .values(state="taken", reason=RELEASED)
    )
    if changed.rowcount != 1:
        return False
    outbox.put(tx, FILE, {"mail_id": mail_id}, key=f"{FILE}/{mail_id}/{RELEASED}")
    _note(tx, mail_id, by, "mail.released")
    return True


def delete(tx: Transaction, mail_id: str, by: Actor) -> bool:
    """Its words go, its raw bytes after the commit; that it came stays. False if somebody was faster."""
    found = tx.first(
        select(received_mail.c.storage_key).where(
            received_mail.c.id == mail_id, received_mail.c.state == "quarantined"
        )
    )
    changed = tx.execute(
        update(received_mail)
        .where(received_mail.c.id == mail_id, received_mail.c.state == "quarantined")
        .values(state="deleted", sender="", subject="", envelope_sender=None)
    )
    if found is None or changed.rowcount != 1:
        return False
    outbox.put(tx, FORGET, {"storage_key": found.storage_key}, key=f"{FORGET}/{mail_id}")
    _note(tx, mail_id, by, "mail.deleted")
    return True


def _note(tx: Transaction, mail_id: str, by: Actor, action: str) -> None:
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        object_kind="mail",
        object_id=mail_id,
    )
