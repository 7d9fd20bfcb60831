"""Orders as every connector gives them, and proposals as we keep them. Pure: the tables are in tables.py.

An order is one immutable document with a `version` that the shop raises at every change; a change is made by
naming the version that it was decided on. Amounts are minor units of `currency`; moments are aware UTC.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from madoguchi.kit.languages import WIDE

Tender = Literal[
    "card", "gift_card", "points", "convenience_store", "bank_transfer", "cash_on_delivery", "pay_later"
]
OrderState = Literal["awaiting_payment", "processing", "part_shipped", "shipped", "delivered", "cancelled"]
ParcelState = Literal[
    "preparing",
    "shipped",
    "in_transit",
    "out_for_delivery",
    "delivered",
    "delivery_failed",
    "returned_to_sender",
    "lost",
]
ProductClass = Literal[
    "general",
    "apparel",
    "electronics",
    "food",
    "software",
    "consumable",
    "hygiene",
    "digital",
    "books",
    "furniture",
]
ReturnReason = Literal[
    "no_longer_wanted",
    "ordered_by_mistake",
    "not_as_imagined",
    "does_not_fit",
    "defective",
    "damaged",
    "wrong_item",
    "late",
]
ReturnWay = Literal["drop_off", "pick_up"]
Condition = Literal["unopened", "opened_unused", "used", "defective"]


class Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Address(Document):
    name: str
    kana: str = ""
    postal_code: str
    region: str  # prefecture or state
    city: str
    line1: str
    line2: str = ""
    country: str = "JP"
    phone: str = ""


class QuantityPrice(Document):
    """From so many pieces on, one costs so much."""

    quantity: int = Field(ge=2)
    price: int = Field(ge=0)


class Variant(Document):
    sku: str
    name: dict[str, str]  # language → "ブラック / M"
    price: int
    stock: int = 0
    quantity_prices: list[QuantityPrice] = []  # for business customers, as the shop gives them

    def price_for(self, quantity: int) -> int:
        """The price of one piece when so many are bought together."""
        reached = [step for step in self.quantity_prices if quantity >= step.quantity]
        return min([self.price, *(step.price for step in reached)])


class Product(Document):
    id: str
    name: dict[str, str]
    product_class: ProductClass = "general"
    seller_id: str = "shop"
    image: str = ""  # path below static/demo, or URL of the shop
    url: str = ""
    members_only: bool = False
    returnable: bool = True
    model: str = ""  # as it stands on the thing: MS-4K2
    device_kind: str = ""  # of the tree that helps with it, where it is a device
    variants: list[Variant] = []

    def label(self, language: str) -> str:
        return self.name.get(language) or self.name.get("en") or next(iter(self.name.values()))


class Method(Document):
    """A way of paying that a customer has on file: never a card number or a code, only what tells it apart.

    `balance` and `expires_on`: of gift cards and points.
    """

    id: str
    tender: Tender
    label: str = ""  # "Visa 末尾1234"
    balance: int | None = Field(default=None, ge=0)
    expires_on: date | None = None


class Wallet(Document):
    """What a customer may pay with, as the shop knows it."""

    customer_ref: str
    currency: str = "JPY"
    methods: list[Method] = []

    def method(self, method_id: str) -> Method | None:
        return next((method for method in self.methods if method.id == method_id), None)


class Seller(Document):
    id: str
    name: str
    is_shop: bool = False
    return_days: int | None = None  # a marketplace seller's own window
    customer_pays_return: bool | None = None
    email: str = ""  # where messages from buyers are announced; never shown to them
    language: str = "ja"


class Line(Document):
    """One line of an order. `quantity` is what was ordered; cancelled and returned pieces are counted beside it."""

    id: str
    product_id: str
    sku: str
    name: dict[str, str]
    variant_name: dict[str, str] = {}
    product_class: ProductClass = "general"
    seller_id: str = "shop"
    quantity: int = Field(ge=1)
    unit_price: int
    discount: int = 0  # for the whole line
    tax: int = 0  # included in the price, for the whole line
    cancelled: int = 0
    returned: int = 0
    returnable: bool = True
    image: str = ""

    @property
    def active(self) -> int:
        """Pieces neither cancelled nor returned."""
        return self.quantity - self.cancelled - self.returned

    def label(self, language: str) -> str:
        name = self.name.get(language) or self.name.get("en") or next(iter(self.name.values()))
        variant = self.variant_name.get(language) or self.variant_name.get("en") or ""
        if not variant:
            return name
        return f"{name}（{variant}）" if language in WIDE and language in self.name else f"{name} ({variant})"


class TrackingEvent(Document):
    at: datetime
    state: ParcelState
    place: dict[str, str] = {}
    text: dict[str, str] = {}


class ParcelLine(Document):
    line_id: str
    quantity: int


class Parcel(Document):
    id: str
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    state: ParcelState = "preparing"
    lines: list[ParcelLine] = []
    shipped_at: datetime | None = None
    promised_from: date | None = None
    promised_to: date | None = None
    delivered_at: datetime | None = None
    events: list[TrackingEvent] = []
    replaces: str | None = None  # id of the parcel it was re-shipped for


class Payment(Document):
    """One tender's part of the price. `authorised` is held, `captured` is taken, `refunded` is given back."""

    id: str
    tender: Tender
    label: str = ""  # "Visa 末尾1234", never a card number
    authorised: int = 0
    captured: int = 0
    refunded: int = 0
    at: datetime
    duplicate_of: str | None = None
    method_id: str = ""  # of the customer's wallet, where it is known


