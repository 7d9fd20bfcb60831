"""Search finds what was said, in every script, by numbers, names and phrases, and only for whom it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, update

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import attachment
from madoguchi.counter.customers.model import customer
from madoguchi.counter.problems import NotAllowed
from madoguchi.counter.search import finding, service
from madoguchi.counter.search.indexing import Indexer
from madoguchi.counter.search.query import parse
from madoguchi.counter.search.rows import Filters
from madoguchi.engine.database import Database
from tests.conftest import StillClock
from tests.search.house import JOHN, MISAKI, STAFF, House

VISITOR = Actor(kind="customer", id="vis_nobody", rung=Rung.VISITOR)


@pytest.fixture
def house(database: Database) -> House:
    return House(database, {"503-1234567-7654321": ["4512-3456-7890"]})


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("注文した本棚が届きません。返品できますか", "返品"),
        ("注文した本棚が届きません", "本棚"),
        ("箱がつぶれていました", "箱"),
        ("この本", "本"),
        ("ケーブルが断線しました", "けーぶる"),
        ("ｹｰﾌﾞﾙが断線", "ケーブル"),
        ("ケーブルが断線", "ｹｰﾌﾞﾙ"),
        ("我想退货，包裹破损了", "退货"),
        ("我想退貨，包裹破損了", "包裹破損"),
        ("환불을 받고 싶습니다", "환불"),
        ("환불을 받고 싶습니다", "환불을"),
        ("My parcel was returned to the sender", "return"),
        ("My parcel was RETURNED to the sender", "ｒｅｔｕｒｎ"),
        ("型番はABC-1234Xです", "abc-1234x"),
        ("型番はABC-1234Xです", "ABC1234X"),
        ("電話は０９０ー１２３４ー５６７８です", "090-1234-5678"),
        ("Café Müller hat geschrieben", "müller"),
        ("注文した本棚が届きません", "注文 届きません"),
        ("注文した本棚が届きません", "「本棚が届き」"),
        ("the blue one, not the red one", '"not the red"'),
    ],
)
def test_what_was_said_is_found(house: House, said: str, asked: str) -> None:
    contact_id = house.open(MISAKI, said)
    house.open(JOHN, "まったく別の話です")
    assert house.contacts(asked) == [contact_id]
    assert house.contacts(asked, MISAKI) == [contact_id]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("品切れで返金", "返品"),
        ("the red one, not the blue one", '"not the red"'),
        ("本棚が注文どおり届きました", "「本棚が届き」"),
        ("503-1234567-7654321", "503-7654321"),
        ("overturned", "turn"),
        ("返品です", "返品 返金"),
    ],
)
def test_what_was_not_said_is_not_found(house: House, said: str, asked: str) -> None:
    house.open(MISAKI, said)
    assert house.contacts(asked) == house.contacts(asked, MISAKI) == []


@pytest.mark.req("CASE-002", "CH-047")
@pytest.mark.parametrize(
    "asked",
    [
        "503-1234567-7654321",
        "503ー1234567ー7654321",
        "50312345677654321",
        "503-1234567",
        "4512-3456-7890",
        "451234567890",
        "窓口の伊藤",
        "伊藤",
        "503-1234567 返品",
        "伊藤 返品",
    ],
)
def test_a_contact_is_found_by_its_numbers_and_by_who_answered(house: House, asked: str) -> None:
    contact_id = house.open(MISAKI, "返品したいです", order_number="503-1234567-7654321")
    house.say(contact_id, "承知しました", house.ito)
    house.open(JOHN, "返品したいです", order_number="249-0000000-0000001")
    assert house.contacts(asked) == house.contacts(asked, MISAKI) == [contact_id]
    assert house.contacts(asked, JOHN) == []


@pytest.mark.parametrize(
    "asked",
    [
        "佐藤",
        "さとう みさき",
        "サトウ",
        "ｻﾄｳ",
        "misaki.sato",
        "misaki.sato@example.jp",
        "090-1234-5678",
        "佐藤 返品",
    ],
)
def test_staff_find_a_contact_by_the_customers_name_reading_and_address(house: House, asked: str) -> None:
    contact_id = house.open(MISAKI, "返品したいです")
    house.open(JOHN, "返品したいです")
    assert house.contacts(asked) == [contact_id]


@pytest.mark.req("HIS-010")
def test_a_customer_finds_only_their_own_public_words_within_the_window(
    house: House, clock: StillClock
) -> None:
    old = house.open(MISAKI, "目印の古い話")
    clock.forward(days=181)
    own = house.open(MISAKI, "目印の話")
    house.note(own, "目印の内緒")
    theirs = house.open(JOHN, "目印の他人の話")
    anonymous = house.open(VISITOR, "目印の匿名の話")
    assert house.contacts("目印") == [anonymous, theirs, own, old]
    assert house.contacts("目印", MISAKI) == [own]
    assert house.contacts("目印", JOHN) == [theirs]
    assert house.contacts("目印", VISITOR) == [anonymous]
    assert house.contacts("内緒") == [own]
    assert house.contacts("内緒", MISAKI) == house.contacts("内緒", JOHN) == []
    not_signed_in = Actor(kind="customer", id="vis_else", customer_id="cus_1", rung=Rung.ORDER)
    assert house.contacts("目印", not_signed_in) == []
    shown = [piece.text for found in house.find("目印", MISAKI) for hit in found.hits for piece in hit.pieces]
    assert "内緒" not in "".join(shown)


@pytest.mark.req("HIS-010")
@pytest.mark.parametrize("asked", ["john@example.com", "misaki.sato", "shop-cus_2"])
def test_what_stands_on_the_staffs_card_is_not_found_by_customers(house: House, asked: str) -> None:
    house.open(MISAKI, "こんにちは")
    house.open(JOHN, "Hello")
    assert len(house.contacts(asked)) == 1
    assert house.contacts(asked, MISAKI) == house.contacts(asked, JOHN) == []


@pytest.mark.parametrize(
    "who",
    [
        Actor(kind="agent", id="ops", roles=frozenset({"operator"})),
        Actor(kind="seller", id="agt_s", seller_id="seller-1", roles=frozenset({"seller"})),
        Actor(kind="integrator", id="key_1", scopes=frozenset({"webhooks"})),
    ],
)
def test_whoever_may_not_read_contacts_may_not_search_them(house: House, who: Actor) -> None:
    house.open(MISAKI, "返品")
    with pytest.raises(NotAllowed):
        house.find("返品", who)


@pytest.mark.req("CH-047")
def test_filters_narrow_what_is_found(house: House, clock: StillClock) -> None:
    first = house.open(MISAKI, "返品です", channel="mail", topic="return_exchange_cancel.return")
    clock.forward(days=2)
    middle = clock()
    second = house.open(JOHN, "返品です", language="en")
    assert house.contacts("返品", channel="mail") == [first]
    assert house.contacts("返品", language="en") == [second]
    assert house.contacts("返品", category="return_exchange_cancel") == [first]
    assert house.contacts("返品", category="return_exchange_cancel.return") == [first]
    assert house.contacts("返品", category="return_exchange") == []
    assert house.contacts("返品", since=middle) == [second]
    assert house.contacts("返品", until=middle) == [first]
    assert house.contacts("返品", customer_id="cus_2") == [second]
    assert house.contacts("", channel="mail") == [first]
    assert house.contacts("返品", state="ended") == []
    assert house.contacts("返品", files=True) == []
    assert house.contacts("返品", MISAKI, channel="chat") == []
    assert house.contacts("") == []


def test_hits_are_the_newest_first_by_contact_and_pages_go_on(house: House, clock: StillClock) -> None:
    opened = []
    for number in range(7):
        opened.append(house.open(MISAKI, f"返品 {number}番", "返品 二度目"))
        clock.forward(minutes=1)
    house.indexer.catch_up()
    seen: list[str] = []
    before = None
    for _ in range(4):
        page = house.database.read(finding.find, STAFF, parse("返品"), Filters(before=before), limit=3)
        seen += [found.contact.id for found in page.found]
        before = page.next
        if before is None:
            break
    assert seen == opened[::-1]
    assert [hit.entry.seq for hit in house.find("返品")[0].hits if hit.entry] == [3, 2]


def test_a_snippet_marks_what_was_meant_as_it_was_written(house: House) -> None:
    house.open(MISAKI, "<b>ｹｰﾌﾞﾙ</b>とケーブルのReturnと" + "あ" * 300)
    (found,) = house.find("けーぶる return")
    pieces = found.hits[0].pieces
    assert [piece.text for piece in pieces if piece.marked] == ["ｹｰﾌﾞﾙ", "ケーブル", "Return"]
    assert "".join(piece.text for piece in pieces).startswith("<b>ｹｰﾌﾞﾙ</b>と")
    assert len("".join(piece.text for piece in pieces)) <= 122


def test_names_of_files_are_found(house: House) -> None:
    contact_id = house.open(MISAKI)
    house.database.write(
        lambda tx: tx.execute(
            insert(attachment).values(
                id="att_1",
                contact_id=contact_id,
                name="破損した箱.jpg",
                media_type="image/jpeg",
                size=1,
                sha256="",
                storage_key="",
                author_kind="customer",
                author_id=MISAKI.id,
                said=True,
                created_at=tx.now,
            )
        )
    )
    house.database.write(
        contacts.append, contact_id, "message", {"text": "", "attachments": ["att_1"]}, actor=MISAKI
    )
    assert house.contacts("破損した箱") == [contact_id]
    assert house.contacts("破損", files=True) == [contact_id]


def test_a_changed_name_and_a_new_number_are_found_without_a_new_word(
    house: House, clock: StillClock
) -> None:
    contact_id = house.open(MISAKI, "こんにちは")
    assert house.contacts("鈴木") == []
    clock.forward(minutes=1)
    change = update(customer).where(customer.c.id == "cus_1").values(name="鈴木 美咲", updated_at=clock())
    house.database.write(lambda tx: tx.execute(change))
    assert house.contacts("鈴木") == [contact_id]
    assert house.contacts("佐藤") == []


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(said=st.text(max_size=80), asked=st.text(max_size=20))
def test_no_text_breaks_the_search_and_both_ways_of_finding_agree(
    house: House, said: str, asked: str
) -> None:
    assume(parse(asked))
    contact_id = house.open(MISAKI, f"始{said}終")
    everywhere = contact_id in house.contacts(asked)
    own = contact_id in [f.contact.id for f in house.find(asked, customer_id="cus_1", fresh=False)]
    assert everywhere == own


def test_indexing_twice_or_by_two_changes_nothing(house: House) -> None:
    contact_id = house.open(MISAKI, "返品です", "もう一度返品です")
    other = Indexer(house.database)
    for indexer in (house.indexer, other, house.indexer):
        indexer.take_in([contact_id])
    assert house.database.read(service.behind) == 0
    assert house.contacts("返品") == [contact_id]
    assert len(house.find("返品")[0].hits) == 2


def test_made_anew_it_finds_the_same(house: House) -> None:
    contact_id = house.open(MISAKI, "返品です")
    assert house.contacts("返品") == [contact_id]
    house.database.write(service.clear)
    assert house.contacts("返品", fresh=False) == []
    assert house.database.read(service.behind) == 2
    assert house.contacts("返品") == [contact_id]


@pytest.mark.req("CH-047")
def test_a_mail_is_found_by_a_word_of_its_subject_and_of_its_text_and_by_its_day(
    house: House, clock: StillClock
) -> None:
    contact_id = house.open(MISAKI, "本文の言葉です", channel="mail")
    facts = {"mail_id": "mail_1", "subject": "Re: 破損した花瓶について", "from": "someone@elsewhere.example"}
    house.database.write(contacts.append, contact_id, "mail.taken", facts, actor=house.ito)
    for asked in ("花瓶", "本文の言葉", "花瓶 本文"):
        assert house.contacts(asked, since=clock.now - timedelta(days=1)) == [contact_id]
        assert house.contacts(asked, MISAKI) == [contact_id]
    assert house.contacts("花瓶", until=clock.now - timedelta(days=1)) == []
    assert house.contacts("elsewhere") == [contact_id]
    assert house.contacts("elsewhere", MISAKI) == []
