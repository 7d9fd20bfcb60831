"""What a live line of staff carries beside contacts and inbox: the live board, and what stands beside one's own inbox."""

from __future__ import annotations

import time
from typing import Any

from madoguchi.counter.actors import Actor
from madoguchi.counter.supervision import alerts
from madoguchi.faces.aside import AsideOut, aside_of
from madoguchi.faces.house import House
from madoguchi.faces.live_board import BoardFeed


class SideFrames:
    """`board`: the screen shows the live board; `desk`: it is an agent's desk. `topics`: wake-ups that concern it."""

    def __init__(self, house: House, actor: Actor, *, board: bool, desk: bool) -> None:
        self._house = house
        self._actor = actor
        self._feed = BoardFeed(house.board, actor.language) if board else None
        self._desk = desk
        self._aside: AsideOut | None = None
        self._board_at = 0.0
        self._board_wanted = False
        self.topics = ("inbox", alerts.TOPIC) if board else ()

    @property
    def shows_board(self) -> bool:
        return self._feed is not None

    @property
    def late(self) -> bool:
        """A change of the board waits for its next reading."""
        return self._board_wanted

    @property
    def pause_s(self) -> float:
        """Seconds until that reading."""
        assert self._feed is not None
        return max(0.01, self._feed.pause_s - (time.monotonic() - self._board_at))

    async def frames(self) -> list[dict[str, Any]]:
        """What is new; the board at most as often as it is read."""
        found = [await self._board_frame(), await self._aside_frame()]
        return [frame for frame in found if frame is not None]

    async def _board_frame(self) -> dict[str, Any] | None:
        if self._feed is None:
            return None
        self._board_wanted = time.monotonic() - self._board_at < self._feed.pause_s
        if self._board_wanted:
            return None
        self._board_at = time.monotonic()
        return await self._house.database.aread(self._feed.frame)

    async def _aside_frame(self) -> dict[str, Any] | None:
        if not self._desk:
            return None
        found = await self._house.database.aread(aside_of, self._actor, self._house.settings)
        if found == self._aside:
            return None
        self._aside = found
        return {"type": "aside", **found.model_dump(mode="json")}
