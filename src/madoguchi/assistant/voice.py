"""What the assistant says while it is still thinking: shown, never written; the ledger gets the whole once, at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable

Aloud = Callable[[str, str], None]
"""(contact id, the answer's beginning); an empty text: nothing is being said any more. From any thread."""


def in_silence(contact_id: str, text: str) -> None:
    """Nobody listens."""


class Voice:
    """One turn's. Once closed it says nothing, however late a model's words come in."""

    def __init__(self, contact_id: str, aloud: Aloud) -> None:
        self._contact_id = contact_id
        self._aloud = aloud
        self._lock = threading.Lock()
        self._spoke = False
        self._open = True

    def say(self, text: str) -> None:
        with self._lock:
            if self._open:
                self._spoke = True
                self._aloud(self._contact_id, text)

    def close(self) -> None:
        with self._lock:
            if self._open and self._spoke:
                self._aloud(self._contact_id, "")
            self._open = False
