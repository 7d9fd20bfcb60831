"""The five stories, from the shop's page to the end, in both languages, on a desk and on a phone, by mouse and by keys.

A parcel that is late; an order cancelled before it leaves; a return with its receipt; a person who helps where the
assistant could not; a browser closed in the middle.
"""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.conftest import PHONE, Counter
from tests.stories.desk_people import Customer
from tests.stories.people import DeskAgent, Hands, Keyboard, Mouse, Shopper
from tests.stories.shopping import Bought, Shopping

NewContext = Callable[..., BrowserContext]


@dataclass(frozen=True)
class Way:
    """How a story is lived: in which language, on what, by which hands."""

    language: str
    phone: bool = False
    keys_only: bool = False

    @property
    def hands(self) -> Hands:
        return Keyboard() if self.keys_only else Mouse()

    def words(self, ja: str, en: str) -> str:
        return ja if self.language == "ja" else en

    def device(self, make: NewContext) -> BrowserContext:
        """A phone for fingers; for keys, a window as narrow as a phone."""
        context = make(self.language, self.phone and not self.keys_only)
        if self.phone and self.keys_only:
            context.on("page", _as_narrow_as_a_phone)
        return context

    def __str__(self) -> str:
        return "-".join(
            [self.language, "phone" if self.phone else "desktop", *(["keys"] if self.keys_only else [])]
        )


def _as_narrow_as_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})


WAYS = pytest.mark.parametrize(
    "way",
    [
        Way("ja"),
        Way("ja", phone=True),
        Way("en"),
        Way("en", phone=True),
        Way("ja", keys_only=True),
        Way("en", phone=True, keys_only=True),
    ],
    ids=str,
)


@pytest.fixture(scope="session")
def shopping(counter: Counter, staff_sessions: dict[str, httpx.Client]) -> Shopping:
    return Shopping(counter.url, staff_sessions["mori"])


@pytest.fixture
def empty_queue(staff_sessions: dict[str, httpx.Client]) -> Iterator[None]:
    """Nobody else waits, and nobody is on duty; so it is left as well."""
    _clear(staff_sessions)
    yield
    _clear(staff_sessions)


def _clear(staff: dict[str, httpx.Client]) -> None:
    for http in staff.values():
        http.put("/agents/me/status", json={"status": "offline"})
        inbox = http.get("/desk/inbox").json()
        for contact in inbox["contacts"]:
            if contact["owner"] == {**contact["owner"], "kind": "agent", "id": inbox["me"]["id"]}:
                _resolve(http, contact)
    http = staff["mori"]
    for contact in http.get("/contacts", params={"view": "waiting", "limit": 100}).json()["contacts"]:
        version = {"owner_version": contact["owner"]["version"]}
        _resolve(http, http.post(f"/contacts/{contact['id']}/take", json=version).raise_for_status().json())


def _resolve(http: httpx.Client, contact: dict[str, Any]) -> None:
    http.post(f"/contacts/{contact['id']}/resolve", json={"owner_version": contact["owner"]["version"]})


def shopper_with(way: Way, make: NewContext, customer_id: str) -> Shopper:
    """Signed in, at the shop, the help open."""
    shopper = Shopper(way.device(make), way.language, way.hands)
    shopper.sign_in(customer_id)
    shopper.visit_shop()
    shopper.open_help()
    return shopper


# ── 1 ─────────────────────────────────────────────────────────────────────────────────────────────


@WAYS
@pytest.mark.req("A11Y-001", "ORD-003", "BOT-001", "CH-032")
def test_a_parcel_that_is_late_is_tracked(way: Way, new_context: NewContext) -> None:
    shopper = shopper_with(way, new_context, "cus_c1001")
    shopper.says(way.words("荷物がまだ届きません", "My parcel has not arrived yet"))
    shopper.presses(way.words("今治タオル", "Imabari towels"))

    told = shopper.hears(way.words("より遅れています", "Later than promised"))
    card = told.locator(".tracking")
    expect(card).to_contain_text(way.words("輸送中", "On the way"))  # stage
    expect(card).to_contain_text(re.compile(r"\d+月\d+日|\d+ [A-Z][a-z]{2}"))  # the promised days
    expect(card).to_contain_text(re.compile(r"\d{12}"))  # tracking number
    expect(card.get_by_role("link")).to_have_attribute("href", re.compile(r"^https://tracking\."))

    shopper.presses(way.words("もう少し待つ", "Wait a little longer"))
    shopper.presses(way.words("^解決した$", "^Yes, solved$"))
    shopper.hears(way.words("解決済み|解決", "Resolved"))
    expect(shopper.log.get_by_role("button", name=shopper.words["confirm_solved"])).to_have_count(0)
    shopper.rates_very_good()


# ── 2 ─────────────────────────────────────────────────────────────────────────────────────────────


