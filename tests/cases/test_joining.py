"""Merging, splitting and linking cases: nothing is lost, no number leads nowhere, nobody else's case comes in."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases import (
    events,
    follow_ups,
    joining,
    links,
    memos,
    orders_of,
    queries,
    service,
    tasks,
    tried,
)
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact, contact
from madoguchi.counter.orders.tables import proposal
from madoguchi.counter.problems import Conflict, Invalid, Problem
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Database, Transaction
from tests.conftest import StillClock

MISAKI = Actor(kind="customer", id="vis_1", customer_id="cus_1", rung=Rung.SIGNED_IN)
JOHN = Actor(kind="customer", id="vis_2", customer_id="cus_2", rung=Rung.SIGNED_IN)
AGENT = Actor(kind="agent", id="agt_1", name="伊藤", roles=frozenset({"agent"}))
LATE = "order_delivery.delivery_delay"
DAMAGED = "return_exchange_cancel.damaged_item"


def brought(
    tx: Transaction, actor: Actor = MISAKI, category: str = LATE, order_number: str = "", times: int = 1
) -> Case:
    """A case with contacts in it."""
    case = service.open_case(tx, actor.customer_id, actor.id, category, order_number)
    for _ in range(times):
        opened = contacts.open_contact(
            tx, actor=actor, channel="chat", language="ja", topic=category, order_number=order_number
        )
        contacts.link_case(tx, opened.id, case.id)
    return case


def of(tx: Transaction, case: Case) -> list[Contact]:
    return contact_queries.of_case(tx, case.id)


@pytest.mark.req("CASE-006")
def test_a_merged_case_goes_on_in_the_other_with_all_that_it_had(database: Database) -> None:
    def story(tx: Transaction) -> tuple[Case, Case, Case]:
        ended = brought(tx, category=DAMAGED, order_number="503-1", times=2)
        tasks.add(tx, ended.id, "倉庫に確認", AGENT, queue="orders")
        memos.add(tx, ended.id, tx.now - timedelta(days=1), "箱がつぶれていた", MISAKI)
        live = brought(tx, order_number="503-2")
        return ended, live, joining.merge(tx, ended.id, live.id, AGENT)

    ended, live, goes_on = database.write(story)

    def check(tx: Transaction) -> None:
        assert len(of(tx, live)) == 3
        assert of(tx, ended) == []
        assert [each.title for each in tasks.of_case(tx, live.id)] == ["倉庫に確認"]
        assert [each.text for each in memos.of_case(tx, live.id)] == ["箱がつぶれていた"]
        assert {each.order_number for each in orders_of.of_case(tx, goes_on)} == {"503-1", "503-2"}
        assert queries.visible(tx, MISAKI, ended.label).id == live.id
        assert queries.visible(tx, AGENT, ended.label).id == live.id
        assert goes_on.priority == min(ended.priority, live.priority)
        closed = queries.get(tx, ended.id)
        assert (closed.state, closed.merged_into) == ("closed", live.id)
        assert [each.kind for each in events.of_case(tx, live.id, kinds=("case.joined",))] == ["case.joined"]
        assert [each.id for each in joining.joined_into(tx, live.id)] == [ended.id]
        assert tx.scalar(select(audit.c.actor_id).where(audit.c.action == "case.merged")) == AGENT.id

    database.read(check)


@pytest.mark.req("CASE-006")
def test_a_merge_taken_back_gives_back_what_was_brought(database: Database) -> None:
    def story(tx: Transaction) -> tuple[Case, Case]:
        ended = brought(tx, category=DAMAGED, order_number="503-1", times=2)
        task = tasks.add(tx, ended.id, "倉庫に確認", AGENT)
        live = brought(tx, order_number="503-2")
        joining.merge(tx, ended.id, live.id, AGENT)
        tasks.move_on(tx, task.id, "start", AGENT)
        joining.undo(tx, ended.id, AGENT)
        return ended, live

    ended, live = database.write(story)

    def check(tx: Transaction) -> None:
        back, other = queries.get(tx, ended.id), queries.get(tx, live.id)
        assert (back.state, back.merged_into, back.closed_at) == ("open", "", None)
        assert (len(of(tx, back)), len(of(tx, other))) == (2, 1)
        assert [each.state for each in tasks.of_case(tx, back.id)] == ["doing"]
        assert [each.order_number for each in orders_of.of_case(tx, other)] == ["503-2"]
        assert (other.priority, other.promised_at) == (live.priority, live.promised_at)
        assert queries.visible(tx, MISAKI, back.label).id == back.id

    database.read(check)
    with pytest.raises(Conflict, match="not_merged"):
        database.write(joining.undo, ended.id, AGENT)


@pytest.mark.req("CASE-004", "CASE-006")
def test_cases_of_two_customers_are_never_joined_nor_linked(database: Database) -> None:
    def open_both(tx: Transaction) -> tuple[Case, Case, Case]:
        nobody = Actor(kind="customer", id="vis_1")
        return brought(tx), brought(tx, JOHN), brought(tx, nobody)

    misakis, johns, nobodys = database.write(open_both)
    for one, other in ((misakis, johns), (johns, misakis), (misakis, nobodys), (nobodys, misakis)):
        with pytest.raises(Conflict, match="case_of_other_customer"):
            database.write(joining.merge, one.id, other.id, AGENT)
        with pytest.raises(Conflict, match="case_of_other_customer"):
            database.write(links.link, one.id, other.id, "related", AGENT)
    assert [len(database.read(of, case)) for case in (misakis, johns, nobodys)] == [1, 1, 1]


def test_a_merge_raises_nobodys_rung_and_opens_nobodys_contact(database: Database) -> None:
    """Money and permission hang on the contact's own customer, wherever the contact goes."""

    def story(tx: Transaction) -> tuple[Case, list[tuple[str, int, str | None]]]:
        low = Actor(kind="customer", id="vis_7")
        high = Actor(kind="customer", id="vis_7", rung=Rung.ORDER, order_numbers=frozenset({"503-1"}))
        one, other = brought(tx, low), brought(tx, high)
        before = [
            (each.id, each.customer_rung, each.customer_id) for case in (one, other) for each in of(tx, case)
        ]
        return joining.merge(tx, one.id, other.id, AGENT), before

    case, before = database.write(story)
    after = database.read(of, case)
    assert sorted((each.id, each.customer_rung, each.customer_id) for each in after) == sorted(before)
    assert sorted(tuple(each.proven_orders) for each in after) == [(), ("503-1",)]


