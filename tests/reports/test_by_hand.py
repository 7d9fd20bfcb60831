"""Figures of contacts whose times are known by heart."""

from __future__ import annotations

from datetime import date

import pytest

from madoguchi.counter.reports.cells import Span
from madoguchi.counter.reports.definitions import Value
from madoguchi.counter.reports.families import FIGURES
from madoguchi.counter.reports.gathering import Asked, apart, apart_over_time, by, gather
from madoguchi.counter.reports.tally import step
from tests.reports.house import House

SPAN = Span(date(2026, 11, 1), date(2026, 12, 31))


def value(house: House, figure: str, asked: Asked | None = None) -> Value:
    house.follower.catch_up()
    zone = house.follower._terms.zone
    sums = house.database.read(gather, asked or Asked(SPAN), zone)
    return FIGURES[figure].measure(sums, house.settings.reports)


def served(house: House, *, bot_s: int, wait_s: int, reply_s: int, person: int = 0) -> str:
    """A chat that the assistant answers after `bot_s`, that waits for a person and gets replies."""
    contact = house.open(person, topic="order_delivery.item_not_received")
    house.customer_says(contact)
    house.clock.forward(seconds=bot_s)
    house.assistant_says(contact)
    house.hand_over(contact)
    house.clock.forward(seconds=wait_s)
    house.take(contact)
    house.agent_says(contact)
    house.customer_says(contact)
    house.clock.forward(seconds=reply_s)
    house.agent_says(contact)
    return contact


@pytest.mark.req("SLA-001", "SLA-002", "HND-005", "QLT-010")
def test_answers_waits_and_hand_over_of_a_served_chat(house: House) -> None:
    contact = served(house, bot_s=3, wait_s=50, reply_s=120)
    house.clock.forward(seconds=30)
    house.resolve(contact)
    house.clock.forward(days=2)
    assert value(house, "chat_first_assistant") == Value(3, 1)
    assert value(house, "chat_first_person") == Value(53, 1)
    assert value(house, "chat_reply") == Value(120, 1)
    assert value(house, "hand_over_mean") == Value(50, 1)
    assert value(house, "wait_p50").value == 50
    assert value(house, "handling_mean") == Value(150, 1)
    assert value(house, "waiting_per_contact") == Value(123, 1)
    assert value(house, "within_day") == Value(1.0, 1)
    assert value(house, "not_received_day") == Value(1.0, 1)
    assert value(house, "solved_day") == Value(0.0, 1)


@pytest.mark.req("SLA-003")
def test_a_call_that_waits_is_measured_apart_and_who_leaves_at_once_did_not_give_up(house: House) -> None:
    for waited in (60, 500, 700):
        call = house.open(0, "phone")
        house.customer_says(call)
        house.hand_over(call)
        house.clock.forward(seconds=waited)
        house.take(call)
    for waited in (3, 40):
        call = house.open(1, "phone")
        house.hand_over(call)
        house.clock.forward(seconds=waited)
        house.back_to_assistant(call)
    assert value(house, "phone_p50").value == pytest.approx(500, rel=0.05)
    assert value(house, "phone_p90").value == pytest.approx(700, rel=0.05)
    assert value(house, "abandoned") == Value(1 / 4, 4)
    assert value(house, "left_at_once") == Value(1, 1)


@pytest.mark.req("QLT-006")
def test_where_customers_leave_a_dialogue_is_known_after_a_day_without_a_word(house: House) -> None:
    left, went_on = house.open(0), house.open(1)
    for contact, outcome in ((left, ""), (went_on, "answer")):
        house.customer_says(contact)
        house.flow(contact, f"{contact}-run", "which_order", "when", outcome=outcome)
    assert value(house, "dropped") == Value(0.0, 2)
    house.clock.forward(hours=25)
    assert value(house, "dropped") == Value(1 / 2, 2)
    sums = house.database.read(gather, Asked(SPAN), house.follower._terms.zone)
    assert sums.all.counts("exit") == {f"flow_{left}-run/when": 1}
    assert sum(sums.all.counts("step").values()) == 4


