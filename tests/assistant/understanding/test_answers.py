"""Yes and no are taken only when nothing else is said; back, stop and corrections are heard."""

from __future__ import annotations

from datetime import date

import pytest

from madoguchi.assistant.understanding import Understander, Understanding

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load()


def say(understander: Understander, text: str) -> Understanding:
    return understander.understand(text, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "はい",
        "ハイ",
        "はい、お願いします",
        "ええ",
        "うん",
        "そうです",
        "その通りです",
        "はい、それでお願いします。ありがとうございます",
        "お願いします",
        "はい大丈夫です",
        "進めてください",
        "いいですよ",
        "OK",
        "ok!",
        "Yes",
        "yes please",
        "yep",
        "sure",
        "Yes, go ahead.",
        "that's correct",
        "👍",
        "好的",
        "是的",
        "네",
        "예",
        "ｙｅｓ",
    ],
)
def test_a_plain_yes_is_a_yes(understander: Understander, text: str) -> None:
    understood = say(understander, text)
    assert understood.answer == "yes"
    assert understood.intents == ()


@pytest.mark.parametrize(
    "text",
    [
        "いいえ",
        "いや",
        "いいえ、結構です",
        "やめておきます",
        "違います",
        "しません",
        "不要です",
        "no",
        "No thanks",
        "nope",
        "no, don't",
        "not now",
        "👎",
        "不要",
        "아니요",
        "いらないです",
    ],
)
def test_a_plain_no_is_a_no(understander: Understander, text: str) -> None:
    assert say(understander, text).answer == "no"


@pytest.mark.parametrize(
    "text",
    [
        "はい、でも住所を変えてください",
        "はい?",
        "はい、2個です",
        "yes but change the address",
        "yes, cancel it and refund me",
        "yes?",
        "sure?",
        "no problem",
        "大丈夫です",
        "結構です",
        "いいです",
        "fine",
        "yes no",
        "はい、キャンセルしてください",
        "ok so where is my order",
        "違う商品が届いた",
        "no, the second one",
        "はいつ届きますか",
        "yesterday",
        "history",
        "okra",
        "はい、いくらですか",
        "I said yes to the old address",
        "もしはいと言ったら",
    ],
)
def test_a_yes_with_conditions_questions_or_wishes_is_no_answer(
    understander: Understander, text: str
) -> None:
    assert say(understander, text).answer is None


@pytest.mark.parametrize(
    "text",
    [
        "戻る",
        "もどる",
        "前に戻りたい",
        "ひとつ前に戻って",
        "やり直したい",
        "最初から",
        "back",
        "go back",
        "start over",
        "previous question",
    ],
)
def test_the_way_back_is_heard(understander: Understander, text: str) -> None:
    assert say(understander, text).wants_back


@pytest.mark.parametrize(
    "text",
    [
        "返金は戻ってきますか",
        "お金が戻ってこない",
        "I want to send it back",
        "money back",
        "返品して戻したい商品がある",
        "when will it be back in stock",
    ],
)
def test_things_that_come_back_are_no_way_back(understander: Understander, text: str) -> None:
    assert not say(understander, text).wants_back


@pytest.mark.parametrize(
    "text",
    [
        "やめる",
        "やっぱりやめます",
        "never mind",
        "forget it",
        "キャンセル",
        "cancel",
        "stop",
        "もういいです",
        "また今度にします",
        "I changed my mind",
    ],
)
def test_stopping_the_talk_is_heard(understander: Understander, text: str) -> None:
    assert say(understander, text).wants_cancel_talk


@pytest.mark.parametrize(
    "text",
    ["注文をキャンセルしたい", "cancel my order", "会員をやめたい", "please stop the shipment of my order"],
)
def test_cancelling_an_order_does_not_stop_the_talk(understander: Understander, text: str) -> None:
    assert not say(understander, text).wants_cancel_talk


@pytest.mark.parametrize(
    "text",
    [
        "違います、2番です",
        "いいえ、違います。昨日の注文です",
        "それじゃなくて青い方",
        "not that one, the second one",
        "no, I meant the blue one",
        "actually it's 3",
        "さっきのは間違いです、3個です",
    ],
)
def test_corrections_are_heard(understander: Understander, text: str) -> None:
    assert say(understander, text).correction


@pytest.mark.parametrize(
    "text",
    ["違う商品が届いた", "色が違います", "注文を間違えた", "I got the wrong item", "it is not working"],
)
def test_wrong_goods_are_no_correction(understander: Understander, text: str) -> None:
    assert not say(understander, text).correction


def test_greetings_thanks_and_anger_are_noticed(understander: Understander) -> None:
    assert say(understander, "こんにちは").greeting
    assert say(understander, "Hi, where is my order?").greeting
    assert say(understander, "助かりました、ありがとう").thanks
    assert say(understander, "thanks a lot").thanks
    assert say(understander, "ふざけるな、いつまで待たせるんだ").strong_words
    assert say(understander, "This is absolutely ridiculous").strong_words
    assert not say(understander, "返品したいです").strong_words


@pytest.mark.parametrize(
    "text",
    [
        "こんにちは",
        "ありがとうございました",
        "hello",
        "thanks!",
        "Hi there",
        "おはようございます、よろしくお願いします",
    ],
)
def test_mere_politeness_has_no_intent(understander: Understander, text: str) -> None:
    assert say(understander, text).intents == ()
