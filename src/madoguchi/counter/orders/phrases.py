"""Words for codes: reasons, effects, states, tenders. Reasons say what is so and what can be done; they never blame.

Message ids are the English texts; other languages stand in `locale/*/orders.po`. `{…}` places are filled from the
params of the reason or effect: amounts, dates, names in the reader's language.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Any

from madoguchi.counter.orders.model import Effect, Reason
from madoguchi.engine.texts import tr
from madoguchi.kit import languages, prefectures
from madoguchi.kit.money import Money

REASONS = {
    # identity and limits
    "identity": "For your protection, we need to confirm that the order is yours before we go on.",
    "identity_staff": "The customer has not been verified for this order yet.",
    "over_limit": "A refund or shipment worth {amount} is checked by a person first (limit {limit}).",
    # before shipment
    "before_shipment": "The order has not been sent yet.",
    "already_cancelled": "This has already been cancelled.",
    "already_shipped": "The goods are already on their way. You can refuse the parcel at the door, or return the goods after they arrive.",
    "already_delivered": "The goods have already been delivered. They may be returned under the return conditions.",
    "part_shipped": "A part of the order has already been sent. What is still here can be cancelled.",
    "cancel_too_late": "Cancelling is possible within {hours} hours of ordering.",
    "class_not_cancellable": "These goods are provided right after the order, so the order cannot be stopped.",
    "shipped_ask_carrier": "The parcel has already been sent. The carrier may be able to bring it to another address.",
    "address_incomplete": "The address is not complete yet. Please fill in name, postal code, prefecture, city and street.",
    "same_address": "This is the address on the order already.",
    "other_country": "Delivery to another country changes postage and customs, so a person looks at it.",
    "line_named_twice": "The same item was named twice. Please choose once per item.",
    "nothing_to_change": "This is what the order says already.",
    "no_such_variant": "This variant is not available.",
    "out_of_stock": "{name} is not in stock in this number (left: {left}).",
    "cannot_charge": "The difference of {amount} cannot be charged to the way you paid, so a person arranges it with you.",
    "already_paid": "The order is already paid.",
    "tender_not_offered": "{tender} is not available for this order.",
    "same_tender": "The order is already to be paid by {tender}.",
    "tender_too_small": "{tender} is possible up to {limit}.",
    "once_per_order": "This was already done once with this order, and is possible once only.",
    "no_such_method": "This is not one of your registered ways of paying.",
    "method_not_offered": "{tender} cannot be chosen for this.",
    "method_needed": "Please choose one of your registered ways of paying for the difference.",
    "method_differs": "The chosen way of paying is not {tender}.",
    "same_method": "The order is already paid this way.",
    "balance_too_small": "{label} does not cover {amount} (balance: {limit}).",
    "method_expired": "{label} has expired.",
    # lines and pieces
    "no_such_line": "This item is not in the order.",
    "too_many_pieces": "At most {left} can be chosen.",
    # coming back
    "within_window": "Day {day} of {days}: within the return period.",
    "window_over": "The return period of {days} days is over (today is day {day}).",
    "fault_after_window": "The return period of {days} days is over. As something was wrong with the item, a person checks what can be done.",
    "not_returnable": "This item is marked as not returnable on its product page.",
    "class_not_returnable": "Goods of this kind ({product_class}) cannot be returned.",
    "class_person": "Goods of this kind ({product_class}) are looked at case by case by a person.",
    "members_only": "Offers for members only cannot be returned.",
    "members_only_person": "Returns of offers for members only are looked at by a person.",
    "fault_of_not_returnable": "This item is not taken back as a rule. As something was wrong with it, a person checks what can be done.",
    "opened_not_returnable": "Goods of this kind ({product_class}) cannot be returned once opened.",
    "opened_person": "Opened items are looked at case by case by a person.",
    "used_not_returnable": "Used items cannot be returned.",
    "used_person": "Used items are looked at case by case by a person.",
    "defective_other_reason": "If the item does not work, please choose \u201cdefective\u201d as the reason; otherwise a person looks at it.",
    "reason_not_offered": "This reason is not offered. Please choose another one.",
    "photo_needed": "A photo of the item is needed for this reason.",
    "return_free_fault": "The shop pays for the way back.",
    "return_free": "The way back is free of charge.",
    "return_paid_by_customer": "For this reason the postage of the return is paid by the customer.",
    "not_shipped_cancel_instead": "The item has not been sent yet. It can be cancelled instead.",
    "not_delivered_yet": "The item is still on its way. You can refuse the parcel at the door, or return it after it arrives.",
    "already_returning": "A return of this item is already under way.",
    "same_variant": "This is the variant that you have.",
    # did not arrive
    "overdue": "The parcel is {days} days later than promised ({date}).",
    "parcel_lost": "The carrier has confirmed the loss of the parcel.",
    "late_please_wait": "The parcel is later than promised ({date}). If it has not come by {possible}, it can be sent again or refunded.",
    "on_time": "The parcel is on its way and is expected by {date}.",
    "late_not_sent": "The order should have arrived by {date} and has not been sent yet. You can wait or cancel it.",
    "not_sent_yet": "The order is being prepared and is expected by {date}.",
    "not_sent_yet_no_date": "The order is being prepared. It has not been sent yet.",
    "said_delivered": "The carrier reports the parcel as delivered. Please look in the letter box, the delivery box and with neighbours and family; a person checks it with the carrier.",
    "undeliverable": "The carrier could not hand over the parcel. A person checks the address and the next step with you.",
    "ask_seller": "The parcel was sent by {seller}. A person clarifies it with the seller.",
    "no_date_promised": "No delivery date was promised for this parcel, so a person looks at it.",
    "already_sent_again": "This parcel has already been sent again.",
    "already_settled": "This has already been settled.",
    "no_such_parcel": "This parcel is not part of the order.",
    # charged twice
    "no_such_payment": "This payment is not part of the order.",
    "not_charged_yet": "Nothing has been charged by this payment yet.",
    "only_held": "{amount} is only reserved, not charged. The reservation disappears by itself within some days.",
    "already_refunded": "This payment has already been given back.",
    "first_of_two": "This is the first of two charges. The second one can be given back.",
    "no_second_charge": "We find no second charge of the same amount within {days} days.",
    "duplicate_person": "Two charges of {amount} were found. A person checks them.",
    "charged_twice": "{amount} was charged twice.",
    # held orders
    "hold_by_house": "Orders are held by the shop itself.",
    "already_held": "The order is being checked already.",
    "hold_released": "A person has checked this order already.",
    "hold_too_late": "The order has left the house or was cancelled, so it can no longer be held.",
    "release_by_staff": "A person of the shop decides when the order goes on.",
    "not_held": "The order is not held.",
    "order_held": "The order is being checked and cannot be sent yet.",
    # the guarantee
    "guarantee_needs_claim": "The guarantee is claimed from the shop's disputes desk; a person decides on it.",
    "guarantee_paid": "The guarantee has already paid for these items.",
    "guarantee_too_much": "The guarantee cannot pay {amount} for this order any more.",
    "guarantee_granted": "The claim under the guarantee was granted: {amount}",
    # what a shop answers at the last moment
    "rules_changed": "The shop's rules have changed in the meantime, so nothing was done. Please look at it again.",
    "order_changed": "The order has changed in the meantime, so nothing was done. Please look at it again.",
    "not_carried_out": "The shop did not carry it out. Nothing was changed.",
    "unknown_order": "The shop does not know this order.",
    "not_enough_pieces": "So many are no longer left in the order.",
    "unknown_line": "This item is not in the order.",
    "unknown_variant": "This variant is not available.",
    "unknown_payment": "This payment is not part of the order.",
    "over_refund": "This amount has already been given back.",
    "amounts_differ": "The amounts have changed in the meantime, so nothing was done. Please look at it again.",
    "nothing_missing": "No parcel of this order is missing.",
    "nothing_to_cancel": "There is nothing left to cancel.",
    "not_shipped_yet": "The item has not been sent yet. It can be cancelled instead.",
}
UNKNOWN_REASON = "This is not possible at the moment. A person can look into it."

EFFECTS = {
    "cancel_order": "The whole order is cancelled.",
    "cancel_lines": "Cancelled: {lines}",
    "shipping_fee_back": "The shipping fee of {amount} is given back too.",
    "release_hold": "The reservation of {amount} is released; it was not charged.",
    "not_charged": "{amount} will not be charged any more.",
    "nothing_charged": "Nothing has been charged, so there is nothing to give back.",
    "deliver_to": "The order is delivered to: {address}",
    "set_quantity": "{item}: {before} → {after}",
    "set_variant": "{item}: changed to {name} ({price} each)",
    "charge": "{amount} more is charged to {tender}.",
    "pay_more": "{amount} more is to be paid.",
    "pay_by": "{amount} is paid by {tender}.",
    "card_at_the_shop": "You enter the card on the shop's payment page; we never ask for it here.",
    "send_back": "Sent back: {lines}",
    "return_label_free": "You get a return label; the way back is free of charge.",
    "return_fee": "Return postage of {amount} is kept from the refund.",
    "pay_carrier": "You pay the carrier for the way back.",
    "keep_tracking": "Please keep the tracking number of the parcel you send back until everything is settled.",
    "refund_after_arrival": "The refund is sent {days} after the goods arrive with us.",
    "refund_to": "{amount} goes back to {tender}, usually within {days}.",
    "refund_to_by": "{amount} goes back to {tender}, by {by}.",
    "refund_to_statement": "{amount} goes back to {tender}, by {by}; your statement shows it by {statement_by}.",
    "ask_payout_route": "As you paid by {tender}, we will ask to which bank account the money should go.",
    "send_new": "Sent to you: {name} × {quantity}",
    "send_again": "Sent again: {lines}",
    "hold_order": "A person checks the order before it is sent. Nothing is charged meanwhile, and you can still cancel.",
    "release_order": "The check is over, and the order goes on as usual.",
    "give_up_parcel": "Given back for what did not arrive: {lines}",
}

TENDERS = {
    "card": "credit card",
    "gift_card": "gift card",
    "points": "points",
    "convenience_store": "convenience store",
    "bank_transfer": "bank transfer",
    "cash_on_delivery": "cash on delivery",
    "pay_later": "pay later",
}
CLASSES = {
    "general": "general goods",
    "apparel": "clothing",
    "electronics": "electronics",
    "food": "food and drink",
    "software": "software",
    "consumable": "consumables",
    "hygiene": "hygiene products",
    "digital": "digital content",
    "books": "books",
    "furniture": "furniture",
}
ACTIONS = {
    "cancel": "Cancel the order",
    "change_address": "Change the delivery address",
    "change_lines": "Change items of the order",
    "change_payment": "Change the payment method",
    "return": "Return items",
    "exchange": "Exchange an item",
    "reship": "Send the parcel again",
    "refund_missing": "Refund what did not arrive",
    "refund_duplicate": "Refund a double charge",
    "guarantee": "Pay under the guarantee",
    "hold": "Check the order before it is sent",
    "release": "Release the order",
    "refuse_delivery": "Refuse the parcel at the door",
    "contact_carrier": "Ask the carrier",
}
RETURN_REASONS = {
    "no_longer_wanted": "No longer wanted",
    "ordered_by_mistake": "Ordered by mistake",
    "not_as_imagined": "Not as imagined",
    "does_not_fit": "Does not fit",
    "defective": "Defective",
    "damaged": "Damaged",
    "wrong_item": "Wrong item arrived",
    "late": "Arrived too late",
}
STAGES = {
    # orders
    "awaiting_payment": "Waiting for payment",
    "processing": "Being prepared",
    "part_shipped": "Partly sent",
    "shipped": "Sent",
    "delivered": "Delivered",
    "cancelled": "Cancelled",
    # parcels
    "preparing": "Not sent yet",
    "in_transit": "On the way",
    "out_for_delivery": "Out for delivery",
    "delivery_failed": "Could not be delivered",
    "returned_to_sender": "Returned to the sender",
    "lost": "Lost",
    # what comes back: money and goods
    "awaiting_goods": "Waiting for the goods",
    "checking": "Goods arrived, being checked",
    "requested": "Accepted",
    "sent": "Refund sent",
    "done": "Refunded",
    "failed": "Not carried out",
    "label": "Label issued",
    "received": "Arrived with us",
    "refunded": "Refunded",
    "refused": "Not accepted",
    # proposals
    "offered": "Waiting for your confirmation",
    "awaiting_approval": "Being checked by a person",
    "executing": "Being carried out",
    "unknown": "Being clarified with the shop",
    "expired": "No longer valid",
    "withdrawn": "Withdrawn",
}


def action_label(action_name: str, language: str) -> str:
    return tr(language, ACTIONS.get(action_name, action_name))


def tender_label(tender: str, language: str) -> str:
    return tr(language, TENDERS.get(tender, tender))


def return_reason_label(reason: str, language: str) -> str:
    return tr(language, RETURN_REASONS.get(reason, reason))


def stage_text(stage: str, language: str) -> str:
    """The state of an order, parcel, refund, return or proposal; one we do not know is said to be so (ORD-003)."""
    return tr(language, STAGES.get(stage, "State not known"))


def proposal_state_label(state: str, language: str) -> str:
    if state == "done":
        return tr(language, "Done")
    if state == "refused":
        return tr(language, "Not possible")
    return stage_text(state, language)


def reason_text(reason: Reason, language: str) -> str:
    """Why, in words; with the item in front where the order has several."""
    code = "identity_staff" if reason.code == "identity" and reason.params.get("staff") else reason.code
    text = _filled(REASONS.get(code, UNKNOWN_REASON), reason.params, language)
    item = reason.params.get("item")
    return tr(language, "{item}: {text}", item=in_language(item, language), text=text) if item else text


def effect_text(effect: Effect, language: str) -> str:
    """One thing that will happen, in words."""
    code, params = effect.code, dict(effect.params)
    if code == "refund_to" and params.get("by"):
        code = "refund_to_statement" if params.get("statement_by") else "refund_to_by"
    if code in ("refund_to", "refund_to_by", "refund_to_statement", "charge"):
        params["tender"] = tender_with_label(params["tender"], params.get("label", ""), language)
    return _filled(EFFECTS.get(code, code), params, language)


def tender_with_label(tender: str, label: str, language: str) -> str:
    name = tender_label(tender, language)
    return tr(language, "{tender} ({label})", tender=name, label=label) if label else name


def money(amount: int, currency: str, language: str) -> str:
    return Money(minor=amount, currency=currency).text(language)


def day_text(day: date, language: str) -> str:
    """`11月20日(金)`, `Fri 20 Nov`."""
    return languages.day_text(day, language, "EEE d MMM")


def moment_text(moment: datetime, zone: tzinfo, language: str) -> str:
    local = moment.astimezone(zone)
    return f"{day_text(local.date(), language)} {local.hour}:{local.minute:02d}"


def days_text(low: int, high: int, business_days: bool, language: str) -> str:
    if business_days:
        return tr(language, "{low}–{high} business days", low=low, high=high)
    if low == 0:
        return (
            tr(language, "{high} day at most", high=high)
            if high == 1
            else tr(language, "{high} days at most", high=high)
        )
    return tr(language, "{low}–{high} days", low=low, high=high)


def in_language(names: Any, language: str) -> str:
    if isinstance(names, str):
        return names
    return str(names.get(language) or names.get("en") or next(iter(names.values()), "")) if names else ""


def pieces_text(lines: list[dict[str, Any]], language: str) -> str:
    parts = [f"{in_language(piece.get('item'), language)} × {piece['quantity']}" for piece in lines]
    return languages.comma(language).join(parts)


def address_text(address: dict[str, Any], language: str) -> str:
    """One line: from the largest to the smallest for readers who write so, unless the address is in Latin letters.

    The address stands as it was given. Who reads no Han characters is told the prefecture once more after it.
    """
    keys = ("postal_code", "region", "city", "line1", "line2")
    parts = [str(address.get(key) or "") for key in keys]
    if language == "ja" or (language in languages.NAMES and language != "en" and not parts[1].isascii()):
        postal = f"〒{parts[0]} " if parts[0] else ""
        street = f"{parts[3]} {parts[4]}".strip()
        name = f"{address.get('name', '')}{' 様' if language == 'ja' else ''}"
        known = prefectures.of_region(parts[1]) if language == "ko" else None
        reading = f" ({known.names[language]})" if known and known.names[language] != parts[1] else ""
        return f"{postal}{parts[1]}{parts[2]}{street} {name}{reading}"
    places = [address.get("name", ""), parts[4], parts[3], parts[2], f"{parts[1]} {parts[0]}".strip()]
    return ", ".join(place for place in places if place)


def _filled(msgid: str, params: dict[str, Any], language: str) -> str:
    return tr(language, msgid, **{key: _word(key, value, params, language) for key, value in params.items()})


def _word(key: str, value: Any, params: dict[str, Any], language: str) -> Any:
    """A param as a reader of the language expects it."""
    if key in ("amount", "limit", "price") and isinstance(value, int):
        return money(value, params.get("currency", "JPY"), language)
    if key in ("date", "possible", "by", "statement_by") and value:
        return day_text(date.fromisoformat(value), language)
    if key in ("name", "item"):
        return in_language(value, language)
    if key == "lines":
        return pieces_text(value, language)
    if key == "address":
        return address_text(value, language)
    if key == "tender":
        return tender_label(value, language)
    if key == "product_class":
        return tr(language, CLASSES.get(value, value))
    if key == "days" and isinstance(value, list):
        return days_text(value[0], value[1], bool(params.get("business_days")), language)
    return value
