"""What the security desk is told: when, what, which wish; what is missing is asked once and holds nobody up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from madoguchi.connectors.embedded.demo.cast import DELIVERED_BUT_MISSING
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.customers.account_model import Standing
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House
from madoguchi.faces.views import contact_out
from madoguchi.rehearsal.chat import Chat
from tests.conftest import StillClock

TOLD = "昨日、アカウントが乗っ取られて知らない注文が入っていました。調査してください"


def facts(chat: Chat) -> dict[str, str]:
    return {fact["label"]: fact["value"] for fact in chat.summary["facts"]}


@pytest.mark.req("ACC-010")
def test_time_content_and_wish_stand_on_the_case(chat: Callable[..., Chat], house: House) -> None:
    talk = chat("C1001", text=TOLD)
    talk.press("no")
    assert "2026-" in facts(talk)["気づいた日"]
    assert "知らない注文" in facts(talk)["起きたこと"]
    assert talk.summary["wish"] == "調査"
    case = house.database.read(cases.get, talk.contact.case_id)
    assert case.summary["facts"] == talk.summary["facts"]
    assert case.summary["wish"] == "調査"
    assert "お待ちの間に" not in talk.text


@pytest.mark.req("ACC-010")
def test_what_is_missing_is_asked_once_and_nobody_waits_for_it(chat: Callable[..., Chat]) -> None:
    talk = chat("C1001", text="乗っ取られた")
    talk.press("no")
    assert talk.contact.owner_kind == "queue"
    said = [str(entry.body["text"]) for entry in talk.entries if "text" in entry.body]
    asked = [text for text in said if "お待ちの間に" in text]
    assert len(asked) == 1
    for what in ("いつ気づいたか", "どのような操作", "どのような対応"):
        assert what in asked[0]


@pytest.mark.req("ACC-012")
@pytest.mark.parametrize(("days", "age", "reminded"), [(0, 900, False), (90, 89, False), (90, 91, True)])
def test_the_reminder_to_change_the_password_is_off_until_the_shop_wants_it(
    house: House,
    chat: Callable[..., Chat],
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
    days: int,
    age: int,
    reminded: bool,
) -> None:
    assert Settings.load().identity.password_reminder_days == 0
    wished = house.settings.identity.model_copy(update={"password_reminder_days": days})
    settings = house.settings.model_copy(update={"identity": wished})
    monkeypatch.setattr(house.assistant, "_settings", settings)
    standing = Standing(password_changed_at=clock() - timedelta(days=age))
    monkeypatch.setattr(house.accounts, "standing", lambda actor: standing)
    talk = chat("C1001", text="ログイン履歴を見たい")
    talk.press("mine")
    assert ("パスワードを最後に変更" in talk.text) is reminded


@pytest.mark.req("ADV-019")
def test_every_prepared_fact_tells_the_agent_who_says_so(chat: Callable[..., Chat], house: House) -> None:
    talk = chat("C1008", text="商品が届かないのに配達完了になっています", order_number=DELIVERED_BUT_MISSING)
    talk.say("担当者と話したい")
    kept = talk.summary["facts"]
    assert kept
    assert {fact["source"] for fact in kept} <= {"customer", "assistant", "shop"}
    takeover = chat("C1001", text=TOLD)
    takeover.press("no")
    sources = {fact["label"]: fact["source"] for fact in takeover.summary["facts"]}
    assert sources["起きたこと"] == "customer"
    fake = chat("C1001", text="このメールは本物ですか\nhttps://evil-login.example.com/ へ入力してください")
    fake.press("person")
    sources |= {fact["label"]: fact["source"] for fact in fake.summary["facts"]}
    assert "assistant" in sources.values()
    agent = Actor(kind="agent", id="agt_1", language="ja", roles=frozenset({"agent"}))

    def panel(actor: Actor) -> list[str]:
        view = house.database.read(lambda tx: contact_out(tx, actor, takeover.contact, "ja"))
        assert view.summary is not None
        return [fact["label"] for fact in view.summary["facts"]]

    assert "起きたこと（お客様より）" in panel(agent)
    assert "起きたこと" in panel(takeover.actor)
