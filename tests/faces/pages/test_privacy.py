"""The privacy page: settings, a copy, erasure in two steps; and what supervisors see of it (PRIV-005, HIS-006)."""

from __future__ import annotations

import io
import re
import time
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.customers import preferences
from madoguchi.counter.privacy import retention, service
from madoguchi.kit.languages import NAMES
from tests.faces.pages.conftest import Counter, Staff, Visitor

HOME = "/account/privacy"
WORDS = "秘密の合言葉ぬるぽ"

pytestmark = pytest.mark.req("PRIV-005")


def contact_of(visitor: Visitor, words: str = WORDS) -> str:
    """A conversation that says so; its id."""
    visitor.get("/person")
    visitor.send("/contacts", text=words)
    found = re.search(r"/contacts/(con_\w+)", visitor.path)
    assert found, (visitor.path, visitor.text[:2000])
    return found[1]


def request_id(visitor: Visitor) -> str:
    found = re.search(r"/requests/(prv_\w+)", visitor.path)
    assert found, (visitor.path, visitor.text[:3000])
    return found[1]


def finished(counter: Counter, wish: str) -> None:
    """The counter of these tests runs its rounds by itself: it is done soon after its confirmation."""
    for _ in range(400):
        time.sleep(0.05)
        if counter.house.database.read(service.get, wish).state == "done":
            return
    raise AssertionError(wish)


@pytest.mark.req("PRIV-007", "HIS-011")
def test_four_settings_are_kept_as_they_stand_on_the_page(counter: Counter, misaki: Visitor) -> None:
    misaki.get(HOME)
    assert misaki.text.count("checked") == 4
    target, fields = misaki.form(f"{HOME}/settings")
    fields.pop("wanted")
    misaki.answer = misaki.client.post(target, data={**fields, "wanted": ["case_updates", "surveys"]})
    assert "設定を保存しました" in misaki.text
    known = counter.customer_id(cast.MISAKI)
    kept = counter.house.database.read(preferences.all_of, known)
    assert kept == {"case_updates": True, "new_contacts": False, "surveys": True, "personal_answers": False}
    misaki.answer = misaki.client.post(target, data={**fields, "wanted": list(kept)})
    assert all(counter.house.database.read(preferences.all_of, known).values())


@pytest.mark.req("HIS-005")
def test_the_page_says_what_is_kept_and_for_how_long(misaki: Visitor) -> None:
    misaki.get(HOME)
    for words in ("180日", "90日", "30日", "残るものと、その理由", "ご注文"):
        assert words in misaki.text


@pytest.mark.parametrize("language", NAMES)
def test_it_speaks_every_language(counter: Counter, language: str) -> None:
    visitor = counter.visitor(language).sign_in(cast.MISAKI)
    assert visitor.get(f"{HOME}?lang={language}") and visitor.answer.status_code == 200
    if language != "en":
        assert "What you want to hear" not in visitor.text and "for as long as tax law" not in visitor.text
    visitor.get(f"{HOME}?lang=ja")


def test_a_copy_is_prepared_and_fetched_by_its_owner_only(counter: Counter, misaki: Visitor) -> None:
    contact_of(misaki)
    misaki.get(HOME)
    misaki.send(f"{HOME}/requests", kind="export")
    wish = request_id(misaki)
    misaki.send("/confirm")
    finished(counter, wish)
    misaki.get(f"{HOME}/requests/{wish}")
    assert "ダウンロード（ZIP）" in misaki.text
    misaki.get(f"{HOME}/requests/{wish}/download")
    with zipfile.ZipFile(io.BytesIO(misaki.answer.content)) as archive:
        assert WORDS in archive.read("records/ledger_entry.jsonl").decode()
    other = counter.visitor().sign_in(cast.JOHN)
    for path in (f"{HOME}/requests/{wish}", f"{HOME}/requests/{wish}/download"):
        assert other.get(path) and other.answer.status_code == 404


