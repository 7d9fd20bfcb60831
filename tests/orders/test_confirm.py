"""Propose and confirm against a real shop on a bad line: once, on what was seen, with an end that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from madoguchi.connectors.embedded.fulfilment import Moved, ReturnMoved, Shipped, fulfil
from madoguchi.connectors.embedded.model import shop_effect
from madoguchi.counter.orders.actions import (
    Action,
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    ExchangeLine,
    LineChange,
    LineChoice,
    RefundMissing,
    ReshipMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Conflict, NotAllowed, NotFound, SignInNeeded
from madoguchi.engine import failpoints
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Database
from madoguchi.engine.failpoints import FailpointReached
from madoguchi.engine.outbox import outbox
from tests.conftest import StillClock
from tests.orders.build import (
    AGENT,
    BOT,
    CUSTOMER,
    FRESH,
    GUEST,
    HOME,
    NUMBER,
    STRANGER,
    SUPERVISOR,
    UNBOUND_AGENT,
    codes,
    delivered,
    line,
    order,
    shipped,
)
from tests.orders.conftest import Journal
from tests.orders.shop_double import ShopOnABadLine

Put = Callable[[Order], Order]
OFFICE = HOME.model_copy(update={"line1": "丸の内9-9"})
SHIRT_BACK = ReturnLines(lines=[LineChoice(line_id="L1", quantity=1)], reason="defective")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The races run on both kinds; here one is enough."""
    return sqlite_database


@pytest.fixture(autouse=True)
def disarm() -> Iterator[None]:
    yield
    failpoints.arm(None)


def deeds(database: Database) -> int:
    return int(database.read(lambda tx: tx.scalar(select(func.count()).select_from(shop_effect))))


def stored(shop: ShopOnABadLine) -> Order:
    found = shop.order(NUMBER)
    assert found is not None
    return found


# ── once ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_confirmed_cancellation_is_done_and_everybody_is_told(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, journal: Journal, database: Database
) -> None:
    put(order())
    proposal = desk.propose(CUSTOMER, NUMBER, CancelOrder(), contact_id="con_1")
    assert proposal.state == "offered"
    assert stored(shop).state == "processing"
    done = desk.confirm(CUSTOMER, proposal.id, "key-1")
    assert done.state == "done"
    assert done.receipt is not None
    assert done.receipt["reference"]
    after = stored(shop)
    assert (after.state, after.refunded) == ("cancelled", 9500)
    assert journal.of(proposal.id) == ["proposal.made", "proposal.confirmed", "proposal.done"]
    mails = database.read(lambda tx: tx.all(select(outbox.c.payload).where(outbox.c.topic == "order.done")))
    assert [row.payload for row in mails] == [{"proposal_id": proposal.id}]
    trail = database.read(lambda tx: tx.all(select(audit.c.action).where(audit.c.object_id == proposal.id)))
    assert [row.action for row in trail] == ["proposal.offered", "proposal.confirmed", "proposal.done"]


@pytest.mark.req("ORD-018")
def test_a_second_confirm_returns_the_first_receipt(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, database: Database
) -> None:
    put(shipped(order(), "lost"))
    proposal = desk.propose(BOT, NUMBER, RefundMissing())
    first = desk.confirm(CUSTOMER, proposal.id, "key-1")
    assert desk.confirm(CUSTOMER, proposal.id, "key-1") == first
    assert desk.confirm(CUSTOMER, proposal.id, "another key") == first
    assert deeds(database) == 1
    assert shop.asked[proposal.id] == 1
    assert stored(shop).refunded == 9500


def test_a_key_belongs_to_one_proposal(desk: OrderDesk, put: Put) -> None:
    put(order())
    put(order(number="503-0000002-0000002"))
    first = desk.propose(CUSTOMER, NUMBER, CancelOrder())
    second = desk.propose(CUSTOMER, "503-0000002-0000002", CancelOrder())
    desk.confirm(CUSTOMER, first.id, "key-1")
    with pytest.raises(Conflict) as caught:
        desk.confirm(CUSTOMER, second.id, "key-1")
    assert caught.value.code == "key_reused"


def test_a_refused_proposal_is_kept_with_its_reasons_and_cannot_be_confirmed(
    desk: OrderDesk, put: Put, journal: Journal
) -> None:
    put(shipped(order()))
    proposal = desk.propose(CUSTOMER, NUMBER, CancelOrder())
    assert proposal.state == "refused"
    assert codes(desk.proposal(CUSTOMER, proposal.id).decision) == ["already_shipped"]
    assert journal.of(proposal.id) == []
    with pytest.raises(Conflict) as caught:
        desk.confirm(CUSTOMER, proposal.id, "key-1")
    assert caught.value.code == "proposal_not_open"


