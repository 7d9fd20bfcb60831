"""R-01: kill -9 in the middle of saying things (I1, I2, I3, I8).

Several contacts, two writers each, all at once so that commits are shared. First a clean run counts how often each
fail-point is passed; then a process dies at every name and occurrence. The driver keeps what was acknowledged to it,
says the rest again with the same keys to a new process, and compares.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import insert, select

from madoguchi.cli.dev.torture.ground import Hire, Tell, Tick, Victim, Work, look, scratch_database
from madoguchi.cli.dev.torture.report import Report, check_dense, check_set
from madoguchi.counter.actors import ASSISTANT, Actor
from madoguchi.counter.contacts import events, service
from madoguchi.counter.contacts.model import ledger_entry, webhook
from madoguchi.engine.database import Database
from madoguchi.engine.outbox import outbox

CONTACTS = 4
WORDS = 5


@dataclass(frozen=True)
class Script:
    """What one writer says in one contact, in this order; `start` is the first word that is not acknowledged."""

    visitor: str
    by_assistant: bool
    words: tuple[str, ...]
    start: int = 0


@dataclass(frozen=True)
class Said:
    """An acknowledgement: the server's promise that this text is in this contact at this place."""

    contact_id: str
    seq: int
    text: str


@dataclass(frozen=True)
class Found:
    """An entry as the ledger holds it; `text` is empty for facts that are no message."""

    contact_id: str
    seq: int
    text: str
    errands: int


def run(
    kind: str, server: str, *, count: int, seed: int, tick: Tick = lambda _: None, hire: Hire | None = None
) -> Report:
    """Try `count` crash points. `hire`: the process under torture, the real one unless a test brings its own."""
    report = Report("R-01", kind, seed)
    chance = random.Random(seed)
    with scratch_database(kind, server) as url:
        _listen(url)
        rounds = _Rounds(url, hire or sayer, chance)
        crash_everywhere(report, rounds, count, chance, tick)
    return report


class Rounds(Protocol):
    """What a torture does between two crashes. `exhausted`: fail-points that have run out of occurrences."""

    exhausted: set[str]

    def clean(self, report: Report) -> dict[str, int]: ...

    def crash(self, report: Report, name: str, nth: int, recoveries: list[float]) -> None: ...


def crash_everywhere(report: Report, rounds: Rounds, count: int, chance: random.Random, tick: Tick) -> None:
    """A run without a crash, then `count` crash points, and how fast it was well again."""
    recoveries: list[float] = []
    passed = rounds.clean(report)
    report.extra["points_in_a_run"] = sum(passed.values())
    for name, nth in crash_points(passed, rounds.exhausted, chance):
        if report.crashes >= count:
            break
        rounds.crash(report, name, nth, recoveries)
        report.tried = report.crashes
        tick(report.crashes)
    report.times("recovery", recoveries)


def crash_points(
    passed: Mapping[str, int], exhausted: set[str], chance: random.Random
) -> Iterator[tuple[str, int]]:
    """name × occurrence: all that a clean run `passed`, shuffled; then further ones of each name, as threads pass some
    more often in another run, until it ends clean (the caller adds it to `exhausted`); then all over again.
    """
    while True:
        known = [(name, nth) for name, times in passed.items() for nth in range(1, times + 1)]
        chance.shuffle(known)
        yield from known
        exhausted.clear()
        for further in itertools.count(1):
            if len(exhausted) == len(passed):
                break
            yield from ((name, passed[name] + further) for name in passed if name not in exhausted)


