"""Drafts of the web form: kept for their visitor, over pages, tabs and a sign-in, until sent or forgotten (CH-003, CH-042)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from madoguchi.channels.form.model import (
    Draft,
    FormFile,
    Sent,
    form_draft,
    form_file,
    form_mail,
    form_waiting,
)
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts.attachments import Clean, safe_name
from madoguchi.counter.contacts.redaction import redact_values
from madoguchi.counter.problems import Invalid, NotFound
from madoguchi.engine import outbox
from madoguchi.engine.case_sections import WebForm
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

FILES_AWAY = "form.files_away"  # errand: {"keys"}
SENT_DAYS = 30  # for which the page with the number can be shown again
_MANY = 500


def current(tx: Transaction, actor: Actor) -> Draft | None:
    """What this visitor is filling in."""
    row = tx.first(
        select(form_draft)
        .where(
            form_draft.c.visitor_id == actor.id, form_draft.c.sent.is_(None), form_draft.c.expires_at > tx.now
        )
        .order_by(form_draft.c.updated_at.desc(), form_draft.c.id.desc())
        .limit(1)
    )
    return None if row is None else Draft(**{**row.data, "id": row.id})


def get(tx: Transaction, actor: Actor, draft_id: str) -> Draft:
    """Raises NotFound("draft_not_found"), also for somebody else's and one that was sent."""
    found = current(tx, actor)
    if found is None or found.id != draft_id:
        raise NotFound("draft_not_found")
    return found


def keep(tx: Transaction, actor: Actor, draft: Draft, rules: WebForm) -> Draft:
    """Keep what has been filled in by now; card numbers and secrets go before the first write."""
    data = redact_values(draft.model_dump(exclude={"id"}))
    expires = tx.now + timedelta(days=rules.draft_days)
    here = (
        form_draft.c.id == draft.id,
        form_draft.c.visitor_id == actor.id,
        form_draft.c.sent.is_(None),
    )
    changed = draft.id and tx.execute(
        update(form_draft).where(*here).values(data=data, updated_at=tx.now, expires_at=expires)
    )
    if changed and changed.rowcount:
        return Draft(**data, id=draft.id)
    begun = new_id("form")
    tx.execute(
        insert(form_draft).values(
            id=begun,
            visitor_id=actor.id,
            data=data,
            created_at=tx.now,
            updated_at=tx.now,
            expires_at=expires,
        )
    )
    return Draft(**data, id=begun)


def finish(tx: Transaction, draft_id: str, sent: Sent) -> None:
    """The draft has been sent: its words stand elsewhere now, here stays only what the last page says."""
    tx.execute(
        update(form_draft)
        .where(form_draft.c.id == draft_id)
        .values(
            data={},
            sent=sent.model_dump(),
            updated_at=tx.now,
            expires_at=tx.now + timedelta(days=SENT_DAYS),
        )
    )


def told(tx: Transaction, actor: Actor, draft_id: str) -> Sent | None:
    """What the last page says to whoever sent it."""
    row = tx.first(
        select(form_draft.c.sent).where(form_draft.c.id == draft_id, form_draft.c.visitor_id == actor.id)
    )
    return None if row is None or row.sent is None else Sent(**row.sent)


def sent_or_written(tx: Transaction, actor: Actor, draft_id: str) -> Sent | Draft:
    """A draft as it stands, in one look: another press of the button may send it at any moment. Raises NotFound."""
    return told(tx, actor, draft_id) or get(tx, actor, draft_id)


def begun_seconds_ago(tx: Transaction, draft_id: str) -> float:
    begun = tx.first(select(form_draft.c.created_at).where(form_draft.c.id == draft_id))
    return 0.0 if begun is None else (tx.now - begun.created_at).total_seconds()


def discard(tx: Transaction, actor: Actor, draft_id: str) -> None:
    """Throw a draft and its files away."""
    get(tx, actor, draft_id)
    _remove(tx, [draft_id])


# ── files ─────────────────────────────────────────────────────────────────────────────────────────


def files(tx: Transaction, draft_id: str) -> list[FormFile]:
    """In the order in which they were added."""
    rows = tx.all(select(form_file).where(form_file.c.draft_id == draft_id).order_by(form_file.c.id))
    return [FormFile(**row._mapping) for row in rows]


def add_file(
    tx: Transaction, actor: Actor, draft_id: str, name: str, kept: Clean, storage_key: str, most: int
) -> str:
    """Note a stored file of the draft; returns its id. Raises NotFound, Invalid("too_many_attachments")."""
    get(tx, actor, draft_id)
    count = tx.scalar(select(func.count()).where(form_file.c.draft_id == draft_id))
    if count >= most:
        raise Invalid("too_many_attachments", field="files", count=most)
    file_id = new_id("ff")
    tx.execute(
        insert(form_file).values(
            id=file_id,
            draft_id=draft_id,
            name=safe_name(name, kept.media_type),
            media_type=kept.media_type,
            size=len(kept.content),
            storage_key=storage_key,
            width=kept.width,
            height=kept.height,
            created_at=tx.now,
        )
    )
    return file_id


def take_file_away(tx: Transaction, actor: Actor, draft_id: str, file_id: str) -> None:
    """Taking away what is not there is nothing."""
    get(tx, actor, draft_id)
    _files_away(tx, form_file.c.draft_id == draft_id, form_file.c.id == file_id)


def forget_files(tx: Transaction, draft_id: str) -> None:
    """They are attachments of a contact now."""
    tx.execute(delete(form_file).where(form_file.c.draft_id == draft_id))


# ── the end ───────────────────────────────────────────────────────────────────────────────────────


def forget_old(tx: Transaction) -> None:
    """Remove drafts and unconfirmed enquiries whose time is over, with their files (S-04).

    An enquiry that waits keeps its draft's files, however long ago the draft was sent.
    """
    tx.execute(delete(form_mail).where(form_mail.c.at <= tx.now - timedelta(hours=25)))
    late = select(form_waiting.c.id).where(form_waiting.c.expires_at <= tx.now).limit(_MANY)
    gone = [row.id for row in tx.all(late)]
    if gone:
        files_away(tx, gone)
        tx.execute(delete(form_waiting).where(form_waiting.c.id.in_(gone)))
    old = select(form_draft.c.id).where(
        form_draft.c.expires_at <= tx.now, form_draft.c.id.not_in(select(form_waiting.c.id))
    )
    _remove(tx, [row.id for row in tx.all(old.limit(_MANY))])


def files_away(tx: Transaction, draft_ids: Sequence[str]) -> None:
    """The files of these drafts go, with their bytes."""
    if draft_ids:
        _files_away(tx, form_file.c.draft_id.in_(draft_ids))


def _remove(tx: Transaction, draft_ids: Sequence[str]) -> None:
    if draft_ids:
        files_away(tx, draft_ids)
        tx.execute(delete(form_draft).where(form_draft.c.id.in_(draft_ids)))


def _files_away(tx: Transaction, *here: ColumnElement[bool]) -> None:
    """Bytes go by an errand: after the rows are gone for good, and even if the process ends between the two."""
    keys = [row.storage_key for row in tx.all(select(form_file.c.storage_key).where(*here))]
    if keys:
        tx.execute(delete(form_file).where(*here))
        outbox.put(tx, FILES_AWAY, {"keys": keys})
