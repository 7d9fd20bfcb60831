"""What is wrong with the house's own parts, as alerts see it: steps that fail, mail that is not fetched, listeners that refuse,
no chat that beats, calls that the telephone engine could not place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, select

from madoguchi.counter.callbacks.model import callback_call
from madoguchi.counter.contacts.model import webhook
from madoguchi.counter.supervision.model import Signal
from madoguchi.engine import pulse
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import outbox

STEP = "step."  # how the house's regular steps are called among its parts
CHAT = "chat"  # a process at which customers' and agents' screens can be
FETCHING = "fetching."  # the mailbox follows
CHAT_BEAT_S = 20.0
_LATELY = timedelta(hours=1)
_LONGEST = 80  # of a subject


def part_of(mailbox: str) -> str:
    """How the fetching of a mailbox is called among the house's parts."""
    return f"{FETCHING}{mailbox}"[:60]


def signals(tx: Transaction, mailbox: str) -> Iterator[Signal]:
    """`mailbox`: the one that is fetched, "" where mails come by themselves. Minutes, refusals, calls."""
    for step in pulse.failing(tx, STEP):
        yield Signal("step_failing", step.part.removeprefix(STEP), _minutes(tx, step.failing_since))
    if mailbox:
        yield from _unfetched(tx, mailbox)
    yield from _silent_chat(tx)
    for host, count in _refusals(tx).items():
        yield Signal("webhook_refused", host, count)
    yield Signal("calls_failed", "", _calls_failed(tx))


def _unfetched(tx: Transaction, mailbox: str) -> Iterator[Signal]:
    found = pulse.find(tx, part_of(mailbox))
    if found is not None:
        since = found.worked_at or found.failing_since
        yield Signal("mail_unfetched", mailbox[:_LONGEST], _minutes(tx, since))


def _silent_chat(tx: Transaction) -> Iterator[Signal]:
    """A house in which no chat has ever been at work (one that only works through errands) is not silent."""
    found = pulse.find(tx, CHAT)
    if found is not None:
        yield Signal("chat_silent", "", _minutes(tx, found.worked_at))


def _refusals(tx: Transaction) -> Counter[str]:
    """Host of a listener → facts that it did not take: given up within the hour, or tried and still waiting."""
    rows = tx.all(
        select(outbox.c.payload).where(
            outbox.c.topic == "webhook",
            ((outbox.c.state == "failed") & (outbox.c.finished_at > tx.now - _LATELY))
            | ((outbox.c.state == "waiting") & (outbox.c.attempts > 0)),
        )
    )
    counted = Counter(str(row.payload.get("webhook", "")) for row in rows)
    hosts = {row.id: urlsplit(row.url).netloc for row in tx.all(select(webhook.c.id, webhook.c.url))}
    found: Counter[str] = Counter()
    for listener, count in counted.items():
        if listener in hosts:
            found[hosts[listener][:_LONGEST]] += count
    return found


def _calls_failed(tx: Transaction) -> int:
    query = select(func.count()).where(
        callback_call.c.outcome == "failed", callback_call.c.ended_at > tx.now - _LATELY
    )
    return int(tx.scalar(query) or 0)


def _minutes(tx: Transaction, since: datetime | None) -> int:
    return int((tx.now - since).total_seconds() // 60) if since is not None else 0
