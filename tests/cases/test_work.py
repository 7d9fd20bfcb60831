"""The work on a case: its owner, tasks for other desks, templates, follow-ups, escalation, notes, evidence, its timeline."""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from madoguchi.counter.actors import ASSISTANT, SYSTEM, Actor
from madoguchi.counter.cases import (
    duplicates,
    events,
    evidence,
    follow_ups,
    holding,
    joining,
    links,
    listing,
    memos,
    orders_of,
    queries,
    service,
    tasks,
    templates,
    timeline,
    tried,
)
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import attachments
from madoguchi.counter.contacts import events as facts
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.orders.tables import proposal
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.team import service as team
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.outbox import outbox
from madoguchi.engine.texts import tr
from tests.cases.test_joining import AGENT, DAMAGED, JOHN, LATE, MISAKI, brought, of
from tests.conftest import StillClock

VICTIM = "phishing_impersonation.fraud_victim"
LEAK = "account_security.data_leak_concern"


def notes(tx: Transaction, case: Case) -> list[str]:
    return [
        entry.body["text"]
        for contact in of(tx, case)
        for entry in contact_queries.entries(tx, contact.id)
        if entry.kind == facts.NOTE
    ]


# ── tasks ──


@pytest.mark.req("CASE-013", "PHI-020")
def test_a_victims_case_has_five_tasks_with_states(database: Database) -> None:
    case = database.write(brought, category=VICTIM)
    begun = database.write(templates.begin, case.id, "victim", AGENT)
    assert [(each.place, each.state) for each in begun] == [(place, "open") for place in range(1, 6)]
    assert all(each.due_at and each.queue for each in begun)
    for task, deed in zip(begun, ("start", "finish", "drop", "start", "finish"), strict=True):
        database.write(tasks.move_on, task.id, deed, AGENT, result="済み")
    states = [each.state for each in database.read(tasks.of_case, case.id)]
    assert states == ["doing", "done", "dropped", "doing", "done"]
    assert database.read(tasks.open_of, case.id) == 2
    assert len(database.write(templates.begin, case.id, "victim", AGENT)) == 5


@pytest.mark.req("PRIV-006")
def test_a_suspected_leak_has_its_tasks_and_staff_are_told_at_once(database: Database) -> None:
    case = database.write(brought, category=LEAK)
    database.write(templates.begin_for, case.id, LEAK, ASSISTANT, "ja")
    after = database.read(queries.get, case.id)
    found = database.read(tasks.of_case, case.id)
    assert (after.queue, after.priority) == ("privacy", 1)
    assert {each.queue for each in found} == {"privacy", "security", "supervisor"}
    (note,) = database.read(notes, case)
    assert all(tr("ja", each.title) in note for each in found)
    assert [each.kind for each in database.read(events.of_case, case.id, kinds=("template.begun",))]


def test_other_kinds_of_enquiry_begin_no_template(database: Database) -> None:
    case = database.write(brought)
    database.write(templates.begin_for, case.id, LATE, ASSISTANT)
    assert database.read(tasks.of_case, case.id) == []
    with pytest.raises(Invalid, match="unknown_template"):
        database.write(templates.begin, case.id, "nothing", AGENT)


@given(st.lists(st.sampled_from(tasks.DEEDS), max_size=12))
def test_a_task_is_live_or_has_an_end_and_never_both(deeds: list[tasks.TaskDeed]) -> None:
    state: tasks.TaskState = "open"
    for deed in deeds:
        state = tasks.LEGAL.get((state, deed), state)
        possible = {deed for deed in tasks.DEEDS if (state, deed) in tasks.LEGAL}
        assert possible
        assert ("reopen" in possible) == (state not in tasks.LIVE)


