"""Cases that have to do with each other: related, a duplicate, one that follows another (CASE-006, CASE-011)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import Column, Index, String, Table, delete, insert, or_, select

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.cases import events, queries, rows
from madoguchi.counter.cases.model import Case
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import Moment, metadata

LinkKind = Literal["related", "duplicate", "follows"]
KINDS: tuple[LinkKind, ...] = get_args(LinkKind)

case_link = Table(
    "case_link",
    metadata,
    Column("case_id", String(60), primary_key=True),  # the duplicate; the one that follows
    Column("other_id", String(60), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_case_link_other", "other_id"),
    info=belongs(OfPerson(through=Through("case_id", "case_file"))),
)


@dataclass(frozen=True)
class Linked:
    """Another case, as seen from this one. `backwards`: the link points from it to this one."""

    case: Case
    kind: LinkKind
    backwards: bool


def link(tx: Transaction, case_id: str, other_id: str, kind: LinkKind, by: Actor) -> None:
    """Say how a case has to do with another of the same customer; said anew, the kind changes.

    Raises Conflict("case_of_other_customer" | "same_case" | "link_circle").
    """
    if kind not in KINDS:
        raise Invalid("invalid", field="kind")
    if case_id == other_id:
        raise Conflict("same_case")
    seen, other = rows.hold_both(tx, case_id, other_id)
    if not queries.same_person(seen, other):
        raise Conflict("case_of_other_customer")
    if kind == "follows" and seen.id in _followed_by(tx, other.id):
        raise Conflict("link_circle")
    _forget(tx, seen.id, other.id)
    _write(tx, seen.id, other.id, kind)
    events.note(tx, seen.id, "case.linked", {"to": other.label, "kind": kind}, by)
    events.note(tx, other.id, "case.linked", {"to": seen.label, "kind": kind, "backwards": True}, by)
    rows.record(tx, by, "case.linked", seen.id, other=other.id, kind=kind)


def unlink(tx: Transaction, case_id: str, other_id: str, by: Actor) -> None:
    """They have nothing to do with each other after all. Raises NotFound, Conflict("same_case")."""
    if case_id == other_id:
        raise Conflict("same_case")
    seen, other = rows.hold_both(tx, case_id, other_id)
    if not _forget(tx, seen.id, other.id):
        raise NotFound("case_not_found")
    events.note(tx, seen.id, "case.unlinked", {"to": other.label}, by)
    events.note(tx, other.id, "case.unlinked", {"to": seen.label}, by)
    rows.record(tx, by, "case.unlinked", seen.id, other=other.id)


def link_following(tx: Transaction, case_id: str, earlier_id: str) -> None:
    """A case that has just been opened follows one that was solved long ago."""
    _write(tx, case_id, earlier_id, "follows")
    events.note(tx, earlier_id, "case.followed", {"to": queries.get(tx, case_id).label}, SYSTEM)


def linked(tx: Transaction, case_id: str) -> list[Linked]:
    """What a case is linked with, through all that were merged into it; each case once, oldest first."""
    own = queries.family(tx, case_id)
    query = (
        select(case_link)
        .where(or_(case_link.c.case_id.in_(own), case_link.c.other_id.in_(own)))
        .order_by(case_link.c.at, case_link.c.case_id)
    )
    found: dict[str, Linked] = {}
    for row in tx.all(query):
        backwards = row.other_id in own
        other = queries.find(tx, row.case_id if backwards else row.other_id)
        if other is None:
            continue
        other = queries.going_on(tx, other)
        if other.id != case_id:
            found[other.id] = Linked(other, row.kind, backwards)
    return list(found.values())


def _followed_by(tx: Transaction, case_id: str) -> set[str]:
    """The case and everything that it follows, step by step."""
    found, new = {case_id}, {case_id}
    while new:
        query = select(case_link.c.other_id).where(
            case_link.c.case_id.in_(new), case_link.c.kind == "follows"
        )
        new = {row.other_id for row in tx.all(query)} - found
        found |= new
    return found


def _forget(tx: Transaction, one: str, other: str) -> bool:
    either = or_(
        (case_link.c.case_id == one) & (case_link.c.other_id == other),
        (case_link.c.case_id == other) & (case_link.c.other_id == one),
    )
    return tx.execute(delete(case_link).where(either)).rowcount > 0


def _write(tx: Transaction, case_id: str, other_id: str, kind: LinkKind) -> None:
    tx.execute(insert(case_link).values(case_id=case_id, other_id=other_id, kind=kind, at=tx.now))
