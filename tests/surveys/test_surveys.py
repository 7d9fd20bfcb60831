"""Surveys: one for each solved case, one question and at most two more, nobody pressed, and results that add up."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases import service as case_service
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.customers import preferences
from madoguchi.counter.customers import service as customers
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.counter.surveys import feedback, links, queries, service
from madoguchi.counter.surveys.model import Answer, Survey
from madoguchi.counter.surveys.questions import ALWAYS, ASPECTS, following
from madoguchi.counter.surveys.results import FEWEST, results
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import outbox
from tests.conftest import StillClock

RULES = service.Rules(timedelta(hours=24), timedelta(days=14), timedelta(days=30))
AGENT = Actor(kind="agent", id="agt_1", name="田中", roles=frozenset({"agent"}))
SUPERVISOR = Actor(kind="agent", id="agt_2", name="鈴木", roles=frozenset({"supervisor"}))
Solve = Callable[..., Case]


@pytest.fixture
def misaki(sqlite_database: Database) -> Actor:
    found = sqlite_database.write(
        lambda tx: customers.upsert(tx, shop_ref="M-1", name="佐藤 美咲", email="misaki@shop.example")
    )
    return Actor(kind="customer", id="vis_1", customer_id=found.id, rung=Rung.SIGNED_IN)


@pytest.fixture
def solve(sqlite_database: Database, misaki: Actor) -> Solve:
    """A case of hers that has been solved, by an agent's word unless `agent` is False."""

    def make(actor: Actor = misaki, *, agent: bool = True, channel: str = "chat", **attributes: str) -> Case:
        def write(tx: Transaction) -> Case:
            case = case_service.open_case(tx, actor.customer_id, actor.id, "payment_refund.refund_status")
            opened = contacts.open_contact(
                tx, actor=actor, channel=channel, language="ja", owner="none", attributes=attributes
            )
            contacts.link_case(tx, opened.id, case.id)
            if agent:
                contacts.append(tx, opened.id, events.MESSAGE, {"text": "返金しました"}, actor=AGENT)
            return case_service.resolve(tx, case.id, AGENT)

        return sqlite_database.write(write)

    return make


def mails(database: Database) -> list[str]:
    query = select(outbox.c.payload).where(outbox.c.topic == service.ASK)
    return [row.payload["survey_id"] for row in database.read(lambda tx: tx.all(query))]


def answered(database: Database, case: Case, by: Actor, **given: object) -> Survey:
    return database.write(service.answer, case, RULES, Answer(**given), way="page", by=by)  # type: ignore[arg-type]


@pytest.mark.req("QLT-002")
def test_a_solved_case_is_asked_about_once_whatever_becomes_of_it(
    sqlite_database: Database, clock: StillClock, misaki: Actor, solve: Solve
) -> None:
    case = solve()
    (begun,) = sqlite_database.write(service.begin_due, RULES)
    assert (begun.case_id, begun.agent_id, begun.channel) == (case.id, AGENT.id, "chat")
    sqlite_database.write(case_service.reopen, case.id, 14, misaki)
    clock.forward(hours=1)
    sqlite_database.write(case_service.resolve, case.id, AGENT)
    assert sqlite_database.write(service.begin_due, RULES) == []
    clock.forward(hours=25)
    assert sqlite_database.write(service.ask_by_mail, RULES) == 1
    assert sqlite_database.write(service.ask_by_mail, RULES) == 0
    assert mails(sqlite_database) == [begun.id]


@pytest.mark.req("QLT-002")
def test_three_marks_and_a_comment_are_kept_one_question_first(
    sqlite_database: Database, misaki: Actor, solve: Solve
) -> None:
    case = solve()
    first = answered(sqlite_database, case, misaki, score=4)
    assert (first.score, first.aspects, first.state) == (4, {}, "answered")
    one, two = service.left_to_ask(first)
    more = answered(
        sqlite_database, case, misaki, aspects={one: 5, two: 2}, comment="番号は 4111 1111 1111 1111"
    )
    assert (more.score, more.aspects) == (4, {one: 5, two: 2})
    assert "4111" not in more.comment and more.comment.startswith("番号は")
    assert service.left_to_ask(more) == []
    seen = sqlite_database.read(cases.get, case.id)
    assert (seen.score, seen.comment) == (4, more.comment)


