"""Guided solving for every group and kind, with and without an order; what was tried goes along to a person."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.orders.actions import ACTION_NAMES
from madoguchi.faces.customer.recipes import checks, recipe_for, recipes
from madoguchi.kit.languages import NAMES
from tests.faces.pages.conftest import Counter, Visitor

NOT_RECEIVED = "order_delivery.item_not_received"


def page_of(kind: str) -> str:
    return f"/help/g/{kind.replace('.', '/')}"


def contact_of(visitor: Visitor) -> Contact:
    contact_id = re.match(r"/contacts/(\w+)", visitor.path)
    assert contact_id, visitor.path
    return visitor.counter.house.database.read(queries.get, contact_id[1])


def facts_of(visitor: Visitor, kind: str) -> list[dict[str, object]]:
    found = visitor.counter.house.database.read(queries.entries, contact_of(visitor).id)
    return [entry.body for entry in found if entry.kind == kind]


def sections(page: str) -> str:
    """What stands between the heading and the question whether it is solved."""
    return page.partition("<h1>")[2].partition('id="solved"')[0]


def test_every_recipe_is_of_a_kind_and_names_what_there_is() -> None:
    assert recipes().keys() == categories().keys()
    for kind, recipe in recipes().items():
        assert set(recipe.deeds) <= set(ACTION_NAMES), kind
        assert set(recipe.checks) <= checks().keys(), kind
        assert not recipe.deeds or recipe.order, kind
        assert not recipe.facts or recipe.order, kind
    for name, words in checks().items():
        assert words.keys() == NAMES.keys(), name
    used = {check for recipe in recipes().values() for check in recipe.checks}
    assert used == checks().keys()


@pytest.mark.req("HLP-001", "HLP-012", "HLP-018", "CH-053", "CH-061")
def test_every_kind_leads_somewhere_sensible_without_an_order_or_an_account(counter: Counter) -> None:
    """Each of the 96: something to do, to check or to read; a question whether it is solved; and then the ways."""
    reader = counter.visitor()
    for group in group_labels():
        listed = reader.get(f"/help/g/{group}")
        for kind in (each for each in categories().values() if each.group == group):
            if kind.id == "general.out_of_scope":
                assert 'href="/help/other"' in listed
                continue
            assert f'href="{page_of(kind.id)}"' in listed
            page = reader.get(page_of(kind.id))
            assert reader.answer.status_code == 200, kind.id
            assert f"<h1>{kind.label('ja')}</h1>" in page
            helps = sections(page)
            leads = re.findall(r'href="(/[^"]+)"|<button', helps.partition("</h1>")[2])
            assert leads, kind.id
            assert 'href="/help/articles/' in helps or 'class="deeds"' in helps, kind.id
            page = reader.send("/solved", solved="no")
            assert 'id="ways"' in page, kind.id
            assert "おすすめ" in page, kind.id


@pytest.mark.req("HLP-018", "LNG-007")
@pytest.mark.parametrize("language", list(NAMES))
def test_the_genres_and_the_four_topics_of_foreign_customers_are_in_their_language(
    counter: Counter, language: str
) -> None:
    reader = counter.visitor(language)
    page = reader.get(f"/help/g?lang={language}")
    for group, labels in group_labels().items():
        assert f'href="/help/g/{group}">{labels[language]}' in page
    for kind in (
        "order_delivery.track_order",
        "return_exchange_cancel.return_request",
        "account_security.login_failure",
        "support_service.contact_channels_hours",
    ):
        page = reader.get(page_of(kind))
        assert categories()[kind].label(language) in page
        assert f'<html lang="{language}"' in page


@pytest.mark.req("ADV-016", "HLP-018")
def test_a_signed_in_customer_chooses_the_order_and_sees_its_facts_before_anything_is_asked(
    misaki: Visitor,
) -> None:
    page = misaki.get(page_of(NOT_RECEIVED))
    link = f"/help/o/{cast.MISAKI_LATE}/p/{NOT_RECEIVED}"
    assert f'href="{link}"' in page
    page = misaki.get(link)
    assert (
        page.index('id="now"') < page.index('id="can"') < page.index('id="try"') < page.index('id="solved"')
    )
    assert "お届け" in page[page.index('id="now"') : page.index('id="can"')]
    misaki.get(f"{page_of(NOT_RECEIVED)}?order={cast.MISAKI_LATE}")
    assert misaki.path == link


@pytest.mark.req("HLP-018", "ADV-016")
def test_facts_of_the_account_are_shown_to_its_owner_only(counter: Counter, misaki: Visitor) -> None:
    kind = "account_security.login_history"
    stranger = counter.visitor().get(page_of(kind))
    assert "ログインすると" in stranger
    assert 'id="now"' not in stranger
    mine = misaki.get(page_of(kind))
    assert 'id="now"' in mine
    assert "会員" in misaki.get(page_of("membership_digital_device.membership_benefits"))


@pytest.mark.req("HLP-014", "CH-003")
def test_steps_that_were_ticked_stay_and_stand_in_the_hand_over_summary(counter: Counter) -> None:
    reader = counter.visitor().sign_in(cast.MISAKI)
    tried = recipe_for(NOT_RECEIVED).checks[:2]
    words = [checks()[name]["ja"] for name in tried]
    address = f"/help/o/{cast.MISAKI_LATE}/p/{NOT_RECEIVED}"
    page = reader.get(f"{address}?done={tried[0]}&done={tried[1]}&done=invented")
    assert re.findall(r'name="done" value="(\w+)" checked', page) == list(tried)
    target, fields = reader.form("/solved")
    reader.answer = reader.client.post(target, data={**fields, "done": list(tried), "solved": "no"})
    assert re.findall(r'type="checkbox" name="done" value="(\w+)" checked', reader.text) == list(tried)
    person = re.search(r'href="(/person[^"]*)">担当者とチャット', reader.answer.text)
    assert person
    page = reader.get(person[1].replace("&amp;", "&"))
    assert all(each in page for each in words)
    target, fields = reader.form("/contacts")
    carried = re.findall(r'name="done" value="(\w+)"', reader.answer.text)
    said = {**fields, "done": carried, "way": "person", "text": "まだ届きません"}
    reader.answer = reader.client.post(target, data=said)
    assert facts_of(reader, events.OPENED)[0]["tried"] == words
    summary = facts_of(reader, events.HAND_OVER)[0]["summary"]
    assert isinstance(summary, dict)
    assert summary["tried"][:2] == words
    assert contact_of(reader).topic == NOT_RECEIVED
    assert contact_of(reader).order_number == cast.MISAKI_LATE


@pytest.mark.req("HLP-014")
def test_steps_of_a_device_guide_are_handed_over_too(counter: Counter) -> None:
    reader = counter.visitor()
    reader.get("/help/guides/streaming_stick?done=picture")
    page = reader.get("/help/guides/streaming_stick")
    first = re.findall(r'<input type="checkbox" name="done" value="(\w+)"', page)[0]
    reader.get(f"/help/guides/streaming_stick?done={first}")
    reader.send("/contacts", way="person")
    opened = facts_of(reader, events.OPENED)[0]["tried"]
    summary = facts_of(reader, events.HAND_OVER)[0]["summary"]
    assert isinstance(summary, dict)
    assert opened
    assert summary["tried"][:1] == opened


@pytest.mark.req("HLP-018")
def test_what_is_urgent_goes_to_a_person_first_and_shows_the_ways_at_once(visitor: Visitor) -> None:
    page = visitor.get(page_of("phishing_impersonation.fraud_victim"))
    assert page.index('class="alarm"') < page.index('id="can"')
    assert 'id="ways"' in page


@pytest.mark.req("HLP-015")
def test_the_first_visit_is_led_and_the_tour_can_be_put_away_and_brought_back(counter: Counter) -> None:
    reader = counter.visitor()
    assert 'id="tour"' in reader.get("/")
    reader.send("/tour", tour="seen")
    assert reader.path == "/"
    assert 'id="tour"' not in reader.text
    assert 'id="tour"' not in reader.get("/")
    reader.send("/tour", tour="again")
    assert 'id="tour"' in reader.text
    known = counter.visitor()
    known.get("/help/other")
    known.send("/contacts", way="chat", text="こんにちは")
    assert 'id="tour"' not in known.get("/")


@pytest.mark.req("HLP-016")
def test_help_has_three_parts_and_each_leads_on(visitor: Visitor) -> None:
    for path in ("/", "/help/g", "/help/contact", "/help/prevention"):
        page = visitor.get(path)
        for part in ("/help/contact", "/help/g", "/help/prevention"):
            assert re.search(rf'class="chip" href="{part}"', page), (path, part)
    assert page.count('href="/help/articles/') >= 3
    assert 'href="/help/security"' in page


@pytest.mark.req("CH-008")
def test_from_any_page_it_is_four_clicks_to_a_chat(no_script: Page) -> None:
    """Footer, group, problem, chat: at 360 px and without scripts."""
    no_script.goto("/help/articles/contact-hours")
    no_script.get_by_role("contentinfo").get_by_role("link", name="お困りごとから探す").click()
    no_script.get_by_role("link", name="会員・デジタルサービス・機器", exact=True).click()
    no_script.get_by_role("link", name="機器の不具合").click()
    no_script.get_by_role("button", name="AIアシスタントといま手続きする").click()
    expect(no_script).to_have_url(re.compile(r"/contacts/con_"))
