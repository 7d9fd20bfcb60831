"""The staff's day on a counter that has a past: an agent works cases by keys alone, a supervisor looks at what was promised and
said, an editor writes and a supervisor lets readers see it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.conftest import PATIENCE_MS
from tests.stories.conftest import DESKTOP, PHONE, Counter, running
from tests.stories.desk_people import Agent, sign_in, sit_down
from tests.stories.test_desk_access import violations

AtWork = Callable[..., Agent]
FRAUD = ("カードも使われたようです", "詐欺の被害")  # what was said, and what the case is about
FRAUD_ORDER = ("ギフト券が買われています", "心当たりのない注文")


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The demonstration as `make run` shows it."""
    with running(tmp_path_factory.mktemp("past"), MADOGUCHI_DEMO__PAST="true") as opened:
        yield opened


@pytest.fixture
def at_work(chromium: Browser, lived_in: Counter) -> Iterator[AtWork]:
    """`at_work("mori")`: a member of staff opens the desk of the lived-in counter."""
    contexts: list[BrowserContext] = []

    def make(language: str = "ja", phone: bool = False) -> BrowserContext:
        context = chromium.new_context(
            base_url=lived_in.url,
            locale={"ja": "ja-JP", "en": "en-GB"}[language],
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            timezone_id="Asia/Tokyo",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context

    def open_desk(login: str, **more: object) -> Agent:
        http: httpx.Client = sign_in(lived_in.url, login, lived_in.staff[login], "ja")
        return sit_down(http, lived_in.url, login, make, **more)

    yield open_desk
    for context in contexts:
        context.close()


def find_case(agent: Agent, words: str, about: str) -> Locator:
    """By the search over everything that was said: type, Enter; then C goes to the case."""
    keyboard = agent.page.keyboard
    agent.press("Slash")
    dialog = agent.page.get_by_role("dialog")
    for _ in range(30):  # the index follows the ledger
        dialog.get_by_role("combobox").first.fill("")
        keyboard.type(words)
        agent.page.wait_for_timeout(700)
        if dialog.locator("[data-found]").filter(has_text=about).count():
            break
    expect(dialog.locator("[data-found]").first).to_contain_text(about)
    keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    section = agent.page.locator(".case-section")
    expect(section.locator(".case-card")).to_be_visible()
    agent.press("KeyC")
    expect(section.locator("#desk-case-heading")).to_be_focused()
    return section


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Tab until the focus stands on what is called so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        called = focused.get_attribute("aria-label") or focused.inner_text()
        if called.strip().startswith(name):
            return
    raise AssertionError(f"no Tab leads to {name}")


def choose(page: Page, words: str) -> None:
    """In the list that has the focus: arrows until it says so."""
    page.keyboard.press("Home")
    for _ in range(40):
        if page.evaluate("document.activeElement.selectedOptions[0].textContent.trim()") == words:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{words} cannot be chosen")


@pytest.mark.req("CASE-013")
def test_an_agent_begins_passes_on_finishes_and_reopens_tasks_by_keys_alone(at_work: AtWork) -> None:
    agent = at_work("mori")
    page, section = agent.page, find_case(agent, *FRAUD)
    third = section.locator(".tasks > li").nth(2)
    tab_to(page, "着手：公式のチャット")
    page.keyboard.press("Enter")
    expect(third).to_contain_text("対応中")
    expect(third).to_be_focused()
    tab_to(page, "回す：公式のチャット")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("担当窓口")).to_be_focused()
    choose(page, "お支払い・返金")
    assert violations(page) == []
    tab_to(page, "タスクを回す")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(third).to_contain_text("お支払い")
    tab_to(page, "完了：公式のチャット")
    page.keyboard.press("Enter")
    page.keyboard.type("お客様と電話で話した")
    tab_to(page, "タスクを完了する")
    page.keyboard.press("Enter")
    expect(third).to_contain_text("お客様と電話で話した")
    tab_to(page, "再開：公式のチャット")
    page.keyboard.press("Enter")
    expect(third).to_contain_text("未着手")
    expect(third).to_be_focused()
    assert violations(page) == []


@pytest.mark.req("CASE-006", "HIS-008")
def test_an_agent_changes_the_state_merges_undoes_and_reads_the_course_by_keys_alone(at_work: AtWork) -> None:
    agent = at_work("mori")
    page, section = agent.page, find_case(agent, *FRAUD_ORDER)
    number = str(section.get_by_role("heading").first.inner_text()).split()[-1]
    tab_to(page, "状態")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox").first).to_be_focused()
    choose(page, "調査中")
    tab_to(page, "変更する")
    page.keyboard.press("Enter")
    expect(section.locator(".case-state")).to_contain_text("調査中")
    page.keyboard.press("Control+KeyK")
    page.keyboard.type("まとめる")
    expect(dialog.get_by_role("option", selected=True)).to_contain_text("まとめる")
    page.keyboard.press("Enter")
    other = related(section)
    expect(dialog.get_by_role("textbox")).to_be_focused()
    page.keyboard.type(other)
    page.keyboard.press("Enter")
    heading = section.locator("#desk-case-heading")
    expect(heading).to_contain_text(other)
    expect(heading).to_be_focused()
    tab_to(page, "関連するケース")
    if not section.get_by_role("button", name=f"{number}を元に戻す").is_visible():
        page.keyboard.press("Enter")
    tab_to(page, f"{number}を元に戻す")
    page.keyboard.press("Enter")
    expect(section.get_by_text(f"{number}をまとめました")).to_have_count(0)
    expect(heading).to_be_focused()
    tab_to(page, "経過")
    page.keyboard.press("Enter")
    expect(section.locator(".case-list li").filter(has_text=re.compile("まとめ|戻"))).not_to_have_count(0)
    assert violations(page) == []


