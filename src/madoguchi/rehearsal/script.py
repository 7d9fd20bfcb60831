"""Conversations written down: what the customer says, what must be answered, what must be so at the end.

    # What this conversation shows
    req: ORD-004
    who: C1001 ja
    about: payment_refund.receipt
    客: タオルが届きません
    窓口: 商品が届かない件ですね / どのような対応 / -知らない言葉
    客: [もう一度送ってほしい]
    結果: done=reship queue=-

`docs/flows.md` explains every line. English names of the speakers (customer, counter, proof, result) do as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from madoguchi.assistant.history import remember
from madoguchi.counter.actors import Rung
from madoguchi.counter.contacts import events
from madoguchi.counter.customers import account_service
from madoguchi.counter.customers.account_model import PREFIX as ACCOUNT
from madoguchi.counter.orders import queries as order_queries
from madoguchi.counter.routing import queries as routing_queries
from madoguchi.engine.database import Transaction
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat, NoButton

_SPEAKERS = {"客": "customer", "窓口": "counter", "証明": "proof", "結果": "result"}
_LINE = re.compile(rf"^({'|'.join([*_SPEAKERS, *_SPEAKERS.values()])}): ?(.*)$")
_HEAD = ("#", "req: ", "who: ", "about: ")


class ScriptError(ValueError):
    """A script that cannot be read; the message says where and why."""


@dataclass(frozen=True)
class Line:
    number: int
    speaker: str  # customer | counter | proof | result
    words: str


@dataclass(frozen=True)
class Script:
    """`who`: the shop's number of a customer, or `visitor`; `about`: the topic that they picked before any word;
    `requirements`: ids of the catalogue that it proves."""

    name: str
    who: str
    language: str
    requirements: tuple[str, ...]
    lines: tuple[Line, ...]
    about: str = ""  # the kind of enquiry that was picked on the page before a word was said


@dataclass(frozen=True)
class Failure:
    """What did not go as written, and what was said instead."""

    line: Line
    why: str

    def __str__(self) -> str:
        return f"line {self.line.number}: {self.line.words}\n{self.why}"


def read_script(path: Path) -> Script:
    """Raises ScriptError."""
    who, language, about = "", "ja", ""
    requirements: tuple[str, ...] = ()
    lines: list[Line] = []
    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        found = _LINE.match(text)
        if found:
            lines.append(Line(number, _SPEAKERS.get(found[1], found[1]), found[2]))
        elif text.startswith("who: "):
            who, *more = text.removeprefix("who: ").split()
            language = more[0] if more else "ja"
        elif text.startswith("about: "):
            about = text.removeprefix("about: ").strip()
        elif text.startswith("req: "):
            requirements = tuple(text.removeprefix("req: ").split())
        elif text and not text.startswith(_HEAD):
            raise ScriptError(f"{path.name}:{number}: nobody says this: {text}")
    if not who:
        raise ScriptError(f"{path.name}: no line 'who: CUSTOMER [LANGUAGE]'")
    return Script(path.stem, who, language, requirements, tuple(lines), about)


def play(script: Script, house: House) -> Failure | None:
    """Hold the conversation; the first thing that is not as written, or None."""
    visitor = script.who == "visitor"
    chat = Chat(
        house,
        "" if visitor else script.who,
        rung=Rung.VISITOR if visitor else Rung.FRESH,
        language=script.language,
        problem=script.about,
    )
    for line in script.lines:
        why = _STEPS[line.speaker](chat, line.words)
        if why:
            return Failure(line, why)
    return None


def _customer(chat: Chat, words: str) -> str:
    if not words.startswith("["):
        chat.say(words)
        return ""
    try:
        chat.press(words[1:-1])
    except NoButton as missing:
        return str(missing)
    return ""


def _proof(chat: Chat, words: str) -> str:
    """`order NUMBER`: the code of an order was right; `customer NUMBER`: they have signed in."""
    what, number = words.split()
    if what == "customer":
        chat.prove(Rung.FRESH, ref=number)
    else:
        chat.prove(Rung.ORDER, order_number=number)
    return ""


def _counter(chat: Chat, words: str) -> str:
    heard = "\n".join([chat.text, *chat.labels, *(str(card) for card in chat.cards)])
    for phrase in (part.strip() for part in words.split(" / ")):
        if phrase.startswith("-") and phrase[1:] in heard:
            return f"{phrase[1:]!r} was said:\n{heard}"
        if not phrase.startswith("-") and phrase not in heard:
            return f"{phrase!r} is missing in:\n{heard}"
    return ""


def _result(chat: Chat, words: str) -> str:
    for claim in words.split():
        name, _, value = claim.partition("=")
        if name not in _CLAIMS:
            return f"there is no claim {name!r}; one of: {', '.join(_CLAIMS)}"
        found = _CLAIMS[name](chat, value)
        if found != value:
            return f"{name} is {found!r}, not {value!r}; last said:\n{chat.text}"
    return ""


_STEPS: dict[str, Callable[[Chat, str], str]] = {
    "customer": _customer,
    "counter": _counter,
    "proof": _proof,
    "result": _result,
}


# ── what may be claimed: each gives back `value` where the claim holds, else what is so ────────────────


def _queue(chat: Chat, value: str) -> str:
    handed = chat.facts(events.HAND_OVER)
    if handed:
        return str(handed[-1]["queue"])
    contact = chat.contact
    return contact.owner_id if contact.owner_kind in ("queue", "agent") else "-"


def _reason(chat: Chat, value: str) -> str:
    handed = chat.facts(events.HAND_OVER)
    return str(handed[-1]["reason"]) if handed else "-"


def _priority(chat: Chat, value: str) -> str:
    place = chat.house.database.read(routing_queries.place_of, chat.id)
    return str(place.priority) if place else "-"


def _fact(chat: Chat, value: str) -> str:
    summary = str(chat.summary)
    return value if value in summary else summary


def _done(chat: Chat, value: str) -> str:
    return "+".join(_action(chat, one) for one in chat.done()) or "0"


def _order(chat: Chat, value: str) -> str:
    number, _, _ = value.partition(":")
    order = chat.house.shop.order(number)
    return f"{number}:{order.state if order else 'unknown'}"


def _state(chat: Chat, value: str) -> str:
    return chat.contact.state


def _card(chat: Chat, value: str) -> str:
    kinds = [str(card["kind"]) for card in chat.cards]
    return value if value in kinds else "+".join(kinds)


def _flow(chat: Chat, value: str) -> str:
    flows = [run.flow for run in remember(chat.entries).runs]
    return value if value in flows else "+".join(flows)


def _topic(chat: Chat, value: str) -> str:
    return chat.contact.topic


def _outcome(chat: Chat, value: str) -> str:
    """How the last finished flow ended."""
    ended = [run.outcome for run in remember(chat.entries).runs if run.outcome]
    return ended[-1] if ended else "-"


_CLAIMS: dict[str, Callable[[Chat, str], str]] = {
    "queue": _queue,
    "reason": _reason,
    "priority": _priority,
    "fact": _fact,
    "done": _done,
    "order": _order,
    "state": _state,
    "card": _card,
    "flow": _flow,
    "topic": _topic,
    "outcome": _outcome,
}


def _action(chat: Chat, proposal_id: str) -> str:
    def read(tx: Transaction) -> str:
        if proposal_id.startswith(ACCOUNT):
            return account_service.find(tx, proposal_id).deed
        return order_queries.proposal(tx, proposal_id).action

    return chat.house.database.read(read)