def sayer(url: str) -> Work:
    """The process under torture: one thread per writer over the real `Database` and the real service."""
    database = Database(url)

    def work(scripts: list[Script], tell: Tell) -> None:
        ids = {script.visitor: _open(database, script.visitor) for script in scripts}

        def speak(script: Script) -> None:
            actor = ASSISTANT if script.by_assistant else visitor(script.visitor)
            for place in range(script.start, len(script.words)):
                entry = database.write(
                    service.say,
                    ids[script.visitor],
                    actor=actor,
                    text=script.words[place],
                    client_key=f"key-{place:04d}",
                )
                tell(
                    (
                        script.visitor,
                        script.by_assistant,
                        Said(entry.contact_id, entry.seq, entry.body["text"]),
                    )
                )

        threads = [threading.Thread(target=speak, args=(script,)) for script in scripts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return work


def visitor(name: str) -> Actor:
    return Actor(kind="customer", id=name)


def check_ledger(report: Report, said: Sequence[Said], found: Sequence[Found]) -> None:
    """Everything acknowledged is there once, at the place that was told; places are dense; each has one errand."""
    spoken = [entry for entry in found if entry.text]
    report.acknowledged += len(said)
    check_set(report, [each.text for each in said], [entry.text for entry in spoken])
    sequences: dict[str, list[int]] = {}
    for entry in found:
        sequences.setdefault(entry.contact_id, []).append(entry.seq)
        if entry.errands != 1:
            report.note_illegal(f"{entry.errands} errands for {entry.contact_id}/{entry.seq}")
    check_dense(report, sequences)
    place = {entry.text: (entry.contact_id, entry.seq) for entry in spoken}
    for each in said:
        if place.get(each.text, (each.contact_id, each.seq)) != (each.contact_id, each.seq):
            report.misordered += 1
            report.note(f"told {each.seq}, is at {place[each.text]}: {each.text}")
    _check_writers(report, spoken)


def _check_writers(report: Report, spoken: Sequence[Found]) -> None:
    """What one writer says one after another stands in that order."""
    last: dict[str, str] = {}
    for entry in sorted(spoken, key=lambda each: (each.contact_id, each.seq)):
        writer, _, _number = entry.text.rpartition("/")
        if last.get(writer, "") >= entry.text:
            report.misordered += 1
            report.note(f"after {last[writer]}: {entry.text}")
        last[writer] = entry.text


class _Rounds:
    """One crash after another, each with contacts of its own in the same database."""

    def __init__(self, url: str, hire: Hire, chance: random.Random) -> None:
        self._url = url
        self._hire = hire
        self._chance = chance
        self._number = 0
        self.exhausted: set[str] = set()

    def clean(self, report: Report) -> dict[str, int]:
        """A run without a crash: which fail-points are passed, and how often."""
        victim = Victim(self._hire, self._url)
        scripts = self._scripts()
        told = victim.ask(scripts)
        victim.dismiss()
        self._compare(report, scripts, told.answers)
        if told.passed is None:
            raise RuntimeError("died without a plan")
        return told.passed

    def crash(self, report: Report, name: str, nth: int, recoveries: list[float]) -> None:
        scripts = self._scripts()
        victim = Victim(self._hire, self._url, f"{name}:{nth}:kill")
        told = victim.ask(scripts)
        answers = told.answers
        if not told.died:
            victim.dismiss()
            self.exhausted.add(name)
        else:
            report.crashes += 1
            began = time.monotonic()
            heir = Victim(self._hire, self._url)
            again = heir.ask(_rest(scripts, answers))
            recoveries.append(time.monotonic() - began)
            heir.dismiss()
            answers = answers + again.answers
        self._compare(report, scripts, answers)

    def _scripts(self) -> list[Script]:
        self._number += 1
        scripts = []
        for number in range(CONTACTS):
            name = f"vis_{self._number:05d}_{number}"
            for by_assistant in (False, True):
                head = f"{name}/{'assistant' if by_assistant else 'customer'}"
                length = self._chance.randint(WORDS - 2, WORDS + 2)
                words = tuple(f"{head}/{place:04d}" for place in range(length))
                scripts.append(Script(name, by_assistant, words))
        return scripts

    def _compare(self, report: Report, scripts: list[Script], answers: list[tuple[str, bool, Said]]) -> None:
        said = [answer[2] for answer in answers]
        wanted = {word for script in scripts for word in script.words}
        report.count("messages", len(wanted))
        if wanted - {each.text for each in said}:
            raise RuntimeError("the driver did not get through; nothing to compare")
        check_ledger(report, said, _ledger(self._url, sorted({each.contact_id for each in said})))


def _rest(scripts: list[Script], answers: list[tuple[str, bool, Said]]) -> list[Script]:
    """Every script from the first word that was not acknowledged on."""
    heard: dict[tuple[str, bool], int] = {}
    for name, by_assistant, _ in answers:
        heard[name, by_assistant] = heard.get((name, by_assistant), 0) + 1
    return [replace(each, start=heard.get((each.visitor, each.by_assistant), 0)) for each in scripts]


def _open(database: Database, name: str) -> str:
    opened = database.write(
        service.open_contact, actor=visitor(name), channel="chat", language="ja", client_key="opening-key"
    )
    return opened.id


def _listen(url: str) -> None:
    """Somebody listens to every public fact, so that each must have its errand in the same commit (I8)."""
    with look(url) as connection:
        connection.execute(
            insert(webhook).values(
                id="whk_torture",
                url="https://hooks.shop.example/",
                kinds=[],
                active=True,
                created_by="torture",
                created_at=datetime.now(UTC),
            )
        )
        connection.commit()


def _ledger(url: str, contact_ids: list[str]) -> list[Found]:
    with look(url) as connection:
        rows = connection.execute(
            select(ledger_entry)
            .where(ledger_entry.c.contact_id.in_(contact_ids))
            .order_by(ledger_entry.c.contact_id, ledger_entry.c.seq)
        ).all()
        lanes = [f"webhook/whk_torture/{contact_id}" for contact_id in contact_ids]
        errands: dict[tuple[str, int], int] = {}
        for row in connection.execute(select(outbox.c.payload).where(outbox.c.lane.in_(lanes))):
            place = (row.payload["contact"], row.payload["seq"])
            errands[place] = errands.get(place, 0) + 1
    return [
        Found(
            row.contact_id,
            row.seq,
            str(row.body["text"]) if row.kind == events.MESSAGE else "",
            errands.get((row.contact_id, row.seq), 0),
        )
        for row in rows
    ]
