"""The send log names nobody; reports are kept once and counted by wave."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from madoguchi.counter.actors import ASSISTANT, Actor, Rung
from madoguchi.counter.problems import NotAllowed
from madoguchi.counter.trust import service
from madoguchi.counter.trust.desk import TrustDesk
from madoguchi.counter.trust.model import sent_message
from madoguchi.counter.trust.policy import Message
from madoguchi.engine.database import Database
from madoguchi.engine.keys import Keys
from madoguchi.engine.settings import Settings
from tests.conftest import StillClock

TOKYO = ZoneInfo("Asia/Tokyo")
MINE = ASSISTANT.on_behalf_of("cus_1", Rung.SIGNED_IN, frozenset())
VISITOR = ASSISTANT.on_behalf_of(None, Rung.VISITOR, frozenset())
SUBJECT = "ご注文の変更のお知らせ"


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


@pytest.fixture
def desk(sqlite_database: Database, keys: Keys) -> TrustDesk:
    return TrustDesk(sqlite_database, keys, Settings.load())


@pytest.fixture
def logged(sqlite_database: Database, keys: Keys) -> None:
    for _ in range(2):
        sqlite_database.write(
            service.note_sent,
            keys,
            message_id="errand-1",
            to="misaki@example.jp",
            subject=SUBJECT,
            sender="help@shop.example",
        )


PASTED = Message("mail", f"差出人: help@shop.example\n件名: {SUBJECT}")


@pytest.mark.req("PHI-001")
@pytest.mark.usefixtures("logged")
def test_genuine_is_told_to_the_recipient_only(desk: TrustDesk) -> None:
    assert desk.check(PASTED, MINE, email="Misaki@Example.jp").verdict == "genuine"
    assert desk.check(PASTED, MINE, email="other@example.jp").verdict == "unsure"
    assert desk.check(PASTED, VISITOR, email="misaki@example.jp").verdict == "unsure"


@pytest.mark.usefixtures("logged")
def test_the_log_names_nobody_and_a_repeat_is_one_row(sqlite_database: Database) -> None:
    rows = sqlite_database.read(lambda tx: tx.all(sent_message.select()))
    assert len(rows) == 1
    assert "misaki" not in str(rows[0])


@pytest.mark.usefixtures("logged")
def test_the_log_is_forgotten_in_time(sqlite_database: Database, desk: TrustDesk, clock: StillClock) -> None:
    clock.forward(days=181)
    assert desk.check(PASTED, MINE, email="misaki@example.jp").verdict == "unsure"
    assert sqlite_database.write(service.forget_old) == 1


@pytest.mark.req("PHI-011", "PHI-012", "PHI-019")
def test_reports_of_one_wave_are_counted_by_the_day(
    sqlite_database: Database, desk: TrustDesk, clock: StillClock
) -> None:
    last = None
    for n in range(5):
        message = Message("sms", f"荷物を確認 https://x{n}.evil-login.com/{n}")
        last = desk.report(message, desk.check(message, VISITOR), VISITOR, contact_id=f"con_{n}")
        assert desk.is_wave(last) == (n == 4)
    again = Message("sms", "荷物を確認 https://x4.evil-login.com/4")
    same = desk.report(again, desk.check(again, VISITOR), VISITOR, contact_id="con_4")
    assert last is not None
    assert same.id == last.id
    day = clock.now.astimezone(TOKYO).date()
    waves = sqlite_database.read(service.campaigns, day, TOKYO)
    assert [(wave.campaign, wave.reports) for wave in waves] == [("site:evil-login.com", 5)]
    clock.forward(days=1)
    assert sqlite_database.read(service.campaigns, clock.now.astimezone(TOKYO).date(), TOKYO) == []


@pytest.mark.req("PHI-011")
def test_only_staff_reviews_a_report(sqlite_database: Database, desk: TrustDesk) -> None:
    message = Message("site", "https://evil-login.com")
    report = desk.report(message, desk.check(message, VISITOR), VISITOR)
    with pytest.raises(NotAllowed):
        sqlite_database.write(service.review, report.id, VISITOR, "confirmed")
    agent = Actor(kind="agent", id="ag_1", roles=frozenset({"agent"}))
    sqlite_database.write(service.review, report.id, agent, "dismissed")
    assert sqlite_database.read(service.reports)[0].state == "dismissed"
