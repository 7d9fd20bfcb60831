"""Cases, their promises, their surveys and their erasing together: nothing runs on, asks or tells where it is over."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from madoguchi.channels.mail.case_letters import CaseLetters
from madoguchi.channels.mail.outbound import Postman
from madoguchi.channels.mail.survey_letters import SurveyLetters
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases import (
    continuing,
    follow_ups,
    joining,
    listing,
    numbers,
    queries,
    service,
    telling,
    timeline,
)
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.cases.promise_model import case_clock, case_promise
from madoguchi.counter.cases.promise_queries import promises_of
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.customers.account_model import account_proposal
from madoguchi.counter.privacy import service as privacy
from madoguchi.counter.privacy.workflow import Means, PrivacyDesk
from madoguchi.counter.problems import Conflict, Problem
from madoguchi.counter.surveys import queries as survey_queries
from madoguchi.counter.surveys import service as surveys
from madoguchi.counter.surveys.model import Answer, survey
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.files import FileStore
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Errand, outbox
from madoguchi.engine.settings import Settings
from madoguchi.kit.ids import new_id
from tests.cases.conftest import AGENT, DESK, Told, begin
from tests.conftest import StillClock

RULES = surveys.Rules(timedelta(hours=24), timedelta(days=14), timedelta(days=30))
MISSING = "order_delivery.item_not_received"
BEFORE = timedelta(minutes=30)
STALLED = timedelta(days=3)


def errands(database: Database, topic: str) -> list[Errand]:
    """Of this topic, as the courier gets them."""
    rows = database.read(
        lambda tx: tx.all(select(outbox).where(outbox.c.topic == topic).order_by(outbox.c.id))
    )
    return [Errand(row.id, row.topic, row.payload, 0, row.key) for row in rows]


@pytest.mark.req("CASE-006", "SLA-030")
def test_what_was_promised_in_a_merged_case_is_neither_kept_nor_broken_but_cancelled(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    one, two = begin(database, keeper), begin(database, keeper)
    clock.forward(hours=1)
    database.write(joining.merge, two.case_id, one.case_id, AGENT)
    for case_id in database.read(keeper.to_read):
        database.write(keeper.read, case_id)
    assert {each.state for each in two.promises.values()} == {"cancelled"}
    assert one.promises["first_answer"].state == "running"
    clock.forward(hours=30)
    assert {each.case_id for each in database.read(telling.due_to_be_told, BEFORE)} == {one.case_id}


@pytest.mark.req("CASE-006", "SLA-030")
def test_a_merge_taken_back_promises_as_before(database: Database, keeper: Keeper, clock: StillClock) -> None:
    one, two = begin(database, keeper), begin(database, keeper)
    before = two.promises
    clock.forward(hours=1)
    database.write(joining.merge, two.case_id, one.case_id, AGENT)
    database.write(keeper.read, two.case_id)
    clock.forward(hours=1)
    database.write(joining.undo, two.case_id, AGENT)
    assert two.case_id in database.read(keeper.to_read)
    again = two.read()
    assert {kind: (each.state, each.due_at) for kind, each in again.items()} == {
        kind: (each.state, each.due_at) for kind, each in before.items()
    }


@pytest.mark.req("CASE-006", "CASE-007")
def test_a_mail_about_a_case_that_was_merged_meanwhile_does_not_leave(
    database: Database, keeper: Keeper, settings: Settings, tmp_path: Path
) -> None:
    one, two = begin(database, keeper), begin(database, keeper)
    database.write(service.investigate, two.case_id, AGENT)
    (told,) = errands(database, telling.MAIL)
    database.write(joining.merge, two.case_id, one.case_id, AGENT)
    letters = CaseLetters(database, settings, Keys(tmp_path), Postman(settings))
    letters.send(told)
    assert not list(tmp_path.glob("outbox/*"))
    database.write(service.investigate, one.case_id, AGENT)
    letters.send(errands(database, telling.MAIL)[-1])
    assert list(tmp_path.glob("outbox/*"))


@pytest.mark.req("CASE-006", "CASE-012")
def test_a_merged_case_is_in_no_list_of_its_own_and_its_number_leads_on(
    database: Database, keeper: Keeper
) -> None:
    one, two = begin(database, keeper), begin(database, keeper)
    database.write(joining.merge, two.case_id, one.case_id, AGENT)
    who = one.customer
    assert who.customer_id is not None
    mine = database.read(queries.of_customer, who.customer_id)
    assert [each.id for each in mine] == [one.case_id]
    by_number = database.read(listing.cases, listing.Filters(number=two.case.label))
    assert [each.id for each in by_number] == [one.case_id]
    assert [each.id for each in database.read(listing.cases, listing.Filters(category=MISSING))] == [
        one.case_id
    ]


@pytest.mark.req("CASE-006", "CASE-011")
def test_words_in_a_contact_of_an_old_number_go_on_in_the_case_that_goes_on(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    one, two = begin(database, keeper), begin(database, keeper)
    database.write(joining.merge, two.case_id, one.case_id, AGENT)
    database.write(service.resolve, one.case_id, AGENT)
    clock.forward(days=2)
    seen = database.read(contact_queries.get, two.contact_id)
    goes_on = database.write(continuing.speak_again, seen, 14, two.customer)
    assert goes_on is not None and (goes_on.id, goes_on.state) == (one.case_id, "reopened")
    assert database.read(contact_queries.get, two.contact_id).case_id == one.case_id


@pytest.mark.req("CASE-006")
def test_a_form_number_that_leads_elsewhere_was_never_merged(database: Database, keeper: Keeper) -> None:
    one = begin(database, keeper)

    def joined(tx: Transaction) -> Case:
        own = service.open_case(tx, one.customer.customer_id, one.customer.id, MISSING)
        numbers.lead_to(tx, own, queries.get(tx, one.case_id))
        return own

    own = database.write(joined)
    with pytest.raises(Conflict, match="not_merged"):
        database.write(joining.undo, own.id, AGENT)


@pytest.mark.req("QLT-002", "CASE-006")
def test_nobody_is_asked_twice_about_a_problem_that_was_merged(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    one, two = begin(database, keeper), begin(database, keeper)
    database.write(service.resolve, two.case_id, AGENT)
    (asked,) = database.write(surveys.begin_due, RULES)
    answer = Answer(score=4)
    database.write(lambda tx: surveys.answer(tx, two.case, RULES, answer, way="page", by=two.customer))
    database.write(joining.merge, two.case_id, one.case_id, AGENT)
    clock.forward(hours=2)
    database.write(service.resolve, one.case_id, AGENT)
    database.write(surveys.begin_due, RULES)
    assert database.write(surveys.begin_due, RULES) == []
    clock.forward(hours=30)
    assert database.write(surveys.ask_by_mail, RULES) == 0
    found = database.read(survey_queries.of_case, one.case_id)
    assert found is not None and (found.id, found.score) == (asked.id, 4)


@pytest.mark.req("QLT-002")
def test_who_says_that_it_is_not_solved_is_asked_only_when_it_is(
    database: Database, keeper: Keeper, settings: Settings, tmp_path: Path, clock: StillClock
) -> None:
    told = begin(database, keeper)
    database.write(service.resolve, told.case_id, AGENT)
    database.write(surveys.begin_due, RULES)
    database.write(service.deny, told.case_id, told.customer)
    clock.forward(hours=25)
    assert database.write(surveys.ask_by_mail, RULES) == 0
    database.write(service.resolve, told.case_id, AGENT)
    clock.forward(hours=25)
    assert database.write(surveys.ask_by_mail, RULES) == 1
    (ask,) = errands(database, surveys.ASK)
    database.write(service.reopen, told.case_id, 14, told.customer)
    SurveyLetters(database, settings, Keys(tmp_path), Postman(settings)).ask(ask)
    assert not list(tmp_path.glob("outbox/*"))


@pytest.mark.req("PRIV-005", "CASE-012")
def test_a_case_that_was_erased_in_the_middle_of_a_round_holds_up_nobody(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    """The eraser takes promises before their case; a round in between writes them again."""
    gone, stays = begin(database, keeper), begin(database, keeper, email="ken@example.com")
    later = clock.now + timedelta(hours=3)
    database.write(follow_ups.follow_up, gone.case_id, later, AGENT)
    database.write(lambda tx: tx.execute(delete(case_file).where(case_file.c.id == gone.case_id)))
    assert database.write(follow_ups.wake, gone.case_id, later, "ja") is None
    clock.forward(hours=30)
    due = database.read(telling.due_to_be_told, BEFORE)
    assert {each.case_id for each in due} == {gone.case_id, stays.case_id}
    told = {each.case_id for each in due if database.write(keeper.tell_late, each)}
    assert told == {stays.case_id}
    assert database.read(promises_of, gone.case_id) == []


# ── anything in any order ──


@dataclass
class House:
    """One database for all examples; `desk` erases for real."""

    database: Database
    clock: StillClock
    keeper: Keeper
    settings: Settings
    desk: PrivacyDesk
    erased: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("between")
    shutil.copy(sqlite_template, folder / "shared.db")
    clock = StillClock()
    database = Database(f"sqlite:///{folder / 'shared.db'}", clock=clock, synchronous="OFF")
    config = Settings.load(None, data={"folder": folder}, hours=DESK)
    means = Means(FileStore(folder / "files"), Keys(folder), Postman(config), ())
    yield House(database, clock, Keeper.of(config), config, PrivacyDesk(database, config, means))
    database.close()


_OFTEN = ("resolve", "reopen", "merge", "time") * 3
_DEEDS = (
    *_OFTEN, "say", "answer", "undo", "confirm", "wait", "investigate", "follow_up", "rate", "erase",
)  # fmt: skip
_STEPS = st.lists(
    st.tuples(st.sampled_from(_DEEDS), st.integers(0, 1), st.integers(0, 1)), min_size=3, max_size=16
)


@pytest.mark.req("CASE-006", "CASE-012", "SLA-030", "QLT-002", "PRIV-005")
@given(_STEPS)
@example([("resolve", 0, 0), ("reopen", 0, 0), ("time", 0, 0)])
@example([("resolve", 0, 0), ("rate", 0, 0), ("merge", 0, 1), ("resolve", 1, 1), ("time", 0, 0)])
@example([("investigate", 0, 0), ("merge", 0, 1), ("time", 0, 0), ("undo", 0, 0), ("time", 0, 0)])
@example([("follow_up", 0, 0), ("erase", 0, 0), ("time", 0, 0)])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_runs_asks_or_tells_where_it_is_over(house: House, steps: list[tuple[str, int, int]]) -> None:
    email = f"{new_id('m')}@example.com"
    mine = [begin(house.database, house.keeper, email=email) for _ in range(2)]
    for deed, one, two in steps:
        house.clock.forward(minutes=1)
        try:
            _do(house, deed, mine[one], mine[two])
        except Problem:
            continue
        finally:
            before = _written(house)
            _round(house)
            _holds(house, mine, _written(house) - before)


def _do(house: House, deed: str, told: Told, other: Told) -> None:
    write, now = house.database.write, house.clock.now
    customer = told.customer
    match deed:
        case "say":
            told.customer_says()
        case "answer":
            told.agent_says()
        case "merge":
            write(joining.merge, told.case_id, other.case_id, AGENT)
        case "undo":
            write(joining.undo, told.case_id, AGENT)
        case "resolve":
            write(service.resolve, told.case_id, AGENT)
        case "confirm":
            write(service.confirm_resolution, told.case_id, customer)
        case "reopen":
            write(service.reopen, told.case_id, 14, customer)
        case "wait":
            write(service.wait_for_customer, told.case_id, AGENT)
        case "investigate":
            write(service.investigate, told.case_id, AGENT)
        case "follow_up":
            write(follow_ups.follow_up, told.case_id, now + timedelta(hours=5), AGENT)
        case "rate":
            given_answer = Answer(score=3)
            write(lambda tx: surveys.answer(tx, told.case, RULES, given_answer, way="page", by=customer))
        case "time":
            house.clock.forward(hours=26)
        case "erase":
            _erase(house, customer)


def _erase(house: House, customer: Actor) -> None:
    """The whole history of the customer, as they would have it done."""
    assert customer.customer_id is not None
    own = house.database.read(
        lambda tx: tx.all(select(case_file.c.id).where(case_file.c.customer_id == customer.customer_id))
    )
    fresh = Actor(kind="customer", id=customer.id, customer_id=customer.customer_id, rung=Rung.FRESH)
    wish = house.database.write(lambda tx: privacy.ask(tx, fresh, "history"))
    house.database.write(privacy.confirm, fresh, wish.id, house.settings.privacy)
    house.clock.forward(hours=house.settings.privacy.erase_after_hours)
    while house.desk.do_next() is not None:
        pass
    house.erased |= {row.id for row in own}


def _round(house: House) -> None:
    """What the worker does, in its order."""
    write, read = house.database.write, house.database.read
    write(surveys.begin_due, RULES)
    write(surveys.ask_by_mail, RULES)
    write(telling.investigated, timedelta(hours=24))
    write(telling.stalled, STALLED)
    for errand in errands(house.database, follow_ups.DUE):
        at = house.clock.now.fromisoformat(errand.payload["at"])
        if at <= house.clock.now:
            write(follow_ups.wake, errand.payload["case_id"], at, "ja")
    for case_id in read(house.keeper.to_read):
        write(house.keeper.read, case_id)
    for late in read(telling.due_to_be_told, BEFORE):
        write(house.keeper.tell_late, late)


def _written(house: House) -> set[tuple[str, str]]:
    """(topic, case or survey) of every mail that is to be sent, with its number."""
    found = (*errands(house.database, telling.MAIL), *errands(house.database, surveys.ASK))
    return {
        (f"{each.topic}/{each.id}", each.payload.get("case_id") or each.payload["survey_id"])
        for each in found
    }


def _holds(house: House, mine: list[Told], new: set[tuple[str, str]]) -> None:
    read = house.database.read
    cases = {row.id: Case(**row._mapping) for row in read(lambda tx: tx.all(select(case_file)))}
    running = select(case_promise.c.case_id).where(
        case_promise.c.settled_at.is_(None), case_promise.c.state != "cancelled"
    )
    for row in read(lambda tx: tx.all(running)):
        assert row.case_id in cases and is_live(cases[row.case_id].state), "a promise runs on"
    flagged = select(case_clock.c.case_id).where(
        case_clock.c.stalled_at.is_not(None), case_clock.c.waits_for == "us"
    )
    for row in read(lambda tx: tx.all(flagged)):
        assert row.case_id in cases and not cases[row.case_id].merged_into
    assert not {about for _, about in new} & house.erased, "told about an erased case"
    over = {each.id for each in cases.values() if each.merged_into}
    assert not {about for _, about in new} & over, "told about a merged case"
    asked = [about for topic, about in _written(house) if topic.startswith(surveys.ASK)]
    assert len(asked) == len(set(asked)), "asked twice"
    owners = read(lambda tx: tx.all(select(survey.c.id, survey.c.case_id, survey.c.customer_id)))
    about = {row.id: row.case_id for row in owners}
    for survey_id in (about_id for topic, about_id in new if topic.startswith(surveys.ASK)):
        assert not is_live(cases[about[survey_id]].state), "asked about what is not solved"
    customer_id = mine[0].customer.customer_id
    mails = [row for row in owners if row.customer_id == customer_id and row.id in asked]
    assert len(mails) <= 1, "one person is asked twice within a month"


@pytest.mark.req("HIS-008")
def test_deeds_on_the_account_outside_a_contact_stand_in_the_timeline_of_their_time(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    told = begin(database, keeper)
    who = told.customer.customer_id or ""

    def deed(tx: Transaction, name: str, contact_id: str | None) -> None:
        tx.execute(
            insert(account_proposal).values(
                id=new_id("acct"),
                contact_id=contact_id,
                customer_id=who,
                visitor_id="vis",
                deed=name,
                request={},
                rung=3,
                reasons=[],
                state="done",
                actor_kind="customer",
                actor_id="vis",
                created_at=tx.now,
                expires_at=tx.now,
                finished_at=tx.now,
            )
        )

    clock.forward(minutes=5)
    database.write(deed, "change_email", None)
    database.write(deed, "end_sessions", told.contact_id)
    clock.forward(days=1)
    database.write(service.resolve, told.case_id, AGENT)
    database.write(service.confirm_resolution, told.case_id, told.customer)
    clock.forward(days=1)
    database.write(deed, "lock", None)
    of_case = database.read(timeline.of_case, told.case)
    of_customer = database.read(timeline.of_customer, who)
    assert [each.text for each in of_case if each.source == "account"] == ["change_email done"]
    assert [each.text for each in of_customer if each.source == "account"] == [
        "lock done",
        "change_email done",
    ]
