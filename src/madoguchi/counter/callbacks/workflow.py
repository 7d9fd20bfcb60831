"""The desk of call-backs: the verbs in their transactions, and the telephone engine outside of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.callbacks import booking, callers, queries, rounds, service, slots
from madoguchi.counter.callbacks.booking import Wish
from madoguchi.counter.callbacks.carrying import advance
from madoguchi.counter.callbacks.current import rules_now
from madoguchi.counter.callbacks.machine import Event, Slot
from madoguchi.counter.callbacks.model import Callback, CallPreference, Outcome
from madoguchi.counter.callbacks.ports import Heard, Leg, VoiceEngine
from madoguchi.counter.callbacks.rules import Rules
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Errand
from madoguchi.engine.settings import Settings

RING_S = 30
_OUTCOMES: dict[str, Outcome] = {"busy": "busy", "no_answer": "no_answer", "failed": "failed"}


class CallDesk:
    """Synchronous; may be used by any number of threads."""

    def __init__(self, database: Database, settings: Settings, keys: Keys, engine: VoiceEngine) -> None:
        self._database = database
        self._keys = keys
        self.engine = engine
        self._settings = settings

    @property
    def rules(self) -> Rules:
        """As they stand now; not to be asked for within a transaction."""
        return self._database.read(rules_now, self._settings, rings_agents=self.engine.rings_agents)

    # ── for customers, and in their name ──────────────────────────────────────────────────────────

    def book(self, actor: Actor, wish: Wish) -> Callback:
        """Raises as `booking.book`."""
        made = self._database.write(booking.book, actor, wish, self.rules, self._keys)
        return self._looked_at(made.id)

    def free(self, actor: Actor, wish: Wish, start: datetime, end: datetime | None, most: int) -> list[Slot]:
        """The first slots in which this wish could be booked now, from `start` on and before `end`."""
        rules = self.rules

        def read(tx: Transaction) -> list[Slot]:
            return slots.free_between(tx, rules, booking.wanted_of(tx, actor, wish), start, end, most)

        return self._database.read(read)

    def to_come(self, actor: Actor) -> Callback | None:
        """What is still to come for this customer, or for a visitor whom nobody knows."""
        person = actor.customer_id if actor.rung >= Rung.SIGNED_IN and actor.customer_id else actor.id
        return self._database.read(queries.live_of_person, person)

    def seen(self, actor: Actor, callback_id: str) -> Callback:
        """Raises NotFound for what is not theirs."""
        return self._database.read(queries.visible, actor, callback_id)

    def confirm(self, actor: Actor, callback_id: str, code: str) -> Callback:
        """Raises Invalid("code_wrong"), and as `booking.confirm`."""
        if not self._database.write(booking.confirm, actor, callback_id, code, self.rules, self._keys):
            raise Invalid("callback_code_wrong", field="code")
        return self._looked_at(callback_id)

    def move(self, actor: Actor, callback_id: str, slot_at: Any) -> Callback:
        return self._after_looking(service.move, actor, callback_id, slot_at, self.rules)

    def cancel(self, actor: Actor, callback_id: str) -> Callback:
        return self._after_looking(service.cancel, actor, callback_id, self.rules)

    def replaced(self, actor: Actor, callback_id: str, by: str) -> Callback:
        return self._after_looking(service.replaced, actor, callback_id, by, self.rules)

    def prefer(self, actor: Actor, wanted: CallPreference) -> CallPreference:
        return self._database.write(service.prefer, actor, wanted, self.rules)

    def caller_of(self, phone: str) -> Actor:
        """Whoever calls our telephone from this number. Raises Invalid."""
        return callers.caller_of(self._keys, phone, self.rules)

    def number_hash(self, phone: str) -> str:
        """By which calls to one number are found. Raises Invalid."""
        return callers.number_hash(self._keys, phone, self.rules)

    # ── for agents ────────────────────────────────────────────────────────────────────────────────

    def dial(self, actor: Actor, callback_id: str) -> Callback:
        """Raises as `service.dial`."""
        return self._after_looking(service.dial, actor, callback_id, self.rules, self.engine.name)

    def report(self, actor: Actor, callback_id: str, outcome: str, note: str = "") -> Callback:
        """Raises as `service.report`."""
        return self._after_looking(service.report, actor, callback_id, outcome, note, self.rules)

    # ── by itself ─────────────────────────────────────────────────────────────────────────────────

    def round(self) -> int:
        """Look at everything that needs it; how many that were."""
        found = self._database.read(rounds.to_look_at, self.rules)
        for callback_id in found:
            self._database.write(rounds.look, callback_id, self.rules)
        if self.engine.dials_by_itself:
            for ready in self._database.read(queries.ready):
                self._dial_if_ready(ready)
        return len(found)

    def forget_old(self) -> int:
        return self._database.write(rounds.forget_old, self.rules)

    def carry(self, errand: Errand) -> None:
        """The handler of `callback.line`: outside of any transaction; what the engine knows at once is noted."""
        seen = self._database.read(queries.find, errand.payload["callback_id"])
        if seen is None:
            return
        call = int(errand.payload["call"])
        for heard in self._do(str(errand.payload["deed"]), seen, call):
            self.heard(heard)

    def heard(self, heard: Heard) -> None:
        """What happened on a line. Of a call that is over, nothing more is heard."""
        try:
            self._database.write(_heard, heard, self.rules)
        except NotFound:
            return
        self._dial_if_ready(heard.callback_id)

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _do(self, deed: str, seen: Callback, call: int) -> Sequence[Heard]:
        agent = Leg(seen.id, call, "agent", seen.agent_id, self.rules.caller_id)
        customer = Leg(seen.id, call, "customer", seen.phone, self.rules.caller_id)
        if deed == "hang_up":
            return self.engine.hang_up(seen.id, call)
        if deed == "ring_agent" and seen.state == "offered" and call == seen.line:
            return self.engine.dial(agent, RING_S)
        if deed == "dial" and seen.state == "dialling" and call == seen.line:
            return self.engine.dial(customer, RING_S)
        if deed == "bridge" and seen.state == "connected" and call == seen.line:
            return self.engine.bridge(agent, customer)
        return ()  # it was called off in the meantime

    def _dial_if_ready(self, callback_id: str) -> None:
        """Where the engine dials by itself: as soon as the agent is ready and the time has come."""
        if self.engine.dials_by_itself:
            self._database.write(_dial_if_ready, callback_id, self.rules, self.engine.name)

    def _after_looking(
        self, verb: Callable[..., Callback], actor: Actor, callback_id: str, *rest: Any
    ) -> Callback:
        """The verb on the call-back as it stands now: what its contact and the clock say comes first."""
        self._database.write(rounds.look, callback_id, self.rules)
        self._database.write(verb, actor, callback_id, *rest)
        return self._looked_at(callback_id)

    def _looked_at(self, callback_id: str) -> Callback:
        found = self._database.write(rounds.look, callback_id, self.rules)
        if found is None:
            raise NotFound("callback_not_found")
        return found


def _heard(tx: Transaction, heard: Heard, rules: Rules) -> None:
    seen = queries.get_for_update(tx, heard.callback_id)
    event = _event_of(seen, heard)
    if event is not None:
        advance(tx, seen.id, event, rules)


def _event_of(seen: Callback, heard: Heard) -> Event | None:
    """In the words of the machine; None for what is said of an earlier line."""
    if heard.side == "customer":
        if heard.kind in _OUTCOMES:
            return Event("not_reached", call=heard.call, outcome=_OUTCOMES[heard.kind])
        return Event("answered" if heard.kind == "answered" else "ended", call=heard.call)
    if heard.call != seen.line:
        return None
    if heard.kind == "answered":
        return Event("agent_answered", agent_id=seen.agent_id)
    if seen.state == "connected" and heard.kind == "ended":
        return Event("ended", call=heard.call)
    return Event("agent_gone")


def _dial_if_ready(tx: Transaction, callback_id: str, rules: Rules, engine: str) -> None:
    seen = queries.get_for_update(tx, callback_id)
    ready = seen.state == "agent_ready" and tx.now >= seen.not_before and rules.hours.is_open(tx.now)
    if ready and not queries.preference(tx, seen.person_id).no_calls:
        try:
            advance(tx, seen.id, Event("dial", by=engine), rules)
        except Conflict:
            return
