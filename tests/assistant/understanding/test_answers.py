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
        "好的，谢谢",
        "可以的",
        "没问题",
        "對，沒錯",
        "好啊",
        "嗯嗯",
        "是的，就这样",
        "麻烦你了，好的",
        "네네",
        "네, 맞아요",
        "좋아요 감사합니다",
        "ㅇㅇ",
        "네 진행해 주세요",
        "그렇게 해 주세요",
        "응",
        "알겠습니다",
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
        "不用了，谢谢",
        "不是",
        "不對",
        "不需要",
        "先不要",
        "没有",
        "아뇨",
        "아니에요",
        "안 할래요",
        "됐어요",
        "ㄴㄴ",
        "필요 없어요",
        "싫어요",
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
        "可以退货吗",
        "好的，但是地址要改",
        "是我买的那双鞋",
        "好像不对",
        "不要退款，要换货",
        "對了，還有一件事",
        "可以嗎",
        "네, 그런데 주소가 바뀌었어요",
        "네?",
        "네 그거 취소해 주세요",
        "아니 두 번째 거요",
        "괜찮아요",
        "맞나요",
        "예전 주소로 갔어요",
        "好久没收到",
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
        "返回",
        "回到上一步",
        "重新选",
        "从头开始",
        "重來",
        "뒤로",
        "처음부터 다시",
        "이전 단계로",
        "돌아가고 싶어요",
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
        "退回商品",
        "钱还没退回",
        "돌려보내고 싶어요",
        "包裹被退回了",
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
        "算了",
        "不办了",
        "没事了",
        "取消吧",
        "改天再说",
        "그만할게요",
        "취소할게요",
        "다음에 할게요",
        "됐어요",
    ],
)
def test_stopping_the_talk_is_heard(understander: Understander, text: str) -> None:
    assert say(understander, text).wants_cancel_talk


@pytest.mark.parametrize(
    "text",
    [
        "注文をキャンセルしたい",
        "cancel my order",
        "会員をやめたい",
        "please stop the shipment of my order",
        "取消订单",
        "我想取消會員",
        "주문 취소해 주세요",
        "멤버십 그만 쓰고 싶어요",
    ],
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
        "不是，是蓝色的那个",
        "不对，我说的是昨天的订单",
        "我打错了，是3个",
        "說錯了，是第二個",
        "아니요, 두 번째 거요",
        "그게 아니라 파란색이요",
        "제 말은 어제 주문이요",
        "아까 잘못 말했어요",
    ],
)
def test_corrections_are_heard(understander: Understander, text: str) -> None:
    assert say(understander, text).correction


@pytest.mark.parametrize(
    "text",
    [
        "違う商品が届いた",
        "色が違います",
        "注文を間違えた",
        "I got the wrong item",
        "it is not working",
        "收到的不是我买的",
        "颜色不对",
        "색상이 달라요",
        "잘못된 상품이 왔어요",
    ],
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
    for text in ("你好", "您好，请问一下", "안녕하세요"):
        assert say(understander, text).greeting
    for text in ("谢谢你", "感謝協助", "감사합니다"):
        assert say(understander, text).thanks
    for text in ("你们太差劲了，垃圾", "太離譜了吧", "진짜 짜증나네요", "장난하세요?"):
        assert say(understander, text).strong_words
    for text in ("我要退货", "반품하고 싶어요", "快递还没到"):
        assert not say(understander, text).strong_words


@pytest.mark.parametrize(
    "text",
    [
        "こんにちは",
        "ありがとうございました",
        "hello",
        "thanks!",
        "Hi there",
        "おはようございます、よろしくお願いします",
        "你好",
        "谢谢你的帮助",
        "謝謝，辛苦了",
        "안녕하세요",
        "감사합니다 수고하세요",
    ],
)
def test_mere_politeness_has_no_intent(understander: Understander, text: str) -> None:
    assert say(understander, text).intents == ()


@pytest.mark.parametrize(
    ("text", "refers"),
    [
        ("もう一つの方です", "other"),
        ("the other one please", "other"),
        ("另一个也退", "other"),
        ("다른 거요", "other"),
        ("さっきの注文です", "earlier"),
        ("the previous one", "earlier"),
        ("上一个", "earlier"),
        ("아까 그거", "earlier"),
        ("それもお願いします", "also"),
        ("that one too", "also"),
        ("这个也要退", "also"),
        ("그것도요", "also"),
        ("返品したい", None),
        ("I want to return it", None),
    ],
)
def test_what_points_back_is_noticed(understander: Understander, text: str, refers: str | None) -> None:
    assert say(understander, text).refers == refers
