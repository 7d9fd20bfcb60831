"""What a message says comes out under the names of the catalogue's slots, normalised, in every language."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from madoguchi.assistant.language import identify
from madoguchi.assistant.understanding import OrderNumberMask
from madoguchi.assistant.understanding.counts import quantity
from madoguchi.assistant.understanding.entities import find_entities
from madoguchi.assistant.understanding.products import product
from madoguchi.assistant.understanding.slots import find_slots
from madoguchi.assistant.understanding.times import find_times

TODAY = date(2026, 11, 21)
MASK = OrderNumberMask()


def slots(text: str, kind: str) -> dict[str, Any]:
    language = identify(text).language
    return find_slots(text, language, find_entities(text, TODAY, MASK, MASK.pattern(), language), kind)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (
            "return_exchange_cancel.return_request",
            "503-1234567-1234567の靴、サイズが小さかったので返品したいです。未使用です",
            {
                "order_id": "503-1234567-1234567",
                "return_reason": "does_not_fit",
                "item_condition": "opened_unused",
                "desired_resolution": "return",
            },
        ),
        (
            "return_exchange_cancel.damaged_item",
            "the mug arrived broken, I have photos, please send me a replacement. ORD-88213",
            {
                "order_id": "ORD-88213",
                "return_reason": "damaged",
                "photo": True,
                "desired_resolution": "exchange",
            },
        ),
        (
            "payment_refund.duplicate_charge",
            "信用卡昨天被扣了两次200元",
            {"amount": 200, "currency": "CNY", "payment_method": "credit_card", "charge_date": "2026-11-20"},
        ),
        (
            "order_delivery.track_order",
            "지난주 금요일에 주문했는데 CJ대한통운 송장번호 123456789012 어디예요",
            {"order_date": "2026-11-13", "carrier": "CJ대한통운", "tracking_number": "123456789012"},
        ),
        (
            "order_delivery.delivery_delay",
            "昨日届くはずの荷物がまだです。ヤマト運輸です",
            {"promised_date": "2026-11-20", "carrier": "ヤマト運輸"},
        ),
        (
            "support_service.callback_request",
            "明日の午後3時に090-1234-5678へ電話をください",
            {"callback_time": "2026-11-22 15:00", "phone_number": "09012345678"},
        ),
        (
            "order_delivery.redelivery",
            "please redeliver tomorrow at 5 pm",
            {"redelivery_time": "2026-11-22 17:00"},
        ),
        ("support_service.language_support", "中国語で話せる人はいますか", {"language": "zh-Hans"}),
        (
            "payment_refund.payment_failure",
            "エラーコード E-4021 と表示されて払えません",
            {"error_message": "E-4021"},
        ),
        (
            "membership_digital_device.device_issue",
            'my TV stick shows "No signal" since yesterday',
            {"device_model": "TV stick", "error_message": "No signal"},
        ),
        (
            "business.quote",
            "株式会社山田商店です。椅子を50脚、見積もりをお願いします",
            {"company_name": "株式会社山田商店"},
        ),
        (
            "marketplace.seller_no_response",
            "出品者「青空商店」から返事がありません",
            {"seller_name": "青空商店"},
        ),
        (
            "phishing_impersonation.verify_message",
            "info@shop-verify.example から来たメールは本物?",
            {"sender": "info@shop-verify.example"},
        ),
        (
            "support_service.case_follow_up",
            "C-10482の件、担当の田中さんお願いします",
            {"case_id": "C-10482", "agent_name": "田中"},
        ),
        ("order_delivery.cross_border_delivery", "台湾に送れますか", {"destination_country": "TW"}),
        ("account_security.verification_code_not_received", "短信验证码收不到", {"auth_method": "sms"}),
    ],
)
def test_slots_of_a_message(kind: str, text: str, expected: dict[str, Any]) -> None:
    found = slots(text, kind)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize("text", ["返品したいです", "hello", "写真と違う", "我不知道", "..."])
def test_what_is_not_said_is_no_slot(text: str) -> None:
    found = slots(text, "order_delivery.track_order")
    assert not {"order_id", "amount", "photo", "carrier", "order_date", "phone_number"} & set(found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("in two hours", "PT2H"),
        ("午後3時", "15:00"),
        ("14:30", "14:30"),
        ("3pm", "15:00"),
        ("下午三点半", "15:30"),
        ("오후 3시", "15:00"),
        ("三个小时后", "PT3H"),
        ("오전 10시 30분", "10:30"),
        ("두 시간 뒤", "PT2H"),
        ("at noon", "12:00"),
    ],
)
def test_times_are_read_in_every_language(text: str, told: str) -> None:
    assert find_times(text) == (told,)


@pytest.mark.parametrize("text", ["2時間かかった", "快点", "세시간째", "5点セット", "12:345"])
def test_spans_and_pieces_are_no_times(text: str) -> None:
    assert find_times(text) == ()


@pytest.mark.req("ADV-010")
@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("買ったワイヤレスイヤホンの音が出ません", "ja", "ワイヤレスイヤホン"),
        ("日本から本を送りたい", "ja", "本"),
        ("my electric kettle won't turn on", "en", "electric kettle"),
        ("please book a pickup", "en", None),
        ("我买的电饭煲坏了", "zh-Hans", "电饭煲"),
        ("收到的電動牙刷不能用", "zh-Hant", "電動牙刷"),
        ("무선청소기가 안 켜져요", "ko", "무선청소기"),
        ("보내드릴게요", "ko", None),
    ],
)
def test_goods_are_named_in_the_customers_own_words(text: str, language: str, name: str | None) -> None:
    assert product(text, language) == name


@pytest.mark.req("ADV-010")
@pytest.mark.parametrize(
    ("text", "language", "pieces"),
    [
        ("椅子を50脚お願いします", "ja", 50),
        ("we need fifty chairs", "en", 50),
        ("it took three weeks", "en", None),
        ("改成三件", "zh-Hans", 3),
        ("訂了兩百個杯子", "zh-Hant", 200),
        ("세 개로 바꿔 주세요", "ko", 3),
        ("3개월 됐어요", "ko", None),
        ("一个", "zh-Hans", None),
    ],
)
def test_pieces_are_counted_in_every_language(text: str, language: str, pieces: int | None) -> None:
    assert quantity(text, language) == pieces


def test_a_message_is_read_for_what_its_kind_asks_for() -> None:
    told = "昨日買ったやかん、クレジットカードで払いました"
    assert "payment_method" in slots(told, "payment_refund.refund_status")
    assert "payment_method" not in slots(told, "return_exchange_cancel.defective_item")
