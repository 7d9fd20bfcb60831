"""The widget when people come in: proving who one is, an agent who joins and solves, and what comes after."""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, BrowserContext, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.conftest import Counter
from tests.stories.widget_screens import Widget

NewContext = Callable[..., BrowserContext]


class Agent:
    """An agent at work through the public API, as the desk does it."""

    def __init__(self, requests: APIRequestContext, counter: Counter) -> None:
        self.requests = requests
        login, password = next(iter(counter.staff.items()))
        answer = requests.post(
            "/api/v1/sessions/staff", data={"login": login, "password": password, "totp": ""}
        )
        assert answer.ok, answer.text()
        self.csrf = answer.json()["csrf"]
        self.name = str(requests.get("/api/v1/desk/inbox").json()["me"]["name"])

    def post(self, path: str, **body: Any) -> Any:
        answer = self.requests.post(f"/api/v1{path}", data=body, headers={"X-Madoguchi-CSRF": self.csrf})
        assert answer.ok, (path, answer.status, answer.text())
        return answer.json()

    def take(self, contact: str) -> int:
        version = self.requests.get(f"/api/v1/contacts/{contact}").json()["owner"]["version"]
        return int(self.post(f"/contacts/{contact}/take", owner_version=version)["owner"]["version"])


@pytest.mark.req("BOT-023")
def test_a_person_joins_solves_and_is_rated(new_context: NewContext, counter: Counter) -> None:
    widget = Widget(new_context(), "ja", "C1012").open()
    widget.panel.get_by_role("button", name="担当者と話す", exact=True).click()
    expect(widget.log).to_contain_text("担当者に引き継ぎました")
    widget.listen()
    contact = widget.remembered("contact")

    agent = Agent(new_context().request, counter)
    version = agent.take(contact)
    expect(widget.log.locator(".agent-joined")).to_be_visible()
    expect(widget.panel.locator(".banner")).to_be_empty()
    agent.post(
        f"/contacts/{contact}/entries",
        text="お待たせしました。",
        client_key="agent-says-1",
        owner_version=version,
    )
    expect(widget.said_by_house().last).to_have_text("お待たせしました。")
    assert set(widget.log.locator(".by-assistant .who .name").all_inner_texts()) == {"AIアシスタント"}
    assert widget.log.locator(".by-agent .who .name").all_inner_texts() == [agent.name]
    agent.post(f"/contacts/{contact}/resolve", owner_version=version, text="手配しました。")

    solved = widget.log.get_by_role("region", name="解決しましたか")
    expect(solved).to_be_visible()
    assert sum("お待たせしました。" in line for line in widget.spoken()) == 1
    solved.get_by_role("button", name="はい、解決しました").click()
    expect(solved).to_have_count(0)
    rating = widget.log.locator("form.rating")
    rating.get_by_role("button", name="評価を送る").click()
    expect(rating.get_by_role("alert")).to_contain_text("お選びください")
    rating.get_by_role("radio", name="とても良い").check()
    rating.get_by_role("button", name="評価を送る").click()
    expect(rating.get_by_role("group")).to_have_count(2)
    expect(rating.get_by_text("ありがとうございます")).to_be_focused()
    rating.get_by_role("group").first.get_by_role("radio", name="良い", exact=True).check()
    rating.get_by_role("button", name="評価を送る").click()
    expect(rating).to_have_count(0)
    widget.log.get_by_role("button", name="会話の記録をメールで受け取る").click()
    expect(widget.log.locator(".transcript")).to_contain_text("送りました")
    widget.page.reload()
    expect(widget.log.locator("form.rating")).to_have_count(0)


def test_an_order_number_and_a_mailed_code_show_that_order_and_no_other(
    new_context: NewContext, counter: Counter
) -> None:
    widget = Widget(new_context(), "ja").open()
    widget.panel.get_by_role("button", name="注文から選ぶ").click()
    widget.panel.get_by_role("radio", name="注文番号で確認").check()
    widget.panel.get_by_role("textbox", name="注文番号").fill(cast.MISAKI_SHIRT)
    widget.panel.get_by_role("textbox", name="メールアドレス").fill(cast.MISAKI_EMAIL)
    widget.panel.get_by_role("button", name="確認コードを送る").click()
    code = widget.panel.get_by_role("textbox", name="メールに書かれた確認コード")
    expect(code).to_be_focused()
    code.fill("000000")
    widget.panel.get_by_role("button", name="確認する").click()
    expect(widget.panel.locator("#sign-in-problem")).not_to_be_empty()
    expect(code).to_have_attribute("aria-invalid", "true")
    digits = _code_from(counter)
    code.fill(
        "".join(chr(ord(digit) + 0xFEE0) for digit in digits)
    )  # full-width, as a Japanese keyboard gives
    widget.panel.get_by_role("button", name="確認する").click()
    expect(widget.panel.locator("button.order")).to_have_count(1)


def _code_from(counter: Counter) -> str:
    """The six digits of the newest mail to Misaki."""

    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        for raw in reversed(counter.mails()):
            mail = email.message_from_string(raw, policy=email.policy.default)
            if cast.MISAKI_EMAIL in str(mail["To"]):
                part = mail.get_body(("plain",))
                found = re.search(r"(?<!\d)\d{6}(?!\d)", part.get_content() if part else "")
                if found:
                    return found[0]
        time.sleep(0.2)
    raise AssertionError("no mail with a code")
