"""The people of the five stories: a shopper with the help on the shop's page, and an agent at the desk.

What they do is named as a person would say it, and found as a person finds it: by role and name. They work a page with
a mouse (or finger), or with nothing but the keyboard.
"""

from __future__ import annotations

import re
from typing import Protocol

from playwright.sync_api import BrowserContext, Locator, Page, expect

SHOPPER = {
    "ja": {
        "open": "お問い合わせ", "field": "メッセージを入力|お困りのことをご記入ください", "send": "送信",
        "person": "担当者と話す", "log": "会話", "continue": "続きから", "confirm_solved": "はい、解決しました",
        "great": "とても良い", "no_answer": "答えない", "feedback": "評価を送る", "transcript": "会話の記録をメールで受け取る",
        "receipt_pdf": "領収書（PDF）", "rating": "今回の対応はいかがでしたか",
    },
    "en": {
        "open": "Help", "field": "Write a message|Describe your problem", "send": "Send",
        "person": "Talk to a person", "log": "Conversation", "continue": "Continue", "confirm_solved": "Yes, it is solved",
        "great": "Very good", "no_answer": "No answer", "feedback": "Send feedback", "transcript": "Send me this conversation by mail",
        "receipt_pdf": "Receipt (PDF)", "rating": "How was our help?",
    },
}  # fmt: skip
AGENT = {
    "ja": {
        "login": "ログインID", "password": "パスワード", "sign_in": "ログイン", "status": "自分の状態", "available": "受付中",
        "offer": "新しい会話", "pass": "見送る", "hand_over": "引き継ぎ", "customer": "お客様", "reply": "お客様に返信",
        "return": "商品の返品", "reason": "不要になった", "check": "内容を確認する", "review": "次の内容で実行します",
        "result": "結果", "close": "閉じる", "resolve": "解決して次へ", "resolve_dialog": "解決にする",
    },
    "en": {
        "login": "Sign-in name", "password": "Password", "sign_in": "Sign in", "status": "My status", "available": "Taking contacts",
        "offer": "New contact", "pass": "Pass", "hand_over": "Hand-over", "customer": "Customer", "reply": "Reply to the customer",
        "return": "Return items", "reason": "No longer wanted", "check": "Check what would happen", "review": "Please check: this will happen",
        "result": "What came of it", "close": "Close", "resolve": "Resolve and open the next", "resolve_dialog": "Resolve",
    },
}  # fmt: skip

IS_FOCUSED = "element => element.getRootNode().activeElement === element"
FOCUSED = """() => {
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  return at ? `${at.tagName.toLowerCase()}:${(at.getAttribute('aria-label') || at.innerText || '').trim()}` : '';
}"""
MOST_TABS = 80


class Hands(Protocol):
    """How somebody works a page."""

    def press(self, button: Locator) -> None: ...
    def choose(self, radio: Locator) -> None: ...
    def write(self, field: Locator, text: str) -> None: ...


class Mouse:
    """Points, and types where it has pointed."""

    def press(self, button: Locator) -> None:
        button.click()

    def choose(self, radio: Locator) -> None:
        radio.check()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)


class Keyboard:
    """Tab, Shift+Tab, Enter, Space and arrows. What cannot be reached by them is not found, and the story fails."""

    def press(self, button: Locator) -> None:
        self.go_to(button)
        button.page.keyboard.press("Enter")

    def choose(self, radio: Locator) -> None:
        """Into the group by Tab, then to the wanted one by the arrows."""
        expect(radio).to_be_visible()
        keys, name = radio.page.keyboard, radio.get_attribute("name")
        group = radio.locator(f"xpath=ancestor::fieldset[1]//input[@name='{name}']")
        for _ in range(MOST_TABS):
            if any(one.evaluate(IS_FOCUSED) for one in group.all()):
                break
            keys.press("Tab")
        keys.press("Space")
        for _ in range(group.count()):
            if radio.is_checked():
                return
            keys.press("ArrowDown")
        expect(radio).to_be_checked()

    def write(self, field: Locator, text: str) -> None:
        self.go_to(field)
        field.page.keyboard.press("Control+KeyA")
        field.page.keyboard.insert_text(text)

    def go_to(self, target: Locator) -> None:
        """Back first (what a conversation shows is mostly behind the field), then forward."""
        expect(target).to_be_visible()
        for key in ("Shift+Tab", "Tab"):
            for _ in range(MOST_TABS):
                if target.evaluate(IS_FOCUSED):
                    return
                target.page.keyboard.press(key)
        raise AssertionError(f"not in the tab order: {target}")


