"""Customers hear before they ask: of late promises, of every move, while it is investigated, when it stands still. Once each."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from madoguchi.channels.mail.case_letters import CaseLetters
from madoguchi.channels.mail.outbound import Postman
from madoguchi.channels.mail.wordbook import enquiries
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.cases import events as course
from madoguchi.counter.cases import promise_wording, service, telling
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.promise_model import case_clock, case_promise
from madoguchi.counter.cases.wording import state_label
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import service as ledger
from madoguchi.counter.customers.preferences import choose
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Courier, outbox
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import catalogue
from madoguchi.faces.facts import fact_text
from tests.cases.conftest import AGENT, Told, begin
from tests.conftest import StillClock

HALF_AN_HOUR = timedelta(minutes=30)
THREE_DAYS = timedelta(days=3)
DAY = timedelta(hours=24)


def tell_late(database: Database, keeper: Keeper, before: timedelta = HALF_AN_HOUR) -> int:
    return sum(
        database.write(keeper.tell_late, each) for each in database.read(telling.due_to_be_told, before)
    )


@pytest.fixture
def post(settings: Settings) -> Post:
    return Post(settings)


class Post:
    """Delivers what is due, and reads what has been delivered since the last look."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: set[str] = set()

    def deliver(self, database: Database) -> list[EmailMessage]:
        letters = CaseLetters(
            database, self._settings, Keys(self._settings.data.folder), Postman(self._settings)
        )
        Courier(database, {telling.MAIL: letters.send}).deliver_due()
        failed = database.read(lambda tx: tx.all(select(outbox.c.error).where(outbox.c.error.is_not(None))))
        assert failed == []
        folder = self._settings.data.folder / "outbox"
        found = sorted(path for path in folder.glob("*.eml") if path.name not in self._seen)
        self._seen |= {path.name for path in found}
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]  # type: ignore[misc]


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_content())


# ── a promise that is not kept ──


@pytest.mark.req("SLA-007", "SLA-030", "CASE-007")
def test_a_customer_hears_of_a_late_answer_before_they_ask_once_and_with_the_new_time(
    database: Database, keeper: Keeper, clock: StillClock, post: Post
) -> None:
    told = begin(database, keeper)
    clock.forward(hours=23, minutes=29)
    assert tell_late(database, keeper) == 0
    clock.forward(minutes=2)
    assert tell_late(database, keeper) == 1
    (fact,) = told.told
    assert fact.visibility == "public" and fact_text(fact, "ja") == (
        "11月21日(土) 12:00までにお返事するお約束に間に合わず、申し訳ございません。11月22日(日) 12:00までにお返事します。"
    )
    (mail,) = post.deliver(database)
    assert (mail["To"], mail["Auto-Submitted"]) == ("美咲 <misaki@example.com>", "auto-replied")
    assert mail["Subject"] == f"お問い合わせ {told.case.label}：お約束の時間に遅れています"
    assert fact_text(fact, "ja") in text_of(mail)
    assert f"https://help.shop.example/contacts/{told.contact_id}" in text_of(mail)
    assert "届きません" not in text_of(mail)  # nothing that anybody typed
    clock.forward(days=5)
    told.read()
    assert tell_late(database, keeper) == 1  # the solution; the answer was told
    assert [entry.body["kind"] for entry in told.told] == ["first_answer", "solution"]
    assert len(post.deliver(database)) == 1
    assert [e.kind for e in database.read(course.of_case, told.case_id) if e.kind == telling.LATE] == [
        telling.LATE
    ] * 2


