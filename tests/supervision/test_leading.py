"""What those who lead change: status, contacts in hand, helping out; the agent hears who did it, and the log knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Invalid, NotAllowed, NotFound
from madoguchi.counter.routing import queries
from madoguchi.counter.supervision import leading
from madoguchi.counter.team import lending, notices
from madoguchi.engine.audit import audit
from tests.conftest import StillClock
from tests.routing.conftest import Desk
from tests.routing.conftest import _cheap_passwords as _cheap_passwords
from tests.routing.conftest import desk as desk
from tests.routing.conftest import quick_desk as quick_desk

HOUR = timedelta(hours=1)


def told(desk: Desk, agent: Actor) -> list[tuple[str, str]]:
    return [(each.kind, each.by_name) for each in desk.database.read(notices.unseen, agent.id)]


def logged(desk: Desk, agent: Actor) -> list[tuple[str, str]]:
    query = (
        select(audit)
        .where(audit.c.object_id == agent.id, audit.c.action != "agent.added")
        .order_by(audit.c.seq)
    )
    return [(row.action, row.actor_id) for row in desk.database.read(lambda tx: tx.all(query))]


def test_the_agent_is_told_who_changed_the_status(quick_desk: Desk) -> None:
    ito, mori = quick_desk.agent("ito"), quick_desk.agent("mori", roles=("agent", "supervisor"))
    quick_desk.database.write(leading.set_status_of, ito.id, "break", mori)
    assert quick_desk.database.read(queries.presence, ito.id, quick_desk.rules).status == "break"
    assert told(quick_desk, ito) == [("status_set", "mori")]
    assert logged(quick_desk, ito) == [("agent.status_set", mori.id)]
    quick_desk.database.write(leading.set_status_of, mori.id, "busy", mori)
    assert told(quick_desk, mori) == []


def test_an_agent_may_not_change_others(quick_desk: Desk) -> None:
    ito, kato = quick_desk.agent("ito"), quick_desk.agent("kato")
    with pytest.raises(NotAllowed):
        quick_desk.database.write(leading.set_status_of, kato.id, "offline", ito)
    with pytest.raises(NotAllowed):
        quick_desk.database.write(leading.put_back, kato.id, ito)


def test_what_somebody_holds_who_has_left_goes_back_and_is_offered_again(quick_desk: Desk) -> None:
    ito, mori = (
        quick_desk.agent("ito"),
        quick_desk.agent("mori", roles=("agent", "supervisor"), status="busy"),
    )
    contact_id = quick_desk.waiting("orders")
    quick_desk.offers()
    quick_desk.accept(contact_id, ito)
    assert quick_desk.database.write(leading.put_back, ito.id, mori) == [contact_id]
    assert quick_desk.contact(contact_id).owner_kind == "queue"
    assert told(quick_desk, ito) == [("contacts_moved", "mori")]


@pytest.mark.req("QUE-015")
def test_who_helps_out_is_offered_that_queue_until_the_end_and_no_longer(
    desk: Desk, clock: StillClock
) -> None:
    ito = desk.agent("ito", queues=("payments",))
    mori = desk.agent("mori", queues=("payments",), roles=("agent", "supervisor"), status="offline")
    desk.waiting("orders")
    assert desk.offers() == []
    desk.database.write(lambda tx: lending.lend(tx, ito.id, "orders", mori, lasts=HOUR))
    assert [offer.agent_id for offer in desk.offers()] == [ito.id]
    assert told(desk, ito) == [("lent", "mori")]
    clock.forward(minutes=61)
    assert desk.database.read(lending.loans) == []
    desk.waiting("orders")
    desk.database.write(
        lambda tx: tx.driver(
            "UPDATE agent_status SET last_seen_at = ?", (int(clock.now.timestamp() * 1e6),)
        ).close()
    )
    assert desk.offers() == []


def test_a_loan_can_end_early_be_prolonged_and_is_never_longer_than_a_day(
    quick_desk: Desk, clock: StillClock
) -> None:
    ito, mori = quick_desk.agent("ito", queues=("payments",)), quick_desk.agent("mori", roles=("supervisor",))
    lend = lambda hours: quick_desk.database.write(  # noqa: E731
        lambda tx: lending.lend(tx, ito.id, "orders", mori, lasts=timedelta(hours=hours))
    )
    lend(1)
    longer = lend(3)
    assert [each.until for each in quick_desk.database.read(lending.loans)] == [
        clock.now + timedelta(hours=3)
    ]
    quick_desk.database.write(lending.take_back, longer.id, mori)
    assert quick_desk.database.read(lending.lent_queues) == {}
    for hours in (0, 25):
        with pytest.raises(Invalid):
            lend(hours)
    with pytest.raises(NotFound):
        quick_desk.database.write(lending.take_back, "len_none", mori)


def test_a_notice_is_confirmed_by_the_one_it_is_for(quick_desk: Desk) -> None:
    ito, mori = quick_desk.agent("ito"), quick_desk.agent("mori", roles=("supervisor",))
    quick_desk.database.write(leading.set_status_of, ito.id, "break", mori)
    (notice,) = quick_desk.database.read(notices.unseen, ito.id)
    with pytest.raises(NotFound):
        quick_desk.database.write(notices.seen, notice.id, mori)
    quick_desk.database.write(notices.seen, notice.id, ito)
    quick_desk.database.write(notices.seen, notice.id, ito)
    assert told(quick_desk, ito) == []
