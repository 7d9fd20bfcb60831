"""R-02: kill -9 while money and goods are moved (I5, I7, I8).

Cancellations, returns and changed addresses go through the real desk to the embedded shop. A process dies at every
fail-point and occurrence; its heir asks the shop what became of deeds without an end, the driver confirms again
with the same keys, and the shop's books are held against ours. Some heirs are killed while they clear up.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, select

from madoguchi.building import Journal
from madoguchi.cli.dev.torture.goods import (
    OFFICE,
    Books,
    books_of,
    desk_over,
    money_faults,
    number_of,
    order_in,
    owner,
    piece_faults,
    put_orders,
)
from madoguchi.cli.dev.torture.ground import Hire, Tell, Tick, Victim, Work, in_child, look, scratch_database
from madoguchi.cli.dev.torture.r01_say import crash_everywhere
from madoguchi.cli.dev.torture.report import Report
from madoguchi.counter.contacts import events, service
from madoguchi.counter.contacts.model import ledger_entry
from madoguchi.counter.orders.actions import Action, CancelOrder, ChangeAddress, LineChoice, ReturnLines
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.rule_book.book import Printed
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Conflict
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.outbox import outbox

WISHES: dict[str, Action] = {
    "cancel": CancelOrder(),
    "return": ReturnLines(lines=[LineChoice(line_id="L1", quantity=1)], reason="defective", condition="used"),
    "change_address": ChangeAddress(address=OFFICE),
}
JOBS = 6
TRIES = 12


@dataclass(frozen=True)
class Job:
    """One customer's wish about one order. `proposal_id` is empty until a proposal was acknowledged."""

    number: str
    wish: str
    contact_id: str
    attempt: int = 0
    proposal_id: str = ""

    @property
    def key(self) -> str:
        return f"{self.number}/{self.attempt}"


@dataclass(frozen=True)
class Answer:
    """What the counter told the customer: the proposal, or the end of it (`state` empty: proposed)."""

    number: str
    proposal_id: str
    state: str = ""


def run(
    kind: str, server: str, *, count: int, seed: int, tick: Tick = lambda _: None, hire: Hire | None = None
) -> Report:
    """Try `count` crash points."""
    report = Report("R-02", kind, seed)
    chance = random.Random(seed)
    with scratch_database(kind, server) as url:
        rounds = _Rounds(url, hire or clerk, chance)
        crash_everywhere(report, rounds, count, chance, tick)
    return report


def clerk(url: str) -> Work:
    """The process under torture: four threads at the real desk. It first settles what an earlier one left open."""
    database = Database(url)
    desk = desk_over(database, Journal(("ja", "en"), Printed(Rules.load(None))))

    def work(jobs: list[Job], tell: Tell) -> None:
        while desk.resolve_unknown(timedelta(0)):
            pass
        with ThreadPoolExecutor(4) as pool:
            for future in [pool.submit(_serve, desk, job, tell) for job in jobs]:
                future.result()

    return work


def _serve(desk: OrderDesk, job: Job, tell: Tell) -> None:
    proposal_id = job.proposal_id
    if not proposal_id:
        made = desk.propose(owner(), job.number, WISHES[job.wish], contact_id=job.contact_id)
        proposal_id = made.id
        tell(Answer(job.number, proposal_id))
    state: str
    try:
        state = desk.confirm(owner(), proposal_id, job.key).state
    except Conflict as conflict:
        state = conflict.code
    tell(Answer(job.number, proposal_id, state))


def check_books(
    report: Report, jobs: Sequence[Job], told_done: Mapping[str, str], books: Mapping[str, Books]
) -> None:
    """Each wish was carried out once; what we were told is what the shop did; money and pieces add up.

    `told_done`: order number → the proposal of which the customer was told that it is done.
    """
    for job in jobs:
        found = books[job.number]
        if job.number in told_done and told_done[job.number] not in found.effects:
            report.lost += 1
            report.note(f"told done, the shop knows nothing: {job.number}")
        report.duplicated += max(0, len(found.effects) - 1)
        report.unknown += len(found.hanging)
        if set(found.effects) != set(found.done):
            report.note_illegal(f"{job.number}: shop {found.effects}, we {found.done}")
        faults = [*money_faults(found.order), *piece_faults(found.order), *_wish_faults(job, found.order)]
        if found.order.version != 1 + len(found.effects):
            faults.append(f"version {found.order.version} after {len(found.effects)} deeds")
        for fault in faults:
            report.note_illegal(f"{job.number} {job.wish}: {fault}")


def _wish_faults(job: Job, order: Order) -> list[str]:
    """Empty when the order looks as the customer wished, once."""
    if job.wish == "cancel" and (order.state, order.refunded) != ("cancelled", order.captured):
        return [f"{order.state}, {order.refunded} of {order.captured} given back"]
    if job.wish == "return" and [line.returned for line in order.lines] != [1]:
        return [f"returned {[line.returned for line in order.lines]}, {len(order.returns)} records"]
    if job.wish == "change_address" and order.address != OFFICE:
        return ["not the new address"]
    return []


