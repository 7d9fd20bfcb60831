"""Places in an article such as `{shop.phone}` or `{policy.returns.window_days}`, filled when it is read.

What an article says of the shop and its rules is therefore always what the settings and the policy say. A line with
a place for which there is nothing to say is left out: a shop without a telephone has no sentence about it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr, trn
from madoguchi.kit.money import Money

_PLACE = re.compile(r"\{([^{}\n]*)\}")
_CONDITION = re.compile(r"\{([^{}=\n]*)=([^{}\n]*)\}")
_POLICY = "policy."
_REFUND = "refund."

# Pages of ours that articles lead to.
_PAGES = {
    "start": "/",
    "orders": "/orders",
    "history": "/history",
    "person": "/person",
    "other": "/help/other",
    "articles": "/help/articles",
    "display": "/display",
    "accessibility": "/accessibility",
    "sign_in": "/sign-in",
    "security": "/help/security",
    "topics": "/help/topics",
    "connection": "/help/connection",
}


class Policy(Protocol):
    """The shop's written rules, by dotted key."""

    def value(self, key: str) -> Any: ...


class Places:
    """What can stand in `{…}`. `hours`, `calling`: of the desk and the telephone, in words; `policy_keys`: for the nearest name."""

    def __init__(
        self,
        settings: Settings,
        policy: Policy,
        policy_keys: Iterable[str] = (),
        hours: Callable[[str], str] = lambda language: "",
        calling: Callable[[str], str] = lambda language: "",
    ) -> None:
        self._settings = settings
        self._policy = policy
        self._hours, self._calling = hours, calling
        shop = settings.shop
        self._words: dict[str, Callable[[str], str]] = {
            "shop.name": shop.name_in,
            "shop.mail": lambda _: shop.mail_address,
            "shop.url": lambda _: shop.url,
            "shop.account_url": lambda _: shop.account_url,
            "shop.languages": lambda _: "、".join(_NAMES[each] for each in shop.languages),
            "shop.mail_domain": lambda _: settings.mail.sender.rpartition("@")[2],
            "shop.invoice_number": lambda _: shop.invoice_number,
            "shop.phone": lambda _: shop.phone,
            "shop.phone_cost": lambda _: shop.phone_cost,
            "hours.people": self._hours,
            "hours.phone": self._calling,
            "identity.code_minutes": lambda _: str(settings.identity.code_minutes),
            "history.list_days": lambda _: str(settings.history.list_days),
            "history.keep_days": lambda _: str(settings.history.keep_days),
            "desk.investigation": lambda language: _span(
                _Days(*settings.knowledge.investigation_days), language
            ),
            "desk.reopen_days": lambda _: str(settings.desk.reopen_days),
            "limits.attachment_mb": lambda _: str(settings.limits.attachment_mb),
            "limits.message_chars": lambda _: str(settings.limits.message_chars),
            **{f"page.{name}": _constantly(path) for name, path in _PAGES.items()},
        }
        self._known = [
            *self._words,
            *(f"{_POLICY}{key}" for key in policy_keys),
            *(f"{_REFUND}{tender}" for tender in policy.value("refund.tenders") or {}),
        ]

    def fill(self, text: str, language: str, *, signed_in: bool = True) -> str:
        """`text` as a reader sees it. The telephone is for those who have signed in (CH-014)."""
        lines = (self._fill_line(line, language, signed_in) for line in text.splitlines())
        return "\n".join(line for line in lines if line is not None)

    def problems(self, text: str, language: str = "en") -> list[str]:
        """Places that nobody can fill, each with the nearest known name, in words of `language`."""
        found = []
        for name in dict.fromkeys(place.partition("=")[0] for place in _PLACE.findall(text)):
            if self._knows(name):
                continue
            near = difflib.get_close_matches(name, self._known, 1, 0.5)
            place, hint = f"{{{name}}}", f"{{{near[0]}}}" if near else ""
            found.append(
                tr(language, "unknown place {place}; did you mean {hint}?", place=place, hint=hint)
                if near
                else tr(language, "unknown place {place}", place=place)
            )
        return found

    def _knows(self, name: str) -> bool:
        if name in self._words:
            return True
        if name.startswith(_REFUND):
            return self._clock_of(name) is not None
        return name.startswith(_POLICY) and self._policy.value(name.removeprefix(_POLICY)) is not None

    def _fill_line(self, line: str, language: str, signed_in: bool) -> str | None:
        if not all(self._holds(key, value) for key, value in _CONDITION.findall(line)):
            return None
        line = _CONDITION.sub("", line)
        values = {name: self._value(name, language, signed_in) for name in _PLACE.findall(line)}
        if not all(values.values()):
            return None
        return _PLACE.sub(lambda place: values[place[1]], line)

    def _holds(self, key: str, expected: str) -> bool:
        value = self._policy.value(key.removeprefix(_POLICY))
        return expected in value if isinstance(value, list) else str(value) == expected

    def _value(self, name: str, language: str, signed_in: bool) -> str:
        if name.startswith("shop.phone") and not signed_in:
            return ""
        if name in self._words:
            return self._words[name](language)
        if name.startswith(_REFUND):
            return _span(self._clock_of(name), language)
        return self._policy_words(self._policy.value(name.removeprefix(_POLICY)), language)

    def _clock_of(self, name: str) -> Any:
        tender = name.removeprefix(_REFUND)
        return (self._policy.value("refund.tenders") or {}).get(tender)

    def _policy_words(self, value: Any, language: str) -> str:
        if value is None:
            return ""
        if hasattr(value, "business_days"):
            return _span(value, language)
        if isinstance(value, dict):
            currency = self._settings.shop.currency
            amount = value.get(currency)
            return "" if amount is None else Money(minor=amount, currency=currency).text(language)
        return str(value)


_NAMES = {"ja": "日本語", "en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "ko": "한국어"}


@dataclass(frozen=True)
class _Days:
    low: int
    high: int
    business_days: bool = False


def _constantly(text: str) -> Callable[[str], str]:
    return lambda _: text


# Where the catalogues have no words yet: a span of business days and of days, and one number of them.
_SPANS = {
    "zh-Hans": ("{}个工作日", "{}天"),
    "zh-Hant": ("{}個工作天", "{}天"),
    "ko": ("{}영업일", "{}일"),
}


def _span(span: Any, language: str) -> str:
    """3〜5営業日, 2–3 business days, 1 day."""
    if span is None:
        return ""
    if language in _SPANS:
        days = str(span.low) if span.low == span.high else f"{span.low}–{span.high}"
        return _SPANS[language][0 if span.business_days else 1].format(days)
    if span.low == span.high and span.business_days:
        return trn(language, "{n} business day", "{n} business days", span.high)
    if span.low == span.high:
        return trn(language, "{n} day", "{n} days", span.high)
    if span.business_days:
        return tr(language, "{low}–{high} business days", low=span.low, high=span.high)
    return tr(language, "{low}–{high} days", low=span.low, high=span.high)
