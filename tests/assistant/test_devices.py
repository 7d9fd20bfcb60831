"""Devices and services: found by name or code, what was tried goes along, and who is there for other languages."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from madoguchi.counter.actors import Rung
from madoguchi.counter.hours import always_open
from madoguchi.counter.orders.product_codes import codes_in
from madoguchi.counter.routing import presence
from madoguchi.counter.routing import queries as routing
from madoguchi.counter.routing import service as desk
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.team import service as team
from madoguchi.engine.database import Transaction
from madoguchi.faces.house import House
from madoguchi.kit.languages import NAMES
from madoguchi.rehearsal.chat import Chat
from madoguchi.rehearsal.stage import SHOP, Stage
from tests.conftest import StillClock

Open = Callable[..., Chat]
DEVICE = "membership_digital_device.device_issue"
SETUP = "membership_digital_device.setup_howto"
SERVICE = "membership_digital_device.digital_service_issue"
RULES = Rules(offer_seconds=30, away_after_seconds=90, hours=always_open())
# The words for: the stick / it shows nothing / no picture / no better / not there either; and what the agent reads.
TRIED = {
    "ja": (
        ("スティック", "何も出ない", "映らない", "だめでした", "そこでも映らない"),
        "入力の切り替え、電源アダプター、別の端子・テレビ",
    ),
    "en": (
        ("the stick", "nothing", "black", "still the same", "nothing there either"),
        "Input of the television, Own power supply, Another socket or television",
    ),
    "zh-Hans": (
        ("电视棒", "什么都没显示", "没有画面", "还是不行", "那台电视也没有画面"),
        "切换电视信号源、使用附带的电源适配器、换接口或电视",
    ),
    "zh-Hant": (
        ("電視棒", "什麼都沒顯示", "沒有畫面", "沒有反應", "換了一台還是沒有畫面"),
        "切換電視訊號來源、使用附屬的變壓器、換插孔或電視",
    ),
    "ko": (
        ("스틱이요", "아무것도 안 나와요", "화면이 안 나와요", "여전히 안 돼요", "거기서도 똑같아요"),
        "TV 입력 전환, 전원 어댑터, 다른 단자·TV",
    ),
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A shop that serves all five languages."""
    shop = {**SHOP, "languages": list(NAMES)}
    return Stage(tmp_path_factory.mktemp("tongues"), clock=StillClock(), shop=shop)


def visitor(chat: Open, language: str, kind: str = DEVICE) -> Chat:
    return chat("", rung=Rung.VISITOR, language=language, problem=kind)


@pytest.mark.req("HLP-014", "PRM-004")
@pytest.mark.parametrize("language", TRIED)
def test_the_hand_over_carries_every_step_that_was_tried(language: str, chat: Open) -> None:
    words, tried = TRIED[language]
    talk = visitor(chat, language)
    for each in words:
        talk.say(each)
    assert talk.contact.owner_kind == "queue", talk.text
    facts = [fact["value"] for fact in talk.summary["facts"]]
    assert tried in facts
    steps = tried.replace(", ", "、").split("、")
    assert len(talk.summary["tried"]) == len(steps)
    assert all(step in line for step, line in zip(steps, talk.summary["tried"], strict=True))


@pytest.mark.req("HLP-014", "PRM-007")
@pytest.mark.parametrize(
    ("language", "opening", "nothing", "picture", "remembered"),
    [
        (
            "ja",
            "スティックです、もう再起動はしました",
            "何も出ない",
            "映るが動かない",
            "「再起動」は、お試し済み",
        ),
        ("zh-Hans", "电视棒，已经重启过了", "什么都没显示", "有画面但动不了", "“重启”您已经试过了"),
        ("zh-Hant", "電視棒，已經重新啟動過了", "什麼都沒顯示", "有畫面，動不了", "「重新啟動」您已經試過了"),
        (
            "ko",
            "스틱인데 재부팅은 이미 해 봤어요",
            "아무것도 안 나와요",
            "화면은 나와요",
            "‘다시 시작’ 방법은 이미",
        ),
    ],
)
def test_what_was_tried_before_is_not_asked_again_and_goes_along(
    language: str, opening: str, nothing: str, picture: str, remembered: str, chat: Open
) -> None:
    talk = visitor(chat, language)
    for each in (opening, nothing, picture):
        talk.say(each)
    assert remembered in talk.text
    talk.say({"ja": "担当者をお願いします", "ko": "상담원 연결해 주세요"}.get(language, "转人工客服"))
    assert talk.summary["tried"], talk.text


@pytest.mark.req("HLP-014")
def test_what_was_tried_survives_another_subject_in_between(chat: Open) -> None:
    talk = chat("C1001", language="zh-Hans", problem=DEVICE)
    for each in ("电视棒", "什么都没显示", "没有画面", "我的积分还有多少？", "好的", "转人工"):
        talk.say(each)
    assert any("切换电视信号源" in line for line in talk.summary["tried"]), talk.summary


@pytest.mark.parametrize(
    ("language", "already", "next_step"),
    [
        ("ja", "もう充電はしました", "40秒"),
        ("en", "I charged it already", "40 seconds"),
        ("zh-Hans", "已经充过电了", "40秒"),
        ("zh-Hant", "已經充過電了", "40秒"),
        ("ko", "충전은 이미 해 봤어요", "40초"),
    ],
)
def test_having_done_it_already_means_that_it_has_not_helped(
    language: str, already: str, next_step: str, chat: Open
) -> None:
    talk = visitor(chat, language)
    talk.say("MR-B7")
    talk.say({"ja": "何も出ない", "en": "nothing", "ko": "아무것도"}.get(language, "什么都没显示"))
    talk.say(already)
    assert next_step in talk.text