@pytest.mark.req("QLT-010")
def test_fewer_messages_and_less_waiting_show_as_a_fall(house: House) -> None:
    for chatty, month in ((3, 12), (1, 1)):
        contact = house.open(0, topic="payment_refund.refund_status")
        for _ in range(chatty):
            house.customer_says(contact)
            house.clock.forward(seconds=10 * chatty)
            house.assistant_says(contact)
        house.case(contact, solved=True)
        house.clock.now = house.clock.now.replace(year=2026 + (month == 1), month=month, day=10)
    before, after = Asked(Span(date(2026, 11, 1), date(2026, 11, 30))), Asked(SPAN)
    assert value(house, "messages_per_case", before) == Value(6, 1)
    assert value(house, "waiting_per_contact", before) == Value(90, 1)
    assert value(house, "messages_per_case", after) == Value(4, 2)
    assert value(house, "waiting_per_contact", after) == Value(50, 2)


def test_costs_are_unknown_until_the_settings_say_so_for_every_channel_in_use(house: House) -> None:
    served(house, bot_s=1, wait_s=10, reply_s=110)
    house.end(house.ids[-1])
    mail = house.open(1, "mail")
    house.customer_says(mail)
    assert value(house, "cost").value is None
    minutes = {"cost_per_agent_minute": {"chat": 30.0}, "cost_per_contact": {"chat": 3.0}}
    house.settings = house.settings.model_copy(
        update={"reports": house.settings.reports.model_copy(update=minutes)}
    )
    assert value(house, "cost").value is None
    minutes["cost_per_contact"]["mail"] = 5.0
    assert value(house, "cost").value == pytest.approx(3 + 5 + 110 / 60 * 30, abs=0.6)
    assert value(house, "cost", Asked(SPAN, {"channel": "mail"})) == Value(5.0, 1)


@pytest.mark.req("PRM-001", "TECH-006")
def test_waits_of_members_are_compared_with_those_of_others(house: House) -> None:
    for person, waited in ((1, 10), (0, 60), (2, 30)):
        contact = house.open(person)
        house.hand_over(contact)
        house.clock.forward(seconds=waited)
        house.take(contact)
    house.follower.catch_up()
    found = house.database.read(by, Asked(SPAN), "segment")
    assert {name: tally.percentile("wait", 0.5) for name, tally in found.items()} == {
        "member": 10, "other": step(60), "business": step(30),
    }  # fmt: skip


ROADMAP = {
    "immediate resolution": "solved_day",
    "optimised for each enquiry": "again_kind",
    "self support": "solved_week",
    "resume without starting again": "messages_per_case",
}


@pytest.mark.req("TECH-006")
@pytest.mark.parametrize("figure", ROADMAP.values())
def test_every_item_of_the_roadmap_has_a_figure(house: House, figure: str) -> None:
    contact = house.open(0, topic="payment_refund.refund_status")
    house.customer_says(contact)
    house.assistant_says(contact)
    house.case(contact, solved=True)
    house.clock.forward(days=9)
    assert value(house, figure).count == 1


@pytest.mark.req("SLA-003", "SLA-004")
def test_a_mail_that_lies_for_a_day_makes_no_chat_slower(house: House) -> None:
    for way, waited in (("chat", 20), ("phone", 60), ("mail", 86_400), ("form", 43_200)):
        contact = house.open(0, way)
        house.customer_says(contact)
        house.hand_over(contact)
        house.clock.forward(seconds=waited)
        house.take(contact)
    assert value(house, "waited") == Value(2, 2)
    assert value(house, "wait_p95").value == pytest.approx(60, rel=0.05)
    assert value(house, "chat_wait_p90").value == 20
    assert value(house, "letter_waited") == Value(2, 2)
    assert value(house, "letter_wait_p95").value == pytest.approx(24, rel=0.05)
    assert value(house, "letter_level").count == 2
    groups = house.database.read(apart, Asked(SPAN), "kind")
    (only,) = groups.values()
    assert {name: tally["taken"] for name, tally in only.by_channel.items()} == dict.fromkeys(
        ("chat", "phone", "mail", "form"), 1
    )
    assert only.live["taken_wait_s"] == 80
    over_time = house.database.read(apart_over_time, Asked(SPAN))
    assert sum(sums.live["taken_wait_s"] for sums in over_time.values()) == 80
    assert sum(sums.letters["taken_wait_s"] for sums in over_time.values()) == 129_600
