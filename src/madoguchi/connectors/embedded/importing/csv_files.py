"""Records from our own CSV files: which columns there are, and how rows become orders.

One file per kind of record. An order is as many rows of orders.csv as it has lines; payments.csv, parcels.csv,
tracking.csv, refunds.csv and returns.csv add to it by `order_number`. Amounts are as people write them (5,980 or
53.91). docs/import.md lists every column; a test keeps it in step with `COLUMNS`.
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Literal

from madoguchi.connectors.embedded.importing.amounts import minor_units, yes_or_no
from madoguchi.connectors.embedded.importing.judging import Draft, Path
from madoguchi.connectors.embedded.importing.reading import Row
from madoguchi.connectors.embedded.importing.report import Kind, Place, Problem
from madoguchi.kit.languages import NAMES

Table = Literal[
    "sellers",
    "products",
    "customers",
    "addresses",
    "wallets",
    "orders",
    "payments",
    "parcels",
    "tracking",
    "refunds",
    "returns",
]
Form = Literal["text", "number", "amount", "yes_no", "list"]


@dataclass(frozen=True)
class Column:
    """A heading, the field it fills (joined by dots), and how its text is read."""

    name: str
    field: str
    form: Form = "text"
    needed: bool = False


def _columns(*given: str) -> tuple[Column, ...]:
    """`heading[=field][:form][!]`; `!` marks a column that must be there."""
    found = []
    for each in given:
        text, needed = each.rstrip("!"), each.endswith("!")
        text, _, form = text.partition(":")
        name, _, target = text.partition("=")
        found.append(Column(name, target or name, form or "text", needed))  # type: ignore[arg-type]
    return tuple(found)


def _by_language(heading: str, target: str = "") -> tuple[str, ...]:
    """One column for each language: name_ja, name_en, name_zh_hans …"""
    return tuple(
        f"{heading}_{language.lower().replace('-', '_')}={target or heading}.{language}" for language in NAMES
    )


_ADDRESS = _columns(
    "address_name=address.name", "address_kana=address.kana", "postal_code=address.postal_code",
    "region=address.region", "city=address.city", "line1=address.line1", "line2=address.line2",
    "country=address.country", "address_phone=address.phone",
)  # fmt: skip
# What a row says about the whole, and what it says about the part that the row stands for.
WHOLE: dict[Table, tuple[Column, ...]] = {
    "sellers": _columns("id!", "name!", "is_shop:yes_no", "return_days:number", "customer_pays_return:yes_no",
        "email", "language"),
    "products": _columns(
        "id!", *_by_language("name"), "product_class", "seller_id", "image", "url",
        "members_only:yes_no", "returnable:yes_no", "currency",
    ),
    "customers": (
        *_columns("shop_ref!", "name!", "kana", "email", "phone", "language", "segments:list", "company",
                 "registration_number", "company_role"),
        *_ADDRESS,
    ),
    "addresses": (*_columns("customer_ref!"), *_ADDRESS),
    "wallets": _columns("customer_ref!", "currency"),
    "orders": (
        *_columns(
            "number!", "customer_ref!", "placed_at!", "currency", "state", "total:amount!", "shipping_fee:amount",
            "discount:amount", "promised_from", "promised_to", "cancelled_at", "note",
        ),
        *_ADDRESS,
    ),
    "payments": _columns("order_number!"),
    "parcels": _columns(
        "order_number!", "parcel_id=id!", "carrier", "tracking_number", "tracking_url", "state", "shipped_at",
        "promised_from", "promised_to", "delivered_at", "replaces",
    ),
    "tracking": _columns("order_number!", "parcel_id=id!"),
    "refunds": _columns("order_number!"),
    "returns": _columns(
        "order_number!", "return_id=id!", "at!", "reason!", "condition!", "wish", "state",
        "customer_pays_shipping:yes_no", "return_fee:amount", "tracking_number", "received_at", "refund_id",
        "exchange_sku", "refund_to", "refund_amount:amount",
    ),
}  # fmt: skip
PART: dict[Table, tuple[Column, ...]] = {
    "products": _columns(
        "sku!", *_by_language("variant", "name"), "price:amount!", "stock:number",
    ),
    "wallets": _columns("method_id=id!", "tender!", "label", "balance:amount", "expires_on"),
    "orders": _columns(
        "line_id=id", "product_id", "sku!", *_by_language("name"), *_by_language("variant", "variant_name"),
        "product_class", "seller_id", "quantity:number!", "unit_price:amount!",
        "line_discount=discount:amount", "line_tax=tax:amount", "cancelled:number", "returned:number",
        "returnable:yes_no", "image",
    ),
    "payments": _columns(
        "id", "tender!", "label", "authorised:amount", "captured:amount", "refunded:amount", "at", "duplicate_of",
        "method_id",
    ),
    "parcels": _columns("line_id!", "quantity:number!"),
    "tracking": _columns(
        "at!", "state!", *_by_language("place"), *_by_language("text"),
    ),
    "refunds": _columns(
        "id", "at!", "amount:amount!", "tender!", "label", "payment_id", "reason", "state", "done_at", "line_ids:list",
        "method_id",
    ),
    "returns": _columns("line_id!", "quantity:number!"),
}  # fmt: skip
COLUMNS: dict[Table, tuple[Column, ...]] = {table: (*WHOLE[table], *PART.get(table, ())) for table in WHOLE}
_KINDS: dict[Table, Kind] = {
    "sellers": "seller",
    "products": "product",
    "customers": "customer",
    "wallets": "wallet",
    "orders": "order",
}
_KEYS: dict[Table, str] = {
    "sellers": "id",
    "products": "id",
    "customers": "shop_ref",
    "wallets": "customer_ref",
    "orders": "number",
}
_PARTS: dict[Table, str] = {"orders": "lines", "products": "variants", "wallets": "methods"}
_PLACES_IN_ORDER: dict[Table, tuple[str, str]] = {
    # table → the order's list that it fills, and the list of a part inside it
    "payments": ("payments", ""), "refunds": ("refunds", ""), "parcels": ("parcels", "lines"),
    "returns": ("returns", "lines"), "tracking": ("parcels", "events"),
}  # fmt: skip


def table_of(file: str, heading: list[str]) -> Table | None:
    """By the file's name (`orders.csv`, `orders-2026.csv`), else by its headings."""
    stem = PurePath(file).stem.lower()
    named: list[Table] = [table for table in COLUMNS if stem.startswith(table)]
    if named:
        return named[0]
    fitting: list[Table] = [
        table for table, columns in COLUMNS.items() if {c.name for c in columns if c.needed} <= set(heading)
    ]
    return max(fitting, key=lambda table: len(set(heading) & {c.name for c in COLUMNS[table]}), default=None)


