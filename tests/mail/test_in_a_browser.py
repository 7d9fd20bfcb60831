"""The pages about mails in a real browser: nothing of a mail runs or loads (S-05), and no rule of axe is broken."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from madoguchi.connectors.embedded.demo import cast
from madoguchi.faces.principal import CUSTOMER_COOKIE, STAFF_COOKIE
from tests.conftest import StillClock
from tests.mail.conftest import MAIL, MailCounter
from tests.mail.letters import mail
from tests.mail.test_looking import laid_out, picture
from tests.security.hostile import PAYLOADS

pytestmark = pytest.mark.browser
HOOK = (
    "Object.defineProperty(window, '__pwned', { set(value) { (window.hits ??= []).push(String(value)); } });"
)


@pytest.fixture(scope="module")
def served(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MailCounter, str]]:
    """A counter for mails on a real port."""
    folder = tmp_path_factory.mktemp("mail-browser") / "data"
    shutil.copytree(filled, folder)
    counter = MailCounter(folder, StillClock(), mail=MAIL)
    with counter.client:
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(counter.app, lifespan="off", log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield counter, f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
    counter.close()


def opened(chromium: Browser, url: str, path: str, cookie: str, token: str, width: int = 1200) -> Page:
    context = chromium.new_context(viewport={"width": width, "height": 800}, locale="ja-JP")
    context.add_cookies([{"name": cookie, "value": token, "url": url}])
    context.add_init_script(HOOK)
    page = context.new_page()
    page.goto(url + path)
    return page


@pytest.mark.parametrize("part", range(3))
def test_nothing_of_a_hostile_mail_runs_or_asks_for_anything(
    served: tuple[MailCounter, str], chromium: Browser, part: int
) -> None:
    counter, url = served
    attack = '<p>はじめ</p><img src="https://track.example/x.gif">' + "<br>".join(PAYLOADS[part::3])
    filed = counter.takes(laid_out(attack, picture(), subject=f"攻撃 {part}"))
    context = chromium.new_context(locale="ja-JP")
    context.add_cookies([{"name": STAFF_COOKIE, "value": counter.agent("ito").token, "url": url}])
    context.add_init_script(HOOK)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    page.goto(f"{url}/desk/mails/{filed.id}?view=html")
    frame = page.frames[-1]
    frame.wait_for_selector("p")
    page.wait_for_timeout(300)
    assert [each for each in asked if not each.startswith((url, "data:"))] == []
    assert page.evaluate("window.hits ?? []") == []
    assert len(page.frames) == 2
    assert page.url == f"{url}/desk/mails/{filed.id}?view=html"
    context.close()


@pytest.mark.parametrize("width", [360, 1200])
def test_the_pages_break_no_rule_of_axe_and_fit_a_phone(
    served: tuple[MailCounter, str], chromium: Browser, width: int
) -> None:
    counter, url = served
    filed = counter.takes(laid_out("<p>届きません</p>", picture(), subject=f"荷物 {width}"))
    counter.takes(mail("お得", List_Id="<x.example>", Subject=f"お得 {width}").as_bytes())
    counter.takes(mail("届きません", From=cast.MISAKI_EMAIL, Subject=f"件 {width}").as_bytes())
    counter.mails()
    ito, mori, misaki = counter.agent("ito"), counter.agent("mori"), counter.customer(cast.MISAKI)
    for path, cookie, token in [
        (f"/desk/mails/{filed.id}", STAFF_COOKIE, ito.token),
        (f"/desk/mails/{filed.id}?view=html", STAFF_COOKIE, ito.token),
        (f"/desk/mails/{filed.id}/original", STAFF_COOKIE, ito.token),
        ("/console/mails", STAFF_COOKIE, mori.token),
        ("/help/messages", CUSTOMER_COOKIE, misaki.token),
    ]:
        page = opened(chromium, url, path, cookie, token, width)
        page.wait_for_selector("h1")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found = Axe().run(page, options={"iframes": False})
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        page.context.close()