@WAYS
@pytest.mark.req("A11Y-001", "BOT-006")
def test_an_order_is_cancelled_before_it_leaves_and_once(
    way: Way, new_context: NewContext, shopping: Shopping, staff_sessions: dict[str, httpx.Client]
) -> None:
    bought = shopping.not_shipped()
    shopper = shopper_with(way, new_context, bought.customer_id)
    shopper.says(
        way.words(f"注文 {bought.number} をキャンセルしてください", f"Please cancel order {bought.number}")
    )
    if bought.articles > 1:
        shopper.presses(way.words("^注文をすべて取り消す$", "^Cancel the whole order$"))
    card = shopper.log.get_by_role("region", name=way.words("注文のキャンセル", "Cancel the order"))
    expect(card).to_contain_text(bought.number)
    expect(card.get_by_role("button")).to_have_count(0)  # the question's buttons are the card's
    label = way.words("注文をすべてキャンセルする", "Cancel the whole order")
    confirm = shopper.button(f"^{label}$")
    expect(confirm).to_have_class(re.compile("primary"))
    if way.keys_only:
        shopper.hands.press(confirm)
        shopper.page.keyboard.press("Enter")
    else:
        confirm.dblclick()

    receipt = shopper.log.locator(".receipt")
    expect(receipt).to_contain_text(re.compile(way.words("受付番号", "Receipt number")))
    shopper.hears(way.words("解決しましたか|解決したでしょうか", "solved"))
    expect(receipt).to_have_count(1)
    expect(shopper.log.get_by_role("button", name=label, disabled=True).last).to_have_attribute(
        "aria-pressed", "true"
    )
    (order,) = staff_sessions["mori"].get("/orders", params={"search": bought.number}).json()["orders"]
    assert order["state"] == "cancelled"
    page = shopper.reads_order_page(bought.number)
    expect(page).to_contain_text(way.words("キャンセル", "Cancelled"))


# ── 3 ─────────────────────────────────────────────────────────────────────────────────────────────


@WAYS
@pytest.mark.req("A11Y-001", "RET-007")
def test_an_article_is_returned_with_confirmation_and_receipt(
    way: Way, new_context: NewContext, shopping: Shopping
) -> None:
    bought = shopping.returnable()
    shopper = shopper_with(way, new_context, bought.customer_id)
    shopper.says(
        way.words(f"注文 {bought.number} を返品したいです", f"I want to return order {bought.number}")
    )
    shopper.presses(way.words("^不要になった$", "^No longer wanted$"))
    shopper.presses(way.words("^未開封$", "^Unopened$"))

    card = shopper.log.get_by_role("region", name=way.words("商品の返品", "Return items"))
    expect(card).to_contain_text(way.words("不要になった", "No longer wanted"))
    expect(card).to_contain_text(re.compile(way.words(r"返金額\s*[\d,]+円", r"Refund\s*¥[\d,]+")))
    expect(card).to_contain_text(
        re.compile(way.words("営業日|まで", "business day|by "))
    )  # the clock of the refund
    expect(
        card.get_by_role("heading")
    ).to_be_focused()  # their own press brought it; Enter alone confirms nothing
    shopper.page.keyboard.press("Enter")
    expect(shopper.log.locator(".receipt")).to_have_count(0)
    shopper.presses(way.words("^1点を返品する$", "^Return 1 item$"))

    receipt = shopper.log.locator(".receipt")
    expect(receipt).to_contain_text(f"{bought.number}-RMA1")
    page = shopper.reads_order_page(bought.number)
    expect(page).to_contain_text(f"{bought.number}-RMA1")
    assert shopper.downloads_receipt().startswith(b"%PDF-")


# ── 4 ─────────────────────────────────────────────────────────────────────────────────────────────


@WAYS
@pytest.mark.req("A11Y-001", "CASE-009", "CASE-010", "HND-006", "CH-011")
def test_what_the_assistant_could_not_solve_a_person_does(
    way: Way, new_context: NewContext, shopping: Shopping, counter: Counter, empty_queue: None
) -> None:
    bought = shopping.returnable()
    shopper = shopper_with(way, new_context, bought.customer_id)
    words = way.words(
        f"返品の条件を教えてください。注文番号は {bought.number} です",
        f"What are the conditions to return order {bought.number}?",
    )
    shopper.says(words)
    shopper.hears(way.words("返品の条件ですね", "about the return conditions"))
    shopper.asks_for_a_person()
    shopper.hears(way.words("担当者に引き継ぎました", "Handed over to a person"))
    expect(shopper.banner).to_contain_text(way.words("順番", "place"))

    desk = DeskAgent(new_context(way.language), way.language, way.hands)
    desk.signs_in("mori", counter.staff["mori"])
    desk.is_ready()
    desk.accepts(bought.customer)
    expect(desk.hand_over).to_contain_text(words)
    expect(desk.hand_over).to_contain_text(bought.number)
    expect(desk.customer).to_contain_text(bought.number)
    shopper.hears(way.words("ここから担当者 森 が対応します", "森 will help you from here"))
    expect(shopper.banner).to_be_empty()

    desk.replies(way.words("返品の手続きをいたします。", "I will arrange the return."))
    shopper.hears(way.words("返品の手続きをいたします。", "I will arrange the return."))
    expect(desk.takes_back(bought.number)).to_contain_text(f"{bought.number}-RMA1")
    expect(shopper.log.locator(".receipt")).to_contain_text(f"{bought.number}-RMA1")
    desk.resolves()

    shopper.confirms_solved()
    shopper.rates_very_good()
    shopper.asks_for_the_transcript()
    mail = transcript_to(counter, words)
    assert way.words("返品の手続きをいたします。", "I will arrange the return.") in mail


