"""Outages and peaks over the API and the pages: told everywhere, the form goes on, the ways change their order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor
from madoguchi.counter.conditions import service
from madoguchi.kit.languages import NAMES
from tests.conftest import StillClock
from tests.faces.api.people import ALWAYS, Caller, Counter

OPS = Actor(kind="agent", id="agt_ops", roles=frozenset({"operator"}))
CAUSE = {
    "ja": "回線障害です",
    "en": "A line has failed",
    "zh-Hans": "线路故障",
    "zh-Hant": "線路故障",
    "ko": "회선 장애입니다",
}


@pytest.fixture
def own(filled: Path, tmp_path: Path, clock: StillClock) -> Iterator[Counter]:
    """A counter of the test's own: what is declared here is told to everybody."""
    shutil.copytree(filled, tmp_path / "data")
    counter = Counter(tmp_path / "data", clock, shop={"languages": list(NAMES)})
    with counter.client:
        yield counter
    counter.close()


def page(counter: Counter, path: str, language: str = "ja") -> str:
    return counter.client.get(path, headers={"accept-language": language}).text


def declare(counter: Counter, part: str = "chat") -> str:
    made = counter.house.database.write(
        service.declare_incident,
        OPS,
        part=part,
        cause=CAUSE,
        instead={},
        ends_at=counter.clock.now + timedelta(hours=2),
    )
    return made.id


@pytest.mark.req("QUE-011")
def test_while_chat_is_declared_down_no_chat_begins_and_the_form_still_works(own: Counter) -> None:
    visitor = own.visitor()
    before = visitor.open("開いている会話")
    assert visitor.get("/shop/status")["works"] is True
    declare(own)
    answer = visitor.send("POST", "/contacts", json={"client_key": "while-down", "language": "ja"})
    assert (answer.status_code, answer.json()["code"]) == (503, "chat_unavailable")
    assert answer.json()["alternatives"][0]["url"] == "/help/form"
    visitor.say(before["id"], "続けて書けます")
    assert own.client.get("/help/form").status_code == 200
    ways = {each["way"]: each for each in visitor.get("/shop/ways")["ways"]}
    assert (ways["person"]["usable_now"], ways["assistant"]["usable_now"]) == (False, False)
    assert ways["form"]["usable_now"]
    assert visitor.get("/shop/ways")["recommended"]["way"] == "form"


@pytest.mark.req("QUE-011", "LNG-001")
@pytest.mark.parametrize("language", NAMES)
def test_cause_and_times_stand_on_every_page_and_in_the_widget_in_each_language(
    own: Counter, language: str
) -> None:
    declare(own)
    for path in ("/", "/help/contact", "/help/form", "/person"):
        assert CAUSE[language] in page(own, path, language), path
    status = page(own, "/help/status", language)
    assert CAUSE[language] in status
    assert "14:00" in status
    (line,) = own.stranger(language).get("/shop", lang=language)["status"]["lines"]
    assert CAUSE[language] in line


@pytest.mark.req("QUE-006", "QUE-007")
def test_a_peak_season_changes_banner_order_of_ways_and_promised_times(own: Counter) -> None:
    kind = "return_exchange_cancel.damaged_item"
    usual = own.customer(cast.MISAKI).get("/shop/ways", kind=kind)
    own.house.database.write(
        service.declare_peak,
        OPS,
        begins_at=own.clock.now,
        ends_at=own.clock.now + timedelta(days=3),
        percent=300,
        notice={"ja": "年末年始は混み合います"},
    )
    customer = own.customer(cast.MISAKI)
    busy = customer.get("/shop/ways", kind=kind)
    assert [each["way"] for each in busy["ways"]][:2] != [each["way"] for each in usual["ways"]][:2]
    assert busy["ways"][0]["way"] == "assistant"
    assert customer.get("/shop", lang="ja")["status"]["lines"] == ["年末年始は混み合います"]
    contact = page(own, "/help/contact")
    assert "年末年始は混み合います" in contact
    for measure in ("まずチャットで", "折り返し電話を頼む", "ご用件を簡潔に"):
        assert measure in contact
    form = (
        {each["way"]: each for each in usual["ways"]}["form"],
        {each["way"]: each for each in busy["ways"]}["form"],
    )
    assert form[0]["answer_text"] != form[1]["answer_text"]


@pytest.mark.req("QUE-006", "HND-009")
def test_the_promise_at_a_hand_over_is_longer_in_a_peak_season(own: Counter) -> None:
    own.agent("ito")
    before = promised(own, own.customer(cast.MISAKI))
    own.house.database.write(
        service.declare_peak,
        OPS,
        begins_at=own.clock.now,
        ends_at=own.clock.now + timedelta(days=1),
        percent=1000,
        notice={},
    )
    assert promised(own, own.customer(cast.SENIOR)) > before


@pytest.mark.req("QUE-008", "QUE-012", "CB-007")
@pytest.mark.parametrize("language", NAMES)
def test_at_two_in_the_night_of_a_holiday_it_is_told_what_works_now_and_what_waits_until_when(
    filled: Path, tmp_path: Path, language: str
) -> None:
    shutil.copytree(filled, tmp_path / "data")
    clock = StillClock()
    clock.now = clock.now.replace(
        month=11, day=22, hour=17, minute=0
    )  # 02:00 on 23 November, Labour Thanksgiving Day
    hours = {**dict.fromkeys(ALWAYS, "09:00-21:00"), "national_holidays": True}
    counter = Counter(tmp_path / "data", clock, hours=hours)
    with counter.client:
        ways = {
            each["way"]: each for each in counter.stranger(language).get("/shop/ways", lang=language)["ways"]
        }
        assert ways["assistant"]["open_now"]
        assert ways["form"]["open_now"]
        assert not ways["person"]["open_now"]
        assert ways["person"]["usable_now"]  # one can join the queue now
        assert "9:00" in ways["person"]["why_text"]
        assert "9:00" in ways["callback"]["why_text"]
        contact = page(counter, "/help/contact", language)
        assert ways["person"]["why_text"] in contact
        customer = counter.customer(cast.MISAKI, language)
        seen = customer.open("", want_person=True)
        counter.think(seen["id"])
        counter.offer()
        waiting = customer.get(f"/contacts/{seen['id']}")
        assert waiting["waiting"]["promise_at"].startswith("2026-11-24T00:0")  # 9:00 on the next business day
        assert "9:0" in waiting["waiting"]["text"]
        assert "9:00" in waiting["expectation"]["text"]
    counter.close()


def promised(counter: Counter, customer: Caller) -> str:
    seen = customer.open("", want_person=True)
    counter.think(seen["id"])
    return str(customer.get(f"/contacts/{seen['id']}")["waiting"]["promise_at"])
