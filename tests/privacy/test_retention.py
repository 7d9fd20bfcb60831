"""The night's round: what is too old goes, what is open or held stays, and the report proves it (PRIV-004, HIS-005)."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from madoguchi.channels.mail.model import received_mail
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases.model import case_file
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import attachment
from madoguchi.counter.privacy import holds, retention
from madoguchi.engine import audit, failpoints, outbox, sessions
from madoguchi.engine.failpoints import FailpointReached
from tests.conftest import StillClock
from tests.privacy.conftest import SUPERVISOR, Desk, actor_of, history, words

MINE, OTHERS = words(1), words(2)

pytestmark = pytest.mark.req("PRIV-004")
TOKYO = ZoneInfo("Asia/Tokyo")


def rows(desk: Desk, table: object) -> int:
    return int(desk.database.read(lambda tx: tx.scalar(select(func.count()).select_from(table))))  # type: ignore[arg-type]


@pytest.mark.req("HIS-005")
def test_after_181_days_a_contact_is_gone_from_history_and_storage(desk: Desk, clock: StillClock) -> None:
    owner = desk.customer("a")
    contact_id = history(desk, owner, "vis_a", MINE)
    clock.forward(days=179)
    desk.desk.retain(at_once=True)
    assert desk.database.read(queries.find, contact_id) is not None
    clock.forward(days=2)
    report = desk.desk.retain(at_once=True)
    assert report is not None and report.classes["contacts"]["removed"] == 1
    me = Actor(kind="customer", id="vis_a", customer_id=owner.id, rung=Rung.SIGNED_IN)
    assert desk.database.read(queries.of_actor, me) == []
    assert desk.database.read(queries.find, contact_id) is None and rows(desk, case_file) == 0
    if desk.database.is_sqlite:
        assert desk.holds(MINE) == {}


@pytest.mark.req("HIS-005")
def test_what_is_open_or_held_stays_however_old(desk: Desk, clock: StillClock) -> None:
    owner, held = desk.customer("a"), desk.customer("b")
    live = history(desk, owner, "vis_a", MINE, ended=False)
    kept = history(desk, held, "vis_b", OTHERS)
    hold = desk.database.write(lambda tx: holds.set_hold(tx, SUPERVISOR, customer_id=held.id, reason="court"))
    clock.forward(days=400)
    report = desk.desk.retain(at_once=True)
    assert report is not None and report.held == {"cases": 0, "customers": 1}
    for contact_id in (live, kept):
        assert len(desk.database.read(queries.entries, contact_id)) > 4
    assert rows(desk, attachment) == 2 and rows(desk, received_mail) == 2
    if desk.database.is_sqlite:
        assert f"PIXELS {MINE}" in desk.holds(f"PIXELS {MINE}")
        assert f"RAW {OTHERS}" in desk.holds(f"RAW {OTHERS}")
    desk.database.write(holds.lift, SUPERVISOR, hold.id)
    desk.desk.retain(at_once=True)
    assert desk.database.read(queries.find, kept) is None
    assert desk.database.read(queries.find, live) is not None


def test_each_kind_of_record_has_its_own_time(desk: Desk, clock: StillClock) -> None:
    owner = desk.customer("a")
    history(desk, owner, "vis_a", MINE)

    def fill(tx: object) -> None:
        outbox.put(tx, "x", {"done": True}, key="done")  # type: ignore[arg-type]
        outbox.cancel(tx, "done")  # type: ignore[arg-type]
        sessions.begin(tx, "customer", "vis_q", {}, timedelta(days=1))  # type: ignore[arg-type]

    desk.database.write(fill)
    seen: dict[str, int] = {}
    for age, days in ((3, 3), (43, 40), (143, 100), (213, 70)):
        clock.forward(days=days)
        report = desk.desk.retain(at_once=True)
        assert report is not None
        seen = {**dict.fromkeys(report.classes, age), **seen}
    assert {"sessions", "errands", "raw_mails", "contacts"} <= seen.keys()
    assert seen["sessions"] < seen["errands"] < seen["raw_mails"] < seen["contacts"]


def test_raw_mail_goes_before_its_contact(desk: Desk, clock: StillClock) -> None:
    owner = desk.customer("a")
    contact_id = history(desk, owner, "vis_a", MINE)
    clock.forward(days=91)
    report = desk.desk.retain(at_once=True)
    assert report is not None and report.classes["raw_mails"]["removed"] == 1
    assert len(desk.database.read(queries.entries, contact_id)) > 4
    assert desk.database.read(lambda tx: tx.scalar(select(received_mail.c.storage_key))) == ""
    if desk.database.is_sqlite:
        assert desk.holds(f"RAW {MINE}") == {} and desk.holds(f"PIXELS {MINE}") != {}


def test_the_audit_log_is_kept_for_its_years(desk: Desk, clock: StillClock) -> None:
    owner = desk.customer("a")
    desk.asks(actor_of(owner), "export")
    clock.forward(days=1094)
    desk.desk.retain(at_once=True)
    assert rows(desk, audit.audit) == 1
    clock.forward(days=2)
    desk.desk.retain(at_once=True)
    assert rows(desk, audit.audit) == 0


def test_it_runs_once_a_day_at_its_hour(desk: Desk, clock: StillClock) -> None:
    clock.now = clock.now.astimezone(TOKYO).replace(hour=2)
    assert desk.desk.retain() is None
    clock.forward(hours=1)
    report = desk.desk.retain()
    assert report is not None and report.id == clock().astimezone(TOKYO).date().isoformat()
    assert report.digest and report.ended_at is not None
    clock.forward(hours=5)
    assert desk.desk.retain() is None
    clock.forward(days=1)
    assert desk.desk.retain() is not None
    assert len(desk.database.read(retention.reports)) == 2


def test_a_round_that_was_cut_off_goes_on_and_counts_right(desk: Desk, clock: StillClock) -> None:
    owner = desk.customer("a")
    for n in range(3):
        history(desk, owner, f"vis_{n}", MINE)
    clock.forward(days=181)
    failpoints.arm("privacy.after_batch:4:raise")
    with pytest.raises(FailpointReached):
        desk.desk.retain(at_once=True)
    failpoints.arm(None)
    assert desk.desk.retain(at_once=True) is None, "somebody else has it until the lease is over"
    clock.forward(minutes=6)
    report = desk.desk.retain(at_once=True)
    assert report is not None and report.classes["contacts"]["removed"] == 3
    assert report.classes["cases"]["removed"] == 3


@pytest.mark.req("HIS-005")
def test_what_is_said_to_go_is_what_the_round_removes(desk: Desk, clock: StillClock) -> None:
    free, held = desk.customer("a"), desk.customer("b")
    history(desk, free, "vis_a", MINE)
    history(desk, held, "vis_b", OTHERS)
    desk.database.write(lambda tx: holds.set_hold(tx, SUPERVISOR, customer_id=held.id, reason="court"))

    def due() -> dict[str, retention.Due]:
        return {each.name: each for each in desk.database.read(retention.due, desk.settings)}

    clock.forward(days=desk.settings.history.keep_days - 3)
    assert (due()["contacts"].now, due()["contacts"].in_a_week) == (0, 1)
    clock.forward(days=4)
    said = due()
    assert (said["contacts"].now, said["contacts"].in_a_week) == (1, 1)
    report = desk.desk.retain(at_once=True)
    assert report is not None and report.classes["contacts"]["removed"] == said["contacts"].now
    assert {name for name, each in due().items() if each.now} <= {"exports"}