# ── on what was seen ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("RET-016")
def test_a_parcel_that_left_in_between_wins_and_the_new_proposal_says_why(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, database: Database
) -> None:
    put(order())
    proposal = desk.propose(CUSTOMER, NUMBER, CancelOrder())
    fulfil(database, NUMBER, Shipped(carrier="ヤマト運輸"))
    with pytest.raises(Conflict) as caught:
        desk.confirm(CUSTOMER, proposal.id, "key-1")
    assert caught.value.code == "proposal_outdated"
    assert desk.proposal(CUSTOMER, proposal.id).state == "expired"
    assert deeds(database) == 0
    assert codes(desk.propose(CUSTOMER, NUMBER, CancelOrder()).decision) == ["already_shipped"]


def test_a_parcel_that_leaves_while_the_shop_is_being_told_wins_too(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, database: Database
) -> None:
    put(order())
    proposal = desk.propose(CUSTOMER, NUMBER, CancelOrder())
    shop.before = partial(fulfil, database, NUMBER, Shipped())
    failed = desk.confirm(CUSTOMER, proposal.id, "key-1")
    assert failed.state == "failed"
    assert failed.receipt is not None
    assert [reason["code"] for reason in failed.receipt["reasons"]] == ["order_changed"]
    assert (stored(shop).state, stored(shop).refunded) == ("shipped", 0)


def test_a_proposal_ends_after_its_minutes(desk: OrderDesk, put: Put, clock: StillClock) -> None:
    put(order())
    proposal = desk.propose(CUSTOMER, NUMBER, CancelOrder())
    clock.forward(minutes=15)
    assert proposal.expires_at == clock.now
    clock.forward(seconds=1)
    with pytest.raises(Conflict, match="proposal_outdated"):
        desk.confirm(CUSTOMER, proposal.id, "key-1")


def test_a_window_that_closed_in_between_counts(desk: OrderDesk, put: Put, clock: StillClock) -> None:
    put(delivered())
    clock.now = clock.now.replace(
        month=12, day=10, hour=14, minute=55
    )  # five minutes left of day 30 in Tokyo
    back = ReturnLines(lines=[LineChoice(line_id="L1", quantity=1)], reason="no_longer_wanted")
    proposal = desk.propose(CUSTOMER, NUMBER, back)
    assert proposal.decision.allowed
    clock.forward(minutes=6)
    with pytest.raises(Conflict, match="proposal_outdated"):
        desk.confirm(CUSTOMER, proposal.id, "key-1")


def test_a_withdrawn_proposal_stays_withdrawn(desk: OrderDesk, put: Put, journal: Journal) -> None:
    put(order())
    proposal = desk.propose(CUSTOMER, NUMBER, CancelOrder())
    assert desk.withdraw(CUSTOMER, proposal.id).state == "withdrawn"
    assert journal.of(proposal.id) == ["proposal.made", "proposal.withdrawn"]
    with pytest.raises(Conflict, match="proposal_not_open"):
        desk.confirm(CUSTOMER, proposal.id, "key-1")


# ── with an end that is known ─────────────────────────────────────────────────────────────────────


def test_a_lost_answer_is_asked_for_and_never_tried_again(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, clock: StillClock, database: Database
) -> None:
    put(order())
    proposal = desk.propose(CUSTOMER, NUMBER, CancelOrder())
    shop.lose_answers = True
    assert desk.confirm(CUSTOMER, proposal.id, "key-1").state == "unknown"
    assert desk.confirm(CUSTOMER, proposal.id, "key-2").state == "unknown"
    assert desk.resolve_unknown() == 0  # too young: somebody may still be at it
    clock.forward(minutes=2)
    assert desk.resolve_unknown() == 1
    assert desk.proposal(CUSTOMER, proposal.id).state == "done"
    assert shop.asked[proposal.id] == 1
    assert deeds(database) == 1


def test_a_shop_that_was_never_reached_has_done_nothing(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, clock: StillClock
) -> None:
    put(order())
    proposal = desk.propose(CUSTOMER, NUMBER, CancelOrder())
    shop.down = True
    assert desk.confirm(CUSTOMER, proposal.id, "key-1").state == "unknown"
    clock.forward(minutes=2)
    assert desk.resolve_unknown() == 0  # still no line: nobody knows
    shop.down = False
    assert desk.resolve_unknown() == 1
    failed = desk.proposal(CUSTOMER, proposal.id)
    assert failed.state == "failed"
    assert failed.receipt == {"reasons": [{"code": "not_carried_out", "rule": "", "params": {}}]}
    assert stored(shop).refunded == 0


