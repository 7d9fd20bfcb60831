"""A counter with the demonstration shop behind its public API, and the people and programs that call it."""

from __future__ import annotations

import email
import email.policy
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import jwt
from starlette.testclient import TestClient, WebSocketTestSession

from madoguchi.app import create_app
from madoguchi.building import build_house
from madoguchi.connectors.embedded.demo.load import customer_id, load_demo
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.routing import presence
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import refresh_positions
from madoguchi.counter.team import queries as team_queries
from madoguchi.counter.team import service as team
from madoguchi.engine import sessions
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.settings import Settings
from madoguchi.errands import build_courier
from madoguchi.faces import sign_in
from madoguchi.faces.house import House
from madoguchi.kit.ids import new_id
from tests.conftest import StillClock

BASE = "http://127.0.0.1:8310"
SECRET = "a-secret-of-the-shop-that-is-long-enough"
PASSWORD = "corre7t-horse battery"
STAFF = {
    "ito": ("伊藤", ("agent",)),
    "kato": ("加藤", ("agent",)),
    "mori": ("森", ("agent", "supervisor")),
    "ops": ("運用", ("operator",)),
    "left": ("退職", ("agent",)),
}
SELLERS = {"kogei": ("北山工芸", "seller-kogei"), "yama": ("山の手アウトドア", "seller-yama")}
ALWAYS = dict.fromkeys(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "00:00-24:00"
)


def settings_for(folder: Path, **sections: dict[str, Any]) -> Settings:
    """A shop that is always open, with the demonstration and the shop's tokens on."""
    given: dict[str, dict[str, Any]] = {
        "data": {"folder": folder},
        "demo": {"enabled": True},
        "shop": {"phone": "0120-000-000"},
        "callback": {"caller_id": "0120-000-000"},
        "hours": ALWAYS,
        "identity": {"shop_token_secret": SECRET},
        "limits": {"contacts_per_hour": 500, "contacts_per_address": 100_000, "codes_per_hour": 5},
        "server": {"widget_origins": ["https://shop.example.jp"]},
    }
    for section, values in sections.items():
        given[section] = {**given.get(section, {}), **values}
    return Settings.load(None, **given)


def fill(folder: Path, template: Path, clock: StillClock) -> None:
    """Put the demonstration shop and its staff into a folder, as a template for counters."""
    shutil.copy(template, folder / "madoguchi.db")
    house = _build(settings_for(folder), clock)
    load_demo(house.database, clock())
    house.database.write(_hire)
    checkpoint(house.database)


def _build(settings: Settings, clock: StillClock) -> House:
    """The house as it is, only that its database does not wait for the disk: nobody pulls the plug of a test."""
    with patch("madoguchi.building.Database", partial(Database, synchronous="OFF")):
        return build_house(settings, clock=clock)


