"""A counter with the demonstration shop, and people who look at its pages: with httpx, or with Chromium without scripts."""

from __future__ import annotations

import html
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from madoguchi.app import create_app
from madoguchi.building import build_house
from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import load_demo
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.team import service as team
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.faces import sign_in
from madoguchi.faces.house import House
from madoguchi.faces.principal import STAFF_COOKIE
from madoguchi.kit.languages import NAMES

PHONE = "0120-000-000"


class Counter:
    """A running counter: its house and its address."""

    def __init__(self, house: House, url: str) -> None:
        self.house = house
        self.url = url

    def customer_id(self, shop_ref: str) -> str:
        found = self.house.database.read(customers.by_shop_ref, shop_ref)
        assert found is not None
        return found.id

    def visitor(self, language: str = "ja") -> Visitor:
        return Visitor(self, language)


class Visitor:
    """Somebody with a browser that has no scripts: follows links, sends forms with what the page holds."""

    def __init__(self, counter: Counter, language: str) -> None:
        self.counter = counter
        self.client = httpx.Client(
            base_url=counter.url,
            follow_redirects=True,
            timeout=20,
            headers={"accept-language": language, "sec-fetch-site": "same-origin"},
        )
        self.answer: httpx.Response = httpx.Response(200)

    @property
    def text(self) -> str:
        return html.unescape(self.answer.text)

    @property
    def path(self) -> str:
        return self.answer.url.raw_path.decode()

    def get(self, path: str) -> str:
        self.answer = self.client.get(path)
        return self.text

    def form(self, action_ends: str = "") -> tuple[str, dict[str, str]]:
        """Action and hidden or filled fields of the first POST form whose action ends so; "": that names none."""
        for found in re.finditer(r'<form method="post"([^>]*)>(.*?)</form>', self.answer.text, re.S):
            action = re.search(r'action="([^"]*)"', found[1])
            target = html.unescape(action[1]) if action else self.path
            if not target.endswith(action_ends) or (not action_ends and action):
                continue
            fields = {}
            for tag in re.findall(r"<input[^>]*>", found[2]):
                kind = re.search(r'type="([^"]*)"', tag)
                name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
                ticked = " checked" in tag or (kind and kind[1] not in ("radio", "checkbox", "file"))
                if name and (ticked or kind is None):
                    fields[name[1]] = html.unescape(value[1]) if value else ""
            for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', found[2], re.S):
                chosen = re.search(r'value="([^"]*)" selected', body)
                fields[name] = html.unescape(chosen[1]) if chosen else ""
            return target, fields
        raise AssertionError(f"no form to {action_ends!r} on {self.path}: {self.text[:3000]}")

    def send(self, action_ends: str = "", /, **values: str) -> str:
        target, fields = self.form(action_ends)
        self.answer = self.client.post(target, data={**fields, **values})
        return self.text

    def sign_in(self, shop_ref: str) -> Visitor:
        self.get("/demo/sign-in-as")
        self.send("/demo/sign-in-as", customer_id=self.counter.customer_id(shop_ref))
        assert self.answer.status_code == 200, self.text
        return self


Staff = Callable[..., Visitor]


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration shop; each test module works on a copy."""
    folder = tmp_path_factory.mktemp("demo")
    house = build_house(_settings(folder))
    load_demo(house.database, house.database.clock())
    house.database.close()
    return folder


@pytest.fixture(scope="module")
def counter(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """A counter of this module's own, listening on a free port."""
    folder = tmp_path_factory.mktemp("counter") / "data"
    shutil.copytree(demo_data, folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    house = build_house(_settings(folder, port))
    server = uvicorn.Server(
        uvicorn.Config(create_app(house), host="127.0.0.1", port=port, log_level="warning")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Counter(house, f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def visitor(counter: Counter) -> Visitor:
    return counter.visitor()


@pytest.fixture
def misaki(counter: Counter) -> Visitor:
    return counter.visitor().sign_in(cast.MISAKI)


@pytest.fixture(scope="module")
def tokens(counter: Counter) -> dict[str, str]:
    """A session of somebody with each role."""

    def hire(tx: Transaction, role: str) -> str:
        found = team.add_agent(
            tx,
            login=f"test-{role}",
            password="corre7t-horse battery",
            name=f"担当 {role}",
            roles=[role],
            languages=["ja"],
        )
        return sign_in._begin_staff(tx, found.id)

    return {
        role: counter.house.database.write(hire, role)
        for role in ("agent", "supervisor", "operator", "editor")
    }


@pytest.fixture
def staff(counter: Counter, tokens: dict[str, str]) -> Staff:
    """Somebody of the shop with a role, signed in."""

    def arrive(role: str = "supervisor", language: str = "ja") -> Visitor:
        visitor = counter.visitor(language)
        visitor.client.cookies.set(STAFF_COOKIE, tokens[role])
        return visitor

    return arrive


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture
def no_script(browser: Browser, counter: Counter) -> Iterator[Page]:
    """A page of a Japanese customer whose browser runs no scripts, on a telephone's width."""
    context = _context(browser, counter, java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


@pytest.fixture
def scripted(browser: Browser, counter: Counter) -> Iterator[Page]:
    """A page in which tests may measure: the browser runs scripts, our pages bring none."""
    context = _context(browser, counter, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def _context(browser: Browser, counter: Counter, **options: Any) -> BrowserContext:
    return browser.new_context(base_url=counter.url, locale="ja-JP", timezone_id="Asia/Tokyo", **options)


def _settings(folder: Path, port: int = 8310) -> Settings:
    return Settings.load(
        None,
        server={"port": port},
        data={"folder": folder},
        demo={"enabled": True},
        shop={"phone": PHONE, "mail_address": "help@shop.example", "languages": list(NAMES)},
        limits={"contacts_per_hour": 500, "contacts_per_address": 100_000, "codes_per_hour": 50},
        hours=dict.fromkeys(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "00:00-24:00"
        ),
    )
