"""Card numbers and secrets go; order numbers, telephone and tracking numbers stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.contacts.redaction import CARD, SECRET, redact

CARDS = (
    "4111111111111111",
    "5555555555554444",
    "378282246310005",
    "3530111333300000",
    "6011111111111117",
    "4222222222222",
)
SEPARATORS = ("", " ", "-", "－", "　", ".", " - ", "ー", "–")


@pytest.mark.req("PRIV-003")
@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_card_number_goes_in_whatever_shape(card: str, separator: str) -> None:
    written = separator.join(card[i : i + 4] for i in range(0, len(card), 4)) if len(separator) <= 2 else card
    for text in (written, written.translate(str.maketrans("0123456789", "０１２３４５６７８９"))):
        assert redact(f"番号は{text}です") == f"番号は{CARD}です"


@pytest.mark.parametrize(
    "text",
    [
        "250-1234567-1234567",
        "注文 503-0001001-0000002 の件",
        "電話 090-1234-5678",
        "追跡番号 1234-5678-9012",
        "2026年11月21日 13:45",
        "12,345,678円",
        "4111 1111 1111 1112",
        "商品コード 9784111111111111",
    ],
)
def test_what_is_no_card_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.req("PRIV-003")
@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("パスワードは Hanako#2026 です", "Hanako#2026"),
        ("password: hunter22!", "hunter22!"),
        ("セキュリティコードは 123 です", "123"),
        ("CVV 4567", "4567"),
        ("マイナンバーは 1234 5678 9012", "1234 5678 9012"),
        ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJzdWIiOiIxIn0"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "abc"),
    ],
)
def test_a_named_secret_goes(text: str, secret: str) -> None:
    clean = redact(text)
    assert secret not in clean
    assert SECRET in clean


@pytest.mark.req("PRIV-003")
@pytest.mark.parametrize(
    "text", ["2 4111 1111 1111 1111", "4111-1111-1111-1111 12/28 123", "11/21 4111111111111111 2個"]
)
def test_numbers_beside_a_card_do_not_hide_it(text: str) -> None:
    assert CARD in redact(text)
    assert "1111" not in redact(text)


@given(st.text(max_size=300))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(
    st.text(alphabet=st.characters(blacklist_categories=("Nd", "Cs")), max_size=80), st.sampled_from(CARDS)
)
def test_no_surrounding_hides_a_card(around: str, card: str) -> None:
    assert card not in redact(f"{around} {card} {around}")


@pytest.mark.parametrize("born", ["01m8bgevacvv132qjgdb8gkyyv", "01m8bgew2gzk591rn5ztcvv484"])
def test_an_id_of_ours_stays_whole_whatever_chance_wrote_into_it(born: str) -> None:
    key = f"r1:confirm_prop_{born}"
    assert redact(key) == key
    assert redact(f"{key} cvv 123") == f"{key} cvv {SECRET}"
    assert "123" not in redact("4111111111111111cvv123")
