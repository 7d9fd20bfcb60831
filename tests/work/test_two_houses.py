"""Two web processes on one database: agents see across them who looks at a contact and who types, and nothing is written for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from madoguchi.channels.chat.live import Presence
from madoguchi.channels.chat.signs import HOLDS_S, Sign, Signs
from madoguchi.engine.database import Transaction
from tests.conftest import StillClock
from tests.faces.api.people import Counter, _hire
from tests.faces.api.test_contacts import in_hand, waiting
from tests.faces.api.test_live import hello, until


@pytest.fixture
def houses(postgres_url: str, tmp_path: Path, clock: StillClock) -> Iterator[tuple[Counter, Counter]]:
    folder = tmp_path / "data"
    first = Counter(folder, clock, data={"url": postgres_url})
    first.house.database.write(_hire)
    second = Counter(folder, clock, data={"url": postgres_url})
    with ExitStack() as open_doors:
        open_doors.enter_context(first.client)
        open_doors.enter_context(second.client)
        yield first, second


def until_viewers(line: Any, contact_id: str, names: list[str]) -> None:
    """The contact's own frame shows these colleagues."""
    for _ in range(40):
        frame = line.receive_json()
        if frame["type"] != "entries" or frame["contact"]["id"] != contact_id:
            continue
        if [each["name"] for each in frame["contact"]["viewers"]] == names:
            return
    raise AssertionError(names)


@pytest.mark.postgres
def test_who_looks_and_who_types_is_seen_at_the_other_process_and_ends(
    houses: tuple[Counter, Counter],
) -> None:
    here, there = houses
    ito, kato, mori = here.agent("ito"), there.agent("kato"), there.agent("mori")
    contact_id = waiting(here, here.visitor())["id"]
    written = here.house.database.read(rows_written)
    with there_line(kato, contact_id) as line, mori.live() as rows:
        hello(rows, mori, inbox=True)
        until(rows, "inbox")
        with ito.live() as mine:
            hello(mine, ito, {contact_id: 0})
            until(mine, "entries")
            until_viewers(line, contact_id, ["伊藤"])
            mine.send_json({"type": "typing", "contact": contact_id})
            assert until(line, "typing")["author"]["name"] == "伊藤"
            until_types(rows, contact_id, "伊藤")
        until_viewers(line, contact_id, [])
    assert here.house.database.read(rows_written) == written


def until_types(line: Any, contact_id: str, name: str) -> None:
    """The row of the inbox shows this colleague at the keys."""
    for _ in range(40):
        for row in until(line, "inbox")["contacts"]:
            typing = [each["name"] for each in row["viewers"] if each["typing"]]
            if row["id"] == contact_id and typing == [name]:
                return
    raise AssertionError(name)


@pytest.mark.postgres
def test_a_process_that_starts_later_learns_who_looks_and_a_note_is_typed_for_staff_only(
    houses: tuple[Counter, Counter],
) -> None:
    here, there = houses
    ito = here.agent("ito")
    visitor = there.visitor()
    contact_id = in_hand(there, visitor, ito)["id"]
    here.house.presence._signs = Signs(lambda _: None)  # nobody hears of the coming
    with ito.live() as mine:
        hello(mine, ito, {contact_id: 0})
        until(mine, "entries")
        here.house.presence._signs = Signs(here.house.database.tell_others)
        assert there.house.presence.viewers(contact_id) == []
        with there_line(there.agent("kato"), contact_id) as line, visitor.live() as customers:
            hello(customers, visitor, {contact_id: 0})
            until(customers, "entries")
            here.house.presence.repeat()
            until_viewers(line, contact_id, ["伊藤"])
            mine.send_json({"type": "typing", "contact": contact_id, "internal": True})
            assert until(line, "typing")["author"]["id"] == ito.id
            customers.send_json({"type": "ping"})
            frames = [customers.receive_json()["type"]]
            while frames[-1] != "pong":
                frames.append(customers.receive_json()["type"])
            assert "typing" not in frames


def there_line(kato: Any, contact_id: str) -> Any:
    """A colleague's screen with the contact open."""
    line = kato.live()

    class Opened:
        def __enter__(self) -> Any:
            opened = line.__enter__()
            hello(opened, kato, {contact_id: 0})
            until_viewers(opened, contact_id, [])
            return opened

        def __exit__(self, *error: Any) -> None:
            line.__exit__(*error)

    return Opened()


def rows_written(tx: Transaction) -> int:
    """Facts in the ledger and rows about people's places: what a sign must not write."""
    found = tx.connection.execute(
        text("SELECT (SELECT count(*) FROM ledger_entry) + (SELECT count(*) FROM outbox)")
    )
    return int(found.scalar_one())


def test_what_nobody_repeats_is_forgotten_and_ones_own_signs_are_not_heard() -> None:
    now = 100.0
    told: list[str] = []
    mine = Signs(told.extend, lambda: now)
    other = Signs(told.extend, lambda: now)
    mine.say(Sign("looks", "con_1", "agt_1"))
    assert mine.hear(told[0]) is None
    assert other.hear(told[0]) == (Sign("looks", "con_1", "agt_1"), True)
    assert other.hear(told[0]) == (Sign("looks", "con_1", "agt_1"), False)
    now += HOLDS_S - 1
    assert other.looking("con_1") == {"agt_1"}
    now += 2
    assert other.looking("con_1") == frozenset()
    other.hear(told[0])
    mine.say(Sign("left", "con_1", "agt_1"))
    assert other.hear(told[1]) == (Sign("left", "con_1", "agt_1"), True)


@pytest.mark.parametrize(
    "topic", ["inbox", "contact:con_1", "sign/x/looks/con_1", "sign/x/eats/con_1/agt_1", ""]
)
def test_other_wake_ups_are_no_signs(topic: str) -> None:
    assert Presence().hear(topic) == []


def test_keys_are_told_every_three_seconds_and_not_each() -> None:
    told: list[str] = []
    presence = Presence(told.extend)
    presence.enter("con_1", "agt_1")
    for _ in range(20):
        presence.typed("con_1", "agt_1")
    presence.enter("con_1", "customer")
    presence.leave("con_1", "agt_1")
    assert [topic.split("/")[2] for topic in told] == ["looks", "types", "left"]
