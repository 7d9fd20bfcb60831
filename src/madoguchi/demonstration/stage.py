"""One transaction that goes through the past: what time it is, and who acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.service import actor_of
from madoguchi.engine.database import Database, Transaction


def moment(now: datetime, zone: ZoneInfo, days: int, hour: int, minute: int = 0) -> datetime:
    """So many days ago at an hour of the shop's clock."""
    day = now.astimezone(zone) - timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


@contextmanager
def as_of(database: Database, at: datetime) -> Iterator[None]:
    """Everything that the database does meanwhile happens then. Only before the house is open."""
    usual = database.clock
    database.clock = lambda: at
    try:
        yield
    finally:
        database.clock = usual


class Scene:
    """A transaction whose clock can be set; it ends in the present."""

    def __init__(self, tx: Transaction, zone: ZoneInfo) -> None:
        self.tx = tx
        self.zone = zone
        self.present = tx.now

    def go_to(self, days: int, hour: int, minute: int = 0) -> None:
        self.tx.now = moment(self.present, self.zone, days, hour, minute)

    def be_at(self, at: datetime) -> None:
        self.tx.now = min(at, self.present)

    def midnight(self, days: int) -> datetime:
        """With which the day began that was so many days ago, in the shop's zone; negative: that is to come."""
        day = self.present.astimezone(self.zone).date() - timedelta(days=days)
        return datetime.combine(day, time(), self.zone)

    def later(self, *, minutes: int = 0, hours: int = 0, days: int = 0) -> None:
        """Never later than the present."""
        wanted = self.tx.now + timedelta(days=days, hours=hours, minutes=minutes)
        self.tx.now = min(wanted, self.present)

    def come_back(self) -> None:
        self.tx.now = self.present

    def staff(self, login: str) -> Actor:
        found = team.by_login(self.tx, login)
        if found is None:
            raise LookupError(f"{login} does not work in the demonstration")
        return actor_of(found)

    def customer(self, ref: str, rung: Rung = Rung.FRESH) -> Actor:
        """A customer of the shop who has signed in."""
        found = customers.get(self.tx, customer_id(ref))
        return Actor(
            kind="customer",
            id=f"demo_{ref.lower()}",
            name=found.name,
            customer_id=found.id,
            rung=rung,
            language=found.language,
        )


def order_of(customer_ref: str, n: int) -> str:
    """The n-th order of a member of the cast; none for 0."""
    return cast.number(customer_ref, n) if n else ""
