"""The ledger: dense, ordered, idempotent, one owner."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.counter.actors import ASSISTANT, Actor, Rung
from madoguchi.counter.contacts import events, queries, service
from madoguchi.counter.contacts.redaction import redact_values
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.engine.database import Database
from tests.conftest import StillClock

MISAKI = Actor(kind="customer", id="vis_misaki", customer_id="cus_1", rung=Rung.SIGNED_IN, name="佐藤 美咲")
STRANGER = Actor(kind="customer", id="vis_other", customer_id="cus_2", rung=Rung.SIGNED_IN)
ITO = Actor(kind="agent", id="agt_ito", name="伊藤", roles=frozenset({"agent"}))
KATO = Actor(kind="agent", id="agt_kato", name="加藤", roles=frozenset({"agent"}))


def open_one(database: Database, **more: object) -> str:
    contact = database.write(
        service.open_contact,
        actor=MISAKI,
        channel="chat",
        language="ja",
        **more,  # type: ignore[arg-type]
    )
    return contact.id


def say(
    database: Database, contact_id: str, text: str, key: str, actor: Actor = MISAKI, **more: object
) -> int:
    return database.write(
        service.say,
        contact_id,
        actor=actor,
        text=text,
        client_key=key,
        **more,  # type: ignore[arg-type]
    ).seq


@pytest.mark.req("HIS-004")
def test_sequence_numbers_are_dense_and_in_order(database: Database) -> None:
    contact_id = open_one(database)
    assert [say(database, contact_id, f"{n}", f"key-{n:08d}") for n in range(5)] == [2, 3, 4, 5, 6]
    assert [entry.seq for entry in database.read(queries.entries, contact_id)] == [1, 2, 3, 4, 5, 6]


def test_many_writers_at_once_leave_no_gap_and_no_double(database: Database) -> None:
    contact_id = open_one(database)
    with ThreadPoolExecutor(12) as pool:
        seqs = list(pool.map(lambda n: say(database, contact_id, f"{n}", f"key-{n:08d}"), range(60)))
    assert sorted(seqs) == list(range(2, 62))


def test_a_repeated_client_key_returns_the_first_entry(database: Database) -> None:
    contact_id = open_one(database)
    first = say(database, contact_id, "届きません", "key-00000001")
    assert say(database, contact_id, "届きません", "key-00000001") == first
    assert len(database.read(queries.entries, contact_id)) == 2


def test_a_client_key_with_other_words_is_a_conflict(database: Database) -> None:
    contact_id = open_one(database)
    say(database, contact_id, "届きません", "key-00000001")
    with pytest.raises(Conflict, match="client_key_reused"):
        say(database, contact_id, "届きました", "key-00000001")


def test_a_repeated_message_with_a_card_number_is_still_the_same_message(database: Database) -> None:
    contact_id = open_one(database)
    text = "カードは 4111 1111 1111 1111 です"
    assert say(database, contact_id, text, "key-00000001") == say(database, contact_id, text, "key-00000001")


def test_reading_after_a_cursor_gives_exactly_the_rest(database: Database) -> None:
    contact_id = open_one(database)
    for n in range(4):
        say(database, contact_id, f"{n}", f"key-{n:08d}")
    assert [entry.body["text"] for entry in database.read(queries.entries, contact_id, after=3)] == ["2", "3"]


@pytest.mark.req("HIS-010", "PRIV-002")
def test_another_customer_is_told_that_the_contact_does_not_exist(database: Database) -> None:
    contact_id = open_one(database)
    assert database.read(queries.visible, MISAKI, contact_id).id == contact_id
    with pytest.raises(NotFound):
        database.read(queries.visible, STRANGER, contact_id)
    with pytest.raises(NotFound):
        database.read(queries.visible, STRANGER, "con_does_not_exist")


def test_the_same_session_signed_out_no_longer_sees_a_known_customers_contact(database: Database) -> None:
    contact_id = open_one(database)
    with pytest.raises(NotFound):
        database.read(queries.visible, Actor(kind="customer", id="vis_misaki"), contact_id)


def test_opening_twice_with_one_key_opens_once(database: Database) -> None:
    assert open_one(database, client_key="open-0001") == open_one(database, client_key="open-0001")


def test_one_owner_wins_when_many_take_at_once(database: Database) -> None:
    contact_id = open_one(database)
    winners: list[str] = []
    barrier = threading.Barrier(8)

    def take(name: str) -> None:
        barrier.wait()
        try:
            database.write(service.set_owner, contact_id, "agent", name, 1)
            winners.append(name)
        except Conflict:
            pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, [f"agt_{n}" for n in range(8)]))
    assert len(winners) == 1
    owner = database.read(queries.get, contact_id)
    assert (owner.owner_id, owner.owner_version) == (winners[0], 2)


def test_an_agent_speaks_only_as_owner_with_the_version_seen(database: Database) -> None:
    contact_id = open_one(database)
    with pytest.raises(Invalid, match="owner_version_missing"):
        say(database, contact_id, "こんにちは", "key-00000001", ITO)
    owned = database.write(service.set_owner, contact_id, "agent", ITO.id, 1)
    with pytest.raises(Conflict, match="owner_changed"):
        say(database, contact_id, "こんにちは", "key-00000001", ITO, owner_version=1)
    assert (
        say(database, contact_id, "こんにちは", "key-00000001", ITO, owner_version=owned.owner_version) == 2
    )
    database.write(service.set_owner, contact_id, "agent", KATO.id, owned.owner_version)
    with pytest.raises(Conflict, match="owner_changed"):
        say(database, contact_id, "まだいます", "key-00000002", ITO, owner_version=owned.owner_version)


def test_the_assistant_answers_once_and_not_after_a_person_took_over(database: Database) -> None:
    contact_id = open_one(database)
    seq = say(database, contact_id, "届きません", "key-00000001")
    assert database.read(queries.owed_turns) == [contact_id]
    database.write(service.mark_answered, contact_id, seq, 1)
    assert database.read(queries.owed_turns) == []
    with pytest.raises(Conflict, match="turn_taken"):
        database.write(service.mark_answered, contact_id, seq, 1)
    later = say(database, contact_id, "まだです", "key-00000002")
    database.write(service.set_owner, contact_id, "agent", ITO.id, 1)
    with pytest.raises(Conflict, match="turn_taken"):
        database.write(service.mark_answered, contact_id, later, 1)


@pytest.mark.req("PRIV-003")
def test_a_card_number_is_gone_before_the_first_write(database: Database) -> None:
    contact_id = open_one(database)
    say(
        database, contact_id, "カードは４１１１-1111-1111-1111、注文は250-1234567-1234567です", "key-00000001"
    )
    (entry,) = database.read(queries.entries, contact_id, after=1)
    assert "1111" not in entry.body["text"]
    assert "250-1234567-1234567" in entry.body["text"]


@pytest.mark.req("CASE-011", "HND-014")
def test_a_word_after_the_resolution_opens_the_contact_again_with_the_same_owner(database: Database) -> None:
    contact_id = open_one(database)
    owned = database.write(service.set_owner, contact_id, "agent", ITO.id, 1)
    database.write(service.resolve, contact_id, ITO, owned.owner_version)
    say(database, contact_id, "まだ直っていません", "key-00000001")
    again = database.read(queries.get, contact_id)
    assert (again.state, again.owner_id) == ("open", ITO.id)
    kinds = [entry.kind for entry in database.read(queries.entries, contact_id)]
    assert kinds == [events.OPENED, events.RESOLVED, events.REOPENED, events.MESSAGE]


def test_nothing_is_said_after_the_end(database: Database) -> None:
    contact_id = open_one(database)
    database.write(service.end, contact_id, ASSISTANT, "customer_left")
    with pytest.raises(Conflict, match="contact_ended"):
        say(database, contact_id, "もしもし", "key-00000001")


def test_customers_do_not_read_internal_facts(database: Database) -> None:
    contact_id = open_one(database)
    database.write(service.append, contact_id, events.NOTE, {"text": "VIP"}, actor=ITO)
    assert [e.kind for e in database.read(queries.entries, contact_id, internal=False)] == [events.OPENED]


def test_a_failed_write_leaves_nothing_behind_for_those_that_share_its_commit(database: Database) -> None:
    contact_id = open_one(database)

    def fail(tx: object) -> None:
        service.append(tx, contact_id, events.NOTE, {"text": "never"}, actor=ITO)  # type: ignore[arg-type]
        raise RuntimeError("no")

    def attempt(n: int) -> None:
        if n % 2:
            with pytest.raises(RuntimeError):
                database.write(fail)
        else:
            say(database, contact_id, f"{n}", f"key-{n:08d}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(attempt, range(20)))
    entries = database.read(queries.entries, contact_id)
    assert [entry.seq for entry in entries] == list(range(1, 12))
    assert all(entry.kind != events.NOTE for entry in entries)


@pytest.mark.req("CH-039")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(min_size=1, max_size=4000).filter(lambda t: t.strip() and "\x00" not in t))
def test_what_is_said_is_what_is_read(sqlite_database: Database, text: str) -> None:
    contact_id = open_one(sqlite_database)
    text = text.encode("utf-8", "ignore").decode() or "x"
    if not text.strip():
        return
    say(sqlite_database, contact_id, text, "key-00000001")
    (entry,) = sqlite_database.read(queries.entries, contact_id, after=1)
    assert entry.body["text"] == redact_values(text)


def test_a_fresh_check_grows_old_with_the_customers_last_word(database: Database, clock: StillClock) -> None:
    fresh = Actor(kind="customer", id="vis_misaki", customer_id="cus_1", rung=Rung.FRESH)
    contact = database.write(service.open_contact, actor=fresh, channel="chat", language="ja")
    say(database, contact.id, "住所を変えたい", "key-00000001", fresh)
    window = timedelta(minutes=10)

    def now() -> Rung:
        return database.read(lambda tx: queries.rung_now(tx, queries.get(tx, contact.id), window))

    clock.forward(minutes=9)
    assert now() == Rung.FRESH
    clock.forward(minutes=2)
    assert now() == Rung.SIGNED_IN
