"""People around the desk: customers who ask for a person through the public API, and agents at their screens."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from madoguchi.connectors.embedded.demo.staff import STAFF


class Customer:
    """One of the demonstration's cast, signed in, with a contact."""

    def __init__(self, url: str, ref: str, *, language: str = "ja") -> None:
        self.http = httpx.Client(base_url=f"{url}/api/v1", headers={"Accept-Language": language}, timeout=20)
        visitor = self.post("/sessions/visitor", language=language)
        self.http.headers["Authorization"] = f"Bearer {visitor['token']}"
        signed_in = self.post("/sessions/demo", customer_id=f"cus_{ref.lower()}")
        self.name: str = signed_in["name"]
        if signed_in.get("token"):
            self.http.headers["Authorization"] = f"Bearer {signed_in['token']}"
        self.language = language
        self.contact_id = ""

    def ask_for_a_person(self, text: str, order_number: str = "") -> str:
        opened = self.post(
            "/contacts",
            language=self.language,
            text=text,
            order_number=order_number,
            client_key=uuid.uuid4().hex,
        )
        self.contact_id = opened["contact"]["id"]
        self.post(f"/contacts/{self.contact_id}/hand-over", client_key=uuid.uuid4().hex)
        ends = time.monotonic() + 60
        while self.contact()["owner"]["kind"] == "assistant":
            assert time.monotonic() < ends, "the assistant has not handed over"
            time.sleep(0.05)
        return self.contact_id

    def say(self, text: str) -> None:
        self.post(f"/contacts/{self.contact_id}/entries", text=text, client_key=uuid.uuid4().hex)

    def sees(self) -> list[dict[str, Any]]:
        """Every entry that the customer may see."""
        answer = self.http.get(f"/contacts/{self.contact_id}/entries").raise_for_status()
        return list(answer.json()["entries"])

    def hears(self) -> list[str]:
        return [entry["text"] for entry in self.sees()]

    def contact(self) -> dict[str, Any]:
        return dict(self.http.get(f"/contacts/{self.contact_id}").raise_for_status().json())

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.http.post(path, json=body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}


@dataclass
class Agent:
    """An agent at the open desk."""

    page: Page
    http: httpx.Client
    login: str
    said: list[str] = field(default_factory=list)

    @property
    def list(self) -> Locator:
        return self.page.locator("#desk-list")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def sent(self) -> Locator:
        """What agents said that has arrived."""
        return self.log.locator(".entry.agent:not(.pending)")

    @property
    def words(self) -> Locator:
        return self.page.locator("#desk-words")

    def row(self, name: str) -> Locator:
        return self.list.get_by_role("option").filter(has_text=name)

    def view(self, name: str) -> None:
        self.page.locator(".views").get_by_role("button", name=re.compile(rf"^({name})")).click()

    def status(self, status: str) -> None:
        self.http.put("/agents/me/status", json={"status": status}).raise_for_status()

    def take(self, customer: Customer) -> None:
        """The customer's contact becomes this agent's and stands open on the screen."""
        seen = self.http.get(f"/contacts/{customer.contact_id}").raise_for_status().json()
        version = {"owner_version": seen["owner"]["version"]}
        taken = self.http.post(f"/contacts/{customer.contact_id}/take", json=version)
        assert taken.is_success, taken.text
        self.open(customer)

    def open(self, customer: Customer) -> None:
        self.view("自分|Mine")
        row = self.page.locator(f"#desk-row-{customer.contact_id}")
        row.click()
        expect(row).to_have_attribute("aria-selected", "true")
        expect(self.page.get_by_role("heading", name=customer.name)).to_be_visible()
        expect(self.log).to_be_visible()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self) -> str:
        return str(self.page.evaluate("() => document.activeElement?.id ?? ''"))

    def spoken(self) -> list[str]:
        """What was said to screen readers since the page opened."""
        return list(self.page.evaluate("() => window.spoken ?? []"))

    def clear(self) -> None:
        """Leave nothing behind: offline, every contact in hand resolved."""
        self.status("offline")
        self.http.put("/desk/settings", json={}).raise_for_status()
        inbox = self.http.get("/desk/inbox").json()
        for contact in inbox["contacts"]:
            if contact["owner"]["kind"] == "agent" and contact["owner"]["id"] == inbox["me"]["id"]:
                resolve(self.http, contact)


