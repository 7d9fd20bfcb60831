"""Order actions from the desk: the same propose and confirm as the customer's, with the policy's verdict in words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.desk_people import Agent, Customer, Sits


def with_order(
    agent: Agent, counter: Any, ref: str, order: str, text: str = "担当者と話したいです"
) -> Customer:
    customer = Customer(counter.url, ref)
    customer.ask_for_a_person(text, order)
    agent.take(customer)
    expect(agent.page.locator(f"#desk-order-{order}")).to_be_visible()
    return customer


def action_dialog(agent: Agent, name: str) -> Locator:
    agent.page.locator(".order-section.open").get_by_role("button", name=re.compile(name)).click()
    dialog = agent.page.get_by_role("dialog", name=name)
    expect(dialog.get_by_role("heading", name=name)).to_be_focused()
    return dialog


@pytest.mark.req("ORD-018")
def test_a_parcel_that_is_late_is_sent_again_from_the_case_within_the_policy(
    sits: Sits, counter: Any
) -> None:
    agent = sits("kato")
    customer = with_order(agent, counter, cast.JOHN, cast.JOHN_LATE)
    dialog = action_dialog(agent, "商品の再送")
    dialog.get_by_role("button", name="内容を確認する").click()
    heading = dialog.get_by_role("heading", name="次の内容で実行します。ご確認ください")
    expect(heading).to_be_focused()
    expect(dialog).to_contain_text("方針内")
    agent.press("Enter")  # on the heading: confirms nothing
    expect(heading).to_be_visible()
    dialog.locator("button.primary").dblclick()
    expect(dialog.get_by_role("heading", name="結果")).to_be_focused()
    expect(dialog).to_contain_text("受付番号")
    dialog.get_by_role("button", name="閉じる").last.click()
    expect(agent.log).to_contain_text("受付番号")
    kinds = [entry["kind"] for entry in customer.sees()]
    assert kinds.count("proposal.done") == 1


def test_a_return_is_asked_for_piece_by_piece_and_the_button_names_the_deed(sits: Sits, counter: Any) -> None:
    agent = sits("kato")
    with_order(agent, counter, cast.MISAKI, cast.MISAKI_HEADPHONES)
    dialog = action_dialog(agent, "商品の返品")
    dialog.get_by_role("checkbox").first.uncheck()
    dialog.get_by_label("不要になった").check()
    dialog.get_by_role("button", name="内容を確認する").click()
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text("商品を1点以上選んでください")
    expect(alert).to_be_focused()
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_role("button", name="内容を確認する").click()
    expect(dialog.locator("button.primary")).to_have_text("1点を返品する")
    expect(dialog).to_contain_text("返金額")
    dialog.get_by_role("button", name="やめる").click()
    expect(dialog).to_have_count(0)


def test_an_address_form_starts_from_the_present_address(sits: Sits, counter: Any) -> None:
    agent = sits("kato")
    with_order(agent, counter, cast.MISAKI, cast.MISAKI_UNSHIPPED)
    dialog = action_dialog(agent, "お届け先の変更")
    expect(dialog.get_by_label("お名前")).to_have_value("佐藤 美咲")
    expect(dialog.get_by_label("郵便番号")).to_have_value(re.compile(r"\d{3}-?\d{4}"))
    dialog.get_by_label("建物名・部屋番号").fill("みどりハイツ 305")
    dialog.get_by_role("button", name="内容を確認する").click()
    expect(dialog).to_contain_text("みどりハイツ 305")
    dialog.locator("button.primary").click()
    expect(dialog.get_by_role("heading", name="結果")).to_be_visible()
    agent.press("Escape")
    expect(agent.page.locator(".order-section.open")).to_contain_text("みどりハイツ 305")


def test_an_exchange_offers_the_articles_other_variants(sits: Sits, counter: Any) -> None:
    agent = sits("kato")
    with_order(agent, counter, cast.JOHN, cast.JOHN_SHIRT)
    dialog = action_dialog(agent, "商品の交換")
    variants = dialog.get_by_label("交換する種類")
    expect(variants.locator("option:not([disabled])")).not_to_have_count(1)
    variants.select_option(index=1)
    dialog.get_by_role("radio").first.check()
    dialog.get_by_label("サイズが合わない").check()
    dialog.get_by_role("button", name="内容を確認する").click()
    expect(dialog.locator("button.primary")).to_have_text("1点を交換する")


@pytest.mark.req("ORD-018")
def test_above_an_agents_limit_a_supervisor_approves_in_the_log(sits: Sits, counter: Any) -> None:
    kato, mori = sits("kato"), sits("mori")
    customer = with_order(kato, counter, cast.BUSINESS, cast.BUSINESS_DELIVERED)
    dialog = action_dialog(kato, "商品の返品")
    for box in dialog.locator("[name=line]").all():
        box.check()
    dialog.get_by_label("届くのが遅かった").check()
    dialog.get_by_role("button", name="内容を確認する").click()
    expect(dialog).to_contain_text("承認が必要")
    dialog.locator("button.primary").click()
    expect(dialog).to_contain_text("責任者の承認を待っています")
    kato.press("Escape")
    card = kato.log.locator(".proposal-card")
    expect(card).to_contain_text("責任者の承認を待っています")
    expect(card.get_by_role("button", name=re.compile("承認する"))).to_have_count(0)

    mori.take(customer)
    mori.log.get_by_role("button", name=re.compile("^承認する")).click()
    expect(mori.log.locator(".receipt")).to_contain_text("受付番号")
    assert [entry["kind"] for entry in customer.sees()].count("proposal.done") == 1


def test_what_is_not_possible_is_shown_with_its_reasons(sits: Sits, counter: Any) -> None:
    agent = sits("kato")
    with_order(agent, counter, cast.SENIOR, cast.SENIOR_KETTLE)
    refused = agent.page.locator(".order-section.open .refused")
    refused.locator("summary").click()
    row = refused.locator("div").filter(has_text="注文のキャンセル")
    expect(row.locator("dd")).to_have_text(re.compile(r".{8,}"))


def test_order_actions_have_keys(sits: Sits, counter: Any) -> None:
    agent = sits("kato")
    with_order(agent, counter, cast.SENIOR, cast.SENIOR_KETTLE)
    expect(agent.page.locator(".action-buttons")).to_be_visible()
    agent.press("Escape", "KeyO")
    expect(agent.page.locator(".action-buttons")).to_have_class(re.compile("counted"))
    assert any("1 商品の返品" in words for words in agent.spoken())
    agent.press("Digit1")
    expect(agent.page.get_by_role("dialog", name="商品の返品")).to_be_visible()


@pytest.mark.req("HND-006")
def test_earlier_contacts_of_the_customer_are_at_hand(sits: Sits, counter: Any) -> None:
    agent = sits("kato")
    before = Customer(counter.url, cast.WAITING_FOR_REFUND)
    before.ask_for_a_person("返金がまだ届きません", cast.OVERDUE_REFUND)
    agent.take(before)
    with_order(agent, counter, cast.WAITING_FOR_REFUND, cast.OVERDUE_REFUND, "前回の続きです")
    earlier = agent.page.locator(".earlier")
    expect(earlier.get_by_role("button")).not_to_have_count(0)
    earlier.get_by_role("button").first.click()
    expect(agent.log).to_contain_text("返金がまだ届きません")
