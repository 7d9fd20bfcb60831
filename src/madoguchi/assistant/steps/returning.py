"""What a return or exchange needs to know: why, and in which condition (BOT-021, RET-015)."""

from __future__ import annotations

from madoguchi.assistant.answers import said
from madoguchi.assistant.questions import Option
from madoguchi.assistant.talk import Talk
from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.model import Order, ReturnRecord
from madoguchi.counter.orders.wording import return_reason_label

REASONS = (
    "does_not_fit",
    "ordered_by_mistake",
    "not_as_imagined",
    "defective",
    "damaged",
    "wrong_item",
    "late",
    "no_longer_wanted",
)
CONDITIONS = ("unopened", "opened_unused", "used")


async def ask_reason(talk: Talk, *, key: str = "reason") -> str:
    """Why it goes back: one of the reasons that the shop's policy offers."""
    offered = talk.scene.desk.rules.returns.reasons
    options = [
        Option(
            reason,
            return_reason_label(reason, talk.language),
            named_by=said(f"reason.{reason}") if reason in REASONS else "",
        )
        for reason in offered
    ]
    reason = await talk.choose(key, "return.reason", options)
    talk.fact("return_reason", return_reason_label(reason, talk.language))
    return reason


async def ask_condition(talk: Talk, *, key: str = "condition") -> str:
    """Unopened, opened, or used."""
    options = [
        Option(name, talk.words(f"condition.{name}"), named_by=said(f"condition.{name}"))
        for name in CONDITIONS
    ]
    condition = await talk.choose(key, "return.condition", options)
    talk.fact("item_condition", talk.words(f"condition.{condition}"))
    return condition


def tell_label(talk: Talk, order: Order, record: ReturnRecord) -> None:
    """The label as a link, how it goes back, who pays, and that the number is to be kept (RET-011, RET-012)."""
    if record.state not in pricing.HAS_LABEL:
        return
    talk.say("label.here")
    url = f"/api/v1/orders/{order.number}/returns/{record.id}/label.pdf"
    talk.show({"kind": "link", "title": talk.words("label.link", number=record.id), "url": url})
    talk.say(f"label.{record.way}")
    talk.say("label.you_pay" if record.customer_pays_shipping else "label.we_pay")
    talk.say("label.keep_number")
    talk.has_tried("label")
