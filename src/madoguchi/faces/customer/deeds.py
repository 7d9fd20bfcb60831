"""The forms of the nine deeds on an order: what a customer chooses, read into the action that is then proposed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import get_args

from pydantic import ValidationError

from madoguchi.counter.orders.actions import (
    ACTION,
    Action,
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    ChangePayment,
    ExchangeLine,
    LineChange,
    LineChoice,
    RefundDuplicate,
    RefundMissing,
    ReshipMissing,
    ReturnLines,
)
from madoguchi.counter.orders.model import Address, Condition, Line, Order, ReturnReason
from madoguchi.faces.forms import Form
from madoguchi.kit.text import normalise

TENDERS = ("card", "convenience_store", "bank_transfer", "cash_on_delivery", "pay_later")
REASONS: tuple[str, ...] = get_args(ReturnReason)
CONDITIONS: tuple[str, ...] = get_args(Condition)
CHOOSE = "Please choose one"
ADDRESS_FIELDS = ("name", "postal_code", "region", "city", "line1", "line2", "phone")


def read(name: str, order: Order, form: Form) -> Action | None:
    """The action that the form describes; None with errors noted in the form."""
    action = _READERS[name](order, form)
    if action is None or form.errors:
        return None
    try:
        return ACTION.validate_python(action.model_dump())
    except ValidationError:
        form.wrong("form", "Something in this form cannot be used. Please check your choices")
        return None


def start(name: str, order: Order, form: Form, chosen_line: str = "", reason: str = "") -> None:
    """Fill what the account already knows, so that nothing is asked twice (WCAG 3.3.7)."""
    form.start_with(reason=reason, whole="yes", refund_to="original", condition="unopened")
    if name == "change_address":
        form.start_with(**{field: getattr(order.address, field) for field in ADDRESS_FIELDS})
    only = order.lines[0].id if len(order.lines) == 1 else chosen_line
    if only:
        form.start_with(**{f"line_{only}": "yes", "line": only})
    for line in order.lines:
        form.start_with(**{f"quantity_{line.id}": max(1, line.active), f"sku_{line.id}": line.sku})


def _cancel(order: Order, form: Form) -> CancelOrder:
    reason = form.text("cancel_reason", longest=200)
    if form.one_of("whole", ("yes", "no"), needed=CHOOSE) != "no":
        return CancelOrder(reason=reason)
    return CancelOrder(lines=_line_choices(order, form), reason=reason)


def _change_address(order: Order, form: Form) -> ChangeAddress:
    values = {
        "name": form.text("name", needed="Enter the name of the person who receives the parcel", longest=100),
        "postal_code": _postal_code(form),
        "region": form.text("region", needed="Enter the prefecture", longest=60),
        "city": form.text("city", needed="Enter the city, ward or village", longest=100),
        "line1": form.text("line1", needed="Enter the street, block and house number", longest=200),
        "line2": form.text("line2", longest=200),
        "phone": normalise(form.text("phone", longest=30)).strip(),
    }
    same_person = values["name"] == order.address.name
    kana = order.address.kana if same_person else ""
    return ChangeAddress(address=Address(**values, kana=kana, country=order.address.country))


def _change_lines(order: Order, form: Form) -> ChangeLines | None:
    changes = []
    for line in order.lines:
        if not line.active:
            continue
        quantity = form.number(f"quantity_{line.id}", 1, 99)
        sku = form.value(f"sku_{line.id}") or line.sku
        if quantity != line.active or sku != line.sku:
            other = sku if sku != line.sku else None
            changes.append(LineChange(line_id=line.id, quantity=quantity, sku=other))
    if not changes:
        form.wrong("form", "Nothing is changed yet. Choose another number or another kind")
        return None
    return ChangeLines(changes=changes)


def _change_payment(order: Order, form: Form) -> ChangePayment | None:
    tender = form.one_of("tender", TENDERS, needed="Choose how you would like to pay")
    return ChangePayment.model_validate({"tender": tender}) if tender else None


def _return(order: Order, form: Form) -> ReturnLines | None:
    lines = _line_choices(order, form)
    values = _why(form)
    refund_to = form.one_of("refund_to", ("original", "gift_card"), otherwise="original")
    comment = form.text("comment", longest=2000)
    if form.errors:
        return None
    return ReturnLines.model_validate({"lines": lines, **values, "refund_to": refund_to, "comment": comment})


def _exchange(order: Order, form: Form) -> ExchangeLine | None:
    line = _one_line(order, form)
    values = _why(form)
    if line is None or form.errors:
        return None
    sku = form.text(f"sku_{line.id}", needed="Choose what you would like instead", longest=80)
    quantity = form.number(f"quantity_{line.id}", 1, max(1, line.active))
    if form.errors:
        return None
    return ExchangeLine.model_validate({"line_id": line.id, "quantity": quantity, "sku": sku, **values})


def _reship(order: Order, form: Form) -> ReshipMissing:
    return ReshipMissing(parcel_id=_parcel(order, form))


def _refund_missing(order: Order, form: Form) -> RefundMissing:
    return RefundMissing(parcel_id=_parcel(order, form))


def _refund_duplicate(order: Order, form: Form) -> RefundDuplicate | None:
    known = {payment.id for payment in order.payments}
    payment = form.one_of("payment", known, needed="Choose the charge that is one too many")
    return RefundDuplicate(payment_id=payment) if payment else None


_READERS: dict[str, Callable[[Order, Form], Action | None]] = {
    "cancel": _cancel,
    "change_address": _change_address,
    "change_lines": _change_lines,
    "change_payment": _change_payment,
    "return": _return,
    "exchange": _exchange,
    "reship": _reship,
    "refund_missing": _refund_missing,
    "refund_duplicate": _refund_duplicate,
}


def _line_choices(order: Order, form: Form) -> list[LineChoice]:
    chosen = []
    for line in order.lines:
        if line.active and form.value(f"line_{line.id}") == "yes":
            chosen.append(
                LineChoice(line_id=line.id, quantity=form.number(f"quantity_{line.id}", 1, line.active))
            )
    if not chosen:
        form.wrong("lines", "Choose at least one item")
    return chosen


def _one_line(order: Order, form: Form) -> Line | None:
    chosen = form.one_of("line", {line.id for line in order.lines if line.active}, needed="Choose an item")
    return order.line(chosen) if chosen else None


def _why(form: Form) -> dict[str, str]:
    reason = form.one_of("reason", REASONS, needed="Choose the reason")
    condition = form.one_of("condition", CONDITIONS, needed="Choose the condition of the item")
    return {"reason": reason, "condition": condition}


def _parcel(order: Order, form: Form) -> str:
    return form.one_of("parcel", {parcel.id for parcel in order.parcels}, otherwise="")


def _postal_code(form: Form) -> str:
    """Full width, with or without hyphen: 「１０００００１」 is 100-0001."""
    typed = normalise(form.text("postal_code", needed="Enter the postal code", longest=12)).strip()
    digits = re.sub(r"\D", "", typed)
    if len(digits) == 7:
        return f"{digits[:3]}-{digits[3:]}"
    if typed:
        form.wrong("postal_code", "A postal code has 7 digits. Example: 100-0001")
    return typed
