"""What to have at hand, filled in as far as account and order know it, and the one message made of it (ADV)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from madoguchi.assistant.understanding.references import OrderNumberMask
from madoguchi.channels.form.composing import WISHES
from madoguchi.counter.cases import at_hand
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.orders.cards import headline
from madoguchi.counter.orders.model import Order
from madoguchi.counter.problems import NotFound
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.rendering import Clockwork
from madoguchi.kit.languages import colon
from madoguchi.kit.text import normalise

LONGEST = 300


@dataclass(frozen=True)
class Need:
    """One thing to have at hand. `value`: what is known of it already; `tick`: one has it or not."""

    slot: str
    label: str
    hint: str
    value: str

    @property
    def name(self) -> str:
        return f"need-{self.slot}"

    @property
    def tick(self) -> bool:
        return self.slot == "photo"


def needs_of(visit: Visit, kind: str, number: str = "") -> list[Need]:
    """For this kind, in the order in which it helps; the contact of a signed-in customer last, to be looked over."""
    slots = at_hand.needed_for(kind)
    if number and "order_id" not in slots:
        slots = ("order_id", *slots)
    known = _known(visit, number)
    if visit.signed_in and slots:
        own = [slot for slot in ("registered_email", "phone_number") if known.get(slot)]
        placed = ["order_date"] if "order_date" in known else []
        state = ["delivery_status"] if "delivery_status" in known else []
        slots = tuple(dict.fromkeys((*slots, *placed, *state, *own)))
    language = visit.language
    return [
        Need(slot, at_hand.label(slot, language), at_hand.hint(slot, language), known.get(slot, ""))
        for slot in slots
    ]


def message_of(visit: Visit, kind: str, number: str = "") -> str:
    """The form's three parts (what is wrong, the facts, the wish) as one message with a label per line.

    Left out is what the account knew and nobody changed, but for order and item. Words alone stay as they are.
    """
    form = visit.form
    said = form.text("text", longest=visit.settings.limits.message_chars)
    wish = form.one_of("wish", WISHES)
    given: list[tuple[str, str]] = []
    changed = False
    for need in needs_of(visit, kind, number):
        value = form.text(need.name, longest=LONGEST)
        if need.slot == "order_id" and value:
            check_number(visit, need.name, value)
        differs = value != need.value
        changed |= bool(value) and differs
        if value and (differs or need.slot in ("order_id", "product_name")):
            given.append((need.label, visit.t("yes") if need.tick else value))
    if not (changed or wish or (said and given)):
        return said
    lines = [(visit.t("The problem"), said), *given]
    if wish:
        lines.append((visit.t("My wish"), visit.t(WISHES[wish])))
    return "\n".join(f"{name}{colon(visit.language)}{value}" for name, value in lines if value)


def wishes(visit: Visit) -> dict[str, str]:
    """What can be wished, in the reader's words."""
    return {wish: visit.t(words) for wish, words in WISHES.items()}


def order_known(visit: Visit, number: str) -> Order | None:
    """The order, if it is theirs and they have proved it."""
    try:
        return visit.house.orders.order(visit.actor, number) if number and visit.principal else None
    except NotFound:
        return None


def check_number(visit: Visit, field: str, value: str) -> str:
    """The number in the shop's own shape; else say what is wrong and where it stands, beside the field (HLP-010)."""
    mask = OrderNumberMask(visit.settings.shop.order_number_pattern)
    number = mask.normal(normalise(value))
    if number is None:
        visit.form.wrong(
            field,
            "This is not an order number. It looks like {example}, and stands in your list of orders and in the mail that confirmed the order",
            example=example_number(visit),
        )
    return number or ""


def example_number(visit: Visit) -> str:
    return _example(visit.settings.shop.order_number_pattern)


def _example(mask: str) -> str:
    """A number of the shop's shape: 123-4567890-1234567."""
    digits = itertools.cycle("1234567890")
    return "".join({"N": next(digits), "A": "A", "X": "A"}.get(c, c) if c in "NAX" else c for c in mask)


def _known(visit: Visit, number: str) -> dict[str, str]:
    known: dict[str, str] = {"order_id": number}
    order = order_known(visit, number)
    if order is not None:
        when = Clockwork(visit.language, visit.settings.shop.timezone, visit.clock())
        rules = visit.house.orders.rules
        parcel = next(iter(order.parcels), None)
        known |= {
            "product_name": "、".join(line.label(visit.language) for line in order.lines[:3]),
            "order_date": when.day(order.placed_at),
            "delivery_status": headline(order, visit.language, visit.clock(), rules),
            "carrier": parcel.carrier if parcel else "",
            "tracking_number": parcel.tracking_number if parcel else "",
        }
    if visit.signed_in and visit.actor.customer_id:
        found = visit.house.database.read(customers.find, visit.actor.customer_id)
        if found is not None:
            known |= {
                "registered_email": found.email,
                "phone_number": found.phone,
                "company_name": found.company,
            }
    return known
