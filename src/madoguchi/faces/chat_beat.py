"""What a process at which screens can be says of itself: that it lives (counter/supervision/health.py), and who looks at what."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from madoguchi.channels.chat.live import Presence
from madoguchi.channels.chat.signs import REPEAT_S
from madoguchi.counter.supervision.health import CHAT, CHAT_BEAT_S
from madoguchi.engine import pulse
from madoguchi.engine.database import Database
from madoguchi.engine.stream import Stream

log = structlog.get_logger()


async def keep_beating(database: Database) -> None:
    """Until it is cancelled."""
    while True:
        try:
            await database.awrite(pulse.worked, CHAT)
        except Exception:
            log.exception("chat.beat_failed")
        await asyncio.sleep(CHAT_BEAT_S)


async def keep_repeating(presence: Presence) -> None:
    """Until it is cancelled."""
    while True:
        await asyncio.sleep(REPEAT_S)
        presence.repeat()


@contextmanager
def hearing(stream: Stream, presence: Presence) -> Iterator[None]:
    """Signs of other processes are taken to this one's screens until the end of the block."""

    def hear(topic: str) -> None:
        stream.wake(presence.hear(topic))

    with stream.overheard(hear):
        yield
