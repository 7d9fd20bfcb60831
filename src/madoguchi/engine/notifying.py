"""Wake-ups between the processes of one PostgreSQL database: what was committed here is told there, and heard from there."""

from __future__ import annotations

import threading
import time
from typing import Any

from madoguchi.engine.stream import Stream

_PAUSE_S = 0.005


class PostgresNotifier:
    """A thread that tells other processes what was committed, many topics at a time.

    Not within the transaction: a commit with NOTIFY takes a lock of the whole server, so that no two of them can
    share a flush to disk. A crash in between costs other processes one of their regular looks, never a message.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._topics: set[str] = set()
        self._lock = threading.Lock()
        self._bell = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def tell(self, topics: set[str]) -> None:
        if not topics:
            return
        with self._lock:
            self._topics |= topics
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="notify", daemon=True)
                self._thread.start()
        self._bell.set()

    def stop(self) -> None:
        """Tell what is left, then end."""
        self._stopping = True
        self._bell.set()
        if self._thread is not None:
            self._thread.join(timeout=3)

    def _run(self) -> None:
        import psycopg

        while True:
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    self._tell_on(connection)
                return
            except psycopg.Error:
                if self._stopping:
                    return
                time.sleep(0.5)

    def _tell_on(self, connection: Any) -> None:
        while True:
            self._bell.wait()
            self._bell.clear()
            last = self._stopping
            with self._lock:
                topics, self._topics = self._topics, set()
            if topics:
                connection.execute(
                    "SELECT pg_notify('madoguchi', topic) FROM unnest(%s::text[]) AS topic", (sorted(topics),)
                )
            if last:
                return
            time.sleep(_PAUSE_S)


class PostgresListener:
    """A thread that turns NOTIFY of other processes into wake-ups of this one; it reconnects for ever."""

    def __init__(self, url: str, stream: Stream) -> None:
        self._url = url
        self._stream = stream
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listen", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=3)

    def _run(self) -> None:
        import psycopg

        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    connection.execute("LISTEN madoguchi")
                    while not self._stopping.is_set():
                        for note in connection.notifies(timeout=0.5):
                            self._stream.wake([note.payload])
            except psycopg.Error:
                self._stopping.wait(1.0)
