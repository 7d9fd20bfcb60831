"""Returns and cancellations that the policy refuses, and the way back of the goods (RET-009 to RET-012, RET-017)."""

from __future__ import annotations

from datetime import timedelta

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Option
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.orders import choose_line, choose_order, has_arrived, waits_in_house
from madoguchi.assistant.steps.policies import tell_conditions, tell_general_conditions
from madoguchi.assistant.steps.returning import REASONS, ask_reason, tell_label
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import day_text
from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.model import Line, Order, ReturnRecord
from madoguchi.counter.orders.policy.coming_back import Window, window_of
from madoguchi.counter.orders.policy.draft import Question
from madoguchi.counter.orders.wording import order_view

_RETURN = "return_exchange_cancel.return_request"


@flow("return_exchange_cancel.return_not_allowed")
async def return_not_allowed(talk: Talk) -> Outcome:
    """The rule in words, per item; what may go back after all; always a person (RET-009)."""
    order = await choose_order(talk, has_arrived)
    tell_conditions(talk, order)
    talk.has_tried("conditions")
    possible = talk.noted("possible", lambda: _returnable(talk, order))
    options = [Option(f"topic {_RETURN}", talk.words("instead.return"))] if possible else []
    return await ways_out(talk, options, "conditions", "what_next")


@flow("return_exchange_cancel.return_window_expired", slots=[said(f"reason.{name}") for name in REASONS])
async def return_window_expired(talk: Talk) -> Outcome:
    """Until when it was; a fault is an exception for a person, anything else a polite no with what is left (RET-010)."""
    fault = is_told(talk, "window.fault")
    order = await choose_order(talk, has_arrived)
    line = await choose_line(talk, order, lambda line: pricing.delivered(order, line) > 0)
    if line is None:
        talk.say("return.nothing_left")
        return await ways_out(talk, [], "nothing_left")
    window = _window(talk, order, line)
    last = window.base + timedelta(days=window.days)
    open_still = talk.noted("open", lambda: window.day(talk.scene.today) <= window.days)
    if open_still:
        talk.say("window.still_open", date=day_text(last, talk.language))
        return Outcome("other_flow", _RETURN)
    talk.say("window.was_until", days=window.days, date=day_text(last, talk.language))
    reason = await ask_reason(talk)
    if fault or reason in talk.scene.desk.rules.returns.shop_fault_reasons:
        talk.say("window.exception")
        photos = await talk.photo()
        talk.fact("photo", talk.words("fact.photo_yes" if photos else "fact.photo_no"))
        return talk.hand_over("exception", queue="returns", priority=3)
    talk.say("window.no_exception")
    talk.say("window.asked")
    talk.has_tried("refused", deed=talk.topic)
    return await ways_out(talk, [], "expired", "refused.what_next")


@flow("return_exchange_cancel.return_shipping")
async def return_shipping(talk: Talk) -> Outcome:
    """Who pays, what box: explained; else label and way of the return that is open, once more if it was lost (RET-011, RET-012)."""
    if is_told(talk, "label.who_pays") or is_told(talk, "label.asks"):
        tell_article(talk, talk.kind)
        tell_general_conditions(talk)
        return await ways_out(
            talk, [Option(f"topic {_RETURN}", talk.words("instead.return"))], "postage", "what_next"
        )
    order = await choose_order(talk, lambda order: bool(_open_returns(order)))
    records = _open_returns(order)
    if not records:
        tell_article(talk, talk.kind)
        go_on = Option(f"topic {_RETURN}", talk.words("instead.return"))
        return await ways_out(talk, [go_on] if has_arrived(order) else [], "no_return", "what_next")
    for record in records:
        tell_label(talk, order, record)
    if not any(record.state in pricing.HAS_LABEL for record in records):
        talk.say("label.from_seller")
        return await ways_out(talk, [], "no_label", "what_next")
    return Outcome("action", "issue_label", ask_solved=True)


@flow("return_exchange_cancel.cancel_window_expired")
async def cancel_window_expired(talk: Talk) -> Outcome:
    """Where it is now; refuse it at the door or send it back; a person may still try to stop it (RET-017)."""
    order = await choose_order(talk)
    state = talk.noted("state", lambda: _stage(order))
    if state == "in_house":
        talk.say("too_late.not_at_all")
        return Outcome("other_flow", "return_exchange_cancel.cancel_order")
    view = order_view(order, talk.language, talk.scene.now, talk.scene.desk.rules)
    talk.tell(view["headline"])
    talk.show({"kind": "tracking", **view})
    talk.fact("delivery_status", view["headline"])
    talk.say(f"too_late.{state}")
    talk.has_tried("refused", deed=talk.topic)
    options = [Option(f"topic {_RETURN}", talk.words("instead.return"))] if state == "arrived" else []
    return await ways_out(talk, options, "too_late", "what_next")


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _stage(order: Order) -> str:
    if order.state == "cancelled":
        return "cancelled"
    if waits_in_house(order):
        return "in_house"
    return "arrived" if has_arrived(order) else "on_the_way"


def _open_returns(order: Order) -> list[ReturnRecord]:
    return [record for record in order.returns if record.state in ("requested", "label", "in_transit")]


def _returnable(talk: Talk, order: Order) -> bool:
    decisions = talk.scene.desk.possible_by_line(talk.scene.actor, order.number)
    return any(each["return"].allowed for each in decisions.values())


def _window(talk: Talk, order: Order, line: Line) -> Window:
    desk, scene = talk.scene.desk, talk.scene
    question = Question(
        order, desk.rules, scene.actor, scene.now, desk.sellers(scene.actor, order.number), {}
    )
    return window_of(question, line)
