"""The shop's written policy: `policy.toml` as typed, frozen rules. Pure.

`Rules.load(path)` refuses unknown keys with the nearest known name. Every key is explained in the shipped
`policy.toml`, which holds the defaults. Amounts are minor units per ISO 4217 currency.
"""

from __future__ import annotations

import difflib
import tomllib
from datetime import date, tzinfo
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from madoguchi.counter.orders.actions import ACTION_NAMES
from madoguchi.counter.orders.model import ProductClass, ReturnReason, Tender

SHIPPED = Path(__file__).with_name("policy.toml")

Answer = Literal["yes", "no", "person"]
RungName = Literal["order", "signed_in", "fresh"]
AccountRungName = Literal["visitor", "order", "signed_in", "fresh"]
ActionName = Literal[
    "cancel",
    "change_address",
    "change_lines",
    "change_payment",
    "return",
    "exchange",
    "reship",
    "refund_missing",
    "refund_duplicate",
    "guarantee",
    "hold",
    "release",
]
PerCurrency = dict[str, Annotated[int, Field(ge=0)]]
Days = Annotated[int, Field(ge=0, le=3650)]

assert get_args(ActionName) == ACTION_NAMES


class RulesError(ValueError):
    """The policy cannot be used; the message names the key, what is wrong and the nearest known name."""


class RuleSection(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class General(RuleSection):
    timezone: str
    proposal_minutes: int = Field(ge=1, le=1440)

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"there is no time zone {value!r}") from error
        return value


class AccountRungs(RuleSection):
    """The same for each deed on an account."""

    lock_account: AccountRungName
    sign_out_everywhere: AccountRungName
    reset_password: AccountRungName
    resend_code: AccountRungName
    change_default_address: Literal["signed_in", "fresh"]


class IdentityRules(RuleSection):
    """The rung of the identity ladder that each deed needs."""

    show: RungName
    refund_status: RungName
    receipt: RungName
    actions: dict[ActionName, RungName]
    refund_to_other_tender: RungName
    account: AccountRungs

    @model_validator(mode="after")
    def _names_every_action(self) -> IdentityRules:
        missing = [name for name in ACTION_NAMES if name not in self.actions]
        if missing:
            raise ValueError(f"identity.actions needs a rung for: {', '.join(missing)}")
        return self


class Approval(RuleSection):
    assistant_limit: PerCurrency
    agent_limit: PerCurrency
    actions: list[ActionName]
    valid_hours: int = Field(ge=1, le=720)


class Limits(RuleSection):
    once_per_order: list[list[ActionName]]


class Cancel(RuleSection):
    within_hours: int = Field(ge=0)
    reasons: list[str]
    not_for_classes: list[ProductClass]


class AddressRules(RuleSection):
    same_country: bool


class ChangeRules(RuleSection):
    rechargeable: list[Tender]
    max_quantity: int = Field(ge=1, le=999)


class PaymentRules(RuleSection):
    offered: list[Tender]
    change_to: list[Tender]
    paid_orders: Literal["yes", "no"]
    most: dict[Tender, PerCurrency]


class Settlement(RuleSection):
    """Methods of the customer's own wallet, named for what a deed costs or brings."""

    price_difference: Literal["policy", "may_name", "must_name"]
    tenders: list[Tender]


class ClassTerms(RuleSection):
    """What differs for one product class; a key left out falls back to the general rule."""

    returnable: Answer = "yes"
    opened: Answer | None = None
    used: Answer | None = None
    window_days: Days | None = None


class SellerTerms(RuleSection):
    """What the operator has agreed with one marketplace seller; goes before the seller's own record."""

    window_days: Days | None = None
    customer_pays_return: bool | None = None


class Returns(RuleSection):
    window_days: Days
    base: Literal["purchase_date", "delivery_date"]
    marketplace_window_days: Days
    reasons: list[ReturnReason] = Field(min_length=1)
    shop_fault_reasons: list[ReturnReason]
    photo_needed_for: list[ReturnReason]
    opened: Answer
    used: Answer
    fault_after_window: Literal["person", "no"]
    members_only: Answer
    customer_fee: PerCurrency
    classes: dict[ProductClass, ClassTerms]
    sellers: dict[str, SellerTerms]


