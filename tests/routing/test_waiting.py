"""What waiting customers are told: honest, never rising without a reason, only when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.routing import escalating, positions, presence, queries, queues, service
from madoguchi.counter.routing.estimate import Range, Shown, promise, round_up, settle, worth_telling
from madoguchi.counter.routing.model import Expectation, wait_sample
from madoguchi.counter.routing.outlook import Kind, Outlook, Staffing, Turn, pace
from madoguchi.counter.routing.wording import duration_text, expectation_text
from tests.conftest import StillClock
from tests.routing.conftest import Desk

TOKYO = ZoneInfo("Asia/Tokyo")
samples = st.lists(st.integers(5, 7200), min_size=5, max_size=60)


def measured(desk: Desk, queue: str, waits: list[int], handled: list[int]) -> None:
    def write(tx) -> None:  # type: ignore[no-untyped-def]
        for wait_s, handle_s in zip(waits, handled, strict=True):
            tx.execute(
                insert(wait_sample).values(
                    queue_id=queue,
                    contact_id="con_old",
                    at=tx.now,
                    wait_s=wait_s,
                    handle_s=handle_s,
                    agents=1,
                )
            )

    desk.database.write(write)


def told(desk: Desk, contact_id: str) -> list[dict]:  # type: ignore[type-arg]
    entries = desk.database.read(contact_queries.entries, contact_id)
    return [entry.body for entry in entries if entry.kind == events.POSITION]


def refresh(desk: Desk) -> list[str]:
    return desk.database.write(positions.refresh_positions, desk.rules)


# ── the estimate itself ──

ORDERS = Kind("orders", "ja", 4)


def turns(number: int, slots: int, free: int, handled: Sequence[float], **more: object) -> list[Turn | None]:
    """The turns of so many places, one behind the other, at one crew."""
    outlook = Outlook({0: Staffing(slots, free)}, lambda kind: [0], lambda kind: pace(handled), **more)  # type: ignore[arg-type]
    return [outlook.turn(ORDERS) for _ in range(number)]


@given(st.integers(1, 30), st.integers(1, 20), samples, samples)
def test_a_range_goes_from_the_median_to_the_80th_percentile_of_the_turn_rounded_up(
    number: int, slots: int, handled: list[int], waited: list[int]
) -> None:
    turn = turns(number, slots, 0, handled)[-1]
    assert turn is not None
    assert turn.mean_s == pytest.approx(number * max(1, sum(handled) / len(handled)) / slots)
    found = promise(turn, waited, 0)
    assert found is not None and 0 < found.low_s <= found.high_s
    assert found.low_s >= turn.median_s and found.high_s >= turn.late_s


@given(st.integers(1, 20), st.integers(1, 9), st.integers(0, 5), samples)
def test_one_more_person_ahead_never_makes_it_shorter(
    number: int, slots: int, free: int, handled: list[int]
) -> None:
    found = turns(number + 1, slots, min(free, slots), handled)
    means = [turn.mean_s for turn in found if turn]
    assert len(means) == number + 1 and means == sorted(means)
    assert [turn.at_once for turn in found if turn] == [
        place < min(free, slots) for place in range(number + 1)
    ]


@given(st.integers(2, 20), samples, st.floats(30, 3_000))
def test_people_who_give_up_make_the_turn_come_sooner(
    number: int, handled: list[int], patience_s: float
) -> None:
    patient, hurried = (
        turns(number, 2, 0, handled),
        turns(number, 2, 0, handled, patience_s=lambda _: patience_s),
    )
    assert hurried[-1] and patient[-1] and hurried[-1].mean_s < patient[-1].mean_s


def test_who_will_come_first_makes_it_later_for_those_behind_their_class_only() -> None:
    rates = {Kind("security", "ja", 1): 1 / 600}
    waits = turns(1, 2, 0, [300] * 9, arrivals_s=rates)[0]
    assert waits is not None and waits.mean_s == pytest.approx(150 / (1 - 0.25))
    outlook = Outlook({0: Staffing(2, 0)}, lambda kind: [0], lambda kind: pace([300] * 9), arrivals_s=rates)
    urgent = outlook.turn(Kind("security", "ja", 1))
    assert urgent is not None and urgent.mean_s == 150


def test_who_leaves_by_the_plan_makes_it_later_and_who_comes_makes_it_sooner() -> None:
    def last_of_ten(*changes: tuple[float, int]) -> Turn | None:
        outlook = Outlook({0: Staffing(2, 0, changes)}, lambda kind: [0], lambda kind: pace([300] * 9))
        return [outlook.turn(ORDERS) for _ in range(10)][-1]

    same, fewer, more = last_of_ten(), last_of_ten((600, 1)), last_of_ten((600, 8))
    assert same and fewer and more
    assert more.mean_s < same.mean_s == 1500 < fewer.mean_s
    nobody_then_two = last_of_ten((0, 0), (3600, 2))
    assert nobody_then_two and nobody_then_two.mean_s == 3600 + 1500
    assert last_of_ten((0, 0)) is None  # nobody is there and nobody is to come: nobody can tell


def test_each_waits_for_the_crew_that_is_free_first() -> None:
    able = {"orders": [0, 1], "payments": [1]}
    outlook = Outlook(
        {0: Staffing(1, 0), 1: Staffing(1, 0)}, lambda kind: able[kind.queue], lambda kind: pace([300] * 9)
    )
    found = [outlook.turn(Kind(queue, "ja", 4)) for queue in ("payments", "orders", "payments", "orders")]
    assert [turn and turn.mean_s for turn in found] == [300, 300, 600, 600]


@pytest.mark.parametrize(
    ("crew", "handled", "waited"),
    [
        (Staffing(0, 0), [60] * 9, [60] * 9),  # nobody is there
        (Staffing(3, 0), [], [60] * 9),  # nothing is known of how long contacts take
        (Staffing(3, 3), [60] * 9, [60] * 4),  # too little is known of how long people wait
    ],
)
def test_what_is_not_known_is_not_estimated(crew: Staffing, handled: list[int], waited: list[int]) -> None:
    outlook = Outlook({0: crew}, lambda kind: [0], lambda kind: pace(handled))
    assert promise(outlook.turn(ORDERS), waited, 30) is None


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_near_the_front_every_step_is_told_and_far_back_those_that_matter(before: int, ahead: int) -> None:
    if worth_telling(before, ahead):
        assert before != ahead
    else:
        assert abs(before - ahead) <= ahead / 20


@given(st.floats(0, 90_000))
def test_rounding_never_promises_too_little(seconds: float) -> None:
    rounded = round_up(seconds)
    assert rounded >= max(60, seconds) and rounded % 60 == 0


ranges = st.builds(lambda low, more: Range(low, low + more), st.integers(60, 3600), st.integers(0, 3600))


@given(
    st.integers(0, 9),
    st.one_of(st.none(), ranges),
    st.integers(0, 9),
    st.one_of(st.none(), ranges),
    st.integers(0, 9000),
    st.booleans(),
)
def test_what_is_shown_never_rises_without_a_reason(
    shown_ahead: int, shown: Range | None, ahead: int, fresh: Range | None, waited_s: int, fewer: bool
) -> None:
    result = settle(Shown(shown_ahead, shown), ahead, fresh, waited_s=waited_s, fewer_agents=fewer)
    rose = shown and result.range and result.range.high_s > shown.high_s
    assert bool(rose) == (result.reason is not None)
    if result.reason == "urgent_first":
        assert ahead > shown_ahead
    if result.reason == "longer_than_usual":
        assert shown and waited_s > shown.high_s
    if fresh is None:
        assert result.range is None  # unknown is shown as unknown, not as the old promise


# ── what the customer is told ──


@pytest.mark.req("HND-009")
def test_position_and_estimate_are_told_and_told_again_only_when_they_change(
    desk: Desk, clock: StillClock
) -> None:
    agent = desk.agent("hana", capacity=1)
    measured(desk, "orders", [60] * 8, [240] * 5 + [280] * 3)
    first, second = desk.waiting("orders"), desk.waiting("orders")
    desk.offers()
    assert set(refresh(desk)) == {first, second}
    assert told(desk, second) == [{"ahead": 1, "low_s": 240, "high_s": 420, "open": True, "opens_at": None}]
    assert refresh(desk) == []
    clock.forward(seconds=20)
    assert refresh(desk) == []
    desk.accept(first, agent)
    assert refresh(desk) == [second]
    assert told(desk, second)[-1]["ahead"] == 0


def test_a_wait_that_rises_names_the_urgent_contact_that_came_first(quick_desk: Desk) -> None:
    quick_desk.agent("hana", capacity=1)
    measured(quick_desk, "orders", [60] * 8, [300] * 8)
    quick_desk.waiting("orders")
    quick_desk.offers()
    mine = quick_desk.waiting("orders")
    refresh(quick_desk)
    quick_desk.waiting("security")
    assert mine in refresh(quick_desk)
    body = told(quick_desk, mine)[-1]
    assert (body["ahead"], body["reason"]) == (2, "urgent_first")
    assert body["high_s"] > told(quick_desk, mine)[-2]["high_s"]


def test_a_wait_that_rises_because_an_agent_left_says_so(quick_desk: Desk, clock: StillClock) -> None:
    quick_desk.agent("hana", capacity=1)
    leaving = quick_desk.agent("ken", capacity=1)
    measured(quick_desk, "orders", [60] * 8, [300] * 8)
    for _ in range(2):
        quick_desk.waiting("orders")
    quick_desk.offers()
    mine = quick_desk.waiting("orders")
    refresh(quick_desk)
    clock.forward(seconds=10)
    quick_desk.database.write(presence.set_status, leaving.id, "break")
    refresh(quick_desk)
    assert told(quick_desk, mine)[-1]["reason"] == "fewer_agents"


def test_slower_measurements_alone_do_not_lengthen_what_was_said(quick_desk: Desk, clock: StillClock) -> None:
    quick_desk.agent("hana", capacity=1)
    measured(quick_desk, "orders", [60] * 8, [120] * 8)
    quick_desk.waiting("orders")
    quick_desk.offers()
    mine = quick_desk.waiting("orders")
    refresh(quick_desk)
    said = told(quick_desk, mine)[-1]["high_s"]
    measured(quick_desk, "orders", [60] * 40, [900] * 40)
    refresh(quick_desk)
    assert told(quick_desk, mine)[-1]["high_s"] == said
    for _ in range(20):  # until the wait has outlasted what was said: then the truth, with its reason
        clock.forward(seconds=30)
        quick_desk.database.write(
            presence.heartbeat, quick_desk.database.read(queries.waiting_list)[0].offered_to
        )
        refresh(quick_desk)
    assert told(quick_desk, mine)[-1]["reason"] == "longer_than_usual"


def test_at_night_the_next_opening_is_told_and_no_wait_is_invented(
    quick_desk: Desk, clock: StillClock
) -> None:
    clock.now = datetime.fromisoformat("2026-11-20T02:00:00+09:00")
    measured(quick_desk, "general", [60] * 8, [240] * 8)
    contact_id = quick_desk.waiting()
    refresh(quick_desk)
    (body,) = told(quick_desk, contact_id)
    assert (body["low_s"], body["high_s"], body["open"]) == (None, None, False)
    assert datetime.fromisoformat(body["opens_at"]) == datetime.fromisoformat("2026-11-20T09:00:00+09:00")
    place = quick_desk.database.read(queries.place_of, contact_id)
    assert place is not None
    shown = positions.shown(place)
    assert shown is not None and shown.opens_at == datetime.fromisoformat("2026-11-20T09:00:00+09:00")


def test_an_empty_desk_by_day_is_said_to_be_empty(quick_desk: Desk) -> None:
    contact_id = quick_desk.waiting()
    refresh(quick_desk)
    (body,) = told(quick_desk, contact_id)
    assert (body["open"], body["opens_at"], body["low_s"]) == (False, None, None)
    quick_desk.agent("hana", status="busy")
    refresh(quick_desk)
    assert told(quick_desk, contact_id)[-1] == {
        "ahead": 0,
        "low_s": None,
        "high_s": None,
        "open": True,
        "opens_at": None,
    }


def test_before_joining_one_learns_what_joining_would_mean(quick_desk: Desk) -> None:
    quick_desk.agent("hana", capacity=1)
    measured(quick_desk, "orders", [60] * 8, [300] * 8)
    for _ in range(3):
        quick_desk.waiting("orders")
    quick_desk.offers()
    found = quick_desk.database.read(positions.before_joining, "orders", "ja", quick_desk.rules)
    assert found == Expectation(ahead=3, low_s=900, high_s=1200, open=True, opens_at=None)


def test_people_who_wait_for_other_agents_are_not_ahead(quick_desk: Desk) -> None:
    quick_desk.agent("hana", queues=("orders",), languages=("ja",))
    quick_desk.agent("emma", queues=("payments",), languages=("en",))
    quick_desk.waiting("payments", language="en")
    mine = quick_desk.waiting("orders", language="ja")
    found = quick_desk.database.read(positions.expectation, mine, quick_desk.rules)
    assert found is not None and found.ahead == 0


@pytest.mark.req("HND-013", "QUE-004")
def test_who_wants_another_agent_is_not_promised_the_one_who_is_free(quick_desk: Desk) -> None:
    measured(quick_desk, "orders", [60] * 8, [300] * 8)
    hana = quick_desk.agent("hana", capacity=1)
    mine = quick_desk.waiting("orders")
    quick_desk.offers()
    quick_desk.accept(mine, hana)
    ken = quick_desk.agent("ken", capacity=1)
    theirs = quick_desk.waiting("orders")
    quick_desk.offers()
    quick_desk.accept(theirs, ken)
    visitor = Actor(kind="customer", id=quick_desk.contact(mine).visitor_id)
    quick_desk.database.write(escalating.escalate, visitor, mine, "other", "", quick_desk.rules)
    last = quick_desk.waiting("orders")  # hana is free for it

    of_mine = quick_desk.database.read(positions.expectation, mine, quick_desk.rules)
    of_last = quick_desk.database.read(positions.expectation, last, quick_desk.rules)

    assert of_mine is not None and of_mine.high_s is not None
    assert of_last is not None and of_last.high_s is not None
    assert of_mine.high_s >= 300 > of_last.high_s


def test_the_expectation_in_words() -> None:
    now = datetime.fromisoformat("2026-11-20T12:00:00+09:00")
    found = Expectation(2, 180, 300, open=True, opens_at=None)
    assert expectation_text(found, now, TOKYO, "ja") == (
        "前に2人お待ちです。待ち時間の目安は約3〜5分です。画面を閉じても順番は残ります。"
    )
    assert expectation_text(found, now, TOKYO, "en") == (
        "There are 2 people before you. It takes about 3 to 5 minutes. You may close this window: your place is kept."
    )
    closed = Expectation(
        0, None, None, open=False, opens_at=datetime.fromisoformat("2026-11-21T09:00:00+09:00")
    )
    assert expectation_text(closed, now, TOKYO, "ja").startswith(
        "ただいま担当者の受付時間外です。明日9:00から"
    )
    late = expectation_text(found, now, TOKYO, "ja", reason="longer_than_usual")
    assert late.startswith("お伝えした目安より時間がかかっています。")
    assert [duration_text(s, "ja") for s in (60, 4500, 7200)] == ["1分", "1時間15分", "2時間"]


# ── queues ──


def test_the_default_queues_are_made_once_and_keep_what_an_operator_changed(quick_desk: Desk) -> None:
    quick_desk.database.write(queues.ensure_queues)
    found = quick_desk.database.read(queues.queues)
    assert {queue.id for queue in found} == {
        "orders",
        "payments",
        "returns",
        "security",
        "digital_devices",
        "business",
        "seller_support",
        "disputes",
        "supervisor",
        "interpreter",
        "privacy",
        "general",
    }
    assert found[0].id == "security" and found[0].always_open and found[0].priority == 1


@pytest.mark.parametrize(
    ("topic", "segments", "queue"),
    [
        ("order_delivery.item_not_received", [], "orders"),
        ("payment_refund.unrecognized_charge", [], "security"),
        ("payment_refund.refund_status", [], "payments"),
        ("marketplace.seller_dispute", [], "disputes"),
        ("marketplace.seller_listing", ["seller"], "seller_support"),
        ("order_delivery.track_order", ["business"], "business"),
        ("account_security.account_takeover", ["business"], "security"),
        ("account_security.two_step_verification", [], "general"),
        ("", [], "general"),
    ],
)
def test_each_topic_leads_to_its_queue(topic: str, segments: list[str], queue: str) -> None:
    assert queues.queue_for(topic, segments) == queue


def test_an_emergency_at_three_in_the_morning_finds_an_open_queue(
    quick_desk: Desk, clock: StillClock
) -> None:
    clock.now = datetime.fromisoformat("2026-11-20T03:00:00+09:00")
    contact_id = quick_desk.waiting(queues.queue_for("account_security.account_takeover"))
    (security,) = [
        o for o in quick_desk.database.read(queries.overview, quick_desk.rules) if o.queue.id == "security"
    ]
    assert security.open and security.waiting == 1
    quick_desk.agent("oncall", queues=("security",))
    offer = quick_desk.offer()
    assert offer is not None and offer.contact_id == contact_id


def test_places_that_nobody_can_ever_serve_are_listed(quick_desk: Desk) -> None:
    quick_desk.agent("hana", queues=("orders",))
    quick_desk.waiting("orders")
    stranded = quick_desk.waiting("privacy")
    assert [p.contact_id for p in quick_desk.database.read(queries.unserved, quick_desk.rules)] == [stranded]


def test_the_longest_wait_and_an_agents_load_are_seen(quick_desk: Desk, clock: StillClock) -> None:
    agent = quick_desk.agent("hana")
    first = quick_desk.waiting()
    clock.forward(seconds=75)
    assert quick_desk.database.read(queries.longest_wait) == 75
    quick_desk.database.write(service.take, first, Actor(kind="agent", id=agent.id, roles=agent.roles), 2)
    assert quick_desk.database.read(queries.longest_wait) == 0
    (member,) = quick_desk.database.read(queries.crew, quick_desk.rules)
    assert (member.held, member.free) == (1, 2)
