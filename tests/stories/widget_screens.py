"""The widget as a person meets it: sign in at the demonstration shop, open the help, find one's way by names."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

LABELS = {
    "ja": {"open": "お問い合わせ", "person": "担当者と話す", "write": "メッセージを入力", "send": "送信", "close": "閉じる", "back": "戻る", "happened": "どうされましたか"},
    "en": {"open": "Help", "person": "Talk to a person", "write": "Write a message", "send": "Send", "close": "Close", "back": "Back", "happened": "What happened?"},
}  # fmt: skip


class Widget:
    """The help on the demonstration shop's page, for one signed-in customer or a visitor."""

    def __init__(self, context: BrowserContext, language: str = "ja", customer: str = "") -> None:
        self.context = context
        self.labels = LABELS[language]
        self.page: Page = context.new_page()
        self.language = language
        if customer:
            self.sign_in(customer)
        self.page.goto(f"/demo/shop?lang={language}")

    def sign_in(self, customer: str) -> None:
        self.page.goto(f"/demo/sign-in-as?lang={self.language}")
        self.page.locator(f"[name=customer_id][value=cus_{customer.lower()}]").click()

    @property
    def panel(self) -> Locator:
        return self.page.locator("madoguchi-help dialog")

    @property
    def log(self) -> Locator:
        return self.panel.get_by_role("log")

    @property
    def field(self) -> Locator:
        return self.panel.get_by_role("textbox", name=self.labels["write"])

    @property
    def heading(self) -> Locator:
        return self.panel.locator("h2")

    def open(self) -> Widget:
        self.page.get_by_role("button", name=self.labels["open"]).click()
        expect(self.panel.locator(".page, .chat")).to_be_visible()
        expect(self.panel.locator(".waiting")).to_have_count(0)
        return self

    def problem(self, name: str) -> Locator:
        """What may be wrong with the order just picked; the first page offers the same words without an order."""
        return (
            self.panel.get_by_role("region", name=self.labels["happened"])
            .get_by_role("button", name=name)
            .first
        )

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def said_by_house(self) -> Locator:
        return self.log.locator("li.msg.far .words")

    def remembered(self, key: str) -> str:
        """What the widget keeps in this browser under `key`."""
        return str(
            self.page.evaluate(
                "key => JSON.parse(localStorage.getItem(Object.keys(localStorage).find(name => name.endsWith(':' + key))))",
                key,
            )
        )

    def focused(self) -> str:
        """Name of the element that has the focus, inside the shadow root."""
        return str(self.page.evaluate(FOCUSED))

    def spoken(self) -> list[str]:
        """All that was written into live regions since `listen`."""
        return list(self.page.evaluate("() => window.spokenByWidget"))

    def listen(self) -> None:
        self.page.evaluate(LISTEN)


FOCUSED = """() => {
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  return at ? `${at.tagName.toLowerCase()}:${(at.getAttribute('aria-label') || at.innerText || '').trim()}` : '';
}"""

LISTEN = """() => {
  window.spokenByWidget = [];
  const root = document.querySelector('madoguchi-help').shadowRoot;
  for (const region of root.querySelectorAll('.spoken')) {
    new MutationObserver((changes) => {
      for (const change of changes) for (const node of change.addedNodes) window.spokenByWidget.push(node.textContent);
    }).observe(region, { childList: true });
  }
}"""

SMALL_TARGETS = """(least) => {
  const root = document.querySelector('madoguchi-help').shadowRoot;
  const seen = [...root.querySelectorAll('dialog button, dialog a, dialog input, dialog textarea')].filter((e) => e.checkVisibility());
  const box = (e) => (/radio|checkbox/.test(e.type) ? e.closest('label') : e).getBoundingClientRect();
  return seen.filter((e) => box(e).height < least - 0.5 || box(e).width < least - 0.5)
    .filter((e) => !(e.tagName === 'A' && getComputedStyle(e).display === 'inline'))
    .map((e) => `${e.tagName} ${e.innerText || e.ariaLabel || e.name} ${Math.round(box(e).width)}×${Math.round(box(e).height)}`);
}"""


def violations(page: Page, source: str) -> list[str]:
    """What axe-core finds in the widget, as `rule: element`; run by evaluate, which a strict CSP allows."""
    page.evaluate(source)
    found: dict[str, Any] = page.evaluate("() => axe.run(document.querySelector('madoguchi-help'))")
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]]