class ExchangeRules(RuleSection):
    same_variant: Literal["for_fault", "never"]


class Missing(RuleSection):
    after_days: Days
    said_delivered: Literal["person", "yes"]
    undeliverable: Literal["person", "yes"]
    marketplace: Literal["person", "yes"]


class Duplicate(RuleSection):
    within_days: Days
    report_days: Days
    decided_by: Literal["policy", "person"]


class Span(RuleSection):
    """From `low` to `high` days; business days or calendar days."""

    low: Days
    high: Days
    business_days: bool

    @model_validator(mode="after")
    def _is_a_span(self) -> Span:
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) is above high ({self.high})")
        return self


class TenderClock(Span):
    statement_days: Days | None = None


class RefundRules(RuleSection):
    split: Literal["money_first", "proportional"]
    shipping_fee_when_all_cancelled: bool
    shipping_fee_when_shop_fault: bool
    after_arrival: Span
    after_arrival_marketplace: Span
    tenders: dict[Tender, TenderClock]

    @model_validator(mode="after")
    def _has_every_clock(self) -> RefundRules:
        missing = [tender for tender in get_args(Tender) if tender not in self.tenders]
        if missing:
            raise ValueError(f"refund.tenders needs a clock for: {', '.join(missing)}")
        return self


class Delivery(RuleSection):
    """Days from an order to its arrival; `regions` adds days by the short name of the prefecture."""

    low: Days
    high: Days
    regions: dict[str, Days]
    bulk_from: int = Field(ge=1)


class Carrier(RuleSection):
    """How customers reach a carrier themselves. `{number}` in an address stands for the tracking number."""

    name: dict[str, str] = Field(min_length=1)
    phone: str = ""
    hours: str = ""
    redelivery_url: str = ""
    help_url: str = ""


class CalendarRules(RuleSection):
    weekend: list[Annotated[int, Field(ge=1, le=7)]]
    holidays: Literal["japan", "none"]
    closed: list[date]
    opened: list[date]

    @field_validator("weekend")
    @classmethod
    def _leaves_a_business_day(cls, value: list[int]) -> list[int]:
        if len(set(value)) == 7:
            raise ValueError("at least one day of the week must be a business day")
        return value


class SellerRules(RuleSection):
    """How long a marketplace seller has for an answer, and what follows."""

    answer_hours: int = Field(ge=1, le=720)
    counts: Literal["every_hour", "business_days"]
    remind_before_hours: int = Field(ge=0, le=720)
    when_silent: Literal["escalate", "offer"]

    @model_validator(mode="after")
    def _reminds_in_time(self) -> SellerRules:
        if self.remind_before_hours >= self.answer_hours:
            raise ValueError("remind_before_hours must be less than answer_hours")
        return self


class Guarantee(RuleSection):
    """What the shop pays where a seller does not; a person decides on every claim."""

    within_days: Days
    limit: PerCurrency


class Pattern(RuleSection):
    """What makes an order unusual: every condition that is named has to hold."""

    amount_from: PerCurrency = {}
    pieces_from: int | None = Field(default=None, ge=1)
    orders_from: int | None = Field(default=None, ge=2)
    within_hours: int = Field(default=24, ge=1)
    first_order: bool = False
    new_address: bool = False
    countries: list[str] = []
    classes: list[ProductClass] = []

    @model_validator(mode="after")
    def _names_something(self) -> Pattern:
        if not any(getattr(self, name) for name in type(self).model_fields if name != "within_hours"):
            raise ValueError("a pattern without a condition would hold every order")
        return self


class Unusual(RuleSection):
    """Orders that are held until a person has looked at them."""

    look_back_hours: int = Field(ge=1, le=720)
    patterns: dict[str, Pattern]


class BusinessRules(RuleSection):
    """Quotes, terms and appointments for business customers."""

    quote_days: int = Field(ge=1, le=365)
    quote_limit: PerCurrency
    contract_kinds: list[str] = Field(min_length=1)
    appointment_minutes: int = Field(ge=10, le=240)


