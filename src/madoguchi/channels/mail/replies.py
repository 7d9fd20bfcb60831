"""An agent's reply by mail waits a moment before it leaves, or until the time it was set for; until then it can be taken back.

Each reply is a row that goes from `waiting` to `left` or `taken_back` exactly once, with the fact that tells it, in one
transaction: of somebody who takes it back and the courier who lets it leave, one finds it waiting. It becomes a message
of the conversation only when it leaves.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from madoguchi.channels.mail.answers import say_by_mail
from madoguchi.channels.mail.model import ReplyState, WaitingReply, waiting_reply
from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.contacts import attachments, events, queries, service
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.contacts.redaction import redact, redact_values
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound
from madoguchi.counter.team import queries as team_queries
from madoguchi.engine import outbox
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.failpoints import failpoint
from madoguchi.engine.outbox import Errand
from madoguchi.kit.ids import new_id

LEAVE = "mail.leave"
LATEST = timedelta(days=60)


def hold(
    tx: Transaction,
    seen: Contact,
    actor: Actor,
    *,
    text: str,
    files: list[str],
    client_key: str,
    owner_version: int | None,
    send_at: datetime | None,
    undo_seconds: int,
    original: dict[str, str] | None = None,
) -> Entry:
    """Keep a reply until it is due; returns the fact. The same key again is the same reply.

    Raises Invalid("in_the_past"), Invalid("too_late"), Conflict("client_key_reused"), and what `contacts.service.hold` does.
    """
    text, original = redact(text), redact_values(original)
    before = _by_key(tx, seen.id, actor.id, client_key)
    if before is not None:
        return _same_or_conflict(tx, seen.id, actor.id, client_key, text)
    due_at = _due_at(tx, send_at, undo_seconds)
    service.hold(tx, seen.id, actor, text, files, owner_version)
    reply_id = new_id("rep")
    tx.execute(
        insert(waiting_reply).values(
            id=reply_id,
            contact_id=seen.id,
            agent_id=actor.id,
            client_key=client_key,
            text=text,
            lang=seen.language,
            attachments=files,
            original=original,
            due_at=due_at,
            scheduled=send_at is not None,
            state="waiting",
            version=1,
            created_at=tx.now,
        )
    )
    _send_courier(tx, get(tx, reply_id))
    body = {
        "reply_id": reply_id,
        "text": text,
        "due_at": due_at.isoformat(),
        "scheduled": send_at is not None,
        "attachments": files,
    }
    return service.append(tx, seen.id, events.MAIL_WAITS, body, actor=actor, client_key=client_key)


def take_back(tx: Transaction, reply_id: str, actor: Actor) -> Entry:
    """It never leaves. Raises NotFound, NotAllowed, Conflict("mail_has_left")."""
    reply = _theirs(tx, reply_id, actor)
    _settle(tx, reply, "taken_back")
    failpoint("mail.replies.taken_back")
    if reply.attachments:
        attachments.unsay(tx, reply.contact_id, reply.attachments)
    return service.append(tx, reply.contact_id, events.MAIL_TAKEN_BACK, {"reply_id": reply.id}, actor=actor)


def change(
    tx: Transaction, reply_id: str, actor: Actor, *, text: str, send_at: datetime | None, version: int
) -> Entry:
    """Other words, another time, or both, while it waits. `version`: the one seen.

    Raises Conflict("reply_changed") if somebody was faster, else as `take_back` and `hold` do.
    """
    reply = _theirs(tx, reply_id, actor)
    text = redact(text)
    if not text.strip() and not reply.attachments:
        raise Invalid("empty_message", field="text")
    due_at = reply.due_at if send_at is None else _due_at(tx, send_at, 0)
    changed = tx.execute(
        update(waiting_reply)
        .where(
            waiting_reply.c.id == reply_id,
            waiting_reply.c.state == "waiting",
            waiting_reply.c.version == version,
        )
        .values(
            text=text,
            due_at=due_at,
            scheduled=reply.scheduled or send_at is not None,
            original=reply.original if text == reply.text else None,
            version=version + 1,
        )
    )
    if changed.rowcount != 1:
        raise Conflict("mail_has_left" if get(tx, reply_id).state == "left" else "reply_changed")
    _send_courier(tx, get(tx, reply_id))
    body = {"reply_id": reply_id, "text": text, "due_at": due_at.isoformat()}
    return service.append(tx, reply.contact_id, events.MAIL_CHANGED, body, actor=actor)


def get(tx: Transaction, reply_id: str) -> WaitingReply:
    """Raises NotFound."""
    row = tx.first(select(waiting_reply).where(waiting_reply.c.id == reply_id))
    if row is None:
        raise NotFound("not_found")
    return WaitingReply(**row._mapping)


def waiting_in(tx: Transaction, contact_id: str) -> list[WaitingReply]:
    """What has not left yet, the next first."""
    rows = tx.all(
        select(waiting_reply)
        .where(waiting_reply.c.contact_id == contact_id, waiting_reply.c.state == "waiting")
        .order_by(waiting_reply.c.due_at, waiting_reply.c.id)
    )
    return [WaitingReply(**row._mapping) for row in rows]


class Leaving:
    """Handler of the topic `mail.leave`: a reply that is due becomes a message and its mail an errand, at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def leave(self, errand: Errand) -> None:
        self._database.write(_leave, errand.payload["reply_id"], errand.payload["version"])