def test_nothing_more_is_asked_before_the_first_answer(sqlite_database: Database, solve: Solve) -> None:
    begun = sqlite_database.write(service.begin, solve(), RULES)
    assert service.left_to_ask(begun) == []


@pytest.mark.req("QLT-002", "CMP-003")
@pytest.mark.parametrize(
    ("category", "has_account", "more"),
    [
        ("order_delivery.track_order", False, set()),
        ("payment_refund.refund_status", False, {"refund"}),
        ("return_exchange_cancel.exchange_request", False, {"refund"}),
        ("order_delivery.track_order", True, {"history"}),
        ("payment_refund.refund_status", True, {"refund", "history"}),
    ],
)
def test_each_case_is_asked_two_of_what_applies_and_no_aspect_is_forgotten(
    category: str, has_account: bool, more: set[str]
) -> None:
    asked = [following(f"case_{number}", category, has_account=has_account) for number in range(1000)]
    assert all(len(set(pair)) == 2 for pair in asked)
    counted = Counter(aspect for pair in asked for aspect in pair)
    assert counted.keys() == set(ALWAYS) | more
    fair = 2 * len(asked) / len(counted)
    assert all(abs(count - fair) < 0.25 * fair for count in counted.values())


@pytest.mark.req("CMP-003")
def test_how_smooth_the_refund_was_and_the_history_at_a_glance_are_asked_answered_and_counted(
    sqlite_database: Database, clock: StillClock, misaki: Actor, solve: Solve
) -> None:
    for mark in (5, 4, 4, 3, 5):
        begun = answered(sqlite_database, solve(), misaki, score=5)
        assert set(service.left_to_ask(begun)) <= set(ASPECTS)
        case = sqlite_database.read(cases.get, begun.case_id)
        answered(sqlite_database, case, misaki, aspects={"refund": mark, "history": 6 - mark})
    found = sqlite_database.read(queries.solved_between, clock() - timedelta(days=1), clock())
    total = results(found, "category")[0]
    assert (total.aspects["refund"], total.aspects["history"]) == (4.2, 1.8)
    assert total.aspects["speed"] is None


@pytest.mark.parametrize(
    "given_answer",
    [
        Answer(),
        Answer(comment="  "),
        Answer(score=6),
        Answer(aspects={"speed": 0}),
        Answer(aspects={"price": 3}),
    ],
)
def test_an_answer_that_is_none_is_refused(
    given_answer: Answer, sqlite_database: Database, misaki: Actor, solve: Solve
) -> None:
    case = solve()
    with pytest.raises(Invalid):
        sqlite_database.write(service.answer, case, RULES, given_answer, way="page", by=misaki)
    assert sqlite_database.read(cases.get, case.id).score is None


def test_an_open_case_cannot_be_rated(sqlite_database: Database, misaki: Actor, solve: Solve) -> None:
    case = solve()
    sqlite_database.write(case_service.reopen, case.id, 14, misaki)
    with pytest.raises(Conflict):
        answered(sqlite_database, case, misaki, score=5)


def test_marks_may_be_changed_for_a_day_and_stay_then(
    sqlite_database: Database, clock: StillClock, misaki: Actor, solve: Solve
) -> None:
    case = solve()
    answered(sqlite_database, case, misaki, score=2)
    assert answered(sqlite_database, case, misaki, score=4).score == 4
    clock.forward(hours=25)
    with pytest.raises(Conflict, match="rating_closed"):
        answered(sqlite_database, case, misaki, score=1)


