"""What to have at hand is a table: known kinds, known slots, a name for each in every language."""

from __future__ import annotations

import pytest

from madoguchi.counter.cases import at_hand
from madoguchi.counter.cases.categories import is_category
from madoguchi.engine.texts import catalogue


def test_kinds_exist_and_every_slot_has_a_name_in_every_language() -> None:
    for kind, slots in at_hand.table().items():
        assert is_category(kind), kind
        assert set(slots) <= set(at_hand.LABELS), kind
    for language in ("ja", "zh-Hans", "zh-Hant", "ko"):
        texts = {*at_hand.LABELS.values(), *at_hand.HINTS.values()}
        assert texts - catalogue(language).keys() == set(), language


@pytest.mark.req("ADV-020")
@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("order_delivery.item_not_received", {"order_id", "delivery_status", "carrier", "tracking_number"}),
        ("order_delivery.delivery_delay", {"order_id", "delivery_status"}),
        ("order_delivery.carrier_issue", {"order_id", "carrier", "tracking_number"}),
        ("return_exchange_cancel.damaged_item", {"order_id", "photo"}),
        (
            "return_exchange_cancel.defective_item",
            {"order_id", "product_name", "symptom", "photo", "tried_steps"},
        ),
        ("return_exchange_cancel.wrong_item", {"order_id", "product_name", "received_item", "photo"}),
        ("return_exchange_cancel.return_request", {"order_id", "return_reason", "item_condition"}),
        ("return_exchange_cancel.exchange_request", {"order_id", "return_reason", "item_condition"}),
        ("payment_refund.refund_status", {"order_id"}),
        ("payment_refund.unrecognized_charge", {"registered_email", "amount", "charge_date"}),
        ("payment_refund.duplicate_charge", {"order_id", "amount", "charge_date"}),
        ("membership_digital_device.membership_fee_dispute", {"charge_date"}),
        ("membership_digital_device.device_issue", {"device_model", "error_message", "tried_steps"}),
        ("membership_digital_device.digital_service_issue", {"service_name", "error_time", "error_message"}),
        ("account_security.account_takeover", {"incident_time", "incident_detail"}),
        ("phishing_impersonation.verify_message", {"sender", "url", "received_at"}),
    ],
)
def test_each_kind_names_what_it_needs(kind: str, needed: set[str]) -> None:
    assert needed <= set(at_hand.needed_for(kind))