def checkpoint(database: Database) -> None:
    """Bring everything into the one file, so that it can be copied."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _hire(tx: Transaction) -> None:
    for login, (name, roles) in STAFF.items():
        found = team.add_agent(
            tx, login=login, password=PASSWORD, name=name, roles=roles, languages=["ja", "en"], capacity=40
        )
        if login == "left":
            team.deactivate(tx, found.id)
    for login, (name, seller_id) in SELLERS.items():
        team.add_agent(
            tx,
            login=login,
            password=PASSWORD,
            name=name,
            roles=["seller"],
            queues=[],
            seller_id=seller_id,
        )


class Counter:
    """A counter without its background work: the assistant, mails and routing move when a test says so."""

    def __init__(self, folder: Path, clock: StillClock, **sections: dict[str, Any]) -> None:
        self.folder = folder
        self.clock = clock
        self.house: House = _build(settings_for(folder, **sections), clock)
        self.app = create_app(self.house, work=False)
        self.client = TestClient(self.app, base_url=BASE, raise_server_exceptions=False)
        self.courier = build_courier(self.house)
        self._visitors = 0

    # ── people ────────────────────────────────────────────────────────────────────────────────────

    def stranger(self, language: str = "ja") -> Caller:
        """Somebody without any session."""
        return Caller(self, language=language)

    def visitor(self, language: str = "ja") -> Caller:
        token = sign_in.begin_visitor(self.house, language, new_id("net"))
        return Caller(self, token, language=language)

    def customer(self, shop_ref: str, language: str = "ja") -> Caller:
        """A customer who has just signed in."""
        caller = self.visitor(language)
        before = self.house.database.read(sessions.find, caller.token)
        assert before is not None
        caller.token = sign_in.demo_sign_in(self.house, before, customer_id(shop_ref))
        return caller

    def guest(self, number: str, address: str, language: str = "ja") -> Caller:
        """Somebody who proved one order by the code that was mailed to its address."""
        caller = self.visitor(language)
        caller.post("/sessions/order-code", {"order_number": number, "email": address}, status=202)
        caller.token = caller.post("/sessions/order-code/verify", {"code": self.newest_code()}, status=200)[
            "token"
        ]
        return caller

    def agent(self, login: str, language: str = "ja") -> Caller:
        """A member of staff at the desk, available."""
        found = self.house.database.read(team_queries.by_login, login)
        assert found is not None
        token = self.house.database.write(sign_in._begin_staff, found.id)
        if "agent" in found.roles and found.active:
            self.house.database.write(presence.set_status, found.id, "available")
        return Caller(self, token, language=language, id=found.id)

    def key(self, *scopes: str, language: str = "ja") -> Caller:
        """A program with an API key of these scopes."""
        key, secret = self.house.database.write(team.create_key, "program", scopes)
        return Caller(self, secret, language=language, id=key.id)

    def browser(self, language: str = "ja", **headers: str) -> Caller:
        """Somebody whose browser keeps cookies and sends them by itself."""
        return Caller(self, language=language, keeps_cookies=True, headers=headers)

    # ── what happens meanwhile ────────────────────────────────────────────────────────────────────

    def think(self, contact_id: str) -> None:
        """The assistant's turn in this contact."""
        for _ in range(5):
            if not self.house.database.read(contacts.get, contact_id).owes_turn:
                return
            self.house.assistant.turn(contact_id)

    def deliver(self, rounds: int = 1) -> None:
        """The courier's round; later ones a while after, for what is tried again."""
        for _ in range(rounds):
            while self.courier.deliver_due():
                pass

    def offer(self) -> None:
        """Routing's round: offers, and what those who wait are told."""
        rules = Rules.of(self.house.settings)
        while self.house.database.write(routing.offer_next, rules):
            pass
        self.house.database.write(refresh_positions, rules)

    def mails(self) -> list[EmailMessage]:
        """Every mail written so far, in order."""
        self.deliver()
        paths = sorted((self.folder / "outbox").glob("*.eml"))
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]

    def newest_code(self) -> str:
        found = re.search(r"\b\d{6}\b", self.mails()[-1].get_content())
        assert found is not None
        return found[0]

    @contextmanager
    def later(self, **span: float) -> Iterator[None]:
        """Time goes on for a while; the other tests live in the present."""
        before = self.clock.now
        self.clock.forward(**span)
        try:
            yield
        finally:
            self.clock.now = before

    def shop_token(self, secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
        """A token as the shop signs it; a claim given as None is left out."""
        now = int(self.clock.now.timestamp())
        usual: dict[str, Any] = {
            "iss": "shop",
            "aud": "madoguchi",
            "sub": "C1001",
            "jti": new_id("jti"),
            "iat": now,
            "exp": now + 600,
        }
        given = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        return jwt.encode(given, secret, algorithm)

    def close(self) -> None:
        self.house.database.close()


class Caller:
    """One caller of the API. `post` and its kin check the status and return the body as Python values."""

    def __init__(
        self,
        counter: Counter,
        token: str = "",
        *,
        language: str = "ja",
        id: str = "",
        keeps_cookies: bool = False,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.counter = counter
        self.token = token
        self.language = language
        self.id = id
        self.cookies: dict[str, str] = {}
        self.csrf = ""
        self._keeps_cookies = keeps_cookies
        self._headers = headers or {}

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The plain answer. Paths are below `/api/v1` unless they begin with `//`."""
        address = path[1:] if path.startswith("//") else f"/api/v1{path}"
        headers = {**self.headers, **more.pop("headers", {})}
        self.counter.client.cookies.clear()
        answer = self.counter.client.request(method, address, headers=headers, follow_redirects=False, **more)
        if self._keeps_cookies:
            self.cookies |= {name: value for name, value in answer.cookies.items() if value}
        return answer

    @property
    def headers(self) -> dict[str, str]:
        headers = {"accept-language": self.language, **self._headers}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.csrf:
            headers["x-madoguchi-csrf"] = self.csrf
        return headers

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self._body(self.send("GET", path, params=query), status)

    def post(self, path: str, body: Any = None, status: int | None = None) -> Any:
        return self._body(self.send("POST", path, json={} if body is None else body), status)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        return self._body(self.send("PUT", path, json=body), status)

    def delete(self, path: str, status: int = 204) -> Any:
        return self._body(self.send("DELETE", path), status)

    def upload(self, path: str, name: str, content: bytes, status: int = 201) -> Any:
        return self._body(self.send("POST", path, files={"file": (name, content, "image/png")}), status)

    def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status and code of the problem that comes back."""
        answer = self.send(method, path, json=body)
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        assert problem["status"] == answer.status_code
        return answer.status_code, problem["code"]

    def live(self, **headers: str) -> Any:
        self.counter.client.cookies.clear()
        given = {**{k: v for k, v in self.headers.items() if k in ("cookie", "accept-language")}, **headers}
        session: WebSocketTestSession = self.counter.client.websocket_connect("/api/v1/live", headers=given)
        return session

    def open(self, text: str = "こんにちは", **wish: Any) -> Any:
        """A new contact of this customer; returns it as seen after opening."""
        body = {"text": text, "client_key": new_id("key"), **wish}
        return self.post("/contacts", body, status=201)["contact"]

    def say(self, contact_id: str, text: str, status: int = 201, **more: Any) -> Any:
        body = {"text": text, "client_key": new_id("key"), **more}
        return self.post(f"/contacts/{contact_id}/entries", body, status=status)

    @staticmethod
    def _body(answer: httpx.Response, status: int | None) -> Any:
        expected = answer.status_code == status if status else answer.is_success
        assert expected, (
            f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:2000]}"
        )
        return answer.json() if answer.content else None


def texts(entries: list[dict[str, Any]], kind: str = "message") -> list[str]:
    return [entry["text"] for entry in entries if entry["kind"] == kind]