@pytest.mark.req("QLT-002")
def test_who_has_answered_said_no_or_was_asked_lately_gets_no_mail(
    sqlite_database: Database, clock: StillClock, misaki: Actor, solve: Solve
) -> None:
    answered(sqlite_database, solve(), misaki, score=5)
    declined = sqlite_database.write(service.begin, solve(), RULES)
    sqlite_database.write(service.decline, declined.id, never_again=False, by=misaki)
    first = sqlite_database.write(service.begin, solve(), RULES)
    second = sqlite_database.write(service.begin, solve(), RULES)
    clock.forward(hours=24)
    assert sqlite_database.write(service.ask_by_mail, RULES) == 1
    assert mails(sqlite_database) in ([first.id], [second.id])
    clock.forward(days=31)
    sqlite_database.write(service.decline, first.id, never_again=True, by=misaki)
    assert not sqlite_database.read(preferences.wants, misaki.customer_id, "surveys")
    sqlite_database.write(service.begin, solve(), RULES)
    clock.forward(hours=24)
    assert sqlite_database.write(service.ask_by_mail, RULES) == 0


def test_who_wrote_by_mail_without_an_account_is_asked_at_that_address_and_can_say_no_for_good(
    sqlite_database: Database, clock: StillClock, solve: Solve
) -> None:
    stranger = Actor(kind="customer", id="mail_abc")
    begun = sqlite_database.write(
        service.begin, solve(stranger, channel="mail", mail_from="a@example.net"), RULES
    )
    assert sqlite_database.read(service.address_of, begun) == "a@example.net"
    sqlite_database.write(service.decline, begun.id, never_again=True, by=stranger)
    sqlite_database.write(service.begin, solve(stranger, channel="mail", mail_from="a@example.net"), RULES)
    clock.forward(hours=24)
    assert sqlite_database.write(service.ask_by_mail, RULES) == 0


def test_a_visitor_of_the_chat_whose_address_nobody_knows_gets_no_mail(
    sqlite_database: Database, clock: StillClock, solve: Solve
) -> None:
    sqlite_database.write(service.begin, solve(Actor(kind="customer", id="vis_9")), RULES)
    clock.forward(hours=24)
    assert sqlite_database.write(service.ask_by_mail, RULES) == 0


def test_processes_that_begin_at_once_begin_one(database: Database, clock: StillClock) -> None:
    def solved(tx: Transaction) -> Case:
        return case_service.resolve(tx, case_service.open_case(tx, None, "vis_1").id, AGENT)

    case = database.write(solved)
    start = threading.Barrier(8)

    def begin(_: int) -> str:
        start.wait()
        return database.write(service.begin, case, RULES).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(begin, range(8)))) == 1


def test_a_link_opens_its_own_survey_and_no_other(
    sqlite_database: Database, tmp_path: object, solve: Solve
) -> None:
    keys = Keys(tmp_path)  # type: ignore[arg-type]
    one, two = (sqlite_database.write(service.begin, solve(), RULES) for _ in range(2))
    token = links.token_of(keys, one.id)
    assert sqlite_database.read(links.opened, keys, token).id == one.id
    signature = token.partition(".")[2]
    for wrong in (one.id, f"{two.id}.{signature}", f"{token}0", f"{one.id}.{'0' * 64}", "", "é.é"):
        with pytest.raises(NotFound):
            sqlite_database.read(links.opened, keys, wrong)


# ── results ──

MARKS = st.none() | st.integers(1, 5)


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    score = draw(MARKS)
    return Survey(
        id="srv",
        case_id=draw(st.sampled_from("abcdef")),
        contact_id="",
        customer_id=None,
        visitor_id="",
        language=draw(st.sampled_from(["ja", "en"])),
        channel=draw(st.sampled_from(["chat", "mail", "form"])),
        category=draw(st.sampled_from(["", "x.a", "x.b"])),
        agent_id=draw(st.sampled_from(["", "agt_1", "agt_2"])),
        state="answered" if score else "open",
        score=score,
        aspects=draw(st.dictionaries(st.sampled_from(ASPECTS), st.integers(1, 5))) if score else {},
        comment="",
        answered_by="",
        solved_at=moment,
        begun_at=moment,
        mail_due_at=None,
        mailed_at=None,
        answered_at=None,
    )


