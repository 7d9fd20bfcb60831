"""Orders and proposals: looking, proposing, confirming once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.kit.ids import new_id
from tests.faces.api.people import Caller, Counter


def propose(caller: Caller, number: str, action: str = "cancel", contact_id: str = "", **choices: Any) -> Any:
    body = {"order_number": number, "action": {"action": action, **choices}, "contact_id": contact_id}
    return caller.post("/proposals", body, status=201)


def confirm(caller: Caller, proposal_id: str, key: str = "") -> Any:
    return caller.post(f"/proposals/{proposal_id}/confirm", {"key": key or new_id("key")}, status=200)


def test_a_customer_lists_their_own_orders_newest_first_and_may_ask_for_fewer(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    orders = misaki.get("/orders")["orders"]
    placed = [order["placed_at"] for order in orders]
    assert {order["number"][4:11] for order in orders} == {"0001001"}
    assert placed == sorted(placed, reverse=True)
    assert [order["number"] for order in misaki.get("/orders", limit=2)["orders"]] == [
        o["number"] for o in orders[:2]
    ]


def test_what_may_be_done_comes_with_reasons_and_with_what_may_be_wrong(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI, "en")
    found = misaki.get(f"/orders/{cast.MISAKI_UNSHIPPED}/possible")
    verdicts = {action["action"]: action for action in found["actions"]}
    assert verdicts["cancel"]["verdict"] == "allowed"
    assert verdicts["return"]["verdict"] == "refused"
    assert verdicts["return"]["reasons"]
    assert all(problem["label"] for problem in found["problems"])


def test_the_form_of_an_exchange_knows_variants_prices_and_stock(counter: Counter) -> None:
    details = counter.customer(cast.MISAKI).get(f"/orders/{cast.MISAKI_SHIRT}/details")
    (variants,) = details["variants"].values()
    assert len(variants) > 1
    assert {"sku", "label", "detail", "available"} == set(variants[0])
    assert details["address"]["name"]


def test_refunds_of_an_order_say_when_the_money_comes(counter: Counter) -> None:
    found = counter.customer(cast.WAITING_FOR_REFUND).get(f"/orders/{cast.OVERDUE_REFUND}/refunds")
    assert found["order_number"] == cast.OVERDUE_REFUND
    assert found["refunds"] or found["returns"]


def test_the_receipt_is_a_pdf_that_is_downloaded_and_not_kept(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    answer = misaki.send(
        "GET", f"/orders/{cast.MISAKI_SHIRT}/receipt.pdf", params={"addressee": "株式会社みどり"}
    )
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "株式会社みどり" in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


def test_there_is_no_receipt_before_anything_was_paid(counter: Counter) -> None:
    caller = counter.customer(cast.CONVENIENCE)
    assert caller.refused("GET", f"/orders/{cast.CONVENIENCE_UNPAID}/receipt.pdf") == (409, "not_paid_yet")


def test_staff_find_an_order_by_its_number_and_others_do_not(counter: Counter) -> None:
    found = counter.agent("ito").get("/orders", search=cast.MISAKI_LATE)["orders"]
    assert [order["number"] for order in found] == [cast.MISAKI_LATE]
    assert counter.customer(cast.JOHN).refused("GET", f"/orders?search={cast.MISAKI_LATE}") == (
        403,
        "staff_only",
    )


def test_staff_list_the_orders_of_a_customer(counter: Counter) -> None:
    found = counter.agent("ito").get("/orders", customer_id=customer_id(cast.JOHN))["orders"]
    assert {order["number"][4:11] for order in found} == {"0001002"}
    assert counter.agent("ito").refused("GET", "/orders?customer_id=cus_none") == (404, "not_found")


def test_another_customer_named_in_the_address_changes_nothing_for_a_customer(counter: Counter) -> None:
    found = counter.customer(cast.JOHN).get("/orders", customer_id=customer_id(cast.MISAKI))["orders"]
    assert {order["number"][4:11] for order in found} == {"0001002"}


@pytest.mark.req("RET-016")
def test_a_cancellation_is_proposed_then_confirmed_and_confirmed_twice_is_done_once(counter: Counter) -> None:
    john = counter.customer(cast.JOHN)
    made = propose(john, cast.JOHN_UNSHIPPED)
    assert made["state"] == "offered"
    assert made["amount"] > 0
    assert john.get(f"/orders/{cast.JOHN_UNSHIPPED}")["state"] != "cancelled", "nothing is done yet"
    done = confirm(john, made["id"])
    again = confirm(john, made["id"])
    assert done["state"] == "done"
    assert done["receipt"]["reference"]
    assert again == done
    assert john.get(f"/orders/{cast.JOHN_UNSHIPPED}")["state"] == "cancelled"
    subjects = [str(mail["Subject"]) for mail in counter.mails()]
    assert sum(cast.JOHN_UNSHIPPED in subject for subject in subjects) == 1


def test_a_key_that_confirmed_one_proposal_confirms_no_other(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    key = new_id("key")
    first = propose(
        misaki,
        cast.MISAKI_SHIRT,
        "return",
        lines=[_line(misaki, cast.MISAKI_SHIRT)],
        reason="no_longer_wanted",
    )
    confirm(misaki, first["id"], key)
    second = propose(misaki, cast.MISAKI_UNSHIPPED)
    assert misaki.refused("POST", f"/proposals/{second['id']}/confirm", {"key": key}) == (409, "key_reused")


def test_a_proposal_that_the_order_has_outlived_is_refused_in_words(counter: Counter) -> None:
    business = counter.customer(cast.BUSINESS)
    first, second = propose(business, cast.BUSINESS_BULK), propose(business, cast.BUSINESS_BULK)
    agent_needed = confirm(business, first["id"])
    assert agent_needed["state"] in ("done", "awaiting_approval")
    with counter.later(hours=3):
        answer = business.send("POST", f"/proposals/{second['id']}/confirm", json={"key": new_id("key")})
    assert (answer.status_code, answer.json()["code"]) == (409, "proposal_outdated")
    assert "変わったため、何も変更していません" in answer.json()["detail"]


def test_a_withdrawn_proposal_cannot_be_confirmed_any_more(counter: Counter) -> None:
    caller = counter.customer(cast.CONVENIENCE)
    made = propose(caller, cast.CONVENIENCE_PAID)
    assert caller.post(f"/proposals/{made['id']}/withdraw")["state"] == "withdrawn"
    assert caller.refused("POST", f"/proposals/{made['id']}/confirm", {"key": "12345678"}) == (
        409,
        "proposal_not_open",
    )
    assert caller.get(f"/proposals/{made['id']}")["state"] == "withdrawn"


def test_a_refusal_is_a_proposal_with_reasons_and_not_an_error(counter: Counter) -> None:
    made = propose(counter.customer(cast.MISAKI, "en"), cast.MISAKI_LATE)
    assert made["state"] == "refused"
    assert made["reasons"]


def test_another_address_needs_a_fresh_check(counter: Counter) -> None:
    caller = counter.customer(cast.CONVENIENCE)
    address = caller.get(f"/orders/{cast.CONVENIENCE_PAID}/details")["address"]
    with counter.later(minutes=11):
        made = propose(caller, cast.CONVENIENCE_PAID, "change_address", address={**address, "line1": "1-2-3"})
        assert (made["state"], made["rung"]) == ("refused", 3)


def test_a_deed_that_is_none_is_refused_with_the_place_of_the_fault(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI, "en")
    wish = {"order_number": cast.MISAKI_SHIRT, "action": {"action": "return", "lines": [{"line_id": "x"}]}}
    errors = {
        error["field"]: error["detail"]
        for error in misaki.send("POST", "/proposals", json=wish).json()["errors"]
    }
    assert errors == {"action.lines.0.quantity": "This is needed", "action.reason": "This is needed"}
    strange = {"order_number": cast.MISAKI_SHIRT, "action": {"action": "explode"}}
    (error,) = misaki.send("POST", "/proposals", json=strange).json()["errors"]
    assert error["field"] == "action.action"


@pytest.mark.req("HIS-010")
def test_a_proposal_cannot_be_written_into_somebody_elses_contact(counter: Counter) -> None:
    misaki, john = counter.customer(cast.MISAKI), counter.customer(cast.JOHN)
    theirs = misaki.open("私の問い合わせ")
    wish = {"order_number": cast.JOHN_SHIRT, "action": {"action": "cancel"}, "contact_id": theirs["id"]}
    assert john.refused("POST", "/proposals", wish) == (404, "contact_not_found")
    kinds = {entry["kind"] for entry in misaki.get(f"/contacts/{theirs['id']}/entries")["entries"]}
    assert not {kind for kind in kinds if kind.startswith("proposal.")}


def test_a_proposal_made_in_a_contact_is_a_card_in_its_ledger(counter: Counter) -> None:
    john = counter.customer(cast.JOHN, "en")
    contact = john.open("I want to send the shirt back")
    lines = [_line(john, cast.JOHN_SHIRT)]
    made = propose(john, cast.JOHN_SHIRT, "return", contact["id"], lines=lines, reason="no_longer_wanted")
    assert made["state"] == "offered"
    confirm(john, made["id"])
    entries = john.get(f"/contacts/{contact['id']}/entries")["entries"]
    cards = {entry["kind"]: entry["card"] for entry in entries if entry["card"]}
    assert cards["proposal.made"]["kind"] == "proposal"
    assert cards["proposal.made"]["title"] == made["title"], "in the reader's language"
    assert cards["proposal.done"]["kind"] == "receipt"


def test_an_agent_acts_only_with_what_the_customer_of_the_contact_has_proved(counter: Counter) -> None:
    desk = counter.agent("ito")
    visitor = counter.visitor()
    contact = visitor.open("キャンセルしたい")
    alone = propose(desk, cast.LOST_PARCEL, "refund_missing")
    for_visitor = propose(desk, cast.LOST_PARCEL, "refund_missing", contact["id"])
    assert (alone["state"], for_visitor["state"]) == ("refused", "refused")
    known = counter.customer(cast.LOST)
    signed_in = known.open("荷物が届かない")
    assert propose(desk, cast.LOST_PARCEL, "refund_missing", signed_in["id"])["state"] == "offered"
    others = counter.customer(cast.JOHN).open("hello")
    assert propose(desk, cast.LOST_PARCEL, "refund_missing", others["id"])["state"] == "refused"


@pytest.mark.req("ORD-018")
def test_what_is_above_the_limits_waits_for_a_supervisor_and_is_done_once(counter: Counter) -> None:
    business = counter.customer(cast.BUSINESS)
    order = cast.BUSINESS_DELIVERED
    made = propose(business, order, "return", lines=[_line(business, order, 10)], reason="defective")
    assert made["needs_approval"]
    approve = f"/proposals/{made['id']}/approve"
    assert confirm(business, made["id"])["state"] == "awaiting_approval"
    assert business.refused("POST", approve) == (403, "staff_only")
    assert counter.agent("ops").refused("POST", approve) == (403, "role_missing")
    assert counter.agent("ito").refused("POST", approve) == (403, "approval_needs_supervisor")
    done = counter.agent("mori").post(approve)
    assert done["state"] == "done"
    assert counter.agent("mori").post(approve)["receipt"] == done["receipt"]
    assert len(business.get(f"/orders/{order}/refunds")["returns"]) == 1


def test_nobody_approves_what_the_customer_has_not_confirmed(counter: Counter) -> None:
    caller = counter.customer(cast.SPLIT_TENDER)
    order = next(order["number"] for order in caller.get("/orders")["orders"])
    made = propose(caller, order)
    assert counter.agent("mori").refused("POST", f"/proposals/{made['id']}/approve")[0] == 409


def _line(caller: Caller, number: str, quantity: int = 1) -> dict[str, Any]:
    details = caller.get(f"/orders/{number}/details")
    return {"line_id": next(iter(details["variants"])), "quantity": quantity}
