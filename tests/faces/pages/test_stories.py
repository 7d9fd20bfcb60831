"""The stories in Japanese and English, on a desk's and a telephone's width, in a browser that runs no scripts."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.staff import ensure_staff
from madoguchi.counter.contacts import queries
from madoguchi.engine.texts import tr
from tests.faces.pages.conftest import Counter

pytestmark = pytest.mark.browser
LOOKS = [("ja", 1280), ("ja", 360), ("en", 1280), ("en", 360)]
SHORT = pytest.mark.parametrize("screen", [LOOKS[1], LOOKS[2]], ids=["ja-360", "en-1280"], indirect=True)


class Screen:
    """One browser window of a customer; `t` gives the words that they read."""

    def __init__(self, browser: Browser, counter: Counter, language: str, width: int) -> None:
        self.counter = counter
        self.language = language
        self.context: BrowserContext = browser.new_context(
            base_url=counter.url,
            locale="ja-JP" if language == "ja" else "en-GB",
            viewport={"width": width, "height": 800},
            java_script_enabled=False,
        )
        self.page: Page = self.context.new_page()

    def t(self, msgid: str, **params: Any) -> str:
        return tr(self.language, msgid, **params)

    def sign_in(self, shop_ref: str) -> Page:
        self.page.goto("/demo/sign-in-as?next=/")
        self.page.locator(f'button[value="{self.counter.customer_id(shop_ref)}"]').click()
        return self.page

    def press(self, msgid: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=self.t(msgid), exact=True).first.click()


class Agent:
    """伊藤 at the desk, by the API."""

    def __init__(self, counter: Counter) -> None:
        password = ensure_staff(counter.house.database, counter.house.settings.data.folder)["ito"]
        self.client = httpx.Client(base_url=f"{counter.url}/api/v1", timeout=20)
        answer = self.client.post("/sessions/staff", json={"login": "ito", "password": password})
        assert answer.status_code == 200, answer.text
        self.client.headers["X-Madoguchi-CSRF"] = answer.json()["csrf"]
        self.client.put("/agents/me/status", json={"status": "available"})

    def solve(self, contact_id: str, words: str) -> None:
        version = self._post(contact_id, "take", {"owner_version": self._version(contact_id)})["owner"][
            "version"
        ]
        said = {"text": words, "client_key": f"agent-{contact_id}", "owner_version": version}
        self._post(contact_id, "entries", said)
        self._post(contact_id, "resolve", {"owner_version": version})

    def _version(self, contact_id: str) -> int:
        return int(self.client.get(f"/contacts/{contact_id}").json()["owner"]["version"])

    def _post(self, contact_id: str, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.client.post(f"/contacts/{contact_id}/{verb}", json=body)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def agent(counter: Counter) -> Agent:
    return Agent(counter)


@pytest.fixture(params=LOOKS, ids=[f"{language}-{width}" for language, width in LOOKS])
def screen(request: pytest.FixtureRequest, browser: Browser, counter: Counter) -> Iterator[Screen]:
    made = Screen(browser, counter, *request.param)
    yield made
    made.context.close()


def test_a_late_parcel_is_tracked(screen: Screen) -> None:
    page = screen.sign_in(cast.MISAKI)
    page.goto(f"/help/o/{cast.MISAKI_LATE}")
    page.locator('input[value="order_delivery.delivery_delay"]').check()
    screen.press("Next")
    expect(page.get_by_role("heading", name=screen.t("How things stand"))).to_be_visible()
    assert page.locator(".timeline li").count() >= 3
    screen.press("Yes, it is solved")
    expect(page.get_by_role("main")).to_contain_text(
        screen.t("Thank you for telling us. You can open this page again at any time.")
    )


def test_not_solved_then_a_person_then_solved_and_rated(screen: Screen, agent: Agent) -> None:
    page = screen.sign_in(cast.NOT_THERE)
    page.goto(f"/help/o/{cast.DELIVERED_BUT_MISSING}/p/order_delivery.item_not_received")
    screen.press("Not solved")
    page.locator("#ways").get_by_role("link", name=screen.t("Chat with a person")).click()
    expect(page.get_by_role("main")).to_contain_text(cast.DELIVERED_BUT_MISSING)
    screen.press("Chat with a person")
    contact_id = page.url.split("/contacts/")[1].split("?")[0]
    _until_person(screen.counter, contact_id)
    page.goto(f"/contacts/{contact_id}")
    expect(page.locator(".queue")).to_be_visible()
    agent.solve(contact_id, "お調べしました。宅配ボックスに入っています。")
    page.goto(f"/contacts/{contact_id}")
    expect(page.get_by_role("log")).to_contain_text("宅配ボックス")
    expect(page.get_by_role("log")).to_contain_text("伊藤")
    screen.press("Yes, it is solved")
    page.locator('#rating input[name="score"][value="5"]').check()
    screen.press("Send the rating")
    expect(page.get_by_role("main")).to_contain_text(screen.t("Thank you. It helps us to do better."))
    expect(page.locator("#rating fieldset")).to_have_count(2)
    page.goto("/history?state=done")
    expect(page.get_by_role("main")).to_contain_text(cast.DELIVERED_BUT_MISSING)


@SHORT
@pytest.mark.req("CASE-010")
def test_a_conversation_goes_on_in_another_browser_after_signing_in(
    screen: Screen, browser: Browser, counter: Counter
) -> None:
    page = screen.sign_in(cast.CHARGED_TWICE)
    page.goto("/help/other")
    words = f"二重に請求されました {time.monotonic_ns()}"
    page.locator("textarea[name=text]").fill(words)
    screen.press("Start a chat")
    address = page.url.split("?")[0]
    screen.context.close()
    other = Screen(browser, counter, screen.language, 360)
    page = other.sign_in(cast.CHARGED_TWICE)
    page.get_by_role("region", name=other.t("Go on where you left off")).get_by_role("link").first.click()
    assert page.url.startswith(address)
    expect(page.get_by_role("log")).to_contain_text(words)
    page.locator("textarea[name=text]").fill("カードは1枚だけです")
    other.press("Send")
    assert len(re.findall("カードは1枚だけです", page.get_by_role("log").inner_text())) == 1
    other.context.close()


def _until_person(counter: Counter, contact_id: str) -> None:
    for _ in range(100):
        if counter.house.database.read(queries.get, contact_id).owner_kind in ("queue", "agent"):
            return
        time.sleep(0.05)
    raise AssertionError("nobody was asked")