class Shopper:
    """A customer with the help on the demonstration shop's page, on one device."""

    def __init__(self, device: BrowserContext, language: str, hands: Hands | None = None) -> None:
        self.device = device
        self.language = language
        self.words = SHOPPER[language]
        self.hands = hands or Mouse()
        self.page: Page = device.new_page()

    # ── the shop ──────────────────────────────────────────────────────────────────────────────────

    def sign_in(self, customer_id: str) -> None:
        """As the demonstration lets one: by saying who one is. Others than the shown ones may be named too."""
        self.page.goto(f"/demo/sign-in-as?lang={self.language}")
        choice = self.page.locator("[name=customer_id]").first
        choice.evaluate("(button, id) => { button.value = id; }", customer_id)
        choice.click()

    def visit_shop(self) -> None:
        self.page.goto(f"/demo/shop?lang={self.language}")

    def open_help(self) -> None:
        self.hands.press(self.page.get_by_role("button", name=self.words["open"]))
        self.sees_help()

    def sees_help(self) -> None:
        expect(self.panel.locator(".page, .chat")).to_be_visible()
        expect(self.panel.locator(".waiting")).to_have_count(0)

    def reads_order_page(self, number: str) -> Locator:
        self.page.goto(f"/orders/{number}?lang={self.language}")
        return self.page.get_by_role("main")

    def downloads_receipt(self) -> bytes:
        """From the order's page."""
        with self.page.expect_download() as started:
            self.hands.press(self.page.get_by_role("button", name=self.words["receipt_pdf"]))
        return started.value.path().read_bytes()

    # ── what is there to see ──────────────────────────────────────────────────────────────────────

    @property
    def panel(self) -> Locator:
        return self.page.locator("madoguchi-help dialog")

    @property
    def log(self) -> Locator:
        return self.panel.get_by_role("log", name=self.words["log"])

    @property
    def field(self) -> Locator:
        return self.panel.get_by_role("textbox", name=re.compile(self.words["field"]))

    @property
    def banner(self) -> Locator:
        return self.panel.locator(".banner")

    def button(self, name: str) -> Locator:
        """The newest one of this name in the conversation that can still be pressed. `name`: a pattern."""
        return self.log.get_by_role("button", name=re.compile(name), disabled=False).last

    def hears(self, text: str) -> Locator:
        """The house has said it in the conversation. `text`: a pattern."""
        said = self.log.locator("li.far, li.fact").filter(has_text=re.compile(text)).last
        expect(said).to_be_visible()
        return said

    def focused(self) -> str:
        return str(self.page.evaluate(FOCUSED))

    # ── what one does ─────────────────────────────────────────────────────────────────────────────

    def says(self, text: str) -> None:
        self.hands.write(self.field, text)
        if isinstance(self.hands, Keyboard):
            self.page.keyboard.press("Enter")
        else:
            self.panel.get_by_role("button", name=self.words["send"], exact=True).click()
        expect(self.log.locator("li.near").filter(has_text=text).last).to_be_visible()

    def presses(self, name: str) -> None:
        self.hands.press(self.button(name))

    def asks_for_a_person(self) -> None:
        self.hands.press(self.panel.get_by_role("button", name=self.words["person"], exact=True).first)

    def goes_on_with(self, title: str) -> None:
        """From the home screen, back into a conversation."""
        open_ones = self.panel.get_by_role("region", name=self.words["continue"])
        self.hands.press(open_ones.get_by_role("button", name=re.compile(re.escape(title))).first)

    def confirms_solved(self) -> None:
        self.presses(f"^{self.words['confirm_solved']}")

    def rates_very_good(self) -> None:
        form = self.log.locator("form.rating")
        self.hands.choose(form.get_by_role("radio", name=self.words["great"], exact=True))
        self.hands.press(form.get_by_role("button", name=self.words["feedback"]))
        expect(form.get_by_role("group")).to_have_count(2)
        self.hands.press(form.get_by_role("button", name=self.words["no_answer"]))
        expect(form).to_have_count(0)

    def asks_for_the_transcript(self) -> None:
        self.presses(self.words["transcript"])


