"""The case beside the conversation: seen at a glance, worked on by palette and keys, the same for a screen reader."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Locator, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.desk_people import Agent, Asks, Sits
from tests.stories.test_desk_access import violations

OF_A_CASE = re.compile(r"/api/v1/cases/")


def case_of(agent: Agent) -> Locator:
    return agent.page.locator(".case-section")


def command(agent: Agent, words: str) -> Locator:
    """By the palette: type what it is called, Enter once it is there (what is done to a case comes with the case)."""
    agent.list.focus()
    agent.press("Control+KeyK")
    dialog = agent.page.get_by_role("dialog")
    dialog.get_by_role("combobox").fill(words)
    expect(dialog.get_by_role("option", selected=True)).to_contain_text(words)
    agent.press("Enter")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("combobox", name="コマンド")).to_have_count(0)
    return dialog


@pytest.mark.req("CASE-013", "CASE-014")
def test_an_agent_sees_the_wish_first_and_works_on_tasks_without_leaving_the_conversation(
    sits: Sits, asks: Asks
) -> None:
    agent, customer = sits("kato"), asks(cast.SENIOR, order=cast.SENIOR_KETTLE)
    agent.take(customer)
    number = customer.contact()["case"]["number"]
    section = case_of(agent)
    expect(section.get_by_role("heading", name=f"ケース {number}")).to_be_visible()
    dialog = command(agent, "ご希望を登録")
    dialog.get_by_role("combobox").select_option("exchange")
    dialog.get_by_role("button", name="保存する").click()
    expect(section.locator(".case-card > :first-child")).to_contain_text("交換")
    dialog = command(agent, "ひな形から")
    dialog.get_by_role("combobox").select_option("victim")
    dialog.get_by_role("button", name="タスクを追加").click()
    expect(section.locator(".tasks > li")).to_have_count(5)
    section.get_by_role("button", name="着手").first.click()
    expect(section.locator(".tasks > li").first).to_contain_text("対応中")
    section.get_by_role("button", name="完了").first.click()
    agent.page.get_by_role("dialog").get_by_role("button", name="タスクを完了する").click()
    expect(agent.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("結果")
    agent.page.get_by_label("結果").fill("証拠を保存した")
    agent.page.get_by_role("dialog").get_by_role("button", name="タスクを完了する").click()
    expect(section.locator(".tasks > li").first).to_contain_text("証拠を保存した")
    if folder := os.environ.get("MADOGUCHI_SCREENSHOTS"):
        agent.page.screenshot(path=f"{folder}/desk-case.png")
    agent.list.focus()
    agent.press("KeyE")
    resolving = agent.page.get_by_role("dialog")
    resolving.get_by_role("button", name="解決").click()
    expect(resolving.get_by_role("alert")).to_contain_text("未完了のタスクが4件")
    resolving.get_by_role("checkbox").check()
    resolving.get_by_role("button", name="解決").click()
    expect(agent.page.get_by_role("dialog")).to_have_count(0)
    assert customer.contact()["case"]["state"] == "resolved"


@pytest.mark.req("CASE-006")
def test_a_case_is_merged_by_its_number_and_taken_apart_again(sits: Sits, asks: Asks) -> None:
    agent = sits("kato")
    first, second = asks(cast.MISAKI), asks(cast.MISAKI, text="領収書の件で担当者と話したいです")
    agent.take(first)
    agent.take(second)
    one, other = (each.contact()["case"]["number"] for each in (first, second))
    assert one != other
    dialog = command(agent, "まとめる")
    dialog.get_by_role("textbox").fill("C-99999999")
    dialog.get_by_role("button", name="まとめる").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    dialog.get_by_role("textbox").fill(one)
    dialog.get_by_role("button", name="まとめる").click()
    section = case_of(agent)
    expect(section.get_by_role("heading", name=f"ケース {one}")).to_be_focused()
    section.get_by_text("関連するケース").click()
    section.get_by_role("button", name=f"{other}を元に戻す").click()
    expect(section.get_by_text(f"{other}をまとめました")).to_have_count(0)
    assert second.contact()["case"]["number"] == other


@pytest.mark.req("A11Y-002")
def test_a_case_is_named_before_it_has_come_and_its_deeds_appear_in_an_open_palette_when_it_has(
    sits: Sits, asks: Asks
) -> None:
    agent, customer = sits("kato"), asks(cast.MISAKI)
    agent.page.route(OF_A_CASE, lambda _held: None)
    agent.take(customer)
    number = customer.contact()["case"]["number"]
    expect(case_of(agent).get_by_role("heading", name=f"ケース {number}")).to_be_visible()
    assert violations(agent.page) == []
    agent.list.focus()
    agent.press("Control+KeyK")
    dialog = agent.page.get_by_role("dialog")
    dialog.get_by_role("combobox").fill("まとめる")
    expect(dialog).to_contain_text("見つかりませんでした。")
    agent.page.unroute(OF_A_CASE)  # lets go what was held
    expect(dialog.get_by_role("option", selected=True)).to_contain_text("まとめる")
    agent.press("Escape")


@pytest.mark.req("HIS-008", "A11Y-002")
def test_the_timeline_opens_beside_the_conversation_and_nothing_violates_axe(sits: Sits, asks: Asks) -> None:
    agent, customer = sits("kato"), asks(cast.JOHN, order=cast.JOHN_SHIRT)
    agent.take(customer)
    section = case_of(agent)
    expect(section.locator(".case-card")).to_be_visible()
    agent.list.focus()
    agent.press("KeyC")
    expect(section.locator("#desk-case-heading")).to_be_focused()
    section.get_by_text("経過", exact=True).click()
    expect(section.locator(".case-list li").filter(has_text="担当者と話したいです")).not_to_have_count(0)
    assert violations(agent.page) == []
    agent.list.focus()
    agent.press("KeyW")
    dialog = agent.page.get_by_role("dialog", name="フォロー期日")
    expect(dialog.locator("input").first).to_be_focused()
    assert violations(agent.page) == []
    dialog.get_by_label("確認すること").fill("倉庫の返事")
    dialog.get_by_label("日時").fill("2036-01-05T10:00")
    dialog.get_by_role("button", name="保存する").click()
    expect(section).to_contain_text("2036")
    dialog = command(agent, "自分のケースとタスク")
    expect(dialog).to_contain_text(customer.contact()["case"]["number"])
    assert violations(agent.page) == []
