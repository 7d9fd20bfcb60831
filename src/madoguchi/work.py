"""What runs beside the requests: the assistant's turns, the couriers, routing's rounds, the settling of unknowns."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog

from madoguchi.assistant.learning.collecting import Collector
from madoguchi.assistant.model import calls as model_calls
from madoguchi.assistant.turn import Assistant
from madoguchi.channels.mail.fetching import fetched_mailbox
from madoguchi.counter.actors import ASSISTANT
from madoguchi.counter.callbacks import queries as callbacks
from madoguchi.counter.callbacks.carrying import TOPIC as CALLBACKS
from madoguchi.counter.callbacks.workflow import CallDesk
from madoguchi.counter.cases import telling
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.conditions.watching import Watchman
from madoguchi.counter.contacts import events, queries, service
from madoguchi.counter.customers.account_desk import AccountDesk
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.privacy.workflow import PrivacyDesk
from madoguchi.counter.problems import Problem
from madoguchi.counter.reports import goals
from madoguchi.counter.reports.following import Follower
from madoguchi.counter.routing import attending, presence
from madoguchi.counter.routing import queries as routing_queries
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import refresh_positions
from madoguchi.counter.routing.queues import desk_for
from madoguchi.counter.search.indexing import Indexer
from madoguchi.counter.supervision import alerts
from madoguchi.counter.supervision.facts import Elsewhere
from madoguchi.counter.watch.workflow import OrderWatch
from madoguchi.engine import uptime
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.outbox import Courier
from madoguchi.engine.settings import Settings
from madoguchi.kit.ids import new_id
from madoguchi.settling import Settling, steps_of

log = structlog.get_logger()
TRIES = 3
SWEEP_S = 2.0
COURIERS = 3
LEARN_S = 60.0
WATCH_S = 15.0
PROMISES_S = 2.0
PROMISES_AT_REST_S = 10.0
CASES_AT_ONCE = 20
PRIVACY_S = 15.0
STOP_S = 5.0
ATTEND_S = 5.0
LOOK_S = 15.0
SETTLE_S = 15.0
GOALS_S = 30.0
MODEL_LATELY = timedelta(hours=1)


class AssistantLoop:
    """Gives every contact that is owed a turn its turn. The ledger is the queue; a wake-up only saves waiting."""

    def __init__(
        self, database: Database, assistant: Assistant, workers: int = 4, rules: Rules | None = None
    ) -> None:
        self._database = database
        self._rules = rules
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
                self._database.write(_give_to_a_person, contact_id, repr(error), self._rules)


class Rounds:
    """Routing's and housekeeping's regular rounds."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        orders: OrderDesk,
        accounts: AccountDesk,
        watch: OrderWatch,
        privacy: PrivacyDesk,
        calls: CallDesk,
    ) -> None:
        self._database = database
        self._privacy = privacy
        self._calls = calls
        self._watch = watch
        self._rules = Rules.of(settings)
        self._zone = ZoneInfo(settings.shop.timezone)
        self._settling = Settling(database, steps_of(database, settings, orders, accounts, calls))
        self._mailbox = fetched_mailbox(settings)
        self._alert_s, self._reports = float(settings.supervision.alert_seconds), settings.reports
        self._keeper, self._promises = Keeper.of(settings), settings.promises
        self._collector = Collector(database, settings.history.keep_days)

    async def route(self, stopping: asyncio.Event) -> None:
        """Offer waiting contacts and keep positions current, at wake-ups and every second."""
        with self._database.stream.waiter("inbox") as bell:
            while not stopping.is_set():
                try:
                    for agent_id in await self._database.aread(presence.silent, self._rules):
                        await self._database.awrite(presence.release_silent, agent_id, self._rules)
                    await self._offer()
                    await self._database.awrite(refresh_positions, self._rules)
                except Exception:
                    log.exception("routing.round_failed")
                await asyncio.sleep(0.1)
                await bell.wait(1.0)

    async def call_back(self, stopping: asyncio.Event) -> None:
        """Call-backs that fall due, that agents have taken, that are late: at wake-ups and every second."""
        with self._database.stream.waiter(CALLBACKS, "inbox") as bell:
            while not stopping.is_set():
                try:
                    await asyncio.to_thread(self._calls.round)
                except Exception:
                    log.exception("callbacks.round_failed")
                await asyncio.sleep(0.1)
                await bell.wait(1.0)

    async def _offer(self) -> None:
        """Pairs are found beside the writers, and offered a hundred at a time between what others write."""
        if await self._database.aread(routing_queries.overdue_offers):
            await self._database.awrite(routing.expire_overdue, self._rules)
        pairs = await self._database.aread(routing.find_pairs, self._rules)
        for start in range(0, len(pairs), routing.AT_ONCE):
            some = pairs[start : start + routing.AT_ONCE]
            await self._database.awrite(routing.offer_pairs, self._rules, some)

    async def settle(self, stopping: asyncio.Event) -> None:
        """Ask the shop about deeds whose answer was lost; tell, ask and forget what is due."""
        while not stopping.is_set():
            await asyncio.to_thread(self._settling.round)
            await _pause(stopping, SETTLE_S)

    async def keep_promises(self, stopping: asyncio.Event) -> None:
        """Read what has happened in cases, and tell customers what they should know before they ask."""
        with self._database.stream.waiter("inbox") as bell:
            while not stopping.is_set():
                try:
                    await self._read_cases()
                    await self._tell_customers()
                except Exception:
                    log.exception("promises.round_failed")
                await _pause(stopping, PROMISES_S)
                await bell.wait(PROMISES_AT_REST_S)

    async def _read_cases(self) -> None:
        changed = await self._database.aread(self._keeper.to_read)
        for start in range(0, len(changed), CASES_AT_ONCE):
            batch = changed[start : start + CASES_AT_ONCE]
            try:
                await self._database.awrite(self._keeper.read_all, batch)
            except Exception:
                log.exception("promises.batch_unreadable")
                for case_id in batch:
                    await self._read_case(case_id)

    async def _read_case(self, case_id: str) -> None:
        try:
            await self._database.awrite(self._keeper.read, case_id)
        except Exception:
            log.exception("promises.case_unreadable", case=case_id)

    async def _tell_customers(self) -> None:
        before = timedelta(minutes=self._promises.tell_before_minutes)
        for late in await self._database.aread(telling.due_to_be_told, before):
            await self._database.awrite(self._keeper.tell_late, late)

    async def watch(self, stopping: asyncio.Event) -> None:
        """Look at new orders."""
        while not stopping.is_set():
            try:
                await asyncio.to_thread(self._watch.round)
            except Exception:
                log.exception("watch.round_failed")
            await _pause(stopping, WATCH_S)

    async def alarm(self, stopping: asyncio.Event) -> None:
        """Look whether something at the desk is amiss."""
        missed, reckoned_at = dict[str, int](), float("-inf")
        while not stopping.is_set():
            try:
                if time.monotonic() - reckoned_at >= GOALS_S:  # what is of days changes slowly
                    missed, reckoned_at = await self._missed_goals(), time.monotonic()
                elsewhere = Elsewhere(callbacks.late, _model_failed, missed, self._mailbox)
                await self._database.awrite(alerts.look, self._rules, self._zone, elsewhere)
            except Exception:
                log.exception("alerts.round_failed")
            await _pause(stopping, self._alert_s)

    async def _missed_goals(self) -> dict[str, int]:
        house = await self._database.aread(goals.missed, self._zone, self._reports)
        return house | await self._database.aread(goals.missed_in_parts, self._zone, self._reports)

    async def live(self, stopping: asyncio.Event) -> None:
        """Note that this process is at work (QLT-009)."""
        spell = new_id("run")
        while not stopping.is_set():
            try:
                spell = await self._database.awrite(uptime.beat, spell)
            except Exception:
                log.exception("uptime.beat_failed")
            await _pause(stopping, uptime.BEAT_S)

    async def forget(self, stopping: asyncio.Event) -> None:
        """Copies and erasures that were asked for; once a day, what is older than it may be."""
        with self._database.stream.waiter("privacy") as bell:
            while not stopping.is_set():
                try:
                    await asyncio.to_thread(self._privacy.round)
                except Exception:
                    log.exception("privacy.round_failed")
                await bell.wait(PRIVACY_S)

    async def learn(self, stopping: asyncio.Event) -> None:
        """Collect what the assistant did not understand, for people to label."""
        while not stopping.is_set():
            try:
                await asyncio.to_thread(self._collector.round)
            except Exception:
                log.exception("learning.round_failed")
            await _pause(stopping, LEARN_S)


