"""The assistant names the same ways as the pages: what the shop takes out of the chat is answered with where it is served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from madoguchi.counter.cases.ways.channels import channels
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat

ChatWith = Callable[..., Chat]
LOCK = "account_security.account_lock_request"
SECURITY_ELSEWHERE = {"account_security": ["phone", "mail"]}


def configure(house: House, section: str, **values: Any) -> None:
    """Another setting from the next turn on."""
    settings = house.assistant._settings
    changed = getattr(settings, section).model_copy(update=values)
    house.assistant._settings = settings.model_copy(update={section: changed})


@pytest.mark.req("CH-059", "CH-038")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_security_taken_out_of_the_chat_is_answered_with_the_ways_that_serve_it(
    house: House, chat: ChatWith, language: str
) -> None:
    before = chat(problem=LOCK, language=language)
    named = channels()["mail"].name[language]
    assert not any(card.get("url", "").endswith(f"topic={LOCK}") for card in before.cards)
    configure(house, "ways", serves=SECURITY_ELSEWHERE)
    configure(house, "shop", phone="0120-000-000")
    after = chat(problem=LOCK, language=language)
    said = "\n".join(str(entry.body.get("text", "")) for entry in after.answers)
    assert named in said
    assert channels()["phone"].name[language] in said
    assert "0120-000-000" in said
    assert channels()["form"].name[language] not in said
    assert any(card["url"].endswith(f"/help/contact?topic={LOCK}") for card in after.cards)
    assert after.contact.owner_kind == "assistant"


@pytest.mark.req("CH-059", "HND-002")
def test_in_words_too_and_a_person_can_still_be_asked_for(house: House, chat: ChatWith) -> None:
    configure(house, "ways", serves=SECURITY_ELSEWHERE)
    talk = chat()
    talk.say("アカウントを一時停止してください")
    assert "このチャットではお受けしておりません" in talk.text
    talk.say("担当者につないでください")
    assert talk.contact.owner_kind == "queue"
    assert "別の窓口を案内" in talk.summary["tried"]


@pytest.mark.req("CH-059", "CH-014")
def test_a_visitor_is_told_no_number(house: House, chat: ChatWith) -> None:
    configure(house, "ways", serves=SECURITY_ELSEWHERE)
    configure(house, "shop", phone="0120-000-000")
    talk = chat(ref="", problem=LOCK)
    said = "\n".join(str(entry.body.get("text", "")) for entry in talk.answers)
    assert "電話" in said
    assert "0120-000-000" not in said


@pytest.mark.req("CH-004", "CH-061")
def test_asked_how_to_reach_us_it_recommends_what_the_page_recommends(house: House, chat: ChatWith) -> None:
    talk = chat(problem="return_exchange_cancel.damaged_item")
    talk.say("問い合わせ方法と営業時間を教えてください")
    assert "「お問い合わせフォーム」がおすすめです" in talk.text
    assert any("/help/contact" in card.get("url", "") for card in talk.cards)


@pytest.mark.req("CH-001")
def test_a_way_that_is_switched_off_is_not_named(house: House, chat: ChatWith) -> None:
    configure(house, "shop", phone="0120-000-000")
    talk = chat()
    talk.say("営業時間を教えてください")
    assert "0120-000-000" in talk.text
    configure(house, "ways", off=["phone", "mail"])
    talk = chat()
    talk.say("営業時間を教えてください")
    assert "0120-000-000" not in talk.text
    assert "help@shop.example" not in talk.text
