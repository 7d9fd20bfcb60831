"""The index follows the ledger: at wake-ups within a moment, and by comparing the two for whatever a wake-up missed (HIS-004).

A ledger append does nothing for it. What is indexed is noted with the rows themselves, so that a process killed at any
instant goes on where it was.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import structlog

from madoguchi.counter.contacts import queries
from madoguchi.counter.search import service
from madoguchi.engine.database import Database
from madoguchi.engine.failpoints import failpoint

log = structlog.get_logger()
Tracking = Callable[[str], Sequence[str]]  # order number → its tracking numbers; may call out

SWEEP_S = 30.0
PAUSE_S = 0.5  # several words said at once are taken in together
SCRUB_EVERY_S = 600.0
_BATCH = 500
_TOGETHER = 20  # contacts in one transaction
_MERGE_PAGES = 200
_TOPIC = "contact:"


class Indexer:
    """Keeps the index up to date; any number of processes may, one works at a time."""

    def __init__(self, database: Database, tracking: Tracking = lambda _: ()) -> None:
        self._database = database
        self._tracking = tracking
        self._woken: set[str] = set()
        self._lock = threading.Lock()
        self._scrubbed_at = time.monotonic()
        self._unreadable: set[str] = set()  # until the next start
        self._over = False

    async def run(self, stopping: asyncio.Event) -> None:
        """Until `stopping` is set."""
        ending = asyncio.create_task(self._end(stopping))
        swept_at = float("-inf")
        with self._database.stream.waiter("inbox") as bell, self._database.stream.overheard(self._hear):
            while not stopping.is_set():
                try:
                    if time.monotonic() - swept_at >= SWEEP_S:
                        await asyncio.to_thread(self.catch_up)
                        swept_at = time.monotonic()
                    await asyncio.to_thread(self.take_in, self._taken())
                    await asyncio.to_thread(self._scrub_in_time)
                except Exception:
                    log.exception("search.indexing_failed")
                await asyncio.sleep(PAUSE_S)
                await bell.wait(SWEEP_S / 10)
        await ending

    async def _end(self, stopping: asyncio.Event) -> None:
        """A long catching up ends with the process, after the batch in hand."""
        await stopping.wait()
        self._over = True

    def catch_up(self) -> int:
        """Bring in everything that is missing; returns how many contacts were. An index of another version is made anew."""
        if self._database.read(service.is_outdated):
            self._database.write(service.clear)
        done = 0
        while not self._over:
            found = self._database.read(service.due, _BATCH + len(self._unreadable))
            missing = [contact_id for contact_id in found if contact_id not in self._unreadable]
            if not missing:
                break
            self.take_in(missing)
            done += len(missing)
        return done

    def take_in(self, contact_ids: Sequence[str]) -> None:
        """Some contacts in one transaction; one that cannot be taken in keeps nobody else out."""
        for batch in _batches(contact_ids):
            if self._over:
                return
            try:
                self._index(batch)
            except Exception:
                for contact_id in batch:
                    self._index_alone(contact_id)

    def _index(self, contact_ids: Sequence[str]) -> None:
        numbers = {contact_id: self._numbers(contact_id) for contact_id in contact_ids}
        while numbers:
            left = self._database.write(service.index, numbers)
            failpoint("search.between_parts")
            numbers = {contact_id: numbers[contact_id] for contact_id in left}

    def _index_alone(self, contact_id: str) -> None:
        try:
            self._index([contact_id])
        except Exception:
            self._unreadable.add(contact_id)
            log.exception("search.contact_not_indexed", contact=contact_id)

    def _numbers(self, contact_id: str) -> Sequence[str]:
        seen = self._database.read(queries.find, contact_id)
        if seen is None or not seen.order_number:
            return ()
        try:
            return self._tracking(seen.order_number)
        except Exception as error:  # the shop does not answer: the words come in without its numbers
            log.warning("search.no_tracking_numbers", order=seen.order_number, error=repr(error))
            return ()

    def _hear(self, topic: str) -> None:
        if topic.startswith(_TOPIC):
            with self._lock:
                self._woken.add(topic.removeprefix(_TOPIC))

    def _taken(self) -> list[str]:
        with self._lock:
            woken, self._woken = self._woken, set()
        return sorted(woken)

    def _scrub_in_time(self) -> None:
        if time.monotonic() - self._scrubbed_at >= SCRUB_EVERY_S:
            self._scrubbed_at = time.monotonic()
            scrub(self._database)


def _batches(contact_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(contact_ids), _TOGETHER):
        yield contact_ids[begin : begin + _TOGETHER]


def scrub(database: Database, pause_s: float = 0.0) -> bool:
    """After erasing, on SQLite: merge the index until no word stands in it that is not in a row; True if there was something.

    FTS5 only notes that a word is gone; its bytes go when the part in which it stands is merged. In small steps, so that
    nobody who writes waits long.
    """
    if not database.is_sqlite or not database.read(service.needs_scrub):
        return False
    database.write(service.scrub_begins)
    while database.write(service.merge_some, _MERGE_PAGES):
        time.sleep(pause_s)
    database.write(service.scrub_ends)
    return True
