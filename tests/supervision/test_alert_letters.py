"""An alert leaves by mail to every address of the house, and to webhooks that name it, once; a late mail not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.contacts.model import webhook
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.supervision import alerts
from madoguchi.counter.supervision.facts import Elsewhere
from madoguchi.counter.supervision.model import AlertRule
from madoguchi.faces.hooks import deliver
from tests.conftest import StillClock
from tests.faces.api.conftest import filled as filled
from tests.faces.api.people import Counter

ADDRESSES = ["lead@shop.example", "night@shop.example"]


@pytest.fixture
def counter(filled: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    import shutil

    shutil.copytree(filled, tmp_path / "data")
    opened = Counter(tmp_path / "data", StillClock(), supervision={"alert_addresses": ADDRESSES})
    yield opened
    opened.close()


def look(counter: Counter, late: int) -> None:
    rules = Rules.of(counter.house.settings)
    counter.house.database.write(alerts.look, rules, ZoneInfo("Asia/Tokyo"), Elsewhere(lambda tx: late))


def alarmed(counter: Counter) -> list[str]:
    return [str(mail["To"]) for mail in counter.mails() if "折り返し電話" in str(mail["Subject"])]


def test_each_address_gets_one_mail_in_words(counter: Counter) -> None:
    counter.house.database.write(alerts.set_rule, AlertRule("callbacks_late", True, 1, True), SYSTEM)
    look(counter, 3)
    look(counter, 4)
    assert sorted(alarmed(counter)) == ADDRESSES
    (mail, _) = [mail for mail in counter.mails() if "折り返し電話" in str(mail["Subject"])]
    assert mail["Subject"] == "【警告】折り返し電話が4件遅れています"
    assert "/console/live" in mail.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert len(alarmed(counter)) == 2


def test_what_is_over_before_the_mail_leaves_calls_nobody(counter: Counter) -> None:
    counter.house.database.write(alerts.set_rule, AlertRule("callbacks_late", True, 1, True), SYSTEM)
    look(counter, 3)
    look(counter, 0)
    assert alarmed(counter) == []


def test_a_webhook_that_names_it_is_told_of_beginning_and_end(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []

    def post(target: str, host: str, content: bytes, headers: dict[str, str]) -> int:
        sent.append(json.loads(content))
        return 204

    monkeypatch.setattr(deliver, "_post", post)  # the listener's side of the wire
    values = {"url": "http://93.184.215.14/x", "kinds": [alerts.RAISED, alerts.ENDED], "active": True}
    counter.house.database.write(
        lambda tx: tx.execute(insert(webhook).values(id="whk_1", created_by="x", created_at=tx.now, **values))
    )
    look(counter, 3)
    counter.deliver()
    look(counter, 0)
    counter.deliver()
    assert [each["type"] for each in sent] == [alerts.RAISED, alerts.ENDED]
    assert [each["data"]["alert"]["kind"] for each in sent] == ["callbacks_late"] * 2
    assert sent[0]["data"]["alert"]["ended_at"] is None
    assert sent[1]["data"]["alert"]["ended_at"] is not None
