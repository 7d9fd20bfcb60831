"""What a customer wants to hear from us and allows us to use; each change is on record (PRIV-007, HIS-011, QLT-002)."""

from __future__ import annotations

from typing import Literal, get_args

from sqlalchemy import Boolean, Column, String, Table, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Invalid
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, belongs
from madoguchi.engine.schema import Moment, metadata

Preference = Literal["case_updates", "new_contacts", "surveys", "personal_answers"]
"""Mails on the course of a case; on every contact opened in their name; surveys; answers that use history and orders."""

PREFERENCES: tuple[Preference, ...] = get_args(Preference)

customer_preference = Table(
    "customer_preference",
    metadata,
    Column("customer_id", String(60), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("wanted", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    info=belongs(OfPerson(customer="customer_id")),
)


def wants(tx: Transaction, customer_id: str | None, name: Preference) -> bool:
    """Yes until the customer says no; of somebody unknown there is nothing to ask."""
    here = (customer_preference.c.customer_id == customer_id, customer_preference.c.name == name)
    said = tx.scalar(select(customer_preference.c.wanted).where(*here)) if customer_id else None
    return said is None or bool(said)


def all_of(tx: Transaction, customer_id: str) -> dict[Preference, bool]:
    """Every preference, with what holds."""
    rows = tx.all(select(customer_preference).where(customer_preference.c.customer_id == customer_id))
    said = {row.name: bool(row.wanted) for row in rows}
    return {name: said.get(name, True) for name in PREFERENCES}


def choose(tx: Transaction, customer_id: str, name: Preference, wanted: bool, by: Actor) -> None:
    """Keep a choice; the record says who made it. Raises Invalid for an unknown name."""
    if name not in PREFERENCES:
        raise Invalid("unknown_preference", field="name")
    tx.lock("customer_preference", customer_id)
    values = {"wanted": wanted, "at": tx.now}
    here = (customer_preference.c.customer_id == customer_id, customer_preference.c.name == name)
    if not tx.execute(update(customer_preference).where(*here).values(values)).rowcount:
        tx.execute(insert(customer_preference).values(customer_id=customer_id, name=name, **values))
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action="customer.preference_chosen",
        object_kind="customer",
        object_id=customer_id,
        name=name,
        wanted=wanted,
    )
