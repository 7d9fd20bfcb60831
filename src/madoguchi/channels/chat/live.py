"""Who has a contact open right now, who is typing, and what the assistant is saying: kept in memory, never in the ledger.

Agents of all processes see one another (signs.py). Whether the customer is there, other processes learn from
`routing.customer_presence`.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from madoguchi.channels.chat.signs import Sign, Signs

ASSISTANT = "assistant"
CUSTOMER = "customer"
Listener = Callable[[str, str, bool], None]  # contact, who, and whether only staff may know
TYPES_S = 6.0  # so long after a key somebody still types
TELL_S = 3.0  # other processes hear of keys at most so often


class Presence:
    """Screens per contact and side (customer or agent id). A lost sign harms nobody."""

    def __init__(self, tell: Callable[[Iterable[str]], None] = lambda _: None) -> None:
        """`tell`: rings topics in all other processes."""
        self._screens: dict[str, Counter[str]] = defaultdict(Counter)
        self._typing: dict[str, set[Listener]] = defaultdict(set)
        self._speech: dict[str, str] = {}
        self._typed_at: dict[str, dict[str, float]] = {}
        self._told_at: dict[tuple[str, str], float] = {}
        self._signs = Signs(tell)
        self._lock = threading.Lock()

    def enter(self, contact_id: str, who: str) -> bool:
        """A screen opened; True when it is this person's first."""
        with self._lock:
            self._screens[contact_id][who] += 1
            first = self._screens[contact_id][who] == 1
        if first and who != CUSTOMER:
            self._signs.say(Sign("looks", contact_id, who))
        return first

    def leave(self, contact_id: str, who: str) -> bool:
        """A screen closed; True when it was this person's last."""
        with self._lock:
            screens = self._screens[contact_id]
            screens[who] -= 1
            gone = screens[who] <= 0
            if gone:
                del screens[who]
                self._typed_at.get(contact_id, {}).pop(who, None)
                self._told_at.pop((contact_id, who), None)
            if not screens:
                del self._screens[contact_id]
        if gone and who != CUSTOMER:
            self._signs.say(Sign("left", contact_id, who))
        return gone

    def present(self, contact_id: str, who: str) -> bool:
        return self._screens.get(contact_id, Counter())[who] > 0

    def viewers(self, contact_id: str) -> list[str]:
        """Agent ids that have the contact open, at any process; the customer's side is called `customer`."""
        with self._lock:
            here = set(self._screens.get(contact_id, Counter()))
        return sorted(here | self._signs.looking(contact_id))

    def repeat(self) -> None:
        """Say again which agents look, for processes that have started since."""
        with self._lock:
            looking = [
                Sign("looks", contact_id, who)
                for contact_id, screens in self._screens.items()
                for who in screens
                if who != CUSTOMER
            ]
        self._signs.say(*looking)

    def hear(self, topic: str) -> list[str]:
        """Take a wake-up that may be a sign of another process. Returns the topics that it makes worth a look here."""
        heard = self._signs.hear(topic)
        if heard is None:
            return []
        sign, is_new = heard
        if sign.what in ("types", "notes"):
            is_new = self._note_typed(sign.contact_id, sign.who)
            self._tell(sign.contact_id, sign.who, sign.what == "notes")
        elif sign.what == "left":
            with self._lock:
                self._typed_at.get(sign.contact_id, {}).pop(sign.who, None)
        return ["inbox", f"contact:{sign.contact_id}"] if is_new and sign.who != CUSTOMER else []

    def on_typing(self, contact_id: str, listener: Listener) -> Callable[[], None]:
        """Hear who types in a contact (`listener(contact_id, who, internal)`); returns the way to stop."""
        self._typing[contact_id].add(listener)

        def stop() -> None:
            self._typing[contact_id].discard(listener)
            if not self._typing[contact_id]:
                self._typing.pop(contact_id, None)

        return stop

    def typed(self, contact_id: str, who: str, *, internal: bool = False) -> bool:
        """Somebody presses keys; True when they had not typed before. `internal`: in a note, of which only staff hear."""
        began = self._note_typed(contact_id, who)
        if began or time.monotonic() - self._told_at.get((contact_id, who), 0.0) >= TELL_S:
            self._told_at[contact_id, who] = time.monotonic()
            self._signs.say(Sign("notes" if internal else "types", contact_id, who))
        self._tell(contact_id, who, internal)
        return began

    def typing(self, contact_id: str) -> list[str]:
        """Who types there now, at any process."""
        with self._lock:
            since = time.monotonic() - TYPES_S
            there = {who: at for who, at in self._typed_at.get(contact_id, {}).items() if at > since}
            if there:
                self._typed_at[contact_id] = there
            else:
                self._typed_at.pop(contact_id, None)
        return sorted(there)

    def _note_typed(self, contact_id: str, who: str) -> bool:
        began = who not in self.typing(contact_id)
        with self._lock:
            self._typed_at.setdefault(contact_id, {})[who] = time.monotonic()
        return began

    def _tell(self, contact_id: str, who: str, internal: bool) -> None:
        for listener in list(self._typing.get(contact_id, ())):
            listener(contact_id, who, internal)

    def speaks(self, contact_id: str, text: str) -> None:
        """The assistant has said this much of an answer that it has yet to write; "": no more. From any thread."""
        if not text:
            self._speech.pop(contact_id, None)
            return
        self._speech[contact_id] = text
        self._tell(contact_id, ASSISTANT, False)

    def speech(self, contact_id: str) -> str:
        return self._speech.get(contact_id, "")
