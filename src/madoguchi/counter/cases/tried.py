"""What was tried already in the contacts of a case, so that nobody does it twice (CASE-006, CH-048, HLP-014)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from madoguchi.counter.cases import orders_of
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import events as facts
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.counter.orders.phrases import action_label
from madoguchi.counter.orders.tables import proposal
from madoguchi.engine.database import Transaction

_STEPS = (facts.FLOW_ENDED, facts.HAND_OVER)


@dataclass(frozen=True)
class Tried:
    """`kind`: step (of the assistant's flows) or deed (on an order). `contact_id` is empty for what was done on a page."""

    kind: Literal["step", "deed"]
    text: str
    at: datetime
    contact_id: str
    channel: str
    proposal_id: str = ""
    order_number: str = ""


def of_case(tx: Transaction, case: Case, language: str) -> list[Tried]:
    """Steps and deeds of all contacts of the case and deeds on its orders, each once, oldest first."""
    return sorted([*_steps(tx, case), *_deeds(tx, case, language)], key=lambda each: each.at)


def _steps(tx: Transaction, case: Case) -> list[Tried]:
    query = (
        select(ledger_entry.c.body, ledger_entry.c.at, contact.c.id, contact.c.channel, ledger_entry.c.kind)
        .join(contact, contact.c.id == ledger_entry.c.contact_id)
        .where(contact.c.case_id == case.id, ledger_entry.c.kind.in_(_STEPS))
        .order_by(ledger_entry.c.at, ledger_entry.c.seq)
    )
    found: dict[str, Tried] = {}
    for row in tx.all(query):
        said = row.body if row.kind == facts.FLOW_ENDED else row.body.get("summary") or {}
        for line in said.get("tried") or ():
            found.setdefault(line, Tried("step", line, row.at, row.id, row.channel))
    return list(found.values())


def _deeds(tx: Transaction, case: Case, language: str) -> list[Tried]:
    """Of the case's own customer only: an order's number in a case proves nothing about it."""
    if case.customer_id is None:
        return []
    orders = [each.order_number for each in orders_of.of_case(tx, case)]
    query = (
        select(proposal, contact.c.channel)
        .outerjoin(contact, contact.c.id == proposal.c.contact_id)
        .where(
            proposal.c.order_number.in_(orders),
            proposal.c.customer_id == case.customer_id,
            proposal.c.state == "done",
        )
    )
    return [
        Tried(
            "deed",
            action_label(row.action, language),
            row.finished_at or row.created_at,
            row.contact_id or "",
            row.channel or "",
            row.id,
            row.order_number,
        )
        for row in tx.all(query)
    ]