class Refund(Document):
    id: str
    at: datetime
    amount: int
    tender: Tender
    label: str = ""
    payment_id: str | None = None
    reason: str = ""
    state: Literal["requested", "sent", "done", "failed"] = "requested"
    done_at: datetime | None = None
    line_ids: list[str] = []
    method_id: str = ""  # of the wallet, where it goes to another method than the payment's


class ReturnRecord(Document):
    """An RMA. `state` moves requested → label → in_transit → received → refunded, or refused."""

    id: str
    at: datetime
    lines: list[ParcelLine]
    reason: ReturnReason
    condition: Condition
    wish: Literal["refund", "exchange"] = "refund"
    state: Literal["requested", "label", "in_transit", "received", "refunded", "refused"] = "requested"
    customer_pays_shipping: bool = False
    return_fee: int = 0
    tracking_number: str = ""
    received_at: datetime | None = None
    refund_id: str | None = None
    exchange_sku: str | None = None
    refund_to: Literal["original", "gift_card"] = "original"
    refund_amount: int = 0
    method_id: str = ""  # of the wallet, where the refund goes to a named method
    way: ReturnWay = "drop_off"


class Order(Document):
    """Everything about one order, as the shop knows it now."""

    number: str
    version: int = 1
    customer_ref: str
    placed_at: datetime
    currency: str = "JPY"
    state: OrderState = "processing"
    lines: list[Line]
    parcels: list[Parcel] = []
    payments: list[Payment] = []
    refunds: list[Refund] = []
    returns: list[ReturnRecord] = []
    address: Address
    shipping_fee: int = 0
    discount: int = 0  # on the whole order, beside the lines' own
    total: int
    promised_from: date | None = None
    promised_to: date | None = None
    receipt_issued_at: datetime | None = None
    cancelled_at: datetime | None = None
    held_at: datetime | None = None  # kept in the house until a person has looked at it (ORD-017)
    note: str = ""
    deeds: list[str] = []  # names of the actions that were done to it, oldest first

    def line(self, line_id: str) -> Line | None:
        return next((line for line in self.lines if line.id == line_id), None)

    @property
    def captured(self) -> int:
        return sum(payment.captured for payment in self.payments)

    @property
    def refunded(self) -> int:
        """Given back or on its way (I5: never above `captured`)."""
        return sum(refund.amount for refund in self.refunds if refund.state != "failed")


# ── proposals ─────────────────────────────────────────────────────────────────────────────────────

ProposalState = Literal[
    "offered",
    "refused",
    "awaiting_approval",
    "executing",
    "done",
    "failed",
    "unknown",
    "expired",
    "withdrawn",
]


class Reason(Document):
    """Why: a stable `code` that names the wording, and what fills it. `rule` is the key in policy.toml."""

    code: str
    rule: str = ""
    params: dict[str, Any] = {}


class Effect(Document):
    """One thing that will happen, in the order in which a person is told. `code` names the wording."""

    code: str
    params: dict[str, Any] = {}


class Decision(Document):
    """What the policy says. `verdict` allowed | needs_approval | refused; amounts in minor units."""

    verdict: Literal["allowed", "needs_approval", "refused"]
    reasons: list[Reason] = []
    rules: list[str] = []  # keys of policy.toml that were looked at, in order
    effects: list[Effect] = []
    refund: int = 0
    charge: int = 0  # the customer pays in addition (price difference, return shipping not deducted)
    refund_parts: list[
        dict[str, Any]
    ] = []  # [{"payment_id","tender","label","amount","days":[lo,hi],"business_days":bool,"by": iso date}]
    rung: int = 2  # of the identity ladder
    offers_person: bool = False
    alternatives: list[str] = []  # actions that would be possible instead, e.g. "return"

    @property
    def allowed(self) -> bool:
        return self.verdict != "refused"


class Proposal(Document):
    """What exactly will happen, under which rules, until when. Confirming it does just this, once."""

    id: str
    contact_id: str | None
    customer_id: str | None
    order_number: str
    order_version: int
    action: str
    request: dict[str, Any]
    decision: Decision
    rules_version: int = 1  # under which it was decided (rule_book)
    digest: str
    state: ProposalState
    actor_kind: str
    actor_id: str
    confirm_key: str | None = None
    confirmed_by: str | None = None
    approved_by: str | None = None
    receipt: dict[str, Any] | None = None  # {"reference", "at", …} or, when failed, {"reasons": [Reason…]}
    created_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None = None
    finished_at: datetime | None = None