def test_a_case_that_is_over_takes_nothing_in(database: Database) -> None:
    one, over = database.write(lambda tx: (brought(tx), brought(tx)))
    database.write(service.resolve, over.id, AGENT)
    with pytest.raises(Conflict, match="case_state"):
        database.write(joining.merge, one.id, over.id, AGENT)
    with pytest.raises(Conflict, match="same_case"):
        database.write(joining.merge, one.id, one.id, AGENT)
    joined = database.write(joining.merge, over.id, one.id, AGENT)
    assert joined.promised_at == one.promised_at
    with pytest.raises(Conflict, match="case_merged"):
        database.write(joining.merge, over.id, one.id, AGENT)


def test_the_sooner_promise_and_follow_up_hold_for_both(database: Database, clock: StillClock) -> None:
    def story(tx: Transaction) -> tuple[Case, Case, Case]:
        old = brought(tx)
        follow_ups.follow_up(tx, old.id, tx.now + timedelta(days=1), AGENT)
        return old, brought(tx, category=DAMAGED), brought(tx)

    old, live, _ = database.write(story)
    clock.forward(hours=1)
    goes_on = database.write(joining.merge, old.id, live.id, AGENT)
    assert old.promised_at and live.promised_at and goes_on.promised_at
    assert goes_on.promised_at == min(old.promised_at, live.promised_at)
    assert goes_on.follow_up_at == clock() + timedelta(hours=23)
    assert goes_on.owner_id == AGENT.id


