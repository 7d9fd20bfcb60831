"""A checker that cannot see is worse than none: each is shown what it must find."""

from __future__ import annotations

from dataclasses import replace

import pytest

from madoguchi.cli.dev.torture.goods import (
    Books,
    Outcome,
    money_faults,
    order_in,
    piece_faults,
)
from madoguchi.cli.dev.torture.r01_say import Found, Said, check_ledger
from madoguchi.cli.dev.torture.r02_act import Job, check_books
from madoguchi.cli.dev.torture.r03_mail import Filed, check_letter, check_wire
from madoguchi.cli.dev.torture.r06_cut import Read, check_reader
from madoguchi.cli.dev.torture.r19_accept import Got, Owners, check_crowd
from madoguchi.cli.dev.torture.r19_accept import check_contest as check_grabs
from madoguchi.cli.dev.torture.r20_money import check_contest as check_refunds
from madoguchi.cli.dev.torture.r21_conflicts import check_end
from madoguchi.cli.dev.torture.r22_turns import Line, check_turns
from madoguchi.cli.dev.torture.report import Report
from madoguchi.counter.contacts import events
from madoguchi.counter.orders.model import Order

SAID = [Said("c", 2, "c/a/0000"), Said("c", 3, "c/a/0001")]
FOUND = [Found("c", 1, "", 1), Found("c", 2, "c/a/0000", 1), Found("c", 3, "c/a/0001", 1)]


@pytest.fixture
def report() -> Report:
    return Report("R-00", "sqlite", 1)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.lost, report.duplicated, report.misordered, report.illegal


def test_a_ledger_that_keeps_every_promise_passes(report: Report) -> None:
    check_ledger(report, SAID, FOUND)
    assert report.ok
    assert report.acknowledged == 2


def test_a_lost_message_is_seen(report: Report) -> None:
    check_ledger(report, SAID, FOUND[:2])
    assert counts(report) == (1, 0, 0, 0)


def test_a_message_under_a_second_key_is_seen(report: Report) -> None:
    check_ledger(report, SAID, [*FOUND, Found("c", 4, "c/a/0001", 1)])
    assert report.duplicated == 1


def test_a_gap_in_the_sequence_is_seen(report: Report) -> None:
    check_ledger(report, SAID[:1], [*FOUND[:2], Found("c", 4, "", 1)])
    assert counts(report) == (0, 0, 1, 0)


def test_words_in_another_order_than_said_are_seen(report: Report) -> None:
    swapped = [FOUND[0], replace(FOUND[1], text="c/a/0001"), replace(FOUND[2], text="c/a/0000")]
    check_ledger(report, [], swapped)
    assert counts(report) == (0, 0, 1, 0)


def test_another_place_than_the_one_that_was_told_is_seen(report: Report) -> None:
    check_ledger(report, [Said("c", 3, "c/a/0000")], FOUND)
    assert report.misordered == 1


def test_a_fact_without_its_errand_is_seen(report: Report) -> None:
    check_ledger(report, SAID, [replace(FOUND[0], errands=0), *FOUND[1:]])
    assert counts(report) == (0, 0, 0, 1)


def after(state: str = "processing", **changes: object) -> Order:
    return order_in(state, "250-0000001-0000001").model_copy(update={"version": 2, **changes})  # type: ignore[arg-type]


JOB = Job("250-0000001-0000001", "change_address", "c")


def test_a_deed_that_the_shop_never_heard_of_is_seen(report: Report) -> None:
    check_books(report, [JOB], {JOB.number: "p1"}, {JOB.number: Books(after(version=1), (), ("p1",), ())})
    assert report.lost == 1
    assert report.illegal >= 1, "and that the books do not agree"


def test_a_deed_done_twice_is_seen(report: Report) -> None:
    books = Books(after(version=3), ("p1", "p2"), ("p1", "p2"), ())
    check_books(report, [JOB], {JOB.number: "p2"}, {JOB.number: books})
    assert (report.lost, report.duplicated) == (0, 1)


def test_a_deed_without_an_end_is_seen(report: Report) -> None:
    check_books(report, [JOB], {}, {JOB.number: Books(after(), ("p1",), ("p1",), ("p2",))})
    assert report.unknown == 1


