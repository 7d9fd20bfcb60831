"""Drafts for an agent: a paragraph beside the hand-over, a suggested reply, a translation.

A person reads them before anything happens. They are marked as the model's, hold no number and no address that was
not given, and rest on what the customer's rung allows to show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from madoguchi.assistant.model import checks
from madoguchi.assistant.model.answers import Passage
from madoguchi.assistant.model.checks import Unusable
from madoguchi.assistant.model.colleague import Purpose, Sitting
from madoguchi.assistant.model.prompts import Block
from madoguchi.assistant.model.wording import LANGUAGE_NAMES
from madoguchi.assistant.wording import day_text, money_text, spoken
from madoguchi.counter.actors import ASSISTANT
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.phrases import stage_text
from madoguchi.counter.orders.workflow import OrderDesk

_LONGEST = {"summaries": 900, "suggestions": 1500}
_LAST_WORDS = 30
_MOST_ORDERS = 8


@dataclass(frozen=True)
class Written:
    """Words of the model for a person of the shop, never for the customer as they are."""

    text: str
    by: str


def summary(
    sitting: Sitting, entries: Iterable[Entry], facts: dict[str, Any], language: str
) -> Written | None:
    """A paragraph beside the hand-over's facts, which stay the rules' own."""
    found = [f"{fact['label']}: {fact['value']}" for fact in facts.get("facts", ())]
    lines = [f"{name}: {value}" for name, value in facts.items() if value and isinstance(value, str)]
    known = "\n".join([*lines, *found, *facts.get("tried", ())])
    blocks = [Block("facts", known), Block("conversation", conversation(entries))]
    return _write(sitting, "summaries", blocks, language, lambda text: _holds_only(text, blocks))


def suggestion(
    sitting: Sitting,
    entries: Iterable[Entry],
    orders: Sequence[Order],
    language: str,
    articles: Sequence[Passage] = (),
) -> Written | None:
    """A draft of the agent's next reply, from `visible_orders`, articles and what the shop's side has said.

    A number or a promise that only the customer has written is none of ours; nor is an article a promise to somebody.
    """
    said = list(entries)
    known = Block("orders", "\n".join(order_line(order, language) for order in orders))
    read = [Block(f"article {each.id}", f"{each.title}\n{each.text}") for each in articles]
    ours = Block("ours", conversation(entry for entry in said if entry.author_kind != "customer"))

    def check(text: str) -> None:
        _holds_only(text, [known, ours, *read])
        if checks.commitments(text) - checks.commitments(f"{known.text}\n{ours.text}"):
            raise Unusable("promises what the shop has not said")

    blocks = [known, *read, Block("conversation", conversation(said))]
    return _write(sitting, "suggestions", blocks, language, check)


def translation(sitting: Sitting, text: str, language: str) -> Written | None:
    """The text in another language; None where a number or an address did not survive."""

    def parse(raw: str) -> Written:
        translated = checks.text_of(raw, 4 * len(text) + 200)
        if _digits(translated) != _digits(text):
            raise Unusable("numbers differ")
        if set(checks.links(translated)) - set(checks.links(text)):
            raise Unusable("an address of its own")
        return Written(translated, sitting.by)

    return sitting.ask("translation", [Block("text", text)], parse, language=LANGUAGE_NAMES[language])


def visible_orders(desk: OrderDesk, contact: Contact) -> list[Order]:
    """The orders that the contact's customer has proved to be theirs; nobody else's reach the model (S-29)."""
    actor = ASSISTANT.on_behalf_of(contact.customer_id, contact.rung, frozenset(contact.proven_orders))
    return desk.orders(replace(actor, language=contact.language), limit=_MOST_ORDERS)


def conversation(entries: Iterable[Entry]) -> str:
    """The last public words of a contact, one line each."""
    said = [
        f"{entry.author_kind}: {entry.body.get('text', '')}"
        for entry in entries
        if entry.kind == events.MESSAGE and entry.visibility == "public" and entry.body.get("text")
    ]
    return "\n".join(said[-_LAST_WORDS:])


def order_line(order: Order, language: str) -> str:
    """One order in words: number, day, goods, state, total; no address and no means of payment."""
    tongue = spoken(language)
    goods = ", ".join(f"{line.label(tongue)} × {line.quantity}" for line in order.lines)
    total = money_text(order.total, order.currency, tongue)
    placed = day_text(order.placed_at.date(), tongue)
    return f"{order.number} | {placed} | {goods} | {stage_text(order.state, tongue)} | {total}"


def _holds_only(text: str, blocks: Sequence[Block]) -> None:
    checks.only_figures_of(text, [block.text for block in blocks])


def _write(
    sitting: Sitting,
    purpose: Purpose,
    blocks: Sequence[Block],
    language: str,
    check: Callable[[str], None],
) -> Written | None:
    hosts = checks.own_hosts(sitting.settings)

    def parse(raw: str) -> Written:
        text = checks.text_of(raw, _LONGEST[purpose])
        checks.only_links_to(text, hosts)
        check(text)
        return Written(text, sitting.by)

    return sitting.ask(purpose, blocks, parse, language=LANGUAGE_NAMES[language])


def _digits(text: str) -> dict[str, int]:
    return {figure: count for figure, count in checks.figures(text).items() if figure[0].isdigit()}
