"""Cases: one number each, legal states only, promises, who may see them."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.actors import ASSISTANT, SYSTEM, Actor, Rung
from madoguchi.counter.cases import categories, listing, overdue, policy, promises, queries, service, wording
from madoguchi.counter.cases.listing import Filters
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.texts import catalogue
from tests.conftest import StillClock

MISAKI = Actor(kind="customer", id="vis_1", customer_id="cus_1", rung=Rung.SIGNED_IN)
STRANGER = Actor(kind="customer", id="vis_2", customer_id="cus_2", rung=Rung.SIGNED_IN)
VISITOR = Actor(kind="customer", id="vis_3")
AGENT = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))
DAMAGED = "return_exchange_cancel.damaged_item"


def opened(database: Database, category: str = DAMAGED, actor: Actor = MISAKI, **more: object) -> Case:
    return database.write(
        lambda tx: service.open_case(tx, actor.customer_id, actor.id, category, **more)  # type: ignore[arg-type]
    )


def solved(database: Database, case: Case) -> Case:
    return database.write(service.resolve, case.id, AGENT)


# ── numbers ──


@pytest.mark.req("CASE-001")
def test_cases_opened_at_the_same_instant_have_different_numbers(database: Database) -> None:
    start = threading.Barrier(10)

    def run(_: int) -> list[int]:
        start.wait()
        return [opened(database).number for _ in range(4)]

    with ThreadPoolExecutor(10) as threads:
        numbers = [number for batch in threads.map(run, range(10)) for number in batch]
    assert sorted(numbers) == list(range(10001, 10041))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("C-10482", 10482),
        ("c10482", 10482),
        ("C 10482", 10482),
        ("10482", 10482),
        ("Ｃ－１０４８２", 10482),
        ("Cー10482", 10482),
        ("C‐10482", 10482),
        ("#10482", 10482),
        ("ケース番号：C-10482", 10482),
        ("case number C-10482", 10482),
        ("503-1234567-1234567", None),
        ("C-", None),
        ("D-10482", None),
        ("10482円", None),
        ("", None),
    ],
)
def test_a_number_is_understood_however_it_is_typed(text: str, number: int | None) -> None:
    assert queries.number_in(text) == number


@given(st.text(max_size=30))
def test_reading_a_number_never_fails(text: str) -> None:
    found = queries.number_in(text)
    assert found is None or 0 <= found < 10**9


@pytest.mark.req("CASE-004")
def test_a_case_is_shown_to_its_customer_and_to_staff_and_to_nobody_else(sqlite_database: Database) -> None:
    case = opened(sqlite_database)
    for actor in (MISAKI, AGENT, ASSISTANT):
        assert sqlite_database.read(queries.visible, actor, case.label).id == case.id
    unsigned = Actor(kind="customer", id="vis_1", customer_id="cus_1", rung=Rung.ORDER)
    refusals = []
    for actor, text in (
        (STRANGER, case.label),
        (VISITOR, case.label),
        (unsigned, case.label),
        (MISAKI, "C-99999"),
    ):
        with pytest.raises(NotFound) as refusal:
            sqlite_database.read(queries.visible, actor, text)
        refusals.append((refusal.value.code, refusal.value.params))
    assert all(refusal == ("case_not_found", {}) for refusal in refusals)


def test_a_visitors_case_becomes_the_customers_of_the_same_session_only(sqlite_database: Database) -> None:
    own, other = (
        opened(sqlite_database, actor=VISITOR),
        opened(sqlite_database, actor=Actor(kind="customer", id="vis_9")),
    )
    adopted = sqlite_database.write(service.adopt, "vis_3", "cus_3")
    assert [case.id for case in adopted] == [own.id]
    assert [case.id for case in sqlite_database.read(queries.of_customer, "cus_3")] == [own.id]
    assert sqlite_database.read(queries.of_visitor, "vis_3") == []
    assert [case.id for case in sqlite_database.read(queries.of_visitor, "vis_9")] == [other.id]


# ── states ──


@pytest.mark.req("CASE-001")
@given(st.lists(st.sampled_from(policy.DEEDS), max_size=30))
def test_whatever_happens_a_case_is_in_a_known_state_and_closes_only_after_a_solution(
    deeds: list[policy.Deed],
) -> None:
    state, trail = policy.STATES[0], [policy.STATES[0]]
    for deed in deeds:
        following = policy.next_state(state, deed)
        if following is not None:
            state = following
            trail.append(state)
    assert set(trail) <= set(policy.STATES)
    for before, after in itertools.pairwise(trail):
        if after == "closed":
            assert before == "resolved"
        if before == "closed":
            assert after == "reopened"
        if after == "resolved":
            assert policy.is_live(before)


@pytest.mark.parametrize("state", policy.STATES)
@pytest.mark.parametrize("deed", policy.DEEDS)
def test_every_deed_in_every_state_is_done_or_refused_and_a_refusal_changes_nothing(
    sqlite_database: Database, state: str, deed: policy.Deed
) -> None:
    case = opened(sqlite_database)
    ways = {
        "open": [],
        "waiting_for_us": [service.wait_for_us],
        "waiting_for_customer": [service.wait_for_customer],
        "waiting_for_third_party": [service.wait_for_third_party],
        "investigating": [service.investigate],
        "resolved": [service.resolve],
        "closed": [service.resolve, service.close],
        "reopened": [service.resolve, lambda tx, i: service.deny(tx, i, MISAKI)],
    }
    for step in ways[state]:
        sqlite_database.write(step, case.id)  # type: ignore[arg-type]
    before = sqlite_database.read(queries.get, case.id)
    assert before.state == state
    verbs = {
        "wait_for_us": service.wait_for_us,
        "wait_for_customer": service.wait_for_customer,
        "wait_for_third_party": service.wait_for_third_party,
        "investigate": service.investigate,
        "resolve": service.resolve,
        "confirm": lambda tx, i: service.confirm_resolution(tx, i, MISAKI),
        "deny": lambda tx, i: service.deny(tx, i, MISAKI),
        "close": service.close,
        "reopen": lambda tx, i: service.reopen(tx, i, 14),
    }
    expected = policy.next_state(before.state, deed)
    if expected is None and deed != "reopen":  # re-opening what is open is nothing
        with pytest.raises(Conflict, match="case_state"):
            sqlite_database.write(verbs[deed], case.id)  # type: ignore[arg-type]
        assert sqlite_database.read(queries.get, case.id) == before
    else:
        assert sqlite_database.write(verbs[deed], case.id).state == (expected or before.state)  # type: ignore[arg-type]


def test_two_answers_at_once_to_is_it_solved_count_once(database: Database) -> None:
    case = solved(database, opened(database))
    start = threading.Barrier(8)

    def answer(number: int) -> str:
        start.wait()
        verb = service.confirm_resolution if number % 2 else service.deny
        try:
            return database.write(verb, case.id, MISAKI).state
        except Conflict:
            return "refused"

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(answer, range(8)))
    assert sum(answer != "refused" for answer in answers) == 1


@pytest.mark.req("CASE-011")
def test_a_case_goes_on_within_the_window_and_is_followed_by_a_new_one_after_it(
    sqlite_database: Database, clock: StillClock
) -> None:
    case = opened(sqlite_database, order_number="503-1", wish="exchange")
    solved(sqlite_database, case)
    sqlite_database.write(service.confirm_resolution, case.id, MISAKI)
    clock.forward(days=14)
    again = sqlite_database.write(service.reopen, case.id, 14, MISAKI)
    assert (again.number, again.state, again.resolved_at, again.closed_at) == (
        case.number,
        "reopened",
        None,
        None,
    )

    solved(sqlite_database, again)
    clock.forward(days=14, seconds=1)
    following = sqlite_database.write(service.reopen, case.id, 14, MISAKI)
    assert following.number == case.number + 1
    assert following.summary == {"follows": case.label}
    assert (following.customer_id, following.category, following.order_number, following.wish) == (
        "cus_1",
        DAMAGED,
        "503-1",
        "exchange",
    )
    assert sqlite_database.read(queries.get, case.id).state == "resolved"


# ── rating ──


def test_a_rating_may_be_changed_for_a_day(sqlite_database: Database, clock: StillClock) -> None:
    case = opened(sqlite_database)

    def rate(score: int | None, solved: bool | None = None) -> Case:
        return sqlite_database.write(
            lambda tx: service.rate(tx, case.id, score=score, solved=solved, comment="早い", by=MISAKI)
        )

    with pytest.raises(Conflict, match="case_state"):
        rate(5)
    solved_case = solved(sqlite_database, case)
    assert solved_case.score is None
    assert (rate(2, False).score, sqlite_database.read(queries.get, case.id).solved) == (2, 0)
    clock.forward(hours=24)
    assert (rate(4, True).score, sqlite_database.read(queries.get, case.id).solved) == (4, 1)
    clock.forward(seconds=1)
    with pytest.raises(Conflict, match="rating_closed"):
        rate(1)
    for score in (0, 6):
        with pytest.raises(Invalid, match="score_out_of_range"):
            rate(score)


# ── categories and promises ──


def test_there_are_ninety_six_categories_in_ten_groups_with_words_in_both_languages() -> None:
    found = categories.categories()
    assert (len(found), len(categories.group_labels())) == (96, 10)
    assert all(category.labels["ja"] and category.labels["en"].isascii() for category in found.values())
    for language in ("ja", "en"):
        labels = [category.label(language) for category in found.values()]
        assert len(set(labels)) == 96  # two buttons never read the same
        assert all(wording.group_label(group, language) for group in categories.group_labels())
    assert not any(category.labels["ja"].isascii() for category in found.values())


def test_emergencies_have_the_first_priority() -> None:
    assert categories.priority_of("account_security.account_takeover") == 1
    assert categories.priority_of("phishing_impersonation.fraud_victim") == 1
    assert categories.priority_of("order_delivery.track_order") == categories.priority_of("") == 4


@pytest.mark.parametrize("state", policy.STATES)
def test_every_state_has_words_in_both_languages(state: str) -> None:
    english = wording.state_label(state, "en")  # type: ignore[arg-type]
    assert english.isascii() and wording.state_label(state, "ja") == catalogue("ja")[english]  # type: ignore[arg-type]


@pytest.mark.req("CASE-017", "SLA-030")
@pytest.mark.parametrize(
    ("category", "days", "ja", "en"),
    [
        ("order_delivery.item_not_received", 3, "解決までの目安は1〜3日です。", "1 to 3 days"),
        (DAMAGED, 5, "解決までの目安は1〜5日です。", "1 to 5 days"),
        (
            "payment_refund.unrecognized_charge",
            3,
            "解決までの目安は当日〜3日です。",
            "from the same day up to 3 days",
        ),
        (
            "account_security.account_takeover",
            3,
            "ただちに対応を始めます。解決までの目安は1〜3日です。",
            "We start on this at once.",
        ),
    ],
)
def test_the_due_time_and_the_words_are_the_promise_of_the_category(
    sqlite_database: Database, clock: StillClock, category: str, days: int, ja: str, en: str
) -> None:
    case = opened(sqlite_database, category)
    assert case.promised_at == clock.now + timedelta(days=days)
    assert promises.promise_text(category, "ja").endswith(ja)
    assert en in promises.promise_text(category, "en")
    assert sqlite_database.read(queries.overdue) == []
    clock.forward(days=days, seconds=1)
    assert [late.id for late in sqlite_database.read(queries.overdue)] == [case.id]
    solved(sqlite_database, case)
    assert sqlite_database.read(queries.overdue) == []


def test_nothing_is_promised_where_nobody_promised_anything() -> None:
    at = datetime.fromisoformat("2026-11-20T03:00:00+00:00")
    assert promises.due_at("return_exchange_cancel.return_not_allowed", at) is None
    assert promises.promise_text("return_exchange_cancel.return_not_allowed", "ja") == ""
    assert promises.due_at("return_exchange_cancel.return_request", at) is None  # counts from the arrival


def test_every_promise_belongs_to_a_category_and_reads_well_in_both_languages() -> None:
    assert set(promises.promises()) <= set(categories.categories())
    for category in promises.promises():
        english, japanese = promises.promise_text(category, "en"), promises.promise_text(category, "ja")
        assert english.isascii() and english.endswith(".")
        assert japanese.endswith("。") and not any(
            letter.isascii() and letter.isalpha() for letter in japanese
        )


@pytest.mark.req("CASE-014", "ADV-005")
def test_the_wish_is_one_of_the_list_and_cases_are_found_by_it(sqlite_database: Database) -> None:
    wanted = opened(sqlite_database, wish="refund", order_number="503-1234567-1234567")
    opened(sqlite_database, wish="exchange")
    assert [c.id for c in sqlite_database.read(lambda tx: listing.cases(tx, Filters(wish="refund")))] == [
        wanted.id
    ]
    for named in (
        Filters(number=wanted.label),
        Filters(order_number="５０３－１２３４５６７－１２３４５６７"),
    ):
        assert [c.id for c in sqlite_database.read(listing.cases, named)] == [wanted.id]
    assert sqlite_database.read(lambda tx: listing.cases(tx, Filters(states=["closed"]))) == []
    with pytest.raises(Invalid, match="unknown_wish"):
        opened(sqlite_database, wish="money")
    with pytest.raises(Invalid, match="unknown_category"):
        opened(sqlite_database, "order_delivery.lost_in_space")


def test_classifying_moves_priority_and_due_time_and_keeps_what_it_follows(
    sqlite_database: Database, clock: StillClock
) -> None:
    first = opened(sqlite_database)
    solved(sqlite_database, first)
    clock.forward(days=30)
    case = sqlite_database.write(service.reopen, first.id, 14)
    changed = sqlite_database.write(
        lambda tx: service.classify(
            tx,
            case.id,
            category="account_security.account_takeover",
            summary={"problem": "x", "follows": "C-1"},
        )
    )
    assert (changed.priority, changed.promised_at) == (1, clock.now + timedelta(days=3))
    assert changed.summary == {"problem": "x", "follows": first.label}


def test_the_same_thing_asked_twice_finds_the_case_that_is_open(sqlite_database: Database) -> None:
    case = opened(sqlite_database, order_number="503-1")
    same = {"customer_id": "cus_1", "visitor_id": "vis_8", "category": DAMAGED, "order_number": "503-1"}
    find = lambda **more: sqlite_database.read(lambda tx: queries.live_like(tx, **{**same, **more}))  # noqa: E731
    assert find().id == case.id
    assert find(customer_id="cus_2") is None
    assert find(customer_id=None, visitor_id="vis_1") is None
    assert find(order_number="503-2") is None
    sqlite_database.write(service.resolve, case.id, SYSTEM)
    assert find() is None


@pytest.mark.req("ACC-008", "SLA-030")
def test_misuse_is_due_in_three_days_and_an_overdue_case_alerts_staff_once(
    database: Database, clock: StillClock
) -> None:
    case = opened(database, "account_security.account_takeover")
    assert case.promised_at == case.opened_at + timedelta(days=3)

    def contact(tx: Transaction) -> str:
        made = contacts.open_contact(tx, actor=MISAKI, channel="chat", language="ja", client_key="k-00000001")
        contacts.link_case(tx, made.id, case.id)
        return made.id

    contact_id = database.write(contact)
    alert = partial(overdue.alert, language="ja", zone=ZoneInfo("Asia/Tokyo"))
    clock.forward(days=3, minutes=-1)
    assert database.write(alert) == []
    clock.forward(minutes=2)
    assert [each.id for each in database.write(alert)] == [case.id]
    assert database.write(alert) == []
    notes = [
        entry.body["text"]
        for entry in database.read(contact_queries.entries, contact_id)
        if entry.kind == events.NOTE
    ]
    assert len(notes) == 1
    assert case.label in notes[0]
    assert "期限" in notes[0]
    kept = database.write(service.classify, case.id, summary={"problem": "乗っ取り"})
    assert database.write(alert) == [], kept.summary


def test_a_solved_case_is_never_overdue(database: Database, clock: StillClock) -> None:
    solved(database, opened(database, "account_security.account_takeover"))
    clock.forward(days=9)
    assert database.write(partial(overdue.alert, language="ja", zone=ZoneInfo("Asia/Tokyo"))) == []
