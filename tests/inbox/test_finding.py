"""Views find what their criteria say: compared with a slow reading of every contact, for random inboxes and criteria."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.followers import case_follower
from madoguchi.counter.cases.promise_model import case_promise
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.followers import contact_follower
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.counter.customers.model import customer
from madoguchi.counter.inbox import finding, labels
from madoguchi.counter.inbox.model import Criteria, contact_label
from madoguchi.counter.routing.model import queue_place
from madoguchi.engine.database import Database, Transaction
from tests.conftest import StillClock

NOW = StillClock().now
OWNERS = (
    ("queue", "orders"),
    ("queue", "returns"),
    ("assistant", "assistant"),
    ("agent", "ito"),
    ("agent", "mori"),
)
KINDS = ("", "return.how_to_return", "return.refund_late", "delivery.late")


@dataclass(frozen=True)
class Row:
    """One contact of a random inbox. Minutes are before now; `due`: after it."""

    owner: tuple[str, str]
    state: str
    held: bool
    channel: str
    language: str
    kind: str
    segments: tuple[str, ...]
    label: str
    handed: int
    asked: int | None
    answered: bool
    due: int | None
    kept: bool
    followed: str


rows = st.builds(
    Row,
    owner=st.sampled_from(OWNERS),
    state=st.sampled_from(["open", "open", "resolved", "ended"]),
    held=st.booleans(),
    channel=st.sampled_from(["chat", "mail"]),
    language=st.sampled_from(["ja", "ko"]),
    kind=st.sampled_from(KINDS),
    segments=st.sampled_from([(), ("member",), ("business", "member")]),
    label=st.sampled_from(["", "至急", "返金"]),
    handed=st.integers(0, 90),
    asked=st.none() | st.integers(0, 90),
    answered=st.booleans(),
    due=st.none() | st.integers(-60, 120),
    kept=st.booleans(),
    followed=st.sampled_from(["", "", "contact", "case", "mori"]),
)


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


criteria = st.builds(
    Criteria,
    owners=some(["me", "queue", "assistant", "mori"]),
    states=some(["open", "held", "resolved", "ended"]),
    queues=some(["orders", "returns"]),
    channels=some(["chat", "mail"]),
    languages=some(["ja", "ko"]),
    kinds=some(["return", "delivery.late", "return.refund_late"]),
    segments=some(["member", "business"]),
    labels=some(["至急", "返金"]),
    waiting_minutes=st.none() | st.integers(0, 90),
    due_minutes=st.none() | st.integers(0, 120),
    followed=st.booleans(),
)


def meets(row: Row, wanted: Criteria) -> bool:
    """The criteria, read one by one; shares nothing with the statements under test."""
    state = "held" if row.state == "open" and row.held else row.state
    owner = {"queue": "queue", "assistant": "assistant"}.get(row.owner[0], row.owner[1])
    if state not in (wanted.states or ("open", "held")):
        return False
    if wanted.owners and owner not in ["ito" if each == "me" else each for each in wanted.owners]:
        return False
    if wanted.queues and not (row.owner[0] == "queue" and row.owner[1] in wanted.queues):
        return False
    for values, value in (
        (wanted.channels, row.channel),
        (wanted.languages, row.language),
        (wanted.labels, row.label),
    ):
        if values and value not in values:
            return False
    if wanted.kinds and not any(row.kind == kind or row.kind.startswith(kind + ".") for kind in wanted.kinds):
        return False
    if wanted.segments and not set(wanted.segments) & set(row.segments):
        return False
    if wanted.followed and row.followed not in ("contact", "case"):
        return False
    if wanted.waiting_minutes is not None and not _waits(row, wanted.waiting_minutes):
        return False
    if wanted.due_minutes is not None:
        return row.due is not None and not row.kept and row.due <= wanted.due_minutes
    return True


def _waits(row: Row, minutes: int) -> bool:
    if row.owner[0] == "queue":
        return row.handed >= minutes
    return row.owner[0] == "agent" and row.asked is not None and not row.answered and row.asked >= minutes


def before(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def fill(tx: Transaction, inbox: list[Row]) -> list[str]:
    for table in (
        contact,
        ledger_entry,
        customer,
        contact_label,
        queue_place,
        case_promise,
        case_follower,
        contact_follower,
    ):
        tx.execute(delete(table))
    return [_put(tx, number, row) for number, row in enumerate(inbox)]


def _put(tx: Transaction, number: int, row: Row) -> str:
    visitor = Actor(kind="customer", id=f"vis_{number}", language=row.language)
    opened = contacts.open_contact(tx, actor=visitor, channel=row.channel, language=row.language)
    agent = Actor(kind="agent", id=row.owner[1], roles=frozenset({"agent"}))
    if row.label:
        labels.put(tx, opened.id, row.label, agent)
    asked_seq = 0
    if row.asked is not None:
        asked = contacts.append(
            tx, opened.id, events.MESSAGE, {"text": "もしもし", "lang": "ja"}, actor=visitor
        )
        asked_seq = asked.seq
        where = (ledger_entry.c.contact_id == opened.id) & (ledger_entry.c.seq == asked_seq)
        tx.execute(ledger_entry.update().where(where).values(at=before(row.asked)))
        if row.answered:
            contacts.append(tx, opened.id, events.MESSAGE, {"text": "はい", "lang": "ja"}, actor=agent)
    tx.execute(
        contact.update()
        .where(contact.c.id == opened.id)
        .values(
            owner_kind=row.owner[0],
            owner_id=row.owner[1],
            state=row.state,
            topic=row.kind,
            customer_id=f"cus_{number}",
            case_id=f"case_{number}",
            snoozed_until=NOW + timedelta(hours=1) if row.held else None,
            handed_over_at=before(row.handed),
            updated_at=before(number),
        )
    )
    _put_around(tx, opened.id, number, row)
    return opened.id


def _put_around(tx: Transaction, contact_id: str, number: int, row: Row) -> None:
    tx.execute(
        insert(customer).values(
            id=f"cus_{number}", shop_ref=f"C{number}", name="", kana="", email="", email_folded="", phone="",
            language="ja", segments=list(row.segments), company="", addresses=[], created_at=NOW, updated_at=NOW,
        )
    )  # fmt: skip
    if row.owner[0] == "queue":
        tx.execute(
            insert(queue_place).values(
                contact_id=contact_id, queue_id=row.owner[1], state="waiting", priority=4, language="ja",
                entered_at=NOW, offered_to="", declined_by=[], shown_ahead=-1, shown_low_s=-1, shown_high_s=-1,
                taken_by="",
            )
        )  # fmt: skip
    if row.followed == "case":
        tx.execute(
            insert(case_follower).values(
                case_id=f"case_{number}", agent_id="ito", seen_event=0, mailed_event=0, since=NOW
            )
        )
    elif row.followed:
        who = "mori" if row.followed == "mori" else "ito"
        tx.execute(
            insert(contact_follower).values(contact_id=contact_id, agent_id=who, seen_seq=0, since=NOW)
        )
    if row.due is not None:
        tx.execute(
            insert(case_promise).values(
                case_id=f"case_{number}", kind="first_answer", started_at=NOW, state="running", channel="chat",
                due_at=NOW + timedelta(minutes=row.due), paused_s=0, settled_by="", noted_at=NOW,
                settled_at=NOW if row.kept else None,
            )
        )  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(inbox=st.lists(rows, min_size=1, max_size=8), wanted=criteria)
def test_a_view_finds_exactly_what_meets_its_criteria(
    sqlite_database: Database, inbox: list[Row], wanted: Criteria
) -> None:
    ids = sqlite_database.write(fill, inbox)
    expected = {contact_id for contact_id, row in zip(ids, inbox, strict=True) if meets(row, wanted)}
    shown = sqlite_database.read(finding.found, "ito", wanted)
    assert {each.id for each in shown} == expected
    assert sqlite_database.read(finding.count, "ito", wanted) == len(expected)


def inbox_of(*changes: dict[str, object]) -> list[Row]:
    usual = Row(("queue", "orders"), "open", False, "chat", "ja", "", (), "", 0, None, False, None, False, "")
    return [Row(**{**vars(usual), **change}) for change in changes]


@pytest.mark.req("CH-055")
def test_contacts_of_every_channel_stand_in_one_inbox_sorted_by_due_time(database: Database) -> None:
    inbox = inbox_of({"due": 90}, {}, {"due": -10, "channel": "mail"}, {"due": 30, "channel": "form"})
    ids = database.write(fill, inbox)
    shown = [each.id for each in database.read(finding.found, "ito", Criteria(), "due")]
    assert shown == [ids[2], ids[3], ids[0], ids[1]]


def test_sorted_by_waiting_the_longest_stands_first_and_by_time_the_newest_or_oldest(
    database: Database,
) -> None:
    ids = database.write(fill, inbox_of({"handed": 5}, {"handed": 50}, {"handed": 20}))
    first = {
        sort: database.read(finding.found, "ito", Criteria(), sort)[0].id
        for sort in ("waiting", "newest", "oldest")
    }  # type: ignore[arg-type]
    assert first == {"waiting": ids[1], "newest": ids[0], "oldest": ids[2]}


def test_counting_stops_where_nobody_reads_on(database: Database) -> None:
    database.write(fill, inbox_of({}, {}, {}))
    assert database.read(finding.count, "ito", Criteria(), most=2) == 2


def test_a_word_in_a_filter_is_a_word_and_no_pattern(database: Database) -> None:
    database.write(fill, inbox_of({"segments": ("member",), "kind": "return.refund_late"}))
    for wanted in (Criteria(segments=["m%r"]), Criteria(kinds=["%"]), Criteria(kinds=["re_urn"])):
        assert database.read(finding.found, "ito", wanted) == []
