"""The figures of call-backs against what the ledger and the calls tell, for any history (CB-002, CB-003, SLA-006)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from madoguchi.counter.actors import Actor
from madoguchi.counter.callbacks.model import Callback, callback_call
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.problems import Problem
from madoguchi.counter.reports.cells import Span
from madoguchi.counter.reports.definitions import Value
from madoguchi.counter.reports.drilling import contacts_behind
from madoguchi.counter.reports.families import FIGURES
from madoguchi.counter.reports.following import Follower
from madoguchi.counter.reports.gathering import Asked, gather
from madoguchi.counter.routing import service as routing
from madoguchi.engine.database import Database, Transaction
from madoguchi.faces.report_calls import rows as sheet_rows
from madoguchi.kit.percentile import percentile
from tests.callbacks.conftest import Shop
from tests.conftest import StillClock

TOKYO = ZoneInfo("Asia/Tokyo")
WEEKS = Asked(Span(date(2026, 11, 16), date(2026, 12, 6)))
TRIES = timedelta(minutes=10)


@pytest.fixture
def shop(sqlite_database: Database, clock: StillClock, tmp_path: Path) -> Shop:
    return Shop(sqlite_database, clock, tmp_path / "shop", callback={"slot_share": 1.0})


def measured(shop: Shop, figure: str) -> Value:
    sums = shop.database.read(gather, WEEKS, TOKYO)
    return FIGURES[figure].measure(sums, shop.settings.reports)


def follow(shop: Shop) -> None:
    follower = Follower(shop.database, shop.settings)
    while follower.catch_up():
        pass


# ── the slow way: from the facts of each contact and its calls ────────────────────────────────────


@dataclass
class Told:
    """One call-back as its facts tell it."""

    calls: list[tuple[datetime, datetime | None, datetime | None]] = field(default_factory=list)
    broken: int = 0
    first: datetime | None = None  # call since the promise was made
    begin: datetime | None = None
    promised: datetime | None = None
    end: str = ""


def told_of(tx: Transaction, contact_id: str, callback_id: str) -> Told:
    """Facts and calls in the order in which they happened."""
    dialled = tx.all(
        select(callback_call)
        .where(callback_call.c.callback_id == callback_id)
        .order_by(callback_call.c.number)
    )
    facts = [e for e in contacts.entries(tx, contact_id, limit=500) if e.kind == events.CALLBACK]
    course: list[tuple[datetime, int, str, object]] = [
        *((e.at, n, e.body["what"], e.body) for n, e in enumerate(facts)),
        *((row.dialled_at, 500 + n, "dial", row) for n, row in enumerate(dialled)),
    ]
    told = Told()
    late = False
    for at, _, what, about in sorted(course, key=lambda step: step[:2]):
        if what == "dial":
            told.calls.append((about.dialled_at, about.answered_at, about.ended_at))  # type: ignore[attr-defined]
            told.first = told.first or at
            continue
        body: dict[str, str] = about  # type: ignore[assignment]
        if what in ("confirmed", "moved"):
            told.first, late = None, False
            slot = body["slot_at"]
            told.begin = datetime.fromisoformat(slot) if slot else None
            told.promised = datetime.fromisoformat(body["slot_end"]) if slot else at + TRIES
        elif what in ("late", "postponed") and told.first is None and not late:
            told.broken, late = told.broken + 1, True
        elif what in ("cancelled", "replaced", "missed", "wrong_number"):
            told.end = "missed" if what in ("missed", "wrong_number") else what
    if not told.end and any(answered and ended for _, answered, ended in told.calls):
        last = dialled[-1]
        told.end = "talked" if last.outcome == "talked" else ""
    return told


def slow(shop: Shop) -> dict[str, float | None]:
    """Every figure anew, from nothing that the figures are made of."""

    def read(tx: Transaction) -> list[tuple[Told, datetime]]:
        rows = tx.all(select(contact).where(contact.c.channel == "callback"))
        return [(told_of(tx, row.id, row.attributes["callback_id"]), row.opened_at) for row in rows]

    found = shop.database.read(read)
    all_of = [told for told, _ in found]
    due = [told for told in all_of if told.first or told.broken]
    kept = [t for t in due if t.first and t.promised and t.first <= t.promised and not t.broken]
    called = [told for told in all_of if told.calls]
    waits = sorted(
        max(0, int((told.first - (told.begin or opened)).total_seconds()))
        for told, opened in found
        if told.first
    )
    talks = [
        sum(
            int((ended - answered).total_seconds()) for _, answered, ended in told.calls if answered and ended
        )
        for told in all_of
        if any(answered and ended for _, answered, ended in told.calls)
    ]
    mean: Callable[[list[int]], float | None] = lambda xs: sum(xs) / len(xs) if xs else None  # noqa: E731
    return {
        "calls_booked": len(all_of),
        "calls_kept": len(kept) / len(due) if due else None,
        "calls_late": len(due) - len(kept),
        "calls_broken": sum(told.broken for told in all_of),
        "calls_tries": mean([len(told.calls) for told in called]),
        "calls_reached": mean([int(any(a for _, a, _ in told.calls)) for told in called]),
        "call_wait_p50": percentile(waits, 0.5) if waits else None,
        "call_wait_p90": percentile(waits, 0.9) if waits else None,
        "call_talk": mean(talks),
        "calls_talked": sum(told.end == "talked" for told in all_of),
        "calls_missed": sum(told.end == "missed" for told in all_of),
        "calls_cancelled": sum(told.end == "cancelled" for told in all_of),
        "calls_replaced": sum(told.end == "replaced" for told in all_of),
    }


# ── random histories, through the real verbs ──────────────────────────────────────────────────────


def history(shop: Shop, dice: random.Random, steps: int) -> None:
    """People book, move and call off; agents take, call, tell or go; the clock goes on. What is refused is left out."""
    agents = [shop.agent("ito"), shop.agent("kato")]
    people = [shop.customer(f"p{n}", f"090-1234-56{n:02d}") for n in range(30)]
    booked: list[tuple[Actor, Callback]] = []
    for _ in range(steps):
        try:
            _deed(shop, dice, agents, people, booked)
        except Problem:
            continue
        finally:
            shop.calls.round()


def _deed(
    shop: Shop,
    dice: random.Random,
    agents: list[Actor],
    people: list[Actor],
    booked: list[tuple[Actor, Callback]],
) -> None:
    what = dice.choices(
        ("book", "take", "dial", "tell", "cancel", "move", "replaced", "go", "wait", "long"),
        (5, 6, 8, 8, 1, 1, 1, 1, 5, 2),
    )[0]
    if what == "book":
        who = people.pop(0) if people else None
        if who is not None:
            number = f"090-1234-{5000 + len(people)}"
            slot = _some_slot(shop, dice) if dice.random() < 0.5 else None
            booked.append((who, shop.book(who, number, slot_at=slot)))
        return
    if what in ("wait", "long"):
        shop.forward(seconds=dice.choice((20, 90, 301) if what == "wait" else (1500, 7200, 40_000)))
        return
    if not booked:
        return
    who, made = dice.choice(booked[-6:])
    now = shop.now(made)
    if what == "take":
        shop.accept(now, dice.choice(agents))
    elif what == "go":
        held = shop.contact(now.contact_id)
        if held.owner_kind == "agent":
            agent = next(each for each in agents if each.id == held.owner_id)
            shop.database.write(
                routing.transfer_to_queue, held.id, "general", actor=agent, owner_version=held.owner_version
            )
    elif what in ("dial", "tell"):
        for agent in agents:
            if now.agent_id == agent.id and what == "dial":
                shop.calls.dial(agent, made.id)
            elif now.agent_id == agent.id:
                kinds = ("connected", "talked", "no_answer", "busy", "voicemail", "wrong_number", "failed")
                shop.calls.report(agent, made.id, dice.choice(kinds))
    elif what == "cancel":
        shop.calls.cancel(who, made.id)
    elif what == "move":
        shop.calls.move(who, made.id, _some_slot(shop, dice) if dice.random() < 0.7 else None)
    elif what == "replaced":
        shop.calls.replaced(who, made.id, dice.choice(("called", "writing")))


def _some_slot(shop: Shop, dice: random.Random) -> datetime:
    now = shop.clock()
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=30 * dice.randrange(2, 12))


@pytest.mark.req("CB-002", "CB-003", "SLA-006")
@pytest.mark.parametrize("seed", range(4))
def test_every_figure_is_what_ledger_and_calls_tell(shop: Shop, seed: int) -> None:
    history(shop, random.Random(seed), 160)
    follow(shop)
    expected = slow(shop)
    found = {name: measured(shop, name).value for name in expected}
    assert found == pytest.approx(expected), f"seed {seed}"
    assert expected["calls_booked"], "a history in which nobody is called proves nothing"


@pytest.mark.req("CB-003")
def test_a_figure_leads_to_just_its_contacts_and_the_sheet_adds_up(shop: Shop) -> None:
    history(shop, random.Random(7), 200)
    follow(shop)
    counts = {
        name: measured(shop, name).value
        for name in (
            "calls_booked",
            "calls_late",
            "calls_talked",
            "calls_missed",
            "calls_cancelled",
            "calls_replaced",
        )
    }
    for name, value in counts.items():
        _, number = shop.database.read(contacts_behind, WEEKS, FIGURES[name].behind)
        assert number == value, name
    rows = list(sheet_rows(shop.database.read(gather, WEEKS, TOKYO).calls))
    assert sum(row[3] for row in rows) == counts["calls_booked"]
    assert sum(row[4] - row[5] for row in rows) == counts["calls_late"]


@pytest.mark.req("CB-002")
def test_a_day_known_by_heart(shop: Shop) -> None:
    ito = shop.agent("ito")
    kept = shop.book(shop.customer("a"), "090-1234-5001")
    late = shop.book(shop.customer("b"), "090-1234-5002")
    gone = shop.customer("c")
    shop.calls.cancel(gone, shop.book(gone, "090-1234-5003").id)
    shop.forward(minutes=5)
    shop.accept(kept, ito)
    shop.calls.dial(ito, kept.id)
    shop.calls.report(ito, kept.id, "connected")
    shop.forward(minutes=7)
    shop.calls.report(ito, kept.id, "talked")
    shop.database.write(routing.finished, kept.contact_id)
    shop.accept(late, ito)
    shop.calls.dial(ito, late.id)
    shop.calls.report(ito, late.id, "no_answer")
    follow(shop)
    wanted = {
        "calls_booked": 3,
        "calls_kept": 0.5,
        "calls_kept_now": 0.5,
        "calls_late": 1,
        "calls_broken": 1,
        "calls_tries": 1,
        "calls_reached": 0.5,
        "call_wait_p90": 720,
        "call_talk": 420,
        "calls_talked": 1,
        "calls_cancelled": 1,
        "calls_missed": 0,
    }
    assert {name: measured(shop, name).value for name in wanted} == wanted
    assert measured(shop, "calls_kept_slot") == Value(None, 0)


@pytest.mark.req("CB-003")
def test_a_promise_that_was_missed_stays_missed_when_the_call_is_moved(shop: Shop) -> None:
    ito, misaki = shop.agent("ito"), shop.customer()
    made = shop.book(misaki)
    shop.forward(minutes=11)
    shop.calls.move(misaki, made.id, None)
    shop.calls.round()
    shop.accept(made, ito)
    shop.calls.dial(ito, made.id)
    follow(shop)
    assert slow(shop)["calls_kept"] == 0
    assert measured(shop, "calls_kept") == Value(0, 1)
    assert measured(shop, "calls_broken").value == 1
