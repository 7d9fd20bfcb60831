"""Sending back, exchanging, cancelling, and what is wrong with what arrived (RET, ORD-012)."""

from __future__ import annotations

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Option
from madoguchi.assistant.steps.deeds import settle, ways_out
from madoguchi.assistant.steps.identity import prove_for
from madoguchi.assistant.steps.orders import (
    choose_line,
    choose_lines,
    choose_order,
    has_arrived,
    waits_in_house,
)
from madoguchi.assistant.steps.policies import tell_conditions, tell_general_conditions
from madoguchi.assistant.steps.returning import CONDITIONS, REASONS, ask_condition, ask_reason
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.steps.variants import choose_variant
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.actions import CancelOrder, ExchangeLine, LineChoice, ReturnLines
from madoguchi.counter.orders.model import Line, Order
from madoguchi.counter.orders.policy.draft import RUNGS

_SLOTS = tuple(said(f"reason.{name}") for name in REASONS) + tuple(
    said(f"condition.{name}") for name in CONDITIONS
)
_TELLING = 10  # characters from which the first words are taken as a description
_FAULTS = ("defective", "damaged", "wrong_item")


@flow("return_exchange_cancel.return_request", slots=_SLOTS)
async def return_request(talk: Talk) -> Outcome:
    """Item, reason, condition, then propose; refused ones get the rule in words and a person (RET-007 to RET-010)."""
    order = await choose_order(talk, has_arrived)
    await prove_for(talk, "return")
    lines = await choose_lines(talk, order, lambda line: pricing.delivered(order, line) > 0)
    if not lines:
        talk.say("return.nothing_left")
        return await ways_out(talk, [], "nothing_left")
    reason = await ask_reason(talk)
    fault = reason in talk.scene.desk.rules.returns.shop_fault_reasons
    condition = "defective" if reason == "defective" else "unopened" if fault else await ask_condition(talk)
    photos = (
        await talk.photo() if reason in (*_FAULTS, *talk.scene.desk.rules.returns.photo_needed_for) else []
    )
    wanted = ReturnLines.model_validate(
        {"lines": lines, "reason": reason, "condition": condition, "photos": photos}
    )
    return await settle(talk, order, wanted, again_from="lines")


@flow("return_exchange_cancel.return_policy")
async def return_policy(talk: Talk) -> Outcome:
    """The rules as they stand, for one of the customer's orders or in general (RET-001 to RET-006, RET-018)."""
    rules = talk.scene.desk.rules
    sees_orders = talk.scene.contact.rung >= RUNGS[rules.identity.show]
    mine = talk.scene.orders() if sees_orders else []
    named = [number for heard in talk.said for number in heard.understanding.entities.order_numbers]
    about_order = bool(mine) and (
        bool(named) or bool(talk.run.params.get("order_number")) or bool(talk.scene.contact.order_number)
    )
    if not about_order:
        tell_general_conditions(talk)
        talk.has_tried("conditions")
        go_on = Option("topic return_exchange_cancel.return_request", talk.words("instead.return"))
        return await ways_out(talk, [go_on] if mine else [], "conditions", "what_next")
    order = await choose_order(talk, has_arrived)
    tell_conditions(talk, order)
    talk.has_tried("conditions")
    go_on = Option("topic return_exchange_cancel.return_request", talk.words("instead.return"))
    return await ways_out(talk, [go_on], "conditions", "what_next")


@flow("return_exchange_cancel.exchange_request", slots=_SLOTS)
async def exchange_request(talk: Talk) -> Outcome:
    """Another variant, in stock, for a piece that comes back; other goods, or none left: a person (RET-014)."""
    other_goods = is_told(talk, "swap.other_goods")
    order = await choose_order(talk, has_arrived)
    await prove_for(talk, "exchange")
    line = await _delivered_line(talk, order)
    if line is None:
        return await ways_out(talk, [], "nothing_left")
    if other_goods:
        talk.say("variants.other_goods")
        return talk.hand_over("other_goods", queue="returns")
    reason = await ask_reason(talk)
    fault = reason in talk.scene.desk.rules.returns.shop_fault_reasons
    condition = "defective" if reason == "defective" else "unopened" if fault else await ask_condition(talk)
    return await _exchange(talk, order, line, reason, condition, [])


@flow("return_exchange_cancel.defective_item")
async def defective_item(talk: Talk) -> Outcome:
    """The symptom in own words, a photo if there is one, then exchange or refund free of charge (RET-013)."""
    return await _fault(talk, "defective", ask_symptom=True)


@flow("return_exchange_cancel.damaged_item")
async def damaged_item(talk: Talk) -> Outcome:
    """Photo asked for once, then exchange or refund (ORD-012)."""
    return await _fault(talk, "damaged", ask_symptom=False)


@flow("return_exchange_cancel.wrong_item")
async def wrong_item(talk: Talk) -> Outcome:
    """What arrived instead, then the right one or the money (RET-013)."""
    return await _fault(talk, "wrong_item", ask_symptom=True)