def resolve(http: httpx.Client, contact: dict[str, Any]) -> httpx.Response:
    """The contact as it was seen, solved whatever is open in it."""
    body = {"owner_version": contact["owner"]["version"], "anyway": True}
    return http.post(f"/contacts/{contact['id']}/resolve", json=body)


def resolve_all(http: httpx.Client) -> None:
    """Take and resolve whatever an earlier story left waiting, so that this story's customer is the next one."""
    for contact in http.get("/desk/inbox").raise_for_status().json()["contacts"]:
        if contact["owner"]["kind"] not in ("queue", "agent"):
            continue
        body = {"owner_version": contact["owner"]["version"]}
        taken = http.post(f"/contacts/{contact['id']}/take", json=body)
        assert taken.is_success, taken.text
        resolved = resolve(http, taken.json())
        assert resolved.is_success, resolved.text


SPOKEN = """() => {
  window.spoken = [];
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) {
      if (node.parentElement?.matches?.('.spoken')) window.spoken.push(node.textContent);
    }
  }).observe(document.body, { childList: true, subtree: true });
}"""


def sign_in(url: str, login: str, password: str, language: str) -> httpx.Client:
    http = httpx.Client(base_url=f"{url}/api/v1", headers={"Accept-Language": language}, timeout=20)
    signed_in = http.post("/sessions/staff", json={"login": login, "password": password, "totp": ""})
    assert signed_in.is_success, signed_in.text
    csrf = http.get("/sessions/current").json()["csrf"]
    http.headers["X-Madoguchi-CSRF"] = csrf
    return http


def sit_down(
    http: httpx.Client, url: str, login: str, make: Callable[..., BrowserContext], **more: Any
) -> Agent:
    """Open the desk in a browser of its own, with the session that `http` has."""
    context = make(**more)
    context.add_cookies([{"name": "madoguchi_staff", "value": http.cookies["madoguchi_staff"], "url": url}])
    page = context.new_page()
    page.goto("/desk")
    expect(page.locator("#desk-list")).to_be_visible()
    page.evaluate(SPOKEN)
    return Agent(page, http, login)


Sits = Callable[..., Agent]
Asks = Callable[..., Customer]


@pytest.fixture(scope="session")
def staff_sessions(counter: Any) -> dict[str, httpx.Client]:
    """Every member of the demonstration's staff, signed in once; sellers are no staff."""
    agents = [login for login, *_ in STAFF]
    return {login: sign_in(counter.url, login, counter.staff[login], "ja") for login in agents}


@pytest.fixture
def sits(
    counter: Any, staff_sessions: dict[str, httpx.Client], new_context: Callable[..., BrowserContext]
) -> Iterator[Sits]:
    """`sits("mori")`: an agent opens the desk; nobody else's customer waits there, and afterwards no hand is full."""
    for http in staff_sessions.values():
        http.put("/agents/me/status", json={"status": "offline"}).raise_for_status()
    resolve_all(staff_sessions["mori"])
    agents: list[Agent] = []

    def open_desk(login: str, **more: Any) -> Agent:
        agents.append(sit_down(staff_sessions[login], counter.url, login, new_context, **more))
        return agents[-1]

    yield open_desk
    for agent in agents:
        agent.clear()


@pytest.fixture
def asks(counter: Any) -> Asks:
    """`asks("C1001")`: a customer of the cast asks for a person."""

    def ask(ref: str, text: str = "担当者と話したいです", order: str = "", language: str = "ja") -> Customer:
        customer = Customer(counter.url, ref, language=language)
        customer.ask_for_a_person(text, order)
        return customer

    return ask
