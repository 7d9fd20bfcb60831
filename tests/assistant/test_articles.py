"""The assistant answers from articles: the short answer, and where it stands; or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from madoguchi.assistant.history import History, Run
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.talk import Scene, Talk
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Rung
from madoguchi.counter.contacts import queries
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.hours import desk_hours
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat


def talk_in(house: House, language: str = "ja", *, rung: Rung = Rung.VISITOR, **customer: object) -> Talk:
    chat = Chat(house, cast.MISAKI, rung=rung, language=language)
    contact = house.database.read(queries.get, chat.id)
    known = house.database.read(customers.find, contact.customer_id) if contact.customer_id else None
    scene = Scene(
        contact=contact,
        history=History(),
        desk=house.orders,
        sellers=house.sellers,
        business=house.business,
        accounts=house.accounts,
        trust=house.trust,
        calls=house.calls,
        settings=house.settings,
        hours=desk_hours(house.settings),
        now=house.database.clock(),
        language=language,
        customer=known.model_copy(update=customer) if known else None,
        library=house.library,
    )
    return Talk(Run("run_1", "general.site_usage", {}, 0), scene, [])


@pytest.mark.req("BOT-002", "BOT-008")
@pytest.mark.parametrize(("language", "words"), [("ja", "30日以内"), ("en", "within 30 days")])
def test_the_short_answer_is_said_with_its_source(house: House, language: str, words: str) -> None:
    talk = talk_in(house, language)
    assert tell_article(talk, "return_exchange_cancel.return_policy")
    message = talk.speech.messages[0]
    assert words in message.text
    card = message.card
    assert card is not None
    assert (card["kind"], card["id"]) == ("article", "return-policy")
    assert card["url"] == f"/help/articles/return-policy?lang={language}"
    assert card["excerpt"] == message.text
    assert card["title"] in talk.tried[0]


def test_free_words_find_an_article_too(house: House) -> None:
    talk = talk_in(house)
    assert tell_article(talk, "コンビニで支払えますか")
    card = talk.speech.messages[0].card
    assert card is not None
    assert card["id"] == "payment-options"


@pytest.mark.req("BOT-018")
def test_where_nothing_fits_nothing_is_said(house: House) -> None:
    talk = talk_in(house)
    assert not tell_article(talk, "富士山の高さは何メートル")
    assert not tell_article(talk, "")
    assert talk.speech.messages == []
    without = Talk(talk.run, replace(talk.scene, library=None), [])
    assert not tell_article(without, "return_exchange_cancel.return_policy")


def test_an_article_for_sellers_is_told_to_signed_in_sellers_only(house: House) -> None:
    kind = "marketplace.seller_inventory_settlement"
    assert not tell_article(talk_in(house), kind)
    assert not tell_article(talk_in(house, rung=Rung.SIGNED_IN, segments=["individual"]), kind)
    assert tell_article(talk_in(house, rung=Rung.SIGNED_IN, segments=["seller"]), kind)
