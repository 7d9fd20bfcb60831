"""Labelled lines said at a real counter: each opens a contact, and what the first turn led to is judged.

Every line has a customer of its own, signed in, with orders in all states, in a copy of the demonstration shop. The
order numbers in the line are theirs: each names an order to which what was understood can be done, so that nothing
but the assistant's own judgement keeps a deed from being offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Any

from pydantic import ValidationError
from sqlalchemy import insert

from madoguchi.assistant.evaluation import Line, leading_kind, outcome_of, outcome_of_run
from madoguchi.assistant.evaluation.measures import Judged
from madoguchi.assistant.history import Run, remember, split_key
from madoguchi.assistant.understanding import Understander, Understanding
from madoguchi.assistant.understanding.emergency import KINDS as EMERGENCIES
from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id, demo_orders
from madoguchi.connectors.embedded.demo.people import people
from madoguchi.connectors.embedded.importing.customers import put_customer
from madoguchi.connectors.embedded.model import order_row, shop_order
from madoguchi.counter.contacts import events
from madoguchi.counter.orders.model import Order
from madoguchi.engine.database import Transaction
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat, NoButton

_LIKE = cast.MISAKI
_ARRIVED, _ON_ITS_WAY, _IN_HOUSE = cast.MISAKI_SHIRT, cast.MISAKI_LATE, cast.MISAKI_UNSHIPPED
_LONG_AGO = cast.number(_LIKE, 6)
_OTHERS = (
    cast.MISAKI_UNSHIPPED,
    cast.MISAKI_LATE,
    cast.MISAKI_ON_TIME,
    cast.MISAKI_SHIRT,
    cast.MISAKI_HEADPHONES,
)
_ITS_OWN_STATE = {
    "return_exchange_cancel.cancel_order": _IN_HOUSE,
    "order_delivery.change_order": _IN_HOUSE,
    "order_delivery.change_delivery_address": _IN_HOUSE,
    "payment_refund.payment_method_update": _IN_HOUSE,
    "payment_refund.payment_failure": _IN_HOUSE,
    "account_security.unrecognized_order": _IN_HOUSE,
    "return_exchange_cancel.return_window_expired": _LONG_AGO,
}
_DEED_TARGETS = {
    "cancel": "cancel_order",
    "change_address": "change_address",
    "change_lines": "change_order",
    "change_payment": "change_order",
    "return": "start_return",
    "exchange": "start_exchange",
    "reship": "start_reship_refund",
    "refund_missing": "start_reship_refund",
    "refund_duplicate": "start_refund_request",
}
_CALLED = {"asked", "complaint", "bot_failed"}  # reasons of a hand-over that are not the flow's own
_TO_OTHERS = {"handover", "other_channel"}
# Wishes that the desk keeps: passing them on is the deed itself.
_KEPT = {"callback": ("action", "book_callback"), "redelivery": ("action", "arrange_redelivery")}
# Questions that confirm what is no proposal.
_CONFIRMS = {"sure", "issue", "send", "escalate", "claim"}
# What a question of a flow asks for, in the words of the catalogue's slots (slots.md).
_ASKED = {
    "order": "order_id",
    "lines": "product_name",
    "line": "product_name",
    "reason": "return_reason",
    "condition": "item_condition",
    "photo": "photo",
    "evidence": "photo",
    "wish": "desired_resolution",
    "symptom": "symptom",
    "address": "new_address",
    "extent": "quantity",
    "pasted": "url",
    "device": "device_model",
    "service": "service_name",
    "case": "case_id",
    "no_case": "case_id",
    "method": "auth_method",
    "day": "redelivery_time",
    "language": "language",
    "when": "callback_time",
    "phone": "phone_number",
}


@dataclass(frozen=True)
class _Prepared:
    line: Line
    understood: Understanding
    ref: str
    milliseconds: float


def say_all(house: House, understander: Understander, lines: Sequence[Line]) -> Iterator[Judged]:
    """Say every line at the counter, each as another customer. `understander` is the one that the house uses."""
    now = house.database.clock()
    today = now.date()
    known = frozenset(person.ref for person in people())
    if lines:  # what is made at the first use is not measured
        understander.understand(lines[0].text, today=today)
    prepared = [_prepare(understander, line, number, today, known) for number, line in enumerate(lines, 1)]
    house.database.write(_move_in, prepared, {order.number: order for order in demo_orders(now)})
    for each in prepared:
        yield _judge(house, each)


def _prepare(
    understander: Understander, line: Line, number: int, today: date, known: frozenset[str]
) -> _Prepared:
    began = perf_counter()
    understood = understander.understand(line.text, today=today)
    took = (perf_counter() - began) * 1000
    ref = line.customer if isinstance(line.customer, str) and line.customer in known else f"L{number:06d}"
    return _Prepared(line, understood, ref, took)


# ── who is asking, and what is theirs ─────────────────────────────────────────────────────────────────


def _move_in(tx: Transaction, prepared: Iterable[_Prepared], templates: dict[str, Order]) -> None:
    like = next(person.given for person in people() if person.ref == _LIKE)
    taken = set(templates)
    for each in prepared:
        if not each.ref.startswith("L"):
            continue
        person = like.model_copy(update={"shop_ref": each.ref, "email": f"{each.ref.lower()}@example.jp"})
        put_customer(tx, person, customer_id=customer_id(each.ref))
        orders = [order for order in _orders_of(each, templates) if order.number not in taken]
        taken.update(order.number for order in orders)
        if orders:
            tx.execute(insert(shop_order), [order_row(order) for order in orders])


def _orders_of(each: _Prepared, templates: dict[str, Order]) -> Iterator[Order]:
    given = each.line.orders if isinstance(each.line.orders, list) else []
    numbers = [number for number in given if isinstance(number, str)]
    named = [*each.understood.entities.order_numbers, *numbers]
    kind = leading_kind(each.understood)
    fits = _ITS_OWN_STATE.get(kind, _ON_ITS_WAY if kind.startswith("order_delivery.") else _ARRIVED)
    for number in dict.fromkeys(named):
        yield _own(templates[fits], number, each.ref)
    for place, template in enumerate(_OTHERS, 1):
        yield _own(templates[template], f"900-{int(each.ref[1:]):07d}-{place:07d}", each.ref)
    yield from _whole_orders(given, each.ref)


def _own(template: Order, number: str, ref: str) -> Order:
    return template.model_copy(update={"number": number, "customer_ref": ref})


def _whole_orders(given: Iterable[Any], ref: str) -> Iterator[Order]:
    """Orders as the line gives them; one that is no order is left out."""
    for order in given:
        if isinstance(order, dict):
            try:
                yield Order.model_validate({**order, "customer_ref": ref})
            except ValidationError:
                continue


# ── what became of it ─────────────────────────────────────────────────────────────────────────────────


def _judge(house: House, each: _Prepared) -> Judged:
    began = perf_counter()
    chat = Chat(house, each.ref, language=each.understood.language or "ja", text=each.line.text)
    took = (perf_counter() - began) * 1000
    runs = remember(chat.entries).runs
    offered, asked = frozenset(_offered(chat, runs)), _asked(chat, runs)
    outcome, target = _led_to(chat, runs or _confirmed(chat, each.understood), each.understood)
    return Judged(
        line=each.line,
        kind=leading_kind(each.understood),
        outcome=outcome,
        target=target,
        emergency=each.understood.emergency is not None or any(run.flow in EMERGENCIES for run in runs),
        slots=each.understood.slots(),
        milliseconds=each.milliseconds,
        turn_milliseconds=took,
        offered=offered,
        asked=asked,
        began=runs[-1].flow if runs else "",
    )


def _confirmed(chat: Chat, understood: Understanding) -> Sequence[Run]:
    """The run that the customer begins who is asked "which is it?" and picks what was understood; none without that button."""
    if chat.facts(events.HAND_OVER):
        return ()
    try:
        chat.press(f"topic {leading_kind(understood)}")
    except NoButton:
        return ()
    return remember(chat.entries).runs


def _led_to(chat: Chat, runs: Sequence[Run], understood: Understanding) -> tuple[str, str]:
    """To a person, where one was called or the flow gave up; else where the flow leads, or would, once it is picked.

    A flow whose own way is to tell of another channel and to bring a person has gone its way.
    """
    aim = outcome_of_run(runs[-1].flow, runs[-1].answers) if runs else outcome_of(understood)
    handed = chat.facts(events.HAND_OVER)
    if handed and handed[-1]["reason"] in _KEPT:
        return _KEPT[handed[-1]["reason"]]
    if not handed or (handed[-1]["reason"] not in _CALLED and aim[0] in _TO_OTHERS):
        return aim
    return "handover", str(handed[-1]["queue"])


def _offered(chat: Chat, runs: Sequence[Run]) -> Iterator[str]:
    """Deeds that were done, or whose confirmation was asked for."""
    for card in chat.cards:
        if card["kind"] == "proposal" and card.get("asked"):
            name = str(card["action"])
            yield _DEED_TARGETS.get(name, name)
    if _question(chat, runs).partition("#")[0] in _CONFIRMS:
        yield outcome_of_run(runs[-1].flow, runs[-1].answers)[1]
    if chat.done():
        yield "done"


def _asked(chat: Chat, runs: Sequence[Run]) -> str:
    """What the assistant waits for, as a slot where it has a name; empty where it asks nothing of the customer."""
    key = _question(chat, runs)
    return _ASKED.get(key, key)


def _question(chat: Chat, runs: Sequence[Run]) -> str:
    """The key of the question that the newest flow has asked."""
    for entry in reversed(chat.answers):
        choices: dict[str, Any] | None = entry.body.get("choices")
        if choices and runs:
            owner, key = split_key(choices["key"])
            return key if owner == runs[-1].id else ""
    return ""
