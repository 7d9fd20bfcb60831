"""Who comes back with one matter again and again should not start anew: the best way on, from what happened before (BOT-016). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from madoguchi.counter.contacts.model import Contact

_WITHIN = timedelta(days=7)
_OFTEN = 3


@dataclass(frozen=True)
class BestWay:
    """`times`: contacts about the case in a week, this one among them. `agent_id`: who helped last, "": nobody did."""

    times: int
    agent_id: str
    phone: str


def best_way(contact: Contact, of_case: Iterable[Contact], helped: str, phone: str) -> BestWay | None:
    """From the third contact of one case within seven days: the same agent, or the telephone; else nothing is said."""
    since = contact.opened_at - _WITHIN
    times = sum(since <= each.opened_at <= contact.opened_at for each in of_case)
    return BestWay(times, helped, phone) if times >= _OFTEN else None
