"""What an agent is told to do next, and replies to start from: by rule, in both languages; a model only adds to it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from madoguchi.assistant.model.client import Client
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.contacts import service
from madoguchi.faces.principal import CUSTOMER_COOKIE
from tests.assistant.model import server
from tests.assistant.model.server import InProcess
from tests.conftest import StillClock
from tests.faces.api.conftest import filled
from tests.faces.api.people import Caller, Counter, texts
from tests.faces.api.test_contacts import in_hand, waiting

__all__ = ["filled"]


@pytest.fixture
def counter(filled: Path, tmp_path: Path) -> Iterator[Counter]:
    folder = tmp_path / "data"
    shutil.copytree(filled, folder)
    counter = Counter(folder, StillClock())
    with counter.client:
        yield counter
    counter.close()


def about(counter: Counter, customer: Caller, desk: Caller, topic: str, order: str = "") -> dict[str, Any]:
    """A contact in this agent's hands, classified."""
    contact = in_hand(counter, customer, desk)
    counter.house.database.write(service.classify, contact["id"], topic=topic, order_number=order)
    return dict(contact)


RETURN = "return_exchange_cancel.return_request"


def test_a_return_is_proposed_with_its_last_day_and_the_policys_reason(counter: Counter) -> None:
    desk = counter.agent("ito")
    contact = about(counter, counter.customer(cast.MISAKI), desk, RETURN, cast.MISAKI_SHIRT)
    found = desk.get(f"/contacts/{contact['id']}/guidance")
    first = found["steps"][0]
    assert first["action"] == "return"
    assert re.search(r"商品の返品は\d+月\d+日\(.\)まで可能です", first["text"])
    assert "返品期間" in first["why"]
    english = counter.agent("ito", "en").get(f"/contacts/{contact['id']}/guidance")
    assert re.match(
        r"Return items is possible until \w{3}, \w{3} \d+: propose it\.", english["steps"][0]["text"]
    )
    assert english["replies"][0]["text"].startswith("お待たせ")  # in the customer's language, not the agent's


@pytest.mark.req("BOT-017")
def test_a_reply_to_start_from_names_its_sources(counter: Counter) -> None:
    desk = counter.agent("ito")
    contact = about(counter, counter.customer(cast.MISAKI), desk, RETURN, cast.MISAKI_SHIRT)
    found = desk.get(f"/contacts/{contact['id']}/guidance")
    order, article = found["replies"][:2]
    assert order["sources"] == [{"title": cast.MISAKI_SHIRT, "url": ""}]
    (source,) = article["sources"]
    assert source["url"].startswith("/help/articles/")
    assert counter.client.get(source["url"]).status_code == 200
    assert article["text"].splitlines()[1] in counter.client.get(source["url"]).text
    assert found["articles"][0]["title"] == source["title"]
    assert not found["drafts"] and not found["translates"]


def test_after_the_last_day_only_a_fault_is_still_a_reason_and_no_day_is_named(
    counter: Counter,
) -> None:
    with counter.later(days=400):
        desk = counter.agent("ito")
        contact = about(counter, counter.customer(cast.MISAKI), desk, RETURN, cast.MISAKI_SHIRT)
        steps = desk.get(f"/contacts/{contact['id']}/guidance")["steps"]
    assert "不具合がある場合だけ" in steps[0]["text"] and "過ぎ" in steps[0]["why"]
    assert not re.search(r"\d日", steps[0]["text"])


def test_what_the_policy_refuses_is_explained_and_nothing_is_proposed(counter: Counter) -> None:
    desk = counter.agent("ito")
    kind = "payment_refund.duplicate_charge"
    contact = about(counter, counter.customer(cast.MISAKI), desk, kind, cast.MISAKI_SHIRT)
    found = desk.get(f"/contacts/{contact['id']}/guidance")
    assert [step["action"] for step in found["steps"]] == [""]
    assert "できません" in found["steps"][0]["text"] and found["steps"][0]["why"]
    assert found["steps"][0]["why"] in found["replies"][0]["text"]