def test_two_who_finish_one_task_at_once_finish_it_once(database: Database) -> None:
    case = database.write(brought)
    task = database.write(tasks.add, case.id, "倉庫に確認", AGENT, queue="orders")
    done = database.write(tasks.move_on, task.id, "finish", AGENT, result="在庫あり", seen="open")
    assert (done.assignee_id, done.result) == (AGENT.id, "在庫あり")
    with pytest.raises(Conflict, match="task_state"):
        database.write(tasks.move_on, task.id, "finish", AGENT, result="在庫なし", seen="open")
    with pytest.raises(Invalid, match="task_result"):
        reopened = database.write(tasks.move_on, task.id, "reopen", AGENT)
        database.write(tasks.move_on, reopened.id, "drop", AGENT)


def test_a_desk_sees_its_tasks_and_not_those_of_others(database: Database) -> None:
    case = database.write(brought)
    for queue, assignee in (("orders", ""), ("returns", ""), ("returns", "agt_1"), ("orders", "agt_2")):
        database.write(tasks.add, case.id, f"{queue} {assignee}", AGENT, queue=queue, assignee_id=assignee)
    found = database.read(tasks.of_desks, "agt_1", ["orders"])
    assert [task.title.strip() for task, _ in found] == ["orders", "returns agt_1"]
    assert {held.id for _, held in found} == {case.id}


def test_a_card_number_is_kept_in_no_task_and_no_note(database: Database) -> None:
    case = database.write(brought)
    task = database.write(tasks.add, case.id, "カード 4242424242424242 を確認", AGENT)
    memo = database.write(lambda tx: memos.add(tx, case.id, tx.now, "4242 4242 4242 4242 で払った", MISAKI))
    assert "4242" not in task.title
    assert "4242" not in memo.text


# ── owner, follow-up, escalation ──


def staff(database: Database, name: str) -> str:
    return database.write(
        lambda tx: (
            team.add_agent(
                tx, login=name, password="corre7t-horse battery", name=name, roles=["agent"], languages=["ja"]
            ).id
        )
    )


def test_whoever_takes_a_contact_has_its_case_if_nobody_had_it(database: Database) -> None:
    case = database.write(brought)
    ito, kato = (
        Actor(kind="agent", id=staff(database, name), roles=frozenset({"agent"})) for name in ("ito", "kato")
    )
    database.write(holding.own, case.id, ito, "orders")
    database.write(holding.own, case.id, kato, "returns")
    after = database.read(queries.get, case.id)
    assert (after.owner_id, after.queue) == (ito.id, "orders")
    given = database.write(holding.give, case.id, ito, owner_id=kato.id)
    assert given.owner_id == kato.id
    with pytest.raises(Invalid, match="unknown_agent"):
        database.write(holding.give, case.id, ito, owner_id="agt_nobody")


@pytest.mark.req("CASE-012")
def test_at_its_date_a_case_wakes_once_and_its_owner_is_told(database: Database, clock: StillClock) -> None:
    case = database.write(brought)
    database.write(service.wait_for_customer, case.id)
    at = clock() + timedelta(days=3)
    database.write(follow_ups.follow_up, case.id, at, AGENT, why="倉庫の返事")
    errand = database.read(
        lambda tx: tx.first(select(outbox.c.payload, outbox.c.due_at).where(outbox.c.topic == follow_ups.DUE))
    )
    assert errand is not None
    assert errand.due_at == at
    assert database.read(follow_ups.due_of, AGENT.id) == 0
    clock.forward(days=3)
    woken = database.write(follow_ups.wake, case.id, at, "ja")
    assert woken is not None
    assert (woken.state, woken.owner_id) == ("waiting_for_us", AGENT.id)
    assert database.write(follow_ups.wake, case.id, at, "ja") is None
    (note,) = database.read(notes, case)
    assert case.label in note
    assert "倉庫の返事" in note
    assert database.read(follow_ups.due_of, AGENT.id) == 1
    assert [each.id for each in database.read(listing.cases, listing.Filters(due="follow_up"))] == [case.id]


