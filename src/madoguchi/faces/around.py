"""What views of contacts need from other tables, read once for all contacts that are shown together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from madoguchi.counter.business import queries as business_queries
from madoguchi.counter.business.model import Organisation
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.cases.promise_model import CasePromise
from madoguchi.counter.cases.promise_queries import promises_of_many
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.customers import queries as customer_queries
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.inbox import labels
from madoguchi.counter.quality import strain
from madoguchi.counter.quality.model import Strain
from madoguchi.counter.routing import queues
from madoguchi.counter.routing.customer_presence import LastSeen, last_seen
from madoguchi.counter.routing.model import Place, queue_place
from madoguchi.counter.team import queries as team_queries
from madoguchi.engine.database import Transaction

_FACTS = (
    events.MESSAGE,
    events.POSITION,
    events.HAND_OVER,
    events.SUMMARY_CORRECTED,
    events.OTHER_WAYS,
    events.PROMISE_BROKEN,
    events.MAIL_WISHED,
    events.RESOLVED,
    events.RESOLUTION_CONFIRMED,
)


@dataclass(frozen=True)
class Around:
    """Keyed by contact, case, customer, agent and queue id. `newest`: (contact, kind) → entry."""

    cases: dict[str, Case]
    customers: dict[str, Customer]
    companies: dict[str, Organisation]
    places: dict[str, Place]
    agents: dict[str, str]
    queues: dict[str, queues.Queue]
    promises: dict[str, list[CasePromise]]
    newest: dict[tuple[str, str], Entry]
    unread: dict[str, int]
    seen: dict[str, LastSeen]
    strains: dict[str, Strain]
    labels: dict[str, list[str]]
    followed: frozenset[str] = frozenset()  # contacts that the reader follows
    speaks_in: frozenset[str] = frozenset()  # contacts in which the reader speaks beside the owner

    def fact(self, contact: Contact, kind: str) -> Entry | None:
        return self.newest.get((contact.id, kind))


def companies_of(tx: Transaction, known: Iterable[Customer]) -> dict[str, Organisation]:
    """The companies of business customers, by customer."""
    found = {
        each.id: business_queries.of_customer(tx, each.id) for each in known if "business" in each.segments
    }
    return {customer_id: pair[0] for customer_id, pair in found.items() if pair is not None}


def around(tx: Transaction, contacts: Sequence[Contact], reader: str) -> Around:
    """`reader`: customer or agent, whose unread messages are counted."""
    ids = [contact.id for contact in contacts]
    case_ids = [contact.case_id for contact in contacts if contact.case_id]
    customer_ids = sorted({contact.customer_id for contact in contacts if contact.customer_id})
    waiting = [contact.id for contact in contacts if contact.owner_kind == "queue"]
    case_rows = tx.all(select(case_file).where(case_file.c.id.in_(case_ids))) if case_ids else []
    place_rows = tx.all(select(queue_place).where(queue_place.c.contact_id.in_(waiting))) if waiting else []
    known = customer_queries.by_ids(tx, customer_ids)
    return Around(
        cases={row.id: Case(**row._mapping) for row in case_rows},
        customers=known,
        companies=companies_of(tx, known.values()),
        places={row.contact_id: Place(**row._mapping) for row in place_rows},
        agents={agent.id: agent.display_name for agent in team_queries.agents(tx)},
        queues={queue.id: queue for queue in queues.queues(tx)},
        promises=promises_of_many(tx, case_ids),
        newest=queries.newest_of(tx, ids, _FACTS),
        unread=queries.unread_of(tx, ids, reader),
        seen=last_seen(tx, ids) if reader == "agent" else {},
        strains=strain.of_contacts(tx, ids) if reader == "agent" else {},
        labels=labels.of_many(tx, ids) if reader == "agent" else {},
    )