def test_without_an_order_it_is_asked_for_and_without_a_subject_nothing_is_made_up(counter: Counter) -> None:
    desk = counter.agent("ito")
    contact = about(counter, counter.customer(cast.MISAKI), desk, RETURN)
    assert [step["text"] for step in desk.get(f"/contacts/{contact['id']}/guidance")["steps"]] == [
        "どのご注文についてかを確認してください。"
    ]
    counter.house.database.write(service.classify, contact["id"], topic="support_service.complaint")
    assert desk.get(f"/contacts/{contact['id']}/guidance")["steps"] == []


def test_who_has_not_proved_the_order_is_asked_to_before_anything_is_proposed(counter: Counter) -> None:
    desk = counter.agent("ito")
    contact = about(counter, counter.visitor(), desk, RETURN, cast.MISAKI_SHIRT)
    steps = desk.get(f"/contacts/{contact['id']}/guidance")["steps"]
    assert [step["action"] for step in steps] == [""]
    assert "確認" in steps[0]["text"]


def test_an_emergency_comes_first(counter: Counter) -> None:
    desk = counter.agent("ito")
    contact = about(counter, counter.customer(cast.MISAKI), desk, "account_security.account_takeover")
    assert "緊急" in desk.get(f"/contacts/{contact['id']}/guidance")["steps"][0]["text"]


@pytest.mark.req("BOT-016")
def test_the_third_contact_of_a_case_in_a_week_goes_to_the_same_agent_or_the_telephone(
    counter: Counter,
) -> None:
    desk, customer = counter.agent("ito"), counter.customer(cast.MISAKI)
    first = in_hand(counter, customer, desk)
    number = first["case"]["number"]
    second = customer.open("まだ届きません", case=number)
    assert desk.get(f"/contacts/{second['id']}/guidance")["way"] is None
    with counter.later(days=2):
        third = customer.open("どうなりましたか", case=number)
        way = counter.agent("kato").get(f"/contacts/{third['id']}/guidance")["way"]
    assert way == {"times": 3, "agent_id": desk.id, "agent": "伊藤", "phone": "0120-000-000"}
    counter.think(third["id"])
    said = texts(customer.get(f"/contacts/{third['id']}/entries")["entries"])
    assert any("3回目" in text and "伊藤" in text and "担当者と話す" in text for text in said)
    with counter.later(days=9):
        later = customer.open("前の件です", case=number)
        assert counter.agent("ito").get(f"/contacts/{later['id']}/guidance")["way"] is None


@pytest.mark.req("BOT-016")
def test_the_agent_who_helped_before_is_offered_the_next_contact_of_the_case(counter: Counter) -> None:
    counter.agent("mori")
    desk, customer = counter.agent("ito"), counter.customer(cast.MISAKI)
    first = in_hand(counter, customer, desk)
    counter.agent("kato")
    for _ in range(3):  # by load alone it would be somebody else's
        in_hand(counter, counter.customer(cast.SENIOR), desk)
    second = customer.open("まだ届きません", case=first["case"]["number"])
    counter.think(second["id"])
    customer.post(f"/contacts/{second['id']}/hand-over", {"client_key": "a-key-of-theirs"})
    counter.think(second["id"])
    counter.offer()
    offered = {row["id"]: row["offer"] for row in desk.get("/desk/inbox")["contacts"]}
    assert offered[second["id"]] is not None


@pytest.mark.req("LNG-005")
def test_a_translation_is_sent_with_its_original_which_both_sides_keep(counter: Counter) -> None:
    desk, customer = counter.agent("ito"), counter.customer(cast.JOHN, "en")
    seen = waiting(counter, customer, "I want to talk to a person")
    contact = desk.post(f"/contacts/{seen['id']}/accept", {"owner_version": seen["owner"]["version"]})
    words = {"text": "確認いたします。", "lang": "ja"}
    said = desk.post(
        f"/contacts/{contact['id']}/entries",
        {
            "text": "I will check.",
            "original": words,
            "client_key": "a-key-of-mine",
            "owner_version": contact["owner"]["version"],
        },
        status=201,
    )
    assert said["entry"]["text"] == "I will check." and said["entry"]["lang"] == "en"
    assert said["entry"]["data"]["original"] == words
    seen = customer.get(f"/contacts/{contact['id']}/entries")["entries"][-1]
    assert seen["text"] == "I will check." and seen["data"]["original"] == words
    signed_in = {"cookie": f"{CUSTOMER_COOKIE}={customer.token}", "accept-language": "en"}
    page = counter.client.get(f"/contacts/{contact['id']}", headers=signed_in)
    assert "I will check." in page.text and words["text"] in page.text
    assert "<summary>Translated; show the original</summary>" in page.text


