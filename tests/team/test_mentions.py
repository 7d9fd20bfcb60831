"""Who is meant by a name in a note."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from madoguchi.counter.team.mentions import named_in
from madoguchi.counter.team.model import Agent


def agent(login: str, name: str, display: str = "") -> Agent:
    now = datetime(2026, 11, 2, tzinfo=UTC)
    return Agent(login, login, name, display, "", None, None, ["agent"], ["ja"], ["*"], 3, True, now)


ITO, ITOH = agent("ito", "伊藤 健", "伊藤"), agent("itoh", "伊藤田", "")
MORI, OTHER_MORI = agent("mori", "森", "森"), agent("mori2", "森", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@伊藤さん、確認お願いします", ["ito"]),
        ("＠伊藤 健 確認", ["ito"]),
        ("確認：@伊藤田", ["itoh"]),
        ("@ito please", ["ito"]),
        ("@ITO", ["ito"]),
        ("@itoh と @ito", ["itoh", "ito"]),
        ("@itos", []),
        ("ito@example.jp", []),
        ("@森 見てください", ["mori", "mori2"]),
        ("@伊藤 @伊藤", ["ito"]),
        ("@", []),
        ("伊藤さんへ", []),
    ],
)
def test_a_name_after_the_sign_means_its_bearer(text: str, expected: list[str]) -> None:
    assert [each.id for each in named_in(text, [ITO, ITOH, MORI, OTHER_MORI])] == expected
