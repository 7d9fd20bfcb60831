"""Reading what was collected: for the round, for the editor, for what is learnt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from madoguchi.assistant.learning.model import LearningTurn, State, learning_cursor, learning_turn
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction

CURSOR = "ledger"
_table = learning_turn.c


def cursor(tx: Transaction) -> datetime | None:
    """Up to which change of a contact the ledgers have been read."""
    found: datetime | None = tx.scalar(select(learning_cursor.c.at).where(learning_cursor.c.name == CURSOR))
    return found


def get(tx: Transaction, turn_id: str) -> LearningTurn:
    """Raises NotFound("learning_turn_not_found")."""
    found = find(tx, turn_id)
    if found is None:
        raise NotFound("learning_turn_not_found", id=turn_id)
    return found


def find(tx: Transaction, turn_id: str) -> LearningTurn | None:
    row = tx.first(select(learning_turn).where(_table.id == turn_id))
    return None if row is None else _turn(row)


def of_contact(tx: Transaction, contact_id: str) -> dict[int, LearningTurn]:
    """By the message's number in the contact."""
    rows = tx.all(select(learning_turn).where(_table.contact_id == contact_id))
    return {row.seq: _turn(row) for row in rows}


def listed(
    tx: Transaction,
    *,
    decided: bool = False,
    reason: str = "",
    language: str = "",
    start: int = 0,
    limit: int = 20,
) -> tuple[list[LearningTurn], int]:
    """A page of open messages, oldest first, or of decided ones, newest decision first; and how many there are."""
    wanted: list[ColumnElement[bool]] = [_table.state != "open" if decided else _table.state == "open"]
    if reason:
        wanted.append(_table.reason == reason)
    if language:
        wanted.append(_table.language == language)
    order: Sequence[Any] = (
        (_table.decided_at.desc(), _table.id) if decided else (_table.said_at, _table.seq, _table.id)
    )
    rows = tx.all(select(learning_turn).where(*wanted).order_by(*order).offset(start).limit(limit))
    count = tx.scalar(select(func.count()).select_from(learning_turn).where(*wanted))
    return [_turn(row) for row in rows], int(count)


def progress(tx: Transaction) -> dict[State, int]:
    """How many are open, labelled and discarded."""
    counts = dict.fromkeys(("open", "labelled", "discarded"), 0)
    rows = tx.all(select(_table.state, func.count().label("many")).group_by(_table.state))
    return {**counts, **{row.state: int(row.many) for row in rows}}


def labelled(tx: Transaction) -> list[LearningTurn]:
    """Every label, in a fixed order."""
    rows = tx.all(
        select(learning_turn)
        .where(_table.state == "labelled")
        .order_by(_table.said_at, _table.seq, _table.id)
    )
    return [_turn(row) for row in rows]


def _turn(row: Row[Any]) -> LearningTurn:
    return LearningTurn(**row._mapping)