def test_while_an_end_is_unknown_nothing_else_happens_to_the_order(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put
) -> None:
    put(order())
    first = desk.propose(CUSTOMER, NUMBER, CancelOrder(lines=[LineChoice(line_id="L2", quantity=1)]))
    second = desk.propose(CUSTOMER, NUMBER, CancelOrder(lines=[LineChoice(line_id="L2", quantity=2)]))
    shop.down = True
    desk.confirm(CUSTOMER, first.id, "key-1")
    shop.down = False
    with pytest.raises(Conflict, match="order_busy"):
        desk.confirm(CUSTOMER, second.id, "key-2")
    assert desk.proposal(CUSTOMER, second.id).state == "offered"


@pytest.mark.parametrize(
    ("place", "ends_as", "deeds_done"),
    [("orders.confirm.reserved", "failed", 0), ("orders.confirm.performed", "done", 1)],
)
def test_a_process_that_dies_on_the_way_leaves_an_end_that_can_be_found(
    desk: OrderDesk,
    put: Put,
    clock: StillClock,
    database: Database,
    place: str,
    ends_as: str,
    deeds_done: int,
) -> None:
    put(order())
    proposal = desk.propose(CUSTOMER, NUMBER, CancelOrder())
    failpoints.arm(f"{place}:1:raise")
    with pytest.raises(FailpointReached):
        desk.confirm(CUSTOMER, proposal.id, "key-1")
    failpoints.arm(None)
    assert desk.proposal(CUSTOMER, proposal.id).state == "executing"
    clock.forward(minutes=2)
    assert desk.resolve_unknown() == 1
    assert desk.proposal(CUSTOMER, proposal.id).state == ends_as
    assert deeds(database) == deeds_done


def test_what_the_shop_did_after_all_is_done(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, clock: StillClock
) -> None:
    """A very slow answer arrives after the deed was given up: the shop's word counts."""
    put(order())
    proposal = desk.propose(CUSTOMER, NUMBER, CancelOrder())

    def given_up_meanwhile() -> None:
        clock.forward(minutes=2)
        assert desk.resolve_unknown() == 1
        assert desk.proposal(CUSTOMER, proposal.id).state == "failed"

    shop.before = given_up_meanwhile
    assert desk.confirm(CUSTOMER, proposal.id, "key-1").state == "done"
    assert stored(shop).state == "cancelled"


# ── who ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("actor", [STRANGER, GUEST.on_behalf_of(None, GUEST.rung, frozenset())])
def test_somebody_elses_order_is_not_there(desk: OrderDesk, put: Put, actor: object) -> None:
    put(order())
    for number in (NUMBER, "503-9999999-9999999"):
        with pytest.raises(NotFound) as caught:
            desk.order(actor, number)  # type: ignore[arg-type]
        assert (caught.value.code, caught.value.params) == ("order_not_found", {})


def test_somebody_elses_proposal_is_not_there_either(desk: OrderDesk, put: Put) -> None:
    put(order())
    proposal = desk.propose(CUSTOMER, NUMBER, CancelOrder())
    for ask in (desk.proposal, desk.withdraw):
        with pytest.raises(NotFound):
            ask(STRANGER, proposal.id)
    with pytest.raises(NotFound):
        desk.confirm(STRANGER, proposal.id, "key-1")


def test_an_order_number_with_its_code_shows_the_order_and_does_not_change_it(
    desk: OrderDesk, put: Put
) -> None:
    put(order())
    assert desk.order(GUEST, NUMBER).number == NUMBER
    assert [found.number for found in desk.orders(GUEST)] == [NUMBER]
    assert codes(desk.propose(GUEST, NUMBER, CancelOrder()).decision) == ["identity"]


def test_a_fresh_check_that_ran_out_is_asked_for_again_and_the_proposal_waits(
    desk: OrderDesk, put: Put
) -> None:
    put(order())
    proposal = desk.propose(FRESH, NUMBER, ChangeAddress(address=OFFICE))
    with pytest.raises(SignInNeeded) as caught:
        desk.confirm(CUSTOMER, proposal.id, "key-1")
    assert caught.value.params == {"rung": 3}
    assert desk.confirm(FRESH, proposal.id, "key-2").state == "done"


