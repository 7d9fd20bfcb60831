"""A delivery address in one message: read from words, or picked from the saved ones (ORD-008, BOT-021)."""

from __future__ import annotations

import re
from typing import Any

from madoguchi.assistant.questions import Heard, Option, Question, read_option
from madoguchi.assistant.talk import Talk
from madoguchi.counter.orders.model import Address, Order
from madoguchi.counter.orders.wording import address_text
from madoguchi.kit.prefectures import PREFECTURES
from madoguchi.kit.text import normalise, single_spaces

_PREFECTURES = "|".join(each.names["ja"] for each in PREFECTURES)
_ROMAN = "|".join(each.roman for each in PREFECTURES)
# Towns whose names hold 市, 町 or 村 before the end.
_TOWNS = "四日市市|廿日市市|八日市場市|野々市市|余市町|市川市|市原市|市貝町|町田市|大町市|大町町|十日町市|村上市|村山市|東村山市|武蔵村山市|羽村市|田村市|玉村町|大村市|中村区|町村"
_JAPANESE = re.compile(rf"(?P<region>{_PREFECTURES})\s*(?P<rest>.+)", re.S)
_CITY = re.compile(
    rf"(?P<city>(?:{_TOWNS})|[^\d\s]{{1,6}}?郡[^\d\s]{{1,6}}?[町村]|[^\d\s]{{1,7}}?市(?:[^\d\s市]{{1,4}}?区)?|[^\d\s]{{1,5}}?[区町村])\s*(?P<street>.+)",
    re.S,
)
_STREET = re.compile(r"(?P<line1>[^\d]*\d[\d\s\-−ー丁目番地号の]*(?:\d|号|番地|番)?)\s*(?P<line2>.*)", re.S)
_LATIN = re.compile(rf"\b(?P<region>{_ROMAN})\b", re.I)
_POLITE = re.compile(
    r"(?:に|へ|で|まで)?(?:変更|送って|お届け|配送|発送|届けて|お願い|おねがい)(?:を|に)?(?:し|いたし|致し)?(?:てください|て下さい|て|たいです|たい|ます|します|お願いします|ください|下さい)?(?:です)?(?:よろしく(?:お願いします)?)?[。.!！\s]*$|(?:으?로)?\s*(?:변경|보내|바꿔)[^\d]*$|[,，。]\s*(?:[谢謝]{2}|麻[烦煩]).*$"
)
_LEAD = re.compile(
    r"^.*?(?:住所は|届け先は|送り先は|住所[:：]|地址(?:是|改成|改[为為])?[:：]?|[寄送改]到|(?:배송지|주소)(?:는|를)?[:：]?|please (?:send|deliver|ship) (?:it )?to|(?:my )?new address is|address[:：]|change (?:it|the address) to)\s*",
    re.I | re.S,
)


async def ask_address(talk: Talk, order: Order, *, key: str = "address") -> Address:
    """The new address, complete, for the recipient of the order unless another name is given."""
    saved = _saved(talk, order)
    options = [
        Option(f"saved_{index}", address_text(each, talk.language)) for index, each in enumerate(saved)
    ]

    def read(heard: Heard, direct: bool) -> dict[str, Any] | None:
        found = read_address(heard, order.address)
        if found is not None:
            return found.model_dump()
        picked = read_option(options, heard, direct) if direct and options else None
        return saved[int(picked.removeprefix("saved_"))] if picked else None

    def accept(value: str) -> dict[str, Any]:
        return saved[int(value.removeprefix("saved_"))]

    answer = await talk.ask(
        Question(
            key,
            talk.words("address.ask_or_pick" if saved else "address.ask"),
            tuple(options),
            rephrased=talk.words("address.ask_again"),
            read=read,
            accept=accept,
        )
    )
    return Address.model_validate(answer)


def read_address(heard: Heard, before: Address) -> Address | None:
    """A complete address in the words; None when postal code, prefecture, city or street is missing."""
    entities = heard.understanding.entities
    if not entities.postal_codes:
        return None
    text = normalise(heard.text)
    text = re.sub(r"〒?\s*\d{3}[\s\-−ー]?\d{4}(?!\d)", " ", text, count=1)
    for number in entities.phones:
        text = re.sub(r"\D*".join(re.escape(c) for c in number), " ", text)
    text = single_spaces(_POLITE.sub("", _LEAD.sub("", text)))
    common = {
        "name": before.name,
        "kana": before.kana,
        "postal_code": entities.postal_codes[0],
        "phone": entities.phones[0] if entities.phones else before.phone,
        "country": before.country,
    }
    parts = _japanese(text) or _latin(text)
    return Address(**common, **parts) if parts else None


def _japanese(text: str) -> dict[str, str] | None:
    found = _JAPANESE.search(text)
    city = _CITY.match(found["rest"].strip()) if found else None
    street = _STREET.match(city["street"].strip()) if city else None
    if not found or not city or not street:
        return None
    return {
        "region": found["region"],
        "city": city["city"],
        "line1": street["line1"].strip(" 、,の"),
        "line2": street["line2"].strip(" 、,。"),
    }


def _latin(text: str) -> dict[str, str] | None:
    """1-2-3 Jingumae, Shibuya-ku, Tokyo"""
    regions = list(_LATIN.finditer(text))
    if not regions:
        return None
    before = [part.strip() for part in text[: regions[-1].start()].split(",") if part.strip()]
    if len(before) < 2 or not any(character.isdigit() for character in " ".join(before)):
        return None
    return {
        "region": regions[-1]["region"].title(),
        "city": before[-1],
        "line1": before[-2],
        "line2": ", ".join(before[:-2]),
    }


def _saved(talk: Talk, order: Order) -> list[dict[str, Any]]:
    """Saved addresses other than the one on the order, at most four."""
    customer = talk.scene.customer
    found = []
    for each in customer.addresses if customer else []:
        fields = {name: str(each.get(name, "")) for name in Address.model_fields if each.get(name)}
        try:
            address = Address.model_validate({"name": order.address.name, **fields})
        except ValueError:
            continue
        same = (address.postal_code, address.line1, address.line2) == (
            order.address.postal_code,
            order.address.line1,
            order.address.line2,
        )
        if not same:
            found.append(address.model_dump())
    return found[:4]
