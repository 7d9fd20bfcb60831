"""Orders from Shopify's own order export (CSV), its columns as they are.

One row per line item; what concerns the whole order stands in its first row only. The export does not say when a
parcel arrived, how a payment was split, or when a refund was made: see docs/import.md for what is made of that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

from madoguchi.connectors.embedded.importing.amounts import minor_units, yes_or_no
from madoguchi.connectors.embedded.importing.judging import Draft, Path
from madoguchi.connectors.embedded.importing.reading import Row
from madoguchi.connectors.embedded.importing.report import Place, Problem
from madoguchi.counter.orders.model import Tender
from madoguchi.kit.money import share

NEEDED = (
    "Name",
    "Financial Status",
    "Currency",
    "Total",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
)
_FINANCIAL = (
    "pending", "authorized", "paid", "partially_paid", "partially_refunded", "refunded", "voided", "expired",
)  # fmt: skip
_TAKEN = {"paid", "partially_paid", "partially_refunded", "refunded"}
# Words in "Payment Method" → tender; what is not found here is a card or a wallet behind which a card stands.
_TENDERS: tuple[tuple[str, Tender], ...] = (
    ("gift", "gift_card"), ("ギフト", "gift_card"), ("point", "points"), ("ポイント", "points"),
    ("konbini", "convenience_store"), ("convenience", "convenience_store"), ("コンビニ", "convenience_store"),
    ("cash on delivery", "cash_on_delivery"), ("cod", "cash_on_delivery"), ("代金引換", "cash_on_delivery"),
    ("代引", "cash_on_delivery"), ("bank", "bank_transfer"), ("銀行", "bank_transfer"), ("振込", "bank_transfer"),
    ("paidy", "pay_later"), ("atone", "pay_later"), ("klarna", "pay_later"), ("後払", "pay_later"),
    ("あと払", "pay_later"), ("pay later", "pay_later"), ("invoice", "pay_later"),
)  # fmt: skip


def is_shopify(heading: list[str]) -> bool:
    return set(NEEDED) <= set(heading)


def drafts(rows: Iterable[Row], problems: list[Problem], language: str) -> tuple[list[Draft], int]:
    """An order per `Name`, and a customer per address that ordered; and how many orders a bad row left out."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        if not row["Name"]:
            problems.append(Problem(row.place, "Name", "missing"))
            continue
        by_name.setdefault(row["Name"], []).append(row)
    customers: dict[str, Draft] = {}
    orders = []
    for group in by_name.values():
        reader = _Order(group, problems, language)
        order = reader.draft()
        if order is None:
            continue
        customer = reader.customer()
        customers.setdefault(customer.key, customer)  # Shopify exports the newest order first
        orders.append(order)
    return [*orders, *customers.values()], len(by_name) - len(orders)


