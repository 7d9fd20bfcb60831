"""The language of a message, short kanji-only Japanese included."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from madoguchi.assistant.language import LANGUAGES, identify

SHORT = {
    language: [line for line in lines.splitlines() if line]
    for language, lines in tomllib.loads(
        Path(__file__).with_name("languages.toml").read_text(encoding="utf-8")
    ).items()
}

TWENTY_CHARACTERS_OR_MORE = {
    "ja": [
        "先日注文した商品がまだ届いていないのですが確認していただけますか",
        "サイズが合わなかったので返品して返金を受けたいと思っています",
        "配送予定日変更希望、現在配達状況不明、至急連絡希望、注文番号確認依頼",
        "Kindle Paperwhiteの電源が入らないので交換してもらえますか",
        "領収書発行依頼、宛名株式会社山田商店、但書書籍代、発行日指定無",
        "クレジットカードの有効期限が切れたので新しいカードを登録したいです",
        "いつもお世話になっております。先日の件はその後いかがでしょうか。",
        "ログインシヨウトスルトエラーガデテサキニススメマセン",
        "注文番号503-1234567-1234567の配送状況を教えてください",
        "返品希望。商品到着後開封済、初期不良、交換不可の場合返金希望です",
    ],
    "en": [
        "I ordered a coffee machine last week and it has not arrived yet",
        "Could you please send me the receipt for my last purchase?",
        "my account was hacked and the email address has been changed",
        "the screen was cracked when I opened the box, I want a replacement",
        "How do I change the shipping address of order 503-1234567-1234567",
        "I bought the ノート from your shop and would like to return it please",
        "do you ship to Canada and how long does it usually take",
        "I WANT TO TALK TO A REAL PERSON RIGHT NOW PLEASE",
        "ordered 2 items but only one was in the parcel, where is the other",
        "Please cancel the order that I placed this morning by mistake",
    ],
    "zh-Hans": [
        "我上个星期买的东西到现在还没有收到，请帮我查一下物流信息",
        "你好，我想申请退款，请问需要多长时间才能到账呢",
        "收到的商品是坏的，我要求换货或者全额退款，请尽快处理",
        "我的账号好像被别人登录了，密码也被改了，怎么办",
        "请帮我转接人工客服，我有比较复杂的问题想要咨询一下",
        "订单号503-1234567-1234567，请问什么时候可以发货",
        "我想修改收货地址，因为我上周刚刚搬家了，可以改吗",
        "信用卡被重复扣款两次了，麻烦你们帮我核实一下情况",
        "发来的颜色不对，我订的是黑色，收到的却是白色的衣服",
        "请问你们的客服电话是多少，营业时间是几点到几点呢",
    ],
    "zh-Hant": [
        "我上個星期買的東西到現在還沒有收到，請幫我查一下物流資訊",
        "你好，我想申請退款，請問需要多長時間才能到帳呢",
        "收到的商品是壞的，我要求換貨或者全額退款，請盡快處理",
        "我的帳號好像被別人登入了，密碼也被改了，怎麼辦",
        "請幫我轉接真人客服，我有比較複雜的問題想要諮詢一下",
        "訂單編號503-1234567-1234567，請問什麼時候可以出貨",
        "我想修改收件地址，因為我上週剛剛搬家了，可以改嗎",
        "信用卡被重複扣款兩次了，麻煩你們幫我核實一下情況",
        "寄來的顏色不對，我訂的是黑色，收到的卻是白色的衣服",
        "請問你們的客服電話是多少，營業時間是幾點到幾點呢",
    ],
    "ko": [
        "지난주에 주문한 상품이 아직 도착하지 않았어요 확인 부탁드립니다",
        "환불을 받고 싶은데 얼마나 걸리는지 알려 주시겠어요",
        "제 계정에 다른 사람이 로그인한 것 같아요 도와주세요",
        "주문번호 503-1234567-1234567 배송 조회 부탁드려요",
        "사이즈가 맞지 않아서 다른 사이즈로 교환하고 싶습니다",
        "Kindle 화면이 깨져서 왔는데 교환이 가능한가요 사진 있어요",
        "상담원과 직접 통화하고 싶은데 어떻게 하면 되나요",
        "카드가 두 번 결제된 것 같은데 확인해 주실 수 있나요",
        "배송지를 회사 주소로 변경하고 싶은데 가능할까요",
        "영수증을 이메일로 다시 보내 주실 수 있을까요 감사합니다",
    ],
}
ALL_LONG = [(language, text) for language, texts in TWENTY_CHARACTERS_OR_MORE.items() for text in texts]


@pytest.mark.req("LNG-002")
def test_texts_of_twenty_characters_are_identified_with_both_chinese_scripts_apart() -> None:
    assert all(len(text) >= 20 for _, text in ALL_LONG)
    wrong = [(language, text) for language, text in ALL_LONG if identify(text).language != language]
    assert len(wrong) <= 0.05 * len(ALL_LONG), wrong


@pytest.mark.req("LNG-002")
@pytest.mark.parametrize("language", LANGUAGES)
def test_short_sentences_of_a_shop_are_identified(language: str) -> None:
    wrong = [text for text in SHORT[language] if identify(text).language != language]
    assert len(set(SHORT[language])) >= 80
    assert len(wrong) <= 0.02 * len(SHORT[language]), wrong


@pytest.mark.parametrize(
    "text",
    [
        "返品希望",
        "配送状況確認",
        "領収書発行",
        "返金未着",
        "商品未到着",
        "二重請求",
        "注文取消希望",
        "初期不良",
        "破損",
        "交換",
        "改善要望",
        "京都市在住",
    ],
)
def test_kanji_only_shop_japanese_is_japanese(text: str) -> None:
    assert identify(text).language == "ja"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("退款", "zh-Hans"),
        ("我要退货", "zh-Hans"),
        ("我想退貨", "zh-Hant"),
        ("轉接真人", "zh-Hant"),
        ("客服", "zh-Hans"),
        ("상담원", "ko"),
        ("refund", "en"),
    ],
)
def test_short_messages_of_other_languages_are_told_apart(text: str, language: str) -> None:
    assert identify(text).language == language


def test_the_hint_decides_only_where_the_text_does_not_tell() -> None:
    assert identify("123", hint="ko").language == "ko"
    assert identify("交換", hint="zh-Hant").language == "zh-Hant"
    assert identify("返品したい", hint="en").language == "ja"
    assert identify("where is it", hint="ja").language == "en"


@pytest.mark.parametrize("text", ["", "🎁🎁", "\ud800", "٣٤٥", "Где мой заказ", "x" * 4000])
def test_any_text_has_one_of_the_languages(text: str) -> None:
    found = identify(text)
    assert found.language in LANGUAGES
    assert 0 <= found.confidence <= 1
