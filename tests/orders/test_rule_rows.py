"""The rules as rows: each has a topic, a name and words in Japanese; what a decision names is found among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from madoguchi.counter.orders import rule_rows, rule_wording
from madoguchi.counter.orders.rules import Rules
from madoguchi.engine.texts import tr
from tests.orders.build import SELLERS

RULES = Rules.load()


@pytest.mark.req("RET-001")
def test_every_rule_stands_in_one_topic_and_has_a_name() -> None:
    leaves = rule_rows.leaves(RULES)
    topics = rule_rows.by_topic(RULES)
    assert sorted(key for keys in topics.values() for key in keys) == sorted(leaves)
    for key in leaves:
        assert rule_wording.label_text(key, "en") != key, key
        assert rule_wording.value_text(key, leaves[key], "en"), key


def test_every_word_of_the_table_is_japanese() -> None:
    words = [*rule_wording.LABELS.values(), *rule_rows.TOPICS, *rule_wording._VALUES.values()]
    words += rule_wording._ACCOUNT_DEEDS.values()
    assert [each for each in words if tr("ja", each) == each] == []


def test_amounts_days_and_answers_read_as_people_say_them() -> None:
    rows = {row.key: row for found in rule_wording.rule_table(RULES, "ja").values() for row in found}
    assert rows["approval.assistant_limit"].value.startswith("10,000円")
    assert rows["returns.window_days"].value == "30日"
    assert rows["returns.opened"].value == "担当者が判断"
    assert rows["cancel.within_hours"].value == "出荷まで"
    assert rows["calendar.weekend"].value == "土曜日、日曜日"
    assert rows["refund.tenders.card"].value == "3〜5営業日、明細への反映は7日以内"
    assert not any(row.shipped for row in rows.values())


def test_what_the_shop_has_changed_is_marked_with_what_it_was(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text("[returns]\nwindow_days = 14\n[returns.sellers.kobo]\nwindow_days = 7\n", "utf-8")
    rows = {
        row.key: row
        for found in rule_wording.rule_table(Rules.load(own), "ja").values()
        for row in found
        if row.shipped
    }
    assert (rows["returns.window_days"].value, rows["returns.window_days"].shipped) == ("14日", "30日")
    assert (rows["returns.sellers.kobo"].value, rows["returns.sellers.kobo"].shipped) == ("7日", "–")
    assert len(rows) == 2


def test_a_rule_that_a_decision_names_is_found_also_by_a_part_of_it_or_where_it_is_not_set() -> None:
    def row(key: str) -> rule_wording.RuleRow:
        return rule_wording.looked_at(key, RULES, SELLERS, "ja")

    assert row("approval.agent_limit.JPY").label == "スーパーバイザーの承認なしの上限"
    assert row("returns.classes.general.window_days").label.endswith("返品できる期間")
    assert row("returns.sellers.kobo.window_days").label == "返品できる期間"
    assert "10日" in row("seller.return_days").value