def test_more_money_back_than_was_taken_is_seen() -> None:
    order = order_in("processing", "1")
    refund = {"id": "R1", "at": order.placed_at, "amount": order.total, "tender": "card", "payment_id": "P1"}
    once = Order.model_validate({**order.model_dump(), "refunds": [refund]})
    twice = Order.model_validate({**order.model_dump(), "refunds": [refund, {**refund, "id": "R2"}]})
    assert money_faults(once) == []
    assert len(money_faults(twice)) == 2, "in sum, and of this payment"


def test_a_piece_that_was_both_sent_and_cancelled_is_seen() -> None:
    sent = order_in("shipped", "1")
    lines = [sent.lines[0].model_copy(update={"cancelled": 1})]
    assert piece_faults(sent) == []
    assert len(piece_faults(sent.model_copy(update={"lines": lines}))) == 1
    assert "cancelled, and a parcel has left" in piece_faults(sent.model_copy(update={"state": "cancelled"}))


def test_a_second_effect_and_a_silent_loser_are_seen(report: Report) -> None:
    outcomes = [Outcome(True, "done", (), "p1", "M1"), Outcome(False, "failed", (), "p2")]
    check_refunds(report, "two", outcomes, Books(after(version=3), ("p1", "p2"), ("p1", "p2"), ()), 1)
    assert report.duplicated == 1
    assert report.examples == ["two: a loser without a reason"]


def test_two_receipts_for_one_proposal_are_seen(report: Report) -> None:
    outcomes = [Outcome(True, "done", (), "p1", "M1"), Outcome(True, "done", (), "p1", "M2")]
    check_refunds(report, "two", outcomes, Books(after(), ("p1",), ("p1",), ()), 1)
    assert report.illegal == 1


def test_a_winner_without_a_trace_is_seen(report: Report) -> None:
    outcomes = [Outcome(True, "done"), Outcome(False, "refused", ("order_changed",))]
    check_end(report, "pair", ("cancel", "ship"), outcomes, Books(after(), (), (), ()))
    assert counts(report) == (1, 0, 0, 0)


OWNERS = Owners({"c": "a1"}, {"c": ["a1"]}, {"a1": 1})


def test_two_winners_of_one_contact_are_seen(report: Report) -> None:
    check_grabs(report, [Got("a1", "c", True), Got("a2", "c", True)], OWNERS, {"a1": 1, "a2": 1}, 1)
    assert report.duplicated == 1
    assert report.lost == 1, "the second was told so, and does not have it"


def test_a_contact_that_nobody_got_is_seen(report: Report) -> None:
    check_grabs(report, [Got("a1", "c", False, "owner_changed")], Owners({}, {}, {}), {"a1": 1}, 1)
    assert counts(report) == (1, 0, 0, 0)


def test_an_agent_above_capacity_is_seen(report: Report) -> None:
    check_grabs(report, [Got("a1", "c", True)], replace(OWNERS, held={"a1": 2}), {"a1": 1}, 1)
    assert counts(report) == (0, 0, 0, 1)


def test_a_contact_left_waiting_although_somebody_had_a_hand_free_is_seen(report: Report) -> None:
    full, free = Got("a1", "d", False, "at_capacity"), Got("a2", "d", False, "at_capacity")
    won = Got("a1", "c", True)
    check_crowd(report, [won, full], OWNERS, {"a1": 1, "a2": 1}, ())
    assert report.ok
    check_crowd(report, [won, full, free], OWNERS, {"a1": 1, "a2": 1}, {"a2"})
    assert report.ok, "an offer kept the second one's hand busy"
    check_crowd(report, [won, full, free], OWNERS, {"a1": 1, "a2": 1}, ())
    assert report.lost == 1


def test_two_winners_in_a_crowd_are_seen(report: Report) -> None:
    check_crowd(report, [Got("a1", "c", True), Got("a2", "c", True)], OWNERS, {"a1": 1, "a2": 1}, ())
    assert report.duplicated == 1


TALK = [Line(1, events.OPENED, "customer"), Line(2, events.MESSAGE, "customer")]
REPLY = [Line(3, events.MESSAGE, "assistant", 2), Line(4, events.MESSAGE, "assistant", 2)]


