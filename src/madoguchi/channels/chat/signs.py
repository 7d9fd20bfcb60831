"""Who looks and types at screens of other processes: told by wake-ups alone, so that nothing is written for it.

A sign is a topic, `sign/<process>/<looks|left|types|notes>/<contact>/<who>`. Who looks is said again now and then; what
nobody repeats is forgotten, so that a process that was killed shows nobody for long, and one that has just started
learns who is there. On SQLite there is one process, and nothing to tell.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, cast, get_args

from madoguchi.kit.ids import new_id

What = Literal["looks", "left", "types", "notes"]  # notes: types in what only staff may see
REPEAT_S = 10.0
HOLDS_S = 25.0  # so long somebody looks without a repetition
_KINDS = frozenset(get_args(What))
_WORD = "sign"


@dataclass(frozen=True)
class Sign:
    """What somebody does in a contact, at a screen of another process."""

    what: What
    contact_id: str
    who: str


class Signs:
    """`tell`: rings a topic in all other processes. Any thread may call."""

    def __init__(
        self, tell: Callable[[Iterable[str]], None], tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._tell = tell
        self._tick = tick
        self._me = new_id("prc")
        self._looking: dict[str, dict[tuple[str, str], float]] = {}  # contact → (process, who) → last said
        self._lock = threading.Lock()

    def say(self, *signs: Sign) -> None:
        self._tell([f"{_WORD}/{self._me}/{each.what}/{each.contact_id}/{each.who}" for each in signs])

    def hear(self, topic: str) -> tuple[Sign, bool] | None:
        """The sign that a topic of another process is, and whether it tells something new; None for any other topic."""
        parts = topic.split("/")
        if len(parts) != 5 or parts[0] != _WORD or parts[1] == self._me or parts[2] not in _KINDS:
            return None
        sign = Sign(cast(What, parts[2]), parts[3], parts[4])
        before = self.looking(sign.contact_id)
        with self._lock:
            there = self._looking.setdefault(sign.contact_id, {})
            if sign.what == "left":
                there.pop((parts[1], sign.who), None)
            elif sign.what == "looks":
                there[parts[1], sign.who] = self._tick()
        return sign, before != self.looking(sign.contact_id)

    def looking(self, contact_id: str) -> frozenset[str]:
        """Who has the contact open at a screen of another process."""
        with self._lock:
            since = self._tick() - HOLDS_S
            there = {key: at for key, at in self._looking.get(contact_id, {}).items() if at > since}
            if there:
                self._looking[contact_id] = there
            else:
                self._looking.pop(contact_id, None)
        return frozenset(who for _, who in there)
