"""Versions of the rules: one drafts, another puts in force, everybody reads the one that holds; money follows it."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from madoguchi.counter.actors import Actor
from madoguchi.counter.orders.actions import CancelOrder, LineChoice, ReturnLines
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.rule_book import queries, service
from madoguchi.counter.orders.rule_book.book import RuleBook
from madoguchi.counter.orders.rule_book.model import RuleVersion, rule_version
from madoguchi.counter.orders.rule_book.writing import moved, nested, piece
from madoguchi.counter.orders.rules import laid_over
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Database, Transaction
from tests.orders.build import AGENT, CUSTOMER, FRESH, NUMBER, RULES, SUPERVISOR, delivered, order
from tests.orders.conftest import Customers, Journal
from tests.orders.shop_double import ShopOnABadLine

OTHER = Actor(kind="agent", id="agt_8", roles=frozenset({"supervisor"}))
OPERATOR = Actor(kind="agent", id="agt_7", roles=frozenset({"operator"}))
FIVE_DAYS = "returns.window_days = 5\n"
ONE_SHIRT = ReturnLines(lines=[LineChoice(line_id="L1", quantity=1)], reason="does_not_fit")


@pytest.fixture
def book(database: Database) -> RuleBook:
    return RuleBook(database, RULES)


@pytest.fixture
def desk(database: Database, shop: ShopOnABadLine, journal: Journal, book: RuleBook) -> OrderDesk:
    return OrderDesk(database, shop, book, Customers(), journal)


def draft(book_of: Database, text: str, by: Actor = SUPERVISOR) -> RuleVersion:
    seen = book_of.read(queries.number_in_force)
    return book_of.write(service.draft, by, text, "試す", seen=seen, file=RULES)


def change(database: Database, text: str) -> RuleVersion:
    """Draft it, and let somebody else put it in force."""
    made = draft(database, text)
    return database.write(service.put_in_force, OTHER, made.number, seen=made.revision, file=RULES)


def noted(database: Database) -> list[tuple[str, str]]:
    rows = database.read(
        lambda tx: tx.all(select(audit).where(audit.c.object_kind == "rules").order_by(audit.c.seq))
    )
    return [(row.action, row.actor_id) for row in rows]


@pytest.mark.req("RET-001")
def test_one_drafts_and_another_puts_in_force(database: Database, book: RuleBook) -> None:
    made = draft(database, FIVE_DAYS)
    assert book.rules.returns.window_days == 30
    with pytest.raises(NotAllowed, match="rules_need_another"):
        database.write(service.put_in_force, SUPERVISOR, made.number, seen=1, file=RULES)
    for nobody in (AGENT, OPERATOR, FRESH):
        with pytest.raises(NotAllowed, match="role_missing"):
            database.write(service.put_in_force, nobody, made.number, seen=1, file=RULES)
        with pytest.raises(NotAllowed, match="role_missing"):
            draft(database, FIVE_DAYS, nobody)
    assert book.edition.number == 1
    database.write(service.put_in_force, OTHER, made.number, seen=1, file=RULES)
    assert (book.edition.number, book.rules.returns.window_days) == (made.number, 5)
    assert [each.state for each in database.read(queries.newest)] == ["in_force", "superseded"]
    assert noted(database) == [("rules.drafted", "agt_9"), ("rules.put_in_force", "agt_8")]


@pytest.mark.req("RET-001")
def test_a_shop_of_one_may_say_that_one_person_is_enough(database: Database, book: RuleBook) -> None:
    made = draft(database, FIVE_DAYS)
    database.write(service.put_in_force, SUPERVISOR, made.number, seen=1, file=RULES, by_two=False)
    assert book.rules.returns.window_days == 5


@pytest.mark.req("RET-001")
def test_a_draft_that_cannot_be_used_is_refused_with_the_nearest_name(database: Database) -> None:
    with pytest.raises(Invalid, match="did you mean"):
        draft(database, "returns.window_day = 5")
    with pytest.raises(Invalid, match="why_missing"):
        database.write(service.draft, SUPERVISOR, FIVE_DAYS, " ", seen=1, file=RULES)
    assert len(database.read(queries.newest)) == 1


@pytest.mark.req("RET-001")
def test_nobody_puts_in_force_what_they_have_not_seen(database: Database) -> None:
    made = draft(database, FIVE_DAYS)
    database.write(
        service.redraft, SUPERVISOR, made.number, "returns.window_days = 1", "急ぐ", seen=1, file=RULES
    )
    with pytest.raises(Conflict, match="changed_meanwhile"):
        database.write(service.put_in_force, OTHER, made.number, seen=1, file=RULES)
    with pytest.raises(NotAllowed, match="rules_not_yours"):
        database.write(service.redraft, OTHER, made.number, FIVE_DAYS, "私も", seen=2, file=RULES)


@pytest.mark.req("RET-001")
def test_nobody_undoes_the_change_of_another_unawares(database: Database, book: RuleBook) -> None:
    stale = draft(database, FIVE_DAYS)
    change(database, "missing.after_days = 9\n")
    with pytest.raises(Conflict, match="rules_moved_on"):
        database.write(service.put_in_force, OTHER, stale.number, seen=1, file=RULES)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        database.write(service.draft, SUPERVISOR, FIVE_DAYS, "古い画面", seen=1, file=RULES)
    assert book.rules.missing.after_days == 9
    with pytest.raises(NotAllowed, match="rules_not_yours"):
        database.write(service.renew, OTHER, stale.number, seen=1, file=RULES)
    renewed = database.write(service.renew, SUPERVISOR, stale.number, seen=1, file=RULES)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        database.write(service.put_in_force, OTHER, stale.number, seen=1, file=RULES)
    database.write(service.put_in_force, OTHER, stale.number, seen=renewed.revision, file=RULES)
    assert (book.rules.missing.after_days, book.rules.returns.window_days) == (9, 5)


@pytest.mark.req("RET-001")
def test_a_draft_that_was_withdrawn_stays_so(database: Database) -> None:
    stale = draft(database, FIVE_DAYS)
    database.write(service.withdraw, SUPERVISOR, stale.number, seen=1)
    with pytest.raises(Conflict, match="draft_elsewhere"):
        database.write(service.put_in_force, OTHER, stale.number, seen=1, file=RULES)


@pytest.mark.req("RET-001")
def test_going_back_is_a_draft_like_any_other(database: Database, book: RuleBook) -> None:
    changed = change(database, FIVE_DAYS)
    back = database.write(service.go_back, SUPERVISOR, 1, "苦情が多い", seen=changed.number, file=RULES)
    assert (back.state, back.text, book.rules.returns.window_days) == ("draft", "", 5)
    database.write(service.put_in_force, OTHER, back.number, seen=1, file=RULES)
    assert book.rules == RULES


def test_the_database_itself_holds_no_second_version_in_force(database: Database) -> None:
    def second(tx: Transaction) -> None:
        row = tx.first(select(rule_version))
        assert row is not None
        tx.execute(insert(rule_version).values({**row._mapping, "number": 99}))

    with pytest.raises(IntegrityError):
        database.write(second)


def test_one_version_holds_for_the_length_of_a_turn(database: Database, book: RuleBook) -> None:
    with book.opened():
        assert book.rules.returns.window_days == 30
        change(database, FIVE_DAYS)
        with book.opened():
            assert book.rules.returns.window_days == 30
        assert book.reopen().rules.returns.window_days == 5
        assert book.rules.returns.window_days == 5
    change(database, "returns.window_days = 7\n")
    assert book.rules.returns.window_days == 7


Put = Callable[[Order], Order]


@pytest.mark.req("ORD-004", "RET-001")
def test_a_proposal_that_the_new_rules_see_alike_goes_on(
    desk: OrderDesk, put: Put, database: Database
) -> None:
    put(order())
    made = desk.propose(FRESH, NUMBER, CancelOrder())
    assert made.rules_version == 1
    version = change(database, "delivery.low = 3\n")
    done = desk.confirm(FRESH, made.id, "k")
    assert (done.state, done.rules_version) == ("done", version.number)


@pytest.mark.req("ORD-004", "RET-001")
def test_a_proposal_that_the_new_rules_refuse_does_nothing_and_says_why(
    desk: OrderDesk, put: Put, database: Database, shop: ShopOnABadLine
) -> None:
    put(delivered())
    made = desk.propose(FRESH, NUMBER, ONE_SHIRT)
    assert made.state == "offered"
    change(database, FIVE_DAYS)
    with pytest.raises(Conflict, match="rules_changed") as caught:
        desk.confirm(FRESH, made.id, "k")
    assert caught.value.params["verdict"] == "refused"
    assert caught.value.params["reasons"] == ["window_over"]
    found = shop.order(NUMBER)
    assert found is not None and not found.returns
    assert desk.proposal(FRESH, made.id).state == "expired"


@pytest.mark.req("ORD-004")
def test_an_approval_under_lower_limits_needs_whom_they_ask_for(
    desk: OrderDesk, put: Put, database: Database
) -> None:
    """An agent could have approved it yesterday; today the amount is a supervisor's."""
    put(delivered())
    change(database, "approval.assistant_limit.JPY = 0\n")
    made = desk.propose(FRESH, NUMBER, ONE_SHIRT)
    waiting = desk.confirm(FRESH, made.id, "k")
    assert waiting.state == "awaiting_approval"
    change(database, "approval.assistant_limit.JPY = 0\napproval.agent_limit.JPY = 0\n")
    with pytest.raises(NotAllowed, match="approval_needs_supervisor"):
        desk.approve(AGENT, made.id)
    assert desk.approve(SUPERVISOR, made.id).state == "done"