def test_one_reply_of_two_messages_passes(report: Report) -> None:
    check_turns(report, "v", [*TALK, *REPLY], written=1, owed=False)
    assert report.ok


def test_a_second_reply_to_the_same_word_is_seen(report: Report) -> None:
    again = [Line(5, events.MESSAGE, "customer"), Line(6, events.MESSAGE, "assistant", 5)]
    check_turns(report, "v", [*TALK, *REPLY, *again, replace(REPLY[0], seq=7)], written=2, owed=False)
    assert report.duplicated == 1


def test_an_assistant_who_talks_while_an_agent_does_is_seen(report: Report) -> None:
    joined = Line(3, events.JOINED, "agent")
    check_turns(report, "v", [*TALK, joined, replace(REPLY[0], seq=4)], written=1, owed=False)
    assert counts(report) == (0, 0, 0, 1)


def test_a_word_that_was_never_answered_is_seen(report: Report) -> None:
    check_turns(report, "v", TALK, written=0, owed=True)
    assert counts(report) == (1, 0, 0, 0)


ENTRIES = [Read(1, ""), Read(2, "a"), Read(3, "b")]


@pytest.mark.parametrize(
    ("got", "found"),
    [
        (ENTRIES, (0, 0, 0, 0)),
        (ENTRIES[:2], (1, 0, 0, 0)),
        ([*ENTRIES, ENTRIES[2]], (0, 1, 0, 0)),
        ([ENTRIES[0], ENTRIES[2], ENTRIES[1]], (0, 0, 1, 0)),
        ([*ENTRIES, Read(4, "never said")], (0, 0, 0, 1)),
    ],
)
def test_what_a_reader_missed_read_twice_or_out_of_order_is_seen(
    report: Report, got: list[Read], found: tuple[int, int, int, int]
) -> None:
    check_reader(report, "reader", got, ENTRIES)
    assert counts(report) == found


FILED = Filed(1, 0, ("con_1",), 1, 1, {"con_1": [1, 2, 3]})
NOTED = {"<a>": "acknowledgement", "<r>": "reply", "<r2>": "reply"}
WIRE = [("x@y", "<a>", "received"), ("x@y", "<r>", "Re: parcel")]


def test_a_letter_that_was_filed_once_and_answered_once_passes(report: Report) -> None:
    check_letter(report, "x@y", FILED)
    check_wire(report, ["x@y"], WIRE, NOTED, 0)
    assert report.ok


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"mails": 0}, (1, 0, 0, 0)),
        ({"words": 0}, (1, 0, 0, 0)),
        ({"mails": 2}, (0, 1, 0, 0)),
        ({"contacts": ("con_1", "con_2")}, (0, 1, 0, 0)),
        ({"cases": 2}, (0, 1, 0, 0)),
        ({"words": 3}, (0, 2, 0, 0)),
        ({"sequences": {"con_1": [1, 3]}}, (0, 0, 1, 0)),
    ],
)
def test_a_letter_that_is_lost_or_doubled_is_seen(
    report: Report, change: dict[str, object], seen: tuple[int, int, int, int]
) -> None:
    check_letter(report, "x@y", replace(FILED, **change))  # type: ignore[arg-type]
    assert counts(report) == seen


@pytest.mark.parametrize(
    ("wire", "crashes", "seen"),
    [
        (WIRE[:1], 0, (1, 0, 0, 0)),
        (WIRE[1:], 0, (1, 0, 0, 0)),
        ([*WIRE, WIRE[1]], 1, (0, 0, 0, 0)),
        ([*WIRE, WIRE[1]], 0, (0, 1, 0, 0)),
        ([*WIRE, ("x@y", "<r2>", "Re: parcel")], 5, (0, 1, 0, 0)),
        ([*WIRE, ("x@y", "<?>", "who")], 5, (0, 0, 0, 1)),
    ],
)
def test_mails_that_are_missing_doubled_or_unknown_on_the_wire_are_seen(
    report: Report, wire: list[tuple[str, str, str]], crashes: int, seen: tuple[int, int, int, int]
) -> None:
    check_wire(report, ["x@y"], wire, NOTED, crashes)
    assert counts(report) == seen
