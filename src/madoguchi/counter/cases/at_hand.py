"""What to have at hand before one contacts us, by kind of enquiry, and how it is called (ADV-001, ADV-020). Pure."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from madoguchi.engine.texts import tr

_FILE = Path(__file__).with_name("at_hand.toml")

# Slot → its name; in the singular, as the label of a field.
LABELS: dict[str, str] = {
    "order_id": "Order number",
    "product_name": "Item",
    "quantity": "Quantity",
    "order_date": "Date of the order",
    "delivery_status": "State of the delivery",
    "carrier": "Carrier",
    "tracking_number": "Tracking number",
    "new_address": "New address",
    "destination_country": "Country of delivery",
    "photo": "A photo is available",
    "amount": "Amount",
    "charge_date": "Date of the charge",
    "payment_method": "Payment method",
    "return_reason": "Reason",
    "item_condition": "Condition of the item",
    "symptom": "What happens",
    "tried_steps": "What you have tried",
    "received_item": "What arrived",
    "device_model": "Device (model)",
    "service_name": "Service",
    "error_message": "Error message",
    "error_time": "When it happened",
    "incident_time": "When you noticed it",
    "incident_detail": "What was done or sent",
    "registered_email": "Mail address you sign in with",
    "phone_number": "Telephone number where we reach you",
    "sender": "Sender",
    "url": "Address or link",
    "received_at": "When it came",
    "company_name": "Company",
    "seller_name": "Seller",
    "sent_at": "When you wrote",
    "case_id": "Enquiry number",
    "agent_name": "Name of the agent",
}
HINTS: dict[str, str] = {
    "order_id": "It stands in your list of orders and in the mail that confirmed the order.",
    "tracking_number": "It stands in the mail about the shipment and on the carrier's slip.",
    "photo": "You can send it in the chat, from the camera or the gallery.",
    "device_model": "It stands on the back, or in the device's settings.",
    "case_id": "It begins with C- and stands in your list of enquiries.",
    "charge_date": "It stands on the statement.",
}


@lru_cache(maxsize=1)
def table() -> dict[str, tuple[str, ...]]:
    """Kind → slots."""
    groups = tomllib.loads(_FILE.read_text("utf-8"))
    return {
        f"{group}.{leaf}": tuple(slots.split())
        for group, leaves in groups.items()
        for leaf, slots in leaves.items()
    }


def needed_for(kind: str) -> tuple[str, ...]:
    """Nothing for a kind that needs only words."""
    return table().get(kind, ())


def label(slot: str, language: str) -> str:
    return tr(language, LABELS[slot])


def hint(slot: str, language: str) -> str:
    """How to find it; empty where that is plain."""
    return tr(language, HINTS[slot]) if slot in HINTS else ""