def test_an_answer_given_a_moment_before_counts_and_nobody_is_told(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    told = begin(database, keeper)
    clock.forward(hours=23, minutes=50)
    due = database.read(telling.due_to_be_told, HALF_AN_HOUR)
    told.agent_says()
    assert [database.write(keeper.tell_late, each) for each in due] == [False]
    assert told.told == []


def test_of_many_workers_one_tells(database: Database, keeper: Keeper, clock: StillClock) -> None:
    told = begin(database, keeper)
    clock.forward(hours=25)
    (late,) = database.read(telling.due_to_be_told, HALF_AN_HOUR)
    start = threading.Barrier(6)

    def tell(_: int) -> bool:
        start.wait()
        return database.write(keeper.tell_late, late)

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(tell, range(6))) == [False] * 5 + [True]
    assert len(told.told) == 1
    assert len(database.read(lambda tx: tx.all(select(outbox).where(outbox.c.topic == telling.MAIL)))) == 1


def test_a_promise_that_stands_still_or_was_late_before_it_was_made_is_not_told(
    sqlite_database: Database, keeper: Keeper, clock: StillClock
) -> None:
    told = begin(sqlite_database, keeper)
    sqlite_database.write(service.wait_for_customer, told.case_id, AGENT)
    told.read()
    old = sqlite_database.write(service.open_case, None, "vis_9", "order_delivery.item_not_received")
    clock.forward(days=9)
    sqlite_database.write(keeper.read, old.id)  # read for the first time, nine days late
    assert tell_late(sqlite_database, keeper) == 0


def test_in_a_chat_a_late_answer_is_told_there_and_by_no_mail(
    sqlite_database: Database, keeper: Keeper, clock: StillClock, post: Post
) -> None:
    told = begin(sqlite_database, keeper, channel="chat")
    told.hand_over()
    told.read()
    clock.forward(minutes=5, seconds=1)
    assert tell_late(sqlite_database, keeper) == 1
    assert [entry.body["kind"] for entry in told.told] == ["first_answer"]
    assert told.promises["first_answer"].told_due_at == clock.now + timedelta(minutes=5)
    assert post.deliver(sqlite_database) == []


def test_a_shop_may_tell_only_what_is_broken(
    sqlite_database: Database, keeper: Keeper, clock: StillClock
) -> None:
    begin(sqlite_database, keeper)
    clock.forward(hours=24)
    assert tell_late(sqlite_database, keeper, timedelta(0)) == 0
    clock.forward(seconds=1)
    assert tell_late(sqlite_database, keeper, timedelta(0)) == 1


# ── moves ──


@pytest.mark.req("CASE-007")
def test_every_move_that_the_customer_has_not_made_is_told_and_their_own_is_not(
    database: Database, keeper: Keeper, clock: StillClock, post: Post
) -> None:
    told = begin(database, keeper)
    moves = {
        "investigating": service.investigate,
        "waiting_for_third_party": service.wait_for_third_party,
        "waiting_for_us": service.wait_for_us,
        "waiting_for_customer": service.wait_for_customer,
        "resolved": service.resolve,
        "closed": service.close,
    }
    for state, verb in moves.items():
        clock.forward(minutes=10)
        database.write(verb, told.case_id, AGENT)
        (mail,) = post.deliver(database)
        words = state_label(state, "ja")  # type: ignore[arg-type]
        assert mail["Subject"] == f"お問い合わせ {told.case.label}：{words}"
        assert f"状況：{words}" in text_of(mail)
        assert fact_text(told.told[-1], "ja") == f"状況：{words}"
    assert len(told.told) == len(moves)
    database.write(lambda tx: service.reopen(tx, told.case_id, 14, told.customer))
    assert post.deliver(database) == [] and len(told.told) == len(moves)


def test_asking_for_a_reply_says_that_the_time_stands_still(
    sqlite_database: Database, keeper: Keeper, post: Post
) -> None:
    told = begin(sqlite_database, keeper)
    sqlite_database.write(service.wait_for_customer, told.case_id, AGENT)
    (mail,) = post.deliver(sqlite_database)
    assert "お返事をいただくまで、解決までの時間は止まります" in text_of(mail)