def related(section: Locator) -> str:
    """The number of the case that it is linked with."""
    linked = section.locator(".case-more").filter(has_text="関連するケース").locator("li strong").first
    return str(linked.text_content())


def test_the_time_of_a_waiting_reply_is_changed_without_taking_it_back(at_work: AtWork) -> None:
    agent = at_work("kato")
    page = agent.page
    expect(
        agent.row("前田 真由美（本人未確認）")
    ).to_be_visible()  # named as the mail names itself, with a warning
    agent.list.focus()
    agent.press("ArrowDown", "Enter")
    expect(agent.log).to_contain_text("にメールで送信します")
    expect(agent.log.get_by_role("button", name="時刻を変更")).to_be_in_viewport()
    agent.log.focus()
    tab_to(page, "時刻を変更")
    page.keyboard.press("Enter")
    field = page.get_by_label("送信する日時")
    expect(field).to_be_focused()
    field.fill("2001-01-01T10:00")
    page.keyboard.press("Enter")
    expect(agent.log.get_by_role("alert")).to_contain_text("これから")
    expect(field).to_be_focused()
    assert violations(page) == []
    soon = page.evaluate("new Date(Date.now() + 5 * 86400e3).toISOString().slice(0, 11) + '10:30'")
    field.fill(soon)
    page.keyboard.press("Enter")
    expect(field).to_have_count(0)
    expect(agent.log.locator(".fact .read").filter(has_text="10:30")).not_to_have_count(0)
    expect(agent.log.get_by_role("button", name="時刻を変更")).to_be_focused()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_supervisor_looks_at_promises_surveys_and_feedback(at_work: AtWork, phone: bool) -> None:
    page = at_work("mori", phone=phone).page
    page.goto("/console/promises")
    overdue = page.get_by_role("table", name="いま期限を過ぎているもの")
    expect(overdue.get_by_role("row").filter(has_text="違う商品が届いた")).not_to_have_count(0)
    fits(page)
    page.goto("/console/surveys?days=90")
    expect(page.get_by_role("table", name="内容別").get_by_role("row").nth(1)).to_contain_text("75")
    expect(page.get_by_text("すぐに答えていただけました。")).to_be_visible()
    fits(page)
    page.goto("/console/solved")
    fits(page)
    page.goto("/console/figures")
    fits(page)
    page.goto("/console/feedback")
    fits(page)
    if phone:
        return
    praise = page.get_by_role("article").filter(has_text="とても丁寧でした")
    praise.get_by_role("button", name="担当する").press("Enter")
    expect(praise).to_contain_text("担当：森")
    praise.get_by_label("対応の結果").fill("伊藤さんに伝えた")
    praise.get_by_role("button", name="対応済み").press("Enter")
    expect(praise).to_have_count(0)
    page.get_by_role("link", name="対応済み").press("Enter")
    expect(page.get_by_role("article").filter(has_text="伊藤さんに伝えた")).to_be_visible()


def fits(page: Page) -> None:
    """Nothing violates axe, and nothing is wider than the screen, not even a table within itself."""
    assert violations(page) == []
    wider = "() => [...document.querySelectorAll('main, main *')].filter((e) => e.scrollWidth > e.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && e.tagName !== 'TEXTAREA').map((e) => e.className)"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") and page.evaluate(wider) == []


def test_an_agents_draft_is_compared_approved_and_read(at_work: AtWork, lived_in: Counter) -> None:
    words = "カード会社の締め日の後に届いた返金"
    page = at_work("mori").page
    page.goto("/help/articles/refund-times")
    expect(page.get_by_role("main")).not_to_contain_text(words)
    page.goto("/console/articles/review")
    card = page.get_by_role("article").filter(has_text="返金はいつ届くか")
    card.locator("summary").press("Enter")
    expect(card).to_contain_text(words)
    assert violations(page) == []
    card.get_by_role("link", name=re.compile("確認して決める")).press("Enter")
    page.get_by_role("button", name="承認する").press("Enter")
    page.goto("/help/articles/refund-times")
    expect(page.get_by_role("main")).to_contain_text(words)
    page.goto("/console/articles/refund-times/history")
    expect(page.get_by_role("main")).to_contain_text(words)
    assert violations(page) == []


def test_an_agent_is_told_which_pages_are_for_others_and_is_offered_none_of_them(at_work: AtWork) -> None:
    page = at_work("kato").page
    page.goto("/console/held")
    offered = page.get_by_role("banner")
    expect(offered.get_by_role("link", name="確認中のご注文")).to_be_visible()
    expect(offered.get_by_role("link", name="実績")).to_have_count(0)
    for path in (
        "",
        "/promises",
        "/surveys",
        "/feedback",
        "/privacy",
        "/mails",
        "/learning",
        "/articles/review",
    ):
        answer = page.goto(f"/console{path}")
        assert answer is not None and answer.status == 403, path
        expect(page.get_by_role("heading", name="このページは別の役割の方のためのものです")).to_be_visible()
        expect(page.get_by_role("main").get_by_role("link")).to_have_count(1)
    assert violations(page) == []


def test_an_editor_writes_and_approves_nothing(at_work: AtWork) -> None:
    page = at_work("ito").page
    page.goto("/console/articles/delivery-delay?in=ja")
    page.get_by_label("本文").press("Control+End")
    page.keyboard.type("\n\n追跡の使い方は動画でもご案内しています。")
    page.get_by_role("button", name="下書きを保存する").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("追跡の使い方は動画でも")
    page.get_by_role("button", name="承認に回す").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("承認待ち, 伊藤")
    expect(page.get_by_role("button", name="承認する")).to_have_count(0)
    assert violations(page) == []
