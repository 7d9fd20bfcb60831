"""The house's own statuses (lunch, training, paperwork …): each stands on one of the four that routing knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Boolean, Column, Integer, String, Table, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.hours import in_language
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import presence
from madoguchi.counter.routing.model import Status
from madoguchi.counter.routing.spells import UNANSWERED
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import JsonText, metadata
from madoguchi.kit.text import normalise

BASES: tuple[Status, ...] = ("available", "busy", "break", "offline")
_OURS = frozenset({UNANSWERED})  # kinds that routing itself sets
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,38}")

status_kind = Table(
    "status_kind",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", JsonText, nullable=False),  # {"ja": "研修中", "en": "Training"}
    Column("base", String(12), nullable=False),
    Column("remind_minutes", Integer),
    Column("position", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    info=belongs(OfHouse("What agents can say that they are doing.")),
)


@dataclass(frozen=True)
class StatusKind:
    """`base`: what routing does with it. After `remind_minutes` a word reminds; None: never. Columns as in the table."""

    id: str
    name: dict[str, str]
    base: Status
    remind_minutes: int | None
    position: int
    active: bool
    version: int

    def label(self, language: str) -> str:
        return in_language(self.name, language) or self.id


def kinds(tx: Transaction, *, active_only: bool = True) -> list[StatusKind]:
    """In the order in which the menu shows them."""
    query = select(status_kind).order_by(status_kind.c.position, status_kind.c.id)
    if active_only:
        query = query.where(status_kind.c.active.is_(True))
    return [StatusKind(**row._mapping) for row in tx.all(query)]


def find(tx: Transaction, kind_id: str) -> StatusKind | None:
    """Also one that is switched off."""
    row = tx.first(select(status_kind).where(status_kind.c.id == kind_id))
    return StatusKind(**row._mapping) if row else None


def chosen(tx: Transaction, kind_id: str) -> StatusKind:
    """One that can be chosen now. Raises Invalid("unknown_status")."""
    found = find(tx, kind_id)
    if found is None or not found.active:
        raise Invalid("unknown_status", field="kind", statuses=", ".join(each.id for each in kinds(tx)))
    return found


def choose(tx: Transaction, agent_id: str, status: Status, kind_id: str = "") -> None:
    """An agent says what they are doing: one of the four, or a status of the house. Raises Invalid("unknown_status")."""
    found = chosen(tx, kind_id) if kind_id else None
    presence.set_status(tx, agent_id, found.base if found else status, kind=kind_id)


def save(
    tx: Transaction,
    actor: Actor,
    *,
    kind_id: str,
    name: Mapping[str, str],
    base: str,
    remind_minutes: int | None = None,
    position: int = 0,
    active: bool = True,
    version: int = 0,
) -> StatusKind:
    """Make one (`version` 0) or change the version that was seen.

    Raises Invalid with the field (id, name, base), Conflict("changed_meanwhile").
    """
    if not _ID.fullmatch(kind_id) or kind_id in _OURS:
        raise Invalid("id_unusable", field="id")
    names = {key: normalise(text).strip()[:40] for key, text in name.items() if text.strip()}
    if not names:
        raise Invalid("name_missing", field="name")
    if base not in BASES:
        raise Invalid("unknown_status", field="base", statuses=", ".join(BASES))
    tx.lock("status_kinds")
    before = find(tx, kind_id)
    if (before.version if before else 0) != version:
        raise Conflict("changed_meanwhile")
    found = StatusKind(kind_id, names, base, remind_minutes, position, active, version + 1)
    if before is None:
        tx.execute(insert(status_kind).values(**asdict(found)))
    else:
        tx.execute(update(status_kind).where(status_kind.c.id == kind_id).values(**asdict(found)))
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="status_kind.saved",
        object_kind="status_kind",
        object_id=kind_id,
        before=asdict(before) if before else {},
        after=asdict(found),
    )
    tx.wake("inbox")
    return found
