"""A reply by mail waits and can be taken back or changed until it leaves; of two who want it, one gets it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from madoguchi.channels.mail import replies
from madoguchi.channels.mail.model import waiting_reply
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events, queries, service
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.problems import Conflict
from madoguchi.engine import failpoints, outbox
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.outbox import Courier, Errand
from tests.conftest import StillClock
from tests.faces.api.people import Caller
from tests.mail.conftest import MAIL, MailCounter
from tests.mail.letters import mail, words_of

ITO = Actor(kind="agent", id="ito", roles=frozenset({"agent"}))


@pytest.fixture
def patient(filled: Path, tmp_path: Path, clock: StillClock) -> Iterator[MailCounter]:
    """A counter at which replies wait ten seconds, as they do without a setting."""
    folder = tmp_path / "data"
    shutil.copytree(filled, folder)
    made = MailCounter(folder, clock, mail={k: v for k, v in MAIL.items() if k != "undo_seconds"})
    with made.client:
        yield made
    made.close()


def begun(counter: MailCounter) -> tuple[Caller, str, int]:
    """An agent who has taken a contact by mail; its id and the owner's version."""
    contact = counter.contact(counter.takes(mail("届きません").as_bytes()))
    ito = counter.agent("ito")
    taken = ito.post(f"/contacts/{contact.id}/take", {"owner_version": contact.owner_version})
    return ito, contact.id, taken["owner"]["version"]


def answers(counter: MailCounter) -> list[EmailMessage]:
    return [each for each in counter.mails() if "Auto-Submitted" not in each]


def test_a_reply_waits_and_then_leaves_as_a_message(patient: MailCounter) -> None:
    ito, contact_id, version = begun(patient)
    said = ito.say(contact_id, "お調べします。", owner_version=version)["entry"]
    assert (said["kind"], said["visibility"]) == ("mail.waits", "internal")
    assert said["text"] == "メールでお送りします\nお調べします。"
    assert answers(patient) == []
    assert patient.words(contact_id) == ["届きません"]
    patient.clock.forward(seconds=9.9)
    assert answers(patient) == []
    patient.clock.forward(seconds=0.2)
    [sent] = answers(patient)
    assert "お調べします。" in words_of(sent)
    assert patient.words(contact_id) == ["届きません", "お調べします。"]
    assert ito.refused("POST", f"/replies/{said['data']['reply_id']}/take-back") == (409, "mail_has_left")


def test_what_was_taken_back_never_leaves_and_its_file_can_go_with_other_words(patient: MailCounter) -> None:
    ito, contact_id, version = begun(patient)
    file = ito.upload(f"/contacts/{contact_id}/attachments", "案内.pdf", b"%PDF-1.4\n%%EOF")
    said = ito.say(contact_id, "まちがい", owner_version=version, attachments=[file["id"]])["entry"]
    back = ito.post(f"/replies/{said['data']['reply_id']}/take-back")
    assert back["kind"] == "mail.taken_back"
    patient.clock.forward(seconds=60)
    assert answers(patient) == []
    assert patient.words(contact_id) == ["届きません"]
    ito.say(contact_id, "正しい案内です", owner_version=version, attachments=[file["id"]])
    patient.clock.forward(seconds=11)
    [sent] = answers(patient)
    assert [each.get_filename() for each in sent.iter_attachments()] == ["案内.pdf"]


def test_the_same_key_is_the_same_reply_and_other_words_under_it_are_refused(patient: MailCounter) -> None:
    ito, contact_id, version = begun(patient)
    body = {"text": "一度だけ", "client_key": "key-of-one-reply", "owner_version": version}
    first = ito.post(f"/contacts/{contact_id}/entries", body)["entry"]
    patient.clock.forward(seconds=3)
    assert ito.post(f"/contacts/{contact_id}/entries", body)["entry"]["seq"] == first["seq"]
    other = {**body, "text": "別の言葉"}
    assert ito.refused("POST", f"/contacts/{contact_id}/entries", other) == (409, "client_key_reused")
    patient.clock.forward(seconds=60)
    assert len(answers(patient)) == 1
    assert ito.post(f"/contacts/{contact_id}/entries", body)["entry"]["seq"] == first["seq"]
    assert len(answers(patient)) == 1


