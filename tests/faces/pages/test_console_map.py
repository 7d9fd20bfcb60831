"""The console's map and search, and the page of what is kept how long: who sees what, and what is found."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from madoguchi.counter.cases.categories import group_labels
from madoguchi.counter.cases.templates import templates
from madoguchi.counter.cases.ways.channels import NAMES_OF_WAYS, channels, serving, switched_on
from madoguchi.counter.cases.ways.desks import user_desks
from madoguchi.engine.texts import tr
from madoguchi.faces.console import router
from madoguchi.faces.console.page_map import PAGES
from madoguchi.faces.principal import STAFF_COOKIE
from tests.faces.pages.conftest import Counter, Staff, _context
from tests.security.test_matrix import routes_of

MAP = [page for pages in PAGES.values() for page in pages]


def search(staff: Staff, role: str, words: str) -> str:
    return staff(role).get(f"/console?find={quote(words)}")


def test_every_page_that_stands_by_itself_is_on_the_map() -> None:
    addresses = {f"/{path}".replace("//", "/") for verb, path, _ in routes_of(router.routes) if verb == "GET"}
    alone = {path for path in addresses if path.count("/") == 2 and "{" not in path}
    assert alone - {page.path for page in MAP} == set()
    assert {page.path for page in MAP} - addresses == set()


def test_every_word_of_the_map_is_japanese() -> None:
    words = [word for page in MAP for word in (page.name, page.about, page.found_by)] + list(PAGES)
    assert [word for word in words if tr("ja", word) == word] == []


def test_the_map_shows_each_reader_their_own_pages(staff: Staff) -> None:
    for role in ("supervisor", "operator", "editor"):
        reader = staff(role)
        text = reader.get("/console")
        shown = [page for page in MAP if f'<dt><a href="{page.path}">' in text]
        assert len(shown) > 0 and all(tr("ja", page.about) in text for page in shown)
        for page in MAP:
            reader.get(page.path)
            assert reader.answer.status_code == (200 if page in shown else 403), (role, page.path)


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("へんぴん", "/console/policies"),
        ("ヘンピン", "/console/policies"),
        ("返品", "/console/policies"),
        ("しふと", "/console/staff"),
        ("ほぞん", "/console/retention"),
        ("おりかえし 電話", "/console/callbacks"),
        ("refunds", "/console/policies"),
        ("ＣＳＶ", "/console/reports"),
    ],
)
def test_pages_are_found_by_words_and_by_kana(staff: Staff, words: str, path: str) -> None:
    assert f'<dt><a href="{path}">' in search(staff, "supervisor", words)


def test_rules_are_found_and_settings_only_by_operators_without_their_values(
    staff: Staff, counter: Counter
) -> None:
    text = search(staff, "supervisor", "承認なしの上限")
    assert "10,000円" in text and "approval.assistant_limit" in text
    found = search(staff, "operator", "data.folder")
    assert "<code>data.folder</code>" in found and str(counter.house.settings.data.folder) not in found
    assert "<code>data.folder</code>" not in search(staff, "supervisor", "data.folder")
    assert "該当するものがありません" in search(staff, "supervisor", "ｗｗｗｗｗ")
    assert "/console/keys" not in search(staff, "editor", "api")


@pytest.mark.req("PRIV-004", "HIS-005")
def test_what_is_kept_how_long_is_said_with_the_last_rounds(staff: Staff, counter: Counter) -> None:
    lead = staff("supervisor")
    counter.house.privacy.retain(at_once=True)
    text = lead.get("/console/retention")
    assert "history.keep_days" in text and f"{counter.house.settings.privacy.audit_days}日" in text
    today = counter.house.database.clock().date().isoformat()[:8]
    assert f'role="rowheader">{today}' in text
    for role in ("agent", "operator"):
        other = staff(role)
        other.get("/console/retention")
        assert other.answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["/console?find=%E8%BF%94%E5%93%81", "/console/retention", "/console/ways", "/console/templates"]
)
def test_the_pages_hold_no_violation(
    path: str, chromium: Browser, counter: Counter, tokens: dict[str, str]
) -> None:
    context = _context(chromium, counter, viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": STAFF_COOKIE, "value": tokens["supervisor"], "url": counter.url}])
    page = context.new_page()
    page.goto(path)
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.req("CH-001", "CH-059", "QUE-016")
def test_the_ways_are_told_with_what_they_serve_and_what_keeps_one_off(
    staff: Staff, counter: Counter
) -> None:
    text = staff("operator").get("/console/ways")
    settings = counter.house.settings
    for name, channel in channels().items():
        assert channel.text("name", "ja") in text
        assert (name in switched_on(settings)) or "ways.off" in text or "shop." in text
    assert text.count("<code>") == len(NAMES_OF_WAYS) - len(switched_on(settings))
    served = sum(len(set(serving(settings, group)) & set(switched_on(settings))) for group in group_labels())
    assert text.count("✓") >= served > 0
    assert all(desk.text("desk", "ja") in text for desk in user_desks(settings))
    agent = staff("agent")
    agent.get("/console/ways")
    assert agent.answer.status_code == 403


@pytest.mark.req("CASE-013")
def test_cases_with_fixed_steps_are_shown_with_their_tasks_in_both_languages(staff: Staff) -> None:
    japanese, english = staff("supervisor"), staff("supervisor", "en")
    japanese.get("/console/templates")
    english.get("/console/templates")
    for template in templates().values():
        assert tr("ja", template.title) in japanese.text and template.title in english.text
        for step in template.step:
            assert tr("ja", step.title) in japanese.text and step.title in english.text
            assert f"{step.hours}時間以内" in japanese.text
