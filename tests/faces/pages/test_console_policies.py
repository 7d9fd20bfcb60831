"""The shop's rules in the console: who may read and ask, what is answered, and that asking changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.orders import queries
from madoguchi.counter.orders.model import Order
from madoguchi.faces.principal import STAFF_COOKIE
from tests.faces.pages.conftest import Counter, Staff, _context

PAGE = "/console/policies"


@pytest.fixture
def delivered(counter: Counter) -> Order:
    """An order of the demonstration that has arrived completely."""
    orders = counter.house.shop.orders_of(cast.MISAKI, limit=50)
    return next(order for order in orders if order.state == "delivered")


def asking(order: Order, **values: str) -> str:
    return f"{PAGE}?{urlencode({'number': order.number, 'action': 'return', **values})}"


@pytest.mark.req("RET-001")
def test_the_rules_stand_in_words_by_topic(staff: Staff) -> None:
    text = staff("supervisor").get(PAGE)
    assert "店舗ルール" in text and "返品できる期間" in text and "30日" in text
    assert "10,000円" in text  # up to here without an agent
    assert "returns.window_days" in text


@pytest.mark.req("RET-001", "RET-008")
def test_an_order_is_held_against_the_rules_and_the_rule_is_named(staff: Staff, delivered: Order) -> None:
    lead = staff("supervisor")
    late = (delivered.placed_at + timedelta(days=400)).date().isoformat()
    text = lead.get(asking(delivered, on=late))
    assert "できません" in text and "返品期間の30日を過ぎています" in text
    assert "ルール：返品できる期間" in text
    english = lead.get(asking(delivered, on=late, language="en"))
    assert '<blockquote class="card" lang="en">' in english
    assert "The return period of 30 days is over" in english
    soon = (delivered.placed_at + timedelta(days=10)).date().isoformat()
    assert "承認" in lead.get(asking(delivered, on=soon)) or "できます" in lead.text


@pytest.mark.req("RET-001")
def test_the_page_answers_as_the_house_would(staff: Staff, counter: Counter, delivered: Order) -> None:
    """The same deed asked by the order desk and on the page: verdict and reasons are the same."""
    decided = counter.house.orders.possible(SYSTEM, delivered.number)["refund_duplicate"]
    text = staff("supervisor").get(asking(delivered, action="refund_duplicate"))
    assert decided.verdict == "refused"
    assert "できません" in text
    assert all(rule in text for rule in decided.rules if not rule.startswith("approval"))


@pytest.mark.req("RET-001")
def test_changed_rules_are_tried_beside_those_that_hold_and_nothing_is_kept(
    staff: Staff, counter: Counter, delivered: Order
) -> None:
    lead, held = staff("supervisor"), counter.house.orders.rules
    day = (delivered.placed_at + timedelta(days=20)).date().isoformat()
    text = lead.get(asking(delivered, on=day, changes="[returns]\nwindow_days = 14"))
    now, _, changed = text.partition("変更後のルールの場合")
    assert "30日間のうち20日目" in now
    assert "返品期間の14日を過ぎています" in changed and '<span class="sheet-cell">30日</span>' in changed
    assert counter.house.orders.rules is held and held.returns.window_days == 30
    wrong = lead.get(asking(delivered, changes="[returns]\nwindow_dais = 14"))
    assert lead.answer.status_code == 422 and "did you mean `returns.window_days`" in wrong
    lead.get(asking(delivered, changes="[returns"))
    assert lead.answer.status_code == 422
    lead.get(asking(delivered, changes="#" * 2000))
    assert lead.answer.status_code == 422


def test_asking_leaves_nothing_behind(staff: Staff, counter: Counter, delivered: Order) -> None:
    def proposals() -> int:
        return len(counter.house.database.read(queries.proposals_of_order, delivered.number))

    before, version = proposals(), delivered.version
    for action in ("cancel", "return", "refund_missing", "change_address"):
        staff("supervisor").get(asking(delivered, action=action))
    assert proposals() == before
    found = counter.house.shop.order(delivered.number)
    assert found is not None and found.version == version


def test_what_cannot_be_used_is_said(staff: Staff, delivered: Order) -> None:
    lead = staff("supervisor")
    assert "この番号の注文はありません" in lead.get(f"{PAGE}?number=250-0000000-0000000&action=return")
    assert lead.answer.status_code == 422
    assert "注文番号を入力してください" in lead.get(f"{PAGE}?number=&action=return")
    lead.get(asking(delivered, on="soon"))
    assert lead.answer.status_code == 422
    lead.get(asking(delivered, who="nobody", proof="none", reason="?", condition="?", language="xx"))
    assert lead.answer.status_code == 200


def test_operators_read_the_rules_and_no_orders(staff: Staff, delivered: Order) -> None:
    text = staff("operator").get(asking(delivered))
    assert "返品できる期間" in text and "判定する" not in text and "<blockquote" not in text
    assert not any(line.label("ja") in text for line in delivered.lines)
    agent = staff("agent")
    agent.get(PAGE)
    assert agent.answer.status_code == 403


def test_the_page_holds_no_violation(
    chromium: Browser, counter: Counter, tokens: dict[str, str], delivered: Order
) -> None:
    context = _context(chromium, counter, viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": STAFF_COOKIE, "value": tokens["supervisor"], "url": counter.url}])
    page = context.new_page()
    page.goto(asking(delivered, on=datetime.now(UTC).date().isoformat()))
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    context.close()
