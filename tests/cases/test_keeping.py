"""Promises of real cases: started, kept, paused, told anew, and read once for each thing that happens."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from madoguchi.counter.actors import ASSISTANT
from madoguchi.counter.cases import promises, queries, service
from madoguchi.counter.cases.events import MOVED, of_case
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.promise_model import case_promise
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import service as ledger
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings
from tests.cases.conftest import AGENT, DESK, Told, begin
from tests.conftest import StillClock

TOKYO = ZoneInfo("Asia/Tokyo")
FRIDAY_NOON = datetime(2026, 11, 20, 12, 0, tzinfo=TOKYO)


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.req("SLA-007", "SLA-004", "CASE-007")
def test_a_mail_is_promised_a_first_answer_in_the_sooner_of_a_day_and_two_business_days(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    missing = begin(database, keeper)
    assert clock.now == FRIDAY_NOON
    assert missing.promises["first_answer"].due_at == tokyo("2026-11-21T12:00")  # 24 hours, by category
    assert missing.promises["solution"].due_at == missing.case.promised_at == tokyo("2026-11-23T12:00")
    general = begin(database, keeper, "general.site_usage", email="ken@example.com")
    assert general.promises["first_answer"].due_at == tokyo("2026-11-25T18:00")  # Monday is a holiday
    assert "solution" not in general.promises and general.case.promised_at is None


def test_an_agents_answer_keeps_it_and_each_further_word_is_promised_an_answer(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    told = begin(database, keeper)
    clock.forward(hours=2)
    told.agent_says()
    first = told.read()["first_answer"]
    assert (first.state, first.settled_by, first.took_s) == ("kept", "agent", 7200.0)
    clock.forward(hours=1)
    told.customer_says()
    clock.forward(hours=1)
    told.customer_says()
    following = told.read()["next_answer"]
    assert (following.state, following.started_at) == ("running", clock.now - timedelta(hours=1))
    told.agent_says()
    assert told.read()["next_answer"].state == "kept"
    assert told.promises["solution"].state == "running"


@pytest.mark.parametrize(
    ("bodies", "understood", "counts"),
    [
        ([{"text": "お荷物は大阪にあります。"}], None, True),
        (
            [{"text": "こちらです。", "card": {"kind": "tracking"}, "choices": {"key": "k", "options": []}}],
            None,
            True,
        ),
        ([{"text": "どのご注文ですか。", "choices": {"key": "k", "options": []}}], None, False),
        ([{"text": "もう少し詳しくお願いします。"}], {"seq": 1, "missed": True}, False),
        ([{"text": "どちらの件でしょうか。"}], {"seq": 1, "move": "clarify"}, False),
        ([{"text": "サインインしてください。", "card": {"kind": "sign_in", "rung": 2}}], None, False),
    ],
)
def test_only_words_of_substance_of_the_assistant_are_an_answer(
    sqlite_database: Database,
    keeper: Keeper,
    bodies: list[dict[str, object]],
    understood: dict[str, object] | None,
    counts: bool,
) -> None:
    told = begin(sqlite_database, keeper, channel="chat")
    told.assistant_says(*bodies, understood=understood)
    first, solution = told.read()["first_answer"], told.promises["solution"]
    assert (first.state, first.settled_by) == (("kept", "assistant") if counts else ("paused", ""))
    assert solution.state == "paused"  # either way it is the customer's turn
    told.customer_says()
    assert told.read()["solution"].state == "running"


def test_who_is_passed_on_to_a_person_has_no_answer_yet_and_it_is_our_turn(
    sqlite_database: Database, keeper: Keeper, clock: StillClock
) -> None:
    told = begin(sqlite_database, keeper, channel="chat")
    told.hand_over()
    assert told.read()["first_answer"].state == "running"
    assert told.promises["first_answer"].due_at == clock.now + timedelta(minutes=5)
    clock.forward(minutes=6)
    assert sqlite_database.read(keeper.to_read) == [told.case_id]
    assert told.read()["first_answer"].state == "broken"


@pytest.mark.req("CASE-001", "SLA-030")
def test_while_we_wait_for_the_customer_nothing_falls_due_and_their_word_gives_the_rest_of_the_time(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    told = begin(database, keeper)
    clock.forward(hours=10)
    database.write(service.wait_for_customer, told.case_id, AGENT)
    assert told.read()["solution"].state == "paused" and told.case.promised_at is None
    clock.forward(days=30)
    told.read()
    assert database.read(queries.overdue) == []
    told.customer_says()
    assert told.read()["solution"].due_at == clock.now + timedelta(hours=62)
    assert told.case.state == "waiting_for_us"
    assert told.case.promised_at == clock.now + timedelta(hours=62)
    moves = [
        (e.body["to"], e.actor_kind)
        for e in database.read(lambda tx: of_case(tx, told.case_id, kinds=[MOVED]))
    ]
    assert moves == [("waiting_for_customer", "agent"), ("waiting_for_us", "customer")]


def test_another_category_and_a_known_company_change_what_is_due(
    sqlite_database: Database, keeper: Keeper, clock: StillClock
) -> None:
    told = begin(sqlite_database, keeper, segments=["business"])
    assert told.promises["first_answer"].due_at == clock.now + timedelta(hours=12)
    assert told.promises["solution"].due_at == clock.now + timedelta(hours=36)
    clock.forward(hours=1)
    sqlite_database.write(
        lambda tx: service.classify(tx, told.case_id, category="return_exchange_cancel.damaged_item")
    )
    assert told.read()["solution"].due_at == told.case.opened_at + timedelta(hours=60)
    sqlite_database.write(lambda tx: service.classify(tx, told.case_id, category="general.site_usage"))
    assert told.read()["solution"].state == "cancelled"
    assert told.case.promised_at is None


@pytest.mark.req("SLA-030")
def test_a_solution_in_time_is_kept_a_late_one_broken_and_a_reopened_case_is_promised_anew(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    told = begin(database, keeper)
    clock.forward(days=4)
    database.write(service.resolve, told.case_id, AGENT)
    late = told.read()["solution"]
    assert (late.state, late.settled_at) == ("broken", clock.now)
    clock.forward(days=1)
    database.write(lambda tx: service.deny(tx, told.case_id, told.customer))
    again = told.read()["solution"]
    assert (again.state, again.due_at) == ("running", clock.now + timedelta(days=3))
    assert told.promises["next_answer"].state == "running"
    database.write(service.resolve, told.case_id, AGENT)
    assert {each.state for kind, each in told.read().items() if kind != "first_answer"} == {"kept"}
    clock.forward(days=20)
    assert database.read(keeper.to_read) == []


def test_a_case_is_read_once_for_each_thing_that_happens_and_reading_twice_changes_nothing(
    database: Database, keeper: Keeper, settings: Settings, clock: StillClock
) -> None:
    told = begin(database, keeper)
    assert database.read(keeper.to_read) == []
    before = told.promises
    clock.forward(hours=1)
    assert told.read() == before and database.read(keeper.to_read) == []
    told.customer_says()
    assert database.read(keeper.to_read) == [told.case_id]
    told.read()
    assert database.read(keeper.to_read) == []
    database.write(service.investigate, told.case_id, AGENT)
    assert database.read(keeper.to_read) == [told.case_id]
    told.read()
    closed = Settings.load(
        None, data={"folder": settings.data.folder}, hours={**DESK, "holidays": ["2026-11-24"]}
    )
    assert database.read(Keeper.of(closed).to_read) == [told.case_id]
    assert Keeper.of(settings) == keeper


def test_a_case_that_was_opened_and_solved_between_two_looks_is_read_too(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    case = database.write(service.open_case, None, "vis_9", "order_delivery.item_not_received")
    database.write(service.resolve, case.id, AGENT)
    assert database.read(keeper.to_read) == [case.id]
    database.write(keeper.read, case.id)
    assert database.read(keeper.to_read) == []


def test_what_is_settled_stays_when_its_words_are_erased(
    sqlite_database: Database, keeper: Keeper, clock: StillClock
) -> None:
    told = begin(sqlite_database, keeper)
    told.agent_says()
    kept = told.read()["first_answer"]
    sqlite_database.write(
        lambda tx: tx.driver("DELETE FROM ledger_entry WHERE author_kind = 'agent'").close()
    )
    clock.forward(days=3)
    assert told.read()["first_answer"] == kept


def test_a_conversation_that_now_belongs_to_another_case_leaves_no_promise_behind(
    sqlite_database: Database, keeper: Keeper, clock: StillClock
) -> None:
    told = begin(sqlite_database, keeper)
    told.agent_says()
    clock.forward(hours=1)
    told.customer_says()
    assert told.read()["next_answer"].state == "running"
    other = sqlite_database.write(service.open_case, None, "vis_9", "general.site_usage")
    sqlite_database.write(ledger.link_case, told.contact_id, other.id)
    assert told.read()["next_answer"].state == "cancelled"


def test_no_row_is_written_for_a_kind_that_nobody_promises(
    sqlite_database: Database, settings: Settings, tmp_path: Path, clock: StillClock
) -> None:
    """A shop's own file replaces ours."""
    own = tmp_path / "promises.toml"
    own.write_text(
        '[answers.first]\nother = { within = 4, unit = "business_hours" }\n'
        '[pauses]\nsolution = ["customer", "third_party"]\n'
        '[order_delivery.item_not_received]\nlow = 1\nhigh = 2\nunit = "business_days"\n'
    )
    try:
        promises.read_from(own)
        told = begin(sqlite_database, Keeper.of(settings))
        assert told.promises.keys() == {"first_answer", "solution"}
        assert told.promises["first_answer"].due_at == tokyo("2026-11-20T16:00")
        assert told.case.promised_at == tokyo("2026-11-25T18:00")
        assert (
            promises.promise_text("order_delivery.item_not_received", "ja")
            == "解決までの目安は1〜2営業日です。"
        )
        sqlite_database.write(service.wait_for_third_party, told.case_id, AGENT)
        assert told.read()["solution"].state == "paused"
    finally:
        promises.read_from(None)
    assert sqlite_database.read(lambda tx: len(tx.all(case_promise.select()))) == 2


def test_a_greeting_before_any_word_is_no_answer(sqlite_database: Database, keeper: Keeper) -> None:
    told = begin(sqlite_database, keeper, channel="chat")
    greeting = {"text": "こんにちは", "choices": {"key": "topic", "options": []}}
    sqlite_database.write(ledger.append, told.contact_id, events.MESSAGE, greeting, actor=ASSISTANT)
    assert told.read()["first_answer"].state == "paused"


def test_the_word_of_a_customer_reaches_the_record_of_every_contact_of_the_case(
    sqlite_database: Database, keeper: Keeper, clock: StillClock
) -> None:
    told = begin(sqlite_database, keeper)
    told.agent_says()
    clock.forward(hours=1)

    def by_chat(tx: object) -> None:
        opened = ledger.open_contact(tx, actor=told.customer, channel="chat", language="ja")  # type: ignore[arg-type]
        ledger.link_case(tx, opened.id, told.case_id)  # type: ignore[arg-type]
        ledger.say(tx, opened.id, actor=told.customer, text="その後は？", client_key="again-words")  # type: ignore[arg-type]

    sqlite_database.write(by_chat)
    assert isinstance(told, Told)
    assert told.read()["next_answer"].started_at == clock.now
