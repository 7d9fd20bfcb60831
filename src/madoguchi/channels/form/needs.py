"""What a form needs: which kinds must name an order, and how complete a draft is (CASE-018, CH-049). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.channels.form.model import Draft
from madoguchi.counter.cases import at_hand

# Complaints: about something bought, so that order and item must be stated, or that there is no order.
COMPLAINTS = frozenset(
    {
        "order_delivery.delivery_delay",
        "order_delivery.item_not_received",
        "order_delivery.misdelivery",
        "order_delivery.delivery_failed",
        "order_delivery.carrier_issue",
        "payment_refund.duplicate_charge",
        "payment_refund.incorrect_charge",
        "payment_refund.refund_status",
        "payment_refund.refund_request",
        "return_exchange_cancel.return_request",
        "return_exchange_cancel.return_not_allowed",
        "return_exchange_cancel.return_window_expired",
        "return_exchange_cancel.exchange_request",
        "return_exchange_cancel.defective_item",
        "return_exchange_cancel.damaged_item",
        "return_exchange_cancel.wrong_item",
        "return_exchange_cancel.cancel_window_expired",
        "marketplace.seller_no_response",
        "marketplace.seller_dispute",
        "marketplace.malicious_seller",
        "support_service.feedback_complaint",
    }
)
# Where a picture says more than words.
SHOWN_BEST = frozenset(
    {
        "return_exchange_cancel.defective_item",
        "return_exchange_cancel.damaged_item",
        "return_exchange_cancel.wrong_item",
        "order_delivery.misdelivery",
        "marketplace.seller_dispute",
        "marketplace.malicious_seller",
        "membership_digital_device.device_issue",
        "phishing_impersonation.report_phishing",
    }
)
SHORT = 15  # characters; less hardly says what is wrong
LONG = 800


def names_order(kind: str) -> bool:
    """Whether a form of this kind cannot be sent without an order, or without saying that there is none."""
    return kind in COMPLAINTS


def wants_order(kind: str) -> bool:
    """Whether an order helps."""
    return names_order(kind) or "order_id" in at_hand.needed_for(kind)


@dataclass(frozen=True)
class Missing:
    """Something that would help. `what`: order | slot | photo | details | shorter | wish; `slot`: which of `at_hand`."""

    what: str
    slot: str = ""


@dataclass(frozen=True)
class Completeness:
    """`percent` of what helps to answer fast and exactly."""

    percent: int
    missing: tuple[Missing, ...]


def completeness(draft: Draft, files: int) -> Completeness:
    """Facts weigh as much as words; what is missing never stops anybody from sending."""
    slots = [slot for slot in at_hand.needed_for(draft.kind) if slot not in ("order_id", "photo")]
    missing = [Missing("slot", slot) for slot in slots if not draft.values.get(slot)]
    if wants_order(draft.kind) and not draft.order and not draft.no_order:
        missing.insert(0, Missing("order"))
    if not files and draft.kind in SHOWN_BEST:
        missing.append(Missing("photo"))
    length = len(draft.problem)
    if length < SHORT:
        missing.append(Missing("details"))
    if length > LONG:
        missing.append(Missing("shorter"))
    if not draft.wish and not draft.wish_words:
        missing.append(Missing("wish"))
    asked = len(slots) + wants_order(draft.kind) + (draft.kind in SHOWN_BEST) + 2
    return Completeness(round(100 * (1 - min(len(missing), asked) / asked)), tuple(missing))
