"""Wake-ups: "look again at this topic". They carry no data; a lost one costs latency, never a message.

Topics are short strings such as `contact:con_01…` or `inbox`. Waking is thread-safe and may happen from any
thread; waiting happens in the event loop. Between processes the database carries the topics (PostgreSQL NOTIFY).
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator


class Waiter:
    """One reader's bell over any number of topics. `await waiter.wait(seconds)` → True when one of them rang."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._loop = asyncio.get_running_loop()
        self._bell = asyncio.Event()
        self._topics: set[str] = set()

    def watch(self, *topics: str) -> None:
        for topic in topics:
            self._topics.add(topic)
            self._stream._join(topic, self)

    def unwatch(self, *topics: str) -> None:
        for topic in topics:
            self._topics.discard(topic)
            self._stream._leave(topic, self)

    def ring(self) -> None:
        """Callable from any thread; a closed loop is nobody to wake."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._bell.set)

    async def wait(self, seconds: float | None = None) -> bool:
        try:
            await asyncio.wait_for(self._bell.wait(), seconds)
        except TimeoutError:
            return False
        self._bell.clear()
        return True

    def close(self) -> None:
        self.unwatch(*list(self._topics))


class Stream:
    """The switchboard of one process."""

    def __init__(self) -> None:
        self._waiters: dict[str, set[Waiter]] = defaultdict(set)
        self._lock = threading.Lock()
        self._listeners: list[Callable[[str], None]] = []

    @contextlib.contextmanager
    def waiter(self, *topics: str) -> Iterator[Waiter]:
        """A waiter on `topics`, closed at the end of the block."""
        waiter = Waiter(self)
        waiter.watch(*topics)
        try:
            yield waiter
        finally:
            waiter.close()

    @contextlib.contextmanager
    def overheard(self, listener: Callable[[str], None]) -> Iterator[None]:
        """Tell `listener` every topic that rings, in the thread that rings it, until the end of the block."""
        with self._lock:
            self._listeners = [*self._listeners, listener]
        try:
            yield
        finally:
            with self._lock:
                self._listeners = [other for other in self._listeners if other is not listener]

    def wake(self, topics: Iterable[str]) -> None:
        for topic in topics:
            for listener in self._listeners:
                listener(topic)
            with self._lock:
                waiters = list(self._waiters.get(topic, ()))
            for waiter in waiters:
                waiter.ring()

    def wake_everybody(self) -> None:
        """Ring every bell, whatever it waits for: who stops listens to nobody any more."""
        with self._lock:
            waiters = {waiter for each in self._waiters.values() for waiter in each}
        for waiter in waiters:
            waiter.ring()

    def _join(self, topic: str, waiter: Waiter) -> None:
        with self._lock:
            self._waiters[topic].add(waiter)

    def _leave(self, topic: str, waiter: Waiter) -> None:
        with self._lock:
            self._waiters[topic].discard(waiter)
            if not self._waiters[topic]:
                del self._waiters[topic]
