"""Nothing is taken over a line that is not encrypted, where the public address is https (PRIV-001)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from madoguchi.faces.security import Guard

ADDRESS = "https://help.shop.example"


def ask(
    *,
    method: str = "GET",
    path: str = "/help",
    query: str = "",
    client: str = "203.0.113.9",
    scheme: str = "http",
    address: str = ADDRESS,
    **headers: str,
) -> tuple[int, dict[str, str]]:
    """One request through the guard, before an application that answers 200."""
    sent: list[Any] = []

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "scheme": scheme,
        "client": (client, 50000),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    guard = Guard(application, deadline_s=5, max_upload=1000, address=address)
    asyncio.run(guard(scope, receive, send))
    start = sent[0]
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}


@pytest.mark.req("PRIV-001", "TECH-008")
def test_reading_leads_to_the_same_page_over_https_and_sending_is_refused() -> None:
    status, headers = ask(path="/help/topics", query="lang=ja")
    assert (status, headers["location"]) == (308, f"{ADDRESS}/help/topics?lang=ja")
    for method in ("POST", "PUT", "DELETE"):
        assert ask(method=method, path="/api/v1/contacts")[0] == 403


@pytest.mark.req("PRIV-001", "TECH-008")
def test_what_the_proxy_says_of_the_customers_line_counts() -> None:
    assert ask(client="127.0.0.1", x_forwarded_proto="http", x_forwarded_for="203.0.113.9")[0] == 308
    status, headers = ask(client="127.0.0.1", x_forwarded_proto="https", x_forwarded_for="203.0.113.9")
    assert status == 200
    assert headers["strict-transport-security"] == "max-age=31536000"


def test_a_proxy_that_says_nothing_and_this_machine_itself_are_let_in() -> None:
    assert ask(client="127.0.0.1")[0] == 200
    assert ask(client="203.0.113.9", x_forwarded_for="203.0.113.9")[0] == 200
    assert ask(scheme="https")[0] == 200


def test_where_the_address_is_http_nothing_is_turned_away() -> None:
    status, headers = ask(address="http://127.0.0.1:8310")
    assert status == 200 and "strict-transport-security" not in headers


def test_no_header_of_the_request_decides_where_it_leads() -> None:
    _, headers = ask(host="evil.example", path="//evil.example/x")
    assert headers["location"].startswith(f"{ADDRESS}/")
