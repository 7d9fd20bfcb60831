"""Everything that happened, whichever way it came: words, calls and mails, orders, refunds and returns, the case itself, notes.

One query over the ledgers of all channels, the course of the cases, the notes and the deeds done outside any contact;
newest first, page by page (HIS-008, CH-055).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, null, or_, select, type_coerce, union_all

from madoguchi.counter.cases import orders_of, queries
from madoguchi.counter.cases.events import case_event
from madoguchi.counter.cases.memos import case_memo
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.contacts import events as facts
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.counter.customers.account_model import account_proposal
from madoguchi.counter.orders.tables import proposal
from madoguchi.counter.problems import Invalid
from madoguchi.engine.database import Transaction
from madoguchi.engine.schema import JsonText
from madoguchi.kit.clock import from_micros, to_micros

MEMO = "memo"
DEED = "order.deed"
ACCOUNT_DEED = "account.deed"
_MACHINERY = (
    facts.UNDERSTOOD,
    facts.FLOW_STARTED,
    facts.FLOW_ANSWERED,
    facts.FLOW_ENDED,
    facts.POSITION,
    facts.OFFERED,
    facts.OFFER_EXPIRED,
    facts.LANGUAGE_CHANGED,
)
_SETTLED = ("done", "failed", "unknown")
_DONE = ("done", "failed", "unknown", "awaiting_approval")


@dataclass(frozen=True)
class Happening:
    """One line. `source`: contact (a ledger's fact), case (its course), memo, deed (on an order) or account (a deed on
    it), both outside the contacts, order (what the shop tells, see `order_course`).

    `of`: id of the contact, case, memo or proposal, number of the order; `place` among what is of it. `channel`: of the
    contact. `text`: of a memo its words, of a deed "action state order" or "deed state".
    """

    at: datetime
    source: str
    of: str
    place: int
    kind: str
    visibility: str
    channel: str
    actor_kind: str
    actor_id: str
    actor_name: str
    body: Any
    text: str

    @property
    def cursor(self) -> str:
        return f"{to_micros(self.at)}/{self.source}/{self.of}/{self.place}"

    @property
    def order(self) -> tuple[datetime, str, str, int]:
        """By which lines stand one after the other."""
        return self.at, self.source, self.of, self.place


def of_case(
    tx: Transaction, case: Case, *, before: str = "", limit: int = 100, internal: bool = True
) -> list[Happening]:
    """Of one case with all that was merged into it. `before`: the cursor of the last line that the reader has."""
    own = queries.family(tx, case.id)
    orders = [each.order_number for each in orders_of.of_case(tx, case)]
    elsewhere = select(contact.c.id).where(contact.c.case_id == case.id)
    deeds = and_(
        proposal.c.order_number.in_(orders),
        proposal.c.customer_id == case.customer_id,
        or_(proposal.c.contact_id.is_(None), proposal.c.contact_id.not_in(elsewhere)),
    )
    parts = _parts(
        contact.c.case_id == case.id,
        case_event.c.case_id.in_(own),
        case_memo.c.case_id.in_(own),
        deeds if orders and case.customer_id else None,
        internal=internal,
    )
    if case.customer_id:
        parts.append(_account_deeds(_of_account(case.customer_id, case.opened_at, case.closed_at or tx.now)))
    return _page(tx, parts, before, limit)


def of_customer(tx: Transaction, customer_id: str, *, before: str = "", limit: int = 100) -> list[Happening]:
    """Of a customer, over all cases and channels; for staff."""
    own = select(case_file.c.id).where(case_file.c.customer_id == customer_id)
    parts = _parts(
        contact.c.customer_id == customer_id,
        case_event.c.case_id.in_(own),
        case_memo.c.case_id.in_(own),
        and_(proposal.c.customer_id == customer_id, proposal.c.contact_id.is_(None)),
        internal=True,
    )
    return _page(tx, [*parts, _account_deeds(_of_account(customer_id))], before, limit)


def _of_account(
    customer_id: str, since: datetime | None = None, until: datetime | None = None
) -> ColumnElement[bool]:
    """What was done on an account outside any contact; within a contact its ledger tells of it."""
    asked = account_proposal.c
    own = and_(asked.customer_id == customer_id, asked.contact_id.is_(None))
    if since is None or until is None:
        return own
    return and_(own, asked.created_at >= since, asked.created_at <= until)


def _parts(
    of_contacts: ColumnElement[bool],
    of_events: ColumnElement[bool],
    of_memos: ColumnElement[bool],
    of_deeds: ColumnElement[bool] | None,
    *,
    internal: bool,
) -> list[Select[Any]]:
    said = select(
        ledger_entry.c.at,
        literal("contact").label("source"),
        ledger_entry.c.contact_id.label("of"),
        ledger_entry.c.seq.label("place"),
        ledger_entry.c.kind,
        ledger_entry.c.visibility,
        contact.c.channel,
        ledger_entry.c.author_kind.label("actor_kind"),
        ledger_entry.c.author_id.label("actor_id"),
        literal("").label("actor_name"),
        ledger_entry.c.body,
        literal("").label("text"),
    ).join(contact, contact.c.id == ledger_entry.c.contact_id)
    said = said.where(of_contacts, ledger_entry.c.kind.not_in(_MACHINERY))
    course = select(
        case_event.c.at,
        literal("case"),
        case_event.c.case_id,
        case_event.c.seq,
        case_event.c.kind,
        case_event.c.visibility,
        literal(""),
        case_event.c.actor_kind,
        case_event.c.actor_id,
        case_event.c.actor_name,
        case_event.c.body,
        literal(""),
    ).where(of_events, case_event.c.kind != "memo.added")
    if not internal:
        said = said.where(ledger_entry.c.visibility == "public")
        course = course.where(case_event.c.visibility == "public")
    parts = [said, course, _memos(of_memos)]
    return parts if of_deeds is None else [*parts, _deeds(of_deeds)]


def _memos(of_memos: ColumnElement[bool]) -> Select[Any]:
    return select(
        case_memo.c.happened_at,
        literal("memo"),
        case_memo.c.id,
        literal(0),
        literal(MEMO),
        literal("public"),
        literal(""),
        case_memo.c.author_kind,
        case_memo.c.author_id,
        case_memo.c.author_name,
        type_coerce(null(), JsonText),
        case_memo.c.text,
    ).where(of_memos)


def _deeds(of_deeds: ColumnElement[bool]) -> Select[Any]:
    return select(
        func.coalesce(proposal.c.finished_at, proposal.c.confirmed_at, proposal.c.created_at),
        literal("deed"),
        proposal.c.id,
        literal(0),
        literal(DEED),
        literal("public"),
        literal(""),
        proposal.c.actor_kind,
        proposal.c.actor_id,
        literal(""),
        type_coerce(null(), JsonText),
        proposal.c.action + literal(" ") + proposal.c.state + literal(" ") + proposal.c.order_number,
    ).where(of_deeds, proposal.c.state.in_(_DONE))


def _account_deeds(of_deeds: ColumnElement[bool]) -> Select[Any]:
    return select(
        func.coalesce(
            account_proposal.c.finished_at, account_proposal.c.confirmed_at, account_proposal.c.created_at
        ),
        literal("account"),
        account_proposal.c.id,
        literal(0),
        literal(ACCOUNT_DEED),
        literal("public"),
        literal(""),
        account_proposal.c.actor_kind,
        account_proposal.c.actor_id,
        literal(""),
        type_coerce(null(), JsonText),
        account_proposal.c.deed + literal(" ") + account_proposal.c.state,
    ).where(of_deeds, account_proposal.c.state.in_(_SETTLED))


def _page(tx: Transaction, parts: Sequence[Select[Any]], before: str, limit: int) -> list[Happening]:
    line = union_all(*parts).subquery()
    query = select(line)
    if before:
        query = query.where(_earlier(line.c, before))
    query = query.order_by(line.c.at.desc(), line.c.source.desc(), line.c.of.desc(), line.c.place.desc())
    return [Happening(**row._mapping) for row in tx.all(query.limit(limit))]


def place_of(cursor: str) -> tuple[datetime, str, str, int]:
    """The place that a cursor names. Raises Invalid."""
    try:
        micros, source, rest = cursor.split("/", 2)
        of, _, place = rest.rpartition("/")
        return from_micros(int(micros)), source, of, int(place)
    except (ValueError, OverflowError) as error:
        raise Invalid("invalid", field="before") from error


def _earlier(line: Any, before: str) -> ColumnElement[bool]:
    at, source, of, number = place_of(before)
    return or_(
        line.at < at,
        and_(line.at == at, line.source < source),
        and_(line.at == at, line.source == source, line.of < of),
        and_(line.at == at, line.source == source, line.of == of, line.place < number),
    )