@pytest.mark.req("CASE-003")
def test_chosen_contacts_become_a_case_of_their_own_linked_with_the_first(database: Database) -> None:
    def story(tx: Transaction) -> tuple[Case, Case, str]:
        whole = brought(tx, times=3)
        chosen = of(tx, whole)[1].id
        own = joining.split(tx, whole.id, [chosen], AGENT, category=DAMAGED)
        return whole, own, chosen

    whole, own, chosen = database.write(story)

    def check(tx: Transaction) -> None:
        assert [each.id for each in of(tx, own)] == [chosen]
        assert len(of(tx, whole)) == 2
        assert own.category == DAMAGED
        assert own.number != whole.number
        assert [each.case.id for each in links.linked(tx, whole.id)] == [own.id]
        assert queries.same_person(own, whole)
        assert own.promised_at is not None
        assert whole.promised_at is not None
        assert own.promised_at <= whole.promised_at

    database.read(check)
    for wrong in ([], [each.id for each in database.read(of, whole)], ["con_x"], [chosen]):
        with pytest.raises(Invalid, match="split_needs_some"):
            database.write(joining.split, whole.id, wrong, AGENT)


def test_links_lead_to_the_case_that_goes_on_and_never_in_a_circle(database: Database) -> None:
    one, two, three = database.write(lambda tx: tuple(brought(tx) for _ in range(3)))
    database.write(links.link, two.id, one.id, "follows", AGENT)
    database.write(links.link, three.id, two.id, "follows", AGENT)
    with pytest.raises(Conflict, match="link_circle"):
        database.write(links.link, one.id, three.id, "follows", AGENT)
    database.write(joining.merge, two.id, one.id, AGENT)
    found = database.read(links.linked, one.id)
    assert [(each.case.id, each.kind, each.backwards) for each in found] == [(three.id, "follows", True)]
    assert [each.case.id for each in database.read(links.linked, three.id)] == [one.id]


@pytest.mark.req("CASE-011")
def test_the_case_that_follows_a_closed_one_is_linked_with_it(database: Database, clock: StillClock) -> None:
    first = database.write(brought)
    database.write(service.resolve, first.id, AGENT)
    clock.forward(days=60)
    second = database.write(service.reopen, first.id, 14)
    assert [(each.case.id, each.kind) for each in database.read(links.linked, second.id)] == [
        (first.id, "follows")
    ]


# ── whatever is done in whatever order ──


