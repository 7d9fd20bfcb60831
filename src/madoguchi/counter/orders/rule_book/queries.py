"""Reading versions of the rules."""

from __future__ import annotations

from sqlalchemy import Select, select

from madoguchi.counter.orders.rule_book.model import RuleVersion, rule_version
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction


def version(tx: Transaction, number: int) -> RuleVersion:
    """Raises NotFound."""
    found = tx.first(select(rule_version).where(rule_version.c.number == number))
    if found is None:
        raise NotFound("rule_version_not_found")
    return RuleVersion(**found._mapping)


def newest(tx: Transaction, *, limit: int = 30) -> list[RuleVersion]:
    """The newest first."""
    wanted = select(rule_version).order_by(rule_version.c.number.desc()).limit(limit)
    return [RuleVersion(**row._mapping) for row in tx.all(wanted)]


def drafts(tx: Transaction) -> list[RuleVersion]:
    """What waits for somebody to put it in force, the oldest first."""
    wanted = select(rule_version).where(rule_version.c.state == "draft").order_by(rule_version.c.number)
    return [RuleVersion(**row._mapping) for row in tx.all(wanted)]


def number_in_force(tx: Transaction) -> int:
    """The version that holds now."""
    return int(tx.scalar(_in_force()) or 0)


def number_held(tx: Transaction) -> int:
    """The same, and no other can be put in force until this transaction has ended."""
    # On PostgreSQL a change that was just being made is waited for, and then found by looking once more.
    for _ in range(3):
        found = tx.scalar(_in_force().with_for_update(read=True))
        if found is not None:
            return int(found)
    return 0


def _in_force() -> Select[tuple[int]]:
    return select(rule_version.c.number).where(rule_version.c.state == "in_force")