@pytest.mark.req("ORD-004")
def test_what_an_agent_offered_is_held_against_their_limit_of_today(
    desk: OrderDesk, put: Put, database: Database
) -> None:
    put(delivered())
    made = desk.propose(AGENT, NUMBER, ONE_SHIRT)
    assert made.decision.verdict == "allowed"
    change(database, "approval.agent_limit.JPY = 0\n")
    with pytest.raises(Conflict, match="rules_changed") as caught:
        desk.confirm(CUSTOMER, made.id, "k")
    assert caught.value.params["verdict"] == "needs_approval"


@pytest.mark.req("ORD-004")
def test_rules_that_change_while_a_confirmation_is_decided_are_the_ones_that_count(
    desk: OrderDesk, put: Put, database: Database, shop: ShopOnABadLine
) -> None:
    put(delivered())
    made = desk.propose(FRESH, NUMBER, ONE_SHIRT)
    asked, changes = shop.order, iter([FIVE_DAYS])

    def order_while_rules_change(number: str) -> Order | None:
        found = asked(number)
        for text in changes:
            change(database, text)
        return found

    shop.order = order_while_rules_change  # type: ignore[method-assign]
    with pytest.raises(Conflict, match="rules_changed"):
        desk.confirm(FRESH, made.id, "k")
    found = asked(NUMBER)
    assert found is not None and not found.returns