def test_an_original_is_kept_without_card_numbers_and_not_longer_than_a_message(counter: Counter) -> None:
    desk, customer = counter.agent("ito"), counter.customer(cast.JOHN, "en")
    contact = in_hand(counter, customer, desk)
    path, version = f"/contacts/{contact['id']}/entries", contact["owner"]["version"]
    wish = {"text": "ok", "owner_version": version, "client_key": "another-key"}
    said = desk.post(path, {**wish, "original": {"text": "4111 1111 1111 1111", "lang": "ja"}}, status=201)
    assert "4111" not in str(said)
    too_long = {"text": "あ" * 4001, "lang": "ja"}
    assert desk.refused("POST", path, {**wish, "client_key": "third-key-x", "original": too_long}) == (
        422,
        "message_too_long",
    )


MODEL = {"base_url": "http://127.0.0.1:9/v1", "name": "double-1"}


@pytest.fixture
def modelled(filled: Path, tmp_path: Path) -> Iterator[Counter]:
    folder = tmp_path / "modelled"
    shutil.copytree(filled, folder)
    counter = Counter(folder, StillClock(), model=MODEL)
    with counter.client:
        yield counter
    counter.close()


@pytest.mark.req("BOT-017")
def test_a_models_draft_names_what_it_was_given_and_promises_nothing_that_an_article_allows(
    modelled: Counter,
) -> None:
    desk = modelled.agent("ito")
    contact = about(modelled, modelled.customer(cast.MISAKI), desk, RETURN, cast.MISAKI_SHIRT)
    found = desk.get(f"/contacts/{contact['id']}/guidance")
    assert found["drafts"] and found["translates"]
    path = f"/contacts/{contact['id']}/suggestion"
    asked: list[server.Request] = []

    def answers(request: server.Request) -> server.Act:
        asked.append(request)
        return server.streamed("お調べいたしますので、少々お待ちください。")

    modelled.house.colleague.client = Client(modelled.house.settings.model, InProcess(answers))
    draft = desk.post(path, {})
    assert draft["text"] == "お調べいたしますので、少々お待ちください。" and draft["by"] == "double-1"
    urls = [source["url"] for source in draft["sources"] if source["url"]]
    assert urls == [article["url"].replace("lang=en", "lang=ja") for article in found["articles"]]
    told = asked[0]["messages"][1]["content"]
    assert all(f"<<<article {article['id']} " in told for article in found["articles"])
    modelled.house.colleague.client = Client(
        modelled.house.settings.model, InProcess(server.says("全額返金いたします。"))
    )
    assert desk.post(path, {})["text"] == ""


@pytest.mark.req("LNG-005")
def test_translation_is_off_without_a_model_and_can_be_switched_off_with_one(
    counter: Counter, filled: Path, tmp_path: Path
) -> None:
    desk = counter.agent("ito")
    contact = in_hand(counter, counter.customer(cast.MISAKI), desk)
    assert not desk.get(f"/contacts/{contact['id']}/guidance")["translates"]
    wish = {"text": "hello", "to": "ja"}
    assert desk.post(f"/contacts/{contact['id']}/translation", wish)["text"] == ""
    shutil.copytree(filled, tmp_path / "off")
    off = Counter(tmp_path / "off", StillClock(), model={**MODEL, "translation": False})
    with off.client:
        mine = in_hand(off, off.customer(cast.MISAKI), off.agent("ito"))
        assert not off.agent("ito").get(f"/contacts/{mine['id']}/guidance")["translates"]
    off.close()
