"""A matter goes on: something is said anew in its contact, or a new contact takes an earlier case up (CASE-004, CASE-011)."""

from __future__ import annotations

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import joining, links, policy, queries, service
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction


def speak_again(tx: Transaction, seen: Contact, reopen_days: int, by: Actor) -> Case | None:
    """Something was said in a contact: its case goes on, opened again where that is due, and the contact belongs to it.

    Returns the case that goes on, which may be a new one; a contact that has ended stays in the case of its time.
    """
    if seen.case_id is None:
        return None
    case = service.reopen(tx, seen.case_id, reopen_days, by)
    if seen.state != "ended" and case.id != seen.case_id:
        contacts.link_case(tx, seen.id, case.id)
    return case


def go_on(tx: Transaction, case_id: str, earlier_id: str, reopen_days: int, by: Actor) -> Case:
    """The case in which a contact goes on that was opened under `case_id`: the earlier one, opened again where that is due.

    Long after its solution the new case stays and follows it; a case that has grown is linked and left to people.
    Raises NotFound for somebody else's, as if it did not exist.
    """
    here, earlier = (queries.going_on(tx, queries.get(tx, each)) for each in (case_id, earlier_id))
    if here.id == earlier.id:
        return here
    if not queries.same_person(here, earlier):
        raise NotFound("case_not_found")
    if any(each.case.id == earlier.id for each in links.linked(tx, here.id)):
        return here
    if not policy.is_live(earlier.state):
        if not policy.may_reopen(earlier.resolved_at or earlier.closed_at, tx.now, reopen_days):
            links.link(tx, here.id, earlier.id, "follows", by)
            return here
        earlier = service.reopen(tx, earlier.id, reopen_days, by)
    if len(contact_queries.of_case(tx, here.id)) > 1:
        links.link(tx, here.id, earlier.id, "related", by)
        return here
    return joining.merge(tx, here.id, earlier.id, by)
