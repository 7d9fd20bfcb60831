"""Topics of the shop's own are heard by their examples, and take nothing from what is shipped."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import madoguchi.assistant
from madoguchi.assistant.own_flows.hearing import hear, nearest
from madoguchi.assistant.own_flows.model import Topic
from madoguchi.assistant.own_flows.samples import examples
from madoguchi.assistant.questions import Heard
from madoguchi.assistant.understanding import Understander

PHRASES = Path(madoguchi.assistant.__file__).parent / "phrases"
BATTERY = Topic.model_validate(
    {
        "id": "batteries",
        "name": {"ja": "電池交換"},
        "examples": {"ja": ["時計の電池を交換してもらえますか", "電池交換はいくらですか", "腕時計が止まったので電池を替えたい"]},
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load()


def topics() -> list[tuple[str, Topic]]:
    wrapping = examples()["gift_wrapping"]
    assert wrapping.topic is not None
    return [(wrapping.kind, wrapping.topic), (wrapping.kind, BATTERY)]


def heard(understander: Understander, text: str) -> Heard:
    said = Heard(1, text, understander.understand(text, today=date(2026, 11, 26)))
    return hear(said, topics(), understander)


@pytest.mark.req("BOT-014")
@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("ラッピングはできますか？", "gift_wrapping"),
        ("誕生日プレゼントなので包装してほしいです", "gift_wrapping"),
        ("is gift wrapping available?", "gift_wrapping"),
        ("可以包装成礼物吗", "gift_wrapping"),
        ("선물 포장 가능한가요", "gift_wrapping"),
        ("腕時計の電池を交換してほしい", "batteries"),
        ("荷物が届きません", ""),
        ("商品を交換してもらえますか", ""),
        ("プレゼントで買ったものを返品したい", ""),
        ("包装が破れていた", ""),
        ("ギフトカードが使えません", ""),
        ("はい", ""),
    ],
)
def test_words_that_are_like_an_example_are_heard_as_its_topic(
    understander: Understander, text: str, topic: str
) -> None:
    found = heard(understander, text)
    assert found.own_topic == topic
    if topic:
        assert found.understanding.intents[0].kind == "order_delivery.product_inquiry"


def test_a_danger_and_a_wish_for_a_person_stay_what_they_are(understander: Understander) -> None:
    found = heard(understander, "アカウントを乗っ取られました。ギフト包装はありますか")
    assert found.understanding.emergency == "account_security.account_takeover"
    assert heard(understander, "ギフト包装のことで担当者と話したい").understanding.wants_person


def test_hardly_any_shipped_phrase_is_taken_for_a_topic(understander: Understander) -> None:
    lines = [
        line.strip()
        for file in sorted(PHRASES.rglob("*.txt"))
        for line in file.read_text("utf-8").splitlines()[::60]
        if line.strip() and not line.startswith("#")
    ]
    taken = [line for line in lines if nearest(line, topics(), understander)]
    assert len(lines) > 1000 and len(taken) <= len(lines) / 500, taken