def check_heading(table: Table, heading: list[str], place: Place) -> Iterator[Problem]:
    """Columns that are missing (nothing can be read), and those that nobody knows (read without them)."""
    names = [column.name for column in COLUMNS[table]]
    missing = [column.name for column in COLUMNS[table] if column.needed and column.name not in heading]
    if missing:
        yield Problem(place, "", "columns_missing", {"columns": ", ".join(missing)})
    for name in heading:
        if name and name not in names:
            near = difflib.get_close_matches(name, names, 1, 0.7)
            code = "unknown_column_near" if near else "unknown_column"
            yield Problem(place, name, code, {"near": near[0]} if near else {}, warning=True)


@dataclass
class Tables:
    """Rows of all CSV files of one import, to be put together."""

    rows: dict[Table, list[Row]] = field(default_factory=lambda: defaultdict(list))
    problems: list[Problem] = field(default_factory=list)
    broken: Counter[Kind] = field(default_factory=Counter)

    def drafts(self) -> Iterator[Draft]:
        """Every record whose rows can all be read; an order with one bad row is left out as a whole."""
        for table, kind in _KINDS.items():
            gathered = self._gather(table, kind)
            if table == "orders":
                self._add_parts(gathered)
            if table == "customers":
                self._add_addresses(gathered)
            self.broken[kind] += sum(each.broken for each in gathered.values())
            yield from (each.draft for each in gathered.values() if not each.broken)

    def _gather(self, table: Table, kind: Kind) -> dict[str, _Gathered]:
        gathered: dict[str, _Gathered] = {}
        key, parts_name = _KEYS[table], _PARTS.get(table, "")
        for row in self.rows[table]:
            name = row[key]
            if not name:
                self.problems.append(Problem(row.place, key, "missing"))
                continue
            found = gathered.get(name)
            if found is None or not parts_name:
                if found is not None:
                    place = found.draft.place
                    twice = {"key": name, "file": place.file, "line": place.line}
                    self.problems.append(Problem(row.place, key, "named_twice", twice))
                    continue
                found = gathered[name] = _Gathered(Draft(kind, {}, row.place))
                found.currency = row["currency"] or "JPY"
            self._note(found, self._fill(found, (), WHOLE[table], row, found.draft.body), row)
            if parts_name:
                part: dict[str, Any] = {}
                step = len(found.draft.body.setdefault(parts_name, []))
                self._note(found, self._fill(found, (parts_name, step), PART[table], row, part), row)
                found.draft.body[parts_name].append(part)
        for each in gathered.values():
            if table == "customers":
                _address_to_list(each.draft)
            if table == "products":
                each.draft.body.pop("currency", None)  # it was needed to read the prices
        return gathered

    def _add_parts(self, orders: dict[str, _Gathered]) -> None:
        for table, (list_name, inner) in _PLACES_IN_ORDER.items():
            for row in self.rows[table]:
                number = row["order_number"]
                order = orders.get(number)
                if order is None:
                    self.problems.append(
                        Problem(
                            row.place,
                            "order_number",
                            "unknown_order" if number else "missing",
                            {"number": number},
                        )
                    )
                    continue
                self._note(order, self._add_part(order, table, list_name, inner, row), row)

    def _add_addresses(self, customers: dict[str, _Gathered]) -> None:
        """More addresses of a customer, in the order of the rows; the one of customers.csv is the first."""
        for row in self.rows["addresses"]:
            of = customers.get(row["customer_ref"])
            if of is None:
                number = row["customer_ref"]
                code = "unknown_customer" if number else "missing"
                self.problems.append(Problem(row.place, "customer_ref", code, {"number": number}))
                continue
            given: dict[str, Any] = {}
            known = of.draft.body.setdefault("addresses", [])
            self._note(of, self._fill(of, ("addresses", len(known)), _ADDRESS, row, given), row)
            known.append({**_named(of.draft.body), **given.get("address", {})})

    def _add_part(
        self, order: _Gathered, table: Table, list_name: str, inner: str, row: Row
    ) -> list[Problem]:
        parts = order.draft.body.setdefault(list_name, [])
        whole = tuple(column for column in WHOLE[table] if column.name != "order_number")
        if not inner:
            parts.append({})
            return self._fill(order, (list_name, len(parts) - 1), PART[table], row, parts[-1])
        name = row[whole[0].name]
        step = next((step for step, part in enumerate(parts) if part.get("id") == name), len(parts))
        if step == len(parts):
            if table == "tracking":
                return [Problem(row.place, "parcel_id", "unknown_parcel", {"parcel_id": name})]
            parts.append({})
        problems = self._fill(order, (list_name, step), whole, row, parts[step])
        inside = parts[step].setdefault(inner, [])
        inside.append({})
        return problems + self._fill(
            order, (list_name, step, inner, len(inside) - 1), PART[table], row, inside[-1]
        )

    def _fill(
        self, of: _Gathered, path: Path, columns: Iterable[Column], row: Row, target: dict[str, Any]
    ) -> list[Problem]:
        """Take the row's cells over; an empty cell says nothing, a second row may only repeat the first."""
        problems = []
        for column in columns:
            text = row[column.name]
            names = column.field.split(".")
            dotted = ".".join([*(str(part) for part in path if not isinstance(part, int)), column.field])
            of.draft.columns[dotted] = column.name
            if not text:
                continue
            value, code = _read(column.form, text, of.currency)
            if code:
                currency = {"currency": of.currency} if column.form == "amount" else {}
                problems.append(Problem(row.place, column.name, code, {"value": text, **currency}))
                continue
            inside = target
            for name in names[:-1]:
                inside = inside.setdefault(name, {})
            first = inside.setdefault(names[-1], value)
            if first != value:
                problems.append(Problem(row.place, column.name, "other_value", {"first": first}))
        of.draft.places.setdefault(path, row.place)
        return problems

    def _note(self, of: _Gathered, problems: list[Problem], row: Row) -> None:
        self.problems += problems
        of.broken = of.broken or bool(problems)


