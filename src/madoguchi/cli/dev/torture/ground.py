"""The ground that tortures stand on: a scratch database of either kind, and processes that may be killed.

The driver never opens a `Database` itself: processes are forked from it, and a fork must not inherit threads.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection as SqlConnection
from sqlalchemy import NullPool, create_engine

from madoguchi.cli.dev.torture.report import LOCAL_SERVER
from madoguchi.engine import failpoints
from madoguchi.engine.database import Database
from madoguchi.engine.migrations import migrate

FORK = multiprocessing.get_context("fork")
START_TOGETHER_S = 0.004

Tell = Callable[[Any], None]
Work = Callable[[Any, Tell], None]  # one request; answers are told one by one
Hire = Callable[[str], Work]  # called once in the new process, with the database's URL
Tick = Callable[[int], None]


@contextlib.contextmanager
def scratch_database(kind: str, server: str = LOCAL_SERVER) -> Iterator[str]:
    """The URL of a migrated, empty database: `sqlite` in a temporary folder, or `postgresql` on `server`."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="madoguchi-torture-") as folder:
            url = f"sqlite:///{Path(folder) / 'torture.db'}"
            in_child(_migrate, url)
            yield url
        return
    name = f"madoguchi_torture_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = server.rsplit("/", 1)[0] + f"/{name}"
    try:
        in_child(_migrate, url)
        yield url
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextlib.contextmanager
def look(url: str) -> Iterator[SqlConnection]:
    """A plain connection for the checkers, without threads and gone at the end of the block."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@dataclass(frozen=True)
class Told:
    """What a process said to one request; `passed` (fail-point → times) is None when it died before the end."""

    answers: list[Any]
    passed: dict[str, int] | None

    @property
    def died(self) -> bool:
        return self.passed is None


class Victim:
    """A process that works on requests until it is killed by its own fail-point, or dismissed."""

    def __init__(self, hire: Hire, url: str, plan: str | None = None) -> None:
        self._ours, theirs = FORK.Pipe()
        self._process = FORK.Process(target=_live, args=(hire, url, plan, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def send(self, request: Any) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._ours.send(request)

    def hear(self) -> Told:
        """Everything that is told until the request is done, or the process dies. Raises RuntimeError for its error."""
        answers: list[Any] = []
        while True:
            try:
                kind, value = self._ours.recv()
            except (EOFError, ConnectionResetError):
                self._bury()
                return Told(answers, None)
            if kind == "end":
                return Told(answers, value)
            if kind == "error":
                raise RuntimeError(value)
            answers.append(value)

    def ask(self, request: Any) -> Told:
        self.send(request)
        return self.hear()

    def dismiss(self) -> None:
        self.send(None)
        self._process.join(10)
        self._process.kill()
        self._process.join()
        self._ours.close()

    def _bury(self) -> None:
        self._process.join(20)
        self._ours.close()
        if self._process.exitcode != -signal.SIGKILL:
            raise RuntimeError(f"the victim ended by itself: {self._process.exitcode}")


class Crew:
    """Several processes over one database, for contests: each gets its share of the deeds at one instant."""

    def __init__(self, hire: Hire, url: str, size: int = 2) -> None:
        self._members = [Victim(hire, url) for _ in range(size)]

    def alone(self, *deeds: Any) -> list[Any]:
        """One member does these, one after another."""
        return [self._result(self._members[0].ask((0.0, [deed]))) for deed in deeds]

    def together(self, deeds: Sequence[Any]) -> list[Any]:
        """Everybody at once; the results in the order of the deeds."""
        start = time.monotonic() + START_TOGETHER_S
        shares = [list(deeds[place :: len(self._members)]) for place in range(len(self._members))]
        for member, share in zip(self._members, shares, strict=True):
            member.send((start, share))
        told = [self._results(member.hear()) for member in self._members]
        return [told[place % len(told)][place // len(told)] for place in range(len(deeds))]

    def dismiss(self) -> None:
        for member in self._members:
            member.dismiss()

    def _results(self, told: Told) -> list[Any]:
        if told.died:
            raise RuntimeError("a member of the crew died")
        return [value for _, value in sorted(told.answers, key=lambda answer: answer[0])]

    def _result(self, told: Told) -> Any:
        return self._results(told)[0]


@contextlib.contextmanager
def crew(hire: Hire, url: str, size: int = 2) -> Iterator[Crew]:
    hired = Crew(hire, url, size)
    try:
        yield hired
    finally:
        hired.dismiss()


def at_once(do: Callable[[Any], Any]) -> Work:
    """The work of a crew's member: every deed in a thread of its own, all let go at the moment agreed on."""
    pool = ThreadPoolExecutor(64)

    def work(request: Any, tell: Tell) -> None:
        start, deeds = request

        def run(place: int) -> None:
            time.sleep(max(0.0, start - time.monotonic()))
            tell((place, do(deeds[place])))

        for future in [pool.submit(run, place) for place in range(len(deeds))]:
            future.result()

    return work


def in_child(work: Callable[..., Any], *args: Any) -> Any:
    """Run `work` in a process of its own and return its value."""

    def hire(_: str) -> Work:
        return lambda request, tell: tell(work(*request))

    victim = Victim(hire, "")
    told = victim.ask(args)
    victim.dismiss()
    return told.answers[0]


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()


def _live(hire: Hire, url: str, plan: str | None, pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    turn = threading.Lock()

    def tell(answer: Any) -> None:
        with turn:
            pipe.send(("told", answer))

    try:
        work = hire(url)
        failpoints.arm(plan or "nowhere:0:kill")
        while (request := pipe.recv()) is not None:
            work(request, tell)
            pipe.send(("end", failpoints.passed()))
    except (EOFError, BrokenPipeError):
        pass
    except BaseException as error:
        pipe.send(("error", repr(error)))
    os._exit(0)
