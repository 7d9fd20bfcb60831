"""The console's first page and the share solved without a person: who may, both languages, no violation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from madoguchi.counter.actors import ASSISTANT, Actor, Rung
from madoguchi.counter.contacts import events, queries, service
from madoguchi.counter.contacts.model import contact as contacts
from madoguchi.engine.database import Transaction
from madoguchi.faces.principal import STAFF_COOKIE
from madoguchi.kit.ids import new_id
from tests.faces.pages.conftest import Counter, Staff, _context


@pytest.fixture(scope="module")
def talked(counter: Counter) -> None:
    """Four conversations a month ago: three solved, one handed over."""
    ago = timedelta(days=28)
    now = counter.house.database.clock()

    def write(tx: Transaction) -> None:
        for n in range(4):
            actor = Actor(kind="customer", id=new_id("vis"), rung=Rung.VISITOR)
            opened = service.open_contact(tx, actor=actor, channel="chat", language="ja")
            service.say(tx, opened.id, actor=actor, text="?", client_key=new_id("key"))
            service.append(tx, opened.id, events.MESSAGE, {"text": "!"}, actor=ASSISTANT)
            seen = queries.get(tx, opened.id)
            service.mark_answered(tx, opened.id, seen.last_customer_seq, seen.owner_version)
            if not n:
                service.append(tx, opened.id, events.HAND_OVER, {}, actor=ASSISTANT)
            shift = round(ago.total_seconds() * 1_000_000)
            tx.driver("UPDATE ledger_entry SET at = at - ? WHERE contact_id = ?", (shift, opened.id)).close()
            tx.execute(contacts.update().where(contacts.c.id == opened.id).values(opened_at=now - ago))

    counter.house.database.write(write)


@pytest.mark.req("BOT-025")
def test_the_console_shows_the_share_solved_without_a_person_week_by_week(talked: None, staff: Staff) -> None:
    page = staff("supervisor").get("/console/solved")
    assert "担当者なしで解決 75.0 %（4件中3件）" in page
    assert page.count('<th scope="row" role="rowheader">') == 12
    assert "72時間以内" in page
    english = staff("operator", "en").get("/console/solved")
    assert "75.0 % solved without a person (3 of 4 conversations)" in english


@pytest.mark.parametrize("path", ["/console", "/console/solved"])
def test_agents_may_not_and_strangers_sign_in(path: str, staff: Staff, counter: Counter) -> None:
    agent, stranger = staff("agent"), counter.visitor()
    agent.get(path)
    assert agent.answer.status_code == 403
    stranger.get(path)
    assert stranger.path.startswith("/desk/sign-in?next=")


def test_the_first_page_says_why_nothing_of_a_model_is_to_be_seen(staff: Staff) -> None:
    text = staff("supervisor").get("/console")
    assert "言語モデルは接続されていません" in text and "model.base_url" in text
    assert '<a href="/console/solved">' in text and '<a href="/console/learning">' in text


@pytest.mark.parametrize("path", ["/console", "/console/solved"])
def test_the_pages_hold_no_violation(
    path: str, talked: None, chromium: Browser, counter: Counter, tokens: dict[str, str]
) -> None:
    context = _context(chromium, counter)
    context.add_cookies([{"name": STAFF_COOKIE, "value": tokens["supervisor"], "url": counter.url}])
    page = context.new_page()
    page.goto(path)
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
    context.close()