class DeskAgent:
    """An agent who signs in at /desk and works there."""

    def __init__(self, device: BrowserContext, language: str, hands: Hands | None = None) -> None:
        self.words = AGENT[language]
        self.hands = hands or Mouse()
        self.page = device.new_page()
        self.language = language

    def signs_in(self, login: str, password: str) -> None:
        self.page.goto(f"/desk/sign-in?lang={self.language}")
        self.hands.write(self.page.get_by_label(self.words["login"]), login)
        self.hands.write(self.page.get_by_label(self.words["password"]), password)
        self.hands.press(self.page.get_by_role("button", name=self.words["sign_in"], exact=True))
        expect(self.page.get_by_role("listbox")).to_be_visible()

    def is_ready(self) -> None:
        """Status: ready for contacts."""
        self.hands.press(self.page.get_by_role("button", name=re.compile(f"^{self.words['status']}")))
        ready = self.page.get_by_role("menuitemradio", name=self.words["available"], exact=True)
        expect(ready).to_be_visible()
        if isinstance(self.hands, Mouse):
            ready.click()
        else:
            for _ in range(6):
                if ready.evaluate(IS_FOCUSED):
                    break
                self.page.keyboard.press("ArrowDown")
            self.page.keyboard.press("Enter")
        expect(
            self.page.get_by_role(
                "button", name=re.compile(f"{self.words['status']} {self.words['available']}")
            )
        ).to_be_visible()

    def accepts(self, customer: str) -> None:
        """The contact that is held out, by Ctrl+J."""
        expect(self.page.get_by_role("region", name=self.words["offer"])).to_contain_text(customer)
        self.page.keyboard.press("Control+KeyJ")
        expect(self.page.get_by_role("heading", name=self.words["hand_over"])).to_be_focused()
        expect(self.page.get_by_role("heading", name=customer)).to_be_visible()

    @property
    def hand_over(self) -> Locator:
        return self.page.locator(".handover")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def customer(self) -> Locator:
        return self.page.get_by_role("region", name=self.words["customer"], exact=True)

    def replies(self, text: str) -> None:
        self.page.keyboard.press("KeyR")
        field = self.page.get_by_role("textbox", name=self.words["reply"])
        expect(field).to_be_focused()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Control+Enter")
        expect(self.log.locator(".entry.agent").filter(has_text=text)).to_be_visible()

    def takes_back(self, number: str) -> Locator:
        """A return through the dialog of the order; returns the receipt that came of it."""
        section = self.page.locator(f"#desk-order-{number}")
        expect(section).to_be_visible()
        self.page.keyboard.press("Escape")  # out of the field
        self.hands.press(
            self.page.locator(".order-section.open").get_by_role(
                "button", name=re.compile(self.words["return"])
            )
        )
        dialog = self.page.get_by_role("dialog", name=self.words["return"])
        self.hands.choose(dialog.get_by_role("radio", name=self.words["reason"], exact=True))
        self.hands.press(dialog.get_by_role("button", name=self.words["check"]))
        expect(dialog.get_by_role("heading", name=re.compile(self.words["review"]))).to_be_focused()
        self.hands.press(dialog.locator("button.primary"))
        expect(dialog.get_by_role("heading", name=self.words["result"])).to_be_focused()
        self.hands.press(dialog.get_by_role("button", name=self.words["close"]).last)
        expect(dialog).to_have_count(0)
        return self.log.locator(".receipt").last

    def resolves(self) -> None:
        if isinstance(self.hands, Keyboard):
            self.page.keyboard.press("Escape")
            self.page.keyboard.press("KeyE")
        else:
            self.page.get_by_role("button", name=re.compile(f"^{self.words['resolve']}")).first.click()
        dialog = self.page.get_by_role("dialog", name=self.words["resolve_dialog"])
        expect(dialog).to_be_visible()
        self.hands.press(dialog.get_by_role("button", name=self.words["resolve"]))
        expect(dialog).to_have_count(0)
