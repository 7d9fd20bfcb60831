"""Normalisation brings what people type to one shape, and twice is the same as once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import text

ANY_TEXT = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ｵﾍﾟﾚｰﾀｰ", "おぺれーたー"),
        ("ＡＢＣ１２３", "abc123"),
        ("返品　したい\n です", "返品 したい です"),
        ("カタカナ", "かたかな"),
        ("٣ Items", "3 items"),
    ],
)
def test_fold_brings_widths_kana_case_and_spaces_together(typed: str, folded: str) -> None:
    assert text.fold(typed) == folded


def test_lone_surrogates_and_control_characters_disappear() -> None:
    assert text.normalise("返\ud800品\x00で\u200bす") == "返品です"


def test_line_ends_survive_normalisation() -> None:
    assert text.normalise("一行目\n二行目") == "一行目\n二行目"


def test_long_vowel_marks_between_digits_become_hyphens_but_stay_in_words() -> None:
    assert text.ascii_hyphens("503ー1234567−1234567 オペレーター") == "503-1234567-1234567 オペレーター"


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(typed: str) -> None:
    once = text.fold(typed)
    assert text.fold(once) == once


@given(ANY_TEXT)
def test_normalised_text_is_stable_and_can_be_stored(typed: str) -> None:
    once = text.normalise(typed)
    assert text.normalise(once) == once
    once.encode("utf-8")