def test_a_reply_is_sent_in_the_customers_morning_and_can_be_changed_until_then(patient: MailCounter) -> None:
    ito, contact_id, version = begun(patient)
    morning = patient.clock.now + timedelta(hours=20)
    said = ito.say(contact_id, "朝の言葉", owner_version=version, send_at=morning.isoformat())["entry"]
    ito.say(contact_id, "先に出る言葉", owner_version=version)
    reply = said["data"]["reply_id"]
    patient.clock.forward(hours=19)
    assert len(answers(patient)) == 1
    assert patient.words(contact_id) == ["届きません", "先に出る言葉"]
    ito = patient.agent("ito")
    earlier = (patient.clock.now + timedelta(minutes=10)).isoformat()
    changed = ito.put(f"/replies/{reply}", {"text": "直した言葉", "send_at": earlier, "version": 1})
    assert changed["kind"] == "mail.changed"
    stale = {"text": "遅い人の言葉", "version": 1}
    assert ito.refused("PUT", f"/replies/{reply}", stale) == (409, "reply_changed")
    patient.clock.forward(minutes=11)
    answers(patient)
    assert patient.words(contact_id) == ["届きません", "先に出る言葉", "直した言葉"]
    patient.clock.forward(hours=3)
    assert len(answers(patient)) == 2


@pytest.mark.parametrize(("hours", "code"), [(-1, "in_the_past"), (24 * 61, "too_late")])
def test_impossible_times_are_refused(patient: MailCounter, hours: int, code: str) -> None:
    ito, contact_id, version = begun(patient)
    wish = {
        "text": "x",
        "client_key": "key-impossible",
        "owner_version": version,
        "send_at": (patient.clock.now + timedelta(hours=hours)).isoformat(),
    }
    assert ito.refused("POST", f"/contacts/{contact_id}/entries", wish) == (422, code)


def test_only_mails_wait(patient: MailCounter) -> None:
    chat = patient.visitor().open()
    wish = {
        "text": "x",
        "client_key": "key-chat-later",
        "owner_version": 1,
        "send_at": (patient.clock.now + timedelta(hours=1)).isoformat(),
    }
    assert patient.agent("ito").refused("POST", f"/contacts/{chat['id']}/entries", wish) == (
        422,
        "only_by_mail",
    )


def test_words_that_may_not_leave_may_not_be_put_in_later(patient: MailCounter) -> None:
    ito, contact_id, version = begun(patient)
    reply = ito.say(contact_id, "お調べします", owner_version=version)["entry"]["data"]["reply_id"]
    evil = {"text": "https://evil.example/login へ", "version": 1}
    assert ito.refused("PUT", f"/replies/{reply}", evil) == (422, "foreign_link")
    assert patient.agent("kato").refused("POST", f"/replies/{reply}/take-back") == (403, "not_owner")
    assert patient.agent("mori").post(f"/replies/{reply}/take-back")["kind"] == "mail.taken_back"


def test_card_numbers_are_not_kept_while_a_reply_waits(patient: MailCounter) -> None:
    ito, contact_id, version = begun(patient)
    ito.say(contact_id, "カードは 4111 1111 1111 1111 でした", owner_version=version)
    kept = patient.house.database.read(lambda tx: tx.scalar(select(waiting_reply.c.text)))
    assert "4111" not in kept


