"""Many at one instant: one winner, one effect, one reply; the others are told why."""

from __future__ import annotations

import pytest

from madoguchi.cli.dev.torture import r19_accept, r20_money, r21_conflicts, r22_turns
from tests.torture.conftest import BOTH


@pytest.mark.parametrize("kind", BOTH)
def test_of_many_agents_who_take_a_contact_exactly_one_has_it(kind: str, server: str) -> None:
    report = r19_accept.run(kind, server, count=60, seed=5)
    assert report.ok, report.line()
    assert report.extra["grabs"] > 2 * report.tried


@pytest.mark.parametrize("kind", BOTH)
def test_many_confirmations_never_give_back_more_than_was_taken(kind: str, server: str) -> None:
    report = r20_money.run(kind, server, count=12, seed=5)
    assert report.ok, report.line()
    assert report.acknowledged >= report.tried


@pytest.mark.req("RET-016")
@pytest.mark.parametrize("kind", ["sqlite"])
def test_whatever_happens_to_an_order_at_once_leaves_an_order_that_can_be(kind: str, server: str) -> None:
    report = r21_conflicts.run(kind, server, count=24, seed=5)
    assert report.ok, report.line()
    assert report.extra["one_lost"] > 0


@pytest.mark.parametrize("kind", ["sqlite"])
def test_two_assistants_reply_once_and_stop_when_a_person_has_joined(kind: str, server: str) -> None:
    report = r22_turns.run(kind, server, count=8, seed=5)
    assert report.ok, report.line()
    assert report.extra["taken_over"] > 0
    assert report.extra["turns_written"] > 0
