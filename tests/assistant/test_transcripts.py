"""Whole conversations, as text files, against the demonstration shop with everything put together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from madoguchi.assistant.history import remember
from madoguchi.counter.actors import Rung
from madoguchi.counter.contacts import events
from madoguchi.counter.orders import queries as order_queries
from madoguchi.engine.database import Transaction
from madoguchi.faces.house import House
from tests.assistant.chat import Chat

_proves = (
    pytest.mark.req
)  # the ids stand in the transcripts, where `madoguchi dev requirements` reads them too
FOLDER = Path(__file__).parent / "transcripts"
_LINE = re.compile(r"^(客|窓口|結果|証明|customer|counter|result|proof): ?(.*)$")


def _files() -> list[object]:
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        ids = re.search(r"^req: (.+)$", path.read_text("utf-8"), re.M)
        marks = [_proves(*ids[1].split())] if ids else []
        found.append(pytest.param(path, id=path.stem, marks=marks))
    return found


@pytest.mark.parametrize("path", _files())
def test_the_conversation_goes_as_written(path: Path, house: House) -> None:
    lines = path.read_text("utf-8").splitlines()
    who = next(line.removeprefix("who: ").split() for line in lines if line.startswith("who: "))
    language = who[1] if len(who) > 1 else "ja"
    rung = Rung.VISITOR if who[0] == "visitor" else Rung.FRESH
    chat = Chat(house, "" if who[0] == "visitor" else who[0], rung=rung, language=language)
    for number, line in enumerate(lines, 1):
        found = _LINE.match(line)
        if found is None:
            assert not line or line.startswith(("#", "req: ", "who: ")), f"{path.name}:{number}: {line}"
            continue
        _step(chat, found[1], found[2], f"{path.name}:{number}: {line}")


def _step(chat: Chat, who: str, words: str, where: str) -> None:
    if who in ("客", "customer"):
        if words.startswith("["):
            chat.press(words[1:-1])
        else:
            chat.say(words)
    elif who in ("証明", "proof"):
        chat.prove(Rung.ORDER, order_number=words.split()[1])
    elif who in ("窓口", "counter"):
        _said(chat, words, where)
    else:
        for claim in words.split():
            _holds(chat, *claim.split("=", 1), where)


def _said(chat: Chat, words: str, where: str) -> None:
    heard = "\n".join([chat.text, *chat.labels, *(str(card) for card in chat.cards)])
    for phrase in (part.strip() for part in words.split(" / ")):
        if phrase.startswith("-"):
            assert phrase[1:] not in heard, f"{where}\nsaid:\n{heard}"
        else:
            assert phrase in heard, f"{where}\n{phrase!r} is missing in:\n{heard}"


def _holds(chat: Chat, name: str, value: str, where: str) -> None:
    contact = chat.contact
    handed = chat.facts(events.HAND_OVER)
    if name == "queue":
        owner = contact.owner_id if contact.owner_kind in ("queue", "agent") else "-"
        assert (handed[-1]["queue"] if handed else owner if owner != "-" else "-") == value, where
    elif name == "reason":
        assert handed[-1]["reason"] == value, where
    elif name == "priority":
        assert _priority(chat) == int(value), where
    elif name == "fact":
        assert value in str(chat.summary), f"{where}\n{chat.summary}"
    elif name == "done":
        assert [_action(chat, one) for one in chat.done()] == ([] if value == "0" else value.split("+")), (
            where
        )
    elif name == "order":
        number, state = value.split(":")
        order = chat.house.shop.order(number)
        assert order is not None and order.state == state, where
    elif name == "state":
        assert contact.state == value, where
    elif name == "card":
        assert any(card["kind"] == value for card in chat.cards), f"{where}\n{chat.cards}"
    elif name == "flow":
        assert any(run.flow == value for run in remember(chat.entries).runs), where
    elif name == "topic":
        assert contact.topic == value, where
    else:
        raise AssertionError(f"{where}: no such claim")


def _priority(chat: Chat) -> int:
    from madoguchi.counter.routing import queries

    place = chat.house.database.read(queries.place_of, chat.id)
    assert place is not None
    return place.priority


def _action(chat: Chat, proposal_id: str) -> str:
    def read(tx: Transaction) -> str:
        return order_queries.proposal(tx, proposal_id).action

    return chat.house.database.read(read)
