"""R-20: the double click, a hundred of them (I5).

2 to 100 parallel confirms on one order from two processes: the same key, other keys,
other proposals on the same order. One effect per deed, never a yen more back than was taken.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from madoguchi.cli.dev.torture.goods import (
    STAFF,
    Books,
    Confirm,
    Outcome,
    Propose,
    Put,
    books_of,
    hand,
    money_faults,
    number_of,
    order_in,
    owner,
    piece_faults,
)
from madoguchi.cli.dev.torture.ground import Crew, Tick, crew, scratch_database
from madoguchi.cli.dev.torture.report import Report
from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    LineChoice,
    RefundDuplicate,
    RefundMissing,
    ReturnLines,
)

KINDS = ("same key", "other keys", "pieces", "staff")


def run(kind: str, server: str, *, count: int, seed: int, tick: Tick = lambda _: None) -> Report:
    """Hold `count` contests."""
    report = Report("R-20", kind, seed)
    chance = random.Random(seed)
    with scratch_database(kind, server) as url, crew(hand, url) as hands:
        for place in range(count):
            contest(report, url, hands, chance, number_of(place))
            report.tried += 1
            tick(report.tried)
    return report


def contest(report: Report, url: str, hands: Crew, chance: random.Random, number: str) -> None:
    what = chance.choice(KINDS)
    size = min(100, 2 + int(chance.expovariate(1 / 6)))
    confirms, most = _contest(hands, chance, number, what, size)
    outcomes = hands.together(confirms)
    report.count("confirms", len(confirms))
    check_contest(report, f"{what} ×{size}", outcomes, books_of(url, [number])[number], most)


def check_contest(report: Report, what: str, outcomes: Sequence[Outcome], books: Books, most: int) -> None:
    """Somebody wins, at most `most` deeds are done, all are told the truth, and the money is never over."""
    won = [outcome for outcome in outcomes if outcome.won]
    references = {outcome.proposal_id: outcome.reference for outcome in won}
    report.acknowledged += len(won)
    report.lost += 1 if not books.effects else 0
    report.duplicated += max(0, len(books.effects) - most)
    report.unknown += len(books.hanging)
    faults = [*money_faults(books.order), *piece_faults(books.order)]
    if set(books.effects) != set(books.done) or set(references) - set(books.done):
        faults.append(f"shop {books.effects}, we {books.done}, told {sorted(references)}")
    if any(outcome.reference != references[outcome.proposal_id] for outcome in won):
        faults.append("two receipts for one proposal")
    if any(not outcome.won and not outcome.reasons for outcome in outcomes):
        faults.append("a loser without a reason")
    if books.order.version != 1 + len(books.effects):
        faults.append(f"version {books.order.version} after {len(books.effects)} deeds")
    for fault in faults:
        report.note_illegal(f"{what}: {fault}")


def _contest(
    hands: Crew, chance: random.Random, number: str, what: str, size: int
) -> tuple[list[Confirm], int]:
    """The confirms that are let go together, and how many deeds may be done at most."""
    if what == "pieces":
        pieces = chance.randint(2, 5)
        hands.alone(Put((order_in("processing", number, pieces=pieces),)))
        one = CancelOrder(lines=[LineChoice(line_id="L1", quantity=1)])
        ids = _proposed(hands, number, [one] * min(size, 12))
        return [Confirm(owner(), each, f"{number}/{each}") for each in ids], pieces
    if what == "staff":
        hands.alone(Put((order_in("shipped", number, charged_twice=True),)))
        ways: list[Action] = [
            RefundDuplicate(payment_id="P2"),
            RefundMissing(),
            ReturnLines(lines=[LineChoice(line_id="L1", quantity=2)], reason="late"),
        ]
        ids = [
            outcome.proposal_id
            for outcome in hands.alone(*[Propose(STAFF, number, way) for way in ways])
            if outcome.won
        ]
        return [Confirm(STAFF, ids[n % len(ids)], f"{number}/{n}") for n in range(size)], len(ids)
    hands.alone(Put((order_in("processing", number),)))
    (proposal_id,) = _proposed(hands, number, [CancelOrder()])
    keys = [f"{number}/{0 if what == 'same key' else n}" for n in range(size)]
    return [Confirm(owner(), proposal_id, key) for key in keys], 1


def _proposed(hands: Crew, number: str, actions: Sequence[Action]) -> list[str]:
    outcomes = hands.alone(*[Propose(owner(), number, action) for action in actions])
    if not all(outcome.won for outcome in outcomes):
        raise RuntimeError(f"not even proposed: {outcomes}")
    return [outcome.proposal_id for outcome in outcomes]
