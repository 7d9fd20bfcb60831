"""The deeds that can be proposed on an order. A request holds what the customer chose, nothing that policy decides."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from madoguchi.counter.orders.model import Address, Condition, Document, ReturnReason, ReturnWay


class LineChoice(Document):
    line_id: str
    quantity: int = Field(ge=1)


class CancelOrder(Document):
    """Cancel the whole order (`lines` empty) or single pieces of it, before shipment (RET-016)."""

    action: Literal["cancel"] = "cancel"
    lines: list[LineChoice] = []
    reason: str = ""


class ChangeAddress(Document):
    """Deliver to another address, before shipment (ORD-008)."""

    action: Literal["change_address"] = "change_address"
    address: Address


class LineChange(Document):
    line_id: str
    quantity: int | None = Field(default=None, ge=1, le=999)
    sku: str | None = None


class ChangeLines(Document):
    """Other quantities or variants of an order not yet shipped (ORD-013)."""

    action: Literal["change_lines"] = "change_lines"
    changes: list[LineChange] = Field(min_length=1)
    method_id: str = Field(default="", max_length=60)  # of the wallet: pays or gets the difference


class ChangePayment(Document):
    """Pay the open part by another tender, before shipment. A card is entered at the shop, never here (PAY-013).

    With `method_id` by a method of the customer's wallet; the policy says whether a paid order may be moved to it.
    """

    action: Literal["change_payment"] = "change_payment"
    tender: Literal[
        "card", "convenience_store", "bank_transfer", "cash_on_delivery", "pay_later", "gift_card"
    ]
    method_id: str = Field(default="", max_length=60)


class ReturnLines(Document):
    """Send pieces back; refund to the original tender or as a gift card (RET-001 to RET-007)."""

    action: Literal["return"] = "return"
    lines: list[LineChoice] = Field(min_length=1)
    reason: ReturnReason
    condition: Condition = "unopened"
    refund_to: Literal["original", "gift_card"] = "original"
    method_id: str = Field(default="", max_length=60)  # of the wallet: the gift card that gets the refund
    way: ReturnWay = "drop_off"
    photos: list[str] = []  # attachment ids
    comment: str = Field(default="", max_length=2000)


class Swap(Document):
    """Further pieces of an exchange."""

    line_id: str
    quantity: int = Field(default=1, ge=1)
    sku: str


class ExchangeLine(Document):
    """Send a piece back and get another variant of the same product; `also`: more lines in the same deed (RET-014)."""

    action: Literal["exchange"] = "exchange"
    line_id: str
    quantity: int = Field(default=1, ge=1)
    sku: str
    reason: ReturnReason
    condition: Condition = "unopened"
    photos: list[str] = []
    also: list[Swap] = Field(default=[], max_length=50)
    method_id: str = Field(default="", max_length=60)  # of the wallet: pays or gets the difference

    @property
    def swaps(self) -> list[Swap]:
        return [Swap(line_id=self.line_id, quantity=self.quantity, sku=self.sku), *self.also]


class ReshipMissing(Document):
    """Send again what did not arrive (ORD-004); `parcel_id` empty: every overdue or missing parcel."""

    action: Literal["reship"] = "reship"
    parcel_id: str = ""


class RefundMissing(Document):
    """Give the money back for what did not arrive (ORD-004)."""

    action: Literal["refund_missing"] = "refund_missing"
    parcel_id: str = ""


class RefundDuplicate(Document):
    """Give back a second capture of the same amount (PAY-003)."""

    action: Literal["refund_duplicate"] = "refund_duplicate"
    payment_id: str


class PayGuarantee(Document):
    """Pay a granted claim under the guarantee for a marketplace seller's goods (SEL-006). The house itself, nobody else."""

    action: Literal["guarantee"] = "guarantee"
    seller_id: str = Field(max_length=60)
    amount: int = Field(ge=1)  # minor units


class HoldOrder(Document):
    """Keep an unusual order in the house until a person has looked at it (ORD-017). The house itself, nobody else."""

    action: Literal["hold"] = "hold"
    pattern: str = Field(max_length=60)  # of the policy, `unusual.patterns`


class ReleaseOrder(Document):
    """Let a held order go on; the shop's people."""

    action: Literal["release"] = "release"


Action = Annotated[
    CancelOrder
    | ChangeAddress
    | ChangeLines
    | ChangePayment
    | ReturnLines
    | ExchangeLine
    | ReshipMissing
    | RefundMissing
    | RefundDuplicate
    | PayGuarantee
    | HoldOrder
    | ReleaseOrder,
    Field(discriminator="action"),
]
ACTION: TypeAdapter[Action] = TypeAdapter(Action)
OFFERED_NAMES = (  # what customers may ask for
    "cancel",
    "change_address",
    "change_lines",
    "change_payment",
    "return",
    "exchange",
    "reship",
    "refund_missing",
    "refund_duplicate",
)
ACTION_NAMES = (*OFFERED_NAMES, "guarantee", "hold", "release")
