"""What happened in a case, read from its ledgers and its own course: who spoke, who answered, how it moved.

The one place that says what an answer of substance is: an agent's word; of the assistant a turn that neither hands
over, nor asks what was meant, nor only asks for more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from madoguchi.counter.cases import events as case_events
from madoguchi.counter.cases.clocks import Fact, Happened
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.policy import LIVE
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Entry, contact, ledger_entry
from madoguchi.engine.database import Transaction

_READ = (events.MESSAGE, events.HAND_OVER, events.UNDERSTOOD)
_MOVES: dict[str, Happened] = {
    "waiting_for_customer": "waits_for_customer",
    "waiting_for_third_party": "waits_for_third_party",
    "waiting_for_us": "goes_on",
    "investigating": "goes_on",
    "resolved": "solved",
    "reopened": "reopened",
}
_NO_ANSWERS = frozenset({"sign_in"})  # cards that only ask for something


def facts_of(tx: Transaction, case: Case) -> list[Fact]:
    """In the order in which they happened."""
    said = [fact for entries in _by_contact(tx, case.id) for fact in spoken(entries)]
    moved = list(_moved(tx, case))
    early = [fact for fact in (*said, *moved) if fact.at >= case.opened_at]
    return sorted([*early, *_without_record(case, moved)], key=lambda fact: fact.at)


def spoken(entries: Sequence[Entry]) -> Iterable[Fact]:
    """The facts of one contact. What the assistant writes in one turn has one moment. Pure."""
    for (kind, at), group in groupby(entries, key=lambda entry: (entry.author_kind, entry.at)):
        together = list(group)
        if kind == "customer":
            if any(entry.kind == events.MESSAGE for entry in together):
                yield Fact(at, "asked")
        elif kind == "agent":
            if any(entry.kind == events.MESSAGE for entry in together):
                yield Fact(at, "answered", "agent")
        elif any(entry.kind == events.HAND_OVER for entry in together):
            yield Fact(at, "handed_over")
        elif kind == "assistant" and any(entry.kind == events.MESSAGE for entry in together):
            yield Fact(at, "answered", "assistant") if _of_substance(together) else Fact(at, "asked_back")


def last_move(tx: Transaction, case_id: str, state: str) -> datetime | None:
    """When the case last came into this state."""
    found = [
        e.at for e in case_events.of_case(tx, case_id, kinds=[case_events.MOVED]) if e.body.get("to") == state
    ]
    return found[-1] if found else None


def _of_substance(turn: Sequence[Entry]) -> bool:
    understood = [entry.body for entry in turn if entry.kind == events.UNDERSTOOD]
    if any(body.get("missed") or body.get("move") == "clarify" for body in understood):
        return False
    return any(_tells(entry) for entry in turn if entry.kind == events.MESSAGE)


def _tells(message: Entry) -> bool:
    card = message.body.get("card")
    if card:
        return card.get("kind") not in _NO_ANSWERS
    return not message.body.get("choices")


def _by_contact(tx: Transaction, case_id: str) -> list[list[Entry]]:
    rows = tx.all(
        select(ledger_entry)
        .join(contact, contact.c.id == ledger_entry.c.contact_id)
        .where(contact.c.case_id == case_id, ledger_entry.c.kind.in_(_READ))
        .order_by(ledger_entry.c.contact_id, ledger_entry.c.seq)
    )
    entries = [Entry(**row._mapping) for row in rows]
    return [list(group) for _, group in groupby(entries, key=lambda entry: entry.contact_id)]


def _moved(tx: Transaction, case: Case) -> Iterable[Fact]:
    for event in case_events.of_case(tx, case.id, kinds=[case_events.MOVED]):
        happened = _MOVES.get(str(event.body.get("to")))
        if happened is not None:
            yield Fact(event.at, happened, event.actor_kind)


def _without_record(case: Case, moved: Sequence[Fact]) -> Iterable[Fact]:
    """How the case stands, where it moved before moves were recorded; and where it goes on in another.

    To go on in another is no solution: what was promised is promised there.
    """
    solved_at = (
        case.resolved_at if case.merged_into else case.resolved_at or case.closed_at or case.updated_at
    )
    recorded = any(fact.happened == "solved" for fact in moved)
    if case.state not in LIVE and solved_at is not None and not recorded:
        yield Fact(solved_at, "solved")
    if case.merged_into:
        yield Fact(case.updated_at, "gone")