def test_what_was_said_with_the_solution_leaves_though_the_contact_is_over(patient: MailCounter) -> None:
    ito, contact_id, version = begun(patient)
    later = (patient.clock.now + timedelta(days=3)).isoformat()
    ito.say(contact_id, "三日後の連絡", owner_version=version, send_at=later)
    ito.post(f"/contacts/{contact_id}/resolve", {"owner_version": version, "text": "解決しました"})
    patient.clock.forward(days=2)
    patient.mails()
    assert patient.contact_state(contact_id) == "ended"
    patient.clock.forward(days=2)
    patient.mails()
    assert patient.words(contact_id) == ["届きません", "解決しました", "三日後の連絡"]


# ── races and kill points, without a house ────────────────────────────────────────────────────────


def _contact(tx: Transaction) -> Contact:
    seen = service.open_contact(
        tx,
        actor=Actor(kind="customer", id="mail_x"),
        channel="mail",
        language="ja",
        owner="none",
        attributes={"mail_from": "hanako@example.jp"},
    )
    return service.set_owner(tx, seen.id, "agent", ITO.id, seen.owner_version)


def _hold(tx: Transaction, seen: Contact, key: str, send_at: Any = None) -> str:
    entry = replies.hold(
        tx,
        seen,
        ITO,
        text="返事",
        files=[],
        client_key=key,
        owner_version=seen.owner_version,
        send_at=send_at,
        undo_seconds=10,
    )
    return str(entry.body["reply_id"])


def _fate(database: Database, reply_id: str) -> tuple[str, int, int, int]:
    """State; messages, facts of taking back and mails to send that tell of it."""

    def read(tx: Transaction) -> tuple[str, int, int, int]:
        reply = replies.get(tx, reply_id)
        told = queries.entries(tx, reply.contact_id, limit=5000)
        left = [e for e in told if e.kind == events.MAIL_LEFT and e.body["reply_id"] == reply_id]
        back = [e for e in told if e.kind == events.MAIL_TAKEN_BACK and e.body["reply_id"] == reply_id]
        seqs = [e.body["seq"] for e in left]
        mails = tx.all(select(outbox.outbox.c.payload).where(outbox.outbox.c.topic == "mail.reply"))
        return (
            reply.state,
            len(left),
            len(back),
            sum(
                row.payload["contact_id"] == reply.contact_id and row.payload["seq"] in seqs for row in mails
            ),
        )

    return database.read(read)


ONE_OF_TWO = {("left", 1, 0, 1), ("taken_back", 0, 1, 0)}


def _undo(database: Database, reply_id: str, start: threading.Barrier) -> None:
    start.wait()
    try:
        database.write(replies.take_back, reply_id, ITO)
    except Conflict as conflict:
        assert conflict.code == "mail_has_left"


def test_of_the_agent_and_the_courier_exactly_one_gets_it(database: Database, clock: StillClock) -> None:
    courier = Courier(database, {replies.LEAVE: replies.Leaving(database).leave})
    seen = database.write(_contact)
    fates = set()
    for number in range(40):
        reply_id = database.write(_hold, seen, f"key-{number}")
        clock.forward(seconds=10)
        start = threading.Barrier(2)
        both = [
            threading.Thread(target=_undo, args=(database, reply_id, start)),
            threading.Thread(target=lambda start=start: (start.wait(), courier.deliver_due())),
        ]
        for each in both:
            each.start()
        for each in both:
            each.join()
        courier.deliver_due()
        fates.add(_fate(database, reply_id))
    assert fates <= ONE_OF_TWO


@pytest.mark.parametrize("place", ["mail.replies.left", "mail.replies.said", "outbox.after_delivery"])
@pytest.mark.parametrize("undone", [False, True])
def test_whoever_dies_on_the_way_leaves_one_whole_fate(
    database: Database, clock: StillClock, place: str, undone: bool
) -> None:
    leaving = replies.Leaving(database)
    seen = database.write(_contact)
    reply_id = database.write(_hold, seen, "key-of-a-death")
    clock.forward(seconds=11)
    errand = Errand(1, replies.LEAVE, {"reply_id": reply_id, "version": 1}, 1, None)
    failpoints.arm(f"{place}:1:raise")
    try:
        Courier(database, {replies.LEAVE: leaving.leave}).deliver_due()
    except failpoints.FailpointReached:
        assert place == "outbox.after_delivery"
    finally:
        failpoints.arm(None)
    if undone and place != "outbox.after_delivery":
        database.write(replies.take_back, reply_id, ITO)
    leaving.leave(errand)
    leaving.leave(errand)
    assert _fate(database, reply_id) in ONE_OF_TWO
    assert (_fate(database, reply_id)[0] == "taken_back") == (undone and place != "outbox.after_delivery")