def test_a_date_that_was_changed_wakes_nobody(database: Database, clock: StillClock) -> None:
    case = database.write(brought)
    first = clock() + timedelta(days=1)
    database.write(follow_ups.follow_up, case.id, first, AGENT)
    database.write(follow_ups.follow_up, case.id, first + timedelta(days=1), AGENT)
    clock.forward(days=1)
    assert database.write(follow_ups.wake, case.id, first, "ja") is None
    with pytest.raises(Invalid, match="in_the_past"):
        database.write(follow_ups.follow_up, case.id, first, AGENT)


@pytest.mark.req("HND-013")
def test_an_escalation_needs_a_reason_which_the_customer_never_reads(database: Database) -> None:
    case = database.write(brought)
    with pytest.raises(Invalid, match="reason_missing"):
        database.write(holding.escalate, case.id, " ", AGENT)
    after = database.write(holding.escalate, case.id, "三度目の破損、弁護士に言及", AGENT)
    assert (after.queue, after.owner_id, after.priority) == ("supervisor", "", case.priority - 1)
    public = [each for each in database.read(events.of_case, case.id) if each.visibility == "public"]
    assert [(each.kind, each.body) for each in public] == [("case.escalated", {})]
    assert database.read(holding.is_escalated, case.id)


# ── notes, evidence, timeline ──


@pytest.mark.req("CASE-015", "ADV-004")
def test_notes_stand_in_the_order_in_which_it_happened(database: Database, clock: StillClock) -> None:
    case = database.write(brought)
    for days, text in ((1, "電話した"), (5, "届いた"), (3, "壊れているのに気づいた")):
        happened = clock() - timedelta(days=days)
        database.write(memos.add, case.id, happened, text, MISAKI if days != 1 else AGENT)
    found = database.read(memos.of_case, case.id)
    assert [each.text for each in found] == ["届いた", "壊れているのに気づいた", "電話した"]
    assert [each.happened_at for each in found] == sorted(each.happened_at for each in found)
    with pytest.raises(Invalid, match="in_the_future"):
        database.write(memos.add, case.id, clock() + timedelta(days=1), "明日", MISAKI)
    with pytest.raises(Invalid, match="memo_text"):
        database.write(memos.add, case.id, clock(), " ", MISAKI)


@pytest.mark.req("CASE-008")
def test_evidence_has_digest_time_and_uploader(database: Database, clock: StillClock) -> None:
    case = database.write(brought)
    kept = attachments.Clean(b"%PDF", "application/pdf", None, None)

    def upload(tx: Transaction) -> str:
        return attachments.store(
            tx,
            contact_id=of(tx, case)[0].id,
            actor=MISAKI,
            name="明細.pdf",
            kept=kept,
            storage_key="key",
            max_in_contact=5,
        )

    file_id = database.write(upload)
    (found,) = database.read(evidence.of_case, case.id)
    assert (found.id, found.name, found.sha256) == (file_id, "明細.pdf", _sha256(b"%PDF"))
    assert (found.at, found.author_kind, found.author_id) == (clock(), "customer", MISAKI.id)


def _sha256(content: bytes) -> str:

    return hashlib.sha256(content).hexdigest()


def deed(tx: Transaction, action: str, order: str, contact_id: str | None, who: Actor = MISAKI) -> None:
    tx.execute(
        insert(proposal).values(
            id=f"prop_{action}_{order}_{contact_id}",
            contact_id=contact_id,
            customer_id=who.customer_id,
            order_number=order,
            order_version=1,
            action=action,
            request={},
            decision={},
            digest="",
            state="done",
            actor_kind="customer",
            actor_id=who.id,
            created_at=tx.now,
            expires_at=tx.now,
            finished_at=tx.now,
        )
    )


