"""Every page: strict browser policy, nothing of other people, no link built from the Host header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest

from madoguchi.connectors.embedded.demo import cast
from tests.faces.api.people import BASE, Caller, Counter
from tests.security.conftest import MARK, Possession
from tests.security.test_matrix import CALLERS, routes_of

PUBLIC = {"/widget.js", "/static", "/api/v1/openapi.json"}


OF_THE_HOUSE = (
    "/console/learning",
    "/console/words",
    "/console/ways",
    "/console/letters",
    "/console/policies",
)


def pages(counter: Counter, verb: str) -> Iterator[str]:
    for found, path, _ in routes_of(counter.app.routes):
        if found == verb and not path.startswith(("/api/", "/static", "/widget.js")):
            yield path


def _browser(counter: Counter, who: str) -> Caller:
    """This caller with the session in a cookie, as a browser has it."""
    caller = CALLERS[who](counter)
    name = "madoguchi_staff" if who in ("agent", "supervisor", "operator") else "madoguchi_customer"
    browser = counter.browser(**{"sec-fetch-site": "same-origin"})
    if caller.token:
        browser.cookies[name] = caller.token
        browser.cookies["madoguchi_language"] = "ja"
    return browser


def _look(browser: Caller, path: str, possession: Possession) -> httpx.Response:
    for name, value in possession.ids.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path, f"{path}: a new kind of object needs a fixture"
    return browser.send("GET", f"/{path}")


@pytest.mark.req("HIS-010", "ACC-006", "CH-013")
@pytest.mark.parametrize("who", ["nobody", "visitor", "guest", "other", "operator"])
def test_no_page_shows_anything_of_somebody_else(counter: Counter, misakis: Possession, who: str) -> None:
    walked = 0
    for path in pages(counter, "GET"):
        browser = _browser(counter, who)
        answer = _look(browser, path, misakis)
        assert answer.status_code < 500, f"{path}: {answer.status_code}"
        if path == "/demo/sign-in-as":  # the demonstration's cast, for everybody to choose from
            continue
        said = [mark for mark in misakis.marks if mark in answer.text]
        assert said == [], f"{path} shows {said} to {who}"
        # Articles and guides are for all, a history is the reader's own; an operator sets the house up and teaches the
        # assistant with words that are nobody's any more.
        open_to = who == "operator" and path.startswith(OF_THE_HOUSE)
        for_all = any(
            each in path
            for each in (
                "{action}",
                "{article_id}",
                "{kind}",
                "/help/g/",
                "/category/",
                "/sections/",
                "/history/record",
            )
        )
        if "{" in path and not for_all and not open_to:
            assert answer.status_code in (303, 403, 404), f"{path}: {answer.status_code} for {who}"
        walked += 1
    assert walked > 20


def test_the_owner_sees_them_all_so_that_the_silence_means_something(
    counter: Counter, misakis: Possession
) -> None:
    seen = "".join(_look(_browser(counter, "owner"), path, misakis).text for path in pages(counter, "GET"))
    for mark in (MARK, "佐藤 美咲", misakis.marks[3]):
        assert mark in seen


@pytest.mark.req("HIS-010")
@pytest.mark.parametrize("who", ["nobody", "visitor", "guest", "other"])
def test_no_form_acts_on_what_belongs_to_somebody_else(
    counter: Counter, misakis: Possession, who: str
) -> None:
    before = _state(counter, misakis)
    for path in pages(counter, "POST"):
        browser = _browser(counter, who)
        for name, value in misakis.ids.items():
            path = path.replace(f"{{{name}}}", value)
        form = {
            "text": "fremd",
            "solved": "yes",
            "whole": "yes",
            "score": "1",
            "correction": "fremd",
            "confirm_key": "12345678",
        }
        answer = browser.send("POST", f"/{path}", data=form)
        assert answer.status_code < 500, f"{path}: {answer.status_code}"
        assert not [mark for mark in misakis.marks if mark in answer.text], path
    assert _state(counter, misakis) == before


@pytest.mark.parametrize("who", ["nobody", "owner", "agent"])
def test_every_page_forbids_inline_script_and_style_and_demands_trusted_types(
    counter: Counter, misakis: Possession, who: str
) -> None:
    html = 0
    for path in pages(counter, "GET"):
        answer = _look(_browser(counter, who), path, misakis)
        policy = dict(
            tuple([*part.strip().split(" ", 1), ""][:2])
            for part in answer.headers["content-security-policy"].split(";")
        )
        assert "unsafe" not in answer.headers["content-security-policy"], path
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self'"
        assert policy["require-trusted-types-for"] == "'script'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["base-uri"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "server" not in answer.headers
        if answer.headers.get("content-type", "").startswith("text/html"):
            html += 1
            Inline(path).feed(answer.text)
    assert html > 8


class Inline(HTMLParser):
    """Fails at inline script, inline style, an event handler, or an address that runs script."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        assert not [name for name in named if name.startswith("on") or name in ("style", "srcdoc")], (
            self._path,
            named,
        )
        for name in ("href", "src", "action", "formaction"):
            assert not (named.get(name) or "").strip().lower().startswith(("javascript:", "data:")), (
                self._path,
                named,
            )
        assert tag not in ("iframe", "object", "embed", "base"), self._path
        data_only = named.get("type") in ("application/json", "application/ld+json")
        self._in = tag if tag in ("script", "style") and not data_only else ""

    def handle_data(self, data: str) -> None:
        assert not (self._in and data.strip()), f"{self._path}: inline {self._in}"

    def handle_endtag(self, tag: str) -> None:
        self._in = ""