def test_an_agent_acts_only_for_the_customer_who_was_verified_for_this_order(
    desk: OrderDesk, put: Put
) -> None:
    put(order(customer_ref="C2"))
    assert desk.order(AGENT, NUMBER).number == NUMBER
    assert codes(desk.propose(AGENT, NUMBER, CancelOrder()).decision) == ["identity"]
    assert codes(desk.propose(UNBOUND_AGENT, NUMBER, CancelOrder()).decision) == ["identity"]


def test_only_staff_search(desk: OrderDesk, put: Put) -> None:
    put(shipped(order()))
    assert [found.number for found in desk.search(UNBOUND_AGENT, "503-0000001")] == [NUMBER]
    assert [found.number for found in desk.search(UNBOUND_AGENT, "440000000001")] == [NUMBER]
    with pytest.raises(NotAllowed):
        desk.search(CUSTOMER, "503")


# ── approval ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("ORD-018")
def test_above_the_limit_a_confirmation_waits_until_an_agent_approves(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, journal: Journal
) -> None:
    put(shipped(order(line(quantity=4)), "lost"))
    proposal = desk.propose(BOT, NUMBER, RefundMissing())
    waiting = desk.confirm(CUSTOMER, proposal.id, "key-1")
    assert waiting.state == "awaiting_approval"
    assert desk.confirm(CUSTOMER, proposal.id, "key-1").state == "awaiting_approval"
    assert stored(shop).refunded == 0
    assert [found.id for found in desk.awaiting_approval(UNBOUND_AGENT)] == [proposal.id]
    with pytest.raises(NotAllowed):
        desk.approve(CUSTOMER, proposal.id)
    done = desk.approve(UNBOUND_AGENT, proposal.id)
    assert (done.state, done.approved_by) == ("done", "agt_1")
    assert stored(shop).refunded == 12500
    assert journal.of(proposal.id)[1:] == ["proposal.approval_asked", "proposal.approved", "proposal.done"]


@pytest.mark.req("ORD-018")
def test_above_the_agents_limit_only_a_supervisor_approves(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put
) -> None:
    put(shipped(order(line(quantity=1, unit_price=40000)), "lost"))
    by_agent = desk.propose(AGENT, NUMBER, RefundMissing())
    assert desk.confirm(AGENT, by_agent.id, "key-1").state == "awaiting_approval"
    with pytest.raises(NotAllowed, match="approval_needs_supervisor"):
        desk.approve(UNBOUND_AGENT, by_agent.id)
    assert desk.awaiting_approval(UNBOUND_AGENT) == []
    assert desk.approve(SUPERVISOR, by_agent.id).state == "done"
    assert stored(shop).refunded == 40500


def test_an_approval_that_comes_too_late_changes_nothing_and_the_customer_is_told(
    desk: OrderDesk, put: Put, database: Database, journal: Journal
) -> None:
    put(shipped(order(line(quantity=4)), "lost"))
    proposal = desk.propose(CUSTOMER, NUMBER, RefundMissing())
    desk.confirm(CUSTOMER, proposal.id, "key-1")
    fulfil(database, NUMBER, Moved("delivered"))
    with pytest.raises(Conflict, match="proposal_outdated"):
        desk.approve(SUPERVISOR, proposal.id)
    assert desk.proposal(CUSTOMER, proposal.id).state == "failed"
    assert journal.of(proposal.id)[-1] == "proposal.failed"


def test_an_agents_proposal_may_be_confirmed_by_the_customer(desk: OrderDesk, put: Put) -> None:
    put(shipped(order(), "delivered"))
    proposal = desk.propose(AGENT, NUMBER, ReshipMissing(parcel_id="S1"))
    assert proposal.decision.verdict == "allowed"  # said delivered: for a person to decide
    assert desk.confirm(CUSTOMER, proposal.id, "key-1").state == "done"


# ── whole ways ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.req("RET-007")
def test_a_return_goes_from_request_to_refund_without_staff(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, database: Database, clock: StillClock
) -> None:
    put(delivered())
    proposal = desk.propose(CUSTOMER, NUMBER, SHIRT_BACK)
    assert desk.confirm(CUSTOMER, proposal.id, "key-1").state == "done"
    record = stored(shop).returns[0]
    seen = [record.state]
    assert desk.refund_status(CUSTOMER, NUMBER)[0].stage == "awaiting_goods"
    for step in ("in_transit", "received", "refunded"):
        clock.forward(days=1)
        fulfil(database, NUMBER, ReturnMoved(record.id, step))
        seen.append(stored(shop).returns[0].state)
        if step == "received":
            status = desk.refund_status(CUSTOMER, NUMBER)[0]
            assert (status.stage, status.started_at) == ("checking", clock.now)
    assert seen == ["label", "in_transit", "received", "refunded"]
    after = stored(shop)
    assert after.refunded == proposal.decision.refund == 3000
    status = desk.refund_status(CUSTOMER, NUMBER)[0]
    assert (status.amount, status.tender) == (3000, "card")
    assert status.statement_by is not None


