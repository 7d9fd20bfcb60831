"""R-06: live lines are cut, go silent, and lose their server (I3, I4).

Three readers follow one contact on /api/v1/live, each over a wire of ours that breaks after a random number of bytes,
in the middle of frames too, or swallows everything from then on (half open). Now and then the server gets kill -9.
A writer speaks by POST all the while. In the end every reader must have read 1 … n, each once, in this order.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from madoguchi.cli.dev.torture.ground import Tick
from madoguchi.cli.dev.torture.report import Report, check_dense, check_set
from madoguchi.cli.dev.torture.server import Server

READERS = 3
MOST_BYTES = 9_000
SILENT_S = 0.4
PACE_S = 0.004
CUTS_PER_KILL = 60


@dataclass(frozen=True)
class Read:
    """An entry as a reader got it, or as the ledger holds it."""

    seq: int
    text: str


@dataclass
class Talk:
    """The contact that everybody follows.

    `acknowledged`: text → sequence number that the server told the writer; `last`: the highest of them.
    """

    contact_id: str
    token: str
    acknowledged: dict[str, int] = field(default_factory=dict)
    last: int = 1
    quiet: bool = False


def run(kind: str, server: str, *, count: int, seed: int, tick: Tick = lambda _: None) -> Report:
    """Cut `count` times. The server stands on SQLite, as `madoguchi serve` does by itself; `kind` is not used."""
    report = Report("R-06", "sqlite", seed)
    with tempfile.TemporaryDirectory(prefix="madoguchi-torture-") as folder:
        real = Server(Path(folder), "--no-work")
        real.start()
        try:
            asyncio.run(_torture(report, real, count, random.Random(seed), tick))
        finally:
            real.stop()
    return report


def check_reader(report: Report, name: str, got: Sequence[Read], ledger: Sequence[Read]) -> None:
    """The reader has everything in the ledger, once, in its order, word for word."""
    check_set(report, [f"{name} {each}" for each in ledger], [f"{name} {each}" for each in got])
    numbers = [each.seq for each in got]
    if numbers != sorted(numbers):
        report.misordered += 1
        report.note(f"{name} read {numbers[:40]}")
    if set(got) - set(ledger):
        report.note_illegal(
            f"{name} read what is not there: {sorted(each.seq for each in set(got) - set(ledger))}"
        )


async def _torture(report: Report, real: Server, count: int, chance: random.Random, tick: Tick) -> None:
    token = (await asyncio.to_thread(real.post, "/sessions/visitor", {"language": "ja"}))["token"]
    opened = await asyncio.to_thread(
        real.post, "/contacts", {"client_key": "opening-key", "language": "ja"}, token
    )
    talk = Talk(opened["contact"]["id"], token)
    readers = [_Reader(f"reader {place}", real.port, talk, chance) for place in range(READERS)]
    for reader in readers:
        await reader.wire.open()
    following = [asyncio.create_task(reader.follow()) for reader in readers]
    writing = asyncio.create_task(_write(real, talk))
    restarts: list[float] = []
    kills = 0
    while (cuts := sum(reader.wire.cuts for reader in readers)) < count:
        tick(cuts)
        if cuts >= (kills + 1) * CUTS_PER_KILL or (kills == 0 and cuts >= count // 2):
            kills += 1
            restarts.append(await _kill(real, talk))
        for task in (*following, writing):
            if task.done():
                task.result()
        await asyncio.sleep(0.02)
    talk.quiet = True
    await writing
    for reader in readers:
        reader.wire.sound = True
    await asyncio.wait_for(asyncio.gather(*following), 60)
    for reader in readers:
        await reader.wire.close()
    report.tried = sum(reader.wire.cuts for reader in readers)
    report.crashes = kills
    report.count("deliveries", sum(len(reader.got) for reader in readers))
    report.count("half_open", sum(reader.silences for reader in readers))
    report.times("resume", [seconds for reader in readers for seconds in reader.resumes])
    report.times("restart", restarts)
    _compare(report, real, talk, readers)


def _compare(report: Report, real: Server, talk: Talk, readers: Sequence[_Reader]) -> None:
    ledger = _ledger(real.database, talk.contact_id)
    report.acknowledged = len(talk.acknowledged)
    check_dense(report, {talk.contact_id: [each.seq for each in ledger]})
    check_set(
        report,
        [str(Read(seq, text)) for text, seq in talk.acknowledged.items()],
        [str(each) for each in ledger],
    )
    for reader in readers:
        check_reader(report, reader.name, reader.got, ledger)


async def _write(real: Server, talk: Talk) -> None:
    """Say one thing after another; what was not acknowledged is said again with the same key."""
    number = 0
    while not talk.quiet:
        number += 1
        text = f"{number}番目のことば"
        said = {"text": text, "client_key": f"word-{number:08d}"}
        while text not in talk.acknowledged:
            try:
                answer = await asyncio.to_thread(
                    real.post, f"/contacts/{talk.contact_id}/entries", said, talk.token
                )
            except OSError:
                await asyncio.sleep(0.02)
                continue
            talk.acknowledged[text] = talk.last = answer["entry"]["seq"]
        await asyncio.sleep(PACE_S)


async def _kill(real: Server, talk: Talk) -> float:
    """kill -9 and start again; returns the seconds until the writer was answered again."""
    real.kill()
    before, began = talk.last, time.monotonic()
    await asyncio.to_thread(real.start)
    while talk.last == before:
        await asyncio.sleep(0.005)
    return time.monotonic() - began


class _Reader:
    """A screen that wants everything once, in order, over a bad wire."""

    def __init__(self, name: str, port: int, talk: Talk, chance: random.Random) -> None:
        self.name = name
        self.wire = _Wire(port, chance)
        self.got: list[Read] = []
        self.silences = 0
        self.resumes: list[float] = []
        self._talk = talk
        self._cursor = 0

    @property
    def _finished(self) -> bool:
        return self.wire.sound and self._talk.quiet and self._cursor >= self._talk.last

    async def follow(self) -> None:
        while not self._finished:
            began, owed = time.monotonic(), self._talk.last
            try:
                async with connect(
                    f"ws://127.0.0.1:{self.wire.port}/api/v1/live",
                    compression=None,
                    ping_interval=None,
                    open_timeout=2,
                    close_timeout=0.1,
                ) as socket:
                    await self._listen(socket, began, owed)
            except (WebSocketException, OSError, TimeoutError, EOFError):
                await asyncio.sleep(0.01)

    async def _listen(self, socket: ClientConnection, began: float, owed: int) -> None:
        hello = {
            "type": "hello",
            "token": self._talk.token,
            "contacts": {self._talk.contact_id: self._cursor},
        }
        await socket.send(json.dumps(hello))
        asked = False
        while not self._finished:
            try:
                frame = json.loads(await asyncio.wait_for(socket.recv(), SILENT_S))
            except TimeoutError:
                if asked:
                    self.silences += 1
                    socket.transport.abort()
                    raise
                asked = True
                await socket.send('{"type":"ping"}')
                continue
            asked = False
            if frame["type"] != "entries":
                continue
            self.got += [
                Read(each["seq"], each["text"] if each["kind"] == "message" else "")
                for each in frame["entries"]
            ]
            self._cursor = frame["cursor"]
            if began and self._cursor >= owed:
                self.resumes.append(time.monotonic() - began)
                began = 0.0


class _Wire:
    """A TCP proxy that breaks: after a random number of bytes to the client it cuts, or swallows what follows."""

    def __init__(self, target: int, chance: random.Random) -> None:
        self._target = target
        self._chance = chance
        self._tasks: set[asyncio.Task[None]] = set()
        self.sound = False
        self.cuts = 0
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()

    async def _join(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            to_client.transport.abort()
            return
        ends = (to_client, to_server)
        for work in (self._up(client, to_server, ends), self._down(server, to_client, ends)):
            task = asyncio.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _up(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, ends: Sequence[asyncio.StreamWriter]
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65_536):
                sink.write(data)
                await sink.drain()
        _abort(ends)

    async def _down(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, ends: Sequence[asyncio.StreamWriter]
    ) -> None:
        left = self._chance.randint(0, MOST_BYTES)
        swallows = self._chance.random() < 0.1
        with contextlib.suppress(OSError):
            while data := await source.read(65_536):
                if self.sound:
                    left = len(data)
                sink.write(data[:left])
                await sink.drain()
                left -= len(data)
                if left < 0:
                    self.cuts += 1
                    break
        if left >= 0 or not swallows:
            _abort(ends)


def _abort(ends: Sequence[asyncio.StreamWriter]) -> None:
    for end in ends:
        end.transport.abort()


def _ledger(path: Path, contact_id: str) -> list[Read]:
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT seq, CASE kind WHEN 'message' THEN json_extract(body, '$.text') ELSE '' END"
        " FROM ledger_entry WHERE contact_id = ? ORDER BY seq",
        (contact_id,),
    ).fetchall()
    connection.close()
    return [Read(seq, text) for seq, text in rows]
