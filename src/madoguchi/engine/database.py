"""One database, two kinds: an SQLite file with a single writer and group commit, or PostgreSQL.

Domain code is plain functions that take a `Transaction`. `Database.write(fn, …)` runs `fn(tx, …)` in one
transaction and returns only after a durable commit; `read` runs it in a read transaction. `awrite` and `aread`
are the same for the event loop. Nothing may call out of the house inside a transaction: see `outside`.

SQLite: every write of the process goes through one thread and one connection (`BEGIN IMMEDIATE`,
`synchronous=FULL`); writes that arrive while another commits share the next commit, each in its own savepoint.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import queue
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, Executable, create_engine, event
from sqlalchemy.engine import CursorResult, Row
from sqlalchemy.exc import DBAPIError

from madoguchi.engine.failpoints import failpoint
from madoguchi.engine.notifying import PostgresListener, PostgresNotifier
from madoguchi.engine.stream import Stream
from madoguchi.kit.clock import Clock, system_clock

P = ParamSpec("P")
T = TypeVar("T")

_inside = threading.local()
_SHARED_COMMIT = 64
_WRITERS = 8
_RETRIES = 6
# Serialization failure, deadlock, and a unique key that somebody has just taken: look again, and find what they wrote.
_RETRY_CODES = {"40001", "40P01", "23505"}


class CalledOutInsideTransaction(RuntimeError):
    """A call that leaves the house was about to happen while a transaction was open."""


def outside() -> None:
    """Assert that no transaction is open in this thread. Connectors, mail and webhooks call this first."""
    if getattr(_inside, "open", False):
        raise CalledOutInsideTransaction("no call to the outside inside a transaction")


class Transaction:
    """An open transaction. Services change rows and append facts through it; they never commit."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self.now: datetime = clock()
        self.wakes: set[str] = set()
        self._paramstyle_is_qmark = self.dialect == "sqlite"

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        return self.connection.execute(statement, parameters)

    def first(self, statement: Executable) -> Row[Any] | None:
        return self.connection.execute(statement).first()

    def all(self, statement: Executable) -> Sequence[Row[Any]]:
        return self.connection.execute(statement).all()

    def scalar(self, statement: Executable) -> Any:
        return self.connection.execute(statement).scalar()

    def driver(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        """Hand-written SQL with `?` places, straight through the driver: the ledger's hot path. Returns the cursor."""
        cursor = self.connection.connection.cursor()
        cursor.execute(sql if self._paramstyle_is_qmark else sql.replace("?", "%s"), parameters)
        return cursor

    def lock(self, *name: str) -> None:
        """Hold a named lock until the end of the transaction; on SQLite the single writer already is one."""
        if self.dialect == "postgresql":
            self.driver("SELECT pg_advisory_xact_lock(?)", (zlib.crc32("/".join(name).encode()),)).close()

    def wake(self, *topics: str) -> None:
        """Ring these topics after the commit."""
        self.wakes.update(topics)


@dataclass
class _Job:
    run: Callable[[Transaction], Any]
    future: Future[Any] = field(default_factory=Future)
    wakes: set[str] = field(default_factory=set)
    result: Any = None
    error: BaseException | None = None


class Database:
    """The house's memory. `url`: `sqlite:///path/to/file.db` or `postgresql://…`."""

    def __init__(
        self,
        url: str,
        *,
        clock: Clock = system_clock,
        stream: Stream | None = None,
        synchronous: str = "FULL",
        key: str = "",
    ) -> None:
        """`key`: 64 hexadecimal digits, for an SQLite file that is encrypted."""
        self.url = url
        self.clock = clock
        self.stream = stream or Stream()
        self.synchronous = synchronous
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _make_engine(url, synchronous, key)
        self._readers = ThreadPoolExecutor(6, thread_name_prefix="read")
        self._closed = False
        self._listener: PostgresListener | None = None
        if self.is_sqlite:
            self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
            self._writer = threading.Thread(target=self._write_loop, name="writer", daemon=True)
            self._writer.start()
        else:
            self._writers = ThreadPoolExecutor(_WRITERS, thread_name_prefix="write")
            self._writing = threading.BoundedSemaphore(_WRITERS)
            self._notifier = PostgresNotifier(url)

    # ── the four verbs ────────────────────────────────────────────────────────────────────────────

    def write(self, fn: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `fn(tx, …)` in one transaction; returns its value after a durable commit, or raises its error."""
        outside()
        if self.is_sqlite:
            result: T = self._submit(lambda tx: fn(tx, *args, **kwargs)).result()
            return result
        if self._closed:
            raise RuntimeError("the database is closed")
        written: T = self._write_postgres(lambda tx: fn(tx, *args, **kwargs))
        return written

    async def awrite(
        self, fn: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        result: T = await asyncio.wrap_future(self._submit(lambda tx: fn(tx, *args, **kwargs)))
        return result

    def read(self, fn: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `fn(tx, …)` on one snapshot; whatever it writes is rolled back."""
        with self._snapshot() as tx:
            return fn(tx, *args, **kwargs)

    async def aread(
        self, fn: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self.read(fn, *args, **kwargs))

    def scrub(self, tables: Sequence[str] = ()) -> bool:
        """After an erasure: let go of old copies of rows in these tables. False: readers still need some; try again.

        SQLite overwrites what it deletes; old pages stand in the write-ahead log until it begins anew. PostgreSQL
        keeps old rows until they are vacuumed.
        """
        outside()
        with self.engine.connect() as connection:
            if self.is_sqlite:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
                return not busy
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in tables:
                alone.exec_driver_sql(f'VACUUM "{table}"')
        return True

    def close(self) -> None:
        """Finish what was handed in, then let go of every connection."""
        if self._closed:
            return
        self._closed = True
        if self._listener:
            self._listener.stop()
        if self.is_sqlite:
            self._jobs.put(None)
            self._writer.join()
        else:
            self._writers.shutdown(wait=True)
            self._notifier.stop()
        self._readers.shutdown(wait=True)
        self.engine.dispose()

    def listen(self) -> None:
        """Hear the wake-ups of other processes (PostgreSQL); on SQLite there is only this process."""
        if not self.is_sqlite and self._listener is None:
            self._listener = PostgresListener(self.url, self.stream)

    def tell_others(self, topics: Iterable[str]) -> None:
        """Ring these topics in all other processes, with nothing written: for what may be lost (PostgreSQL)."""
        if not self.is_sqlite and not self._closed:
            self._notifier.tell(set(topics))

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _submit(self, run: Callable[[Transaction], Any]) -> Future[Any]:
        if self._closed:
            raise RuntimeError("the database is closed")
        if self.is_sqlite:
            job = _Job(run)
            self._jobs.put(job)
            return job.future
        return self._writers.submit(self._write_postgres, run)

    @contextlib.contextmanager
    def _snapshot(self) -> Iterator[Transaction]:
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            before, _inside.open = getattr(_inside, "open", False), True
            try:
                yield Transaction(connection, self.clock)
            finally:
                _inside.open = before
                if self.is_sqlite:
                    connection.exec_driver_sql("ROLLBACK")
                else:
                    connection.rollback()

    def _write_loop(self) -> None:
        connection: Connection | None = None
        while (first := self._jobs.get()) is not None:
            batch = [first]
            stop = False
            while len(batch) < _SHARED_COMMIT:
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if job is None:
                    stop = True
                    break
                batch.append(job)
            # From here on nobody can take a job back: whoever stops waiting only misses the answer.
            wanted = [job for job in batch if job.future.set_running_or_notify_cancel()]
            if wanted:
                connection = self._write_where_possible(connection, wanted)
            if stop:
                break
        if connection is not None:
            connection.close()

    def _write_where_possible(self, connection: Connection | None, batch: list[_Job]) -> Connection | None:
        """A file that can't be opened (no folder, no right, a full disk) fails these jobs; the next ones try again."""
        try:
            connection = connection or self.engine.connect()
        except Exception as error:
            for job in batch:
                job.future.set_exception(error)
        else:
            self._write_batch(connection, batch)
        return connection

    def _write_batch(self, connection: Connection, batch: list[_Job]) -> None:
        cursor = connection.connection.cursor()
        try:
            cursor.execute("BEGIN IMMEDIATE")
            for job in batch:
                self._run_in_savepoint(connection, cursor, job)
            failpoint("database.before_commit")
            cursor.execute("COMMIT")
            failpoint("database.after_commit")
        except BaseException as error:
            with contextlib.suppress(Exception):
                cursor.execute("ROLLBACK")
            for job in batch:
                job.future.set_exception(error)
            return
        finally:
            cursor.close()
        for job in batch:
            if job.error is not None:
                job.future.set_exception(job.error)
            else:
                self.stream.wake(job.wakes)
                job.future.set_result(job.result)

    def _run_in_savepoint(self, connection: Connection, cursor: Any, job: _Job) -> None:
        cursor.execute("SAVEPOINT job")
        tx = Transaction(connection, self.clock)
        _inside.open = True
        try:
            job.result = job.run(tx)
            job.wakes = tx.wakes
        except BaseException as error:
            job.error = error
            cursor.execute("ROLLBACK TO job")
        finally:
            _inside.open = False
        cursor.execute("RELEASE job")

    def _write_postgres(self, run: Callable[[Transaction], Any]) -> Any:
        for attempt in range(_RETRIES):
            try:
                return self._write_postgres_once(run)
            except DBAPIError as error:
                code = getattr(error.orig, "sqlstate", None)
                if code not in _RETRY_CODES or attempt == _RETRIES - 1:
                    raise
        raise AssertionError("unreachable")

    def _write_postgres_once(self, run: Callable[[Transaction], Any]) -> Any:
        with self._writing, self.engine.connect() as connection:
            transaction = connection.begin()
            _inside.open = True
            try:
                tx = Transaction(connection, self.clock)
                result = run(tx)
                failpoint("database.before_commit")
                transaction.commit()
                failpoint("database.after_commit")
            except BaseException:
                transaction.rollback()
                raise
            finally:
                _inside.open = False
        self.stream.wake(tx.wakes)
        self._notifier.tell(tx.wakes)
        return result


def _make_engine(url: str, synchronous: str, key: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=16, max_overflow=4
        )
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": 60, "check_same_thread": False, "cached_statements": 512},
        pool_size=8,
        max_overflow=24,
        **({"module": importlib.import_module("sqlcipher3.dbapi2")} if key else {}),
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        if key:
            cursor.execute(f"PRAGMA key = \"x'{key}'\"")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten with zeroes (PRIV-005)
        cursor.execute("PRAGMA busy_timeout=60000")
        cursor.execute("PRAGMA cache_size=-16000")
        cursor.close()

    return engine
