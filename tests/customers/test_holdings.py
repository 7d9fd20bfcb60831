"""Fees explained from the history: which charges were right, which were not."""

from __future__ import annotations

from datetime import date

import pytest

from madoguchi.counter.customers.holdings import (
    WRONG,
    ChargeReading,
    FeeCharge,
    Membership,
    charge_on,
    read_charge,
)

JOINED, TRIAL_END = date(2026, 3, 1), date(2026, 3, 31)
CHARGES = [FeeCharge(id=f"F{month}", at=date(2026, month, 1), amount=600) for month in (4, 5, 6)]
MEMBER = Membership(since=JOINED, trial_until=TRIAL_END, fee=600, charges=CHARGES)


@pytest.mark.req("PRM-003")
@pytest.mark.parametrize(
    ("change", "charge", "reading"),
    [
        ({}, CHARGES[0], "after_trial"),
        ({"trial_until": None}, CHARGES[0], "first"),
        ({}, CHARGES[2], "renewal"),
        ({"cancelled_on": date(2026, 5, 20)}, CHARGES[2], "after_cancellation"),
        ({"cancelled_on": date(2026, 6, 1)}, CHARGES[2], "renewal"),
        ({"since": None}, CHARGES[1], "not_joined"),
        ({"since": date(2026, 5, 15)}, CHARGES[1], "not_joined"),
        ({"since": None}, CHARGES[1].model_copy(update={"refunded": True}), "refunded"),
    ],
)
def test_why_there_was_a_charge(
    change: dict[str, date | None], charge: FeeCharge, reading: ChargeReading
) -> None:
    assert read_charge(MEMBER.model_copy(update=change), charge) == reading
    assert (reading in WRONG) == (reading in ("not_joined", "after_cancellation"))


@pytest.mark.req("PRM-003")
def test_a_charge_is_found_by_its_day_also_when_the_statement_is_late() -> None:
    assert charge_on(MEMBER, date(2026, 5, 3)) == CHARGES[1]
    assert charge_on(MEMBER, date(2026, 5, 10)) is None
    assert charge_on(MEMBER, None) == CHARGES[2]


def test_a_membership_runs_to_its_last_day() -> None:
    ending = MEMBER.model_copy(update={"ends_on": date(2026, 6, 30)})
    assert ending.is_active(date(2026, 6, 30))
    assert not ending.is_active(date(2026, 7, 1))
    assert not Membership().is_active(date(2026, 7, 1))
