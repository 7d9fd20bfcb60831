"""Rules of the shop changed at the console: drafted by one who leads, put in force by another, followed by everybody."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import get_args
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlalchemy import delete, update

from madoguchi.building import build_house
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.orders.model import ProductClass
from madoguchi.counter.orders.rule_book import queries
from madoguchi.counter.orders.rule_book.model import RuleVersion, rule_version
from madoguchi.counter.team import service as team
from madoguchi.engine.database import Transaction
from madoguchi.faces import sign_in
from madoguchi.faces.principal import STAFF_COOKIE
from madoguchi.kit.ids import new_id
from tests.faces.pages.conftest import Counter, Staff, Visitor, _context

HOME = "/console/policies"
RETURNS = f"{HOME}/change/return-items"


@pytest.fixture(autouse=True)
def as_before(counter: Counter) -> Iterator[None]:
    yield

    def first_one_again(tx: Transaction) -> None:
        tx.execute(delete(rule_version).where(rule_version.c.number > 1))
        tx.execute(update(rule_version).values(state="in_force"))

    counter.house.database.write(first_one_again)
    counter.house.book._editions.clear()


def newest(counter: Counter) -> RuleVersion:
    return counter.house.database.read(queries.newest)[0]


def form_of(visitor: Visitor) -> dict[str, object]:
    """What the forms of the page would send as they stand."""
    page = visitor.answer.text
    found: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and 'type="checkbox"' not in tag:
            found[name[1]] = html.unescape(value[1])
        elif name and value and " checked" in tag:
            before = found.setdefault(name[1], [])
            assert isinstance(before, list)
            before.append(html.unescape(value[1]))
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        if chosen:
            found[name] = html.unescape(chosen[1])
    return found


def post(visitor: Visitor, path: str, data: dict[str, object]) -> str:
    visitor.answer = visitor.client.post(path, data=data)
    return visitor.text


def draft(lead: Visitor, **changes: object) -> str:
    lead.get(RETURNS)
    return post(lead, RETURNS, form_of(lead) | {"why": "冬の返品が多いため"} | changes)


def put_in_force(by: Visitor, number: int) -> str:
    by.get(f"{HOME}/versions/{number}")
    return post(by, f"{HOME}/versions/{number}/in-force", form_of(by))


@pytest.fixture
def other(counter: Counter, tokens: dict[str, str]) -> Visitor:
    """A second supervisor."""

    def hire(tx: Transaction) -> str:
        name = f"second-{new_id('x')}"
        found = team.add_agent(
            tx,
            login=name.lower(),
            password="corre7t-horse battery",
            name="二人目",
            roles=["supervisor"],
            languages=["ja"],
        )
        return sign_in._begin_staff(tx, found.id)

    visitor = counter.visitor()
    visitor.client.cookies.set(STAFF_COOKIE, counter.house.database.write(hire))
    return visitor


@pytest.mark.req("RET-001")
def test_a_change_goes_from_the_form_to_everybody(staff: Staff, counter: Counter, other: Visitor) -> None:
    lead = staff("supervisor")
    text = draft(lead, **{"returns.window_days": "14", "returns.customer_fee.JPY": "1,200"})
    made = newest(counter)
    assert (made.state, made.number) == ("draft", 2)
    assert made.text == "returns.window_days = 14\nreturns.customer_fee.JPY = 1200\n"
    assert "返品できる期間" in text and "30日" in text and "14日" in text and "1,200円" in text
    assert "作成者以外の人" in text and "/in-force" not in text
    assert counter.house.orders.rules.returns.window_days == 30
    assert "適用する" in other.get(f"{HOME}/versions/2")
    put_in_force(other, 2)
    assert counter.house.orders.rules.returns.window_days == 14
    assert "第2版を適用中" in lead.get(HOME) and "14日" in lead.text
    listed = lead.get(f"{HOME}/versions")
    assert "返品できる期間: 30日 → 14日" in listed and "冬の返品が多いため" in listed


@pytest.mark.req("RET-001")
def test_the_drafter_cannot_put_it_in_force_by_hand_either(staff: Staff, counter: Counter) -> None:
    lead = staff("supervisor")
    draft(lead, **{"returns.window_days": "14"})
    answer = put_in_force(lead, 2)
    assert lead.answer.status_code == 403 and "作成者以外の人" in answer
    assert newest(counter).state == "draft"


@pytest.mark.req("RET-001")
def test_what_cannot_be_used_stays_in_the_form(staff: Staff, counter: Counter) -> None:
    lead = staff("supervisor")
    page = draft(lead, **{"returns.window_days": "9999"})
    assert lead.answer.status_code == 422 and "0から3650" in page.replace(" ", "") and 'value="9999"' in page
    page = draft(lead, more="[returns]\nwindow_dais = 3")
    assert lead.answer.status_code == 422 and "did you mean" in page
    draft(lead)
    assert lead.answer.status_code == 422 and "変更はありません" in lead.text
    draft(lead, **{"returns.window_days": "14", "why": ""})
    assert lead.answer.status_code == 422
    assert newest(counter).number == 1


@pytest.mark.req("RET-001")
def test_two_who_change_at_once_hear_of_each_other(staff: Staff, counter: Counter, other: Visitor) -> None:
    lead = staff("supervisor")
    lead.get(RETURNS)
    stale = form_of(lead) | {"why": "古い画面", "returns.window_days": "10"}
    draft(lead, **{"returns.window_days": "14"})
    put_in_force(other, 2)
    post(lead, RETURNS, stale)
    assert lead.answer.status_code == 409 and newest(counter).number == 2


@pytest.mark.req("RET-001")
def test_a_draft_is_tried_on_an_order_written_on_and_withdrawn(staff: Staff, counter: Counter) -> None:
    lead = staff("supervisor")
    draft(lead, **{"returns.window_days": "14"})
    lead.get(f"{HOME}/change/did-not-arrive?draft=2")
    post(lead, f"{HOME}/change/did-not-arrive", form_of(lead) | {"missing.after_days": "9"})
    assert newest(counter).text == "returns.window_days = 14\nmissing.after_days = 9\n"
    assert newest(counter).revision == 2
    order = counter.house.shop.orders_of(cast.MISAKI, limit=1)[0]
    asked = lead.get(f"{HOME}?{urlencode({'draft': 2, 'number': order.number, 'action': 'return'})}")
    assert "第2版" in asked and "変更後のルールの場合" in asked
    lead.get(f"{HOME}/versions/2")
    post(lead, f"{HOME}/versions/2/withdraw", form_of(lead))
    assert newest(counter).state == "withdrawn"


@pytest.mark.req("RET-001")
def test_a_draft_is_brought_onto_what_came_into_force_before_it(
    staff: Staff, counter: Counter, other: Visitor
) -> None:
    lead = staff("supervisor")
    draft(lead, **{"returns.window_days": "14"})
    draft(other, **{"returns.marketplace_window_days": "20"})
    lead.get(f"{HOME}/versions/3")
    put_in_force(lead, 3)
    put_in_force(other, 2)
    assert other.answer.status_code == 409 and "土台にし直" in other.text
    lead.get(f"{HOME}/versions/2")
    post(lead, f"{HOME}/versions/2/renew", form_of(lead))
    put_in_force(other, 2)
    rules = counter.house.orders.rules.returns
    assert (rules.window_days, rules.marketplace_window_days) == (14, 20)


@pytest.mark.req("RET-001")
def test_going_back_makes_a_draft(staff: Staff, counter: Counter, other: Visitor) -> None:
    lead = staff("supervisor")
    draft(lead, **{"returns.window_days": "14"})
    put_in_force(other, 2)
    lead.get(f"{HOME}/versions/1")
    post(lead, f"{HOME}/versions/1/go-back", form_of(lead) | {"why": "苦情"})
    assert (newest(counter).number, newest(counter).text, newest(counter).state) == (3, "", "draft")


def test_who_may_open_and_who_may_change(staff: Staff) -> None:
    for role, reads, changes in (("supervisor", 200, 200), ("operator", 200, 403), ("agent", 403, 403)):
        visitor = staff(role)
        for path, status in ((f"{HOME}/versions", reads), (f"{HOME}/versions/1", reads), (RETURNS, changes)):
            visitor.get(path)
            assert visitor.answer.status_code == status, (role, path)


@pytest.mark.req("RET-001")
def test_every_rule_has_an_input_or_says_that_it_is_text(staff: Staff) -> None:
    lead = staff("supervisor")
    addresses = set(re.findall(r'/console/policies/change/([a-z-]+)"', lead.get(HOME)))
    assert len(addresses) == 17
    for address in sorted(addresses):
        lead.get(f"{HOME}/change/{address}")
        assert lead.answer.status_code == 200
        post(lead, f"{HOME}/change/{address}", form_of(lead) | {"why": "何も変えない"})
        assert lead.answer.status_code == 422 and "変更はありません" in lead.text, address


@pytest.mark.req("RET-001")
def test_another_process_follows_without_a_restart(staff: Staff, counter: Counter, other: Visitor) -> None:
    """Two houses on one database: the second decides by what was put in force at the first."""
    second = build_house(counter.house.settings)
    try:
        article = "{policy.returns.window_days}"
        assert second.library.places.fill(article, "ja") == "30"
        draft(staff("supervisor"), **{"returns.window_days": "14"})
        put_in_force(other, 2)
        assert second.orders.rules.returns.window_days == 14
        assert second.sellers.rules is second.orders.rules is second.business.rules
        assert second.library.places.fill(article, "ja") == "14"
    finally:
        second.database.close()


def test_the_pages_hold_no_violation(
    chromium: Browser, counter: Counter, tokens: dict[str, str], staff: Staff
) -> None:
    draft(staff("supervisor"), **{"returns.window_days": "14"})
    context = _context(chromium, counter, viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": STAFF_COOKIE, "value": tokens["supervisor"], "url": counter.url}])
    page = context.new_page()
    for path in (RETURNS, f"{HOME}/change/refunds", f"{HOME}/versions", f"{HOME}/versions/2"):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), path
    context.close()


@pytest.mark.req("RET-001")
def test_a_customer_who_confirms_after_a_change_is_shown_what_holds_now(
    staff: Staff, counter: Counter, other: Visitor, misaki: Visitor
) -> None:
    misaki.get(f"/help/o/{cast.MISAKI_UNSHIPPED}/do/cancel")
    misaki.send("")
    target, fields = misaki.form("/confirm")
    lead = staff("supervisor")
    lead.get(f"{HOME}/change/cancel-the-order")
    general = {"cancel.not_for_classes": list(get_args(ProductClass)), "why": "棚卸しのため"}
    post(lead, f"{HOME}/change/cancel-the-order", form_of(lead) | general)
    put_in_force(other, newest(counter).number)
    misaki.answer = misaki.client.post(target, data=fields)
    assert "その後、店舗のルールが変わりました" in misaki.text and "できません" in misaki.text
    assert misaki.path.split("?")[0] != target.removesuffix("/confirm")
    order = counter.house.shop.order(cast.MISAKI_UNSHIPPED)
    assert order is not None and order.state == "processing" and not order.refunds
