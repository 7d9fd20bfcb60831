"""How often one person, and one network address, may begin a chat; trying on makes the wait longer (QUE-010).

Only beginnings are counted: what is said in a chat that is open is not limited here, and asking for the same chat once
more is no beginning. Kept in memory, one keeper per process.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from madoguchi.counter.problems import TooMany
from madoguchi.engine.sections import Limits
from madoguchi.kit.clock import Clock

WINDOW = timedelta(hours=1)
LONGEST = timedelta(hours=6)
_MOST_KEPT = 10_000


@dataclass
class _Record:
    """When somebody began chats within the window, and until when they may begin no other."""

    begun: deque[datetime] = field(default_factory=deque)
    until: datetime | None = None

    def idle(self, now: datetime) -> bool:
        return (self.until is None or self.until <= now) and (
            not self.begun or self.begun[-1] <= now - WINDOW
        )


class Starts:
    """`admit` counts one beginning, or refuses it and says how long to wait."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._records: dict[str, _Record] = {}
        self._lock = threading.Lock()

    def admit(self, person: str, address: str = "") -> None:
        """Raises TooMany("too_many_chats") with `retry_after` in seconds."""
        now = self._clock()
        allowed = {f"person/{person}": self._limits.contacts_per_hour}
        if address:
            allowed[f"address/{address}"] = self._limits.contacts_per_address
        with self._lock:
            self._forget(now)
            waits = [wait for key, most in allowed.items() if (wait := self._wait(key, most, now))]
            if not waits:
                for key in allowed:
                    self._records.setdefault(key, _Record()).begun.append(now)
                return
        raise TooMany("too_many_chats", retry_after=math.ceil(max(waits).total_seconds()))

    def _wait(self, key: str, most: int, now: datetime) -> timedelta | None:
        """None: one more may begin. Else how long until then, longer with each try."""
        record = self._records.get(key)
        if record is None:
            return None
        while record.begun and record.begun[0] <= now - WINDOW:
            record.begun.popleft()
        if record.until is not None and record.until > now:
            longer = record.until + timedelta(seconds=self._limits.contacts_extra_seconds)
            record.until = min(longer, max(record.until, now + LONGEST))
        elif len(record.begun) >= most:
            record.until = record.begun[0] + WINDOW
        else:
            record.until = None
            return None
        return record.until - now

    def _forget(self, now: datetime) -> None:
        if len(self._records) > _MOST_KEPT:
            self._records = {key: kept for key, kept in self._records.items() if not kept.idle(now)}
