"""Verbs of saved replies: save one's own or, as a supervisor, the team's; count a use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from sqlalchemy import func, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.categories import is_category
from madoguchi.counter.inbox.labels import usable
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed
from madoguchi.counter.routing import queues
from madoguchi.counter.saved_replies import places, queries
from madoguchi.counter.saved_replies.model import MAIN, Deeds, SavedReply, saved_reply, saved_reply_use
from madoguchi.counter.team.policy import may
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id
from madoguchi.kit.languages import NAMES
from madoguchi.kit.text import normalise

LONGEST_TEXT = 4000
LONGEST_NAME = 60
LONGEST_HOLD_HOURS = 24 * 90
MOST = 200  # of one's own
_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9_-]{0,38}")


@dataclass(frozen=True)
class Wish:
    """What an author wants a reply to be. `confirmed`: languages whose translation still holds for the changed main text."""

    shortcut: str
    names: Mapping[str, str]
    texts: Mapping[str, str]
    folder: str = ""
    reading: str = ""
    deeds: Deeds = field(default_factory=Deeds)
    shared: bool = False
    active: bool = True
    confirmed: frozenset[str] = frozenset()


def save(tx: Transaction, actor: Actor, wish: Wish, *, reply_id: str = "", version: int = 0) -> SavedReply:
    """Make one (without `reply_id`) or change the version that was seen; what ships has version 0.

    Raises NotAllowed for the team's without the role, NotFound, Conflict("changed_meanwhile" | "shortcut_taken" |
    "too_many_saved_replies"), Invalid with the field.
    """
    before = queries.get(tx, actor, reply_id) if reply_id else None
    need_sharing(actor, wish.shared or (before is not None and before.shared))
    tx.lock("saved_replies")
    before = queries.get(tx, actor, reply_id) if reply_id else None
    if (before.version if before else 0) != version:
        raise Conflict("changed_meanwhile")
    saved = _made(tx, actor, wish, before)
    _check_place(tx, actor, saved)
    _write(tx, saved)
    _record(tx, actor, before, saved)
    tx.wake("inbox")
    return saved


def count_use(tx: Transaction, reply_id: str) -> None:
    """Somebody has taken it for an answer."""
    counted = tx.execute(
        update(saved_reply_use)
        .where(saved_reply_use.c.reply_id == reply_id)
        .values(count=saved_reply_use.c.count + 1, last_used_at=tx.now)
    )
    if not counted.rowcount:
        tx.execute(insert(saved_reply_use).values(reply_id=reply_id, count=1, last_used_at=tx.now))


def need_sharing(actor: Actor, shared: bool) -> None:
    if shared and not may(actor, "replies.share"):
        raise NotAllowed("role_missing")


def _made(tx: Transaction, actor: Actor, wish: Wish, before: SavedReply | None) -> SavedReply:
    texts = _usable_texts(wish.texts)
    names = {each: _line(text) for each, text in wish.names.items() if each in NAMES and text.strip()}
    if not names:
        raise Invalid("name_missing", field="name")
    revision = before.revision if before else 1
    if before and texts[MAIN] != before.texts.get(MAIN):
        revision += 1
    return SavedReply(
        id=before.id if before else new_id("srp"),
        owner_id="" if wish.shared else actor.id,
        shortcut=wish.shortcut.strip(),
        folder=_line(wish.folder),
        names=names,
        reading=_line(wish.reading),
        texts=texts,
        translated=_translated(texts, wish, before, revision),
        revision=revision,
        deeds=_usable_deeds(tx, wish.deeds),
        active=wish.active,
        version=(before.version if before else 0) + 1,
        saved_by=actor.id,
        saved_at=tx.now,
    )


def _usable_texts(given: Mapping[str, str]) -> dict[str, str]:
    texts = {each: text.strip() for each, text in given.items() if each in NAMES and text.strip()}
    if MAIN not in texts:
        raise Invalid("main_text_missing", field=f"text_{MAIN}")
    for language, text in texts.items():
        if len(text) > LONGEST_TEXT:
            raise Invalid("message_too_long", field=f"text_{language}", limit=LONGEST_TEXT)
        places.check(text, f"text_{language}")
    return texts


def _translated(
    texts: Mapping[str, str], wish: Wish, before: SavedReply | None, revision: int
) -> dict[str, int]:
    """A text that was written anew or confirmed belongs to this revision; any other to the one it belonged to."""
    return {
        each: before.translated.get(each, before.revision)
        if before and each != MAIN and text == before.texts.get(each) and each not in wish.confirmed
        else revision
        for each, text in texts.items()
    }


def _usable_deeds(tx: Transaction, deeds: Deeds) -> Deeds:
    if deeds.kind and not is_category(deeds.kind):
        raise Invalid("unknown_category", field="kind")
    if sum((bool(deeds.hold_hours), bool(deeds.transfer), deeds.resolve)) > 1:
        raise Invalid("deeds_exclude", field="after")
    if not 0 <= deeds.hold_hours <= LONGEST_HOLD_HOURS:
        raise Invalid("out_of_range", field="hold_hours", low=0, high=LONGEST_HOLD_HOURS)
    if deeds.transfer:
        queues.get(tx, deeds.transfer)
    return replace(deeds, label=usable(deeds.label)) if deeds.label.strip() else replace(deeds, label="")


def _check_place(tx: Transaction, actor: Actor, saved: SavedReply) -> None:
    if not _SHORTCUT.fullmatch(saved.shortcut):
        raise Invalid("id_unusable", field="shortcut")
    others = [each for each in queries.visible(tx, actor, active_only=False) if each.id != saved.id]
    if any(each.shortcut == saved.shortcut and each.active for each in others):
        raise Conflict("shortcut_taken", field="shortcut")
    own = select(func.count()).where(saved_reply.c.owner_id == actor.id)
    if not saved.shared and saved.version == 1 and int(tx.scalar(own)) >= MOST:
        raise Conflict("too_many_saved_replies", most=MOST)


def _write(tx: Transaction, saved: SavedReply) -> None:
    values = {**vars(saved), "deeds": asdict(saved.deeds)}
    if saved.version > 1:
        tx.execute(update(saved_reply).where(saved_reply.c.id == saved.id).values(**values))
    else:
        tx.execute(insert(saved_reply).values(**values))


def _record(tx: Transaction, actor: Actor, before: SavedReply | None, after: SavedReply) -> None:
    """What the team says is in the audit log; an agent's own texts are not."""
    if not after.shared and (before is None or not before.shared):
        return
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="saved_reply.saved",
        object_kind="saved_reply",
        object_id=after.id,
        before=_audited(before) if before else {},
        after=_audited(after),
    )


def _audited(reply: SavedReply) -> dict[str, object]:
    return {
        "shortcut": reply.shortcut,
        "texts": reply.texts,
        "deeds": asdict(reply.deeds),
        "active": reply.active,
    }


def _line(text: str) -> str:
    return normalise(" ".join(text.split()))[:LONGEST_NAME]
