"""Which account is signed in stands where one contacts us, and can be changed without losing the step."""

from __future__ import annotations

import re

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers.model import Customer
from tests.faces.pages.conftest import Counter


@pytest.mark.req("ACC-022")
@pytest.mark.parametrize("path", ["/", "/person?problem=payment_refund.receipt", "/help/other"])
def test_the_account_is_named_masked_and_the_switch_comes_back_to_the_step(
    counter: Counter, path: str
) -> None:
    visitor = counter.visitor().sign_in(cast.MISAKI)
    page = visitor.get(path)
    main = re.search(r"<main.*</main>", page, re.S)
    assert main
    assert f"佐••• m•••@{cast.MISAKI_EMAIL.partition('@')[2]}" in main[0]
    action, fields = "/sign-out", {}
    form = re.search(r'<form method="post" action="/sign-out" class="row-links.*?</form>', page, re.S)
    assert form
    assert cast.MISAKI_EMAIL not in form[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    visitor.answer = visitor.client.post(action, data=fields)
    assert visitor.path.startswith("/sign-in?next=")
    visitor.send("/sign-in", email=cast.MISAKI_EMAIL)
    assert re.search(rf'name="next" value="{re.escape(path)}"', visitor.text.replace("&amp;", "&"))
    assert "別のアカウントを使う" not in counter.visitor().get(path)


@pytest.mark.req("LNG-009")
def test_a_chosen_language_is_kept_and_used_at_the_next_sign_in_elsewhere(counter: Counter) -> None:
    database = counter.house.database
    known = counter.customer_id(cast.BUSINESS)

    def profile() -> Customer:
        return database.read(customers.get, known)

    first = counter.visitor("en").sign_in(cast.BUSINESS)
    assert profile().preferred_language == ""
    assert "Orders" in first.get("/orders"), "nothing was chosen: the browser's language"
    first.get("/?lang=ko")
    elsewhere = counter.visitor("en").sign_in(cast.BUSINESS)
    assert '<html lang="ko"' in elsewhere.get("/orders")
    assert profile().language == profile().preferred_language == "ko"
    assert profile().company, "the employer stands in the profile"
    assert profile().country == "JP"
