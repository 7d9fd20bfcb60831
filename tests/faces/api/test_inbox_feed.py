"""The inbox on the live line: rows that changed, who else is there, and that nothing is lost by sending parts."""

from __future__ import annotations

import random
import time
from typing import Any
from unittest.mock import patch

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.team import queries as team_queries
from madoguchi.counter.team.service import actor_of
from madoguchi.faces.api.routes import live as live_route
from madoguchi.faces.desk.inbox_feed import InboxFeed
from tests.faces.api.people import Caller, Counter
from tests.faces.api.test_contacts import in_hand, waiting
from tests.faces.api.test_live import hello, until


def until_row(line: Any, contact_id: str, viewers: list[dict[str, Any]]) -> None:
    """Read frames until the row of this contact shows exactly these people."""
    for _ in range(40):
        for contact in until(line, "inbox")["contacts"]:
            if contact["id"] == contact_id and contact["viewers"] == viewers:
                return
    raise AssertionError(f"the row never showed {viewers}")


def test_a_row_shows_who_has_it_open_and_who_types_and_neither_once_they_left(counter: Counter) -> None:
    ito, mori = counter.agent("ito"), counter.agent("mori")
    seen = waiting(counter, counter.visitor())
    there = {"id": mori.id, "name": "森"}
    with ito.live() as ours:
        hello(ours, ito, inbox=True)
        with mori.live() as theirs:
            hello(theirs, mori, {seen["id"]: seen["last_seq"]})
            until_row(ours, seen["id"], [{**there, "typing": False}])
            theirs.send_json({"type": "typing", "contact": seen["id"]})
            until_row(ours, seen["id"], [{**there, "typing": True}])
        began = time.monotonic()
        until_row(ours, seen["id"], [])
        assert time.monotonic() - began < 5
    assert ito.get(f"/contacts/{seen['id']}")["last_seq"] == seen["last_seq"], "nothing was written"


def test_who_writes_a_note_is_seen_by_staff_and_never_by_the_customer(counter: Counter) -> None:
    customer, ito, mori = counter.customer(cast.SENIOR), counter.agent("ito"), counter.agent("mori")
    mine = in_hand(counter, customer, ito)
    cursor = {mine["id"]: mine["last_seq"]}
    with customer.live() as theirs, ito.live() as ours, mori.live() as others:
        for line, who in ((theirs, customer), (ours, ito), (others, mori)):
            hello(line, who, cursor)
            until(line, "entries")
        ours.send_json({"type": "typing", "contact": mine["id"], "internal": True})
        assert until(others, "typing")["author"]["id"] == ito.id
        for _ in range(2):
            theirs.send_json({"type": "ping"})
            while (frame := theirs.receive_json())["type"] != "pong":
                assert frame["type"] != "typing"


def test_a_desk_that_falls_silent_shows_nobody_until_it_is_heard_again(counter: Counter) -> None:
    ito, mori = counter.agent("ito"), counter.agent("mori")
    seen = waiting(counter, counter.visitor())
    there = [{"id": mori.id, "name": "森", "typing": False}]
    with patch.object(live_route, "STAFF_QUIET_S", 2.0), mori.live() as theirs, ito.live() as ours:
        hello(theirs, mori, {seen["id"]: seen["last_seq"]})
        hello(ours, ito, inbox=True)
        until_row(ours, seen["id"], there)
        until_row(ours, seen["id"], [])  # the lid is closed: no word and no good-bye
        theirs.send_json({"type": "ping"})
        until_row(ours, seen["id"], there)


def test_after_the_whole_inbox_only_changed_rows_are_sent(counter: Counter) -> None:
    ito = counter.agent("ito")
    first, second = waiting(counter, counter.visitor()), waiting(counter, counter.visitor())
    feed = InboxFeed(counter.house)
    actor = _actor(counter, ito)
    read = counter.house.database.read
    whole = read(feed.news, actor)
    assert whole is not None and "part" not in whole
    assert {first["id"], second["id"]} <= {contact["id"] for contact in whole["contacts"]}
    assert read(feed.news, actor) is None
    ito.say(first["id"], "確認中", internal=True)
    part = read(feed.news, actor)
    assert part is not None
    assert (part["part"], [contact["id"] for contact in part["contacts"]], part["gone"]) == (
        True,
        [first["id"]],
        [],
    )
    mori = counter.agent("mori")
    mori.post(f"/contacts/{second['id']}/accept", {"owner_version": second["owner"]["version"]})
    part = read(feed.news, actor)
    assert part is not None and part["gone"] == [second["id"]]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_parts_put_together_are_the_whole_inbox(counter: Counter, seed: int) -> None:
    chance = random.Random(seed)
    ito, mori = counter.agent("ito"), counter.agent("mori")
    actor, feed, known = _actor(counter, ito), InboxFeed(counter.house), {}
    seen = [in_hand(counter, counter.customer(cast.SENIOR), ito), waiting(counter, counter.visitor())]
    for _ in range(12):
        _anything(chance, counter, ito, mori, seen)
        if chance.random() < 0.5:
            _fold(known, counter.house.database.read(feed.news, actor))
    _fold(known, counter.house.database.read(feed.news, actor))
    whole = {contact["id"]: contact for contact in ito.get("/desk/inbox")["contacts"]}
    assert known.keys() == whole.keys()
    for contact_id, contact in whole.items():
        told = {**known[contact_id], "viewers": None, "offer": None}
        assert told == {**contact, "viewers": None, "offer": None}


def _anything(chance: random.Random, counter: Counter, ito: Caller, mori: Caller, seen: list[Any]) -> None:
    deed = chance.choice(["open", "note", "hold", "wake", "give", "take", "label", "seen", "offer"])
    contact = ito.get(f"/contacts/{chance.choice(seen)['id']}")
    version, path = contact["owner"]["version"], f"/contacts/{contact['id']}"
    if deed == "open":
        seen.append(waiting(counter, counter.visitor()))
    elif deed == "note":
        ito.say(contact["id"], "メモ", internal=True)
    elif deed == "hold":
        ito.send("POST", f"{path}/snooze", json={"owner_version": version, "until": "2026-12-24T00:00:00Z"})
    elif deed == "wake":
        ito.send("POST", f"{path}/unsnooze", json={})
    elif deed == "give":
        ito.send("POST", f"{path}/transfer", json={"owner_version": version, "queue": "general"})
    elif deed == "take":
        chance.choice([ito, mori]).send("POST", f"{path}/take", json={"owner_version": version})
    elif deed == "label":
        ito.post(f"{path}/labels", {"label": chance.choice("甲乙"), "put": chance.random() < 0.7})
    elif deed == "seen":
        ito.post(f"{path}/seen", {"seq": contact["last_seq"]})
    else:
        counter.offer()


def _fold(known: dict[str, Any], frame: dict[str, Any] | None) -> None:
    if frame is None:
        return
    if not frame.get("part"):
        known.clear()
    for contact_id in frame.get("gone", ()):
        known.pop(contact_id)
    known.update({contact["id"]: contact for contact in frame["contacts"]})


def _actor(counter: Counter, caller: Caller) -> Any:
    return actor_of(counter.house.database.read(team_queries.get, caller.id))