@dataclass
class _Order:
    rows: list[Row]
    problems: list[Problem]
    language: str
    bad: bool = False

    @property
    def head(self) -> Row:
        """The row that speaks for the order: the first with a total."""
        return next((row for row in self.rows if row["Total"]), self.rows[0])

    @property
    def currency(self) -> str:
        return self.head["Currency"] or "JPY"

    def draft(self) -> Draft | None:
        head = self.head
        lines = [self._line(step, row) for step, row in enumerate(self.rows, 1)]
        status = head["Financial Status"] or "pending"
        if status not in _FINANCIAL:
            self._complain(
                head, "Financial Status", "not_one_of", value=status, possible=", ".join(_FINANCIAL)
            )
        total, shipping = self._amount(head, "Total"), self._amount(head, "Shipping")
        discount = self._balance(lines, total, shipping)
        if self.bad:
            return None
        number = head["Name"].lstrip("#")
        body: dict[str, Any] = {
            "number": number,
            "customer_ref": self._customer_ref(),
            "placed_at": head["Created at"],
            "currency": self.currency,
            "lines": lines,
            "shipping_fee": shipping,
            "discount": discount,
            "total": total,
            "address": self._address(),
            "note": head["Notes"],
            "payments": self._payments(status, total),
            "parcels": self._parcels(lines),
        }
        self._refund(body)
        if head["Cancelled at"]:
            body |= {"state": "cancelled", "cancelled_at": head["Cancelled at"]}
            for line in lines:
                line["cancelled"] = line["quantity"]
        places: dict[Path, Place] = {("lines", step): row.place for step, row in enumerate(self.rows)}
        return Draft("order", body, head.place, places, dict(_HEADINGS))

    def customer(self) -> Draft:
        head, address = self.head, self._address()
        company = head["Billing Company"] or head["Shipping Company"]
        body = {
            "shop_ref": self._customer_ref(),
            "name": head["Billing Name"] or address["name"] or head["Email"] or head["Name"],
            "email": head["Email"],
            "phone": head["Phone"] or address.get("phone", ""),
            "language": self.language if address["country"] == "JP" else "en",
            "segments": ["individual"],
            "company": company,
            "addresses": [address],
        }
        return Draft(
            "customer", body, head.place, columns={"email": "Email", "name": "Billing Name", "phone": "Phone"}
        )

    # ── parts ─────────────────────────────────────────────────────────────────────────────────────

    def _line(self, step: int, row: Row) -> dict[str, Any]:
        name = row["Lineitem name"]
        if not name:
            self._complain(row, "Lineitem name", "missing")
        quantity = minor_units(row["Lineitem quantity"] or "?", "JPY")
        if quantity is None or quantity < 1:
            self._complain(row, "Lineitem quantity", "not_a_number", value=row["Lineitem quantity"])
        stand_in = f"shopify-{sha1(name.encode(), usedforsecurity=False).hexdigest()[:12]}"
        digital = yes_or_no(row["Lineitem requires shipping"] or "true") is False
        return {
            "id": f"L{step}",
            "product_id": row["Lineitem sku"] or stand_in,
            "sku": row["Lineitem sku"] or stand_in,
            "name": name,
            "product_class": "digital" if digital else "general",
            "quantity": quantity or 1,
            "unit_price": self._amount(row, "Lineitem price"),
            "discount": self._amount(row, "Lineitem discount"),
        }

    def _balance(self, lines: list[dict[str, Any]], total: int, shipping: int) -> int:
        """The order's discount, and tax where it comes on top: it goes into the lines, as our prices hold it.

        Total = lines - discount + shipping (+ taxes, + duties); what is missing from that is a discount too
        (of the shipping), what is above it cannot be explained.
        """
        goods: int = sum(line["unit_price"] * line["quantity"] - line["discount"] for line in lines)
        head = self.head
        subtotal = self._amount(head, "Subtotal") if head["Subtotal"] else goods
        taxes, duties = self._amount(head, "Taxes"), self._amount(head, "Duties")
        discount = goods - subtotal
        if discount < 0:
            self._complain(head, "Subtotal", "total_differs", given=subtotal, computed=goods)
            return 0
        on_top = total - subtotal - shipping - duties
        weights = [line["unit_price"] * line["quantity"] - line["discount"] for line in lines]
        if on_top == taxes and taxes:
            _put_tax_into_prices(lines, share(taxes + duties, weights))
        elif on_top <= 0:
            _put_tax_into_prices(lines, share(duties, weights))
            discount -= on_top
        else:
            self._complain(
                head, "Total", "total_differs", given=total, computed=subtotal + shipping + duties + taxes
            )
        for line, tax in zip(lines, share(taxes, weights), strict=True):
            line["tax"] = tax
        return discount

    def _payments(self, status: str, total: int) -> list[dict[str, Any]]:
        head = self.head
        methods = [method.strip() for method in head["Payment Method"].split("+") if method.strip()]
        tenders: list[Tender] = [tender_of(method) for method in methods] or ["card"]
        # Several methods: the export does not say how much by which, so the whole stands with the first real money.
        tender = next((each for each in tenders if each not in ("gift_card", "points")), tenders[0])
        open_part = self._amount(head, "Outstanding Balance") if status == "partially_paid" else 0
        captured = total - open_part if status in _TAKEN else 0
        held = total if status == "authorized" else captured
        if total == 0:
            return []
        return [
            {
                "tender": tender,
                "label": " + ".join(methods) if tender == "card" or len(methods) > 1 else "",
                "authorised": held,
                "captured": captured,
                "at": head["Paid at"] or head["Created at"],
            }
        ]

    def _refund(self, body: dict[str, Any]) -> None:
        head = self.head
        amount = self._amount(head, "Refunded Amount")
        if not amount or not body["payments"]:
            return
        moment = head["Cancelled at"] or head["Fulfilled at"] or head["Paid at"] or head["Created at"]
        body["refunds"] = [
            {
                "at": moment,
                "amount": amount,
                "tender": body["payments"][0]["tender"],
                "label": body["payments"][0]["label"],
                "state": "done",
                "done_at": moment,
            }
        ]

    def _parcels(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One parcel with what is fulfilled; goods that need no shipping are there at once, others on their way."""
        head = self.head
        whole = head["Fulfillment Status"] == "fulfilled"
        gone = [
            line
            for line, row in zip(lines, self.rows, strict=True)
            if whole or row["Lineitem fulfillment status"] == "fulfilled"
        ]
        if not gone:
            return []
        moment = head["Fulfilled at"] or head["Paid at"] or head["Created at"]
        digital = all(line["product_class"] == "digital" for line in gone)
        return [
            {
                "state": "delivered" if digital else "shipped",
                "shipped_at": moment,
                "delivered_at": moment if digital else None,
                "lines": [{"line_id": line["id"], "quantity": line["quantity"]} for line in gone],
            }
        ]

    def _address(self) -> dict[str, str]:
        head = self.head
        side = "Shipping" if head["Shipping Name"] or head["Shipping Address1"] else "Billing"
        company = head[f"{side} Company"]
        second = head[f"{side} Address2"]
        return {
            "name": head[f"{side} Name"] or head["Email"],
            "postal_code": head[f"{side} Zip"].lstrip("'"),
            "region": head[f"{side} Province Name"] or head[f"{side} Province"],
            "city": head[f"{side} City"],
            "line1": head[f"{side} Address1"] or head[f"{side} Street"],
            "line2": " ".join(part for part in (second, company) if part),
            "country": head[f"{side} Country"] or "JP",
            "phone": head[f"{side} Phone"].lstrip("'"),
        }

    def _customer_ref(self) -> str:
        """The export names no customer number: the mail address stands for it, else the telephone, else the order."""
        head = self.head
        return (head["Email"].lower() or head["Phone"] or f"guest {head['Name'].lstrip('#')}")[:120]

    def _amount(self, row: Row, column: str) -> int:
        text = row[column]
        if not text:
            if column in NEEDED:
                self._complain(row, column, "missing")
            return 0
        amount = minor_units(text, self.currency)
        if amount is None or amount < 0:
            self._complain(row, column, "not_an_amount", value=text, currency=self.currency)
        return amount or 0

    def _complain(self, row: Row, column: str, code: str, **params: Any) -> None:
        self.bad = True
        self.problems.append(Problem(row.place, column, code, params))


# Fields of the order → headings of the export, for what the model itself refuses.
_HEADINGS = {
    "number": "Name", "customer_ref": "Email", "placed_at": "Created at", "currency": "Currency", "total": "Total",
    "shipping_fee": "Shipping", "discount": "Discount Amount", "cancelled_at": "Cancelled at", "note": "Notes",
    "lines.quantity": "Lineitem quantity", "lines.unit_price": "Lineitem price", "lines.name": "Lineitem name",
    "payments.at": "Paid at", "payments.refunded": "Refunded Amount", "refunds.at": "Paid at",
    "refunds": "Refunded Amount", "parcels.shipped_at": "Fulfilled at",
}  # fmt: skip


def tender_of(method: str) -> Tender:
    """Our tender for a text in “Payment Method”."""
    folded = method.lower()
    return next((tender for word, tender in _TENDERS if word in folded), "card")


def _put_tax_into_prices(lines: list[dict[str, Any]], taxes: list[int]) -> None:
    """Prices with tax: the piece price is rounded up, what that is too much is discount of the line."""
    for line, tax in zip(lines, taxes, strict=True):
        if not tax:
            continue
        quantity = line["quantity"]
        gross = line["unit_price"] * quantity + tax
        line["unit_price"] = -(-gross // quantity)
        line["discount"] += line["unit_price"] * quantity - gross
