"""Which numbers are called, and how they are read back (CB-005)."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from madoguchi.counter.callbacks.numbers import callable_number, masked, read_back
from madoguchi.counter.problems import Invalid

JAPAN = ("+81",)


@pytest.mark.req("CB-005")
@pytest.mark.parametrize(
    ("typed", "called", "read"),
    [
        ("090-1234-5678", "+819012345678", "090-1234-5678"),
        ("09012345678", "+819012345678", "090-1234-5678"),
        ("+81 90-1234-5678", "+819012345678", "090-1234-5678"),
        ("０９０－１２３４－５６７８", "+819012345678", "090-1234-5678"),
        ("０９０ー１２３４ー５６７８", "+819012345678", "090-1234-5678"),
        (" 03 1234 5678 ", "+81312345678", "03-1234-5678"),
        ("(06)6345-1234", "+81663451234", "06-6345-1234"),
        ("050-3000-1234", "+815030001234", "050-3000-1234"),
    ],
)
def test_numbers_are_accepted_as_people_type_them(typed: str, called: str, read: str) -> None:
    assert callable_number(typed, "JP", JAPAN) == called
    assert read_back(called, "JP") == read
    assert callable_number(read, "JP", JAPAN) == called


@pytest.mark.req("CB-005")
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("090-1234-567", "phone_incomplete"),
        ("090-1234-56789", "phone_incomplete"),
        ("110", "phone_incomplete"),
        ("1234", "phone_incomplete"),
        ("", "phone_unreadable"),
        ("電話", "phone_unreadable"),
        ("a@example.jp", "phone_unreadable"),
    ],
)
def test_what_cannot_be_a_number_is_refused_with_the_reason(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        callable_number(typed, "JP", JAPAN)
    assert (refused.value.code, refused.value.params["field"]) == (code, "phone")


@pytest.mark.parametrize(
    "dear",
    [
        "0990-123-456",  # premium
        "0570-000-000",  # shared cost
        "0120-000-000",  # toll-free: a shop's, no customer's
        "+1 202-555-0123",
        "+44 20 7946 0958",
        "03-1234-5678 ext. 9",
    ],
)
def test_what_would_cost_dearly_is_never_called(dear: str) -> None:
    with pytest.raises(Invalid) as refused:
        callable_number(dear, "JP", JAPAN)
    assert refused.value.code in ("phone_not_called", "phone_incomplete")


def test_a_number_on_file_is_right_though_its_range_is_new_but_never_a_dear_one() -> None:
    assert callable_number("090-0000-0001", "JP", JAPAN, on_file="090-0000-0001") == "+819000000001"
    with pytest.raises(Invalid, match="phone_incomplete"):
        callable_number("090-0000-0001", "JP", JAPAN, on_file="090-0000-0002")
    for dear in ("0990-500-123", "0570-000-000", "+1 202-555-0123"):
        with pytest.raises(Invalid):
            callable_number(dear, "JP", JAPAN, on_file=dear)


def test_another_country_is_called_where_the_shop_says_so() -> None:
    assert callable_number("+44 20 7946 0958", "JP", ("+81", "+44")) == "+442079460958"
    assert read_back("+442079460958", "JP") == "+44 20 7946 0958"


def test_a_masked_number_cannot_be_called() -> None:
    assert masked("+819012345678", "JP") == "090-••••-5678"
    assert "1234" not in masked("+819012345678", "JP")


@given(strategies.text(max_size=40))
def test_anything_at_all_is_either_a_number_or_refused(typed: str) -> None:
    try:
        called = callable_number(typed, "JP", JAPAN)
    except Invalid:
        return
    assert called.startswith("+81")
    assert callable_number(called, "JP", JAPAN) == called
    assert callable_number(read_back(called, "JP"), "JP", JAPAN) == called
