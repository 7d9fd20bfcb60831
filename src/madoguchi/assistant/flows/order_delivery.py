"""Where an order is, when it comes, what to do when it does not, and what can still be changed (ORD)."""

from __future__ import annotations

from typing import Any

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Option
from madoguchi.assistant.steps.address import ask_address
from madoguchi.assistant.steps.deeds import settle, ways_out
from madoguchi.assistant.steps.identity import prove_for
from madoguchi.assistant.steps.orders import (
    choose_line,
    choose_order,
    waits_in_house,
)
from madoguchi.assistant.steps.parcels import (
    is_on_the_way,
    latest_promise,
    may_be_missing,
    situation,
    tell_parcels,
)
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.steps.variants import choose_variant, how_many_instead
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import day_text
from madoguchi.counter.orders.actions import (
    ChangeAddress,
    ChangeLines,
    LineChange,
    RefundMissing,
    ReshipMissing,
)
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.wording import order_view, reason_text

_WAYS = ("reship", "refund_missing")


@flow("order_delivery.order_status")
async def order_status(talk: Talk) -> Outcome:
    """State, lines and amounts of one order (BOT-004)."""
    order = await choose_order(talk)
    view = _view(talk, order)
    talk.tell(view["headline"])
    talk.say("order.total", total=view["total_text"])
    talk.show({"kind": "order", **view})
    talk.has_tried("order_shown")
    return talk.answered("show_order")


@flow("order_delivery.track_order")
async def track_order(talk: Talk) -> Outcome:
    """Stage, carrier, tracking number and promised date (BOT-005, ORD-003, ORD-016)."""
    order = await choose_order(talk, is_on_the_way)
    where = talk.noted("situation", lambda: situation(order, talk.scene.today))
    tell_parcels(talk, order, _view(talk, order))
    talk.fact("delivery_status", _view(talk, order)["headline"])
    talk.has_tried("tracked")
    if where in ("overdue", "lost", "undeliverable"):
        report = Option("topic order_delivery.item_not_received", talk.words("button.report_missing"))
        return await ways_out(talk, [report], "late", "what_next")
    return talk.answered("track_order")


@flow("order_delivery.item_not_received")
async def item_not_received(talk: Talk) -> Outcome:
    """Tracking first; then what the policy allows: wait, send again, refund, or a person (ORD-004 to ORD-006, ORD-011)."""
    said_delivered = is_told(talk, "missing.said_delivered")
    by_seller = is_told(talk, "missing.by_seller")
    order = await choose_order(talk, lambda order: may_be_missing(order, talk.scene.today))
    where = talk.noted("situation", lambda: situation(order, talk.scene.today))
    view = _view(talk, order)
    talk.fact("delivery_status", view["headline"])
    if where == "delivered" or (said_delivered and where in ("overdue", "lost")):
        return await _delivered_but_missing(talk, order)
    if where in ("not_sent", "late_not_sent", "on_time", "cancelled", "unpaid"):
        return await _not_missing_yet(talk, order, where)
    if not talk.goes_on:
        tell_parcels(talk, order, view)
    talk.has_tried("tracked")
    if where == "undeliverable":
        talk.say("missing.undeliverable")
        return talk.hand_over("policy", priority=3)
    if by_seller:
        talk.say("missing.by_seller")
        return talk.hand_over("seller_unresolved", queue="orders", priority=3)
    await prove_for(talk, "reship")
    possible = talk.scene.desk.possible(talk.scene.actor, order.number)
    allowed = talk.noted("allowed", lambda: [name for name in _WAYS if possible[name].allowed])
    if not allowed:
        for reason in possible["reship"].reasons:
            talk.tell(reason_text(reason, talk.language))
        return await ways_out(talk, [], "not_yet")
    options = [
        Option(name, talk.words(f"button.{name}"), named_by=said(f"missing.{name}")) for name in allowed
    ]
    wait = Option("wait", talk.words("button.wait"), named_by=said("missing.wait"))
    person = Option("person", talk.words("button.person"))
    wish = await talk.choose("wish", "missing.wish", [*options, wait, person])
    talk.fact("wish", talk.words(f"wish.{wish}"))
    if wish == "person":
        return talk.hand_over("asked")
    if wish == "wait":
        talk.say("missing.wait")
        return talk.answered("wait")
    return await settle(
        talk, order, ReshipMissing() if wish == "reship" else RefundMissing(), again_from="allowed"
    )


