"""Who does what, as it was changed at the console: over the settings file, read anew in every turn (HND-007). None commits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, insert, select, update

from madoguchi.assistant.labour import LABOURS, Labour, labour, matters
from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import Moment, metadata
from madoguchi.engine.settings import Settings

AS_SHIPPED = ""

labour_rule = Table(
    "labour_rule",
    metadata,
    Column("matter", String(80), primary_key=True),  # a deed, a group of kinds, or a kind
    Column("labour", String(20), nullable=False),  # "": as the settings say
    Column("version", Integer, nullable=False),
    Column("changed_by", String(60), nullable=False),
    Column("changed_at", Moment, nullable=False),
    info=belongs(OfHouse("What the assistant does and what it leaves to people.")),
)


@dataclass(frozen=True)
class Rule:
    """A change. Columns as in the table."""

    matter: str
    labour: str
    version: int
    changed_by: str
    changed_at: datetime


def rules(tx: Transaction) -> dict[str, Rule]:
    """Every matter that was ever changed, also one that went back to the settings."""
    return {row.matter: Rule(**row._mapping) for row in tx.all(select(labour_rule))}


def divided(tx: Transaction, settings: Settings) -> dict[str, Labour]:
    """The table that holds now: the settings, and over them what was changed."""
    changed = select(labour_rule.c.matter, labour_rule.c.labour).where(labour_rule.c.labour != AS_SHIPPED)
    return {**settings.assistant.labour, **{row.matter: row.labour for row in tx.all(changed)}}


def divide(tx: Transaction, actor: Actor, matter: str, wanted: str, seen: int, settings: Settings) -> Rule:
    """From the next turn on the matter is `wanted`, or `AS_SHIPPED` again. `seen`: version that the form showed, 0 for none.

    Raises Invalid with the field, Conflict("changed_meanwhile").
    """
    if matter not in matters():
        raise Invalid("unknown_matter", field="matter")
    if wanted not in (*LABOURS, AS_SHIPPED):
        raise Invalid("unknown_labour", field="labour")
    tx.lock("labour", matter)
    found = tx.first(select(labour_rule).where(labour_rule.c.matter == matter))
    before = Rule(**found._mapping) if found is not None else None
    if (before.version if before else 0) != seen:
        raise Conflict("changed_meanwhile")
    if wanted == (before.labour if before else AS_SHIPPED):
        return before or Rule(matter, AS_SHIPPED, 0, "", tx.now)
    held = labour(divided(tx, settings), matter, matter)
    rule = Rule(matter, wanted, seen + 1, actor.id, tx.now)
    if before is None:
        tx.execute(insert(labour_rule).values(**asdict(rule)))
    else:
        tx.execute(update(labour_rule).where(labour_rule.c.matter == matter).values(**asdict(rule)))
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="labour.set",
        object_kind="labour",
        object_id=matter,
        before=held,
        after=labour(divided(tx, settings), matter, matter),
        version=rule.version,
        returned=wanted == AS_SHIPPED,
    )
    return rule
