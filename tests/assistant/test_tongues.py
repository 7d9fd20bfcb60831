"""Which language the assistant answers in: the customer's, kept, and changed only when they clearly change it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from madoguchi.rehearsal.chat import Chat

Open = Callable[..., Chat]


@pytest.mark.req("LNG-002")
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("你好", "请问有什么可以帮您"),
        ("您好，請問一下", "請問有什麼可以幫您"),
        ("안녕하세요", "무엇을 도와드릴까요"),
        ("Hello there", "What can I help you with"),
        ("こんにちは", "どのようなご用件でしょうか"),
    ],
)
def test_the_first_words_decide(chat: Open, words: str, answer: str) -> None:
    talk = chat("C1001")
    talk.say(words)
    assert answer in talk.text


@pytest.mark.req("LNG-002")
def test_naming_a_product_as_it_is_shown_changes_no_language(chat: Open) -> None:
    talk = chat("C1001")
    talk.say("안녕하세요")
    talk.press("배송 조회")
    talk.say("Daypack, 22 l")
    assert "도착 예정" in talk.text
    assert talk.contact.language == "ko"


@pytest.mark.req("LNG-002")
def test_an_answer_that_is_written_alike_everywhere_keeps_the_language(chat: Open) -> None:
    talk = chat("C1001")
    talk.say("您好，請問一下")
    talk.press("取消訂單")
    talk.say("ok")
    assert talk.contact.language == "zh-Hant"
    assert "已辦理完成" in talk.text


@pytest.mark.req("LNG-002")
def test_a_whole_sentence_in_another_language_changes_it(chat: Open) -> None:
    talk = chat("C1001")
    talk.say("안녕하세요")
    talk.say("すみません、日本語でお願いします。荷物はどこですか")
    assert talk.contact.language == "ja"
    talk.say("我还是用中文吧，我的包裹在哪里？")
    assert talk.contact.language == "zh-Hans"


@pytest.mark.req("LNG-002")
def test_the_language_can_be_asked_for(chat: Open) -> None:
    talk = chat("C1001", problem="support_service.language_support")
    talk.press("한국어")
    assert "이제부터 한국어로" in talk.text
    talk.say("ok")
    assert talk.contact.language == "ko"


@pytest.mark.req("LNG-007")
@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("新地址是〒150-0001 東京都渋谷区神宮前1-2-3 緑ビル405，谢谢", "按以上内容办理吗"),
        ("배송지는 〒150-0001 東京都渋谷区神宮前1-2-3 緑ビル405로 변경해 주세요", "이 내용으로 진행할까요"),
    ],
)
def test_a_japanese_address_is_read_out_of_chinese_and_korean_words(
    chat: Open, words: str, asked: str
) -> None:
    talk = chat("C1001", problem="order_delivery.change_delivery_address")
    talk.say("你好，我要改地址" if "地址" in words else "배송 주소를 바꾸고 싶어요")
    talk.say(words)
    assert asked in talk.text
    assert "神宮前1-2-3 緑ビル405" in str(talk.cards)
