"""A customer at the counter: says things, presses buttons, and reads what the assistant answers."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import events, queries, service
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.engine import sessions
from madoguchi.faces.house import House

_visitors = itertools.count(1)


class NoButton(Exception):
    """A script presses what is not offered."""


class Chat:
    """One contact in the house's demo shop."""

    def __init__(
        self,
        house: House,
        ref: str = "C1001",
        *,
        rung: Rung = Rung.FRESH,
        language: str = "ja",
        text: str = "",
        order_number: str = "",
        problem: str = "",
        proven: frozenset[str] = frozenset(),
    ) -> None:
        self.house = house
        known = customer_id(ref) if ref and rung >= Rung.SIGNED_IN else None
        self.actor = Actor(
            kind="customer",
            id=f"vis_rehearsal{next(_visitors):06d}",
            customer_id=known,
            rung=rung,
            order_numbers=proven,
            language=language,
        )
        house.database.write(
            sessions.begin, "customer", self.actor.id, {"customer_id": known}, timedelta(days=1)
        )
        self._keys = itertools.count(1)
        self.id = house.chat.open(
            self.actor,
            client_key=self.next_key(),
            language=language,
            text=text,
            order_number=order_number,
            problem=problem,
        ).id
        self._read = 0
        self.answers = self.turn()

    # ── the customer's side ───────────────────────────────────────────────────────────────────────

    def say(self, text: str, *, attachments: list[str] | None = None) -> list[Entry]:
        self.house.chat.say(
            self.actor, self.id, text=text, attachments=attachments, client_key=self.next_key()
        )
        return self.turn()

    def press(self, label: str) -> list[Entry]:
        """Press the newest button whose label holds `label`, or whose value is just that."""
        for entry in reversed(self.entries):
            choices = entry.body.get("choices") or {"key": "", "options": []}
            for option in choices["options"]:
                if label in option["label"] or label == option["value"]:
                    return self.choose(choices["key"], option["value"])
        raise NoButton(f"no button {label!r}; last said: {self.text!r} {self.labels}")

    def choose(self, key: str, value: str) -> list[Entry]:
        self.house.chat.say(
            self.actor, self.id, choice={"key": key, "value": value}, client_key=self.next_key()
        )
        return self.turn()

    def prove(self, rung: Rung, *, order_number: str = "", ref: str = "") -> list[Entry]:
        """Prove who one is, as the sign-in does it."""
        numbers = frozenset({order_number}) if order_number else frozenset()
        self.actor = Actor(
            kind="customer",
            id=self.actor.id,
            customer_id=customer_id(ref) if rung >= Rung.SIGNED_IN else None,
            rung=rung,
            order_numbers=numbers,
            language=self.actor.language,
        )
        self.house.database.write(service.adopt, self.actor)
        return self.turn()

    def turn(self) -> list[Entry]:
        self.house.assistant.turn(self.id)
        entries = self.entries
        self.answers = [
            e
            for e in entries
            if e.seq > self._read and e.author_kind == "assistant" and e.kind == events.MESSAGE
        ]
        self.new_facts = [e for e in entries if e.seq > self._read]
        self._read = entries[-1].seq
        return self.answers

    # ── what is there ─────────────────────────────────────────────────────────────────────────────

    @property
    def entries(self) -> list[Entry]:
        return self.house.database.read(queries.entries, self.id, limit=5000)

    @property
    def contact(self) -> Contact:
        return self.house.database.read(queries.get, self.id)

    @property
    def text(self) -> str:
        """Everything that the last turn said."""
        return "\n".join(str(entry.body["text"]) for entry in self.answers)

    @property
    def options(self) -> list[dict[str, Any]]:
        return [
            o for entry in self.answers for o in (entry.body.get("choices") or {"options": []})["options"]
        ]

    @property
    def labels(self) -> list[str]:
        return [option["label"] for option in self.options]

    @property
    def cards(self) -> list[dict[str, Any]]:
        return [entry.body["card"] for entry in self.answers if entry.body.get("card")]

    def facts(self, kind: str) -> list[dict[str, Any]]:
        return [entry.body for entry in self.entries if entry.kind == kind]

    @property
    def summary(self) -> dict[str, Any]:
        found = self.facts(events.HAND_OVER)
        return dict(found[-1]["summary"]) if found else {}

    def done(self) -> list[str]:
        """Ids of the proposals that were carried out in this contact."""
        return [body["proposal_id"] for body in self.facts(events.DONE)]

    def next_key(self) -> str:
        return f"rehearsal-{next(self._keys):06d}"
