"""Webhooks: a listener hears of public facts, signed, in order, again after a failure, and never inside the house."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from madoguchi.connectors.embedded.demo import cast
from madoguchi.engine.outbox import outbox
from madoguchi.faces.hooks.deliver import BlockedAddress, is_public, resolve
from tests.conftest import StillClock
from tests.faces.api.people import Caller, Counter


@dataclass
class Delivery:
    """One request as the listener received it."""

    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found

    def is_signed_with(self, secret: str) -> bool:
        """As a listener checks it, by Standard Webhooks 1.0."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        said = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.content
        expected = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
        return f"v1,{expected}" in self.headers["webhook-signature"].split(" ")


class Listener:
    """A server of an integrator; `answers` are the statuses of the next requests, then 204."""

    def __init__(self) -> None:
        self.heard: list[Delivery] = []
        self.answers: list[int] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["content-length"]))
                listener.heard.append(Delivery({k.lower(): v for k, v in self.headers.items()}, content))
                self.send_response(listener.answers.pop(0) if listener.answers else 204)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def kinds(self, contact_id: str) -> list[str]:
        return [one.body["type"] for one in self.heard if one.body["data"]["contact"]["id"] == contact_id]


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.server.shutdown()


@pytest.fixture(scope="module")
def counter(filled: Path, tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[Counter]:
    folder = tmp_path_factory.mktemp("counter") / "data"
    shutil.copytree(filled, folder)
    counter = Counter(folder, StillClock(), server={"webhook_hosts": [listener.host]})
    with counter.client:
        yield counter
    counter.close()


@pytest.fixture
def hook(counter: Counter, listener: Listener) -> Iterator[dict[str, Any]]:
    """A webhook for messages and openings, gone after the test."""
    listener.heard.clear()
    listener.answers.clear()
    program = counter.key("webhooks")
    made = program.post("/webhooks", _wish(listener, ["message", "contact.opened"]), status=201)
    yield made
    program.send("DELETE", f"/webhooks/{made['id']}")
    counter.deliver()


def test_a_listener_hears_of_public_facts_signed_with_its_secret(
    counter: Counter, listener: Listener, hook: dict[str, Any]
) -> None:
    contact = counter.customer(cast.MISAKI).open("荷物はどこですか")
    counter.deliver()
    assert listener.kinds(contact["id"]) == ["contact.opened", "message"]
    opened, message = listener.heard
    assert all(one.is_signed_with(hook["secret"]) for one in listener.heard)
    assert not opened.is_signed_with("whsec_" + base64.b64encode(b"0" * 32).decode())
    assert opened.headers["webhook-id"] != message.headers["webhook-id"]
    assert int(message.headers["webhook-timestamp"]) == int(counter.clock.now.timestamp())
    assert message.body["data"]["entry"]["text"] == "荷物はどこですか"
    assert message.body["data"]["contact"]["customer"]["name"] == "佐藤 美咲"


def test_notes_and_other_internal_facts_never_leave_the_house(
    counter: Counter, listener: Listener, hook: dict[str, Any]
) -> None:
    program = counter.key("webhooks")
    everything = program.post("/webhooks", _wish(listener, []), status=201)
    contact = counter.visitor().open("内部メモの試験")
    counter.agent("ito").say(contact["id"], "社内だけの話", internal=True)
    counter.think(contact["id"])
    counter.deliver()
    program.delete(f"/webhooks/{everything['id']}")
    assert listener.kinds(contact["id"])
    assert "社内だけの話" not in "".join(one.content.decode() for one in listener.heard)
    assert not {
        kind
        for kind in listener.kinds(contact["id"])
        if kind.startswith(("note", "flow", "assistant", "offer"))
    }


def test_after_a_failure_it_is_told_again_with_the_same_id_and_nothing_overtakes_it(
    counter: Counter, listener: Listener, hook: dict[str, Any]
) -> None:
    visitor = counter.visitor()
    contact = visitor.open("1")
    counter.deliver()
    listener.heard.clear()
    listener.answers[:] = [500]
    visitor.say(contact["id"], "2")
    visitor.say(contact["id"], "3")
    other = counter.visitor().open("x")
    counter.deliver()
    assert [one.body["data"]["entry"]["text"] for one in listener.heard if one.body["type"] == "message"] == [
        "2",
        "x",
    ]
    failed = listener.heard[0]
    with counter.later(seconds=10):
        counter.deliver()
    told = [one for one in listener.heard if one.body["data"]["contact"]["id"] == contact["id"]]
    assert [one.body["data"]["entry"]["text"] for one in told] == ["2", "2", "3"]
    assert told[1].headers["webhook-id"] == failed.headers["webhook-id"]
    assert told[1].headers["webhook-timestamp"] != failed.headers["webhook-timestamp"]
    assert told[1].is_signed_with(hook["secret"])
    assert listener.kinds(other["id"]) == ["contact.opened", "message"]


def test_410_switches_the_listener_off(counter: Counter, listener: Listener, hook: dict[str, Any]) -> None:
    listener.answers[:] = [410]
    visitor = counter.visitor()
    contact = visitor.open("もう要りません")
    counter.deliver()
    assert listener.kinds(contact["id"]) == ["contact.opened"]
    visitor.say(contact["id"], "聞こえますか")
    counter.deliver()
    assert listener.kinds(contact["id"]) == ["contact.opened"]
    shown = {one["id"]: one["active"] for one in counter.key("webhooks").get("/webhooks")}
    assert shown[hook["id"]] is False


def test_a_redirect_is_not_followed(counter: Counter, listener: Listener, hook: dict[str, Any]) -> None:
    listener.answers[:] = [302]
    counter.visitor().open("こちらへ")
    counter.deliver()

    def read(tx: Any) -> list[str]:
        return [row.error for row in tx.all(select(outbox.c.error).where(outbox.c.error.is_not(None)))]

    assert "the listener answered 302" in " ".join(counter.house.database.read(read))


def test_only_those_who_may_manage_webhooks_do(counter: Counter, listener: Listener) -> None:
    wish = _wish(listener, [])
    refused: list[tuple[Caller, str]] = [
        (counter.customer(cast.MISAKI), "not_allowed"),
        (counter.agent("ito"), "role_missing"),
        (counter.agent("mori"), "role_missing"),
        (counter.key("read", "contacts", "actions", "admin"), "scope_missing"),
    ]
    for caller, code in refused:
        assert caller.refused("POST", "/webhooks", wish) == (403, code)
        assert caller.refused("GET", "/webhooks") == (403, code)
        assert caller.refused("DELETE", "/webhooks/whk_x") == (403, code)
    operator = counter.agent("ops")
    made = operator.post("/webhooks", wish, status=201)
    assert "secret" not in operator.send("GET", "/webhooks").text
    operator.delete(f"/webhooks/{made['id']}")
    assert operator.refused("DELETE", "/webhooks/whk_none") == (404, "not_found")


def test_a_fact_that_does_not_exist_or_is_internal_cannot_be_listened_to(
    counter: Counter, listener: Listener
) -> None:
    program = counter.key("webhooks", language="en")
    answer = program.send("POST", "/webhooks", json=_wish(listener, ["message", "note.added", "nonsense"]))
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_kind")
    assert "note.added, nonsense" in answer.json()["detail"]


INSIDE = [
    "http://127.0.0.1/x",
    "http://127.1/x",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://0.0.0.0:8310/",
    "http://localhost:8310/api/v1/shop",
    "http://10.0.0.8/",
    "http://172.16.4.4/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fd00::1]/",
    "http://[fe80::1]/",
    "http://user:password@example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "//example.com/",
    "http://",
    "http://[",
    "http://example.com:99999/",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("url", INSIDE)
def test_an_address_inside_the_house_is_refused_in_every_spelling(counter: Counter, url: str) -> None:
    assert counter.key("webhooks").refused("POST", "/webhooks", {"url": url, "kinds": []}) == (
        422,
        "webhook_address",
    )
    with pytest.raises((BlockedAddress, ValueError, OSError)):
        resolve(url, frozenset())


def test_an_address_that_was_public_once_is_checked_again_at_every_delivery(
    counter: Counter, listener: Listener, hook: dict[str, Any]
) -> None:
    """The name may lead elsewhere by now (DNS rebinding): nothing is sent to what is no longer allowed."""
    deliverer = counter.courier._handlers["webhook"].__wrapped__
    allowed, deliverer._allowed_hosts = deliverer._allowed_hosts, frozenset()
    try:
        contact = counter.visitor().open("どこへ")
        counter.deliver()
        assert listener.kinds(contact["id"]) == []
    finally:
        deliverer._allowed_hosts = allowed


def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    target, host = resolve("https://93.184.215.14/hook?x=1", frozenset())
    assert (target, host) == ("https://93.184.215.14:443/hook?x=1", "93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    assert not is_public("2001:0:4136:e378:8000:63bf:3fff:fdd2"), "Teredo carries any address"


def _wish(listener: Listener, kinds: list[str]) -> dict[str, Any]:
    return {"url": f"http://{listener.host}/hook", "kinds": kinds}
