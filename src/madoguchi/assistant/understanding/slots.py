"""What a message says in the vocabulary of the catalogue's slots: the same names for every flow, agent and report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from madoguchi.assistant.understanding import names, wishes
from madoguchi.assistant.understanding.entities import Entities
from madoguchi.assistant.understanding.times import find_times
from madoguchi.kit import text as kit_text

SlotValue = str | int | float | bool

_ERROR_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:error|err|code|エラー(?:コード)?|错误(?:代码|码)?|錯誤(?:代碼|碼)?|오류|에러)(?:\s?(?:code|コード|代码|代碼|코드))?\s?[:#=]?\s?(?P<code>[A-Z]{0,5}[-_]?\d{2,6}[A-Z]?)|(?P<plain>[A-Z]{1,6}[-_]\d{2,6}|E\d{2,5}))(?![A-Za-z0-9])",
    re.I,
)
_ERROR_TEXT = re.compile(
    r"[「『“\"‘'](?P<text>[^」』”\"’']{3,80})[」』”\"’'](?=\s?(?:と|って|というエラー|のエラー|エラー|が表示|error|message|appears|shows|的?(?:错误|錯誤|提示)|라고|라는|오류|에러))|(?:says?|said|shows?|reads|error:|显示|顯示|提示|出現|出现|弹出|跳出|表示)\s?[:：]?\s?[「『“\"‘'](?P<after>[^」』”\"’']{3,80})[」』”\"’']",
    re.I,
)
_ORDERED = r"注文|購入|買った|買いまし|頼ん|order(?:ed)?|bought|purchased|下单|下單|买的|買的|订的|訂的|购买|購買|주문|구매|샀|시켰"
_DELIVERED = r"届い|着い|受け取|配達|到着|arriv\w+|deliver\w+|received|came|收到|到货|到貨|送达|送達|送到|签收|簽收|도착|받았|배송"
_PROMISED = r"予定|はず|までに|約束|due|supposed|promised|expected|estimated|should|预计|預計|应该|應該|本来|本來|说好|說好|예정|까지|온다고"
_CHARGED = r"請求|引き落と|決済|課金|支払|払|charg\w+|billed|payment|paid|debited|扣款|扣了|付款|付了|刷|결제|청구|출금|빠져"
_INCIDENT = ("account_security", "phishing_impersonation")
_PERIOD_WANTED = {
    "support_service.callback_request": "callback_time",
    "order_delivery.redelivery": "redelivery_time",
}


def find_slots(text: str, language: str, entities: Entities, kind: str) -> dict[str, SlotValue]:
    """By slot name, normalised; only what is said. `kind` decides what a date, a time or a number is for."""
    plain = kit_text.normalise(text)
    slots: dict[str, SlotValue] = {}
    for name, value in (
        *_references(entities, kind),
        *_money(plain, entities),
        *_when(plain, entities, kind),
        *_named(plain, kind),
        *_wanted(plain, kind),
        *_trouble(plain),
    ):
        if value not in (None, ""):
            slots.setdefault(name, value)
    return slots


Found = Iterator[tuple[str, SlotValue | None]]


def _references(entities: Entities, kind: str) -> Found:
    numbers = entities.order_numbers or entities.partial_order_numbers
    yield "order_id", numbers[0] if numbers else None
    yield "case_id", _one(entities.case_numbers)
    yield "tracking_number", _one(entities.tracking_numbers)
    yield "url", _one(entities.urls)
    sender = kind.startswith("phishing_impersonation.")
    yield "sender" if sender else "registered_email", _one(entities.emails)
    yield (
        "caller_number" if kind == "phishing_impersonation.vishing" else "phone_number",
        _one(entities.phones),
    )
    if not (entities.ordinals and entities.quantities == entities.ordinals):
        yield "quantity", entities.quantities[0] if entities.quantities else None


def _money(text: str, entities: Entities) -> Found:
    if entities.amounts:
        yield "amount", entities.amounts[0].major
        yield "currency", entities.amounts[0].currency
    yield "payment_method", names.payment_method(text)


def _when(text: str, entities: Entities, kind: str) -> Found:
    times = find_times(text)
    day = entities.dates[0].isoformat() if entities.dates else ""
    if kind in _PERIOD_WANTED:
        yield _PERIOD_WANTED[kind], " ".join(part for part in (day, *times[:1]) if part)
        return
    if day:
        yield _date_slot(text, kind), day
        if len(entities.dates) > 1:
            yield (
                "promised_date" if re.search(_PROMISED, text, re.I) else "delivery_date",
                entities.dates[1].isoformat(),
            )
    elif times and kind.partition(".")[0] in _INCIDENT:
        yield "incident_time", times[0]
    if times and kind.startswith("membership_digital_device."):
        yield "error_time", " ".join(part for part in (day, times[0]) if part)


def _date_slot(text: str, kind: str) -> str:
    category, _, leaf = kind.partition(".")
    if category == "phishing_impersonation":
        return "received_at"
    if leaf in ("account_takeover", "card_fraud", "unrecognized_order", "login_history"):
        return "incident_time"
    if leaf == "seller_no_response":
        return "sent_at"
    if category == "payment_refund" and re.search(_CHARGED, text, re.I):
        return "charge_date"
    if re.search(_PROMISED, text, re.I) and category == "order_delivery":
        return "promised_date"
    if re.search(_ORDERED, text, re.I):
        return "order_date"
    if re.search(_DELIVERED, text, re.I):
        return "delivery_date"
    return "charge_date" if category == "payment_refund" else "order_date"


def _named(text: str, kind: str) -> Found:
    category = kind.partition(".")[0]
    yield "carrier", names.carrier(text)
    yield "company_name", names.company(text)
    yield "agent_name", names.agent(text)
    if kind == "support_service.language_support":
        yield "language", names.language_asked_for(text)
    if category == "marketplace":
        yield "seller_name", names.seller(text)
    if category == "membership_digital_device":
        yield "service_name", names.service(text)
        yield "device_model", names.device(text)
    if kind in ("order_delivery.cross_border_delivery", "business.international_entity"):
        yield "destination_country", names.country(text)
    if kind in (
        "support_service.chat_technical_issue",
        "support_service.accessibility",
        "general.site_usage",
    ):
        yield "browser_or_device", names.browser(text) or names.device(text)


def _wanted(text: str, kind: str) -> Found:
    category, _, leaf = kind.partition(".")
    yield "desired_resolution", wishes.resolution(text)
    if category == "return_exchange_cancel":
        yield "return_reason", wishes.return_reason(text)
        yield "item_condition", wishes.item_condition(text)
    if category == "order_delivery":
        yield "delivery_status", wishes.delivery_status(text)
    if leaf in ("verification_code_not_received", "two_step_verification"):
        yield "auth_method", wishes.auth_method(text)
    if leaf in ("slow_reply", "contact_history"):
        yield "channel", wishes.channel(text)
    yield "photo", True if wishes.has_photo(text) else None


def _trouble(text: str) -> Found:
    said = _ERROR_TEXT.search(text)
    code = _ERROR_CODE.search(text)
    if said:
        yield "error_message", said["text"] or said["after"]
    elif code:
        yield "error_message", (code["code"] or code["plain"]).upper()


def _one(values: tuple[str, ...]) -> str | None:
    return values[0] if values else None