def test_what_a_conversation_says_itself_is_not_said_twice_in_it(
    sqlite_database: Database, keeper: Keeper, post: Post
) -> None:
    told = begin(sqlite_database, keeper)

    def solve(tx: Transaction) -> None:
        ledger.resolve(tx, told.contact_id, SYSTEM, None)
        service.resolve(tx, told.case_id, AGENT)

    sqlite_database.write(solve)
    assert told.told == [] and len(post.deliver(sqlite_database)) == 1


def test_who_does_not_want_mails_or_has_no_address_gets_none_and_sees_it_in_the_conversation(
    sqlite_database: Database, keeper: Keeper, post: Post
) -> None:
    silent = begin(sqlite_database, keeper)
    assert silent.customer.customer_id is not None
    sqlite_database.write(choose, silent.customer.customer_id, "case_updates", False, silent.customer)
    visitor = begin(sqlite_database, keeper, channel="chat", email="")
    for told in (silent, visitor):
        sqlite_database.write(service.investigate, told.case_id, AGENT)
        assert [fact_text(fact, "ja") for fact in told.told] == ["状況：調査中"]
    assert post.deliver(sqlite_database) == []


@pytest.mark.req("CASE-007")
def test_an_address_known_only_from_its_mail_gets_one_a_day_of_what_no_person_has_caused(
    sqlite_database: Database, keeper: Keeper, clock: StillClock, post: Post
) -> None:
    several = [
        begin(sqlite_database, keeper, email="", mail_from="victim@example.org", mail_name="<b>x</b>")
        for _ in range(5)
    ]
    clock.forward(hours=25)
    assert tell_late(sqlite_database, keeper) == 5
    (mail,) = post.deliver(sqlite_database)
    assert mail["To"] == "victim@example.org" and "<b>" not in text_of(mail)
    assert "/contacts/" not in text_of(mail)  # only the mail's answer leads back to it
    assert mail["Reply-To"].partition("+t.")[2]
    sqlite_database.write(service.investigate, several[0].case_id, AGENT)
    assert len(post.deliver(sqlite_database)) == 1


# ── investigation ──


@pytest.mark.req("CASE-016")
def test_while_it_is_investigated_the_customer_hears_every_24_hours(
    database: Database, keeper: Keeper, clock: StillClock, post: Post
) -> None:
    told = begin(database, keeper)
    database.write(service.investigate, told.case_id, AGENT)
    post.deliver(database)
    heard = []
    for _hour in range(73):
        if database.write(telling.investigated, DAY):
            heard.append(_hour)
        clock.forward(hours=1)
    assert heard == [24, 48, 72]
    mails = post.deliver(database)
    assert len(mails) == 3 and all("24時間以内にあらためてご連絡します" in text_of(mail) for mail in mails)
    database.write(service.wait_for_us, told.case_id, AGENT)
    clock.forward(hours=48)
    assert database.write(telling.investigated, DAY) == 0
    database.write(service.investigate, told.case_id, AGENT)
    assert database.write(telling.investigated, DAY) == 0
    clock.forward(hours=24)
    assert database.write(telling.investigated, DAY) == 1


def test_workers_that_were_down_for_days_send_one_notice(
    sqlite_database: Database, keeper: Keeper, clock: StillClock, post: Post
) -> None:
    told = begin(sqlite_database, keeper)
    sqlite_database.write(service.investigate, told.case_id, AGENT)
    clock.forward(days=4)
    assert [sqlite_database.write(telling.investigated, DAY) for _ in range(3)] == [1, 0, 0]
    sqlite_database.write(service.wait_for_us, told.case_id, AGENT)
    subjects = [mail["Subject"] for mail in post.deliver(sqlite_database)]
    assert not any("引き続き調査" in subject for subject in subjects)  # it is not true any more


# ── standing still ──


