"""From talks to words of the shop: said by several customers, accepted by a person, understood at the next message."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from madoguchi.assistant.learning.collecting import Collector
from madoguchi.assistant.learning.words import queries, service
from madoguchi.assistant.learning.words.candidates import Seen, candidates, surprise
from madoguchi.assistant.learning.words.catalogue import of_catalogue
from madoguchi.assistant.learning.words.model import Candidate
from madoguchi.assistant.learning.words.nouns import nouns
from madoguchi.assistant.learning.words.suggesting import _finds_good, suggestions
from madoguchi.assistant.shop_words import ShopWords, WordsError, read
from madoguchi.connectors.embedded.storing import put_order
from madoguchi.counter.actors import Actor
from madoguchi.counter.knowledge.model import Asker
from madoguchi.counter.orders.model import Order
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.engine.audit import audit
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from tests.orders.build import line, order, parcel

EDITOR = Actor(kind="agent", id="agt_mori", roles=frozenset({"supervisor"}))
Open = Callable[..., Chat]
_numbers = itertools.count(1)


@pytest.fixture
def collector(house: House) -> Collector:
    return Collector(house.database, 180)


def buys(house: House, ref: str, ja: str) -> Order:
    """Two weeks ago, and it has arrived."""
    number = f"503-0009999-{next(_numbers):07d}"
    bought = line("L1", quantity=1, name={"ja": ja}, product_class="general")
    sent = order(bought, number=number, customer_ref=ref)
    sent = sent.model_copy(update={"parcels": [parcel(sent, "delivered")]})
    house.database.write(put_order, sent)
    return sent


def says_and_picks(house: House, chat: Open, ref: str, words: str, picked: str) -> Chat:
    """The customer has three new things, says something, and picks one where the assistant asks."""
    orders = {name: buys(house, ref, name) for name in ("登山ポール", "銅のやかん敷き", "綿の手ぬぐい")}
    talk = chat(ref)
    talk.say(words)
    question = next(key for key in (m["choices"]["key"] for m in _questions(talk)) if key.endswith(":order"))
    talk.choose(question, orders[picked].number)
    return talk


def _questions(talk: Chat) -> list[dict[str, dict[str, str]]]:
    return [entry.body for entry in talk.entries if entry.body.get("choices")]


def open_words(house: House) -> list[Candidate]:
    return suggestions(house.database, house.library, [])


def poles(house: House, chat: Open, customers: int) -> None:
    for ref in ("C1001", "C1002", "C1003", "C1004")[:customers]:
        says_and_picks(house, chat, ref, "返品したいのですが、ストックの件です", "登山ポール")
    for ref in ("C1005", "C1006", "C1007"):
        says_and_picks(house, chat, ref, "返品したいのですが、新品の件です", "銅のやかん敷き")
    for ref in ("C1008", "C1009", "C1010"):
        says_and_picks(house, chat, ref, "返品したいのですが、新品の件です", "綿の手ぬぐい")


@pytest.mark.req("BOT-011", "BOT-014")
def test_a_word_of_several_customers_is_suggested_and_once_accepted_names_the_good(
    house: House, chat: Open, collector: Collector
) -> None:
    poles(house, chat, 4)
    collector.round()
    found = {each.word: each for each in open_words(house)}
    assert (found["ストック"].means, found["ストック"].customers) == ("登山ポール", 4)
    assert "返品" not in found
    assert "新品" not in found  # said before two different goods

    mine = [buys(house, "C1011", name) for name in ("登山ポール", "綿の手ぬぐい")]
    before = chat("C1011")
    before.say("ストックを返品したい")
    assert before.contact.order_number != mine[0].number
    done = house.database.write(service.accept, found["ストック"], "登山ポール", EDITOR)
    after = chat("C1011")
    after.say("ストックを返品したい")
    assert after.contact.order_number == mine[0].number
    assert "ストック" not in {each.word for each in open_words(house)}

    house.database.write(service.take_back, done.id, EDITOR)
    assert "ストック" in {each.word for each in open_words(house)}
    last = chat("C1011")
    last.say("ストックを返品したい")
    assert last.contact.order_number != mine[0].number


def test_two_customers_are_not_enough(house: House, chat: Open, collector: Collector) -> None:
    poles(house, chat, 2)
    collector.round()
    assert "ストック" not in {each.word for each in open_words(house)}


def test_one_customer_who_says_it_three_times_is_one_customer(
    house: House, chat: Open, collector: Collector
) -> None:
    poles(house, chat, 1)
    for _ in range(3):
        says_and_picks(house, chat, "C1001", "返品したいのですが、ストックの件です", "登山ポール")
    collector.round()
    assert "ストック" not in {each.word for each in open_words(house)}


@pytest.mark.req("BOT-014")
def test_nothing_of_the_customers_own_is_kept(house: House, chat: Open, collector: Collector) -> None:
    says_and_picks(house, chat, "C1001", "佐藤美咲です。ストックを返品したい 090-1234-5678", "登山ポール")
    collector.round()
    (kept,) = house.database.read(queries.sightings, "goods")
    assert kept.text == "です。ストックを返品したい"
    assert kept.chosen == "登山ポール"


def test_a_round_that_reads_a_contact_again_keeps_it_once_and_it_goes_with_its_contact(
    house: House, chat: Open, collector: Collector
) -> None:
    talk = says_and_picks(house, chat, "C1001", "ストックを返品したい", "登山ポール")
    for _ in range(2):
        collector.round()
        talk.say("未開封です")
    collector.round()
    assert len(house.database.read(queries.sightings, "goods")) == 1
    house.database.write(service.forget_contact, talk.id)
    assert house.database.read(queries.sightings, "goods") == []


def test_what_is_rejected_is_not_suggested_again_and_every_decision_is_an_audit_line(
    house: House, chat: Open, collector: Collector
) -> None:
    poles(house, chat, 3)
    collector.round()
    found = next(each for each in open_words(house) if each.word == "ストック")
    done = house.database.write(service.reject, found, EDITOR)
    assert "ストック" not in {each.word for each in open_words(house)}
    assert house.database.read(queries.accepted) == []
    with pytest.raises(Conflict):
        house.database.write(service.accept, found, found.means, EDITOR)
    house.database.write(service.take_back, done.id, EDITOR)
    with pytest.raises(Invalid):
        house.database.write(service.accept, found, " ", EDITOR)
    house.database.write(service.accept, found, "ポール", EDITOR)
    assert house.database.read(queries.accepted) == [("ストック", "ポール")]
    lines = house.database.read(lambda tx: tx.all(audit.select().where(audit.c.object_kind == "shop_word")))
    assert [line.action for line in lines] == ["words.rejected", "words.taken_back", "words.accepted"]
    assert {line.actor_id for line in lines} == {EDITOR.id}


@pytest.mark.req("HLP-002")
def test_a_word_that_found_nothing_becomes_a_synonym_of_the_subject_that_was_picked(
    house: House, chat: Open, collector: Collector
) -> None:
    for ref in ("C1001", "C1002", "C1003"):
        talk = chat(ref)
        talk.say("ぷるもげ")
        talk.choose("topic", "topic payment_refund.receipt")
    for ref in ("C1004", "C1005", "C1006"):
        talk = chat(ref)
        talk.say("むにょろ")
        talk.choose("topic", "topic payment_refund.refund_status")
    collector.round()
    found = {each.word: each for each in open_words(house)}
    assert (found["ぷるもげ"].matter, found["ぷるもげ"].means) == ("articles", "領収書")
    asker = Asker("ja")
    assert house.library.search("ぷるもげ", asker) == []
    done = house.database.write(service.accept, found["ぷるもげ"], "領収書", EDITOR)
    assert "receipt" in [told.id for told in house.library.search("ぷるもげ", asker)]
    assert "receipt" in [told.id for told in house.library.search("領収書", asker)]
    house.database.write(service.take_back, done.id, EDITOR)
    assert house.library.search("ぷるもげ", asker) == []


def nothing_known(language: str, word: str, means: str) -> bool:
    return False


def seen(language: str, text: str, chosen: str, customers: int, since: int = 0) -> list[Seen]:
    return [Seen(f"c{n}", language, text, chosen) for n in range(since, since + customers)]


@pytest.mark.req("BOT-011", "LNG-007")
@pytest.mark.parametrize(
    ("language", "texts", "chosen", "word"),
    [
        (
            "ja",
            "ナップサックの紐が切れました|ナップサックを返したい|ナップサック",
            "デイパック",
            "ナップサック",
        ),
        ("ja", "腰掛の脚が折れた|腰掛です|腰掛を返品", "ワークチェア", "腰掛"),
        ("ja", "いすを返品したい|いすの件|いすです", "ワークチェア", "いす"),
        ("en", "my knapsacks are torn|the knapsack, please|knapsack", "Daypack", "knapsack"),
        ("zh-Hans", "我的登山包坏了|登山包要退|想退掉登山包", "双肩背包", "登山包"),
        ("ko", "등짐가방이 찢어졌어요|등짐가방을 반품|등짐가방이요", "데이팩", "등짐가방"),
    ],
)
def test_the_noun_of_what_they_say_is_the_word(language: str, texts: str, chosen: str, word: str) -> None:
    others = {"ja": "別の件です", "en": "about another thing", "zh-Hans": "另外的东西", "ko": "다른 물건이요"}
    said = [Seen(f"c{n}", language, text, chosen) for n, text in enumerate(texts.split("|"))]
    said += seen(language, others[language], "Z", 8, since=10)
    found = [each.word for each in candidates(said, nouns, nothing_known) if each.means == chosen]
    assert found == [word]


def test_a_word_for_two_products_means_what_their_names_share() -> None:
    said = [
        *seen("ja", "椅子が壊れた", "オフィスチェア", 2),
        *seen("ja", "椅子が壊れた", "ダイニングチェア", 2, since=5),
        *seen("ja", "机が壊れた", "昇降デスク", 4, since=10),
    ]
    found = {each.word: each.means for each in candidates(said, nouns, nothing_known)}
    assert found["椅子"] == "チェア"
    assert found["机"] == "昇降デスク"
    assert "壊" not in found


def test_a_word_before_many_things_and_a_word_that_is_known_are_no_candidates() -> None:
    said = [
        seen("ja", "ブツを返品", name, 3, since=10 * n) for n, name in enumerate(("帽子", "鍋", "机", "傘"))
    ]
    assert candidates(itertools.chain(*said), nouns, nothing_known) == []
    told = [*seen("ja", "リュックの件", "デイバッグ", 5), *seen("ja", "別の件", "鍋", 5, since=9)]
    assert [each.word for each in candidates(told, nouns, nothing_known)] == ["リュック"]
    assert candidates(told, nouns, _finds_good) == []  # the shipped kinds know a リュック


def test_where_a_word_is_as_frequent_as_it_would_be_by_chance_nothing_is_surprising() -> None:
    assert surprise(5, 10, 50, 100) == 0
    assert surprise(4, 4, 4, 4) == 0  # a shop with one product learns nothing from its being picked
    assert surprise(5, 5, 5, 100) > surprise(3, 3, 5, 100) > surprise(3, 6, 5, 100) > 6


def test_the_catalogue_tells_other_words_where_another_product_needs_them() -> None:
    names = [
        {"ja": "ノートPC（ラップトップ）"},
        {"ja": "薄型ノートPC"},
        {"ja": "銅のやかん敷き（トリベット）"},
        {"ja": "木のわっぱ", "ko": "나무 왓파"},
        {"ja": "杉のわっぱ", "ko": "삼나무 왓파"},
        {"ja": "竹のわっぱ"},
        {"ja": "銅の飾り", "ko": "구리 장식"},
        {"ja": "革の靴べら", "ko": "가죽 구둣주걱"},
        {"ja": "紙の箱庭", "ko": "종이 정원"},
    ]
    found = {(each.word, each.means) for each in of_catalogue(names, _finds_good)}
    assert ("ラップトップ", "ノートPC") in found
    assert ("トリベット", "銅のやかん敷き") not in found  # no other product has this name
    assert ("왓파", "わっぱ") in found


def test_a_file_of_words_by_hand_is_read_and_a_mistake_in_it_is_told(tmp_path: Path) -> None:
    file = tmp_path / "words.toml"
    assert read(file) == []
    file.write_text('[ja]\n"登山ポール" = ["ストック", "杖"]\n[en]\n"Trekking pole" = ["stick"]\n', "utf-8")
    words = ShopWords(read(file))
    assert words.score(["登山ポール 2本組"], "すとっくを返品したい") == 4
    assert words.score(["Trekking poles"], "two sticks are broken") == 5
    assert words.score(["Trekking poles"], "the sticker is broken") == 0
    assert words.score(["綿シャツ"], "すとっくを返品したい") == 0
    for wrong, told in (
        ("[xx]\n", "no language"),
        ('[ja]\nポール = "x"\n', "words.toml"),
        ('[en]\n"Pole" = ["x"]\n', "too short"),
    ):
        file.write_text(wrong, "utf-8")
        with pytest.raises(WordsError, match=told):
            read(file)