def test_a_session_cookie_is_out_of_reach_of_scripts_and_other_sites(counter: Counter) -> None:
    browser = counter.browser(**{"sec-fetch-site": "same-origin"})
    answer = browser.send("POST", "//sign-in", data={"email": cast.MISAKI_EMAIL})
    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith("madoguchi_customer")]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_over_https_cookies_are_secure_and_browsers_stay_there(filled, tmp_path) -> None:  # type: ignore[no-untyped-def]
    import shutil

    from tests.conftest import StillClock

    shutil.copytree(filled, tmp_path / "data")
    counter = Counter(tmp_path / "data", StillClock(), server={"base_url": "https://help.example.jp"})
    browser = counter.browser(**{"sec-fetch-site": "same-origin"})
    answer = browser.send("POST", "//sign-in", data={"email": cast.MISAKI_EMAIL})
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    counter.close()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8310", "127.0.0.1:8310@evil.example"])
def test_no_link_no_redirect_and_no_mail_is_built_from_the_host_header(
    counter: Counter, misakis: Possession, host: str
) -> None:
    """S-20. Tried with the host in every header that proxies use."""
    headers = {
        "host": host,
        "x-forwarded-host": host,
        "forwarded": f"host={host}",
        "x-forwarded-proto": "https",
    }
    for path in [*pages(counter, "GET"), "/orders/", "/api/v1/shop/", "/desk/", "//evil.example/%2e%2e"]:
        browser = _browser(counter, "owner")
        for name, value in misakis.ids.items():
            path = path.replace(f"{{{name}}}", value)
        answer = browser.send("GET", f"/{path}", headers=headers)
        assert "evil" not in answer.text.replace("//evil.example/..", "").replace(
            "evil.example/%2e%2e", ""
        ), path
        assert "evil" not in answer.headers.get("location", ""), path
    visitor = counter.visitor()
    visitor.send("POST", "/sessions/mail-code", json={"email": cast.MISAKI_EMAIL}, headers=headers)
    assert "evil" not in counter.mails()[-1].as_string()
    assert BASE in counter.mails()[-1].get_content()


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "\\\\evil",
        "/%0d%0aSet-Cookie:x=1",
    ],
)
def test_no_way_back_leads_out_of_the_house(counter: Counter, back: str) -> None:
    browser = counter.browser(**{"sec-fetch-site": "same-origin"})
    browser.send("POST", "//sign-in", data={"email": cast.JOHN_EMAIL, "next": back})
    answer = browser.send("POST", "//display", data={"back": back})
    assert "evil" not in answer.headers["location"]
    assert not answer.headers["location"].startswith(("//", "java"))
    assert "x" not in answer.cookies
    shown = browser.send("GET", "//sign-in", params={"next": back}).text
    assert not re.search(r'(href|action)="(https?:)?//evil', shown)


def _state(counter: Counter, possession: Possession) -> tuple[object, ...]:
    owner = counter.customer(cast.MISAKI)
    contact = owner.get(f"/contacts/{possession.ids['contact_id']}")
    order = owner.get(f"/orders/{cast.MISAKI_UNSHIPPED}")
    proposal = owner.get(f"/proposals/{possession.ids['proposal_id']}")
    return contact["last_seq"], contact["state"], order["version"], proposal["state"]
