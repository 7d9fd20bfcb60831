"""What must hold in every conversation: no dead end, no deed without a yes, no word twice, and replays that agree."""

from __future__ import annotations

import functools
import itertools
import os
import random
import re
from collections.abc import Callable, Iterator

import pytest

import madoguchi.building
from madoguchi.assistant import flows
from madoguchi.assistant.history import remember, split_key
from madoguchi.assistant.looking import look
from madoguchi.assistant.runner import drive
from madoguchi.assistant.shop_words import ShopWords
from madoguchi.assistant.talk import Scene, Talk
from madoguchi.assistant.turn import _is_customers
from madoguchi.connectors.embedded.demo.people import people
from madoguchi.counter.actors import ASSISTANT, Rung
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Entry
from madoguchi.counter.hours import desk_hours
from madoguchi.engine import failpoints
from madoguchi.engine.database import Database
from madoguchi.engine.failpoints import FailpointReached
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from madoguchi.rehearsal.stage import Stage
from tests.conftest import StillClock

CONVERSATIONS = int(os.environ.get("MADOGUCHI_CONVERSATIONS", "100"))  # 500 in the nightly run
CUSTOMERS = tuple(person.ref for person in people())
WISHES = (
    "荷物が届きません", "返品したい", "注文をキャンセルしたい", "交換したい", "返金して", "二重に請求されています",
    "注文の数量を3個に変更したい", "住所を変えたい", "I want to return it", "please cancel my order",
)  # fmt: skip
SAYINGS = (
    "荷物が届きません", "返品したい", "キャンセルしたい", "はい", "いいえ", "はい、でも色を変えたい", "やめる", "戻る",
    "違います", "違います、もう一つの方", "2番目", "一番上の", "全部", "2個", "未開封です", "使いました", "不要になった",
    "領収書をください", "返金はいつ？", "二重に請求されています", "住所を変えたい",
    "〒530-0001 大阪府大阪市北区梅田1-2-3", "ありがとう", "こんにちは", "ヘッドホン", "先週の注文", "交換したい", "Lサイズ",
    "壊れていました", "写真はないです", "見つかりません", "返金して", "再送して", "ぽよぽよ", "！？", "営業時間は？",
    "where is my order", "yes", "no", "cancel it", "yes but wait", "refund please", "the second one", "never mind",
    "注文の数量を3個に変更したい", "コンビニ払いにしたい", "解決しました", "まだ困っています", "503-0001001-0000002",
)  # fmt: skip


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits need not reach the disk here: nothing crashes, and there are thousands of them."""
    monkeypatch.setattr(madoguchi.building, "Database", functools.partial(Database, synchronous="OFF"))


def _walk(house: House, seed: int) -> Chat:
    dice = random.Random(seed)
    rung = dice.choice([Rung.FRESH, Rung.FRESH, Rung.FRESH, Rung.SIGNED_IN, Rung.VISITOR])
    ref = dice.choice(CUSTOMERS)
    chat = Chat(
        house, ref if rung >= Rung.SIGNED_IN else "", rung=rung, language=dice.choice(["ja", "ja", "en"])
    )
    chat.say(dice.choice(WISHES))
    for _ in range(dice.randint(2, 9)):
        if chat.contact.owner_kind != "assistant":
            break
        if rung == Rung.VISITOR and dice.random() < 0.2:
            chat.prove(Rung.FRESH, ref=ref)
            continue
        open_choices = [e.body["choices"] for e in chat.entries if e.body.get("choices")]
        if open_choices and dice.random() < 0.75:
            shown = open_choices[-1] if dice.random() < 0.9 else dice.choice(open_choices)
            options = [o for o in shown["options"] if o["value"] != "person"] or shown["options"]
            if "confirm_" in shown["key"] and dice.random() < 0.85:
                options = options[:1]
            chat.choose(shown["key"], dice.choice(options)["value"])
        else:
            chat.say(dice.choice(SAYINGS))
    return chat


def _own(entries: list[Entry]) -> Iterator[str]:
    for entry in entries:
        if entry.kind == events.MESSAGE and entry.author_kind == "assistant":
            yield str(entry.body["text"])


def test_random_conversations_break_nothing(quick: None, house: House) -> None:
    deeds = 0
    for seed in range(CONVERSATIONS):
        chat = _walk(house, seed)
        entries = chat.entries
        assert not [e for e in entries if e.kind == events.TURN_FAILED], f"seed {seed}"
        texts = list(_own(entries))
        assert all(one != other for one, other in itertools.pairwise(texts)), f"seed {seed}"
        assert all(texts), f"seed {seed}: an empty message"
        deeds += _every_deed_had_its_yes(house, entries, seed)
        if seed % 4 == 0:
            _replays_to_the_same_question(house, chat, seed)
    assert deeds > CONVERSATIONS / 20, "the walks must reach deeds, or they prove nothing about them"


def _every_deed_had_its_yes(house: House, entries: list[Entry], seed: int) -> int:
    """Each proposal that was carried out was confirmed by a button of its own, or a plain yes to its own question."""
    done = [entry for entry in entries if entry.kind == events.DONE]
    for entry in done:
        key = f"confirm_{entry.body['proposal_id']}"
        asked = max(e.seq for e in entries if key in str(e.body.get("choices", "")) and e.seq < entry.seq)
        words = [e for e in entries if asked < e.seq < entry.seq and _is_customers(e)]
        pressed = [e for e in words if (e.body.get("choice") or {}).get("value") == "yes"]
        plain = [e for e in words if e.body["text"] in ("はい", "yes")]
        assert pressed or plain, f"seed {seed}: {entry.body['proposal_id']} was done without a yes"
    return len(done)


def _replays_to_the_same_question(house: House, chat: Chat, seed: int) -> None:
    contact = chat.contact
    if contact.owner_kind != "assistant":
        return
    keys = []
    for _ in range(2):
        history = remember(chat.entries)
        run = history.active
        if run is None or split_key(history.open_key)[0] != run.id:
            return
        said = [
            house.assistant._hear(contact, [e], ShopWords())
            for e in chat.entries
            if _is_customers(e) and e.seq >= run.since
        ]
        scene = Scene(
            contact=contact,
            history=history,
            desk=house.orders,
            sellers=house.sellers,
            business=house.business,
            accounts=house.accounts,
            trust=house.trust,
            calls=house.calls,
            settings=house.settings,
            hours=desk_hours(house.settings),
            now=house.database.clock(),
            language=contact.language if contact.language in ("ja", "en") else "en",
            customer=None,
        )
        talk = Talk(run, scene, said[:-1])
        stand = drive(flows.load()[run.flow], talk) if run.flow in flows.load() else None
        if stand is None or stand.question is None:
            return
        keys.append(stand.question.key)
    asked = split_key(remember(chat.entries).open_key)[1]
    assert keys == [asked, asked], f"seed {seed}: asked {asked}, replayed to {keys}"


# ── crashes ───────────────────────────────────────────────────────────────────────────────────────

STORIES = {
    "late": ("C1001", ["タオルが届きません", "再送して", "はい", "解決しました"]),
    "cancel": ("C1001", ["デスクライトをキャンセルしたい", "はい"]),
    "return": ("C1001", ["ヘッドホンを返品したい", "不要になった", "未開封", "お願いします"]),
    "refund": ("C1012", ["荷物が届かない", "返金して", "はい"]),
    "person": ("C1008", ["届いていません", "見つかりません"]),
}
PLACES = (
    "assistant.turn.before_write",
    "orders.confirm.performed",
    "contacts.append.after_insert",
)


def _told(chat: Chat) -> list[str]:
    """What was said and done, without the names that are new each time."""
    plain = re.compile(r"(?:prop_[0-9a-z]+|M[0-9A-F]{10}|r\d+)")
    return [plain.sub("#", text) for text in _own(chat.entries)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("story", STORIES)
def test_a_crash_anywhere_gives_the_same_end_and_no_word_twice(
    story: str, place: str, house: House, stage: Stage, chat: Callable[..., Chat]
) -> None:
    ref, lines = STORIES[story]
    with stage.house(clock=StillClock()) as undisturbed:
        calm = Chat(undisturbed, ref)
        for line in lines:
            calm.say(line)
        expected, deeds = _told(calm), len(calm.done())
    shaken = chat(ref)
    for line in lines:
        house.chat.say(shaken.actor, shaken.id, text=line, client_key=shaken.next_key())
        failpoints.arm(f"{place}:1:raise")
        try:
            house.assistant.turn(shaken.id)
        except FailpointReached:
            pass
        finally:
            failpoints.arm(None)
        _recover(house)
        shaken.turn()
    assert _told(shaken) == expected
    assert len(shaken.done()) == deeds


@pytest.mark.parametrize("story", [story for story in STORIES if story != "person"])
def test_a_crash_before_the_shop_was_told_asks_once_more_and_does_it_once(
    story: str, house: House, chat: Callable[..., Chat]
) -> None:
    ref, lines = STORIES[story]
    talk = chat(ref)
    for line in lines[: lines.index(next(one for one in lines if one in ("はい", "お願いします")))]:
        talk.say(line)
    house.chat.say(talk.actor, talk.id, text="はい", client_key=talk.next_key())
    failpoints.arm("orders.confirm.reserved:1:raise")
    with pytest.raises(FailpointReached):
        house.assistant.turn(talk.id)
    failpoints.arm(None)
    _recover(house)
    talk.turn()
    assert "もう一度ご確認ください" in talk.text and talk.done() == []
    talk.say("はい")
    assert "手続きが完了しました" in talk.text and len(talk.done()) == 1


def _recover(house: House) -> None:
    """What the house does by itself after a crash: ask the shop what became of deeds without an end."""
    house.database.clock.forward(seconds=90)  # type: ignore[attr-defined]
    house.orders.resolve_unknown()


def test_two_turns_at_once_write_one_reply(house: House, chat: Callable[..., Chat]) -> None:
    talk = chat("C1001")
    house.chat.say(talk.actor, talk.id, text="返品したい", client_key=talk.next_key())
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        wrote = list(pool.map(house.assistant.turn, [talk.id] * 4))
    assert wrote.count(True) == 1
    talk._read = 0
    assert len([e for e in talk.entries if e.kind == events.FLOW_STARTED]) == 1


def test_words_are_dropped_when_a_person_has_taken_over(house: House, chat: Callable[..., Chat]) -> None:
    talk = chat("C1001")
    house.chat.say(talk.actor, talk.id, text="返品したい", client_key=talk.next_key())
    seen = house.database.read(look, talk.id, house.settings)
    assert seen is not None
    from madoguchi.counter.contacts import service

    house.database.write(service.set_owner, talk.id, "agent", "agt_ito", talk.contact.owner_version)
    before = len(talk.entries)
    assert house.assistant.turn(talk.id) is False
    assert len(talk.entries) == before
    assert ASSISTANT.id == "assistant"
