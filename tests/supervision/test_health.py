"""The house's own parts: each that does not work rings once, with its own threshold, and ends by itself when it works again."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, update

from madoguchi.assistant.model import calls as model_calls
from madoguchi.assistant.model.calls import Call, model_call
from madoguchi.counter.callbacks.model import callback_call
from madoguchi.counter.contacts.model import webhook
from madoguchi.counter.supervision import alerts
from madoguchi.counter.supervision.facts import Elsewhere
from madoguchi.counter.supervision.health import CHAT, part_of
from madoguchi.counter.supervision.model import AlertRule
from madoguchi.counter.supervision.wording import alert_text
from madoguchi.engine import outbox as errands
from madoguchi.engine import pulse
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import outbox
from tests.conftest import StillClock
from tests.routing.conftest import Desk
from tests.routing.conftest import _cheap_passwords as _cheap_passwords
from tests.routing.conftest import desk as desk
from tests.routing.conftest import quick_desk as quick_desk
from tests.supervision.test_alerts import MORI, ZONE

MAILBOX = "help@shop.example.jp"


def look(desk: Desk, elsewhere: Elsewhere = Elsewhere(mailbox=MAILBOX)) -> list[tuple[str, str, int]]:  # noqa: B008
    """One round; what is amiss after it."""
    desk.database.write(alerts.look, desk.rules, ZONE, elsewhere)
    return sorted((each.kind, each.subject, each.value) for each in desk.database.read(alerts.open_alerts))


def test_mail_that_is_not_fetched(desk: Desk, clock: StillClock) -> None:
    desk.database.write(pulse.worked, part_of(MAILBOX))
    clock.forward(minutes=9)
    desk.database.write(pulse.failed, part_of(MAILBOX), OSError())
    assert look(desk) == []
    clock.forward(minutes=1)
    assert look(desk) == [("mail_unfetched", MAILBOX, 10)]
    assert look(desk, Elsewhere()) == []  # mails come by themselves now
    clock.forward(minutes=20)
    assert look(desk) == [("mail_unfetched", MAILBOX, 30)]
    (found,) = desk.database.read(alerts.open_alerts)
    assert alert_text(found, {}, "ja") == f"{MAILBOX}：30分間、メールを受信できていません"
    desk.database.write(pulse.worked, part_of(MAILBOX))
    assert look(desk) == []


def test_a_mailbox_that_never_could_be_fetched(quick_desk: Desk, clock: StillClock) -> None:
    for _ in range(6):
        quick_desk.database.write(pulse.failed, part_of(MAILBOX), OSError())
        clock.forward(minutes=2)
    assert look(quick_desk) == [("mail_unfetched", MAILBOX, 12)]


def test_a_listener_that_refuses_is_named_by_its_host_and_others_are_not(
    desk: Desk, clock: StillClock
) -> None:
    def listen(tx: Transaction) -> None:
        for name in ("bad", "good"):
            values = {
                "url": f"https://{name}.example.jp/hook?key=secret",
                "kinds": [],
                "active": True,
                "created_by": "x",
                "created_at": tx.now,
            }
            tx.execute(insert(webhook).values(id=f"whk_{name}", **values))
            for n in range(3):
                errands.put(tx, "webhook", {"webhook": f"whk_{name}", "seq": n}, key=f"{name}/{n}")
        mine = outbox.c.key.like("bad/%")
        tx.execute(update(outbox).where(mine).values(state="failed", attempts=12, finished_at=tx.now))

    desk.database.write(listen)
    assert look(desk) == [("webhook_refused", "bad.example.jp", 3)]
    desk.database.write(alerts.set_rule, AlertRule("webhook_refused", True, 4, False), MORI)
    assert look(desk) == []
    desk.database.write(alerts.set_rule, AlertRule("webhook_refused", True, 3, False), MORI)
    assert look(desk) != []
    clock.forward(minutes=61)
    assert look(desk) == []


def test_a_house_in_which_no_chat_beats(quick_desk: Desk, clock: StillClock) -> None:
    assert look(quick_desk) == []  # nothing has ever beaten here
    quick_desk.database.write(pulse.worked, CHAT)
    clock.forward(seconds=119)
    assert look(quick_desk) == []
    clock.forward(seconds=1)
    assert look(quick_desk) == [("chat_silent", "", 2)]
    quick_desk.database.write(pulse.worked, CHAT)
    assert look(quick_desk) == []


def test_calls_that_the_telephone_could_not_place(quick_desk: Desk, clock: StillClock) -> None:
    def fail(tx: Transaction) -> None:
        for n, outcome in enumerate(("failed", "failed", "busy", "failed")):
            values = {
                "agent_id": "agt",
                "engine": "line",
                "dialled_at": tx.now,
                "ended_at": tx.now,
                "note": "",
            }
            tx.execute(
                insert(callback_call).values(callback_id=f"cb_{n}", number=1, outcome=outcome, **values)
            )

    quick_desk.database.write(fail)
    assert look(quick_desk) == [("calls_failed", "", 3)]
    clock.forward(minutes=60)
    assert look(quick_desk) == []


@pytest.mark.parametrize(
    ("outcomes", "failed"),
    [
        ((), 0),
        (("ok", "unreachable", "refused", "slow"), 3),
        (("unreachable", "unreachable", "ok"), 0),
        (("unreachable", "rejected", "unreachable"), 1),  # rejected: it has answered, with words of no use
        (("unreachable", "open"), 1),
    ],
)
def test_a_language_model_that_does_not_answer(
    quick_desk: Desk, clock: StillClock, outcomes: tuple[str, ...], failed: int
) -> None:
    began = clock.now
    for outcome in outcomes:
        quick_desk.database.write(_called, outcome)
        clock.forward(seconds=1)
    assert quick_desk.database.read(model_calls.failed_in_a_row, began) == failed
    assert quick_desk.database.read(model_calls.failed_in_a_row, clock.now) == 0
    known = Elsewhere(model_failed=lambda tx: model_calls.failed_in_a_row(tx, began))
    assert look(quick_desk, known) == ([("model_failing", "", 3)] if failed >= 3 else [])


def _called(tx: Transaction, outcome: str) -> None:
    call = Call("con_1", "word", "p", 1, 1)
    tx.execute(
        insert(model_call).values(
            id=f"call_{tx.now.timestamp()}",
            contact_id=call.contact_id,
            purpose=call.purpose,
            model="m",
            prompt=call.prompt,
            tokens_in=1,
            tokens_out=1,
            cost=0,
            first_token_ms=0,
            latency_ms=0,
            outcome=outcome,
            at=tx.now,
        )
    )