def test_a_refund_past_its_last_day_is_late_and_before_it_is_not(
    desk: OrderDesk, put: Put, clock: StillClock
) -> None:
    put(order())
    desk.confirm(CUSTOMER, desk.propose(CUSTOMER, NUMBER, CancelOrder()).id, "key-1")
    status = desk.refund_status(CUSTOMER, NUMBER)[0]
    assert status.latest is not None
    assert status.statement_by is not None
    assert not status.late
    clock.forward(days=(status.statement_by - clock.now.date()).days)
    assert not desk.refund_status(CUSTOMER, NUMBER)[0].late
    clock.forward(days=1)
    assert desk.refund_status(CUSTOMER, NUMBER)[0].late


@pytest.mark.req("RET-019")
def test_return_cancellation_and_a_lost_parcel_need_nobody_at_the_desk(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put
) -> None:
    wishes: list[tuple[Order, Action, str]] = [
        (order(number="503-0000001-0000011"), CancelOrder(), "cancelled"),
        (delivered(number="503-0000001-0000012"), SHIRT_BACK, "delivered"),
        (shipped(order(number="503-0000001-0000013"), "lost"), ReshipMissing(), "shipped"),
    ]
    for of, action, state in wishes:
        put(of)
        proposal = desk.propose(BOT, of.number, action)
        assert desk.confirm(CUSTOMER, proposal.id, f"key-{of.number}").state == "done"
        after = shop.order(of.number)
        assert after is not None
        assert (after.state, after.version) == (state, 2)
    assert desk.awaiting_approval(SUPERVISOR) == []


@pytest.mark.req("ORD-013")
def test_another_quantity_is_carried_out_by_the_shop_and_the_difference_given_back(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put
) -> None:
    put(order())
    action = ChangeLines(changes=[LineChange(line_id="L1", quantity=1)])
    proposal = desk.propose(CUSTOMER, NUMBER, action)
    assert desk.confirm(CUSTOMER, proposal.id, "key-1").state == "done"
    after = stored(shop)
    assert after.lines[0].active == 1
    assert after.refunded == proposal.decision.refund == 3000


@pytest.mark.req("ORD-008")
def test_a_new_address_is_on_the_order_and_after_shipment_the_old_one_stays(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put, database: Database
) -> None:
    put(order())
    first = desk.propose(FRESH, NUMBER, ChangeAddress(address=OFFICE))
    desk.confirm(FRESH, first.id, "key-1")
    assert stored(shop).address == OFFICE
    fulfil(database, NUMBER, Shipped())
    assert codes(desk.propose(FRESH, NUMBER, ChangeAddress(address=HOME)).decision) == ["shipped_ask_carrier"]
    assert stored(shop).address == OFFICE


def test_an_exchange_takes_the_new_piece_from_the_stock(
    desk: OrderDesk, shop: ShopOnABadLine, put: Put
) -> None:
    put(delivered())
    action = ExchangeLine(line_id="L1", sku="shirt-l", reason="does_not_fit")
    desk.confirm(CUSTOMER, desk.propose(CUSTOMER, NUMBER, action).id, "key-1")
    again = desk.propose(CUSTOMER, NUMBER, action)
    assert codes(again.decision)[-1] == "out_of_stock"
    assert stored(shop).returns[0].wish == "exchange"


def test_possible_says_for_every_action_whether_and_why(desk: OrderDesk, put: Put) -> None:
    put(order())
    found = desk.possible(CUSTOMER, NUMBER)
    assert found["cancel"].allowed
    assert found["change_lines"].allowed
    assert codes(found["return"]) == ["not_shipped_cancel_instead"]
    assert codes(found["change_address"]) == ["identity"]
    assert desk.possible_by_line(CUSTOMER, NUMBER)["L2"]["cancel"].allowed


def test_old_deeds_without_an_end_are_the_only_ones_asked_for(desk: OrderDesk, put: Put) -> None:
    put(order())
    desk.propose(CUSTOMER, NUMBER, CancelOrder())
    assert desk.resolve_unknown(timedelta(0)) == 0
