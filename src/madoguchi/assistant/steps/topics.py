"""The quick topics: buttons of a greeting, of a question "which of these", of what the assistant can do (CH-034)."""

from __future__ import annotations

from collections.abc import Iterable

from madoguchi.assistant.questions import Option
from madoguchi.assistant.wording import words
from madoguchi.counter.cases.wording import category_label

QUICK = (
    "order_delivery.track_order",
    "order_delivery.item_not_received",
    "return_exchange_cancel.return_request",
    "return_exchange_cancel.cancel_order",
    "payment_refund.refund_status",
)
TOPIC = "topic"
LEAVE = "leave"


def topic_options(language: str, kinds: Iterable[str] = QUICK) -> list[Option]:
    """Buttons that start a flow; the value is `topic <kind>`."""
    return [Option(f"topic {kind}", category_label(kind, language)) for kind in kinds]


def person_option(language: str) -> Option:
    return Option("person", words(language, "button.person"))