def _leave(tx: Transaction, reply_id: str, version: int) -> None:
    row = tx.first(select(waiting_reply).where(waiting_reply.c.id == reply_id))
    if row is None or row.state != "waiting" or row.version != version:
        return  # taken back, changed, or gone with its contact
    reply = WaitingReply(**row._mapping)
    seen = queries.get_for_update(tx, reply.contact_id)
    _settle(tx, reply, "left")
    failpoint("mail.replies.left")
    agent = Actor(
        kind="agent",
        id=reply.agent_id,
        name=team_queries.display_name(tx, reply.agent_id),
        language=reply.lang,
    )
    entry = service.say(
        tx,
        seen.id,
        actor=agent,
        text=reply.text,
        client_key=f"left/{reply.id}",
        lang=reply.lang,
        attachments=reply.attachments,
        original=reply.original,
        held=True,
    )
    told = {"reply_id": reply.id, "seq": entry.seq}
    service.append(tx, seen.id, events.MAIL_LEFT, told, actor=SYSTEM, client_key=f"left/{reply.id}")
    say_by_mail(tx, seen, entry)
    failpoint("mail.replies.said")


def _theirs(tx: Transaction, reply_id: str, actor: Actor) -> WaitingReply:
    """The writer's, the contact's owner's, or a supervisor's to change. The contact is held until the end."""
    reply = get(tx, reply_id)
    seen = queries.get_for_update(tx, reply.contact_id)
    owns = seen.owner_kind == "agent" and seen.owner_id == actor.id
    if actor.kind != "agent" or not (owns or reply.agent_id == actor.id or actor.may("supervisor")):
        raise NotAllowed("not_owner")
    return get(tx, reply_id)


def _settle(tx: Transaction, reply: WaitingReply, state: ReplyState) -> None:
    """Exactly one gets here first. The words go: from now on they stand in the ledger, or nowhere."""
    settled = tx.execute(
        update(waiting_reply)
        .where(
            waiting_reply.c.id == reply.id,
            waiting_reply.c.state == "waiting",
            waiting_reply.c.version == reply.version,
        )
        .values(state=state, text="", original=None, settled_at=tx.now)
    )
    if settled.rowcount != 1:
        raise Conflict("mail_has_left")


def _send_courier(tx: Transaction, reply: WaitingReply) -> None:
    """One errand for each version; those of one contact that only wait for a change of mind keep their order."""
    outbox.put(
        tx,
        LEAVE,
        {"reply_id": reply.id, "version": reply.version},
        due_at=reply.due_at,
        key=f"{LEAVE}/{reply.id}/{reply.version}",
        lane=None if reply.scheduled else f"{LEAVE}/{reply.contact_id}",
    )


def _due_at(tx: Transaction, send_at: datetime | None, undo_seconds: int) -> datetime:
    if send_at is None:
        return tx.now + timedelta(seconds=undo_seconds)
    if send_at <= tx.now:
        raise Invalid("in_the_past", field="send_at")
    if send_at > tx.now + LATEST:
        raise Invalid("too_late", field="send_at")
    return send_at


def _by_key(tx: Transaction, contact_id: str, agent_id: str, client_key: str) -> str | None:
    found = tx.scalar(
        select(waiting_reply.c.id).where(
            waiting_reply.c.contact_id == contact_id,
            waiting_reply.c.agent_id == agent_id,
            waiting_reply.c.client_key == client_key,
        )
    )
    return None if found is None else str(found)


def _same_or_conflict(tx: Transaction, contact_id: str, agent_id: str, client_key: str, text: str) -> Entry:
    entry = queries.by_client_key(tx, contact_id, agent_id, client_key)
    if entry is None or entry.body.get("text") != text:
        raise Conflict("client_key_reused")
    return entry
