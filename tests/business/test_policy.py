"""Registration numbers, prices for many, and tax once per rate."""

from __future__ import annotations

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.goods import product
from madoguchi.counter.business.model import Item
from madoguchi.counter.business.policy import may, quoted, registration_number, tax_rows
from madoguchi.counter.orders.rules import Rules

RULES = Rules.load()


@pytest.mark.req("BIZ-002")
@pytest.mark.parametrize(
    "text", ["T7000012050002", "t7000-0120-50002", "Ｔ７００００１２０５０００２", "7000012050002"]
)
def test_a_number_is_read_in_every_shape(text: str) -> None:
    assert registration_number(text) == "T7000012050002"  # the National Tax Agency's own


@pytest.mark.parametrize(
    "text", ["", "T7000012050003", "T700001205000", "T8000012050002", "X7000012050002", "T7000012050020"]
)
def test_a_number_that_does_not_check_is_none(text: str) -> None:
    assert registration_number(text) == ""


def test_the_demonstrations_number_checks() -> None:
    assert registration_number(cast.BUSINESS_NUMBER) == cast.BUSINESS_NUMBER


@pytest.mark.req("BIZ-002")
@pytest.mark.parametrize(("count", "price"), [(1, 2780), (9, 2780), (10, 2641), (49, 2641), (50, 2502)])
def test_many_cost_less_as_the_shop_says(count: int, price: int) -> None:
    paper = product("paper")
    item = quoted(paper, paper.variants[0], count, RULES, "ja")
    assert (item.unit_price, item.amount) == (price, price * count)


@pytest.mark.req("BIZ-008")
def test_tax_is_rounded_once_per_rate_and_never_per_row() -> None:
    rows = tax_rows([Item("a", 1, 105, 105, 10)] * 3 + [Item("b", 1, 107, 107, 8)] * 3)
    assert [(row.rate, row.gross, row.tax) for row in rows] == [(10, 315, 28), (8, 321, 23)]
    assert 3 * (105 * 10 // 110) == 27  # what rounding per row would have given


@pytest.mark.req("BIZ-003")
@pytest.mark.parametrize(
    ("role", "deeds"),
    [
        ("owner", "see history documents people"),
        ("approver", "see history documents"),
        ("buyer", "see history documents"),
        ("viewer", "see history"),
    ],
)
def test_each_role_may_do_its_own(role: str, deeds: str) -> None:
    everything = ("see", "history", "documents", "people")
    assert {deed for deed in everything if may(role, deed)} == set(deeds.split())  # type: ignore[arg-type]
