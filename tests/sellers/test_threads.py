"""A thread with a seller: asked, reminded, answered, escalated, claimed and decided, with the clock of the outbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.orders.rule_book.book import Printed
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound
from madoguchi.counter.sellers import queries
from madoguchi.counter.sellers.model import Thread
from madoguchi.engine.outbox import Courier
from madoguchi.errands import build_courier
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from tests.conftest import StillClock

SELLER, OTHER = "seller-kogei", "seller-yama"
KOGEI = Actor(kind="seller", id="agt_kogei", seller_id=SELLER)
YAMA = Actor(kind="seller", id="agt_yama", seller_id=OTHER)
AGENT = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))


@pytest.fixture
def buyer(chat: Callable[..., Chat]) -> Chat:
    return chat(cast.MARKETPLACE)


@pytest.fixture
def courier(house: House) -> Courier:
    return build_courier(house)


def _ask(house: House, buyer: Chat, text: str = "マグカップが欠けていました", key: str = "k1") -> Thread:
    return house.sellers.ask(
        buyer.actor, cast.MARKETPLACE_DELIVERED, SELLER, text, contact_id=buyer.id, key=key
    )


def _claim(house: House, buyer: Chat, amount: int, reason: str) -> Thread:
    return house.sellers.claim(
        buyer.actor, cast.MARKETPLACE_DELIVERED, SELLER, amount, reason, contact_id=buyer.id
    )


def _mails(house: House) -> str:
    return "\n".join(_letters(house))


def _letters(house: House) -> list[str]:
    folder = house.settings.data.folder / "outbox"
    return [path.read_text("utf-8") for path in sorted(folder.glob("*.eml"))]


@pytest.mark.req("SEL-002", "SEL-003")
def test_a_question_reaches_the_seller_without_anybodys_address(
    house: House, buyer: Chat, courier: Courier, clock: StillClock
) -> None:
    thread = _ask(house, buyer, "欠けています。naoki.kato@example.jp か 090-1234-5678 へ")
    assert thread.state == "waiting" and thread.answer_by is not None
    assert (thread.answer_by - clock()).total_seconds() == 24 * 3600
    view = house.sellers.sellers_view(KOGEI, thread.id)
    assert [one.who for one in view.said] == ["buyer"]
    shown = str(view)
    for secret in ("加藤", "naoki", "090-1234-5678", "cus_c1011"):
        assert secret not in shown.replace(f"customer_id='{thread.customer_id}'", "")
    assert {line.seller_id for line in view.lines} == {SELLER}
    courier.deliver_due()
    told = [each for each in _letters(house) if "kogei@example.jp" in each]
    assert told and not any("naoki" in each for each in told)


def test_the_same_question_sent_twice_is_asked_once(house: House, buyer: Chat) -> None:
    assert _ask(house, buyer).id == _ask(house, buyer).id
    assert len(buyer.facts(events.SELLER_ASKED)) == 1


@pytest.mark.req("SEL-003", "SLA-032")
def test_a_silent_seller_is_reminded_and_then_the_shop_steps_in(
    house: House, buyer: Chat, courier: Courier, clock: StillClock
) -> None:
    thread = _ask(house, buyer)
    with pytest.raises(Conflict, match="seller_has_time"):
        house.sellers.escalate(buyer.actor, thread.id)
    clock.forward(hours=18, seconds=1)
    courier.deliver_due()
    assert len(buyer.facts(events.SELLER_REMINDED)) == 1
    clock.forward(hours=6)
    courier.deliver_due()
    assert buyer.facts(events.SELLER_ESCALATED)[0]["why"] == "silent"
    assert (buyer.contact.owner_kind, buyer.contact.owner_id) == ("queue", "disputes")
    assert house.database.read(queries.get, thread.id).state == "escalated"
    assert house.sellers.record(SELLER).silent == 1


@pytest.mark.req("SEL-003")
def test_an_answer_stops_the_clock_and_opens_the_way_to_the_shop(
    house: House, buyer: Chat, courier: Courier, clock: StillClock
) -> None:
    thread = _ask(house, buyer)
    clock.forward(hours=2)
    house.sellers.answer(KOGEI, thread.id, "reply", "代わりをお送りします", "a1")
    house.sellers.answer(KOGEI, thread.id, "reply", "代わりをお送りします", "a1")
    clock.forward(hours=30)
    courier.deliver_due()
    assert buyer.contact.owner_kind == "assistant"
    assert len(buyer.facts(events.SELLER_ANSWERED)) == 1
    assert house.sellers.escalate(buyer.actor, thread.id).why == "unsolved"
    assert buyer.contact.owner_id == "disputes"


def test_a_new_question_starts_a_new_clock_and_the_old_one_does_nothing(
    house: House, buyer: Chat, courier: Courier, clock: StillClock
) -> None:
    _ask(house, buyer)
    clock.forward(hours=20)
    later = _ask(house, buyer, "写真もあります", "k2")
    clock.forward(hours=10)
    courier.deliver_due()
    assert house.database.read(queries.get, later.id).state == "waiting"


def test_where_the_shop_only_offers_it_the_buyer_decides(
    house: House, buyer: Chat, courier: Courier, clock: StillClock
) -> None:
    rules = house.orders.rules
    offering = rules.model_copy(update={"sellers": rules.sellers.model_copy(update={"when_silent": "offer"})})
    house.orders.book = Printed(offering)
    thread = _ask(house, buyer)
    clock.forward(hours=25)
    courier.deliver_due()
    assert buyer.contact.owner_kind == "assistant"
    assert house.sellers.escalate(buyer.actor, thread.id).why == "silent"


def test_after_the_contact_has_ended_the_shop_opens_another(
    house: House, buyer: Chat, courier: Courier, clock: StillClock
) -> None:
    thread = _ask(house, buyer)
    house.database.write(contacts.end, buyer.id, buyer.actor, "customer_left")
    clock.forward(hours=25)
    courier.deliver_due()
    after = house.database.read(queries.get, thread.id)
    assert after.contact_ids[0] == buyer.id != after.contact_id
    opened = next(c for c in house.chat.history(buyer.actor) if c.id == after.contact_id)
    assert (opened.owner_id, opened.order_number) == ("disputes", cast.MARKETPLACE_DELIVERED)
    assert [one.who for one in house.sellers.said(AGENT, thread.id)] == ["buyer", "shop"]


@pytest.mark.req("SEL-001")
def test_a_seller_sees_only_their_own(house: House, buyer: Chat) -> None:
    thread = _ask(house, buyer)
    assert [each.id for each in house.sellers.inbox(KOGEI)] == [thread.id]
    assert house.sellers.inbox(YAMA) == []
    for verb in (
        lambda: house.sellers.sellers_view(YAMA, thread.id),
        lambda: house.sellers.answer(YAMA, thread.id, "reply", "こんにちは", "x"),
        lambda: house.sellers.said(KOGEI, thread.id),
        lambda: house.sellers.escalate(YAMA, thread.id),
    ):
        with pytest.raises(NotFound):
            verb()
    with pytest.raises(NotAllowed):
        house.sellers.inbox(AGENT)
    with pytest.raises(NotFound):
        house.orders.order(KOGEI, cast.MARKETPLACE_DELIVERED)


def test_nobody_writes_about_anothers_order_or_to_a_seller_who_is_not_in_it(
    house: House, buyer: Chat, chat: Callable[..., Chat]
) -> None:
    stranger = chat(cast.MISAKI)
    with pytest.raises(NotFound):
        _ask(house, stranger)
    with pytest.raises(Invalid):
        house.sellers.ask(
            buyer.actor, cast.MARKETPLACE_DELIVERED, OTHER, "こんにちは", contact_id=buyer.id, key="k"
        )
    with pytest.raises(NotFound):
        house.sellers.ask(
            buyer.actor, cast.MARKETPLACE_DELIVERED, SELLER, "こんにちは", contact_id=stranger.id, key="k"
        )


@pytest.mark.req("SEL-005")
def test_a_seller_who_agrees_to_a_refund_moves_no_money_the_shops_desk_does(
    house: House, buyer: Chat
) -> None:
    thread = _ask(house, buyer)
    house.sellers.answer(KOGEI, thread.id, "accept", "", "a1", wish="refund")
    before = house.shop.order(cast.MARKETPLACE_DELIVERED)
    assert before is not None and not before.refunds
    assert buyer.contact.owner_id == "disputes"
    assert buyer.facts(events.SELLER_ACCEPTED)[0]["wish"] == "refund"


@pytest.mark.req("SEL-005", "SEL-006")
def test_a_claim_is_decided_by_a_person_within_limits(house: House, buyer: Chat) -> None:
    thread = _ask(house, buyer)
    most = house.sellers.cover(buyer.actor, cast.MARKETPLACE_DELIVERED, SELLER).most
    with pytest.raises(Invalid, match="not_covered"):
        _claim(house, buyer, most + 1, "偽物です")
    _claim(house, buyer, most, "偽物です")
    with pytest.raises(Conflict, match="claim_open"):
        _claim(house, buyer, 1, "もう一度")
    assert buyer.contact.owner_id == "disputes"
    with pytest.raises(NotAllowed):
        house.sellers.decide(buyer.actor, thread.id, most, "払います")
    with pytest.raises(Invalid):
        house.sellers.decide(AGENT, thread.id, most + 1, "払います")
    decided = house.sellers.decide(AGENT, thread.id, most, "調査の結果、お支払いします")
    assert decided.claim is not None and decided.claim["state"] == "granted"
    with pytest.raises(Conflict, match="no_claim"):
        house.sellers.decide(AGENT, thread.id, most, "二度目")
    record = house.sellers.record(SELLER)
    assert (record.claims, record.granted) == (1, 1)


def test_above_an_agents_limit_a_supervisor_decides(house: House, buyer: Chat) -> None:
    rules = house.orders.rules
    small = rules.model_copy(
        update={"approval": rules.approval.model_copy(update={"agent_limit": {"JPY": 100}})}
    )
    house.sellers.book = Printed(small)
    thread = _ask(house, buyer)
    _claim(house, buyer, 1000, "届きません")
    with pytest.raises(NotAllowed, match="supervisor"):
        house.sellers.decide(AGENT, thread.id, 1000, "払います")
    mori = replace(AGENT, roles=frozenset({"agent", "supervisor"}))
    assert house.sellers.decide(mori, thread.id, 0, "証拠がありません").claim["state"] == "refused"  # type: ignore[index]