def test_a_death_while_taking_back_takes_nothing_back(database: Database, clock: StillClock) -> None:
    seen = database.write(_contact)
    reply_id = database.write(_hold, seen, "key-of-a-death")
    failpoints.arm("mail.replies.taken_back:1:raise")
    with pytest.raises(failpoints.FailpointReached):
        database.write(replies.take_back, reply_id, ITO)
    failpoints.arm(None)
    assert _fate(database, reply_id) == ("waiting", 0, 0, 0)


class Waiting(RuleBasedStateMachine):
    """Any order of writing, waiting, changing, taking back and delivering: each reply has one fate, at its time."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.clock = Waiting.database.clock  # type: ignore[attr-defined]
        self.courier = Courier(self.database, {replies.LEAVE: replies.Leaving(self.database).leave})
        self.seen = self.database.write(_contact)
        self.waiting: dict[str, tuple[Any, int]] = {}
        self.fates: dict[str, str] = {}
        self.number = 0

    @rule(minutes=st.one_of(st.none(), st.integers(1, 200)))
    def write(self, minutes: int | None) -> None:
        self.number += 1
        due = self.clock() + (timedelta(seconds=10) if minutes is None else timedelta(minutes=minutes))
        reply_id = self.database.write(
            _hold, self.seen, f"key-{self.number:06}", None if minutes is None else due
        )
        self.waiting[reply_id] = (due, 1)

    @rule(seconds=st.integers(1, 5_000))
    def wait(self, seconds: int) -> None:
        self.clock.forward(seconds=seconds)
        while self.courier.deliver_due():
            pass
        for reply_id, (due, _) in list(self.waiting.items()):
            if due <= self.clock():
                del self.waiting[reply_id]
                self.fates[reply_id] = "left"

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), minutes=st.integers(1, 300))
    def put_off(self, data: st.DataObject, minutes: int) -> None:
        reply_id = data.draw(st.sampled_from(sorted(self.waiting)))
        due, version = self.clock() + timedelta(minutes=minutes), self.waiting[reply_id][1]

        def change(tx: Transaction) -> None:
            replies.change(tx, reply_id, ITO, text="別", send_at=due, version=version)

        self.database.write(change)
        self.waiting[reply_id] = (due, version + 1)

    @precondition(lambda self: self.waiting or self.fates)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        reply_id = data.draw(st.sampled_from(sorted([*self.waiting, *self.fates])))
        if reply_id in self.waiting:
            self.database.write(replies.take_back, reply_id, ITO)
            del self.waiting[reply_id]
            self.fates[reply_id] = "taken_back"
        else:
            with pytest.raises(Conflict):
                self.database.write(replies.take_back, reply_id, ITO)

    @invariant()
    def each_has_the_fate_that_it_should_have(self) -> None:
        for reply_id in self.waiting:
            assert _fate(self.database, reply_id) == ("waiting", 0, 0, 0)
        for reply_id, fate in self.fates.items():
            found = _fate(self.database, reply_id)
            assert found in ONE_OF_TWO
            assert found[0] == fate


def test_every_reply_has_one_fate(sqlite_database: Database, clock: StillClock) -> None:
    Waiting.database = sqlite_database
    case = Waiting.TestCase
    case.settings = hypothesis_settings(max_examples=15, stateful_step_count=15, deadline=None)
    case().runTest()
