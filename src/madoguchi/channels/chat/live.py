"""Who has a contact open right now, who is typing, and what the assistant is saying: kept in memory, never in the ledger."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable

ASSISTANT = "assistant"


class Presence:
    """Screens per contact and side (customer or agent id). One process's view; a lost one harms nobody."""

    def __init__(self) -> None:
        self._screens: dict[str, Counter[str]] = defaultdict(Counter)
        self._typing: dict[str, set[Callable[[str, str], None]]] = defaultdict(set)
        self._speech: dict[str, str] = {}
        self._lock = threading.Lock()

    def enter(self, contact_id: str, who: str) -> bool:
        """A screen opened; True when it is this person's first."""
        with self._lock:
            self._screens[contact_id][who] += 1
            return self._screens[contact_id][who] == 1

    def leave(self, contact_id: str, who: str) -> bool:
        """A screen closed; True when it was this person's last."""
        with self._lock:
            screens = self._screens[contact_id]
            screens[who] -= 1
            gone = screens[who] <= 0
            if gone:
                del screens[who]
            if not screens:
                del self._screens[contact_id]
            return gone

    def present(self, contact_id: str, who: str) -> bool:
        return self._screens.get(contact_id, Counter())[who] > 0

    def viewers(self, contact_id: str) -> list[str]:
        """Agent ids that have the contact open; the customer's side is called `customer`."""
        with self._lock:
            return sorted(self._screens.get(contact_id, Counter()))

    def on_typing(self, contact_id: str, listener: Callable[[str, str], None]) -> Callable[[], None]:
        """Hear who types in a contact (`listener(contact_id, who)`); returns the way to stop."""
        self._typing[contact_id].add(listener)

        def stop() -> None:
            self._typing[contact_id].discard(listener)
            if not self._typing[contact_id]:
                self._typing.pop(contact_id, None)

        return stop

    def typed(self, contact_id: str, who: str) -> None:
        for listener in list(self._typing.get(contact_id, ())):
            listener(contact_id, who)

    def speaks(self, contact_id: str, text: str) -> None:
        """The assistant has said this much of an answer that it has yet to write; "": no more. From any thread."""
        if not text:
            self._speech.pop(contact_id, None)
            return
        self._speech[contact_id] = text
        self.typed(contact_id, ASSISTANT)

    def speech(self, contact_id: str) -> str:
        return self._speech.get(contact_id, "")
