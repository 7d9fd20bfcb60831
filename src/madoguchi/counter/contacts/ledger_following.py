"""What follows the ledger keeps something of its own up to date with it: at wake-ups within moments, and by comparing for what they missed.

A ledger append does nothing for those who follow. How far they are stands in the database, with what they made, so that
a process killed at any instant goes on where it was; here is only what was woken and what cannot be read.
"""

from __future__ import annotations

import asyncio
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import ClassVar

import structlog

from madoguchi.engine.database import Database, Transaction

log = structlog.get_logger()
AT_ONCE = 500  # contacts looked for in one reading
_TOPIC = "contact:"

Missing = Callable[[Transaction, int], Sequence[str]]  # at most so many contacts that are not taken in yet


class LedgerFollower(ABC):
    """Any number of processes may follow for the same purpose; one writes at a time."""

    what: ClassVar[str]  # what is kept up to date, in the log
    together: ClassVar[int]  # contacts in one transaction
    pause_s: ClassVar[float]  # several words said at once are taken in together
    look_s: ClassVar[float]  # so long without a wake-up
    compare_s: ClassVar[float]

    def __init__(self, database: Database) -> None:
        self._database = database
        self._woken: set[str] = set()
        self._lock = threading.Lock()
        self._unreadable: set[str] = set()  # until the next start
        self._over = False

    @abstractmethod
    def catch_up(self) -> int:
        """Take in everything that is missing; returns how many contacts were."""

    @abstractmethod
    def _take(self, contact_ids: Sequence[str]) -> Collection[str]:
        """Take in this batch; returns those of which nothing can be. May raise: then each is tried alone."""

    def _in_time(self) -> None:
        """What time alone brings, after each round."""
        return

    async def run(self, stopping: asyncio.Event) -> None:
        """Until `stopping` is set."""
        ending = asyncio.create_task(self._end(stopping))
        compared_at = float("-inf")
        with self._database.stream.waiter("inbox") as bell, self._database.stream.overheard(self._hear):
            while not stopping.is_set():
                try:
                    if time.monotonic() - compared_at >= self.compare_s:
                        await asyncio.to_thread(self.catch_up)
                        compared_at = time.monotonic()
                    await asyncio.to_thread(self.take_in, self._taken())
                    await asyncio.to_thread(self._in_time)
                except Exception:
                    log.exception("following.round_failed", what=self.what)
                await asyncio.sleep(self.pause_s)
                await bell.wait(self.look_s)
        await ending

    def take_in(self, contact_ids: Collection[str]) -> None:
        """These contacts in batches; one that cannot be taken in keeps nobody else out."""
        for batch in _batches(sorted(contact_ids), self.together):
            if self._over:
                return
            try:
                self._unreadable |= set(self._take(batch))
            except Exception:
                for contact_id in batch:
                    self._take_alone(contact_id)

    def _take_all(self, missing: Missing) -> int:
        """Everything that is missing by this reading, but for what cannot be read; returns how many contacts were."""
        done = 0
        while not self._over:
            found = self._database.read(missing, AT_ONCE + len(self._unreadable))
            left = [contact_id for contact_id in found if contact_id not in self._unreadable]
            if not left:
                break
            self.take_in(left)
            done += len(left)
        return done

    def _take_alone(self, contact_id: str) -> None:
        try:
            self._unreadable |= set(self._take([contact_id]))
        except Exception:
            self._unreadable.add(contact_id)
            log.exception("following.contact_unreadable", what=self.what, contact=contact_id)

    async def _end(self, stopping: asyncio.Event) -> None:
        """A long catching up ends with the process, after the batch in hand."""
        await stopping.wait()
        self._over = True

    def _hear(self, topic: str) -> None:
        if topic.startswith(_TOPIC):
            with self._lock:
                self._woken.add(topic.removeprefix(_TOPIC))

    def _taken(self) -> set[str]:
        with self._lock:
            woken, self._woken = self._woken, set()
        return woken


def _batches(contact_ids: Sequence[str], together: int) -> Iterator[Sequence[str]]:
    for begin in range(0, len(contact_ids), together):
        yield contact_ids[begin : begin + together]
