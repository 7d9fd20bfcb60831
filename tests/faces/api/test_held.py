"""Held orders on the console: listed, released by pressing, closed to everybody but the shop's people."""

from __future__ import annotations

import re

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.orders.actions import HoldOrder
from tests.faces.api.people import Counter


@pytest.mark.req("ORD-017")
def test_a_held_order_says_so_and_is_released_on_a_page_without_scripts(counter: Counter) -> None:
    house, number = counter.house, cast.MISAKI_UNSHIPPED
    made = house.orders.propose(SYSTEM, number, HoldOrder(pattern="large_first_order"))
    assert house.orders.confirm(SYSTEM, made.id, "hold-1").state == "done"
    misaki = counter.customer(cast.MISAKI)
    seen = misaki.get(f"/orders/{number}")
    assert seen["held"] and seen["headline"] == "発送の前に、ご注文を確認しています。"
    browser = counter.browser(**{"sec-fetch-site": "same-origin"})
    browser.cookies["madoguchi_staff"] = counter.agent("ito").token
    page = browser.send("GET", "//console/held").text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert number in page and csrf is not None
    path = f"//console/held/{number}/release"
    assert browser.send("POST", path, data={"csrf": "x"}).status_code == 403
    for _ in range(2):
        assert browser.send("POST", path, data={"csrf": csrf[1]}).status_code == 303
    assert not misaki.get(f"/orders/{number}")["held"]
    assert number not in browser.send("GET", "//console/held").text


def test_nobody_else_opens_the_page(counter: Counter) -> None:
    for caller in (counter.agent("kogei"), counter.customer(cast.MISAKI)):
        browser = counter.browser(**{"sec-fetch-site": "same-origin"})
        browser.cookies["madoguchi_staff"] = caller.token
        assert browser.send("GET", "//console/held").status_code in (303, 403)
