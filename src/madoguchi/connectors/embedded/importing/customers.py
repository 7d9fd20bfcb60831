"""Customers from the shop's files into the counter's own table, by the shop's customer number."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import insert, select, update

from madoguchi.connectors.embedded.storing import Stored
from madoguchi.counter.business import queries as business
from madoguchi.counter.business import service as organisations
from madoguchi.counter.business.model import MemberRole
from madoguchi.counter.business.policy import registration_number
from madoguchi.counter.customers.model import Segment, customer
from madoguchi.counter.orders.model import Address
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id
from madoguchi.kit.text import fold


class GivenCustomer(BaseModel):
    """A customer as a file gives them. `shop_ref` is the shop's own customer number."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shop_ref: str = Field(min_length=1, max_length=120)
    name: str = Field(min_length=1, max_length=200)
    kana: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=254, pattern=r"^$|^[^@\s]+@[^@\s]+$")
    phone: str = Field(default="", max_length=40)
    language: str = Field(default="ja", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    segments: list[Segment] = ["individual"]
    company: str = Field(default="", max_length=200)
    registration_number: str = ""  # of the company: T + 13 digits
    company_role: MemberRole | Literal[""] = ""  # what the person may do there
    addresses: list[Address] = []

    @field_validator("registration_number")
    @classmethod
    def _is_registered(cls, value: str) -> str:
        number = registration_number(value)
        if value.strip() and not number:
            raise ValueError("a registration number is T and 13 digits, the first of which checks the others")
        return number


def put_customer(tx: Transaction, given: GivenCustomer, *, customer_id: str | None = None) -> Stored:
    """Add, change or leave the customer with this `shop_ref`; `customer_id` names a new row."""
    stored = _put(tx, given, customer_id)
    joined = _put_in_company(tx, given)
    return "updated" if joined and stored == "unchanged" else stored


def _put(tx: Transaction, given: GivenCustomer, customer_id: str | None) -> Stored:
    values = _columns(given)
    row = tx.first(select(customer).where(customer.c.shop_ref == given.shop_ref))
    if row is None:
        born: dict[str, Any] = {
            "id": customer_id or new_id("cus"),
            "created_at": tx.now,
            "updated_at": tx.now,
        }
        tx.execute(insert(customer).values(**values, **born))
        return "added"
    if all(getattr(row, name) == value for name, value in values.items()):
        return "unchanged"
    tx.execute(update(customer).where(customer.c.id == row.id).values(**values, updated_at=tx.now))
    return "updated"


def _put_in_company(tx: Transaction, given: GivenCustomer) -> bool:
    """A business customer belongs to the organisation of their company; its first person owns it. False: nothing new."""
    if "business" not in given.segments or not given.company:
        return False
    there = tx.scalar(select(customer.c.id).where(customer.c.shop_ref == given.shop_ref))
    to = organisations.found(tx, given.company, given.registration_number)
    everybody = business.members(tx, to.id)
    before = next((member.role for member in everybody if member.customer_id == there), None)
    role: MemberRole = given.company_role or before or ("buyer" if everybody else "owner")
    if before == role:
        return False
    organisations.put_member(tx, to.id, str(there), role)
    return True


def put_customer_if_new(tx: Transaction, given: GivenCustomer) -> Stored:
    """Add a customer whom only an order names; what is known of a known one stays."""
    known = tx.scalar(select(customer.c.id).where(customer.c.shop_ref == given.shop_ref))
    return "unchanged" if known else put_customer(tx, given)


def _columns(given: GivenCustomer) -> dict[str, Any]:
    columns = given.model_dump(mode="json", exclude={"registration_number", "company_role"})
    return {**columns, "email_folded": fold(given.email)}
