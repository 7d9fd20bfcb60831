"""Mails sent the whole way through a house of their own: taken, read, filed; and what became of each (R-15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import func, select

from madoguchi.channels.mail.inbox import FILE
from madoguchi.channels.mail.model import received_mail
from madoguchi.channels.mail.reading.safely import SECONDS
from madoguchi.counter.cases.model import case_file
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import Courier
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House
from madoguchi.mailroom import MailRoom
from madoguchi.rehearsal.stage import SHOP, stage

MAILBOX = "support@shop.example"


@dataclass(frozen=True)
class Replayed:
    """What became of the mails. `lost`: neither in a contact nor kept apart. Milliseconds for one mail, taken to filed,
    by the clock; `cpu_…` of processor time, ours and the reading process's together (R-15).
    """

    received: int
    doubled: int
    cases: int
    entries: int
    quarantined: int
    lost: int
    slowest_ms: float
    p99_ms: float
    p50_ms: float
    cpu_p50_ms: float
    cpu_p99_ms: float
    cpu_max_ms: float


def replay(paths: Iterable[Path], settings: Settings) -> Replayed:
    """Send every file through a counter that knows the demonstration shop and speaks the languages of `settings`."""
    shop = {**SHOP, "order_number_pattern": settings.shop.order_number_pattern}
    with stage(shop=shop, mail={"mailboxes": [MAILBOX]}) as demo, demo.house() as house:
        return send(house, (path.read_bytes() for path in paths))


def send(house: House, raws: Iterable[bytes]) -> Replayed:
    """Send mails through this house, each taken and filed before the next. What they would bring out is not sent."""
    room = MailRoom(house)
    courier = Courier(house.database, {FILE: room.handlers()[FILE]})
    house.assistant.understand("こんにちは")  # what is made at the first use is not measured
    cases, before = house.database.read(_cases), house.database.read(_states)
    times: list[float] = []
    busy: list[float] = []
    received = 0
    for raw in raws:
        began, used = perf_counter(), _used(room)
        room.inbox.take(raw, mailbox=MAILBOX, recipients=[MAILBOX])
        while courier.deliver_due():
            pass
        times.append((perf_counter() - began) * 1000)
        busy.append(_used_since(room, used) * 1000)
        received += 1
    room.close()
    states = house.database.read(_states) - before
    times.sort()
    busy.sort()
    return Replayed(
        received=received,
        doubled=received - states.total(),
        cases=house.database.read(_cases) - cases,
        entries=states["filed"],
        quarantined=states["quarantined"],
        lost=states["taken"],
        slowest_ms=_share(times, 1.0),
        p99_ms=_share(times, 0.99),
        p50_ms=_share(times, 0.5),
        cpu_p50_ms=_share(busy, 0.5),
        cpu_p99_ms=_share(busy, 0.99),
        cpu_max_ms=_share(busy, 1.0),
    )


def _used(room: MailRoom) -> tuple[float, float]:
    """Processor time of this process and of the one that reads."""
    return process_time(), room.reader.processor_time()


def _used_since(room: MailRoom, before: tuple[float, float]) -> float:
    """A reading process that died began again at nothing; it has used at most what it may."""
    ours, reading = _used(room)
    return ours - before[0] + (reading - before[1] if reading >= before[1] else SECONDS)


def _share(ordered: list[float], share: float) -> float:
    """The value below which this share of them lies; 1: the greatest."""
    return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 1) if ordered else 0.0


def _states(tx: Transaction) -> Counter[str]:
    return Counter(row.state for row in tx.all(select(received_mail.c.state)))


def _cases(tx: Transaction) -> int:
    return int(tx.scalar(select(func.count()).select_from(case_file)))