@dataclass
class _Gathered:
    draft: Draft
    broken: bool = False
    currency: str = "JPY"


def _read(form: Form, text: str, currency: str) -> tuple[Any, str]:
    """The value, and a problem's code or an empty text."""
    if form == "amount":
        amount = minor_units(text, currency)
        return amount, "" if amount is not None else "not_an_amount"
    if form == "number":
        number = minor_units(text, "JPY")
        return number, "" if number is not None else "not_a_number"
    if form == "yes_no":
        answer = yes_or_no(text)
        return answer, "" if answer is not None else "not_yes_or_no"
    if form == "list":
        return [part.strip() for part in text.replace(",", ";").split(";") if part.strip()], ""
    return text, ""


def _address_to_list(draft: Draft) -> None:
    """A customer has a list of addresses; a row of customers.csv holds one, and takes name and telephone from it."""
    address = draft.body.pop("address", None)
    if not address:
        return
    draft.body["addresses"] = [{**_named(draft.body), **address}]
    renamed = {name.replace("address.", "addresses.", 1): column for name, column in draft.columns.items()}
    draft.columns.update(renamed)


def _named(customer: dict[str, Any]) -> dict[str, Any]:
    """What an address takes from its customer where it does not say otherwise."""
    return {
        "name": customer.get("name"),
        "kana": customer.get("kana", ""),
        "phone": customer.get("phone", ""),
    }
