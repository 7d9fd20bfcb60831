"""What runs beside the requests: the assistant's turns, the couriers, routing's rounds, the settling of unknowns."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog

from madoguchi.assistant.learning.collecting import Collector
from madoguchi.assistant.turn import Assistant
from madoguchi.counter.actors import ASSISTANT
from madoguchi.counter.cases import overdue
from madoguchi.counter.contacts import events, queries, service
from madoguchi.counter.customers import codes, sign_ins
from madoguchi.counter.customers.account_desk import HISTORY_DAYS, AccountDesk
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Problem
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import refresh_positions
from madoguchi.counter.routing.queues import queue_for
from madoguchi.counter.surveys import service as surveys
from madoguchi.counter.trust import service as trust
from madoguchi.counter.watch.workflow import OrderWatch
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.outbox import Courier
from madoguchi.engine.settings import Settings

log = structlog.get_logger()
TRIES = 3
SWEEP_S = 2.0
COURIERS = 3
LEARN_S = 60.0
WATCH_S = 15.0


class AssistantLoop:
    """Gives every contact that is owed a turn its turn. The ledger is the queue; a wake-up only saves waiting."""

    def __init__(self, database: Database, assistant: Assistant, workers: int = 4) -> None:
        self._database = database
        self._assistant = assistant
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="turn")
        self._busy: set[str] = set()
        self._failures: Counter[str] = Counter()

    async def run(self, stopping: asyncio.Event) -> None:
        with self._database.stream.waiter("turns") as bell:
            while not stopping.is_set():
                for contact_id in await self._owed():
                    self._start(contact_id, bell.ring)
                await bell.wait(SWEEP_S)
        self._pool.shutdown(wait=True)

    async def _owed(self) -> list[str]:
        try:
            owed = await self._database.aread(queries.owed_turns)
        except Exception:
            log.exception("assistant.queue_unreadable")
            return []
        return [contact_id for contact_id in owed if contact_id not in self._busy]

    def _start(self, contact_id: str, ring: Callable[[], None]) -> None:
        self._busy.add(contact_id)

        def done(_: object) -> None:
            self._busy.discard(contact_id)
            ring()

        self._pool.submit(self.turn, contact_id).add_done_callback(done)

    def turn(self, contact_id: str) -> None:
        """One turn; after three failures a person gets the contact, so that nobody waits for nothing (I9)."""
        try:
            self._assistant.turn(contact_id)
            self._failures.pop(contact_id, None)
        except Exception as error:
            self._failures[contact_id] += 1
            log.exception("assistant.turn_failed", contact=contact_id)
            if self._failures[contact_id] >= TRIES:
                self._failures.pop(contact_id)
                self._database.write(_give_to_a_person, contact_id, repr(error))


class Rounds:
    """Routing's and housekeeping's regular rounds."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        orders: OrderDesk,
        accounts: AccountDesk,
        watch: OrderWatch,
    ) -> None:
        self._database = database
        self._orders = orders
        self._accounts = accounts
        self._watch = watch
        self._rules = Rules.of(settings)
        self._language, self._zone = settings.shop.languages[0], ZoneInfo(settings.shop.timezone)
        self._surveys = surveys.Rules.of(settings)
        self._collector = Collector(database, settings.history.keep_days)

    async def route(self, stopping: asyncio.Event) -> None:
        """Offer waiting contacts and keep positions current, at wake-ups and every second."""
        with self._database.stream.waiter("inbox") as bell:
            while not stopping.is_set():
                try:
                    while await self._database.awrite(routing.offer_next, self._rules):
                        pass
                    await self._database.awrite(refresh_positions, self._rules)
                except Exception:
                    log.exception("routing.round_failed")
                await asyncio.sleep(0.1)
                await bell.wait(1.0)

    async def settle(self, stopping: asyncio.Event) -> None:
        """Ask the shop about deeds whose answer was lost; forget what is old."""
        while not stopping.is_set():
            try:
                await asyncio.to_thread(self._orders.resolve_unknown)
                await asyncio.to_thread(self._accounts.resolve_unknown)
                await self._database.awrite(codes.forget_old)
                oldest = self._database.clock() - timedelta(days=HISTORY_DAYS)
                await self._database.awrite(sign_ins.forget_old, oldest)
                await self._database.awrite(trust.forget_old)
                await self._database.awrite(overdue.alert, self._language, self._zone)
                await self._database.awrite(surveys.begin_due, self._surveys)
                await self._database.awrite(surveys.ask_by_mail, self._surveys)
            except Exception:
                log.exception("orders.settling_failed")
            await _pause(stopping, 15)

    async def watch(self, stopping: asyncio.Event) -> None:
        """Look at new orders."""
        while not stopping.is_set():
            try:
                await asyncio.to_thread(self._watch.round)
            except Exception:
                log.exception("watch.round_failed")
            await _pause(stopping, WATCH_S)

    async def learn(self, stopping: asyncio.Event) -> None:
        """Collect what the assistant did not understand, for people to label."""
        while not stopping.is_set():
            try:
                await asyncio.to_thread(self._collector.round)
            except Exception:
                log.exception("learning.round_failed")
            await _pause(stopping, LEARN_S)


class Workers:
    """All of it, started and stopped together."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        orders: OrderDesk,
        accounts: AccountDesk,
        watch: OrderWatch,
        assistant: Assistant,
        courier: Courier,
    ) -> None:
        self._assistant = AssistantLoop(database, assistant)
        self._rounds = Rounds(database, settings, orders, accounts, watch)
        self._courier = courier
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        couriers = [self._courier.run] * COURIERS  # a listener that hangs must not hold up a mailed code
        rounds = (self._rounds.route, self._rounds.settle, self._rounds.watch, self._rounds.learn)
        for work in (self._assistant.run, *couriers, *rounds):
            self._tasks.append(asyncio.create_task(work(self._stopping)))

    async def stop(self) -> None:
        self._stopping.set()
        await asyncio.wait(self._tasks, timeout=5)
        for task in self._tasks:
            task.cancel()


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return


def _give_to_a_person(tx: Transaction, contact_id: str, error: str) -> None:
    contact = queries.get_for_update(tx, contact_id)
    if contact.owner_kind != "assistant":
        return
    service.append(tx, contact_id, events.TURN_FAILED, {"error": error[:500]}, actor=ASSISTANT)
    try:
        routing.enter(
            tx, contact, queue_for(contact.topic), priority=3, reason="assistant_failed", actor=ASSISTANT
        )
    except Problem:
        log.warning("assistant.hand_over_failed", contact=contact_id)
