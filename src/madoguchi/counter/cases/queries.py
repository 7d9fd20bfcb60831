"""Reading cases: by the number that people quote, of one person, for staff."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.customers.model import customer
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction
from madoguchi.kit.text import ascii_hyphens, normalise

_NUMBER = re.compile(r"(?:c\s*-?\s*)?(\d{1,9})", re.IGNORECASE)
_HYPHEN_AFTER_C = re.compile(r"(?i)(?<=c)\s*[ー−–‐‑‒—―～~]\s*(?=\d)")


def number_in(text: str) -> int | None:
    """10482 for `C-10482`, `c10482`, `Ｃ−１０４８２`, `10482`, `#10482`, `ケース番号 C-10482`; None for anything else. Pure."""
    plain = _HYPHEN_AFTER_C.sub("-", ascii_hyphens(normalise(text))).strip()
    plain = re.sub(
        r"^(?:ケース番号|ケース|受付番号|お問い合わせ番号|case(?:\s+number)?|no\.?|#)\s*[::#]?\s*",
        "",
        plain,
        flags=re.IGNORECASE,
    )
    found = _NUMBER.fullmatch(plain)
    return int(found.group(1)) if found else None


def find(tx: Transaction, case_id: str) -> Case | None:
    row = tx.first(select(case_file).where(case_file.c.id == case_id))
    return None if row is None else Case(**row._mapping)


def get(tx: Transaction, case_id: str) -> Case:
    """Raises NotFound("case_not_found")."""
    found = find(tx, case_id)
    if found is None:
        raise NotFound("case_not_found")
    return found


def get_for_update(tx: Transaction, case_id: str) -> Case:
    """The case, held until the end of the transaction. Raises NotFound."""
    row = tx.first(select(case_file).where(case_file.c.id == case_id).with_for_update())
    if row is None:
        raise NotFound("case_not_found")
    return Case(**row._mapping)


def exactly(tx: Transaction, text: str) -> Case | None:
    """The case that got this number, though it may go on in another by now."""
    number = number_in(text)
    if number is None:
        return None
    row = tx.first(select(case_file).where(case_file.c.number == number))
    return None if row is None else Case(**row._mapping)


def by_number(tx: Transaction, text: str) -> Case | None:
    """The case to which a number leads, as typed: of merged ones the one that goes on. For customers see `visible`."""
    found = exactly(tx, text)
    return None if found is None else going_on(tx, found)


def going_on(tx: Transaction, seen: Case) -> Case:
    """The case in which a merged one goes on; any other is itself."""
    while seen.merged_into:
        seen = get(tx, seen.merged_into)
    return seen


def family(tx: Transaction, case_id: str) -> list[str]:
    """The case and all that were merged into it, directly or through others."""
    found, new = [case_id], [case_id]
    while new:
        rows = tx.all(select(case_file.c.id).where(case_file.c.merged_into.in_(new)))
        new = [row.id for row in rows]
        found += new
    return found


def numbers_of(tx: Transaction, case_id: str) -> list[str]:
    """Every number that leads to the case, as people quote them; its own first."""
    rows = tx.all(select(case_file.c.id, case_file.c.number).where(case_file.c.id.in_(family(tx, case_id))))
    return [f"C-{row.number}" for row in sorted(rows, key=lambda row: (row.id != case_id, row.number))]


def same_person(one: Case, other: Case) -> bool:
    """Whether both are the matter of one customer, or of one visitor whom nobody knows (CASE-004)."""
    if one.customer_id is None and other.customer_id is None:
        return one.visitor_id == other.visitor_id
    return one.customer_id == other.customer_id


def may_see(actor: Actor, seen: Case) -> bool:
    """Staff see every case; a customer sees those of their session and, signed in, their own (CASE-004)."""
    if actor.kind == "agent":
        return bool(actor.roles)
    if actor.kind == "integrator":
        return "contacts" in actor.scopes or "read" in actor.scopes
    if actor.kind == "seller":
        return False
    if actor.kind != "customer":
        return True
    if seen.customer_id is None:
        return seen.visitor_id == actor.id
    return actor.rung >= Rung.SIGNED_IN and seen.customer_id == actor.customer_id


def visible(tx: Transaction, actor: Actor, text: str) -> Case:
    """The case of this number if the actor may see it; otherwise NotFound, as if it did not exist."""
    found = by_number(tx, text)
    if found is None or not may_see(actor, found):
        raise NotFound("case_not_found")
    return found


def of_customer(tx: Transaction, customer_id: str, *, limit: int = 50) -> list[Case]:
    """Newest first; what goes on in another case is not one of its own."""
    own = (case_file.c.customer_id == customer_id) & (case_file.c.merged_into == "")
    return _cases(tx, select(case_file).where(own), limit)


def of_visitor(tx: Transaction, visitor_id: str, *, limit: int = 50) -> list[Case]:
    """What a visitor has opened who is nobody's customer yet, newest first, merged cases too: they change hands together."""
    return _cases(
        tx,
        select(case_file).where(case_file.c.visitor_id == visitor_id, case_file.c.customer_id.is_(None)),
        limit,
    )


def live_like(
    tx: Transaction, *, customer_id: str | None, visitor_id: str, category: str, order_number: str
) -> Case | None:
    """A case of the same person about the same thing that is not solved yet: to go on with, not to open twice (CASE-006)."""
    same_person = (
        case_file.c.customer_id == customer_id
        if customer_id
        else (case_file.c.visitor_id == visitor_id) & case_file.c.customer_id.is_(None)
    )
    found = _cases(
        tx,
        select(case_file).where(
            same_person,
            case_file.c.category == category,
            case_file.c.order_number == order_number,
            case_file.c.state.not_in(("resolved", "closed")),
        ),
        1,
    )
    return found[0] if found else None


def overdue(tx: Transaction, *, limit: int = 100) -> list[Case]:
    """Cases whose promised time has passed without a solution, longest overdue first (SLA-030)."""
    rows = tx.all(
        select(case_file)
        .where(case_file.c.promised_at < tx.now, case_file.c.state.not_in(("resolved", "closed")))
        .order_by(case_file.c.promised_at)
        .limit(limit)
    )
    return [Case(**row._mapping) for row in rows]


def _cases(tx: Transaction, query: Select[Any], limit: int) -> list[Case]:
    ordered = query.order_by(case_file.c.opened_at.desc(), case_file.c.number.desc()).limit(limit)
    return [Case(**row._mapping) for row in tx.all(ordered)]


def times_by_segment(tx: Transaction, since: datetime) -> dict[str, list[tuple[float, bool | None]]]:
    """Cases solved since then, for companies and all others: hours that it took, and whether the promise was kept."""
    rows = tx.all(
        select(case_file.c.opened_at, case_file.c.resolved_at, case_file.c.promised_at, customer.c.segments)
        .outerjoin(customer, customer.c.id == case_file.c.customer_id)
        .where(case_file.c.resolved_at >= since)
    )
    found: dict[str, list[tuple[float, bool | None]]] = {"business": [], "other": []}
    for row in rows:
        kept = row.resolved_at <= row.promised_at if row.promised_at else None
        segment = "business" if "business" in (row.segments or []) else "other"
        found[segment].append(((row.resolved_at - row.opened_at).total_seconds() / 3600, kept))
    return found
