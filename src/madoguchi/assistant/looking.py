"""What a turn begins with: the contact, its words, its customer, cases and the house around it, in one read."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

from madoguchi.assistant.best_way import BestWay, best_way
from madoguchi.assistant.labour import Labour
from madoguchi.assistant.labour_keeping import divided
from madoguchi.assistant.learning.words.queries import accepted
from madoguchi.assistant.own_flows.serving import Serving, serving
from madoguchi.counter.calendars.loading import Calendars, load
from madoguchi.counter.cases import queries as cases_queries
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.cases.ways.keeping import laid_over
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.customers.preferences import wants
from madoguchi.counter.hours import Hours
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.queries import helped_last, presence, waiting_by_queue
from madoguchi.counter.routing.queues import queues, topics
from madoguchi.counter.team import queries as team
from madoguchi.engine.case_sections import Ways
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings

_PAGE = 1000


@dataclass(frozen=True)
class Seen:
    """A contact as it was when the turn began."""

    contact: Contact
    entries: list[Entry]
    customer: Customer | None
    case: Case | None
    cases: dict[str, Case]
    waiting: Mapping[str, int]
    calendars: Calendars
    never_closing: frozenset[str]
    topics: Mapping[str, str]
    personal: bool = True  # the customer lets answers use their history and orders (PRIV-007)
    way: BestWay | None = None
    helper: str = ""  # the name of who helped last in this case
    numbers: Mapping[str, str] = field(default_factory=dict)  # case number → id of the case it leads to
    helpers: Mapping[str, str] = field(
        default_factory=dict
    )  # case → who helped there last, if at the desk now
    words: tuple[tuple[str, str], ...] = ()  # what the shop's customers call its goods
    labour: Mapping[str, Labour] = field(default_factory=dict)
    own: Serving = field(default_factory=Serving)
    ways: Ways = field(default_factory=Ways)


def look(tx: Transaction, contact_id: str, settings: Settings) -> Seen | None:
    contact = queries.get(tx, contact_id)
    if not contact.owes_turn or contact.state == "ended":
        return None
    entries: list[Entry] = []
    while page := queries.entries(tx, contact_id, after=entries[-1].seq if entries else 0, limit=_PAGE):
        entries += page
        if len(page) < _PAGE:
            break
    entries = list(itertools.takewhile(lambda entry: entry.seq <= contact.last_seq, entries))
    customer = customers.find(tx, contact.customer_id) if contact.customer_id else None
    earlier = tuple(c for c in _earlier(tx, contact) if c.id != contact.id)
    found = {c.case_id: cases_queries.find(tx, c.case_id) for c in (contact, *earlier) if c.case_id}
    known = {case_id: case for case_id, case in found.items() if case is not None}
    case = known.get(contact.case_id or "")
    personal = wants(tx, contact.customer_id, "personal_answers")
    before = queries.of_case(tx, contact.case_id) if personal and contact.case_id else []
    way = best_way(contact, before, "", "") if before else None
    helped = helped_last(tx, contact.case_id) if way else ""
    name = team.display_name(tx, helped) if helped else ""
    called = tuple(accepted(tx))
    numbers = {number: each for each in known for number in cases_queries.numbers_of(tx, each)}
    helpers = _helpers(tx, known, Rules.of(settings)) if personal else {}
    return Seen(
        contact=contact,
        entries=entries,
        customer=customer,
        case=case,
        cases=known,
        waiting=waiting_by_queue(tx),
        calendars=load(tx, settings),
        never_closing=frozenset(queue.id for queue in queues(tx) if queue.always_open),
        topics=topics(tx),
        personal=personal,
        way=way,
        helper=name,
        numbers=numbers,
        helpers=helpers,
        words=called,
        labour=divided(tx, settings),
        own=serving(tx, entries),
        ways=laid_over(tx, settings).ways,
    )


def hours_of(seen: Seen) -> Hours:
    """When people are there for this customer."""
    contact, customer = seen.contact, seen.customer
    segments = customer.segments if customer else ()
    return seen.calendars.hours_for("", contact.channel, contact.language, segments)


def _helpers(tx: Transaction, known: Mapping[str, Case], rules: Rules) -> dict[str, str]:
    """Of the cases that are open: who helped there last, where they are at the desk and can be asked for (HND-014)."""
    found = {}
    for case in known.values():
        agent_id = helped_last(tx, case.id) if is_live(case.state) else ""
        there = presence(tx, agent_id, rules) if agent_id else None
        if there is not None and there.present and there.status == "available":
            found[case.id] = team.display_name(tx, agent_id)
    return found


def _earlier(tx: Transaction, contact: Contact) -> list[Contact]:
    if contact.customer_id is None:
        return []
    return queries.of_customer(tx, contact.customer_id, limit=30)
