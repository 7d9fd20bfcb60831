"""Numbers, dates, amounts and places in a list, however customers write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.assistant.understanding import Amount, Entities, OrderNumberMask, Understander
from madoguchi.assistant.understanding.entities import find_entities

TODAY = date(2026, 11, 21)  # a Saturday
MASK = OrderNumberMask()
PATTERN = MASK.pattern()
NUMBER = "503-1234567-1234567"


def read(text: str) -> Entities:
    return find_entities(text, TODAY, MASK, PATTERN)


@pytest.mark.req("ADV-002")
@pytest.mark.parametrize(
    "typed",
    [
        "503-1234567-1234567",
        "５０３－１２３４５６７－１２３４５６７",
        "503ー1234567ー1234567",
        "503−1234567–1234567",
        "503 1234567 1234567",
        "５０３　１２３４５６７　１２３４５６７",
        "50312345671234567",
        "503 - 1234567 - 1234567",
        "503の1234567の1234567",
        "5031-234567-1234567",
        "注文番号は503-1234567-1234567です。届きません",
        "order #503-1234567-1234567, where is it?",
        "503-1234567-1234567を2個",
    ],
)
def test_an_order_number_is_read_in_every_way_of_typing_it(typed: str) -> None:
    assert read(typed).order_numbers == (NUMBER,)
    assert read(typed).partial_order_numbers == ()


@pytest.mark.req("ADV-002")
def test_the_order_number_pattern_is_the_shops_own() -> None:
    understander = Understander.load(order_number_pattern="A-NNNNNN")
    found = understander.understand("注文はｋ１２３４５６です", today=TODAY).entities
    assert found.order_numbers == ("K-123456",)
    assert understander.understand(NUMBER, today=TODAY).entities.order_numbers == ()


def test_a_pattern_that_would_match_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="at least four"):
        OrderNumberMask("N-N")


def test_two_order_numbers_in_one_message_are_both_read() -> None:
    assert read(f"{NUMBER} と 249-7654321-7654321 の件").order_numbers == (NUMBER, "249-7654321-7654321")


@pytest.mark.req("CH-033")
@pytest.mark.parametrize(
    ("typed", "partial"),
    [
        ("503-123456-1234567", "503-123456-1234567"),
        ("503-1234567-12345678", "503-1234567-12345678"),
        ("注文番号は12345です", "12345"),
        ("５０３－１２３４５６７－１２３", "503-1234567-123"),
        ("order number 503-1234567", "503-1234567"),
        ("5031234567123456", "5031234567123456"),
    ],
)
def test_an_order_number_with_a_wrong_count_of_digits_is_flagged(typed: str, partial: str) -> None:
    found = read(typed)
    assert found.order_numbers == ()
    assert found.partial_order_numbers == (partial,)


@pytest.mark.parametrize(
    "typed",
    [
        "090-1234-5678",
        "〒150-0001",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "2026-11-20",
        "1,234,567円",
    ],
)
def test_other_numbers_are_not_taken_for_order_numbers(typed: str) -> None:
    found = read(typed)
    assert found.order_numbers == ()
    assert found.partial_order_numbers == ()


@given(
    st.from_regex(r"\A[0-9]{3}[0-9]{7}[0-9]{7}\Z"),
    st.sampled_from(["", "-", " ", "ー", "－", "−", "　", " - "]),
)
def test_seventeen_digits_are_an_order_number_whatever_stands_between(digits: str, separator: str) -> None:
    typed = separator.join((digits[:3], digits[3:10], digits[10:]))
    assert read(f"注文{typed}です").order_numbers == (f"{digits[:3]}-{digits[3:10]}-{digits[10:]}",)


@pytest.mark.req("ADV-010")
@pytest.mark.parametrize(
    ("typed", "quantity"),
    [
        ("2個", 2),
        ("３台", 3),
        ("三枚ください", 3),
        ("ふたつ", 2),
        ("two of them", 2),
        ("quantity: 4", 4),
        ("x3", 3),
        ("12本", 12),
        ("5 pieces", 5),
        ("2", 2),
    ],
)
def test_quantities_are_read_in_digits_kanji_and_words(typed: str, quantity: int) -> None:
    assert read(typed).quantities == (quantity,)


@pytest.mark.parametrize("typed", ["2つ目", "1個も届いていない", "二番目", "the second one", "日本本社"])
def test_places_and_nothing_at_all_are_no_quantity(typed: str) -> None:
    assert read(typed).quantities == ()


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("一番上", 1),
        ("2番目のやつ", 2),
        ("３つ目", 3),
        ("the second one", 2),
        ("the last one", -1),
        ("最後の", -1),
        ("一番下", -1),
        ("下から2番目", -2),
        ("option 3", 3),
        ("first", 1),
        ("２", 2),
        ("最新の注文", 1),
    ],
)
def test_places_in_a_list_are_read(typed: str, place: int) -> None:
    assert read(typed if typed != "最後の" else "最後のやつ").ordinals == (place,)


@pytest.mark.parametrize("typed", ["wait a second", "in the first place", "最初の説明と違う"])
def test_figures_of_speech_are_no_places(typed: str) -> None:
    assert read(typed).ordinals == ()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("今日", date(2026, 11, 21)),
        ("きのう届いた", date(2026, 11, 20)),
        ("一昨日", date(2026, 11, 19)),
        ("明後日まで", date(2026, 11, 23)),
        ("3日前", date(2026, 11, 18)),
        ("２週間前", date(2026, 11, 7)),
        ("先週の金曜日", date(2026, 11, 13)),
        ("来週月曜", date(2026, 11, 23)),
        ("7月3日", date(2026, 7, 3)),
        ("２０２５年１２月３１日", date(2025, 12, 31)),
        ("令和8年5月1日", date(2026, 5, 1)),
        ("12/24", date(2026, 12, 24)),
        ("2026-11-03", date(2026, 11, 3)),
        ("先月20日", date(2026, 10, 20)),
        ("18日に届くはず", date(2026, 11, 18)),
        ("yesterday", date(2026, 11, 20)),
        ("two days ago", date(2026, 11, 19)),
        ("a week ago", date(2026, 11, 14)),
        ("by Friday", date(2026, 11, 27)),
        ("last Monday", date(2026, 11, 16)),
        ("July 3rd", date(2026, 7, 3)),
        ("3 July 2025", date(2025, 7, 3)),
        ("in 3 days", date(2026, 11, 24)),
        ("昨天", date(2026, 11, 20)),
        ("上周五", date(2026, 11, 13)),
        ("上個星期三", date(2026, 11, 11)),
        ("三天前", date(2026, 11, 18)),
        ("两个月前", date(2026, 9, 21)),
        ("15号", date(2026, 11, 15)),
        ("上个月20号", date(2026, 10, 20)),
        ("后天", date(2026, 11, 23)),
        ("星期五之前能到吗", date(2026, 11, 27)),
        ("어제", date(2026, 11, 20)),
        ("지난주 금요일", date(2026, 11, 13)),
        ("3일 전", date(2026, 11, 18)),
        ("일주일 전", date(2026, 11, 14)),
        ("11월 3일", date(2026, 11, 3)),
        ("다음주 월요일까지", date(2026, 11, 23)),
        ("last Tuesday", date(2026, 11, 17)),
    ],
)
def test_dates_are_resolved_against_today(typed: str, day: date) -> None:
    assert read(typed).dates == (day,)


def test_impossible_dates_are_left_out_and_a_new_year_is_bridged() -> None:
    assert read("2月30日").dates == ()
    assert find_entities("12月28日に注文", date(2027, 1, 5), MASK, PATTERN).dates == (date(2026, 12, 28),)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("3,980円", Amount(3980, "JPY")),
        ("￥１２００", Amount(1200, "JPY")),
        ("1万5千円", Amount(15000, "JPY")),
        ("三千円", Amount(3000, "JPY")),
        ("$12.5", Amount(1250, "USD")),
        ("20 euros", Amount(2000, "EUR")),
        ("500 yen", Amount(500, "JPY")),
        ("5000원이 아니라 5000 won", Amount(5000, "KRW")),
    ],
)
def test_amounts_are_read_in_minor_units(typed: str, amount: Amount) -> None:
    assert read(typed).amounts == (amount,)


def test_addresses_codes_and_case_numbers_are_read() -> None:
    found = read(
        "連絡先はTaro@Example.comか090-1234-5678、〒150-0001、コードは123456、ケースＣ－１０４８２、https://example.com/a?b=1。"
    )
    assert found.emails == ("taro@example.com",)
    assert found.phones == ("09012345678",)
    assert found.postal_codes == ("150-0001",)
    assert found.codes == ("123456",)
    assert found.case_numbers == ("C-10482",)
    assert found.urls == ("https://example.com/a?b=1",)


@pytest.mark.parametrize(
    "typed",
    ["case number 10482", "c10482", "お問い合わせ番号: 10482", "C 10482 is not what I mean, C-10482 is"],
)
def test_case_numbers_are_read_with_or_without_their_letter(typed: str) -> None:
    assert read(typed).case_numbers == ("C-10482",)


def test_a_code_typed_in_two_halves_is_one_code() -> None:
    assert read("123 456").codes == ("123456",)


def test_an_amount_of_six_digits_is_no_code() -> None:
    assert read("123456円").codes == ()


@pytest.mark.parametrize(
    ("language", "typed", "amount"),
    [
        ("ja", "1万2千円", Amount(12_000, "JPY")),
        ("ja", "十万円", Amount(100_000, "JPY")),
        ("en", "twenty dollars", Amount(2_000, "USD")),
        ("zh-Hans", "200元", Amount(20_000, "CNY")),
        ("zh-Hans", "人民币200", Amount(20_000, "CNY")),
        ("zh-Hans", "三千块", Amount(300_000, "CNY")),
        ("zh-Hant", "1200元", Amount(120_000, "TWD")),
        ("zh-Hant", "NT$1,200", Amount(120_000, "TWD")),
        ("ko", "3만원", Amount(30_000, "KRW")),
        ("ko", "3만 5천원", Amount(35_000, "KRW")),
        ("ko", "30,000원", Amount(30_000, "KRW")),
    ],
)
def test_amounts_are_read_in_every_language(language: str, typed: str, amount: Amount) -> None:
    assert find_entities(typed, TODAY, MASK, PATTERN, language).amounts == (amount,)


@pytest.mark.parametrize(
    ("language", "typed"),
    [("zh-Hans", "两块蛋糕"), ("ko", "원래 주문"), ("ja", "1万人"), ("zh-Hans", "元旦前到吗")],
)
def test_pieces_and_figures_of_speech_are_no_money(language: str, typed: str) -> None:
    assert find_entities(typed, TODAY, MASK, PATTERN, language).amounts == ()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("#1042", "#1042"),
        ("ORD-88213", "ORD-88213"),
        ("ｏｒｄ　８８２１３", "ORD-88213"),
        ("PO-12345", "PO-12345"),
    ],
)
def test_numbers_in_other_shops_shapes_are_kept_as_such(typed: str, number: str) -> None:
    found = read(f"{typed} いつ届きますか")
    assert found.order_numbers == ()
    assert found.partial_order_numbers == (number,)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("追跡番号 1234-5678-9012", "123456789012"),
        ("tracking number 1Z999AA10123456784", "1Z999AA10123456784"),
        ("快递单号SF1234567890123", "SF1234567890123"),
        ("송장번호 123456789012", "123456789012"),
    ],
)
def test_tracking_numbers_are_told_from_order_numbers(typed: str, number: str) -> None:
    found = read(typed)
    assert found.tracking_numbers == (number,)
    assert found.order_numbers == found.partial_order_numbers == ()


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("ja", "０９０ー１２３４ー５６７８", "09012345678"),
        ("ko", "010-1234-5678로 전화주세요", "01012345678"),
        ("zh-Hans", "打138 1234 5678", "13812345678"),
        ("zh-Hant", "電話0912-345-678", "0912345678"),
        ("en", "call me at 415-555-2671", "4155552671"),
        ("en", "+44 20 7946 0958", "+442079460958"),
    ],
)
def test_telephone_numbers_are_read_as_each_country_writes_them(
    language: str, typed: str, number: str
) -> None:
    assert find_entities(typed, TODAY, MASK, PATTERN, language).phones == (number,)