@pytest.mark.req("PRM-011")
@pytest.mark.parametrize("words", ["stick-4k2", "MS-4K2", "ｍｓ－４ｋ２", "STICK-4K2-BLACK"])
def test_a_code_finds_the_product_and_its_name(words: str, house: House) -> None:
    found = house.orders.product_named(f"型番は{words}です")
    assert found is not None
    assert found.name["ja"] == "みどりスティック 4K"
    assert (found.model, found.device_kind) == ("MS-4K2", "streaming_stick")


@pytest.mark.req("PRM-011")
def test_a_code_that_nothing_has_finds_nothing(house: House) -> None:
    assert house.orders.product_named("B07PGL2N7J") is None
    assert house.orders.product_named("注文503-0001001-0000001") is None
    assert house.orders.product_named("my stick, 100%") is None


@pytest.mark.req("PRM-011")
@pytest.mark.parametrize(
    ("language", "words", "name"),
    [
        ("ja", "MR-B7が動かない", "みどりリーダー 7インチ MR-B7"),
        ("en", "my mr-b7", "Midori Reader, 7 inch MR-B7"),
        ("zh-Hans", "reader-b7打不开", "Midori电子书阅读器 7英寸 MR-B7"),
        ("ko", "MR-B7이 안 켜져요", "Midori 전자책 리더 7인치 MR-B7"),
        ("ja", "電子書籍リーダー", "電子書籍リーダー"),
    ],
)
def test_a_device_is_found_by_code_or_by_name(language: str, words: str, name: str, chat: Open) -> None:
    talk = visitor(chat, language)
    talk.say(words)
    talk.press("nothing")
    assert {"ja": "充電", "en": "charge", "zh-Hans": "充电", "ko": "충전"}[language] in talk.text
    talk.press("1")
    talk.press("1")
    assert name in [fact["value"] for fact in talk.summary["facts"]]


@pytest.mark.req("PRM-011")
def test_ones_own_device_is_found_by_its_code_before_the_catalogue(chat: Open) -> None:
    talk = chat("C1001", problem=DEVICE)
    talk.say("stick-4k2 が映りません")
    talk.press("nothing")
    for button in ("何も映らない", "直らない", "そこでも映らない"):
        talk.press(button)
    assert "保証" in json.dumps(talk.summary, ensure_ascii=False)


def test_codes_are_told_from_words_and_numbers() -> None:
    assert codes_in("Echo B07PGL2N7J と MS-4K2、注文503-0001001-0000001") == ["b07pgl2n7j", "ms-4k2"]
    assert codes_in("see https://shop.example/b07pgl2n7j, me@b07pgl2n7j.example") == []
    assert len(codes_in(" ".join(f"ab{n}cd" for n in range(9)))) == 5


@pytest.mark.req("PRM-008")
@pytest.mark.parametrize(
    ("language", "stick", "first", "works"),
    [
        ("zh-Hans", "电视棒", "1. 插到电视的HDMI接口", "设置好了"),
        ("zh-Hant", "電視棒", "1. 插到電視的HDMI插孔", "設定好了"),
        ("ko", "스틱", "1. TV의 HDMI 단자에", "설정됐어요"),
    ],
)
def test_setting_up_is_told_in_the_readers_language(
    language: str, stick: str, first: str, works: str, chat: Open
) -> None:
    talk = visitor(chat, language, SETUP)
    talk.say(stick)
    assert first in talk.text
    assert works in talk.labels


@pytest.mark.req("PRM-010")
@pytest.mark.parametrize(
    ("kind", "language", "staff", "served_by"),
    [
        (DEVICE, "zh-Hans", {"emma": "en", "lin": "zh-Hans"}, "lin"),
        (DEVICE, "zh-Hant", {"emma": "en", "lin": "zh-Hans"}, "lin"),  # the other script, the same language
        (SERVICE, "ko", {"hana": "ja", "emma": "en", "min": "ko"}, "min"),
        (SERVICE, "en", {"hana": "ja", "emma": "en"}, "emma"),
        (DEVICE, "zh-Hant", {"hana": "ja", "emma": "en"}, "emma"),  # nobody speaks it: English
        (DEVICE, "ko", {"hana": "ja"}, "hana"),  # nor English: somebody rather than nobody
    ],
)
def test_devices_and_services_are_served_in_other_languages(
    kind: str, language: str, staff: dict[str, str], served_by: str, chat: Open, house: House
) -> None:
    def hire(tx: Transaction) -> dict[str, str]:
        ids = {}
        for name, spoken in staff.items():
            found = team.add_agent(
                tx,
                login=name,
                password=f"kite-harbour-{name}-77",
                name=name,
                languages=[spoken],
                queues=["digital_devices"],
            )
            presence.set_status(tx, found.id, "available")
            ids[found.id] = name
        return ids

    hired = house.database.write(hire)
    talk = visitor(chat, language, kind)
    talk.say({"ko": "상담원 연결해 주세요", "en": "a person please"}.get(language, "转人工客服"))
    place = house.database.read(routing.place_of, talk.id)
    assert place is not None
    assert place.queue_id == "digital_devices"
    offer = house.database.write(desk.offer_next, RULES)
    assert offer is not None
    assert (offer.contact_id, hired[offer.agent_id]) == (talk.id, served_by)
