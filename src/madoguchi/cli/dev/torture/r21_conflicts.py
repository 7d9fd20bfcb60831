"""R-21: return, cancel and ship together (I7, RET-016).

Every pair of deeds on an order and events of its parcels that is possible in a stage, let go at one instant with
random delays. Whatever comes out must be a state that the order can be in; the loser is told why.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping, Sequence

from madoguchi.cli.dev.torture.goods import (
    OFFICE,
    STAFF,
    Books,
    Confirm,
    Happen,
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
from madoguchi.connectors.embedded.fulfilment import Event, Moved, Shipped
from madoguchi.counter.actors import Actor
from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    ChangePayment,
    ExchangeLine,
    LineChange,
    LineChoice,
    RefundDuplicate,
    RefundMissing,
    ReshipMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import Order, OrderState, ParcelLine

STAGES: tuple[OrderState, ...] = ("processing", "shipped", "delivered")
LATEST_S = 0.03
_ONE = [LineChoice(line_id="L1", quantity=1)]
_ALL = [LineChoice(line_id="L1", quantity=2)]

ACTIONS: dict[str, Action] = {
    "cancel": CancelOrder(),
    "cancel one": CancelOrder(lines=_ONE),
    "change address": ChangeAddress(address=OFFICE),
    "other size": ChangeLines(changes=[LineChange(line_id="L1", sku="shirt-l")]),
    "one piece less": ChangeLines(changes=[LineChange(line_id="L1", quantity=1)]),
    "change payment": ChangePayment(tender="convenience_store"),
    "return": ReturnLines(lines=_ALL, reason="defective"),
    "return one": ReturnLines(lines=_ONE, reason="does_not_fit"),
    "exchange": ExchangeLine(line_id="L1", sku="shirt-l", reason="does_not_fit"),
    "reship": ReshipMissing(),
    "refund missing": RefundMissing(),
    "refund duplicate": RefundDuplicate(payment_id="P2"),
}
EVENTS: dict[str, Event] = {
    "ship": Shipped(carrier="ヤマト運輸", tracking_number="987654321098"),
    "ship one": Shipped(lines=(ParcelLine(line_id="L1", quantity=1),)),
    "lose": Moved(state="lost"),
    "deliver": Moved(state="delivered"),
}
# What must be seen on the order afterwards, whoever else has won.
TRACES: dict[str, Callable[[Order], bool]] = {
    "cancel": lambda order: order.state == "cancelled",
    "cancel one": lambda order: sum(line.cancelled for line in order.lines) >= 1,
    "change address": lambda order: order.address == OFFICE,
    "return": lambda order: sum(line.returned for line in order.lines) >= 2,
    "return one": lambda order: sum(line.returned for line in order.lines) >= 1,
    "exchange": lambda order: any(each.wish == "exchange" for each in order.returns),
    "reship": lambda order: any(parcel.replaces for parcel in order.parcels),
    "refund missing": lambda order: bool(order.refunds),
    "refund duplicate": lambda order: any(each.payment_id == "P2" for each in order.refunds),
    "ship": lambda order: any(parcel.state != "preparing" for parcel in order.parcels),
    "ship one": lambda order: any(parcel.state != "preparing" for parcel in order.parcels),
    "lose": lambda order: any(event.state == "lost" for parcel in order.parcels for event in parcel.events),
    "deliver": lambda order: any(
        event.state == "delivered" for parcel in order.parcels for event in parcel.events
    ),
}


def run(kind: str, server: str, *, count: int, seed: int, tick: Tick = lambda _: None) -> Report:
    """Hold `count` contests, going round and round through the pairs."""
    report = Report("R-21", kind, seed)
    chance = random.Random(seed)
    with scratch_database(kind, server) as url, crew(hand, url) as hands:
        pairs = [
            (stage, pair)
            for place, stage in enumerate(STAGES)
            for pair in itertools.combinations_with_replacement(_possible(hands, stage, number_of(place)), 2)
        ]
        chance.shuffle(pairs)
        report.extra["pairs"] = len(pairs)
        for place, (stage, pair) in zip(range(count), itertools.cycle(pairs), strict=False):
            contest(report, url, hands, chance, stage, pair, number_of(len(STAGES) + place))
            report.tried += 1
            tick(report.tried)
    return report


def contest(
    report: Report,
    url: str,
    hands: Crew,
    chance: random.Random,
    stage: OrderState,
    pair: Sequence[str],
    number: str,
) -> None:
    hands.alone(Put((order_in(stage, number, charged_twice=True),)))
    deeds: list[Confirm | Happen] = []
    for name in pair:
        delay = chance.choice((0.0, chance.random() * LATEST_S))
        if name in EVENTS:
            deeds.append(Happen(number, EVENTS[name], delay))
            continue
        (made,) = hands.alone(Propose(_actor(name), number, ACTIONS[name]))
        deeds.append(Confirm(_actor(name), made.proposal_id, f"{number}/{made.proposal_id}", delay))
    outcomes = hands.together(deeds)
    check_end(report, f"{stage}: {pair}", pair, outcomes, books_of(url, [number])[number])


def check_end(
    report: Report, what: str, pair: Sequence[str], outcomes: Sequence[Outcome], books: Books
) -> None:
    """A legal order, with the trace of every winner; every loser has a reason; nothing hangs; somebody won."""
    winners = [name for name, outcome in zip(pair, outcomes, strict=True) if outcome.won]
    report.acknowledged += len(winners)
    report.count("both_won", len(winners) == 2)
    report.count("one_lost", len(winners) == 1)
    report.unknown += len(books.hanging)
    report.duplicated += len(books.effects) - len(set(books.effects))
    report.lost += len([name for name in winners if name in TRACES and not TRACES[name](books.order)])
    faults = [*money_faults(books.order), *piece_faults(books.order)]
    if not winners:
        faults.append(f"nobody won: {[outcome.reasons for outcome in outcomes]}")
    if any(not outcome.won and not outcome.reasons for outcome in outcomes):
        faults.append("the loser was not told why")
    if books.order.version != 1 + len(winners):
        faults.append(f"version {books.order.version} after {len(winners)} winners")
    if set(books.effects) != set(books.done):
        faults.append(f"shop {books.effects}, we {books.done}")
    for fault in faults:
        report.note_illegal(f"{what}: {fault}")


def _possible(hands: Crew, stage: OrderState, number: str) -> list[str]:
    """The deeds and events that an order of this stage allows."""
    hands.alone(Put((order_in(stage, number, charged_twice=True),)))
    offered = hands.alone(*[Propose(_actor(name), number, action) for name, action in ACTIONS.items()])
    deeds = [name for name, outcome in zip(ACTIONS, offered, strict=True) if outcome.won]
    events: Mapping[OrderState, list[str]] = {
        "processing": ["ship", "ship one"],
        "shipped": ["lose", "deliver"],
    }
    return deeds + events.get(stage, [])


def _actor(name: str) -> Actor:
    """Staff where a customer's own wish may have to wait for an approval."""
    return STAFF if name.startswith(("re", "exchange")) else owner()
