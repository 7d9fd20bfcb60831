"""What one screen of the desk has not seen of its inbox yet: the rows that changed, and those that went.

Twenty changes a second among three hundred rows must cost twenty rows and not three hundred, so each row has a stamp
that is cheap to read. What no stamp shows (a promise, a customer's name) comes with the whole inbox, which is sent now
and then.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries
from madoguchi.counter.routing import queries as routing_queries
from madoguchi.counter.team import queries as team_queries
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import InboxCounts, ViewerOut
from madoguchi.faces.desk.inbox import INBOX_ROWS, counts_of, inbox_of, me_of, queues_of
from madoguchi.faces.house import House
from madoguchi.faces.views import contacts_out


class InboxFeed:
    """One screen's inbox, as far as it was sent."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._sent: dict[str, tuple[Any, ...]] | None = None
        self._around: dict[str, Any] = {}
        self._people: dict[str, tuple[Any, ...]] = {}

    def whole(self, tx: Transaction, actor: Actor) -> dict[str, Any]:
        """Everything, as when the screen was opened."""
        self._sent = self._stamps(tx, actor)
        inbox = inbox_of(tx, self._house, actor)
        for contact in inbox.contacts:
            contact.viewers = viewers_of(tx, self._house, contact.id, actor.id)
        view = inbox.model_dump(mode="json")
        self._around = _around(view)
        return view

    def news(self, tx: Transaction, actor: Actor) -> dict[str, Any] | None:
        """The inbox with only the rows that changed (`part`), and the ids of those that `gone`; None: nothing is new."""
        if self._sent is None:
            return self.whole(tx, actor)
        now = self._stamps(tx, actor)
        changed = [contact_id for contact_id, stamp in now.items() if self._sent.get(contact_id) != stamp]
        gone = [contact_id for contact_id in self._sent if contact_id not in now]
        queues = queues_of(tx, actor.language, self._house)
        counts: InboxCounts = counts_of(tx, actor, queues)
        view: dict[str, Any] = {
            "counts": counts.model_dump(mode="json"),
            "me": me_of(tx, self._house, actor).model_dump(mode="json"),
            "queues": [queue.model_dump(mode="json") for queue in queues],
        }
        around = _around(view)
        if not changed and not gone and around == self._around:
            return None
        self._sent, self._around = now, around
        return {**view, "contacts": self._rows(tx, actor, changed), "gone": gone, "part": True}

    def people_moved(self, me: str) -> bool:
        """Whether somebody came to, left or types in one of the rows since they were sent; asks no database."""
        return any(self._of_people(row, me) != seen for row, seen in list(self._people.items()))

    def _rows(self, tx: Transaction, actor: Actor, ids: list[str]) -> list[dict[str, Any]]:
        found = [queries.get(tx, contact_id) for contact_id in ids]
        present = {each.id: self._house.presence.present(each.id, "customer") for each in found}
        zone = ZoneInfo(self._house.settings.shop.timezone)
        views = contacts_out(tx, actor, found, actor.language, present=present, timezone=zone)
        for view in views:
            view.viewers = viewers_of(tx, self._house, view.id, actor.id)
        return [view.model_dump(mode="json") for view in views]

    def _stamps(self, tx: Transaction, actor: Actor) -> dict[str, tuple[Any, ...]]:
        offers = routing_queries.offers_to(tx, actor.id)
        stamps = queries.stamps_for_desk(tx, actor.id, limit=INBOX_ROWS)
        self._people = {contact_id: self._of_people(contact_id, actor.id) for contact_id in stamps}
        return {
            contact_id: (*stamp, offers.get(contact_id), *self._people[contact_id])
            for contact_id, stamp in stamps.items()
        }

    def _of_people(self, contact_id: str, me: str) -> tuple[Any, ...]:
        presence = self._house.presence
        viewers = [who for who in presence.viewers(contact_id) if who != me]
        return (tuple(viewers), tuple(who for who in presence.typing(contact_id) if who != me))


def viewers_of(tx: Transaction, house: House, contact_id: str, me: str) -> list[ViewerOut]:
    """The other agents who have it open, and who of them types."""
    typing = house.presence.typing(contact_id)
    return [
        ViewerOut(id=who, name=team_queries.display_name(tx, who), typing=who in typing)
        for who in house.presence.viewers(contact_id)
        if who not in ("customer", me)
    ]


def _around(view: dict[str, Any]) -> dict[str, Any]:
    """What stands around the rows, without the times that every screen counts on by itself."""
    queues = [{**queue, "longest_s": 0} for queue in view["queues"]]
    return {"counts": {**view["counts"], "longest_wait_s": 0}, "me": view["me"], "queues": queues}
