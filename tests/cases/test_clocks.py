"""The clocks of promises: pure, with a simulated clock across holidays, time zones and pauses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.cases import clocks
from madoguchi.counter.cases.clocks import Clock, Fact, Happened, Terms, reckon
from madoguchi.counter.cases.promises import Kind, Within
from madoguchi.counter.hours import Hours, parse_spans
from madoguchi.counter.working_time import WorkingTime
from tests.kit.test_working_time import working_times

TOKYO = ZoneInfo("Asia/Tokyo")
DESK = WorkingTime(
    Hours(TOKYO, (*((parse_spans("09:00-18:00"),) * 5), (), ()), frozenset({date(2026, 11, 23)}))
)
FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=TOKYO)  # a holiday follows on Monday
USUAL: dict[Kind, list[Within]] = {
    "first_answer": [Within(within=2, unit="business_hours"), Within(within=24, unit="hours")],
    "next_answer": [Within(within=3, unit="business_hours")],
    "solution": [Within(within=3, unit="days")],
}
ALL: dict[Kind, tuple[clocks.Waited, ...]] = dict.fromkeys(
    ("first_answer", "next_answer", "solution"), ("customer",)
)
TERMS = Terms(USUAL, DESK, ALL)


def at(hours: float) -> datetime:
    return FRIDAY + timedelta(hours=hours)


def of(kind: Kind, facts: list[Fact], now: float, terms: Terms = TERMS) -> list[Clock]:
    return [clock for clock in reckon(FRIDAY, facts, terms, at(now)).clocks if clock.kind == kind]


@pytest.mark.req("SLA-007", "SLA-030")
def test_the_sooner_of_category_and_channel_is_promised_and_the_solution_counts_every_day() -> None:
    (first,), (solution,) = of("first_answer", [], 0), of("solution", [], 0)
    assert first.due_at == at(2)
    assert solution.due_at == at(72)
    late = at(1) + timedelta(
        minutes=30
    )  # 17:30: the desk's two hours end on Tuesday, the 24 hours on Saturday
    assert TERMS.due("first_answer", late) == (late + timedelta(hours=24), clocks.calendar_time())
    assert TERMS.due("next_answer", late)[0] == datetime(2026, 11, 24, 11, 30, tzinfo=TOKYO)  # type: ignore[index]


def test_an_answer_keeps_the_first_promise_and_the_next_word_starts_another() -> None:
    facts = [
        Fact(at(0), "asked"),
        Fact(at(1), "answered", "agent"),
        Fact(at(1.5), "asked"),
        Fact(at(1.6), "asked"),
    ]
    (first,), (following,) = of("first_answer", facts, 1.7), of("next_answer", facts, 1.7)
    assert (first.state, first.settled_at, first.settled_by) == ("kept", at(1), "agent")
    assert (following.state, following.started_at) == ("running", at(1.5))  # a second word gives no more time
    assert following.due_at == datetime(
        2026, 11, 24, 11, 30, tzinfo=TOKYO
    )  # half an hour left on Friday, then Tuesday


def test_what_is_over_is_broken_and_stays_so_when_it_is_done_at_last() -> None:
    assert [c.state for c in of("first_answer", [], 2)] == ["running"]
    assert [c.state for c in of("first_answer", [], 2.01)] == ["broken"]
    (late,) = of("first_answer", [Fact(at(3), "answered", "agent")], 4)
    assert (late.state, late.settled_at) == ("broken", at(3))


def test_a_customer_who_is_asked_stops_the_clock_and_finds_as_much_time_left() -> None:
    asked = [Fact(at(10), "waits_for_customer")]
    (standing,) = of("solution", asked, 400)
    assert (standing.state, standing.left) == ("paused", timedelta(hours=62))
    (again,) = of("solution", [*asked, Fact(at(400), "asked")], 400)
    assert (again.state, again.due_at, again.paused) == ("running", at(462), timedelta(hours=390))


def test_after_the_assistants_answer_it_is_the_customers_turn_and_after_a_persons_it_is_ours() -> None:
    assert reckon(FRIDAY, [Fact(at(0), "answered", "assistant")], TERMS, at(1)).waits_for == "customer"
    assert reckon(FRIDAY, [Fact(at(0), "answered", "agent")], TERMS, at(1)).waits_for == "us"
    handed = [Fact(at(0), "answered", "assistant"), Fact(at(1), "handed_over")]
    assert reckon(FRIDAY, handed, TERMS, at(1)).waits_for == "us"
    third = [Fact(at(0), "waits_for_third_party"), Fact(at(1), "asked")]
    assert reckon(FRIDAY, third, TERMS, at(1)).waits_for == "third_party"


def test_a_third_party_stops_only_the_clocks_of_which_the_book_says_so() -> None:
    waits = [Fact(at(1), "waits_for_third_party")]
    assert of("solution", waits, 100)[0].state == "broken"
    both = Terms(USUAL, DESK, {"solution": ("customer", "third_party")})
    assert of("solution", waits, 100, both)[0].state == "paused"


def test_a_solved_case_that_is_opened_again_is_promised_anew() -> None:
    facts = [Fact(at(1), "solved", "agent"), Fact(at(50), "reopened", "customer")]
    first, second = of("solution", facts, 60)
    assert (first.state, first.settled_at, second.state, second.due_at) == ("kept", at(1), "running", at(122))
    assert [clock.started_at for clock in of("next_answer", facts, 60)] == [at(50)]


def test_where_it_goes_on_in_another_case_nothing_is_owed_here() -> None:
    found = reckon(FRIDAY, [Fact(at(1), "gone")], TERMS, at(500))
    assert {clock.state for clock in found.clocks} == {"cancelled"} and found.waits_for == ""


happenings = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.sampled_from(get_args(Happened)),
        st.sampled_from(["agent", "assistant", "customer"]),
    ),
    max_size=25,
).map(
    lambda found: [Fact(at(hours), kind, by) for hours, kind, by in sorted(found, key=lambda each: each[0])]
)
books = st.dictionaries(
    st.sampled_from(("first_answer", "next_answer", "solution")),
    st.lists(
        st.builds(
            Within,
            within=st.integers(1, 9),
            unit=st.sampled_from(
                ["minutes", "hours", "days", "business_minutes", "business_hours", "business_days"]
            ),
        ),
        min_size=1,
        max_size=2,
    ),
)
pauses = st.dictionaries(
    st.sampled_from(("first_answer", "next_answer", "solution")),
    st.sets(st.sampled_from(("customer", "third_party"))).map(tuple),
)


@pytest.mark.req("SLA-030", "CASE-001")
@given(happenings, books, pauses, working_times(), st.integers(0, 400))
def test_whatever_happens_the_record_is_sound(
    facts: list[Fact],
    book: dict[Kind, list[Within]],
    stands: dict[Kind, tuple[clocks.Waited, ...]],
    time: WorkingTime,
    now: int,
) -> None:
    terms = Terms(book, time, stands)
    past = [fact for fact in facts if fact.at <= at(now)]
    found = reckon(FRIDAY, past, terms, at(now))
    keys = [(clock.kind, clock.started_at) for clock in found.clocks]
    assert len(set(keys)) == len(keys)
    for kind in USUAL:
        assert sum(clock.settled_at is None for clock in found.clocks if clock.kind == kind) <= 1
    for clock in found.clocks:
        due = terms.due(clock.kind, clock.started_at)
        assert due is not None and clock.due_at >= due[0]  # a pause never makes it sooner
        assert clock.paused_at is None or found.waits_for in stands.get(clock.kind, ())
        if not clock.paused and clock.state != "paused":
            assert clock.due_at == due[0]
        end = clock.settled_at or at(now)
        if clock.state == "kept":
            assert end <= clock.due_at
        if clock.state == "broken":
            assert end > clock.due_at
        if clock.state in ("running", "paused"):
            assert clock.settled_at is None
        assert timedelta(0) <= clock.paused <= end - clock.started_at


@pytest.mark.req("SLA-030")
@given(happenings, st.integers(0, 200), st.integers(0, 200))
def test_what_is_settled_never_changes_whatever_happens_later(facts: list[Fact], one: int, two: int) -> None:
    earlier, later = sorted((one, two))
    then = reckon(FRIDAY, [f for f in facts if f.at <= at(earlier)], TERMS, at(earlier)).clocks
    now = reckon(FRIDAY, [f for f in facts if f.at <= at(later)], TERMS, at(later)).clocks
    for clock in then:
        if clock.settled_at is not None:
            assert clock in now
        elif clock.state == "broken":
            assert any(
                (c.kind, c.started_at, c.due_at) == (clock.kind, clock.started_at, clock.due_at)
                and c.state in ("broken", "cancelled")
                for c in now
            )


@pytest.mark.req("SLA-030")
@given(working_times(), st.lists(st.integers(1, 300), min_size=2, max_size=12), st.integers(1, 20))
def test_the_working_time_between_start_and_due_without_the_pauses_is_what_was_promised(
    time: WorkingTime, gaps: list[int], hours: int
) -> None:
    """Pauses begin and end at any hour, open or not."""
    terms = Terms(
        {"solution": [Within(within=hours, unit="business_hours")]}, time, {"solution": ("customer",)}
    )
    start = datetime(2026, 3, 20, tzinfo=UTC)
    moment, facts, stood = start, [], timedelta(0)
    for index, gap in enumerate(gaps):
        before, moment = moment, moment + timedelta(minutes=gap)
        facts.append(Fact(moment, "asked" if index % 2 else "waits_for_customer"))
        stood += time.between(before, moment) if index % 2 else timedelta(0)
    if len(gaps) % 2:
        facts.append(Fact(moment, "asked"))
    (clock,) = reckon(start, facts, terms, moment).clocks
    promised = timedelta(hours=hours)
    ran = time.between(start, moment) - stood
    if ran < promised:
        assert clock.state == "running" and ran + time.between(moment, clock.due_at) == promised
