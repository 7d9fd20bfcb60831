"""A hold keeps a person or a case from erasure and retention until it ends; who set it and why is on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from madoguchi.counter.cases import queries as cases
from madoguchi.counter.contacts import queries
from madoguchi.counter.privacy import holds, service
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound
from tests.conftest import StillClock
from tests.privacy.conftest import AGENT, SUPERVISOR, Desk, actor_of, history, words

MINE = words(1)

pytestmark = pytest.mark.req("HIS-006", "PRIV-004")


def case_of(desk: Desk, contact_id: str) -> str:
    case_id = desk.database.read(queries.get, contact_id).case_id
    assert case_id is not None
    return desk.database.read(cases.get, case_id).label


def test_a_held_case_is_not_erased_and_the_rest_is(desk: Desk) -> None:
    owner = desk.customer("a")
    held, free = history(desk, owner, "vis_a", MINE), history(desk, owner, "vis_a2", MINE)
    number = case_of(desk, held)
    hold = desk.database.write(lambda tx: holds.set_hold(tx, SUPERVISOR, case=number, reason="dispute"))
    for kind in ("history", "everything"):
        with pytest.raises(Conflict, match="held"):
            desk.asks(actor_of(owner), kind)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="held"):
        desk.asks(actor_of(owner), "contact", contact_id=held)
    desk.done(desk.asks(actor_of(owner), "contact", contact_id=free))
    assert len(desk.database.read(queries.entries, free)) == 1
    desk.database.write(holds.lift, SUPERVISOR, hold.id)
    desk.done(desk.asks(actor_of(owner), "contact", contact_id=held))
    assert len(desk.database.read(queries.entries, held)) == 1


def test_a_hold_set_after_the_confirmation_still_stops_it(desk: Desk, clock: StillClock) -> None:
    owner = desk.customer("a")
    contact_id = history(desk, owner, "vis_a", MINE)
    wish = desk.asks(actor_of(owner), "history")
    hold = desk.database.write(
        lambda tx: holds.set_hold(tx, SUPERVISOR, customer_id=owner.id, reason="court")
    )
    clock.forward(days=2)
    assert desk.done(wish).state == "confirmed"
    assert len(desk.database.read(queries.entries, contact_id)) > 4
    desk.database.write(holds.lift, SUPERVISOR, hold.id)
    assert desk.done(wish).state == "done"


def test_a_hold_ends_by_itself(desk: Desk, clock: StillClock) -> None:
    owner = desk.customer("a")
    contact_id = history(desk, owner, "vis_a", MINE)
    until = clock() + timedelta(days=10)
    desk.database.write(
        lambda tx: holds.set_hold(tx, SUPERVISOR, customer_id=owner.id, reason="court", until=until)
    )
    with pytest.raises(Conflict):
        desk.asks(actor_of(owner), "contact", contact_id=contact_id)
    clock.forward(days=10)
    assert desk.database.read(holds.standing) == []
    assert desk.done(desk.asks(actor_of(owner), "contact", contact_id=contact_id)).state == "done"


def test_holds_are_for_those_who_may_erase_and_need_a_reason(desk: Desk) -> None:
    owner = desk.customer("a")
    with pytest.raises(NotAllowed):
        desk.database.write(lambda tx: holds.set_hold(tx, AGENT, customer_id=owner.id, reason="x"))
    with pytest.raises(Invalid):
        desk.database.write(lambda tx: holds.set_hold(tx, SUPERVISOR, customer_id=owner.id, reason=" "))
    with pytest.raises(Invalid):
        desk.database.write(lambda tx: holds.set_hold(tx, SUPERVISOR, reason="x"))
    with pytest.raises(NotFound):
        desk.database.write(lambda tx: holds.set_hold(tx, SUPERVISOR, case="C-99999", reason="x"))
    with pytest.raises(NotFound):
        desk.database.write(holds.lift, SUPERVISOR, "hold_none")
    assert desk.database.read(service.newest) == []