@pytest.fixture(scope="module")
def shared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all examples: each has customers of its own."""
    path = tmp_path_factory.mktemp("joining") / "shared.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", clock=StillClock(), synchronous="OFF")
    yield database
    database.close()


_STEP = st.tuples(
    st.sampled_from(["merge", "merge", "split", "link", "undo", "open"]),
    st.integers(0, 11),
    st.integers(0, 11),
    st.sampled_from(links.KINDS),
)
_examples = iter(range(10**9))


@pytest.mark.req("CASE-006", "CASE-003")
@given(st.lists(_STEP, min_size=1, max_size=25))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_contact_is_lost_and_every_number_leads_to_one_case(
    shared: Database, steps: list[tuple[str, int, int, links.LinkKind]]
) -> None:
    mine = Actor(kind="customer", id="vis_m", customer_id=f"cus_m{next(_examples)}", rung=Rung.SIGNED_IN)
    other = Actor(kind="customer", id="vis_o", customer_id=f"{mine.customer_id}_o", rung=Rung.SIGNED_IN)

    def begin(tx: Transaction) -> None:
        for times in (2, 1, 3):
            brought(tx, mine, times=times)
        brought(tx, other, times=2)

    shared.write(begin)
    expected = {each.id: each.customer_id for each in shared.read(_contacts, mine, other)}
    for step in steps:
        try:
            expected |= shared.write(_do, mine, other, step)
        except Problem:
            continue
        finally:
            shared.read(_holds, mine, other, expected)


def _do(
    tx: Transaction, mine: Actor, other: Actor, step: tuple[str, int, int, links.LinkKind]
) -> dict[str, str | None]:
    deed, one, two, kind = step
    cases = _cases(tx, mine, other)
    first, second = cases[one % len(cases)], cases[two % len(cases)]
    if deed == "merge":
        joining.merge(tx, first.id, second.id, AGENT)
    elif deed == "split":
        joining.split(tx, first.id, [each.id for each in of(tx, first)][: two % 3], AGENT)
    elif deed == "link":
        links.link(tx, first.id, second.id, kind, AGENT)
    elif deed == "undo":
        joining.undo(tx, first.id, AGENT)
    else:
        opened = brought(tx, mine)
        return {each.id: each.customer_id for each in of(tx, opened)}
    return {}


def _holds(tx: Transaction, mine: Actor, other: Actor, expected: dict[str, str | None]) -> None:
    cases = {each.id: each for each in _cases(tx, mine, other)}
    found = _contacts(tx, mine, other)
    assert {each.id: each.customer_id for each in found} == expected
    for each in found:
        home = cases[each.case_id or ""]
        assert not home.merged_into
        assert home.customer_id == each.customer_id
    for case in cases.values():
        leads_to = queries.by_number(tx, case.label)
        assert leads_to is not None
        assert not leads_to.merged_into
        assert leads_to.customer_id == case.customer_id
        assert not case.merged_into or case.state == "closed"
        assert all(
            each.case.id != case.id and not each.case.merged_into for each in links.linked(tx, case.id)
        )
        assert case.id in queries.family(tx, leads_to.id)
    assert not _follows_in_a_circle(tx, list(cases))


def _follows_in_a_circle(tx: Transaction, ids: list[str]) -> bool:
    rows = tx.all(
        select(links.case_link).where(links.case_link.c.case_id.in_(ids), links.case_link.c.kind == "follows")
    )
    edges: dict[str, set[str]] = {}
    for row in rows:
        edges.setdefault(row.case_id, set()).add(row.other_id)

    def reaches(start: str, goal: str, seen: frozenset[str] = frozenset()) -> bool:
        return any(
            to == goal or (to not in seen and reaches(to, goal, seen | {to})) for to in edges.get(start, ())
        )

    return any(reaches(each, each) for each in edges)


def _cases(tx: Transaction, *people: Actor) -> list[Case]:
    ids = [each.customer_id for each in people]
    rows = tx.all(select(case_file).where(case_file.c.customer_id.in_(ids)).order_by(case_file.c.number))
    return [Case(**row._mapping) for row in rows]


def _contacts(tx: Transaction, *people: Actor) -> list[Contact]:
    ids = [each.customer_id for each in people]
    rows = tx.all(select(contact).where(contact.c.customer_id.in_(ids)).order_by(contact.c.id))
    return [Contact(**row._mapping) for row in rows]


# ── at the same instant ──


@pytest.mark.req("CASE-006")
def test_two_who_merge_crosswise_at_once_leave_one_case_that_goes_on(database: Database) -> None:
    for _ in range(5):
        one, other = database.write(lambda tx: (brought(tx), brought(tx, category=DAMAGED)))
        start = threading.Barrier(2)

        def run(pair: tuple[Case, Case], start: threading.Barrier = start) -> str:
            start.wait()
            try:
                return database.write(joining.merge, pair[0].id, pair[1].id, AGENT).id
            except Conflict as refusal:
                return refusal.code

        with ThreadPoolExecutor(2) as threads:
            ends = list(threads.map(run, [(one, other), (other, one)]))
        assert sorted(end in ("case_merged", "case_state") for end in ends) == [False, True]
        live = [database.read(queries.by_number, each.label) for each in (one, other)]
        assert live[0] == live[1]
        assert live[0] is not None
        assert len(database.read(of, live[0])) == 2


@pytest.mark.req("CASE-006")
def test_a_refund_of_the_merged_case_is_known_to_the_one_that_goes_on(database: Database) -> None:
    """What was done to an order is known to the case that goes on, with whoever did it."""

    def story(tx: Transaction) -> Case:
        ended, live = brought(tx, order_number="503-1"), brought(tx, category=DAMAGED, order_number="503-1")
        contact_id = of(tx, ended)[0].id
        tx.execute(
            insert(proposal).values(
                id="prop_1",
                contact_id=contact_id,
                customer_id=MISAKI.customer_id,
                order_number="503-1",
                order_version=1,
                action="refund",
                request={},
                decision={},
                digest="",
                state="done",
                actor_kind="customer",
                actor_id=MISAKI.id,
                created_at=tx.now,
                expires_at=tx.now,
                finished_at=tx.now,
            )
        )
        return joining.merge(tx, ended.id, live.id, AGENT)

    case = database.write(story)
    deeds = [each for each in database.read(tried.of_case, case, "ja") if each.kind == "deed"]
    assert [(each.order_number, each.proposal_id) for each in deeds] == [("503-1", "prop_1")]
