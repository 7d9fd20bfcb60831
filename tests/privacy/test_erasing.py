"""Erasure of messages, a contact, the history, everything: nothing of it is left, all of others is (PRIV-005, HIS-006)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.actors import Rung
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.privacy import exporting, messages, service, ways
from madoguchi.counter.privacy.erasing import count_of
from madoguchi.counter.privacy.ways import Person
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from madoguchi.engine import failpoints
from madoguchi.engine.failpoints import FailpointReached
from tests.conftest import StillClock
from tests.privacy.conftest import AGENT, SUPERVISOR, Desk, actor_of, history, signed_in, words

MINE, OTHERS = words(1), words(2)

pytestmark = pytest.mark.req("PRIV-005")


def rows_of(desk: Desk, person: Person) -> dict[str, int]:
    where = ways.of_person(person)
    return {
        table.name: found
        for table, _ in ways.tables_of_people()
        if (found := desk.database.read(count_of, table, where))
    }


@pytest.mark.req("HIS-006")
def test_a_message_leaves_a_tombstone_with_actor_and_time(desk: Desk, clock: StillClock) -> None:
    owner = desk.customer("a")
    contact_id = history(desk, owner, "vis_a", MINE)
    said = [e for e in desk.database.read(queries.entries, contact_id) if e.kind == events.MESSAGE]
    clock.forward(hours=1)
    done = desk.done(
        desk.asks(SUPERVISOR, "messages", contact_id=contact_id, seqs=[said[0].seq, said[1].seq])
    )
    after = {e.seq: e for e in desk.database.read(queries.entries, contact_id)}
    stone = after[said[0].seq].body
    assert stone["text"] == "" and stone["erased"] == {"by": "agent", "at": clock().isoformat()}
    assert after[said[2].seq].body["text"] == f"{MINE} message number 2"
    fact = next(e for e in after.values() if e.kind == events.MESSAGE_ERASED)
    assert fact.author_id == SUPERVISOR.id and fact.body["seqs"] == [said[0].seq, said[1].seq]
    assert done.state == "done" and done.counts["ledger_entry"] == {"blanked": 2}


@pytest.mark.req("HIS-006")
def test_the_words_of_an_erased_message_are_nowhere(desk: Desk) -> None:
    owner = desk.customer("a")
    contact_id = history(desk, owner, "vis_a", MINE, messages=2)
    case_id = desk.database.read(queries.get, contact_id).case_id
    assert case_id is not None
    said = [e.seq for e in desk.database.read(queries.entries, contact_id) if e.kind == events.MESSAGE]
    desk.done(desk.asks(actor_of(owner), "messages", contact_id=contact_id, seqs=said))
    everything = repr(desk.database.read(queries.entries, contact_id))
    assert "message number" not in everything and MINE not in everything
    assert desk.database.read(cases.get, case_id).summary == {"words": ""}
    if desk.database.is_sqlite:
        assert f"{MINE} message" not in repr(desk.holds(f"{MINE} message")), desk.holds(f"{MINE} message")


@pytest.mark.req("HIS-006")
def test_a_contact_leaves_a_shell_with_one_fact(desk: Desk) -> None:
    owner = desk.customer("a")
    contact_id, other = history(desk, owner, "vis_a", MINE), history(desk, owner, "vis_a", OTHERS)
    desk.done(desk.asks(actor_of(owner), "contact", contact_id=contact_id))
    left = desk.database.read(queries.entries, contact_id)
    assert [(e.kind, e.author_kind, e.body) for e in left] == [
        (events.ERASED, "customer", {"by": "customer"})
    ]
    assert len(desk.database.read(queries.entries, other)) > 4
    assert desk.database.read(queries.get, contact_id).state == "ended"
    if desk.database.is_sqlite:
        assert desk.holds(MINE) == {} and OTHERS in desk.holds(OTHERS)


def test_the_whole_history_goes_and_the_account_stays(desk: Desk, clock: StillClock) -> None:
    owner, stranger = desk.customer("a"), desk.customer("b")
    for n in range(3):
        history(desk, owner, f"vis_{n}", MINE)
    history(desk, stranger, "vis_s", OTHERS)
    before = rows_of(desk, Person(stranger.id))
    wish = desk.asks(actor_of(owner), "history")
    assert desk.done(wish).state == "confirmed", "not before the customer could take it back"
    clock.forward(hours=24)
    done = desk.done(wish)
    assert done.state == "done" and done.digest and done.counts["contact"] == {"erased": 3}
    assert set(rows_of(desk, Person(owner.id))) <= {"customer", "privacy_request", "audit"}
    assert desk.database.read(customers.get, owner.id).email == owner.email
    assert rows_of(desk, Person(stranger.id)) == before
    if desk.database.is_sqlite:
        assert desk.holds(MINE) == {} and OTHERS in desk.holds(OTHERS)


def test_of_everything_only_numbers_are_left(desk: Desk, clock: StillClock) -> None:
    owner = desk.customer("zq7", name="山田 ゼロナナ")
    history(desk, owner, "vis_a", MINE)
    signed_in(desk, owner, MINE)
    wish = desk.asks(actor_of(owner), "everything")
    clock.forward(hours=24)
    done = desk.done(wish)
    assert done.customer_id is None and done.asked_by == "" and done.visitor_id == ""
    assert done.counts["ledger_entry"]["erased"] > 5 and done.counts["session"] == {"erased": 1}
    assert desk.database.read(customers.find, owner.id) is None
    desk.database.write(service.told, done.id)  # as after the notice has gone
    desk.database.scrub()
    if desk.database.is_sqlite:
        assert desk.holds(MINE, "ゼロナナ", "zq7@mail.example", "zq7市") == {}


def test_a_visitor_may_erase_what_this_session_did(desk: Desk, clock: StillClock) -> None:
    visitor = actor_of(desk.customer("x"), Rung.ORDER)
    nobody = visitor.on_behalf_of(None, Rung.ORDER, frozenset({"503-1"}))
    contact_id = history(desk, None, nobody.id, MINE)
    history(desk, None, "vis_other", OTHERS)
    wish = desk.asks(nobody, "history")
    clock.forward(hours=24)
    desk.done(wish)
    assert desk.database.read(queries.find, contact_id) is None
    if desk.database.is_sqlite:
        assert desk.holds(MINE) == {} and OTHERS in desk.holds(OTHERS)


@pytest.mark.parametrize("place", ["privacy.between_files_and_rows", "privacy.after_batch"])
@pytest.mark.parametrize("nth", [1, 3, 6])
def test_cut_off_anywhere_it_goes_on_and_counts_right(
    desk: Desk, clock: StillClock, place: str, nth: int
) -> None:
    owner = desk.customer("a")
    history(desk, owner, "vis_a", MINE)
    expected = desk.database.read(exporting.count, Person(owner.id))["ledger_entry"]
    wish = desk.asks(actor_of(owner), "history")
    clock.forward(hours=24)
    failpoints.arm(f"{place}:{nth}:raise")
    with pytest.raises(FailpointReached):
        desk.desk.do_next()
    failpoints.arm(None)
    assert desk.desk.do_next() is None, "somebody else has it until the lease is over"
    clock.forward(minutes=3)
    done = desk.done(wish)
    assert done.state == "done" and done.counts["ledger_entry"] == {"erased": expected}
    assert desk.database.read(exporting.count, Person(owner.id)).keys() <= {"customer", "audit"}


def test_asking_changes_nothing_and_confirming_needs_a_fresh_check(desk: Desk) -> None:
    owner = desk.customer("a")
    contact_id = history(desk, owner, "vis_a", MINE)
    stale = actor_of(owner, Rung.SIGNED_IN)
    wish = desk.database.write(service.ask, stale, "contact", contact_id=contact_id)
    assert desk.desk.do_next() is None
    with pytest.raises(SignInNeeded):
        desk.database.write(service.confirm, stale, wish.id, desk.settings.privacy)
    assert len(desk.database.read(queries.entries, contact_id)) > 4


def test_it_can_be_taken_back_until_it_begins(desk: Desk, clock: StillClock) -> None:
    owner = desk.customer("a")
    contact_id = history(desk, owner, "vis_a", MINE)
    wish = desk.asks(actor_of(owner), "history")
    desk.database.write(service.withdraw, actor_of(owner), wish.id)
    clock.forward(days=3)
    assert desk.done(wish).state == "withdrawn"
    assert len(desk.database.read(queries.entries, contact_id)) > 4
    with pytest.raises(Conflict):
        desk.database.write(service.confirm, actor_of(owner), wish.id, desk.settings.privacy)


@pytest.mark.req("HIS-010", "PRIV-002")
def test_nobody_erases_what_is_not_theirs(desk: Desk) -> None:
    owner, stranger = desk.customer("a"), desk.customer("b")
    contact_id = history(desk, owner, "vis_a", MINE)
    with pytest.raises(NotFound):
        desk.database.write(service.ask, actor_of(stranger), "contact", contact_id=contact_id)
    with pytest.raises(NotAllowed):
        desk.database.write(service.ask, AGENT, "contact", contact_id=contact_id)
    wish = desk.database.write(service.ask, actor_of(owner), "contact", contact_id=contact_id)
    for other in (actor_of(stranger), AGENT):
        with pytest.raises(NotFound):
            desk.database.write(service.confirm, other, wish.id, desk.settings.privacy)


@pytest.mark.req("HIS-006")
@given(
    said=st.text(alphabet="あいうabc 、", min_size=17, max_size=60)
    .map(str.strip)
    .filter(lambda text: len(text) > 16),
    before=st.text(alphabet="xyz「", max_size=5),
    shortened=st.integers(16, 60),
)
def test_a_quotation_is_cut_out_whole_or_shortened(said: str, before: str, shortened: int) -> None:
    assert said not in messages._cut(f"{before}{said}{before}", [said])
    assert said[:16] not in messages._cut(f"{before}{said[:shortened]}…", [said])
    assert messages._cut(before, [said]) == before
    other = f"{said[:16]}ZZZ is another sentence"
    assert messages._cut(other, [said]) == other, "what only begins alike is not a quotation"


def test_staff_neither_confirm_nor_stop_what_a_customer_has_begun(desk: Desk) -> None:
    owner = desk.customer("a")
    contact_id = history(desk, owner, "vis_a", MINE)
    wish = desk.database.write(service.ask, actor_of(owner), "contact", contact_id=contact_id)
    with pytest.raises(NotAllowed):
        desk.database.write(service.confirm, SUPERVISOR, wish.id, desk.settings.privacy)
    with pytest.raises(NotAllowed):
        desk.database.write(service.withdraw, SUPERVISOR, wish.id)
    assert desk.done(wish).state == "asked"


def test_only_messages_are_erased_one_by_one(desk: Desk) -> None:
    owner = desk.customer("a")
    contact_id = history(desk, owner, "vis_a", MINE)
    opened = next(e for e in desk.database.read(queries.entries, contact_id) if e.kind == events.OPENED)
    for seqs in ([opened.seq], [9999], []):
        with pytest.raises(Invalid):
            desk.database.write(service.ask, actor_of(owner), "messages", contact_id=contact_id, seqs=seqs)
