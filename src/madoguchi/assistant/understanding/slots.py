"""What a message says in the vocabulary of the catalogue's slots: the same names for every flow, agent and report."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from madoguchi.assistant.understanding import counts, names, wishes
from madoguchi.assistant.understanding.entities import Entities
from madoguchi.assistant.understanding.products import product
from madoguchi.assistant.understanding.times import find_times
from madoguchi.kit import text as kit_text

SlotValue = str | int | float | bool
Found = Iterator[tuple[str, SlotValue | None]]

_ALWAYS = frozenset(
    (
        "order_id",
        "case_id",
        "tracking_number",
        "url",
        "registered_email",
        "phone_number",
        "amount",
        "currency",
        "carrier",
        "photo",
    )
)
_ERROR_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:error|err|code|エラー(?:コード)?|错误(?:代码|码)?|錯誤(?:代碼|碼)?|오류|에러)(?:\s?(?:code|コード|代码|代碼|코드))?\s?[:#=]?\s?(?P<code>[A-Z]{0,5}[-_]?\d{2,6}[A-Z]?)|(?P<plain>[A-Z]{1,6}[-_]\d{2,6}|E\d{2,5}))(?![A-Za-z0-9])",
    re.I,
)
_ERROR_TEXT = re.compile(
    r"[「『“\"‘'](?P<text>[^」』”\"’']{3,80})[」』”\"’'](?=\s?(?:と|って|というエラー|のエラー|エラー|が表示|error|message|appears|shows|的?(?:错误|錯誤|提示)|라고|라는|오류|에러))|(?:says?|said|shows?|reads|error:|显示|顯示|提示|出現|出现|弹出|跳出|表示)\s?[:：]?\s?[「『“\"‘'](?P<after>[^」』”\"’']{3,80})[」』”\"’']",
    re.I,
)
_ORDERED = re.compile(
    r"注文|購入|買った|買いまし|頼ん|order(?:ed)?|bought|purchased|下单|下單|买的|買的|订的|訂的|购买|購買|주문|구매|샀|시켰",
    re.I,
)
_PROMISED = re.compile(
    r"予定|はず|までに|約束|due|supposed|promised|expected|estimated|should|预计|預計|应该|應該|本来|本來|说好|說好|예정|까지|온다고",
    re.I,
)


def find_slots(text: str, language: str, entities: Entities, kind: str) -> dict[str, SlotValue]:
    """By slot name, normalised; only what is said, and only what `kind` has a use for (`slots.toml`)."""
    plain = kit_text.normalise(text)
    wanted = _ALWAYS | _of_kind(kind)
    slots: dict[str, SlotValue] = {}
    for name, value in (
        *_references(entities),
        *_goods(plain, language, entities),
        *_money(plain, entities),
        *_when(plain, entities, wanted),
        *_named(plain),
        *_wishes(plain),
        *_trouble(plain),
    ):
        if name in wanted and value not in (None, ""):
            slots.setdefault(name, value)
    if "sender" in slots or "caller_number" in slots:
        slots.pop("registered_email", None)
        slots.pop("phone_number", None)
    return slots


@cache
def _of_kind(kind: str) -> frozenset[str]:
    groups = tomllib.loads(Path(__file__).with_name("slots.toml").read_text(encoding="utf-8"))
    category, _, leaf = kind.partition(".")
    return frozenset(groups.get(category, {}).get(leaf, "").split())


def _references(entities: Entities) -> Found:
    numbers = entities.order_numbers or entities.partial_order_numbers
    for name, values in (
        ("order_id", numbers),
        ("case_id", entities.case_numbers),
        ("tracking_number", entities.tracking_numbers),
        ("url", entities.urls),
        ("sender", entities.emails or entities.phones),
        ("registered_email", entities.emails),
        ("caller_number", entities.phones),
        ("phone_number", entities.phones),
    ):
        yield name, values[0] if values else None


def _goods(text: str, language: str, entities: Entities) -> Found:
    yield "product_name", product(text, language)
    yield "quantity", counts.quantity(text, language)
    if entities.quantities != entities.ordinals:  # a bare number may be a place in a list
        yield "quantity", entities.quantities[0] if entities.quantities else None


def _money(text: str, entities: Entities) -> Found:
    if entities.amounts:
        yield "amount", entities.amounts[0].major
        yield "currency", entities.amounts[0].currency
    yield "payment_method", names.payment_method(text)


def _when(text: str, entities: Entities, wanted: frozenset[str]) -> Found:
    times = find_times(text)
    day = entities.dates[0].isoformat() if entities.dates else ""
    moment = " ".join(part for part in (day, *times[:1]) if part)
    for name in ("callback_time", "redelivery_time"):
        yield name, moment
    if times:
        yield "error_time", moment
    if "promised_date" in wanted and _PROMISED.search(text):
        yield "promised_date", day
    elif _ORDERED.search(text):
        yield "order_date", day
    for name in ("charge_date", "delivery_date", "incident_time", "received_at", "sent_at"):
        yield name, day


def _named(text: str) -> Found:
    yield "carrier", names.carrier(text)
    yield "company_name", names.company(text)
    yield "agent_name", names.agent(text)
    yield "language", names.language_asked_for(text)
    yield "seller_name", names.seller(text)
    yield "service_name", names.service(text)
    yield "device_model", names.device(text)
    yield "destination_country", names.country(text)
    yield "browser_or_device", names.browser(text) or names.device(text)


def _wishes(text: str) -> Found:
    yield "desired_resolution", wishes.resolution(text)
    yield "return_reason", wishes.return_reason(text)
    yield "item_condition", wishes.item_condition(text)
    yield "delivery_status", wishes.delivery_status(text)
    yield "auth_method", wishes.auth_method(text)
    yield "channel", wishes.channel(text)
    yield "disclosed_data", wishes.disclosed(text)
    yield "photo", True if wishes.has_photo(text) else None


def _trouble(text: str) -> Found:
    said = _ERROR_TEXT.search(text)
    code = _ERROR_CODE.search(text)
    if said:
        yield "error_message", said["text"] or said["after"]
    elif code:
        yield "error_message", (code["code"] or code["plain"]).upper()
