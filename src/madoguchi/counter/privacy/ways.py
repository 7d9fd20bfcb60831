"""From the owner rules of the tables to the rows of one person, of some contacts, or of one case."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, false, or_, select, type_coerce

from madoguchi.counter.actors import Actor, Rung
from madoguchi.engine.ownership import OfPerson, owner_of
from madoguchi.engine.schema import metadata

Where = Callable[[Table], ColumnElement[bool] | None]
"""Which rows of a table are meant; None: none of that table ever."""


@dataclass(frozen=True)
class Person:
    """A customer, or somebody of whom only the session is known, or both."""

    customer_id: str | None = None
    visitor_id: str | None = None

    @classmethod
    def who_acts(cls, actor: Actor) -> Person:
        """What is an actor's own is what they have proved to be theirs (HIS-010)."""
        return cls(actor.customer_id if actor.rung >= Rung.SIGNED_IN else None, actor.id)


def rule_of(table: Table) -> OfPerson | None:
    """The rule of a table with rows of people."""
    owner = owner_of(table)
    return owner if isinstance(owner, OfPerson) else None


def tables_of_people() -> list[tuple[Table, OfPerson]]:
    """Those through which no other goes first: a row never loses its way to its person before it is gone itself."""
    found = [(table, rule) for table in metadata.tables.values() if (rule := rule_of(table))]
    return sorted(found, key=lambda each: (-_depth(each[1]), each[0].name))


def of_person(person: Person) -> Where:
    """Everything of somebody, apart from what only mentions them (see `mentions`)."""

    def where(table: Table) -> ColumnElement[bool] | None:
        rule = rule_of(table)
        return None if rule is None else or_(false(), *_ways(table, rule, person))

    return where


def of_rows(root: str, ids: Collection[str]) -> Where:
    """The rows of table `root` with these ids and everything that goes through them."""

    def where(table: Table) -> ColumnElement[bool] | None:
        if table.name == root:
            return table.c.id.in_(ids)
        way = rule.through if (rule := rule_of(table)) else None
        if way is None:
            return None
        if way.table == root and way.key == "id":
            return table.c[way.column].in_(ids)
        other = metadata.tables[way.table]
        inner = where(other)
        return None if inner is None else table.c[way.column].in_(select(other.c[way.key]).where(inner))

    return where


def mentions(text: str, ids: Collection[str]) -> bool:
    """Whether a JSON text names one of these ids as a value."""
    return any(part in ids for part in text.split('"')[1::2])


def keys_of(table: Table) -> list[Any]:
    return list(table.primary_key.columns)


def is_not_yet(table: Table, values: Iterable[tuple[str, Any]]) -> ColumnElement[bool]:
    """Rows in which at least one column does not have its value."""
    return or_(false(), *(table.c[name].is_distinct_from(value) for name, value in values))


def _ways(table: Table, rule: OfPerson, person: Person) -> list[ColumnElement[bool]]:
    ways: list[ColumnElement[bool]] = []
    if rule.customer and person.customer_id:
        ways.append(table.c[rule.customer] == person.customer_id)
    if rule.visitor and person.visitor_id:
        own = table.c[rule.visitor] == person.visitor_id
        nobodys = bool(rule.customer) and table.c[rule.customer].nullable
        ways.append(and_(own, table.c[rule.customer].is_(None)) if nobodys else own)
    if rule.mentioned and person.customer_id:
        text = type_coerce(table.c[rule.mentioned], Text)
        ways.append(text.contains(f'"{person.customer_id}"', autoescape=True))
    if rule.through:
        other = metadata.tables[rule.through.table]
        inner = of_person(person)(other)
        if inner is not None:
            ways.append(table.c[rule.through.column].in_(select(other.c[rule.through.key]).where(inner)))
    return ways


def _depth(rule: OfPerson) -> int:
    """How many tables lie between a row and its person; what mentions ids comes first of all."""
    if rule.mentioned:
        return 1000
    other = rule_of(metadata.tables[rule.through.table]) if rule.through else None
    return 0 if other is None else 1 + _depth(other)
