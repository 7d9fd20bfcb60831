"""The demonstration's past: every screen of staff has something to show, the same each time, and loading it twice changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from madoguchi.building import build_house
from madoguchi.channels.mail import model as mail
from madoguchi.connectors.embedded.demo.cast import MISAKI
from madoguchi.connectors.embedded.demo.load import customer_id, load_demo
from madoguchi.connectors.embedded.demo.staff import ensure_staff
from madoguchi.counter.callbacks.figures import figures
from madoguchi.counter.callbacks.model import FINAL, callback, callback_call
from madoguchi.counter.cases.follow_ups import DUE
from madoguchi.counter.cases.joining import case_joining
from madoguchi.counter.cases.links import case_link
from madoguchi.counter.cases.memos import case_memo
from madoguchi.counter.cases.model import case_file
from madoguchi.counter.cases.promise_model import case_promise
from madoguchi.counter.cases.tasks import case_task
from madoguchi.counter.contacts.model import attachment, contact, ledger_entry
from madoguchi.counter.contacts.queries import owed_turns
from madoguchi.counter.inbox.model import contact_label
from madoguchi.counter.knowledge.draft_model import article_draft, article_feedback
from madoguchi.counter.knowledge.signals import gaps
from madoguchi.counter.privacy import holds
from madoguchi.counter.privacy.model import privacy_request
from madoguchi.counter.quality.model import scorecard
from madoguchi.counter.reports.staff_time import staff_time
from madoguchi.counter.routing import accuracy, forecasting
from madoguchi.counter.routing.model import agent_status
from madoguchi.counter.surveys.model import feedback, survey
from madoguchi.demonstration.past import fill
from madoguchi.engine.outbox import outbox
from madoguchi.engine.schema import metadata
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


def filled(folder: Path) -> House:
    house = build_house(
        Settings.model_validate(
            {
                "data": {"folder": folder},
                "demo": {"enabled": True},
                "callback": {"caller_id": "0120-000-000"},
            }
        ),
        clock=lambda: NOW,
    )
    load_demo(house.database, NOW)
    ensure_staff(house.database, folder)
    assert fill(house)
    return house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = filled(tmp_path_factory.mktemp("past"))
    yield opened
    opened.database.close()


def rows(house: House, *columns: Any) -> list[Any]:
    return list(house.database.read(lambda tx: tx.all(select(*columns))))


def counted(house: House, column: Any) -> Counter[str]:
    return Counter(row[0] for row in rows(house, column))


def test_there_are_cases_in_every_state_that_a_case_can_rest_in(house: House) -> None:
    states = counted(house, case_file.c.state)
    assert states.keys() >= {
        "open",
        "waiting_for_us",
        "waiting_for_customer",
        "waiting_for_third_party",
        "investigating",
        "closed",
    }


def test_promises_are_kept_late_and_standing_still(house: House) -> None:
    assert counted(house, case_promise.c.state).keys() >= {"kept", "broken", "paused", "running"}


def test_cases_are_merged_and_linked_and_one_has_the_steps_of_a_fraud(house: House) -> None:
    assert len(rows(house, case_joining.c.id)) == 1
    assert counted(house, case_link.c.kind)["related"] >= 2
    steps = [
        row.state for row in rows(house, case_task.c.state, case_task.c.template) if row.template == "victim"
    ]
    assert Counter(steps) == {"done": 2, "open": 3}
    assert len(rows(house, case_memo.c.id)) >= 2


def test_cases_will_be_looked_at_again(house: House) -> None:
    due = [row.due_at for row in rows(house, outbox.c.due_at, outbox.c.topic) if row.topic == DUE]
    assert len(due) == 2 and min(due) > NOW


def test_mails_came_with_a_picture_vouched_for_or_not_and_one_was_kept_apart(house: House) -> None:
    received = rows(house, mail.received_mail.c.state, mail.received_mail.c.authentication)
    assert Counter(row.state for row in received) == {"filed": 4, "quarantined": 1}
    assert {row.authentication["dmarc"] for row in received} == {"pass", "fail"}
    assert counted(house, attachment.c.media_type)["image/png"] == 1
    waiting = rows(house, mail.waiting_reply.c.state, mail.waiting_reply.c.due_at)
    assert [row.state for row in waiting] == ["waiting"] and waiting[0].due_at > NOW


def test_people_wrote_over_months_in_four_languages_by_chat_mail_form_and_telephone(house: House) -> None:
    assert counted(house, contact.c.channel).keys() == {"chat", "mail", "form", "callback"}
    assert counted(house, contact.c.language).keys() >= {"ja", "en", "zh-Hans", "ko"}
    of_misaki = [
        row.opened_at
        for row in rows(house, contact.c.opened_at, contact.c.customer_id)
        if row.customer_id == customer_id(MISAKI)
    ]
    assert len(of_misaki) == 3 and (max(of_misaki) - min(of_misaki)).days > 60


def test_nothing_happened_in_the_future_and_nobody_is_owed_a_word_of_the_assistant(house: House) -> None:
    assert max(row.at for row in rows(house, ledger_entry.c.at)) <= NOW
    assert house.database.read(owed_turns) == []


def test_surveys_are_answered_and_feedback_is_in_each_state(house: House) -> None:
    answered = [
        row for row in rows(house, survey.c.score, survey.c.comment, survey.c.answered_by) if row.score
    ]
    assert {row.score for row in answered} == {2, 3, 4, 5}
    assert {row.answered_by for row in answered} == {"chat", "mail", "page"}
    assert sum(bool(row.comment) for row in answered) >= 4
    assert counted(house, feedback.c.state).keys() == {"new", "in_work", "done"}


def test_editors_find_a_review_searches_without_result_and_reasons(house: House) -> None:
    assert list(counted(house, article_draft.c.state)) == ["review"]
    missing = house.database.read(gaps, 2)
    assert [gap.times for gap in missing] == [3, 2, 2]
    assert counted(house, article_feedback.c.reason).keys() >= {"unclear", "other_question", "did_not_work"}


def test_a_privacy_request_is_done_and_a_case_is_held(house: House) -> None:
    assert list(counted(house, privacy_request.c.state)) == ["done"]
    assert len(house.database.read(holds.standing)) == 1


def test_waits_were_told_and_mostly_kept_and_some_gave_up(house: House) -> None:
    found = house.database.read(accuracy.overall, NOW - timedelta(days=28), NOW)
    assert found.served > 150 and 0 < found.left < 25
    assert found.promised > 30 and found.kept is not None and found.kept > accuracy.GOAL
    assert found.p50_s is not None and 10 < found.p50_s < 90


def test_forecasts_were_kept_that_beat_the_week_before(house: House) -> None:
    found = house.database.read(forecasting.errors, TOKYO, frozenset())[forecasting.ALL]
    assert found.days == 21 and found.forecast is not None and found.week_ago is not None
    assert found.forecast < found.week_ago


def test_staff_worked_their_shifts_with_own_statuses_and_nobody_is_there_now(house: House) -> None:
    since = NOW - timedelta(days=28)
    worked = house.database.read(staff_time, since, NOW)
    assert len(worked) == 4
    assert all(0.75 < (each.plan.share or 0) < 1 for each in worked.values())
    kinds = {kind for each in worked.values() for _, kind in each.statuses}
    assert kinds == {"", "training", "paperwork", "meeting"}
    assert sum(each.after_contacts for each in worked.values()) > 50
    assert set(counted(house, agent_status.c.status)) == {"offline"}


def test_work_was_reviewed_and_contacts_have_labels(house: House) -> None:
    cards = rows(house, scorecard.c.seen_at)
    assert len(cards) == 3 and sum(card.seen_at is not None for card in cards) == 1
    assert counted(house, contact_label.c.label)["要フォロー"] == 2


def test_nobody_is_mailed_today_for_what_happened_then(house: House) -> None:
    pending = [row for row in rows(house, outbox.c.topic, outbox.c.due_at) if row.due_at <= NOW]
    assert [row.topic for row in pending if row.topic != "mail.privacy"] == []


def test_a_second_load_changes_nothing(house: House) -> None:
    before = sizes(house)
    assert not fill(house)
    assert sizes(house) == before


def test_it_is_the_same_each_time(house: House, tmp_path: Path) -> None:
    other = filled(tmp_path)
    try:
        assert sizes(other) == sizes(house)
        assert said(other) == said(house)
    finally:
        other.database.close()


def sizes(house: House) -> dict[str, int]:
    def count(tx: Any) -> dict[str, int]:
        tables = metadata.sorted_tables
        return {table.name: int(tx.scalar(select(func.count()).select_from(table))) for table in tables}

    return house.database.read(count)


def said(house: House) -> list[Any]:
    query = select(ledger_entry.c.at, ledger_entry.c.kind).order_by(ledger_entry.c.at, ledger_entry.c.kind)
    return [tuple(row) for row in house.database.read(lambda tx: tx.all(query))]


@pytest.mark.req("CB-002", "CB-003")
def test_call_backs_went_every_way_and_some_are_to_come(house: House) -> None:
    """Through the verbs: each call that was made has its row, and those who lead see shares, tries and a broken promise."""
    found = rows(house, callback.c.state, callback.c.outcome, callback.c.calls, callback.c.created_at)
    ends = Counter((row.state, row.outcome) for row in found)
    assert len(found) >= 40
    assert ends.keys() >= {("done", "talked"), ("missed", "no_answer"), ("missed", "wrong_number")}
    assert counted(house, callback.c.state).keys() >= {"cancelled", "booked", "due"}
    assert len(rows(house, callback_call.c.number)) == sum(row.calls for row in found)
    seen = house.database.read(figures, NOW - timedelta(days=30))
    assert seen.now.share and seen.slot.share and seen.retries and seen.broken
    assert sum(row.created_at > NOW - timedelta(days=1) for row in found) == 5


@pytest.mark.req("CB-003")
def test_of_past_calls_nothing_is_left_to_do(house: House) -> None:
    old = (callback.c.created_at < NOW - timedelta(days=1), callback.c.state.not_in(FINAL))
    assert rows(house, callback.c.id) and not house.database.read(
        lambda tx: tx.all(select(callback.c.id).where(*old))
    )