def transcript_to(counter: Counter, said: str) -> str:
    """The text of the mail that repeats what was said; it leaves by the outbox, a moment later."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        for raw in reversed(counter.mails()):
            body = email.message_from_string(raw, policy=email.policy.default).get_body(("plain",))
            text = str(body.get_content()) if body else ""
            if said in text:
                return text
        time.sleep(0.1)
    raise AssertionError("no transcript was sent")


# ── 5 ─────────────────────────────────────────────────────────────────────────────────────────────


@WAYS
@pytest.mark.req("A11Y-001", "CH-008", "HND-004")
def test_a_browser_closed_in_the_middle_loses_nothing(
    way: Way,
    new_context: NewContext,
    shopping: Shopping,
    counter: Counter,
    staff_sessions: dict[str, httpx.Client],
    empty_queue: None,
) -> None:
    ahead = Customer(counter.url, cast.SENIOR)
    ahead.ask_for_a_person("先に待っています")
    bought = shopping.delivered()
    shopper = shopper_with(way, new_context, bought.customer_id)
    asked = way.words(
        f"返品の条件を教えてください。注文番号は {bought.number} です",
        f"What are the conditions to return order {bought.number}?",
    )
    shopper.says(asked)
    shopper.hears(way.words("返品の条件ですね", "about the return conditions"))
    shopper.asks_for_a_person()
    shopper.hears(way.words("担当者に引き継ぎました", "Handed over to a person"))
    expect(shopper.banner).not_to_be_empty()
    mori = staff_sessions["mori"]
    place = waiting_place(mori, bought)
    assert place["ahead"] in (0, 1)  # a member goes before who is none (PRM-001)
    shopper.hands.write(shopper.field, way.words("書きかけの言葉", "half a sentence"))

    shopper.page.close()  # the window, on the same device
    again = Shopper(shopper.device, way.language, way.hands)
    again.visit_shop()
    again.sees_help()  # it opens by itself where it was
    expect(again.log).to_contain_text(asked)
    expect(again.field).to_have_value(way.words("書きかけの言葉", "half a sentence"))
    expect(again.banner).not_to_be_empty()
    told = again.banner.inner_text()
    shopper.device.close()

    other = Way(way.language, not way.phone, way.keys_only)
    elsewhere = shopper_with(other, new_context, bought.customer_id)
    elsewhere.goes_on_with(bought.number)
    expect(elsewhere.log).to_contain_text(asked)
    expect(elsewhere.banner).to_have_text(told)
    assert waiting_place(mori, bought)["ahead"] == place["ahead"]

    contact = contact_of(mori, bought)
    version = {"owner_version": contact["owner"]["version"]}
    taken = mori.post(f"/contacts/{contact['id']}/take", json=version).raise_for_status().json()
    mori.post(
        f"/contacts/{contact['id']}/entries",
        json={
            "text": way.words("お待たせしました", "Thank you for waiting"),
            "client_key": f"five-{contact['id']}",
            "owner_version": taken["owner"]["version"],
        },
    ).raise_for_status()
    elsewhere.hears(way.words("お待たせしました", "Thank you for waiting"))
    elsewhere.says(way.words("続きをお願いします", "Please go on"))


def contact_of(http: httpx.Client, bought: Bought) -> dict[str, Any]:
    waiting = (
        http.get("/contacts", params={"view": "waiting", "limit": 100}).raise_for_status().json()["contacts"]
    )
    (found,) = [contact for contact in waiting if contact["order_number"] == bought.number]
    return dict(found)


def waiting_place(http: httpx.Client, bought: Bought) -> dict[str, Any]:
    """What the customer was told of the queue; it is told a moment after the contact has entered it."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        told = contact_of(http, bought)["expectation"]
        if told is not None:
            return dict(told)
        time.sleep(0.05)
    raise AssertionError("the customer was not told where they stand")
