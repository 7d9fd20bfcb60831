"""What calls to the model cost: one row each, written before the call with the most it can cost, settled after it.

The reservation is made under a lock in the database, so that several processes hold the budgets together, and a
process that dies in the middle leaves its call counted at the most.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, time
from itertools import takewhile
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import Moment, metadata
from madoguchi.engine.sections import Model
from madoguchi.kit.ids import new_id

_SAID = frozenset({"ok", "rejected"})
_IN_A_ROW = 50  # more are not counted

model_call = Table(
    "model_call",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("contact_id", String(60), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("model", String(120), nullable=False),
    Column("prompt", String(20), nullable=False),  # which text of the prompt: the start of its hash
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
    Column("cost", BigInteger, nullable=False),  # millionths of the budgets' currency
    Column("first_token_ms", Integer, nullable=False),
    Column("latency_ms", Integer, nullable=False),
    Column("outcome", String(20), nullable=False),  # open, ok, rejected, or why it failed
    Column("at", Moment, nullable=False),
    Index("ix_model_call_contact", "contact_id"),
    Index("ix_model_call_at", "at"),
    info=belongs(
        OfPerson(
            through=Through("contact_id", "contact"),
            erase="blank",
            blank={"contact_id": ""},
            why="What calls to the language model cost; no words, and then nobody's.",
        )
    ),
)


@dataclass(frozen=True)
class Call:
    """One call as it is recorded."""

    contact_id: str
    purpose: str
    prompt: str
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True)
class Spent:
    """What calls have used so far; `cost` in millionths of the budgets' currency."""

    calls: int
    tokens_in: int
    tokens_out: int
    cost: int


def price(settings: Model, tokens_in: int, tokens_out: int) -> int:
    """In millionths of the currency: prices are per million tokens."""
    return math.ceil(tokens_in * settings.price_in + tokens_out * settings.price_out)


def reserve(tx: Transaction, settings: Model, zone: ZoneInfo, call: Call) -> str | None:
    """The id under which the call may be made; None where a budget does not allow it. `call` holds the most tokens."""
    tx.lock("model_budget")
    most = price(settings, call.tokens_in, call.tokens_out)
    contact = of_contact(tx, call.contact_id)
    today = since(tx, _midnight(tx.now, zone))
    fits = (
        contact.calls < settings.calls_contact
        and _fits(contact.cost + most, settings.budget_contact)
        and _fits(today.cost + most, settings.budget_day)
    )
    if not fits:
        return None
    call_id = new_id("call")
    tx.execute(
        insert(model_call).values(
            id=call_id,
            contact_id=call.contact_id,
            purpose=call.purpose,
            model=settings.name,
            prompt=call.prompt,
            tokens_in=call.tokens_in,
            tokens_out=call.tokens_out,
            cost=most,
            first_token_ms=0,
            latency_ms=0,
            outcome="open",
            at=tx.now,
        )
    )
    return call_id


def settle(
    tx: Transaction,
    call_id: str,
    outcome: str,
    *,
    latency_ms: int,
    first_token_ms: int = 0,
    used: tuple[int, int, int] | None = None,
) -> None:
    """`used`: tokens in, tokens out, cost; None leaves the call at the most it can have cost."""
    values: dict[str, object] = {
        "outcome": outcome,
        "latency_ms": latency_ms,
        "first_token_ms": first_token_ms,
    }
    if used is not None:
        values |= {"tokens_in": used[0], "tokens_out": used[1], "cost": used[2]}
    tx.execute(update(model_call).where(model_call.c.id == call_id).values(**values))


def of_contact(tx: Transaction, contact_id: str) -> Spent:
    """What the calls of one contact have used."""
    return _sum(tx, model_call.c.contact_id == contact_id)


def since(tx: Transaction, moment: datetime) -> Spent:
    """What all calls from a moment on have used."""
    return _sum(tx, model_call.c.at >= moment)


def failed_in_a_row(tx: Transaction, moment: datetime) -> int:
    """How many of the newest calls since then gave no words at all, up to the first that did; an endpoint that works: 0."""
    rows = tx.all(
        select(model_call.c.outcome)
        .where(model_call.c.at >= moment, model_call.c.outcome != "open")
        .order_by(model_call.c.at.desc(), model_call.c.id.desc())
        .limit(_IN_A_ROW)
    )
    return sum(1 for _ in takewhile(lambda row: row.outcome not in _SAID, rows))


def _sum(tx: Transaction, which: ColumnElement[bool]) -> Spent:
    c = model_call.c
    sums = [func.coalesce(func.sum(column), 0) for column in (c.tokens_in, c.tokens_out, c.cost)]
    row = tx.execute(select(func.count(), *sums).where(which)).one()
    return Spent(*(int(value) for value in row))


def _fits(cost: int, budget: float) -> bool:
    return budget > 0 and cost <= budget * 1_000_000


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(now.astimezone(zone).date(), time(), zone)
