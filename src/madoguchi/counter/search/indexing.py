"""The index follows the ledger: at wake-ups within a moment, and by comparing the two for whatever a wake-up missed (HIS-004).

A ledger append does nothing for it. What is indexed is noted with the rows themselves, so that a process killed at any
instant goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence

import structlog

from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.ledger_following import LedgerFollower
from madoguchi.counter.search import service
from madoguchi.engine.database import Database
from madoguchi.engine.failpoints import failpoint

log = structlog.get_logger()
Tracking = Callable[[str], Sequence[str]]  # order number → its tracking numbers; may call out

SCRUB_EVERY_S = 600.0
_MERGE_PAGES = 200


class Indexer(LedgerFollower):
    """Keeps the index up to date; any number of processes may, one works at a time."""

    what = "search"
    together = 20
    pause_s = 0.5
    look_s = 3.0
    compare_s = 30.0

    def __init__(self, database: Database, tracking: Tracking = lambda _: ()) -> None:
        super().__init__(database)
        self._tracking = tracking
        self._scrubbed_at = time.monotonic()

    def catch_up(self) -> int:
        """Bring in everything that is missing; returns how many contacts were. An index of another version is made anew."""
        if self._database.read(service.is_outdated):
            self._database.write(service.clear)
        return self._take_all(service.due)

    def _take(self, contact_ids: Sequence[str]) -> Collection[str]:
        """A long contact comes in by parts, each in a transaction of its own."""
        numbers = {contact_id: self._numbers(contact_id) for contact_id in contact_ids}
        while numbers:
            left = self._database.write(service.index, numbers)
            failpoint("search.between_parts")
            numbers = {contact_id: numbers[contact_id] for contact_id in left}
        return ()

    def _in_time(self) -> None:
        if time.monotonic() - self._scrubbed_at >= SCRUB_EVERY_S:
            self._scrubbed_at = time.monotonic()
            scrub(self._database)

    def _numbers(self, contact_id: str) -> Sequence[str]:
        seen = self._database.read(queries.find, contact_id)
        if seen is None or not seen.order_number:
            return ()
        try:
            return self._tracking(seen.order_number)
        except Exception as error:  # the shop does not answer: the words come in without its numbers
            log.warning("search.no_tracking_numbers", order=seen.order_number, error=repr(error))
            return ()


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