def test_rules_wait_for_a_reservation_that_was_made_under_the_ones_before(
    database: Database, book: RuleBook
) -> None:
    """On PostgreSQL both run at once: who reserves has the rules until its end, who comes after sees the new ones."""
    made = draft(database, FIVE_DAYS)
    ended: list[str] = []
    holds, goes_on = threading.Event(), threading.Event()

    def reserve(tx: Transaction) -> int:
        found = book.number_held(tx)
        holds.set()
        goes_on.wait(0.5)
        ended.append("reserved")
        return found

    def put() -> None:
        database.write(service.put_in_force, OTHER, made.number, seen=1, file=RULES)
        ended.append("in force")

    with ThreadPoolExecutor(2) as pool:
        reserving = pool.submit(database.write, reserve)
        assert holds.wait(5)
        putting = pool.submit(put)
        assert reserving.result(10) == 1
        putting.result(10)
    assert ended == ["reserved", "in force"]
    assert database.write(book.number_held) == made.number


# ── text ──────────────────────────────────────────────────────────────────────────────────────────

_texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12)
_plain = st.one_of(st.booleans(), st.integers(-(2**63), 2**63 - 1), _texts, st.dates())
_values = st.one_of(
    _plain, st.lists(_plain, max_size=3), st.lists(st.dictionaries(_texts, _plain, min_size=1), max_size=2)
)
_tables = st.recursive(
    st.dictionaries(_texts, _values, max_size=4), lambda inner: st.dictionaries(_texts, inner, max_size=3)
)


@given(_tables)
def test_what_is_written_is_read_as_it_was(values: dict[str, object]) -> None:
    assert tomllib.loads(piece(values)) == values


_flat_tables = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2))
_two_deep = st.dictionaries(st.sampled_from("xy"), _flat_tables.filter(bool))


@given(_two_deep, _two_deep, _two_deep)
def test_changes_are_brought_onto_other_rules_and_nothing_else(
    ours: dict[str, Any], base: dict[str, Any], onto: dict[str, Any]
) -> None:
    assert moved(ours, base, base) == ours
    assert moved(base, base, onto) == onto
    made = moved(ours, base, onto)
    for table in "xy":
        for key in "abcd":
            mine, before, there, after = (each.get(table, {}).get(key) for each in (ours, base, onto, made))
            assert after == (there if mine == before else mine)


def test_a_value_stands_under_its_key() -> None:
    both = laid_over(nested("returns.window_days", 14), nested("returns.classes.food.returnable", "no"))
    assert piece(both) == 'returns.window_days = 14\nreturns.classes.food.returnable = "no"\n'
    assert RULES.changed(piece(both)).returns.window_days == 14
