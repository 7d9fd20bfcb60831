"""Own dialogues in the database: versions from draft to in force and out of it, read anew in every turn. None commits."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, delete, func, insert, select, update

from madoguchi.assistant.own_flows.checking import Known, is_usable
from madoguchi.assistant.own_flows.model import Dialogue, from_table, to_table
from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

DRAFT, IN_FORCE, SUPERSEDED, WITHDRAWN = "draft", "in_force", "superseded", "withdrawn"

own_flow = Table(
    "own_flow",
    metadata,
    Column("id", String(80), primary_key=True),  # the kind whose dialogue it replaces, or own.<topic>
    Column("version", Integer, primary_key=True),
    Column("state", String(20), nullable=False),
    Column("content", JsonText, nullable=False),
    Column("revision", Integer, nullable=False),  # of a draft: one more with each change
    Column("writers", JsonText, nullable=False),  # ids of agents, in the order in which they first wrote
    Column("changed_by", String(60), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_own_flow_state", "state"),
    info=belongs(OfHouse("Dialogues that the shop has written for the assistant.")),
)


@dataclass(frozen=True)
class Version:
    """One version. Columns as in the table; `changed_by` of one in force put it there."""

    id: str
    version: int
    state: str
    content: dict[str, Any]
    revision: int
    writers: list[str]
    changed_by: str
    changed_at: datetime

    @property
    def dialogue(self) -> Dialogue:
        """Raises DialogueError where a later release has written it."""
        return from_table(self.content)


# ── reading ───────────────────────────────────────────────────────────────────────────────────────


def versions(tx: Transaction, dialogue_id: str) -> list[Version]:
    """Every version of one dialogue, the newest first."""
    wanted = select(own_flow).where(own_flow.c.id == dialogue_id).order_by(own_flow.c.version.desc())
    return [Version(**row._mapping) for row in tx.all(wanted)]


def newest(tx: Transaction) -> list[Version]:
    """Of every dialogue the version in force and the draft, else the last one; by id."""
    rows = tx.all(select(own_flow).order_by(own_flow.c.id, own_flow.c.version.desc()))
    every = [Version(**row._mapping) for row in rows]
    firsts = {each.id: each for each in reversed(every)}
    return [each for each in every if each.state in (DRAFT, IN_FORCE) or firsts[each.id] is each]


def in_force(tx: Transaction) -> list[Version]:
    found = tx.all(select(own_flow).where(own_flow.c.state == IN_FORCE).order_by(own_flow.c.id))
    return [Version(**row._mapping) for row in found]


def find(tx: Transaction, dialogue_id: str, version: int) -> Version | None:
    row = tx.first(select(own_flow).where(own_flow.c.id == dialogue_id, own_flow.c.version == version))
    return Version(**row._mapping) if row is not None else None


def draft_of(tx: Transaction, dialogue_id: str) -> Version | None:
    return next((each for each in versions(tx, dialogue_id) if each.state == DRAFT), None)


# ── writing ───────────────────────────────────────────────────────────────────────────────────────


def begin(tx: Transaction, actor: Actor, dialogue: Dialogue) -> Version:
    """A draft of this dialogue. Raises Conflict("draft_there") where somebody is writing one already."""
    tx.lock("own_flow", dialogue.id)
    if draft_of(tx, dialogue.id) is not None:
        raise Conflict("draft_there")
    made = _new(tx, actor, dialogue.id, DRAFT, to_table(dialogue), [actor.id])
    _note(tx, actor, "own_flow.drafted", made)
    return made


def save(tx: Transaction, actor: Actor, dialogue: Dialogue, seen: int) -> Version:
    """The draft is `dialogue` from now on. `seen`: the revision that was shown.

    Raises NotFound without a draft, Conflict("changed_meanwhile").
    """
    draft = _seen(tx, dialogue.id, seen)
    content = to_table(dialogue)
    if content == draft.content:
        return draft
    writers = list(dict.fromkeys((*draft.writers, actor.id)))
    return _change(tx, actor, draft, content=content, writers=writers, revision=draft.revision + 1)


def put_in_force(
    tx: Transaction, actor: Actor, dialogue_id: str, seen: int, known: Known, *, four_eyes: bool
) -> Version:
    """From the next turn on, in every process; conversations under way end with the version they began with.

    Raises NotFound, Conflict("changed_meanwhile"), NotAllowed("four_eyes") for one of its writers,
    Invalid("dialogue_unready") where the checks find something.
    """
    draft = _seen(tx, dialogue_id, seen)
    if four_eyes and actor.id in draft.writers:
        raise NotAllowed("four_eyes")
    if not is_usable(draft.dialogue, known):
        raise Invalid("dialogue_unready", field="form")
    _retire(tx, actor, dialogue_id, SUPERSEDED)
    done = _change(tx, actor, draft, state=IN_FORCE)
    _note(tx, actor, "own_flow.in_force", done)
    return done


def withdraw(tx: Transaction, actor: Actor, dialogue_id: str, version: int) -> None:
    """The shipped dialogue holds again. Raises Conflict("changed_meanwhile") where another version is in force by now."""
    tx.lock("own_flow", dialogue_id)
    found = find(tx, dialogue_id, version)
    if found is None or found.state != IN_FORCE:
        raise Conflict("changed_meanwhile")
    _retire(tx, actor, dialogue_id, WITHDRAWN)
    _note(tx, actor, "own_flow.withdrawn", found)


def back(tx: Transaction, actor: Actor, dialogue_id: str, version: int, known: Known) -> Version:
    """An earlier version that was in force holds again, as a new version; it was approved then, and this is for emergencies.

    Raises NotFound, Conflict("changed_meanwhile") for a version that never was in force or is,
    Invalid("dialogue_unready").
    """
    tx.lock("own_flow", dialogue_id)
    found = find(tx, dialogue_id, version)
    if found is None:
        raise NotFound("not_found")
    if found.state not in (SUPERSEDED, WITHDRAWN):
        raise Conflict("changed_meanwhile")
    if not is_usable(found.dialogue, known):
        raise Invalid("dialogue_unready", field="form")
    _retire(tx, actor, dialogue_id, SUPERSEDED)
    made = _new(tx, actor, dialogue_id, IN_FORCE, found.content, found.writers)
    _note(tx, actor, "own_flow.back", made, restored=version)
    return made


def discard(tx: Transaction, actor: Actor, dialogue_id: str, seen: int) -> None:
    """Raises NotFound, Conflict("changed_meanwhile")."""
    draft = _seen(tx, dialogue_id, seen)
    tx.execute(delete(own_flow).where(own_flow.c.id == dialogue_id, own_flow.c.version == draft.version))
    _note(tx, actor, "own_flow.discarded", draft)


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _seen(tx: Transaction, dialogue_id: str, seen: int) -> Version:
    tx.lock("own_flow", dialogue_id)
    draft = draft_of(tx, dialogue_id)
    if draft is None:
        raise NotFound("not_found")
    if draft.revision != seen:
        raise Conflict("changed_meanwhile")
    return draft


def _new(
    tx: Transaction, actor: Actor, dialogue_id: str, state: str, content: dict[str, Any], writers: list[str]
) -> Version:
    last = tx.first(select(func.max(own_flow.c.version).label("last")).where(own_flow.c.id == dialogue_id))
    number = (last.last or 0) + 1 if last is not None else 1
    made = Version(dialogue_id, number, state, content, 1, writers, actor.id, tx.now)
    tx.execute(insert(own_flow).values(**asdict(made)))
    return made


def _change(tx: Transaction, actor: Actor, version: Version, **values: Any) -> Version:
    changed = replace(version, changed_by=actor.id, changed_at=tx.now, **values)
    here = (own_flow.c.id == version.id, own_flow.c.version == version.version)
    tx.execute(update(own_flow).where(*here).values(**asdict(changed)))
    return changed


def _retire(tx: Transaction, actor: Actor, dialogue_id: str, state: str) -> None:
    held = (own_flow.c.id == dialogue_id, own_flow.c.state == IN_FORCE)
    tx.execute(update(own_flow).where(*held).values(state=state, changed_by=actor.id, changed_at=tx.now))


def _note(tx: Transaction, actor: Actor, action: str, version: Version, **more: Any) -> None:
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        object_kind="own_flow",
        object_id=version.id,
        version=version.version,
        **more,
    )