@flow("return_exchange_cancel.cancel_order")
async def cancel_order(talk: Talk) -> Outcome:
    """Whole or single lines while it is in the house; afterwards what is possible instead (RET-016, RET-017)."""
    order = await choose_order(talk, waits_in_house)
    await prove_for(talk, "cancel")
    lines: list[LineChoice] = []
    open_lines = [line for line in order.lines if pricing.unshipped(order, line)]
    several = talk.noted("several", lambda: len(open_lines) > 1)
    if several and open_lines:
        whole = await talk.choose(
            "extent",
            "cancel.extent",
            [
                Option(
                    "whole",
                    talk.words("button.cancel_whole"),
                    named_by=said("cancel.whole"),
                ),
                Option(
                    "some",
                    talk.words("button.cancel_some"),
                    named_by=said("cancel.some"),
                ),
            ],
        )
        if whole == "some":
            lines = await choose_lines(
                talk, order, lambda line: pricing.unshipped(order, line) > 0, text="cancel.which"
            )
    if not lines and len(open_lines) < len([line for line in order.lines if line.active]):
        # The rest has left already: what can still be stopped is what is meant.
        lines = [LineChoice(line_id=line.id, quantity=pricing.unshipped(order, line)) for line in open_lines]
    return await settle(talk, order, CancelOrder(lines=lines))


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


async def _fault(talk: Talk, reason: str, *, ask_symptom: bool) -> Outcome:
    valuable = reason == "damaged" and _said_worth(talk) > _agents_most(talk)
    if valuable:
        talk.noted("worth", lambda: "high")
    if reason == "defective" and is_told(talk, "product.hazard"):
        talk.say("product.stop_using")
        return talk.hand_over("safety", queue="returns", priority=2)
    order = await choose_order(talk, has_arrived)
    await prove_for(talk, "return")
    line = await _delivered_line(talk, order)
    if line is None:
        return await ways_out(talk, [], "nothing_left")
    if reason == "damaged" and (valuable or line.unit_price > _agents_most(talk)):
        talk.say("fault.valuable")
        return talk.hand_over("high_value", queue="returns", priority=3)
    if ask_symptom:
        _take_symptom_from_first_words(talk)
        symptom = await talk.own_words("symptom", f"fault.{reason}_symptom")
        if symptom != "skip":
            talk.fact("received_item" if reason == "wrong_item" else "symptom", symptom)
    photos = await talk.photo()
    talk.fact("photo", talk.words("fact.photo_yes" if photos else "fact.photo_no"))
    wish = await talk.choose(
        "wish",
        "fault.wish",
        [
            Option(
                "exchange",
                talk.words(f"button.{reason}_exchange"),
                named_by=said("fault.exchange"),
            ),
            Option(
                "return",
                talk.words("button.refund"),
                named_by=said("fault.return"),
            ),
            Option("person", talk.words("button.person")),
        ],
    )
    talk.fact("wish", talk.words(f"wish.{wish}"))
    if wish == "person":
        return talk.hand_over("asked")
    condition = "defective" if reason == "defective" else "unopened"
    if wish == "exchange":
        return await _exchange(talk, order, line, reason, condition, photos)
    pieces = [LineChoice(line_id=line.id, quantity=1)]
    wanted = ReturnLines.model_validate(
        {"lines": pieces, "reason": reason, "condition": condition, "photos": photos}
    )
    return await settle(talk, order, wanted, again_from="line")


def _agents_most(talk: Talk) -> int:
    """What is worth more goes to a person, who may not decide on it alone either."""
    return talk.scene.desk.rules.approval.agent_limit.get(talk.scene.settings.shop.currency, 0)


def _said_worth(talk: Talk) -> int:
    """The highest amount spoken of in the shop's currency, in minor units."""
    amounts = [amount for heard in talk.said for amount in heard.understanding.entities.amounts]
    return max((a.minor for a in amounts if a.currency == talk.scene.settings.shop.currency), default=0)


def _take_symptom_from_first_words(talk: Talk) -> None:
    """Who has told what is wrong is not asked again."""
    first = next((heard.text.strip() for heard in talk.said if heard.text), "")
    if len(first) >= _TELLING and "symptom" not in talk.run.answers and "symptom" not in talk.run.asked:
        talk.given.setdefault("symptom", first)


async def _exchange(
    talk: Talk, order: Order, line: Line, reason: str, condition: str, photos: list[str]
) -> Outcome:
    fault = reason in talk.scene.desk.rules.returns.shop_fault_reasons
    sku = await choose_variant(talk, order, line, same_too=fault)
    if sku is None:
        talk.say("variants.none")
        back = Option("topic return_exchange_cancel.return_request", talk.words("instead.return"))
        return await ways_out(talk, [back], "no_stock")
    wanted = ExchangeLine.model_validate(
        {"line_id": line.id, "sku": sku, "reason": reason, "condition": condition, "photos": photos}
    )
    return await settle(talk, order, wanted, again_from="line")


async def _delivered_line(talk: Talk, order: Order) -> Line | None:
    line = await choose_line(talk, order, lambda each: pricing.delivered(order, each) > 0)
    if line is None:
        talk.say("return.nothing_left")
    return line
