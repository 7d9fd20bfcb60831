"""What a conversation about orders and money rests on: exact breakdowns, balances, carriers, foreign addresses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.assistant import flows
from madoguchi.assistant.steps.carriers import parcel_of
from madoguchi.assistant.steps.charges import breakdown, charges, unexplained
from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.storing import put_order
from madoguchi.counter.contacts import events
from madoguchi.counter.orders.rules import Rules
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from tests.orders.build import MUG, card, line, order, parcel, shipped

Open = Callable[..., Chat]


@pytest.mark.req("PAY-004")
@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(1, 99_999), st.integers(0, 500)), min_size=1, max_size=6
    ),
    st.integers(0, 1500),
    st.integers(0, 900),
    st.sampled_from(["ja", "en"]),
)
@settings(max_examples=150, deadline=None)
def test_the_parts_of_a_price_sum_exactly(
    given_lines: list[tuple[int, int, int]], fee: int, discount: int, language: str
) -> None:
    lines = [
        line(f"L{n}", MUG, count, unit_price=price, discount=min(off, price * count))
        for n, (count, price, off) in enumerate(given_lines)
    ]
    of = order(*lines, shipping_fee=fee, discount=discount)
    rows = breakdown(of, language)
    assert sum(amount for _, amount in rows) == of.total
    assert len([label for label, _ in rows if not label.startswith("bill.")]) == len(lines)


def test_what_the_price_does_not_explain_is_the_second_charge_until_it_is_given_back() -> None:
    of = order()
    assert unexplained(of) == 0
    twice = of.model_copy(update={"payments": [*of.payments, card(of.total, "P2", duplicate_of="P1")]})
    assert unexplained(twice) == of.total
    paid = twice.payments[1].model_copy(update={"refunded": of.total})
    assert unexplained(twice.model_copy(update={"payments": [twice.payments[0], paid]})) == 0


def test_charges_of_all_orders_come_newest_first_and_only_where_something_was_taken_or_held() -> None:
    one = order(payments=[card(500, "P1"), card(0, "P2")])
    assert [payment.id for _, payment in charges([one])] == ["P1"]


def test_of_several_parcels_the_one_that_is_still_out_is_meant() -> None:
    of = shipped(order())
    here = parcel(of, "delivered", "S0")
    assert parcel_of(of.model_copy(update={"parcels": [here, of.parcels[0]]})) == of.parcels[0]
    assert parcel_of(of.model_copy(update={"parcels": [here]})) == here
    assert parcel_of(order()) is None


@pytest.mark.req("ORD-010", "ORD-009")
def test_a_carrier_is_found_by_its_name_in_any_language() -> None:
    rules = Rules.load()
    one, other = rules.carrier("青空急便"), rules.carrier("Aozora Express")
    assert one is not None and one is other
    assert "{number}" in one.redelivery_url and one.hours
    assert rules.carrier("") is None and rules.carrier("みなと郵送") is None


@pytest.mark.req("ORD-019")
@pytest.mark.parametrize(
    ("ref", "language", "queue"), [(cast.JOHN, "en", "orders"), (cast.KOREAN, "ko", "orders")]
)
def test_a_foreign_address_goes_to_the_country_or_language_desk(
    ref: str, language: str, queue: str, chat: Open, house: House
) -> None:
    stored = house.shop.order(cast.KOREAN_DELIVERED)
    assert stored is not None
    address = stored.address.model_copy(update={"country": "KR"})
    abroad = stored.model_copy(
        update={"address": address, "number": "503-0001017-0000009", "customer_ref": ref}
    )
    house.database.write(put_order, abroad)
    talk = chat(
        ref,
        language=language,
        problem="order_delivery.cross_border_delivery",
        order_number=abroad.number,
    )
    if talk.contact.owner_kind == "assistant":
        talk.press("held")
    assert talk.contact.owner_id == queue
    facts = {fact["value"] for fact in talk.summary["facts"]}
    assert "KR" in facts


@pytest.mark.req("PAY-001")
def test_payment_trouble_has_a_kind_of_its_own_for_cards_and_gift_cards() -> None:
    kinds = flows.load()
    for kind in (
        "duplicate_charge",
        "payment_failure",
        "incorrect_charge",
        "refund_status",
        "gift_card_points",
    ):
        assert kinds[f"payment_refund.{kind}"].scripted


@pytest.mark.req("ORD-014")
def test_an_order_number_that_is_not_on_the_account_is_not_trusted(chat: Open) -> None:
    talk = chat(cast.VICTIM)
    talk.say("503-9999999-0000001 という注文確認メールが来ましたが身に覚えがありません")
    assert talk.contact.topic == "phishing_impersonation.verify_message"  # rule 2 of the taxonomy
    assert "リンクは開かないでください" in talk.text
    talk = chat(cast.VICTIM, problem="account_security.unrecognized_order")
    talk.say("503-9999999-0000001 は注文していません")
    assert talk.contact.owner_id == "security"


@pytest.mark.req("PAY-017")
def test_an_expired_gift_card_is_said_to_be_so(chat: Open) -> None:
    talk = chat(cast.NOT_THERE, problem="payment_refund.gift_card_points")
    talk.press("balance")
    assert "期限が切れています" in talk.text and "500円" not in talk.text


@pytest.mark.req("RET-011")
def test_a_return_gets_its_label_in_the_conversation_and_the_summary_says_so(chat: Open) -> None:
    talk = chat(cast.MISAKI, problem="return_exchange_cancel.return_request")
    for words in ("ヘッドホンです", "不要になりました", "未開封", "はい"):
        talk.say(words)
    assert talk.facts(events.DONE)
    links = [card for card in talk.cards if card["kind"] == "link"]
    assert links[0]["url"].endswith("/label.pdf")
