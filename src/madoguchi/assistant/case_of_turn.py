"""What a turn makes of the contact's case: what it is about, which earlier one it goes on with, which steps it needs."""

from __future__ import annotations

from collections.abc import Iterable

from madoguchi.assistant.reply import Reply
from madoguchi.counter.actors import ASSISTANT
from madoguchi.counter.cases import continuing, duplicates, queries, service, templates
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.policy import is_live
from madoguchi.engine.database import Transaction

_ABOUT_US = "support_service."


def settle_case(tx: Transaction, case_id: str, reply: Reply, reopen_days: int) -> str:
    """Returns the id of the case in which the contact is from now on (CASE-004, CASE-006, CASE-013)."""
    if reply.goes_on_with:
        case_id = continuing.go_on(tx, case_id, reply.goes_on_with, reopen_days, ASSISTANT).id
    if not (reply.topic or reply.order_number or reply.hand_over):
        return case_id
    known = queries.get(tx, case_id).category
    about_us = bool(reply.topic and reply.topic.startswith(_ABOUT_US))
    keeps = about_us and bool(known) and not known.startswith(_ABOUT_US)
    service.classify(
        tx,
        case_id,
        category=None if keeps else reply.topic or None,
        order_number=reply.order_number,
        wish=None if keeps else reply.wish or None,
        summary=reply.hand_over.summary if reply.hand_over else None,
    )
    case_id = duplicates.settle(tx, case_id, ASSISTANT).id
    if reply.hand_over is not None:
        templates.begin_for(tx, case_id, reply.topic or known, ASSISTANT, reply.language or "ja")
    return case_id


def settles_in(case: Case, known: Iterable[Case], category: str, order_number: str) -> Case:
    """The case whose number is worth telling before this turn is settled: the older one of the same problem, or this one (CASE-006)."""
    same = [
        each
        for each in known
        if is_live(each.state)
        and each.number < case.number
        and (each.category, each.order_number) == (category, order_number)
    ]
    joins = bool(order_number and category) and not category.startswith(_ABOUT_US)
    return min(same, key=lambda each: each.number) if joins and same else case
