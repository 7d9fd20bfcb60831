"""What a letter is filled with when it is only looked at or tried: an example in each language, in the house's own words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from madoguchi.channels.mail.wordbook.composing import Filling
from madoguchi.channels.mail.wordbook.enquiries import STEPS
from madoguchi.channels.mail.wordbook.model import LetterKind
from madoguchi.counter.calendars.loading import load
from madoguchi.counter.callbacks.wording import ringtone_text
from madoguchi.counter.cases.promise_wording import late_text
from madoguchi.counter.cases.wording import state_label
from madoguchi.counter.orders.phrases import moment_text
from madoguchi.counter.privacy.wording import kind_text
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

_FILE = Path(__file__).with_name("examples.toml")
CASE = "C-10482"
ORDER = "250-1048-2210"
CODE = "123456"
_OF_ORDERS = ("order_", "seller_", "buyer_")


def filling(
    tx: Transaction,
    settings: Settings,
    kind: LetterKind,
    language: str,
    facts: Mapping[str, str] | None = None,
) -> Filling:
    """`facts`: of a real order, instead of the example's; `number` and `title` among them fill places."""
    given = dict(facts or {})
    told = _words(language)
    zone = ZoneInfo(settings.shop.timezone)
    at = tx.now + timedelta(hours=5)
    until = moment_text(at, zone, language)
    link = f"{settings.base_url}/help"
    order = given.get("number", ORDER) if kind.id.startswith(_OF_ORDERS) else CASE
    places = {
        "number": order,
        "code": CODE,
        "minutes": settings.identity.code_minutes,
        "hours": _hours(tx, settings, kind, language),
        "days": settings.privacy.answer_days,
        "url": link,
        "settings": f"{settings.base_url}/account/privacy",
        "feedback": f"{settings.base_url}/help/feedback",
        "state": state_label("waiting_for_us", language),
        "when": until,
        "until": until,
        "at": until,
        "zone": zone.key,
        "channel": tr(language, "Chat"),
        "action": told["title"],
        "title": given.get("title", told["title"]),
        "what": told["alert"],
        "n": 2,
        "name": told["report"],
        "period": _period(tx.now, zone),
        "request": kind_text("export" if kind.id == "copy_ready" else "history", language),
    }
    blocks = {
        "link": link,
        "done": f"{told['title']}\n\n{told['done']}",
        "promises": told["promises"],
        "matter": told["matter"],
        "summary": told["summary"],
        "answer": told["answer"],
        "late": late_text("first_answer", tx.now.astimezone(zone), at.astimezone(zone), language),
        "lines": told["lines"],
        "ringtone": ringtone_text(settings.callback.caller_id, language)
        if settings.callback.caller_id
        else "",
        "what": told["alert"],
        "figures": told["figures"],
        "news": told["news"],
        **given,
    }
    return Filling(places, blocks, {"waiting_for_us", "page"})


def steps_of(kind: LetterKind) -> list[str]:
    """The passages of which one stands in the letter at a time."""
    return [f"step_{state}" for state in STEPS] if kind.id == "case_moved" else []


def _hours(tx: Transaction, settings: Settings, kind: LetterKind, language: str) -> object:
    if kind.id in ("mail_received", "form_received"):
        return load(tx, settings).hours_for("", "mail", language).text(language)
    return settings.investigation.notice_hours


def _period(now: datetime, zone: ZoneInfo) -> str:
    today = now.astimezone(zone).date()
    return f"{today - timedelta(days=7)} – {today - timedelta(days=1)}"


def _words(language: str) -> Mapping[str, str]:
    table = _read()
    return table.get(language) or table["en"]


@lru_cache(maxsize=1)
def _read() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text("utf-8"))