@given(
    st.lists(surveys(), max_size=60), st.sampled_from(["category", "channel", "agent", "helper", "language"])
)
def test_the_groups_add_up_to_all_of_them(found: list[Survey], by: str) -> None:
    total, *groups = results(found, by)  # type: ignore[arg-type]
    assert total.asked == sum(row.asked for row in groups) == len(found)
    assert total.answered == sum(row.answered for row in groups) == sum(total.marks)
    assert [sum(column) for column in zip(*(row.marks for row in groups), strict=True)] in (
        list(total.marks),
        [],
    )
    for row in (total, *groups):
        assert row.answered == sum(row.marks)
        assert (row.mean is None) == (row.satisfied is None) == (row.answered < FEWEST)
        if row.mean is not None and row.satisfied is not None:
            counted = sum(count * mark for mark, count in zip((5, 4, 3, 2, 1), row.marks, strict=True))
            assert row.mean == round(counted / row.answered, 2)
            assert row.satisfied == round((row.marks[0] + row.marks[1]) / row.answered, 3)


def test_the_assistant_alone_stands_apart_from_people(
    sqlite_database: Database, clock: StillClock, misaki: Actor, solve: Solve
) -> None:
    for agent in (True, True, False):
        answered(sqlite_database, solve(agent=agent), misaki, score=5)
    found = sqlite_database.read(queries.solved_between, clock() - timedelta(days=1), clock())
    assert {row.key: row.asked for row in results(found, "helper")} == {"": 3, "person": 2, "assistant": 1}


# ── feedback ──


@pytest.mark.req("QLT-003")
def test_feedback_reaches_the_list_in_any_state_of_the_case(database: Database, clock: StillClock) -> None:
    giver = Actor(kind="customer", id="vis_1")
    case = database.write(case_service.open_case, None, giver.id)
    deeds = (
        case_service.wait_for_us,
        case_service.wait_for_customer,
        case_service.resolve,
        case_service.close,
    )
    for deed in (None, *deeds):
        if deed is not None:
            database.write(deed, case.id)
        clock.forward(minutes=1)
        kept = database.write(
            feedback.give, giver, kind="complaint", text="待たされた", language="ja", case_id=case.id
        )
        assert database.read(queries.feedback_in, ("new", "in_work"))[-1].id == kept.id
    waiting = database.read(queries.feedback_in, ("new",))
    assert len(waiting) == 1 + len(deeds)
    assert [each.at for each in waiting] == sorted(each.at for each in waiting)


def test_one_person_looks_after_it_and_says_what_came_of_it(database: Database) -> None:
    kept = database.write(
        feedback.give, Actor(kind="customer", id="vis_1"), kind="praise", text="親切でした", language="ja"
    )
    taken = database.write(feedback.take, kept.id, SUPERVISOR)
    assert database.write(feedback.take, kept.id, SUPERVISOR) == taken
    with pytest.raises(Conflict, match="feedback_taken"):
        database.write(feedback.take, kept.id, AGENT)
    with pytest.raises(Invalid):
        database.write(feedback.finish, kept.id, " ", SUPERVISOR)
    done = database.write(feedback.finish, kept.id, "本人に伝えた", SUPERVISOR)
    assert (done.state, done.note, done.taken_by) == ("done", "本人に伝えた", SUPERVISOR.id)
    assert database.read(queries.feedback_in, ("new", "in_work")) == []
    assert replace(done) == database.read(queries.feedback_in, ("done",))[0]


def test_secrets_in_feedback_are_taken_out_before_they_are_kept(database: Database) -> None:
    kept = database.write(
        feedback.give,
        Actor(kind="customer", id="vis_1"),
        kind="other",
        text="カードは 4111111111111111 です",
        language="ja",
    )
    assert "4111111111111111" not in kept.text and kept.text.startswith("カードは")