@pytest.mark.req("HIS-008", "CH-055")
def test_one_timeline_has_every_channel_every_deed_and_the_course_of_the_case(
    database: Database, clock: StillClock
) -> None:
    case = database.write(brought, order_number="503-1")
    for channel in ("chat", "mail", "form", "phone"):
        clock.forward(minutes=1)
        database.write(_say_by, case, channel, f"{channel}です")
    for action, order in (("refund", "503-1"), ("return", "503-1"), ("cancel", "503-9")):
        clock.forward(minutes=1)
        database.write(deed, action, order, None)
    database.write(deed, "reship", "503-1", None, JOHN)
    clock.forward(minutes=1)
    database.write(
        lambda tx: contacts.append(tx, of(tx, case)[0].id, facts.RATED, {"score": 4}, actor=MISAKI)
    )
    database.write(lambda tx: memos.add(tx, case.id, tx.now - timedelta(days=2), "箱が濡れていた", MISAKI))
    database.write(holding.escalate, case.id, "急ぎ", AGENT)

    found = database.read(timeline.of_case, case)
    assert [each.at for each in found] == sorted((each.at for each in found), reverse=True)
    assert {each.channel for each in found if each.kind == facts.MESSAGE} == {"chat", "mail", "form", "phone"}
    assert {each.text for each in found if each.source == "deed"} == {
        "refund done 503-1",
        "return done 503-1",
    }
    assert {"memo", "case.escalated", facts.RATED, facts.OPENED} <= {each.kind for each in found}
    assert found[-1].text == "箱が濡れていた"
    shown = database.read(timeline.of_case, case, internal=False)
    assert "escalation.reason" in {each.kind for each in found} - {each.kind for each in shown}
    everything = database.read(timeline.of_customer, MISAKI.customer_id or "")
    assert {each.text for each in everything if each.source == "deed"} >= {"cancel done 503-9"}


def _say_by(tx: Transaction, case: Case, channel: str, text: str) -> None:
    opened = contacts.open_contact(tx, actor=MISAKI, channel=channel, language="ja")
    contacts.link_case(tx, opened.id, case.id)
    contacts.say(tx, opened.id, actor=MISAKI, text=text, client_key=channel)


@pytest.mark.req("HIS-008")
@given(sizes=st.lists(st.integers(1, 7), min_size=1, max_size=6))
def test_pages_of_a_timeline_hold_each_line_once(busy: Any, sizes: list[int]) -> None:
    database, case = busy
    whole = database.read(timeline.of_case, case, limit=1000)
    read: list[timeline.Happening] = []
    for size in itertools.chain(sizes, itertools.repeat(50)):
        page = database.read(timeline.of_case, case, before=read[-1].cursor if read else "", limit=size)
        read += page
        if len(page) < size:
            break
    assert read == whole
    assert len({each.cursor for each in whole}) == len(whole) > 20


