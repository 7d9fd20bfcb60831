"""From what a file says to a document that can be kept, or to the reasons why not."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from pydantic import BaseModel, ValidationError

from madoguchi.connectors.embedded.importing.completing import complete_order, complete_product
from madoguchi.connectors.embedded.importing.customers import GivenCustomer
from madoguchi.connectors.embedded.importing.report import Kind, Place, Problem
from madoguchi.connectors.embedded.stages import goods_total
from madoguchi.counter.customers.holdings import (
    Device,
    FeeCharge,
    Holdings,
    Membership,
    Service,
    Subscription,
)
from madoguchi.counter.orders.model import (
    Address,
    Line,
    Method,
    Order,
    Parcel,
    ParcelLine,
    Payment,
    Product,
    Refund,
    ReturnRecord,
    Seller,
    TrackingEvent,
    Variant,
    Wallet,
)

Document = Order | Product | Seller | GivenCustomer | Wallet | Holdings
Path = tuple[str | int, ...]

_MODELS: dict[Kind, type[BaseModel]] = {
    "seller": Seller,
    "product": Product,
    "customer": GivenCustomer,
    "wallet": Wallet,
    "holding": Holdings,
    "order": Order,
}
_LONGEST = {"number": 60, "customer_ref": 120, "id": 60, "sku": 80}
_PARTS: tuple[type[BaseModel], ...] = (
    Address, Line, Method, Parcel, ParcelLine, TrackingEvent, Payment, Refund, ReturnRecord, Variant,
    Membership, FeeCharge, Subscription, Device, Service,
)  # fmt: skip
_FIELDS = {name for model in (*_PARTS, *_MODELS.values()) for name in model.model_fields}


@dataclass
class Draft:
    """A record as read. `places` names the rows that parts came from, `columns` the headings of fields
    (a path without its numbers, joined by dots)."""

    kind: Kind
    body: dict[str, Any]
    place: Place
    places: dict[Path, Place] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        name = {
            "order": "number",
            "customer": "shop_ref",
            "wallet": "customer_ref",
            "holding": "customer_ref",
        }.get(self.kind, "id")
        return str(self.body.get(name) or "")

    def problem(self, path: Path, code: str, **params: Any) -> Problem:
        """A problem with the part at `path`, in the row that this part came from."""
        place = next(
            (self.places[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.places), self.place
        )
        names = ".".join(str(part) for part in path if not isinstance(part, int))
        return Problem(place, self.columns.get(names) or _spelt(path), code, params)


def judge(draft: Draft, zone: tzinfo, language: str) -> Document | list[Problem]:
    """The document, or everything that is wrong with it. Moments without a zone are on the clock of `zone`."""
    body = _in_zone(draft.body, zone)
    if draft.kind == "order":
        body = complete_order(body, language)
    if draft.kind == "product":
        body = complete_product(body, language)
    try:
        document = _MODELS[draft.kind].model_validate(body)
    except ValidationError as error:
        return [_in_words(draft, detail) for detail in error.errors()]
    problems = [*_too_long(draft, document)]
    if isinstance(document, Order):
        problems += _wrong_sums(draft, document)
        problems += _loose_ends(draft, document)
    if isinstance(document, Wallet):
        problems += _ids_twice(draft, "methods", [method.id for method in document.methods])
    return problems or document  # type: ignore[return-value]


def only_once(drafts: Iterable[Draft]) -> tuple[list[Draft], list[Problem]]:
    """The first record of every key, and a problem for each further one."""
    first: dict[tuple[Kind, str], Draft] = {}
    problems = []
    for draft in drafts:
        known = first.setdefault((draft.kind, draft.key or f"{draft.place}"), draft)
        if known is not draft:
            place = known.place
            problems.append(draft.problem((), "named_twice", key=draft.key, file=place.file, line=place.line))
    return list(first.values()), problems


# ── what pydantic says, in words ──────────────────────────────────────────────────────────────────


def _in_words(draft: Draft, detail: Any) -> Problem:
    path: Path = tuple(part for part in detail["loc"] if part != "__root__")
    kind, given = detail["type"], detail["input"]
    value = str(given)[:60]
    if kind == "missing" or (given is None and kind.endswith("_type")):
        return draft.problem(path, "missing")
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(path[-1]), _FIELDS, 1, 0.7)
        code = "unknown_field_near" if near else "unknown_field"
        return draft.problem(path, code, **({"near": near[0]} if near else {}))
    if kind == "literal_error":
        return draft.problem(
            path, "not_one_of", value=value, possible=detail["ctx"]["expected"].replace("'", "")
        )
    if kind in ("int_parsing", "int_type", "int_from_float"):
        return draft.problem(path, "not_a_number", value=value)
    if kind.startswith("datetime"):
        return draft.problem(path, "not_a_moment", value=value)
    if kind.startswith("date"):
        return draft.problem(path, "not_a_date", value=value)
    if kind.startswith("bool"):
        return draft.problem(path, "not_yes_or_no", value=value)
    if kind in ("greater_than_equal", "greater_than"):
        return draft.problem(path, "too_small", value=value, least=detail["ctx"].get("ge", 0))
    if kind == "string_too_long":
        return draft.problem(path, "too_long", most=detail["ctx"]["max_length"])
    if kind == "string_too_short":
        return draft.problem(path, "missing")
    if kind == "model_type":
        return draft.problem(path, "not_an_object")
    return draft.problem(path, "bad_value", value=value)


def _too_long(draft: Draft, document: BaseModel) -> Iterator[Problem]:
    for name, most in _LONGEST.items():
        value = getattr(document, name, None)
        if isinstance(value, str) and len(value) > most:
            yield draft.problem((name,), "too_long", most=most)
        if value == "":
            yield draft.problem((name,), "missing")
    for index, variant in enumerate(getattr(document, "variants", ())):
        if len(variant.sku) > _LONGEST["sku"]:
            yield draft.problem(("variants", index, "sku"), "too_long", most=_LONGEST["sku"])


# ── does it add up ────────────────────────────────────────────────────────────────────────────────


def _wrong_sums(draft: Draft, order: Order) -> Iterator[Problem]:
    computed = goods_total(order)
    if order.total != computed:
        yield draft.problem(("total",), "total_differs", given=order.total, computed=computed)
    if not re.fullmatch("[A-Z]{3}", order.currency):
        yield draft.problem(("currency",), "bad_value", value=order.currency)
    if not order.lines:
        yield draft.problem(("lines",), "missing")
    for index, line in enumerate(order.lines):
        if line.cancelled < 0 or line.returned < 0 or line.active < 0:
            yield draft.problem(("lines", index, "cancelled"), "pieces_differ", quantity=line.quantity)
        if line.discount < 0 or line.unit_price < 0:
            yield draft.problem(("lines", index, "unit_price"), "too_small", value=line.unit_price, least=0)
    for index, payment in enumerate(order.payments):
        if (
            payment.refunded > payment.captured
            or min(payment.refunded, payment.captured, payment.authorised) < 0
        ):
            amounts = {"refunded": payment.refunded, "captured": payment.captured}
            yield draft.problem(("payments", index, "refunded"), "over_refund", **amounts)
    if order.refunded > order.captured:
        yield draft.problem(("refunds",), "over_refund", refunded=order.refunded, captured=order.captured)


def _loose_ends(draft: Draft, order: Order) -> Iterator[Problem]:
    lines = {line.id for line in order.lines}
    payments = {payment.id for payment in order.payments}
    parcels = {parcel.id for parcel in order.parcels}
    pieces: list[tuple[Path, list[ParcelLine]]] = [
        *((("parcels", index), parcel.lines) for index, parcel in enumerate(order.parcels)),
        *((("returns", index), record.lines) for index, record in enumerate(order.returns)),
    ]
    for where, items in pieces:
        for step, item in enumerate(items):
            if item.line_id not in lines:
                yield draft.problem((*where, "lines", step, "line_id"), "unknown_line", line_id=item.line_id)
    for index, refund in enumerate(order.refunds):
        if refund.payment_id and refund.payment_id not in payments:
            where = ("refunds", index, "payment_id")
            yield draft.problem(where, "unknown_payment", payment_id=refund.payment_id)
        if refund.amount <= 0:
            yield draft.problem(("refunds", index, "amount"), "too_small", value=refund.amount, least=1)
    for index, parcel in enumerate(order.parcels):
        if parcel.replaces and parcel.replaces not in parcels:
            yield draft.problem(("parcels", index, "replaces"), "unknown_parcel", parcel_id=parcel.replaces)
    for name in ("lines", "parcels", "payments", "refunds", "returns"):
        yield from _ids_twice(draft, name, [part.id for part in getattr(order, name)])


def _ids_twice(draft: Draft, name: str, ids: list[str]) -> Iterator[Problem]:
    for double in (one for one, times in Counter(ids).items() if times > 1):
        yield draft.problem((name, len(ids) - 1 - ids[::-1].index(double), "id"), "id_twice", id=double)


# ── moments ───────────────────────────────────────────────────────────────────────────────────────

_MOMENTS = {
    "placed_at",
    "at",
    "shipped_at",
    "delivered_at",
    "done_at",
    "received_at",
    "cancelled_at",
    "receipt_issued_at",
}


_DAYS = {"promised_from", "promised_to", "expires_on"}


def _in_zone(value: Any, zone: tzinfo, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _in_zone(part, zone, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_in_zone(part, zone) for part in value]
    if not isinstance(value, str) or name not in _MOMENTS | _DAYS:
        return value
    moment = read_moment(value)
    if moment is None:
        return value
    if name in _DAYS:
        return moment.date()
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def read_moment(text: str) -> datetime | None:
    """ISO 8601, and what spreadsheets make of it: `2026/11/20 9:05`, `2025-10-07 09:50:26 +0200`."""
    text = text.strip().replace("/", "-")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for pattern in ("%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 (the caller gives the zone)
        except ValueError:
            continue
    return None


def _spelt(path: Path) -> str:
    """`lines[0].quantity`."""
    spelt = ""
    for part in path:
        spelt += f"[{part}]" if isinstance(part, int) else f".{part}" if spelt else part
    return spelt
