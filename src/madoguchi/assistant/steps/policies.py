"""The return conditions in words, from the rules themselves (RET-001 to RET-006)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from madoguchi.assistant.talk import Talk
from madoguchi.assistant.wording import day_text, money_text
from madoguchi.counter.actors import Actor
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.phrases import CLASSES
from madoguchi.counter.orders.policy.coming_back import window_of
from madoguchi.counter.orders.policy.draft import Question as PolicyQuestion
from madoguchi.counter.orders.wording import reason_text
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.engine.texts import tr
from madoguchi.kit.languages import comma, gap


def tell_general_conditions(talk: Talk) -> None:
    """Window, condition, who pays, what never comes back."""
    rules = talk.scene.desk.rules
    returns = rules.returns
    talk.say(f"policy.window_{returns.base}", days=returns.window_days)
    talk.say(f"policy.opened_{returns.opened}")
    talk.say(f"policy.used_{returns.used}")
    fee = returns.customer_fee.get(talk.scene.settings.shop.currency)
    if fee:
        talk.say("policy.fee", fee=money_text(fee, talk.scene.settings.shop.currency, talk.language))
    else:
        talk.say("policy.customer_pays")
    talk.say("policy.fault_free")
    never = [name for name, terms in returns.classes.items() if terms.returnable == "no"]
    if never:
        talk.say(
            "policy.never",
            classes=comma(talk.language).join(tr(talk.language, CLASSES[name]) for name in never),
        )


def last_days(desk: OrderDesk, actor: Actor, order: Order, now: datetime) -> dict[str, date]:
    """Line id → the last day on which it may come back without a fault, whether or not that has passed."""
    sellers, products = desk.sellers(actor, order.number), desk.products(actor, order.number)
    question = PolicyQuestion(order, desk.rules, actor, now, sellers, products)
    windows = {line.id: window_of(question, line) for line in order.lines}
    return {line_id: window.base + timedelta(days=window.days) for line_id, window in windows.items()}


def tell_conditions(talk: Talk, order: Order) -> None:
    """Per line of an order: until when, or why not."""
    desk, scene = talk.scene.desk, talk.scene
    last = last_days(desk, scene.actor, order, scene.now)
    possible = desk.possible_by_line(scene.actor, order.number)
    for line in order.lines:
        decision = possible[line.id]["return"]
        item = line.label(talk.language)
        if decision.allowed or any(reason.code == "identity" for reason in decision.reasons):
            talk.say("policy.line_yes", item=item, date=day_text(last[line.id], talk.language))
        else:
            named = re.compile(
                rf"^[「“‘]?{re.escape(item)}[」”’]?[:：] ?"
            )  # the line's name stands before it already
            why = [named.sub("", reason_text(reason, talk.language)) for reason in decision.reasons]
            talk.say("policy.line_no", item=item, reason=gap(talk.language).join(why))
    talk.say("policy.fault_free")
