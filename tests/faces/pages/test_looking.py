"""What a customer can see, and what nobody sees before proving who they are."""

from __future__ import annotations

import pytest

from madoguchi.connectors.embedded.demo import cast
from tests.faces.pages.conftest import PHONE, Counter, Visitor


def test_the_start_page_offers_sign_in_order_lookup_and_other_matters(visitor: Visitor) -> None:
    page = visitor.get("/")
    assert "ログインして注文から選ぶ" in page
    assert 'href="/verify-order"' in page
    assert 'href="/help/other"' in page