class _Rounds:
    def __init__(self, url: str, hire: Hire, chance: random.Random) -> None:
        self._url = url
        self._hire = hire
        self._chance = chance
        self._placed = 0
        self._names: list[str] = []
        self.exhausted: set[str] = set()

    def clean(self, report: Report) -> dict[str, int]:
        """A run without a crash: which fail-points are passed, and how often."""
        jobs = self._jobs()
        victim = Victim(self._hire, self._url)
        told = victim.ask(jobs)
        victim.dismiss()
        if told.passed is None:
            raise RuntimeError("died without a plan")
        self._compare(report, jobs, told.answers)
        self._names = sorted(told.passed)
        return told.passed

    def crash(self, report: Report, name: str, nth: int, recoveries: list[float]) -> None:
        jobs = self._jobs()
        victim = Victim(self._hire, self._url, f"{name}:{nth}:kill")
        told = victim.ask(jobs)
        answers = told.answers
        if not told.died:
            victim.dismiss()
            self.exhausted.add(name)
        else:
            report.crashes += 1
        began = time.monotonic()
        for _ in range(TRIES):
            left = _open_jobs(jobs, answers)
            if not left:
                break
            answers = answers + self._heir(report, left)
        else:
            raise RuntimeError(f"not through after {TRIES} tries: {left}")
        if told.died:
            recoveries.append(time.monotonic() - began)
        self._compare(report, jobs, answers)

    def _heir(self, report: Report, left: list[Job]) -> list[Answer]:
        """A new process for what is left; one of four is killed as well, anywhere."""
        plan = None
        if self._chance.random() < 0.25:
            name = self._chance.choice([*self._names, "orders.resolve.asked"])
            plan = f"{name}:{self._chance.randint(1, 3)}:kill"
        heir = Victim(self._hire, self._url, plan)
        told = heir.ask(left)
        if told.died:
            report.count("crashes_while_recovering")
        else:
            heir.dismiss()
        return told.answers

    def _jobs(self) -> list[Job]:
        wishes = [self._chance.choice(sorted(WISHES)) for _ in range(JOBS)]
        numbers = [number_of(self._placed + place) for place in range(JOBS)]
        self._placed += JOBS
        contacts = in_child(_prepare, self._url, numbers, wishes)
        return [Job(*each) for each in zip(numbers, wishes, contacts, strict=True)]

    def _compare(self, report: Report, jobs: list[Job], answers: list[Answer]) -> None:
        told_done = {each.number: each.proposal_id for each in answers if each.state == "done"}
        report.acknowledged += len(told_done)
        report.count("actions", len(jobs))
        check_books(report, jobs, told_done, books_of(self._url, [job.number for job in jobs]))
        self._check_news(report, jobs, told_done)

    def _check_news(self, report: Report, jobs: list[Job], told_done: dict[str, str]) -> None:
        """One fact in the ledger and one errand for the mail, for each deed that is done."""
        with look(self._url) as connection:
            facts = connection.execute(
                select(ledger_entry.c.contact_id, func.count().label("times"))
                .where(
                    ledger_entry.c.contact_id.in_([job.contact_id for job in jobs]),
                    ledger_entry.c.kind == events.DONE,
                )
                .group_by(ledger_entry.c.contact_id)
            ).all()
            errands = connection.scalar(
                select(func.count()).where(
                    outbox.c.key.in_([f"order.done:{proposal_id}" for proposal_id in told_done.values()])
                )
            )
        if {row.contact_id: row.times for row in facts} != {job.contact_id: 1 for job in jobs}:
            report.note_illegal(f"facts of done deeds: {facts}")
        if errands != len(jobs):
            report.note_illegal(f"{errands} errands for {len(jobs)} deeds")


def _open_jobs(jobs: Sequence[Job], answers: Sequence[Answer]) -> list[Job]:
    """What the customers still ask for: the same confirm again, or the wish anew where it was told to have failed."""
    left = []
    for job in jobs:
        heard = [each for each in answers if each.number == job.number]
        ends = [each.state for each in heard if each.state]
        if "done" in ends:
            continue
        proposal_id = heard[-1].proposal_id if heard and not heard[-1].state else ""
        if heard and heard[-1].state == "order_busy":
            proposal_id = heard[-1].proposal_id
        left.append(replace(job, attempt=len(ends), proposal_id=proposal_id))
    return left


def _prepare(url: str, numbers: list[str], wishes: list[str]) -> list[str]:
    """Put an order for each wish, and open the contact in which it is brought."""
    database = Database(url)
    orders = [
        order_in("delivered" if wish == "return" else "processing", number)
        for number, wish in zip(numbers, wishes, strict=True)
    ]
    put_orders(database, orders)

    def open_contacts(tx: Transaction) -> list[str]:
        return [
            service.open_contact(tx, actor=owner(), channel="chat", language="ja", order_number=number).id
            for number in numbers
        ]

    opened = database.write(open_contacts)
    database.close()
    return opened
