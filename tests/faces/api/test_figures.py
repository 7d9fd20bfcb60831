"""Figures through the API and on the console: measured over what really went through the shop."""

from __future__ import annotations

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.fulfilment import RefundMoved, ReturnMoved, fulfil
from tests.faces.api.people import Counter


@pytest.mark.req("RET-020")
def test_a_return_is_measured_from_its_acceptance_to_the_money(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    number = cast.MISAKI_SHIRT
    lines = misaki.get(f"/orders/{number}")["lines"]
    wish = {
        "order_number": number,
        "action": {
            "action": "return",
            "lines": [{"line_id": lines[0]["id"], "quantity": 1}],
            "reason": "no_longer_wanted",
        },
    }
    proposal = misaki.post("/proposals", wish, status=201)
    misaki.post(f"/proposals/{proposal['id']}/confirm", {"key": "return-1"})
    read = counter.key("read")
    before = read.get("/figures", days=30)["refunds"]
    assert before[0]["open"] == 1 and before[0]["p50_days"] is None
    counter.clock.forward(days=4)
    database = counter.house.database
    order = fulfil(database, number, ReturnMoved(f"{number}-RMA1", "received"))
    order = fulfil(database, number, ReturnMoved(f"{number}-RMA1", "refunded"))
    refund = order.refunds[-1]
    counter.clock.forward(days=2)
    if refund.state != "done":
        fulfil(database, number, RefundMoved(refund.id, "done"))
    (everything, card) = read.get("/figures", days=30)["refunds"]
    assert (everything["returns"], everything["open"], everything["p50_days"]) == (1, 0, 6.0)
    assert (card["tender"], card["p90_days"]) == (refund.tender, 6.0)
    assert card["label"] == "クレジットカード"
    page = counter.browser()
    page.cookies["madoguchi_staff"] = counter.agent("mori").token
    shown = page.send("GET", "//console/figures?days=30").text
    assert "返品から返金まで" in shown and "6.0日" in shown


def test_figures_are_for_those_who_lead(counter: Counter) -> None:
    assert counter.agent("ito").refused("GET", "/figures")[0] == 403
    assert counter.customer(cast.MISAKI).refused("GET", "/figures")[0] == 403
