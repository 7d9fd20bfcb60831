"""The editor of the shop's words: who may, accept, correct, reject, undo, by keyboard and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from sqlalchemy import delete

from madoguchi.assistant.learning.words import queries, service
from madoguchi.assistant.learning.words.model import ShopWord, Sighting, shop_word, word_sighting
from madoguchi.engine.audit import audit
from madoguchi.faces.principal import STAFF_COOKIE
from tests.faces.pages.conftest import Counter, Staff, _context

HOME = "/console/words"


@pytest.fixture(autouse=True)
def four_say_stock(counter: Counter) -> Iterator[None]:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    said = [("ストックの件", "登山ポール")] * 4 + [("別の件", "綿シャツ")] * 4
    rows = [
        (f"con_{n}", [Sighting(1, "goods", f"c{n}", "ja", text, chosen, now)])
        for n, (text, chosen) in enumerate(said)
    ]
    counter.house.database.write(service.keep, rows)
    yield
    counter.house.database.write(lambda tx: [tx.execute(delete(each)) for each in (word_sighting, shop_word)])


def decided(counter: Counter) -> list[ShopWord]:
    return counter.house.database.read(queries.decided)


@pytest.mark.parametrize(("role", "status"), [("supervisor", 200), ("operator", 200), ("agent", 403)])
def test_who_teaches_the_assistant_decides_about_words_and_nobody_else(
    staff: Staff, role: str, status: int
) -> None:
    visitor = staff(role)
    assert ("ストック" in visitor.get(HOME)) == (status == 200)
    assert visitor.answer.status_code == status


def test_strangers_are_sent_to_the_staffs_sign_in(counter: Counter) -> None:
    visitor = counter.visitor()
    assert "ストック" not in visitor.get(HOME)
    assert visitor.path.startswith("/desk/sign-in?next=")


@pytest.mark.req("BOT-014")
def test_a_word_is_accepted_as_the_editor_corrects_it_and_can_be_undone(
    counter: Counter, staff: Staff
) -> None:
    editor = staff()
    assert "お客様4人" in editor.get(HOME)
    editor.send(HOME, means=" ", do="accept")
    assert editor.answer.status_code == 422
    assert decided(counter) == []
    editor.send(HOME, means="ポール", do="accept")
    assert counter.house.database.read(queries.accepted) == [("ストック", "ポール")]
    assert "店の言葉として採用" in editor.text
    editor.send("/undo")
    assert decided(counter) == []
    assert "ストック" in editor.text
    lines = counter.house.database.read(
        lambda tx: tx.all(audit.select().where(audit.c.object_kind == "shop_word").order_by(audit.c.seq))
    )
    assert [line.action for line in lines][-2:] == ["words.accepted", "words.taken_back"]


def test_what_is_rejected_stands_among_the_decisions(counter: Counter, staff: Staff) -> None:
    editor = staff("operator")
    editor.get(HOME)
    editor.send(HOME, means="登山ポール", do="reject")
    assert [word.state for word in decided(counter)] == ["rejected"]
    text = editor.get(HOME)
    assert "担当 operator" in text
    assert "採用しない" not in text


def test_it_works_by_keyboard_without_scripts_and_axe_finds_nothing(
    counter: Counter, browser: Browser, tokens: dict[str, str]
) -> None:
    cookie = {"name": STAFF_COOKIE, "value": tokens["supervisor"], "url": counter.url}
    context = _context(browser, counter, viewport={"width": 1280, "height": 900})
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(HOME)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()
    plain = _context(browser, counter, java_script_enabled=False, viewport={"width": 360, "height": 740})
    plain.add_cookies([cookie])  # type: ignore[list-item]
    page = plain.new_page()
    page.goto(HOME)
    page.get_by_role("button", name="採用する").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("店の言葉として採用")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    plain.close()
