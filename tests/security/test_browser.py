"""S-05 in a real browser: desk, widget and pages show hostile texts with policy and Trusted Types on; nothing runs."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import PATIENCE_MS, StillClock
from tests.faces.api.people import Counter
from tests.security.hostile import PAYLOADS, Hostile, make

pytestmark = pytest.mark.browser

HOOK = """Object.defineProperty(window, '__pwned', { set(value) { (window.hits ??= []).push(String(value)); } });
document.addEventListener('securitypolicyviolation', (event) => (window.violations ??= []).push(
  `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`));"""
SCAN = """() => {
  const found = [];
  const look = (root) => root.querySelectorAll('*').forEach((element) => {
    if (element.shadowRoot) look(element.shadowRoot);
    const name = element.localName;
    if (['iframe', 'object', 'embed', 'base', 'marquee', 'math', 'animate', 'audio', 'video'].includes(name)) found.push(name);
    if (name === 'script' && !element.src && element.type !== 'application/json') found.push(element.textContent);
    for (const { name: attribute, value } of element.attributes) {
      if (/^on/.test(attribute) || attribute === 'srcdoc') found.push(`${name} ${attribute}`);
      if (/^(href|src|action|formaction|xlink:href)$/.test(attribute) && /^\\s*(java\\s*script|data:text)/i.test(value))
        found.push(`${name} ${attribute}=${value}`);
    }
  });
  look(document);
  return found;
}"""


@pytest.fixture(scope="module")
def hostiles(
    filled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Counter, str, list[Hostile]]]:
    """A counter on a real port with four attackers whose contacts agent 伊藤 holds."""
    folder = tmp_path_factory.mktemp("browser") / "data"
    shutil.copytree(filled, folder)
    counter = Counter(folder, StillClock(), limits={"messages_per_minute": 10_000})
    with counter.client:
        desk = counter.agent("ito")
        made = [make(counter, number, desk) for number in range(4)]
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(counter.app, lifespan="off", log_level="error", ws="websockets-sansio")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield counter, f"http://127.0.0.1:{listening.getsockname()[1]}", made
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    found = Watched(chromium)
    yield found
    found.context.close()


class Watched:
    """A browser that notes every attack that ran, every dialog, every request to elsewhere."""

    def __init__(self, browser: Browser) -> None:
        self.context: BrowserContext = browser.new_context(
            locale="ja-JP", viewport={"width": 1280, "height": 900}
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(HOOK)
        self.page: Page = self.context.new_page()
        self.dialogs: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "blob:http://127.0.0.1:", "ws://127.0.0.1:")):
            self.elsewhere.append(url)

    def keep(self, url: str, name: str, token: str) -> None:
        self.context.add_cookies([{"name": name, "value": token, "url": url, "httpOnly": True}])

    def assert_untouched(self) -> None:
        self.page.wait_for_timeout(250)
        state: dict[str, Any] = self.page.evaluate(
            "() => ({ hits: window.hits ?? [], violations: window.violations ?? [] })"
        )
        assert state == {"hits": [], "violations": []}
        assert self.dialogs == []
        assert self.elsewhere == []
        assert self.page.evaluate(SCAN) == []


def test_the_hook_and_the_scan_do_notice_an_attack_where_nothing_guards(watched: Watched) -> None:
    watched.page.goto("about:blank")
    watched.page.set_content("<img src=x onerror='window.__pwned=1'><a href='javascript:1'>x</a>")
    watched.page.wait_for_function("() => window.hits?.length")
    assert len(watched.page.evaluate(SCAN)) == 2


@pytest.mark.parametrize("number", range(4))
def test_the_desk_shows_attacks_as_words(
    hostiles: tuple[Counter, str, list[Hostile]], watched: Watched, number: int
) -> None:
    counter, url, made = hostiles
    hostile = made[number]
    watched.keep(url, "madoguchi_staff", counter.agent("ito").token)
    watched.page.goto(f"{url}/desk")
    watched.page.locator(f"#desk-row-{hostile.contact_id}").click()
    log = watched.page.get_by_role("log")
    for field in ("message 0", "note", "answer"):
        for payload in hostile.texts[field]:
            if payload.isprintable():
                expect(log).to_contain_text(" ".join(payload.split()))
    for tab in watched.page.get_by_role("tab").all():
        tab.click()
    watched.assert_untouched()


@pytest.mark.parametrize("number", range(4))
def test_the_widget_shows_attacks_as_words(
    hostiles: tuple[Counter, str, list[Hostile]], watched: Watched, number: int
) -> None:
    _, url, made = hostiles
    hostile = made[number]
    watched.keep(url, "madoguchi_customer", hostile.customer.token)
    watched.page.goto(f"{url}/demo/shop?lang=ja")
    watched.page.get_by_role("button", name="お問い合わせ").click()
    panel = watched.page.locator("madoguchi-help dialog")
    expect(panel.locator(".page, .chat")).to_be_visible()
    watched.assert_untouched()
    panel.get_by_role("region", name="続きから").get_by_role("button").first.click()
    log = panel.get_by_role("log")
    for payload in [*hostile.texts["message 0"], *hostile.texts["answer"]]:
        if payload.isprintable():
            expect(log).to_contain_text(" ".join(payload.split()))
    expect(log).not_to_contain_text(hostile.texts["note"][0] + " " + hostile.texts["note"][1])
    watched.assert_untouched()


def test_the_pages_show_attacks_as_words_with_scripts_on(
    hostiles: tuple[Counter, str, list[Hostile]], watched: Watched
) -> None:
    _, url, made = hostiles
    for hostile in made[:2]:
        watched.keep(url, "madoguchi_customer", hostile.customer.token)
        order = hostile.order_number
        for path in (
            "/",
            f"/orders/{order}",
            f"/help/o/{order}/do/change_address",
            f"/contacts/{hostile.contact_id}?all=yes",
        ):
            watched.page.goto(url + path)
            watched.assert_untouched()
        watched.page.goto(f"{url}/person?item={PAYLOADS[3]}&order={order}&problem={PAYLOADS[0]}")
        watched.assert_untouched()


def test_a_download_opened_as_a_page_runs_nothing(
    hostiles: tuple[Counter, str, list[Hostile]], watched: Watched
) -> None:
    _, url, made = hostiles
    watched.keep(url, "madoguchi_customer", made[0].customer.token)
    entries = made[0].customer.get(f"/contacts/{made[0].contact_id}/entries")["entries"]
    (file,) = [file for entry in entries for file in entry["attachments"]]
    watched.page.goto(url + file["url"])
    watched.assert_untouched()