async def _delivered_but_missing(talk: Talk, order: Order) -> Outcome:
    """A checklist first, then always a person (ORD-011)."""
    view = _view(talk, order)
    talk.tell(view["headline"])
    talk.show({"kind": "tracking", **view})
    talk.say("missing.delivered_checklist")
    talk.has_tried("checklist")
    found = await talk.choose(
        "looked",
        "missing.looked",
        [
            Option(
                "not_found",
                talk.words("button.still_missing"),
                named_by=said("missing.not_found"),
            ),
            Option(
                "found",
                talk.words("button.found"),
                named_by=said("missing.found"),
            ),
            Option("later", talk.words("button.look_later"), named_by=said("missing.later")),
        ],
        early=False,
    )
    if found == "found":
        talk.say("missing.found")
        return Outcome("answer", "found", ask_solved=False)
    if found == "later":
        talk.say("missing.look_later")
        return Outcome("nothing", "look_later")
    talk.fact("checked", talk.words("fact.checklist_done"))
    return talk.hand_over("policy", priority=3)


async def _not_missing_yet(talk: Talk, order: Order, where: str) -> Outcome:
    """Not sent, or still within what was promised: facts, and what can be done meanwhile."""
    promise = latest_promise(order)
    day = day_text(promise, talk.language) if promise else talk.words("track.no_date")
    talk.say(f"missing.{where}", date=day)
    talk.show({"kind": "tracking", **_view(talk, order)})
    talk.has_tried("tracked")
    if where in ("cancelled", "unpaid", "on_time"):
        return talk.answered("track_order")
    options = []
    if where in ("not_sent", "late_not_sent"):
        options.append(Option("topic return_exchange_cancel.cancel_order", talk.words("instead.cancel")))
    return await ways_out(talk, options, "meanwhile", "what_next")


@flow("order_delivery.change_delivery_address")
async def change_delivery_address(talk: Talk) -> Outcome:
    """Before shipment, in one message or from the saved addresses; afterwards a person asks the carrier (ORD-008)."""
    shipped = is_told(talk, "change.shipped", unless="change.not_shipped")
    order = await choose_order(talk, None if shipped else waits_in_house)
    if not talk.noted("open", lambda: waits_in_house(order)):
        talk.say("address.shipped")
        talk.has_tried("refused", deed=talk.topic)
        if shipped:
            return talk.hand_over("after_shipment", queue="orders", priority=2)
        return await ways_out(talk, [], "shipped")
    await prove_for(talk, "change_address")
    address = await ask_address(talk, order)
    return await settle(talk, order, ChangeAddress(address=address), again_from="address")


@flow("order_delivery.change_order")
async def change_order(talk: Talk) -> Outcome:
    """Another quantity or variant before shipment; afterwards return, exchange or a person (ORD-013)."""
    shipped = is_told(talk, "change.shipped", unless="change.not_shipped")
    order = await choose_order(talk, None if shipped else waits_in_house)
    if not talk.noted("open", lambda: waits_in_house(order)):
        talk.say("change.shipped")
        talk.has_tried("refused", deed=talk.topic)
        if shipped:
            return talk.hand_over("after_shipment", queue="orders", priority=3)
        back = Option("topic return_exchange_cancel.return_request", talk.words("instead.return"))
        swap = Option("topic return_exchange_cancel.exchange_request", talk.words("instead.exchange"))
        return await ways_out(talk, [back, swap], "shipped")
    await prove_for(talk, "change_lines")
    line = await choose_line(talk, order, lambda line: line.active > 0)
    if line is None:
        return await talk.offer_person()
    what = await talk.choose(
        "what",
        "change.what",
        [
            Option(
                "quantity",
                talk.words("button.change_quantity"),
                named_by=said("change.quantity"),
            ),
            Option(
                "variant",
                talk.words("button.change_variant"),
                named_by=said("change.variant"),
            ),
            Option(
                "cancel",
                talk.words("button.cancel_item"),
                named_by=said("change.cancel"),
            ),
            Option(
                "payment",
                talk.words("instead.payment_method"),
                named_by=said("change.payment"),
            ),
            Option("else", talk.words("button.something_else")),
        ],
    )
    if what == "cancel":
        return Outcome("other_flow", "return_exchange_cancel.cancel_order")
    if what == "payment":
        return Outcome("other_flow", "payment_refund.payment_method_update")
    if what == "else":
        talk.say("change.else")
        return await talk.offer_person()
    if what == "quantity":
        change = LineChange(line_id=line.id, quantity=await how_many_instead(talk, line))
    else:
        sku = await choose_variant(talk, order, line)
        if sku is None:
            talk.say("variants.none")
            return await talk.offer_person()
        change = LineChange(line_id=line.id, sku=sku)
    return await settle(talk, order, ChangeLines(changes=[change]), again_from="what")


def _view(talk: Talk, order: Order) -> dict[str, Any]:
    return order_view(order, talk.language, talk.scene.now, talk.scene.desk.rules)