class Tax(RuleSection):
    standard: int = Field(ge=0, le=100)
    reduced: int = Field(ge=0, le=100)
    reduced_classes: list[ProductClass]


class Rules(RuleSection):
    """The whole policy. See `policy.toml` for what each key means."""

    general: General
    identity: IdentityRules
    approval: Approval
    limits: Limits
    cancel: Cancel
    address: AddressRules
    change: ChangeRules
    payment: PaymentRules
    settlement: Settlement
    returns: Returns
    exchange: ExchangeRules
    missing: Missing
    duplicate: Duplicate
    refund: RefundRules
    delivery: Delivery
    carriers: dict[str, Carrier]
    calendar: CalendarRules
    tax: Tax
    sellers: SellerRules
    guarantee: Guarantee
    business: BusinessRules
    unusual: Unusual

    @classmethod
    def load(cls, path: Path | None = None) -> Rules:
        """The rules of `path`, laid over the shipped defaults; None: the defaults alone. Raises RulesError.

        A table of the file changes only the keys that it names; lists are replaced as a whole.
        """
        values = _read(SHIPPED)
        if path is not None:
            values = laid_over(values, _read(path))
        return cls._checked(values, path)

    def changed(self, text: str) -> Rules:
        """These rules with the changes of a piece of a policy file laid over them. Raises RulesError."""
        try:
            changes = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RulesError(str(error)) from error
        return self._checked(laid_over(self.model_dump(exclude_unset=True), changes), None)

    @classmethod
    def _checked(cls, values: dict[str, Any], path: Path | None) -> Rules:
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise RulesError(_explain(error, path)) from error

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.general.timezone)

    def carrier(self, name: str) -> Carrier | None:
        """The carrier behind the name on a parcel, in whatever language it stands there."""
        return next((each for each in self.carriers.values() if name and name in each.name.values()), None)

    def value(self, key: str) -> Any:
        """The value behind a dotted key such as `returns.classes.food.returnable`; None where nothing is set."""
        found: Any = self
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else getattr(found, part, None)
            if found is None:
                return None
        return found


@cache
def known_keys() -> tuple[str, ...]:
    """Every dotted key of the shipped policy, tables included."""
    return tuple(_keys(_read(SHIPPED)))


def _keys(values: dict[str, Any], before: str = "") -> list[str]:
    keys: list[str] = []
    for name, value in values.items():
        keys.append(f"{before}{name}")
        if isinstance(value, dict):
            keys += _keys(value, f"{before}{name}.")
    return keys


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise RulesError(f"{path}: no such file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError(f"{path}: {error}") from error


def laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Both together; where both say something, what is above holds. Lists are replaced as a whole."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        both_tables = isinstance(under, dict) and isinstance(value, dict)
        merged[key] = laid_over(under, value) if both_tables else value  # type: ignore[arg-type]
    return merged


def _explain(error: ValidationError, path: Path | None) -> str:
    where = f"{path}: " if path else ""
    return "\n".join(where + _explain_one(dict(problem)) for problem in error.errors())


def _explain_one(problem: dict[str, Any]) -> str:
    key = ".".join(str(part) for part in problem["loc"] if part != "[key]")
    unknown_name = problem["type"] == "extra_forbidden" or "[key]" in problem["loc"]
    if not unknown_name:
        return f"`{key}`: {problem['msg']}"
    siblings = _siblings(problem)
    near = difflib.get_close_matches(key, [*siblings, *known_keys()], 1, 0.5)
    return f"unknown key `{key}`" + (f"; did you mean `{near[0]}`?" if near else "")


def _siblings(problem: dict[str, Any]) -> list[str]:
    """The names that could have stood in a table keyed by product class, tender or action."""
    above = [str(part) for part in problem["loc"] if part != "[key]"][:-1]
    names = (*get_args(ProductClass), *get_args(Tender), *ACTION_NAMES, *ClassTerms.model_fields)
    return [".".join([*above, name]) for name in names]