@pytest.fixture(scope="module")
def busy(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A case in which much happened at the same instant."""
    path = tmp_path_factory.mktemp("busy") / "busy.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}", clock=StillClock(), synchronous="OFF")

    def fill(tx: Transaction) -> Case:
        case = brought(tx, order_number="503-1", times=3)
        for channel in ("mail", "phone", "form"):
            _say_by(tx, case, channel, channel)
        for place in range(8):
            tasks.add(tx, case.id, f"task {place}", AGENT)
            memos.add(tx, case.id, tx.now, f"memo {place}", MISAKI)
            deed(tx, f"deed{place}", "503-1", None)
        return queries.get(tx, case.id)

    yield database, database.write(fill)
    database.close()


@pytest.mark.req("CASE-006", "CH-048", "HLP-014")
def test_what_was_tried_in_earlier_contacts_is_known(database: Database, clock: StillClock) -> None:
    case = database.write(brought, order_number="503-1", times=2)
    first = database.read(of, case)[0]

    def happened(tx: Transaction) -> None:
        ended = {"run": "r", "outcome": "answer", "tried": ["配送状況を案内", "置き場所を確認"]}
        contacts.append(tx, first.id, facts.FLOW_ENDED, ended, actor=ASSISTANT)
        summary = {"tried": ["配送状況を案内", "再起動"]}
        contacts.append(tx, first.id, facts.HAND_OVER, {"summary": summary}, actor=ASSISTANT)
        deed(tx, "refund", "503-1", first.id)
        deed(tx, "cancel", "503-1", "con_of_john", JOHN)

    database.write(happened)
    found = database.read(tried.of_case, database.read(queries.get, case.id), "ja")
    assert [each.text for each in found if each.kind == "step"] == [
        "配送状況を案内",
        "置き場所を確認",
        "再起動",
    ]
    assert [(each.order_number, each.contact_id) for each in found if each.kind == "deed"] == [
        ("503-1", first.id)
    ]


# ── the same problem twice ──


@pytest.mark.req("CASE-006")
def test_the_same_order_and_topic_again_is_one_case(database: Database) -> None:
    first = database.write(brought, order_number="503-1")
    again = database.write(brought, order_number="503-1")
    goes_on = database.write(duplicates.settle, again.id, ASSISTANT)
    assert goes_on.id == first.id
    assert len(database.read(of, first)) == 2
    assert database.read(queries.visible, MISAKI, again.label).id == first.id


@pytest.mark.req("CASE-003")
@pytest.mark.parametrize(
    ("category", "order_number", "who"),
    [(DAMAGED, "503-1", MISAKI), (LATE, "503-2", MISAKI), (LATE, "503-1", JOHN)],
)
def test_another_problem_stays_apart(
    database: Database, category: str, order_number: str, who: Actor
) -> None:
    first = database.write(brought, order_number="503-1")
    other = database.write(brought, who, category, order_number)
    assert database.write(duplicates.settle, other.id, ASSISTANT).id == other.id
    assert database.read(links.linked, other.id) == []
    assert [len(database.read(of, case)) for case in (first, other)] == [1, 1]


def test_a_case_that_has_grown_is_linked_and_left_to_people(database: Database) -> None:
    first = database.write(brought, order_number="503-1")
    grown = database.write(brought, order_number="503-1", times=2)
    for _ in range(2):
        assert database.write(duplicates.settle, grown.id, ASSISTANT).id == grown.id
    assert [(each.case.id, each.kind) for each in database.read(links.linked, grown.id)] == [
        (first.id, "duplicate")
    ]


def test_the_same_topic_without_an_order_may_be_two_problems(database: Database) -> None:
    first, other = database.write(brought), database.write(brought)
    assert database.write(duplicates.settle, other.id, ASSISTANT).id == other.id
    assert [each.case.id for each in database.read(links.linked, other.id)] == [first.id]


# ── lists and orders ──


@pytest.mark.req("CASE-014", "ADV-005")
def test_cases_are_listed_by_wish_owner_desk_and_order(database: Database) -> None:
    first = database.write(brought, order_number="503-1")
    second = database.write(brought, category=DAMAGED)
    database.write(service.classify, first.id, wish="refund")
    database.write(orders_of.add, second.id, "503-7", ["line-2"], AGENT)
    database.write(holding.give, second.id, SYSTEM, queue="returns")

    def listed(**filters: Any) -> list[str]:
        return [each.id for each in database.read(listing.cases, listing.Filters(**filters))]

    assert listed(wish="refund") == [first.id]
    assert listed(wish="exchange") == []
    assert listed(queue="returns") == [second.id]
    assert listed(order_number="503-7") == [second.id]
    assert listed(category="return_exchange_cancel") == [second.id]
    assert set(listed(owner_id="none")) == {first.id, second.id}
    assert listed(number=first.label) == [first.id]
    database.write(joining.merge, first.id, second.id, AGENT)
    assert listed(wish="refund") == [second.id]
    assert listed(number=first.label) == [second.id]


def test_a_case_may_be_about_more_than_one_order(database: Database) -> None:
    case = database.write(brought, order_number="503-1")
    database.write(orders_of.add, case.id, "503-2", ["a", "b"], AGENT)
    after = database.write(orders_of.add, case.id, "503-2", ["a"], AGENT)
    found = database.read(orders_of.of_case, after)
    assert [(each.order_number, each.lines) for each in found] == [("503-1", ()), ("503-2", ("a",))]
    left = database.write(orders_of.remove, case.id, "503-1", AGENT)
    assert left.order_number == "503-2"
    assert database.read(orders_of.cases_of_order, "503-2") == [case.id]
