"""A circuit breaker: after failures in a row the model is left alone for a while, then tried once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Closed: calls pass. Open: none does. Half-open: one does, and its end decides.

    `clock` gives seconds; it only has to run forward.
    """

    def __init__(self, failures: int, pause_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = failures
        self._pause_s = pause_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._open_until: float | None = None

    def admits(self) -> bool:
        """Whether a call may begin now. Whoever is admitted reports `succeeded` or `failed`."""
        with self._lock:
            if self._open_until is None:
                return True
            if self._clock() < self._open_until:
                return False
            self._open_until = self._clock() + self._pause_s  # the others wait for this one's end
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failed = 0
            self._open_until = None

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._most:
                self._open_until = self._clock() + self._pause_s
