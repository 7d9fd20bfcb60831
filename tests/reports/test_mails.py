"""Mailed reports: each period once, to each recipient, over restarts; readable without pictures."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from madoguchi.channels.mail.outbound import Postman
from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Invalid, NotAllowed
from madoguchi.counter.reports import mails
from madoguchi.counter.reports.policy import next_due
from madoguchi.engine.outbox import Courier, outbox
from madoguchi.faces.report_letters import ReportLetters
from tests.reports.house import House

TOKYO = ZoneInfo("Asia/Tokyo")
LEAD = Actor(kind="agent", id="agt_lead", roles=frozenset({"supervisor"}))


def mailed(
    house: House, rhythm: str = "daily", query: str = "period=yesterday&against=before"
) -> mails.ReportMail:
    to = [
        {"agent_id": agent.id, "address": f"{place}@shop.example"} for place, agent in enumerate(house.agents)
    ]
    return house.database.write(
        mails.add, LEAD, name="毎朝の数字", query=query, rhythm=rhythm, hour=8, language="ja", recipients=to, zone=TOKYO,
    )  # type: ignore[arg-type]  # fmt: skip


def courier(house: House) -> Courier:
    letters = ReportLetters(house.database, house.settings, Postman(house.settings))
    return Courier(house.database, {mails.TOPIC: letters.send})


def sent(house: House) -> list[EmailMessage]:
    paths = sorted(Path(house.settings.data.folder / "outbox").glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]  # type: ignore[misc]


def test_a_period_is_mailed_once_to_each_whoever_looks_and_however_often(house: House) -> None:
    mailed(house)
    assert house.database.write(mails.put_due, TOKYO) == 0
    house.clock.now = datetime(2026, 11, 17, 23, 0, tzinfo=UTC)  # 8:00 in Tokyo
    assert (
        house.database.write(mails.put_due, TOKYO) == 4
    )  # the 17th's, which passed while nobody worked, too
    for _ in range(3):
        assert house.database.write(mails.put_due, TOKYO) == 0
        courier(house).deliver_due()
    keys = [row.key for row in house.database.read(lambda tx: tx.all(select(outbox.c.key)))]
    assert len(keys) == len(set(keys)) == 4
    assert len(sent(house)) == 4


def test_the_mail_says_everything_in_words_and_shows_its_charts(house: House) -> None:
    for _ in range(3):
        contact = house.open(0)
        house.customer_says(contact)
        house.assistant_says(contact)
    house.open(1, "mail")
    house.clock.forward(days=2)
    house.follower.catch_up()
    mailed(house, query="period=7")
    house.clock.forward(days=1)
    house.database.write(mails.put_due, TOKYO)
    courier(house).deliver_due()
    mail = sent(house)[-1]
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    page = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "4件のお問い合わせがありました" in text and "24時間以内の回答率" in text
    assert "レポート：毎朝の数字" in mail["subject"] and mail["Auto-Submitted"]
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert pictures and all(part.get_content().startswith(b"\x89PNG") for part in pictures)
    for part in pictures:
        assert f"cid:{part['Content-ID'].strip('<>')}" in page
    assert page.count("<img") == page.count('alt="') == len(pictures)
    assert "/console/reports?period=own&first=2026-11-" in text
    assert "<script" not in page


def test_nothing_goes_to_somebody_who_has_left_or_of_a_report_that_was_removed(house: House) -> None:
    report = mailed(house)
    house.clock.forward(days=1)
    house.database.write(mails.put_due, TOKYO)
    house.database.write(mails.remove, LEAD, report.id)
    courier(house).deliver_due()
    assert sent(house) == []
    states = house.database.read(
        lambda tx: tx.all(select(outbox.c.state).where(outbox.c.topic == mails.TOPIC))
    )
    assert {row.state for row in states} == {"failed"}


def test_only_those_who_lead_set_up_a_mail_and_somebody_must_get_it(house: House) -> None:
    values = {"name": "x", "query": "", "rhythm": "daily", "hour": 8, "language": "ja", "zone": TOKYO}
    agent = Actor(kind="agent", id="agt_x", roles=frozenset({"agent"}))
    to = [{"agent_id": "agt_x", "address": "x@shop.example"}]
    with pytest.raises(NotAllowed):
        house.database.write(mails.add, agent, recipients=to, **values)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        house.database.write(mails.add, LEAD, recipients=[], **values)  # type: ignore[arg-type]


@given(
    some.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=some.just(UTC)),
    some.sampled_from(("daily", "weekly", "monthly")),
    some.integers(0, 23),
    some.sampled_from(("Asia/Tokyo", "America/New_York", "Europe/Berlin")),
)
def test_the_next_moment_is_later_on_the_right_day_and_none_is_left_out(
    after: datetime, rhythm: str, hour: int, zone: str
) -> None:
    due = next_due(after, rhythm, hour, ZoneInfo(zone))  # type: ignore[arg-type]
    local = due.astimezone(ZoneInfo(zone))
    longest = {"daily": 2, "weekly": 8, "monthly": 32}[rhythm]
    assert after < due and (due - after).days < longest
    assert rhythm != "weekly" or local.weekday() == 0
    assert rhythm != "monthly" or local.day == 1
    assert local.hour in (hour, hour + 1)  # an hour that the clocks skip
    again = next_due(due, rhythm, hour, ZoneInfo(zone))  # type: ignore[arg-type]
    days = (date.fromordinal(again.astimezone(ZoneInfo(zone)).toordinal()) - local.date()).days
    assert days in {"daily": (1,), "weekly": (7,), "monthly": (28, 29, 30, 31)}[rhythm]