@pytest.mark.req("HIS-006")
def test_messages_are_erased_in_two_steps_and_a_tombstone_is_seen(counter: Counter, misaki: Visitor) -> None:
    contact_id = contact_of(misaki)
    misaki.get(f"{HOME}/contacts/{contact_id}")
    misaki.send(f"{HOME}/requests", kind="messages")
    assert "メッセージを1件以上お選びください" in misaki.text and misaki.answer.status_code == 422
    misaki.get(f"{HOME}/contacts/{contact_id}")
    seq = re.search(
        rf'name="seq" value="(\d+)"[^>]*><span class="choice-words"><span dir="auto">{WORDS}',
        misaki.answer.text,
    )
    assert seq, misaki.text
    target, fields = _form_with(misaki, "fieldset")
    misaki.answer = misaki.client.post(target, data={**fields, "kind": "messages", "seq": seq[1]})
    wish = request_id(misaki)
    assert WORDS in misaki.get(f"/contacts/{contact_id}"), "asking alone changes nothing"
    misaki.get(f"{HOME}/requests/{wish}")
    misaki.send("/confirm")
    finished(counter, wish)
    misaki.get(f"/contacts/{contact_id}")
    told = re.search(r"このメッセージはお客様により消去されました（(.*?)）", misaki.text)
    assert WORDS not in misaki.text and told, misaki.text
    now = datetime.now(ZoneInfo("Asia/Tokyo"))
    assert told[1].startswith(f"{now.month}月") and "UTC" not in told[1]
    assert told[1] in misaki.get(f"/contacts/{contact_id}/record.txt"), "the same words in what is saved"
    minutes = now.hour * 60 + now.minute
    hour, minute = told[1].rsplit(" ", 1)[1].split(":")
    assert (minutes - int(hour) * 60 - int(minute)) % 1440 <= 2, "in the shop's zone"


@pytest.mark.req("HIS-006", "PRIV-004")
def test_a_supervisor_holds_and_erases_and_an_agent_may_not(
    counter: Counter, misaki: Visitor, staff: Staff
) -> None:
    contact_id = contact_of(misaki)
    agent = staff("agent")
    agent.get("/console/privacy")
    assert agent.answer.status_code == 403
    boss = staff("supervisor")
    boss.get("/console/privacy")
    boss.send("/console/privacy/holds", held=cast.MISAKI, reason="係争中")
    assert "係争中" in boss.text
    boss.send("/console/privacy/requests", kind="contact", whose=contact_id)
    assert "保全中のため消去できません" in boss.text and contact_id in boss.text
    misaki.get(f"{HOME}/contacts/{contact_id}")
    misaki.send(f"{HOME}/requests", kind="contact")
    assert "現在は消去できません" in misaki.text and "係争中" not in misaki.text
    boss.get("/console/privacy")
    boss.send("/lift")
    boss.send("/console/privacy/requests", kind="contact", whose=contact_id)
    boss.send("/confirm")
    found = counter.house.database.read(service.newest)[0]
    finished(counter, found.id)
    assert found.asked_kind == "agent"
    misaki.get(f"/contacts/{contact_id}")
    assert WORDS not in misaki.text and "この会話は消去されました" in misaki.text


def test_the_report_of_the_night_is_in_the_console(counter: Counter, staff: Staff) -> None:
    counter.house.privacy.retain(at_once=True)
    (report, *_) = counter.house.database.read(retention.reports)
    boss = staff("supervisor")
    assert report.id in boss.get("/console/privacy") and report.digest[:32] in boss.text


def test_strangers_are_asked_to_sign_in(visitor: Visitor) -> None:
    visitor.get(HOME)
    assert "/sign-in" in visitor.path


@pytest.mark.req("A11Y-001")
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_have_no_defect_that_a_machine_finds(scripted: Page, counter: Counter, width: int) -> None:
    contact_id = contact_of(counter.visitor().sign_in(cast.MISAKI))
    page = scripted
    page.set_viewport_size({"width": width, "height": 740})
    page.goto("/demo/sign-in-as")
    page.locator(f'button[value="{counter.customer_id(cast.MISAKI)}"]').click()
    for path in (HOME, f"{HOME}/contacts/{contact_id}"):
        page.goto(path)
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(HOME)
    page.get_by_role("button", name="履歴をすべて消去する").click()
    expect(page.get_by_role("heading", name="消去されるもの")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def _form_with(visitor: Visitor, words: str) -> tuple[str, dict[str, str]]:
    """The form that holds this, with its hidden fields."""
    for found in re.finditer(
        r'<form method="post" action="([^"]*)"[^>]*>(.*?)</form>', visitor.answer.text, re.S
    ):
        if words in found[2]:
            hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', found[2])
            return found[1], dict(hidden)
    raise AssertionError(visitor.text)