@pytest.mark.req("CASE-012")
def test_after_three_days_without_an_event_it_is_flagged_and_the_customer_gets_a_link_for_feedback(
    database: Database, keeper: Keeper, clock: StillClock, post: Post
) -> None:
    told = begin(database, keeper)
    told.agent_says()
    told.read()
    clock.forward(days=3, seconds=-1)
    assert database.write(telling.stalled, THREE_DAYS) == []
    clock.forward(seconds=1)
    assert [case.id for case in database.write(telling.stalled, THREE_DAYS)] == [told.case_id]
    assert database.write(telling.stalled, THREE_DAYS) == []
    (mail,) = post.deliver(database)
    assert f"https://help.shop.example/help/feedback?case={told.case.label}" in text_of(mail)
    assert "いつでもあらためてご連絡いただけます" in text_of(mail)
    assert [fact.body["what"] for fact in told.told] == ["stalled"]
    told.read()
    assert _flag(database, told) is not None  # what we tell by ourselves is no event
    told.customer_says()
    told.read()
    assert _flag(database, told) is None
    clock.forward(days=3)
    assert len(database.write(telling.stalled, THREE_DAYS)) == 1
    assert len(post.deliver(database)) == 1


@pytest.mark.req("CASE-012")
def test_nothing_stands_still_while_it_is_the_customers_turn_or_a_follow_up_is_set(
    sqlite_database: Database, keeper: Keeper, clock: StillClock
) -> None:
    waits, answered, later = (
        begin(sqlite_database, keeper, email=f"{n}@example.com", channel="chat") for n in range(3)
    )
    sqlite_database.write(service.wait_for_customer, waits.case_id, AGENT)
    answered.assistant_says({"text": "お荷物は大阪にあります。"})
    sqlite_database.write(
        lambda tx: tx.driver(
            "UPDATE case_file SET follow_up_at = ? WHERE id = ?",
            (int((clock.now + timedelta(days=9)).timestamp() * 1e6), later.case_id),
        ).close()
    )
    for told in (waits, answered, later):
        told.read()
    clock.forward(days=8)
    assert sqlite_database.write(telling.stalled, THREE_DAYS) == []
    clock.forward(days=2)
    assert [case.id for case in sqlite_database.write(telling.stalled, THREE_DAYS)] == [later.case_id]


def test_an_old_silence_is_flagged_without_startling_the_customer(
    sqlite_database: Database, keeper: Keeper, clock: StillClock, post: Post
) -> None:
    told = begin(sqlite_database, keeper)
    clock.forward(days=40)
    assert len(sqlite_database.write(telling.stalled, THREE_DAYS)) == 1
    assert told.told == [] and post.deliver(sqlite_database) == []


def _flag(database: Database, told: Told) -> object:
    return database.read(
        lambda tx: tx.scalar(select(case_clock.c.stalled_at).where(case_clock.c.case_id == told.case_id))
    )


# ── words ──


@pytest.mark.parametrize("language", ["ja", "zh-Hans", "zh-Hant", "ko"])
def test_everything_that_customers_read_is_said_in_their_language(language: str) -> None:
    tables = (
        {each.id: each.subject for each in enquiries.LETTERS if each.id.startswith("case_")},
        enquiries.STEPS,
        promise_wording._LABELS,
        promise_wording._RUNNING,
        promise_wording._LATE,
        promise_wording._LATE_AGAIN,
        promise_wording._PAUSED,
    )
    needed = {words for table in tables for words in table.values()} | {promise_wording._PAUSED_FOR_OTHERS}
    assert needed <= catalogue(language).keys()


def test_what_is_told_is_public_and_in_the_order_of_the_ledger(
    sqlite_database: Database, keeper: Keeper, clock: StillClock
) -> None:
    told = begin(sqlite_database, keeper)
    sqlite_database.write(service.investigate, told.case_id, AGENT)
    clock.forward(days=4)
    tell_late(sqlite_database, keeper)
    assert {fact.visibility for fact in told.told} == {"public"}
    assert events.CASE_TOLD in events.PUBLIC
    assert (
        sqlite_database.read(
            lambda tx: len(tx.all(select(case_promise).where(case_promise.c.told_at.is_not(None))))
        )
        == 2
    )
