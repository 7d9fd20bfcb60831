"""How often is too often: moving windows in memory, one keeper per process."""

from __future__ import annotations

import time

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class Limiter:
    """`check` counts one try and tells how long to wait when there were too many (QUE-010)."""

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def check(self, what: str, who: str, count: int, seconds: int) -> int | None:
        """None: allowed and counted. Otherwise whole seconds until the next try can succeed."""
        item = RateLimitItemPerSecond(count, seconds)
        if self._window.hit(item, what, who):
            return None
        return max(1, int(self._window.get_window_stats(item, what, who).reset_time - time.time()) + 1)

    def peek(self, what: str, who: str, count: int, seconds: int) -> bool:
        """Whether another try would be allowed, without counting one."""
        return self._window.test(RateLimitItemPerSecond(count, seconds), what, who)
