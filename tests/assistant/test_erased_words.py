"""A message erased from a real conversation: nothing that the assistant made of it holds its words (HIS-006)."""

from __future__ import annotations

from pathlib import Path

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.privacy import service
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat

pytestmark = pytest.mark.req("HIS-006", "PRIV-005")
MARK = "ヌルポガッ太郎"
SENTENCES = [
    f"{MARK}と申します。荷物が届きません。担当者と話したいです",
    f"{MARK}です。荷物が届きません。" + f"箱には{MARK}と大きく書いてあります。" * 40 + "担当者をお願いします",
    f"電話は090-1234-5678、{MARK}宛てです。人間に代わってください",
]


def found_in(folder: Path) -> list[str]:
    return [p.name for p in sorted(folder.rglob("*")) if p.is_file() and MARK.encode() in p.read_bytes()]


@pytest.mark.parametrize("words", SENTENCES)
@pytest.mark.parametrize("whole", [False, True])
def test_its_words_are_nowhere_in_the_data_folder(house: House, words: str, whole: bool) -> None:
    chat = Chat(house, cast.MISAKI)
    chat.say(words)
    chat.say("はい")
    said = next(e for e in chat.entries if e.kind == events.MESSAGE and e.body.get("text") == words)
    folder = house.settings.data.folder
    assert found_in(folder) != []
    wish = house.database.write(
        lambda tx: service.ask(
            tx,
            chat.actor,
            "contact" if whole else "messages",
            contact_id=chat.id,
            seqs=[] if whole else [said.seq],
        )
    )
    house.database.write(service.confirm, chat.actor, wish.id, house.settings.privacy)
    assert house.privacy.do_next() is not None
    left = [e for e in house.database.read(queries.entries, chat.id) if MARK in repr(e.body)]
    assert left == [] and found_in(folder) == []


def test_the_conversation_goes_on_after_it(house: House) -> None:
    chat = Chat(house, cast.MISAKI)
    chat.say(f"{MARK}です。荷物が届きません")
    said = next(e for e in chat.entries if e.kind == events.MESSAGE and MARK in e.body.get("text", ""))
    wish = house.database.write(
        lambda tx: service.ask(tx, chat.actor, "messages", contact_id=chat.id, seqs=[said.seq])
    )
    house.database.write(service.confirm, chat.actor, wish.id, house.settings.privacy)
    house.privacy.do_next()
    answers = chat.say("担当者と話したい")
    assert answers and MARK not in repr([entry.body for entry in chat.entries])
