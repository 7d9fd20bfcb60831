"""Strong words are noticed in every language, and ordinary enquiries are not (QLT-008)."""

from __future__ import annotations

from pathlib import Path

import pytest

import madoguchi
from madoguchi.counter.quality.tone import tone_of

PHRASES = Path(madoguchi.__file__).parent / "assistant" / "phrases"

pytestmark = pytest.mark.req("QLT-008")


@pytest.mark.parametrize(
    "text",
    [
        "死ね",
        "お前は無能だ",
        "バカ野郎!!",
        "ﾊﾞｶ野郎",
        "ネットに晒してやる",
        "You are USELESS!",
        "you idiot",
        "去死吧",
        "白痴",
        "병신아",
    ],
)
def test_insults_and_threats_are_abusive(text: str) -> None:
    assert tone_of(text) == "abusive"


@pytest.mark.parametrize(
    "text",
    [
        "もう我慢の限界です",
        "何度も言っています",
        "責任者を出してください",
        "This is ridiculous",
        "太过分了",
        "太過分了",
        "정말 화가 나네요",
    ],
)
def test_anger_is_not_abuse(text: str) -> None:
    assert tone_of(text) == "upset"


@pytest.mark.parametrize(
    "text",
    [
        "いつ届きますか",
        "最悪の場合、キャンセルできますか",
        "詐欺メールが来ました",
        "お菓子がくずれていました",
        "ゴキブリを殺す薬はありますか",
        "便利ですしね！",
        "The idiom dictionary I ordered has not arrived",
        "아직 도착하지 않았어요",
    ],
)
def test_ordinary_words_are_neither(text: str) -> None:
    assert tone_of(text) is None


def test_hardly_any_of_the_assistants_own_examples_is_called_abusive() -> None:
    lines = [
        line
        for path in PHRASES.rglob("*.txt")
        for line in path.read_text("utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    assert len(lines) > 1000
    flagged = [line for line in lines if tone_of(line) == "abusive"]
    assert len(flagged) <= len(lines) / 1000, flagged
