"""Rules of the shop that change in the middle of a conversation: nothing is done that they refuse, and it is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.contacts import events
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from tests.orders.test_rule_book import change

Open = Callable[..., Chat]


def asked_for_a_return(chat: Open) -> Chat:
    talk = chat(cast.MISAKI, problem="return_exchange_cancel.return_request")
    for words in ("ヘッドホンです", "不要になりました", "未開封"):
        talk.say(words)
    return talk


@pytest.mark.req("RET-001")
def test_a_yes_to_what_the_rules_now_refuse_does_nothing(chat: Open, house: House) -> None:
    talk = asked_for_a_return(chat)
    change(house.database, 'returns.reasons = ["defective", "damaged"]\n')
    talk.say("はい")
    assert not talk.facts(events.DONE)
    assert "店舗のルールが変わった" in " ".join(str(entry.body) for entry in talk.entries)


@pytest.mark.req("RET-001")
def test_a_yes_to_what_the_rules_still_allow_is_done(chat: Open, house: House) -> None:
    talk = asked_for_a_return(chat)
    change(house.database, "missing.after_days = 9\n")
    talk.say("はい")
    assert talk.facts(events.DONE)


@pytest.mark.req("RET-001")
def test_one_turn_sees_one_version(chat: Open, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody puts other rules in force while the assistant thinks: it goes on with those it began with."""
    talk = chat(cast.MISAKI)
    seen: list[int] = []
    thinks = house.assistant._think

    def think(*given: object) -> object:
        seen.append(house.orders.rules.returns.window_days)
        change(house.database, "returns.window_days = 5\n")
        seen.append(house.orders.rules.returns.window_days)
        return thinks(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(house.assistant, "_think", think)
    talk.say("返品できる期間を教えてください")
    assert seen == [30, 30] and house.orders.rules.returns.window_days == 5
