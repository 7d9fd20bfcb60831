"""One visitor's chat on those days: the assistant answers; some wait for a person, are served, or give up."""

from __future__ import annotations

import math
import random
from datetime import timedelta

from madoguchi.counter.actors import ASSISTANT, SYSTEM, Actor
from madoguchi.counter.contacts import queries, service
from madoguchi.counter.routing import queues
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import refresh_positions
from madoguchi.demonstration.plan import Asked
from madoguchi.demonstration.staff import Deed, Note, Staff
from madoguchi.demonstration.stage import Scene

_DESK_OPENS, _DESK_CLOSES = 9, 20  # within these hours of the shop's day visitors ask for a person
_TRY_AGAIN_S = 20
_PATIENCE_S = 1200.0  # until a waiting visitor closes the window, as a mean
_THANKS = ("ありがとうございます。助かりました。", "わかりました。ありがとうございました。", "承知しました。")


def visitor_id(number: int) -> str:
    return f"demo_visitor_{number}"


class Visit:
    """Each step notes the next one. Times in seconds are lognormal, as such times are."""

    def __init__(
        self,
        scene: Scene,
        staff: Staff,
        rules: Rules,
        chance: random.Random,
        note: Note,
        number: int,
        about: Asked,
    ) -> None:
        self._scene, self._staff, self._rules = scene, staff, rules
        self._chance, self._note, self._about = chance, note, about
        self._who = Actor(kind="customer", id=visitor_id(number))
        self._key = f"demo/day/{number}"
        self._said = 0
        self._contact_id = ""
        self._queue_id = ""
        self._gives_up = scene.present

    def begin(self) -> None:
        opened = service.open_contact(
            self._scene.tx,
            actor=self._who,
            channel="chat",
            language="ja",
            topic=self._about.topic,
            client_key=self._key,
        )
        self._contact_id = opened.id
        self._say(self._who, self._about.question)
        self._after(4, self._answer)

    def _answer(self) -> None:
        tx, seen = self._scene.tx, queries.get(self._scene.tx, self._contact_id)
        service.mark_answered(tx, seen.id, seen.last_customer_seq, seen.owner_version)
        self._say(ASSISTANT, self._about.answer)
        open_now = _DESK_OPENS <= tx.now.astimezone(self._scene.zone).hour < _DESK_CLOSES
        if open_now and self._chance.random() >= self._about.alone:
            self._after(40, self._ask_for_a_person)
        else:
            self._after(60, self._content)

    def _content(self) -> None:
        self._say(self._who, self._chance.choice(_THANKS))
        self._finish(ASSISTANT)

    def _ask_for_a_person(self) -> None:
        tx, seen = self._scene.tx, queries.get(self._scene.tx, self._contact_id)
        place = routing.enter(tx, seen, queues.desk_for(tx, self._about.topic), reason="asked")
        self._queue_id = place.queue_id
        self._staff.seem_alive()
        refresh_positions(tx, self._rules)
        self._gives_up = tx.now + timedelta(seconds=self._chance.expovariate(1 / _PATIENCE_S))
        self._after(24, self._be_taken, spread=0.8)

    def _be_taken(self) -> None:
        tx, login = self._scene.tx, self._staff.free()
        if tx.now >= self._gives_up:
            self._finish(self._who)
        elif login is None:
            self._note(tx.now + timedelta(seconds=_TRY_AGAIN_S), self._be_taken)
        else:
            seen = queries.get(tx, self._contact_id)
            routing.take(tx, seen.id, self._staff.take(login), seen.owner_version)
            self._after(14, lambda: self._be_served(login))

    def _be_served(self, login: str) -> None:
        self._say(self._scene.staff(login), self._about.person)
        self._after(170, lambda: self._thank(login))

    def _thank(self, login: str) -> None:
        self._say(self._who, self._chance.choice(_THANKS))
        self._after(75, lambda: self._close(login))

    def _close(self, login: str) -> None:
        self._say(self._scene.staff(login), "またいつでもご連絡ください。ありがとうございました。")
        self._finish(self._scene.staff(login))
        self._staff.let_go(login, self._queue_id)

    def _finish(self, by: Actor) -> None:
        """Solved by whoever served, or the visitor closes the window."""
        tx, seen = self._scene.tx, queries.get(self._scene.tx, self._contact_id)
        if by.kind != "customer":
            service.resolve(tx, seen.id, by, seen.owner_version)
        routing.finished(tx, seen.id)
        service.end(tx, seen.id, SYSTEM, "solved" if by.kind != "customer" else "customer_left")

    def _say(self, who: Actor, text: str) -> None:
        seen = queries.get(self._scene.tx, self._contact_id)
        version = seen.owner_version if who.kind == "agent" else None
        key, self._said = f"{self._key}/{self._said}", self._said + 1
        service.say(
            self._scene.tx, seen.id, actor=who, text=text, client_key=key, lang="ja", owner_version=version
        )

    def _after(self, median_s: float, deed: Deed, *, spread: float = 0.5) -> None:
        self._note(self._scene.tx.now + timedelta(seconds=self._seconds(median_s, spread)), deed)

    def _seconds(self, median: float, spread: float = 0.5) -> float:
        return self._chance.lognormvariate(math.log(median), spread)
