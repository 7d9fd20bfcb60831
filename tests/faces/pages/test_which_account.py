"""Which account is signed in stands where one contacts us, and can be changed without losing the step."""

from __future__ import annotations

import re

import pytest

from madoguchi.connectors.embedded.demo import cast
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