class Vigil:
    """Who waits for whom in chats with people, and how the house's own parts do."""

    def __init__(self, database: Database, settings: Settings, watchman: Watchman) -> None:
        self._database = database
        self._manners = attending.Manners.of(settings)
        self._watchman = watchman

    async def attend(self, stopping: asyncio.Event) -> None:
        """Tell of answers that take long; call customers who have gone, and keep their places for a while."""
        while not stopping.is_set():
            try:
                await self._database.awrite(attending.look_round, self._manners)
            except Exception:
                log.exception("attending.round_failed")
            await _pause(stopping, ATTEND_S)

    async def look(self, stopping: asyncio.Event) -> None:
        """Chat, assistant, mail and the shop's connection; how many enquiries come in."""
        while not stopping.is_set():
            try:
                await asyncio.to_thread(self._watchman.round)
            except Exception:
                log.exception("conditions.round_failed")
            await _pause(stopping, LOOK_S)


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
        privacy: PrivacyDesk,
        calls: CallDesk,
        courier: Courier,
        indexer: Indexer,
        follower: Follower,
        watchman: Watchman,
    ) -> None:
        self._indexer = indexer
        self._follower = follower
        self._vigil = Vigil(database, settings, watchman)
        self._assistant = AssistantLoop(database, assistant, rules=Rules.of(settings))
        self._rounds = Rounds(database, settings, orders, accounts, watch, privacy, calls)
        self._courier = courier
        self._stream = database.stream
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        couriers = [self._courier.run] * COURIERS  # a listener that hangs must not hold up a mailed code
        told = self._rounds
        rounds = (
            told.route,
            told.call_back,
            told.settle,
            told.watch,
            told.learn,
            told.keep_promises,
            told.forget,
            told.alarm,
            told.live,
        )
        steady = (self._assistant.run, self._indexer.run, self._follower.run)
        vigil = (self._vigil.attend, self._vigil.look)
        for work in (*steady, *couriers, *rounds, *vigil):
            self._tasks.append(asyncio.create_task(work(self._stopping)))

    async def stop(self) -> None:
        """Everybody ends what is in hand; who has not within five seconds is cut off."""
        self._stopping.set()
        self._stream.wake_everybody()
        await asyncio.wait(self._tasks, timeout=STOP_S)
        for task in self._tasks:
            task.cancel()


def _model_failed(tx: Transaction) -> int:
    return model_calls.failed_in_a_row(tx, tx.now - MODEL_LATELY)


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return


def _give_to_a_person(tx: Transaction, contact_id: str, error: str, rules: Rules | None) -> None:
    contact = queries.get_for_update(tx, contact_id)
    if contact.owner_kind != "assistant":
        return
    service.append(tx, contact_id, events.TURN_FAILED, {"error": error[:500]}, actor=ASSISTANT)
    try:
        routing.enter(
            tx,
            contact,
            desk_for(tx, contact.topic),
            priority=3,
            reason="assistant_failed",
            actor=ASSISTANT,
            rules=rules,
        )
    except Problem:
        log.warning("assistant.hand_over_failed", contact=contact_id)
