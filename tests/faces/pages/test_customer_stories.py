"""What a customer goes through with nothing but keys, 320 px wide, without scripts; and what axe and a screen reader find there.

From a trouble over the form to a place in the queue; a message that is erased and gone wherever one looks; the help that
does not help, and the ways with the words carried along.
"""

from __future__ import annotations

import email
import re
import time
from collections.abc import Callable, Iterator
from email import policy

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from madoguchi.building import indexer_of
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.counter.contacts import queries
from madoguchi.engine.database import Transaction
from madoguchi.engine.texts import tr
from tests.faces.pages.conftest import Counter, _context
from tests.faces.pages.test_privacy import finished

KIND = "return_exchange_cancel.damaged_item"
MOST_TABS = 120
LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])


class Keys:
    """Somebody who has Tab, arrows, Space and Enter, and a browser without scripts."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language

    def says(self, msgid: str, **params: object) -> str:
        return tr(self.language, msgid, **params)

    def go_to(self, target: Locator, key: str = "Tab") -> None:
        expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if target.and_(self.page.locator(":focus")).count():
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"not in the tab order: {target}")

    def press(self, target: Locator) -> None:
        self.go_to(target)
        self.page.keyboard.press("Enter")

    def follow(self, name: str) -> None:
        self.press(self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first)

    def button(self, name: str) -> None:
        self.press(self.page.get_by_role("main").get_by_role("button", name=name, exact=True).first)

    def write(self, label: str, text: str) -> None:
        self.go_to(self.page.get_by_label(label))
        self.page.keyboard.insert_text(text)

    def tick(self, box: Locator) -> None:
        self.go_to(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def choose(self, radio: Locator) -> None:
        """Into the group by Tab, then to the wanted one by the arrows."""
        group = self.page.locator(f'input[type=radio][name="{radio.get_attribute("name")}"]')
        self.go_to(group.first)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        expect(radio).to_be_checked()


Arrive = Callable[..., Keys]


@pytest.fixture
def arrive(browser: Browser, counter: Counter) -> Iterator[Arrive]:
    """`arrive("ja", cast.MISAKI)`: a page 320 px wide without scripts; each page is looked at by axe before it closes."""
    opened = []

    def come(language: str, customer: str = "") -> Keys:
        context = _context(
            browser, counter, java_script_enabled=False, viewport={"width": 320, "height": 700}
        )
        opened.append(context)
        page = context.new_page()
        if customer:
            page.goto("/demo/sign-in-as")
            page.locator(f'[name=customer_id][value="{counter.customer_id(customer)}"]').click()
        page.goto(f"/?lang={language}")
        return Keys(page, language)

    yield come
    for context in opened:
        context.close()


def sound(browser: Browser, counter: Counter, seen: Page) -> None:
    """The page as this reader has it, in a browser that can measure: nothing for axe, nothing to scroll sideways."""
    context = _context(
        browser,
        counter,
        viewport={"width": 320, "height": 700},
        storage_state=seen.context.storage_state(),
    )
    page = context.new_page()
    page.goto(seen.url)
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == [], seen.url
    assert wide <= 320, seen.url


def newest_mail(counter: Counter, to: str) -> str:
    folder = counter.house.settings.data.folder / "outbox"
    for _ in range(200):
        for path in sorted(folder.glob("*.eml"), reverse=True):
            mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            if mail["to"] == to and body is not None:
                return str(body.get_content())
        time.sleep(0.05)
    raise AssertionError(f"no mail to {to}")


@LANGUAGES
@pytest.mark.req("CH-041", "CH-042", "HLP-014", "A11Y-003", "A11Y-004")
def test_from_a_trouble_over_the_form_and_the_mail_into_the_queue(
    arrive: Arrive, browser: Browser, counter: Counter, language: str
) -> None:
    keys = arrive(language)
    page, address = keys.page, f"taro.{language}@example.jp"
    keys.follow(keys.says("Troubles and what helps"))
    keys.follow(group_labels()["return_exchange_cancel"][language])
    keys.follow(categories()[KIND].label(language))
    keys.button(keys.says("Not solved"))
    sound(browser, counter, page)
    keys.follow(keys.says("Fill in the form"))
    expect(page.get_by_role("heading", level=1)).to_have_text(keys.says("Which order is it about?"))
    sound(browser, counter, page)
    keys.choose(page.get_by_label(keys.says("There is no order, or I do not know it")))
    keys.button(keys.says("Next"))
    keys.write(keys.says("The problem"), "皿が割れていました 🍽")
    keys.button(keys.says("Look it over"))
    expect(page.get_by_role("heading", level=1)).to_have_text(keys.says("Look it over and send it"))
    sound(browser, counter, page)
    page.goto("/")
    keys.press(page.get_by_role("link", name=keys.says("Form that is not sent yet")))
    expect(page.get_by_role("main")).to_contain_text("皿が割れていました 🍽")
    keys.write(keys.says("Mail address to which we answer"), address)
    page.wait_for_timeout(4100)  # machines are quicker (form.min_seconds)
    keys.button(keys.says("Send"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("C-")
    number = re.search(r"C-\d+", page.get_by_role("heading", level=1).inner_text())
    assert number
    sound(browser, counter, page)
    assert counter.house.database.read(cases.by_number, number[0]) is None, "nobody is bothered before"
    link = re.search(r"http://\S+", newest_mail(counter, address))
    assert link
    page.goto(link[0])
    sound(browser, counter, page)
    keys.button(keys.says("Yes, begin with it"))
    expect(page.get_by_role("status")).to_contain_text(number[0])

    def queued(tx: Transaction) -> list[str]:
        case = cases.by_number(tx, number[0])
        return [each.owner_kind for each in queries.of_case(tx, case.id)] if case else []

    assert counter.house.database.read(queued) == ["queue"]


@LANGUAGES
@pytest.mark.req("HIS-006", "PRIV-005", "A11Y-003")
def test_an_erased_message_is_gone_wherever_its_customer_looks(
    arrive: Arrive, browser: Browser, counter: Counter, language: str
) -> None:
    words = {"ja": "むらさきの封筒の合言葉", "en": "the violet envelope password"}[language]
    keys = arrive(language, {"ja": cast.MISAKI, "en": cast.JOHN}[language])
    page = keys.page
    page.goto("/person")
    keys.go_to(page.get_by_role("main").get_by_role("textbox").first)
    page.keyboard.insert_text(words)
    keys.button(keys.says("Chat with a person"))
    expect(page).to_have_url(re.compile("/contacts/con_"))
    contact = re.search(r"/contacts/(con_\w+)", page.url)
    assert contact
    case = page.locator('a[href^="/cases/"]').first.get_attribute("href")
    indexer_of(counter.house).catch_up()
    places = [
        f"/contacts/{contact[1]}",
        f"/contacts/{contact[1]}/record.html",
        f"/account/privacy/contacts/{contact[1]}",
        "/history",
        f"/history?q={words}",
        f"{case}",
        "/",
    ]
    files = [f"/contacts/{contact[1]}/record.{shape}" for shape in ("txt", "json")] + [
        f"{case}/record.txt",
        "/history/record.json",
        f"/contacts/{contact[1]}/note",
    ]

    def seen() -> list[str]:
        found = []
        for place in places:
            page.goto(place)
            main = page.locator("main, body").first
            if words in re.sub(r"\s+", " ", main.inner_text()):
                found.append(place)
        return found + [file for file in files if words in page.request.get(file).text()]

    assert {places[0], places[1], places[2], files[0], files[1], files[2], files[3]} <= set(seen())
    page.goto("/account/privacy")
    sound(browser, counter, page)
    page.goto(places[2])
    keys.tick(page.get_by_role("checkbox", name=words))
    keys.button(keys.says("Go on with these messages"))
    expect(page).to_have_url(re.compile("prv_"))
    wish = re.search(r"prv_\w+", page.url)
    assert wish
    sound(browser, counter, page)
    keys.button(keys.says("Yes, erase it"))
    expect(page.get_by_role("button", name=keys.says("Yes, erase it"))).to_have_count(0)
    finished(counter, wish[0])
    indexer_of(counter.house).catch_up()
    assert seen() == []
    page.goto(places[0])
    expect(page.get_by_role("main")).to_contain_text(
        keys.says("This message was erased {who} ({at})", who=keys.says("by the customer"), at="|").split(
            "|"
        )[0]
    )
    page.goto(f"/account/privacy/requests/{wish[0]}")
    assert "search entry" not in page.get_by_role("main").inner_text()
    sound(browser, counter, page)


@LANGUAGES
@pytest.mark.req("HLP-004", "CH-003", "A11Y-003")
def test_an_article_that_does_not_help_leads_to_the_ways_with_the_words(
    arrive: Arrive, browser: Browser, counter: Counter, language: str
) -> None:
    asked = {"ja": "りょうしゅうしょ", "en": "reciept"}[language]
    keys = arrive(language)
    page = keys.page
    keys.write(keys.says("Search the help articles"), asked)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_role("status")).to_be_visible()
    sound(browser, counter, page)
    first = page.get_by_role("main").locator("li.card a").first
    title = first.inner_text()
    keys.press(first)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    sound(browser, counter, page)
    keys.button(keys.says("No, it did not"))
    keys.choose(page.get_by_label(keys.says("It answers another question")))
    keys.button(keys.says("Tell us"))
    keys.follow(keys.says("Ask us about this"))
    expect(page.get_by_role("main").get_by_role("textbox").first).to_have_value(re.compile(re.escape(asked)))
    sound(browser, counter, page)
